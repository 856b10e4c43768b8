//! `Mask` for JavaScript, and the bridges between masks and canvases.
//!
//! A host's canvas can be turned into a mask; that reads back, and a privacy browser may add noise to
//! it.

use js_sys::Uint32Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d,
};

use super::convert::{self, argument, from_js, to_js};
use super::error::Fault;
use super::paint::{canvas_error, number_or, read_paint, with_image};
use super::types::{CanvasSource, Context2d, FromCanvasOptions, JsRectangles, PaintOptions};
use crate::error::{Error, Result};
use crate::geometry::{MAX_RECTANGLES, Rectangle, Size};
use crate::loose::Loose;
use crate::mask::{self, Paint, THRESHOLD, View};

/// One bit per pixel: what is to be repaired.
#[wasm_bindgen]
pub struct Mask(pub(crate) mask::Mask);

/// Rows that are painted at a time.
const BAND: u32 = 256;

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

    /// A mask from its marked runs: y, start, end (exclusive), over and over.
    #[wasm_bindgen(js_name = fromRuns)]
    pub fn from_runs(width: u32, height: u32, runs: &Uint32Array) -> Result<Mask, Fault> {
        Ok(Self(mask::Mask::from_runs(Size::new(width, height)?, &runs.to_vec())?))
    }

    /// A mask from its bits as `toBytes` gives them.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(width: u32, height: u32, bytes: &[u8]) -> Result<Mask, Fault> {
        Ok(Self(mask::Mask::from_bytes(Size::new(width, height)?, bytes)?))
    }

    /// A new mask of what is not marked in this one.
    pub fn invert(&self) -> Mask {
        Self(self.0.inverted())
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

    /// At most `max` rectangles, default 50, that hold all that is marked, with little beside it.
    #[wasm_bindgen(js_name = toRectangles)]
    pub fn to_rectangles(&self, max: Option<u32>) -> Result<JsRectangles, Fault> {
        let max = max.unwrap_or(MAX_RECTANGLES);
        Ok(to_js(&self.0.cover(max as usize))?.unchecked_into())
    }

    /// Throws unless something but not everything is marked.
    #[wasm_bindgen(js_name = check)]
    pub fn check(&self) -> Result<(), Fault> {
        Ok(self.0.check_for(self.0.size())?)
    }

    /// Paints the marked pixels over what is on a 2D context, under its current transform: one pixel
    /// of the mask on one unit. There are no dashes at the edge.
    #[wasm_bindgen(js_name = paintOnto)]
    pub fn paint_onto(&self, context: Context2d, options: PaintOptions) -> Result<(), Fault> {
        let paint = Paint { edge: 0, ..read_paint(options)? };
        let size = self.0.size();
        let one_to_one = View::new(1.0, 0.0, 0.0)?;
        // In bands: a canvas of the whole picture may be more than the browser allows.
        for y in (0..size.height()).step_by(BAND as usize) {
            let area = Rectangle { x: 0, y, width: size.width(), height: BAND.min(size.height() - y) };
            let pixels = paint.pixels(&self.0, &one_to_one, area)?;
            with_image(&pixels, area.width, |image| draw_over(context.as_ref(), image, f64::from(y)))?;
        }
        Ok(())
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

fn image_data(source: JsValue) -> Result<ImageData> {
    let source = match source.dyn_into::<ImageData>() {
        Ok(image) => return Ok(image),
        Err(other) => other,
    };
    // Node.js has no such class: what has its fields is one.
    let data = js_sys::Reflect::get(&source, &"data".into()).unwrap_or_default();
    if data.is_instance_of::<js_sys::Uint8Array>() || data.is_instance_of::<js_sys::Uint8ClampedArray>() {
        return Ok(source.unchecked_into());
    }
    if !source.is_instance_of::<HtmlCanvasElement>() && !source.is_instance_of::<OffscreenCanvas>() {
        return Err(argument("source", "it must be a canvas or ImageData"));
    }
    // Both kinds have these methods, by the same names.
    let canvas: HtmlCanvasElement = source.unchecked_into();
    let context = canvas.get_context("2d").map_err(canvas_error)?;
    let no_context = || Error::Canvas { reason: "it has a context of another kind".into() };
    let context: CanvasRenderingContext2d = context.ok_or_else(no_context)?.unchecked_into();
    context.get_image_data(0.0, 0.0, canvas.width().into(), canvas.height().into()).map_err(canvas_error)
}

/// `putImageData` would replace what is there: the band goes through a canvas of its own.
fn draw_over(context: &JsValue, image: &ImageData, y: f64) -> Result<(), JsValue> {
    let band = OffscreenCanvas::new(image.width(), image.height())?;
    if let Some(own) = band.get_context("2d")? {
        own.unchecked_into::<CanvasRenderingContext2d>().put_image_data(image, 0.0, 0.0)?;
    }
    // Both kinds of contexts have these methods, by the same names.
    let is_context = context.is_instance_of::<CanvasRenderingContext2d>()
        || context.is_instance_of::<OffscreenCanvasRenderingContext2d>();
    if !is_context {
        return Err(js_sys::Error::new("not a 2D context").into());
    }
    context.unchecked_ref::<CanvasRenderingContext2d>().draw_image_with_offscreen_canvas(&band, 0.0, y)
}
