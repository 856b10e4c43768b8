//! Masks from canvases and masks on canvases, in a real browser.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod web_support;

use reweave::js::marks::Mask;
use serde_json::{Value, json};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_support::{Accepted, js, refusal};
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d,
};

wasm_bindgen_test_configure!(run_in_browser);

/// A row of pixels.
fn row(pixels: &[[u8; 4]]) -> ImageData {
    ImageData::new_with_u8_clamped_array(Clamped(pixels.as_flattened()), pixels.len() as u32).expect("whole pixels")
}

fn canvas(width: u32, height: u32) -> (HtmlCanvasElement, CanvasRenderingContext2d) {
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    let canvas: HtmlCanvasElement = document.create_element("canvas").expect("a canvas").unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok().flatten().expect("a 2D context");
    (canvas, context.unchecked_into())
}

fn offscreen(width: u32, height: u32) -> (OffscreenCanvas, OffscreenCanvasRenderingContext2d) {
    let canvas = OffscreenCanvas::new(width, height).expect("a canvas");
    let context = canvas.get_context("2d").ok().flatten().expect("a 2D context");
    (canvas, context.unchecked_into())
}

/// The same row in each of the three things that a mask can be read from.
fn sources(pixels: &[[u8; 4]]) -> [(&'static str, JsValue); 3] {
    let image = row(pixels);
    let (on_page, page_context) = canvas(image.width(), 1);
    page_context.put_image_data(&image, 0.0, 0.0).expect("painted");
    let (off_page, context) = offscreen(image.width(), 1);
    context.put_image_data(&image, 0.0, 0.0).expect("painted");
    [("ImageData", image.into()), ("HTMLCanvasElement", on_page.into()), ("OffscreenCanvas", off_page.into())]
}

/// Which pixels of the first row are marked.
fn marked(source: &JsValue, options: Value) -> Vec<u32> {
    let mask = Mask::from_canvas(source.clone().unchecked_into(), js(options)).accepted();
    (0..mask.width()).filter(|x| mask.get(*x, 0)).collect()
}

#[wasm_bindgen_test]
fn each_channel_is_read() {
    let pixels = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [90, 160, 90, 255], [0, 0, 0, 255]];
    for (name, source) in sources(&pixels) {
        let read = |channel: &str| marked(&source, json!({ "channel": channel }));
        assert_eq!(read("red"), [0], "{name}");
        assert_eq!(read("green"), [1, 3], "{name}");
        assert_eq!(read("blue"), [2], "{name}");
        // Green weighs most: 150 of 256. (77 × 90 + 150 × 160 + 29 × 90) / 256 = 131.
        assert_eq!(read("luma"), [1, 3], "{name}");
        assert_eq!(read("alpha"), [0, 1, 2, 3, 4], "{name}");
    }
}

#[wasm_bindgen_test]
fn the_threshold_is_128_and_included() {
    let alphas = [0, 1, 127, 128, 255].map(|alpha| [0, 0, 0, alpha]);
    let reds = [0, 1, 127, 128, 255].map(|red| [red, 0, 0, 255]);
    for (pixels, channel) in [(alphas, Value::Null), (reds, json!("red"))] {
        for (name, source) in sources(&pixels) {
            let read = |threshold: Value, invert: Value| {
                marked(&source, json!({ "channel": channel, "threshold": threshold, "invert": invert }))
            };
            assert_eq!(read(Value::Null, Value::Null), [3, 4], "{name}");
            assert_eq!(read(json!(127), json!(false)), [2, 3, 4], "{name}");
            assert_eq!(read(json!(127.5), json!(false)), [3, 4], "{name}");
            assert_eq!(read(json!(1), Value::Null), [1, 2, 3, 4], "{name}");
            assert_eq!(read(json!(255), Value::Null), [4], "{name}");
            assert_eq!(read(Value::Null, json!(true)), [0, 1, 2], "{name}");
        }
    }
    let none = Mask::from_canvas(row(&alphas).unchecked_into(), JsValue::UNDEFINED.unchecked_into());
    assert!(none.is_ok_and(|mask| !mask.get(2, 0) && mask.get(3, 0)), "no options at all");
}

#[wasm_bindgen_test]
fn options_and_sources_that_make_no_sense_are_refused() {
    let image = || row(&[[0; 4]; 3]);
    let cases = [
        (json!({ "threshold": 0 }), "out-of-range", "threshold"),
        (json!({ "threshold": 256 }), "out-of-range", "threshold"),
        (json!({ "threshold": "128" }), "out-of-range", "threshold"),
        (json!({ "channel": "hue" }), "argument", "channel"),
        (json!({ "channel": 3 }), "argument", "channel"),
        (json!({ "invert": "yes" }), "argument", "invert"),
        (json!({ "invert": 1 }), "argument", "invert"),
    ];
    for (options, code, name) in cases {
        let error = refusal(Mask::from_canvas(image().unchecked_into(), js(options.clone())));
        assert_eq!((&error["code"], &error["name"]), (&json!(code), &json!(name)), "{options}");
    }
    let not_a_number: JsValue = js_sys::Object::new().into();
    js_sys::Reflect::set(&not_a_number, &"threshold".into(), &f64::NAN.into()).expect("set");
    let error = refusal(Mask::from_canvas(image().unchecked_into(), not_a_number.unchecked_into()));
    assert_eq!((&error["code"], &error["max"]), (&json!("out-of-range"), &json!(255)));

    let no_options = || JsValue::UNDEFINED.unchecked_into();
    assert_eq!(refusal(Mask::from_canvas(js(json!({ "width": 3 })), no_options()))["code"], "argument");
    assert_eq!(refusal(Mask::from_canvas(js(Value::Null), no_options()))["code"], "argument");
    let (empty, _) = canvas(0, 0);
    assert_eq!(refusal(Mask::from_canvas(empty.unchecked_into(), no_options()))["code"], "canvas");
    let bitmap = OffscreenCanvas::new(2, 2).expect("a canvas");
    bitmap.get_context("bitmaprenderer").ok().flatten().expect("a context of another kind");
    assert_eq!(refusal(Mask::from_canvas(bitmap.unchecked_into(), no_options()))["code"], "canvas");
}

