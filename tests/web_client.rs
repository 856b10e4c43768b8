//! One repair at an endpoint, with the browser's own network and clock.
//!
//! Hosts under `.invalid` (RFC 2606: they never exist) are answered by a `fetch` of the tests; all
//! others by the network.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod web_support;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Reflect, Uint8Array};
use reweave::js::client::{Endpoint, EndpointRepair, Upload};
use reweave::js::error::Fault;
use reweave::js::types::OnProgress;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_support::{Accepted, js, plain, refusal};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(inline_js = r#"
const real = globalThis.fetch;
let requests = [];
const json = (status, body) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const pending = { status: 200, data: { task_id: "t 1", state: 4, progress: 40 } };

/** Each host behaves as its name says. */
function answer(request, { hostname }) {
    const asked = request.method === "GET";
    switch (hostname) {
        case "hangs.invalid":
            return new Promise((_, refuse) =>
                request.signal.addEventListener("abort", () => refuse(request.signal.reason)));
        case "queues.invalid":
            return json(200, pending);
        case "refuses.invalid":
            return json(401, { status: 401, message: "unknown key" });
        case "shows-html.invalid":
            return new Response("<html>", { headers: { "content-type": "text/html" } });
        case "works.invalid":
            return json(200, asked ? { status: 200, data: { state: 1, image: "https://stores.invalid/r" } } : pending);
        case "stores.invalid":
            return new Response(new Uint8Array([1, 2, 3]));
        case "paints.invalid":
            return new Response(new Uint8Array([4, 5]), { headers: { "content-type": "image/png" } });
        case "throttles.invalid":
            if (requests.length > 1) return json(200, { status: 200, data: { state: 1, image: "AQID" } });
            return new Response("", { status: 403, headers: {
                "X-Ca-Error-Message": "Throttled by USER Flow Control", "X-Ca-Request-Id": "R1", "Retry-After": "1" } });
        case "gateway.invalid":
            return new Response("", { status: 403, headers: {
                "X-Ca-Error-Message": "Quota Exhausted", "X-Ca-Request-Id": "R1" } });
        case "unlucky.invalid":
            if (requests.length < 3) throw new TypeError("no connection");
            return json(200, { status: 200, data: { state: 1, image: "AQID" } });
        case "hides.invalid":
            if (asked) throw new TypeError("CORS");
            return json(200, { status: 200, data: { state: 1, image: "https://hides.invalid/r?Expires=1700000000" } });
        case "bucket.invalid":
            return new Response("", { status: request.method === "PUT" ? 200 : 403 });
        case "uploads.invalid":
            return json(200, { url: "https://uploads.invalid/f/1.jpg" });
    }
    throw new TypeError("no such host");
}

/** A body as JSON, whatever form it has; of a file its name, type and text. */
async function read(request) {
    const type = request.headers.get("content-type") ?? "";
    if (type === "application/json") return request.json();
    if (!type.startsWith("multipart/") && !type.startsWith("application/x-www-form-urlencoded"))
        return { type, text: await request.text() };
    const shown = async (value) =>
        value instanceof File ? { name: value.name, type: value.type, text: await value.text() } : value;
    const fields = await Promise.all(
        [...(await request.formData())].map(async ([name, value]) => [name, await shown(value)]));
    return { form: type.split(";")[0], ...Object.fromEntries(fields) };
}

export function fake_fetch() {
    requests = [];
    globalThis.fetch = async (request) => {
        const url = new URL(request.url ?? request, location.href);
        if (!url.hostname.endsWith(".invalid")) return real(request);
        const { method, credentials, referrerPolicy, cache } = request;
        const key = request.headers.get("authorization");
        const once = request.headers.get("idempotency-key");
        const body = method === "GET" ? null : await read(request.clone());
        requests.push({ method, url: url.href, key, once, body, credentials, referrerPolicy, cache, at: Date.now() });
        return answer(request, url);
    };
}

export function seen_requests() {
    return requests;
}
"#)]
extern "C" {
    /// Answers the tests' hosts from here on; forgets what was seen.
    fn fake_fetch();
    /// What the tests' hosts were asked.
    fn seen_requests() -> JsValue;
}

const KEY: &str = "s3cret-k3y";
/// What a cancelled repair may take to end, in milliseconds.
const PROMPT: f64 = 300.0;

fn endpoint(settings: Value) -> Result<Endpoint, Fault> {
    Endpoint::new(js(settings))
}

fn repair_at(settings: Value) -> Rc<EndpointRepair> {
    Rc::new(EndpointRepair::new(&endpoint(settings).accepted()))
}

/// At an endpoint that speaks the contract in JSON; many requests a second, or tests would wait.
fn repair(url: &str) -> Rc<EndpointRepair> {
    repair_at(json!({ "url": url, "key": KEY, "perSecond": 1000 }))
}

fn request(region: Value) -> JsValue {
    let request: JsValue = js(region);
    let image = Uint8Array::from(&b"a picture"[..]);
    Reflect::set(&request, &"image".into(), &image).expect("an object");
    Reflect::set(&request, &"mime".into(), &"image/jpeg".into()).expect("an object");
    request
}

fn rectangle() -> Value {
    json!([{ "x": 1, "y": 2, "width": 3, "height": 4 }])
}

async fn run_heard(repair: &EndpointRepair, on_progress: JsValue) -> Result<Uint8Array, Fault> {
    let region = request(json!({ "rectangles": rectangle(), "asLink": true }));
    let delivery = repair.run(region.unchecked_into(), on_progress.unchecked_into::<OnProgress>()).await?;
    Ok(Reflect::get(&delivery, &"bytes".into()).expect("an object").unchecked_into())
}

async fn run(repair: &EndpointRepair) -> Result<Uint8Array, Fault> {
    run_heard(repair, JsValue::UNDEFINED).await
}

/// The error of a repair that fails; the key must be nowhere in it.
async fn failed(url: &str) -> Value {
    let error = refusal(run(&repair(url)).await);
    assert!(!error.to_string().contains(KEY), "{error}");
    error
}

#[wasm_bindgen_test]
async fn nobody_there_is_unreachable() {
    // A closed port, one that browsers never open, a name that never resolves.
    for host in ["127.0.0.1:47813", "127.0.0.1:1", "nowhere.invalid"] {
        fake_fetch();
        let error = failed(&format!("http://{host}/tasks/visual/watermark?token={KEY}")).await;
        assert_eq!(error["code"], "unreachable", "{host}");
    }
}

#[wasm_bindgen_test]
async fn what_an_endpoint_answers_is_kept_apart() {
    fake_fetch();
    let error = failed("https://refuses.invalid/t").await;
    let shown = (&error["code"], &error["status"], &error["message"]);
    let message = json!("the endpoint answered HTTP 401: unknown key");
    assert_eq!(shown, (&json!("http-status"), &json!(401), &message));
    let error = failed("https://shows-html.invalid/t").await;
    assert_eq!((&error["code"], &error["found"]), (&json!("reply-not-json"), &json!("text/html")));
}

#[wasm_bindgen_test]
async fn a_repair_cancelled_before_it_runs_sends_nothing() {
    fake_fetch();
    let repair = repair("https://works.invalid/t");
    repair.cancel();
    repair.cancel();
    assert_eq!(refusal(run(&repair).await)["code"], "cancelled");
    assert_eq!(plain(&seen_requests()), json!([]));
}

#[wasm_bindgen_test]
async fn a_running_repair_is_cancelled_promptly() {
    // While a request is on its way, and while the next one is waited for.
    for (host, after) in [("hangs", 100), ("queues", 100), ("queues", 1_000)] {
        fake_fetch();
        let repair = repair(&format!("https://{host}.invalid/t"));
        let cancelled_at = Rc::new(RefCell::new(f64::NAN));
        let (other, at) = (Rc::clone(&repair), Rc::clone(&cancelled_at));
        let timeout = Timeout::new(after, move || {
            *at.borrow_mut() = Date::now();
            other.cancel();
        });
        let error = refusal(run(&repair).await);
        let late = Date::now() - *cancelled_at.borrow();
        assert_eq!(error["code"], "cancelled", "{host}");
        assert!((0.0..PROMPT).contains(&late), "{host} ended {late} ms after the call");
        drop(timeout);
        let sent = plain(&seen_requests());
        assert!(sent.as_array().is_some_and(|list| !list.is_empty()), "{host}: something was on its way");
    }
}

#[wasm_bindgen_test]
async fn a_repair_can_be_cancelled_by_its_own_progress() {
    fake_fetch();
    let repair = repair("https://queues.invalid/t");
    let other = Rc::clone(&repair);
    let cancel = Closure::<dyn FnMut(String)>::new(move |_| other.cancel());
    let started = Date::now();
    assert_eq!(refusal(run_heard(&repair, cancel.as_ref().clone()).await)["code"], "cancelled");
    assert!(Date::now() - started < PROMPT);
}

#[wasm_bindgen_test]
async fn a_repair_goes_the_whole_way_and_shows_its_key_to_the_endpoint_only() {
    fake_fetch();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let fractions = Rc::clone(&heard);
    let hear = Closure::<dyn FnMut(String, f64) -> Result<(), JsError>>::new(move |stage, fraction| {
        fractions.borrow_mut().push((stage, fraction));
        Err(JsError::new("a callback that throws"))
    });
    let repair = repair("https://works.invalid/t?a=b");
    let Ok(result) = run_heard(&repair, hear.as_ref().clone()).await else { panic!("it failed") };
    assert_eq!(result.to_vec(), [1, 2, 3]);
    let mut stages = heard.borrow().clone();
    stages.dedup();
    let expected = [("send", 0.0), ("wait", 0.0), ("wait", 0.4), ("fetch", 0.4)];
    let expected: Vec<(String, f64)> = expected.into_iter().map(|(stage, f)| (stage.into(), f)).collect();
    assert!(stages.iter().all(|heard| expected.contains(heard)) && stages.contains(&expected[2]), "{stages:?}");
    assert_eq!((stages.first(), stages.last()), (expected.first(), expected.last()));

    let sent = plain(&seen_requests());
    let column = |name: &str| sent.as_array().expect("a list").iter().map(|r| r[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("method"), ["POST", "GET", "GET"]);
    let urls = ["https://works.invalid/t?a=b", "https://works.invalid/t/t%201?a=b", "https://stores.invalid/r"];
    assert_eq!(column("url"), urls);
    let key = json!(format!("APPCODE {KEY}"));
    assert_eq!(column("key"), [key.clone(), key, Value::Null]);
    assert_eq!(column("credentials"), ["same-origin"; 3]);
    assert_eq!(column("referrerPolicy"), ["no-referrer"; 3]);
    assert_eq!(column("cache"), ["no-store"; 3]);
    let rectangles = column("body")[0]["rectangles"].clone();
    let rectangles: Value = serde_json::from_str(rectangles.as_str().expect("a text")).expect("JSON in a text");
    assert_eq!(rectangles, rectangle());
}

#[wasm_bindgen_test]
async fn a_repair_needs_a_region_and_a_picture_and_runs_once() {
    fake_fetch();
    let run = async |region: Value| {
        let repair = repair("https://works.invalid/t");
        refusal(repair.run(request(region).unchecked_into(), JsValue::UNDEFINED.unchecked_into()).await)
    };
    assert_eq!(run(json!({})).await["code"], "argument");
    assert_eq!(run(json!({ "rectangles": [] })).await["code"], "empty-mask");
    assert_eq!(run(json!({ "rectangles": "all" })).await["code"], "rectangles-malformed");
    let outside = json!([{ "x": -1, "y": 0, "width": 1, "height": 1 }]);
    assert_eq!(run(json!({ "rectangles": outside })).await["code"], "rectangle-too-small");
    let once = repair("https://works.invalid/t");
    let nothing = || js::<JsValue>(json!({ "rectangles": rectangle() })).unchecked_into();
    assert_eq!(refusal(once.run(nothing(), JsValue::UNDEFINED.unchecked_into()).await)["name"], "image");
    assert_eq!(refusal(once.run(nothing(), JsValue::UNDEFINED.unchecked_into()).await)["code"], "out-of-order");
    assert_eq!(plain(&seen_requests()), json!([]));
}

/// What was sent first.
fn first_body() -> Value {
    plain(&seen_requests())[0]["body"].clone()
}

#[wasm_bindgen_test]
async fn each_form_of_body_carries_the_same_request() {
    let text = serde_json::to_string(&rectangle()).expect("JSON");
    let expected = |body: &Value| -> Vec<String> {
        let list: Value = serde_json::from_str(body["rectangles"].as_str().expect("a text")).expect("JSON");
        assert_eq!(list.to_string(), text);
        ["sync", "return_type"].map(|name| body[name].to_string()).to_vec()
    };
    let send = async |body: &str| {
        fake_fetch();
        let settings = json!({ "url": "https://works.invalid/t", "body": body, "perSecond": 1000 });
        run(&repair_at(settings)).await.accepted();
        first_body()
    };
    let json = send("json").await;
    assert_eq!((expected(&json), &json["image_base64"]), (vec!["0".into(), "1".into()], &json!("YSBwaWN0dXJl")));
    let form = send("form").await;
    assert_eq!(form["form"], "application/x-www-form-urlencoded");
    assert_eq!(
        (expected(&form), &form["image_base64"]),
        (vec!["\"0\"".into(), "\"1\"".into()], &json!("YSBwaWN0dXJl"))
    );
    let multipart = send("multipart").await;
    assert_eq!(multipart["form"], "multipart/form-data");
    let file = json!({ "name": "picture.jpg", "type": "image/jpeg", "text": "a picture" });
    assert_eq!((expected(&multipart), &multipart["image_file"]), (vec!["\"0\"".into(), "\"1\"".into()], &file));
}

#[wasm_bindgen_test]
async fn a_neighbour_that_paints_answers_with_the_picture() {
    fake_fetch();
    let repair = repair_at(json!({ "profile": "iopaint", "url": "https://paints.invalid/api/v1/inpaint" }));
    let region = request(json!({}));
    Reflect::set(&region, &"mask".into(), &Uint8Array::from(&b"png"[..])).expect("an object");
    let delivery = repair.run(region.unchecked_into(), JsValue::UNDEFINED.unchecked_into()).await.accepted();
    assert_eq!(plain(&delivery), json!({ "bytes": { "0": 4, "1": 5 }, "link": null, "expires": null }));
    assert_eq!(first_body(), json!({ "image": "YSBwaWN0dXJl", "mask": "cG5n" }));
}

#[wasm_bindgen_test]
async fn a_throttling_gateway_is_waited_for_and_an_empty_quota_is_told() {
    fake_fetch();
    assert_eq!(run(&repair("https://throttles.invalid/t")).await.accepted().to_vec(), [1, 2, 3]);
    let sent = plain(&seen_requests());
    let at = |index: usize| sent[index]["at"].as_f64().expect("a time");
    assert!((900.0..3_000.0).contains(&(at(1) - at(0))), "{sent}");
    fake_fetch();
    let error = failed("https://gateway.invalid/t").await;
    assert_eq!((&error["code"], &error["status"]), (&json!("http-status"), &json!(403)));
    assert!(error["message"].as_str().is_some_and(|m| m.contains("Quota Exhausted (R1)")), "{error}");
}

#[wasm_bindgen_test]
async fn a_create_is_repeated_only_under_a_key_that_the_endpoint_knows() {
    fake_fetch();
    assert_eq!(failed("https://unlucky.invalid/t").await["code"], "unreachable");
    assert_eq!(plain(&seen_requests()).as_array().map(Vec::len), Some(1));
    fake_fetch();
    let server = json!({ "profile": "server", "url": "https://unlucky.invalid/t", "perSecond": 1000 });
    assert_eq!(run(&repair_at(server)).await.accepted().to_vec(), [1, 2, 3]);
    let sent = plain(&seen_requests());
    let keys: Vec<_> = sent.as_array().expect("a list").iter().map(|r| r["once"].as_str().unwrap_or("")).collect();
    assert!(keys.len() == 3 && keys[0].len() > 16 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[wasm_bindgen_test]
async fn a_link_that_the_page_may_not_read_is_in_the_error() {
    fake_fetch();
    let error = failed("https://hides.invalid/t").await;
    assert_eq!(error["code"], "result-unreachable");
    assert_eq!(
        (&error["link"], &error["expires"]),
        (&json!("https://hides.invalid/r?Expires=1700000000"), &json!(1_700_000_000))
    );
}

#[wasm_bindgen_test]
async fn repairs_of_one_account_share_its_rate() {
    fake_fetch();
    let settings = || json!({ "url": "https://works.invalid/rate", "key": KEY, "timing": { "pollInterval": 1 } });
    let (one, other) = (repair_at(settings()), repair_at(settings()));
    wasm_bindgen_futures::spawn_local(async move { drop(run(&one).await.accepted()) });
    run(&other).await.accepted();
    TimeoutFuture::new(2_500).await;
    let sent = plain(&seen_requests());
    let is_counted = |r: &&Value| r["url"] != "https://stores.invalid/r";
    let at: Vec<f64> =
        sent.as_array().expect("a list").iter().filter(is_counted).filter_map(|r| r["at"].as_f64()).collect();
    assert_eq!(at.len(), 4);
    // Two clocks are compared: the limiter's, and the one that the requests were noted by.
    assert!(at.windows(3).all(|three| three[2] - three[0] >= 980.0), "{at:?}");
}

#[wasm_bindgen_test]
async fn a_file_is_uploaded_and_its_address_answered() {
    let send = async |settings: Value| {
        fake_fetch();
        let upload = Upload::new(js(settings)).accepted();
        upload.send(b"a picture", "image/jpeg", "a.jpg").await
    };
    let put = json!({ "method": "PUT", "url": "https://bucket.invalid/in/{name}?sig=1" });
    assert_eq!(send(put).await.accepted(), "https://bucket.invalid/in/a.jpg");
    let sent = plain(&seen_requests());
    assert_eq!((&sent[0]["method"], &sent[0]["url"]), (&json!("PUT"), &json!("https://bucket.invalid/in/a.jpg?sig=1")));
    assert_eq!(sent[0]["body"], json!({ "type": "image/jpeg", "text": "a picture" }));
    let post = json!({ "method": "POST", "url": "https://uploads.invalid/up" });
    assert_eq!(send(post).await.accepted(), "https://uploads.invalid/f/1.jpg");
    assert_eq!(first_body()["file"], json!({ "name": "a.jpg", "type": "image/jpeg", "text": "a picture" }));
    let refused = refusal(send(json!({ "method": "POST", "url": "https://bucket.invalid/x" })).await);
    assert_eq!((&refused["code"], &refused["status"]), (&json!("upload-status"), &json!(403)));
    assert_eq!(refusal(send(json!({ "url": "https://nowhere.invalid/{name}" })).await)["code"], "upload-unreachable");
    let wrong = json!({ "method": "POST", "url": "https://works.invalid/x" });
    assert_eq!(refusal(send(wrong).await)["code"], "upload-reply");
    assert_eq!(refusal(Upload::new(js(json!({ "url": "x" }))))["code"], "upload-url");
}

#[wasm_bindgen_test]
fn the_known_kinds_are_told() {
    let profiles = plain(&Endpoint::profiles().accepted());
    let list = profiles.as_array().expect("a list");
    let ids: Vec<_> = list.iter().map(|p| p["id"].as_str().unwrap_or_default()).collect();
    assert_eq!(ids, ["server", "aliyun", "picwish", "reseller", "iopaint", "clipdrop", "custom"]);
    assert_eq!((&list[1]["needsUpload"], &list[1]["bodies"]), (&json!(true), &json!(["form", "json"])));
    let endpoint = endpoint(json!({ "profile": "clipdrop", "key": KEY })).accepted();
    assert_eq!((endpoint.host().as_str(), endpoint.key_header().as_deref()), ("clipdrop-api.co", Some("x-api-key")));
    assert_eq!(plain(&endpoint.limits().accepted()), json!({ "maxBytes": 31_457_280, "maxSide": 4_000 }));
}

#[wasm_bindgen_test]
fn an_address_is_judged_at_once() {
    for url in [
        "",
        "works.invalid/t",
        "ftp://works.invalid/",
        "javascript:alert(1)",
        "https://u:s3cret-k3y@h/",
        "http://h:99999/",
    ] {
        let error = refusal(endpoint(json!({ "url": url })));
        assert_eq!(error["code"], "endpoint-url", "{url}");
        assert!(!error.to_string().contains(KEY), "{error}");
    }
    let readable = |url: &str| endpoint(json!({ "url": url })).accepted().is_readable_on_the_way();
    assert!(readable("http://192.168.1.7/t"));
    assert!(!readable("http://127.0.0.1:8080/t"));
}

#[wasm_bindgen_test]
fn a_header_or_key_that_cannot_be_sent_is_refused() {
    let refused = |header: &str, key: &str| {
        let error = refusal(endpoint(json!({ "url": "https://h/t", "header": header, "key": key })));
        assert!(!error.to_string().contains(KEY), "{error}");
        error
    };
    for header in ["Host", "Sec-Fetch-Site", "Content-Type", "a b", "x:y", "naïve"] {
        let error = refused(header, KEY);
        assert_eq!((&error["code"], &error["name"]), (&json!("header-name"), &json!(header)));
    }
    for tail in ["\r\nx: y", "ключ", "\u{7f}"] {
        assert_eq!(refused("X-API-KEY", &format!("{KEY}{tail}"))["code"], "key-characters", "{tail:?}");
    }
}
