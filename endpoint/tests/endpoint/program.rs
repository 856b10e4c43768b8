//! The program: what it prints, how it starts and ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::common::*;
use serde_json::json;
use tempfile::TempDir;

/// A running program; killed with the test, should the test fail.
pub(crate) struct Program {
    child: Child,
    pub(crate) base: String,
    data: Arc<TempDir>,
    /// What it prints, read all along: it would wait for ever once a pipe is full.
    printed: Option<[JoinHandle<String>; 2]>,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
    }
}

impl Program {
    /// Ends it as a crash would, and returns its folder.
    pub(crate) fn killed(mut self) -> Arc<TempDir> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.data.clone()
    }

    /// Ends it as a service manager does, and returns its folder.
    pub(crate) fn terminated(self) -> Arc<TempDir> {
        let data = self.data.clone();
        end(self, "-TERM");
        data
    }

    pub(crate) fn names(&self, dir: &str) -> Vec<String> {
        names(&self.data.path().join(dir))
    }
}

pub(crate) fn command(data: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reweave-endpoint"));
    command.args(["--data-dir", data.to_str().unwrap()]).args(arguments).env_remove("REWEAVE_KEYS_FILE");
    command.env_remove("REWEAVE_UPSTREAM_KEY_FILE");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn start(arguments: &[&str], keys: Option<&std::path::Path>) -> Program {
    start_in(Arc::new(tempfile::tempdir().unwrap()), arguments, keys)
}

pub(crate) fn start_in(data: Arc<TempDir>, arguments: &[&str], keys: Option<&std::path::Path>) -> Program {
    let mut command = command(data.path(), arguments);
    if let Some(keys) = keys {
        command.env("REWEAVE_KEYS_FILE", keys);
    }
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let base = line.strip_prefix("Reweave is at ").unwrap_or_else(|| panic!("{line}")).trim_end().to_owned();
    let printed = Some([read_along(stdout), read_along(child.stderr.take().unwrap())]);
    Program { child, base, data, printed }
}

fn read_along(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        text
    })
}

