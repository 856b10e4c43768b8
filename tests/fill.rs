//! What the fill promises, whatever the method: on synthetic pictures, through the public interface.
#![cfg(feature = "fill")]

mod fill_golden;
mod fill_large;
mod fill_shared;

use std::ops::ControlFlow;
use std::sync::Arc;

use fill_golden::{GOLDENS, checksum, noisy};
use proptest::prelude::*;
use reweave::fill::{self, Fill, Options, Quality, Stage, Step};
use reweave::picture::{Changes, Patch, Picture, Samples, apply};
use reweave::{Error, Mask, Rectangle, Size};

fn size(width: u32, height: u32) -> Size {
    Size::new(width, height).expect("a size")
}

fn rectangles(size: Size, list: &[[u32; 4]]) -> Mask {
    let list: Vec<_> =
        list.iter().map(|[x, y, width, height]| Rectangle { x: *x, y: *y, width: *width, height: *height }).collect();
    Mask::from_rectangles(size, &list)
}

fn patches(picture: &Picture, mask: &Mask) -> Vec<Patch> {
    fill_golden::run(picture, mask, &Options::default()).patches
}

fn filled(picture: &Picture, mask: &Mask) -> Picture {
    fill_golden::filled(picture, mask, &Options::default())
}

fn fast() -> Options {
    let mut options = Options::default();
    options.quality = Quality::Fast;
    options
}

/// What is marked and nothing beside it.
fn as_marked() -> Options {
    let mut options = Options::default();
    options.halo = false;
    options
}

/// A mask of the pixels for which `marked(x, y)`.
fn mask_of(size: Size, marked: impl Fn(u32, u32) -> bool) -> Mask {
    let value = |i| u8::from(marked(i % size.width(), i / size.width())) * 255;
    let values: Vec<u8> = (0..size.area() as u32).map(value).collect();
    Mask::from_values(size, values.into_iter(), 128).expect("one value a pixel")
}

/// A picture of 8 bits from `value(x, y, channel)`.
fn picture_of(size: Size, channels: u8, value: impl Fn(u32, u32, u32) -> u8) -> Picture {
    let n = u32::from(channels);
    let sample = |i: u32| value(i / n % size.width(), i / n / size.width(), i % n);
    let samples = Samples::U8((0..size.area() as u32 * n).map(sample).collect());
    Picture::from_samples(size, channels, samples).expect("fits")
}

fn wide_samples(picture: &Picture) -> Vec<u16> {
    match picture.samples() {
        Samples::U8(samples) => samples.iter().copied().map(u16::from).collect(),
        Samples::U16(samples) => samples.clone(),
    }
}

/// Masks that are hard in one way or another, each for its own size.
fn hard_masks() -> Vec<(&'static str, Mask)> {
    let square = size(64, 48);
    vec![
        ("1 × N", rectangles(size(1, 90), &[[0, 10, 1, 50], [0, 88, 1, 2]])),
        ("N × 1", rectangles(size(90, 1), &[[0, 0, 7, 1], [30, 0, 41, 1]])),
        ("2 × 1", rectangles(size(2, 1), &[[1, 0, 1, 1]])),
        ("a corner", rectangles(square, &[[0, 0, 20, 30]])),
        ("four corners", rectangles(square, &[[0, 0, 9, 9], [55, 0, 9, 9], [0, 39, 9, 9], [55, 39, 9, 9]])),
        ("an edge", rectangles(square, &[[0, 20, 64, 28]])),
        ("the middle kept", mask_of(square, |x, y| !((20..40).contains(&x) && (20..30).contains(&y)))),
        ("all but one pixel", mask_of(square, |x, y| (x, y) != (17, 31))),
        ("all but a corner", mask_of(size(65, 33), |x, y| (x, y) != (64, 32))),
        ("a checkerboard", mask_of(square, |x, y| (x + y) % 2 == 0)),
        ("a lattice", mask_of(square, |x, y| x % 3 != 0 || y % 3 != 0)),
        ("a single pixel", rectangles(square, &[[63, 47, 1, 1]])),
        ("rings", mask_of(square, |x, y| (x.abs_diff(32) + y.abs_diff(24)) % 7 < 3)),
    ]
}

