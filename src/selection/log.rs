//! The steps of a selection as plain data.
//!
//! Done again through the public calls in their order, the steps give the same marks, the same
//! history and the same ids.

use serde::Serialize;

use super::step::Step;
use super::{Combine, Selection};
use crate::geometry::{Point, Rectangle};

/// One step of [`Selection::log`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum LoggedStep {
    /// A stroke of the brush.
    Stroke {
        /// x, y, x, y, …
        points: Vec<f32>,
        /// One a point, where not all have the stroke's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(all(feature = "js", target_arch = "wasm32"), tsify(optional))]
        diameters: Option<Vec<f32>>,
        /// The stroke's own.
        diameter: f32,
        /// Whether it takes away.
        subtract: bool,
    },
    /// A rectangle, as it was added; its id is its place in the log.
    Rectangle {
        /// Left edge.
        x: u32,
        /// Top edge.
        y: u32,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Whether it takes away.
        subtract: bool,
    },
    /// A polygon or lasso.
    Polygon {
        /// x, y, x, y, …
        points: Vec<f32>,
        /// Whether it takes away.
        subtract: bool,
    },
    /// A whole mask.
    Mask {
        /// y, start, end, y, start, end, …
        runs: Vec<u32>,
        /// Whether it takes away.
        subtract: bool,
    },
    /// The marks of an area.
    Replace {
        /// Where marks were replaced.
        area: Rectangle,
        /// y, start, end, y, start, end, …
        runs: Vec<u32>,
    },
    /// A rectangle that was moved or, where there is none, removed.
    Change {
        /// Of the rectangle.
        id: u32,
        /// Where it is now.
        rectangle: Option<Rectangle>,
    },
    /// What was not marked was marked, and the other way round.
    Invert,
    /// All within a distance of what was marked was marked.
    Grow {
        /// The distance in pixels.
        by: u32,
    },
    /// All within a distance of what was not marked was unmarked.
    Shrink {
        /// The distance in pixels.
        by: u32,
    },
    /// All was unmarked.
    Clear,
}

impl Selection {
    /// The steps that are done, in their order.
    #[must_use]
    pub fn log(&self) -> Vec<LoggedStep> {
        self.steps[..self.done].iter().map(logged).collect()
    }
}

fn logged(step: &Step) -> LoggedStep {
    let is_subtract = |combine: &Combine| *combine == Combine::Subtract;
    match step {
        Step::Stroke(stroke) => LoggedStep::Stroke {
            points: flat(&stroke.points),
            diameters: (!stroke.diameters.is_empty()).then(|| stroke.diameters.clone()),
            diameter: stroke.diameter,
            subtract: is_subtract(&stroke.combine),
        },
        Step::Rectangle(Rectangle { x, y, width, height }, combine) => {
            LoggedStep::Rectangle { x: *x, y: *y, width: *width, height: *height, subtract: is_subtract(combine) }
        }
        Step::Polygon(points, combine) => LoggedStep::Polygon { points: flat(points), subtract: is_subtract(combine) },
        Step::Mask(kept, combine) => LoggedStep::Mask { runs: kept.runs(), subtract: is_subtract(combine) },
        Step::Replace(area, kept) => LoggedStep::Replace { area: *area, runs: kept.runs() },
        Step::Change(id, rectangle) => LoggedStep::Change { id: *id as u32, rectangle: *rectangle },
        Step::Invert => LoggedStep::Invert,
        Step::Grow(by) => LoggedStep::Grow { by: *by },
        Step::Shrink(by) => LoggedStep::Shrink { by: *by },
        Step::Clear => LoggedStep::Clear,
    }
}

fn flat(points: &[Point]) -> Vec<f32> {
    points.iter().flat_map(|point| [point.x, point.y]).collect()
}
