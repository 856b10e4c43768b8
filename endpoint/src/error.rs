//! Every refusal: one variant is one stable code, one message and one HTTP status.
//!
//! The status in the JSON is the HTTP status (the contract allows them to differ; ours never do).
//! `error` beside `message` carries the code and the offending value, as `reweave::Error` does.
//! No variant carries a key, an address with its query, or a body.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::answer::Answer;

/// A result of this crate's handlers.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;

/// Why a request was not accepted.
#[derive(Debug, Clone, PartialEq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames, Serialize)]
#[strum(serialize_all = "kebab-case")]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Refusal {
    // ---- the body ----
    /// The body has another form than the three that are read.
    #[error("the body is {found}, must be application/json, multipart/form-data or application/x-www-form-urlencoded")]
    BodyForm {
        /// The content type as it was given, or "of no stated type".
        found: String,
    },
    /// The body is not what its content type says.
    #[error("the body cannot be read as {form}: {reason}")]
    BodyBroken {
        /// The form it was read as.
        form: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The body is compressed, which no body form here is.
    #[error("the body is encoded as {found}, must be sent as it is (without Content-Encoding)")]
    BodyEncoding {
        /// The encoding as it was given, shortened.
        found: String,
    },
    /// The body is over the bound at the socket.
    #[error("the body has more than {max} bytes")]
    BodyTooLarge {
        /// Most bytes of a body.
        max: u64,
    },
    /// The body did not arrive in time.
    #[error("the body did not arrive within {seconds} s")]
    BodySlow {
        /// The bound.
        seconds: u64,
    },
    /// The connection ended before the body did.
    #[error("the body ended early")]
    BodyEnded,

    // ---- the fields ----
    /// A field came more than once.
    #[error("{field} was given more than once")]
    FieldTwice {
        /// Name of the field.
        field: &'static str,
    },
    /// A field has a value that it cannot have.
    #[error("{field} is {value}, must be {expected}")]
    FieldValue {
        /// Name of the field.
        field: &'static str,
        /// The value, shortened.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A field is longer than it can be.
    #[error("{field} has {length} characters, at most {max} are accepted")]
    FieldLength {
        /// Name of the field.
        field: &'static str,
        /// Its length.
        length: usize,
        /// Greatest length.
        max: usize,
    },
    /// A field should be base64 and is not.
    #[error("{field} is not base64: {reason}")]
    FieldBase64 {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is over the contract's limit, after base64 was decoded.
    #[error("{field} is over the limit: at most {max} bytes are accepted")]
    FileTooLarge {
        /// Name of the field.
        field: &'static str,
        /// Most bytes of a file.
        max: u64,
    },
    /// No picture came.
    #[error("no picture was given: send one of image_file, image_base64 and image_url")]
    ImageMissing,
    /// Two sources of the same thing came.
    #[error("{first} and {second} were both given, exactly one is accepted")]
    TwoSources {
        /// One of them.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// Nothing says what is to be repaired.
    #[error("nothing is marked: send rectangles or one of mask_file, mask_base64 and mask_url")]
    RegionMissing,
    /// A mask and rectangles both came, on the face where they exclude each other.
    #[error("a mask and rectangles were both given, exactly one is accepted here")]
    MaskAndRectangles,

    // ---- the request ----
    /// The Host header is missing or no host.
    #[error("the Host header is missing or is not a host")]
    Host,
    /// The Idempotency-Key header is no key.
    #[error("the Idempotency-Key is not 1 to {max} visible ASCII characters, given once")]
    IdempotencyKey {
        /// Most characters.
        max: usize,
    },
    /// The Host header names another server than this.
    #[error("this server does not answer to the name in the Host header (see --allow-host and --public-url)")]
    HostRefused,
    /// The page of another origin asks, which was not allowed to.
    #[error("the page that asks is of another origin, which may not use this server (see --allow-origin)")]
    Origin,
    /// Keys are configured and the request carries none of them.
    #[error("the key is missing or wrong")]
    Key,
    /// Neither a key nor a session came with the request.
    #[error("neither a valid key nor a valid session was sent: load the page anew, which gives a session")]
    Session,
    /// The client asks more often than it may.
    #[error("over {per_second} requests in a second, try again in {retry_after} s")]
    Rate {
        /// Most requests in any second.
        per_second: u32,
        /// Seconds after which to try again.
        retry_after: u64,
    },
    /// The client has had its pictures of the day.
    #[error("the {per_day} pictures of this day (UTC) are used up, try again in {retry_after} s")]
    Quota {
        /// Most creates in a day.
        per_day: u32,
        /// Seconds to midnight UTC.
        retry_after: u64,
    },
    /// No such task, or no longer.
    #[error("there is no such task (tasks are kept for an hour)")]
    UnknownTask,
    /// No such path.
    #[error("there is nothing at this path")]
    UnknownPath,
    /// The path knows other methods.
    #[error("this path does not take this method")]
    Method,
    /// The queue is full.
    #[error("{waiting} requests are waiting already, try again in {retry_after} s")]
    Busy {
        /// How many are waiting.
        waiting: usize,
        /// Seconds after which to try again.
        retry_after: u64,
    },
    /// A fault of the endpoint.
    #[error("a fault of the endpoint: {reason}")]
    Internal {
        /// What is known of it.
        reason: String,
    },

    // ---- the rules of the crate ----
    /// The mask was refused by the crate's rules.
    #[error("{field}: {error}")]
    #[serde(untagged)]
    Mask {
        /// The field that the mask came in.
        field: &'static str,
        /// The rule; its code is the refusal's.
        #[serde(flatten)]
        error: reweave::Error,
    },
    /// A rule of the crate; its code is the refusal's.
    #[error("{0}")]
    #[serde(untagged)]
    Rule(#[from] reweave::Error),
}

/// The code of a refusal beside its response, for the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Code(pub(crate) &'static str);

impl Refusal {
    /// A fault of the endpoint itself.
    pub(crate) fn internal(reason: impl std::fmt::Display) -> Self {
        Self::Internal { reason: reason.to_string() }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Mask { error, .. } | Self::Rule(error) => error.code(),
            _ => self.into(),
        }
    }

    /// The HTTP status, which is the JSON status too.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::BodyTooLarge { .. } | Self::FileTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodySlow { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Key | Self::Session => StatusCode::UNAUTHORIZED,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::HostRefused => StatusCode::MISDIRECTED_REQUEST,
            Self::Rate { .. } | Self::Quota { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::UnknownTask | Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<crate::store::Fault> for Refusal {
    fn from(fault: crate::store::Fault) -> Self {
        Self::internal(fault)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Self::Internal { reason } = &self {
            tracing::error!(%reason, "a fault of the endpoint");
        }
        let mut response = (self.status(), Answer::refusal(&self)).into_response();
        response.extensions_mut().insert(Code(self.code()));
        let headers = response.headers_mut();
        match self {
            Self::Busy { retry_after, .. } | Self::Rate { retry_after, .. } | Self::Quota { retry_after, .. } => {
                headers.insert(header::RETRY_AFTER, retry_after.into())
            }
            Self::Key | Self::Session => headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            _ => None,
        };
        response
    }
}
