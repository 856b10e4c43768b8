//! HTTP that is broken itself, or unusual.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    [hosts(), heads(), lengths(), chunks()].into_iter().flatten().collect()
}

/// A request with a head written by hand, and the good body.
fn by_hand(version: &str, lines: &str) -> Vec<u8> {
    let body = tiny().to_string();
    let length = body.len();
    let head = format!("X-Api-Key: {KEY}\r\nContent-Type: application/json\r\nConnection: close\r\n");
    format!("POST {ALIYUN} {version}\r\n{head}{lines}Content-Length: {length}\r\n\r\n{body}").into()
}

/// A request whose length is said by `lines`.
fn framed(lines: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("Host: h\r\nX-Api-Key: {KEY}\r\nContent-Type: application/json\r\nConnection: close\r\n");
    [format!("POST {ALIYUN} HTTP/1.1\r\n{head}{lines}\r\n\r\n").as_bytes(), body.as_ref()].concat()
}

fn hosts() -> Vec<Row> {
    let of = |name: &str, version: &str, lines: &str| {
        row(name, by_hand(version, lines), Refused(400, "host"), "the Host header")
    };
    vec![
        of("no Host", "HTTP/1.1", ""),
        of("HTTP/1.0 without Host", "HTTP/1.0", ""),
        of("an empty Host", "HTTP/1.1", "Host:\r\n"),
        of("two Hosts", "HTTP/1.1", "Host: h\r\nHost: i\r\n"),
        of("a path in Host", "HTTP/1.1", "Host: h.example/evil\r\n"),
        of("a user in Host", "HTTP/1.1", "Host: user@h.example\r\n"),
        of("a query in Host", "HTTP/1.1", "Host: h.example?a\r\n"),
        of("no port in Host", "HTTP/1.1", "Host: h.example:x\r\n"),
        of("bytes in Host", "HTTP/1.1", "Host: h\u{fc}\r\n"),
    ]
}

fn heads() -> Vec<Row> {
    let plain = |name: &str, lines: &str, status| row(name, by_hand("HTTP/1.1", lines), Plain(status), "");
    let raw = |name: &str, request: &str, expected| row(name, request.as_bytes().to_vec(), expected, "");
    let many: String = (0..200).map(|n| format!("X-{n}: a\r\n")).collect();
    let path = format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(100_000));
    vec![
        plain("NUL in a header", "Host: h\r\nX: a\0b\r\n", 400),
        plain("a return in a header", "Host: h\r\nX: a\rb\r\n", 400),
        plain("a name with a space", "Host: h\r\nX Y: a\r\n", 400),
        plain("a header without a colon", "Host: h\r\nnonsense\r\n", 400),
        plain("a folded header", "Host: h\r\nX: a\r\n b\r\n", 400),
        plain("200 headers", &format!("Host: h\r\n{many}"), 431),
        plain("a header of 1 MB", &format!("Host: h\r\nX: {}\r\n", "a".repeat(1_000_000)), 431),
        row("another version", by_hand("HTTP/3.0", "Host: h\r\n"), Plain(400), ""),
        row("no version", by_hand("", "Host: h\r\n"), Plain(400), ""),
        raw("a long path", &path, Plain(414)),
        raw("nothing", "", Nothing),
        raw("nonsense", "nonsense\r\n\r\n", Plain(400)),
        raw("bytes", "\u{0}\u{1}\u{2}\r\n\r\n", Plain(400)),
        raw("half a head", "POST /tasks/visual/watermark HTTP/1.1\r\nHost:", Nothing),
        raw("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Nothing),
    ]
}

fn lengths() -> Vec<Row> {
    let body = tiny().to_string();
    let plain = |name: &str, lines: &str| row(format!("length: {name}"), framed(lines, &body), Plain(400), "");
    let short = format!("Content-Length: {}", body.len() + 10);
    let long = format!("Content-Length: {}", body.len() - 10);
    vec![
        plain("negative", "Content-Length: -1"),
        plain("no number", "Content-Length: ten"),
        plain("over 64 bits", "Content-Length: 99999999999999999999999"),
        plain("two that differ", "Content-Length: 10\r\nContent-Length: 20"),
        plain("a list", "Content-Length: 10, 20"),
        row("length: the body ends early", framed(&short, &body), Refused(400, "body-ended"), "ended early"),
        row("length: the body goes on", framed(&long, &body), Refused(400, "body-broken"), "JSON"),
        row("length: none", framed("X: y", &body), Refused(400, "body-broken"), "JSON"),
        row("length: huge", framed("Content-Length: 9999999999", &body), Refused(400, "body-ended"), "ended early"),
    ]
}

fn chunks() -> Vec<Row> {
    const CHUNKED: &str = "Transfer-Encoding: chunked";
    let body = tiny().to_string();
    let whole = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let both = format!("{CHUNKED}\r\nContent-Length: 5");
    let of =
        |name: &str, text: &str, expected, says| row(format!("chunks: {name}"), framed(CHUNKED, text), expected, says);
    vec![
        of("a size that is none", "zz\r\nabc\r\n0\r\n\r\n", Refused(400, "body-ended"), "ended early"),
        of("a size over 64 bits", "fffffffffffffffff\r\nabc", Refused(400, "body-ended"), "ended early"),
        of("a negative size", "-1\r\nabc\r\n0\r\n\r\n", Refused(400, "body-ended"), "ended early"),
        of("no line break behind a chunk", "1\r\n{}\r\n0\r\n\r\n", Refused(400, "body-ended"), "ended early"),
        of("no end", "2\r\n{}\r\n", Refused(400, "body-ended"), "ended early"),
        of("nothing", "0\r\n\r\n", Refused(400, "body-broken"), "JSON"),
        // The chunks count (RFC 9112, 6.3).
        row("chunks: a length too", framed(&both, &whole), State(1), ""),
        row("chunks: gzip too", framed("Transfer-Encoding: gzip, chunked", &whole), State(1), ""),
        row("chunks: not last", framed("Transfer-Encoding: chunked, gzip", &whole), Plain(400), ""),
        row("chunks: unknown", framed("Transfer-Encoding: nonsense", &whole), Plain(400), ""),
    ]
}
