//! The engine as the worker uses it: open, fill, accept, encode, send.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod fill_golden;
mod web_support;

use fill_golden::{GOLDENS, noisy};
use reweave::js::engine::{Engine, FillJob};
use reweave::js::files::{mask_png, probe, read_mask as read_foreign_mask};
use reweave::picture::{Limits, Picture, Samples, read_mask};
use reweave::{Mask, Rectangle, Size};
use serde_json::{Value, json};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_support::{Accepted, js, plain, refusal};

wasm_bindgen_test_configure!(run_in_browser);

/// Bytes of samples that a picture may have here.
const MEMORY: f64 = 1e8;

fn picture(width: u32, height: u32, channels: u8) -> Picture {
    noisy(Size::new(width, height).expect("a size"), channels, false)
}

fn open(picture: &Picture) -> Engine {
    Engine::open(picture.encode_png().expect("encodes"), MEMORY).accepted()
}

fn decode(bytes: &[u8]) -> Picture {
    Picture::decode(bytes, &Limits::memory(MEMORY as u64)).expect("decodes")
}

fn mask(picture: &Picture, [x, y, width, height]: [u32; 4]) -> Mask {
    Mask::from_rectangles(picture.size(), &[Rectangle { x, y, width, height }])
}

/// Steps a job to its end; answers its progress.
fn finish(job: &mut FillJob) -> Vec<f64> {
    let mut fractions = Vec::new();
    loop {
        let step = plain(&job.step().accepted());
        match step["kind"].as_str() {
            Some("done") => return fractions,
            Some("working" | "preview") => fractions.extend(step["progress"]["fraction"].as_f64()),
            _ => panic!("{step}"),
        }
    }
}

/// The bytes of the pixels that are not marked.
fn outside(picture: &Picture, mask: &Mask) -> Vec<u8> {
    let Samples::U8(samples) = picture.samples() else { panic!("8 bits are expected") };
    let width = picture.size().width();
    let pixels = (0u32..).zip(samples.chunks_exact(picture.channels().into()));
    pixels.filter(|(i, _)| !mask.get(i % width, i / width)).flat_map(|(_, pixel)| pixel).copied().collect()
}

#[wasm_bindgen_test]
fn a_picture_is_opened_and_described() {
    let mut engine = open(&picture(40, 30, 4));
    let about = json!({ "width": 40, "height": 30, "format": "png", "channels": 4, "depth": 8 });
    assert_eq!(plain(&engine.about().accepted()), about);
    let wide = open(&noisy(Size::new(3, 2).expect("a size"), 1, true));
    let about = json!({ "width": 3, "height": 2, "format": "png", "channels": 1, "depth": 16 });
    assert_eq!(plain(&wide.about().accepted()), about);
    let rgba = engine.rgba(js(json!({ "x": 39, "y": 0, "width": 1, "height": 2 })), 0.0).accepted();
    assert_eq!(rgba.len(), 8);
    let error = refusal(engine.rgba(js(json!({ "x": 39, "y": 0, "width": 2, "height": 2 })), 0.0));
    assert_eq!(error["code"], "rectangle-outside");
}

#[wasm_bindgen_test]
fn pixels_of_a_page_are_opened_repaired_and_sent() {
    let picture = picture(40, 30, 4);
    let mut engine = Engine::from_pixels(40, 30, picture.to_rgba8(picture.size().as_rectangle())).accepted();
    let about = json!({ "width": 40, "height": 30, "format": "png", "channels": 4, "depth": 8 });
    assert_eq!(plain(&engine.about().accepted()), about);
    let mask = mask(&picture, [5, 5, 9, 8]);
    let mut job = engine.fill(&mask.to_bytes(), 0.0, js(json!(null))).accepted();
    finish(&mut job);
    engine.accept_fill(job).accepted();
    let area = || js(json!({ "x": 0, "y": 0, "width": 40, "height": 30 }));
    let (before, after) = (engine.rgba(area(), 0.0).accepted(), engine.rgba(area(), 1.0).accepted());
    assert_ne!(before, after);
    assert_eq!(decode(&engine.encode_png(1.0).accepted()).to_rgba8(picture.size().as_rectangle()), *after);
    let limits = || js(json!({ "maxBytes": 1_000_000, "maxSide": 4096 }));
    let mut sent = engine.outgoing(limits(), 0.0).accepted();
    assert_eq!(decode(&sent.take_bytes()).to_rgba8(picture.size().as_rectangle()), *before);
    assert_eq!(refusal(Engine::from_pixels(40, 30, vec![0; 7]))["code"], "sample-count");
    assert_eq!(refusal(engine.rgba(area(), 2.0))["code"], "no-such-version");
}