pub(crate) fn fails(arguments: &[&str], keys: Option<&str>) -> String {
    let data = tempfile::tempdir().unwrap();
    let mut command = command(data.path(), arguments);
    if let Some(keys) = keys {
        command.env("REWEAVE_KEYS_FILE", keys);
    }
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() && start.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // One that started after all would run for ever; of one that ended this is no fault.
    let _ = child.kill();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(stdout.is_empty());
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

/// Sends a signal and returns how long the end took, with the rest of what was printed.
pub(crate) fn end(mut program: Program, signal: &str) -> (Duration, String, String) {
    let start = Instant::now();
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    let code = program.child.wait().unwrap().code();
    let took = start.elapsed();
    let [stdout, stderr] = program.printed.take().unwrap().map(|text| text.join().unwrap());
    assert_eq!(code, Some(0), "{stderr}");
    (took, stdout, stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_line_says_where_it_is_and_signals_end_it() {
    for signal in ["-TERM", "-INT"] {
        let program = start(&["--port", "0"], None);
        assert!(program.base.starts_with("http://127.0.0.1:") && !program.base.ends_with(":0"), "{}", program.base);
        let client = client();
        assert_eq!(client.get(format!("{}/healthz", program.base)).send().await.unwrap().status(), 200);
        let (took, stdout, _) = end(program, signal);
        assert!(took < Duration::from_secs(3), "{took:?}");
        assert_eq!(stdout, "", "one line and no more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_in_seconds_with_a_request_under_way() {
    let program = start(&["--port", "0"], None);
    let mut stalled = std::net::TcpStream::connect(program.base.strip_prefix("http://").unwrap()).unwrap();
    let head =
        "POST /tasks/visual/watermark HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nContent-Type: application/json\r\n";
    std::io::Write::write_all(&mut stalled, format!("{head}\r\n{{").as_bytes()).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (took, ..) = end(program, "-TERM");
    assert!(took < Duration::from_secs(7), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_go_to_stderr_without_keys_links_or_bodies() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), "a-very-secret-key\n").unwrap();
    let program = start(&["--port", "0", "--qps", "0", "--allow-private-urls"], Some(keys.path()));
    let base = program.base.clone();
    let post = |body: serde_json::Value| {
        client().post(format!("{base}{ALIYUN}")).header("x-api-key", "a-very-secret-key").json(&body)
    };
    let reply = answer(post(good()).send().await.unwrap()).await.1;
    let link = reply["data"]["image"].as_str().unwrap();
    assert_eq!(client().get(link).send().await.unwrap().status(), 200);
    let address = format!("{base}/results/x.png?token=signed-by-somebody");
    answer(post(good_but(json!({ "image_base64": null, "image_url": address }))).send().await.unwrap()).await;
    answer(post(json!({ "sync": "a-value" })).send().await.unwrap()).await;
    let (_, stdout, stderr) = end(program, "-TERM");
    assert_eq!(stdout, "");
    assert!(stderr.contains("code=\"field-value\""), "{stderr}");
    assert!(stderr.contains("route=\"/tasks/visual/watermark\""), "{stderr}");
    let signature = link.rsplit_once('=').unwrap().1;
    for secret in ["a-very-secret-key", signature, "signed-by-somebody", "a-value", "iVBOR", "60,\\\"y\\\""] {
        assert!(!stderr.contains(secret), "{secret} in {stderr}");
    }
}

#[test]
fn what_hinders_the_start_is_one_line_and_exit_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let message = fails(&["--port", &port], None);
    assert_eq!(message, format!("reweave-endpoint: cannot listen at 127.0.0.1:{port}: the port is in use\n"));
    assert!(fails(&["--port", "0", "--page-dir", "/no/such/folder"], None).contains("/no/such/folder/index.html"));
    assert!(fails(&["--port", "0"], Some("/no/such/keys")).contains("the keys file /no/such/keys cannot be used"));
    assert!(fails(&["--port", "0"], Some("/dev/null")).contains("holds no key"));
    for (option, value) in [
        ("--allow-origin", "https://a/b"),
        ("--allow-origin", "a.example"),
        ("--public-url", "ftp://a"),
        ("--public-url", "https://a/?b"),
        ("--allow-host", "a:80"),
    ] {
        let message = fails(&["--port", "0", option, value], None);
        assert!(message.starts_with(&format!("reweave-endpoint: {option} is \"{value}\", must be ")), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_options_of_the_door_reach_it() {
    let program = start(&["--port", "0"], None);
    let get = |path: &str| client().get(format!("{}{path}", program.base));
    assert_eq!(get("/healthz").header("host", "rebound.example").send().await.unwrap().status(), 421);
    let query = format!("{ALIYUN}/x");
    for status in [404, 404, 429] {
        assert_eq!(get(&query).send().await.unwrap().status(), status, "two a second unless told otherwise");
    }
    let arguments = [
        ["--port", "0", "--qps", "0"].as_slice(),
        &["--quota", "1", "--require-session", "--allow-host", "a.example", "--allow-origin", "https://b.example"],
        &["--public-url", "https://c.example/d", "--behind-proxy"],
    ];
    let program = start(&arguments.concat(), None);
    let get = |path: &str, host: &str| client().get(format!("{}{path}", program.base)).header("host", host.to_owned());
    for host in ["a.example", "c.example"] {
        assert_eq!(get("/healthz", host).send().await.unwrap().status(), 200);
    }
    let allowed = get(&query, "a.example").header("origin", "https://b.example").send().await.unwrap();
    assert_eq!(allowed.status(), 401);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "https://b.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_one_programs_at_a_time() {
    let program = start(&["--port", "0"], None);
    let second = command(program.data.path(), &["--port", "0"]).output().unwrap();
    let stderr = String::from_utf8(second.stderr).unwrap();
    assert_eq!((second.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.contains("the store of tasks") && stderr.contains("tasks.redb cannot be used"), "{stderr}");
    let reply = client().post(format!("{}{ALIYUN}", program.base)).json(&good()).send().await.unwrap();
    assert_eq!(state(&answer(reply).await.1), 1, "the first is not disturbed");
}
