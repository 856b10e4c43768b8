//! The relay: another endpoint does the work. The upstream is a second endpoint of ours, or a fake
//! that answers as it is told.

mod faults;
mod money;
mod restarts;
mod ways;

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use reweave_endpoint::{Options, Upstream};
use serde_json::{Value, json};

use crate::common::*;

const KEY: &str = "s3cret";

/// A request as a fake upstream saw it.
#[derive(Clone)]
struct Seen {
    at: Instant,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    /// How many of this method came before.
    nth: usize,
}

/// A fake upstream and what it saw.
struct Fake {
    base: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    async fn start<F: Future<Output = Response> + Send>(
        answer: impl Fn(Seen) -> F + Clone + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::<Seen>::new()));
        let log = seen.clone();
        let handler = async move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let at = Instant::now();
            let request = {
                let mut log = log.lock().unwrap();
                let nth = log.iter().filter(|seen| seen.method == method).count();
                let request = Seen { at, method, path: uri.path().into(), headers, body, nth };
                log.push(request.clone());
                request
            };
            answer(request).await
        };
        let router = axum::Router::new().fallback(handler);
        Self { base: serve(router.layer(axum::extract::DefaultBodyLimit::disable())).await, seen }
    }

    /// A create gets an id, a poll what `polled` says.
    async fn tasks(polled: impl Fn(usize) -> Value + Clone + Send + Sync + 'static) -> Self {
        Self::start(move |seen| {
            let data = if seen.method == Method::POST { json!({ "task_id": "t-1" }) } else { polled(seen.nth) };
            async move { envelope(data) }
        })
        .await
    }

    fn seen(&self, method: &Method) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.method == *method).cloned().collect()
    }

    fn creates(&self) -> usize {
        self.seen(&Method::POST).len()
    }

    async fn wait_for(&self, method: Method, count: usize) {
        for _ in 0..400 {
            if self.seen(&method).len() >= count {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{method} came {} times", self.seen(&method).len());
    }
}

fn envelope(data: Value) -> Response {
    axum::Json(json!({ "status": 200, "message": "success", "data": data })).into_response()
}

fn refused(status: u16, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, axum::Json(json!({ "status": status.as_u16(), "message": message }))).into_response()
}

/// What a repaired picture of a fake looks like.
fn repaired() -> Vec<u8> {
    png(&photograph(160, 120))
}

fn done() -> Value {
    json!({ "task_id": "t-1", "state": 1, "progress": 100, "image": base64(&repaired()) })
}

/// Options of a relay with a key, quick unless `settings` say otherwise.
fn relaying(profile: String, settings: Value) -> impl Fn(&mut Options) {
    let mut all = json!({ "perSecond": 200, "timing": { "pollInterval": 50 } });
    for (name, value) in settings.as_object().unwrap() {
        all[name] = value.clone();
    }
    move |options| {
        let key_file = options.data_dir.join("upstream-key");
        std::fs::write(&key_file, format!("\n{KEY}\n")).unwrap();
        options.bound_to = Some([127, 0, 0, 1].into());
        options.allow_private_urls = true;
        let settings = all.as_object().unwrap().clone();
        let key_file = Some(key_file).filter(|_| !profile.starts_with("iopaint"));
        options.upstream = Some(Upstream { profile: profile.clone(), key_file, settings });
    }
}

async fn relay(profile: String, settings: Value) -> Server {
    Server::with(relaying(profile, settings)).await
}

fn detail(reply: &Value) -> &str {
    reply["data"]["state_detail"].as_str().unwrap_or_else(|| panic!("a detail in {reply}"))
}