#[test]
fn a_constant_picture_stays_constant() {
    for (name, mask) in hard_masks() {
        for channels in 1..=4 {
            let colour = [13, 200, 77, 255];
            let original = picture_of(mask.size(), channels, |_, _, c| colour[c as usize]);
            let dirty = soiled(&original, &mask);
            assert!(filled(&dirty, &mask) == original, "{name}, {channels} channels");
        }
        let wide = Samples::U16([65_535, 1, 40_001].repeat(mask.size().area() as usize));
        let original = Picture::from_samples(mask.size(), 3, wide).expect("fits");
        assert!(filled(&soiled(&original, &mask), &mask) == original, "{name}, 16 bits");
    }
}

#[test]
fn half_clear_colour_stays_constant() {
    for (name, mask) in hard_masks() {
        for alpha in [1, 100, 254] {
            let original = picture_of(mask.size(), 4, |_, _, c| if c == 3 { alpha } else { 90 + 60 * c as u8 });
            assert!(filled(&soiled(&original, &mask), &mask) == original, "{name}, alpha {alpha}");
        }
    }
}

#[test]
fn a_linear_gradient_is_continued() {
    let size = size(200, 150);
    // Away from the picture's border, where no flux leaves, the slope goes on.
    let mask = rectangles(size, &[[20, 30, 90, 80], [140, 20, 3, 100], [150, 60, 30, 2]]);
    let eight = picture_of(size, 3, |x, y, c| ((x + c * y / 2) / 2 + 20) as u8);
    let sixteen = Samples::U16((0..size.area() as u32).map(|i| (i % 200 * 131 + i / 200 * 173) as u16).collect());
    let sixteen = Picture::from_samples(size, 1, sixteen).expect("fits");
    // A level of 8 bits: waves, which fill the narrow parts, come as near as that.
    for (original, tolerance) in [(eight, 1), (sixteen, 257)] {
        let result = filled(&soiled(&original, &mask), &mask);
        let pairs = wide_samples(&original).into_iter().zip(wide_samples(&result));
        let worst = pairs.map(|(a, b)| a.abs_diff(b)).max();
        assert!(worst <= Some(tolerance), "{worst:?} of {tolerance}");
    }
}

#[test]
fn a_pattern_goes_on_through_scratches_but_not_fast() {
    let size = size(96, 80);
    let scratches = mask_of(size, |x, y| (x + y / 3) % 24 < 4 && (8..72).contains(&y));
    // Waves of 8 and 11 pixels: the harmonic fill flattens them.
    let wave = |period: u32, i: u32| (i % period).abs_diff(period / 2) * 120 / period;
    let original = picture_of(size, 3, |x, y, c| (60 + 20 * c + wave(8, x + 2 * y) + wave(11, y + 11 - x % 11)) as u8);
    let error = |quality| {
        let mut options = Options::default();
        options.quality = quality;
        let (picture, mask) = (Arc::new(soiled(&original, &scratches)), Arc::new(scratches.clone()));
        let filled = fill::run(picture, mask, &options, &mut |_| ControlFlow::Continue(())).expect("fills");
        let mut result = original.clone();
        apply(&mut result, &filled.patches, &filled.region);
        let pairs = wide_samples(&original).into_iter().zip(wide_samples(&result));
        pairs.map(|(a, b)| u64::from(a.abs_diff(b)).pow(2)).sum::<u64>()
    };
    let (fast, balanced) = (error(Quality::Fast), error(Quality::Balanced));
    assert!(balanced < fast / 4, "squared errors of {balanced} and {fast}");
}

#[test]
fn the_colour_of_clear_pixels_does_not_bleed() {
    let size = size(60, 40);
    let mask = rectangles(size, &[[20, 10, 20, 20]]);
    // Opaque grey on the left, invisible white on the right.
    let original = picture_of(size, 2, |x, _, c| if x < 30 { [80, 255][c as usize] } else { [255, 0][c as usize] });
    let result = wide_samples(&filled(&original, &mask));
    let visible = result.chunks_exact(2).filter(|pixel| pixel[1] > 8);
    assert!(visible.clone().count() > 30 * 40);
    assert!(visible.clone().all(|pixel| pixel[0].abs_diff(80) <= 4), "{:?}", visible.map(|pixel| pixel[0]).max());
}

