//! What is filled: the marks, grown as far as was asked for, and the rim that they have left.

use std::sync::Arc;

use serde::Serialize;

use super::halo::with_halo;
use super::options::Options;
use crate::error::Result;
use crate::mask::Mask;
use crate::picture::Picture;

/// Pixels that are filled beside the marked ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
pub struct Added {
    /// By growing the marks.
    pub expand: u64,
    /// By taking in the rim of what is removed.
    pub halo: u64,
}

/// The region of a fill, and what was added to the marks for it.
///
/// # Errors
/// Those of [`Mask::check_for`], of the marks and of what they have grown to.
pub(super) fn region(picture: &Picture, marks: Arc<Mask>, options: &Options) -> Result<(Arc<Mask>, Added)> {
    marks.check_for(picture.size())?;
    let marked = marks.count();
    let mut region = marks;
    if options.expand > 0 {
        region = Arc::new(region.grown(options.expand));
        region.check_for(picture.size())?;
    }
    let expanded = region.count();
    if options.halo {
        // Where nothing would be left to continue from, the marks are taken as they are.
        let halo = with_halo(picture, &region).filter(|mask| mask.check_for(picture.size()).is_ok());
        region = halo.map_or(region, Arc::new);
    }
    let added = Added { expand: expanded - marked, halo: region.count() - expanded };
    Ok((region, added))
}
