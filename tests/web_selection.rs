//! Marks as a page makes them: strokes, rectangles, undo, and the view that shows them.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod web_support;

use js_sys::Float32Array;
use reweave::js::client::Endpoint;
use reweave::js::marks::{Mask, Selection};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_support::{Accepted, js, plain, refusal};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

wasm_bindgen_test_configure!(run_in_browser);

fn marks() -> Selection {
    Selection::new(100, 50).accepted()
}

fn rectangle(x: i32, y: i32, width: i32, height: i32) -> Value {
    json!({ "x": x, "y": y, "width": width, "height": height })
}

fn marked(marks: &Selection) -> Value {
    plain(&marks.summary().accepted())["marked"].clone()
}

fn points(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}

#[wasm_bindgen_test]
fn a_stroke_is_drawn_and_answers_its_box() {
    let mut marks = marks();
    let touched = marks.begin_stroke(10.0, 20.0, 9.0, false).accepted();
    assert_eq!(plain(&touched), rectangle(5, 15, 10, 10));
    let touched = marks.extend_stroke(&points(&[50.0, 20.0, 90.0, 20.0]), None).accepted();
    assert_eq!(plain(&touched), rectangle(5, 15, 90, 10));
    assert_eq!(plain(&marks.summary().accepted())["canUndo"], false, "not while it is drawn");
    marks.end_stroke().accepted();
    let mask = marks.mask();
    assert!(mask.get(70, 20) && !mask.get(70, 30));
    let off = marks.begin_stroke(-500.0, -500.0, 9.0, false).accepted();
    assert_eq!(plain(&off), Value::Null);
}

#[wasm_bindgen_test]
fn half_a_point_is_refused_and_the_stroke_goes_on() {
    let mut marks = marks();
    marks.begin_stroke(10.0, 20.0, 9.0, false).accepted();
    let before = marked(&marks);
    let error = refusal(marks.extend_stroke(&points(&[50.0, 20.0, 90.0]), None));
    assert_eq!((&error["code"], &error["name"]), (&json!("argument"), &json!("points")));
    let error = refusal(marks.extend_stroke(&points(&[50.0, f32::NAN]), None));
    assert_eq!(error["code"], "out-of-range");
    assert_eq!(marked(&marks), before);
    assert_eq!(plain(&marks.extend_stroke(&points(&[]), None).accepted()), Value::Null);
    marks.extend_stroke(&points(&[50.0, 20.0]), None).accepted();
    marks.end_stroke().accepted();
    assert_eq!(refusal(marks.end_stroke())["code"], "out-of-order");
    assert_eq!(refusal(marks.extend_stroke(&points(&[1.0, 1.0]), None))["code"], "out-of-order");
    for diameter in [0.0, -1.0, f32::INFINITY, f32::NAN] {
        assert_eq!(refusal(marks.begin_stroke(1.0, 1.0, diameter, false))["code"], "out-of-range", "{diameter}");
    }
}

#[wasm_bindgen_test]
fn undo_and_redo() {
    let mut marks = marks();
    assert!(!marks.undo() && !marks.redo());
    marks.add_rectangle(js(rectangle(0, 0, 20, 10)), false).accepted();
    marks.add_rectangle(js(rectangle(5, 5, 2, 2)), true).accepted();
    assert_eq!(marked(&marks), 196);
    assert!(marks.undo());
    let summary = plain(&marks.summary().accepted());
    assert_eq!(summary, json!({ "marked": 200, "coverage": 0.04, "canUndo": true, "canRedo": true, "steps": 1 }));
    assert!(marks.redo() && !marks.redo());
    assert_eq!(marked(&marks), 196);
    marks.clear().accepted();
    assert!(marks.undo() && marks.undo() && marks.undo() && !marks.undo());
    assert_eq!(marked(&marks), 0);
}

#[wasm_bindgen_test]
fn a_rectangle_is_clipped_or_refused() {
    let mut marks = marks();
    marks.add_rectangle(js(rectangle(90, 40, 50, 50)), false).accepted();
    assert_eq!(plain(&marks.rectangles().accepted()), json!([rectangle(90, 40, 10, 10)]));
    let mut refused = |rectangle: Value| refusal(marks.add_rectangle(js(rectangle), false));
    let error = refused(rectangle(100, 0, 5, 5));
    assert_eq!((&error["code"], &error["clipped"]), (&json!("rectangle-outside"), &Value::Null));
    assert_eq!((&error["field"], &error["end"], &error["max"]), (&json!("x"), &json!("105"), &json!(100)));
    assert_eq!(refused(rectangle(0, 50, 5, 5))["code"], "rectangle-outside");
    assert_eq!(refused(rectangle(-1, 0, 5, 5))["code"], "rectangle-too-small");
    assert_eq!(refused(rectangle(0, 0, 0, 5))["code"], "rectangle-too-small");
    assert_eq!(refused(json!({ "x": 1.5, "y": 0, "width": 1, "height": 1 }))["code"], "rectangle-not-integer");
    assert_eq!(refused(Value::Null)["code"], "rectangle-not-integer");
    assert_eq!(marked(&marks), 100);
}

