//! Which endpoint does the work, with which key, and what a server that relays asks of its clients.

use std::path::PathBuf;

use reweave::contract::{Endpoint, Profile};
use serde_json::{Map, Value};

use crate::config::{Access, Options, StartError};

/// Another endpoint that does the work. It is paid for, as a rule.
#[derive(Debug, Clone, Default)]
pub struct Upstream {
    /// A profile (`aliyun`), a profile at another address (`custom+https://…`), or the address of a
    /// create call alone, which is that of the custom profile.
    pub profile: String,
    /// File whose first line that is not blank is the key.
    pub key_file: Option<PathBuf>,
    /// What differs from the profile, named as the page's settings are (`body`, `perSecond`, `timing`).
    pub settings: Map<String, Value>,
}

/// Creates of one client in a day where strangers reach a relay.
const QUOTA: u32 = 100;

impl Upstream {
    /// The endpoint that this means, with its key.
    pub(crate) fn endpoint(&self) -> Result<Endpoint, StartError> {
        let (id, url) = split(&self.profile)?;
        let mut settings = self.settings.clone();
        settings.insert("profile".into(), id.into());
        settings.insert("url".into(), url.into());
        if let Some(path) = &self.key_file {
            let text = std::fs::read_to_string(path).map_err(|e| StartError::file(KEY_FILE, path, &e))?;
            let key = text.lines().map(str::trim).find(|line| !line.is_empty());
            let empty = || StartError::File { what: KEY_FILE, path: path.clone(), reason: "it holds no key".into() };
            settings.insert("key".into(), key.ok_or_else(empty)?.into());
        }
        let refused = |reason: String| StartError::Upstream { reason };
        let settings = serde_json::from_value(settings.into()).map_err(|e| refused(e.to_string()))?;
        Endpoint::from_settings(&settings).map_err(|e| match e {
            reweave::Error::KeyMissing => {
                refused("this endpoint needs a key: name its file in REWEAVE_UPSTREAM_KEY_FILE".into())
            }
            error => refused(error.to_string()),
        })
    }
}

const KEY_FILE: &str = "the file of the upstream's key";

const EXPECTED: &str = "a profile (aliyun, picwish, reseller, iopaint, clipdrop, server, custom), a profile, + and an \
                        http or https address, or such an address alone";

/// The profile's id and the address, which may be empty. The value is not repeated where it may be
/// an address: that may hold a secret.
fn split(text: &str) -> Result<(&str, &str), StartError> {
    let is_address = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    if is_address(text) {
        return Ok(("custom", text));
    }
    let (id, url) = text.split_once('+').unwrap_or((text, ""));
    let known = Profile::named(id).is_some() && (url.is_empty() || is_address(url));
    let shown = if url.is_empty() { id.to_owned() } else { format!("{id}+…") };
    if known { Ok((id, url)) } else { Err(StartError::option("--upstream", &shown, EXPECTED)) }
}

