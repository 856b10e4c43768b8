//! What survives the end of the program: by a crash, by a signal, and in between.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crate::common::*;
use crate::program::{Program, start_in};
use reqwest::multipart::Form;
use reweave::picture::{Changes, Limits, Picture};
use serde_json::{Value, json};

/// Enough places for every test here, and no rate.
const ROOMY: [&str; 6] = ["--port", "0", "--queue", "1000", "--qps", "0"];

/// A create call whose work takes much longer than its way in.
fn long() -> Form {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| jpeg(&photograph(2400, 1800)).0);
    Form::new()
        .part("image_file", file_part(FILE.clone()))
        .text("rectangles", r#"[{"x":200,"y":100,"width":1700,"height":1200}]"#)
}

async fn create(program: &Program, form: Form) -> Value {
    let (status, reply) =
        answer(client().post(format!("{}{PICWISH}", program.base)).multipart(form).send().await.unwrap()).await;
    assert_eq!(status, 200, "{reply}");
    reply
}

async fn end_of(program: &Program, reply: &Value) -> Value {
    let id = reply["data"]["task_id"].as_str().expect("a task id");
    for _ in 0..1200 {
        let poll = client().get(format!("{}{PICWISH}/{id}", program.base));
        let (status, reply) = answer(poll.send().await.unwrap()).await;
        assert_eq!((status, reply["data"]["task_id"].as_str()), (200, Some(id)), "{reply}");
        if ![0, 4].contains(&state(&reply)) {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the task does not end");
}

async fn file_at(program: &Program, link: &str) -> Vec<u8> {
    let path = &link[link.find("/results/").unwrap()..];
    let response = client().get(format!("{}{path}", program.base)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

/// What a killed run may leave: half an upload, a file whose record was not written, half a file.
fn leave_orphans(data: &Path) {
    let orphan = uuid::Uuid::new_v4();
    std::fs::create_dir_all(data.join(format!("jobs/{orphan}"))).unwrap();
    for name in ["spool/half".into(), format!("jobs/{orphan}/image"), format!("results/{orphan}"), "results/x#1".into()]
    {
        std::fs::write(data.join(name), "left").unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_loses_no_task_and_no_result() {
    let program = start_in(Arc::new(tempfile::tempdir().unwrap()), &ROOMY, None);
    let first = end_of(&program, &create(&program, long()).await).await;
    let link = first["data"]["image"].as_str().unwrap().to_owned();
    let result = file_at(&program, &link).await;
    let mut replies = Vec::new();
    for _ in 0..6 {
        replies.push(create(&program, long()).await);
    }
    let mask = strokes();
    let masked =
        Form::new().part("image_file", file_part(png(&small()))).part("mask_file", file_part(mask_file(&mask)));
    let masked = create(&program, masked.text("return_type", "2")).await;
    let data = program.killed();
    let waiting = names(&data.path().join("jobs"));
    assert!(waiting.len() > 2, "it was killed in the middle: {waiting:?}");
    leave_orphans(data.path());

    let program = start_in(data, &ROOMY, None);
    assert_eq!(program.names("spool"), [""; 0]);
    assert_eq!(file_at(&program, &link).await, result, "what ended before the crash");
    assert_eq!(end_of(&program, &first).await["data"]["completed_at"], first["data"]["completed_at"]);
    for reply in &replies {
        let end = end_of(&program, reply).await;
        assert_eq!(state(&end), 1, "{end}");
        assert!(!file_at(&program, end["data"]["image"].as_str().unwrap()).await.is_empty());
    }
    let end = end_of(&program, &masked).await;
    assert_eq!(end["data"]["return_type"], 2);
    let file =
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, end["data"]["image"].as_str().unwrap());
    let repaired = Picture::decode(&file.unwrap(), &Limits::CONTRACT).unwrap();
    let changes = Changes::between(&small(), &repaired, &mask).unwrap();
    assert!(changes.outside == 0 && changes.inside > 0, "the mask outlived the crash: {changes:?}");
    assert_eq!(program.names("results").len(), 8, "the orphans are gone");
    for _ in 0..100 {
        if program.names("jobs").is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("files of tasks that ended: {:?}", program.names("jobs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_hands_back_what_runs_and_what_waits() {
    let program = start_in(Arc::new(tempfile::tempdir().unwrap()), &ROOMY, None);
    let cores = std::thread::available_parallelism().unwrap().get();
    let mut replies = Vec::new();
    for _ in 0..12 * cores {
        replies.push(create(&program, long()).await);
    }
    let waiting = tokio::spawn(client().post(format!("{}{ALIYUN}", program.base)).json(&good()).send());
    while program.names("jobs").is_empty() || program.names("results").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let data = tokio::task::spawn_blocking(|| program.terminated()).await.unwrap();
    let (status, reply) = answer(waiting.await.unwrap().unwrap()).await;
    assert_eq!((status, state(&reply)), (200, 0), "a waiting client hears of its task: {reply}");
    replies.push(reply);
    assert!(names(&data.path().join("jobs")).len() > 2, "it ended in the middle");

    let program = start_in(data, &ROOMY, None);
    for reply in &replies {
        let end = end_of(&program, reply).await;
        assert_eq!(state(&end), 1, "{end}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_of_an_earlier_run_are_worked_on_in_their_order() {
    let server = Server::start().await;
    server.stop();
    let mut replies = Vec::new();
    for _ in 0..12 {
        replies.push(server.json(PICWISH, &good()).await.1);
    }
    let server = server.restarted(|options| options.queue = 1).await;
    let mut ends = Vec::new();
    for (index, reply) in replies.iter().enumerate() {
        let end = server.end_of(PICWISH, reply).await;
        assert_eq!(state(&end), 1);
        let link = end["data"]["image"].as_str().unwrap();
        let id = link.split_once("/results/").unwrap().1.split_once('.').unwrap().0;
        let written = std::fs::metadata(server.data.path().join("results").join(id)).unwrap().modified().unwrap();
        ends.push((written, index));
    }
    ends.sort();
    // Only those that are worked on at the same time are overtaken, however long the thread of one has to wait.
    let cores = std::thread::available_parallelism().unwrap().get();
    let overtaken = |place: usize| ends[place..].iter().filter(|(_, index)| *index < ends[place].1).count();
    assert!((0..ends.len()).all(|place| overtaken(place) < cores), "{ends:?}");
    assert_eq!(state(&server.json(ALIYUN, &good()).await.1), 1, "there is room for new ones afterwards");
}

#[tokio::test(flavor = "multi_thread")]
async fn results_of_an_earlier_run_are_swept_too() {
    let server = Server::start().await;
    let (_, reply) = server.json(ALIYUN, &good()).await;
    let task = format!("{ALIYUN}/{}", reply["data"]["task_id"].as_str().unwrap());
    let server = server.restarted(|_| {}).await;
    assert_eq!(answer(server.get(&task).send().await.unwrap()).await.0, 200);
    assert_eq!(server.names("results").len(), 1);
    let server = server.restarted(|options| options.keep = Duration::from_secs(1)).await;
    for _ in 0..100 {
        if server.names("results").is_empty() {
            let (status, reply) = answer(server.get(&task).send().await.unwrap()).await;
            assert_eq!((status, &reply["error"]["code"]), (404, &json!("unknown-task")));
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("an old result is kept");
}
