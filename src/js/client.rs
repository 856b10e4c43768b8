//! One repair at an endpoint: drives the task machine with the browser's clock and network.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use super::convert::{self, argument};
use super::error::Fault;
use super::transport::{self, NoReply, RawReply};
use super::types::{MaybeRectangles, OnProgress};
use crate::contract::{self, CreateBody, Credential, Region, ReturnType};
use crate::error::Error;
use crate::geometry::{MAX_SIDE, Rectangle, Size};
use crate::task::{Action, Task, Timing};

/// Longest wait without looking whether the user cancelled, in milliseconds.
const NAP: u64 = 50;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of a clock that never jumps, in windows and workers alike.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Where an endpoint is, and the key to it. The key stays in memory.
#[wasm_bindgen]
pub struct Endpoint(contract::Endpoint);

/// One repair at an endpoint. It can be run once and cancelled at any time.
#[wasm_bindgen]
pub struct EndpointRepair {
    endpoint: contract::Endpoint,
    cancelled: Cell<bool>,
    in_flight: RefCell<Option<AbortController>>,
}

#[wasm_bindgen]
impl Endpoint {
    /// An endpoint by the address of its create call. In `Authorization` a key without a scheme is
    /// sent as an AppCode.
    #[wasm_bindgen(constructor)]
    pub fn new(create_url: &str, header: Option<String>, key: Option<String>) -> Result<Endpoint, Fault> {
        let credential = match (header, key) {
            (None, None) => None,
            // One without the other is refused: a request must not go out without the key.
            (header, key) => Some(Credential::new(&header.unwrap_or_default(), &key.unwrap_or_default())?),
        };
        Ok(Self(contract::Endpoint::new(create_url, credential)?))
    }

    /// Whether what is sent can be read on its way: plain http to another machine.
    #[wasm_bindgen(getter, js_name = isReadableOnTheWay)]
    pub fn is_readable_on_the_way(&self) -> bool {
        self.0.is_readable_on_the_way()
    }
}

#[wasm_bindgen]
impl EndpointRepair {
    /// A repair that has not begun.
    #[wasm_bindgen(constructor)]
    pub fn new(endpoint: &Endpoint) -> EndpointRepair {
        Self { endpoint: endpoint.0.clone(), cancelled: Cell::new(false), in_flight: RefCell::new(None) }
    }

    /// Sends the picture's file and its region (rectangles, or else the mask as a PNG), waits for the
    /// result and answers its file. `asLink` asks for a link instead of base64.
    pub async fn run(
        &self,
        image: Uint8Array,
        rectangles: MaybeRectangles,
        mask_png: Option<Uint8Array>,
        as_link: bool,
        on_progress: OnProgress,
    ) -> Result<Uint8Array, Fault> {
        let region = match (convert::rectangles(rectangles.into())?, mask_png) {
            // Of any picture: what the rectangles lie in was judged when they were drawn.
            (Some(list), _) => Region::Rectangles(Rectangle::check_all(&list, Size::new(MAX_SIDE, MAX_SIDE)?)?),
            (None, Some(png)) => Region::MaskPng(png.to_vec()),
            (None, None) => return Err(argument("region", "rectangles or a mask are needed").into()),
        };
        let return_type = if as_link { ReturnType::Url } else { ReturnType::Base64 };
        let body = CreateBody::with_file(&image.to_vec(), &region, return_type);
        let bytes = self.drive(&body, &on_progress).await?;
        Ok(Uint8Array::from(bytes.as_slice()))
    }

    /// Ends it: `run` rejects with the code `cancelled`.
    pub fn cancel(&self) {
        self.cancelled.set(true);
        if let Some(controller) = &*self.in_flight.borrow() {
            controller.abort();
        }
    }

    async fn drive(&self, body: &CreateBody, on_progress: &OnProgress) -> Result<Vec<u8>, Error> {
        let mut task = Task::new(Timing::default());
        loop {
            if self.cancelled.get() {
                task.handle_cancel();
            }
            match task.poll(now()) {
                Action::Create => {
                    let flight = Flight::start(self, &mut task)?;
                    let reply = transport::create(&self.endpoint, body, &flight.signal()).await;
                    take_reply(&mut task, flight.land(reply));
                }
                Action::Query { task_id } => {
                    let flight = Flight::start(self, &mut task)?;
                    let reply = transport::query(&self.endpoint, &task_id, &flight.signal()).await;
                    take_reply(&mut task, flight.land(reply));
                }
                Action::Fetch { link } => {
                    let flight = Flight::start(self, &mut task)?;
                    match flight.land(transport::fetch(&link, &flight.signal()).await) {
                        Some(Ok((status, bytes))) => task.handle_result(status, bytes),
                        Some(Err(NoReply)) => task.handle_failure(),
                        None => {}
                    }
                }
                Action::Wait { until } => TimeoutFuture::new(until.saturating_sub(now()).clamp(1, NAP) as u32).await,
                Action::Done(bytes) => return Ok(bytes),
                Action::Failed(error) => return Err(self.endpoint.redacted(error)),
            }
            report(on_progress, &task);
        }
    }
}

/// One request on its way: it can be cancelled, and is given up when the task's time is over.
struct Flight<'a> {
    repair: &'a EndpointRepair,
    controller: AbortController,
    _timeout: Timeout,
}

impl<'a> Flight<'a> {
    fn start(repair: &'a EndpointRepair, task: &mut Task) -> Result<Self, Error> {
        let controller = AbortController::new().map_err(|_| Error::internal("no AbortController"))?;
        *repair.in_flight.borrow_mut() = Some(controller.clone());
        let time = match task.poll(now()) {
            Action::Wait { until } => until.saturating_sub(now()),
            _ => 0,
        };
        let late = controller.clone();
        let timeout = Timeout::new(u32::try_from(time).unwrap_or(u32::MAX), move || late.abort());
        Ok(Self { repair, controller, _timeout: timeout })
    }

    fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// The reply, or nothing when the request was given up: then the task knows why.
    fn land<T>(&self, reply: Result<T, NoReply>) -> Option<Result<T, NoReply>> {
        (reply.is_ok() || !self.controller.signal().aborted()).then_some(reply)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.repair.in_flight.borrow_mut().take();
    }
}

fn take_reply(task: &mut Task, reply: Option<Result<RawReply, NoReply>>) {
    match reply {
        Some(Ok(RawReply { http_status, body })) => task.handle_reply(now(), http_status, body),
        Some(Err(NoReply)) => task.handle_failure(),
        None => {}
    }
}

/// A callback that throws does not end the repair.
fn report(on_progress: &OnProgress, task: &Task) {
    if let Some(callback) = on_progress.dyn_ref::<Function>() {
        let _ = callback.call1(&JsValue::UNDEFINED, &(f64::from(task.progress()) / 100.0).into());
    }
}

fn now() -> u64 {
    performance_now() as u64
}