/// The options of a server that relays: who spends somebody's money is known and counted. Others
/// come back as they are.
pub(crate) fn guarded(options: &Options) -> Result<Options, StartError> {
    let mut options = options.clone();
    if options.upstream.is_none() {
        return Ok(options);
    }
    if options.allow_origins.iter().any(|origin| origin == "*") {
        return Err(StartError::option("--allow-origin", "*", "origins by their names, with --upstream"));
    }
    let is_local = options.bound_to.is_some_and(|ip| ip.is_loopback());
    if !is_local && options.public_url.is_none() && options.allow_hosts.is_empty() {
        return Err(StartError::Upstream {
            reason: "a relay that other machines reach needs --public-url or --allow-host".into(),
        });
    }
    if !is_local || options.behind_proxy {
        options.require = Access::KeyOrSession;
        options.quota = options.quota.or(Some(QUOTA));
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn upstream(profile: &str) -> Upstream {
        Upstream { profile: profile.into(), ..Upstream::default() }
    }

    fn options(bound_to: &str) -> Options {
        let upstream = Some(upstream("custom+http://a.example/x"));
        Options { upstream, bound_to: bound_to.parse().ok(), ..Options::new("data".into()) }
    }

    #[test]
    fn a_profile_at_its_address_or_another() {
        let at = |text: &str| upstream(text).endpoint().map(|it| (it.profile().id, it.create_url().to_owned()));
        let found = |id, url: &str| Some((id, url.to_owned()));
        assert_eq!(at("iopaint").ok(), found("iopaint", "http://127.0.0.1:8081/api/v1/inpaint"));
        assert_eq!(at("server+http://h:1/x+y").ok(), found("server", "http://h:1/x+y"));
        assert_eq!(at("https://h/x?token=s").ok(), found("custom", "https://h/x?token=s"));
        for wrong in ["", "nobody", "custom", "server", "custom+ftp://h/?token=s", "custom+", "http://", "aliyun"] {
            let error = at(wrong).expect_err(wrong).to_string();
            assert!(error.lines().count() == 1 && !error.contains("token"), "{error}");
        }
    }

    #[test]
    fn the_key_is_the_first_line_of_its_file_and_shown_nowhere() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let of = |profile: &str| Upstream { key_file: Some(file.path().into()), ..upstream(profile) };
        std::fs::write(file.path(), "\n  s3cret \nother\n").expect("written");
        let endpoint = of("aliyun").endpoint().expect("an endpoint");
        assert_eq!(endpoint.credential().map(|it| it.value()), Some("APPCODE s3cret"));
        assert!(!format!("{:?} {endpoint:?}", of("aliyun")).contains("s3cret"));
        std::fs::write(file.path(), " \n\n").expect("written");
        assert!(matches!(of("aliyun").endpoint(), Err(StartError::File { .. })));
        std::fs::write(file.path(), "s3cr\u{e9}t\n").expect("written");
        let error = of("aliyun").endpoint().expect_err("no header").to_string();
        assert!(!error.contains("s3cr"), "{error}");
        let missing = Upstream { key_file: Some("/no/such/file".into()), ..upstream("aliyun") };
        assert!(matches!(missing.endpoint(), Err(StartError::File { .. })));
        assert!(upstream("aliyun").endpoint().is_err_and(|e| e.to_string().contains("REWEAVE_UPSTREAM_KEY_FILE")));
        assert!(of("iopaint").endpoint().is_err(), "one that takes no key is sent none");
    }

    #[test]
    fn settings_differ_from_the_profile() {
        let settings = json!({ "body": "form", "perSecond": 7, "timing": { "processing": 9 } });
        let upstream = Upstream { settings: settings.as_object().expect("it").clone(), ..upstream("http://h/x") };
        let endpoint = upstream.endpoint().expect("an endpoint");
        assert_eq!((endpoint.body().name(), endpoint.profile().per_second), ("form", 7));
        assert_eq!(endpoint.profile().timing.processing, 9);
    }

    #[test]
    fn strangers_who_spend_money_are_known_and_counted() {
        let local = guarded(&options("127.0.0.1")).expect("fine");
        assert_eq!((local.require, local.quota), (Access::Open, None));
        for bound_to in ["0.0.0.0", "::", "10.0.0.1", "unknown"] {
            assert!(guarded(&options(bound_to)).is_err_and(|e| e.to_string().contains("--public-url")), "{bound_to}");
            let named = Options { allow_hosts: vec!["h.example".into()], ..options(bound_to) };
            let open = guarded(&named).expect("fine");
            assert_eq!((open.require, open.quota), (Access::KeyOrSession, Some(100)));
            assert_eq!(guarded(&Options { quota: Some(7), ..named }).expect("fine").quota, Some(7));
        }
        let proxied = guarded(&Options { behind_proxy: true, ..options("127.0.0.1") }).expect("fine");
        assert_eq!((proxied.require, proxied.quota), (Access::KeyOrSession, Some(100)));
        assert!(guarded(&Options { allow_origins: vec!["*".into()], ..options("127.0.0.1") }).is_err());
        let own = Options { upstream: None, ..options("0.0.0.0") };
        assert_eq!(guarded(&own).expect("fine").quota, None);
    }
}
