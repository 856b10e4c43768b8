//! The door: every request passes the check of its host, and a create or a query also those of its
//! origin, its key or session, and what its client may ask in a second and in a day. A request
//! that is refused is refused before its body is read.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::client::Client;
use crate::config::{Access, Options, StartError};
use crate::error::{Refusal, Result};
use crate::intake::discard;
use crate::keys::Keys;
use crate::quota::Quota;
use crate::rate::Rates;
use crate::secret::Secret;
use crate::session::Sessions;
use crate::site::Site;
use crate::tasks::unix_now;

/// All that is asked at the door.
pub(crate) struct Gate {
    pub(crate) site: Site,
    keys: Keys,
    /// Where one is needed of those who have no key.
    pub(crate) sessions: Option<Sessions>,
    rates: Option<Rates>,
    quota: Option<Arc<Quota>>,
    behind_proxy: bool,
    secret: Secret,
    start: Instant,
}

impl Gate {
    pub(crate) fn open(options: &Options, secret: &Secret) -> Result<Self, StartError> {
        let site = Site::new(options)?;
        let quota = options.quota.map(|per_day| Quota::open(per_day, &options.data_dir, secret.clone()).map(Arc::new));
        Ok(Self {
            keys: options.keys_file.as_deref().map(Keys::read).transpose()?.unwrap_or_default(),
            sessions: match options.require {
                Access::Open => None,
                Access::KeyOrSession => Some(Sessions::new(secret.clone(), site.is_https())),
            },
            rates: options.qps.map(Rates::new),
            quota: quota.transpose()?,
            behind_proxy: options.behind_proxy,
            secret: secret.clone(),
            start: Instant::now(),
            site,
        })
    }

    /// What saves the counts of the quota, as long as it is used.
    pub(crate) fn quota(&self) -> Option<std::sync::Weak<Quota>> {
        self.quota.as_ref().map(Arc::downgrade)
    }

    /// Lets a create or a query in, and says whose it is.
    fn judge(&self, parts: &Parts) -> Result<Client> {
        self.site.check_origin(&parts.headers)?;
        let client = self.client(parts);
        // A wrong key counts as well, by its address: guessing is held to the rate.
        self.admit(*client.as_ref().unwrap_or(&Client::by_address(parts, self.behind_proxy)))?;
        client
    }

    fn admit(&self, client: Client) -> Result<()> {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.rates.as_ref().map_or(Ok(()), |rates| rates.admit(client, now))
    }

    fn client(&self, parts: &Parts) -> Result<Client> {
        let by_address = || Client::by_address(parts, self.behind_proxy);
        match (self.keys.check(&parts.headers), &self.sessions) {
            (Ok(Some(key)), _) => Ok(Client::Key(key)),
            (_, Some(sessions)) if sessions.check(&parts.headers, unix_now()) => Ok(by_address()),
            (_, Some(_)) => Err(Refusal::Session),
            (Ok(None), None) => Ok(by_address()),
            (Err(refusal), None) => Err(refusal),
        }
    }

    /// What stands for a client where it is kept.
    pub(crate) fn digest(&self, client: Client) -> [u8; 32] {
        client.digest(&self.secret)
    }

    fn spend(&self, client: Client) -> Result<Client> {
        self.quota.as_ref().map_or(Ok(()), |quota| quota.take(client, unix_now())).map(|()| client)
    }

    fn give_back(&self, client: Client) {
        if let Some(quota) = &self.quota {
            quota.give_back(client, unix_now());
        }
    }
}

/// Around every route: answers to this server's own names only.
pub(crate) async fn host(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    match gate.site.check_host(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refuse(refusal, request.into_body()).await,
    }
}

/// Around a query.
pub(crate) async fn query(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match gate.judge(&parts) {
        Ok(client) => {
            parts.extensions.insert(client);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(refusal) => refuse(refusal, body).await,
    }
}

/// Says of an answer that its task is an earlier request's.
#[derive(Clone)]
pub(crate) struct Repeated;

/// Around a create, which the quota counts unless it is refused further in or makes no new task.
pub(crate) async fn create(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let client = match gate.judge(&parts).and_then(|client| gate.spend(client)) {
        Ok(client) => client,
        Err(refusal) => return refuse(refusal, body).await,
    };
    parts.extensions.insert(client);
    let response = next.run(Request::from_parts(parts, body)).await;
    if !response.status().is_success() || response.extensions().get::<Repeated>().is_some() {
        gate.give_back(client);
    }
    response
}

async fn refuse(refusal: Refusal, body: Body) -> Response {
    discard(body).await;
    refusal.into_response()
}
