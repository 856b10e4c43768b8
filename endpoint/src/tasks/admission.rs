//! Whether a request can become a task: body read, files fetched, headers read, the region judged.
//!
//! What the contract answers by HTTP status (a bad mask, bad rectangles) is judged here, before a
//! task exists. What it answers by state (a download, a picture that is none) is known here too for
//! nearly all cases, and told at once; only damage behind the header shows later.
//!
//! Files are in memory under a reader's permit only. None is held while a download comes: what the
//! body brought goes back to the disk for that time.

use bytes::Bytes;
use reweave::contract::{MAX_COVERAGE_PERCENT, ReturnType, check_coverage, state};
use reweave::geometry::LooseRectangle;
use reweave::picture::{Limits, read_mask, read_size};
use reweave::{Mask, Rectangle, Size};
use tokio::sync::OwnedSemaphorePermit;

use super::Place;
use super::work::{Shop, run};
use crate::download::{Bound, Failure};
use crate::error::{Refusal, Result};
use crate::intake::{self, Create, Face, Form, From, Region as GivenRegion, Source};
use crate::spool::{Spool, Spooled};
use crate::store::{Claim, Created, Job, Record, Region};

/// A create request whose body is here.
pub(crate) struct Order {
    pub(crate) face: Face,
    pub(crate) form: Form,
    pub(crate) body: Spooled,
    /// Whose it is, as a digest.
    pub(crate) client: [u8; 32],
    pub(crate) claim: Option<Claim>,
    pub(crate) place: Place,
}

/// The task that a request became, or the earlier one that it repeats.
pub(crate) struct Accepted {
    pub(crate) record: Record,
    /// Whether the client waits for its end.
    pub(crate) wait: bool,
    /// Whether it is an earlier request's task.
    pub(crate) repeated: bool,
}

/// A file, in memory or on the disk.
enum File {
    Memory(Bytes),
    Disk(Spooled),
}

