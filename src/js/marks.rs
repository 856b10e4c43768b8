//! `Selection` and `Mask` for JavaScript, and the bridges between masks and canvases.
//!
//! Our own marks are never read back from a canvas: a canvas only shows them. A host's canvas can
//! be turned into a mask; that does read back, and a privacy browser may add noise to it.

use std::ops::RangeInclusive;

use js_sys::Float32Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d,
};

use super::convert::{self, argument, from_js, to_js};
use super::error::Fault;
use super::types::{
    CanvasSource, Context2d, FromCanvasOptions, JsRectangle, JsRectangles, JsSummary, MaybeRectangle, MaybeRectangles,
    PaintOptions, ViewTransform,
};
use crate::error::{Error, Result};
use crate::geometry::{Point, Rectangle, Size};
use crate::loose::Loose;
use crate::mask::{self, THRESHOLD, View};
use crate::selection::{self, Combine};

/// Marks on one picture, with undo and redo.
#[wasm_bindgen]
pub struct Selection(selection::Selection);

/// One bit per pixel: what is to be repaired.
#[wasm_bindgen]
pub struct Mask(pub(crate) mask::Mask);

#[wasm_bindgen]
impl Selection {
    /// Nothing marked on a picture of this size.
    #[wasm_bindgen(constructor)]
    pub fn new(width: u32, height: u32) -> Result<Selection, Fault> {
        Ok(Self(selection::Selection::new(Size::new(width, height)?)))
    }

    /// Begins a stroke of the round brush; answers the box that may have changed.
    #[wasm_bindgen(js_name = beginStroke)]
    pub fn begin_stroke(&mut self, x: f32, y: f32, diameter: f32, subtract: bool) -> Result<MaybeRectangle, Fault> {
        let touched = self.0.begin_stroke(Point { x, y }, diameter, combine(subtract))?;
        Ok(to_js(&touched)?.unchecked_into())
    }

    /// Draws the stroke on through points given as x, y, x, y, …; answers the box that may have
    /// changed.
    #[wasm_bindgen(js_name = extendStroke)]
    pub fn extend_stroke(&mut self, points: &Float32Array) -> Result<MaybeRectangle, Fault> {
        let values = points.to_vec();
        if !values.len().is_multiple_of(2) {
            return Err(argument("points", &format!("{} numbers are no pairs", values.len())).into());
        }
        let points: Vec<Point> = values.chunks_exact(2).map(|p| Point { x: p[0], y: p[1] }).collect();
        Ok(to_js(&self.0.extend_stroke(&points)?)?.unchecked_into())
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

    /// Adds or takes away the part of a rectangle that lies inside the picture.
    #[wasm_bindgen(js_name = addRectangle)]
    pub fn add_rectangle(&mut self, rectangle: JsRectangle, subtract: bool) -> Result<(), Fault> {
        let loose = from_js(rectangle.into()).into();
        let rectangle = match Rectangle::check_all(&[loose], self.0.mask().size()) {
            Ok(list) => list[0],
            Err(Error::RectangleOutside { clipped: Some(inside), .. }) => inside,
            Err(error) => return Err(error.into()),
        };
        Ok(self.0.add_rectangle(rectangle, combine(subtract))?)
    }

    /// Adds a whole mask as one step.
    #[wasm_bindgen(js_name = addMask)]
    pub fn add_mask(&mut self, mask: &Mask) -> Result<(), Fault> {
        Ok(self.0.add_mask(&mask.0)?)
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

    /// The marks as 1 to 50 rectangles where they are nothing else, or null.
    pub fn rectangles(&self) -> Result<MaybeRectangles, Fault> {
        Ok(to_js(&self.0.rectangles())?.unchecked_into())
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
    /// pixels in the colour, all others clear. What was on that part of the canvas is replaced.
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
        let changed = from_js(changed.into());
        let changed = match changed {
            Loose::Nothing => None,
            some => Some(Rectangle::check_all(&[some.into()], self.0.mask().size())?[0]),
        };
        let area = changed.map_or(Some(all), |changed| view.to_canvas(changed, all)).filter(|area| !area.is_empty());
        let Some(area) = area else { return Ok(()) };
        let paint = Paint::read(options)?;
        let image = paint.image(&self.0.mask().seen_through(&view, area), area.width)?;
        Ok(context.put_image_data(&image, f64::from(area.x), f64::from(area.y)).map_err(canvas_error)?)
    }
}

#[wasm_bindgen]
impl Mask {
    /// The union of rectangles, judged as the contract has it.
    #[wasm_bindgen(js_name = fromRectangles)]
    pub fn from_rectangles(width: u32, height: u32, rectangles: JsRectangles) -> Result<Mask, Fault> {
        let size = Size::new(width, height)?;
        let loose = convert::rectangles(rectangles.into())?.unwrap_or_default();
        Ok(Self(mask::Mask::from_rectangles(size, &Rectangle::check_all(&loose, size)?)))
    }

    /// A mask from a canvas or `ImageData` that a host drew on.
    #[wasm_bindgen(js_name = fromCanvas)]
    pub fn from_canvas(source: CanvasSource, options: FromCanvasOptions) -> Result<Mask, Fault> {
        let reading = Reading::read(options)?;
        let image = image_data(source.into())?;
        let size = Size::new(image.width(), image.height())?;
        let data = image.data();
        let values = data.chunks_exact(4).map(|pixel| reading.value(pixel));
        Ok(Self(mask::Mask::from_values(size, values, 1)?))
    }

    /// Width in pixels.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.0.size().width()
    }

    /// Height in pixels.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> u32 {
        self.0.size().height()
    }

