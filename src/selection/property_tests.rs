//! Undo, redo and the log, against the plainest things that could work.

use super::*;
use proptest::prelude::*;

fn selection() -> Selection {
    Selection::new(Size::new(64, 64).expect("a size"))
}

/// A step as a person makes it. It may be refused (a change where there is no rectangle).
#[derive(Debug, Clone)]
enum Act {
    Stroke(Vec<(Point, f32)>, bool, Combine),
    Rectangle(Rectangle, Combine),
    Polygon(Vec<Point>, Combine),
    Mask(Vec<Rectangle>, Combine),
    Replace(Rectangle, Vec<Rectangle>),
    /// Which of the rectangles, counted round.
    Change(usize, Option<Rectangle>),
    Invert,
    Grow(u32),
    Shrink(u32),
    Clear,
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    let point = || (-9f32..70.0, -9f32..70.0).prop_map(|(x, y)| Point { x, y });
    let combine = || any::<bool>().prop_map(|subtract| if subtract { Combine::Subtract } else { Combine::Add });
    let rectangle =
        || (0u32..64, 0u32..64, 1u32..30, 1u32..30).prop_map(|(x, y, width, height)| Rectangle { x, y, width, height });
    let rectangles = || prop::collection::vec(rectangle(), 0..3);
    prop_oneof![
        4 => (prop::collection::vec((point(), 1f32..20.0), 1..4), any::<bool>(), combine())
            .prop_map(|(points, pressure, combine)| Act::Stroke(points, pressure, combine)),
        4 => (rectangle(), combine()).prop_map(|(rectangle, combine)| Act::Rectangle(rectangle, combine)),
        1 => (prop::collection::vec(point(), 3..6), combine()).prop_map(|(points, c)| Act::Polygon(points, c)),
        1 => (rectangles(), combine()).prop_map(|(rectangles, combine)| Act::Mask(rectangles, combine)),
        1 => (rectangle(), rectangles()).prop_map(|(area, rectangles)| Act::Replace(area, rectangles)),
        4 => (0usize..9, prop::option::of(rectangle())).prop_map(|(which, to)| Act::Change(which, to)),
        1 => Just(Act::Invert),
        1 => (1u32..9).prop_map(Act::Grow),
        1 => (1u32..9).prop_map(Act::Shrink),
        1 => Just(Act::Clear),
        7 => Just(Act::Undo),
        5 => Just(Act::Redo),
    ]
}

/// Does what a person does; answers whether it became a step.
fn perform(marks: &mut Selection, act: &Act) -> Result<bool> {
    let before = marks.summary().steps;
    let mask = |marks: &Selection, list: &[Rectangle]| Mask::from_rectangles(marks.mask().size(), list);
    match act {
        Act::Stroke(points, pressure, combine) => {
            let (points, diameters): (Vec<Point>, Vec<f32>) = points.iter().copied().unzip();
            marks.begin_stroke(points[0], diameters[0], *combine)?;
            marks.extend_stroke(&points[1..], pressure.then_some(&diameters[1..]))?;
            marks.end_stroke()?;
        }
        Act::Rectangle(rectangle, combine) => {
            assert_eq!(marks.add_rectangle(*rectangle, *combine)?, before);
        }
        Act::Polygon(points, combine) => {
            marks.add_polygon(points.clone(), *combine)?;
        }
        Act::Mask(list, combine) => marks.add_mask(&mask(marks, list), *combine)?,
        Act::Replace(area, list) => marks.replace_area(*area, &mask(marks, list))?,
        Act::Change(which, to) => {
            let shapes = marks.shapes();
            let shape = shapes.get(which % shapes.len().max(1)).ok_or(Error::EmptyMask)?;
            marks.change_rectangle(shape.id, *to)?;
        }
        Act::Invert => marks.invert()?,
        Act::Grow(by) => marks.grow(*by)?,
        Act::Shrink(by) => marks.shrink(*by)?,
        Act::Clear => marks.clear()?,
        Act::Undo | Act::Redo => return Ok(false),
    }
    Ok(marks.summary().steps > before)
}

