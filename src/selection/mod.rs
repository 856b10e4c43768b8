//! Marks with undo and redo, drawn into a mask.
//!
//! A selection is a log of steps: shapes, masks and operations on all that is marked, in the order
//! in which they were done. Nothing of the past is a picture: what is undone is found by drawing again
//! from a checkpoint ([`history`]). A rectangle stays a rectangle, so that it can be moved later
//! ([`rectangles`]). The log as plain data ([`log`]) is what a project file holds.

mod history;
mod log;
#[cfg(test)]
mod property_tests;
mod rectangles;
mod step;
#[cfg(test)]
mod tests;

pub use log::LoggedStep;
pub use rectangles::Shape;

use serde::Serialize;

use self::history::Checkpoint;
use self::step::{Step, Stroke};
use crate::error::{Error, Result};
use crate::geometry::{Point, Rectangle, Size};
use crate::mask::{Dab, GROW_BY, Kept, Mask, check_diameter, check_points, check_polygon};

/// Whether a mark adds to the region or takes away from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Combine {
    /// What it covers becomes marked.
    #[default]
    Add,
    /// What it covers becomes unmarked.
    Subtract,
}

/// The marks on one picture.
pub struct Selection {
    mask: Mask,
    steps: Vec<Step>,
    /// How many of `steps` are done; those behind are what redo brings back.
    done: usize,
    checkpoints: Vec<Checkpoint>,
    /// How many spans may have to be drawn again for one undo or redo.
    spans_between_checkpoints: u64,
    stroke: Option<Stroke>,
}

/// What of the picture is marked, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Marked pixels; overlap counts once.
    pub marked: u64,
    /// Marked share of the picture, 0 to 1.
    pub coverage: f64,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether there is something to redo.
    pub can_redo: bool,
    /// How many steps are done.
    pub steps: u32,
}