    /// Marked share of the picture, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn coverage(&self) -> f64 {
        self.0.coverage()
    }

    /// Whether a pixel is marked.
    pub fn get(&self, x: u32, y: u32) -> bool {
        self.0.get(x, y)
    }

    /// The bits: each row in whole 64-bit little-endian words, the first pixel in bit 0.
    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Throws unless something but not everything is marked.
    #[wasm_bindgen(js_name = check)]
    pub fn check(&self) -> Result<(), Fault> {
        Ok(self.0.check_for(self.0.size())?)
    }

    /// Paints the marked pixels over what is on a 2D context, under its current transform: one pixel
    /// of the mask on one unit.
    #[wasm_bindgen(js_name = paintOnto)]
    pub fn paint_onto(&self, context: Context2d, options: PaintOptions) -> Result<(), Fault> {
        let paint = Paint::read(options)?;
        let size = self.0.size();
        let one_to_one = View::new(1.0, 0.0, 0.0)?;
        // In bands: a canvas of the whole picture may be more than the browser allows.
        for y in (0..size.height()).step_by(BAND as usize) {
            let area = Rectangle { x: 0, y, width: size.width(), height: BAND.min(size.height() - y) };
            let image = paint.image(&self.0.seen_through(&one_to_one, area), area.width)?;
            draw_over(context.as_ref(), &image, f64::from(y)).map_err(canvas_error)?;
        }
        Ok(())
    }
}

/// Rows that are painted at a time.
const BAND: u32 = 256;

struct Paint {
    rgb: [u8; 3],
    opacity: f64,
}

impl Paint {
    fn read(options: PaintOptions) -> Result<Self> {
        let options = from_js(options.into());
        let opacity = number_or(options.get("opacity"), "opacity", 0.0..=1.0, 0.5)?;
        let colour = options.get("color");
        let rgb = match colour {
            Loose::Nothing => Some(0xff_2d55),
            other => {
                other.text().and_then(|text| text.strip_prefix('#')).filter(|hex| hex.len() == 6).and_then(parse_hex)
            }
        };
        let [_, r, g, b] = rgb.ok_or_else(|| argument("color", "it must be #rrggbb"))?.to_be_bytes();
        Ok(Self { rgb: [r, g, b], opacity })
    }

    fn image(&self, shares: &[u8], width: u32) -> Result<ImageData> {
        let [r, g, b] = self.rgb;
        let alphas: Vec<u8> = (0..=255u8).map(|share| (f64::from(share) * self.opacity).round() as u8).collect();
        let rgba: Vec<u8> = shares.iter().flat_map(|share| [r, g, b, alphas[usize::from(*share)]]).collect();
        ImageData::new_with_u8_clamped_array(Clamped(&rgba), width).map_err(canvas_error)
    }
}

struct Reading {
    channel: String,
    threshold: u8,
    invert: bool,
}

