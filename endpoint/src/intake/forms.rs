//! The three body forms, each read into the same fields.
//!
//! JSON is read without a tree: values stay slices of the body, so that a body of brackets costs
//! no more memory than its bytes.

use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use multer::{Field, Multipart};
use serde::de::{self, Deserializer, IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::fields::{Fields, Given, is_file, known, max_length};
use crate::error::{Refusal, Result};
use crate::spool::Spooled;

/// Which of the three a body is.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Json,
    Urlencoded,
    /// With its boundary.
    Multipart(String),
}

impl Form {
    /// By the content type.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self> {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" => Ok(Self::Json),
            "application/x-www-form-urlencoded" => Ok(Self::Urlencoded),
            "multipart/form-data" => multer::parse_boundary(content_type).map(Self::Multipart).map_err(broken),
            _ => {
                let short: String = essence.chars().take(60).collect();
                Err(Refusal::BodyForm { found: if short.is_empty() { "of no stated type".into() } else { short } })
            }
        }
    }
}

/// Reads the fields of a body. It blocks, and takes as much memory as its files, twice where they are
/// in base64.
pub(super) fn read(kind: &Form, body: Spooled) -> Result<Fields> {
    match kind {
        Form::Json => json(&body.whole().map_err(Refusal::internal)?),
        Form::Urlencoded => form(&body.whole().map_err(Refusal::internal)?),
        Form::Multipart(boundary) => tokio::runtime::Handle::current().block_on(multipart(boundary, body)),
    }
}

fn form(body: &[u8]) -> Result<Fields> {
    let mut fields = Fields::default();
    for (name, value) in form_urlencoded::parse(body) {
        if let Some(name) = known(&name) {
            fields.add(name, Given::Text(value.into_owned()))?;
        }
    }
    Ok(fields)
}

fn json(body: &[u8]) -> Result<Fields> {
    let broken = |e: serde_json::Error| Refusal::BodyBroken { form: "JSON", reason: e.to_string() };
    let mut reader = serde_json::Deserializer::from_slice(body);
    let pairs = reader.deserialize_map(Pairs).map_err(broken)?;
    reader.end().map_err(broken)?;
    let mut fields = Fields::default();
    for (name, raw) in pairs {
        let raw = raw.get();
        if raw.starts_with('"') {
            fields.add(name, Given::Text(serde_json::from_str(raw).map_err(broken)?))?;
        } else if raw != "null" {
            fields.add(name, Given::Json(raw.into()))?;
        }
    }
    Ok(fields)
}

/// The known members of an object, values unread, doubles kept.
struct Pairs;

impl<'de> de::Visitor<'de> for Pairs {
    type Value = Vec<(&'static str, &'de RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            match known(&name) {
                Some(name) => pairs.push((name, map.next_value()?)),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(pairs)
    }
}

async fn multipart(boundary: &str, body: Spooled) -> Result<Fields> {
    let mut parts = Multipart::new(stream::iter(body.pieces()), boundary);
    let mut fields = Fields::default();
    let mut refused = None;
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let Some(name) = part.name().and_then(known) else { continue };
        // After a refusal the rest is still read: a broken body is told before a wrong field.
        let read = take_part(name, part).await;
        if let Err(refusal) = read.and_then(|given| given.map_or(Ok(()), |given| fields.add(name, given))) {
            refused.get_or_insert(refusal);
        }
    }
    refused.map_or(Ok(fields), Err)
}

async fn take_part(name: &'static str, mut part: Field<'_>) -> Result<Option<Given>> {
    let max = max_length(name);
    let unnamed = part.file_name().is_none_or(str::is_empty);
    let mut bytes = BytesMut::new();
    let mut length = 0;
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        length += chunk.len();
        if length <= max {
            bytes.extend_from_slice(&chunk);
        }
    }
    match length {
        _ if length > max => Err(Fields::too_long(name, length)),
        // What a browser sends for a file input in which nothing was chosen.
        0 if unnamed => Ok(None),
        _ => given(name, bytes.freeze()).map(Some),
    }
}

fn given(name: &'static str, bytes: Bytes) -> Result<Given> {
    if is_file(name) {
        return Ok(Given::File(bytes));
    }
    let text = String::from_utf8(bytes.into()).map_err(|_| Refusal::FieldValue {
        field: name,
        value: "not UTF-8".into(),
        expected: "text",
    })?;
    Ok(Given::Text(text))
}

fn broken(error: multer::Error) -> Refusal {
    match error {
        multer::Error::StreamReadFailed(error) => Refusal::internal(error),
        error => Refusal::BodyBroken { form: "multipart/form-data", reason: error.to_string() },
    }
}
