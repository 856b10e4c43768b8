//! The files of tasks: `results/{id}`, what waits to be worked on, `jobs/{id}/image` and
//! `jobs/{id}/mask`, and what a relay made of that, `jobs/{id}/upstream-…`.
//!
//! Only [`Blobs::open`] knows that they lie in the data folder; everything else asks an
//! [`ObjectStore`], so that a bucket can take its place. Writes are flushed to the disk: a record
//! may say that a file is there only when it is.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use crate::config::StartError;
use crate::store::{Kind, Phase, Product, Record, Region};

/// Bytes of a file that are in memory while it is sent.
const PIECE: usize = 64 * 1024;

type Result<T> = std::result::Result<T, object_store::Error>;

/// Where files lie.
#[derive(Debug, Clone)]
pub(crate) struct Blobs(Arc<dyn ObjectStore>);

/// A result on its way to a client.
pub(crate) struct Outgoing {
    pub(crate) kind: Option<Kind>,
    pub(crate) length: u64,
    pub(crate) pieces: BoxStream<'static, std::io::Result<Bytes>>,
}

impl Blobs {
    /// In the data folder. What no record names was left by a run that was killed: it is removed.
    pub(crate) fn open(data_dir: &Path, records: &[Record]) -> std::result::Result<Self, StartError> {
        let failed = |e: &std::io::Error| StartError::file("the folder of the files", data_dir, e);
        let jobs = records.iter().filter(|record| !record.is_final()).map(|record| record.id);
        let results = records.iter().filter_map(|record| match &record.phase {
            Phase::Done(product) => Some(product.id),
            _ => None,
        });
        keep_only(&data_dir.join("jobs"), &jobs.collect()).map_err(|e| failed(&e))?;
        keep_only(&data_dir.join("results"), &results.collect()).map_err(|e| failed(&e))?;
        let files = LocalFileSystem::new_with_prefix(data_dir).map_err(|e| failed(&std::io::Error::other(e)))?;
        // The folder of a job goes with its last file.
        Ok(Self(Arc::new(files.with_automatic_cleanup(true).with_fsync(true))))
    }

    /// Keeps a result and gives it an id.
    pub(crate) async fn put_result(&self, file: Bytes) -> Result<Product> {
        let product = Product { id: Uuid::new_v4(), kind: Kind::of(&file).unwrap_or_default() };
        self.0.put(&result(product.id), file.into()).await?;
        Ok(product)
    }

    /// A whole result.
    pub(crate) async fn result(&self, id: Uuid) -> Result<Bytes> {
        self.0.get(&result(id)).await?.bytes().await
    }

    /// A result piece by piece.
    pub(crate) async fn open_result(&self, id: Uuid) -> Result<Outgoing> {
        self.opened(&result(id)).await
    }

    async fn opened(&self, name: &Name) -> Result<Outgoing> {
        let found = self.0.get(name).await?;
        let length = found.meta.size;
        let mut pieces = match found.payload {
            GetResultPayload::File(file, _) => pieces_of(file),
            GetResultPayload::Stream(pieces) => pieces.map_err(std::io::Error::other).boxed(),
        };
        let first = pieces.next().await;
        let kind = first.as_ref().and_then(|piece| Kind::of(piece.as_ref().ok()?));
        Ok(Outgoing { kind, length, pieces: stream::iter(first).chain(pieces).boxed() })
    }

    pub(crate) async fn remove_result(&self, id: Uuid) {
        self.remove(&result(id)).await;
    }

    /// Keeps what a task is to work on: the picture's file, and the bits of a mask.
    pub(crate) async fn put_job(&self, id: Uuid, image: Bytes, mask: Option<Bytes>) -> Result<()> {
        self.0.put(&job(id, "image"), image.into()).await?;
        if let Some(mask) = mask {
            self.0.put(&job(id, "mask"), mask.into()).await?;
        }
        Ok(())
    }

    /// The picture's file as it came.
    pub(crate) async fn image(&self, record: &Record) -> Result<Bytes> {
        self.0.get(&job(record.id, "image")).await?.bytes().await
    }

    /// The bits of the mask, if the region was given as one.
    pub(crate) async fn mask_bits(&self, record: &Record) -> Result<Option<Bytes>> {
        if !has_mask(record) {
            return Ok(None);
        }
        self.0.get(&job(record.id, "mask")).await?.bytes().await.map(Some)
    }

    /// Keeps a file that was made of those for another endpoint.
    pub(crate) async fn put_input(&self, id: Uuid, file: &str, bytes: Bytes) -> Result<()> {
        self.0.put(&input(id, file), bytes.into()).await.map(drop)
    }

    /// Such a file as a whole.
    pub(crate) async fn input(&self, id: Uuid, file: &str) -> Result<Bytes> {
        self.0.get(&input(id, file)).await?.bytes().await
    }

