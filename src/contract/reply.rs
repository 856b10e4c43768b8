//! Replies: what an endpoint says of a task, and what follows from it.
//!
//! The HTTP status, the status in the JSON and the state of the task are three different things
//! and are judged in this order. Whether a reply is final is read from the reply, not from what was
//! asked for: `state` 1 with an image is the end, a task id alone means *go on polling*.

use serde::{Deserialize, Serialize};

use super::link;
use super::profile::Answers;
use crate::error::{Error, Result};
use crate::loose::Loose;
use crate::text::find;

/// The states that the contract names.
pub mod state {
    /// Done.
    pub const DONE: i64 = 1;
    /// Queued.
    pub const QUEUED: i64 = 0;
    /// Processing.
    pub const PROCESSING: i64 = 4;
    /// The repair failed.
    pub const FAILED: i64 = -1;
    /// The result could not be stored.
    pub const UPLOAD_FAILED: i64 = -2;
    /// The picture's address could not be downloaded.
    pub const DOWNLOAD_FAILED: i64 = -3;
    /// The picture at the address is over 15 MB.
    pub const DOWNLOAD_TOO_LARGE: i64 = -5;
    /// Not a picture that can be read: format, resolution.
    pub const INVALID_PICTURE: i64 = -7;
    /// The repair took over 30 s.
    pub const TIMED_OUT: i64 = -8;
}

/// The envelope of every answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Loose")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reply {
    /// 200 when the request was accepted; may differ from the HTTP status. 0 where it is missing.
    pub status: i64,
    /// What the endpoint says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The task; absent when the status is not 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<TaskData>,
}

/// What is known of a task. Unknown fields are passed over.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskData {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// 1 = done, below 0 = failed, anything else = go on polling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<i64>,
    /// 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<i64>,
    /// A link or base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// 1 = link, 2 = base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_type: Option<i64>,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processed_at: Option<i64>,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<i64>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_detail: Option<String>,
}

/// An answer as it came from the network, before it is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub http_status: u16,
    /// `Retry-After`, in milliseconds.
    pub retry_after: Option<u64>,
    /// What a gateway says in `X-Ca-Error-Message`: its errors have no body.
    pub gateway: Option<String>,
    /// The body.
    pub content: Content,
}

/// A body, as far as it could be read.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// JSON: the envelope, or whatever of it was there.
    Envelope(Reply),
    /// The bytes of a picture, from an endpoint that answers with them.
    Picture(Vec<u8>),
    /// Neither; what came instead (a content type, or "nothing").
    Other(String),
}

/// What follows from an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// Accepted: a result or a task.
    Accepted(Outcome),
    /// Not accepted now: over the rate. Nothing was begun, so that it may be sent again.
    Throttled(Error),
    /// A fault at the endpoint: whether something was begun is not known.
    Fault(Error),
    /// The end.
    Refused(Error),
}

/// What follows from a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The result is there.
    Done(Delivered),
    /// Ask again.
    Pending {
        /// The id, where this reply carries one.
        task_id: Option<String>,
        /// 0 to 100, where this reply says it.
        progress: Option<u8>,
    },
}

/// A result as it was delivered.
#[derive(Clone, PartialEq, Eq)]
pub enum Delivered {
    /// At an http or https address, which is as good as a secret: it is signed.
    Link(String),
    /// The file itself.
    Bytes(Vec<u8>),
    /// The file in base64, with or without padding: who holds the text decodes it, as it does JSON.
    Base64(String),
}

impl From<Loose> for Reply {
    /// Numbers may be texts and times may be null, as siblings of the API have them; unknown fields
    /// are passed over.
    fn from(value: Loose) -> Self {
        let data = value.get("data");
        Self {
            status: value.get("status").integer().unwrap_or(0),
            // Neighbours say it in `detail` (FastAPI's habit) or in `error`.
            message: ["message", "detail", "error"].into_iter().find_map(|name| owned(value.get(name))),
            data: data.is_something().then(|| TaskData::read(data)),
        }
    }
}

impl TaskData {
    fn read(value: &Loose) -> Self {
        let integer = |name| value.get(name).integer();
        Self {
            task_id: owned(value.get("task_id")),
            state: integer("state"),
            progress: integer("progress"),
            image: owned(value.get("image")),
            return_type: integer("return_type"),
            created_at: integer("created_at"),
            processed_at: integer("processed_at"),
            completed_at: integer("completed_at"),
            state_detail: owned(value.get("state_detail")),
        }
    }
}

fn owned(value: &Loose) -> Option<String> {
    value.text().map(Into::into)
}

