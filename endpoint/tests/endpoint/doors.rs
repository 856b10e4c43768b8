//! The door: rates, quotas, sessions, hosts, origins and other origins' pages.

use std::net::IpAddr;

use crate::common::*;
use reqwest::{Method, RequestBuilder, Response};
use reweave_endpoint::{Access, Options};
use serde_json::{Value, json};

const OTHER: &str = "https://other.example";

async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// Status and code; the JSON's status is the same.
async fn judged(request: RequestBuilder) -> (u16, String) {
    let response = send(request).await;
    let status = response.status().as_u16();
    let reply: Value = response.json().await.unwrap();
    assert_eq!(reply["status"], status);
    (status, reply["error"]["code"].as_str().unwrap_or_default().to_owned())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.into())
}

fn accepted() -> (u16, String) {
    refused(200, "")
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_rate_is_429_with_the_time_to_wait() {
    let server = Server::with(|options| options.qps = Some(2)).await;
    let bad = || server.post(ALIYUN).json(&json!({}));
    let unknown = || server.get(&format!("{PICWISH}/x"));
    let large = server.post(ALIYUN).header("content-type", "application/json").body(vec![b' '; 20_000_000]);
    assert_eq!(judged(bad()).await, refused(400, "image-missing"));
    assert_eq!(judged(unknown()).await, refused(404, "unknown-task"), "polls count, and all faces together");
    let response = send(bad()).await;
    assert_eq!(response.headers()["retry-after"], "1");
    let (status, reply) = answer(response).await;
    assert_eq!((status, &reply["error"]), (429, &json!({"code": "rate", "perSecond": 2, "retryAfter": 1})));
    assert_eq!(judged(unknown()).await, refused(429, "rate"));
    assert_eq!(judged(large).await, refused(429, "rate"), "a large body does not hide the reason");
    for _ in 0..5 {
        assert_eq!(send(server.get("/healthz")).await.status(), 200);
        assert_eq!(send(server.get("/results/x.png")).await.status(), 403, "links never count");
    }
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(judged(bad()).await, refused(400, "image-missing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_key_and_behind_a_proxy_each_address_has_its_own_rate() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), "first\nsecond\n").unwrap();
    let with_keys = Server::with(|options| {
        options.keys_file = Some(keys.path().into());
        options.qps = Some(1);
    });
    let behind_proxy = Server::with(|options| {
        options.behind_proxy = true;
        options.qps = Some(1);
    });
    let cases = [
        (with_keys.await, "x-api-key", ["first", "second"]),
        (behind_proxy.await, "x-forwarded-for", ["9.9.9.9, 10.0.0.1", "9.9.9.9, 10.0.0.2"]),
    ];
    for (server, header, [first, second]) in cases {
        let ask = |who: &str| judged(server.get(&format!("{ALIYUN}/x")).header(header, who));
        assert_eq!(ask(first).await, refused(404, "unknown-task"));
        assert_eq!(ask(second).await, refused(404, "unknown-task"));
        assert_eq!(ask(first).await, refused(429, "rate"));
    }
    let guessing = Server::with(|options| {
        options.keys_file = Some(keys.path().into());
        options.qps = Some(1);
    });
    let guessing = guessing.await;
    let guess = |key: &str| judged(guessing.get(&format!("{ALIYUN}/x")).header("x-api-key", key));
    assert_eq!(guess("fist").await, refused(401, "key"));
    assert_eq!(guess("firs").await, refused(429, "rate"), "who guesses is held to the rate");
    assert_eq!(guess("first").await, refused(404, "unknown-task"), "a right key has its own");
    let direct = Server::with(|options| options.qps = Some(1)).await;
    let ask = |who: &str| judged(direct.get(&format!("{ALIYUN}/x")).header("x-forwarded-for", who));
    assert_eq!(ask("10.0.0.1").await, refused(404, "unknown-task"));
    assert_eq!(ask("10.0.0.2").await, refused(429, "rate"), "nobody's word is taken without a proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quota_of_a_day_outlives_a_restart_and_counts_what_was_accepted() {
    let server = Server::with(|options| options.quota = Some(2)).await;
    assert_eq!(judged(server.post(ALIYUN).json(&json!({}))).await, refused(400, "image-missing"));
    assert_eq!(judged(server.post(ALIYUN).json(&good())).await, accepted());
    assert_eq!(judged(server.post(PICWISH).json(&good())).await, accepted());
    let response = send(server.post(PICWISH).json(&good())).await;
    let wait: i64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&wait), "{wait}");
    let (status, reply) = answer(response).await;
    assert_eq!((status, &reply["error"]["code"], &reply["error"]["perDay"]), (429, &json!("quota"), &json!(2)));
    assert_eq!(judged(server.get(&format!("{ALIYUN}/x"))).await, refused(404, "unknown-task"), "polls are free");
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let again = server.restarted(|options| options.quota = Some(2)).await;
    assert_eq!(judged(again.post(ALIYUN).json(&good())).await, refused(429, "quota"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_new_task_is_not_counted_as_one() {
    let server = Server::with(|options| options.quota = Some(2)).await;
    let create = |key: &str| judged(server.post(ALIYUN).header("idempotency-key", key.to_owned()).json(&good()));
    for key in ["a", "a", "b"] {
        assert_eq!(create(key).await, accepted(), "{key}");
    }
    assert_eq!(create("c").await, refused(429, "quota"));
}

/// A server whose page gives sessions.
async fn with_sessions(change: impl FnOnce(&mut Options)) -> (Server, tempfile::TempDir) {
    let page = tempfile::tempdir().unwrap();
    std::fs::write(page.path().join("index.html"), "<p>a page").unwrap();
    let server = Server::with(|options| {
        options.page_dir = Some(page.path().into());
        options.require = Access::KeyOrSession;
        change(options);
    });
    (server.await, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_gives_a_session_where_one_is_needed() {
    let (server, _page) = with_sessions(|_| {}).await;
    assert_eq!(judged(server.post(ALIYUN).json(&good())).await, refused(401, "session"));
    assert_eq!(judged(server.get(&format!("{ALIYUN}/x"))).await, refused(401, "session"));
    for path in ["/", "/index.html"] {
        let page = send(server.get(path)).await;
        assert_eq!(page.headers()["cache-control"], "private, no-cache");
        let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
        let (session, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; Max-Age=86400; HttpOnly; SameSite=Strict");
        let modified = page.headers()["last-modified"].clone();
        let again = send(server.get(path).header("if-modified-since", modified)).await;
        assert_eq!((again.status().as_u16(), again.headers().contains_key("set-cookie")), (304, true));
        assert_eq!(judged(server.post(ALIYUN).header("cookie", session).json(&good())).await, accepted());
        let query = server.get(&format!("{ALIYUN}/x")).header("cookie", session);
        assert_eq!(judged(query).await, refused(404, "unknown-task"));
        let changed = format!("{session}0");
        let query = server.get(&format!("{ALIYUN}/x")).header("cookie", changed);
        assert_eq!(judged(query).await, refused(401, "session"));
    }
    let (open, _page) = with_sessions(|options| options.require = Access::Open).await;
    assert!(!send(open.get("/")).await.headers().contains_key("set-cookie"));
    let (https, _page) = with_sessions(|options| options.public_url = Some("https://h.example/".into())).await;
    assert!(send(https.get("/")).await.headers()["set-cookie"].to_str().unwrap().ends_with("; Secure"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_serves_instead_of_a_session_and_sessions_are_not_counted() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), "first\n").unwrap();
    let (server, _page) = with_sessions(|options| {
        options.keys_file = Some(keys.path().into());
        options.quota = Some(1);
    })
    .await;
    let create = || server.post(ALIYUN).json(&good());
    assert_eq!(judged(create().header("x-api-key", "wrong")).await, refused(401, "session"));
    assert_eq!(judged(create().header("x-api-key", "first")).await, accepted());
    let session = async || send(server.get("/")).await.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert_eq!(judged(create().header("cookie", session().await)).await, accepted());
    let another = session().await;
    assert_eq!(judged(create().header("cookie", another)).await, refused(429, "quota"), "one address, one client");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_name_for_this_machine_is_refused_everywhere() {
    let server = Server::with(|options| options.bound_to = Some(IpAddr::from([127, 0, 0, 1]))).await;
    for path in ["/", "/healthz", "/results/x.png", "/nothing", &format!("{ALIYUN}/x")] {
        let response = send(server.get(path).header("host", "rebound.example")).await;
        assert_eq!(response.headers()["content-security-policy"], "default-src 'none'; sandbox", "{path}");
        let (status, reply) = answer(response).await;
        assert_eq!((status, &reply["error"]["code"]), (421, &json!("host-refused")), "{path}");
    }
    let create = server.post(ALIYUN).header("host", "rebound.example").json(&good());
    assert_eq!(judged(create).await, refused(421, "host-refused"));
    assert_eq!(judged(server.post(ALIYUN).json(&good())).await, accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_pages_may_not_spend_our_time() {
    let server = Server::start().await;
    let create = |name: &str, value: &str| server.post(ALIYUN).header(name, value).json(&good());
    let query = |name: &str, value: &str| server.get(&format!("{ALIYUN}/x")).header(name, value);
    for (name, value) in
        [("origin", OTHER), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        assert_eq!(judged(create(name, value)).await, refused(403, "origin"), "{name}: {value}");
        assert_eq!(judged(query(name, value)).await, refused(403, "origin"), "{name}: {value}");
    }
    assert_eq!(judged(create("origin", &server.base)).await, accepted());
    assert_eq!(judged(create("sec-fetch-site", "same-origin")).await, accepted());
    assert_eq!(judged(query("sec-fetch-site", "none")).await, refused(404, "unknown-task"));
    let large = server.post(ALIYUN).header("origin", OTHER).body(vec![b' '; 20_000_000]);
    assert_eq!(judged(large).await, refused(403, "origin"), "a large body does not hide the reason");
}

fn preflight(server: &Server, path: &str, origin: &str) -> RequestBuilder {
    let names = "authorization,x-api-key,content-type,idempotency-key";
    let request = server.method(Method::OPTIONS, path).header("origin", origin);
    request.header("access-control-request-method", "POST").header("access-control-request-headers", names)
}

#[tokio::test(flavor = "multi_thread")]
async fn allowed_origins_may_ask_and_read() {
    let cases = [(vec![OTHER.to_owned()], OTHER, "same-origin"), (vec!["*".to_owned()], "*", "cross-origin")];
    for (allowed, answered, readers) in cases {
        let server = Server::with(|options| options.allow_origins = allowed).await;
        let response = send(preflight(&server, ALIYUN, OTHER)).await;
        let headers = response.headers();
        assert_eq!(
            (response.status().as_u16(), &headers["access-control-allow-origin"]),
            (200, &answered.parse().unwrap())
        );
        assert_eq!(headers["access-control-allow-methods"], "GET,POST");
        assert_eq!(headers["access-control-allow-headers"], "authorization,content-type,x-api-key,idempotency-key");
        assert_eq!(headers["access-control-max-age"], "600");
        assert!(!headers.contains_key("access-control-allow-credentials"));
        let create = server.post(ALIYUN).header("origin", OTHER).header("sec-fetch-site", "cross-site").json(&good());
        let response = send(create).await;
        assert_eq!(response.headers()["access-control-allow-origin"], answered);
        assert_eq!(response.headers()["access-control-expose-headers"], "retry-after");
        assert_eq!(response.headers()["cross-origin-resource-policy"], readers);
        let reply: Value = response.json().await.unwrap();
        let link = reply["data"]["image"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned();
        let result = send(server.get(&link).header("origin", OTHER)).await;
        assert_eq!(
            (result.status().as_u16(), &result.headers()["access-control-allow-origin"]),
            (200, &answered.parse().unwrap())
        );
        let bad = send(server.post(ALIYUN).header("origin", OTHER).json(&json!({}))).await;
        assert_eq!(bad.headers()["access-control-allow-origin"], answered, "refusals can be read too");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_that_are_not_allowed_may_not() {
    let server = Server::with(|options| options.allow_origins = vec![OTHER.into()]).await;
    let response = send(preflight(&server, ALIYUN, "https://third.example")).await;
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    let create = server.post(ALIYUN).header("origin", "https://third.example").json(&good());
    assert_eq!(judged(create).await, refused(403, "origin"));
    let closed = Server::start().await;
    let response = send(preflight(&closed, ALIYUN, OTHER)).await;
    assert_eq!(response.status(), 405);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_begin_with_the_public_url() {
    let server = Server::with(|options| options.public_url = Some("https://shop.example/repair/".into())).await;
    let reply = server.json(ALIYUN, &good()).await.1;
    let link = reply["data"]["image"].as_str().unwrap();
    let path = link.strip_prefix("https://shop.example/repair").unwrap_or_else(|| panic!("{link}"));
    let result = send(server.get(path)).await;
    assert_eq!(result.status(), 200);
    assert_eq!(result.headers()["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(result.headers()["cross-origin-resource-policy"], "same-origin");
    let own = server.post(ALIYUN).header("origin", "https://shop.example").json(&good());
    assert_eq!(judged(own).await, accepted());
}
