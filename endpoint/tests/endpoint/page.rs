//! The page: types, caching and the headers that keep it safe.

use crate::common::*;
use reqwest::header::HeaderMap;

const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    worker-src 'self' blob:; connect-src 'self' http: https:; img-src 'self' blob: data: http: https:; \
    frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'";

async fn with_page() -> (Server, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("assets")).unwrap();
    for name in ["index.html", "favicon.svg", "assets/index-BkZ3x_9a.js", "assets/engine-Dx0aB_9z.wasm", "assets/a.css"]
    {
        std::fs::write(dir.path().join(name), "<p>a page").unwrap();
    }
    std::fs::write(dir.path().parent().unwrap().join("outside.txt"), "secret").unwrap();
    let server = Server::with(|options| options.page_dir = Some(dir.path().into())).await;
    (server, dir)
}

fn assert_safe(headers: &HeaderMap) {
    assert_eq!(headers["content-security-policy"], POLICY);
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
    assert_eq!(headers["permissions-policy"], "camera=(), microphone=(), geolocation=()");
}

#[tokio::test(flavor = "multi_thread")]
async fn types_caching_and_security_headers() {
    let (server, _dir) = with_page().await;
    let forever = "public, max-age=31536000, immutable";
    for (path, mime, cache) in [
        ("/", "text/html", "no-cache"),
        ("/index.html", "text/html", "no-cache"),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
        ("/assets/a.css", "text/css", "no-cache"),
        ("/assets/index-BkZ3x_9a.js", "text/javascript", forever),
        ("/assets/engine-Dx0aB_9z.wasm", "application/wasm", forever),
    ] {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_safe(response.headers());
        assert_eq!(response.headers()["content-type"], mime, "{path}");
        assert_eq!(response.headers()["cache-control"], cache, "{path}");
        let modified = response.headers()["last-modified"].clone();
        let again = server.get(path).header("if-modified-since", modified).send().await.unwrap();
        assert_eq!((again.status().as_u16(), &again.headers()["cache-control"]), (304, &cache.parse().unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_404_and_never_cached() {
    let (server, _dir) = with_page().await;
    for path in [
        "/nothing",
        "/assets/gone-BkZ3x_9a.js",
        "/..%2foutside.txt",
        "/%2e%2e/outside.txt",
        "/..%5coutside.txt",
        "/a%00b",
    ] {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert_safe(response.headers());
        assert_eq!(response.headers()["cache-control"], "no-cache", "{path}");
    }
    for path in ["/api/nothing", "/tasks/nothing", "/results/a/b"] {
        assert_eq!(answer(server.get(path).send().await.unwrap()).await.0, 404, "{path}");
        assert_eq!(answer(server.post(path).send().await.unwrap()).await.0, 404, "{path}");
    }
    let post = server.post("/index.html").send().await.unwrap();
    assert_eq!((post.status().as_u16(), &post.headers()["allow"]), (405, &"GET,HEAD".parse().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_the_api_are_one_origin() {
    let (server, _dir) = with_page().await;
    assert_eq!(state(&server.json(ALIYUN, &good()).await.1), 1);
    assert_eq!(server.get("/healthz").send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_page_the_root_says_what_this_is() {
    let server = Server::start().await;
    let text = server.get("/").send().await.unwrap().text().await.unwrap();
    assert!(text.starts_with("Reweave's endpoint") && text.lines().count() == 1, "{text}");
}
