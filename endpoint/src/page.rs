//! The built page, and the headers it is served with.
//!
//! Scripts come from here only and wasm may be compiled; connections and pictures may go anywhere,
//! because endpoints are the user's. A file under `/assets/` whose name holds a hash of its content
//! never changes and is kept for a year; everything else is asked for again each time. Where sessions
//! are needed, the page's document brings one, and is then for this browser only.

use std::path::PathBuf;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::app::App;
use crate::error::Refusal;
use crate::session::Sessions;
use crate::tasks::unix_now;

const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
     worker-src 'self' blob:; connect-src 'self' http: https:; img-src 'self' blob: data: http: https:; \
     frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'",
);

const PERMISSIONS: HeaderValue = HeaderValue::from_static("camera=(), microphone=(), geolocation=()");

const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const ONLY_HERE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Mounts the page of a folder behind the routes, or one line at `/` that says what this is.
pub(crate) fn mount(router: Router<App>, dir: Option<PathBuf>, sessions: Option<Sessions>) -> Router<App> {
    match dir {
        Some(dir) => {
            let files = ServeDir::new(dir);
            router.fallback(move |request: Request| serve(files.clone(), sessions.clone(), request))
        }
        None => router.route("/", get(what_this_is)).fallback(nothing_here),
    }
}

async fn serve(files: ServeDir, sessions: Option<Sessions>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if ["/api/", "/tasks/", "/results/"].iter().any(|prefix| path.starts_with(prefix)) {
        return Refusal::UnknownPath.into_response();
    }
    let Ok(response) = files.oneshot(request).await;
    let mut response = match response.status() {
        StatusCode::NOT_FOUND => Refusal::UnknownPath.into_response(),
        StatusCode::METHOD_NOT_ALLOWED => ([(header::ALLOW, "GET,HEAD")], Refusal::Method).into_response(),
        _ => response.map(axum::body::Body::new),
    };
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    decorate(response.headers_mut(), found && has_hash(&path));
    if found && matches!(path.as_str(), "/" | "/index.html") {
        greet(response.headers_mut(), sessions.as_ref());
    }
    response
}

fn decorate(headers: &mut HeaderMap, never_changes: bool) {
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(header::CACHE_CONTROL, if never_changes { FOR_A_YEAR } else { ASK_AGAIN });
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("permissions-policy", PERMISSIONS);
}

/// Gives a session to whoever loads the page.
fn greet(headers: &mut HeaderMap, sessions: Option<&Sessions>) {
    if let Some(cookie) = sessions.and_then(|sessions| sessions.cookie(unix_now())) {
        headers.insert(header::SET_COOKIE, cookie);
        headers.insert(header::CACHE_CONTROL, ONLY_HERE);
    }
}

/// Whether a path is `/assets/name-HASH.ext` as Vite writes it: eight characters of base64url behind
/// a hyphen. One of them must be a capital, or `logo-original.svg` would have a hash; the one hash in
/// sixty that has none is only asked for more often.
fn has_hash(path: &str) -> bool {
    let Some(name) = path.strip_prefix("/assets/") else { return false };
    let is_hash = |hash: &[u8]| {
        let base64url = hash.iter().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b));
        base64url && hash.iter().any(u8::is_ascii_uppercase)
    };
    let ends_in_hash = |part: &str| match part.as_bytes().split_last_chunk::<9>() {
        Some((_, [b'-', hash @ ..])) => is_hash(hash),
        _ => false,
    };
    name.rsplit('.').skip(1).any(ends_in_hash)
}

async fn what_this_is() -> &'static str {
    concat!(
        "Reweave's endpoint ",
        env!("CARGO_PKG_VERSION"),
        ": POST a picture and a mask to /tasks/visual/watermark or /api/tasks/visual/inpaint.\n",
    )
}

async fn nothing_here() -> Refusal {
    Refusal::UnknownPath
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_assets_never_change() {
        for path in ["/assets/index-BkZ3x_9a.js", "/assets/engine-D-aB0_9z.wasm", "/assets/fill.worker-BkZ3x_9a.js.map"]
        {
            assert!(has_hash(path), "{path}");
        }
        for path in [
            "/index.html",
            "/assets/",
            "/assets/logo-original.svg",
            "/assets/a-BkZ3x_9a",
            "/assets/ä-1234.js",
            "/x-BkZ3x_9a.js",
        ] {
            assert!(!has_hash(path), "{path}");
        }
    }
}
