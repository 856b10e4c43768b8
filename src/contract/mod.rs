//! The contract of the image-completion API: what is sent and what comes back.
//!
//! Source: the vendor's page of the PicWish (佐糖) API on the Aliyun market, and the facts gathered
//! around it. Wire types are shared by the browser's client and by our own endpoint, so that the
//! two cannot drift apart. Whatever differs from endpoint to endpoint is data: see [`PROFILES`]. JSON itself is read and written by whoever holds the bytes: `serde_json`
//! natively, JavaScript's `JSON` in the browser, which costs no bytes of wasm.

mod credential;
mod endpoint;
mod link;
mod profile;
mod reply;
mod request;
mod upload;

pub use credential::Credential;
pub use endpoint::Endpoint;
pub use link::expiry;
pub use profile::{Answers, BodyForm, PROFILES, Profile, Role, Timing};
pub(crate) use reply::Verdict;
pub use reply::{Content, Delivered, Outcome, Reply, Response, TaskData, gateway_message, retry_after, state};
pub use request::{Part, Region, ReturnType, Source, Value};
pub use upload::{Method, Upload};

use crate::error::{Error, Result};
use crate::mask::Mask;

/// Largest share of a picture that an endpoint repairs, in percent.
pub const MAX_COVERAGE_PERCENT: u32 = 50;

/// Longest `image_url` or `mask_url`, in characters.
pub const MAX_URL_CHARACTERS: usize = 512;

/// Refuses a mask that marks more than `max_percent` of its picture. Overlapping marks count once;
/// exactly the limit is accepted.
///
/// # Errors
/// [`Error::Coverage`].
pub fn check_coverage(mask: &Mask, max_percent: u32) -> Result<()> {
    // In whole pixels: a share in floating point could err at exactly one half.
    if mask.count() * 100 > mask.size().area() * u64::from(max_percent) {
        return Err(Error::Coverage { percent: mask.coverage() * 100.0, max_percent });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Rectangle, Size};

    #[test]
    fn half_is_accepted_and_a_pixel_more_is_not() {
        let size = Size::new(10, 10).expect("a size");
        let mut mask = Mask::from_rectangles(size, &[Rectangle { x: 0, y: 0, width: 5, height: 10 }]);
        assert_eq!(check_coverage(&mask, 50), Ok(()));
        mask.fill_span(0, 5, 6, true);
        assert_eq!(check_coverage(&mask, 50), Err(Error::Coverage { percent: 51.0, max_percent: 50 }));
    }
}
