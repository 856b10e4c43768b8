//! What was sent is not sent again: a restart goes on asking.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_polling_the_same_task() {
    let ready = Arc::new(AtomicBool::new(false));
    let told = ready.clone();
    let fake = Fake::tasks(move |_| {
        if told.load(Ordering::SeqCst) { done() } else { json!({ "task_id": "t-1", "state": 4, "progress": 10 }) }
    })
    .await;
    let change = relaying(format!("custom+{}/x", fake.base), json!({}));
    let relay = Server::with(&change).await;
    let (_, reply) = relay.json(PICWISH, &good()).await;
    fake.wait_for(Method::GET, 2).await;
    let relay = relay.restarted(&change).await;
    let before = fake.seen(&Method::GET).len();
    fake.wait_for(Method::GET, before + 2).await;
    ready.store(true, Ordering::SeqCst);
    let end = relay.end_of(PICWISH, &reply).await;
    assert_eq!((state(&end), relay.file_of(&end).await), (1, repaired()));
    assert_eq!(fake.creates(), 1);
    assert!(fake.seen(&Method::GET).iter().all(|seen| seen.path == "/x/t-1"));
}

/// A restart in the middle of a create: the end, and the creates that the upstream saw.
async fn restarted_while_sending(profile: &str) -> (Value, Vec<Seen>) {
    let fake = Fake::start(|seen| async move {
        match (seen.method, seen.nth) {
            (Method::POST, 0) => std::future::pending().await,
            (Method::POST, _) => envelope(json!({ "task_id": "t-1" })),
            _ => envelope(done()),
        }
    })
    .await;
    let change = relaying(format!("{profile}+{}/x", fake.base), json!({}));
    let relay = Server::with(&change).await;
    let (_, reply) = relay.json(PICWISH, &good()).await;
    fake.wait_for(Method::POST, 1).await;
    let relay = relay.restarted(&change).await;
    (relay.end_of(PICWISH, &reply).await, fake.seen(&Method::POST))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_begun_is_not_paid_twice() {
    let (end, creates) = restarted_while_sending("custom").await;
    assert_eq!((state(&end), creates.len()), (-1, 1), "{end}");
    assert!(detail(&end).contains("cost twice"), "{end}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_upstream_knows_by_its_key_is_sent_again() {
    let (end, creates) = restarted_while_sending("server").await;
    assert_eq!((state(&end), creates.len()), (1, 2), "{end}");
    assert_eq!(creates[0].headers["idempotency-key"], creates[1].headers["idempotency-key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_accepted_is_sent_after_a_restart() {
    let fake = Fake::start(|seen| async move {
        match (seen.method, seen.nth) {
            (Method::POST, 0) => ([("retry-after", "30")], refused(429, "later")).into_response(),
            (Method::POST, _) => envelope(json!({ "task_id": "t-1" })),
            _ => envelope(done()),
        }
    })
    .await;
    let change = relaying(format!("custom+{}/x", fake.base), json!({}));
    let relay = Server::with(&change).await;
    let (_, reply) = relay.json(PICWISH, &good()).await;
    fake.wait_for(Method::POST, 1).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let relay = relay.restarted(&change).await;
    assert_eq!(state(&relay.end_of(PICWISH, &reply).await), 1);
    assert_eq!(fake.creates(), 2);
}