    /// Such a file piece by piece.
    pub(crate) async fn open_input(&self, id: Uuid, file: &str) -> Result<Outgoing> {
        self.opened(&input(id, file)).await
    }

    /// Removes what a task worked on.
    pub(crate) async fn remove_job(&self, record: &Record) {
        let dir = Name::from_iter(["jobs", &record.id.to_string()]);
        match self.0.list(Some(&dir)).map_ok(|file| file.location).try_collect::<Vec<_>>().await {
            Ok(files) => {
                for file in files {
                    self.remove(&file).await;
                }
            }
            Err(error) => tracing::warn!(%error, "the files of a task could not be removed"),
        }
    }

    async fn remove(&self, name: &Name) {
        if let Err(error) = self.0.delete(name).await {
            tracing::warn!(%error, "a file could not be removed");
        }
    }
}

fn result(id: Uuid) -> Name {
    Name::from_iter(["results", &id.to_string()])
}

fn job(id: Uuid, file: &str) -> Name {
    Name::from_iter(["jobs", &id.to_string(), file])
}

/// Names the file by its whole name: whatever is asked for, it is no other file of the task.
fn input(id: Uuid, file: &str) -> Name {
    job(id, &format!("upstream-{file}"))
}

fn has_mask(record: &Record) -> bool {
    record.job.as_ref().is_some_and(|job| job.region == Region::Mask)
}

fn pieces_of(file: std::fs::File) -> BoxStream<'static, std::io::Result<Bytes>> {
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = Vec::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then_some((piece.into(), file)))
    });
    pieces.boxed()
}

/// Makes a folder and removes what is not named by one of `ids`.
fn keep_only(dir: &Path, ids: &HashSet<Uuid>) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let named = entry.file_name().to_str().and_then(|name| Uuid::try_parse(name).ok());
        if named.is_some_and(|id| ids.contains(&id)) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Job;
    use reweave::contract::ReturnType;

    fn record() -> Record {
        Record::new(ReturnType::Url, Job { width: 8, height: 8, region: Region::Mask }, None)
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[tokio::test]
    async fn a_job_comes_back_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::open(dir.path(), &[]).expect("opens");
        let record = record();
        let put = blobs.put_job(record.id, Bytes::from_static(b"picture"), Some(Bytes::from_static(b"bits"))).await;
        put.expect("kept");
        assert_eq!(blobs.image(&record).await.expect("read"), "picture");
        assert_eq!(blobs.mask_bits(&record).await.expect("read"), Some(Bytes::from_static(b"bits")));
        blobs.put_input(record.id, "mask.png", Bytes::from_static(b"mask")).await.expect("kept");
        assert_eq!(blobs.input(record.id, "mask.png").await.expect("read"), "mask");
        assert!(blobs.input(record.id, "mask").await.is_err() && blobs.input(record.id, "../image").await.is_err());
        blobs.remove_job(&record).await;
        assert!(names(&dir.path().join("jobs")).is_empty());
    }

    #[tokio::test]
    async fn a_result_is_served_as_what_it_is() {
        let dir = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::open(dir.path(), &[]).expect("opens");
        let file = Bytes::from([&[0xff, 0xd8, 0xff][..], &[7; 3 * PIECE]].concat());
        let product = blobs.put_result(file.clone()).await.expect("kept");
        let outgoing = blobs.open_result(product.id).await.expect("there");
        assert_eq!((product.kind, outgoing.kind, outgoing.length), (Kind::Jpeg, Some(Kind::Jpeg), file.len() as u64));
        let pieces: Vec<Bytes> = outgoing.pieces.try_collect().await.expect("read");
        assert!(pieces.concat() == file && pieces.iter().all(|piece| piece.len() <= PIECE));
    }

    #[tokio::test]
    async fn what_no_record_names_is_removed_at_the_start() {
        let dir = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::open(dir.path(), &[]).expect("opens");
        let (waiting, mut done, mut failed) = (record(), record(), record());
        for record in [&waiting, &done, &failed, &self::record()] {
            blobs.put_job(record.id, Bytes::from_static(b"x"), None).await.expect("kept");
        }
        let kept = blobs.put_result(Bytes::from_static(b"x")).await.expect("kept");
        let orphan = blobs.put_result(Bytes::from_static(b"x")).await.expect("kept");
        std::fs::write(dir.path().join(format!("results/{}#1", kept.id)), b"half").expect("written");
        done.advance(Phase::Done(kept));
        failed.advance(Phase::Failed(-1, String::new()));
        Blobs::open(dir.path(), &[waiting.clone(), done, failed]).expect("opens");
        assert_eq!(names(&dir.path().join("jobs")), [waiting.id.to_string()]);
        assert_eq!(names(&dir.path().join("results")), [kept.id.to_string()]);
        assert_ne!(kept.id, orphan.id);
    }
}
