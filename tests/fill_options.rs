//! What can be chosen of a fill: growing the marks, taking in a rim, and where patches come from.
#![cfg(feature = "fill")]

use std::ops::ControlFlow;
use std::sync::Arc;

use reweave::fill::{self, Added, Fill, Filled, Options, Quality, SearchArea};
use reweave::picture::{Changes, Picture, Samples, apply};
use reweave::{Error, Mask, Rectangle, Size};

fn size(width: u32, height: u32) -> Size {
    Size::new(width, height).expect("a size")
}

fn marks(size: Size, list: &[[u32; 4]]) -> Mask {
    let list: Vec<_> =
        list.iter().map(|[x, y, width, height]| Rectangle { x: *x, y: *y, width: *width, height: *height }).collect();
    Mask::from_rectangles(size, &list)
}

fn options(choose: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::default();
    choose(&mut options);
    options
}

fn fill(picture: &Picture, mask: &Mask, options: &Options) -> Result<(Picture, Filled), Error> {
    let go_on = &mut |_| ControlFlow::Continue(());
    let filled = fill::run(Arc::new(picture.clone()), Arc::new(mask.clone()), options, go_on)?;
    let mut result = picture.clone();
    apply(&mut result, &filled.patches, &filled.region);
    Ok((result, filled))
}

/// A value of each channel for each pixel, in 255ths of the full range.
fn picture(size: Size, channels: u8, sixteen_bits: bool, value: impl Fn(u32, u32, u32) -> u8) -> Picture {
    let n = u32::from(channels);
    let values = (0..size.area() as u32 * n).map(|i| value(i / n % size.width(), i / n / size.width(), i % n));
    let samples = match sixteen_bits {
        true => Samples::U16(values.map(|v| u16::from(v) * 257).collect()),
        false => Samples::U8(values.collect()),
    };
    Picture::from_samples(size, channels, samples).expect("fits")
}

/// A slope with a little grain.
fn wall(x: u32, y: u32, channel: u32) -> u8 {
    let grain = (x.wrapping_mul(0x9e37_79b9) ^ y.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35) >> 29;
    (60 + x / 4 + y / 6 + 15 * channel + grain) as u8
}

/// Squares and grain.
fn noisy(size: Size, channels: u8, sixteen_bits: bool) -> Picture {
    let square = |x: u32, y: u32| if (x / 23 + y / 17).is_multiple_of(2) { 80 } else { 0 };
    picture(size, channels, sixteen_bits, |x, y, c| wall(x, y, c) / 2 + square(x, y))
}

/// Bars of a stamp.
const BARS: [[u32; 4]; 3] = [[30, 20, 90, 12], [30, 50, 90, 9], [60, 70, 20, 30]];

/// Boxes with so many pixels around them.
fn rimmed(size: Size, list: &[[u32; 4]], rim: u32) -> Mask {
    let list: Vec<_> =
        list.iter().map(|[x, y, width, height]| [x - rim, y - rim, width + 2 * rim, height + 2 * rim]).collect();
    marks(size, &list)
}

/// The wall with a stamp of the bars over it, whose rim is `rim` pixels of half its strength; opaque.
fn stamped(channels: u8, sixteen_bits: bool, rim: u32) -> (Picture, Picture, Mask) {
    let size = size(160, 120);
    let bars = marks(size, &BARS);
    let around = rimmed(size, &BARS, rim);
    let alpha = u32::from(channels) - 1;
    let is_alpha = |c| channels.is_multiple_of(2) && c == alpha;
    let clean = picture(size, channels, sixteen_bits, |x, y, c| if is_alpha(c) { 255 } else { wall(x, y, c) });
    let soiled = picture(size, channels, sixteen_bits, |x, y, c| match () {
        () if is_alpha(c) => 255,
        () if bars.get(x, y) => 250,
        () if around.get(x, y) => (wall(x, y, c) / 2).saturating_add(125),
        () => wall(x, y, c),
    });
    (clean, soiled, bars)
}

#[test]
fn a_rim_that_the_marks_left_is_taken_in() {
    for (channels, sixteen_bits) in [(1, false), (2, true), (3, false), (3, true), (4, false)] {
        let kind = format!("{channels} channels, 16 bits: {sixteen_bits}");
        for rim in [1, 2] {
            let (clean, soiled, bars) = stamped(channels, sixteen_bits, rim);
            let (result, filled) = fill(&soiled, &bars, &Options::default()).expect("fills");
            let whole = rimmed(clean.size(), &BARS, rim);
            assert_eq!(*filled.region, whole, "{kind}");
            let added = Added { expand: 0, halo: whole.count() - bars.count() };
            assert_eq!(filled.added, added, "{kind}");
            let worst = |picture: &Picture| {
                let area = clean.size().as_rectangle();
                let pairs = clean.to_rgba8(area).into_iter().zip(picture.to_rgba8(area));
                pairs.map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
            };
            assert!(worst(&result) < 12, "{kind}: {}", worst(&result));
            let (smeared, as_marked) = fill(&soiled, &bars, &options(|o| o.halo = false)).expect("fills");
            assert_eq!((&*as_marked.region, as_marked.added), (&bars, Added::default()), "{kind}");
            assert!(worst(&smeared) > 40, "{kind}: {}", worst(&smeared));
        }
    }
}

