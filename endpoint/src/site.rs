//! Where this server is, by its own account: the hosts it answers to, the base of its links, and
//! which other origins may use it.
//!
//! Two attacks of web pages need no flaw of a browser. A page may post a form here (multipart needs
//! no preflight) and so spend this machine's time: `Sec-Fetch-Site` and `Origin` say where a request
//! was made, and browsers let no page change them. And a name may be made to lead to 127.0.0.1 (DNS
//! rebinding), which makes a stranger's page our own origin: the Host header then shows that name.
//! Programs send neither header and pass.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, header};
use tower_http::cors::AllowOrigin;
use url::Url;

use crate::config::{Options, StartError};
use crate::error::{Refusal, Result};

/// What the options say of it.
#[derive(Clone)]
pub(crate) struct Site {
    public_url: Option<Url>,
    /// The names that Host may be, beside those of this machine; none where Host is not judged.
    hosts: Option<Vec<String>>,
    allowed: Allowed,
}

/// Other origins whose pages may ask here.
#[derive(Clone)]
enum Allowed {
    Every,
    /// As browsers write them.
    These(Vec<String>),
}

/// A host as headers write it, and the port where one is written.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    host: String,
    port: Option<u16>,
}

impl Site {
    pub(crate) fn new(options: &Options) -> Result<Self, StartError> {
        let public_url = options.public_url.as_deref().map(read_public_url).transpose()?;
        let mut names = options.allow_hosts.iter().map(|name| read_name(name)).collect::<Result<Vec<_>, _>>()?;
        names.extend(public_url.as_ref().and_then(Url::host_str).map(ToOwned::to_owned));
        // Elsewhere than on a loopback address strangers can connect anyway.
        let judged = options.bound_to.is_some_and(|ip| ip.is_loopback() || !names.is_empty());
        // A relay spends somebody's money: a stranger's page shall not reach it by a name of its own.
        let judged = judged || options.upstream.is_some();
        let allowed = Allowed::read(&options.allow_origins)?;
        Ok(Self { public_url, hosts: judged.then_some(names), allowed })
    }

    /// What result links begin with: the public URL, or the host that the client used, which is
    /// where it reaches its result as well.
    pub(crate) fn base(&self, headers: &HeaderMap) -> Result<String> {
        if let Some(url) = &self.public_url {
            return Ok(url.as_str().trim_end_matches('/').to_owned());
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).ok_or(Refusal::Host)?;
        let url = Url::parse(&format!("http://{host}/")).map_err(|_| Refusal::Host)?;
        // Whatever is more than host and port does not come back the same.
        let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
        let whole = url.path() == "/" && url.username().is_empty() && url.query().is_none();
        if plain && whole && url.has_host() { Ok(format!("http://{host}")) } else { Err(Refusal::Host) }
    }

    /// Whether a browser reaches this server by https.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Refuses names that are not this server's. Without a Host header it is no browser that asks.
    pub(crate) fn check_host(&self, headers: &HeaderMap) -> Result<()> {
        let mut given = headers.get_all(header::HOST).iter();
        let (first, second) = (given.next(), given.next());
        if second.is_some() {
            return Err(Refusal::Host);
        }
        let (Some(names), Some(host)) = (&self.hosts, first) else { return Ok(()) };
        let place = host.to_str().ok().and_then(Place::read).ok_or(Refusal::HostRefused)?;
        let known = is_this_machine(&place.host) || names.contains(&place.host);
        if known { Ok(()) } else { Err(Refusal::HostRefused) }
    }

    /// Refuses what the page of another origin asks for, unless that origin is allowed.
    pub(crate) fn check_origin(&self, headers: &HeaderMap) -> Result<()> {
        let Allowed::These(allowed) = &self.allowed else { return Ok(()) };
        let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
        let origin = text(header::ORIGIN);
        if origin.is_some_and(|origin| allowed.iter().any(|one| one == origin)) {
            return Ok(());
        }
        let elsewhere =
            matches!(text(header::HeaderName::from_static("sec-fetch-site")), Some("cross-site" | "same-site"));
        let own = origin.is_none_or(|origin| self.is_own(origin, text(header::HOST)));
        if own && !elsewhere { Ok(()) } else { Err(Refusal::Origin) }
    }

