//! Signed result links: `/results/{id}.png?expires=UNIX&signature=HEX`, the name ending in what the
//! file is.
//!
//! HMAC-SHA256 (RFC 2104) over the path and the expiry, with a secret of 32 random bytes that is
//! made once in the data folder and readable by its owner only. Verified in constant time.

use std::io::Write;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::config::StartError;
use crate::store::Product;

const SECRET_BYTES: usize = 32;

/// Signs links and judges them.
#[derive(Clone)]
pub(crate) struct Links(Hmac<Sha256>);

/// Why a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// It was good once.
    Expired,
    /// It was never given out, or was changed on the way.
    Signature,
}

impl Links {
    /// With the secret of the data folder, which is made where there is none.
    pub(crate) fn open(data_dir: &Path) -> Result<Self, StartError> {
        let path = data_dir.join("link-secret");
        let failed = |e: &std::io::Error| StartError::file("the secret of the result links", &path, e);
        let secret = match std::fs::read(&path) {
            Ok(secret) => secret,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                make_secret(data_dir, &path).map_err(|e| failed(&e))?
            }
            Err(e) => return Err(failed(&e)),
        };
        let short = std::io::Error::other("it is not 32 bytes long; delete it to have a new one made");
        let mac = (secret.len() == SECRET_BYTES).then(|| Hmac::new_from_slice(&secret).ok()).flatten();
        mac.map(Self).ok_or_else(|| failed(&short))
    }

    /// Path and query of the link to a result.
    pub(crate) fn sign(&self, result: Product, expires: i64) -> String {
        let name = format!("{}.{}", result.id, result.kind.name());
        let signature: String =
            self.mac(&name, expires).finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("/results/{name}?expires={expires}&signature={signature}")
    }

    /// Judges the link to `name` at the time `now` and returns the id of the result: the signature
    /// first, so that only our own links are ever told that they expired.
    pub(crate) fn check(&self, name: &str, expires: i64, signature: &str, now: i64) -> Result<Uuid, Denied> {
        let given = from_hex(signature).ok_or(Denied::Signature)?;
        self.mac(name, expires).verify_slice(&given).map_err(|_| Denied::Signature)?;
        let id = name.split_once('.').and_then(|(id, _)| Uuid::try_parse(id).ok()).ok_or(Denied::Signature)?;
        if now < expires { Ok(id) } else { Err(Denied::Expired) }
    }

    fn mac(&self, name: &str, expires: i64) -> Hmac<Sha256> {
        self.0.clone().chain_update(format!("/results/{name}\n{expires}"))
    }
}

/// Written aside and then named, so that a half-written secret is never read.
fn make_secret(data_dir: &Path, path: &Path) -> std::io::Result<Vec<u8>> {
    // Two version 4 UUIDs hold 244 random bits; hashed, they are one key of 32 bytes.
    let random = [Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
    let secret = <Sha256 as sha2::Digest>::digest(random).to_vec();
    // tempfile makes its files with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(data_dir)?;
    file.write_all(&secret)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|e| e.error)?;
    Ok(secret)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits?;
    (digits.len() == 64).then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Kind;

    #[test]
    fn a_link_is_good_until_it_expires_and_for_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        let links = Links::open(dir.path()).expect("opens");
        let id = Uuid::new_v4();
        let link = links.sign(Product { id, kind: Kind::Jpeg }, 100);
        let signature = link.split_once("signature=").expect("signed").1;
        let check = |name: &str, expires, signature: &str, now| links.check(name, expires, signature, now);
        let name = format!("{id}.jpeg");
        assert!(link.starts_with(&format!("/results/{name}?expires=100&")), "{link}");
        assert_eq!(check(&name, 100, signature, 99), Ok(id));
        assert_eq!(check(&name, 100, signature, 100), Err(Denied::Expired));
        assert_eq!(check(&name, 101, signature, 99), Err(Denied::Signature));
        assert_eq!(check(&format!("{id}.png"), 100, signature, 99), Err(Denied::Signature));
        assert_eq!(check(&format!("{}.jpeg", Uuid::new_v4()), 100, signature, 99), Err(Denied::Signature));
        assert_eq!(check(&name, 100, "", 99), Err(Denied::Signature));
        assert_eq!(check(&name, 100, &"é".repeat(64), 99), Err(Denied::Signature));
    }

    #[test]
    fn the_secret_outlives_a_restart_and_is_nobody_elses() {
        let dir = tempfile::tempdir().expect("a folder");
        let id = Product { id: Uuid::new_v4(), kind: Kind::Png };
        let link = Links::open(dir.path()).expect("opens").sign(id, 100);
        assert_eq!(Links::open(dir.path()).expect("opens").sign(id, 100), link);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join("link-secret")).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let other = tempfile::tempdir().expect("a folder");
        assert_ne!(Links::open(other.path()).expect("opens").sign(id, 100), link);
    }

    #[test]
    fn a_short_secret_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("link-secret"), b"short").expect("written");
        assert!(matches!(Links::open(dir.path()), Err(StartError::File { .. })));
    }
}