/// A logged step through the public calls, as a project file is opened.
fn repeat(marks: &mut Selection, step: LoggedStep) -> Result<()> {
    let combine = |subtract| if subtract { Combine::Subtract } else { Combine::Add };
    let points = |flat: Vec<f32>| flat.chunks(2).map(|p| Point { x: p[0], y: p[1] }).collect::<Vec<_>>();
    let size = marks.mask().size();
    match step {
        LoggedStep::Stroke { points: flat, diameters, diameter, subtract } => {
            let points = points(flat);
            marks.begin_stroke(points[0], diameter, combine(subtract))?;
            marks.extend_stroke(&points[1..], diameters.as_ref().map(|diameters| &diameters[1..]))?;
            marks.end_stroke()
        }
        LoggedStep::Rectangle { x, y, width, height, subtract } => {
            marks.add_rectangle(Rectangle { x, y, width, height }, combine(subtract)).map(drop)
        }
        LoggedStep::Polygon { points: flat, subtract } => marks.add_polygon(points(flat), combine(subtract)).map(drop),
        LoggedStep::Mask { runs, subtract } => marks.add_mask(&Mask::from_runs(size, &runs)?, combine(subtract)),
        LoggedStep::Replace { area, runs } => marks.replace_area(area, &Mask::from_runs(size, &runs)?),
        LoggedStep::Change { id, rectangle } => marks.change_rectangle(id, rectangle),
        LoggedStep::Invert => marks.invert(),
        LoggedStep::Grow { by } => marks.grow(by),
        LoggedStep::Shrink { by } => marks.shrink(by),
        LoggedStep::Clear => marks.clear(),
    }
}

/// The plainest thing that could work: what is done to the marks, with each rectangle as it is now.
type Model = Vec<Act>;

/// The model after one more step, which the marks show already.
fn after(model: &Model, act: &Act, changed: Option<u32>) -> Model {
    let mut model = model.clone();
    if let (Act::Change(_, to), Some(id)) = (act, changed) {
        let Act::Rectangle(_, combine) = model[id as usize] else { panic!("step {id} is no rectangle") };
        let inside = to.and_then(|to| to.clipped(Size::new(64, 64).expect("a size")));
        // Nothing is drawn at a removed rectangle's place.
        model[id as usize] = inside.map_or(Act::Undo, |inside| Act::Rectangle(inside, combine));
        model.push(Act::Redo);
    } else {
        model.push(act.clone());
    }
    model
}

fn from_scratch(model: &Model) -> Mask {
    let mut mask = selection().mask().clone();
    for act in model {
        // Each on a selection of its own, so that nothing of the history is used.
        let mut one = selection();
        one.add_mask(&mask, Combine::Add).expect("added");
        let ids = one.summary().steps;
        match act {
            Act::Rectangle(rectangle, combine) => assert_eq!(one.add_rectangle(*rectangle, *combine), Ok(ids)),
            act => {
                perform(&mut one, act).expect("done");
            }
        }
        mask = one.mask().clone();
    }
    mask
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The history, with hardly any, some and very many checkpoints, against drawing from scratch.
    #[test]
    fn undo_and_redo_are_drawing_from_scratch(
        acts in prop::collection::vec(act(), 0..50),
        between in prop_oneof![Just(0u64), 1u64..300, Just(1_000_000)],
    ) {
        let mut marks = selection();
        marks.spans_between_checkpoints = between;
        let (mut past, mut future): (Vec<Model>, Vec<Model>) = (vec![Vec::new()], Vec::new());
        for act in acts {
            let shapes = marks.shapes();
            let changed = if let Act::Change(which, _) = act {
                shapes.get(which % shapes.len().max(1)).map(|shape| shape.id)
            } else {
                None
            };
            match act {
                Act::Undo => {
                    prop_assert_eq!(marks.undo(), past.len() > 1);
                    if past.len() > 1 {
                        future.extend(past.pop());
                    }
                }
                Act::Redo => {
                    prop_assert_eq!(marks.redo(), !future.is_empty());
                    past.extend(future.pop());
                }
                act => {
                    if perform(&mut marks, &act) == Ok(true) {
                        let now = after(&past[past.len() - 1], &act, changed);
                        past.push(now);
                        future.clear();
                    }
                }
            }
            let model = &past[past.len() - 1];
            prop_assert_eq!(marks.summary().steps as usize, model.len());
            prop_assert_eq!(marks.mask(), &from_scratch(model));
        }
    }

    /// A log that is done again gives the same marks, rectangles and log.
    #[test]
    fn a_log_can_be_done_again(acts in prop::collection::vec(act(), 0..40)) {
        let mut marks = selection();
        for act in acts {
            match act {
                Act::Undo => drop(marks.undo()),
                Act::Redo => drop(marks.redo()),
                act => drop(perform(&mut marks, &act)),
            }
        }
        let mut again = selection();
        for step in marks.log() {
            repeat(&mut again, step).expect("the step was done before");
        }
        prop_assert_eq!(again.mask(), marks.mask());
        prop_assert_eq!(again.shapes(), marks.shapes());
        prop_assert_eq!(again.log(), marks.log());
    }
}
