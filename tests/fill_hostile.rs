//! Pictures, masks and options that nobody would choose: a right result or the error that tells what is
//! wrong, in bounded time, and nothing outside the region changed. `fuzz/` looks for more of them.
#![cfg(feature = "fill")]

mod fill_case;

use std::sync::Arc;

use fill_case::Case;
use proptest::prelude::*;
use reweave::fill::{Options, Quality, SearchArea};
use reweave::picture::{Picture, Samples};
use reweave::{Mask, Rectangle, Size};

/// Every choice of options that is different for a fill; `area` is the search area's mask.
fn all_options(area: &Arc<Mask>) -> Vec<Options> {
    let areas = [None, Some(SearchArea::Only(Arc::clone(area))), Some(SearchArea::Not(Arc::clone(area)))];
    let mut all = Vec::new();
    for quality in [Quality::Fast, Quality::Balanced, Quality::Best] {
        for (expand, halo) in [(0, true), (0, false), (1, true), (100, true)] {
            for search_area in &areas {
                let mut options = Options::default();
                (options.quality, options.expand, options.halo) = (quality, expand, halo);
                options.search_area.clone_from(search_area);
                all.push(options);
            }
        }
    }
    all
}

fn grey(size: Size) -> Picture {
    let samples = (0..size.area()).map(|i| (i * 7919 % 251) as u8).collect();
    Picture::from_samples(size, 1, Samples::U8(samples)).expect("fits")
}

fn mask(size: Size, marked: impl Fn(u32, u32) -> bool) -> Mask {
    let values: Vec<u8> =
        (0..size.area() as u32).map(|i| u8::from(marked(i % size.width(), i / size.width()))).collect();
    Mask::from_values(size, values.into_iter(), 1).expect("one value a pixel")
}

#[test]
fn the_smallest_and_the_narrowest_pictures_take_all_options() {
    for (width, height) in [(1, 1), (2, 1), (7, 7), (1, 4096), (4096, 1)] {
        let size = Size::new(width, height).expect("a size");
        let half = Arc::new(mask(size, |x, y| x + y >= (width + height) / 2));
        for options in all_options(&half) {
            let masks = [
                Mask::new(size),
                mask(size, |_, _| true),
                mask(size, |x, y| x + y > 0),
                mask(size, |x, y| (x + y).is_multiple_of(61)),
                mask(size, |x, y| (900..3000).contains(&(x + y))),
            ];
            for mask in masks {
                Case { picture: grey(size), mask, options: options.clone() }.check();
            }
        }
    }
}

#[test]
fn a_half_in_ten_thousand_pieces_takes_all_options() {
    let size = Size::new(300, 400).expect("a size");
    let pieces = mask(size, |x, y| x % 3 < 2 && y % 4 < 3);
    assert_eq!((reweave::mask::pieces(&pieces).len(), pieces.count() * 2), (10_000, size.area()));
    let area = Arc::new(mask(size, |x, _| x < 150));
    for options in all_options(&area).into_iter().filter(|options| options.quality != Quality::Best) {
        Case { picture: grey(size), mask: pieces.clone(), options }.check();
    }
}

#[test]
fn a_checkerboard_takes_all_options() {
    let size = Size::new(150, 130).expect("a size");
    let board = mask(size, |x, y| (x + y).is_multiple_of(2));
    for options in all_options(&Arc::new(board.clone())) {
        Case { picture: grey(size), mask: board.clone(), options }.check();
    }
}

#[test]
fn a_region_with_one_known_pixel_far_away_takes_all_options() {
    let size = Size::new(90, 70).expect("a size");
    let corner = Arc::new(Mask::from_rectangles(size, &[Rectangle { x: 80, y: 60, width: 10, height: 10 }]));
    for options in all_options(&corner) {
        let all_but_one = mask(size, |x, y| (x, y) != (89, 69));
        Case { picture: grey(size), mask: all_but_one, options: options.clone() }.check();
        Case { picture: grey(size), mask: corner.inverted(), options }.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_fill_or_an_error_that_tells_why(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        Case::from_bytes(&bytes).check();
    }
}
