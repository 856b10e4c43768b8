//! The relay: another endpoint does the work, and this server holds its key.
//!
//! | module | holds |
//! |---|---|
//! | `upstream` | which endpoint, which key; what is asked of clients because it costs money |
//! | `turns` | the account's rate over all clients, in a fair line |
//! | `files` | what is sent: stripped, upright, as files or as links |
//! | `transport` | one request, one answer |
//! | `outcome` | the result as a picture of ours; the upstream's errors in our words |
//!
//! What is sent when, and what may be sent twice, is the core's task machine; here it is driven with
//! this machine's clock and network. The upstream's task id is kept as soon as it is known, so that
//! a restart goes on asking and does not pay again.

mod files;
mod outcome;
mod transport;
mod turns;
mod upstream;

pub use upstream::Upstream;
pub(crate) use upstream::guarded;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use reweave::contract::{Endpoint, Response, state};
use reweave::limiter::Limiter;
use reweave::task::{Action, Rules, Task, Ticket};
use tokio::sync::oneshot;
use url::Url;
use uuid::Uuid;

use crate::config::{Options, StartError};
use crate::download::{Bound, Downloads};
use crate::links::Links;
use crate::spool::Spool;
use crate::store;
use crate::tasks::{Assignment, End, Queue, Worker};
use files::Files;
use outcome::{NOT_SENT_TWICE, Words};
use transport::{NoReply, Transport};
use turns::{Kind, Turns};

/// For a create's answer when the endpoint shuts down: its task id is worth the wait.
const LAST_ANSWER: Duration = Duration::from_millis(800);

/// What is opened and checked before a relay can start.
pub(crate) struct Opened {
    endpoint: Arc<Endpoint>,
    transport: Transport,
    base: String,
}

/// Has tasks done by another endpoint.
pub(crate) struct Relay {
    endpoint: Arc<Endpoint>,
    transport: Transport,
    /// The public URL without a slash at its end; empty where the upstream takes files.
    base: String,
    links: Links,
    turns: Turns,
    queue: Queue,
    downloads: Downloads,
    spool: Spool,
    start: Instant,
}

/// What a relay shares with the rest of the endpoint.
pub(crate) struct Parts {
    pub(crate) links: Links,
    pub(crate) queue: Queue,
    pub(crate) downloads: Downloads,
    pub(crate) spool: Spool,
}

impl Opened {
    pub(crate) fn open(upstream: &Upstream, options: &Options) -> Result<Self, StartError> {
        let endpoint = upstream.endpoint()?;
        let base = options.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
        if !endpoint.takes_files() && (base.is_empty() || base.len() > Relay::longest_base()) {
            let reason = "this endpoint takes addresses only: --public-url, a short one, must say where it finds them";
            return Err(StartError::Upstream { reason: reason.into() });
        }
        Ok(Self { endpoint: Arc::new(endpoint), transport: Transport::new()?, base: base.into() })
    }
}

impl Relay {
    /// A relay that runs. Call it inside a tokio runtime.
    pub(crate) fn new(opened: Opened, parts: Parts) -> Self {
        let Opened { endpoint, transport, base } = opened;
        let Parts { links, queue, downloads, spool } = parts;
        tracing::info!(profile = endpoint.profile().id, host = endpoint.host(), "relays to another endpoint");
        if endpoint.credential().is_some() && endpoint.is_readable_on_the_way() {
            tracing::warn!("the upstream's key goes over plain http and can be read on its way");
        }
        let turns = Turns::new(endpoint.profile().per_second);
        Self { endpoint, transport, base, links, turns, queue, downloads, spool, start: Instant::now() }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn rules(&self) -> Rules {
        let profile = self.endpoint.profile();
        let repeats_create = !profile.idempotency.is_empty();
        Rules { answers: profile.answers, repeats_create, timing: profile.timing }
    }
}

impl Worker for Relay {
    fn work(&self, task: Arc<Assignment>) -> BoxFuture<'_, End> {
        Box::pin(async move { Job::new(self, &task).run().await.unwrap_or_else(|end| end) })
    }
}

/// One task on its way through the upstream.
struct Job<'a> {
    relay: &'a Relay,
    task: &'a Assignment,
    machine: Task,
    files: Option<Files>,
}

impl<'a> Job<'a> {
    fn new(relay: &'a Relay, task: &'a Assignment) -> Self {
        // Any number will do; it spreads waits.
        let seed = task.record.id.as_u128() as u64;
        let machine = match &task.record.upstream {
            store::Upstream::Known(id) => Task::resumed(relay.rules(), seed, relay.now(), id.clone()),
            _ => Task::new(relay.rules(), seed),
        };
        Self { relay, task, machine, files: None }
    }

    /// Drives the machine to the end of the task; `Err` is an end as well.
    async fn run(mut self) -> Result<End, End> {
        if self.task.record.upstream == store::Upstream::Sending && !self.relay.rules().repeats_create {
            return Err(End::Failed(state::FAILED, NOT_SENT_TWICE.into()));
        }
        let words = Words(&self.relay.endpoint);
        // What goes when is for the turns to say: this one lets everything through.
        let mut open = Limiter::new(u32::MAX);
        loop {
            let turn = self.turn().await?;
            self.task.progress(f32::from(self.machine.progress()) / 100.0);
            match self.machine.poll(self.relay.now(), &mut open) {
                Action::Create(ticket) => self.create(ticket).await?,
                Action::Query(ticket, id) => self.query(ticket, &id).await?,
                Action::Fetch(ticket, link) => {
                    if let Some(end) = self.fetch(ticket, &link).await? {
                        return Ok(end);
                    }
                }
                Action::Wait { until } => self.sleep(until).await?,
                Action::Done(delivery) => return outcome::delivered(self.relay, self.task, delivery).await,
                Action::Failed(error) => return Err(words.end(error)),
            }
            drop(turn);
        }
    }

