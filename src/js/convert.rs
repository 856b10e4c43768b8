//! Values between Rust and JavaScript: the one serializer, and arguments judged at the door.

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use super::plain::gathered;
use crate::error::{Error, Result};
#[cfg(feature = "marks")]
use crate::geometry::LooseRectangle;
use crate::loose::Loose;

/// Plain objects, `null` for nothing, numbers for numbers: what `JSON` would give.
pub(crate) fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    gathered(value).serialize(&serializer).map_err(|e| Error::internal(e.to_string()))
}

/// An argument, not yet judged. What JSON cannot hold (a function, a symbol) is nothing.
pub(crate) fn from_js(value: JsValue) -> Loose {
    nested(&value, MAX_DEPTH)
}

/// Deeper than any argument or reply; a cycle ends here too.
const MAX_DEPTH: u32 = 8;

/// By hand and not by a deserializer: its message for a wrong type prints floating-point numbers,
/// which weighs more than everything here.
fn nested(value: &JsValue, depth: u32) -> Loose {
    if let Some(n) = value.as_f64() {
        return Loose::Number(n);
    }
    if let Some(text) = value.as_string() {
        return Loose::Text(text);
    }
    if let Some(truth) = value.as_bool() {
        return Loose::Bool(truth);
    }
    if depth == 0 || !value.is_object() {
        return Loose::Nothing;
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        return Loose::List(list.iter().map(|item| nested(&item, depth - 1)).collect());
    }
    let object: &Object = value.unchecked_ref();
    let field = |key: JsValue| {
        let value = Reflect::get(object, &key).unwrap_or_default();
        (key.as_string().unwrap_or_default(), nested(&value, depth - 1))
    };
    Loose::Object(Object::keys(object).iter().map(field).collect())
}

#[cfg(feature = "contract")]
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn btoa(binary: &str) -> std::result::Result<js_sys::JsString, JsValue>;
    #[wasm_bindgen(catch)]
    fn atob(base64: &str) -> std::result::Result<String, JsValue>;
}

/// Base64 by the browser's own code, which takes and gives one character a byte.
#[cfg(feature = "contract")]
pub(crate) fn to_base64(bytes: &[u8]) -> std::result::Result<js_sys::JsString, JsValue> {
    btoa(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
}

/// The bytes of base64, with or without padding.
#[cfg(feature = "contract")]
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>> {
    let binary = atob(text).map_err(|_| Error::ResultLink)?;
    Ok(binary.chars().map(|c| c as u8).collect())
}

/// A list of rectangles, or nothing.
#[cfg(feature = "marks")]
pub(crate) fn rectangles(value: JsValue) -> Result<Option<Vec<LooseRectangle>>> {
    match from_js(value) {
        Loose::Nothing => Ok(None),
        Loose::List(list) => Ok(Some(list.into_iter().map(Into::into).collect())),
        other => Err(Error::RectanglesMalformed { reason: other.shown() }),
    }
}

/// The error for an argument of another type or shape.
pub(crate) fn argument(name: &str, reason: &str) -> Error {
    Error::argument(name, reason)
}
