//! The three forms of a create's body.

use reweave::contract::MAX_URL_CHARACTERS;
use reweave::geometry::MAX_RECTANGLES;
use serde_json::Value;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, SchemaType};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Required, Type};

/// A body in any of the forms.
pub(super) fn body() -> RequestBody {
    let content = |schema: ObjectBuilder| ContentBuilder::new().schema(Some(schema)).build();
    RequestBodyBuilder::new()
        .description(Some(
            "Exactly one image source, and rectangles or exactly one mask source. White in a mask is repaired. \
             Unknown fields are passed over, empty ones are absent.",
        ))
        .required(Some(Required::True))
        .content("application/json", content(texts().property("rectangles", rectangles())))
        .content("multipart/form-data", content(files(texts()).property("rectangles", rectangles_text())))
        .content("application/x-www-form-urlencoded", content(texts().property("rectangles", rectangles_text())))
        .build()
}

/// Bytes, and what they are.
pub(super) fn binary(description: &str) -> ObjectBuilder {
    text(description).content_media_type("application/octet-stream")
}

fn texts() -> ObjectBuilder {
    let url = |of: &str| text(&format!("Address of {of}, http or https.")).max_length(Some(MAX_URL_CHARACTERS));
    let base64 = |of: &str| text(&format!("{of} in base64.")).content_encoding("base64");
    ObjectBuilder::new()
        .property("image_base64", base64("The picture"))
        .property("image_url", url("the picture"))
        .property("mask_base64", base64("The mask"))
        .property("mask_url", url("the mask"))
        .property("sync", one_of([0, 1], "0: answer with the task's id; 1: wait for the picture."))
        .property("return_type", one_of([1, 2], "1: the picture as a link, 2: as base64."))
}

fn files(fields: ObjectBuilder) -> ObjectBuilder {
    fields
        .property("image_file", binary("The picture: JPEG, PNG, WebP, BMP or TIFF."))
        .property("mask_file", binary("The mask, of the picture's size."))
}

fn rectangles() -> OneOfBuilder {
    let side = |least: u32| ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least));
    let one = ObjectBuilder::new()
        .property("x", side(0))
        .property("y", side(0))
        .property("width", side(1))
        .property("height", side(1))
        .required("x")
        .required("y")
        .required("width")
        .required("height");
    let list = ArrayBuilder::new().items(one).min_items(Some(1)).max_items(Some(MAX_RECTANGLES as usize));
    OneOfBuilder::new().item(rectangles_text()).item(list)
}

fn rectangles_text() -> ObjectBuilder {
    let example = r#"[{"x":0,"y":0,"width":100,"height":100}]"#;
    text(&format!("1 to {MAX_RECTANGLES} rectangles as a string that holds JSON.")).examples([example])
}

/// One of two numbers, or a string that holds it.
fn one_of(numbers: [i64; 2], description: &str) -> ObjectBuilder {
    let values = numbers.into_iter().flat_map(|number| [Value::from(number), Value::from(number.to_string())]);
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .enum_values(Some(values.collect::<Vec<_>>()))
        .description(Some(description))
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description))
}
