//! A table of bad requests, each with its exact answer. They are written onto the socket byte by
//! byte, so that broken HTTP is possible too. After every row a good request must work, and no
//! answer may hold a key, a query, a path of the machine or the text of a panic.

mod addresses;
mod bodies;
mod fields;
mod http;
mod pictures;
mod places;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::common::*;
use reweave::Size;
use reweave::picture::{Picture, Samples};
use serde_json::{Value, json};

/// Sent along with nearly every request.
const KEY: &str = "the-key-of-the-table";

/// The query of every address that is sent.
const QUERY: &str = "token=the-query-of-the-table";

/// A row: what is sent and what must come.
struct Row {
    name: String,
    request: Vec<u8>,
    expected: Expected,
    /// Part of the message.
    says: &'static str,
}

/// What must come.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Expected {
    /// A refusal: the status in HTTP and JSON, and the code.
    Refused(u16, &'static str),
    /// HTTP 200 and a task in this state.
    State(i64),
    /// The answer to a link.
    Denied,
    /// An answer without JSON: what is wrong is the HTTP itself.
    Plain(u16),
    /// No answer at all: there is nobody left who would read it.
    Nothing,
}

use Expected::{Denied, Nothing, Plain, Refused, State};

fn row(name: impl Into<String>, request: Vec<u8>, expected: Expected, says: &'static str) -> Row {
    Row { name: name.into(), request, expected, says }
}

/// A whole request, with the key and a length.
fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: h\r\nX-Api-Key: {KEY}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A create with a body of some type.
fn typed(content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    request("POST", ALIYUN, &[("Content-Type", content_type)], body.as_ref())
}

fn json_text(body: impl AsRef<[u8]>) -> Vec<u8> {
    typed("application/json", body)
}

/// A create with the good fields and these changes.
fn changed(changes: Value) -> Vec<u8> {
    let mut body = tiny();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    json_text(body.to_string())
}

/// The cheapest request that is accepted.
fn tiny() -> Value {
    let samples = (0..192_u32).map(|n| (n * 7 % 256) as u8).collect();
    let picture = Picture::from_samples(Size::new(8, 8).unwrap(), 3, Samples::U8(samples)).unwrap();
    json!({ "image_base64": base64(&png(&picture)), "rectangles": r#"[{"x":2,"y":2,"width":2,"height":2}]"# })
}

/// What came: the head, and the body behind it. `leaves` says that nothing more is coming, upon which
/// the server drops whatever it does for this client.
fn exchange(base: &str, request: &[u8], leaves: bool) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The server may have answered and closed before it has read everything.
    let _ = stream.write_all(request);
    if leaves {
        stream.shutdown(Shutdown::Write).unwrap();
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
    let body = answer.split_off(end);
    (String::from_utf8(answer).unwrap(), body)
}

/// What is wrong with the answer to a row, if anything is.
fn fault(row: &Row, head: &str, body: &[u8], codes: &[Value]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let status: u16 = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    let reply: Value = serde_json::from_slice(body).unwrap_or_default();
    let right = match row.expected {
        Refused(expected, code) => {
            let same = reply["status"] == status && reply["error"]["code"] == code;
            status == expected && same && codes.contains(&json!(code)) && reply.get("data").is_none()
        }
        State(state) => status == 200 && reply["status"] == 200 && reply["data"]["state"] == state,
        Denied => status == 403 && text.contains("<Code>AccessDenied</Code>"),
        Plain(expected) => status == expected && reply.is_null(),
        Nothing => head.is_empty() && body.is_empty(),
    };
    let message = reply["message"].as_str().unwrap_or(&text);
    if !right || !message.contains(row.says) {
        return Some(format!("{:?} {:?} was expected, came {status} {text}", row.expected, row.says));
    }
    let data = std::env::temp_dir().display().to_string();
    let secrets = [KEY, QUERY, "panicked", ".rs", "src/", "/root", "/home", env!("CARGO_MANIFEST_DIR"), &data];
    let told = secrets.into_iter().find(|secret| head.contains(secret) || text.contains(secret));
    told.map(|secret| format!("{secret} is told: {head}{text}"))
}

fn check(base: &str, rows: &[Row], codes: &[Value]) -> Vec<String> {
    let good = json_text(tiny().to_string());
    let mut faults = Vec::new();
    for row in rows {
        let start = Instant::now();
        let (head, body) = exchange(base, &row.request, matches!(row.expected, Nothing | Refused(_, "body-ended")));
        let took = start.elapsed();
        faults.extend(fault(row, &head, &body, codes).map(|fault| format!("{}: {fault}", row.name)));
        if took > Duration::from_secs(2) {
            faults.push(format!("{} took {took:?}", row.name));
        }
        let (_, body) = exchange(base, &good, false);
        let reply: Value = serde_json::from_slice(&body).unwrap_or_default();
        if reply["data"]["state"] != 1 {
            faults.push(format!("{}: the good request behind it fails: {reply}", row.name));
        }
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_request_has_its_answer() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), format!("{KEY}\n")).unwrap();
    let server = Server::with(|options| options.keys_file = Some(keys.path().into())).await;
    let document: Value = server.get("/openapi.json").send().await.unwrap().json().await.unwrap();
    let codes = document["components"]["schemas"]["ErrorCode"]["enum"].as_array().unwrap().clone();
    let base = server.base.clone();
    let (count, faults) = tokio::task::spawn_blocking(move || {
        let (_, body) = exchange(&base, &json_text(tiny().to_string()), false);
        let link = serde_json::from_slice::<Value>(&body).unwrap()["data"]["image"].as_str().unwrap().to_owned();
        let mut rows = fields::rows();
        rows.extend(bodies::rows());
        rows.extend(pictures::rows());
        rows.extend(addresses::rows());
        rows.extend(http::rows());
        rows.extend(places::rows(&link));
        (rows.len(), check(&base, &rows, &codes))
    })
    .await
    .unwrap();
    assert!(faults.is_empty(), "{} of {count} rows:\n{}", faults.len(), faults.join("\n"));
    assert!(count >= 130, "{count} rows");
}