/// Mean absolute difference of the marked pixels' samples, in 255ths of the full range.
fn mean_error(a: &Picture, b: &Picture, mask: &Mask) -> f64 {
    let channels = u64::from(a.channels());
    let full = if matches!(a.samples(), Samples::U8(_)) { 255.0 } else { 65_535.0 };
    let width = u64::from(mask.size().width());
    let marked = |i: u64| mask.get((i / channels % width) as u32, (i / channels / width) as u32);
    let pairs = wide_samples(a).into_iter().zip(wide_samples(b)).zip(0..);
    let sum: f64 = pairs.filter(|(_, i)| marked(*i)).map(|((a, b), _)| f64::from(a.abs_diff(b))).sum();
    sum / (mask.count() * channels) as f64 * 255.0 / full
}

/// Bricks of 16 × 12 pixels, each of its own shade of eight, with joints, and a grain.
fn bricks(x: u32, y: u32, channel: u32) -> u8 {
    let row = y / 12;
    let column = (x + row % 2 * 8) / 16;
    let joint = y % 12 < 2 || (x + row % 2 * 8) % 16 < 2;
    let grain = (x.wrapping_mul(0x9e37_79b9) ^ y.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35) >> 29;
    let shade = (column % 4 + row % 2 * 4) * 8 + channel * 20;
    (if joint { 200 } else { 70 + shade } + grain) as u8
}

#[test]
fn a_wide_hole_in_a_texture_is_filled_with_it() {
    let size = size(320, 240);
    let mask = rectangles(size, &[[110, 80, 96, 70]]);
    let blurred = 25.0;
    for channels in 1..=4 {
        let original = picture_of(size, channels, |x, y, c| if c == 3 { 255 } else { bricks(x, y, c) });
        let result = filled(&soiled(&original, &mask), &mask);
        let error = mean_error(&original, &result, &mask);
        assert!(error < 12.0 && error < blurred / 2.0, "{channels} channels: {error}");
    }
    let wide = Samples::U16((0..size.area() as u32).map(|i| u16::from(bricks(i % 320, i / 320, 0)) * 257).collect());
    let original = Picture::from_samples(size, 1, wide).expect("fits");
    let error = mean_error(&original, &filled(&soiled(&original, &mask), &mask), &mask);
    assert!(error < 12.0, "16 bits: {error}");
    let harmonic = fill_golden::filled(&soiled(&original, &mask), &mask, &fast());
    assert!(mean_error(&original, &harmonic, &mask) > blurred, "what a blur costs");
}

#[test]
fn wide_places_of_strokes_are_filled_with_texture_each() {
    let size = size(700, 400);
    let blots = [[120, 70, 29, 29], [466, 250, 29, 29]];
    let strokes = [[100, 80, 500, 5], [480, 60, 5, 300]];
    let mask = rectangles(size, &[blots, strokes].concat());
    for channels in [1, 3, 4] {
        let original = picture_of(size, channels, |x, y, c| if c == 3 { 255 } else { bricks(x, y, c) });
        let result = filled(&soiled(&original, &mask), &mask);
        for blot in blots.map(|blot| rectangles(size, &[blot])) {
            let error = mean_error(&original, &result, &blot);
            assert!(error < 8.0, "{channels} channels: {error}");
        }
    }
}

#[test]
fn strokes_of_twenty_pixels_are_filled_with_what_goes_on_in_them() {
    let size = size(400, 300);
    let mask = rectangles(size, &[[30, 60, 340, 20], [180, 20, 18, 250]]);
    // Waves of 40 and 56 pixels, triangles of 60 levels.
    let wave = |at: u32, length: u32| (at % length).abs_diff(length / 2) * 120 / length;
    let original = picture_of(size, 3, |x, y, c| (60 + wave(x + 2 * y, 56) + wave(3 * x + 40 - y / 8 + c, 40)) as u8);
    let error = |options: &Options| {
        let result = fill_golden::filled(&soiled(&original, &mask), &mask, options);
        mean_error(&original, &result, &mask)
    };
    let (thin, harmonic) = (error(&Options::default()), error(&fast()));
    assert!(thin < 9.0 && 2.0 * thin < harmonic, "{thin}, and {harmonic} without");
}

