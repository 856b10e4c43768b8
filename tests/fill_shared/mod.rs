//! Parts filled side by side, or by somebody who has nothing but a loan: the same bytes as one after another.

use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;
use reweave::fill::{self, Fill, Helper, Options, Quality, Step};
use reweave::picture::{Patch, Picture};
use reweave::{Error, Mask, Size};

use super::fill_large::strokes;
use super::{mask_of, noisy, rectangles};

/// What is done with a loan.
#[derive(Clone, Copy, PartialEq)]
enum Lending {
    Answered,
    /// Every second one is never answered.
    Forgotten,
}

fn options(quality: Quality, threads: u32) -> Options {
    let mut options = Options::default();
    (options.quality, options.threads) = (quality, threads);
    options
}

fn by_threads(picture: &Picture, mask: &Mask, options: &Options) -> Vec<Patch> {
    let (picture, mask) = (Arc::new(picture.clone()), Arc::new(mask.clone()));
    fill::run(picture, mask, options, &mut |_| ControlFlow::Continue(())).expect("fills").patches
}

fn start(picture: &Picture, mask: &Mask, quality: Quality) -> Fill {
    Fill::new(Arc::new(picture.clone()), Arc::new(mask.clone()), &options(quality, 1)).expect("starts")
}

/// Lends all that it can; the patches, and how many loans there were.
fn by_loans(picture: &Picture, mask: &Mask, quality: Quality, lending: Lending) -> (Vec<Patch>, u32) {
    let mut fill = start(picture, mask, quality);
    let (mut loans, mut answers) = (0, Vec::new());
    loop {
        while let Some(loan) = fill.lend().expect("lends") {
            loans += 1;
            if lending == Lending::Forgotten && loans % 2 == 0 {
                fill.give_up(number(&loan));
                break;
            }
            let mut helper = Helper::new(&loan).expect("a loan");
            answers.push(std::iter::repeat_with(|| helper.step().expect("works")).find_map(|answer| answer));
        }
        match fill.step().expect("works") {
            Step::Done(patches) => return (patches, loans),
            // The last one comes back first.
            Step::Waiting(_) => fill.take_back(&answers.pop().flatten().expect("an answer")).expect("its own"),
            _ => {}
        }
    }
}

fn number(loan: &[u8]) -> u32 {
    u32::from_le_bytes(loan[..4].try_into().expect("four bytes"))
}

/// Stamps, holes and specks, far enough from each other to be parts of their own.
fn many(size: Size) -> Mask {
    mask_of(size, |x, y| match (x / 200 + y / 200) % 3 {
        0 => (40..110).contains(&(x % 200)) && (50..100).contains(&(y % 200)),
        1 => (60..140).contains(&(x % 200)) && (90..120).contains(&(y % 200)) && (x + y) % 13 < 5,
        _ => (x % 200).abs_diff(100) + (y % 200).abs_diff(100) < 30,
    })
}

#[test]
fn threads_and_loans_change_no_byte() {
    let size = Size::new(1000, 800).expect("a size");
    for (channels, sixteen_bits, quality) in [
        (3, false, Quality::Balanced),
        (1, true, Quality::Balanced),
        (4, false, Quality::Fast),
        (2, true, Quality::Best),
    ] {
        let (picture, mask) = (noisy(size, channels, sixteen_bits), many(size));
        let alone = by_threads(&picture, &mask, &options(quality, 1));
        assert!(alone.len() >= 20, "{} parts", alone.len());
        for threads in [0, 2, 3, 16] {
            let threaded = by_threads(&picture, &mask, &options(quality, threads));
            assert!(threaded == alone, "{channels} channels, {quality:?}, {threads} threads");
        }
        for lending in [Lending::Answered, Lending::Forgotten] {
            let (lent, loans) = by_loans(&picture, &mask, quality, lending);
            assert!(lent == alone, "{channels} channels, {quality:?}");
            assert!(loans > 1 || quality == Quality::Fast, "{quality:?}: {loans} loans");
        }
    }
}

