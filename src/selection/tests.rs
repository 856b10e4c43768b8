//! What a person can do to marks.

use super::*;

fn selection(width: u32, height: u32) -> Selection {
    Selection::new(Size::new(width, height).expect("a size"))
}

fn square(x: u32, y: u32, side: u32) -> Rectangle {
    Rectangle { x, y, width: side, height: side }
}

#[test]
fn a_stroke_is_one_step() {
    let mut marks = selection(100, 100);
    marks.begin_stroke(Point { x: 10.0, y: 50.0 }, 9.0, Combine::Add).expect("begins");
    let touched =
        marks.extend_stroke(&[Point { x: 90.0, y: 50.0 }, Point { x: 90.0, y: 10.0 }], None).expect("goes on");
    assert_eq!(touched, Some(Rectangle { x: 5, y: 5, width: 90, height: 50 }));
    assert!(!marks.undo() && !marks.summary().can_undo, "not while it is drawn");
    marks.end_stroke().expect("ends");
    let drawn = marks.mask().clone();
    assert!(marks.undo() && marks.mask().is_empty());
    assert!(marks.redo());
    assert_eq!(marks.mask(), &drawn);
    assert!(!marks.redo());
}

#[test]
fn a_cancelled_stroke_leaves_what_was_there() {
    let mut marks = selection(100, 100);
    marks.add_rectangle(square(0, 0, 50), Combine::Add).expect("added");
    marks.begin_stroke(Point { x: 25.0, y: 25.0 }, 20.0, Combine::Subtract).expect("begins");
    assert!(marks.mask().count() < 2500);
    marks.cancel_stroke();
    assert_eq!(marks.mask().count(), 2500);
    assert!(marks.end_stroke().is_err());
}

#[test]
fn marks_are_rectangles_only_where_they_are_nothing_else() {
    let mut marks = selection(100, 100);
    assert_eq!(marks.rectangles(), None);
    marks.add_rectangle(square(90, 90, 50), Combine::Add).expect("added");
    assert_eq!(marks.rectangles(), Some(vec![square(90, 90, 10)]), "clipped");
    marks.add_rectangle(square(0, 0, 5), Combine::Subtract).expect("added");
    assert_eq!(marks.rectangles(), None);
    marks.clear().expect("cleared");
    marks.add_rectangle(square(1, 1, 2), Combine::Add).expect("added");
    assert_eq!(marks.rectangles(), Some(vec![square(1, 1, 2)]));
    for _ in 0..50 {
        marks.add_rectangle(square(1, 1, 2), Combine::Add).expect("added");
    }
    assert_eq!(marks.rectangles(), None, "51 are too many");
    assert!(matches!(
        marks.add_rectangle(square(100, 0, 2), Combine::Add),
        Err(Error::RectangleOutside { clipped: None, .. })
    ));
}

#[test]
fn clear_can_be_undone_and_is_no_step_on_nothing() {
    let mut marks = selection(10, 10);
    marks.clear().expect("cleared");
    assert!(!marks.summary().can_undo);
    marks.add_rectangle(square(0, 0, 5), Combine::Add).expect("added");
    marks.clear().expect("cleared");
    assert_eq!(marks.summary().marked, 0);
    marks.undo();
    assert_eq!(marks.summary(), Summary { marked: 25, coverage: 0.25, can_undo: true, can_redo: true, steps: 1 });
}

/// A mask of more runs than bits.
fn noise(size: Size, seed: u32) -> Mask {
    let mut state = seed | 1;
    let bytes = Mask::new(size).to_bytes().len();
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    Mask::from_bytes(size, &(0..bytes).map(next).collect::<Vec<_>>()).expect("as many bytes")
}

/// Five hundred long strokes at 4096 × 4096: the history stays small, and each undo ends at
/// what was there before.
#[test]
fn a_long_history_is_small() {
    let mut marks = selection(4096, 4096);
    let mut counts = vec![0];
    for i in 0..500u32 {
        let y = 8.0 * i as f32;
        marks.begin_stroke(Point { x: 0.0, y }, 40.0, Combine::Add).expect("begins");
        let points: Vec<Point> = (0..300).map(|k| Point { x: 13.0 * k as f32, y: y + (k % 9) as f32 }).collect();
        marks.extend_stroke(&points, None).expect("goes on");
        marks.end_stroke().expect("ends");
        counts.push(marks.mask().count());
        // What a person does between strokes now and then.
        match i % 100 {
            40 => {
                let lasso =
                    (0..1000).map(|k| f64::from(k) * 0.00628).map(|a| (2000.0 + 900.0 * a.cos(), 900.0 * a.sin()));
                let lasso = lasso.map(|(x, dy)| Point { x: x as f32, y: y + dy as f32 });
                marks.add_polygon(lasso.collect(), Combine::Subtract).expect("added");
            }
            60 => marks.grow(20).expect("grown"),
            80 => marks.add_mask(&noise(marks.mask().size(), i), Combine::Subtract).expect("added"),
            _ => continue,
        }
        counts.push(marks.mask().count());
    }
    assert!(marks.memory() < 32 << 20, "{} bytes", marks.memory());
    assert!(marks.checkpoints() > 10, "checkpoints are in use");
    for expected in counts.iter().rev().skip(1).take(120) {
        marks.undo();
        assert_eq!(marks.mask().count(), *expected);
    }
}

#[test]
fn what_changes_nothing_is_no_step() {
    let mut marks = selection(70, 10);
    marks.grow(5).and_then(|()| marks.shrink(5)).expect("nothing to do");
    assert_eq!((marks.summary().steps, marks.mask().bounds()), (0, None));
    marks.invert().expect("inverted");
    marks.shrink(200).and_then(|()| marks.grow(200)).expect("nothing to do");
    assert_eq!((marks.summary().steps, marks.summary().marked), (1, 700));
    for by in [0, 201] {
        let expected = Err(Error::out_of_range("by", by.into(), 1.0, 200.0));
        assert_eq!((marks.grow(by), marks.shrink(by)), (expected.clone(), expected));
    }
}

