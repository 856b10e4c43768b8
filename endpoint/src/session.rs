//! Sessions: a cookie that the page is given, so that it may ask where a key is needed otherwise.
//!
//! `reweave-session=ID.EXPIRES.SIGNATURE`. Nothing is stored: what is signed here and not over is
//! good. A session shows that the page was loaded from here, no more; whoever wants one has one, so
//! sessions are never what is counted.

use axum::http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;

use crate::secret::Secret;

const NAME: &str = "reweave-session";

/// For a page that stays open over a day's work.
const SECONDS: i64 = 24 * 3600;

/// Gives sessions out and judges them.
#[derive(Clone)]
pub(crate) struct Sessions {
    secret: Secret,
    /// Whether the cookie goes over https only.
    secure: bool,
}

impl Sessions {
    pub(crate) const fn new(secret: Secret, secure: bool) -> Self {
        Self { secret, secure }
    }

    /// A new session as the value of `Set-Cookie`.
    pub(crate) fn cookie(&self, now: i64) -> Option<HeaderValue> {
        let (id, expires) = (Uuid::new_v4().simple().to_string(), now.saturating_add(SECONDS));
        let signature = self.secret.sign(&text(&id, expires));
        let secure = if self.secure { "; Secure" } else { "" };
        let attributes = format!("Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::try_from(format!("{NAME}={id}.{expires}.{signature}; {attributes}")).ok()
    }

    /// Whether a request carries a session that is good at the time `now`. Of several cookies of the
    /// name, which a neighbouring host can cause, one that is good suffices.
    pub(crate) fn check(&self, headers: &HeaderMap, now: i64) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == NAME && self.is_good(value, now))
    }

    fn is_good(&self, value: &str, now: i64) -> bool {
        let mut parts = value.splitn(3, '.');
        let (Some(id), Some(expires), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let Ok(expires) = expires.parse() else { return false };
        self.secret.verify(&text(id, expires), signature) && now < expires
    }
}

fn text(id: &str, expires: i64) -> String {
    format!("session\n{id}\n{expires}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions(secure: bool) -> Sessions {
        let dir = tempfile::tempdir().expect("a folder");
        Sessions::new(Secret::open(dir.path()).expect("opens"), secure)
    }

    fn headers(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(cookie).expect("a header"))])
    }

    #[test]
    fn a_session_is_good_for_a_day() {
        let sessions = sessions(false);
        let cookie = sessions.cookie(1_000).expect("a cookie");
        let (pair, attributes) = cookie.to_str().expect("text").split_once("; ").expect("attributes");
        assert_eq!(attributes, "Path=/; Max-Age=86400; HttpOnly; SameSite=Strict");
        assert!(sessions.check(&headers(pair), 1_000));
        assert!(sessions.check(&headers(pair), 87_399));
        assert!(!sessions.check(&headers(pair), 87_400));
        assert!(sessions.check(&headers(&format!("a=b; reweave-session=x;{pair}; c=d")), 1_000));
    }

    #[test]
    fn a_changed_session_is_none() {
        let sessions = sessions(true);
        let cookie = sessions.cookie(1_000).expect("a cookie");
        let cookie = cookie.to_str().expect("text");
        assert!(cookie.ends_with("; Secure"));
        let (pair, _) = cookie.split_once("; ").expect("attributes");
        let (id, rest) = pair.split_once('.').expect("three parts");
        let (_, signature) = rest.split_once('.').expect("three parts");
        let strangers = super::tests::sessions(true).cookie(1_000).expect("a cookie");
        for changed in [
            "",
            "reweave-session",
            "reweave-session=",
            "reweave-session=a.b",
            &format!("{id}0.{rest}"),
            &format!("{id}.99999999.{signature}"),
            &format!("{id}.x.{signature}"),
            &pair[..pair.len() - 1],
            &format!("x{pair}"),
            strangers.to_str().expect("text"),
        ] {
            assert!(!sessions.check(&headers(changed), 1_001), "{changed}");
        }
        assert!(!sessions.check(&HeaderMap::new(), 1_001));
    }
}
