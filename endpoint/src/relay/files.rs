//! What is sent to the upstream: the picture and the mask as files, made once and kept beside the
//! task, and the body of a create request made of them.

use bytes::Bytes;
use reweave::contract::{Endpoint, MAX_URL_CHARACTERS, Region, ReturnType, Source, state};
use reweave::picture::{Limits, Picture, mask_png, outgoing};

use super::Relay;
use super::transport::Prepared;
use crate::store::{self, Kind, Record};
use crate::tasks::{Assignment, End, unix_now};

/// How long the upstream can fetch a file, in seconds: as long as the contract's results live.
const LINK_LIFE: u64 = 3600;

const MASK: &str = "mask.png";

/// The files of a task that are ready for the upstream.
pub(super) struct Files {
    image: String,
    kind: Kind,
    /// Whether a mask is sent; else the rectangles are.
    mask: bool,
}

impl Files {
    /// Makes them and puts them on the disk. The picture is decoded under a core's permit.
    pub(super) async fn make(relay: &Relay, task: &Assignment) -> Result<Self, End> {
        let core = tokio::select! {
            biased;
            () = task.stop.wait() => return Err(End::HandedBack),
            core = relay.queue.core() => core,
        };
        let source = task.blobs.image(&task.record).await.map_err(|e| lost(task, &e))?;
        let bits = task.blobs.mask_bits(&task.record).await.map_err(|e| lost(task, &e))?;
        let (endpoint, record) = (relay.endpoint.clone(), task.record.clone());
        let made = tokio::task::spawn_blocking(move || (make(&endpoint, &record, &source, bits.as_deref()), core));
        let (made, core) = made.await.map_err(|_| End::HandedBack)?;
        let (image, mask) = made?;
        let kind = Kind::of(&image).unwrap_or_default();
        let files = Self { image: format!("image.{}", kind.extension()), kind, mask: mask.is_some() };
        let id = task.record.id;
        task.blobs.put_input(id, &files.image, image.into()).await.map_err(|e| lost(task, &e))?;
        if let Some(mask) = mask {
            task.blobs.put_input(id, MASK, mask.into()).await.map_err(|e| lost(task, &e))?;
        }
        drop(core);
        Ok(files)
    }

    /// The body of a create request: with the files in it, or with links to them.
    pub(super) async fn body(&self, relay: &Relay, task: &Assignment) -> Result<Prepared, End> {
        let mime = self.kind.mime();
        let rectangles = match task.record.job.as_ref().map(|job| &job.region) {
            Some(store::Region::Rectangles(list)) if !self.mask => list.as_slice(),
            _ => &[],
        };
        let written = if relay.endpoint.takes_files() {
            let read = async |file: &str| task.blobs.input(task.record.id, file).await.map_err(|e| lost(task, &e));
            let image = read(&self.image).await?;
            let mask = if self.mask { read(MASK).await? } else { Bytes::new() };
            let image = Source::File { bytes: &image, mime: &mime };
            let mask = self.mask.then_some(Source::File { bytes: &mask, mime: "image/png" });
            write(&relay.endpoint, image, mask.map_or(Region::Rectangles(rectangles), Region::Mask))
        } else {
            let (image, mask) = (relay.link(task, &self.image), relay.link(task, MASK));
            let region = if self.mask { Region::Mask(Source::Url(&mask)) } else { Region::Rectangles(rectangles) };
            write(&relay.endpoint, Source::Url(&image), region)
        };
        written.map_err(|e| End::Failed(state::FAILED, e.to_string()))
    }
}

impl Relay {
    /// Where the upstream can fetch a file.
    fn link(&self, task: &Assignment, file: &str) -> String {
        let expires = unix_now().saturating_add_unsigned(LINK_LIFE);
        format!("{}{}", self.base, self.links.sign_input(task.record.id, file, expires))
    }

    /// The most characters that can stand before the path of such a link.
    pub(super) const fn longest_base() -> usize {
        // "/inputs/", a UUID, "/image.jpeg?expires=", a time, "&signature=", 64 digits.
        MAX_URL_CHARACTERS - (8 + 36 + 20 + 20 + 11 + 64)
    }
}

fn write(endpoint: &Endpoint, image: Source<'_>, region: Region<'_>) -> reweave::Result<Prepared> {
    // A server can follow a link: base64 would be a third more, and in memory at once.
    let parts = endpoint.parts(image, region, ReturnType::Url)?;
    Ok(Prepared::write(endpoint.body(), &parts))
}

/// The picture's file and that of the mask, if one is sent.
fn make(
    endpoint: &Endpoint,
    record: &Record,
    source: &[u8],
    bits: Option<&[u8]>,
) -> Result<(Vec<u8>, Option<Vec<u8>>), End> {
    let refused = |state| move |e: reweave::Error| End::Failed(state, e.to_string());
    let job = record.job.as_ref().ok_or_else(|| End::Failed(state::FAILED, "a fault of the endpoint".into()))?;
    let mask = job.mask(bits).map_err(refused(state::FAILED))?;
    endpoint.check_mask(&mask).map_err(refused(state::FAILED))?;
    let picture = Picture::decode(source, &Limits::CONTRACT).map_err(refused(state::INVALID_PICTURE))?;
    let profile = endpoint.profile();
    let limits = Limits { max_bytes: profile.max_bytes, max_side: profile.max_side, ..Limits::CONTRACT };
    let image = outgoing(source, &picture, &limits).map_err(refused(state::INVALID_PICTURE))?.bytes;
    drop(picture);
    let as_rectangles = matches!(job.region, store::Region::Rectangles(_)) && endpoint.takes_rectangles();
    let mask = if as_rectangles { None } else { Some(mask_png(&mask).map_err(refused(state::FAILED))?) };
    Ok((image, mask))
}

pub(super) fn lost(task: &Assignment, error: &dyn std::fmt::Display) -> End {
    tracing::error!(task = %task.record.id, %error, "a file of a task could not be read or kept");
    End::Failed(state::FAILED, "a fault of the endpoint".into())
}
