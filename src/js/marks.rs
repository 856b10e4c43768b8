//! `Selection` for JavaScript: marks on one picture, and the canvas that shows them.
//!
//! Our own marks are never read back from a canvas: a canvas only shows them.

use js_sys::Float32Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

pub use super::mask::Mask;

use super::convert::{argument, from_js, to_js};
use super::error::Fault;
use super::paint::{read_paint, read_view, with_image};
use super::types::{
    JsLog, JsRectangle, JsShapes, JsSummary, MaybeRectangle, MaybeRectangles, PaintOptions, ViewTransform,
};
use crate::error::{Error, Result};
use crate::geometry::{Point, Rectangle, Size};
use crate::loose::Loose;
use crate::selection::{self, Combine};

/// Marks on one picture, with undo and redo.
#[wasm_bindgen]
pub struct Selection(selection::Selection);

#[wasm_bindgen]
impl Selection {
    /// Nothing marked on a picture of this size.
    #[wasm_bindgen(constructor)]
    pub fn new(width: u32, height: u32) -> Result<Selection, Fault> {
        Ok(Self(selection::Selection::new(Size::new(width, height)?)))
    }

    /// Width of the picture in pixels.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.0.mask().size().width()
    }

    /// Height of the picture in pixels.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> u32 {
        self.0.mask().size().height()
    }

    /// Begins a stroke of the round brush; answers the box that may have changed.
    #[wasm_bindgen(js_name = beginStroke)]
    pub fn begin_stroke(&mut self, x: f32, y: f32, diameter: f32, subtract: bool) -> Result<MaybeRectangle, Fault> {
        maybe(self.0.begin_stroke(Point { x, y }, diameter, combine(subtract))?)
    }

    /// Draws the stroke on through points given as x, y, x, y, …, each with its own diameter where
    /// there are diameters, else with the stroke's; answers the box that may have changed.
    #[wasm_bindgen(js_name = extendStroke)]
    pub fn extend_stroke(
        &mut self,
        points: &Float32Array,
        diameters: Option<Float32Array>,
    ) -> Result<MaybeRectangle, Fault> {
        let diameters = diameters.map(|diameters| diameters.to_vec());
        maybe(self.0.extend_stroke(&read_points(points)?, diameters.as_deref())?)
    }

    /// Ends the stroke: it becomes one step that can be undone.
    #[wasm_bindgen(js_name = endStroke)]
    pub fn end_stroke(&mut self) -> Result<(), Fault> {
        Ok(self.0.end_stroke()?)
    }

    /// Takes back the stroke that is being drawn.
    #[wasm_bindgen(js_name = cancelStroke)]
    pub fn cancel_stroke(&mut self) {
        self.0.cancel_stroke();
    }

    /// Adds or takes away the part of a rectangle that lies inside the picture; answers the id that
    /// `changeRectangle` knows it by.
    #[wasm_bindgen(js_name = addRectangle)]
    pub fn add_rectangle(&mut self, rectangle: JsRectangle, subtract: bool) -> Result<u32, Fault> {
        Ok(self.0.add_rectangle(self.read_rectangle(from_js(rectangle.into()))?, combine(subtract))?)
    }

    /// Adds or takes away what is inside a closed polygon of 3 to 20 000 points, x, y, x, y, …, by
    /// the non-zero winding rule; answers the box that may have changed.
    #[wasm_bindgen(js_name = addPolygon)]
    pub fn add_polygon(&mut self, points: &Float32Array, subtract: bool) -> Result<MaybeRectangle, Fault> {
        maybe(self.0.add_polygon(read_points(points)?, combine(subtract))?)
    }

    /// Adds or takes away a whole mask as one step.
    #[wasm_bindgen(js_name = addMask)]
    pub fn add_mask(&mut self, mask: &Mask, subtract: Option<bool>) -> Result<(), Fault> {
        Ok(self.0.add_mask(&mask.0, combine(subtract == Some(true)))?)
    }

    /// Makes the marks inside a rectangle those of a mask, as one step; those outside it stay.
    #[wasm_bindgen(js_name = replaceArea)]
    pub fn replace_area(&mut self, area: JsRectangle, mask: &Mask) -> Result<(), Fault> {
        Ok(self.0.replace_area(self.read_rectangle(from_js(area.into()))?, &mask.0)?)
    }

    /// The rectangle marks since the last clear, as they are now.
    pub fn shapes(&self) -> Result<JsShapes, Fault> {
        Ok(to_js(&self.0.shapes())?.unchecked_into())
    }

    /// Moves or resizes a rectangle mark, or removes it for null, as one step.
    #[wasm_bindgen(js_name = changeRectangle)]
    pub fn change_rectangle(&mut self, id: u32, rectangle: MaybeRectangle) -> Result<(), Fault> {
        let rectangle = match from_js(rectangle.into()) {
            Loose::Nothing => None,
            some => Some(self.read_rectangle(some)?),
        };
        Ok(self.0.change_rectangle(id, rectangle)?)
    }

    /// Marks what is not marked, and unmarks what is.
    pub fn invert(&mut self) -> Result<(), Fault> {
        Ok(self.0.invert()?)
    }

    /// Marks all within 1 to 200 pixels of what is marked.
    pub fn grow(&mut self, by: f64) -> Result<(), Fault> {
        Ok(self.0.grow(whole(by)?)?)
    }

    /// Keeps what is further than 1 to 200 pixels from all that is not marked.
    pub fn shrink(&mut self, by: f64) -> Result<(), Fault> {
        Ok(self.0.shrink(whole(by)?)?)
    }

    /// Takes all marks away, as a step that can be undone.
    pub fn clear(&mut self) -> Result<(), Fault> {
        Ok(self.0.clear()?)
    }

    /// Takes the last step back; answers whether there was one.
    pub fn undo(&mut self) -> bool {
        self.0.undo()
    }

    /// Does the last undone step again; answers whether there was one.
    pub fn redo(&mut self) -> bool {
        self.0.redo()
    }

    /// What is marked, in numbers.
    pub fn summary(&self) -> Result<JsSummary, Fault> {
        Ok(to_js(&self.0.summary())?.unchecked_into())
    }

    /// The smallest rectangle that holds all that is marked, or null.
    pub fn bounds(&self) -> Result<MaybeRectangle, Fault> {
        maybe(self.0.mask().bounds())
    }

    /// The marks as 1 to 50 rectangles where they are nothing else, or null.
    pub fn rectangles(&self) -> Result<MaybeRectangles, Fault> {
        Ok(to_js(&self.0.rectangles())?.unchecked_into())
    }

    /// The steps that are done, as plain data; a rectangle's id is its place in this list.
    pub fn log(&self) -> Result<JsLog, Fault> {
        Ok(to_js(&self.0.log())?.unchecked_into())
    }

    /// The mask of all marks as it is now.
    pub fn mask(&self) -> Mask {
        Mask(self.0.mask().clone())
    }

    /// Bytes that the history holds.
    #[wasm_bindgen(js_name = memory)]
    pub fn memory(&self) -> usize {
        self.0.memory()
    }

    /// Repaints the part of a canvas that shows `changed`, a box of the picture, or all of it: marked
    /// pixels in the colour, with dashes round them where there is an edge, all others clear. What was
    /// on that part of the canvas is replaced.
    #[wasm_bindgen(js_name = paintView)]
    pub fn paint_view(
        &self,
        context: &CanvasRenderingContext2d,
        view: ViewTransform,
        changed: MaybeRectangle,
        options: PaintOptions,
    ) -> Result<(), Fault> {
        let view = read_view(view)?;
        let Some(canvas) = context.canvas() else { return Ok(()) };
        let all = Rectangle { x: 0, y: 0, width: canvas.width(), height: canvas.height() };
        let changed = match from_js(changed.into()) {
            Loose::Nothing => None,
            some => Some(Rectangle::check_all(&[some.into()], self.0.mask().size())?[0]),
        };
        let paint = read_paint(options)?;
        let area = changed.map_or(Some(all), |changed| paint.area(&view, changed, all)).filter(|area| !area.is_empty());
        let Some(area) = area else { return Ok(()) };
        let pixels = paint.pixels(self.0.mask(), &view, area)?;
        Ok(with_image(&pixels, area.width, |image| context.put_image_data(image, area.x.into(), area.y.into()))?)
    }

    fn read_rectangle(&self, loose: Loose) -> Result<Rectangle> {
        match Rectangle::check_all(&[loose.into()], self.0.mask().size()) {
            Ok(list) => Ok(list[0]),
            Err(Error::RectangleOutside { clipped: Some(inside), .. }) => Ok(inside),
            Err(error) => Err(error),
        }
    }
}

fn maybe(rectangle: Option<Rectangle>) -> Result<MaybeRectangle, Fault> {
    Ok(to_js(&rectangle)?.unchecked_into())
}

fn read_points(points: &Float32Array) -> Result<Vec<Point>> {
    let values = points.to_vec();
    if !values.len().is_multiple_of(2) {
        return Err(argument("points", &format!("{} numbers are no pairs", values.len())));
    }
    Ok(values.chunks_exact(2).map(|p| Point { x: p[0], y: p[1] }).collect())
}

/// A whole number; `as` alone would cut 1.5 down to 1.
fn whole(by: f64) -> Result<u32> {
    if by.fract() == 0.0 { Ok(by as u32) } else { Err(argument("by", "it must be a whole number")) }
}

fn combine(subtract: bool) -> Combine {
    if subtract { Combine::Subtract } else { Combine::Add }
}
