//! What bounds the work: the queue, the deadline; and clients that leave.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::common::*;
use serde_json::json;

/// Sends the head of a create call and the beginning of its body.
fn hold(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.base.strip_prefix("http://").unwrap()).unwrap();
    let head = "Host: h\r\nContent-Type: application/json\r\nContent-Length: 100\r\n";
    write!(stream, "POST {ALIYUN} HTTP/1.1\r\n{head}\r\n{{").unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_when_to_try_again() {
    let server = Server::with(|options| options.queue = 1).await;
    let places = 1 + std::thread::available_parallelism().unwrap().get();
    let held: Vec<_> = (0..places).map(|_| hold(&server)).collect();
    let mut busy = None;
    for _ in 0..100 {
        let response = server.post(ALIYUN).json(&good()).send().await.unwrap();
        if response.status() == 503 {
            busy = Some(response);
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let busy = busy.expect("every place is taken");
    assert_eq!(busy.headers()["retry-after"], "5");
    assert_eq!(answer(busy).await.1["error"], json!({"code": "busy", "waiting": 1, "retryAfter": 5}));
    let large = good_but(json!({ "image_base64": "A".repeat(20_000_000) }));
    assert_eq!(server.json(ALIYUN, &large).await.0, 503, "a large body does not hide the reason");
    drop(held);
    for _ in 0..100 {
        if server.json(ALIYUN, &good()).await.0 == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the places of clients that left are not given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_long_ends_in_state_minus_8() {
    let server = Server::with(|options| options.processing = Duration::from_millis(1)).await;
    let rectangles = r#"[{"x":200,"y":100,"width":900,"height":700}]"#;
    let body = json!({ "image_base64": base64(&jpeg(&photograph(1400, 1000)).0), "rectangles": rectangles });
    let (status, reply) = server.json(ALIYUN, &body).await;
    assert_eq!((status, state(&reply), &reply["data"]["progress"]), (200, -8, &json!(0)), "{reply}");
    let (_, reply) = server.json(PICWISH, &body).await;
    assert_eq!(state(&server.end_of(PICWISH, &reply).await), -8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_ends_neither_its_task_nor_the_server() {
    let server = Server::start().await;
    let rectangles = r#"[{"x":200,"y":100,"width":1300,"height":800}]"#;
    let body =
        json!({ "image_base64": base64(&jpeg(&photograph(1800, 1200)).0), "rectangles": rectangles }).to_string();
    let head = format!("Host: h\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    let mut clients: Vec<_> =
        (0..6).map(|_| TcpStream::connect(server.base.strip_prefix("http://").unwrap()).unwrap()).collect();
    for client in &mut clients {
        write!(client, "POST {ALIYUN} HTTP/1.1\r\n{head}\r\n{body}").unwrap();
    }
    let finished = || server.names("results").iter().filter(|name| uuid::Uuid::try_parse(name).is_ok()).count();
    for _ in 0..600 {
        // With the first result there, the others are accepted and wait for a core.
        if finished() >= 1 {
            clients.clear();
        }
        if finished() == 6 {
            assert_eq!(state(&server.json(ALIYUN, &good()).await.1), 1);
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a repair was lost with its client");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_hands_back_what_runs_and_the_next_start_ends_it() {
    let server = Server::start().await;
    let rectangles = r#"[{"x":200,"y":100,"width":1300,"height":800}]"#;
    let body = json!({ "image_base64": base64(&jpeg(&photograph(1800, 1200)).0), "rectangles": rectangles });
    let (create, stop) = tokio::join!(server.json(ALIYUN, &body), async {
        while server.names("jobs").is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.stop();
    });
    let (status, running): (u16, serde_json::Value) = create;
    let () = stop;
    assert_eq!(status, 200);
    assert!([0, 4].contains(&state(&running)), "{running}");
    let (status, queued) = server.json(ALIYUN, &good()).await;
    assert_eq!((status, state(&queued), &queued["message"]), (200, 0, &json!("success")), "{queued}");
    let server = server.restarted(|_| {}).await;
    for reply in [running, queued] {
        assert_eq!(state(&server.end_of(ALIYUN, &reply).await), 1);
    }
    assert_eq!(server.names("jobs"), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_cannot_be_kept_ends_in_state_minus_2() {
    let server = Server::start().await;
    let results = server.data.path().join("results");
    std::fs::remove_dir_all(&results).unwrap();
    std::fs::write(&results, "in the way").unwrap();
    let (status, reply) = server.json(ALIYUN, &good()).await;
    assert_eq!((status, state(&reply)), (200, -2), "{reply}");
}
