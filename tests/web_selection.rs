//! Marks as a page makes them: shapes, masks, operations, undo, and the log of all that.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod web_support;

use js_sys::{Float32Array, Uint32Array};
use reweave::js::client::Endpoint;
use reweave::js::marks::{Mask, Selection};
use serde_json::{Value, json};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_support::{Accepted, js, plain, refusal};

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

#[wasm_bindgen_test]
fn a_stroke_follows_the_pressure() {
    let mut marks = marks();
    marks.begin_stroke(10.0, 25.0, 2.0, false).accepted();
    let two = points(&[50.0, 25.0, 90.0, 25.0]);
    let touched = marks.extend_stroke(&two, Some(points(&[40.0, 4.0]))).accepted();
    assert_eq!(plain(&touched), rectangle(9, 5, 83, 40));
    for diameters in [points(&[4.0]), points(&[])] {
        let error = refusal(marks.extend_stroke(&two, Some(diameters)));
        assert_eq!((&error["code"], &error["name"]), (&json!("argument"), &json!("diameters")));
    }
    assert_eq!(refusal(marks.extend_stroke(&two, Some(points(&[4.0, f32::NAN]))))["code"], "out-of-range");
    marks.end_stroke().accepted();
    let mask = marks.mask();
    assert!(mask.get(50, 6) && !mask.get(85, 15) && !mask.get(12, 20));
}

#[wasm_bindgen_test]
fn a_polygon_is_drawn_and_answers_its_box() {
    let mut marks = marks();
    let square = points(&[10.0, 10.0, 20.0, 10.0, 20.0, 20.0, 10.0, 20.0]);
    assert_eq!(plain(&marks.add_polygon(&square, false).accepted()), rectangle(10, 10, 10, 10));
    marks.add_polygon(&points(&[10.0, 10.0, 20.0, 10.0, 10.0, 20.0]), true).accepted();
    assert_eq!(marked(&marks), 55, "centres on the longest edge belong to what is on its right");
    let error = refusal(marks.add_polygon(&points(&[1.0, 1.0, 2.0, 2.0]), false));
    assert_eq!((&error["code"], &error["value"], &error["min"]), (&json!("out-of-range"), &json!("2"), &json!(3)));
    assert_eq!(refusal(marks.add_polygon(&points(&[1.0, 1.0, 2.0]), false))["code"], "argument");
    let many = vec![1.0; 40_002];
    assert_eq!(refusal(marks.add_polygon(&points(&many), false))["max"], 20_000);
}

#[wasm_bindgen_test]
fn operations_on_all_that_is_marked() {
    let mut marks = marks();
    assert_eq!(plain(&marks.bounds().accepted()), Value::Null);
    marks.add_rectangle(js(rectangle(40, 20, 10, 10)), false).accepted();
    marks.grow(1.0).accepted();
    assert_eq!((marked(&marks), plain(&marks.bounds().accepted())), (json!(140), rectangle(39, 19, 12, 12)));
    marks.shrink(1.0).accepted();
    marks.invert().accepted();
    assert_eq!(marked(&marks), 100 * 50 - 100);
    for by in [0.0, 201.0, -1.0, f64::INFINITY] {
        assert!(["out-of-range", "argument"].contains(&refusal(marks.grow(by))["code"].as_str().unwrap_or("")), "{by}");
    }
    for by in [1.5, f64::NAN] {
        assert_eq!(refusal(marks.shrink(by))["name"], "by", "{by}");
    }
    assert_eq!(plain(&marks.summary().accepted())["steps"], 4);
}

#[wasm_bindgen_test]
fn a_rectangle_can_be_moved_and_removed() {
    let mut marks = marks();
    let id = marks.add_rectangle(js(rectangle(0, 0, 10, 10)), false).accepted();
    marks.add_rectangle(js(rectangle(20, 0, 10, 10)), true).accepted();
    let shape = |id: u32, x: u32, subtract: bool| json!({ "id": id, "x": x, "y": 0, "width": 10, "height": 10, "subtract": subtract });
    assert_eq!(plain(&marks.shapes().accepted()), json!([shape(id, 0, false), shape(1, 20, true)]));
    marks.change_rectangle(1, js(Value::Null)).accepted();
    marks.change_rectangle(id, js(rectangle(30, 0, 10, 10))).accepted();
    assert_eq!(plain(&marks.shapes().accepted()), json!([shape(id, 30, false)]));
    assert_eq!(plain(&marks.rectangles().accepted()), json!([rectangle(30, 0, 10, 10)]));
    assert_eq!(refusal(marks.change_rectangle(1, js(Value::Null)))["name"], "id");
    assert_eq!(refusal(marks.change_rectangle(id, js(rectangle(100, 0, 5, 5))))["code"], "rectangle-outside");
    assert_eq!(refusal(marks.change_rectangle(id, js(json!("away"))))["code"], "rectangle-not-integer");
    assert!(marks.undo() && marks.undo());
    assert_eq!(plain(&marks.shapes().accepted()), json!([shape(id, 0, false), shape(1, 20, true)]));
}

