//! The only code that touches the network: one request, one answer, nothing judged.
//!
//! Redirects are followed by the browser; the key's header goes only to where it was meant (Fetch
//! standard: `Authorization` is dropped on a redirect to another origin).

use gloo_net::http::{Request, RequestBuilder, Response as Raw};
use js_sys::{Array, Date, JSON, Object, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Blob, BlobPropertyBag, FormData, UrlSearchParams};

use super::convert::{from_js, to_base64};
use crate::contract::{
    Answers, BodyForm, Content, Endpoint, Method, Part, Reply, Response, Upload, Value, gateway_message, retry_after,
};
use crate::loose::Loose;

/// The request could not be made, or no reply came.
#[derive(Debug)]
pub(crate) struct NoReply;

/// What JavaScript threw is not told apart: browsers hide why a request failed.
impl From<JsValue> for NoReply {
    fn from(_: JsValue) -> Self {
        Self
    }
}

impl From<gloo_net::Error> for NoReply {
    fn from(_: gloo_net::Error) -> Self {
        Self
    }
}

/// Sends the create request. `repeat_key` makes a repeated one the same task, where the endpoint
/// knows such keys.
pub(crate) async fn create(
    endpoint: &Endpoint,
    parts: &[Part<'_>],
    repeat_key: &str,
    signal: &AbortSignal,
) -> Result<Response, NoReply> {
    let mut request = with_key(Request::post(endpoint.create_url()), endpoint, signal);
    if !endpoint.profile().idempotency.is_empty() {
        request = request.header(endpoint.profile().idempotency, repeat_key);
    }
    let request = match endpoint.body() {
        BodyForm::Json => request.header("Content-Type", "application/json").body(json(parts)?),
        // The browser writes the content type of these two itself.
        BodyForm::Form => request.body(JsValue::from(form(parts)?)),
        BodyForm::Multipart => request.body(JsValue::from(multipart(parts)?)),
    };
    read(request?.send().await?, endpoint.profile().answers).await
}

/// Asks for a task.
pub(crate) async fn query(endpoint: &Endpoint, task_id: &str, signal: &AbortSignal) -> Result<Response, NoReply> {
    let request = with_key(Request::get(&endpoint.query_url(task_id)), endpoint, signal);
    read(request.send().await?, Answers::Task).await
}

/// Fetches a result from its link, without the key: the link is signed, and may lead elsewhere.
pub(crate) async fn fetch(link: &str, signal: &AbortSignal) -> Result<(u16, Vec<u8>), NoReply> {
    let response = plain(Request::get(link), signal).send().await?;
    Ok((response.status(), response.binary().await?))
}

/// Uploads a file; answers the HTTP status and, of a `POST`, the answer.
pub(crate) async fn upload(
    upload: &Upload,
    bytes: &[u8],
    mime: &str,
    name: &str,
    signal: &AbortSignal,
) -> Result<(u16, Loose), NoReply> {
    let url = upload.url(name);
    let file = blob(bytes, mime)?;
    let request = match upload.method() {
        Method::Put => plain(Request::put(&url), signal).body(JsValue::from(file)),
        Method::Post => {
            let data = FormData::new()?;
            data.append_with_blob_and_filename("file", &file, name)?;
            plain(Request::post(&url), signal).body(JsValue::from(data))
        }
    };
    let response = request?.send().await?;
    let text = response.text().await?;
    let answer = JSON::parse(&text).map_or_else(|_| Loose::Text(text.trim().into()), from_js);
    Ok((response.status(), answer))
}

fn with_key(request: RequestBuilder, endpoint: &Endpoint, signal: &AbortSignal) -> RequestBuilder {
    let request = plain(request, signal);
    match endpoint.credential() {
        Some(credential) => request.header(credential.header(), credential.value()),
        None => request,
    }
}

/// No referrer, no cache, and no cookies but the page's own server's, where a session stands for a
/// key: an endpoint learns what it is sent and nothing else.
fn plain(request: RequestBuilder, signal: &AbortSignal) -> RequestBuilder {
    request
        .abort_signal(Some(signal))
        .credentials(web_sys::RequestCredentials::SameOrigin)
        .referrer_policy(web_sys::ReferrerPolicy::NoReferrer)
        .cache(web_sys::RequestCache::NoStore)
}

fn json(parts: &[Part<'_>]) -> Result<JsValue, NoReply> {
    let object = Object::new();
    for Part { name, value } in parts {
        let value = match value {
            Value::Text(text) => JsValue::from_str(text),
            Value::Base64(bytes) => to_base64(bytes)?.into(),
            Value::Number(number) => (*number).into(),
            Value::File { .. } => return Err(NoReply),
        };
        Reflect::set(&object, &JsValue::from_str(name), &value)?;
    }
    Ok(JSON::stringify(&object)?.into())
}

fn form(parts: &[Part<'_>]) -> Result<UrlSearchParams, NoReply> {
    let params = UrlSearchParams::new()?;
    for Part { name, value } in parts {
        match value {
            Value::Text(text) => params.append(name, text),
            Value::Base64(bytes) => params.append(name, &String::from(to_base64(bytes)?)),
            Value::Number(number) => params.append(name, &number.to_string()),
            Value::File { .. } => return Err(NoReply),
        }
    }
    Ok(params)
}

fn multipart(parts: &[Part<'_>]) -> Result<FormData, NoReply> {
    let data = FormData::new()?;
    for Part { name, value } in parts {
        match value {
            Value::Text(text) => data.append_with_str(name, text)?,
            Value::Base64(bytes) => data.append_with_str(name, &String::from(to_base64(bytes)?))?,
            Value::Number(number) => data.append_with_str(name, &number.to_string())?,
            Value::File { bytes, mime, name: file } => {
                data.append_with_blob_and_filename(name, &blob(bytes, mime)?, file)?;
            }
        }
    }
    Ok(data)
}

fn blob(bytes: &[u8], mime: &str) -> Result<Blob, NoReply> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    Ok(Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
}

async fn read(response: Raw, answers: Answers) -> Result<Response, NoReply> {
    let http_status = response.status();
    let header = |name: &str| response.headers().get(name).filter(|value| !value.is_empty());
    let retry_after = header("retry-after").and_then(|value| retry_after(&value).or_else(|| milliseconds_to(&value)));
    let gateway = gateway_message(header("x-ca-error-message"), header("x-ca-request-id"));
    let content_type = header("content-type").unwrap_or_default();
    let content = if answers.is_picture(http_status, &content_type) {
        Content::Picture(response.binary().await?)
    } else {
        text_content(&response.text().await?, content_type)
    };
    Ok(Response { http_status, retry_after, gateway, content })
}

fn text_content(text: &str, content_type: String) -> Content {
    match JSON::parse(text) {
        Ok(value) if value.is_object() && !value.is_instance_of::<Array>() => {
            Content::Envelope(Reply::from(from_js(value)))
        }
        _ => Content::other(text.is_empty(), content_type),
    }
}

/// `Retry-After` as a date (RFC 9110 §10.2.3).
fn milliseconds_to(date: &str) -> Option<u64> {
    let wait = Date::parse(date) - Date::now();
    // NaN where it is no date.
    (wait > 0.0).then_some(wait as u64)
}
