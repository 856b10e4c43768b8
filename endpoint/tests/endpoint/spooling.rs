//! Bodies lie on the disk while they come, and nothing of them stays.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::common::*;
use axum::Router;
use axum::routing::get;
use reqwest::multipart::Form;
use serde_json::{Value, json};

const LIMIT: usize = 15 * 1024 * 1024;
const MAX_BODY: usize = 48 * 1024 * 1024;

/// Lengths of the files in the spool that are open, named or not.
#[cfg(target_os = "linux")]
fn spooled(server: &Server) -> Vec<u64> {
    let spool = server.data.path().join("spool");
    let open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    open.filter(|entry| std::fs::read_link(entry.path()).is_ok_and(|link| link.starts_with(&spool)))
        .filter_map(|entry| Some(std::fs::metadata(entry.path()).ok()?.len()))
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn spooled(server: &Server) -> Vec<u64> {
    server.names("spool").iter().map(|_| 0).collect()
}

/// Waits until nothing of a request is left.
async fn assert_clean(server: &Server) {
    for _ in 0..200 {
        if spooled(server).is_empty() && server.names("spool").is_empty() && server.names("jobs").is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("left: {:?}, {:?}, {:?}", spooled(server), server.names("spool"), server.names("jobs"));
}

async fn refused(server: &Server, body: &Value, status: u16, code: &str) {
    let (actual, reply) = server.json(ALIYUN, body).await;
    assert_eq!((actual, &reply["error"]["code"]), (status, &json!(code)));
    assert_clean(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_of_what_was_accepted_or_refused() {
    let server = Server::with(|options| options.allow_private_urls = true).await;
    assert_eq!(state(&server.json(ALIYUN, &good()).await.1), 1);
    assert_clean(&server).await;
    refused(&server, &json!({}), 400, "image-missing").await;
    refused(&server, &good_but(json!({ "rectangles": "[]" })), 400, "empty-mask").await;
    let mask = good_but(json!({ "mask_base64": base64(b"no picture"), "rectangles": null }));
    refused(&server, &mask, 400, "not-a-picture").await;
    let mut file = vec![0; LIMIT + 1];
    file[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
    refused(&server, &good_but(json!({ "image_base64": base64(&file) })), 413, "file-too-large").await;
    let form = Form::new().part("image_file", file_part(file)).text("rectangles", ONE_RECTANGLE);
    assert_eq!(server.multipart(ALIYUN, form).await.0, 413);
    assert_clean(&server).await;
    let (_, reply) = server.json(ALIYUN, &good_but(json!({ "image_base64": base64(b"no picture") }))).await;
    assert_eq!(state(&reply), -7);
    assert_clean(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_has_at_most_48_mb() {
    let server = Server::start().await;
    for (length, status) in [(MAX_BODY, 200), (MAX_BODY + 1, 413)] {
        let mut body = good().to_string().into_bytes();
        body.resize(length, b' ');
        let request = server.post(ALIYUN).header("content-type", "application/json").body(body);
        assert_eq!(answer(request.send().await.unwrap()).await.0, status, "{length}");
        assert_clean(&server).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_beside_addresses_are_put_aside_and_taken_up_again() {
    let server = Server::with(|options| options.allow_private_urls = true).await;
    let (picture, mask) = (png(&small()), mask_file(&strokes()));
    let slow = get(move || async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        mask
    });
    let base = serve(Router::new().route("/mask", slow).route("/picture", get(move || async move { picture }))).await;
    let body = good_but(json!({ "mask_url": format!("{base}/mask"), "rectangles": null }));
    server.assert_repaired(&server.json(ALIYUN, &body).await.1, &small(), &strokes()).await;
    let changes = json!({
        "image_base64": null,
        "image_url": format!("{base}/picture"),
        "mask_base64": base64(&mask_file(&one_rectangle())),
        "rectangles": null,
    });
    server.assert_repaired(&server.json(ALIYUN, &good_but(changes)).await.1, &small(), &one_rectangle()).await;
    assert_clean(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_lay_on_the_disk_and_is_gone() {
    let server = Server::with(|options| options.queue = 1).await;
    let places = 1 + std::thread::available_parallelism().unwrap().get();
    let part = vec![b' '; 4 * 1024 * 1024];
    let held: Vec<_> = (0..places)
        .map(|_| {
            let mut stream = TcpStream::connect(server.base.strip_prefix("http://").unwrap()).unwrap();
            let head = "Host: h\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n";
            write!(stream, "POST {ALIYUN} HTTP/1.1\r\n{head}\r\n").unwrap();
            stream.write_all(&part).unwrap();
            stream
        })
        .collect();
    let mut arrived = cfg!(not(target_os = "linux"));
    for _ in 0..200 {
        arrived |= spooled(&server).iter().filter(|length| **length > 3_900_000).count() == places;
        if arrived {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(arrived, "{:?}", spooled(&server));
    assert_eq!(server.json(ALIYUN, &good()).await.0, 503);
    drop(held);
    assert_clean(&server).await;
    assert_eq!(state(&server.json(ALIYUN, &good()).await.1), 1);
}
