//! One endpoint: a profile with an address, a key and whatever else the user set.

use std::borrow::Cow;

use super::credential::Credential;
use super::profile::{Answers, BodyForm, Profile, Role};
use crate::error::{Error, Result};
use crate::loose::Loose;

/// A checked endpoint.
///
/// *Guarantees*: the address begins with `http://` or `https://` and has a host; so has that of a
/// task; the credential can be sent as a header.
#[derive(Clone)]
pub struct Endpoint {
    pub(super) profile: Profile,
    create_url: String,
    query: String,
    credential: Option<Credential>,
    pub(super) body: BodyForm,
    pub(super) fields: Vec<(Role, Cow<'static, str>)>,
}

impl Endpoint {
    /// An endpoint that speaks the contract, by the address of its create call.
    ///
    /// # Errors
    /// [`Error::EndpointUrl`] for anything but a complete http or https address without a user
    /// name or password in it. The address is not repeated in the error: it may hold a secret.
    pub fn new(create_url: &str, credential: Option<Credential>) -> Result<Self> {
        let profile = Profile::named("custom").ok_or_else(|| Error::internal("no custom profile"))?;
        Self::of(profile, create_url, credential)
    }

    /// An endpoint of a known kind; an empty address stands for the profile's own.
    ///
    /// # Errors
    /// As [`Endpoint::new`].
    pub fn of(profile: &Profile, create_url: &str, credential: Option<Credential>) -> Result<Self> {
        let create_url = if create_url.trim().is_empty() { profile.url } else { create_url };
        Ok(Self {
            create_url: checked(create_url)?,
            query: profile.query.into(),
            credential,
            body: profile.bodies.first().copied().unwrap_or(BodyForm::Json),
            fields: profile.fields.iter().map(|(role, name)| (*role, Cow::Borrowed(*name))).collect(),
            profile: profile.clone(),
        })
    }

    /// An endpoint of settings as they come from a page: `profile`, and beside it whatever differs
    /// from it (`url`, `queryUrl`, `header`, `scheme`, `key`, `body`, `fields`, `answers`,
    /// `perSecond`, `maxBytes`, `maxSide`, `maxPercent`, `timing`).
    ///
    /// # Errors
    /// [`Error::Argument`] with the setting's name, and the errors of [`Endpoint::new`] and
    /// [`Credential::new`].
    pub fn from_settings(settings: &Loose) -> Result<Self> {
        let text = |name: &str| settings.get(name).text().filter(|text| !text.trim().is_empty());
        let id = text("profile").unwrap_or("custom");
        let profile = Profile::named(id).ok_or_else(|| wrong("profile", id))?;
        let header = text("header").unwrap_or(profile.header);
        let scheme = settings.get("scheme").text().unwrap_or(profile.scheme);
        let credential = match text("key") {
            Some(key) => Some(Credential::new(header, scheme, key)?),
            // One without the other is refused: a request must not go out without the key.
            None if settings.get("key").is_something() => return Err(Error::KeyCharacters),
            None if profile.needs_key => return Err(Error::KeyMissing),
            None => None,
        };
        let mut endpoint = Self::of(profile, text("url").unwrap_or_default(), credential)?;
        if let Some(query) = text("queryUrl") {
            endpoint.query = checked_query(query)?;
        }
        endpoint.take_form(settings)?;
        endpoint.take_limits(settings)?;
        Ok(endpoint)
    }

    fn take_form(&mut self, settings: &Loose) -> Result<()> {
        if settings.get("body").is_something() {
            let all = [BodyForm::Json, BodyForm::Form, BodyForm::Multipart];
            let named = |form: &BodyForm| settings.get("body").text() == Some(form.name());
            self.body = all.into_iter().find(named).ok_or_else(|| wrong("body", &settings.get("body").shown()))?;
        }
        match settings.get("answers").text() {
            None => {}
            Some("task") => self.profile.answers = Answers::Task,
            Some("picture") => self.profile.answers = Answers::Picture,
            Some(other) => return Err(wrong("answers", other)),
        }
        let fields = settings.get("fields");
        for (role, contract) in Role::all() {
            if let Some(name) = fields.get(contract).text() {
                self.fields.retain(|(known, _)| known != role);
                if !name.trim().is_empty() {
                    self.fields.push((*role, Cow::Owned(name.trim().into())));
                }
            }
        }
        Ok(())
    }