impl Reply {
    /// Judges a reply that came with HTTP 200.
    ///
    /// # Errors
    /// [`Error::JsonStatus`], [`Error::TaskFailed`], [`Error::ReplyIncomplete`],
    /// [`Error::ResultLink`].
    pub fn outcome(self) -> Result<Outcome> {
        if self.status == 0 {
            return Err(lacks("status"));
        }
        if self.status != 200 {
            return Err(Error::JsonStatus { status: self.status, message: self.message });
        }
        let data = self.data.ok_or_else(|| lacks("data"))?;
        match data.state {
            Some(state) if state < 0 => Err(Error::TaskFailed { state, detail: data.state_detail.or(self.message) }),
            Some(state::DONE) => {
                let image = data.image.filter(|image| !image.is_empty()).ok_or_else(|| lacks("image"))?;
                Delivered::read(&image).map(Outcome::Done)
            }
            None if data.task_id.is_none() => Err(lacks("task_id")),
            _ => {
                let progress = data.progress.map(|p| p.clamp(0, 100) as u8);
                Ok(Outcome::Pending { task_id: data.task_id, progress })
            }
        }
    }
}

impl Response {
    /// Judges an answer: the HTTP status first, of a refusal the body or the gateway may say why;
    /// then the status in the JSON; then the state.
    pub(crate) fn verdict(self, answers: Answers) -> Verdict {
        let Self { http_status, gateway, content, .. } = self;
        let error = match (http_status, content) {
            (200, Content::Picture(bytes)) if answers == Answers::Picture && !bytes.is_empty() => {
                return Verdict::Accepted(Outcome::Done(Delivered::Bytes(bytes)));
            }
            (200, Content::Envelope(_) | Content::Picture(_)) if answers == Answers::Picture => lacks("picture"),
            (200, Content::Envelope(reply)) => match reply.outcome() {
                Ok(outcome) => return Verdict::Accepted(outcome),
                Err(error) => error,
            },
            (200, Content::Other(found)) => Error::ReplyNotJson { found },
            (200, Content::Picture(_)) => Error::ReplyNotJson { found: "a picture".into() },
            (status, Content::Envelope(reply)) => Error::HttpStatus { status, message: reply.message.or(gateway) },
            (status, _) => Error::HttpStatus { status, message: gateway },
        };
        sorted(error)
    }
}

/// Which errors may pass.
fn sorted(error: Error) -> Verdict {
    let (status, message) = match &error {
        Error::HttpStatus { status, message } => (i64::from(*status), message),
        Error::JsonStatus { status, message } => (*status, message),
        _ => return Verdict::Refused(error),
    };
    match status {
        429 => Verdict::Throttled(error),
        403 if message.as_deref().is_some_and(is_throttling) => Verdict::Throttled(error),
        500 | 502 | 503 | 504 => Verdict::Fault(error),
        _ => Verdict::Refused(error),
    }
}

/// Classic gateways answer 403 to what is over the rate: "Throttled by USER Flow Control".
fn is_throttling(message: &str) -> bool {
    let lower = message.to_ascii_lowercase();
    ["throttl", "flow control"].iter().any(|sign| find(&lower, sign).is_some())
}

/// `Retry-After` in milliseconds, where it is a number of seconds (RFC 9110 §10.2.3).
#[must_use]
pub fn retry_after(header: &str) -> Option<u64> {
    header.trim().parse::<u32>().ok().map(|seconds| u64::from(seconds) * 1_000)
}

/// What a gateway says of its refusal, with the id that its support asks for: the values of
/// `X-Ca-Error-Message` and `X-Ca-Request-Id`.
#[must_use]
pub fn gateway_message(message: Option<String>, request_id: Option<String>) -> Option<String> {
    let message = message?;
    Some(match request_id {
        Some(id) => [&message, " (", &id, ")"].concat(),
        None => message,
    })
}

impl Answers {
    /// Whether a body is to be taken as the picture itself; else it is read as text.
    #[must_use]
    pub fn is_picture(self, http_status: u16, content_type: &str) -> bool {
        self == Self::Picture && http_status == 200 && find(content_type, "json").is_none()
    }
}

impl Content {
    /// A text that is no envelope, by its content type.
    #[must_use]
    pub fn other(is_empty: bool, content_type: String) -> Self {
        Self::Other(if is_empty || content_type.is_empty() { "nothing".into() } else { content_type })
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Envelope(reply) => write!(f, "Envelope(status {})", reply.status),
            Self::Picture(bytes) => write!(f, "Picture({})", bytes.len()),
            Self::Other(found) => write!(f, "Other({found})"),
        }
    }
}