/// A region whose mask, if it is one, is here.
enum Fetched {
    Mask(&'static str, File),
    Rectangles(Vec<LooseRectangle>),
}

/// What is to be worked on, or the state below 0 in which that ends at once, with the reason.
type Judged = std::result::Result<Accept, (i64, String)>;

struct Accept {
    job: Job,
    image: Bytes,
    mask: Option<Bytes>,
}

/// Makes a task of a request and begins to work on it. What it returns is kept.
pub(crate) async fn accept(shop: Shop, order: Order) -> Result<Accepted> {
    let Order { face, form, body, client, claim, place } = order;
    let spool = shop.spool.clone();
    let read = move || settled(intake::read(face, &form, body)?, &spool);
    let (create, permit) = under(shop.queue.reader().await, read).await?;
    let Create { image, region, wait, return_type } = create;
    if let Some(claim) = claim
        && let Some(record) = shop.tasks.claimed(claim).await?
    {
        return Ok(Accepted { record, wait, repeated: true });
    }
    let permit = permit.filter(|_| !is_away(&image, &region));
    let fetched = fetch_both(&shop, image, region).await;
    let permit = if permit.is_some() { permit } else { shop.queue.reader().await };
    let (judged, permit) = under(permit, || judge(fetched)).await?;
    let mut record = match judged {
        Ok(accept) => put_aside(&shop, accept, return_type, claim).await?,
        Err(failed) => Record::failed(return_type, failed, claim),
    };
    record.client = client;
    drop(permit);
    let id = record.id;
    let record = begin(shop, record, place).await?;
    Ok(Accepted { repeated: record.id != id, record, wait })
}

/// Puts on the disk what a new task is to work on.
async fn put_aside(shop: &Shop, accept: Accept, return_type: ReturnType, claim: Option<Claim>) -> Result<Record> {
    let record = Record::new(return_type, accept.job, claim);
    let put = shop.blobs.put_job(record.id, accept.image, accept.mask).await;
    if let Err(error) = put {
        shop.blobs.remove_job(&record).await;
        return Err(Refusal::internal(error));
    }
    Ok(record)
}

/// Keeps a record and begins to work on it.
async fn begin(shop: Shop, record: Record, place: Place) -> Result<Record> {
    match shop.tasks.create(record.clone()).await {
        Ok(Created::New) => {
            if !record.is_final() {
                // Its own task: a client that leaves does not end the work it paid for.
                tokio::spawn(run(shop, record.clone(), place));
            }
            Ok(record)
        }
        Ok(Created::Earlier(id)) => {
            shop.blobs.remove_job(&record).await;
            shop.tasks.get(id).await?.ok_or(Refusal::UnknownTask)
        }
        Err(fault) => {
            shop.blobs.remove_job(&record).await;
            Err(fault.into())
        }
    }
}

/// Runs what blocks, with a permit that comes back with its value.
async fn under<T: Send + 'static>(
    permit: Option<OwnedSemaphorePermit>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<(T, Option<OwnedSemaphorePermit>)> {
    let done = tokio::task::spawn_blocking(move || (work(), permit)).await;
    let (value, permit) = done.map_err(Refusal::internal)?;
    Ok((value?, permit))
}

/// Puts files back on the disk where something else is still to be downloaded.
fn settled(mut create: Create, spool: &Spool) -> Result<Create> {
    if is_away(&create.image, &create.region) {
        let mask = if let GivenRegion::Mask(mask) = &mut create.region { Some(mask) } else { None };
        for source in [&mut create.image].into_iter().chain(mask) {
            if let From::File(bytes) = &source.from {
                source.from = From::Spooled(spool.put(bytes).map_err(Refusal::internal)?);
            }
        }
    }
    Ok(create)
}

/// Whether anything is still to be downloaded.
fn is_away(image: &Source, region: &GivenRegion) -> bool {
    let away = |source: &Source| matches!(source.from, From::Url(_));
    away(image) || matches!(region, GivenRegion::Mask(mask) if away(mask))
}

async fn fetch_both(shop: &Shop, image: Source, region: GivenRegion) -> Result<(File, Fetched), Failure> {
    let region = async {
        match region {
            GivenRegion::Mask(source) => Ok(Fetched::Mask(source.field, fetch(shop, source.from).await?)),
            GivenRegion::Rectangles(list) => Ok(Fetched::Rectangles(list)),
        }
    };
    let (image, region) = tokio::join!(fetch(shop, image.from), region);
    Ok((image?, region?))
}

async fn fetch(shop: &Shop, from: From) -> Result<File, Failure> {
    match from {
        From::File(bytes) => Ok(File::Memory(bytes)),
        From::Spooled(file) => Ok(File::Disk(file)),
        From::Url(url) => shop.downloads.get(&url, &shop.spool, Bound::INPUT).await.map(File::Disk),
    }
}

fn judge(fetched: Result<(File, Fetched), Failure>) -> Result<Judged> {
    let (image, region) = match fetched {
        Ok((image, region)) => (image.whole()?, region),
        Err(failure) => return Ok(Err(failed(failure))),
    };
    let size = match read_size(&image, &Limits::CONTRACT) {
        Ok(size) => size,
        Err(error) => return Ok(Err((state::INVALID_PICTURE, error.to_string()))),
    };
    let (mask, region) = match region {
        Fetched::Mask(field, file) => {
            let mask = mask_of(&file.whole()?, size).map_err(|error| Refusal::Mask { field, error })?;
            (mask, Region::Mask)
        }
        Fetched::Rectangles(list) => {
            let list = Rectangle::check_all(&list, size)?;
            (Mask::from_rectangles(size, &list), Region::Rectangles(list))
        }
    };
    mask.check_for(size)?;
    check_coverage(&mask, MAX_COVERAGE_PERCENT)?;
    let mask = (region == Region::Mask).then(|| mask.to_bytes().into());
    Ok(Ok(Accept { job: Job { width: size.width(), height: size.height(), region }, image, mask }))
}

/// The mask of a file. Its size is compared by the header, before its pixels are decoded.
fn mask_of(bytes: &[u8], picture: Size) -> reweave::Result<Mask> {
    let size = read_size(bytes, &Limits::CONTRACT)?;
    if size != picture {
        // An empty mask of that size says it in the crate's words.
        Mask::new(size).check_for(picture)?;
    }
    let mask = read_mask(bytes, &Limits::CONTRACT)?;
    mask.check_for(picture)?;
    Ok(mask)
}

fn failed(failure: Failure) -> (i64, String) {
    match failure {
        Failure::NotDownloaded => (state::DOWNLOAD_FAILED, "the address could not be downloaded within 10 s".into()),
        Failure::TooLarge => {
            (state::DOWNLOAD_TOO_LARGE, format!("the file at the address is over {} bytes", Limits::CONTRACT.max_bytes))
        }
    }
}

impl File {
    fn whole(self) -> Result<Bytes> {
        match self {
            Self::Memory(bytes) => Ok(bytes),
            Self::Disk(file) => file.whole().map_err(Refusal::internal),
        }
    }
}
