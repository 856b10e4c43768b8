//! How a task at the upstream ended: its result as a picture of ours, or its error in our words.

use base64::Engine;
use bytes::Bytes;
use reweave::Error;
use reweave::contract::{Delivered, Endpoint, state};
use reweave::task::Delivery;

use super::Relay;
use super::files::lost;

use crate::download::Bound;
use crate::lenient::BASE64;
use crate::spool::Spooled;
use crate::store::Kind;
use crate::tasks::{Assignment, End};

/// Of a task that was being sent when an earlier run ended.
pub(super) const NOT_SENT_TWICE: &str = "the server ended while this was being sent to the upstream; it was not sent \
                                         a second time, because that could cost twice";

/// Most characters of what an upstream says.
const MAX_SAID: usize = 300;

/// Ends the work with a result that came in the reply.
pub(super) async fn delivered(relay: &Relay, task: &Assignment, delivery: Delivery) -> Result<End, End> {
    let _permit = relay.queue.reader().await;
    let file = match delivery.file {
        Delivered::Bytes(bytes) => Ok(bytes),
        Delivered::Base64(text) => BASE64.decode(text).map_err(|_| not_a_picture()),
        Delivered::Link(_) => Err(lost(task, &"a link was not fetched")),
    };
    keep(task, file?.into()).await
}

/// Ends the work with a result that was fetched from its link.
pub(super) async fn fetched(relay: &Relay, task: &Assignment, file: Spooled) -> Result<End, End> {
    // As many results are in memory at once as bodies are.
    let _permit = relay.queue.reader().await;
    let read = tokio::task::spawn_blocking(|| file.whole()).await.map_err(|_| End::HandedBack)?;
    keep(task, read.map_err(|e| lost(task, &e))?).await
}

pub(super) fn too_large() -> End {
    End::Failed(state::FAILED, format!("the upstream's result is over {} bytes", Bound::RESULT.bytes))
}

fn not_a_picture() -> End {
    End::Failed(state::FAILED, "the upstream's result is not a picture".into())
}

async fn keep(task: &Assignment, file: Bytes) -> Result<End, End> {
    // What is kept is served from our own origin: it must be what it says, by its first bytes.
    match Kind::of(&file) {
        None => Err(not_a_picture()),
        Some(_) if file.len() as u64 > Bound::RESULT.bytes => Err(too_large()),
        Some(_) => Ok(task.keep(file).await),
    }
}

/// Tells the upstream's errors without its key and its address.
pub(super) struct Words<'a>(pub(super) &'a Endpoint);

impl Words<'_> {
    /// The end that an error is.
    pub(super) fn end(&self, error: Error) -> End {
        let (state, detail) = match self.0.redacted(error) {
            Error::TaskFailed { state, detail } => {
                (state, format!("the upstream's state is {state}{}", self.said(detail)))
            }
            Error::Deadline { seconds } => {
                (state::TIMED_OUT, format!("the upstream did not finish within {seconds} s"))
            }
            Error::HttpStatus { status, message } => {
                (state::FAILED, format!("the upstream answered HTTP {status}{}", self.said(message)))
            }
            Error::JsonStatus { status, message } => {
                (state::FAILED, format!("the upstream answered status {status}{}", self.said(message)))
            }
            Error::Unreachable => (state::FAILED, "the upstream cannot be reached".into()),
            Error::ResultUnreachable { .. } => (state::FAILED, "the upstream's result cannot be fetched".into()),
            Error::ResultLink => (state::FAILED, "the upstream's result has no address that can be used".into()),
            other => (state::FAILED, format!("the upstream: {other}")),
        };
        End::Failed(state, detail)
    }

    /// What the upstream said, without its address and shortened.
    fn said(&self, text: Option<String>) -> String {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return String::new() };
        let text = [self.0.create_url(), self.0.host()].iter().fold(text, |text, own| text.replace(own, "…"));
        let shortened: String = text.chars().filter(|c| !c.is_control()).take(MAX_SAID).collect();
        format!(": {shortened}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reweave::contract::Credential;

    #[test]
    fn an_error_is_told_without_key_and_address() {
        let credential = Credential::new("x-api-key", "", "s3cret").expect("a key");
        let endpoint = Endpoint::new("http://pay.example:81/x?token=t", Some(credential)).expect("an endpoint");
        let words = Words(&endpoint);
        let said = || Some("no s3cret at http://pay.example:81/x?token=t\n(pay.example:81)".to_owned());
        let failed = |state, text: &str| End::Failed(state, text.into());
        let http = Error::HttpStatus { status: 401, message: said() };
        assert_eq!(words.end(http), failed(-1, "the upstream answered HTTP 401: no … at …(…)"));
        let json = Error::JsonStatus { status: 500, message: None };
        assert_eq!(words.end(json), failed(-1, "the upstream answered status 500"));
        let task = Error::TaskFailed { state: -3, detail: said() };
        assert_eq!(words.end(task), failed(-3, "the upstream's state is -3: no … at …(…)"));
        let deadline = Error::Deadline { seconds: 30 };
        assert_eq!(words.end(deadline), failed(-8, "the upstream did not finish within 30 s"));
        let long = Error::HttpStatus { status: 400, message: Some("x".repeat(9_000)) };
        assert!(matches!(words.end(long), End::Failed(-1, text) if text.len() < 400));
        let link = Error::ResultUnreachable { link: "http://pay.example/r?signature=s".into(), expires: None };
        assert_eq!(words.end(link), failed(-1, "the upstream's result cannot be fetched"));
    }
}