#[wasm_bindgen_test]
fn what_cannot_be_opened_is_refused() {
    let refused = |bytes: &[u8], memory| refusal(Engine::open(bytes.to_vec(), memory));
    assert_eq!(refused(b"", MEMORY)["code"], "empty-file");
    assert_eq!(refused(b"GIF89a......", MEMORY)["code"], "gif-refused");
    assert_eq!(refused(b"<html>", MEMORY)["head"], "3c 68 74 6d 6c 3e");
    let png = picture(40, 30, 3).encode_png().expect("encodes");
    assert_eq!(refused(&png[..200], MEMORY)["code"], "picture-broken");
    let error = refused(&png, 3_599.0);
    assert_eq!((&error["code"], &error["needed"]), (&json!("memory"), &json!(3_600)));
    for memory in [0.0, -1.0, f64::NAN] {
        assert_eq!(refused(&png, memory)["code"], "file-too-large", "{memory}");
    }
}

#[wasm_bindgen_test]
fn a_fill_runs_to_its_end_and_changes_nothing_outside() {
    let original = picture(700, 500, 3);
    let mask = mask(&original, [50, 40, 500, 400]);
    let mut engine = open(&original);
    let mut job = engine.fill(&mask.to_bytes(), 0.0, js(json!({}))).accepted();
    let fractions = finish(&mut job);
    assert!(fractions.len() > 3 && fractions.is_sorted(), "{fractions:?}");
    assert!(fractions.iter().all(|fraction| (0.0..=1.0).contains(fraction)), "{fractions:?}");
    assert_eq!(refusal(job.step())["code"], "out-of-order");

    let filled = plain(&engine.accept_fill(job).accepted());
    let changes = &filled["changes"];
    assert_eq!((&filled["version"], &changes["outside"]), (&json!(1), &json!(0)));
    assert!(changes["inside"].as_u64() > Some(100_000), "{changes}");
    let mut shown = engine.shown(1.0).accepted();
    assert_eq!(plain(&shown[0].bounds().accepted()), json!({ "x": 50, "y": 40, "width": 500, "height": 400 }));
    assert_eq!(shown[0].take_rgba().len(), 500 * 400 * 4);
    assert!(shown[0].take_rgba().is_empty(), "it was taken");

    let encoded = decode(&engine.encode_png(1.0).accepted());
    assert_eq!((encoded.size(), encoded.channels()), (original.size(), 3));
    assert!(outside(&encoded, &mask) == outside(&original, &mask), "a pixel outside differs");
    assert!(encoded != original, "the region is repaired");
    assert_eq!(decode(&engine.encode_jpeg(90.0, 1.0).accepted()).size(), original.size());
    assert_eq!(refusal(engine.encode_jpeg(0.0, 1.0))["code"], "out-of-range");
    // As a byte it would be 44.
    assert_eq!(refusal(engine.encode_jpeg(300.0, 1.0))["value"], "300");
}