#[test]
fn a_border_of_two_textures_goes_on_through_a_wide_hole() {
    let size = size(300, 260);
    let mask = rectangles(size, &[[100, 90, 90, 80]]);
    let shade = |x: u32, y: u32| if x + y / 4 < 175 { bricks(x, y, 0) / 3 } else { 160 + bricks(y, x, 0) / 3 };
    let original = picture_of(size, 3, |x, y, _| shade(x, y));
    let result = filled(&soiled(&original, &mask), &mask);
    // On either side, apart from a strip along the border, all is of that side's shade.
    let channels = wide_samples(&result);
    let values = (90..170u32).flat_map(|y| (100..190u32).map(move |x| (x, y)));
    let (mut wrong, mut seen) = (0, 0);
    for (x, y) in values.filter(|(x, y)| (x + y / 4).abs_diff(175) > 6) {
        let value = channels[(y * 300 + x) as usize * 3];
        seen += 1;
        wrong += u32::from(if x + y / 4 < 175 { value > 100 } else { value < 150 });
    }
    assert!(wrong * 25 < seen, "{wrong} of {seen}");
}

#[test]
fn a_wide_hole_has_no_seam_though_the_light_is_another() {
    let size = size(320, 240);
    let [x, y, width, height] = [120, 70, 80, 90];
    let mask = rectangles(size, &[[x, y, width, height]]);
    // A spot of light of which too little is left for a patch.
    let lit = |v: u32, first: u32, length: u32| (first - 5..first + length + 5).contains(&v);
    let light = |u: u32, v: u32| if lit(u, x, width) && lit(v, y, height) { 110 } else { 30 };
    let original = picture_of(size, 1, |u, v, _| bricks(u, v, 0) / 4 + light(u, v));
    let result = filled(&soiled(&original, &mask), &mask);
    let jumps = |picture: &Picture| -> u32 {
        let samples = wide_samples(picture);
        let at = |x: u32, y: u32| samples[(y * 320 + x) as usize];
        let sides = (y..y + height).flat_map(|y| [(x - 1, y, x, y), (x + width - 1, y, x + width, y)]);
        let ends = (x..x + width).flat_map(|x| [(x, y - 1, x, y), (x, y + height - 1, x, y + height)]);
        sides.chain(ends).map(|(x, y, u, v)| u32::from(at(x, y).abs_diff(at(u, v)))).sum()
    };
    let (before, after) = (jumps(&original), jumps(&result));
    assert!(after * 2 < before * 3, "{after}, in the original {before}");
}

#[test]
fn where_alpha_varies_a_wide_hole_keeps_colour_and_alpha_together() {
    let size = size(240, 200);
    let mask = rectangles(size, &[[83, 63, 70, 70]]);
    // Clear dots, white where nobody sees it, in a brown wall.
    let clear = |x: u32, y: u32| x % 20 < 6 && y % 20 < 6;
    let original = picture_of(size, 4, |x, y, c| match (clear(x, y), c) {
        (true, 3) => 0,
        (true, _) => 255,
        (false, 3) => 255,
        (false, _) => 90 + 20 * c as u8,
    });
    let result = wide_samples(&filled(&soiled(&original, &mask), &mask));
    let visible = result.chunks_exact(4).filter(|pixel| pixel[3] > 40);
    assert!(visible.clone().all(|pixel| pixel[0].abs_diff(90) < 12), "{:?}", visible.map(|p| p[0]).max());
    let inside = (63..133u32).flat_map(|y| (83..153u32).map(move |x| (x, y)));
    let holes = inside.filter(|(x, y)| result[(y * 240 + x) as usize * 4 + 3] < 60).count();
    assert!((250..650).contains(&holes), "{holes} clear pixels, 441 in the wall");
}

#[test]
fn ten_thousand_specks_take_their_own_size_only() {
    let size = size(3000, 2000);
    let list: Vec<_> = (0..10_000u32)
        .map(|i| [i.wrapping_mul(7919) % 2990, i.wrapping_mul(104_729) % 1990, 1 + i % 4, 1 + i % 3])
        .collect();
    let (picture, mask) = (noisy(size, 3, false), rectangles(size, &list));
    let patches = patches(&picture, &mask);
    let pixels: u64 = patches.iter().map(|p| u64::from(p.bounds().width) * u64::from(p.bounds().height)).sum();
    assert!(patches.len() > 1000, "{} patches", patches.len());
    assert!(pixels < 20 * mask.count(), "{pixels} pixels of patches for {} marked ones", mask.count());
}

