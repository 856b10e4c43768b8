//! The headers that keep what is served here harmless in a browser.
//!
//! Answers and results are data: should a browser be brought to show one as a document, it may load
//! nothing, run nothing and has no origin. The page sets its own policy.

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::CorsLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::site::Site;

/// How long browsers may remember what they were allowed.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// Adds the headers that every answer has.
pub(crate) fn secured<S: Clone + Send + Sync + 'static>(router: Router<S>, site: &Site) -> Router<S> {
    let readers = if site.is_open_to_all() { "cross-origin" } else { "same-origin" };
    router
        .layer(absent(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .layer(absent(HeaderName::from_static("cross-origin-resource-policy"), readers))
        .layer(absent(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(absent(REFERRER_POLICY, "no-referrer"))
}

/// Lets the pages of other origins ask, where any are allowed. Never with credentials: a key is put
/// into its header by the page, and a session is for our own page.
pub(crate) fn shared<S: Clone + Send + Sync + 'static>(router: Router<S>, site: &Site) -> Router<S> {
    let Some(origins) = site.allow_origin() else { return router };
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("x-api-key"),
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([RETRY_AFTER])
        .max_age(PREFLIGHT_AGE);
    router.layer(layer)
}

fn absent(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
