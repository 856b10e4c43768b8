//! `Idempotency-Key`: a create call that comes twice makes one task.

use std::net::IpAddr;
use std::time::Duration;

use crate::common::*;
use reqwest::Client;
use serde_json::{Value, json};

async fn create(server: &Server, client: &Client, key: &str, body: &Value) -> (u16, Value) {
    let request = client.post(server.at(PICWISH)).header("idempotency-key", key).json(body);
    answer(request.send().await.unwrap()).await
}

fn id_of(reply: &Value) -> String {
    reply["data"]["task_id"].as_str().unwrap_or_else(|| panic!("a task id in {reply}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_is_the_same_task() {
    let server = Server::start().await;
    let client = client();
    let (_, first) = create(&server, &client, "order-1", &good()).await;
    let waits = good_but(json!({ "sync": 1 }));
    let (status, again) = create(&server, &client, "order-1", &waits).await;
    assert_eq!((status, state(&again), id_of(&again)), (200, 1, id_of(&first)));
    server.assert_repaired(&again, &small(), &one_rectangle()).await;
    let (_, ended) = create(&server, &client, "order-1", &good()).await;
    assert_eq!((state(&ended), id_of(&ended)), (1, id_of(&first)), "after its end too");
    let (_, other) = create(&server, &client, "order-2", &waits).await;
    assert_ne!(id_of(&other), id_of(&first));
    let (_, none) = server.json(PICWISH, &waits).await;
    assert_ne!(id_of(&none), id_of(&first));
    assert_eq!(server.names("results").len(), 3, "no second work");
    let server = server.restarted(|_| {}).await;
    assert_eq!(id_of(&create(&server, &client, "order-1", &good()).await.1), id_of(&first), "after a restart too");
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_at_once_make_one_task() {
    let server = std::sync::Arc::new(Server::start().await);
    let requests: Vec<_> = (0..8)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move { create(&server, &client(), "race", &good_but(json!({ "sync": 1 }))).await.1 })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for request in requests {
        let reply = request.await.unwrap();
        assert_eq!(state(&reply), 1, "{reply}");
        ids.insert(id_of(&reply));
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(server.names("results").len(), 1);
    server.tidied().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_its_clients_own() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), "one\ntwo\n").unwrap();
    let server = Server::with(|options| options.keys_file = Some(keys.path().into())).await;
    let as_client = async |credential: &str| {
        let request = server.post(PICWISH).header("x-api-key", credential).header("idempotency-key", "k").json(&good());
        id_of(&answer(request.send().await.unwrap()).await.1)
    };
    let (one, two) = (as_client("one").await, as_client("two").await);
    assert_ne!(one, two);
    assert_eq!(as_client("one").await, one);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn without_keys_a_client_is_its_address() {
    let server = Server::start().await;
    let from = |address: &str| {
        let address: IpAddr = address.parse().unwrap();
        Client::builder().no_proxy().local_address(address).build().unwrap()
    };
    let here = id_of(&create(&server, &from("127.0.0.1"), "k", &good()).await.1);
    assert_ne!(id_of(&create(&server, &from("127.0.0.2"), "k", &good()).await.1), here);
    assert_eq!(id_of(&create(&server, &from("127.0.0.1"), "k", &good()).await.1), here, "by another connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_lives_as_long_as_its_task() {
    let server = Server::with(|options| options.keep = Duration::from_secs(1)).await;
    let client = client();
    let (_, first) = create(&server, &client, "k", &good_but(json!({ "sync": 1 }))).await;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if id_of(&create(&server, &client, "k", &good()).await.1) != id_of(&first) {
            return;
        }
    }
    panic!("a key outlives its task");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_key_is_refused_and_a_refusal_uses_none_up() {
    let server = Server::start().await;
    let client = client();
    for key in ["", "a b", &"k".repeat(256)] {
        let (status, reply) = create(&server, &client, key, &good()).await;
        assert_eq!((status, &reply["error"]), (400, &json!({"code": "idempotency-key", "max": 255})), "{key}");
    }
    let (status, _) = create(&server, &client, "k", &good_but(json!({ "rectangles": "[]" }))).await;
    assert_eq!(status, 400);
    let longest = "k".repeat(255);
    for key in ["k", "~!", &longest] {
        assert_eq!(state(&create(&server, &client, key, &good_but(json!({ "sync": 1 }))).await.1), 1, "{key}");
    }
}
