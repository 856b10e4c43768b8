//! The body as it comes from the socket, bounded.
//!
//! A server that answers and closes while a client is still sending often costs the client the
//! answer: the unread bytes make the system reset the connection. So a body over the bound is read
//! on without being kept, up to as much again, and refused at its end.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use crate::error::{Refusal, Result};
use crate::spool::{Spool, Spooled};

/// Most bytes of a body: a picture and a mask of 15 MB each in base64 are 40 MB.
const MAX_BODY: u64 = 48 * 1024 * 1024;

/// For a body to arrive; 48 MB in this time is 3.2 Mbit/s.
const DEADLINE: Duration = Duration::from_secs(120);

/// For the body of a request that is refused whatever is in it.
const DISCARD_DEADLINE: Duration = Duration::from_secs(10);

/// The body's chunks up to the bound; behind it nothing, and at the end the refusal.
fn bounded(body: Body) -> impl Stream<Item = Result<Bytes>> + Send {
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

/// The body in a file: while it comes, which may take minutes, it costs no memory.
pub(crate) async fn spool(spool: &Spool, body: Body) -> Result<Spooled> {
    let receive = async {
        let mut chunks = std::pin::pin!(bounded(body));
        let mut incoming = spool.begin().map_err(Refusal::internal)?;
        while let Some(chunk) = chunks.next().await {
            incoming.write(&chunk?).await.map_err(Refusal::internal)?;
        }
        incoming.finish().await.map_err(Refusal::internal)
    };
    let received = tokio::time::timeout(DEADLINE, receive).await;
    received.map_err(|_| Refusal::BodySlow { seconds: DEADLINE.as_secs() })?
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