impl Selection {
    /// Nothing marked on a picture of this size.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self {
            mask: Mask::new(size),
            steps: Vec::new(),
            done: 0,
            checkpoints: Vec::new(),
            spans_between_checkpoints: history::SPANS_BETWEEN_CHECKPOINTS,
            stroke: None,
        }
    }

    /// The mask of all marks, with a stroke that is still being drawn.
    #[must_use]
    pub const fn mask(&self) -> &Mask {
        &self.mask
    }

    /// What is marked, in numbers.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let marked = self.mask.count();
        Summary {
            marked,
            coverage: marked as f64 / self.mask.size().area() as f64,
            can_undo: self.stroke.is_none() && self.done > 0,
            can_redo: self.stroke.is_none() && self.done < self.steps.len(),
            steps: self.done as u32,
        }
    }

    /// Begins a stroke of the round brush, and answers the box that may have changed.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a diameter or point that cannot be drawn, [`Error::OutOfOrder`]
    /// while another stroke is being drawn.
    pub fn begin_stroke(&mut self, at: Point, diameter: f32, combine: Combine) -> Result<Option<Rectangle>> {
        check_diameter(diameter)?;
        check_points(&[at])?;
        self.check_idle("beginning a stroke")?;
        self.stroke = Some(Stroke { points: vec![at], diameters: Vec::new(), diameter, combine });
        let dab = Dab { at, diameter };
        Ok(self.mask.fill_segment(dab, dab, combine == Combine::Add))
    }

    /// Draws the stroke on through `points`, each with its own diameter or all with the stroke's, and
    /// answers the box that may have changed.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when none was begun, [`Error::OutOfRange`] for a point or diameter that
    /// cannot be drawn, [`Error::Argument`] when there is not one diameter a point; then none of the
    /// points is drawn.
    pub fn extend_stroke(&mut self, points: &[Point], diameters: Option<&[f32]>) -> Result<Option<Rectangle>> {
        let Self { stroke: Some(stroke), mask, .. } = self else {
            return Err(out_of_order("drawing a stroke on", "none was begun"));
        };
        check_points(points)?;
        let given = diameters.unwrap_or_default();
        if diameters.is_some() && given.len() != points.len() {
            let reason = format!("{} are given for {} points", given.len(), points.len());
            return Err(Error::argument("diameters", &reason));
        }
        given.iter().try_for_each(|diameter| check_diameter(*diameter))?;
        let first = stroke.points.len();
        stroke.extend(points, given);
        Ok(stroke.draw_from(first, mask))
    }

    /// Ends the stroke: it becomes one step that can be undone.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when none was begun.
    pub fn end_stroke(&mut self) -> Result<()> {
        let stroke = self.stroke.take().ok_or_else(|| out_of_order("ending a stroke", "none was begun"))?;
        self.push(Step::Stroke(stroke));
        Ok(())
    }

    /// Takes back the stroke that is being drawn, if there is one.
    pub fn cancel_stroke(&mut self) {
        if self.stroke.take().is_some() {
            self.redraw();
        }
    }

    /// Adds or takes away what is inside a closed polygon, by the non-zero winding rule, and answers
    /// the box that may have changed.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn; those of [`check_polygon`].
    pub fn add_polygon(&mut self, points: Vec<Point>, combine: Combine) -> Result<Option<Rectangle>> {
        self.check_idle("adding a polygon")?;
        check_polygon(&points)?;
        let touched = self.mask.fill_polygon(&points, combine == Combine::Add);
        self.push(Step::Polygon(points, combine));
        Ok(touched)
    }

    /// Adds or takes away a whole mask, for example one that a host application drew.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn, [`Error::MaskSize`].
    pub fn add_mask(&mut self, mask: &Mask, combine: Combine) -> Result<()> {
        self.check_idle("adding a mask")?;
        mask.check_size(self.mask.size())?;
        self.do_step(Step::Mask(Kept::of(mask), combine));
        Ok(())
    }

    /// Makes the marks inside a rectangle exactly those of a mask; those outside it stay.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn, [`Error::MaskSize`], and
    /// [`Error::RectangleOutside`] when no part of the area lies inside the picture.
    pub fn replace_area(&mut self, area: Rectangle, mask: &Mask) -> Result<()> {
        self.check_idle("replacing marks")?;
        mask.check_size(self.mask.size())?;
        let area = area.inside(self.mask.size())?;
        self.do_step(Step::Replace(area, Kept::within(mask, area)));
        Ok(())
    }

    /// Marks what is not marked, and unmarks what is.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn.
    pub fn invert(&mut self) -> Result<()> {
        self.operate("inverting", Step::Invert)
    }

    /// Marks all within `by` pixels of what is marked. Where nothing changes there is no step.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn, [`Error::OutOfRange`] when `by` is not in
    /// [`GROW_BY`].
    pub fn grow(&mut self, by: u32) -> Result<()> {
        check_by(by)?;
        self.operate("growing", Step::Grow(by))
    }

    /// Keeps what is further than `by` pixels from all that is not marked; nothing outside the picture
    /// counts as unmarked. Where nothing changes there is no step.
    ///
    /// # Errors
    /// Those of [`Selection::grow`].
    pub fn shrink(&mut self, by: u32) -> Result<()> {
        check_by(by)?;
        self.operate("shrinking", Step::Shrink(by))
    }

    /// Takes all marks away, as a step that can be undone. Nothing marked: no step.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn.
    pub fn clear(&mut self) -> Result<()> {
        self.operate("clearing", Step::Clear)
    }

    fn operate(&mut self, call: &str, step: Step) -> Result<()> {
        self.check_idle(call)?;
        let before = self.mask.clone();
        step.draw(&mut self.mask);
        if self.mask != before {
            self.push(step);
        }
        Ok(())
    }

    fn check_idle(&self, call: &str) -> Result<()> {
        if self.stroke.is_some() { Err(out_of_order(call, "a stroke is being drawn")) } else { Ok(()) }
    }
}

fn check_by(by: u32) -> Result<()> {
    let (min, max) = GROW_BY.into_inner();
    if GROW_BY.contains(&by) { Ok(()) } else { Err(Error::out_of_range("by", by.into(), min.into(), max.into())) }
}

fn out_of_order(call: &str, reason: &str) -> Error {
    Error::OutOfOrder { call: call.into(), reason: reason.into() }
}
