//! Requests that may come twice: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).
//!
//! A key is a client's own: the claim is a digest of both, so that nobody gets another's task by
//! guessing, and no key or address is kept in the clear.

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

use crate::error::{Refusal, Result};
use crate::store::Claim;

/// Its header.
pub(crate) const HEADER: &str = "idempotency-key";

/// Most characters of a key.
pub(crate) const MAX_LENGTH: usize = 255;

/// What a request of this client claims to be, if it claims anything.
pub(crate) fn claim(headers: &HeaderMap, client: &[u8; 32]) -> Result<Option<Claim>> {
    let mut given = headers.get_all(HEADER).iter();
    let Some(key) = given.next() else { return Ok(None) };
    let visible = key.as_bytes().iter().all(u8::is_ascii_graphic);
    if !visible || key.is_empty() || key.len() > MAX_LENGTH || given.next().is_some() {
        return Err(Refusal::IdempotencyKey { max: MAX_LENGTH });
    }
    let digest = Sha256::new().chain_update(client).chain_update(key);
    Ok(Some(Claim(digest.finalize().into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(keys: &[&[u8]]) -> HeaderMap {
        let value = |key: &&[u8]| HeaderValue::from_bytes(key).expect("a value");
        keys.iter().map(|key| (HeaderName::from_static(HEADER), value(key))).collect()
    }

    fn claim_of(keys: &[&[u8]], client: u8) -> Result<Option<Claim>> {
        claim(&headers(keys), &[client; 32])
    }

    #[test]
    fn a_key_is_1_to_255_visible_characters() {
        assert_eq!(claim_of(&[], 1), Ok(None));
        for key in [&b"a"[..], b"!~", &[b'k'; 255]] {
            assert!(matches!(claim_of(&[key], 1), Ok(Some(_))));
        }
        let refused: [&[&[u8]]; 6] = [&[b""], &[b"a b"], &[b"\xc3\xa4"], &[b"a\tb"], &[&[b'k'; 256]], &[b"a", b"a"]];
        for keys in refused {
            assert_eq!(claim_of(keys, 1), Err(Refusal::IdempotencyKey { max: 255 }), "{keys:?}");
        }
    }

    #[test]
    fn a_claim_is_one_clients_and_one_keys() {
        let first = claim_of(&[b"a"], 1);
        assert_eq!(claim_of(&[b"a"], 1), first);
        assert_ne!(claim_of(&[b"b"], 1), first);
        assert_ne!(claim_of(&[b"a"], 2), first);
    }
}