#[test]
fn strokes_that_are_cut_are_the_same_turn_by_turn() {
    let size = Size::new(2600, 1700).expect("a size");
    let picture = noisy(size, 3, false);
    for thickness in [5, 40] {
        let mask = strokes(size, thickness);
        let alone = by_threads(&picture, &mask, &options(Quality::Balanced, 1));
        assert!(by_threads(&picture, &mask, &options(Quality::Balanced, 3)) == alone, "{thickness} pixels, threads");
        let (lent, loans) = by_loans(&picture, &mask, Quality::Balanced, Lending::Answered);
        assert!(lent == alone && loans > 1, "{thickness} pixels, {loans} loans");
    }
}

#[test]
fn a_fill_by_threads_can_be_broken_off() {
    let size = Size::new(1000, 800).expect("a size");
    let (picture, mask) = (Arc::new(noisy(size, 3, false)), Arc::new(many(size)));
    let mut calls = 0;
    let stop = &mut |progress: fill::Progress| {
        calls += 1;
        if progress.fraction > 0.2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(fill::run(picture, mask, &options(Quality::Balanced, 2), stop), Err(Error::Cancelled));
    assert!(calls > 2);
}

#[test]
fn progress_by_threads_rises_to_the_end() {
    let size = Size::new(1000, 800).expect("a size");
    let (picture, mask) = (Arc::new(noisy(size, 3, false)), Arc::new(many(size)));
    let mut fractions = Vec::new();
    let note = &mut |progress: fill::Progress| {
        fractions.push(progress.fraction);
        ControlFlow::Continue(())
    };
    fill::run(picture, mask, &options(Quality::Balanced, 2), note).expect("fills");
    assert!(fractions.is_sorted() && fractions.len() > 20, "{fractions:?}");
    assert_eq!(fractions.last(), Some(&1.0));
}

#[test]
fn what_is_no_loan_and_no_answer_is_refused() {
    let size = Size::new(1000, 800).expect("a size");
    let (picture, mask) = (noisy(size, 3, false), many(size));
    let mut fill = start(&picture, &mask, Quality::Balanced);
    let loan = fill.lend().expect("lends").expect("there is enough to do");
    let is_refused = |bytes: &[u8]| Helper::new(bytes).is_err();
    assert!((0..loan.len()).step_by(97).chain([loan.len() - 1]).all(|length| is_refused(&loan[..length])));
    for word in 1..20 {
        let mut wrong = loan.clone();
        wrong[4 * word..4 * word + 4].fill(0xff);
        // Seed, marked pixels and those elsewhere may be any number; then it must work, or fail, but not panic.
        if let Ok(mut helper) = Helper::new(&wrong) {
            assert!([2, 8, 12].contains(&word), "word {word}");
            let _ = helper.step();
        }
    }
    for answer in [&[] as &[u8], &[0; 3], &7_u32.to_le_bytes()] {
        assert!(matches!(fill.take_back(answer), Err(Error::Argument { .. })), "{answer:?}");
    }
    // Too short: given up, as if it had never come.
    let short = fill.take_back(&number(&loan).to_le_bytes());
    assert!(matches!(short, Err(Error::Argument { .. })), "{short:?}");
    while !matches!(fill.step().expect("works"), Step::Done(_)) {}
}

#[test]
fn an_only_part_and_a_short_job_are_not_lent() {
    let size = Size::new(600, 400).expect("a size");
    let picture = noisy(size, 3, false);
    let only = rectangles(size, &[[100, 100, 300, 200]]);
    let specks = mask_of(size, |x, y| x % 100 == 50 && y % 100 == 50);
    for mask in [only, specks] {
        assert_eq!(start(&picture, &mask, Quality::Balanced).lend(), Ok(None));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loans_change_no_byte_wherever_parts_lie(
        (width, height) in (1390u32..1430, 1390u32..1430),
        holes in prop::collection::vec((0u32..1400, 0u32..1400, 4u32..300, 4u32..300), 2..9),
        channels in 1u8..=4,
        sixteen_bits in any::<bool>(),
    ) {
        let size = Size::new(width, height).expect("a size");
        let holes: Vec<_> = holes.into_iter().map(|(x, y, width, height)| [x, y, width, height]).collect();
        let mask = rectangles(size, &holes);
        prop_assume!(mask.check_for(size).is_ok());
        let picture = noisy(size, channels, sixteen_bits);
        let alone = by_threads(&picture, &mask, &options(Quality::Balanced, 1));
        let (lent, _) = by_loans(&picture, &mask, Quality::Balanced, Lending::Answered);
        prop_assert!(lent == alone);
    }
}
