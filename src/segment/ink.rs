//! The colour of strokes, where they have one: whoever stamps a picture takes one ink.

use super::background::median;
use super::planes::Planes;

/// A colour that most pixels of some strokes have.
#[derive(Debug)]
pub(super) struct Ink {
    /// The median of each plane, and how far a pixel may be from it.
    planes: Vec<(u8, u8)>,
}

/// Median deviations over this are no ink: half transparent strokes, or several colours.
const TIGHT: u8 = 10;

/// How far a pixel of the ink may be from the median at least: JPEG adds about that.
const LEAST: u8 = 14;

impl Ink {
    /// The ink of some pixels, or `None` where they have no one colour.
    pub(super) fn of(planes: &Planes, pixels: &[usize]) -> Option<Self> {
        if pixels.is_empty() {
            return None;
        }
        let one = |plane: &Vec<u8>| {
            let (median, deviation) = spread(plane, pixels);
            // Three standard deviations of a normal distribution, 1.4826 median deviations each.
            (deviation <= TIGHT).then(|| (median, (deviation * 9 / 2).max(LEAST)))
        };
        planes.planes.iter().map(one).collect::<Option<_>>().map(|planes| Self { planes })
    }

    /// Whether a pixel is of the ink.
    pub(super) fn is_at(&self, planes: &Planes, pixel: usize) -> bool {
        let near = |(plane, (median, reach)): (&Vec<u8>, &(u8, u8))| plane[pixel].abs_diff(*median) <= *reach;
        planes.planes.iter().zip(&self.planes).all(near)
    }

    /// Whether a pixel is nearer to the ink than to the background: the smooth edge of a stroke.
    pub(super) fn is_mostly_at(&self, planes: &Planes, background: &[Vec<u8>], pixel: usize) -> bool {
        let distance = |i: usize, from: u8| u32::from(planes.planes[i][pixel].abs_diff(from));
        let to_ink: u32 = self.planes.iter().enumerate().map(|(i, (median, _))| distance(i, *median)).sum();
        let to_background: u32 = background.iter().enumerate().map(|(i, plane)| distance(i, plane[pixel])).sum();
        to_ink <= to_background
    }
}

/// The median of some pixels of a plane, and the median of their distances from it.
fn spread(plane: &[u8], pixels: &[usize]) -> (u8, u8) {
    let values = pixels.iter().map(|pixel| plane[*pixel]);
    let middle = median(values.clone());
    (middle, median(values.map(|value| value.abs_diff(middle))))
}