#[wasm_bindgen_test]
fn a_fill_is_accepted_only_when_it_is_done_and_where_it_belongs() {
    let original = picture(700, 500, 3);
    let mut engine = open(&original);
    let begin = |engine: &mut Engine| {
        engine.fill(&mask(&original, [50, 40, 500, 400]).to_bytes(), 0.0, js(json!({}))).accepted()
    };
    let fresh = begin(&mut engine);
    assert_eq!(refusal(engine.accept_fill(fresh))["code"], "out-of-order");
    let mut half_way = begin(&mut engine);
    while plain(&half_way.step().accepted())["kind"] == "working" {}
    assert_eq!(refusal(engine.accept_fill(half_way))["code"], "out-of-order");

    for foreign in [picture(700, 500, 1), picture(900, 700, 4), picture(60, 40, 3)] {
        let mut other = open(&foreign);
        let hole = mask(&foreign, [foreign.size().width() - 20, 20, 15, 10]);
        let mut job = other.fill(&hole.to_bytes(), 0.0, js(json!({}))).accepted();
        finish(&mut job);
        assert_eq!(refusal(engine.accept_fill(job))["code"], "argument");
    }
    assert_eq!(refusal(engine.shown(1.0))["code"], "no-such-version");
    assert!(engine.shown(0.0).accepted().is_empty());
    assert!(decode(&engine.encode_png(0.0).accepted()) == original);
}

#[wasm_bindgen_test]
fn options_of_a_fill_are_judged_by_their_names_and_kept_to() {
    let original = picture(200, 150, 3);
    let hole = mask(&original, [60, 40, 60, 60]);
    let mut engine = open(&original);
    let mut refused = |options: Value| refusal(engine.fill(&hole.to_bytes(), 0.0, js(options)));
    for (field, value) in
        [("quality", json!("good")), ("halo", json!(1)), ("seed", json!("1")), ("expand", json!(true))]
    {
        let error = refused(json!({ field: value }));
        assert_eq!((&error["code"], &error["name"]), (&json!("argument"), &json!(field)));
    }
    for (field, value) in [("expand", json!(101)), ("expand", json!(1.5)), ("seed", json!(-1))] {
        let error = refused(json!({ field: value }));
        assert_eq!((&error["code"], &error["name"]), (&json!("out-of-range"), &json!(field)));
    }
    assert_eq!(refused(json!({ "searchArea": {} }))["name"], "searchArea");
    let area = |bits: &[u8]| {
        let (area, options) = (js_sys::Object::new(), js_sys::Object::new());
        let bits = js_sys::Uint8Array::from(bits);
        js_sys::Reflect::set(&area, &"only".into(), &bits).expect("an object takes it");
        js_sys::Reflect::set(&options, &"searchArea".into(), &area).expect("an object takes it");
        wasm_bindgen::JsCast::unchecked_into(options)
    };
    assert_eq!(refusal(engine.fill(&hole.to_bytes(), 0.0, area(&[1, 2])))["code"], "sample-count");
    assert_eq!(refusal(engine.fill(&hole.to_bytes(), 0.0, area(&hole.to_bytes())))["code"], "search-area");

    let chosen = json!({ "quality": "fast", "seed": 3, "expand": 2, "halo": false, "searchArea": null });
    let mut job = engine.fill(&hole.to_bytes(), 0.0, js(chosen)).accepted();
    finish(&mut job);
    let filled = plain(&engine.accept_fill(job).accepted());
    let grown = hole.grown(2);
    assert_eq!(filled["added"], json!({ "expand": grown.count() - hole.count(), "halo": 0 }));
    let encoded = decode(&engine.encode_png(1.0).accepted());
    assert!(outside(&encoded, &grown) == outside(&original, &grown), "a pixel outside the region differs");
    assert!(outside(&encoded, &hole) != outside(&original, &hole), "what was grown is repaired");
}

#[wasm_bindgen_test]
fn masks_that_cannot_be_filled_are_refused() {
    let original = picture(64, 48, 3);
    let mut engine = open(&original);
    let mut refused = |bits: &[u8]| refusal(engine.fill(bits, 0.0, js(json!({}))));
    assert_eq!(refused(&mask(&original, [0, 0, 0, 0]).to_bytes())["code"], "empty-mask");
    assert_eq!(refused(&mask(&original, [0, 0, 64, 48]).to_bytes())["code"], "full-mask");
    let error = refused(&[1, 2, 3]);
    assert_eq!((&error["actual"], &error["expected"]), (&json!(3), &json!(48 * 8)));
    assert_eq!(refusal(mask_png(64, 48, &[]))["code"], "sample-count");
}

