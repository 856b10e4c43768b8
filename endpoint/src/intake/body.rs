//! The body as it comes from the socket, bounded.
//!
//! A server that answers and closes while a client is still sending often costs the client the
//! answer: the unread bytes make the system reset the connection. So a body over the bound is read
//! on without being kept, up to as much again, and refused at its end.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};

use crate::error::{Refusal, Result};

/// Most bytes of a body: a picture and a mask of 15 MB each in base64 are 40 MB.
pub(super) const MAX_BODY: u64 = 48 * 1024 * 1024;

/// For the body of a request that is refused whatever is in it.
const DISCARD_DEADLINE: Duration = Duration::from_secs(10);

/// The body's chunks up to the bound; behind it nothing, and at the end the refusal.
pub(super) fn bounded(body: Body) -> impl Stream<Item = Result<Bytes>> + Send {
    let start = Some((body.into_data_stream(), 0));
    stream::unfold(start, |state| async move {
        let (mut chunks, mut read) = state?;
        match next(&mut chunks, &mut read).await {
            Ok(Some(chunk)) => Some((Ok(chunk), Some((chunks, read)))),
            Ok(None) => None,
            Err(refusal) => Some((Err(refusal), None)),
        }
    })
}

/// The whole body.
pub(super) async fn collect(body: Body) -> Result<Bytes> {
    let mut chunks = std::pin::pin!(bounded(body));
    let mut whole = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        whole.extend_from_slice(&chunk?);
    }
    Ok(whole.freeze())
}

/// Reads a body that nobody wants, so that the client gets to read why.
pub(crate) async fn discard(body: Body) {
    let (mut chunks, mut read) = (body.into_data_stream(), MAX_BODY + 1);
    let end = next(&mut chunks, &mut read);
    // Whether it ends, breaks off or is too slow: the answer is the same.
    let _ = tokio::time::timeout(DISCARD_DEADLINE, end).await;
}

/// The next chunk within the bound. `read` counts the bytes so far.
async fn next(chunks: &mut BodyDataStream, read: &mut u64) -> Result<Option<Bytes>> {
    loop {
        let chunk = match chunks.next().await {
            Some(chunk) => chunk.map_err(|_| Refusal::BodyEnded)?,
            None if *read > MAX_BODY => return Err(Refusal::BodyTooLarge { max: MAX_BODY }),
            None => return Ok(None),
        };
        *read += chunk.len() as u64;
        if *read <= MAX_BODY {
            return Ok(Some(chunk));
        }
        if *read > 2 * MAX_BODY {
            return Err(Refusal::BodyTooLarge { max: MAX_BODY });
        }
    }
}