#[test]
fn two_stamps_far_apart_are_two_patches() {
    let size = size(4000, 3000);
    let mask = rectangles(size, &[[5, 5, 60, 20], [3900, 2950, 60, 20]]);
    let boxes: Vec<_> = patches(&noisy(size, 1, false), &mask).iter().map(|patch| patch.bounds()).collect();
    let rectangle = |x, y| Rectangle { x, y, width: 60, height: 20 };
    assert_eq!(boxes, [rectangle(5, 5), rectangle(3900, 2950)]);
}

#[test]
fn the_result_is_the_same_on_every_platform() {
    for golden in GOLDENS {
        let (channels, sixteen) = (golden.channels, golden.sixteen_bits);
        assert_eq!(golden.compute(), golden.checksum, "{channels} channels, 16 bits: {sixteen}, {:?}", golden.quality);
    }
}

#[test]
fn wide_holes_show_progress_and_previews_and_then_end() {
    let size = size(1600, 1200);
    let (picture, mask) = (noisy(size, 3, false), rectangles(size, &[[100, 100, 600, 1000], [800, 100, 700, 1000]]));
    let mut fill = Fill::new(Arc::new(picture), Arc::new(mask), &Options::default()).expect("starts");
    let (mut previews, mut fractions) = (Vec::new(), vec![0.0]);
    loop {
        match fill.step().expect("works") {
            Step::Working(progress) => fractions.push(progress.fraction),
            Step::Preview(progress, patches) => {
                fractions.push(progress.fraction);
                previews.push((progress.fraction, patches.len()));
            }
            Step::Waiting(_) => panic!("nothing is lent"),
            Step::Done(patches) => break assert_eq!(patches.len(), 2),
        }
    }
    assert!(fractions.is_sorted() && fractions.len() > 20, "{fractions:?}");
    assert!(fractions.iter().all(|fraction| (0.0..=1.0).contains(fraction)));
    assert!((2..=12).contains(&previews.len()) && previews[0].0 < 0.5 && previews[0].1 == 1, "{previews:?}");
    let ended = Error::OutOfOrder { call: "step".into(), reason: "the fill has ended".into() };
    assert_eq!(fill.step(), Err(ended));
}

#[test]
fn the_first_preview_comes_before_there_are_patches() {
    let size = size(1024, 1024);
    let picture = Arc::new(picture_of(size, 3, |x, y, c| (x / 8 + y / 16 + 20 * c) as u8 + bricks(x, y, c) / 8));
    for [x, y, width, height] in [[256, 256, 512, 512], [400, 300, 220, 200]] {
        let mask = Arc::new(rectangles(size, &[[x, y, width, height]]));
        let mut fill = Fill::new(Arc::clone(&picture), mask, &Options::default()).expect("starts");
        let first = (1..).find_map(|steps| match fill.step().expect("works") {
            Step::Working(_) => None,
            Step::Preview(_, patches) => Some((steps, patches)),
            other => panic!("{other:?} before there was a preview"),
        });
        let Some((steps, patches)) = first else { panic!("no preview") };
        // Some 10 ms; patches come after a dozen steps.
        assert!(steps <= 4, "{width} × {height}: {steps} steps");
        let [patch] = &patches[..] else { panic!("{} patches", patches.len()) };
        assert_eq!(patch.bounds(), Rectangle { x, y, width, height });
        let Samples::U8(samples) = patch.samples() else { panic!("8 bits") };
        // As light as what lies around, from top to bottom.
        let mean = |rows: &[u8]| rows.iter().map(|value| u64::from(*value)).sum::<u64>() / rows.len() as u64;
        let row = 3 * width as usize;
        let [top, bottom] = [mean(&samples[..row]), mean(&samples[samples.len() - row..])];
        assert!(bottom > top + u64::from(height) / 32, "{top} to {bottom}");
    }
}