    /// For the layer that answers browsers; none where no other origin may ask.
    pub(crate) fn allow_origin(&self) -> Option<AllowOrigin> {
        match &self.allowed {
            Allowed::Every => Some(AllowOrigin::any()),
            Allowed::These(origins) if origins.is_empty() => None,
            Allowed::These(origins) => {
                Some(AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::try_from(origin).ok())))
            }
        }
    }

    /// Whether every origin may read what is answered.
    pub(crate) const fn is_open_to_all(&self) -> bool {
        matches!(self.allowed, Allowed::Every)
    }

    /// Whether an origin is that of this server. A proxy may have changed the scheme, so only host
    /// and port count; a port that is not written is that of the origin's scheme.
    fn is_own(&self, origin: &str, host: Option<&str>) -> bool {
        let Some(origin) = Url::parse(origin).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
            return false;
        };
        let (name, port) = (origin.host_str(), origin.port_or_known_default());
        let public = self.public_url.as_ref().map(|url| (url.host_str(), url.port_or_known_default()));
        let asked = host.and_then(Place::read);
        let asked = asked.as_ref().map(|place| (Some(place.host.as_str()), place.port.or(default_port(&origin))));
        [public, asked].into_iter().flatten().any(|own| own == (name, port))
    }
}

impl Allowed {
    fn read(given: &[String]) -> Result<Self, StartError> {
        if given.iter().any(|origin| origin == "*") {
            return Ok(Self::Every);
        }
        given.iter().map(|origin| read_origin(origin)).collect::<Result<_, _>>().map(Self::These)
    }
}

impl Place {
    /// The text of a Host header, in lower case and without the dot that may end a name.
    fn read(host: &str) -> Option<Self> {
        let authority: Authority = host.parse().ok()?;
        let plain = !authority.as_str().contains('@');
        let host = authority.host().to_ascii_lowercase();
        let port = authority.port_u16();
        // A port that is no number is not a missing one.
        let whole = port.is_some() || authority.as_str().len() == host.len();
        let bare = host.strip_suffix('.').unwrap_or(&host).to_owned();
        (plain && whole && !bare.is_empty()).then_some(Self { host: bare, port })
    }
}

fn is_this_machine(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse().is_ok_and(|v4: Ipv4Addr| v4.is_loopback())
        || v6.and_then(|v6| v6.parse().ok()).is_some_and(|v6: Ipv6Addr| IpAddr::V6(v6).is_loopback())
}

fn default_port(url: &Url) -> Option<u16> {
    match url.scheme() {
        "https" => Some(443),
        _ => Some(80),
    }
}

fn read_public_url(text: &str) -> Result<Url, StartError> {
    let url = Url::parse(text).ok().filter(is_plain_web);
    url.ok_or_else(|| StartError::option("--public-url", text, "an http or https URL without user, query and fragment"))
}

fn read_origin(text: &str) -> Result<String, StartError> {
    let url = Url::parse(text).ok().filter(|url| is_plain_web(url) && url.path() == "/");
    let origin = url.map(|url| url.origin().ascii_serialization());
    origin.ok_or_else(|| StartError::option("--allow-origin", text, "an origin such as https://shop.example, or *"))
}

fn read_name(text: &str) -> Result<String, StartError> {
    let place = Place::read(text).filter(|place| place.port.is_none());
    let name = place.map(|place| place.host);
    name.ok_or_else(|| StartError::option("--allow-host", text, "the name of a host, without a port"))
}

fn is_plain_web(url: &Url) -> bool {
    let bare = url.username().is_empty() && url.password().is_none();
    matches!(url.scheme(), "http" | "https") && bare && url.query().is_none() && url.fragment().is_none()
}

#[cfg(test)]
mod tests;
