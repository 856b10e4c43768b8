//! What is filled: the marks, grown as far as was asked for, and the rim that they have left.

use std::sync::Arc;

use serde::Serialize;

use super::halo::with_halo;
use super::options::Options;
use super::plan::plan;
use crate::error::Result;
use crate::mask::{Mask, Piece};
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

/// What is filled.
pub(super) struct Region {
    pub(super) mask: Arc<Mask>,
    /// Its groups, as [`plan`] has them.
    pub(super) groups: Vec<Piece>,
    /// What was added to the marks for it.
    pub(super) added: Added,
}

/// The region of a fill.
///
/// # Errors
/// Those of [`Mask::check_for`], of the marks and of what they have grown to.
pub(super) fn region(picture: &Picture, marks: Arc<Mask>, options: &Options) -> Result<Region> {
    marks.check_for(picture.size())?;
    let mut counts = [marks.count(); 3];
    let mut region = marks;
    if options.expand > 0 {
        region = Arc::new(region.grown(options.expand));
        region.check_for(picture.size())?;
        counts[1..].fill(region.count());
    }
    let mut groups = plan(&region);
    // Where nothing would be left to continue from, the marks are taken as they are.
    let halo = if options.halo { with_halo(picture, &region, &groups) } else { None };
    if let Some(halo) = halo.filter(|mask| mask.check_for(picture.size()).is_ok()) {
        groups = plan(&halo);
        region = Arc::new(halo);
        counts[2] = region.count();
    }
    let [marked, expanded, all] = counts;
    let added = Added { expand: expanded - marked, halo: all - expanded };
    Ok(Region { mask: region, groups, added })
}