#[wasm_bindgen_test]
fn of_a_delivered_picture_only_the_region_is_taken() {
    let (original, mask) = (picture(64, 48, 3), mask(&picture(64, 48, 3), [10, 10, 20, 20]));
    let mut engine = open(&original);
    let file = |width, height| picture(width, height, 4).encode_png().expect("encodes");
    let error = refusal(engine.accept_delivered(&file(63, 48), &mask.to_bytes(), false, MEMORY, 0.0));
    assert_eq!(error["code"], "result-size");
    assert_eq!((&error["width"], &error["pictureWidth"]), (&json!(63), &json!(64)));
    assert_eq!(
        refusal(engine.accept_delivered(b"nothing", &mask.to_bytes(), false, MEMORY, 0.0))["code"],
        "not-a-picture"
    );
    assert_eq!(refusal(engine.shown(1.0))["code"], "no-such-version");

    let accepted = plain(&engine.accept_delivered(&file(64, 48), &mask.to_bytes(), false, MEMORY, 0.0).accepted());
    assert_eq!(accepted["changes"]["outside"], 0);
    assert!(accepted["changes"]["inside"].as_u64() > Some(300), "{accepted}");
    assert!(accepted["delivered"]["outside"].as_u64() > Some(1_000), "{accepted}");
    let encoded = decode(&engine.encode_png(1.0).accepted());
    assert!(outside(&encoded, &mask) == outside(&original, &mask), "a pixel outside differs");

    let whole = plain(&engine.accept_delivered(&file(64, 48), &mask.to_bytes(), true, MEMORY, 0.0).accepted());
    assert_eq!((&whole["changes"], &whole["delivered"]), (&accepted["delivered"], &accepted["delivered"]));
    // In the channels of the original, which has no alpha.
    let Samples::U8(rgba) = picture(64, 48, 4).samples().clone() else { panic!("8 bits") };
    let rgb = rgba.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
    assert_eq!(whole["version"], 2);
    assert!(decode(&engine.encode_png(2.0).accepted()).samples() == &Samples::U8(rgb));
}

#[wasm_bindgen_test]
fn a_mask_leaves_as_0_and_255() {
    let original = picture(70, 48, 3);
    let mask = mask(&original, [60, 10, 7, 20]);
    let png = mask_png(70, 48, &mask.to_bytes()).accepted();
    let decoded = decode(&png);
    assert_eq!((decoded.size(), decoded.channels()), (original.size(), 1));
    assert_eq!(decoded.samples(), &Samples::U8(mask.to_luma()));
    assert!(mask.to_luma().iter().all(|value| [0, 255].contains(value)));
    assert_eq!(read_mask(&png, &Limits::memory(MEMORY as u64)), Ok(mask));
}

/// A JPEG with EXIF of the given orientation, a place, and a comment.
fn jpeg(orientation: u8) -> Vec<u8> {
    let plain = picture(40, 30, 3).encode_jpeg(90).expect("encodes");
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"52.5163 N");
    let mut bytes = plain[..2].to_vec();
    for (marker, contents) in [(0xe1, exif), (0xfe, b"taken at home".to_vec())] {
        bytes.extend([0xff, marker, 0, contents.len() as u8 + 2]);
        bytes.extend(contents);
    }
    bytes.extend(&plain[2..]);
    bytes
}

#[wasm_bindgen_test]
fn metadata_does_not_leave() {
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    let limits = || js(json!({ "maxBytes": 1_000_000, "maxSide": 4096 }));
    for (orientation, mime) in [(1, "image/jpeg"), (6, "image/png")] {
        let source = jpeg(orientation);
        assert!(holds(&source, b"Exif") && holds(&source, b"taken at home"));
        let mut engine = Engine::open(source, MEMORY).accepted();
        let mut file = engine.outgoing(limits(), 0.0).accepted();
        assert_eq!((file.mime().as_str(), file.jpeg_quality()), (mime, None));
        let bytes = file.take_bytes();
        for secret in [&b"Exif"[..], b"52.5163 N", b"taken at home"] {
            assert!(!holds(&bytes, secret), "orientation {orientation}: {secret:?}");
        }
        let about = plain(&engine.about().accepted());
        let size = decode(&bytes).size();
        assert_eq!((&json!(size.width()), &json!(size.height())), (&about["width"], &about["height"]));
        assert!(file.take_bytes().is_empty(), "it was taken");
    }
}