#[test]
fn a_stroke_may_have_a_diameter_at_each_point() {
    let at = |x| Point { x, y: 50.0 };
    let mut marks = selection(200, 100);
    marks.begin_stroke(at(20.0), 4.0, Combine::Add).expect("begins");
    marks.extend_stroke(&[at(60.0)], None).expect("goes on");
    marks.extend_stroke(&[at(100.0), at(140.0)], Some(&[40.0, 2.0])).expect("goes on");
    let drawn = marks.mask().clone();
    let refused = marks.extend_stroke(&[at(150.0)], Some(&[]));
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    for diameter in [0.0, 1001.0, f32::NAN] {
        let refused = marks.extend_stroke(&[at(150.0), at(160.0)], Some(&[5.0, diameter]));
        assert!(matches!(refused, Err(Error::OutOfRange { .. })), "{diameter}");
    }
    assert_eq!(marks.mask(), &drawn, "nothing of what was refused");
    marks.extend_stroke(&[at(180.0)], None).expect("goes on");
    marks.end_stroke().expect("ends");
    let height = |x| (0..100).filter(|y| marks.mask().get(x, *y)).count();
    // Halfway between discs of 4 and 40 it is more than 22 high: upright, a tangent's distance is longer.
    assert_eq!([30, 100, 160, 180].map(height), [4, 40, 4, 4]);
    assert!((24..=26).contains(&height(80)), "{}", height(80));
    let LoggedStep::Stroke { diameters, diameter, .. } = &marks.log()[0] else { panic!("a stroke") };
    assert_eq!((diameters.as_deref(), *diameter), (Some(&[4.0, 4.0, 40.0, 2.0, 4.0][..]), 4.0));
}

#[test]
fn a_rectangle_can_be_changed_and_the_change_be_undone() {
    let mut marks = selection(100, 100);
    let first = marks.add_rectangle(square(0, 0, 10), Combine::Add).expect("added");
    let second = marks.add_rectangle(square(50, 50, 10), Combine::Add).expect("added");
    assert_eq!((first, second), (0, 1));
    marks.change_rectangle(first, Some(square(95, 20, 50))).expect("changed");
    assert_eq!(marks.rectangles(), Some(vec![Rectangle { x: 95, y: 20, width: 5, height: 50 }, square(50, 50, 10)]));
    marks.change_rectangle(first, Some(Rectangle { x: 95, y: 20, width: 5, height: 50 })).expect("as it was");
    assert_eq!(marks.summary().steps, 3, "no step");
    marks.change_rectangle(first, None).expect("removed");
    assert_eq!(marks.rectangles(), Some(vec![square(50, 50, 10)]));
    for id in [first, 2, 7, u32::MAX] {
        assert!(matches!(marks.change_rectangle(id, None), Err(Error::Argument { .. })), "{id}");
    }
    let outside = marks.change_rectangle(second, Some(square(100, 0, 5)));
    assert!(matches!(outside, Err(Error::RectangleOutside { .. })));
    assert!(marks.undo() && marks.undo());
    assert_eq!(marks.rectangles(), Some(vec![square(0, 0, 10), square(50, 50, 10)]));
    assert!(marks.redo());
    assert_eq!(marks.summary().marked, 250 + 100);
    marks.clear().expect("cleared");
    assert_eq!(marks.shapes(), []);
    assert!(marks.change_rectangle(second, None).is_err(), "from before the clear");
}

#[test]
fn a_changed_rectangle_keeps_its_place_in_the_order() {
    let mut marks = selection(100, 100);
    let id = marks.add_rectangle(square(0, 0, 20), Combine::Add).expect("added");
    marks.begin_stroke(Point { x: 50.0, y: 50.0 }, 10.0, Combine::Subtract).expect("begins");
    assert!(matches!(marks.change_rectangle(id, None), Err(Error::OutOfOrder { .. })), "not while it is drawn");
    marks.end_stroke().expect("ends");
    marks.change_rectangle(id, Some(square(40, 40, 20))).expect("changed");
    assert!(marks.mask().get(42, 42) && !marks.mask().get(50, 50), "erased of it at its new place");
    assert_eq!(marks.rectangles(), None);
    let shape = Shape { id, x: 40, y: 40, width: 20, height: 20, subtract: false };
    assert_eq!((marks.shapes(), shape.rectangle()), (vec![shape], square(40, 40, 20)));
}

#[test]
fn an_area_is_replaced_and_the_rest_stays() {
    let mut marks = selection(100, 100);
    marks.add_rectangle(square(0, 0, 50), Combine::Add).expect("added");
    let mask = Mask::from_rectangles(marks.mask().size(), &[square(20, 20, 5), square(90, 90, 5)]);
    marks.replace_area(square(10, 10, 30), &mask).expect("replaced");
    assert_eq!(marks.summary().marked, 2500 - 900 + 25);
    let runs: Vec<u32> = (20..25).flat_map(|y| [y, 20, 25]).collect();
    assert_eq!(marks.log()[1], LoggedStep::Replace { area: square(10, 10, 30), runs });
    let other = Mask::new(Size::new(100, 99).expect("a size"));
    assert!(matches!(marks.replace_area(square(0, 0, 1), &other), Err(Error::MaskSize { .. })));
    assert!(matches!(marks.add_mask(&other, Combine::Add), Err(Error::MaskSize { .. })));
    let outside = marks.replace_area(square(100, 0, 5), &mask);
    assert!(matches!(outside, Err(Error::RectangleOutside { .. })));
}
