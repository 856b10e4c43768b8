//! Whether a request can become a task: files fetched, headers read, the region judged.
//!
//! What the contract answers by HTTP status (a bad mask, bad rectangles) is judged here, before a
//! task exists. What it answers by state (a download, a picture that is none) is known here too for
//! nearly all cases, and told at once; only damage behind the header shows later.

use std::sync::Arc;

use bytes::Bytes;
use reweave::contract::{MAX_COVERAGE_PERCENT, check_coverage, state};
use reweave::picture::{Limits, read_mask, read_size};
use reweave::{Mask, Rectangle, Size};

use super::{Job, Queue};
use crate::download::{Downloads, Failure};
use crate::error::{Refusal, Result};
use crate::intake::{From, Region, Source};

/// What becomes of a request.
pub(crate) enum Admission {
    /// A job to be done.
    Accepted(Job),
    /// A task that has failed already: its state, below 0, and the reason.
    Failed(i64, String),
}

/// A region whose mask, if it is one, is here.
enum Fetched {
    Mask(&'static str, Bytes),
    Rectangles(Vec<reweave::geometry::LooseRectangle>),
}

/// Judges a request.
pub(crate) async fn admit(queue: &Queue, downloads: &Downloads, image: Source, region: Region) -> Result<Admission> {
    let region = async {
        match region {
            Region::Mask(source) => Ok(Fetched::Mask(source.field, fetch(downloads, source.from).await?)),
            Region::Rectangles(list) => Ok(Fetched::Rectangles(list)),
        }
    };
    let (image, region) = tokio::join!(fetch(downloads, image.from), region);
    let (image, region) = match (image, region) {
        (Ok(image), Ok(region)) => (image, region),
        (Err(failure), _) | (_, Err(failure)) => return Ok(failed(failure)),
    };
    let permit = queue.reader().await;
    let judged = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        judge(image, region)
    });
    judged.await.map_err(Refusal::internal)?
}

async fn fetch(downloads: &Downloads, from: From) -> Result<Bytes, Failure> {
    match from {
        From::File(bytes) => Ok(bytes),
        From::Url(url) => downloads.get(&url).await,
    }
}

fn judge(image: Bytes, region: Fetched) -> Result<Admission> {
    let size = match read_size(&image, &Limits::CONTRACT) {
        Ok(size) => size,
        Err(error) => return Ok(Admission::Failed(state::INVALID_PICTURE, error.to_string())),
    };
    let mask = match region {
        Fetched::Mask(field, bytes) => mask_of(&bytes, size).map_err(|error| Refusal::Mask { field, error })?,
        Fetched::Rectangles(list) => Mask::from_rectangles(size, &Rectangle::check_all(&list, size)?),
    };
    mask.check_for(size)?;
    check_coverage(&mask, MAX_COVERAGE_PERCENT)?;
    Ok(Admission::Accepted(Job { image, mask: Arc::new(mask) }))
}

/// The mask of a file. Its size is compared by the header, before its pixels are decoded.
fn mask_of(bytes: &[u8], picture: Size) -> reweave::Result<Mask> {
    let size = read_size(bytes, &Limits::CONTRACT)?;
    if size != picture {
        // An empty mask of that size says it in the crate's words.
        Mask::new(size).check_for(picture)?;
    }
    let mask = read_mask(bytes, &Limits::CONTRACT)?;
    mask.check_for(picture)?;
    Ok(mask)
}

fn failed(failure: Failure) -> Admission {
    match failure {
        Failure::NotDownloaded => {
            Admission::Failed(state::DOWNLOAD_FAILED, "the address could not be downloaded within 10 s".into())
        }
        Failure::TooLarge => Admission::Failed(
            state::DOWNLOAD_TOO_LARGE,
            format!("the file at the address is over {} bytes", Limits::CONTRACT.max_bytes),
        ),
    }
}
