//! One repair at an endpoint: drives the task machine with the browser's clock and network.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Math, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use super::convert::{self, argument, from_js, to_js};
use super::error::Fault;
use super::flight::{Cancel, Flight};
use super::marks::Mask;
use super::transport::{self, NoReply};
use super::types::{EndpointSettings, JsDelivery, JsLimits, JsProfiles, OnProgress, RepairRequest, UploadSettings};
use crate::contract::{
    self, Answers, BodyForm, Credential, Delivered, PROFILES, Region, Response, ReturnType, Source, expiry,
};
use crate::error::{Error, Result};
use crate::geometry::{MAX_SIDE, Rectangle, Size};
use crate::limiter::Limiter;
use crate::task::{Action, Delivery, Rules, Task, Ticket};

/// Longest wait without looking whether the user cancelled, in milliseconds.
const NAP: u64 = 50;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of a clock that never jumps, in windows and workers alike.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// What a page has to know of a kind of endpoint.
#[derive(Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ProfileInfo {
    id: &'static str,
    /// In English and in 简体中文.
    names: [&'static str; 2],
    /// Address of the create call: complete, a path of this page's server, or empty.
    url: &'static str,
    /// Address of a task, with `{create}` and `{task_id}` in it.
    query_url: &'static str,
    /// Header of the key; empty where no key is taken.
    header: &'static str,
    scheme: &'static str,
    needs_key: bool,
    /// Whether it takes addresses only.
    needs_upload: bool,
    /// The forms in which it takes a body, the best first.
    bodies: &'static [BodyForm],
    answers: Answers,
}

/// Where an endpoint is, the key to it and what it takes. The key stays in memory.
#[wasm_bindgen]
pub struct Endpoint(contract::Endpoint);

/// One repair at an endpoint. It can be run once and cancelled at any time.
#[wasm_bindgen]
pub struct EndpointRepair {
    endpoint: contract::Endpoint,
    limiter: Rc<RefCell<Limiter>>,
    cancel: Cancel,
    begun: Cell<bool>,
}

/// The upload of a picture or a mask, where an endpoint takes addresses only.
#[wasm_bindgen]
pub struct Upload {
    upload: contract::Upload,
    cancel: Cancel,
}

#[wasm_bindgen]
impl Endpoint {
    /// The kinds of endpoints that are known.
    pub fn profiles() -> Result<JsProfiles, Fault> {
        let info = |profile: &contract::Profile| ProfileInfo {
            id: profile.id,
            names: profile.names,
            url: profile.url,
            query_url: profile.query,
            header: profile.header,
            scheme: profile.scheme,
            needs_key: profile.needs_key,
            needs_upload: profile.needs_upload(),
            bodies: profile.bodies,
            answers: profile.answers,
        };
        let all: Vec<ProfileInfo> = PROFILES.iter().map(info).collect();
        Ok(to_js(&all)?.unchecked_into())
    }

