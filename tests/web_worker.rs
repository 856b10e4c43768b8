//! The engine where a page runs it: in a dedicated worker, without a document.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod fill_golden;
mod web_support;

use fill_golden::{GOLDENS, noisy};
use reweave::js::engine::Engine;
use reweave::js::marks::Mask;
use reweave::{Rectangle, Size};
use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};
use web_support::{Accepted, js, plain, refusal};
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn this_is_a_worker() {
    let has = |name: &str| js_sys::Reflect::has(&js_sys::global(), &name.into()).expect("an object");
    assert!(has("DedicatedWorkerGlobalScope") && !has("document"));
}

#[wasm_bindgen_test]
fn a_picture_is_decoded_filled_and_encoded() {
    let size = Size::new(400, 300).expect("a size");
    let png = noisy(size, 3, false).encode_png().expect("encodes");
    let mut engine = Engine::open(png, 1e8).accepted();
    let hole = [Rectangle { x: 30, y: 20, width: 300, height: 200 }];
    let mut job = engine
        .fill(&reweave::Mask::from_rectangles(size, &hole).to_bytes(), 0.0, wasm_bindgen::JsValue::UNDEFINED.into())
        .accepted();
    while plain(&job.step().accepted())["kind"] != "done" {}
    let changes = &plain(&engine.accept_fill(job).accepted())["changes"];
    assert_eq!(changes["outside"], 0);
    assert!(changes["inside"].as_u64() > Some(50_000), "{changes}");
    let repaired = Engine::open(engine.encode_png(1.0).accepted(), 1e8).accepted();
    assert_eq!(plain(&repaired.about().accepted())["width"], 400);
}

#[wasm_bindgen_test]
fn the_wand_takes_well_under_a_second() {
    let side = 4096;
    let size = Size::new(side, side).expect("a size");
    // A comb: the whole picture is one region, of as many runs as can be.
    let values = (0..side * side).map(|i| if i < side || i % side % 2 == 0 { 9 } else { 8 }).collect();
    let picture =
        reweave::picture::Picture::from_samples(size, 1, reweave::picture::Samples::U8(values)).expect("fits");
    for tolerance in [0, 1] {
        let start = js_sys::Date::now();
        let region = reweave::segment::wand(&picture, 0, side - 1, tolerance).expect("inside");
        let milliseconds = js_sys::Date::now() - start;
        console_log!("wand of {} pixels: {milliseconds} ms", region.count());
        // Unoptimised, on a loaded machine; optimised it is a tenth.
        assert!(milliseconds < 5_000.0, "{milliseconds} ms");
    }
}

#[wasm_bindgen_test]
fn a_fill_computes_here_what_it_computes_natively() {
    for golden in GOLDENS {
        assert_eq!(golden.compute(), golden.checksum, "{} channels, {:?}", golden.channels, golden.quality);
    }
}

#[wasm_bindgen_test]
fn masks_and_canvases_work_without_a_document() {
    let mask = json!([{ "x": 1, "y": 2, "width": 3, "height": 1 }]);
    let mask = Mask::from_rectangles(8, 8, js(mask)).accepted();
    let canvas = OffscreenCanvas::new(8, 8).expect("a canvas");
    let context = canvas.get_context("2d").ok().flatten().expect("a 2D context");
    let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
    mask.paint_onto(context.unchecked_into(), js(json!({ "opacity": 1 }))).accepted();
    let read = Mask::from_canvas(canvas.unchecked_into(), js(json!(null))).accepted();
    assert_eq!(read.to_bytes(), mask.to_bytes());
}

#[wasm_bindgen_test]
fn a_refusal_is_an_error_of_this_realm() {
    assert_eq!(refusal(Engine::open(b"GIF89a".to_vec(), 1e8))["code"], "gif-refused");
}
