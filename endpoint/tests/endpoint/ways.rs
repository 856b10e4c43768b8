//! Every way in and out that the contract has: three body forms, files, base64 and addresses,
//! masks and rectangles, waiting and polling, links and base64. In each the delivered picture
//! differs from the sent one inside the region and nowhere else.

use crate::common::*;
use axum::Router;
use axum::routing::get;
use reqwest::multipart::Form;
use reweave::picture::{Limits, Picture, Samples};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn json_with_base64_waits_on_the_aliyun_face() {
    let server = Server::start().await;
    let (status, reply) = server.json(ALIYUN, &good()).await;
    assert_eq!((status, reply["message"].as_str()), (200, Some("success")));
    server.assert_repaired(&reply, &small(), &one_rectangle()).await;
    let data = &reply["data"];
    assert_eq!(data["return_type"], 1);
    let times = ["created_at", "processed_at", "completed_at"].map(|name| data[name].as_i64().unwrap());
    assert!(times.is_sorted() && times[0] > 1_700_000_000, "{times:?}");
    let link = data["image"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/results/", server.base)), "{link}");
    assert!(link.contains(&format!(".png?expires={}&signature=", times[2] + 3600)), "{link}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_picwish_paths_answer_with_a_task_id_only() {
    let server = Server::start().await;
    for path in [PICWISH, PICWISH_OLD] {
        let (status, reply) = server.json(path, &good()).await;
        let id = reply["data"]["task_id"].as_str().unwrap();
        assert!(uuid::Uuid::parse_str(id).is_ok());
        assert_eq!((status, &reply), (200, &json!({"status": 200, "message": "success", "data": {"task_id": id}})));
        let end = server.end_of(path, &reply).await;
        assert_eq!(end["data"]["task_id"], id);
        server.assert_repaired(&end, &small(), &one_rectangle()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_decides_over_the_face_as_number_and_as_string() {
    let server = Server::start().await;
    for sync in [json!(1), json!("1"), json!(1.0)] {
        let (_, reply) = server.json(PICWISH, &good_but(json!({ "sync": sync }))).await;
        assert_eq!(state(&reply), 1, "{sync}");
    }
    for sync in [json!(0), json!("0")] {
        let (_, reply) = server.json(ALIYUN, &good_but(json!({ "sync": sync }))).await;
        assert!(reply["data"].get("state").is_none(), "{sync}: {reply}");
        assert_eq!(state(&server.end_of(ALIYUN, &reply).await), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn return_type_2_is_bare_base64() {
    let server = Server::start().await;
    for return_type in [json!(2), json!("2")] {
        let (_, reply) = server.json(ALIYUN, &good_but(json!({ "return_type": return_type }))).await;
        let image = reply["data"]["image"].as_str().unwrap();
        assert!(image.starts_with("iVBORw0KGgo"), "{}", &image[..20]);
        assert_eq!(reply["data"]["return_type"], 2);
        server.assert_repaired(&reply, &small(), &one_rectangle()).await;
    }
    let (_, reply) = server.json(PICWISH, &good_but(json!({ "return_type": 2 }))).await;
    let end = server.end_of(PICWISH, &reply).await;
    server.assert_repaired(&end, &small(), &one_rectangle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn multipart_with_files() {
    let server = Server::start().await;
    let (file, sent) = jpeg(&small());
    let mask = strokes();
    for (path, sync) in [(ALIYUN, "1"), (PICWISH, "0"), (PICWISH_OLD, "1")] {
        let form = Form::new()
            .part("image_file", file_part(file.clone()))
            .part("mask_file", file_part(mask_file(&mask)))
            .part("mask_url", file_part(Vec::new()).file_name(""))
            .text("sync", sync)
            .text("return_type", "1")
            .text("something_else", "passed over");
        let (status, reply) = server.multipart(path, form).await;
        assert_eq!(status, 200, "{reply}");
        let end = server.end_of(path, &reply).await;
        server.assert_repaired(&end, &sent, &mask).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_addresses() {
    let server = Server::with(|options| options.allow_private_urls = true).await;
    let (picture, mask) = (png(&small()), mask_file(&strokes()));
    let files = Router::new()
        .route("/a%20picture.png", get(move || async move { picture }))
        .route("/mask", get(move || async move { mask }));
    let base = serve(files).await;
    let (image_url, mask_url) = (format!("{base}/a%20picture.png?a=1&b=2"), format!("{base}/mask"));
    let (status, reply) = server.form(ALIYUN, &[("image_url", &image_url), ("mask_url", &mask_url)]).await;
    assert_eq!(status, 200, "{reply}");
    server.assert_repaired(&reply, &small(), &strokes()).await;
    let fields = [("image_url", image_url.as_str()), ("rectangles", ONE_RECTANGLE), ("mask_url", "")];
    let (_, reply) = server.form(PICWISH, &fields).await;
    let end = server.end_of(PICWISH, &reply).await;
    server.assert_repaired(&end, &small(), &one_rectangle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_base64() {
    let server = Server::start().await;
    let (image, mask) = (base64(&png(&small())), base64(&mask_file(&strokes())));
    let fields = [("image_base64", image.as_str()), ("mask_base64", &mask), ("return_type", "2")];
    let (_, reply) = server.form(ALIYUN, &fields).await;
    server.assert_repaired(&reply, &small(), &strokes()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn base64_with_a_data_prefix_and_rectangles_as_a_list() {
    let server = Server::start().await;
    let rectangles: Value = serde_json::from_str(ONE_RECTANGLE).unwrap();
    let image = format!("data:image/png;base64,{}", base64(&png(&small())));
    let body = good_but(json!({ "image_base64": image, "rectangles": rectangles }));
    let (_, reply) = server.json(ALIYUN, &body).await;
    server.assert_repaired(&reply, &small(), &one_rectangle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mask_wins_over_rectangles_on_the_aliyun_face() {
    let server = Server::start().await;
    let mask = base64(&mask_file(&strokes()));
    for rectangles in [ONE_RECTANGLE, "[{\"x\":-1}]"] {
        let body = good_but(json!({ "mask_base64": mask, "rectangles": rectangles }));
        let (_, reply) = server.json(ALIYUN, &body).await;
        server.assert_repaired(&reply, &small(), &strokes()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grey_mask_is_cut_at_128() {
    let server = Server::start().await;
    let size = small().size();
    let marked = one_rectangle().to_luma();
    let grey = marked.iter().map(|value| if *value == 255 { 128 } else { 127 }).collect();
    let file = png(&Picture::from_samples(size, 1, Samples::U8(grey)).unwrap());
    let body = good_but(json!({ "mask_base64": base64(&file), "rectangles": null }));
    let (_, reply) = server.json(ALIYUN, &body).await;
    server.assert_repaired(&reply, &small(), &one_rectangle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_bits_and_alpha_stay() {
    let server = Server::start().await;
    let size = small().size();
    let samples = (0..size.area() as u32 * 4).map(|i| (i.wrapping_mul(2_654_435_761) >> 16) as u16).collect();
    let picture = Picture::from_samples(size, 4, Samples::U16(samples)).unwrap();
    let (_, reply) = server.json(ALIYUN, &good_but(json!({ "image_base64": base64(&png(&picture)) }))).await;
    server.assert_repaired(&reply, &picture, &one_rectangle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_the_picture_is_still_accepted() {
    let server = Server::start().await;
    let rectangles = r#"[{"x":0,"y":0,"width":80,"height":120},{"x":10,"y":10,"width":40,"height":40}]"#;
    let (status, reply) = server.json(ALIYUN, &good_but(json!({ "rectangles": rectangles }))).await;
    assert_eq!((status, state(&reply)), (200, 1), "{reply}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_all_end() {
    let server = std::sync::Arc::new(Server::start().await);
    let (file, sent) = jpeg(&photograph(700, 500));
    let requests: Vec<_> = (0..12)
        .map(|_| {
            let (server, file) = (server.clone(), file.clone());
            tokio::spawn(async move {
                let form = Form::new()
                    .part("image_file", file_part(file))
                    .text("rectangles", r#"[{"x":100,"y":50,"width":300,"height":300}]"#);
                let (status, reply) = server.multipart(PICWISH, form).await;
                assert_eq!(status, 200, "{reply}");
                server.end_of(PICWISH, &reply).await
            })
        })
        .collect();
    for request in requests {
        let end = request.await.unwrap();
        assert_eq!(state(&end), 1);
        let repaired = Picture::decode(&server.file_of(&end).await, &Limits::CONTRACT).unwrap();
        assert_eq!(repaired.size(), sent.size());
    }
}
