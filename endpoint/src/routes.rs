//! The handlers: decode, call, encode.

use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{TryStreamExt, stream};
use reweave::contract::{ReturnType, TaskData};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use crate::answer::Answer;
use crate::app::App;
use crate::error::{Refusal, Result};
use crate::intake::{self, Face};
use crate::links::Denied;
use crate::tasks::{Admission, Phase, Record, admit, run, unix_now};

/// How long a create call waits for its task before it answers with the task as it is. The contract
/// gives a synchronous create 45 s.
const LONGEST_WAIT: Duration = Duration::from_secs(40);

/// `POST` to a face.
pub(crate) async fn create(face: Face, State(app): State<App>, headers: HeaderMap, body: Body) -> Result<Answer> {
    let entered = app.gate.site.base(&headers).and_then(|base| Ok((base, app.shop.queue.enter()?)));
    let (base, place) = match entered {
        Ok(entered) => entered,
        Err(refusal) => {
            intake::discard(body).await;
            return Err(refusal);
        }
    };
    let request = intake::read(face, &headers, body).await?;
    let (wait, return_type) = (request.wait, request.return_type);
    let tasks = &app.shop.tasks;
    match admit(&app.shop.queue, &app.downloads, request.image, request.region).await? {
        Admission::Failed(state, detail) => {
            let record = tasks.create_failed(return_type, state, detail);
            return answer(&app, &base, record).await;
        }
        Admission::Accepted(job) => {
            let record = tasks.create(return_type);
            // Its own task: a client that leaves does not end the work it paid for.
            tokio::spawn(run(app.shop.clone(), record.id, job, place));
            if !wait {
                let data = TaskData { task_id: Some(record.id.to_string()), ..TaskData::default() };
                return Ok(Answer::task(data));
            }
            let ended = tokio::time::timeout(LONGEST_WAIT, tasks.ended(record.id)).await;
            let record = ended.ok().flatten().or_else(|| tasks.get(record.id)).unwrap_or(record);
            answer(&app, &base, record).await
        }
    }
}

/// `GET` of a task.
pub(crate) async fn query(
    State(app): State<App>,
    id: std::result::Result<Path<Uuid>, PathRejection>,
    headers: HeaderMap,
) -> Result<Answer> {
    let base = app.gate.site.base(&headers)?;
    let record = id.ok().and_then(|Path(id)| app.shop.tasks.get(id));
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
    let id = name.ok().and_then(|Path(name)| Uuid::try_parse(name.strip_suffix(".png")?).ok());
    let (Some(id), Ok(Query(signed))) = (id, signed) else { return Ok(denied(Denied::Signature)) };
    if let Err(reason) = app.links.check(id, signed.expires, &signed.signature, unix_now()) {
        return Ok(denied(reason));
    }
    let (file, length) = app.shop.results.open_file(id).await.map_err(|_| Refusal::UnknownPath)?;
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = Vec::with_capacity(64 * 1024);
        let read = file.read_buf(&mut piece).await?;
        Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
    });
    let headers = [
        (header::CONTENT_TYPE, "image/png".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(pieces.into_stream())).into_response())
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
            ReturnType::Base64 => STANDARD.encode(app.shop.results.get(result).await.map_err(Refusal::internal)?),
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
