//! The only code that touches the network: one request under an AbortController of our own.
//!
//! The controller is aborted without a reason: gloo-net cannot take a rejection that is not an
//! `Error`. Redirects are followed by the browser; the key's header goes only to where it was meant
//! (Fetch standard: `Authorization` is dropped on a redirect to another origin).

use gloo_net::http::{Request, RequestBuilder, Response};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::convert::{from_js, to_js};
use crate::contract::{CreateBody, Endpoint, Reply};
use crate::error::{Error, Result};

/// A reply before it is judged: the HTTP status and the envelope, or what came instead of it.
pub(crate) struct RawReply {
    pub(crate) http_status: u16,
    pub(crate) body: Result<Reply>,
}

/// The request could not be made, or no reply came.
pub(crate) struct NoReply;

/// Sends the create request.
pub(crate) async fn create(endpoint: &Endpoint, body: &CreateBody, signal: &AbortSignal) -> Result<RawReply, NoReply> {
    let value = to_js(body).map_err(|_| NoReply)?;
    let json = js_sys::JSON::stringify(&value).map_err(|_| NoReply)?;
    let request = with_key(Request::post(endpoint.create_url()), endpoint, signal)
        .header("Content-Type", "application/json")
        .body(JsValue::from(json))
        .map_err(|_| NoReply)?;
    read_reply(request.send().await.map_err(|_| NoReply)?).await
}

/// Asks for a task.
pub(crate) async fn query(endpoint: &Endpoint, task_id: &str, signal: &AbortSignal) -> Result<RawReply, NoReply> {
    let request = with_key(Request::get(&endpoint.query_url(task_id)), endpoint, signal);
    read_reply(request.send().await.map_err(|_| NoReply)?).await
}

/// Fetches a result from its link, without the key: the link is signed, and may lead elsewhere.
pub(crate) async fn fetch(link: &str, signal: &AbortSignal) -> Result<(u16, Vec<u8>), NoReply> {
    let response = plain(Request::get(link), signal).send().await.map_err(|_| NoReply)?;
    let status = response.status();
    let bytes = response.binary().await.map_err(|_| NoReply)?;
    Ok((status, bytes))
}

fn with_key(request: RequestBuilder, endpoint: &Endpoint, signal: &AbortSignal) -> RequestBuilder {
    let request = plain(request, signal);
    match endpoint.credential() {
        Some(credential) => request.header(credential.header(), credential.value()),
        None => request,
    }
}

/// No cookies, no referrer, no cache: an endpoint learns what it is sent and nothing else.
fn plain(request: RequestBuilder, signal: &AbortSignal) -> RequestBuilder {
    request
        .abort_signal(Some(signal))
        .credentials(web_sys::RequestCredentials::Omit)
        .referrer_policy(web_sys::ReferrerPolicy::NoReferrer)
        .cache(web_sys::RequestCache::NoStore)
}

async fn read_reply(response: Response) -> Result<RawReply, NoReply> {
    let http_status = response.status();
    let content_type = response.headers().get("content-type");
    let text = response.text().await.map_err(|_| NoReply)?;
    let found = if text.is_empty() { None } else { content_type };
    let not_json = || Error::ReplyNotJson { found: found.unwrap_or_else(|| "nothing".into()) };
    let body = match js_sys::JSON::parse(&text) {
        Err(_) => Err(not_json()),
        Ok(value) if !value.is_object() => Err(not_json()),
        Ok(value) => Ok(from_js(value).into()),
    };
    Ok(RawReply { http_status, body })
}
