//! Who may ask: keys from a file, compared in constant time.
//!
//! Compared are SHA-256 digests, all of them, without an early end: neither the length of a key
//! nor how much of it was right can be read from the time taken.

use std::path::Path;

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::config::StartError;
use crate::error::{Refusal, Result};

/// The accepted keys, as digests. None at all means that no key is needed.
#[derive(Clone, Default)]
pub(crate) struct Keys(Vec<[u8; 32]>);

impl Keys {
    /// One key a line; blank lines and lines that begin with `#` are passed over. A file without a
    /// key is refused: it would open the endpoint to everybody.
    pub(crate) fn read(path: &Path) -> Result<Self, StartError> {
        let text = std::fs::read_to_string(path).map_err(|e| StartError::file("the keys file", path, &e))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Vec<_> = lines.map(|key| digest(key.as_bytes())).collect();
        if keys.is_empty() { Err(StartError::NoKeys { path: path.into() }) } else { Ok(Self(keys)) }
    }

    /// Accepts `Authorization: APPCODE k`, `Authorization: Bearer k` and `X-API-KEY: k`, and returns
    /// the digest of the key; none where no key is needed.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<Option<[u8; 32]>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let given = digest(credential(headers).ok_or(Refusal::Key)?);
        let known = self.0.iter().fold(Choice::from(0), |known, key| known | key.ct_eq(&given));
        if bool::from(known) { Ok(Some(given)) } else { Err(Refusal::Key) }
    }
}

fn credential(headers: &HeaderMap) -> Option<&[u8]> {
    if let Some(key) = headers.get("x-api-key") {
        return Some(key.as_bytes());
    }
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let space = value.iter().position(|byte| *byte == b' ')?;
    let (scheme, key) = (&value[..space], &value[space + 1..]);
    let known = scheme.eq_ignore_ascii_case(b"appcode") || scheme.eq_ignore_ascii_case(b"bearer");
    known.then_some(key)
}

fn digest(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn keys() -> Keys {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "# ours\n\n  first key  \nsecond\r\n").expect("written");
        Keys::read(file.path()).expect("two keys")
    }

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn each_way_of_sending_a_key() {
        for (name, value) in [
            ("authorization", "APPCODE second"),
            ("authorization", "Bearer second"),
            ("authorization", "APPCODE first key"),
            ("x-api-key", "second"),
        ] {
            let key = value.rsplit_once("E ").map_or(value, |(_, key)| key);
            let key = key.strip_prefix("Bearer ").unwrap_or(key);
            assert_eq!(keys().check(&headers(name, value)), Ok(Some(digest(key.as_bytes()))), "{name}: {value}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        assert_eq!(keys().check(&HeaderMap::new()), Err(Refusal::Key));
        for (name, value) in [
            ("authorization", "second"),
            ("authorization", "Basic second"),
            ("authorization", "APPCODE  second"),
            ("authorization", "APPCODE # ours"),
            ("x-api-key", ""),
            ("x-api-key", "secon"),
            ("x-api-key", "second2"),
        ] {
            assert_eq!(keys().check(&headers(name, value)), Err(Refusal::Key), "{name}: {value}");
        }
    }

    #[test]
    fn a_file_without_keys_does_not_open_the_door() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "# none\n").expect("written");
        assert!(matches!(Keys::read(file.path()), Err(StartError::NoKeys { .. })));
        assert!(matches!(Keys::read(Path::new("/no/such/file")), Err(StartError::File { .. })));
    }
}
