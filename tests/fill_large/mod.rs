//! What the fill does at a smaller scale, or part by part: large pictures, wide holes, strokes from end to end.

use proptest::prelude::*;
use reweave::picture::{Changes, Picture, Samples};
use reweave::{Mask, Rectangle, Size};

use super::{as_marked, checksum, fill_golden, filled, noisy, patches, soiled};

/// Lines across a picture, `thickness` pixels each.
pub(super) fn strokes(size: Size, thickness: u32) -> Mask {
    let mut mask = Mask::new(size);
    for y in 0..size.height() {
        for start in [y / 2, size.width() - thickness - y / 3, 700 + y % 900] {
            mask.fill_span(y, start, (start + thickness).min(size.width()), true);
        }
    }
    mask
}

/// Nothing outside changes, and nothing of what was marked shows.
fn is_clean(picture: &Picture, mask: &Mask) -> bool {
    let filled = |picture: &Picture| fill_golden::filled(picture, mask, &as_marked());
    let result = filled(picture);
    let outside = Changes::between(picture, &result, mask).expect("one kind").outside;
    outside == 0 && checksum(&filled(&soiled(picture, mask))) == checksum(&result)
}

#[test]
fn strokes_from_end_to_end_are_filled_part_by_part() {
    let size = Size::new(2600, 1700).expect("a size");
    for thickness in [5, 40] {
        let mask = strokes(size, thickness);
        let picture = noisy(size, 3, false);
        let patches = patches(&picture, &mask);
        let boxes: Vec<_> = patches.iter().map(|patch| patch.bounds()).collect();
        assert!(boxes.len() > 4, "{thickness} pixels: {boxes:?}");
        // But for the edges of strips of one part, which say the same.
        let common = |i: usize, j: usize| boxes[i].intersection(boxes[j]).map_or(0, |both| both.width.min(both.height));
        assert!((0..boxes.len()).all(|i| (0..i).all(|j| common(i, j) <= 4)), "{thickness} pixels: {boxes:?}");
        let pixels: u64 = boxes.iter().map(|strip| strip.area()).sum();
        assert!(2 * pixels <= size.area(), "{thickness} pixels: {pixels}");
        let inside = Mask::from_rectangles(size, &boxes);
        let is_inside = |(y, (start, end)): (u32, (u32, u32))| inside.runs(y).any(|(a, b)| a <= start && end <= b);
        assert!((0..size.height()).flat_map(|y| mask.runs(y).map(move |run| (y, run))).all(is_inside));
        assert!(is_clean(&picture, &mask), "{thickness} pixels");
    }
}

#[test]
fn a_slope_goes_on_where_parts_meet() {
    let size = Size::new(2600, 1700).expect("a size");
    let slope = |i: u64| (i % 2600 * 12 + i / 2600 * 17) as u16;
    let samples = Samples::U16((0..size.area()).map(slope).collect());
    let picture = Picture::from_samples(size, 1, samples).expect("fits");
    for thickness in [5, 40] {
        let mask = strokes(size, thickness);
        let result = filled(&soiled(&picture, &mask), &mask);
        let (Samples::U16(before), Samples::U16(after)) = (picture.samples(), result.samples()) else {
            panic!("16 bits")
        };
        let worst = before.iter().zip(after).map(|(a, b)| a.abs_diff(*b)).max().expect("pixels");
        // A level of 8 bits, which is as exact as the membrane under patches is.
        assert!(worst < if thickness == 5 { 60 } else { 257 }, "{thickness} pixels: {worst}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn holes_solved_at_a_smaller_scale_are_filled_and_nothing_else(
        (width, height) in (1400u32..1430, 1400u32..1430),
        holes in prop::collection::vec((0u32..1400, 0u32..1400, 26u32..260, 26u32..260), 1..4),
        channels in 1u8..=4,
        sixteen_bits in any::<bool>(),
    ) {
        let size = Size::new(width, height).expect("a size");
        let holes: Vec<_> = holes
            .into_iter()
            .filter_map(|(x, y, width, height)| Rectangle { x, y, width, height }.clipped(size))
            .collect();
        prop_assume!(!holes.is_empty());
        prop_assert!(is_clean(&noisy(size, channels, sixteen_bits), &Mask::from_rectangles(size, &holes)));
    }
}
