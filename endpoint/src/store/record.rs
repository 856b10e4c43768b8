//! The record of a task, as it is kept.
//!
//! Kept as JSON. A field that a later version adds has a default, so that the records of an earlier
//! one can still be read; a change that needs more gets a new number of the format (`disk`).

use reweave::contract::{ReturnType, TaskData, state};
use reweave::picture::{Format, sniff};
use reweave::{Mask, Rectangle, Size};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::tasks::unix_now;

/// What is known of a task. Times are unix seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    #[serde(default, with = "return_type")]
    pub(crate) return_type: ReturnType,
    pub(crate) phase: Phase,
    pub(crate) created_at: i64,
    #[serde(default)]
    pub(crate) processed_at: Option<i64>,
    #[serde(default)]
    pub(crate) completed_at: Option<i64>,
    /// Given by the store: the order of creation, which seconds do not tell.
    #[serde(default)]
    pub(crate) number: u64,
    /// None for a task that failed before there was anything to do.
    #[serde(default)]
    pub(crate) job: Option<Job>,
    #[serde(default)]
    pub(crate) upstream: Upstream,
    #[serde(default)]
    pub(crate) claim: Option<Claim>,
    /// Whose it is, as a digest: a relay is fair to clients.
    #[serde(default)]
    pub(crate) client: [u8; 32],
}

/// Where a task is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    Queued,
    /// 1 to 99.
    Processing(u8),
    Done(Product),
    /// A state below 0 and the reason.
    Failed(i64, String),
}

/// A result: the id under which its file lies, which is not the task's, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Product {
    pub(crate) id: Uuid,
    #[serde(default)]
    pub(crate) kind: Kind,
}

/// What kind of file a result is. Our own are PNG; another endpoint's may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    #[default]
    Png,
    Jpeg,
    Webp,
    Bmp,
    Tiff,
}

/// What is to be done. The picture's file is a blob beside the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Job {
    /// Of the upright picture.
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) region: Region,
}

/// What of the picture is to be repaired, in the form in which it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Region {
    /// A mask, whose bits ([`Mask::to_bytes`]) are a blob beside the record.
    Mask,
    /// Checked rectangles.
    Rectangles(Vec<Rectangle>),
}

/// What is known of the same task at another endpoint. `Sending` is kept before the request goes
/// out: found after a restart it says that the task may exist there, though its id is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Upstream {
    #[default]
    NotSent,
    Sending,
    /// The id there.
    Known(String),
}

/// Digest of a client and its `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim(pub(crate) [u8; 32]);

impl Record {
    /// A new task, queued.
    pub(crate) fn new(return_type: ReturnType, job: Job, claim: Option<Claim>) -> Self {
        Self {
            id: Uuid::new_v4(),
            return_type,
            phase: Phase::Queued,
            created_at: unix_now(),
            processed_at: None,
            completed_at: None,
            number: 0,
            job: Some(job),
            upstream: Upstream::NotSent,
            claim,
            client: [0; 32],
        }
    }

    /// A new task that failed before it was begun.
    pub(crate) fn failed(return_type: ReturnType, (state, detail): (i64, String), claim: Option<Claim>) -> Self {
        let now = unix_now();
        let phase = Phase::Failed(state, detail);
        let job = Job { width: 0, height: 0, region: Region::Mask };
        let record = Self::new(return_type, job, claim);
        Self { job: None, phase, processed_at: Some(now), completed_at: Some(now), ..record }
    }

    pub(crate) const fn is_final(&self) -> bool {
        matches!(self.phase, Phase::Done(_) | Phase::Failed(..))
    }

    /// Moves on, stamps the time, and says whether anything changed. One that ended stays as it is.
    pub(crate) fn advance(&mut self, phase: Phase) -> bool {
        let moves = !self.is_final() && self.phase != phase;
        if moves {
            self.processed_at = self.processed_at.or_else(|| (phase != Phase::Queued).then(unix_now));
            self.phase = phase;
            self.completed_at = self.is_final().then(unix_now);
        }
        moves
    }

