//! Downloads of `image_url` and `mask_url`, guarded against requests into our own network (SSRF).
//!
//! What counts is the *connected* address: names are resolved by our own resolver, which hands the
//! connector public addresses only, so a name that changes its answer between check and use finds
//! nothing. Literal addresses never reach a resolver and are judged in the URL; every redirect is
//! judged like the first URL. Decimal, octal and short forms of IPv4 need no rule: the `url` crate
//! has turned them into addresses already (WHATWG URL, host parsing).
//! No proxy is used: its variables would move the connection out of this guard.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, Response};
use reweave::picture::Limits;
use url::{Host, Url};

use crate::address::is_public;
use crate::config::StartError;
use crate::spool::{Spool, Spooled};

/// For a connection to be made.
const CONNECTING: Duration = Duration::from_secs(10);

const MAX_REDIRECTS: usize = 3;

/// Fetches files.
#[derive(Clone)]
pub(crate) struct Downloads {
    client: Client,
    reach: Reach,
}

/// How much a download may be, and how long it may take with its redirects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    pub(crate) bytes: u64,
    pub(crate) time: Duration,
}

impl Bound {
    /// The contract's for a picture or a mask.
    pub(crate) const INPUT: Self = Self { bytes: Limits::CONTRACT.max_bytes, time: Duration::from_secs(10) };
    /// For another endpoint's result: 4096 × 4096 pixels as PNG, coded as badly as can be.
    pub(crate) const RESULT: Self = Self { bytes: 64 * 1024 * 1024, time: Duration::from_secs(30) };
}

/// Why there is no file. What exactly went wrong is not told: a caller could map our network by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Refused, unreachable, too slow, or not answered with success.
    NotDownloaded,
    /// Over the bound.
    TooLarge,
}

/// Which addresses are let through.
#[derive(Clone, Copy)]
struct Reach(fn(IpAddr) -> bool);

impl Downloads {
    pub(crate) fn new(allow_private: bool) -> Result<Self, StartError> {
        Self::within(Reach(if allow_private { |_| true } else { is_public }))
    }

    fn within(reach: Reach) -> Result<Self, StartError> {
        Ok(Self { client: built(|| builder(reach))?, reach })
    }

    /// The file at `url`, on the disk.
    pub(crate) async fn get(&self, url: &Url, spool: &Spool, bound: Bound) -> Result<Spooled, Failure> {
        if !self.reach.lets_through(url) {
            return Err(Failure::NotDownloaded);
        }
        let transfer = async {
            let response = self.client.get(url.clone()).send().await.map_err(|_| Failure::NotDownloaded)?;
            self.read(response, spool, bound.bytes).await
        };
        tokio::time::timeout(bound.time, transfer).await.unwrap_or(Err(Failure::NotDownloaded))
    }

    async fn read(&self, mut response: Response, spool: &Spool, max: u64) -> Result<Spooled, Failure> {
        let connected = response.remote_addr().map(|address| address.ip());
        if !response.status().is_success() || !connected.is_none_or(|ip| (self.reach.0)(ip)) {
            return Err(Failure::NotDownloaded);
        }
        if response.content_length().is_some_and(|length| length > max) {
            return Err(Failure::TooLarge);
        }
        let mut file = spool.begin().map_err(not_kept)?;
        while let Some(chunk) = response.chunk().await.map_err(|_| Failure::NotDownloaded)? {
            if file.length() + chunk.len() as u64 > max {
                return Err(Failure::TooLarge);
            }
            file.write(&chunk).await.map_err(not_kept)?;
        }
        file.finish().await.map_err(not_kept)
    }
}

/// A client with the system's certificates; where there are none it can do plain http only.
pub(crate) fn built(builder: impl Fn() -> ClientBuilder) -> Result<Client, StartError> {
    // An error says that some provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = builder().build().or_else(|error| {
        tracing::warn!(%error, "the system's certificates cannot be read: https will fail");
        builder().tls_certs_only([]).build()
    });
    client.map_err(|e| StartError::Downloads { reason: e.to_string() })
}

fn not_kept(error: std::io::Error) -> Failure {
    tracing::error!(%error, "a download could not be kept");
    Failure::NotDownloaded
}

