//! Errors for JavaScript: a real `Error` with a stack, its `name` `ReweaveError`, the stable
//! `code` and the `details` (the offending value and its bound). Never a string.

use wasm_bindgen::prelude::*;

use super::convert;
use crate::error::Error;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The stable code of an error. */
export type ErrorCode = ErrorDetails["code"];

/** A rectangle among the details of an error. */
export type RectangleDetails = Rectangle;

/** What every call here throws: the message is English, `details` hold the value and its bound. */
export interface ReweaveError extends Error {
    readonly name: "ReweaveError";
    readonly code: ErrorCode;
    readonly details: ErrorDetails;
}
"#;

/// An error on its way to JavaScript.
pub struct Fault(Error);

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Fault> for JsValue {
    fn from(Fault(error): Fault) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name("ReweaveError");
        // Setting a property of a fresh object cannot fail; details that do not serialise are left out.
        let set = |key: &str, value: &JsValue| {
            let _ = js_sys::Reflect::set(&js, &key.into(), value);
        };
        set("code", &error.code().into());
        if let Ok(details) = convert::to_js(&error) {
            set("details", &details);
        }
        js.into()
    }
}
