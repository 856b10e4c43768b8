//! Filled patches without most of what is not marked in them: of strokes over a large picture, that is nearly all.

use super::level::join;
use crate::geometry::Rectangle;
use crate::mask::Mask;
use crate::picture::Patch;

/// Pixels of a patch up to which it stays whole.
const WHOLE: u64 = 1 << 18;
/// Rows of a strip, and columns that part two strips beside each other.
const SIDE: u32 = 64;
/// Pixels around what is marked that are in a strip too: drawn small, boxes that touch would let what is under
/// them through.
const EDGE: u32 = 2;

/// The patch, or boxes of it that hold what is marked, if they are less than half of it.
pub(super) fn strips(patch: Patch, region: &Mask) -> Vec<Patch> {
    let bounds = patch.bounds();
    if bounds.area() <= WHOLE {
        return vec![patch];
    }
    let boxes: Vec<_> = (bounds.y..bounds.y + bounds.height)
        .step_by(SIDE as usize)
        .flat_map(|y| strip(Rectangle { y, height: SIDE, ..bounds }.intersection(bounds).unwrap_or(bounds), region))
        .map(|strip| strip.grown(EDGE, region.size()).intersection(bounds).unwrap_or(strip))
        .collect();
    if 2 * boxes.iter().map(|strip| strip.area()).sum::<u64>() > bounds.area() {
        return vec![patch];
    }
    boxes.into_iter().map(|strip| patch.cropped(strip)).collect()
}

/// What is marked in some rows, from left to right, parted where many columns are free.
fn strip(rows: Rectangle, region: &Mask) -> Vec<Rectangle> {
    let mut columns = Vec::new();
    region.each_run(rows, &mut |_, start, end| columns.push((start, end)));
    join(&mut columns, SIDE);
    columns.into_iter().map(|(start, end)| Rectangle { x: start, width: end - start, ..rows }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::picture::{Picture, Samples, apply};

    #[test]
    fn strips_are_small_and_do_what_the_patch_does() {
        let size = Size::new(900, 800).expect("a size");
        let mut region = Mask::new(size);
        for y in 0..700 {
            region.fill_span(y, y / 2, y / 2 + 9, true);
            region.fill_span(y, 800 - y / 3, 806 - y / 3, true);
        }
        let picture = Picture::from_samples(size, 1, Samples::U8(vec![7; 720_000])).expect("fits");
        let samples = Samples::U8((0..800 * 700u32).map(|i| (i % 251) as u8).collect());
        let patch = Patch::new(&picture, Rectangle { x: 10, y: 0, width: 800, height: 700 }, samples).expect("fits");
        let applied = |patches: &[Patch]| {
            let mut result = picture.clone();
            apply(&mut result, patches, &region);
            result
        };
        let small = strips(patch.clone(), &region);
        assert!(applied(&small) == applied(std::slice::from_ref(&patch)));
        let pixels: u64 = small.iter().map(|strip| strip.bounds().area()).sum();
        assert!(small.len() > 10 && pixels < 100_000, "{} strips, {pixels} pixels", small.len());

        let full = Mask::from_rectangles(size, &[Rectangle { x: 20, y: 5, width: 700, height: 600 }]);
        assert_eq!(strips(patch.clone(), &full), [patch]);
    }
}