impl Reach {
    /// Judges what can be judged before a name is resolved.
    fn lets_through(self, url: &Url) -> bool {
        let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        plain
            && match url.host() {
                Some(Host::Ipv4(v4)) => (self.0)(v4.into()),
                Some(Host::Ipv6(v6)) => (self.0)(v6.into()),
                Some(Host::Domain(_)) => true,
                None => false,
            }
    }
}

fn builder(reach: Reach) -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .referer(false)
        .user_agent(concat!("reweave-endpoint/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECTING)
        // A pooled connection would save little here and keep sockets to strangers open.
        .pool_max_idle_per_host(0)
        .dns_resolver(Arc::new(GuardedResolver(reach)))
        .redirect(Policy::custom(move |attempt: Attempt<'_>| {
            if attempt.previous().len() <= MAX_REDIRECTS && reach.lets_through(attempt.url()) {
                attempt.follow()
            } else {
                attempt.error("this redirect is not followed")
            }
        }))
}

/// The system's resolver, of whose answers only those within reach are handed on.
struct GuardedResolver(Reach);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Vec<SocketAddr> = found.filter(|address| (reach.0)(address.ip())).collect();
            if kept.is_empty() {
                return Err("no address of this name is let through".into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::response::Redirect;
    use axum::routing::get;

    const PUBLIC: Reach = Reach(is_public);

    /// Stands for the public internet: everything but this address is refused.
    const ONLY_HERE: Reach = Reach(|ip| ip == IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    #[test]
    fn a_url_is_judged_before_anything_is_sent() {
        let public = |url: &str| PUBLIC.lets_through(&Url::parse(url).expect("a URL"));
        for url in ["http://example.com/a.png", "https://8.8.8.8/a", "http://[2606:4700::1]:8080/a"] {
            assert!(public(url), "{url}");
        }
        for url in [
            "ftp://example.com/",
            "file:///etc/passwd",
            "http://user@example.com/",
            "http://:secret@example.com/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://①②⑦.0.0.1/",
        ] {
            assert!(!public(url), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_has_no_address() {
        let name = |text: &str| text.parse::<Name>().expect("a name");
        assert!(GuardedResolver(PUBLIC).resolve(name("localhost")).await.is_err());
        let found = GuardedResolver(ONLY_HERE).resolve(name("localhost")).await.expect("127.0.0.1");
        assert!(found.into_iter().all(|address| address.ip().to_string() == "127.0.0.1"));
    }

    /// Serves on `ip`: `/file`, and `/to?…`, which redirects there.
    async fn serve(ip: &str) -> String {
        let listener = tokio::net::TcpListener::bind((ip, 0)).await.expect("a socket");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let to = |uri: axum::http::Uri| async move { Redirect::temporary(uri.query().unwrap_or_default()) };
        let file = get(|| async { (StatusCode::OK, "here") });
        let router = Router::new().route("/file", file).route("/to", get(to));
        tokio::spawn(async move { axum::serve(listener, router).await });
        base
    }

    #[tokio::test]
    async fn every_redirect_is_judged_again() {
        let (here, inside) = (serve("127.0.0.1").await, serve("127.0.0.2").await);
        let downloads = Downloads::within(ONLY_HERE).expect("a client");
        let dir = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(dir.path()).expect("opens");
        let get = async |url: String| {
            let got = downloads.get(&Url::parse(&url).expect("a URL"), &spool, Bound::INPUT).await;
            got.map(|file| file.whole().expect("read"))
        };
        let file = Ok(bytes::Bytes::from_static(b"here"));
        assert_eq!(get(format!("{here}/file")).await, file);
        assert_eq!(get(format!("{here}/to?{here}/to?{here}/to?{here}/file")).await, file, "three redirects");
        let refused = [
            format!("{here}/to?{here}/to?{here}/to?{here}/to?{here}/file"),
            format!("{inside}/file"),
            format!("{here}/to?{inside}/file"),
            format!("{here}/to?{here}/to?{inside}/file"),
            format!("{here}/to?{}/file", inside.replace("127.0.0.2", "[::ffff:127.0.0.2]")),
            format!("{here}/to?{}/file", here.replace("http://", "http://user@")),
            format!("{here}/to?file:///etc/passwd"),
            format!("{here}/nothing"),
        ];
        for url in refused {
            assert_eq!(get(url.clone()).await, Err(Failure::NotDownloaded), "{url}");
        }
    }
}