#[wasm_bindgen_test]
fn masks_take_away_and_replace() {
    let mut marks = marks();
    marks.add_rectangle(js(rectangle(0, 0, 100, 10)), false).accepted();
    let runs = |runs: &[u32]| Mask::from_runs(100, 50, &Uint32Array::from(runs));
    marks.add_mask(&runs(&[0, 0, 50, 9, 99, 100]).accepted(), Some(true)).accepted();
    assert_eq!(marked(&marks), 1000 - 51);
    marks.replace_area(js(rectangle(90, 5, 50, 50)), &runs(&[9, 99, 100, 0, 0, 9]).accepted()).accepted();
    assert_eq!(marked(&marks), 1000 - 50 - 50 + 1);
    let error = refusal(runs(&[0, 0, 1, 50, 0, 1]));
    assert_eq!(
        (&error["code"], &error["name"], &error["value"]),
        (&json!("out-of-range"), &json!("run 1: y"), &json!("50"))
    );
    assert_eq!(refusal(runs(&[0, 5, 5]))["name"], "run 0: end");
    assert_eq!(refusal(runs(&[0, 5]))["code"], "argument");
    let mask = runs(&[3, 4, 7]).accepted();
    let again = Mask::from_bytes(100, 50, &mask.to_bytes()).accepted();
    assert!(again.get(6, 3) && !again.get(7, 3) && again.invert().get(7, 3) && !again.invert().get(6, 3));
    assert_eq!(refusal(Mask::from_bytes(100, 50, &[0; 3]))["expected"], 800);
}

#[wasm_bindgen_test]
fn the_log_is_plain_data() {
    let mut marks = marks();
    marks.begin_stroke(10.0, 20.5, 9.0, false).accepted();
    marks.extend_stroke(&points(&[50.0, 20.0]), None).accepted();
    marks.end_stroke().accepted();
    marks.begin_stroke(1.0, 2.0, 3.0, true).accepted();
    marks.extend_stroke(&points(&[4.0, 5.0]), Some(points(&[6.0]))).accepted();
    marks.end_stroke().accepted();
    marks.add_rectangle(js(rectangle(90, 40, 50, 50)), false).accepted();
    marks.change_rectangle(2, js(rectangle(1, 2, 3, 4))).accepted();
    marks.change_rectangle(2, js(Value::Null)).accepted();
    marks.add_polygon(&points(&[0.0, 0.0, 9.0, 0.0, 9.0, 9.0]), false).accepted();
    let mask = Mask::from_runs(100, 50, &Uint32Array::from(&[3, 4, 7][..])).accepted();
    marks.add_mask(&mask, None).accepted();
    marks.replace_area(js(rectangle(0, 3, 5, 9)), &mask).accepted();
    marks.invert().accepted();
    marks.grow(2.0).accepted();
    marks.shrink(3.0).accepted();
    marks.clear().accepted();
    marks.invert().accepted();
    marks.undo();
    let expected = json!([
        { "kind": "stroke", "points": [10, 20.5, 50, 20], "diameter": 9, "subtract": false },
        { "kind": "stroke", "points": [1, 2, 4, 5], "diameters": [3, 6], "diameter": 3, "subtract": true },
        { "kind": "rectangle", "x": 90, "y": 40, "width": 10, "height": 10, "subtract": false },
        { "kind": "change", "id": 2, "rectangle": rectangle(1, 2, 3, 4) },
        { "kind": "change", "id": 2, "rectangle": null },
        { "kind": "polygon", "points": [0, 0, 9, 0, 9, 9], "subtract": false },
        { "kind": "mask", "runs": [3, 4, 7], "subtract": false },
        { "kind": "replace", "area": rectangle(0, 3, 5, 9), "runs": [3, 4, 5] },
        { "kind": "invert" },
        { "kind": "grow", "by": 2 },
        { "kind": "shrink", "by": 3 },
        { "kind": "clear" },
    ]);
    assert_eq!(plain(&marks.log().accepted()), expected);
    assert_eq!((marks.width(), marks.height()), (100, 50));
}
