//! The envelope of every answer: the wire types of `reweave::contract`, and beside them `error`.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use reweave::contract::{Reply, TaskData};
use serde::Serialize;

use crate::error::Refusal;

/// The contract's envelope; `error` is ours and stands only beside a refusal.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    #[serde(flatten)]
    reply: Reply,
    /// The stable code and the offending value.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<serde_json::Value>,
}

impl Answer {
    /// What is known of a task. Of a failed one the message says why, as the seed has it.
    pub(crate) fn task(data: TaskData) -> Self {
        let message = data.state_detail.clone().unwrap_or_else(|| "success".into());
        Self { reply: Reply { status: 200, message: Some(message), data: Some(data) }, error: None }
    }

    pub(crate) fn refusal(refusal: &Refusal) -> Self {
        let reply = Reply { status: refusal.status().as_u16().into(), message: Some(refusal.to_string()), data: None };
        Self { reply, error: serde_json::to_value(refusal).ok() }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        // An answer may carry a signed link or the picture itself: no cache keeps it.
        let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        ([no_store], Json(self)).into_response()
    }
}
