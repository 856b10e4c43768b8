//! Every refusal with its exact statuses, and that the next good request works.

use crate::common::*;
use reqwest::multipart::Form;
use reweave::picture::{Picture, Samples};
use reweave::{Mask, Size};
use serde_json::{Value, json};

async fn refused(server: &Server, path: &str, body: Value, status: u16, code: &str) -> Value {
    let (actual, reply) = server.json(path, &body).await;
    assert_eq!((actual, reply["error"]["code"].as_str()), (status, Some(code)), "{reply}");
    assert!(reply["message"].as_str().is_some_and(|message| message.len() > 10));
    assert!(reply.get("data").is_none());
    reply
}

async fn assert_works(server: &Server) {
    let (_, reply) = server.json(ALIYUN, &good()).await;
    assert_eq!(state(&reply), 1, "{reply}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_is_missing_or_double() {
    let server = Server::start().await;
    let mask = base64(&mask_file(&strokes()));
    for path in [ALIYUN, PICWISH, PICWISH_OLD] {
        refused(&server, path, json!({}), 400, "image-missing").await;
        refused(&server, path, good_but(json!({ "image_base64": null })), 400, "image-missing").await;
        refused(&server, path, good_but(json!({ "image_base64": "" })), 400, "image-missing").await;
        refused(&server, path, good_but(json!({ "rectangles": null })), 400, "region-missing").await;
        let two = good_but(json!({ "image_url": "http://h.example/a.png" }));
        let reply = refused(&server, path, two, 400, "two-sources").await;
        assert_eq!(reply["error"]["first"], "image_base64");
        let two = good_but(json!({ "mask_base64": mask, "mask_url": "http://h.example/m", "rectangles": null }));
        refused(&server, path, two, 400, "two-sources").await;
    }
    for path in [PICWISH, PICWISH_OLD] {
        refused(&server, path, good_but(json!({ "mask_base64": mask })), 400, "mask-and-rectangles").await;
    }
    let (status, reply) = server.form(ALIYUN, &[("sync", "1"), ("sync", "1")]).await;
    assert_eq!((status, &reply["error"]["code"]), (400, &json!("field-twice")));
    let twice = Form::new().part("image_file", file_part(png(&small()))).part("image_file", file_part(png(&small())));
    let (status, reply) = server.multipart(ALIYUN, twice).await;
    assert_eq!((status, &reply["error"]["field"]), (400, &json!("image_file")));
    let body = r#"{"return_type":1,"return_type":2}"#;
    let twice = server.post(ALIYUN).header("content-type", "application/json").body(body);
    assert_eq!(answer(twice.send().await.unwrap()).await.1["error"]["code"], "field-twice");
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_has_a_wrong_value() {
    let server = Server::start().await;
    for (field, value) in [
        ("sync", json!(2)),
        ("sync", json!("yes")),
        ("sync", json!(true)),
        ("sync", json!(-1)),
        ("sync", json!(0.5)),
        ("return_type", json!(0)),
        ("return_type", json!("3")),
        ("return_type", json!([1])),
        ("return_type", json!({})),
        ("image_base64", json!(7)),
        ("image_base64", json!([])),
    ] {
        let reply = refused(&server, ALIYUN, good_but(json!({ field: value })), 400, "field-value").await;
        assert_eq!(reply["error"]["field"], field, "{value}");
        let shown = reply["error"]["value"].as_str().unwrap();
        assert!(reply["message"].as_str().unwrap().starts_with(&format!("{field} is {shown}, must be ")), "{reply}");
    }
    let file = good_but(json!({ "image_base64": null, "image_file": "abc" }));
    refused(&server, ALIYUN, file, 400, "field-value").await;
    for text in ["not base64!", "data:image/png,abc"] {
        refused(&server, ALIYUN, good_but(json!({ "image_base64": text })), 400, "field-base64").await;
    }
    let address = |url: &str| good_but(json!({ "image_base64": null, "image_url": url }));
    for url in
        ["/a.png", "ftp://h.example/a", "file:///etc/passwd", "http://user:pw@h.example/", "data:image/png;base64,aa"]
    {
        let reply = refused(&server, ALIYUN, address(url), 400, "field-value").await;
        assert!(!reply.to_string().contains("pw"), "an address is not repeated");
    }
    let long = address(&format!("http://h.example/{}", "a".repeat(496)));
    let reply = refused(&server, ALIYUN, long, 400, "field-length").await;
    assert_eq!((&reply["error"]["length"], &reply["error"]["max"]), (&json!(513), &json!(512)));
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rectangles_are_judged_by_the_crate() {
    let server = Server::start().await;
    let one = |x: &str, y: &str, width: &str, height: &str| {
        json!(format!(r#"[{{"x":{x},"y":{y},"width":{width},"height":{height}}}]"#))
    };
    let many = vec![json!({"x": 1, "y": 1, "width": 2, "height": 2}); 51];
    let cases = [
        (one("1.5", "0", "1", "1"), "rectangle-not-integer"),
        (one("\"1\"", "0", "1", "1"), "rectangle-not-integer"),
        (json!([{"x": 1}]), "rectangle-not-integer"),
        (one("0", "-1", "1", "1"), "rectangle-too-small"),
        (one("0", "0", "0", "1"), "rectangle-too-small"),
        (one("150", "0", "20", "1"), "rectangle-outside"),
        (one("0", "119", "1", "2"), "rectangle-outside"),
        (one("0", "0", "160", "61"), "coverage"),
        (one("0", "0", "160", "120"), "full-mask"),
        (json!(many), "too-many-rectangles"),
        (json!("[]"), "empty-mask"),
        (json!([]), "empty-mask"),
        (json!("{}"), "rectangles-malformed"),
        (json!({"x": 0, "y": 0, "width": 1, "height": 1}), "rectangles-malformed"),
        (json!("[1]"), "rectangles-malformed"),
        (json!("nonsense"), "rectangles-malformed"),
        (json!("[{\"x\":NaN}]"), "rectangles-malformed"),
        (json!(3), "rectangles-malformed"),
        (json!("[".repeat(10_000)), "rectangles-malformed"),
        (json!("[".repeat(70_000)), "field-length"),
    ];
    for (rectangles, code) in cases {
        refused(&server, PICWISH, good_but(json!({ "rectangles": rectangles })), 400, code).await;
    }
    let outside = good_but(json!({ "rectangles": one("150", "0", "20", "1") }));
    let reply = refused(&server, ALIYUN, outside, 400, "rectangle-outside").await;
    assert_eq!(reply["error"]["clipped"], json!({"x": 150, "y": 0, "width": 10, "height": 1}));
    assert_eq!(reply["message"], "rectangle 0: x ends at 170, the picture ends at 160");
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn masks_are_judged_by_the_crate() {
    let server = Server::start().await;
    let size = small().size();
    let other = Mask::new(Size::new(120, 160).unwrap());
    let whole = Mask::from_rectangles(size, &[size.as_rectangle()]);
    let mut most = Mask::new(size);
    (0..61).for_each(|y| most.fill_span(y, 0, 160, true));
    let huge = png(&Picture::from_samples(Size::new(4097, 1).unwrap(), 1, Samples::U8(vec![255; 4097])).unwrap());
    let cases = [
        (mask_file(&Mask::new(size)), "empty-mask"),
        (mask_file(&other), "mask-size"),
        (mask_file(&whole), "full-mask"),
        (mask_file(&most), "coverage"),
        (huge, "picture-dimensions"),
        (b"GIF89a-------".to_vec(), "gif-refused"),
        (b"not a picture".to_vec(), "not-a-picture"),
        (mask_file(&strokes())[..60].to_vec(), "picture-broken"),
    ];
    for (file, code) in cases {
        let body = good_but(json!({ "mask_base64": base64(&file), "rectangles": null }));
        let reply = refused(&server, ALIYUN, body, 400, code).await;
        if code == "mask-size" {
            assert_eq!(reply["error"]["pictureWidth"], 160);
        }
    }
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_picture_ends_in_state_minus_7() {
    let server = Server::start().await;
    let wide = png(&Picture::from_samples(Size::new(4097, 2).unwrap(), 1, Samples::U8(vec![9; 8194])).unwrap());
    let whole = png(&small());
    let files = [
        b"GIF89a\x01\x00\x01\x00".to_vec(),
        b"hello, this is text".to_vec(),
        b"%PDF-1.7 something".to_vec(),
        wide,
        bomb(),
        whole[..20].to_vec(),
        whole[..whole.len() / 2].to_vec(),
    ];
    for file in files {
        for sync in [0, 1] {
            let body = good_but(json!({ "image_base64": base64(&file), "sync": sync }));
            let (status, reply) = server.json(PICWISH, &body).await;
            assert_eq!(status, 200);
            let end = server.end_of(PICWISH, &reply).await;
            assert_eq!((state(&end), &end["data"]["progress"]), (-7, &json!(0)), "{end}");
            assert_eq!(end["message"], end["data"]["state_detail"]);
            assert!(end["data"].get("image").is_none());
        }
    }
    let empty = Form::new().part("image_file", file_part(Vec::new())).text("rectangles", ONE_RECTANGLE);
    let (status, reply) = server.multipart(ALIYUN, empty).await;
    assert_eq!((status, state(&reply)), (200, -7), "a file that was chosen and is empty");
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_is_15_mb_of_the_decoded_file() {
    const LIMIT: usize = 15 * 1024 * 1024;
    let server = Server::start().await;
    let of_size = |bytes: usize| {
        let mut file = vec![0; bytes];
        file[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
        file
    };
    let multipart = |name: &'static str, bytes: usize| {
        let form = Form::new().part(name, file_part(of_size(bytes))).text("rectangles", ONE_RECTANGLE);
        if name == "image_file" { form } else { form.part("image_file", file_part(png(&small()))) }
    };
    let (status, reply) = server.multipart(ALIYUN, multipart("image_file", LIMIT)).await;
    assert_eq!((status, state(&reply)), (200, -7), "15 MB are included");
    for name in ["image_file", "mask_file"] {
        let (status, reply) = server.multipart(ALIYUN, multipart(name, LIMIT + 1)).await;
        assert_eq!((status, &reply["error"]["code"]), (413, &json!("file-too-large")));
        assert_eq!((&reply["error"]["field"], &reply["error"]["max"]), (&json!(name), &json!(LIMIT)));
    }
    let inside = good_but(json!({ "image_base64": base64(&of_size(LIMIT)) }));
    assert_eq!(state(&server.json(ALIYUN, &inside).await.1), -7);
    let over = good_but(json!({ "image_base64": base64(&of_size(LIMIT + 1)) }));
    refused(&server, ALIYUN, over, 413, "file-too-large").await;
    let over = good_but(json!({ "image_base64": base64(&of_size(LIMIT * 3 / 2)) }));
    refused(&server, ALIYUN, over, 413, "file-too-large").await;
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_48_mb_is_refused_in_every_form() {
    const OVER: usize = 48 * 1024 * 1024 + 1;
    let server = Server::start().await;
    for content_type in ["application/json", "application/x-www-form-urlencoded"] {
        let request = server.post(ALIYUN).header("content-type", content_type).body(vec![b' '; OVER]);
        let (status, reply) = answer(request.send().await.unwrap()).await;
        assert_eq!((status, &reply["error"]["code"]), (413, &json!("body-too-large")), "{content_type}");
    }
    let form = Form::new().part("unknown", file_part(vec![0; OVER]));
    let (status, reply) = server.multipart(ALIYUN, form).await;
    assert_eq!((status, &reply["error"]["code"]), (413, &json!("body-too-large")));
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_what_it_says() {
    let server = Server::start().await;
    let send = async |content_type: &str, body: Vec<u8>| {
        let request = server.post(ALIYUN).header("content-type", content_type).body(body);
        let (status, reply) = answer(request.send().await.unwrap()).await;
        (status, reply["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let text = || good().to_string().into_bytes();
    for content_type in ["text/plain", "application/xml", "multipart/mixed; boundary=x", "nonsense"] {
        assert_eq!(send(content_type, text()).await, (400, "body-form".into()), "{content_type}");
    }
    for body in ["", "{", "[]", "3", "{\"sync\":}", "{}{}", "\u{feff}{}", "{\"sync\":\"\\ud800\"}"] {
        assert_eq!(send("application/json", body.into()).await, (400, "body-broken".into()), "{body}");
    }
    let deep = format!("{{\"x\":{}", "[".repeat(1_000_000));
    assert_eq!(send("application/json", deep.into()).await, (400, "body-broken".into()));
    let broken = "--x\r\nContent-Disposition: form-data; name=\"image_file\"; filename=\"a\"\r\n\r\nabc";
    assert_eq!(send("multipart/form-data; boundary=x", broken.into()).await, (400, "body-broken".into()));
    assert_eq!(send("multipart/form-data", broken.into()).await, (400, "body-broken".into()));
    assert_eq!(send("application/json; charset=utf-8", "{}".into()).await, (400, "image-missing".into()));
    let none = server.post(ALIYUN).body(text()).send().await.unwrap();
    assert_eq!(answer(none).await.0, 400, "no content type at all");
    assert_works(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_tasks_paths_and_methods() {
    use reqwest::Method;
    let server = Server::start().await;
    let code = async |method: Method, path: &str| {
        let response = server.method(method, path).send().await.unwrap();
        let allow = response.headers().get("allow").map(|value| value.to_str().unwrap().to_owned());
        let (status, reply) = answer(response).await;
        (status, reply["error"]["code"].as_str().unwrap().to_owned(), allow)
    };
    for create in [ALIYUN, PICWISH, PICWISH_OLD] {
        for id in ["b2d9a1f0-0000-4000-8000-000000000000", "x", "%ff", "..%2f..", "1%0d%0aX: y"] {
            let expected = (404, "unknown-task".to_owned(), None);
            assert_eq!(code(Method::GET, &format!("{create}/{id}")).await, expected, "{create}/{id}");
        }
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let expected = (405, "method".to_owned(), Some("POST".to_owned()));
            assert_eq!(code(method, create).await, expected);
        }
        let (status, _, allow) = code(Method::POST, &format!("{create}/x")).await;
        assert_eq!((status, allow.as_deref()), (405, Some("GET,HEAD")));
    }
    for path in ["/api/", "/api/tasks", "/api/tasks/visual/other", "/tasks/visual", "/tasks/visual/watermark/a/b", "/x"]
    {
        for method in [Method::GET, Method::POST] {
            assert_eq!(code(method, path).await, (404, "unknown-path".to_owned(), None), "{path}");
        }
    }
}

/// A PNG whose header claims 65 535 × 65 535 pixels of 8 bytes, and 40 bytes of nothing.
fn bomb() -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    file.extend([0, 0, 255, 255, 0, 0, 255, 255, 16, 6, 0, 0, 0]);
    file.extend([0; 40]);
    file
}
