//! Signed result links: `/results/{id}.png?expires=UNIX&signature=HEX`, the name ending in what the
//! file is and the signature being over the path and the expiry.

use uuid::Uuid;

use crate::secret::Secret;
use crate::store::Product;

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
    pub(crate) fn sign(&self, result: Product, expires: i64) -> String {
        let name = format!("{}.{}", result.id, result.kind.name());
        let signature = self.0.sign(&text(&name, expires));
        format!("/results/{name}?expires={expires}&signature={signature}")
    }

    /// Judges the link to `name` at the time `now` and returns the id of the result: the signature
    /// first, so that only our own links are ever told that they expired.
    pub(crate) fn check(&self, name: &str, expires: i64, signature: &str, now: i64) -> Result<Uuid, Denied> {
        if !self.0.verify(&text(name, expires), signature) {
            return Err(Denied::Signature);
        }
        let id = name.split_once('.').and_then(|(id, _)| Uuid::try_parse(id).ok()).ok_or(Denied::Signature)?;
        if now < expires { Ok(id) } else { Err(Denied::Expired) }
    }
}

fn text(name: &str, expires: i64) -> String {
    format!("/results/{name}\n{expires}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Kind;

    #[test]
    fn a_link_is_good_until_it_expires_and_for_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        let links = Links::new(Secret::open(dir.path()).expect("opens"));
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
}
