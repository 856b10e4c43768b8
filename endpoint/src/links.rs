//! Signed result links: `/results/{id}.png?expires=UNIX&signature=HEX`, the signature being over
//! the path and the expiry.

use uuid::Uuid;

use crate::secret::Secret;

/// Signs links and judges them.
#[derive(Clone)]
pub(crate) struct Links(Secret);

/// Why a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// It was good once.
    Expired,
    /// It was never given out, or was changed on the way.
    Signature,
}

impl Links {
    pub(crate) const fn new(secret: Secret) -> Self {
        Self(secret)
    }

    /// Path and query of the link to a result.
    pub(crate) fn sign(&self, result: Uuid, expires: i64) -> String {
        let signature = self.0.sign(&text(result, expires));
        format!("/results/{result}.png?expires={expires}&signature={signature}")
    }

    /// Judges a link at the time `now`: the signature first, so that only our own links are ever
    /// told that they expired.
    pub(crate) fn check(&self, result: Uuid, expires: i64, signature: &str, now: i64) -> Result<(), Denied> {
        if !self.0.verify(&text(result, expires), signature) {
            return Err(Denied::Signature);
        }
        if now < expires { Ok(()) } else { Err(Denied::Expired) }
    }
}

fn text(result: Uuid, expires: i64) -> String {
    format!("/results/{result}.png\n{expires}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_until_it_expires_and_for_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        let links = Links::new(Secret::open(dir.path()).expect("opens"));
        let id = Uuid::new_v4();
        let link = links.sign(id, 100);
        let signature = link.split_once("signature=").expect("signed").1;
        assert_eq!(links.check(id, 100, signature, 99), Ok(()));
        assert_eq!(links.check(id, 100, signature, 100), Err(Denied::Expired));
        assert_eq!(links.check(id, 101, signature, 99), Err(Denied::Signature));
        assert_eq!(links.check(Uuid::new_v4(), 100, signature, 99), Err(Denied::Signature));
        assert_eq!(links.check(id, 100, "", 99), Err(Denied::Signature));
        assert_eq!(links.check(id, 100, &"é".repeat(64), 99), Err(Denied::Signature));
    }
}
