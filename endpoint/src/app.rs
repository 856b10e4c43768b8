//! All of the endpoint as one router.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use utoipa::openapi::PathItem;

use crate::blobs::Blobs;
use crate::config::Config;
use crate::error::Code;
use crate::gate::{self, Gate};
use crate::intake::Face;
use crate::links::Links;
use crate::relay::{Parts, Relay};
use crate::store::{Phase, Record};
use crate::tasks::{Fill, Queue, Shop, Tasks, Worker, resume, unix_now};
use crate::{headers, openapi, page, routes};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) gate: Arc<Gate>,
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
    let relays = config.relay.is_some();
    let worker: Arc<dyn Worker> = match config.relay {
        None => Arc::new(Fill { queue: queue.clone(), processing: config.timing.processing }),
        Some(opened) => {
            let (links, queue) = (config.links.clone(), queue.clone());
            let (downloads, spool) = (config.downloads.clone(), config.spool.clone());
            Arc::new(Relay::new(opened, Parts { links, queue, downloads, spool }))
        }
    };
    let app = App {
        gate: config.gate,
        links: config.links,
        shop: Shop {
            queue,
            tasks: Arc::new(Tasks::new(config.store, &config.unfinished)),
            blobs: config.blobs,
            spool: config.spool,
            downloads: config.downloads,
            worker,
            stop: config.stop,
        },
        keep: config.timing.keep,
    };
    tokio::spawn(resume(app.shop.clone(), config.unfinished));
    sweep_regularly(&app);
    save_regularly(&app.gate);
    let gate = app.gate.clone();
    let router = mounted(routes(&gate, relays));
    let api = headers::shared(router.method_not_allowed_fallback(routes::wrong_method), &gate.site);
    let whole = page::mount(api, config.page_dir, gate.sessions.clone())
        .method_not_allowed_fallback(routes::wrong_method)
        // The intake bounds bodies itself.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(gate.clone(), gate::host));
    headers::secured(whole, &gate.site).layer(from_fn(log)).with_state(app)
}

/// A path, what answers there, and the description of it.
type Route = (String, MethodRouter<App>, PathItem);

fn routes(gate: &Arc<Gate>, relays: bool) -> Vec<Route> {
    let mut list = vec![
        ("/healthz".into(), get(routes::healthy), openapi::health()),
        ("/results/{name}".into(), get(routes::result), openapi::result()),
    ];
    if relays {
        list.push(("/inputs/{id}/{name}".into(), get(routes::input), openapi::input()));
    }
    for (path, face) in FACES {
        let create = post(move |state, client, headers, body| routes::create(face, state, client, headers, body))
            .route_layer(from_fn_with_state(gate.clone(), gate::create));
        let query = get(routes::query).route_layer(from_fn_with_state(gate.clone(), gate::query));
        list.push((path.into(), create, openapi::create(face, path)));
        list.push((format!("{path}/{{task_id}}"), query, openapi::query(path)));
    }
    list
}

/// The routes, and `/openapi.json` which describes them and itself.
fn mounted(routes: Vec<Route>) -> Router<App> {
    const DESCRIPTION: &str = "/openapi.json";
    let items = routes.iter().map(|(path, _, item)| (path.clone(), item.clone()));
    let document = Arc::new(openapi::document(items.chain([(DESCRIPTION.into(), openapi::itself())])));
    let described = get(move || async move { Json(&*document).into_response() });
    let router = Router::new().route(DESCRIPTION, described);
    routes.into_iter().fold(router, |router, (path, methods, _)| router.route(&path, methods))
}

/// One line a request: the route, never the path, which may hold an id or a signature.
async fn log(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "page".into(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let response = next.run(request).await;
    let milliseconds = start.elapsed().as_millis() as u64;
    let code = response.extensions().get::<Code>().map(|code| code.0);
    tracing::info!(%method, route, status = response.status().as_u16(), code, milliseconds, "answered");
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

fn save_regularly(gate: &Gate) {
    let Some(quota) = gate.quota() else { return };
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        loop {
            ticks.tick().await;
            let Some(quota) = quota.upgrade() else { return };
            let saved = tokio::task::spawn_blocking(move || quota.save()).await;
            if let Ok(Err(error)) = saved {
                tracing::warn!(%error, "the counts of the quota could not be saved");
            }
        }
    });
}
