//! Wrong keys, task ids, result links, methods and paths; other pages.

use super::*;

pub(super) fn rows(link: &str) -> Vec<Row> {
    [keys(), ids(), links(link), methods(), others()].into_iter().flatten().collect()
}

fn keys() -> Vec<Row> {
    let of = |line: &str| {
        let body = tiny().to_string();
        let head = format!("Host: h\r\nConnection: close\r\nContent-Type: application/json\r\n{line}\r\n");
        let request = format!("POST {ALIYUN} HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len());
        row(format!("key {line:?}"), request.into(), Refused(401, "key"), "the key is missing or wrong")
    };
    [
        "X: y",
        "X-Api-Key:",
        "X-Api-Key: wrong",
        "X-Api-Key: the-key-of-the-tabl",
        "X-Api-Key: the-key-of-the-table, the-key-of-the-table",
        "Authorization: the-key-of-the-table",
        "Authorization: Basic the-key-of-the-table",
        "Authorization: APPCODE  the-key-of-the-table",
        "Authorization: APPCODE",
        "Authorization: \u{e4}\u{f6}",
    ]
    .map(of)
    .into()
}

fn get(path: &str) -> Vec<u8> {
    request("GET", path, &[], b"")
}

fn ids() -> Vec<Row> {
    let of = |id: &str| {
        let shown: String = id.chars().take(40).collect();
        row(format!("task {shown}"), get(&format!("{PICWISH}/{id}")), Refused(404, "unknown-task"), "no such task")
    };
    let mut rows: Vec<_> = [
        "b2d9a1f0-0000-4000-8000-000000000000",
        "x",
        "..%2f..%2flink-secret",
        "b2d9a1f0%2f0000",
        "%00",
        "%ff",
        "%zz",
        "1%0d%0aX:%20y",
        "..",
        "b2d9a1f0-0000-4000-8000-00000000000g",
    ]
    .map(of)
    .into();
    rows.push(of(&"a".repeat(10_000)));
    rows
}

fn links(link: &str) -> Vec<Row> {
    let path = &link[link.find("/results/").unwrap()..];
    let (name, query) = path.split_once('?').unwrap();
    let (expires, signature) = query.split_once('&').unwrap();
    let seconds: i64 = expires.strip_prefix("expires=").unwrap().parse().unwrap();
    let hex = signature.strip_prefix("signature=").unwrap();
    let other = if hex.starts_with('0') { '1' } else { '0' };
    let changed = [
        name.to_owned(),
        format!("{name}?{expires}"),
        format!("{name}?{signature}"),
        format!("{name}?expires={}&{signature}", seconds + 1),
        format!("{name}?expires=-1&{signature}"),
        format!("{name}?expires=99999999999999999999&{signature}"),
        format!("{name}?expires=x&{signature}"),
        format!("{name}?{expires}&{expires}&{signature}"),
        format!("{name}?{expires}&signature={other}{}", &hex[1..]),
        format!("{name}?{expires}&signature={}", &hex[..63]),
        format!("{name}?{expires}&signature={hex}00"),
        format!("{name}?{expires}&signature="),
        format!("{name}?{expires}&signature=%00"),
        format!("{name}?{expires}&amp;{signature}"),
        format!("{name}?{expires}\\u0026{signature}"),
        format!("/results/b2d9a1f0-0000-4000-8000-000000000000.png?{query}"),
        format!("{}?{query}", name.replace(".png", "")),
        format!("{}?{query}", name.replace(".png", ".jpg")),
        format!("/results/..%2flink-secret?{query}"),
        format!("/results/%2e%2e?{query}"),
        format!("/results/%ff.png?{query}"),
    ];
    let of = |path: String| row(format!("link {}", &path[..path.len().min(200)]), get(&path), Denied, "no right");
    changed.map(of).into()
}

fn methods() -> Vec<Row> {
    let wrong = |method: &str, path: &str| {
        row(format!("{method} {path}"), request(method, path, &[], b""), Refused(405, "method"), "this method")
    };
    let nowhere = |method: &str, path: &str| {
        row(format!("{method} {path}"), request(method, path, &[], b"x"), Refused(404, "unknown-path"), "nothing at")
    };
    let mut rows: Vec<_> = ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE", "post"]
        .map(|method| wrong(method, ALIYUN))
        .into();
    rows.extend([wrong("POST", "/results/x.png"), wrong("DELETE", "/healthz"), wrong("POST", "/openapi.json")]);
    rows.push(wrong("POST", &format!("{PICWISH}/x")));
    rows.extend(
        ["/api/", "/tasks/visual", "/tasks/visual/watermark/", "//tasks/visual/watermark", "/TASKS/visual/watermark"]
            .map(|path| nowhere("POST", path)),
    );
    rows.extend(
        ["/x", "/..%2f", "/results/", "/results/a/b", "/tasks/visual/watermark/a/b"].map(|path| nowhere("GET", path)),
    );
    rows
}

fn others() -> Vec<Row> {
    let of = |name: &str, value: &str| {
        let headers = [("Content-Type", "application/json"), (name, value)];
        let request = request("POST", ALIYUN, &headers, tiny().to_string().as_bytes());
        row(format!("{name}: {value}"), request, Refused(403, "origin"), "another origin")
    };
    vec![
        of("Origin", "http://other.example"),
        of("Origin", "null"),
        of("Origin", "http://h:8080"),
        of("Origin", "http://h.other.example"),
        of("Sec-Fetch-Site", "cross-site"),
        of("Sec-Fetch-Site", "same-site"),
    ]
}
