//! What can be chosen of a fill.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::plan::Part;
use super::{thin, wide};
use crate::error::{Error, Result};
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;

/// How far the marks may be grown before the fill, in pixels.
pub const EXPAND: RangeInclusive<u32> = 0..=100;

/// How many threads may be asked for.
pub const THREADS: RangeInclusive<u32> = 0..=256;

/// What can be chosen.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// How much is done for a better picture.
    pub quality: Quality,
    /// Where the chance begins that patches are found by: another number, another fill of wide parts.
    pub seed: u32,
    /// By how many pixels the marks are grown first, in all directions alike: 0 to 100.
    pub expand: u32,
    /// Whether a rim of 1 or 2 pixels is filled too where the marks are seen to be too small for what
    /// they are to remove.
    pub halo: bool,
    /// Where the patches of wide parts may come from. Thin strokes and the seams of wide parts continue
    /// what they lie in, wherever that is.
    pub search_area: Option<SearchArea>,
    /// Most threads of [`run`](super::run), each with a part of its own: 0 to 256, where 0 stands for as many as
    /// the machine has. What comes out is the same. WebAssembly has one thread.
    pub threads: u32,
}

/// How much is done for a better picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Quality {
    /// Thin damage at half the size alone, wide holes smooth: in a quarter to a ninth of the time of `Balanced` at 512 ×
    /// 512, in four to two fifths at twelve megapixels.
    Fast,
    /// Thin damage, like text, stamps and scratches, by frequency-selective extrapolation, which carries
    /// edges and patterns on; wide damage by patches of the surroundings.
    #[default]
    Balanced,
    /// Likewise, with four to eight times as many patches looked at: wide parts take up to three times as long.
    Best,
}

/// Where patches may come from: a mask of the picture's size. What is filled is never a source.
#[derive(Debug, Clone)]
pub enum SearchArea {
    /// From what is marked in it alone, however far from the hole.
    Only(Arc<Mask>),
    /// From what is not marked in it, around the hole; where nothing is left there, however far from it.
    Not(Arc<Mask>),
}

impl Default for Options {
    fn default() -> Self {
        Self { quality: Quality::default(), seed: 0, expand: 0, halo: true, search_area: None, threads: 0 }
    }
}

impl Options {
    /// Refuses what no picture of this size can be filled with.
    pub(super) fn check(&self, picture: Size) -> Result<()> {
        let check = |name: &str, value: u32, range: RangeInclusive<u32>| match range.contains(&value) {
            true => Ok(()),
            false => Err(Error::out_of_range(name, value.into(), (*range.start()).into(), (*range.end()).into())),
        };
        check("expand", self.expand, EXPAND)?;
        check("threads", self.threads, THREADS)?;
        self.search_area.as_ref().map_or(Ok(()), |area| area.mask().check_size(picture))
    }
}

impl SearchArea {
    fn mask(&self) -> &Mask {
        match self {
            Self::Only(mask) | Self::Not(mask) => mask,
        }
    }

    /// Where patches may come from while `region` is filled.
    pub(super) fn allowed(&self, region: &Mask) -> Allowed {
        let mut mask = match self {
            Self::Only(mask) => Mask::clone(mask),
            Self::Not(mask) => mask.inverted(),
        };
        mask.combine(region, false);
        let bounds = matches!(self, Self::Only(_)).then(|| mask.bounds()).flatten();
        Allowed { mask, bounds }
    }
}

/// What patches may be taken of.
#[derive(Debug)]
pub(super) struct Allowed {
    /// Known pixels alone.
    pub(super) mask: Mask,
    /// What has to be looked at beside the surroundings: the area was asked for.
    pub(super) bounds: Option<Rectangle>,
}

impl Allowed {
    /// Looks as far away as it must for a whole patch for everything that is wide.
    ///
    /// # Errors
    /// [`Error::SearchArea`] where there is none.
    pub(super) fn settle(&mut self, region: &Mask, parts: &[Part]) -> Result<()> {
        if self.starves(region, parts) {
            let everywhere = self.bounds.is_some();
            self.bounds = self.mask.bounds();
            if everywhere || self.starves(region, parts) {
                return Err(Error::SearchArea { side: wide::SIDE as u32 });
            }
        }
        Ok(())
    }

    /// Whether something that is wide has no whole patch to take.
    fn starves(&self, region: &Mask, parts: &[Part]) -> bool {
        let wide = region.shrunk(thin::half_width(1));
        // Pixels around which a whole patch may be taken, where it lies in the picture.
        let (side, radius) = (wide::SIDE as u32, wide::SIDE as u32 / 2);
        let middles = self.mask.inverted().grown_square(radius).inverted();
        let is_starved = |part: &Part| {
            let Rectangle { x, y, width, height } =
                wide::surroundings(part.bounds, part.area, region.size(), Some(self));
            let [width, height] = [width, height].map(|length| (length + 1).saturating_sub(side));
            let inner = Rectangle { x: x + radius, y: y + radius, width, height };
            wide.holds_any(part.bounds) && !middles.holds_any(inner)
        };
        parts.iter().any(is_starved)
    }

    /// Where a group with these surroundings looks for patches.
    pub(super) fn reach(&self, surroundings: Rectangle) -> Rectangle {
        self.bounds.map_or(surroundings, |bounds| bounds.union(surroundings))
    }
}
