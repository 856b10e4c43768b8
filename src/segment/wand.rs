//! The wand: the connected region of like colour round a pixel.
//!
//! **Seed.** The colour of the pixel itself, not of a median round it: in a stroke of one or two
//! pixels the median is the background, and the region would not even hold what was pointed at. Noise
//! is what the tolerance is for.
//!
//! **Likeness.** The largest difference of a channel in 8 bits, 16-bit samples rounded to what a
//! screen shows. Colours are premultiplied and alpha is one more channel: pixels that nobody sees
//! are alike, whatever their hidden colours.
//!
//! **Region.** 4-connected, by spans: A. R. Smith, *Tint Fill*, SIGGRAPH 1979, on the runs of a mask
//! of all like pixels. Each run is entered once, so the time is linear; the mask takes a bit for each
//! pixel, the stack 12 bytes for each run that waits. 4-connected, as a fill through the corners of a
//! one-pixel line leaks.

use crate::error::{Error, Result};
use crate::loose::shown_number;
use crate::mask::Mask;
use crate::picture::{Picture, Samples, high_byte};

/// Tolerances that are accepted: differences in 8 bits.
pub const TOLERANCE: std::ops::RangeInclusive<u8> = 0..=255;

/// The pixels that are connected with `x, y` through pixels whose channels all differ by at most
/// `tolerance` from its own.
///
/// # Errors
/// [`Error::OutOfRange`] when the pixel lies outside the picture.
pub fn wand(picture: &Picture, x: u32, y: u32, tolerance: u8) -> Result<Mask> {
    let size = picture.size();
    check_inside("x", x, size.width())?;
    check_inside("y", y, size.height())?;
    let like = match picture.samples() {
        Samples::U8(v) => like(picture, v, |sample| sample, x, y, tolerance)?,
        Samples::U16(v) => like(picture, v, high_byte, x, y, tolerance)?,
    };
    Ok(connected(&like, x, y))
}

/// The run of `like` that holds the pixel, and all that are connected with it.
fn connected(like: &Mask, x: u32, y: u32) -> Mask {
    let mut region = Mask::new(like.size());
    let mut waiting: Vec<(u32, u32, u32)> = Vec::new();
    let enter = |region: &mut Mask, waiting: &mut Vec<_>, y: u32, start: u32, end: u32| {
        for (start, end) in like.runs_touching(y, start, end) {
            // A run is marked as a whole or not at all.
            if !region.get(start, y) {
                region.fill_span(y, start, end, true);
                waiting.push((y, start, end));
            }
        }
    };
    enter(&mut region, &mut waiting, y, x, x + 1);
    while let Some((y, start, end)) = waiting.pop() {
        if y > 0 {
            enter(&mut region, &mut waiting, y - 1, start, end);
        }
        if y + 1 < like.size().height() {
            enter(&mut region, &mut waiting, y + 1, start, end);
        }
    }
    region
}

/// All pixels like the one at `x, y`, connected or not.
fn like<T: Copy>(
    picture: &Picture,
    samples: &[T],
    byte: impl Fn(T) -> u8,
    x: u32,
    y: u32,
    tolerance: u8,
) -> Result<Mask> {
    let channels = usize::from(picture.channels());
    let colour = |pixel: &[T]| -> [i32; 4] {
        let full = |sample: T| i32::from(byte(sample));
        let weighted = |sample: T, alpha: i32| (full(sample) * alpha + 127) / 255;
        match *pixel {
            [l] => [full(l), 0, 0, 0],
            [l, a] => [weighted(l, full(a)), 0, 0, full(a)],
            [r, g, b] => [full(r), full(g), full(b), 0],
            [r, g, b, a, ..] => [weighted(r, full(a)), weighted(g, full(a)), weighted(b, full(a)), full(a)],
            [] => [0; 4],
        }
    };
    let seed = colour(&samples[picture.index(x, y)..][..channels]);
    let tolerance = i32::from(tolerance);
    let values = samples.chunks_exact(channels).map(|pixel| {
        let colour = colour(pixel);
        let near = |i: usize| (colour[i] - seed[i]).abs() <= tolerance;
        u8::from(near(0) & near(1) & near(2) & near(3))
    });
    Mask::from_values(picture.size(), values, 1)
}