#[wasm_bindgen_test]
fn an_endpoints_limits_are_kept() {
    let mut engine = open(&picture(400, 300, 3));
    let limits = |bytes: Value, side: Value| js(json!({ "maxBytes": bytes, "maxSide": side }));
    let mut small = engine.outgoing(limits(json!(60_000), json!(400)), 0.0).accepted();
    assert!(small.jpeg_quality().is_some_and(|quality| quality <= 95), "{:?}", small.jpeg_quality());
    assert!(small.take_bytes().len() <= 60_000);
    assert_eq!(refusal(engine.outgoing(limits(json!(100), json!(400)), 0.0))["code"], "cannot-fit");
    assert_eq!(refusal(engine.outgoing(limits(json!(60_000), json!(399)), 0.0))["maxWidth"], 399);
    for side in [Value::Null, json!(-1), json!(1.5), json!("many")] {
        assert_eq!(refusal(engine.outgoing(limits(json!(60_000), side.clone()), 0.0))["code"], "argument", "{side}");
    }
}

/// Fills a rectangle of a version; answers the new version's number.
fn repair(engine: &mut Engine, picture: &Picture, area: [u32; 4], base: f64) -> f64 {
    let mut job = engine.fill(&mask(picture, area).to_bytes(), base, js(json!({}))).accepted();
    finish(&mut job);
    plain(&engine.accept_fill(job).accepted())["version"].as_f64().expect("a number")
}

#[wasm_bindgen_test]
fn versions_are_based_on_each_other_and_never_overwritten() {
    let original = picture(80, 60, 3);
    let (left, right) = ([5, 5, 20, 20], [40, 10, 30, 30]);
    let mut engine = open(&original);
    let first = repair(&mut engine, &original, left, 0.0);
    let once = decode(&engine.encode_png(first).accepted());
    let second = repair(&mut engine, &original, right, first);
    let other = repair(&mut engine, &original, right, 0.0);
    assert_eq!([first, second, other], [1.0, 2.0, 3.0]);

    let twice = decode(&engine.encode_png(second).accepted());
    assert!(outside(&twice, &mask(&original, right)) == outside(&once, &mask(&original, right)));
    let elsewhere = decode(&engine.encode_png(other).accepted());
    assert!(outside(&elsewhere, &mask(&original, right)) == outside(&original, &mask(&original, right)));
    assert!(decode(&engine.encode_png(0.0).accepted()) == original);
    let bounds =
        |engine: &mut Engine, version| plain(&engine.shown(version).accepted()[0].bounds().accepted())["x"].clone();
    assert_eq!((bounds(&mut engine, second), bounds(&mut engine, first)), (json!(40), json!(5)));

    let limits = || js(json!({ "maxBytes": 1_000_000, "maxSide": 4096 }));
    let sent = engine.outgoing(limits(), second).accepted().take_bytes();
    assert!(decode(&sent) == twice, "what leaves is the version");

    engine.forget(first).accepted();
    assert_eq!(refusal(engine.encode_png(first))["code"], "no-such-version");
    assert!(decode(&engine.encode_png(second).accepted()) == twice);
    assert_eq!(refusal(engine.forget(0.0))["code"], "out-of-order");
    for version in [-1.0, 0.5, f64::NAN, f64::INFINITY] {
        assert_eq!(refusal(engine.encode_png(version))["code"], "out-of-range", "{version}");
    }
}

#[wasm_bindgen_test]
fn a_header_is_judged_as_the_file_would_be() {
    let png = picture(40, 30, 3).encode_png().expect("encodes");
    let about = json!({ "width": 40, "height": 30, "format": "png" });
    assert_eq!(plain(&probe(&png[..100], png.len() as f64, MEMORY).accepted()), about);
    assert_eq!(refusal(probe(&png[..20], png.len() as f64, MEMORY))["code"], "picture-broken");
    assert_eq!(refusal(probe(b"GIF89a...", 9.0, MEMORY))["code"], "gif-refused");
    assert_eq!(refusal(probe(b"", 0.0, MEMORY))["code"], "empty-file");
    assert_eq!(refusal(probe(&png, png.len() as f64, 3_599.0))["code"], refusal(Engine::open(png, 3_599.0))["code"]);
}

