//! The view that shows marks on a canvas.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod web_support;

use js_sys::Float32Array;
use reweave::js::marks::Selection;
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

/// Numbers that are as good as random, from 0 to below `end`.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(self.0 >> 8) * u64::from(end)) >> 24) as u32
    }
}

/// What is painted step by step, only where something changed, is what is painted all at once.
#[wasm_bindgen_test]
fn a_view_painted_in_parts_is_that_painted_as_a_whole() {
    let mut dice = Dice(7);
    for _ in 0..60 {
        let mut marks = marks();
        let scale = [0.13, 0.5, 1.0, 1.7, 6.25][dice.roll(5) as usize];
        let offset = |dice: &mut Dice| f64::from(dice.roll(240)) / 2.0 - 100.25;
        let view = json!({ "scale": scale, "offsetX": offset(&mut dice), "offsetY": offset(&mut dice) });
        let options = json!({ "color": "#3060ff", "opacity": 0.6, "edge": dice.roll(9) });
        let (parts, whole) = (green(64, 48), green(64, 48));
        let paint = |marks: &Selection, context: &CanvasRenderingContext2d, changed: Value| {
            marks.paint_view(context, js(view.clone()), js(changed), js(options.clone())).accepted();
        };
        paint(&marks, &parts, Value::Null);
        for _ in 0..6 {
            let subtract = dice.roll(3) == 0;
            let (x, y) = (dice.roll(100) as f32, dice.roll(50) as f32);
            let diameter = 1.0 + dice.roll(20) as f32;
            let changed = plain(&marks.begin_stroke(x, y, diameter, subtract).accepted());
            if changed != Value::Null {
                paint(&marks, &parts, changed);
            }
            let next = Float32Array::from(&[dice.roll(100) as f32, dice.roll(50) as f32][..]);
            let changed = plain(&marks.extend_stroke(&next, None).accepted());
            if changed != Value::Null {
                paint(&marks, &parts, changed);
            }
            marks.end_stroke().accepted();
        }
        paint(&marks, &whole, Value::Null);
        let expected = whole.get_image_data(0.0, 0.0, 64.0, 48.0).expect("readable").data();
        let pixels = expected.as_chunks::<4>().0;
        check(&parts, |x, y| pixels[(y * 64 + x) as usize]);
    }
}

#[wasm_bindgen_test]
fn an_edge_is_drawn_in_black_and_white() {
    let mut marks = marks();
    marks.add_rectangle(js(rectangle(20, 10, 40, 30)), false).accepted();
    let context = green(100, 50);
    let paint = |options: Value| {
        let view = json!({ "scale": 1, "offsetX": 0, "offsetY": 0 });
        marks.paint_view(&context, js(view), js(Value::Null), js(options))
    };
    paint(json!({ "color": "#ff0000", "opacity": 1, "edge": 2 })).accepted();
    let image = context.get_image_data(0.0, 0.0, 100.0, 50.0).expect("readable").data();
    let (mut white, mut black) = (0, 0);
    for (i, pixel) in (0u32..).zip(image.as_chunks::<4>().0) {
        let (x, y) = (i % 100, i / 100);
        match *pixel {
            CLEAR => assert!(!inside(x, y, [20, 10, 40, 30]), "at {x}, {y}"),
            RED => assert!(inside(x, y, [22, 12, 36, 26]), "at {x}, {y}"),
            [255, 255, 255, 255] => white += 1,
            [20, 20, 20, 255] => black += 1,
            other => panic!("{other:?} at {x}, {y}"),
        }
    }
    assert_eq!(white + black, 40 * 30 - 36 * 26);
    assert!(white > 80 && black > 80, "{white} and {black}");
    for edge in [json!(-0.5), json!(8.5), json!("2")] {
        let error = refusal(paint(json!({ "edge": edge })));
        assert_eq!((&error["code"], &error["name"]), (&json!("out-of-range"), &json!("edge")));
    }
}
