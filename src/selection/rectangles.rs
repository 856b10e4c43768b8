//! Rectangle marks, which stay rectangles: they can be moved, resized and removed later, and are
//! sent as rectangles where nothing else is marked.
//!
//! A rectangle's id is the number of steps that were done before it was added. So a log that is done
//! again gives the same ids.

use serde::Serialize;

use super::step::Step;
use super::{Combine, Selection};
use crate::error::{Error, Result};
use crate::geometry::{MAX_RECTANGLES, Rectangle, Size};

/// A rectangle mark that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
pub struct Shape {
    /// What [`Selection::change_rectangle`] knows it by.
    pub id: u32,
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Whether it takes away.
    pub subtract: bool,
}

impl Shape {
    /// Where it is.
    #[must_use]
    pub const fn rectangle(&self) -> Rectangle {
        Rectangle { x: self.x, y: self.y, width: self.width, height: self.height }
    }
}

impl Selection {
    /// Adds or takes away the part of a rectangle that lies inside the picture, and answers the id of
    /// the mark.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn; [`Error::RectangleOutside`] when no part
    /// of it lies inside.
    pub fn add_rectangle(&mut self, rectangle: Rectangle, combine: Combine) -> Result<u32> {
        self.check_idle("adding a rectangle")?;
        let id = self.done as u32;
        self.do_step(Step::Rectangle(rectangle.inside(self.mask.size())?, combine));
        Ok(id)
    }

    /// The rectangle marks since the last clear, in the order in which they were added and as they
    /// are now, without those that were removed.
    #[must_use]
    pub fn shapes(&self) -> Vec<Shape> {
        let first = self.since_clear();
        let steps = self.steps[first..self.done].iter().zip(self.places(first));
        let shapes = (first as u32..).zip(steps).filter_map(|(id, (step, place))| {
            let (Step::Rectangle(_, combine), Some(Rectangle { x, y, width, height })) = (step, place) else {
                return None;
            };
            Some(Shape { id, x, y, width, height, subtract: *combine == Combine::Subtract })
        });
        shapes.collect()
    }

    /// Puts a rectangle mark elsewhere, or removes it. It stays where it was in the order of drawing:
    /// what was erased of it later is erased of it now. A change that changes nothing is no step.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn; [`Error::Argument`] for an id that is not
    /// in [`Selection::shapes`]; [`Error::RectangleOutside`] when no part of it lies inside.
    pub fn change_rectangle(&mut self, id: u32, rectangle: Option<Rectangle>) -> Result<()> {
        self.check_idle("changing a rectangle")?;
        let inside = rectangle.map(|rectangle| rectangle.inside(self.mask.size())).transpose()?;
        let shapes = self.shapes();
        let Some(shape) = shapes.iter().find(|shape| shape.id == id) else {
            return Err(Error::argument("id", &format!("{id} is no rectangle that is marked now")));
        };
        if inside != Some(shape.rectangle()) {
            self.forget_undone();
            self.steps.push(Step::Change(id as usize, inside));
            self.done += 1;
            self.redraw();
            self.set_checkpoint();
        }
        Ok(())
    }

    /// The marks as 1 to 50 rectangles, where they are nothing else: whole added rectangles since
    /// the last time that nothing was marked.
    #[must_use]
    pub fn rectangles(&self) -> Option<Vec<Rectangle>> {
        let steps = &self.steps[self.since_clear()..self.done];
        let only = steps.iter().all(|step| matches!(step, Step::Rectangle(..) | Step::Change(..)));
        let shapes = self.shapes();
        let fits = only && self.stroke.is_none() && (1..=MAX_RECTANGLES as usize).contains(&shapes.len());
        (fits && shapes.iter().all(|shape| !shape.subtract)).then(|| shapes.iter().map(Shape::rectangle).collect())
    }

    /// Where the rectangles among the steps from `first` on are now; nothing for all other steps.
    pub(super) fn places(&self, first: usize) -> Vec<Option<Rectangle>> {
        let mut places = Vec::with_capacity(self.done - first);
        for step in &self.steps[first..self.done] {
            if let Step::Change(id, rectangle) = step {
                places[id - first] = *rectangle;
            }
            places.push(if let Step::Rectangle(rectangle, _) = step { Some(*rectangle) } else { None });
        }
        places
    }

    fn since_clear(&self) -> usize {
        let done = &self.steps[..self.done];
        done.iter().rposition(|step| matches!(step, Step::Clear)).map_or(0, |clear| clear + 1)
    }
}

impl Rectangle {
    /// The part inside a picture.
    ///
    /// # Errors
    /// [`Error::RectangleOutside`] when there is none.
    pub(super) fn inside(self, size: Size) -> Result<Self> {
        self.clipped(size).ok_or_else(|| {
            let (end, max) = (self.right().to_string(), size.width());
            Error::RectangleOutside { index: 0, field: "x".into(), end, max, clipped: None }
        })
    }
}