#[test]
fn marks_that_are_tight_or_loose_or_over_nothing_are_taken_as_they_are() {
    let (clean, tight, bars) = stamped(3, false, 0);
    let loose = bars.grown(4);
    let slope = picture(clean.size(), 3, false, |x, y, _| (x + y) as u8 / 2);
    let edges = picture(clean.size(), 3, false, |x, y, _| if (x / 13 + y / 11).is_multiple_of(2) { 40 } else { 200 });
    for (what, picture, mask) in [
        ("tight", &tight, &bars),
        ("loose", &tight, &loose),
        ("nothing", &clean, &bars),
        ("a slope", &slope, &bars),
        ("a pattern", &edges, &bars),
    ] {
        let fill = Fill::new(Arc::new(picture.clone()), Arc::new(mask.clone()), &Options::default()).expect("starts");
        assert_eq!((&**fill.region(), fill.added()), (mask, Added::default()), "{what}");
    }
}

#[test]
fn of_two_stamps_only_the_one_with_a_rim_is_grown() {
    let size = size(300, 120);
    let (left, right) = (marks(size, &[[20, 30, 60, 20]]), marks(size, &[[200, 30, 60, 20]]));
    let around = rimmed(size, &[[20, 30, 60, 20]], 1);
    let soiled = picture(size, 3, false, |x, y, c| match () {
        () if around.get(x, y) || right.get(x, y) => 5,
        () => wall(x, y, c),
    });
    let both = marks(size, &[[20, 30, 60, 20], [200, 30, 60, 20]]);
    let (_, filled) = fill(&soiled, &both, &Options::default()).expect("fills");
    assert_eq!(filled.added.halo, around.count() - left.count());
    assert!(!filled.region.get(199, 40) && filled.region.get(19, 40));
}

#[test]
fn marks_grow_as_a_disc_and_nothing_beside_them_changes() {
    let picture = noisy(size(120, 90), 3, false);
    let mask = marks(picture.size(), &[[40, 30, 20, 9], [80, 60, 1, 1]]);
    for by in [0, 1, 7, 100] {
        let by_options = options(|o| (o.expand, o.halo) = (by, false));
        if by == 100 {
            assert_eq!(fill(&picture, &mask, &by_options).map(|_| ()), Err(Error::FullMask));
            continue;
        }
        let (result, filled) = fill(&picture, &mask, &by_options).expect("fills");
        let region = if by == 0 { mask.clone() } else { mask.grown(by) };
        assert_eq!(*filled.region, region, "by {by}");
        assert_eq!(filled.added, Added { expand: region.count() - mask.count(), halo: 0 }, "by {by}");
        let changes = Changes::between(&picture, &result, &region).expect("one kind");
        assert!(changes.outside == 0 && changes.inside > 0, "{changes:?}");
        let (same, _) = fill(&picture, &region, &options(|o| o.halo = false)).expect("fills");
        assert!(result == same, "by {by}");
    }
    let refused = fill(&picture, &mask, &options(|o| o.expand = 101)).map(|_| ());
    assert_eq!(refused, Err(Error::OutOfRange { name: "expand".into(), value: "101".into(), min: 0.0, max: 100.0 }));
}

/// Upright stripes on the left, level ones on the right, of one mean.
fn stripes(size: Size) -> Picture {
    picture(size, 3, false, |x, y, _| {
        let along = if x < size.width() / 2 { x } else { y };
        if along % 8 < 4 { 60 } else { 180 }
    })
}

/// How much more values change along x than along y.
fn upright(picture: &Picture, [x, y, width, height]: [u32; 4]) -> i64 {
    let rgba = picture.to_rgba8(Rectangle { x, y, width, height });
    let at = |x: u32, y: u32| i64::from(rgba[(y * width + x) as usize * 4]);
    let places = || (1..height).flat_map(|y| (1..width).map(move |x| (x, y)));
    let across: i64 = places().map(|(x, y)| (at(x, y) - at(x - 1, y)).abs()).sum();
    let down: i64 = places().map(|(x, y)| (at(x, y) - at(x, y - 1)).abs()).sum();
    across - down
}