    fn take_limits(&mut self, settings: &Loose) -> Result<()> {
        let limit = |among: &Loose, name: &str, max: u64, own: u64| match among.get(name) {
            Loose::Nothing => Ok(own),
            value => match value.integer().and_then(|n| u64::try_from(n).ok()) {
                Some(n) if (1..=max).contains(&n) => Ok(n),
                _ => Err(Error::OutOfRange { name: name.into(), value: value.shown(), min: 1.0, max: max as f64 }),
            },
        };
        let own = &self.profile;
        let per_second = limit(settings, "perSecond", 1_000, own.per_second.into())?;
        let max_bytes = limit(settings, "maxBytes", u64::from(u32::MAX), own.max_bytes)?;
        let max_side = limit(settings, "maxSide", crate::geometry::MAX_SIDE.into(), own.max_side.into())?;
        let max_percent = limit(settings, "maxPercent", 100, own.max_percent.into())?;
        self.profile = Profile {
            per_second: per_second as u32,
            max_bytes,
            max_side: max_side as u32,
            max_percent: max_percent as u32,
            ..self.profile.clone()
        };
        let timing = settings.get("timing");
        for (name, own) in self.profile.timing.by_name() {
            *own = limit(timing, name, LONGEST, *own)?;
        }
        Ok(())
    }

    /// What is known of its kind, with the limits that the user set.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The form of a create request's body.
    #[must_use]
    pub const fn body(&self) -> BodyForm {
        self.body
    }

    /// The address that takes the picture.
    #[must_use]
    pub fn create_url(&self) -> &str {
        &self.create_url
    }

    /// The host that it leads to, with its port: what a person is told before anything is sent.
    #[must_use]
    pub fn host(&self) -> &str {
        authority(&self.create_url)
    }

    /// The address that is asked for a task. Behind the create call's path its query is kept.
    #[must_use]
    pub fn query_url(&self, task_id: &str) -> String {
        let id = percent_encoded(task_id);
        if let Some(rest) = self.query.strip_prefix("{create}") {
            let whole = self.create_url.split('#').next().unwrap_or_default();
            let (path, mark, query) = match whole.split_once('?') {
                Some((path, query)) => (path, "?", query),
                None => (whole, "", ""),
            };
            return [path.trim_end_matches('/'), &rest.replace(TASK_ID, &id), mark, query].concat();
        }
        let query = self.query.replace(TASK_ID, &id);
        if !query.starts_with('/') {
            return query;
        }
        let scheme = self.create_url.split_once("://").map_or("", |(scheme, _)| scheme);
        [scheme, "://", authority(&self.create_url), &query].concat()
    }

    /// Whether what is sent can be read on its way: plain http to another machine. A key needs a
    /// warning before it goes there.
    #[must_use]
    pub fn is_readable_on_the_way(&self) -> bool {
        // Of the two addresses the worse counts.
        [&self.create_url, &self.query_url("t")].into_iter().any(|url| is_readable(url))
    }

    /// An error without the key, should the endpoint have repeated it in what it says.
    #[must_use]
    pub fn redacted(&self, mut error: Error) -> Error {
        let key = self.credential.as_ref().map(Credential::key).unwrap_or_default();
        let said = match &mut error {
            Error::HttpStatus { message, .. } | Error::JsonStatus { message, .. } => message.as_mut(),
            Error::TaskFailed { detail, .. } => detail.as_mut(),
            _ => None,
        };
        if let Some(text) = said.filter(|text| !key.is_empty() && text.contains(key)) {
            *text = text.replace(key, "…");
        }
        error
    }

    /// What is sent to prove who asks.
    #[must_use]
    pub const fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Endpoint({}, …)", self.profile.id)
    }
}

/// An hour, in milliseconds: as long as a result lives.
const LONGEST: u64 = 3_600_000;

const TASK_ID: &str = "{task_id}";

fn wrong(name: &str, value: &str) -> Error {
    Error::Argument { name: name.into(), reason: ["it cannot be ", value].concat() }
}

