//! The upstream's rate over all clients, and fairness among them.

use super::*;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_of_the_account_is_kept_over_all_tasks() {
    let fake = Fake::tasks(|nth| if nth % 2 == 0 { json!({ "task_id": "t-1", "state": 4 }) } else { done() }).await;
    let relay = relay(format!("custom+{}/x", fake.base), json!({ "perSecond": 4 })).await;
    let mut replies = Vec::new();
    for _ in 0..5 {
        replies.push(relay.json(PICWISH, &good()).await.1);
    }
    for reply in &replies {
        assert_eq!(state(&relay.end_of(PICWISH, reply).await), 1);
    }
    let times: Vec<_> = fake.seen.lock().unwrap().iter().map(|seen| seen.at).collect();
    assert!(times.len() >= 12, "{}", times.len());
    for window in times.windows(5) {
        // How evenly requests arrive is the machine's affair, within bounds.
        assert!(window[4] - window[0] > Duration::from_millis(900), "five within {:?}", window[4] - window[0]);
    }
    let whole = *times.last().unwrap() - times[0];
    assert!(whole < Duration::from_millis(400 * times.len() as u64), "{whole:?} for {} requests", times.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_does_not_hold_up_another() {
    let fake = Fake::tasks(|_| done()).await;
    let change = relaying(format!("custom+{}/x", fake.base), json!({ "perSecond": 4 }));
    let relay = Server::with(|options| {
        change(options);
        let keys = options.data_dir.join("keys");
        std::fs::write(&keys, "ada\nbob\n").unwrap();
        options.keys_file = Some(keys);
    })
    .await;
    let create = async |key: &str, rectangle: &str| {
        let rectangles = format!(r#"[{{"x":{rectangle},"y":4,"width":30,"height":20}}]"#);
        let body = good_but(json!({ "rectangles": rectangles }));
        answer(relay.post(PICWISH).header("x-api-key", key).json(&body).send().await.unwrap()).await
    };
    for _ in 0..16 {
        assert_eq!(create("ada", "1").await.0, 200);
    }
    // All of them wait in line, prepared.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = fake.creates();
    assert_eq!(create("bob", "77").await.0, 200);
    fake.wait_for(Method::POST, before + 3).await;
    let bodies = fake.seen(&Method::POST);
    let index = bodies.iter().position(|seen| seen.body.windows(4).any(|text| text == b":77,"));
    assert!(index.is_some_and(|index| index <= before + 2), "{index:?}, {before} had gone before it");
}
