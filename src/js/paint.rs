//! How marks are painted: options judged at the door, and pixels on their way to a canvas.

use std::ops::RangeInclusive;

use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::ImageData;

use super::convert::{argument, from_js};
use super::types::{PaintOptions, ViewTransform};
use crate::error::{Error, Result};
use crate::loose::Loose;
use crate::mask::{Paint, View};

/// The thickest edge, in canvas pixels.
const MAX_EDGE: f64 = 8.0;

pub(super) fn read_paint(options: PaintOptions) -> Result<Paint> {
    let options = from_js(options.into());
    let opacity = number_or(options.get("opacity"), "opacity", 0.0..=1.0, 0.5)?;
    let edge = number_or(options.get("edge"), "edge", 0.0..=MAX_EDGE, 0.0)?;
    let rgb = match options.get("color") {
        Loose::Nothing => Some(0xff_2d55),
        other => other.text().and_then(|text| text.strip_prefix('#')).filter(|hex| hex.len() == 6).and_then(parse_hex),
    };
    let [_, r, g, b] = rgb.ok_or_else(|| argument("color", "it must be #rrggbb"))?.to_be_bytes();
    // A thickness of a screen pixel is, on some screens, no whole number of them.
    Ok(Paint { rgb: [r, g, b], opacity, edge: (edge + 0.5) as u32 })
}

pub(super) fn read_view(view: ViewTransform) -> Result<View> {
    let view = from_js(view.into());
    let number = |name| view.get(name).number().unwrap_or(f64::NAN);
    View::new(number("scale"), number("offsetX"), number("offsetY"))
}

pub(super) fn number_or(value: &Loose, name: &str, range: RangeInclusive<f64>, default: f64) -> Result<f64> {
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

/// Gives pixels to a canvas. An `ImageData` looks at the pixels where they are, in wasm memory: it must
/// be used up while they are there.
pub(super) fn with_image(
    pixels: &[u8],
    width: u32,
    paint: impl FnOnce(&ImageData) -> Result<(), JsValue>,
) -> Result<()> {
    let image = ImageData::new_with_u8_clamped_array(Clamped(pixels), width);
    image.and_then(|image| paint(&image)).map_err(canvas_error)
}

pub(super) fn canvas_error(error: JsValue) -> Error {
    let reason = error.dyn_ref::<js_sys::Error>().map_or_else(|| "it refused".into(), |e| String::from(e.message()));
    Error::Canvas { reason }
}
