//! The handlers: decode, call, encode.

use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reweave::contract::{ReturnType, TaskData};
use serde::Deserialize;
use uuid::Uuid;

use crate::answer::Answer;
use crate::app::App;
use crate::blobs::Outgoing;
use crate::client::Client;
use crate::error::{Refusal, Result};
use crate::gate::Repeated;
use crate::idempotency;
use crate::intake::{self, Face, Form};
use crate::links::Denied;
use crate::store::{Claim, Kind, Phase, Record};
use crate::tasks::{Accepted, Order, Place, accept, unix_now};

/// How long a create call waits for its task before it answers with the task as it is. The contract
/// gives a synchronous create 45 s.
const LONGEST_WAIT: Duration = Duration::from_secs(40);

/// What is known of a create call by its head.
struct Head {
    base: String,
    form: Form,
    client: [u8; 32],
    claim: Option<Claim>,
    place: Place,
}

/// `POST` to a face.
pub(crate) async fn create(
    face: Face,
    State(app): State<App>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    body: Body,
) -> Result<(Option<Extension<Repeated>>, Answer)> {
    let Head { base, form, client, claim, place } = match enter(&app, client, &headers) {
        Ok(head) => head,
        Err(refusal) => {
            intake::discard(body).await;
            return Err(refusal);
        }
    };
    let body = intake::spool(&app.shop.spool, body).await?;
    // Its own task: a client that leaves now has its task all the same, and nothing stays half done.
    let order = Order { face, form, body, client, claim, place };
    let accepted = tokio::spawn(accept(app.shop.clone(), order)).await.map_err(Refusal::internal)??;
    let Accepted { record, wait, repeated } = accepted;
    let repeated = repeated.then_some(Extension(Repeated));
    if record.is_final() {
        return Ok((repeated, answer(&app, &base, record).await?));
    }
    if !wait {
        let data = TaskData { task_id: Some(record.id.to_string()), ..TaskData::default() };
        return Ok((repeated, Answer::task(data)));
    }
    tokio::select! {
        biased;
        () = app.shop.tasks.ended(record.id) => {}
        () = tokio::time::sleep(LONGEST_WAIT) => {}
        () = app.shop.stop.wait() => {}
    }
    let record = app.shop.tasks.get(record.id).await?.unwrap_or(record);
    Ok((repeated, answer(&app, &base, record).await?))
}

/// Judges the head of a create call and takes a place for it.
fn enter(app: &App, client: Client, headers: &HeaderMap) -> Result<Head> {
    let base = app.gate.site.base(headers)?;
    let client = app.gate.digest(client);
    let claim = idempotency::claim(headers, &client)?;
    intake::check_encoding(headers)?;
    Ok(Head { base, form: Form::of(headers)?, client, claim, place: app.shop.queue.enter()? })
}

/// `GET` of a task.
pub(crate) async fn query(
    State(app): State<App>,
    id: std::result::Result<Path<Uuid>, PathRejection>,
    headers: HeaderMap,
) -> Result<Answer> {
    let base = app.gate.site.base(&headers)?;
    let Path(id) = id.map_err(|_| Refusal::UnknownTask)?;
    let record = app.shop.tasks.get(id).await?;
    answer(&app, &base, record.ok_or(Refusal::UnknownTask)?).await
}

/// Query of a result link.
#[derive(Deserialize)]
pub(crate) struct Signed {
    expires: i64,
    signature: String,
}

/// `GET` of a result link.
pub(crate) async fn result(
    State(app): State<App>,
    name: std::result::Result<Path<String>, PathRejection>,
    signed: std::result::Result<Query<Signed>, QueryRejection>,
) -> Result<Response> {
    let (Ok(Path(name)), Ok(Query(signed))) = (name, signed) else { return Ok(denied(Denied::Signature)) };
    let id = match app.links.check(&name, signed.expires, &signed.signature, unix_now()) {
        Ok(id) => id,
        Err(reason) => return Ok(denied(reason)),
    };
    app.shop.blobs.open_result(id).await.map(sent).map_err(|_| Refusal::UnknownPath)
}

/// `GET` of a link that the upstream of a relay was given.
pub(crate) async fn input(
    State(app): State<App>,
    path: std::result::Result<Path<(Uuid, String)>, PathRejection>,
    signed: std::result::Result<Query<Signed>, QueryRejection>,
) -> Result<Response> {
    let (Ok(Path((id, name))), Ok(Query(signed))) = (path, signed) else { return Ok(denied(Denied::Signature)) };
    match app.links.check_input((id, &name), signed.expires, &signed.signature, unix_now()) {
        Ok(()) => app.shop.blobs.open_input(id, &name).await.map(sent).map_err(|_| Refusal::UnknownPath),
        Err(reason) => Ok(denied(reason)),
    }
}

/// A file, piece by piece.
fn sent(file: Outgoing) -> Response {
    let headers = [
        (header::CONTENT_TYPE, file.kind.map_or_else(|| "application/octet-stream".into(), Kind::mime)),
        (header::CONTENT_LENGTH, file.length.to_string()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, Body::from_stream(file.pieces)).into_response()
}

/// `GET /healthz`.
pub(crate) async fn healthy() -> &'static str {
    "ok\n"
}

/// A known path with a method that it does not take.
pub(crate) async fn wrong_method() -> Refusal {
    Refusal::Method
}

/// The task as the contract has it, with its image when it is done.
async fn answer(app: &App, base: &str, record: Record) -> Result<Answer> {
    let mut data = record.data();
    if let Phase::Done(result) = record.phase {
        data.image = Some(match record.return_type {
            ReturnType::Url => {
                let completed = record.completed_at.unwrap_or(record.created_at);
                let expires = completed.saturating_add_unsigned(app.keep.as_secs());
                format!("{base}{}", app.links.sign(result, expires))
            }
            ReturnType::Base64 => STANDARD.encode(app.shop.blobs.result(result.id).await.map_err(Refusal::internal)?),
        });
    }
    Ok(Answer::task(data))
}

/// What OSS, where the contract's links lead, answers to a link that is not good.
fn denied(reason: Denied) -> Response {
    let message = match reason {
        Denied::Expired => "Request has expired.",
        Denied::Signature => "You have no right to access this object.",
    };
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>\n"
    );
    let headers = [(header::CONTENT_TYPE, "application/xml"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::FORBIDDEN, headers, xml).into_response()
}