impl Reading {
    fn read(options: FromCanvasOptions) -> Result<Self> {
        let options = from_js(options.into());
        let threshold = number_or(options.get("threshold"), "threshold", 1.0..=255.0, f64::from(THRESHOLD))?;
        let channel = match options.get("channel") {
            Loose::Nothing => "alpha",
            other => other.text().unwrap_or_default(),
        };
        if !["alpha", "red", "green", "blue", "luma"].contains(&channel) {
            return Err(argument("channel", "it must be alpha, red, green, blue or luma"));
        }
        let invert = match options.get("invert") {
            Loose::Nothing => false,
            Loose::Bool(invert) => *invert,
            _ => return Err(argument("invert", "it must be true or false")),
        };
        Ok(Self { channel: channel.into(), threshold: threshold.ceil() as u8, invert })
    }

    /// 1 where the pixel is marked, else 0.
    fn value(&self, pixel: &[u8]) -> u8 {
        let value = match self.channel.as_str() {
            "red" => pixel[0],
            "green" => pixel[1],
            "blue" => pixel[2],
            "luma" => mask::luma(pixel[0].into(), pixel[1].into(), pixel[2].into()) as u8,
            _ => pixel[3],
        };
        u8::from((value >= self.threshold) != self.invert)
    }
}

fn combine(subtract: bool) -> Combine {
    if subtract { Combine::Subtract } else { Combine::Add }
}

fn read_view(view: ViewTransform) -> Result<View> {
    let view = from_js(view.into());
    let number = |name| view.get(name).number().unwrap_or(f64::NAN);
    View::new(number("scale"), number("offsetX"), number("offsetY"))
}

fn number_or(value: &Loose, name: &str, range: RangeInclusive<f64>, default: f64) -> Result<f64> {
    let number = if value.is_something() { value.number().unwrap_or(f64::NAN) } else { default };
    if range.contains(&number) {
        return Ok(number);
    }
    let (min, max) = range.into_inner();
    Err(Error::OutOfRange { name: name.into(), value: value.shown(), min, max })
}

fn parse_hex(hex: &str) -> Option<u32> {
    // The parser alone would take a sign for a digit.
    hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok()).flatten()
}

fn image_data(source: JsValue) -> Result<ImageData> {
    let source = match source.dyn_into::<ImageData>() {
        Ok(image) => return Ok(image),
        Err(other) => other,
    };
    if let Some(canvas) = source.dyn_ref::<HtmlCanvasElement>() {
        let context = canvas.get_context("2d").map_err(canvas_error)?;
        let context: CanvasRenderingContext2d = context.ok_or_else(no_context)?.unchecked_into();
        let (width, height) = (canvas.width(), canvas.height());
        return context.get_image_data(0.0, 0.0, width.into(), height.into()).map_err(canvas_error);
    }
    if let Some(canvas) = source.dyn_ref::<OffscreenCanvas>() {
        let context = canvas.get_context("2d").map_err(canvas_error)?;
        let context: OffscreenCanvasRenderingContext2d = context.ok_or_else(no_context)?.unchecked_into();
        let (width, height) = (canvas.width(), canvas.height());
        return context.get_image_data(0.0, 0.0, width.into(), height.into()).map_err(canvas_error);
    }
    Err(argument("source", "it must be a canvas or ImageData"))
}

/// `putImageData` would replace what is there: the band goes through a canvas of its own.
fn draw_over(context: &JsValue, image: &ImageData, y: f64) -> Result<(), JsValue> {
    let band = OffscreenCanvas::new(image.width(), image.height())?;
    let own: Option<OffscreenCanvasRenderingContext2d> = band.get_context("2d")?.map(JsCast::unchecked_into);
    if let Some(own) = own {
        own.put_image_data(image, 0.0, 0.0)?;
    }
    if let Some(context) = context.dyn_ref::<CanvasRenderingContext2d>() {
        return context.draw_image_with_offscreen_canvas(&band, 0.0, y);
    }
    match context.dyn_ref::<OffscreenCanvasRenderingContext2d>() {
        Some(context) => context.draw_image_with_offscreen_canvas(&band, 0.0, y),
        None => Err(js_sys::Error::new("not a 2D context").into()),
    }
}

fn no_context() -> Error {
    Error::Canvas { reason: "it has a context of another kind".into() }
}

fn canvas_error(error: JsValue) -> Error {
    let reason = error.dyn_ref::<js_sys::Error>().map_or_else(|| "it refused".into(), |e| String::from(e.message()));
    Error::Canvas { reason }
}
