//! What a person can do to marks, and that undo and redo are exact.

use super::*;
use proptest::prelude::*;

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
    }
    assert!(marks.memory() < 32 << 20, "{} bytes", marks.memory());
    assert!(marks.checkpoints() > 10, "checkpoints are in use");
    for expected in counts.iter().rev().skip(1).take(120) {
        marks.undo();
        assert_eq!(marks.mask().count(), *expected);
    }
}

#[derive(Debug, Clone)]
enum Act {
    Stroke(f32, f32, f32, f32, f32, bool),
    Rectangle(u32, u32, u32, bool),
    Clear,
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    let at = || 0f32..64.0;
    prop_oneof![
        4 => (at(), at(), at(), at(), 1f32..20.0, any::<bool>())
            .prop_map(|(a, b, c, d, w, s)| Act::Stroke(a, b, c, d, w, s)),
        2 => (0u32..64, 0u32..64, 1u32..30, any::<bool>()).prop_map(|(x, y, w, s)| Act::Rectangle(x, y, w, s)),
        1 => Just(Act::Clear),
        4 => Just(Act::Undo),
        3 => Just(Act::Redo),
    ]
}

proptest! {
    /// The history against the plainest thing that could work: a copy of the mask for each step.
    #[test]
    fn undo_and_redo_are_those_of_snapshots(acts in prop::collection::vec(act(), 0..60)) {
        let mut marks = selection(64, 64);
        let (mut past, mut future) = (vec![marks.mask().clone()], Vec::new());
        for act in acts {
            let combine = |subtract| if subtract { Combine::Subtract } else { Combine::Add };
            match act {
                Act::Stroke(ax, ay, bx, by, width, subtract) => {
                    marks.begin_stroke(Point { x: ax, y: ay }, width, combine(subtract)).expect("begins");
                    marks.extend_stroke(&[Point { x: bx, y: by }], None).expect("goes on");
                    marks.end_stroke().expect("ends");
                }
                Act::Rectangle(x, y, side, subtract) => {
                    marks.add_rectangle(square(x, y, side), combine(subtract)).expect("inside");
                }
                Act::Clear if marks.mask().is_empty() => continue,
                Act::Clear => marks.clear().expect("idle"),
                Act::Undo => {
                    prop_assert_eq!(marks.undo(), past.len() > 1);
                    if past.len() > 1 {
                        future.extend(past.pop());
                    }
                    prop_assert_eq!(marks.mask(), &past[past.len() - 1]);
                    continue;
                }
                Act::Redo => {
                    prop_assert_eq!(marks.redo(), !future.is_empty());
                    past.extend(future.pop());
                    prop_assert_eq!(marks.mask(), &past[past.len() - 1]);
                    continue;
                }
            }
            past.push(marks.mask().clone());
            future.clear();
        }
    }
}