#[test]
fn what_cannot_be_filled_is_refused() {
    let start = |picture: Picture, mask| Fill::new(Arc::new(picture), Arc::new(mask), &Options::default()).map(|_| ());
    let small = size(8, 8);
    assert_eq!(start(noisy(small, 1, false), Mask::new(small)), Err(Error::EmptyMask));
    assert_eq!(start(noisy(small, 1, false), mask_of(small, |_, _| true)), Err(Error::FullMask));
    let other = start(noisy(small, 1, false), rectangles(size(9, 8), &[[0, 0, 1, 1]]));
    assert!(matches!(other, Err(Error::MaskSize { width: 9, .. })));
    // 110 million pixels in one hole: more than wasm can have. A thin frame is another matter.
    let huge = size(11_000, 10_000);
    let hole = rectangles(huge, &[[0, 0, 10_999, 10_000]]);
    let grey = Picture::from_samples(huge, 1, Samples::U8(vec![0; 110_000_000])).expect("fits");
    let Err(Error::Memory { needed, max: fill::MAX_MEMORY }) = start(grey, hole) else { panic!("not refused") };
    assert!(needed > fill::MAX_MEMORY);
}

#[test]
fn breaking_off_is_an_error_of_its_own() {
    let picture = Arc::new(noisy(size(20, 20), 1, false));
    let mask = Arc::new(mask_of(picture.size(), |x, y| x + y != 0));
    let wide = Arc::new(noisy(size(900, 900), 1, false));
    let hole = Arc::new(rectangles(wide.size(), &[[1, 1, 898, 898]]));
    let stop = &mut |_| ControlFlow::Break(());
    assert_eq!(fill::run(wide, hole, &Options::default(), stop), Err(Error::Cancelled));
    // What is done within the first step cannot be broken off any more.
    assert!(fill::run(picture, mask, &Options::default(), stop).is_ok());
}

#[test]
fn a_large_hole_is_said_to_be_filled_long_before_it_is_shown() {
    let size = size(1200, 1000);
    let picture = picture_of(size, 3, bricks);
    let mask = rectangles(size, &[[100, 100, 900, 800]]);
    let mut fill = Fill::new(Arc::new(picture), Arc::new(mask), &Options::default()).expect("starts");
    let told = (0..10_000).find_map(|_| match fill.step().expect("works") {
        Step::Working(progress) => (progress.stage == Stage::Solve).then_some(progress.fraction),
        other => panic!("{other:?} before"),
    });
    assert!(told.is_some_and(|fraction| fraction < 0.2), "{told:?}");
}

#[test]
fn stages_have_the_names_that_are_serialised() {
    for stage in [Stage::Plan, Stage::Solve, Stage::Finish] {
        assert_eq!(serde_json::to_value(stage).expect("serialises"), stage.name());
    }
}

/// The picture with other values under the mask.
fn soiled(picture: &Picture, mask: &Mask) -> Picture {
    fn soil<T: Copy>(samples: &[T], channels: usize, mask: &Mask, dirt: impl Fn(usize) -> T) -> Vec<T> {
        let width = mask.size().width() as usize;
        let marked = |i: usize| mask.get((i / channels % width) as u32, (i / channels / width) as u32);
        samples.iter().enumerate().map(|(i, v)| if marked(i) { dirt(i) } else { *v }).collect()
    }
    let channels = usize::from(picture.channels());
    let samples = match picture.samples() {
        Samples::U8(v) => Samples::U8(soil(v, channels, mask, |i| ((i * 151) >> 2) as u8)),
        Samples::U16(v) => Samples::U16(soil(v, channels, mask, |i| ((i * 40_503) >> 2) as u16)),
    };
    Picture::from_samples(picture.size(), picture.channels(), samples).expect("fits")
}

