//! Signed result links: `/results/{id}.png?expires=UNIX&signature=HEX`, the name ending in what the
//! file is and the signature being over the path and the expiry. A relay gives out the same for what
//! another endpoint is to fetch: `/inputs/{id}/{file}?…`.

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
        self.signed(&format!("/results/{name}"), expires)
    }

    /// Path and query of the link to a file that a task works on.
    pub(crate) fn sign_input(&self, task: Uuid, file: &str, expires: i64) -> String {
        self.signed(&format!("/inputs/{task}/{file}"), expires)
    }

    /// Judges the link to `name` at the time `now` and returns the id of the result: the signature
    /// first, so that only our own links are ever told that they expired.
    pub(crate) fn check(&self, name: &str, expires: i64, signature: &str, now: i64) -> Result<Uuid, Denied> {
        self.judge(&format!("/results/{name}"), expires, signature, now)?;
        name.split_once('.').and_then(|(id, _)| Uuid::try_parse(id).ok()).ok_or(Denied::Signature)
    }

    /// Judges the link to a file that a task works on, likewise.
    pub(crate) fn check_input(
        &self,
        (task, file): (Uuid, &str),
        expires: i64,
        signature: &str,
        now: i64,
    ) -> Result<(), Denied> {
        self.judge(&format!("/inputs/{task}/{file}"), expires, signature, now)
    }

    fn signed(&self, path: &str, expires: i64) -> String {
        let signature = self.0.sign(&text(path, expires));
        format!("{path}?expires={expires}&signature={signature}")
    }

    fn judge(&self, path: &str, expires: i64, signature: &str, now: i64) -> Result<(), Denied> {
        if !self.0.verify(&text(path, expires), signature) {
            return Err(Denied::Signature);
        }
        if now < expires { Ok(()) } else { Err(Denied::Expired) }
    }
}

fn text(path: &str, expires: i64) -> String {
    format!("{path}\n{expires}")
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
        let input = links.sign_input(id, "mask.png", 100);
        let signature = input.strip_prefix(&format!("/inputs/{id}/mask.png?expires=100&signature=")).expect("signed");
        let check_input = |file, now| links.check_input((id, file), 100, signature, now);
        assert_eq!((check_input("mask.png", 99), check_input("mask.png", 100)), (Ok(()), Err(Denied::Expired)));
        assert_eq!(check_input("image.png", 99), Err(Denied::Signature));
        assert_eq!(check(&name, 100, &"é".repeat(64), 99), Err(Denied::Signature));
    }
}