    /// An endpoint of a known kind, with what differs from it.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: EndpointSettings) -> Result<Endpoint, Fault> {
        Ok(Self(contract::Endpoint::from_settings(&from_js(settings.into()))?))
    }

    /// Host and port that what is sent goes to.
    #[wasm_bindgen(getter)]
    pub fn host(&self) -> String {
        self.0.host().into()
    }

    /// Name of the header that a key is sent in, if one is.
    #[wasm_bindgen(getter, js_name = keyHeader)]
    pub fn key_header(&self) -> Option<String> {
        self.0.credential().map(Credential::header).map(Into::into)
    }

    /// Whether what is sent can be read on its way: plain http to another machine.
    #[wasm_bindgen(getter, js_name = isReadableOnTheWay)]
    pub fn is_readable_on_the_way(&self) -> bool {
        self.0.is_readable_on_the_way()
    }

    /// Whether a local picture can be sent as it is; if not, it has to be uploaded first.
    #[wasm_bindgen(getter, js_name = takesFiles)]
    pub fn takes_files(&self) -> bool {
        self.0.takes_files()
    }

    /// Whether it takes the address of a picture.
    #[wasm_bindgen(getter, js_name = takesUrls)]
    pub fn takes_urls(&self) -> bool {
        self.0.takes_urls()
    }

    /// Refuses a picture that cannot be sent: a file where only addresses are taken and nothing
    /// uploads it, an address where none is taken.
    #[wasm_bindgen(js_name = checkImage)]
    pub fn check_image(&self, is_address: bool) -> Result<(), Fault> {
        let image = if is_address { Source::Url("") } else { Source::File { bytes: &[], mime: "" } };
        Ok(self.0.check_image(image)?)
    }

    /// Whether it takes rectangles; where it does not, they go as a mask.
    #[wasm_bindgen(getter, js_name = takesRectangles)]
    pub fn takes_rectangles(&self) -> bool {
        self.0.takes_rectangles()
    }

    /// The bounds of a file for it.
    #[wasm_bindgen(getter)]
    pub fn limits(&self) -> Result<JsLimits, Fault> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Limits {
            max_bytes: f64,
            max_side: u32,
        }
        let profile = self.0.profile();
        Ok(to_js(&Limits { max_bytes: profile.max_bytes as f64, max_side: profile.max_side })?.unchecked_into())
    }

    /// Refuses a mask that marks nothing, everything, or more than it takes.
    #[wasm_bindgen(js_name = checkMask)]
    pub fn check_mask(&self, mask: &Mask) -> Result<(), Fault> {
        Ok(self.0.check_mask(&mask.0)?)
    }
}

/// A file or an address, with the MIME type that belongs to a file.
enum Given {
    File(Vec<u8>, String),
    Url(String),
}

impl Given {
    fn read(value: &JsValue, mime: &JsValue) -> Option<Self> {
        if let Some(url) = value.as_string() {
            return Some(Self::Url(url));
        }
        let bytes = value.dyn_ref::<Uint8Array>()?.to_vec();
        Some(Self::File(bytes, mime.as_string().unwrap_or_else(|| "image/png".into())))
    }

    fn source(&self) -> Source<'_> {
        match self {
            Self::File(bytes, mime) => Source::File { bytes, mime },
            Self::Url(url) => Source::Url(url),
        }
    }
}

#[wasm_bindgen]
impl EndpointRepair {
    /// A repair that has not begun. All repairs with one key share its endpoint's rate.
    #[wasm_bindgen(constructor)]
    pub fn new(endpoint: &Endpoint) -> EndpointRepair {
        let endpoint = endpoint.0.clone();
        let limiter = limiter_of(&endpoint);
        Self { endpoint, limiter, cancel: Cancel::default(), begun: Cell::new(false) }
    }

    /// Sends a picture and its region (rectangles, or else a mask), waits for the result and answers
    /// its file. `onProgress` hears what is being done and how much of it is.
    pub async fn run(&self, request: RepairRequest, on_progress: OnProgress) -> Result<JsDelivery, Fault> {
        if self.begun.replace(true) {
            return Err(Error::OutOfOrder { call: "run".into(), reason: "this repair has run".into() }.into());
        }
        let field = |name: &str| Reflect::get(&request, &name.into()).unwrap_or_default();
        let image = Given::read(&field("image"), &field("mime"));
        let image = image.ok_or_else(|| argument("image", "a file or an address is needed"))?;
        let mask = Given::read(&field("mask"), &JsValue::UNDEFINED);
        let list = match convert::rectangles(field("rectangles"))? {
            // Of any picture: what the rectangles lie in was judged when they were drawn.
            Some(list) => Some(Rectangle::check_all(&list, Size::new(MAX_SIDE, MAX_SIDE)?)?),
            None => None,
        };
        let region = match (&list, &mask) {
            (Some(list), _) => Region::Rectangles(list),
            (None, Some(mask)) => Region::Mask(mask.source()),
            (None, None) => return Err(argument("region", "rectangles or a mask are needed").into()),
        };
        let return_type = if field("asLink").is_truthy() { ReturnType::Url } else { ReturnType::Base64 };
        let parts = self.endpoint.parts(image.source(), region, return_type)?;
        Ok(delivered(self.drive(&parts, &on_progress).await?)?)
    }

