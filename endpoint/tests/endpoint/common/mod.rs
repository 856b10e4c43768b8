//! What the tests share: an endpoint on a real socket, pictures, and a client.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use reweave::picture::{Changes, Limits, Picture, Samples, mask_png};
use reweave::{Mask, Rectangle, Size};
use reweave_endpoint::{Config, Options, Stop, app};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) const ALIYUN: &str = "/tasks/visual/watermark";
pub(crate) const PICWISH: &str = "/api/tasks/visual/inpaint";
pub(crate) const PICWISH_OLD: &str = "/api/tasks/visual/watermark";

pub(crate) const ONE_RECTANGLE: &str = r#"[{"x":60,"y":40,"width":30,"height":20}]"#;

/// An endpoint that runs until the test ends.
pub(crate) struct Server {
    pub(crate) base: String,
    pub(crate) data: TempDir,
    client: Client,
    stop: Stop,
    serving: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        Self::listening(listener().await, change).await
    }

    /// One at an address that is known before it starts.
    pub(crate) async fn listening(listener: TcpListener, change: impl FnOnce(&mut Options)) -> Self {
        let data = TempDir::new().unwrap();
        // Nearly all tests ask more often than a client may.
        let mut options = Options { qps: None, ..Options::new(PathBuf::from(data.path())) };
        change(&mut options);
        let config = open(&options).await;
        let stop = config.stop();
        let (base, serving) = serve_until_aborted(listener, app(config)).await;
        Self { base, data, client: client(), stop, serving }
    }

    /// Ends it as the program does, and starts another with the same folder.
    pub(crate) async fn restarted(self, change: impl FnOnce(&mut Options)) -> Self {
        self.stop.set();
        self.serving.abort();
        let data = self.data.path().to_owned();
        let mut again = Self::with(|options| {
            options.data_dir = data;
            change(options);
        })
        .await;
        again.data = self.data;
        again
    }

    pub(crate) fn stop(&self) {
        self.stop.set();
    }

    /// Names of what lies in a folder of the data folder.
    pub(crate) fn names(&self, dir: &str) -> Vec<String> {
        names(&self.data.path().join(dir))
    }

    /// Waits until nothing that tasks worked on is left: a client hears of an end before it is removed.
    pub(crate) async fn tidied(&self) {
        for _ in 0..200 {
            if self.names("jobs").is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("files of tasks that ended: {:?}", self.names("jobs"));
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.at(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.at(path))
    }

    pub(crate) fn method(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.at(path))
    }

    pub(crate) fn at(&self, path: &str) -> String {
        if path.starts_with("http") { path.into() } else { format!("{}{path}", self.base) }
    }

    /// Posts JSON and checks that both statuses are the same.
    pub(crate) async fn json(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.post(path).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn multipart(&self, path: &str, form: Form) -> (u16, Value) {
        answer(self.post(path).multipart(form).send().await.unwrap()).await
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        answer(self.post(path).form(fields).send().await.unwrap()).await
    }

    /// Polls a task until it ends.
    pub(crate) async fn end_of(&self, create: &str, reply: &Value) -> Value {
        let id = reply["data"]["task_id"].as_str().expect("a task id").to_owned();
        for _ in 0..600 {
            let (status, reply) = answer(self.get(&format!("{create}/{id}")).send().await.unwrap()).await;
            assert_eq!(status, 200, "{reply}");
            let (state, progress) = (state(&reply), reply["data"]["progress"].as_i64().unwrap());
            match state {
                0 => assert_eq!(progress, 0),
                4 => assert!((1..=99).contains(&progress), "{progress}"),
                _ => return reply,
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the task does not end");
    }

    /// The file that a reply delivers, whichever way.
    pub(crate) async fn file_of(&self, reply: &Value) -> Vec<u8> {
        let image = reply["data"]["image"].as_str().unwrap_or_else(|| panic!("an image in {reply}"));
        if !image.starts_with("http") {
            return STANDARD.decode(image).unwrap();
        }
        let response = self.get(image).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.bytes().await.unwrap().to_vec()
    }

    /// Checks that a reply delivers `picture` repaired in `mask` and nowhere else.
    pub(crate) async fn assert_repaired(&self, reply: &Value, picture: &Picture, mask: &Mask) {
        assert_eq!(state(reply), 1, "{reply}");
        assert_eq!(reply["data"]["progress"], 100);
        let file = self.file_of(reply).await;
        assert_eq!(&file[..4], b"\x89PNG");
        let repaired = Picture::decode(&file, &Limits::CONTRACT).unwrap();
        let changes = Changes::between(picture, &repaired, mask).unwrap();
        assert_eq!(changes.outside, 0, "a pixel outside the region was changed");
        assert!(changes.inside * 10 > mask.count() * 9, "{changes:?} of {} marked pixels", mask.count());
    }
}

/// A client with the proxy variables of the machine left out.
pub(crate) fn client() -> Client {
    // The endpoint has installed a provider or this does: either serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

/// Serves a router at a free port of this machine.
pub(crate) async fn serve(router: axum::Router) -> String {
    serve_until_aborted(listener().await, router).await.0
}

/// A free port of this machine.
pub(crate) async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

async fn serve_until_aborted(listener: TcpListener, router: axum::Router) -> (String, JoinHandle<()>) {
    let base = format!("http://{}", listener.local_addr().unwrap());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    (base, tokio::spawn(async move { axum::serve(listener, service).await.unwrap() }))
}

/// Opens a configuration, with patience: an endpoint that ends has its folder until its last
/// connection is closed.
async fn open(options: &Options) -> Config {
    for _ in 0..100 {
        match Config::open(options) {
            Ok(config) => return config,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    Config::open(options).unwrap()
}

pub(crate) fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

/// The HTTP status and the JSON; the status in the JSON is the same.
pub(crate) async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    let reply: Value = response.json().await.unwrap();
    assert_eq!(reply["status"], status, "{reply}");
    (status, reply)
}

pub(crate) fn state(reply: &Value) -> i64 {
    reply["data"]["state"].as_i64().unwrap_or_else(|| panic!("a state in {reply}"))
}

/// A small photograph: a sky that darkens, a textured ground, and the noise of a sensor.
pub(crate) fn photograph(width: u32, height: u32) -> Picture {
    let mut noise = 0x2545_f491_u32;
    let mut samples = Vec::new();
    for y in 0..height {
        for x in 0..width {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let grain = (noise % 9) as i32 - 4;
            let ground = y * 2 > height;
            let wave = ((x as f32 * 0.35).sin() * (y as f32 * 0.21).cos() * 30.0) as i32;
            let light = 200 - (y * 90 / height) as i32;
            let colour =
                if ground { [light - 60 + wave, light - 40 + wave, 50 + wave] } else { [light - 40, light, 240] };
            samples.extend(colour.map(|value| (value + grain).clamp(0, 255) as u8));
        }
    }
    Picture::from_samples(Size::new(width, height).unwrap(), 3, Samples::U8(samples)).unwrap()
}

/// The photograph that most tests send.
pub(crate) fn small() -> Picture {
    photograph(160, 120)
}

/// What [`ONE_RECTANGLE`] marks in [`small`].
pub(crate) fn one_rectangle() -> Mask {
    Mask::from_rectangles(small().size(), &[Rectangle { x: 60, y: 40, width: 30, height: 20 }])
}

/// Two strokes that no rectangle describes.
pub(crate) fn strokes() -> Mask {
    let mut mask = Mask::new(small().size());
    for y in 20..100 {
        mask.fill_span(y, y, y + 9, true);
        mask.fill_span(y, 150 - y, 155 - y, true);
    }
    mask
}

pub(crate) fn png(picture: &Picture) -> Vec<u8> {
    picture.encode_png().unwrap()
}

pub(crate) fn jpeg(picture: &Picture) -> (Vec<u8>, Picture) {
    let file = picture.encode_jpeg(90).unwrap();
    let decoded = Picture::decode(&file, &Limits::CONTRACT).unwrap();
    (file, decoded)
}

pub(crate) fn mask_file(mask: &Mask) -> Vec<u8> {
    mask_png(mask).unwrap()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A request that is accepted as it is.
pub(crate) fn good() -> Value {
    json!({ "image_base64": base64(&png(&small())), "rectangles": ONE_RECTANGLE })
}

/// [`good`] with some fields changed; null takes one away.
pub(crate) fn good_but(changes: Value) -> Value {
    let mut body = good();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub(crate) fn file_part(bytes: Vec<u8>) -> Part {
    Part::bytes(bytes).file_name("picture")
}