fn check_inside(name: &str, value: u32, side: u32) -> Result<()> {
    if value < side {
        return Ok(());
    }
    let (value, max) = (shown_number(value.into()), f64::from(side) - 1.0);
    Err(Error::OutOfRange { name: name.into(), value, min: 0.0, max })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use proptest::prelude::*;

    fn grey(rows: &[&str]) -> Picture {
        let size = Size::new(rows[0].len() as u32, rows.len() as u32).expect("a size");
        let values = rows.concat().bytes().map(|b| (b - b'0') * 20).collect();
        Picture::from_samples(size, 1, Samples::U8(values)).expect("fits")
    }

    fn drawn(mask: &Mask) -> Vec<String> {
        let letter = |x, y| if mask.get(x, y) { '#' } else { '.' };
        (0..mask.size().height()).map(|y| (0..mask.size().width()).map(|x| letter(x, y)).collect()).collect()
    }

    #[test]
    fn a_region_is_connected_by_sides_and_not_by_corners() {
        let picture = grey(&["00900", "09090", "90009", "09090", "00900"]);
        let inside = wand(&picture, 2, 2, 0).expect("inside");
        assert_eq!(drawn(&inside), [".....", "..#..", ".###.", "..#..", "....."]);
        let line = wand(&picture, 2, 0, 0).expect("inside");
        assert_eq!(drawn(&line), ["..#..", ".....", ".....", ".....", "....."]);
    }

    #[test]
    fn the_tolerance_counts_from_the_seed_and_not_from_the_neighbour() {
        let picture = grey(&["0123456"]);
        for (tolerance, expected) in
            [(0, "...#..."), (19, "...#..."), (20, "..###.."), (40, ".#####."), (255, "#######")]
        {
            assert_eq!(drawn(&wand(&picture, 3, 0, tolerance).expect("inside")), [expected], "{tolerance}");
        }
    }

    #[test]
    fn one_channel_that_differs_is_enough_and_depth_does_not_matter() {
        let size = Size::new(3, 1).expect("a size");
        let rgb = [9, 9, 9, 9, 9, 19, 9, 9, 30];
        let eight = Picture::from_samples(size, 3, Samples::U8(rgb.to_vec())).expect("fits");
        // Noise that no screen shows.
        let wide = rgb.map(|v| u16::from(v) * 257 + 100).to_vec();
        let sixteen = Picture::from_samples(size, 3, Samples::U16(wide)).expect("fits");
        for picture in [eight, sixteen] {
            assert_eq!(drawn(&wand(&picture, 0, 0, 10).expect("inside")), ["##."]);
            assert_eq!(drawn(&wand(&picture, 2, 0, 10).expect("inside")), ["..#"]);
        }
    }

    #[test]
    fn invisible_pixels_are_alike() {
        let size = Size::new(4, 1).expect("a size");
        let samples = Samples::U8(vec![200, 0, 10, 0, 10, 255, 10, 100]);
        let picture = Picture::from_samples(size, 2, samples).expect("fits");
        assert_eq!(drawn(&wand(&picture, 0, 0, 0).expect("inside")), ["##.."]);
        assert_eq!(drawn(&wand(&picture, 2, 0, 99).expect("inside")), ["..#."]);
    }

    #[test]
    fn outside_the_picture_nothing_can_be_pointed_at() {
        let picture = grey(&["00", "00"]);
        let error = wand(&picture, 2, 0, 0);
        assert_eq!(error, Err(Error::OutOfRange { name: "x".into(), value: "2".into(), min: 0.0, max: 1.0 }));
        assert!(matches!(wand(&picture, 0, u32::MAX, 0), Err(Error::OutOfRange { .. })));
    }

    #[test]
    fn a_comb_is_linear() {
        // One tooth in two columns, all joined at the top: the most runs that one region can have.
        let (width, height) = (1501, 1500);
        let values = (0..width * height).map(|i| if i < width || i % width % 2 == 0 { 9 } else { 0 }).collect();
        let size = Size::new(width, height).expect("a size");
        let picture = Picture::from_samples(size, 1, Samples::U8(values)).expect("fits");
        let region = wand(&picture, 0, height - 1, 0).expect("inside");
        assert_eq!(region.count(), u64::from(width + 751 * (height - 1)));
    }

    proptest! {
        #[test]
        fn it_is_the_region_that_a_pixel_at_a_time_finds(
            width in 1u32..90, height in 1u32..12, x in 0u32..90, y in 0u32..12,
            values in prop::collection::vec(0u8..3, 90 * 12),
        ) {
            let (x, y) = (x % width, y % height);
            let size = Size::new(width, height).expect("a size");
            let values = values[..(width * height) as usize].to_vec();
            let picture = Picture::from_samples(size, 1, Samples::U8(values.clone())).expect("fits");
            let at = |x: u32, y: u32| values[(y * width + x) as usize];
            let mut expected = Mask::new(size);
            let mut waiting = vec![(x, y)];
            while let Some((px, py)) = waiting.pop() {
                if px >= width || py >= height || expected.get(px, py) || at(px, py).abs_diff(at(x, y)) > 1 {
                    continue;
                }
                expected.fill_span(py, px, px + 1, true);
                waiting.extend([(px + 1, py), (px.wrapping_sub(1), py), (px, py + 1), (px, py.wrapping_sub(1))]);
            }
            prop_assert_eq!(wand(&picture, x, y, 1).expect("inside"), expected);
        }
    }
}