    /// Ends it: `run` rejects with the code `cancelled`.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

impl EndpointRepair {
    async fn drive(&self, parts: &[contract::Part<'_>], on_progress: &OnProgress) -> Result<Delivery> {
        let profile = self.endpoint.profile();
        let rules =
            Rules { answers: profile.answers, repeats_create: !profile.idempotency.is_empty(), timing: profile.timing };
        let repeat_key = random_key();
        let mut task = Task::new(rules, Math::random().to_bits());
        loop {
            if self.cancel.is_cancelled() {
                task.handle_cancel();
            }
            let action = task.poll(now(), &mut self.limiter.borrow_mut());
            report(on_progress, &task, &action);
            match action {
                Action::Create(ticket) => {
                    let flight = self.flight(&mut task)?;
                    let reply = transport::create(&self.endpoint, parts, &repeat_key, &flight.signal()).await;
                    take_response(&mut task, ticket, flight.land(reply));
                }
                Action::Query(ticket, task_id) => {
                    let flight = self.flight(&mut task)?;
                    let reply = transport::query(&self.endpoint, &task_id, &flight.signal()).await;
                    take_response(&mut task, ticket, flight.land(reply));
                }
                Action::Fetch(ticket, link) => {
                    let flight = self.flight(&mut task)?;
                    match flight.land(transport::fetch(&link, &flight.signal()).await) {
                        Some(Ok((status, bytes))) => task.handle_result(now(), ticket, status, bytes),
                        Some(Err(NoReply)) => task.handle_failure(now(), ticket),
                        None => {}
                    }
                }
                Action::Wait { until } => TimeoutFuture::new(until.saturating_sub(now()).clamp(1, NAP) as u32).await,
                Action::Done(delivery) => return Ok(delivery),
                Action::Failed(error) => return Err(self.endpoint.redacted(error)),
            }
        }
    }

    /// A request that is given up when the task no longer waits for it.
    fn flight(&self, task: &mut Task) -> Result<Flight<'_>> {
        let time = match task.poll(now(), &mut self.limiter.borrow_mut()) {
            Action::Wait { until } => until.saturating_sub(now()),
            _ => 0,
        };
        self.cancel.flight(time)
    }
}

fn take_response(task: &mut Task, ticket: Ticket, reply: Option<Result<Response, NoReply>>) {
    match reply {
        Some(Ok(response)) => task.handle_response(now(), ticket, response),
        Some(Err(NoReply)) => task.handle_failure(now(), ticket),
        None => {}
    }
}

/// What is being done, and how much of the task is. A callback that throws does not end the repair.
fn report(on_progress: &OnProgress, task: &Task, action: &Action) {
    let doing = match action {
        Action::Create(_) => "send",
        Action::Fetch(..) => "fetch",
        Action::Query(..) | Action::Wait { .. } if task.task_id().is_some() => "wait",
        _ => return,
    };
    if let Some(callback) = on_progress.dyn_ref::<Function>() {
        let fraction = f64::from(task.progress()) / 100.0;
        let _ = callback.call2(&JsValue::UNDEFINED, &doing.into(), &fraction.into());
    }
}

fn delivered(Delivery { file, link }: Delivery) -> Result<JsDelivery> {
    let bytes = match file {
        Delivered::Bytes(bytes) => bytes,
        Delivered::Base64(text) => convert::from_base64(&text)?,
        Delivered::Link(_) => return Err(Error::internal("a link was not fetched")),
    };
    let object = Object::new();
    let expires = link.as_deref().and_then(expiry).map(|seconds| seconds as f64);
    let fields =
        [("bytes", Uint8Array::from(bytes.as_slice()).into()), ("link", link.into()), ("expires", expires.into())];
    for (name, value) in fields {
        let value: JsValue = value;
        let value = if value.is_undefined() { JsValue::NULL } else { value };
        Reflect::set(&object, &name.into(), &value).map_err(|_| Error::internal("a property cannot be set"))?;
    }
    Ok(object.unchecked_into())
}

#[wasm_bindgen]
impl Upload {
    /// An upload by its settings.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: UploadSettings) -> Result<Upload, Fault> {
        let upload = contract::Upload::from_settings(&from_js(settings.into()))?;
        Ok(Self { upload, cancel: Cancel::default() })
    }

