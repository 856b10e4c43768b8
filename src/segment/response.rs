//! How much each pixel stands out, in one way: one plane, one polarity, one greatest width.
//!
//! The smaller of two measures, as each alone is wrong in another place:
//! - **Top-hat** (F. Meyer; J. Serra, *Image Analysis and Mathematical Morphology*, 1982): what an
//!   opening takes away. It sees no edges of large parts, but dark gaps between bright letters as well
//!   as dark letters.
//! - **Over the median** of a wide window, which is the background as long as strokes cover less than
//!   half of it. It tells letters from gaps, but sees every large part that is not the commonest.

use super::background::background;
use super::opening::opened;
use super::planes::Planes;

/// Half the greatest width of a stroke, in turn: each about 1.7 times the one before, and the last
/// 69 pixels in all, a date on a photograph of 24 megapixels.
const RADII: [usize; 6] = [2, 4, 7, 12, 20, 34];

/// The least radius of the median's window: over several letters of a small text.
const WIDE: usize = 40;

/// Which response it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) plane: usize,
    /// Whether what is darker (or less of a colour) than its background is meant.
    pub(super) dark: bool,
    pub(super) radius: usize,
}

/// The responses of some planes, with the medians that they share.
#[derive(Debug)]
pub(super) struct Responses<'a> {
    planes: &'a Planes,
    /// Plane, radius, medians.
    medians: Vec<(usize, usize, Vec<u8>)>,
}

impl Response {
    /// All that make sense for an area of this size: a stroke is narrower than its area.
    pub(super) fn all(planes: &Planes, width: usize, height: usize) -> Vec<Self> {
        let shorter = width.min(height);
        let radii = RADII.into_iter().filter(|radius| *radius == RADII[0] || 2 * radius < shorter);
        let each = |radius| {
            let planes = 0..planes.planes.len();
            planes.flat_map(move |plane| [false, true].map(|dark| Self { plane, dark, radius }))
        };
        radii.flat_map(each).collect()
    }
}

impl<'a> Responses<'a> {
    pub(super) const fn new(planes: &'a Planes) -> Self {
        Self { planes, medians: Vec::new() }
    }

    /// The values of a response, one for each pixel of the planes.
    pub(super) fn values(&mut self, response: Response) -> Vec<u8> {
        let Response { plane, dark, radius } = response;
        self.find_medians(plane, WIDE.max(3 * radius));
        let medians = self.medians(plane, WIDE.max(3 * radius));
        let flip = if dark { u8::MAX } else { 0 };
        let values: Vec<u8> = self.planes.planes[plane].iter().map(|value| value ^ flip).collect();
        let mut opened = opened(&values, self.planes.width, radius);
        for ((opened, value), median) in opened.iter_mut().zip(&values).zip(medians) {
            *opened = (value - *opened).min(value.saturating_sub(median ^ flip));
        }
        opened
    }

    /// What lies behind strokes, for each pixel of each plane.
    pub(super) fn background(&mut self) -> Vec<Vec<u8>> {
        let planes = 0..self.planes.planes.len();
        planes.clone().for_each(|plane| self.find_medians(plane, WIDE));
        planes.map(|plane| self.medians(plane, WIDE).to_vec()).collect()
    }

    fn find_medians(&mut self, plane: usize, radius: usize) {
        if self.medians(plane, radius).is_empty() {
            let medians = background(&self.planes.planes[plane], self.planes.width, radius);
            self.medians.push((plane, radius, medians));
        }
    }

    fn medians(&self, plane: usize, radius: usize) -> &[u8] {
        let found = self.medians.iter().find(|(p, r, _)| (*p, *r) == (plane, radius));
        found.map_or(&[], |(_, _, medians)| medians)
    }
}
