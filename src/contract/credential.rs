//! How an endpoint is told who asks.

use crate::error::{Error, Result};

/// A key and the header that carries it. It has no `Debug` that shows the key.
#[derive(Clone)]
pub struct Credential {
    header: String,
    value: String,
}

impl Credential {
    /// A key in a header. In `Authorization` a key without a scheme of its own gets `scheme` before
    /// it, as the contract has it: `Authorization: APPCODE …`, upper case, one space.
    ///
    /// # Errors
    /// [`Error::HeaderName`] when the name is no token of RFC 9110 §5.6.2 or one that browsers keep
    /// to themselves; [`Error::KeyCharacters`] when the key is empty or not printable ASCII.
    pub fn new(header: &str, scheme: &str, key: &str) -> Result<Self> {
        let (header, key) = (header.trim(), key.trim());
        let lower = header.to_ascii_lowercase();
        if header.is_empty() || !header.bytes().all(is_token) || is_forbidden(&lower) {
            return Err(Error::HeaderName { name: header.chars().take(60).collect() });
        }
        let printable = |text: &str| text.bytes().all(|b| (b' '..=b'~').contains(&b));
        if key.is_empty() || !printable(key) || !printable(scheme) {
            return Err(Error::KeyCharacters);
        }
        let bare = lower == "authorization" && !scheme.is_empty() && !key.contains(' ');
        let value = if bare { [scheme, " ", key].concat() } else { key.into() };
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

    /// The key without its scheme: a secret.
    pub(super) fn key(&self) -> &str {
        self.value.split(' ').next_back().unwrap_or_default()
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({}: …)", self.header)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_key_in_authorization_gets_the_scheme() {
        let value = |header: &str, key: &str| Credential::new(header, "APPCODE", key).map(|c| c.value().to_owned());
        assert_eq!(value("Authorization", "abc"), Ok("APPCODE abc".into()));
        assert_eq!(value("authorization", "Bearer abc"), Ok("Bearer abc".into()));
        assert_eq!(value("X-API-KEY", " abc "), Ok("abc".into()));
        let plain = Credential::new("Authorization", "", "abc").expect("accepted");
        assert_eq!(plain.value(), "abc");
    }

    #[test]
    fn headers_that_cannot_be_sent_are_refused() {
        for name in ["", "a b", "Host", "Sec-Fetch-Site", "x:y", "naïve", "Content-Type"] {
            assert!(matches!(Credential::new(name, "", "k"), Err(Error::HeaderName { .. })), "{name}");
        }
        for key in ["", "  ", "a\r\nb: c", "ключ"] {
            let refused = Credential::new("X-API-KEY", "", key).map(|_| ());
            assert_eq!(refused, Err(Error::KeyCharacters), "{key:?}");
        }
        assert!(Credential::new("Authorization", "a\nb", "k").is_err());
    }

    #[test]
    fn a_key_is_never_shown() {
        let credential = Credential::new("X-API-KEY", "", "s3cret").expect("accepted");
        assert!(!format!("{credential:?}").contains("s3cret"));
    }
}
