//! What the wasm tests share: values across the border as JSON, and refusals judged as a host
//! would judge them.

use js_sys::{Error, JSON, Reflect};
use reweave::js::error::Fault;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};

/// An argument of a call, from JSON.
pub(crate) fn js<T: JsCast>(value: Value) -> T {
    JSON::parse(&value.to_string()).expect("it is JSON").unchecked_into()
}

/// An answer of a call as JSON; `undefined` is null.
pub(crate) fn plain(value: &JsValue) -> Value {
    if value.is_undefined() {
        return Value::Null;
    }
    let text = String::from(JSON::stringify(value).expect("no cycle"));
    serde_json::from_str(&text).expect("it is JSON")
}

/// What `expect` is elsewhere: a [`Fault`] has no `Debug`, it has a message.
pub(crate) trait Accepted<T> {
    /// The answer; a refusal fails the test with its message.
    fn accepted(self) -> T;
}

impl<T> Accepted<T> for Result<T, Fault> {
    #[track_caller]
    fn accepted(self) -> T {
        match self {
            Ok(answer) => answer,
            Err(fault) => panic!("refused: {}", refusal::<T>(Err(fault))),
        }
    }
}

/// The details of a refusal, with its `message` among them. It has to be a real `Error` with
/// everything that the TypeScript interface promises.
#[track_caller]
pub(crate) fn refusal<T>(result: Result<T, Fault>) -> Value {
    let Err(fault) = result else { panic!("it was not refused") };
    let error: Error = JsValue::from(fault).dyn_into().expect("an instance of Error");
    let property = |name: &str| Reflect::get(&error, &name.into()).expect("an object has properties");
    assert_eq!(error.name(), "ReweaveError");
    assert!(property("stack").as_string().is_some_and(|stack| !stack.is_empty()), "a stack");
    let mut details = plain(&property("details"));
    assert!(details.is_object(), "details are {details}");
    assert_eq!(details["code"], json!(property("code").as_string()), "code is a property of its own");
    let message = String::from(error.message());
    assert!(!message.is_empty(), "{details} has no message");
    details["message"] = message.into();
    details
}
