//! Downloads: what is refused ends in state −3, all with the same text, and what is over 15 MB in
//! −5. Redirects are tested beside the guard itself, in `src/download.rs`.

use std::time::{Duration, Instant};

use crate::common::*;
use axum::Router;
use axum::body::Body;
use axum::response::Redirect;
use axum::routing::get;
use futures_util::stream;
use serde_json::{Value, json};

fn at(url: &str) -> Value {
    good_but(json!({ "image_base64": null, "image_url": url }))
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_refused_and_look_like_any_failure() {
    let server = Server::start().await;
    let picture = png(&small());
    let hits = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = hits.clone();
    let files = Router::new().fallback(move || async move {
        counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        picture
    });
    let port = serve(files).await.rsplit_once(':').unwrap().1.to_owned();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::]",
        "0.0.0.0",
        "0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
        "255.255.255.255",
        "name-that-does-not-exist.invalid",
    ];
    let mut texts = std::collections::HashSet::new();
    for host in hosts {
        let start = Instant::now();
        let (status, reply) = server.json(ALIYUN, &at(&format!("http://{host}:{port}/a.png"))).await;
        assert_eq!((status, state(&reply)), (200, -3), "{host}: {reply}");
        assert!(start.elapsed() < Duration::from_secs(8), "{host} was tried");
        texts.insert(reply["message"].as_str().unwrap().to_owned());
        let mask = good_but(json!({ "mask_url": format!("http://{host}:{port}/m.png"), "rectangles": null }));
        let (status, reply) = server.json(PICWISH, &mask).await;
        assert_eq!((status, state(&server.end_of(PICWISH, &reply).await)), (200, -3), "{host} as mask_url");
    }
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(hits.load(std::sync::atomic::Ordering::SeqCst), 0, "a refused address was connected to");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_download_ends_in_state_minus_3() {
    let server = Server::with(|options| options.allow_private_urls = true).await;
    let to = |uri: axum::http::Uri| async move { Redirect::temporary(uri.query().unwrap_or_default()) };
    let picture = png(&small());
    let files = Router::new().route("/to", get(to)).route("/picture", get(move || async move { picture }));
    let base = serve(files).await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    let good = format!("{base}/to?{base}/to?{base}/to?{base}/picture");
    assert_eq!(state(&server.json(ALIYUN, &at(&good)).await.1), 1, "three redirects are followed");
    for url in [
        format!("{base}/nothing"),
        closed,
        format!("{base}/to?{good}"),
        format!("{base}/to?ftp://127.0.0.1/picture"),
        format!("{base}/to?http://user:pw@127.0.0.1/picture"),
        base.replace("http://", "https://"),
    ] {
        let (status, reply) = server.json(ALIYUN, &at(&url)).await;
        assert_eq!((status, state(&reply)), (200, -3), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_15_mb_ends_in_state_minus_5() {
    const LIMIT: usize = 15 * 1024 * 1024;
    let server = Server::with(|options| options.allow_private_urls = true).await;
    let pieces = |bytes: usize| {
        let piece = vec![0_u8; 1024 * 1024];
        let whole = std::iter::repeat_n(piece, bytes / (1024 * 1024)).chain([vec![0; bytes % (1024 * 1024)]]);
        Body::from_stream(stream::iter(whole.map(Ok::<_, std::io::Error>)))
    };
    let files = Router::new()
        .route("/stated", get(|| async { vec![0_u8; LIMIT + 1] }))
        .route("/streamed", get(move || async move { pieces(LIMIT + 1) }))
        .route("/endless", get(move || async move { pieces(LIMIT * 100) }))
        .route("/just", get(move || async move { pieces(LIMIT) }));
    let base = serve(files).await;
    for path in ["stated", "streamed", "endless"] {
        let url = format!("{base}/{path}");
        let (status, reply) = server.json(ALIYUN, &at(&url)).await;
        assert_eq!((status, state(&reply)), (200, -5), "{path}: {reply}");
        let mask = good_but(json!({ "mask_url": url, "rectangles": null }));
        assert_eq!(state(&server.json(ALIYUN, &mask).await.1), -5, "{path} as mask_url");
    }
    let (_, reply) = server.json(ALIYUN, &at(&format!("{base}/just"))).await;
    assert_eq!(state(&reply), -7, "15 MB are included; zeros are no picture");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_download_ends_after_ten_seconds() {
    let server = Server::with(|options| options.allow_private_urls = true).await;
    let drops = || {
        Body::from_stream(stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            Some((Ok::<_, std::io::Error>("x"), ()))
        }))
    };
    let base = serve(Router::new().fallback(move || async move { drops() })).await;
    let start = Instant::now();
    let (_, reply) = server.json(ALIYUN, &at(&format!("{base}/"))).await;
    assert_eq!(state(&reply), -3);
    assert!((9.5..14.0).contains(&start.elapsed().as_secs_f32()), "{:?}", start.elapsed());
}