    /// As the contract has it; without the image, which depends on who asks.
    pub(crate) fn data(&self) -> TaskData {
        let (state, progress, detail) = match &self.phase {
            Phase::Queued => (state::QUEUED, 0, None),
            Phase::Processing(percent) => (state::PROCESSING, *percent, None),
            Phase::Done(_) => (state::DONE, 100, None),
            Phase::Failed(state, detail) => (*state, 0, Some(detail.clone())),
        };
        TaskData {
            task_id: Some(self.id.to_string()),
            state: Some(state),
            progress: Some(progress.into()),
            image: None,
            return_type: Some(self.return_type.number().into()),
            created_at: Some(self.created_at),
            processed_at: self.processed_at,
            completed_at: self.completed_at,
            state_detail: detail,
        }
    }
}

impl Job {
    /// The mask, from its bits where it was given as one.
    pub(crate) fn mask(&self, bits: Option<&[u8]>) -> reweave::Result<Mask> {
        let size = Size::new(self.width, self.height)?;
        match &self.region {
            Region::Mask => Mask::from_bytes(size, bits.unwrap_or_default()),
            Region::Rectangles(list) => Ok(Mask::from_rectangles(size, list)),
        }
    }
}

impl Kind {
    /// By a file's first bytes.
    pub(crate) fn of(file: &[u8]) -> Option<Self> {
        Some(match sniff(file).ok()? {
            Format::Png => Self::Png,
            Format::Jpeg => Self::Jpeg,
            Format::WebP => Self::Webp,
            Format::Bmp => Self::Bmp,
            Format::Tiff => Self::Tiff,
        })
    }

    /// The content type.
    pub(crate) fn mime(self) -> String {
        format!("image/{}", self.name())
    }

    /// The end of a file's name.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            other => other.name(),
        }
    }

    /// The end of a link, and the second half of the content type.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Webp => "webp",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
        }
    }
}

/// The return type as the number that it is on the wire.
mod return_type {
    use reweave::contract::ReturnType;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &ReturnType, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(value.number())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ReturnType, D::Error> {
        Ok(ReturnType::from_number(i64::deserialize(deserializer)?).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_an_earlier_version_is_read() {
        let early = r#"{"id":"b2d9a1f0-0000-4000-8000-000000000000","phase":"queued","created_at":7}"#;
        let record: Record = serde_json::from_str(early).expect("read");
        assert_eq!((record.phase, record.created_at, record.return_type), (Phase::Queued, 7, ReturnType::Url));
        assert_eq!((record.upstream, record.job), (Upstream::NotSent, None));
        let later = early.replace("{\"id\"", "{\"unheard_of\":1,\"id\"");
        assert!(serde_json::from_str::<Record>(&later).is_ok());
    }

    #[test]
    fn a_task_moves_on_and_never_back() {
        let job = Job { width: 8, height: 8, region: Region::Mask };
        let mut record = Record::new(ReturnType::Url, job, None);
        assert_eq!((record.data().state, record.data().progress, record.data().processed_at), (Some(0), Some(0), None));
        assert!(record.advance(Phase::Processing(40)));
        assert_eq!((record.data().state, record.data().progress), (Some(4), Some(40)));
        assert!(record.data().processed_at.is_some() && record.data().completed_at.is_none());
        assert!(record.advance(Phase::Failed(-8, "slow".into())));
        assert!(!record.advance(Phase::Done(Product { id: Uuid::new_v4(), kind: Kind::Png })));
        assert_eq!((record.data().state, record.data().progress), (Some(-8), Some(0)));
        assert_eq!(record.data().state_detail.as_deref(), Some("slow"));
        assert!(record.data().completed_at.is_some());
    }

    #[test]
    fn the_kind_of_a_file_is_in_its_first_bytes() {
        assert_eq!(Kind::of(b"\x89PNG\r\n\x1a\n"), Some(Kind::Png));
        assert_eq!(Kind::of(&[0xff, 0xd8, 0xff, 0xe0]), Some(Kind::Jpeg));
        assert_eq!(Kind::of(b"RIFF\0\0\0\0WEBP"), Some(Kind::Webp));
        assert_eq!(Kind::of(b"<html>"), None);
    }
}
