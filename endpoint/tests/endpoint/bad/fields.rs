//! Fields that are missing, double, of a wrong type or value; rectangles.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    [sources(), choices(), base64s(), rectangles(), rectangle_lists()].into_iter().flatten().collect()
}

fn sources() -> Vec<Row> {
    let url = format!("http://h.example/a?{QUERY}");
    let picwish = |changes: Value| {
        let mut body = tiny();
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        request("POST", PICWISH, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    };
    let image = tiny()["image_base64"].as_str().unwrap().to_owned();
    let twice = format!(r#"{{"image_base64":"{image}","image_base64":"{image}"}}"#);
    let two = |first: &str, second: &str| json!({ first: "AAAA", second: url });
    vec![
        row("no fields", json_text("{}"), Refused(400, "image-missing"), "image_file"),
        row("null", changed(json!({"image_base64": null})), Refused(400, "image-missing"), "image_url"),
        row("empty", changed(json!({"image_base64": ""})), Refused(400, "image-missing"), "no picture"),
        row("no region", changed(json!({"rectangles": null})), Refused(400, "region-missing"), "rectangles"),
        row(
            "two images",
            changed(json!({"image_url": url})),
            Refused(400, "two-sources"),
            "image_base64 and image_url",
        ),
        row("two masks", changed(two("mask_base64", "mask_url")), Refused(400, "two-sources"), "mask_base64 and"),
        row(
            "mask and rectangles",
            picwish(two("mask_base64", "x")),
            Refused(400, "mask-and-rectangles"),
            "exactly one",
        ),
        row("double image", json_text(twice), Refused(400, "field-twice"), "image_base64"),
        row("double sync", json_text(r#"{"sync":1,"sync":1}"#), Refused(400, "field-twice"), "sync"),
        row("file in JSON", json_text(r#"{"image_file":"abc"}"#), Refused(400, "field-value"), "multipart/form-data"),
        row("mask file in JSON", changed(json!({"mask_file": [1]})), Refused(400, "field-value"), "mask_file is [1]"),
    ]
}

fn choices() -> Vec<Row> {
    let values = [
        "2",
        "-1",
        "0.5",
        "true",
        "false",
        "1e400",
        "-1e400",
        "99999999999999999999999",
        "\"yes\"",
        "\"1.0\"",
        "\" 1\"",
        "{}",
        "[1]",
        "\"\\u0000\"",
        "\"\\r\\nX: y\"",
    ];
    let of = |field: &'static str, value: &str| {
        let request = json_text(format!("{{\"{field}\":{value}}}"));
        row(format!("{field} is {value}"), request, Refused(400, "field-value"), "must be")
    };
    let mut rows: Vec<_> = values.into_iter().map(|value| of("sync", value)).collect();
    rows.extend(["0", "3", "-2", "1.5", "\"3\"", "[2]"].map(|value| of("return_type", value)));
    rows
}

fn base64s() -> Vec<Row> {
    let of = |value: Value, code, says| {
        let name: String = format!("image_base64 is {value}").chars().take(60).collect();
        row(name, changed(json!({ "image_base64": value })), Refused(400, code), says)
    };
    vec![
        of(json!(7), "field-value", "must be a string"),
        of(json!(true), "field-value", "must be a string"),
        of(json!([]), "field-value", "must be a string"),
        of(json!({"a": 1}), "field-value", "must be a string"),
        of(json!("not base64!"), "field-base64", "space"),
        of(json!("a"), "field-base64", "not base64"),
        of(json!("===="), "field-base64", "not base64"),
        of(json!("aGk_"), "field-base64", "not base64"),
        of(json!("aG k="), "field-base64", "%2B"),
        of(json!("data:image/png,abc"), "field-base64", "comma"),
        of(json!("x,aGk="), "field-base64", "comma"),
        of(json!("aGk=\u{0}"), "field-base64", "not base64"),
        of(json!("äöü"), "field-base64", "not base64"),
    ]
}

fn rectangles() -> Vec<Row> {
    let with = |x: &str, y: &str, width: &str, height: &str| {
        let text = format!(r#"[{{"x":{x},"y":{y},"width":{width},"height":{height}}}]"#);
        (format!("rectangle {text}"), changed(json!({ "rectangles": text })))
    };
    let of = |[x, y, width, height]: [&str; 4], code, says| {
        let (name, request) = with(x, y, width, height);
        row(name, request, Refused(400, code), says)
    };
    vec![
        of(["1.5", "0", "1", "1"], "rectangle-not-integer", "x is 1.5"),
        of(["\"1\"", "0", "1", "1"], "rectangle-not-integer", "x is"),
        of(["0", "null", "1", "1"], "rectangle-not-integer", "y is"),
        of(["0", "0", "true", "1"], "rectangle-not-integer", "width is"),
        of(["0", "0", "1", "[]"], "rectangle-not-integer", "height is"),
        of(["-1", "0", "1", "1"], "rectangle-too-small", "at least 0"),
        of(["0", "0", "0", "1"], "rectangle-too-small", "at least 1"),
        of(["0", "0", "1", "-4"], "rectangle-too-small", "height is -4"),
        of(["7", "0", "2", "1"], "rectangle-outside", "x ends at 9"),
        of(["0", "7", "1", "2"], "rectangle-outside", "y ends at 9"),
        of(["8", "8", "1", "1"], "rectangle-outside", "ends at 8"),
        of(["4294967296", "0", "1", "1"], "rectangle-outside", "ends at 8"),
        of(["9007199254740993", "0", "1", "1"], "rectangle-not-integer", "over 2^53"),
        of(["1e308", "0", "1", "1"], "rectangle-not-integer", "over 2^53"),
        of(["1e400", "0", "1", "1"], "rectangles-malformed", "number out of range"),
        of(["NaN", "0", "1", "1"], "rectangles-malformed", "not JSON"),
        of(["-Infinity", "0", "1", "1"], "rectangles-malformed", "not JSON"),
        of(["0", "0", "8", "5"], "coverage", "62.5 %"),
        of(["0", "0", "8", "8"], "full-mask", "whole picture"),
    ]
}

fn rectangle_lists() -> Vec<Row> {
    let of = |name: &str, value: Value, code, says| {
        row(format!("rectangles: {name}"), changed(json!({ "rectangles": value })), Refused(400, code), says)
    };
    let one = json!({"x": 1, "y": 1, "width": 1, "height": 1});
    vec![
        of("51", json!(vec![one.clone(); 51]), "too-many-rectangles", "51"),
        of("none", json!([]), "empty-mask", "nothing is marked"),
        of("none in a string", json!("[]"), "empty-mask", "nothing is marked"),
        of("an object", one, "rectangles-malformed", "an object"),
        of("a number", json!(3), "rectangles-malformed", "a number"),
        of("true", json!(true), "rectangles-malformed", "a boolean"),
        of("null in a string", json!("null"), "rectangles-malformed", "null"),
        of("a string in a string", json!("\"[]\""), "rectangles-malformed", "a string"),
        of("a number in the list", json!([1]), "rectangles-malformed", "item 0 is a number"),
        of("null in the list", json!([null]), "rectangles-malformed", "item 0 is null"),
        of("a list in the list", json!([[1, 2, 3, 4]]), "rectangles-malformed", "item 0 is a list"),
        of("fields missing", json!([{"x": 1}]), "rectangle-not-integer", "rectangle 0"),
        of("no fields", json!([{}]), "rectangle-not-integer", "x is"),
        of("no JSON", json!("nonsense"), "rectangles-malformed", "not JSON"),
        of("blank", json!("   "), "rectangles-malformed", "not JSON"),
        of("a comma too many", json!("[{\"x\":1},]"), "rectangles-malformed", "not JSON"),
        of("something behind it", json!("[] []"), "rectangles-malformed", "trailing"),
        of("deep", json!("[".repeat(60_000)), "rectangles-malformed", "recursion"),
        of("100 000 brackets", json!("[".repeat(100_000)), "field-length", "65536"),
        of("a double field", json!("[{\"x\":1,\"x\":2}]"), "rectangle-not-integer", "y is"),
    ]
}