/// A picture of some size and kind with a mask that can be filled.
fn cases() -> impl Strategy<Value = (Picture, Mask)> {
    let marks = prop::collection::vec((0u32..70, 0u32..70, 1u32..40, 1u32..40), 1..12);
    (1u32..70, 1u32..70, 1u8..=4, any::<bool>(), marks, 0u32..9).prop_filter_map(
        "something is marked and something is not",
        |(width, height, channels, sixteen_bits, marks, dither)| {
            let size = size(width, height);
            let list: Vec<_> = marks.into_iter().map(|(x, y, w, h)| [x, y, w, h]).collect();
            let boxes = rectangles(size, &list);
            let mask = mask_of(size, |x, y| boxes.get(x, y) && (dither == 0 || (x * 7 + y * 11) % (dither + 1) != 0));
            mask.check_for(size).ok()?;
            Some((noisy(size, channels, sixteen_bits), mask))
        },
    )
}

/// Likewise, larger, with holes that are wide.
fn wide_cases() -> impl Strategy<Value = (Picture, Mask)> {
    let marks = prop::collection::vec((0u32..260, 0u32..260, 26u32..110, 26u32..110), 1..5);
    (8u32..280, 8u32..280, 1u8..=4, any::<bool>(), marks, any::<bool>()).prop_filter_map(
        "something is marked and something is not",
        |(width, height, channels, sixteen_bits, marks, oval)| {
            let size = size(width, height);
            let inside = |x: u32, y: u32, [left, top, w, h]: [u32; 4]| {
                let (x, y) = (f64::from(x) - f64::from(left), f64::from(y) - f64::from(top));
                let (w, h) = (f64::from(w), f64::from(h));
                let corner = ((2.0 * x - w) / w).powi(2) + ((2.0 * y - h) / h).powi(2) > 1.0;
                (0.0..w).contains(&x) && (0.0..h).contains(&y) && !(oval && corner)
            };
            let mask = mask_of(size, |x, y| marks.iter().any(|(l, t, w, h)| inside(x, y, [*l, *t, *w, *h])));
            mask.check_for(size).ok()?;
            Some((noisy(size, channels, sixteen_bits), mask))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wide_holes_of_any_kind_are_filled_and_nothing_else((picture, mask) in wide_cases()) {
        let filled = |picture: &Picture| fill_golden::filled(picture, &mask, &as_marked());
        let result = filled(&picture);
        prop_assert_eq!(Changes::between(&picture, &result, &mask).expect("one kind").outside, 0);
        prop_assert_eq!(checksum(&filled(&soiled(&picture, &mask))), checksum(&result));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn progress_rises_and_the_job_ends((picture, mask) in cases()) {
        let mut fill = Fill::new(Arc::new(picture), Arc::new(mask), &Options::default()).expect("starts");
        let mut last = 0.0;
        let ended = (0..10_000).find_map(|_| match fill.step().expect("works") {
            Step::Working(progress) | Step::Preview(progress, _) => {
                assert!(progress.fraction >= last && progress.fraction <= 1.0);
                last = progress.fraction;
                None
            }
            Step::Waiting(_) => panic!("nothing is lent"),
            Step::Done(patches) => Some(patches),
        });
        prop_assert!(ended.is_some_and(|patches| !patches.is_empty()));
    }

    #[test]
    fn only_marked_pixels_change_and_what_was_there_does_not_matter((picture, mask) in cases()) {
        let filled = |picture: &Picture| fill_golden::filled(picture, &mask, &as_marked());
        let result = filled(&picture);
        prop_assert_eq!(Changes::between(&picture, &result, &mask).expect("one kind").outside, 0);
        prop_assert_eq!(checksum(&filled(&soiled(&picture, &mask))), checksum(&result));
    }

    #[test]
    fn values_stay_inside_the_range_of_the_known_ones((picture, mask) in cases()) {
        prop_assume!(!picture.has_alpha());
        let channels = usize::from(picture.channels());
        let result = wide_samples(&filled(&picture, &mask));
        let width = mask.size().width() as usize;
        let marked = |i: usize| mask.get((i / channels % width) as u32, (i / channels / width) as u32);
        for channel in 0..channels {
            let values = |inside: bool| {
                let indices = (channel..result.len()).step_by(channels).filter(move |i| marked(*i) == inside);
                indices.map(|i| result[i]).collect::<Vec<_>>()
            };
            let known = values(false);
            let low = known.iter().min().expect("one is known").saturating_sub(1);
            let high = known.iter().max().expect("one is known").saturating_add(1);
            prop_assert!(values(true).iter().all(|v| (low..=high).contains(v)));
        }
    }
}
