//! The served description: real answers are as it says, every route is in it, and nothing else.

use std::collections::BTreeSet;

use crate::common::*;
use reqwest::{Method, RequestBuilder, StatusCode};
use reweave_endpoint::Access;
use serde_json::{Value, json};

async fn document(server: &Server) -> Value {
    server.get("/openapi.json").send().await.unwrap().json().await.unwrap()
}

/// The description of what an operation answers with a status.
fn described<'a>(document: &'a Value, path: &str, method: &str, status: u16) -> &'a Value {
    let answer = &document["paths"][path][method]["responses"][status.to_string()];
    assert!(answer.is_object(), "{method} {path} does not say that it answers {status}");
    answer
}

/// Sends a request and judges the answer by the description.
async fn judged(document: &Value, path: &str, request: RequestBuilder) -> (u16, Value) {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let method = request.method().as_str().to_lowercase();
    let response = client.execute(request).await.unwrap();
    let status = response.status().as_u16();
    let answer = described(document, path, &method, status);
    let waits = answer["headers"]["Retry-After"].is_object();
    assert_eq!(response.headers().contains_key("retry-after"), waits, "{path} {status}");
    let mime = response.headers()["content-type"].to_str().unwrap().to_owned();
    let content = &answer["content"][&mime];
    assert!(content.is_object(), "{path} {status} is {mime}");
    let body = response.bytes().await.unwrap();
    if mime != "application/json" {
        return (status, Value::Null);
    }
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(errors(document, &content["schema"], &body), Vec::<String>::new(), "{path} {status}: {body}");
    (status, body)
}

