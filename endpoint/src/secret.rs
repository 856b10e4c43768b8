//! The secret of the data folder: what is signed with it was given out here and not changed since.
//!
//! HMAC-SHA256 (RFC 2104) with 32 random bytes that are made once and readable by their owner only.
//! Verified in constant time. Each use begins its text in its own way, so that a signature of one
//! is never one of another.

use std::io::Write;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::config::StartError;

const SECRET_BYTES: usize = 32;

/// Signs texts and judges signatures.
#[derive(Clone)]
pub(crate) struct Secret(Hmac<Sha256>);

impl Secret {
    /// The secret of the data folder, which is made where there is none.
    pub(crate) fn open(data_dir: &Path) -> Result<Self, StartError> {
        let path = data_dir.join("link-secret");
        let failed = |e: &std::io::Error| StartError::file("the secret of the result links", &path, e);
        let secret = match std::fs::read(&path) {
            Ok(secret) => secret,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => make(data_dir, &path).map_err(|e| failed(&e))?,
            Err(e) => return Err(failed(&e)),
        };
        let short = std::io::Error::other("it is not 32 bytes long; delete it to have a new one made");
        let mac = (secret.len() == SECRET_BYTES).then(|| Hmac::new_from_slice(&secret).ok()).flatten();
        mac.map(Self).ok_or_else(|| failed(&short))
    }

    /// A digest of a text that nobody without the secret can make.
    pub(crate) fn digest(&self, text: &str) -> [u8; 32] {
        self.0.clone().chain_update(text).finalize().into_bytes().into()
    }

    /// The signature of a text: 64 hexadecimal digits.
    pub(crate) fn sign(&self, text: &str) -> String {
        self.digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether this is the signature of that text.
    pub(crate) fn verify(&self, text: &str, signature: &str) -> bool {
        let mac = self.0.clone().chain_update(text);
        from_hex(signature).is_some_and(|given| mac.verify_slice(&given).is_ok())
    }
}

/// Written aside and then named, so that a half-written secret is never read.
fn make(data_dir: &Path, path: &Path) -> std::io::Result<Vec<u8>> {
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

    #[test]
    fn a_signature_is_of_one_text_only() {
        let dir = tempfile::tempdir().expect("a folder");
        let secret = Secret::open(dir.path()).expect("opens");
        let signature = secret.sign("one");
        assert!(secret.verify("one", &signature));
        assert!(!secret.verify("other", &signature));
        for wrong in ["", &signature[1..], &"é".repeat(64), &"0".repeat(64)] {
            assert!(!secret.verify("one", wrong), "{wrong}");
        }
    }

    #[test]
    fn the_secret_outlives_a_restart_and_is_nobody_elses() {
        let dir = tempfile::tempdir().expect("a folder");
        let signature = Secret::open(dir.path()).expect("opens").sign("one");
        assert_eq!(Secret::open(dir.path()).expect("opens").sign("one"), signature);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join("link-secret")).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let other = tempfile::tempdir().expect("a folder");
        assert_ne!(Secret::open(other.path()).expect("opens").sign("one"), signature);
    }

    #[test]
    fn a_short_secret_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("link-secret"), b"short").expect("written");
        assert!(matches!(Secret::open(dir.path()), Err(StartError::File { .. })));
    }
}
