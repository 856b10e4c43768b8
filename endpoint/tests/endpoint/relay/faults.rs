//! What goes wrong at the upstream, and how the client hears of it.

use super::*;
use crate::program;

/// The end of a task, with no word of the key in it.
async fn end_at(base: &str, settings: Value, guard: bool) -> (i64, String) {
    let change = relaying(format!("custom+{base}/x"), settings);
    let relay = Server::with(|options| {
        change(options);
        options.allow_private_urls = !guard;
    })
    .await;
    let (status, reply) = relay.json(ALIYUN, &good()).await;
    assert_eq!(status, 200);
    let text = reply.to_string();
    assert!(!text.contains(KEY) && !text.contains(base.trim_start_matches("http://")), "{text}");
    (state(&reply), detail(&reply).to_owned())
}

async fn end_with(fake: &Fake, settings: Value) -> (i64, String) {
    end_at(&fake.base, settings, false).await
}

fn is(end: (i64, String), state: i64, detail: &str) {
    assert_eq!((end.0, end.1.as_str()), (state, detail));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_tried_again() {
    let fake = Fake::start(|seen| async move {
        match (seen.method, seen.nth) {
            (Method::POST, 0) => ([("retry-after", "1")], refused(429, "slower")).into_response(),
            (Method::POST, _) => envelope(json!({ "task_id": "t-1" })),
            (_, 0) => refused(500, "oh"),
            _ => envelope(done()),
        }
    })
    .await;
    let relay = relay(format!("custom+{}/x", fake.base), json!({})).await;
    let (_, reply) = relay.json(ALIYUN, &good()).await;
    assert_eq!((state(&reply), relay.file_of(&reply).await), (1, repaired()));
    let creates = fake.seen(&Method::POST);
    assert_eq!((creates.len(), fake.seen(&Method::GET).len()), (2, 2));
    assert!(creates[1].at - creates[0].at >= std::time::Duration::from_secs(1), "as it was told");
    assert!(creates.iter().all(|seen| seen.headers["authorization"] == "APPCODE s3cret"));
    assert!(fake.seen(&Method::GET).iter().all(|seen| seen.path == "/x/t-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn states_and_statuses_are_told_without_the_key() {
    let failed = Fake::tasks(|_| json!({ "task_id": "t-1", "state": -3, "state_detail": "not s3cret" })).await;
    is(end_with(&failed, json!({})).await, -3, "the upstream's state is -3: not …");
    for status in [401, 403, 500] {
        let fake = Fake::start(move |seen| async move {
            let host = seen.headers["host"].to_str().unwrap().to_owned();
            refused(status, &format!("no APPCODE s3cret at {host}"))
        })
        .await;
        is(end_with(&fake, json!({})).await, -1, &format!("the upstream answered HTTP {status}: no APPCODE … at …"));
        assert_eq!(fake.creates(), 1, "a create that may have begun something is not sent twice");
    }
    let busy = Fake::start(|_| async { refused(429, "full") }).await;
    let impatient = json!({ "timing": { "patience": 300 } });
    is(end_with(&busy, impatient).await, -1, "the upstream answered HTTP 429: full");
    let nobody = listener().await.local_addr().unwrap();
    is(end_at(&format!("http://{nobody}"), json!({}), false).await, -1, "the upstream cannot be reached");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_answers_is_not_waited_for() {
    let silent = Fake::start(|_| std::future::pending::<Response>()).await;
    let short = json!({ "timing": { "upload": 60_000, "reply": 1_000 } });
    let start = Instant::now();
    assert_eq!(end_with(&silent, short).await.0, -8);
    assert!(start.elapsed().as_secs() < 20, "the time of the reply begins when the body is sent");
    let slow = Fake::tasks(|_| json!({ "task_id": "t-1", "state": 4 })).await;
    let short = json!({ "timing": { "processing": 1_000, "pollInterval": 100 } });
    is(end_with(&slow, short).await, -8, "the upstream did not finish within 1 s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_a_picture_from_a_public_place() {
    let files = Fake::start(|seen| async move {
        if seen.path == "/html" { "<html></html>".into_response() } else { repaired().into_response() }
    })
    .await;
    let linked = async |link: String| {
        let fake = Fake::tasks(move |_| json!({ "task_id": "t-1", "state": 1, "image": link }));
        fake.await
    };
    let picture = linked(format!("{}/picture", files.base)).await;
    let guarded = end_at(&picture.base, json!({}), true).await;
    is(guarded, -1, "the upstream's result cannot be fetched");
    assert_eq!(files.seen(&Method::GET).len(), 0, "nothing is asked behind the guard");
    let html = linked(format!("{}/html", files.base)).await;
    is(end_with(&html, json!({})).await, -1, "the upstream's result is not a picture");
    let text = linked(base64(b"no picture")).await;
    is(end_with(&text, json!({})).await, -1, "the upstream's result is not a picture");
    let relay = relay(format!("custom+{}/x", picture.base), json!({})).await;
    let (_, reply) = relay.json(ALIYUN, &good()).await;
    assert_eq!(relay.file_of(&reply).await, repaired());
    let keys = files.seen(&Method::GET);
    assert!(keys.iter().all(|seen| !seen.headers.contains_key("authorization")), "the key is not for links");
}

#[cfg(unix)]
#[test]
fn what_cannot_start_says_so_in_one_line() {
    let port = ["--port", "0", "--upstream"];
    for (arguments, reason) in [
        (&["nobody"][..], "--upstream is \"nobody\""),
        (&["aliyun"], "REWEAVE_UPSTREAM_KEY_FILE"),
        (&["custom+ftp://h/?token=t"], "--upstream is \"custom+…\""),
        (&["server"], "--upstream cannot be used"),
        (&["http://127.0.0.1:9/x", "--bind", "0.0.0.0"], "--public-url or --allow-host"),
        (&["http://127.0.0.1:9/x", "--allow-origin", "*"], "--allow-origin is \"*\""),
    ] {
        let stderr = program::fails(&[&port[..], arguments].concat(), None);
        assert!(stderr.contains(reason) && !stderr.contains("token"), "{stderr}");
    }
    let (data, empty) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let mut command = program::command(data.path(), &[&port[..], &["aliyun"]].concat());
    let output = command.env("REWEAVE_UPSTREAM_KEY_FILE", empty.path()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.lines().count() == 1 && stderr.contains("it holds no key"), "{stderr}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_start_says_where_to_and_no_more() {
    let upstream = "custom+http://127.0.0.1:9/x?token=t";
    let program = program::start(&["--port", "0", "--upstream", upstream], None);
    assert_eq!(client().get(format!("{}/healthz", program.base)).send().await.unwrap().status(), 200);
    let (_, stdout, stderr) = program::end(program, "-TERM");
    assert!(stderr.contains("custom") && stderr.contains("127.0.0.1:9"), "{stderr}");
    assert!(!format!("{stdout}{stderr}").contains("token"), "{stderr}");
}