impl Delivered {
    /// A link, a `data:image` address, or base64.
    fn read(image: &str) -> Result<Self> {
        let lower = image.get(..11).unwrap_or(image).to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            return Ok(Self::Link(link::repaired(image)));
        }
        let base64 = match image.split_once(',') {
            Some((head, rest)) if lower.starts_with("data:image/") && head.ends_with(";base64") => rest,
            Some(_) => return Err(Error::ResultLink),
            None => image,
        };
        let known = |b: u8| b.is_ascii_alphanumeric() || b"+/=".contains(&b);
        let compact: String = base64.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        if compact.is_empty() || !compact.bytes().all(known) {
            return Err(Error::ResultLink);
        }
        Ok(Self::Base64(compact))
    }
}

impl std::fmt::Debug for Delivered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Link(_) => f.write_str("Link(…)"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Base64(text) => write!(f, "Base64({})", text.len()),
        }
    }
}

fn lacks(field: &str) -> Error {
    Error::ReplyIncomplete { field: field.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(json: &str) -> Result<Outcome> {
        serde_json::from_str::<Reply>(json).expect("an envelope").outcome()
    }

    fn pending(task_id: Option<&str>, progress: Option<u8>) -> Result<Outcome> {
        Ok(Outcome::Pending { task_id: task_id.map(Into::into), progress })
    }

    #[test]
    fn a_task_id_alone_means_polling() {
        assert_eq!(outcome(r#"{"status":200,"message":"success","data":{"task_id":"a"}}"#), pending(Some("a"), None));
    }

    #[test]
    fn every_state_from_0_on_but_1_polls_on() {
        for state in [0, 2, 3, 4, 5, 99] {
            let json = format!(r#"{{"status":200,"data":{{"task_id":"a","state":{state},"progress":250}}}}"#);
            assert_eq!(outcome(&json), pending(Some("a"), Some(100)));
        }
    }

    #[test]
    fn every_state_below_0_fails_with_what_is_said_of_it() {
        for state in [-1, -2, -3, -5, -7, -8, -77] {
            let json = format!(r#"{{"status":200,"data":{{"state":{state},"state_detail":"why","progress":0}}}}"#);
            assert_eq!(outcome(&json), Err(Error::TaskFailed { state, detail: Some("why".into()) }));
        }
    }

    #[test]
    fn done_is_a_link_or_a_file() {
        let done = |image: &str| outcome(&format!(r#"{{"status":200,"data":{{"state":1,"image":{image:?}}}}}"#));
        let link = |url: &str| Ok(Outcome::Done(Delivered::Link(url.into())));
        assert_eq!(done("https://h/r.png?a=1&b=%2F"), link("https://h/r.png?a=1&b=%2F"));
        assert_eq!(done("https://h/r?a=1&amp;b=2\\u0026c=3\\\\u0026d=4"), link("https://h/r?a=1&b=2&c=3&d=4"));
        for (given, base64) in
            [("aGk=", "aGk="), ("aGk", "aGk"), ("data:image/png;base64,aGk=", "aGk="), ("aG\nk=", "aGk=")]
        {
            assert_eq!(done(given), Ok(Outcome::Done(Delivered::Base64(base64.into()))), "{given}");
        }
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html;base64,aGk=",
            "ftp://h/x",
            "a-b",
            " ",
            "data:image/png,x",
        ] {
            assert_eq!(done(bad), Err(Error::ResultLink), "{bad}");
        }
        assert_eq!(done(""), Err(lacks("image")));
    }

    #[test]
    fn the_status_in_the_json_counts_too() {
        let expected = Error::JsonStatus { status: 401, message: Some("no".into()) };
        assert_eq!(outcome(r#"{"status":401,"message":"no"}"#), Err(expected));
        assert_eq!(outcome(r#"{"status":200}"#), Err(lacks("data")));
        for json in ["{}", "[]", "7", r#"{"status":null,"data":{"task_id":"a"}}"#] {
            assert_eq!(outcome(json), Err(lacks("status")), "{json}");
        }
        assert_eq!(outcome(r#"{"status":200,"data":{}}"#), Err(lacks("task_id")));
    }

    fn verdict(http_status: u16, gateway: Option<&str>, body: &str) -> Verdict {
        let content = match serde_json::from_str::<Reply>(body) {
            Ok(reply) => Content::Envelope(reply),
            Err(_) => Content::Other("nothing".into()),
        };
        let gateway = gateway.map(Into::into);
        Response { http_status, retry_after: None, gateway, content }.verdict(Answers::Task)
    }

    fn http(status: u16, message: Option<&str>) -> Error {
        Error::HttpStatus { status, message: message.map(Into::into) }
    }

    #[test]
    fn what_is_over_the_rate_was_not_begun() {
        assert_eq!(verdict(429, None, ""), Verdict::Throttled(http(429, None)));
        let json = Error::JsonStatus { status: 429, message: None };
        assert_eq!(verdict(200, None, r#"{"status":429}"#), Verdict::Throttled(json));
        let throttled = "Throttled by USER Flow Control";
        assert_eq!(verdict(403, Some(throttled), ""), Verdict::Throttled(http(403, Some(throttled))));
        let quota = "Quota Exhausted";
        assert_eq!(verdict(403, Some(quota), ""), Verdict::Refused(http(403, Some(quota))));
        assert_eq!(verdict(403, None, ""), Verdict::Refused(http(403, None)));
    }

    #[test]
    fn a_fault_may_have_begun_something() {
        for status in [500, 502, 503, 504] {
            assert_eq!(verdict(status, None, ""), Verdict::Fault(http(status, None)));
            let json = Error::JsonStatus { status: status.into(), message: None };
            assert_eq!(verdict(200, None, &format!(r#"{{"status":{status}}}"#)), Verdict::Fault(json));
        }
        for status in [400, 401, 404, 413, 501, 302] {
            assert_eq!(verdict(status, None, ""), Verdict::Refused(http(status, None)));
        }
    }

    #[test]
    fn why_it_was_refused_is_in_the_body_or_at_the_gateway() {
        let said = |body: &str| verdict(400, Some("gateway"), body);
        for body in [r#"{"message":"why"}"#, r#"{"detail":"why"}"#, r#"{"error":"why","detail":[1]}"#] {
            assert_eq!(said(body), Verdict::Refused(http(400, Some("why"))), "{body}");
        }
        assert_eq!(said("<html>"), Verdict::Refused(http(400, Some("gateway"))));
    }

    #[test]
    fn a_picture_is_taken_from_who_answers_with_pictures() {
        let response = |content| Response { http_status: 200, retry_after: None, gateway: None, content };
        let picture = || response(Content::Picture(b"png".to_vec()));
        let done = Verdict::Accepted(Outcome::Done(Delivered::Bytes(b"png".to_vec())));
        assert_eq!(picture().verdict(Answers::Picture), done);
        let not_json = Error::ReplyNotJson { found: "a picture".into() };
        assert_eq!(picture().verdict(Answers::Task), Verdict::Refused(not_json));
        for content in [Content::Picture(Vec::new()), Content::Envelope(Reply::default())] {
            assert_eq!(response(content).verdict(Answers::Picture), Verdict::Refused(lacks("picture")));
        }
    }

    #[test]
    fn a_body_is_a_picture_unless_it_says_json() {
        assert!(Answers::Picture.is_picture(200, "image/png") && Answers::Picture.is_picture(200, ""));
        assert!(
            !Answers::Picture.is_picture(200, "application/json") && !Answers::Picture.is_picture(500, "image/png")
        );
        assert!(!Answers::Task.is_picture(200, "image/png"));
        let html = || "text/html".to_owned();
        assert_eq!(Content::other(false, html()), Content::Other(html()));
        for nothing in [Content::other(true, html()), Content::other(false, String::new())] {
            assert_eq!(nothing, Content::Other("nothing".into()));
        }
    }

    #[test]
    fn a_gateway_says_it_with_its_id() {
        let said =
            |message: Option<&str>, id: Option<&str>| gateway_message(message.map(Into::into), id.map(Into::into));
        assert_eq!(said(Some("why"), Some("7")), Some("why (7)".into()));
        assert_eq!((said(Some("why"), None), said(None, Some("7"))), (Some("why".into()), None));
    }

    #[test]
    fn retry_after_is_read_in_seconds() {
        assert_eq!((retry_after(" 2 "), retry_after("0")), (Some(2_000), Some(0)));
        for header in ["", "-1", "soon", "1.5", "99999999999"] {
            assert_eq!(retry_after(header), None, "{header}");
        }
    }

    #[test]
    fn times_may_be_numbers_strings_or_null() {
        let json = r#"{"status":"200","data":{"task_id":"a","created_at":"1700000000","completed_at":null,
            "processed_at":1700000001.0,"something_new":[1]}}"#;
        let data = serde_json::from_str::<Reply>(json).expect("an envelope").data.expect("data");
        assert_eq!(
            (data.created_at, data.processed_at, data.completed_at),
            (Some(1_700_000_000), Some(1_700_000_001), None)
        );
    }
}
