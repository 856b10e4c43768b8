//! The wand and the strokes on photographs: how much of a stamp is found, how much else is marked.
#![cfg(all(feature = "picture", not(target_arch = "wasm32")))]

mod segment_golden;

use reweave::picture::{Picture, Samples};
use reweave::segment::{strokes, wand};
use reweave::{Error, Mask, Rectangle, Size};
use segment_golden::{CASES, compare_all, photograph, picture_of};

const ALL: Rectangle = Rectangle { x: 0, y: 0, width: 160, height: 90 };

#[test]
fn stamps_text_lines_and_logos_are_found_and_little_else() {
    let mut failures = Vec::new();
    for case in &CASES {
        let stamped = case.draw();
        let mut line = format!("{:24}", case.name);
        for (spare, grow) in [(8, 2), (8, 3), (3, 2), (16, 2)] {
            let area = stamped.frame(spare);
            let found = strokes(&stamped.picture, area, grow).unwrap_or_else(|_| Mask::new(stamped.picture.size()));
            let (recall, excess) = stamped.judge(&found, grow);
            line += &format!("  {spare:2} px to spare, grown {grow}: {recall:.3} ×{excess:.2}");
            if !(recall >= case.recall && excess <= case.excess) {
                failures.push(format!("{} with {spare} px, grown by {grow}: {recall:.3} ×{excess:.2}", case.name));
            }
        }
        println!("{line}");
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn strokes_are_as_they_were_when_they_were_looked_at() {
    let found = CASES.iter().map(|case| {
        let stamped = case.draw();
        (case.name, strokes(&stamped.picture, stamped.frame(8), 3).expect("strokes"))
    });
    compare_all(found);
}

#[test]
fn the_wand_is_as_it_was_when_it_was_looked_at() {
    let places = [
        ("wand-suit", "astronaut.png", 100, 370, 60),
        ("wand-visor", "astronaut.png", 380, 480, 30),
        ("wand-saucer", "coffee.jpg", 130, 250, 40),
        ("wand-corner", "coffee.jpg", 20, 10, 16),
    ];
    let wands = places
        .into_iter()
        .map(|(name, photo, x, y, tolerance)| (name, wand(&photograph(photo), x, y, tolerance).expect("inside")));
    compare_all(wands);
}

/// A noise of −1 to 1 that is the same on every platform.
fn noise(i: u32) -> f32 {
    // The finaliser of MurmurHash3.
    let mixed = (i ^ i >> 16).wrapping_mul(0x85eb_ca6b);
    let mixed = (mixed ^ mixed >> 13).wrapping_mul(0xc2b2_ae35);
    (mixed >> 16) as f32 / 32_768.0 - 1.0
}

/// A cross of two lines, three pixels wide.
fn is_line(x: u32, y: u32) -> bool {
    ((30..33).contains(&y) && (20..140).contains(&x)) || ((70..73).contains(&x) && (10..80).contains(&y))
}

fn lines(value: impl Fn(u32, u32, u32) -> u8, channels: u8) -> (Picture, Mask) {
    let truth: Vec<u8> = (0..160 * 90).map(|i| u8::from(is_line(i % 160, i / 160)) * 255).collect();
    let truth = Mask::from_values(Size::new(160, 90).expect("a size"), truth.into_iter(), 128).expect("fits");
    (picture_of(160, 90, channels, value), truth)
}

#[test]
fn every_kind_of_picture_has_strokes() {
    for channels in 1..=4u8 {
        for dark in [false, true] {
            let value = |x: u32, y: u32, c: u32| {
                if c == u32::from(channels) - 1 && channels.is_multiple_of(2) {
                    return 255;
                }
                let grain = 120.0 + 8.0 * noise(y * 160 + x);
                if is_line(x, y) { if dark { 20 } else { 230 } } else { grain as u8 }
            };
            let (eight, truth) = lines(value, channels);
            let Samples::U8(samples) = eight.samples() else { panic!("8 bits") };
            let wide = Samples::U16(samples.iter().map(|v| u16::from(*v) * 257).collect());
            let sixteen = Picture::from_samples(eight.size(), channels, wide).expect("fits");
            for picture in [eight, sixteen] {
                assert_eq!(strokes(&picture, ALL, 0), Ok(truth.clone()), "{channels} channels, dark: {dark}");
            }
        }
    }
}

#[test]
fn strokes_of_a_colour_as_bright_as_their_background_are_found() {
    // (200, 80, 80) and (80, 130, 158) have the luma 120, nearly.
    let value =
        |x: u32, y: u32, c: u32| if is_line(x, y) { [200, 84, 96][c as usize] } else { [80, 135, 150][c as usize] };
    let (picture, truth) = lines(value, 3);
    assert_eq!(strokes(&picture, ALL, 0), Ok(truth));
}

#[test]
fn alpha_alone_makes_strokes_and_hidden_colours_none() {
    let (picture, truth) =
        lines(|x, y, c| if c == 3 { u8::from(is_line(x, y)) * 255 } else { (x * 7 * (c + 1)) as u8 / 4 }, 4);
    let found = strokes(&picture, ALL, 0).expect("strokes");
    assert!(found.count() <= truth.count(), "{found:?} of {truth:?}");
    let hidden = picture_of(160, 90, 4, |x, y, c| if c == 3 { 0 } else { u8::from(is_line(x, y)) * 255 });
    assert_eq!(strokes(&hidden, ALL, 3), Err(Error::NoStrokes { area: ALL }));
}

#[test]
fn where_nothing_stands_out_there_are_no_strokes() {
    let flat = picture_of(160, 90, 3, |_, _, _| 77);
    let slope = picture_of(160, 90, 3, |x, y, _| (x + y / 2) as u8);
    let grain = picture_of(160, 90, 3, |x, y, c| (120.0 + 40.0 * noise((y * 160 + x) * 3 + c)) as u8);
    let checks = picture_of(160, 90, 1, |x, y, _| if (x / 4 + y / 4) % 2 == 0 { 60 } else { 190 });
    let part = Rectangle { x: 40, y: 20, width: 60, height: 40 };
    for (name, picture) in [("flat", flat), ("slope", slope), ("grain", grain), ("checks", checks)] {
        for area in [part, ALL] {
            if name != "checks" || area == part {
                assert_eq!(strokes(&picture, area, 3), Err(Error::NoStrokes { area }), "{name}");
            }
        }
    }
    let wood = Rectangle { x: 440, y: 300, width: 150, height: 90 };
    assert_eq!(strokes(&photograph("coffee.jpg"), wood, 3), Err(Error::NoStrokes { area: wood }));
}

#[test]
fn areas_may_be_tiny_at_the_border_or_cut_strokes() {
    let (picture, truth) = lines(|x, y, _| if is_line(x, y) { 240 } else { 90 }, 1);
    let areas =
        [[60, 20, 30, 30], [0, 0, 160, 40], [66, 60, 12, 30], [100, 25, 60, 13], [18, 0, 142, 90], [68, 40, 7, 50]];
    for [x, y, width, height] in areas {
        let area = Rectangle { x, y, width, height };
        let found = strokes(&picture, area, 0).expect("strokes");
        let expected = (y..y + height).map(|y| (x..x + width).filter(|x| truth.get(*x, y)).count() as u64).sum::<u64>();
        assert_eq!(found.count(), expected, "{area:?}");
        let grown = strokes(&picture, area, 20).expect("strokes");
        assert_eq!(grown.bounds().and_then(|bounds| bounds.intersection(area)), grown.bounds(), "{area:?}");
    }
    for [x, y] in [[0, 0], [159, 89], [70, 30]] {
        let area = Rectangle { x, y, width: 1, height: 1 };
        assert_eq!(strokes(&picture, area, 0), Err(Error::NoStrokes { area }));
    }
    let outside = Rectangle { x: 160, y: 0, width: 5, height: 5 };
    assert_eq!(strokes(&picture, outside, 0), Err(Error::NoStrokes { area: outside }));
    let huge = Rectangle { x: 0, y: 0, width: u32::MAX, height: u32::MAX };
    assert!(strokes(&picture, huge, 0).is_ok(), "what is outside is cut off");
    assert!(matches!(strokes(&picture, ALL, 21), Err(Error::OutOfRange { .. })));
}

#[test]
fn grown_strokes_are_discs_round_them() {
    let point = picture_of(61, 61, 1, |x, y, _| if (28..33).contains(&x) && (28..33).contains(&y) { 250 } else { 50 });
    let area = Rectangle { x: 5, y: 5, width: 50, height: 50 };
    for grow in [0, 1, 3, 10] {
        let found = strokes(&point, area, grow).expect("strokes");
        let square = 28 - grow;
        assert_eq!(found.bounds(), Some(Rectangle { x: square, y: square, width: 5 + 2 * grow, height: 5 + 2 * grow }));
        assert!(grow < 2 || !found.get(square, square), "a disc has no corners");
    }
}

#[test]
fn a_large_area_is_searched_at_a_part_of_its_size() {
    let (width, height) = (2000, 1100);
    let is_stroke = |x: u32, y: u32| (500..512).contains(&y) && (100..1901).contains(&x);
    let picture =
        picture_of(
            width,
            height,
            1,
            |x, y, _| {
                if is_stroke(x, y) { 255 } else { (110.0 + 10.0 * noise(y * width + x)) as u8 }
            },
        );
    let area = Rectangle { x: 1, y: 1, width: width - 2, height: height - 2 };
    let found = strokes(&picture, area, 2).expect("strokes");
    let missed = (0..width * height).filter(|i| is_stroke(i % width, i / width) && !found.get(i % width, i / width));
    assert_eq!(missed.count(), 0);
    assert!(found.count() < 1801 * 12 * 2, "{found:?}");
}