#[wasm_bindgen_test]
fn a_host_may_add_a_mask_of_the_same_size() {
    let mut marks = marks();
    let mask = |width, height| Mask::from_rectangles(width, height, js(json!([rectangle(1, 1, 3, 3)]))).accepted();
    marks.add_mask(&mask(100, 50), None).accepted();
    assert_eq!(marked(&marks), 9);
    let error = refusal(marks.add_mask(&mask(50, 100), None));
    assert_eq!((&error["code"], &error["pictureWidth"]), (&json!("mask-size"), &json!(100)));
    assert_eq!(refusal(Selection::new(0, 5))["code"], "picture-dimensions");
    assert_eq!(refusal(Mask::from_rectangles(5, 5, js(json!([]))))["code"], "empty-mask");
    assert_eq!(refusal(Mask::from_rectangles(5, 5, js(json!("all"))))["code"], "rectangles-malformed");
    let all = Mask::from_rectangles(4, 4, js(json!([rectangle(0, 0, 4, 3)]))).accepted();
    let endpoint = Endpoint::new(js(json!({ "url": "https://h/t" }))).accepted();
    assert_eq!(refusal(endpoint.check_mask(&all))["percent"], 75);
    let neighbour = Endpoint::new(js(json!({ "profile": "iopaint" }))).accepted();
    neighbour.check_mask(&all).accepted();
}

const GREEN: [u8; 4] = [0, 128, 0, 255];
const RED: [u8; 4] = [255, 0, 0, 255];
const CLEAR: [u8; 4] = [0; 4];

/// A green canvas.
fn green(width: u32, height: u32) -> CanvasRenderingContext2d {
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    let canvas: HtmlCanvasElement = document.create_element("canvas").expect("a canvas").unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok().flatten().expect("a 2D context");
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.set_fill_style_str("rgb(0 128 0)");
    context.fill_rect(0.0, 0.0, width.into(), height.into());
    context
}

/// Every pixel of a canvas is as `expected(x, y)`.
fn check(context: &CanvasRenderingContext2d, expected: impl Fn(u32, u32) -> [u8; 4]) {
    let canvas = context.canvas().expect("a canvas");
    let (width, height) = (canvas.width(), canvas.height());
    let image = context.get_image_data(0.0, 0.0, width.into(), height.into()).expect("readable");
    for (i, pixel) in (0u32..).zip(image.data().as_chunks::<4>().0) {
        let (x, y) = (i % width, i / width);
        assert_eq!(*pixel, expected(x, y), "at {x}, {y}");
    }
}

fn inside(x: u32, y: u32, [left, top, width, height]: [u32; 4]) -> bool {
    (left..left + width).contains(&x) && (top..top + height).contains(&y)
}

fn paint(marks: &Selection, context: &CanvasRenderingContext2d, view: [f64; 3], changed: Value) {
    let view = json!({ "scale": view[0], "offsetX": view[1], "offsetY": view[2] });
    let options = json!({ "color": "#ff0000", "opacity": 1 });
    marks.paint_view(context, js(view), js(changed), js(options)).accepted();
}

#[wasm_bindgen_test]
fn a_view_writes_the_changed_box_only() {
    let mut marks = marks();
    marks.add_rectangle(js(rectangle(20, 20, 40, 20)), false).accepted();
    let context = green(60, 40);
    let view = [0.5, 4.0, 6.0];
    // Half of the mark, and as much that is not marked.
    paint(&marks, &context, view, rectangle(40, 20, 40, 20));
    check(&context, |x, y| match () {
        () if inside(x, y, [24, 16, 10, 10]) => RED,
        () if inside(x, y, [34, 16, 10, 10]) => CLEAR,
        () => GREEN,
    });
    paint(&marks, &context, view, Value::Null);
    check(&context, |x, y| if inside(x, y, [14, 16, 20, 10]) { RED } else { CLEAR });
    let context = green(60, 40);
    paint(&marks, &context, [0.5, -400.0, 0.0], rectangle(20, 20, 40, 20));
    check(&context, |_, _| GREEN);
}

#[wasm_bindgen_test]
fn a_view_enlarges_pixels_to_squares_and_ignores_the_transform() {
    let mut marks = marks();
    marks.add_rectangle(js(rectangle(3, 2, 1, 1)), false).accepted();
    let context = green(40, 20);
    context.scale(7.0, 7.0).expect("scaled");
    paint(&marks, &context, [4.0, 10.0, 0.0], rectangle(2, 2, 2, 1));
    check(&context, |x, y| match () {
        () if inside(x, y, [22, 8, 4, 4]) => RED,
        () if inside(x, y, [18, 8, 4, 4]) => CLEAR,
        () => GREEN,
    });
}

#[wasm_bindgen_test]
fn a_view_that_is_none_is_refused() {
    let (marks, context) = (marks(), green(10, 10));
    let refused = |view: Value, changed: Value| {
        refusal(marks.paint_view(&context, js(view), js(changed), js(Value::Null)))["code"].clone()
    };
    let view = json!({ "scale": 1, "offsetX": 0, "offsetY": 0 });
    for broken in [Value::Null, json!({ "scale": 1 }), json!({ "scale": 0, "offsetX": 0, "offsetY": 0 })] {
        assert_eq!(refused(broken.clone(), Value::Null), "out-of-range", "{broken}");
    }
    assert_eq!(refused(view.clone(), rectangle(99, 0, 2, 1)), "rectangle-outside");
    assert_eq!(refused(view, json!("all")), "rectangle-not-integer");
    check(&context, |_, _| GREEN);
}