#[wasm_bindgen_test]
fn a_large_picture_is_shown_by_its_halves() {
    let engine = open(&picture(1_100, 60, 3));
    let mut levels = engine.levels();
    let sizes: Vec<_> = levels.iter().map(|level| plain(&level.bounds().accepted())["width"].clone()).collect();
    assert_eq!(sizes, [json!(550), json!(275)]);
    assert_eq!(levels[0].take_rgba().len(), 550 * 30 * 4);
    assert!(open(&picture(512, 60, 3)).levels().is_empty());
}

#[wasm_bindgen_test]
fn the_wand_finds_a_region_and_strokes_what_stands_out() {
    let size = Size::new(120, 90).expect("a size");
    let value = |i: u32| if (40..80).contains(&(i % 120)) && (44..47).contains(&(i / 120)) { 250 } else { 60 };
    let grey = Picture::from_samples(size, 1, Samples::U8((0..120 * 90).map(value).collect())).expect("fits");
    let line = mask(&grey, [40, 44, 40, 3]);
    let mut engine = open(&grey);
    assert_eq!(engine.wand(0.0, 50.0, 45.0, 10.0).accepted(), line.to_bytes());
    let area = || js(json!({ "x": 20, "y": 20, "width": 80, "height": 50 }));
    assert_eq!(engine.strokes(0.0, area(), 0.0).accepted(), line.to_bytes());

    for (x, y, tolerance) in
        [(120.0, 0.0, 0.0), (0.5, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 256.0), (f64::NAN, 0.0, 0.0)]
    {
        assert_eq!(refusal(engine.wand(0.0, x, y, tolerance))["code"], "out-of-range", "{x} {y} {tolerance}");
    }
    assert_eq!(refusal(engine.strokes(0.0, area(), 21.0))["max"], 20);
    let outside = js(json!({ "x": 100, "y": 20, "width": 80, "height": 50 }));
    assert_eq!(refusal(engine.strokes(0.0, outside, 3.0))["code"], "rectangle-outside");
    let empty = js(json!({ "x": 0, "y": 0, "width": 30, "height": 30 }));
    let error = refusal(engine.strokes(0.0, empty, 3.0));
    assert_eq!((&error["code"], &error["area"]["width"]), (&json!("no-strokes"), &json!(30)));
    assert_eq!(refusal(engine.wand(7.0, 0.0, 0.0, 0.0))["version"], 7);
}

#[wasm_bindgen_test]
fn masks_come_in_and_holes_go_out() {
    let original = picture(40, 30, 3);
    let marked = mask(&original, [5, 6, 7, 8]);
    let mut engine = open(&original);
    let hole = engine.hole_png(&marked.to_bytes(), 0.0).accepted();
    assert_eq!(decode(&hole).channels(), 4);
    let read = read_foreign_mask(&hole, MEMORY).accepted();
    assert_eq!((read.width(), read.height(), read.marked().as_str(), read.certain()), (40, 30, "transparent", true));
    assert_eq!((read.bits(), read.share()), (marked.to_bytes(), 56.0 / 1200.0));
    let png = mask_png(40, 30, &marked.to_bytes()).accepted();
    let read = read_foreign_mask(&png, MEMORY).accepted();
    assert_eq!((read.bits(), read.marked().as_str(), read.certain()), (marked.to_bytes(), "white", true));
    assert_eq!(refusal(read_foreign_mask(b"no", MEMORY))["code"], "not-a-picture");
    assert_eq!(refusal(engine.hole_png(&mask(&original, [0, 0, 0, 0]).to_bytes(), 0.0))["code"], "empty-mask");
}

#[wasm_bindgen_test]
fn a_fill_computes_here_what_it_computes_natively() {
    for golden in GOLDENS {
        let (channels, sixteen) = (golden.channels, golden.sixteen_bits);
        assert_eq!(golden.compute(), golden.checksum, "{channels} channels, 16 bits: {sixteen}, {:?}", golden.quality);
    }
}
