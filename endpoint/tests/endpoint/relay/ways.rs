//! A picture goes to the upstream in each way and comes back.

use super::*;

/// An endpoint of ours that wants the key.
async fn upstream() -> Server {
    Server::with(|options| {
        let keys = options.data_dir.join("keys");
        std::fs::write(&keys, KEY).unwrap();
        options.keys_file = Some(keys);
        options.allow_private_urls = true;
    })
    .await
}

async fn assert_relays(relay: &Server) {
    let mask = strokes();
    let masked = json!({ "rectangles": null, "mask_base64": base64(&mask_file(&mask)) });
    let (status, reply) = relay.json(ALIYUN, &good()).await;
    assert_eq!(status, 200, "{reply}");
    relay.assert_repaired(&reply, &small(), &one_rectangle()).await;
    assert!(reply["data"]["image"].as_str().unwrap().starts_with(&format!("{}/results/", relay.base)), "{reply}");
    let (_, reply) = relay.json(PICWISH, &good_but(masked)).await;
    let end = relay.end_of(PICWISH, &reply).await;
    relay.assert_repaired(&end, &small(), &mask).await;
    relay.tidied().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_in_every_form_of_body() {
    let upstream = upstream().await;
    let at = |profile: &str, path: &str| format!("{profile}+{}{path}", upstream.base);
    assert_relays(&relay(at("server", PICWISH), json!({})).await).await;
    for body in ["json", "form", "multipart"] {
        assert_relays(&relay(at("custom", ALIYUN), json!({ "body": body })).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_where_nothing_else_is_taken() {
    let upstream = upstream().await;
    let listener = listener().await;
    let public_url = format!("http://{}/", listener.local_addr().unwrap());
    let change = relaying(format!("aliyun+{}{ALIYUN}", upstream.base), json!({}));
    let relay = Server::listening(listener, |options| {
        change(options);
        options.public_url = Some(public_url);
    });
    assert_relays(&relay.await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_for_the_upstream_are_signed_and_end_with_the_task() {
    let fake = Fake::tasks(|_| json!({ "task_id": "t-1", "state": 4 })).await;
    let listener = listener().await;
    let public_url = format!("http://{}", listener.local_addr().unwrap());
    let change = relaying(format!("aliyun+{}/x", fake.base), json!({ "timing": { "processing": 2_000 } }));
    let relay = Server::listening(listener, |options| {
        change(options);
        options.public_url = Some(public_url);
    })
    .await;
    let (_, reply) = relay.json(PICWISH, &good()).await;
    fake.wait_for(Method::GET, 1).await;
    let create = &fake.seen(&Method::POST)[0];
    assert_eq!(create.headers["authorization"], "APPCODE s3cret");
    let fields: std::collections::HashMap<_, _> = form_urlencoded::parse(&create.body).into_owned().collect();
    let link = &fields["image_url"];
    assert!(link.starts_with(&format!("{}/inputs/", relay.base)) && link.contains("/image.png?"), "{link}");
    let response = relay.get(link).send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
    for changed in [link.replace("image.png", "mask.png"), link.replace("signature=", "signature=0")] {
        assert_eq!(relay.get(&changed).send().await.unwrap().status(), 403, "{changed}");
    }
    let described: Value = relay.get("/openapi.json").send().await.unwrap().json().await.unwrap();
    assert!(described["paths"]["/inputs/{id}/{name}"]["get"].is_object());
    assert_eq!(state(&relay.end_of(PICWISH, &reply).await), -8);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(relay.get(link).send().await.unwrap().status(), 404);
    let own = Server::start().await;
    assert_eq!(own.get(&link.replace(&relay.base, &own.base)).send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_the_picture() {
    let fake = Fake::start(|_| async { ([("content-type", "image/png")], repaired()).into_response() }).await;
    let relay = relay(format!("iopaint+{}/api/v1/inpaint", fake.base), json!({})).await;
    let (_, reply) = relay.json(ALIYUN, &good_but(json!({ "return_type": 2 }))).await;
    assert_eq!(state(&reply), 1, "{reply}");
    assert_eq!(relay.file_of(&reply).await, repaired());
    let sent: Value = serde_json::from_slice(&fake.seen(&Method::POST)[0].body).unwrap();
    assert!(sent["image"].is_string() && sent["mask"].is_string(), "rectangles go as a mask");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_and_the_kind_of_the_result_are_passed_on() {
    let (file, _) = jpeg(&small());
    let image = base64(&file);
    let fake = Fake::tasks(move |nth| match nth {
        0..20 => json!({ "task_id": "t-1", "state": 4, "progress": 50 }),
        _ => json!({ "task_id": "t-1", "state": 1, "image": image }),
    })
    .await;
    let relay = relay(format!("custom+{}/x", fake.base), json!({})).await;
    let (_, reply) = relay.json(PICWISH, &good()).await;
    fake.wait_for(Method::GET, 3).await;
    let id = reply["data"]["task_id"].as_str().unwrap();
    let (_, polled) = answer(relay.get(&format!("{PICWISH}/{id}")).send().await.unwrap()).await;
    assert_eq!((state(&polled), &polled["data"]["progress"]), (4, &json!(48)), "half of 94 and 1");
    let end = relay.end_of(PICWISH, &reply).await;
    let response = relay.get(end["data"]["image"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/jpeg");
    assert_eq!(response.bytes().await.unwrap(), file);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_pages_and_other_names_spend_nothing() {
    let fake = Fake::tasks(|_| done()).await;
    for bound_to in [Some([127, 0, 0, 1]), Some([0, 0, 0, 0]), None] {
        let change = relaying(format!("custom+{}/x", fake.base), json!({}));
        let relay = Server::with(|options| {
            change(options);
            options.bound_to = bound_to.map(Into::into);
            options.allow_hosts = vec!["relay.example".into()];
        })
        .await;
        let create = || relay.post(ALIYUN).json(&good());
        let refused = [
            (create().header("host", "rebound.example"), 421, "host-refused"),
            (create().header("origin", "https://evil.example"), 403, "origin"),
            (create().header("sec-fetch-site", "cross-site"), 403, "origin"),
        ];
        for (request, status, code) in refused {
            let (answered, reply) = answer(request.send().await.unwrap()).await;
            assert_eq!((answered, &reply["error"]["code"]), (status, &json!(code)), "{bound_to:?}");
        }
        let (status, reply) = answer(create().header("host", "relay.example").send().await.unwrap()).await;
        let expected = if bound_to == Some([127, 0, 0, 1]) { 200 } else { 401 };
        assert_eq!(status, expected, "who spends money from elsewhere has a key or a session: {reply}");
    }
    assert_eq!(fake.creates(), 1);
}
