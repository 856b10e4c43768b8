//! Where an endpoint is and how it is told who asks.

use crate::error::{Error, Result};

/// A checked endpoint.
///
/// *Guarantees*: the address begins with `http://` or `https://` and has a host; the credential
/// can be sent as a header.
#[derive(Clone)]
pub struct Endpoint {
    create_url: String,
    credential: Option<Credential>,
}

/// A key and the header that carries it. It has no `Debug` that shows the key.
#[derive(Clone)]
pub struct Credential {
    header: String,
    value: String,
}

impl Endpoint {
    /// An endpoint by the address of its create call.
    ///
    /// # Errors
    /// [`Error::EndpointUrl`] for anything but a complete http or https address without a user
    /// name or password in it. The address is not repeated in the error: it may hold a secret.
    pub fn new(create_url: &str, credential: Option<Credential>) -> Result<Self> {
        let url = create_url.trim();
        let rest = strip_scheme(url).ok_or(Error::EndpointUrl)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let unreadable = url.chars().any(|c| c.is_whitespace() || c.is_control());
        if authority.is_empty() || authority.contains('@') || unreadable {
            return Err(Error::EndpointUrl);
        }
        Ok(Self { create_url: url.into(), credential })
    }

    /// The address that takes the picture.
    #[must_use]
    pub fn create_url(&self) -> &str {
        &self.create_url
    }

    /// The address that is asked for a task: the create call's path with the id behind it, its
    /// query kept.
    #[must_use]
    pub fn query_url(&self, task_id: &str) -> String {
        let end = self.create_url.find(['?', '#']).unwrap_or(self.create_url.len());
        let (path, query) = self.create_url.split_at(end);
        let query = query.split('#').next().unwrap_or_default();
        format!("{}/{}{query}", path.trim_end_matches('/'), percent_encoded(task_id))
    }

    /// Whether what is sent can be read on its way: plain http to another machine. A key needs a
    /// warning before it goes there.
    #[must_use]
    pub fn is_readable_on_the_way(&self) -> bool {
        let Some((scheme, rest)) = self.create_url.split_once("://") else { return false };
        if !scheme.eq_ignore_ascii_case("http") {
            return false;
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        if authority == "[::1]" || authority.starts_with("[::1]:") {
            return false;
        }
        let host = authority.split(':').next().unwrap_or_default();
        // 127.0.0.0/8 by its digits; the standard library's parser of addresses weighs too much here.
        let loopback = host.starts_with("127.") && host.bytes().all(|b| b == b'.' || b.is_ascii_digit());
        let this_machine = loopback || host == "localhost" || host.ends_with(".localhost");
        !this_machine
    }

    /// An error without the key, should the endpoint have repeated it in what it says.
    #[must_use]
    pub fn redacted(&self, mut error: Error) -> Error {
        let key = self.credential.as_ref().and_then(|c| c.value.split(' ').next_back()).unwrap_or_default();
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

impl Credential {
    /// A key in a header. In `Authorization` a key without a scheme is an AppCode, as the contract
    /// has it: `Authorization: APPCODE …`, upper case, one space.
    ///
    /// # Errors
    /// [`Error::HeaderName`] when the name is no token of RFC 9110 §5.6.2 or one that browsers keep
    /// to themselves; [`Error::KeyCharacters`] when the key is empty or not printable ASCII.
    pub fn new(header: &str, key: &str) -> Result<Self> {
        let (header, key) = (header.trim(), key.trim());
        let lower = header.to_ascii_lowercase();
        if header.is_empty() || !header.bytes().all(is_token) || is_forbidden(&lower) {
            return Err(Error::HeaderName { name: header.chars().take(60).collect() });
        }
        if key.is_empty() || !key.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            return Err(Error::KeyCharacters);
        }
        let bare = lower == "authorization" && !key.contains(' ');
        let value = if bare { format!("APPCODE {key}") } else { key.into() };
        Ok(Self { header: header.into(), value })
    }

    /// The header's name.
    #[must_use]
    pub fn header(&self) -> &str {
        &self.header
    }

    /// The header's value: a secret.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Endpoint(…)")
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({}: …)", self.header)
    }
}

fn strip_scheme(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    known.then_some(rest)
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// The names that fetch drops without a word (Fetch standard, forbidden request-header).
fn is_forbidden(lower: &str) -> bool {
    const NAMES: [&str; 20] = [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    NAMES.contains(&lower) || lower == "via" || lower.starts_with("proxy-") || lower.starts_with("sec-")
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

    #[test]
    fn an_address_is_complete_and_holds_no_password() {
        for url in ["http://127.0.0.1:8080/tasks/visual/watermark", " HTTPS://a.example/x?y=1 "] {
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
    }

    #[test]
    fn the_query_address_keeps_the_query() {
        let url = |create: &str, id: &str| Endpoint::new(create, None).expect("accepted").query_url(id);
        assert_eq!(url("https://h/tasks/visual/watermark", "ab-1"), "https://h/tasks/visual/watermark/ab-1");
        assert_eq!(url("https://h/t/?a=b&c=d", "x/../y?z"), "https://h/t/x%2F..%2Fy%3Fz?a=b&c=d");
    }

    #[test]
    fn a_bare_key_in_authorization_is_an_appcode() {
        let value = |header: &str, key: &str| Credential::new(header, key).map(|c| c.value().to_owned());
        assert_eq!(value("Authorization", "abc"), Ok("APPCODE abc".into()));
        assert_eq!(value("authorization", "Bearer abc"), Ok("Bearer abc".into()));
        assert_eq!(value("X-API-KEY", " abc "), Ok("abc".into()));
    }

    #[test]
    fn headers_that_cannot_be_sent_are_refused() {
        for name in ["", "a b", "Host", "Sec-Fetch-Site", "x:y", "naïve", "Content-Type"] {
            assert!(matches!(Credential::new(name, "k"), Err(Error::HeaderName { .. })), "{name}");
        }
        for key in ["", "  ", "a\r\nb: c", "ключ"] {
            assert_eq!(Credential::new("X-API-KEY", key).map(|_| ()), Err(Error::KeyCharacters), "{key:?}");
        }
    }

    #[test]
    fn a_key_that_an_endpoint_repeats_is_taken_out() {
        let credential = Credential::new("Authorization", "s3cret").expect("accepted");
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
        let credential = Credential::new("X-API-KEY", "s3cret").expect("accepted");
        let endpoint = Endpoint::new("https://h/t?token=s3cret", Some(credential.clone())).expect("accepted");
        assert!(!format!("{endpoint:?} {credential:?}").contains("s3cret"));
    }
}