/// A complete http or https address without a password, as it will be sent.
pub(super) fn checked(url: &str) -> Result<String> {
    let url = url.trim();
    let rest = strip_scheme(url).ok_or(Error::EndpointUrl)?;
    let authority = authority(url);
    let unreadable = url.chars().any(|c| c.is_whitespace() || c.is_control());
    // Fetch would fail without a word on a port that is none.
    let (_, port) = split_port(authority);
    let bad_port = !port.is_empty() && port.parse::<u16>().is_err();
    if rest.is_empty() || authority.is_empty() || authority.contains('@') || unreadable || bad_port {
        return Err(Error::EndpointUrl);
    }
    Ok(url.into())
}

fn checked_query(query: &str) -> Result<String> {
    let query = query.trim();
    if !query.contains(TASK_ID) {
        return Err(Error::EndpointUrl);
    }
    if query.starts_with("{create}") || (query.starts_with('/') && !query.starts_with("//")) {
        return Ok(query.into());
    }
    checked(query)
}

fn strip_scheme(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    known.then_some(rest)
}

/// Host and port of a complete address.
pub(super) fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    // The WHATWG parser takes a backslash for a slash.
    rest.split(['/', '\\', '?', '#']).next().unwrap_or_default()
}

fn split_port(authority: &str) -> (&str, &str) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    }
}

/// Whether what goes there can be read on its way: plain http to another machine.
pub(super) fn is_readable(url: &str) -> bool {
    let Some((scheme, _)) = url.split_once("://") else { return false };
    if !scheme.eq_ignore_ascii_case("http") {
        return false;
    }
    let authority = authority(url).to_ascii_lowercase();
    let (host, _) = split_port(&authority);
    // 127.0.0.0/8 by its digits; the standard library's parser of addresses weighs too much here.
    let loopback = host.starts_with("127.") && host.bytes().all(|b| b == b'.' || b.is_ascii_digit());
    let this_machine = loopback || host == "[::1]" || host == "localhost" || host.ends_with(".localhost");
    !this_machine
}