const BLUE: [u8; 4] = [0, 0, 200, 255];
/// [`BLUE`] under #ff0000 of half the opacity.
const BLENDED: [u8; 4] = [128, 0, 100, 255];

/// The pixels of a blue canvas after `paint`.
fn over_blue(width: u32, height: u32, paint: impl FnOnce(&CanvasRenderingContext2d)) -> Vec<[u8; 4]> {
    let (_, context) = canvas(width, height);
    context.set_fill_style_str("rgb(0 0 200)");
    context.fill_rect(0.0, 0.0, width.into(), height.into());
    paint(&context);
    let image = context.get_image_data(0.0, 0.0, width.into(), height.into()).expect("readable");
    image.data().as_chunks::<4>().0.to_vec()
}

fn near(a: [u8; 4], b: [u8; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 1)
}

fn mask(width: u32, height: u32, rectangles: Value) -> Mask {
    Mask::from_rectangles(width, height, js(rectangles)).accepted()
}

fn red() -> Value {
    json!({ "color": "#ff0000", "opacity": 0.5 })
}

#[wasm_bindgen_test]
fn a_mask_is_blended_over_what_is_there() {
    let mask = mask(20, 10, json!([{ "x": 4, "y": 3, "width": 5, "height": 6 }]));
    let pixels = over_blue(40, 30, |context| {
        context.translate(10.0, 5.0).expect("moved");
        mask.paint_onto(context.clone().unchecked_into(), js(red())).accepted();
    });
    for (i, pixel) in (0u32..).zip(pixels) {
        let (x, y) = (i % 40, i / 40);
        let inside = (14..19).contains(&x) && (8..14).contains(&y);
        assert!(if inside { near(pixel, BLENDED) } else { pixel == BLUE }, "{pixel:?} at {x}, {y}");
    }
}

#[wasm_bindgen_test]
fn a_mask_follows_the_scale() {
    let mask = mask(20, 10, json!([{ "x": 4, "y": 3, "width": 5, "height": 6 }]));
    let pixels = over_blue(80, 60, |context| {
        context.set_transform(3.0, 0.0, 0.0, 3.0, 6.0, 9.0).expect("set");
        mask.paint_onto(context.clone().unchecked_into(), js(red())).accepted();
    });
    // The browser smooths what it scales: two pixels on either side of the border are its own.
    for (i, pixel) in (0u32..).zip(pixels) {
        let (x, y) = (i % 80, i / 80);
        let inside = (20..31).contains(&x) && (20..34).contains(&y);
        let outside = !((16..35).contains(&x) && (16..38).contains(&y));
        assert!(!inside || near(pixel, BLENDED), "{pixel:?} inside at {x}, {y}");
        assert!(!outside || pixel == BLUE, "{pixel:?} outside at {x}, {y}");
    }
}

#[wasm_bindgen_test]
fn a_tall_mask_has_no_seams() {
    let mask = mask(8, 700, json!([{ "x": 0, "y": 0, "width": 8, "height": 700 }]));
    for scale in [1.0, 0.37, 0.5, 1.3] {
        let height = (700.0 * scale) as u32;
        let pixels = over_blue(8, height, |context| {
            context.scale(scale, scale).expect("scaled");
            mask.paint_onto(context.clone().unchecked_into(), js(red())).accepted();
        });
        let column = pixels.into_iter().step_by(8).enumerate().take(height as usize - 1);
        let seams: Vec<_> = column.filter(|(_, pixel)| !near(*pixel, BLENDED)).collect();
        assert!(seams.is_empty(), "at scale {scale}: {seams:?}");
    }
}

#[wasm_bindgen_test]
fn a_worker_paints_on_its_own_kind_of_canvas() {
    let (_, context) = offscreen(6, 6);
    let mask = mask(6, 6, json!([{ "x": 1, "y": 2, "width": 1, "height": 1 }]));
    let colour = json!({ "opacity": 1 });
    mask.paint_onto(context.clone().unchecked_into(), js(colour)).accepted();
    let image = context.get_image_data(0.0, 0.0, 6.0, 6.0).expect("readable");
    let data = image.data();
    let painted: Vec<_> = data.as_chunks::<4>().0.iter().enumerate().filter(|(_, pixel)| pixel[3] > 0).collect();
    assert_eq!(painted, [(13, &[0xff, 0x2d, 0x55, 255])], "the default colour on one pixel");
}

#[wasm_bindgen_test]
fn what_cannot_be_painted_is_refused() {
    let mask = mask(6, 6, json!([{ "x": 1, "y": 2, "width": 1, "height": 1 }]));
    let (_, context) = canvas(6, 6);
    let paint = |options: Value| refusal(mask.paint_onto(context.clone().unchecked_into(), js(options)));
    for color in [json!("red"), json!("#ff00"), json!("#gggggg"), json!("#+12345"), json!(7)] {
        assert_eq!(paint(json!({ "color": color }))["code"], "argument", "{color}");
    }
    for opacity in [json!(1.01), json!(-0.1), json!("1")] {
        let error = paint(json!({ "opacity": opacity }));
        assert_eq!((&error["code"], &error["name"]), (&json!("out-of-range"), &json!("opacity")), "{opacity}");
    }
    assert_eq!(refusal(mask.paint_onto(js(json!({})), js(red())))["code"], "canvas");
}