#[test]
fn patches_come_from_the_search_area() {
    let size = size(360, 220);
    let picture = stripes(size);
    let hole = [30, 60, 90, 90];
    let mask = marks(size, &[hole]);
    let inner = [45, 75, 60, 60];
    let left = Arc::new(marks(size, &[[0, 0, 180, 220]]));
    let right = Arc::new(marks(size, &[[190, 0, 170, 220]]));
    let filled = |area| {
        let options = options(|o| o.search_area = Some(area));
        fill(&picture, &mask, &options).expect("fills").0
    };
    let here = upright(&picture, inner);
    assert!(upright(&filled(SearchArea::Only(Arc::clone(&left))), inner) * 2 > here);
    assert!(upright(&filled(SearchArea::Only(Arc::clone(&right))), inner) * 2 < -here);
    assert!(upright(&filled(SearchArea::Not(Arc::clone(&left))), inner) * 2 < -here);
    assert!(upright(&filled(SearchArea::Not(right)), inner) * 2 > here);
    // Where all around is excluded, what is left is looked for farther away.
    let [near, far] = [[0, 0, 250, 220], [250, 0, 110, 220]].map(|list| Arc::new(marks(size, &[list])));
    assert!(filled(SearchArea::Not(near)) == filled(SearchArea::Only(far)));
    // The direct neighbours of a scratch are continued, wherever patches may come from.
    let scratch = marks(size, &[[20, 100, 120, 5]]);
    let only_left = options(|o| o.search_area = Some(SearchArea::Not(left)));
    let plain = fill(&picture, &scratch, &Options::default()).expect("fills").0;
    assert!(fill(&picture, &scratch, &only_left).expect("fills").0 == plain);
}

#[test]
fn a_search_area_that_leaves_nothing_is_refused_before_any_work() {
    let size = size(200, 160);
    let picture = noisy(size, 3, false);
    let hole = marks(size, &[[60, 40, 60, 60]]);
    let start = |hole: &Mask, area, quality| {
        let options = options(|o| (o.search_area, o.quality) = (Some(area), quality));
        Fill::new(Arc::new(picture.clone()), Arc::new(hole.clone()), &options).map(|_| ())
    };
    let only = |list: &[[u32; 4]]| SearchArea::Only(Arc::new(marks(size, list)));
    let nothing = Err(Error::SearchArea { side: 7 });
    assert_eq!(start(&hole, only(&[]), Quality::Balanced), nothing);
    assert_eq!(start(&hole, SearchArea::Not(Arc::new(marks(size, &[[0, 0, 200, 160]]))), Quality::Best), nothing);
    // In the hole itself, a pixel too narrow, cut by the hole; and just large enough.
    assert_eq!(start(&hole, only(&[[62, 42, 50, 50]]), Quality::Balanced), nothing);
    assert_eq!(start(&hole, only(&[[0, 0, 6, 160]]), Quality::Balanced), nothing);
    assert_eq!(start(&hole, only(&[[54, 50, 20, 20]]), Quality::Balanced), nothing);
    assert_eq!(start(&hole, only(&[[0, 0, 7, 7]]), Quality::Balanced), Ok(()));
    // What is thin, or filled fast, takes no patches.
    assert_eq!(start(&marks(size, &[[60, 40, 60, 20]]), only(&[]), Quality::Balanced), Ok(()));
    assert_eq!(start(&hole, only(&[]), Quality::Fast), Ok(()));
    let other = SearchArea::Not(Arc::new(Mask::new(Size::new(9, 8).expect("a size"))));
    assert!(matches!(start(&hole, other, Quality::Fast), Err(Error::MaskSize { width: 9, .. })));
}

#[test]
fn a_single_patch_is_enough_to_fill_a_wide_hole() {
    let size = size(160, 120);
    let picture = noisy(size, 4, true);
    let hole = marks(size, &[[60, 40, 50, 50]]);
    let options = options(|o| o.search_area = Some(SearchArea::Only(Arc::new(marks(size, &[[150, 110, 7, 7]])))));
    let (result, _) = fill(&picture, &hole, &options).expect("fills");
    let changes = Changes::between(&picture, &result, &hole).expect("one kind");
    assert!(changes.outside == 0 && changes.inside > 2000, "{changes:?}");
}

#[test]
fn another_seed_is_another_fill_of_what_is_wide() {
    let picture = noisy(size(200, 160), 3, false);
    let wide = marks(picture.size(), &[[60, 40, 60, 60]]);
    let seeded = |mask: &Mask, seed| fill(&picture, mask, &options(|o| o.seed = seed)).expect("fills").0;
    assert!(seeded(&wide, 0) != seeded(&wide, 1));
    assert!(seeded(&wide, 7) == seeded(&wide, 7));
}
