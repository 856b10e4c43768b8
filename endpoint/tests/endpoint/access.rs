//! Who may ask: keys where they are configured, and result links.

use std::time::Duration;

use crate::common::*;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_needed_where_keys_are_configured() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), "# for the shop\nfirst-key\n\nsecond-key\n").unwrap();
    let server = Server::with(|options| options.keys_file = Some(keys.path().into())).await;
    let body = good_but(json!({ "sync": 1 }));
    let mut ids = Vec::new();
    for (header, value) in [
        ("authorization", "APPCODE first-key"),
        ("authorization", "Bearer second-key"),
        ("x-api-key", "first-key"),
        ("X-API-KEY", "second-key"),
    ] {
        for path in [ALIYUN, PICWISH] {
            let response = server.post(path).header(header, value).json(&body).send().await.unwrap();
            let (status, reply) = answer(response).await;
            assert_eq!((status, state(&reply)), (200, 1), "{header}: {value}");
            ids.push(format!("{path}/{}", reply["data"]["task_id"].as_str().unwrap()));
        }
    }
    for (header, value) in [
        ("authorization", "APPCODE wrong"),
        ("authorization", "first-key"),
        ("authorization", "Basic first-key"),
        ("authorization", "APPCODE # for the shop"),
        ("authorization", "APPCODE "),
        ("x-api-key", ""),
        ("x-api-key", "first-key2"),
        ("x-something", "first-key"),
    ] {
        for request in [server.post(ALIYUN).json(&body), server.post(PICWISH).json(&body), server.get(&ids[0])] {
            let response = request.header(header, value).send().await.unwrap();
            assert_eq!(response.headers()["www-authenticate"], "Bearer");
            let (status, reply) = answer(response).await;
            assert_eq!((status, &reply["error"]["code"]), (401, &json!("key")), "{header}: {value}");
        }
    }
    let large = server.post(ALIYUN).header("content-type", "application/json").body(vec![b' '; 20_000_000]);
    assert_eq!(answer(large.send().await.unwrap()).await.0, 401, "a large body does not hide the reason");
    let known = server.get(&ids[0]).header("x-api-key", "first-key").send().await.unwrap();
    let (_, reply) = answer(known).await;
    assert_eq!(state(&reply), 1);
    assert!(!server.file_of(&reply).await.is_empty(), "a signed link needs no key");
    assert_eq!(server.get("/healthz").send().await.unwrap().status(), 200);
}

async fn link_of(server: &Server) -> String {
    let (_, reply) = server.json(ALIYUN, &good()).await;
    reply["data"]["image"].as_str().unwrap().to_owned()
}

async fn assert_denied(server: &Server, link: &str, message: &str) {
    let response = server.get(link).send().await.unwrap();
    assert_eq!(response.status(), 403, "{link}");
    assert_eq!(response.headers()["content-type"], "application/xml");
    let body = response.text().await.unwrap();
    let expected = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
    assert!(body.contains(&expected), "{link}: {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_delivers_a_png_that_no_cache_keeps() {
    let server = Server::start().await;
    let link = link_of(&server).await;
    let response = server.get(&link).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let length: usize = response.headers()["content-length"].to_str().unwrap().parse().unwrap();
    assert_eq!(response.bytes().await.unwrap().len(), length);
    let head = server.method(reqwest::Method::HEAD, &link).send().await.unwrap();
    assert_eq!(
        (head.status().as_u16(), head.headers()["content-length"].to_str().unwrap()),
        (200, &*length.to_string())
    );
    let (_, reply) = server.json(ALIYUN, &good()).await;
    let id = reply["data"]["task_id"].as_str().unwrap();
    let (_, again) = answer(server.get(&format!("{ALIYUN}/{id}")).send().await.unwrap()).await;
    assert_eq!(again["data"]["image"], reply["data"]["image"], "the same link each time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_link_is_denied() {
    const NO_RIGHT: &str = "You have no right to access this object.";
    let server = Server::start().await;
    let (link, other) = (link_of(&server).await, link_of(&server).await);
    let (path, query) = link.split_once('?').unwrap();
    let (expires, signature) = query.split_once('&').unwrap();
    let seconds: i64 = expires.strip_prefix("expires=").unwrap().parse().unwrap();
    let last = if link.ends_with('0') { '1' } else { '0' };
    for changed in [
        path.to_owned(),
        format!("{path}?{expires}"),
        format!("{path}?{signature}"),
        format!("{path}?expires={}&{signature}", seconds + 1),
        format!("{path}?expires=x&{signature}"),
        format!("{path}?{expires}&{}{last}", &signature[..signature.len() - 1]),
        format!("{path}?{expires}&signature="),
        format!("{path}?{expires}&signature={}", "é".repeat(32)),
        link.replace('&', "\\u0026"),
        link.replace('&', "&amp;"),
        format!("{}?{query}", other.split_once('?').unwrap().0),
        format!("{}?{query}", path.replace(".png", "")),
        format!("{}/results/..%2f..%2flink-secret?{query}", server.base),
        format!("{}/results/%ff.png?{query}", server.base),
    ] {
        assert_denied(&server, &changed, NO_RIGHT).await;
    }
    assert_eq!(server.get(&link).send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_tasks_and_files_live_for_their_time() {
    let server = Server::with(|options| options.keep = Duration::from_secs(2)).await;
    let (_, reply) = server.json(ALIYUN, &good()).await;
    let link = reply["data"]["image"].as_str().unwrap().to_owned();
    let task = format!("{ALIYUN}/{}", reply["data"]["task_id"].as_str().unwrap());
    assert_eq!(server.get(&link).send().await.unwrap().status(), 200);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_denied(&server, &link, "Request has expired.").await;
    assert_eq!(answer(server.get(&task).send().await.unwrap()).await.0, 404);
    assert_eq!(server.names("results"), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_the_host_that_was_asked() {
    let server = Server::start().await;
    let create = async |host: &str| {
        let response = server.post(ALIYUN).header("host", host).json(&good()).send().await.unwrap();
        let (status, reply) = answer(response).await;
        (status, reply["data"]["image"].as_str().map(ToOwned::to_owned))
    };
    for host in ["pictures.example", "pictures.example:8080", "[::1]:8080", "10.1.2.3"] {
        let (status, link) = create(host).await;
        assert_eq!(status, 200);
        assert!(link.unwrap().starts_with(&format!("http://{host}/results/")));
    }
    for host in
        ["h.example/evil", "user@h.example", "h.example?a", "h.example#a", "h example", "h.example:x", "\"h\"", ""]
    {
        assert_eq!(create(host).await, (400, None), "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_the_links_good() {
    let server = Server::start().await;
    let link = link_of(&server).await;
    let path = link.strip_prefix(&server.base).unwrap().to_owned();
    let again = server.restarted(|_| {}).await;
    assert_eq!(again.get(&path).send().await.unwrap().status(), 200);
}
