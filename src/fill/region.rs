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
    let marked = marks.count();
    let mut region = marks;
    if options.expand > 0 {
        region = Arc::new(region.grown(options.expand));
        region.check_for(picture.size())?;
    }
    let expanded = region.count();
    let mut groups = plan(&region);
    // Where nothing would be left to continue from, the marks are taken as they are.
    let halo = if options.halo { with_halo(picture, &region, &groups) } else { None };
    if let Some(halo) = halo.filter(|mask| mask.check_for(picture.size()).is_ok()) {
        groups = plan(&halo);
        region = Arc::new(halo);
    }
    let added = Added { expand: expanded - marked, halo: region.count() - expanded };
    Ok(Region { mask: region, groups, added })
}