fn errors(document: &Value, schema: &Value, body: &Value) -> Vec<String> {
    let root = json!({ "allOf": [schema], "components": document["components"] });
    let validator = jsonschema::validator_for(&root).unwrap();
    validator.iter_errors(body).map(|error| error.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_as_described() {
    let server = Server::start().await;
    let document = document(&server).await;
    for path in [ALIYUN, PICWISH, PICWISH_OLD] {
        let query_path = format!("{path}/{{task_id}}");
        for changes in [json!({"sync": 1}), json!({"sync": 0}), json!({"sync": 1, "return_type": 2})] {
            let (status, reply) = judged(&document, path, server.post(path).json(&good_but(changes))).await;
            assert_eq!(status, 200);
            server.end_of(path, &reply).await;
            let id = reply["data"]["task_id"].as_str().unwrap();
            let (_, end) = judged(&document, &query_path, server.get(&format!("{path}/{id}"))).await;
            assert_eq!(state(&end), 1);
        }
        let gif = good_but(json!({ "image_base64": base64(b"GIF89a"), "sync": 1 }));
        assert_eq!(state(&judged(&document, path, server.post(path).json(&gif)).await.1), -7);
        let large = server.post(path).header("content-type", "application/json").body(vec![b' '; 50_400_000]);
        for (request, expected) in [
            (server.post(path).json(&json!({})), 400),
            (server.post(path).header("origin", "http://other.example").json(&good()), 403),
            (large, 413),
        ] {
            assert_eq!(judged(&document, path, request).await.0, expected);
        }
        assert_eq!(judged(&document, &query_path, server.get(&format!("{path}/x"))).await.0, 404);
    }
    let (_, reply) = server.json(ALIYUN, &good()).await;
    let link = reply["data"]["image"].as_str().unwrap();
    assert_eq!(judged(&document, "/results/{name}", server.get(link)).await.0, 200);
    assert_eq!(judged(&document, "/results/{name}", server.get(&format!("{link}0"))).await.0, 403);
    assert_eq!(judged(&document, "/healthz", server.get("/healthz")).await.0, 200);
    assert_eq!(judged(&document, "/openapi.json", server.get("/openapi.json")).await.0, 200);
    let id = server.json(ALIYUN, &good_but(json!({ "return_type": 2 }))).await.1["data"]["task_id"].clone();
    std::fs::remove_dir_all(server.data.path().join("results")).unwrap();
    let lost = server.get(&format!("{ALIYUN}/{}", id.as_str().unwrap()));
    assert_eq!(judged(&document, &format!("{ALIYUN}/{{task_id}}"), lost).await.0, 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_at_the_door_are_as_described() {
    let page = tempfile::tempdir().unwrap();
    std::fs::write(page.path().join("index.html"), "<p>a page").unwrap();
    let closed = Server::with(|options| {
        options.page_dir = Some(page.path().into());
        options.require = Access::KeyOrSession;
        options.bound_to = Some([127, 0, 0, 1].into());
    });
    let limited = Server::with(|options| options.qps = Some(1)).await;
    let spent = Server::with(|options| options.quota = Some(0)).await;
    let closed = closed.await;
    let document = document(&closed).await;
    let query = format!("{PICWISH}/{{task_id}}");
    let get = |server: &Server| server.get(&format!("{PICWISH}/x"));
    assert_eq!(judged(&document, ALIYUN, closed.post(ALIYUN).json(&good())).await.0, 401);
    assert_eq!(judged(&document, &query, get(&closed)).await.0, 401);
    for (path, at) in [(&*query, format!("{PICWISH}/x")), ("/healthz", "/healthz".into())] {
        assert_eq!(judged(&document, path, closed.get(&at).header("host", "other.example")).await.0, 421);
    }
    assert_eq!(judged(&document, &query, get(&limited)).await.0, 404);
    assert_eq!(judged(&document, &query, get(&limited)).await.0, 429);
    assert_eq!(judged(&document, ALIYUN, limited.post(ALIYUN).json(&good())).await.0, 429);
    assert_eq!(judged(&document, ALIYUN, spent.post(ALIYUN).json(&good())).await.0, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_described_and_nothing_else() {
    let server = Server::start().await;
    let document = document(&server).await;
    let mut expected = BTreeSet::from(["/healthz", "/openapi.json", "/results/{name}"].map(String::from));
    for path in [ALIYUN, PICWISH, PICWISH_OLD] {
        expected.extend([path.to_owned(), format!("{path}/{{task_id}}")]);
    }
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().cloned().collect::<BTreeSet<_>>(), expected);
    let mut ids = BTreeSet::new();
    for (path, item) in paths {
        let at = path.replace("{task_id}", "x").replace("{name}", "x.png");
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let operation = &item[method.as_str().to_lowercase()];
            let status = server.method(method.clone(), &at).send().await.unwrap().status();
            assert_eq!(status == StatusCode::METHOD_NOT_ALLOWED, operation.is_null(), "{method} {path}: {status}");
            if let Some(id) = operation["operationId"].as_str() {
                assert!(ids.insert(id.to_owned()), "{id} twice");
                described(&document, path, method.as_str().to_lowercase().as_str(), 405);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_keys_and_limits_are_described() {
    let document = document(&Server::start().await).await;
    for path in [ALIYUN, PICWISH, PICWISH_OLD] {
        let create = &document["paths"][path]["post"];
        let content = &create["requestBody"]["content"];
        for (form, file) in
            [("application/json", false), ("multipart/form-data", true), ("application/x-www-form-urlencoded", false)]
        {
            let schema = &content[form]["schema"];
            let fields = schema["properties"].as_object().unwrap();
            assert_eq!((fields.len(), fields.contains_key("image_file")), (if file { 9 } else { 7 }, file), "{form}");
            assert_eq!(errors(&document, schema, &good()), Vec::<String>::new());
            for wrong in [json!({"sync": 2}), json!({"image_url": "h".repeat(513)}), json!({"rectangles": 3})] {
                assert_eq!(errors(&document, schema, &wrong).len(), 1, "{form}: {wrong}");
            }
        }
        for status in [200, 400, 401, 403, 405, 408, 413, 421, 429, 500, 503] {
            described(&document, path, "post", status);
        }
        assert_eq!(create["security"].as_array().unwrap().len(), 4);
    }
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    let headers = schemes.values().filter(|scheme| scheme["in"] == "header").map(|scheme| &scheme["name"]);
    assert_eq!(headers.collect::<Vec<_>>(), ["Authorization", "X-API-KEY"]);
    let codes = document["components"]["schemas"]["ErrorCode"]["enum"].as_array().unwrap();
    for code in ["rate", "quota", "origin", "host-refused", "body-encoding", "coverage", "rectangle-outside"] {
        assert!(codes.contains(&json!(code)), "{code}");
    }
}
