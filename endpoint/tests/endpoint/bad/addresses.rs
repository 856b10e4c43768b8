//! Addresses that lead into our own network, or are none.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    refused().into_iter().chain(failed()).collect()
}

fn at(url: &str) -> Vec<u8> {
    changed(json!({ "image_base64": null, "image_url": url }))
}

fn refused() -> Vec<Row> {
    let of = |url: &str| {
        let shown: String = url.chars().take(40).collect();
        row(format!("address {shown}"), at(url), Refused(400, "field-value"), "http or https address")
    };
    let mut rows: Vec<_> = [
        "/a.png",
        "h.example/a.png",
        "//h.example/a.png",
        "http://",
        "http:// /",
        "http://[::1/",
        "http://h:99999/",
        "http://256.256.256.256/",
        "http://%00/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/1",
        "ftp://127.0.0.1/a",
        "data:image/png;base64,aGk=",
        "javascript:0",
        "blob:http://h/1",
        "http://the-user:the-password@127.0.0.1/",
        "http://the-user@h.example/",
    ]
    .map(|url| of(&format!("{url}?{QUERY}")))
    .into();
    let long = format!("http://h.example/{}", "a".repeat(496));
    rows.push(row("a long address", at(&long), Refused(400, "field-length"), "513"));
    let number = changed(json!({ "image_base64": null, "image_url": 7 }));
    rows.push(row("a number as an address", number, Refused(400, "field-value"), "must be a string"));
    rows
}

fn failed() -> Vec<Row> {
    let of = |host: &str| {
        let request = at(&format!("http://{host}/a.png?{QUERY}"));
        row(format!("host {host}"), request, State(-3), "the address could not be downloaded within 10 s")
    };
    let mut rows: Vec<_> = [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0x7f000001",
        "0x7f.1",
        "①②⑦.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "0.0.0.0",
        "0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "255.255.255.255",
    ]
    .map(of)
    .into();
    let mask = changed(json!({ "rectangles": null, "mask_url": format!("http://127.0.0.1/m?{QUERY}") }));
    rows.push(row("a mask at home", mask, State(-3), "could not be downloaded"));
    rows
}