    /// Waits until the request that is due may go; what it needs is made before.
    async fn turn(&mut self) -> Result<Option<turns::Turn>, End> {
        if !self.machine.is_due(self.relay.now()) {
            return Ok(None);
        }
        let kind = if self.machine.task_id().is_some() { Kind::Poll } else { Kind::Create };
        if kind == Kind::Create && self.files.is_none() {
            self.files = Some(Files::make(self.relay, self.task).await?);
        }
        tokio::select! {
            biased;
            () = self.task.stop.wait() => Err(End::HandedBack),
            turn = self.relay.turns.take(self.task.record.client, kind) => Ok(turn),
        }
    }

    async fn create(&mut self, ticket: Ticket) -> Result<(), End> {
        let files = self.files.as_ref().ok_or_else(|| files::lost(self.task, &"nothing is prepared"))?;
        let body = files.body(self.relay, self.task).await?;
        self.note(store::Upstream::Sending).await?;
        let (sent, mut gone) = oneshot::channel();
        let key = repeat_key(self.task.record.id);
        let flight = self.relay.transport.create(&self.relay.endpoint, body, &key, sent);
        let mut flight = std::pin::pin!(flight);
        let stop = self.task.stop.clone();
        let mut stopped = std::pin::pin!(async move {
            stop.wait().await;
            tokio::time::sleep(LAST_ANSWER).await;
        });
        let mut on_its_way = true;
        loop {
            let until = self.given_up_at();
            tokio::select! {
                reply = &mut flight => {
                    self.take(ticket, reply);
                    break;
                }
                told = &mut gone, if on_its_way => {
                    on_its_way = false;
                    if told.is_ok() {
                        self.machine.handle_sent(self.relay.now(), ticket);
                    }
                }
                () = tokio::time::sleep_until(until) => break,
                () = &mut stopped => return Err(End::HandedBack),
            }
        }
        match self.machine.task_id() {
            Some(id) => self.note(store::Upstream::Known(id.to_owned())).await,
            // It was not accepted and goes out again: nothing exists there.
            None if self.machine.is_due(u64::MAX) && !self.relay.rules().repeats_create => {
                self.note(store::Upstream::NotSent).await
            }
            None => Ok(()),
        }
    }

    async fn query(&mut self, ticket: Ticket, id: &str) -> Result<(), End> {
        let until = self.given_up_at();
        let reply = tokio::select! {
            reply = self.relay.transport.query(&self.relay.endpoint, id) => reply,
            () = tokio::time::sleep_until(until) => return Ok(()),
            () = self.task.stop.wait() => return Err(End::HandedBack),
        };
        self.take(ticket, reply);
        Ok(())
    }

    /// Fetches a result through the guard: whatever address the upstream named, it is not ours.
    async fn fetch(&mut self, ticket: Ticket, link: &str) -> Result<Option<End>, End> {
        let Ok(url) = Url::parse(link) else {
            self.machine.handle_failure(self.relay.now(), ticket);
            return Ok(None);
        };
        let until = self.given_up_at();
        let fetched = tokio::select! {
            fetched = self.relay.downloads.get(&url, &self.relay.spool, Bound::RESULT) => fetched,
            () = tokio::time::sleep_until(until) => return Ok(None),
            () = self.task.stop.wait() => return Err(End::HandedBack),
        };
        match fetched {
            Ok(file) => outcome::fetched(self.relay, self.task, file).await.map(Some),
            Err(crate::download::Failure::TooLarge) => Err(outcome::too_large()),
            Err(crate::download::Failure::NotDownloaded) => {
                self.machine.handle_failure(self.relay.now(), ticket);
                Ok(None)
            }
        }
    }

    fn take(&mut self, ticket: Ticket, reply: Result<Response, NoReply>) {
        match reply {
            Ok(response) => self.machine.handle_response(self.relay.now(), ticket, response),
            Err(NoReply) => self.machine.handle_failure(self.relay.now(), ticket),
        }
    }

    /// When the machine no longer waits for the request that flies.
    fn given_up_at(&mut self) -> tokio::time::Instant {
        let until = match self.machine.poll(self.relay.now(), &mut Limiter::new(u32::MAX)) {
            Action::Wait { until } => until,
            _ => 0,
        };
        self.relay.at(until)
    }

    async fn sleep(&self, until: u64) -> Result<(), End> {
        tokio::select! {
            biased;
            () = self.task.stop.wait() => Err(End::HandedBack),
            () = tokio::time::sleep_until(self.relay.at(until)) => Ok(()),
        }
    }

    /// Keeps what is known of the task there, before anything follows from it.
    async fn note(&self, upstream: store::Upstream) -> Result<(), End> {
        let kept = self.task.tasks.set_upstream(self.task.record.id, upstream).await;
        kept.map_err(|fault| files::lost(self.task, &fault))
    }
}

impl Relay {
    fn at(&self, milliseconds: u64) -> tokio::time::Instant {
        // A clock in whole milliseconds has to reach the number.
        (self.start + Duration::from_millis(milliseconds.saturating_add(1))).into()
    }
}

/// The same for the same task, in each run.
fn repeat_key(task: Uuid) -> String {
    format!("reweave-{task}")
}