    /// Refuses to upload several files where the address is that of one.
    #[wasm_bindgen(js_name = checkCount)]
    pub fn check_count(&self, files: u32) -> Result<(), Fault> {
        Ok(self.upload.check_count(files)?)
    }

    /// Host and port that files are uploaded to.
    #[wasm_bindgen(getter)]
    pub fn host(&self) -> String {
        self.upload.host().into()
    }

    /// Whether a file can be read on its way: plain http to another machine.
    #[wasm_bindgen(getter, js_name = isReadableOnTheWay)]
    pub fn is_readable_on_the_way(&self) -> bool {
        self.upload.is_readable_on_the_way()
    }

    /// Uploads a file under a name and answers the address at which an endpoint can read it.
    pub async fn send(&self, bytes: &[u8], mime: &str, name: &str) -> Result<String, Fault> {
        if self.cancel.is_cancelled() {
            return Err(Error::Cancelled.into());
        }
        let flight = self.cancel.flight(contract::Timing::CONTRACT.upload)?;
        let reply = flight.land(transport::upload(&self.upload, bytes, mime, name, &flight.signal()).await);
        let (status, answer) = match reply {
            Some(Ok(answered)) => answered,
            None if self.cancel.is_cancelled() => return Err(Error::Cancelled.into()),
            Some(Err(NoReply)) | None => return Err(Error::UploadUnreachable.into()),
        };
        if !(200..300).contains(&status) {
            return Err(Error::UploadStatus { status }.into());
        }
        Ok(match self.upload.method() {
            contract::Method::Put => self.upload.read_url(name)?,
            contract::Method::Post => self.upload.answered_url(&answer)?,
        })
    }

    /// Ends it: `send` rejects with the code `cancelled`.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

thread_local! {
    /// One limiter an account, by a hash of host and key: no key is kept here.
    static LIMITERS: RefCell<Vec<(u64, Rc<RefCell<Limiter>>)>> = const { RefCell::new(Vec::new()) };
}

/// FNV-1a; the standard library's hash weighs more than all else here. Two accounts of one hash would
/// share a rate.
fn account(endpoint: &contract::Endpoint) -> u64 {
    let key = endpoint.credential().map(Credential::value).unwrap_or_default();
    let bytes = endpoint.host().bytes().chain([0]).chain(key.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn limiter_of(endpoint: &contract::Endpoint) -> Rc<RefCell<Limiter>> {
    let per_second = endpoint.profile().per_second;
    let account = account(endpoint) ^ u64::from(per_second);
    LIMITERS.with_borrow_mut(|limiters| {
        let now = now();
        limiters.retain(|(_, limiter)| Rc::strong_count(limiter) > 1 || !limiter.borrow().is_idle(now));
        if let Some((_, limiter)) = limiters.iter().find(|(known, _)| *known == account) {
            return Rc::clone(limiter);
        }
        let limiter = Rc::new(RefCell::new(Limiter::new(per_second)));
        limiters.push((account, Rc::clone(&limiter)));
        limiter
    })
}

/// 128 random bits in decimal; `crypto.randomUUID` is missing on plain http.
fn random_key() -> String {
    let word = || ((Math::random() * f64::from(u32::MAX)) as u32).to_string();
    [&word(), "-", &word(), "-", &word(), "-", &word()].concat()
}

fn now() -> u64 {
    performance_now() as u64
}