/// A task id as one segment of a path (RFC 3986 §2.3: all but unreserved characters are encoded).
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(value: serde_json::Value) -> Result<Endpoint> {
        Endpoint::from_settings(&serde_json::from_value(value).expect("any value"))
    }

    #[test]
    fn an_address_is_complete_and_holds_no_password() {
        for url in ["http://127.0.0.1:8080/tasks/visual/watermark", " HTTPS://a.example/x?y=1 ", "http://[::1]:80/x"] {
            assert!(Endpoint::new(url, None).is_ok(), "{url}");
        }
        for url in [
            "",
            "a.example/x",
            "//a.example",
            "ftp://a.example/",
            "http://",
            "http:///x",
            "https://u:p@h/",
            "http://a b/",
            "javascript:alert(1)",
            "http://127.0.0.1:99999/",
            "http://h:port/",
            "http://\\h/",
        ] {
            assert_eq!(Endpoint::new(url, None).map(|_| ()), Err(Error::EndpointUrl), "{url}");
        }
    }

    #[test]
    fn plain_http_to_another_machine_is_readable() {
        let readable = |url: &str| Endpoint::new(url, None).expect("accepted").is_readable_on_the_way();
        for url in [
            "http://h.example/x",
            "HTTP://192.168.1.7:80/",
            "http://localhost.evil.example/",
            "http://[2001:db8::1]/",
            "http://127.0.0.1.evil.example/",
            "http://evil.example\\.localhost/",
        ] {
            assert!(readable(url), "{url}");
        }
        for url in [
            "https://h.example/x",
            "http://127.0.0.1:8080/",
            "http://localhost/x",
            "http://[::1]:1/",
            "http://a.localhost/",
        ] {
            assert!(!readable(url), "{url}");
        }
        let query = settings(json!({ "url": "https://h/t", "queryUrl": "http://h/{task_id}" })).expect("accepted");
        assert!(query.is_readable_on_the_way(), "the key goes to the address of the task too");
    }

    #[test]
    fn the_query_address_keeps_the_query() {
        let url = |create: &str, id: &str| Endpoint::new(create, None).expect("accepted").query_url(id);
        assert_eq!(url("https://h/tasks/visual/watermark", "ab-1"), "https://h/tasks/visual/watermark/ab-1");
        assert_eq!(url("https://h/t/?a=b&c=d", "x/../y?z"), "https://h/t/x%2F..%2Fy%3Fz?a=b&c=d");
    }

    #[test]
    fn the_query_address_is_the_profiles_or_the_users() {
        let reseller = settings(json!({ "profile": "reseller", "key": "k" })).expect("accepted");
        assert_eq!(reseller.query_url("a b"), "https://api.gpt.ge/task/a%20b");
        let url =
            |query: &str| settings(json!({ "url": "https://h:8/t", "queryUrl": query })).map(|e| e.query_url("7"));
        assert_eq!(url("/q?id={task_id}"), Ok("https://h:8/q?id=7".into()));
        assert_eq!(url("https://other/{task_id}"), Ok("https://other/7".into()));
        assert_eq!(url("{create}/tasks/{task_id}"), Ok("https://h:8/t/tasks/7".into()));
        for wrong in ["/q", "ftp://h/{task_id}", "q/{task_id}", "//h/{task_id}"] {
            assert_eq!(url(wrong), Err(Error::EndpointUrl), "{wrong}");
        }
    }

    #[test]
    fn settings_change_what_a_profile_says() {
        let endpoint = settings(json!({
            "profile": "custom", "url": "https://h/t", "key": "k", "scheme": "Bearer", "body": "form",
            "answers": "picture", "fields": { "image_url": "source", "rectangles": "" }, "perSecond": 5, "maxSide": 100,
            "timing": { "processing": 60_000 },
        }));
        let endpoint = endpoint.expect("accepted");
        assert_eq!(endpoint.credential().map(Credential::value), Some("Bearer k"));
        assert_eq!((endpoint.body(), endpoint.profile().answers), (BodyForm::Form, Answers::Picture));
        assert_eq!((endpoint.profile().per_second, endpoint.profile().max_side), (5, 100));
        let timing = endpoint.profile().timing;
        assert_eq!((timing.processing, timing.query), (60_000, 15_000));
        assert!(endpoint.fields.iter().any(|(role, name)| *role == Role::ImageUrl && name == "source"));
        assert!(endpoint.fields.iter().all(|(role, _)| *role != Role::Rectangles));
    }

    #[test]
    fn wrong_settings_are_named() {
        let named = |value: serde_json::Value| match settings(value) {
            Err(Error::Argument { name, .. } | Error::OutOfRange { name, .. }) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(named(json!({ "profile": "nobody", "url": "https://h/t" })), "profile");
        assert_eq!(named(json!({ "url": "https://h/t", "body": "xml" })), "body");
        assert_eq!(named(json!({ "url": "https://h/t", "body": 7 })), "body");
        assert_eq!(named(json!({ "url": "https://h/t", "answers": "film" })), "answers");
        assert_eq!(named(json!({ "url": "https://h/t", "perSecond": 0 })), "perSecond");
        assert_eq!(named(json!({ "url": "https://h/t", "maxPercent": 101 })), "maxPercent");
        assert_eq!(named(json!({ "url": "https://h/t", "timing": { "query": 3_600_001 } })), "query");
        assert_eq!(settings(json!({ "profile": "aliyun" })).map(|_| ()), Err(Error::KeyMissing));
        assert_eq!(settings(json!({ "url": "https://h/t", "key": " " })).map(|_| ()), Err(Error::KeyCharacters));
        assert_eq!(settings(json!({})).map(|_| ()), Err(Error::EndpointUrl));
    }

    #[test]
    fn a_key_that_an_endpoint_repeats_is_taken_out() {
        let credential = Credential::new("Authorization", "APPCODE", "s3cret").expect("accepted");
        let endpoint = Endpoint::new("https://h/t", Some(credential)).expect("accepted");
        let said = |text: &str| Error::HttpStatus { status: 401, message: Some(text.into()) };
        assert_eq!(endpoint.redacted(said("no such key: s3cret!")), said("no such key: …!"));
        let failed = |text: &str| Error::TaskFailed { state: -1, detail: Some(text.into()) };
        assert_eq!(endpoint.redacted(failed("s3cret")), failed("…"));
        let open = Endpoint::new("https://h/t", None).expect("accepted");
        assert_eq!(open.redacted(said("anything")), said("anything"));
    }

    #[test]
    fn a_key_is_never_shown() {
        let endpoint = settings(json!({ "url": "https://h/t?token=s3cret", "key": "s3cret" })).expect("accepted");
        assert!(!format!("{endpoint:?}").contains("s3cret"));
        assert_eq!(endpoint.host(), "h");
    }
}
