//! Where strokes and letters are wide: at a crossing, in a blot. Patches are looked for there alone, place by place.
//!
//! The rest of the box, which may be a whole picture, is not looked at again: a quarter of the time on scribbles at
//! 512². What is beside a place in the same stroke is thin and stays as it is, so the membrane under the patches
//! goes to nothing there.

use super::plan::{self, Part};
use super::solver::{Solver, Source};
use super::wide;
use crate::error::Result;
use crate::geometry::{Rectangle, Size};
use crate::mask::{Mask, Piece, pieces};

/// Pixels around what is wide that come into its box, for the membrane.
const RING: u32 = 8;
/// Pixels around a place that are looked at: with fewer, patterns are not found again on coarser levels. In one of
/// bricks, 64 are too few for blots of 34 pixels.
const CONTEXT: u32 = 160;
/// How much wider than what is thin places may be: wider ones take more surroundings, as their patches are looked for
/// on coarser levels. Blots of 50 pixels in that pattern miss its phase.
const WIDEST: f32 = 1.25;

/// Where the sources for a place are: in its own surroundings, inside those of the `whole` box.
pub(super) fn surroundings(spot: Rectangle, whole: Rectangle, size: Size) -> Rectangle {
    spot.grown(CONTEXT, size).intersection(whole).unwrap_or(whole)
}

impl Solver {
    /// Boxes around what is wide, once that is known; the whole box where that is less work.
    ///
    /// # Errors
    /// None that a box inside the picture could cause.
    pub(super) fn spots(&self, source: Source, part: &Part) -> Result<Vec<Rectangle>> {
        let Rectangle { x: left, y: top, .. } = self.area;
        let size = source.mask.size();
        let mut wide = Mask::new(Size::new(self.area.width, self.area.height)?);
        for (y, unknown) in (0..).map(|y| (y, self.levels[0].unknown.row(y as usize))).take(self.levels[0].height) {
            for (start, end) in unknown {
                self.wide_runs(y as usize, start, end)
                    .for_each(|(start, end)| wide.fill_span(y, start as u32, end as u32, true));
            }
        }
        let around = |Piece { bounds, area }: Piece| {
            let bounds = Rectangle { x: left + bounds.x, y: top + bounds.y, ..bounds };
            Some(Piece { bounds: bounds.grown(RING, size).intersection(self.bounds)?, area })
        };
        let spots = plan::merge(pieces(&wide).into_iter().filter_map(around).collect(), size);
        let whole = wide::surroundings(self.bounds, part.area, size, None);
        let all: u64 = spots.iter().map(|spot| surroundings(spot.bounds, whole, size).area()).sum();
        let is_wider = self.thin.as_ref().is_some_and(|thin| thin.width() > WIDEST);
        if !spots.is_empty() && (is_wider || source.allowed.is_some() || all > whole.area()) {
            return Ok(vec![self.bounds]);
        }
        Ok(spots.into_iter().map(|spot| spot.bounds).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::Quality;
    use crate::fill::solver::Event;
    use crate::picture::{Picture, Samples};

    const SIDE: u32 = 700;

    /// The boxes of a picture of noise with these rectangles marked.
    fn spots(marks: &[[u32; 4]]) -> Vec<Rectangle> {
        let size = Size::new(SIDE, SIDE).expect("a size");
        let marks: Vec<_> = marks.iter().map(|[x, y, width, height]| rectangle(*x, *y, *width, *height)).collect();
        let mask = Mask::from_rectangles(size, &marks);
        let samples = (0..SIDE * SIDE).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
        let picture = Picture::from_samples(size, 1, Samples::U8(samples)).expect("fits");
        let source = Source { picture: &picture, mask: &mask, scale: 1, edge: 0, guide: None, allowed: None };
        let bounds = mask.bounds().expect("marked");
        let part = Part::of(bounds, mask.count());
        let mut solver = Solver::new(source, bounds, Quality::Balanced, false).expect("a size");
        assert!(matches!(solver.advance(source, u64::MAX), Ok(Event::Solved(_))));
        solver.spots(source, &part).expect("a size")
    }

    fn rectangle(x: u32, y: u32, width: u32, height: u32) -> Rectangle {
        Rectangle { x, y, width, height }
    }

    #[test]
    fn each_wide_place_of_a_stroke_is_one() {
        let stroke = [[10, 20, 680, 6], [10, 26, 6, 660]];
        assert_eq!(spots(&stroke), []);
        let all = rectangle(10, 10, 680, 676);
        assert_eq!(spots(&[stroke.as_slice(), &[[100, 10, 50, 50]]].concat()), [all]);
        let blots = [[100, 10, 28, 28], [5, 600, 28, 28]];
        let places = spots(&[stroke.as_slice(), &blots].concat());
        assert_eq!(places.len(), 2);
        for (place, [x, y, width, height]) in places.iter().zip(blots) {
            let blot = rectangle(x, y, width, height);
            assert_eq!(place.intersection(blot), Some(blot), "{place:?}");
            assert!(place.area() < 4 * blot.area(), "{place:?}");
        }
    }

    #[test]
    fn what_is_wide_all_over_is_one_place() {
        assert_eq!(spots(&[[100, 100, 500, 400], [300, 90, 300, 500]]), [rectangle(100, 90, 500, 500)]);
    }
}
