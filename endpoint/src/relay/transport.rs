//! The requests to the upstream: one request, one answer, nothing judged. The native twin of the
//! core's `js/transport.rs`.
//!
//! The administrator chose this address, so it may lie in a private network; the guard of `download`
//! is for addresses that strangers name. No redirect is followed: the key goes where it was meant.

use std::io;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use reqwest::redirect::Policy;
use reqwest::{Body, Client, ClientBuilder, RequestBuilder, header};
use reweave::contract::{
    Answers, BodyForm, Content, Endpoint, Part, Reply, Response, Value, gateway_message, retry_after,
};
use serde_json::Map;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::config::StartError;
use crate::download::{Bound, built};

/// Most bytes of an answer: a result of the largest size in base64, and the envelope.
const MAX_ANSWER: u64 = Bound::RESULT.bytes / 3 * 4 + 64 * 1024;

/// Bytes that are handed to the socket at a time.
const PIECE: usize = 64 * 1024;

/// For a connection to be made.
const CONNECTING: Duration = Duration::from_secs(10);

/// The request could not be made, or no answer came.
#[derive(Debug)]
pub(super) struct NoReply;

/// A create's body, ready to be sent.
pub(super) struct Prepared {
    content_type: String,
    bytes: Bytes,
}

/// Sends requests.
#[derive(Clone)]
pub(super) struct Transport(Client);

impl From<reqwest::Error> for NoReply {
    fn from(_: reqwest::Error) -> Self {
        // What reqwest says of it holds the address.
        Self
    }
}

impl Transport {
    pub(super) fn new() -> Result<Self, StartError> {
        built(builder).map(Self)
    }

    /// Sends the create request; `sent` hears when the whole body has gone. `repeat_key` makes a
    /// repeated one the same task, where the endpoint knows such keys.
    pub(super) async fn create(
        &self,
        endpoint: &Endpoint,
        body: Prepared,
        repeat_key: &str,
        sent: oneshot::Sender<()>,
    ) -> Result<Response, NoReply> {
        let mut request = with_key(self.0.post(endpoint.create_url()), endpoint)
            .header(header::CONTENT_TYPE, body.content_type)
            .header(header::CONTENT_LENGTH, body.bytes.len())
            .body(in_pieces(body.bytes, sent));
        if !endpoint.profile().idempotency.is_empty() {
            request = request.header(endpoint.profile().idempotency, repeat_key);
        }
        read(request.send().await?, endpoint.profile().answers).await
    }

    /// Asks for a task.
    pub(super) async fn query(&self, endpoint: &Endpoint, task_id: &str) -> Result<Response, NoReply> {
        let request = with_key(self.0.get(endpoint.query_url(task_id)), endpoint);
        read(request.send().await?, Answers::Task).await
    }
}

impl Prepared {
    /// Writes the parts of a create request in the endpoint's form.
    pub(super) fn write(form: BodyForm, parts: &[Part<'_>]) -> Self {
        let (content_type, bytes) = match form {
            BodyForm::Json => ("application/json".into(), json(parts)),
            BodyForm::Form => ("application/x-www-form-urlencoded".into(), urlencoded(parts)),
            BodyForm::Multipart => multipart(parts),
        };
        Self { content_type, bytes: bytes.into() }
    }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .referer(false)
        .redirect(Policy::none())
        .user_agent(concat!("reweave-endpoint/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECTING)
}

fn with_key(request: RequestBuilder, endpoint: &Endpoint) -> RequestBuilder {
    match endpoint.credential() {
        Some(credential) => request.header(credential.header(), credential.value()),
        None => request,
    }
}

fn in_pieces(bytes: Bytes, sent: oneshot::Sender<()>) -> Body {
    let pieces = stream::unfold((bytes, Some(sent)), |(mut rest, mut sent)| async move {
        if rest.is_empty() {
            return None;
        }
        let piece = rest.split_to(rest.len().min(PIECE));
        if rest.is_empty()
            && let Some(sent) = sent.take()
        {
            // Who no longer waits need not hear it.
            let _ = sent.send(());
        }
        Some((Ok::<_, io::Error>(piece), (rest, sent)))
    });
    Body::wrap_stream(pieces)
}

fn json(parts: &[Part<'_>]) -> Vec<u8> {
    let value = |value: &Value<'_>| match value {
        Value::Number(number) => (*number).into(),
        other => text(other).into(),
    };
    let object: Map<_, serde_json::Value> =
        parts.iter().map(|part| (part.name.to_owned(), value(&part.value))).collect();
    serde_json::Value::Object(object).to_string().into_bytes()
}

fn urlencoded(parts: &[Part<'_>]) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for part in parts {
        form.append_pair(part.name, &text(&part.value));
    }
    form.finish().into_bytes()
}

/// RFC 7578. Names are a profile's or the administrator's; a quote in one would end it.
fn multipart(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let boundary = format!("reweave-{}", Uuid::new_v4().simple());
    let mut body = Vec::new();
    for Part { name, value } in parts {
        let name = name.replace('"', "%22");
        body.extend(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"").bytes());
        match value {
            Value::File { bytes, mime, name } => {
                body.extend(format!("; filename=\"{name}\"\r\ncontent-type: {mime}\r\n\r\n").bytes());
                body.extend_from_slice(bytes);
            }
            other => body.extend(format!("\r\n\r\n{}", text(other)).bytes()),
        }
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

fn text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.clone().into_owned(),
        Value::Number(number) => number.to_string(),
        Value::Base64(bytes) | Value::File { bytes, .. } => STANDARD.encode(bytes),
    }
}

async fn read(response: reqwest::Response, answers: Answers) -> Result<Response, NoReply> {
    let http_status = response.status().as_u16();
    let header = |name: &str| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.filter(|value| !value.is_empty()).map(ToOwned::to_owned)
    };
    let wait = |value: String| retry_after(&value).or_else(|| milliseconds_to(&value, SystemTime::now()));
    let retry_after = header("retry-after").and_then(wait);
    let gateway = gateway_message(header("x-ca-error-message"), header("x-ca-request-id"));
    let content_type = header("content-type").unwrap_or_default();
    let is_picture = answers.is_picture(http_status, &content_type);
    let content = match whole(response).await? {
        None => Content::Other(format!("more than {MAX_ANSWER} bytes")),
        Some(bytes) if is_picture => Content::Picture(bytes),
        Some(bytes) => text_content(&bytes, content_type),
    };
    Ok(Response { http_status, retry_after, gateway, content })
}

/// `Retry-After` as a date (RFC 9110 §10.2.3).
fn milliseconds_to(date: &str, now: SystemTime) -> Option<u64> {
    let wait = httpdate::parse_http_date(date).ok()?.duration_since(now).ok()?;
    u64::try_from(wait.as_millis()).ok()
}

/// The body, unless it is over the bound.
async fn whole(mut response: reqwest::Response) -> Result<Option<Vec<u8>>, NoReply> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if (bytes.len() + chunk.len()) as u64 > MAX_ANSWER {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

fn text_content(bytes: &[u8], content_type: String) -> Content {
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    match serde_json::from_slice::<Reply>(bytes) {
        Ok(reply) if is_object => Content::Envelope(reply),
        _ => Content::other(bytes.is_empty(), content_type.chars().take(60).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_to_come_is_a_wait() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(784_111_775_500);
        assert_eq!(milliseconds_to("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(1_500));
        for past_or_none in ["Sun, 06 Nov 1994 08:49:35 GMT", "soon", ""] {
            assert_eq!(milliseconds_to(past_or_none, now), None, "{past_or_none}");
        }
    }
}
