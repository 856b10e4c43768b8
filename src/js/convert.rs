//! Values between Rust and JavaScript: the one serializer, and arguments judged at the door.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};

/// Plain objects, `null` for nothing, numbers for numbers: what `JSON` would give.
pub(crate) fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|e| Error::internal(e.to_string()))
}

/// An argument of a given shape.
pub(crate) fn from_js<T: DeserializeOwned>(name: &str, value: JsValue) -> Result<T> {
    serde_wasm_bindgen::from_value(value).map_err(|e| argument(name, &e.to_string()))
}

/// The error for an argument of another type or shape.
pub(crate) fn argument(name: &str, reason: &str) -> Error {
    Error::Argument { name: name.into(), reason: reason.into() }
}
