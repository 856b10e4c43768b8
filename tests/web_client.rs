//! One repair at an endpoint, with the browser's own network and clock.
//!
//! Hosts under `.invalid` (RFC 2606: they never exist) are answered by a `fetch` of the tests; all
//! others by the network.
#![cfg(all(target_arch = "wasm32", feature = "js"))]

mod web_support;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Date, Uint8Array};
use reweave::js::client::{Endpoint, EndpointRepair};
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
    }
    throw new TypeError("no such host");
}

export function fake_fetch() {
    requests = [];
    globalThis.fetch = async (request) => {
        const url = new URL(request.url ?? request, location.href);
        if (!url.hostname.endsWith(".invalid")) return real(request);
        const { method, credentials, referrerPolicy, cache } = request;
        const key = request.headers.get("authorization");
        const body = method === "POST" ? await request.clone().json() : null;
        requests.push({ method, url: url.href, key, body, credentials, referrerPolicy, cache });
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

fn repair(url: &str) -> Rc<EndpointRepair> {
    let endpoint = Endpoint::new(url, Some("Authorization".into()), Some(KEY.into())).accepted();
    Rc::new(EndpointRepair::new(&endpoint))
}

fn rectangle() -> Value {
    json!([{ "x": 1, "y": 2, "width": 3, "height": 4 }])
}

async fn run_heard(repair: &EndpointRepair, on_progress: JsValue) -> Result<Uint8Array, Fault> {
    let image = Uint8Array::from(&b"a picture"[..]);
    repair.run(image, js(rectangle()), None, true, on_progress.unchecked_into::<OnProgress>()).await
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
    // A closed port, one that browsers never open, a name that never resolves, a port that is none.
    for host in ["127.0.0.1:47813", "127.0.0.1:1", "nowhere.invalid", "127.0.0.1:99999"] {
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
    let cancel = Closure::<dyn FnMut(f64)>::new(move |_| other.cancel());
    let started = Date::now();
    assert_eq!(refusal(run_heard(&repair, cancel.as_ref().clone()).await)["code"], "cancelled");
    assert!(Date::now() - started < PROMPT);
}

#[wasm_bindgen_test]
async fn a_repair_goes_the_whole_way_and_shows_its_key_to_the_endpoint_only() {
    fake_fetch();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let fractions = Rc::clone(&heard);
    let hear = Closure::<dyn FnMut(f64) -> Result<(), JsError>>::new(move |fraction| {
        fractions.borrow_mut().push(fraction);
        Err(JsError::new("a callback that throws"))
    });
    let repair = repair("https://works.invalid/t?a=b");
    let Ok(result) = run_heard(&repair, hear.as_ref().clone()).await else { panic!("it failed") };
    assert_eq!(result.to_vec(), [1, 2, 3]);
    let heard = heard.borrow();
    assert!(heard.contains(&0.4) && heard.is_sorted(), "{heard:?}");

    let sent = plain(&seen_requests());
    let column = |name: &str| sent.as_array().expect("a list").iter().map(|r| r[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("method"), ["POST", "GET", "GET"]);
    let urls = ["https://works.invalid/t?a=b", "https://works.invalid/t/t%201?a=b", "https://stores.invalid/r"];
    assert_eq!(column("url"), urls);
    let key = json!(format!("APPCODE {KEY}"));
    assert_eq!(column("key"), [key.clone(), key, Value::Null]);
    assert_eq!(column("credentials"), ["omit"; 3]);
    assert_eq!(column("referrerPolicy"), ["no-referrer"; 3]);
    assert_eq!(column("cache"), ["no-store"; 3]);
    let rectangles = column("body")[0]["rectangles"].clone();
    let rectangles: Value = serde_json::from_str(rectangles.as_str().expect("a text")).expect("JSON in a text");
    assert_eq!(rectangles, rectangle());
}

#[wasm_bindgen_test]
async fn a_repair_needs_a_region() {
    fake_fetch();
    let run = async |rectangles: Value| {
        let repair = repair("https://works.invalid/t");
        let image = Uint8Array::from(&b"a picture"[..]);
        refusal(repair.run(image, js(rectangles), None, true, JsValue::UNDEFINED.unchecked_into()).await)
    };
    assert_eq!(run(Value::Null).await["code"], "argument");
    assert_eq!(run(json!([])).await["code"], "empty-mask");
    assert_eq!(run(json!("all")).await["code"], "rectangles-malformed");
    assert_eq!(run(json!([{ "x": -1, "y": 0, "width": 1, "height": 1 }])).await["code"], "rectangle-too-small");
    assert_eq!(plain(&seen_requests()), json!([]));
}

#[wasm_bindgen_test]
fn an_address_is_judged_at_once() {
    for url in ["", "works.invalid/t", "ftp://works.invalid/", "javascript:alert(1)", "https://u:s3cret-k3y@h/"] {
        let error = refusal(Endpoint::new(url, None, None));
        assert_eq!(error["code"], "endpoint-url", "{url}");
        assert!(!error.to_string().contains(KEY), "{error}");
    }
    let endpoint = |url: &str| Endpoint::new(url, None, None).accepted();
    assert!(endpoint("http://192.168.1.7/t").is_readable_on_the_way());
    assert!(!endpoint("http://127.0.0.1:8080/t").is_readable_on_the_way());
}

#[wasm_bindgen_test]
fn a_header_or_key_that_cannot_be_sent_is_refused() {
    let refused = |header: Option<&str>, key: Option<&str>| {
        let endpoint = Endpoint::new("https://h/t", header.map(Into::into), key.map(Into::into));
        let error = refusal(endpoint);
        assert!(!error.to_string().contains(KEY), "{error}");
        error
    };
    for header in ["", "Host", "Sec-Fetch-Site", "Content-Type", "a b", "x:y", "naïve"] {
        let error = refused(Some(header), Some(KEY));
        assert_eq!((&error["code"], &error["name"]), (&json!("header-name"), &json!(header)));
    }
    for tail in ["\r\nx: y", "ключ", "\u{7f}"] {
        assert_eq!(refused(Some("X-API-KEY"), Some(&format!("{KEY}{tail}")))["code"], "key-characters", "{tail:?}");
    }
}
