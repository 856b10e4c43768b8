//! Bodies that are not what they say: JSON, forms, multipart, encodings.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    [types(), jsons(), forms(), multiparts(), encodings()].into_iter().flatten().collect()
}

fn types() -> Vec<Row> {
    let body = tiny().to_string();
    let of = |content_type: &str, code, says| {
        row(format!("content type {content_type:?}"), typed(content_type, &body), Refused(400, code), says)
    };
    vec![
        of("", "body-form", "of no stated type"),
        of("text/plain", "body-form", "text/plain"),
        of("application/xml", "body-form", "application/xml"),
        of("application/jsonx", "body-form", "application/jsonx"),
        of("multipart/mixed; boundary=x", "body-form", "multipart/mixed"),
        of(&"x".repeat(8_000), "body-form", "xxx"),
        of("multipart/form-data", "body-broken", "boundary"),
        of("application/x-www-form-urlencoded", "image-missing", "no picture"),
        row("no content type", request("POST", ALIYUN, &[], body.as_bytes()), Refused(400, "body-form"), "no stated"),
    ]
}

fn jsons() -> Vec<Row> {
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bodies: [(&str, Vec<u8>); 21] = [
        ("empty", b"".into()),
        ("half", b"{".into()),
        ("a list", b"[]".into()),
        ("a number", b"3".into()),
        ("null", b"null".into()),
        ("two objects", b"{}{}".into()),
        ("a BOM", b"\xef\xbb\xbf{}".into()),
        ("UTF-16", utf16),
        ("no value", b"{\"sync\":}".into()),
        ("NaN", b"{\"sync\":NaN}".into()),
        ("a leading zero", b"{\"sync\":01}".into()),
        ("a comma too many", b"{\"sync\":1,}".into()),
        ("a comment", b"{/**/}".into()),
        ("single quotes", b"{'sync':1}".into()),
        ("half a surrogate", b"{\"sync\":\"\\ud800\"}".into()),
        ("no UTF-8 in a value", b"{\"image_base64\":\"\xff\xfe\"}".into()),
        ("no UTF-8 in a name", b"{\"\xff\":1}".into()),
        ("NUL", b"{\"sync\":\"\0\"}".into()),
        ("100 000 brackets", format!("{{\"x\":{}", "[".repeat(100_000)).into()),
        ("100 000 brackets in a field", format!("{{\"sync\":{}", "[".repeat(100_000)).into()),
        ("100 000 objects", "{\"a\":".repeat(100_000).into()),
    ];
    bodies
        .into_iter()
        .map(|(name, body)| row(format!("JSON: {name}"), json_text(body), Refused(400, "body-broken"), "read as JSON"))
        .collect()
}

fn forms() -> Vec<Row> {
    let image = tiny()["image_base64"].as_str().unwrap().replace('+', "%2B").replace('=', "%3D").replace('/', "%2F");
    let of = |name: &str, fields: &str, code, says| {
        let body = format!("image_base64={image}&{fields}");
        row(format!("form: {name}"), typed("application/x-www-form-urlencoded", body), Refused(400, code), says)
    };
    let bare = |name: &str, body: &[u8], code, says| {
        row(format!("form: {name}"), typed("application/x-www-form-urlencoded", body), Refused(400, code), says)
    };
    vec![
        bare("empty", b"", "image-missing", "no picture"),
        bare("no names", b"=&==&&&", "image-missing", "no picture"),
        bare("no UTF-8", b"image_base64=%ff%fe", "field-base64", "not base64"),
        bare("bytes", &[0xff; 1000], "image-missing", "no picture"),
        bare("+ in base64", b"image_base64=ab+c", "field-base64", "%2B"),
        bare("half a percent", b"image_base64=abc%", "field-base64", "not base64"),
        of("no hex", "rectangles=%zz", "rectangles-malformed", "not JSON"),
        of("NUL", "sync=%00", "field-value", "must be"),
        of("line break", "sync=1%0d%0aX:y", "field-value", "must be"),
        of("double", "sync=1&sync=1", "field-twice", "sync"),
        of("double, encoded", "sync=1&%73ync=1", "field-twice", "sync"),
        of("brackets", "rectangles[]=1", "region-missing", "nothing is marked"),
        of("no region", "a=b", "region-missing", "nothing is marked"),
    ]
}

fn part(name: &str, value: &str) -> String {
    format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn multiparts() -> Vec<Row> {
    let of = |name: &str, body: Vec<u8>, code, says| {
        row(format!("multipart: {name}"), typed("multipart/form-data; boundary=x", body), Refused(400, code), says)
    };
    let file = "--x\r\nContent-Disposition: form-data; name=\"image_file\"; filename=\"a\"\r\n";
    let end = "--x--\r\n";
    let long = format!("--x\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\na\r\n{end}", "n".repeat(100_000));
    let many = format!("{}{end}", part("a", "b").repeat(5_000));
    let not_text = [part("sync", "").as_bytes().strip_suffix(b"\r\n").unwrap(), b"\xff\r\n--x--\r\n"].concat();
    let empty_boundary = typed("multipart/form-data; boundary=", end);
    let long_boundary = format!("multipart/form-data; boundary={}", "b".repeat(5_000));
    vec![
        of("empty", Vec::new(), "body-broken", "incomplete"),
        of("only the end", end.into(), "image-missing", "no picture"),
        of("another boundary", part("sync", "1").replace("--x", "--y").into(), "body-broken", "incomplete"),
        of("ends in a part", format!("{file}\r\nabc").into(), "body-broken", "incomplete"),
        of("ends in a head", file.into(), "body-broken", "incomplete"),
        of("no end", part("sync", "1").into(), "body-broken", "incomplete"),
        of("no disposition", format!("--x\r\n\r\nabc\r\n{end}").into(), "body-broken", "incomplete"),
        of("no name", format!("--x\r\nContent-Disposition: form-data\r\n\r\na\r\n{end}").into(), "image-missing", "no"),
        of("a long head", long.into(), "image-missing", "no picture"),
        of("a head of 20 MB", [b"--x\r\nX: ".to_vec(), vec![b'a'; 20_000_000]].concat(), "body-broken", "incomplete"),
        of("thousands of parts", many.into(), "image-missing", "no picture"),
        of("a broken head", format!("--x\r\n\0\x01: y\r\n\r\na\r\n{end}").into(), "body-broken", "header"),
        of("double", format!("{}{}{end}", part("sync", "1"), part("sync", "1")).into(), "field-twice", "sync"),
        of("no UTF-8", not_text, "field-value", "not UTF-8"),
        of("a line break in a value", format!("{}{end}", part("sync", "1\r\n2")).into(), "field-value", "sync"),
        of("no region", format!("{file}\r\nabc\r\n{end}").into(), "region-missing", "nothing is marked"),
        row("multipart: empty boundary", empty_boundary, Refused(400, "body-broken"), "multipart"),
        row("multipart: a long boundary", typed(&long_boundary, end), Refused(400, "body-broken"), "incomplete"),
    ]
}

fn encodings() -> Vec<Row> {
    let of = |encoding: &str| {
        let headers = [("Content-Type", "application/json"), ("Content-Encoding", encoding)];
        let request = request("POST", ALIYUN, &headers, tiny().to_string().as_bytes());
        row(format!("encoding {encoding}"), request, Refused(400, "body-encoding"), "Content-Encoding")
    };
    ["gzip", "br", "deflate", "zstd", "identity, gzip", "nonsense"].map(of).into()
}
