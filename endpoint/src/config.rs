//! What an endpoint is made from: opened and checked once, so that [`crate::app()`] cannot fail.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::blobs::Blobs;
use crate::download::Downloads;
use crate::gate::Gate;
use crate::links::Links;
use crate::relay::{self, Opened, Upstream};
use crate::secret::Secret;
use crate::spool::Spool;
use crate::store::{DiskStore, Record, Store};
use crate::tasks::Timing;

/// What the command line and the environment say.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder for tasks, their files and the secret of the links; made where there is none. Only one
    /// process can use it.
    pub data_dir: PathBuf,
    /// Folder of the built page.
    pub page_dir: Option<PathBuf>,
    /// File with the accepted keys, one a line. Without it no key is needed.
    pub keys_file: Option<PathBuf>,
    /// Whether `image_url` may point into private networks: for development only.
    pub allow_private_urls: bool,
    /// Most creates and queries of one client in any second; none for no limit.
    pub qps: Option<u32>,
    /// Most creates of one client in a day (UTC). None is no limit, but for a relay that strangers
    /// reach: there it is 100.
    pub quota: Option<u32>,
    /// What a create or a query needs.
    pub require: Access,
    /// Whether a client's address is the last of `X-Forwarded-For`: only where a proxy sets it.
    pub behind_proxy: bool,
    /// Other origins whose pages may ask here; `*` for all.
    pub allow_origins: Vec<String>,
    /// Where browsers reach this server, if it is not what their Host header says.
    pub public_url: Option<String>,
    /// Names that the Host header may hold, beside that of the public URL.
    pub allow_hosts: Vec<String>,
    /// The address that is listened at; none if the Host header is not to be judged.
    pub bound_to: Option<IpAddr>,
    /// Another endpoint that does the work; none for our own fill.
    pub upstream: Option<Upstream>,
    /// How many requests may wait beside those that are worked on.
    pub queue: usize,
    /// How long a repair may take.
    pub processing: Duration,
    /// How long a finished task, its result and its link live.
    pub keep: Duration,
}

/// What a create or a query needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// A key where keys are configured, else nothing.
    #[default]
    Open,
    /// A key, or the session that the page was given: for a public server whose page has no key.
    KeyOrSession,
}

/// A checked configuration: folders exist, keys and the secret are read, and so are the tasks that
/// an earlier run left.
pub struct Config {
    pub(crate) page_dir: Option<PathBuf>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) links: Links,
    pub(crate) store: Arc<dyn Store>,
    /// What an earlier run left unfinished, in the order of creation.
    pub(crate) unfinished: Vec<Record>,
    pub(crate) blobs: Blobs,
    pub(crate) spool: Spool,
    pub(crate) downloads: Downloads,
    pub(crate) relay: Option<Opened>,
    pub(crate) queue: usize,
    pub(crate) timing: Timing,
    pub(crate) stop: Stop,
}

/// Tells running repairs to end: set it when the endpoint shuts down. What did not end by then is
/// worked on after the next start.
#[derive(Debug, Clone, Default)]
pub struct Stop(watch::Sender<bool>);

/// Why an endpoint cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A file or folder cannot be used.
    #[error("{what} {} cannot be used: {reason}", path.display())]
    File {
        /// What it is for.
        what: &'static str,
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The keys file holds no key.
    #[error("the keys file {} holds no key: one a line is needed", path.display())]
    NoKeys {
        /// Where it is.
        path: PathBuf,
    },
    /// An option has a value that it cannot have.
    #[error("{name} is {value:?}, must be {expected}")]
    Option {
        /// Its name on the command line.
        name: &'static str,
        /// The value as it was given.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// The endpoint that should do the work cannot be used.
    #[error("--upstream cannot be used: {reason}")]
    Upstream {
        /// What is wrong; neither its address nor its key.
        reason: String,
    },
    /// A client for requests to other servers cannot be made.
    #[error("requests to other servers are not possible: {reason}")]
    Downloads {
        /// What is known of it.
        reason: String,
    },
}

impl Options {
    /// The contract's bounds (2 requests a second, 30 s, one hour), 64 waiting, results in `data_dir`.
    #[must_use]
    pub const fn new(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            page_dir: None,
            keys_file: None,
            allow_private_urls: false,
            qps: Some(2),
            quota: None,
            require: Access::Open,
            behind_proxy: false,
            allow_origins: Vec::new(),
            public_url: None,
            allow_hosts: Vec::new(),
            bound_to: None,
            upstream: None,
            queue: 64,
            processing: Duration::from_secs(30),
            keep: Duration::from_secs(3600),
        }
    }
}

impl Config {
    /// Opens what the options name.
    ///
    /// # Errors
    /// [`StartError`], with the path and what the system says of it.
    pub fn open(options: &Options) -> Result<Self, StartError> {
        let options = &relay::guarded(options)?;
        if let Some(dir) = &options.page_dir {
            let index = dir.join("index.html");
            std::fs::metadata(&index).map_err(|e| StartError::file("the page's", &index, &e))?;
        }
        let data_dir = &options.data_dir;
        std::fs::create_dir_all(data_dir).map_err(|e| StartError::file("the data folder", data_dir, &e))?;
        // The store first: it refuses a folder that another process uses, before anything is removed.
        let (store, records) = DiskStore::open(data_dir)?;
        let secret = Secret::open(data_dir)?;
        Ok(Self {
            page_dir: options.page_dir.clone(),
            gate: Arc::new(Gate::open(options, &secret)?),
            links: Links::new(secret),
            store: Arc::new(store),
            blobs: Blobs::open(data_dir, &records)?,
            unfinished: records.into_iter().filter(|record| !record.is_final()).collect(),
            spool: Spool::open(data_dir)?,
            downloads: Downloads::new(options.allow_private_urls)?,
            relay: options.upstream.as_ref().map(|upstream| Opened::open(upstream, options)).transpose()?,
            queue: options.queue,
            timing: Timing { processing: options.processing, keep: options.keep },
            stop: Stop::default(),
        })
    }

    /// What ends the running repairs of this endpoint.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }
}

impl Stop {
    /// Ends running repairs at their next step; what waits is not begun.
    pub fn set(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is set.
    pub(crate) async fn wait(&self) {
        // An error would say that no sender is left, but this is one.
        let _ = self.0.subscribe().wait_for(|set| *set).await;
    }
}

impl StartError {
    pub(crate) fn file(what: &'static str, path: &Path, error: &std::io::Error) -> Self {
        Self::File { what, path: path.into(), reason: error.to_string() }
    }

    pub(crate) fn option(name: &'static str, value: &str, expected: &'static str) -> Self {
        Self::Option { name, value: value.into(), expected }
    }
}
