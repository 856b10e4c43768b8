//! All of the endpoint as one router.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::blobs::Blobs;
use crate::config::Config;
use crate::intake::Face;
use crate::keys::Keys;
use crate::links::Links;
use crate::store::{Phase, Record};
use crate::tasks::{Fill, Queue, Shop, Tasks, resume, unix_now};
use crate::{page, routes};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) keys: Keys,
    pub(crate) links: Links,
    pub(crate) shop: Shop,
    pub(crate) keep: Duration,
}

/// The paths at which a picture is taken, and the face that each shows.
const FACES: [(&str, Face); 3] = [
    ("/tasks/visual/watermark", Face::Aliyun),
    ("/api/tasks/visual/inpaint", Face::PicWish),
    ("/api/tasks/visual/watermark", Face::PicWish),
];

/// The endpoint. Call it inside a tokio runtime: it starts the work on what an earlier run left, and
/// the sweeper of old tasks, which ends with the router. Serve it with the addresses of its clients:
/// `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn app(config: Config) -> Router {
    let queue = Queue::new(config.queue);
    let fill = Fill { queue: queue.clone(), processing: config.timing.processing };
    let app = App {
        keys: config.keys,
        links: config.links,
        shop: Shop {
            queue,
            tasks: Arc::new(Tasks::new(config.store, &config.unfinished)),
            blobs: config.blobs,
            spool: config.spool,
            downloads: config.downloads,
            worker: Arc::new(fill),
            stop: config.stop,
        },
        keep: config.timing.keep,
    };
    tokio::spawn(resume(app.shop.clone(), config.unfinished));
    sweep_regularly(&app);
    let mut router =
        Router::new().route("/healthz", get(routes::healthy)).route("/results/{name}", get(routes::result));
    for (path, face) in FACES {
        let create = post(move |state, client, headers, body| routes::create(face, state, client, headers, body));
        router = router.route(path, create).route(&format!("{path}/{{task_id}}"), get(routes::query));
    }
    page::mount(router, config.page_dir)
        .method_not_allowed_fallback(routes::wrong_method)
        // The intake bounds bodies itself.
        .layer(DefaultBodyLimit::disable())
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(from_fn(log))
        .with_state(app)
}

fn header(name: axum::http::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// One line a request: the route, never the path, which may hold an id or a signature.
async fn log(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "page".into(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let response = next.run(request).await;
    let milliseconds = start.elapsed().as_millis() as u64;
    tracing::info!(%method, route, status = response.status().as_u16(), milliseconds, "answered");
    response
}

fn sweep_regularly(app: &App) {
    let tasks = Arc::downgrade(&app.shop.tasks);
    let (blobs, keep) = (app.shop.blobs.clone(), app.keep);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval((keep / 60).max(Duration::from_secs(1)));
        loop {
            ticks.tick().await;
            let Some(tasks) = tasks.upgrade() else { return };
            match tasks.sweep(unix_now().saturating_sub_unsigned(keep.as_secs())).await {
                Ok(old) => remove_results(&blobs, &old).await,
                Err(fault) => tracing::warn!(%fault, "old tasks could not be swept"),
            }
        }
    });
}

/// After their records: what a kill leaves between the two is removed at the next start.
async fn remove_results(blobs: &Blobs, old: &[Record]) {
    for record in old {
        if let Phase::Done(product) = record.phase {
            blobs.remove_result(product.id).await;
        }
    }
}
