//! Bodies and downloads on their way in: files without a name, in the data folder.
//!
//! On the disk they cost no memory, however slowly they come. The system removes a file without a
//! name with its last handle, so neither a broken-off request nor a killed process leaves one. Where
//! it must have a name for a moment, what is left of it goes at the next start.

use std::io::{Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use tokio::io::AsyncWriteExt;

use crate::config::StartError;

/// Bytes of each file that are in memory while it comes.
const BUFFER: usize = 64 * 1024;

/// Makes spooled files.
#[derive(Debug, Clone)]
pub(crate) struct Spool(Arc<Path>);

/// A file that is being written.
pub(crate) struct Incoming {
    file: tokio::fs::File,
    length: u64,
}

/// A file that is here, to be read once from its beginning.
#[derive(Debug)]
pub(crate) struct Spooled(std::fs::File);

impl Spool {
    pub(crate) fn open(data_dir: &Path) -> Result<Self, StartError> {
        let dir = data_dir.join("spool");
        let failed = |e: std::io::Error| StartError::file("the folder for what comes in", &dir, &e);
        if let Err(error) = std::fs::remove_dir_all(&dir)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(failed(error));
        }
        std::fs::create_dir_all(&dir).map_err(failed)?;
        Ok(Self(dir.into()))
    }

    /// What is here already. It blocks.
    pub(crate) fn put(&self, bytes: &[u8]) -> std::io::Result<Spooled> {
        let mut file = tempfile::tempfile_in(&self.0)?;
        file.write_all(bytes)?;
        file.rewind()?;
        Ok(Spooled(file))
    }

    /// For what comes piece by piece.
    pub(crate) fn begin(&self) -> std::io::Result<Incoming> {
        let mut file = tokio::fs::File::from_std(tempfile::tempfile_in(&self.0)?);
        file.set_max_buf_size(BUFFER);
        Ok(Incoming { file, length: 0 })
    }
}

impl Incoming {
    /// Bytes so far.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    pub(crate) async fn write(&mut self, chunk: &[u8]) -> std::io::Result<()> {
        self.length += chunk.len() as u64;
        self.file.write_all(chunk).await
    }

    pub(crate) async fn finish(mut self) -> std::io::Result<Spooled> {
        self.file.flush().await?;
        let mut file = self.file.into_std().await;
        file.rewind()?;
        Ok(Spooled(file))
    }
}

impl Spooled {
    /// All of it, in memory: only where a permit bounds how many do so.
    pub(crate) fn whole(mut self) -> std::io::Result<Bytes> {
        let length = self.0.metadata()?.len();
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        self.0.read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }

    /// Piece by piece.
    pub(crate) fn pieces(mut self) -> impl Iterator<Item = std::io::Result<Bytes>> + Send {
        std::iter::from_fn(move || {
            let mut piece = vec![0; BUFFER];
            match self.0.read(&mut piece) {
                Ok(0) => None,
                Ok(read) => {
                    piece.truncate(read);
                    Some(Ok(piece.into()))
                }
                Err(error) => Some(Err(error)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_went_in_comes_out_and_nothing_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("spool")).expect("made");
        std::fs::write(dir.path().join("spool/left"), b"by a killed run").expect("written");
        let spool = Spool::open(dir.path()).expect("opens");
        let spooled = async || {
            let mut incoming = spool.begin().expect("begun");
            for byte in 0..10 {
                incoming.write(&[byte; 30_000]).await.expect("written");
            }
            assert_eq!(incoming.length(), 300_000);
            incoming.finish().await.expect("written")
        };
        let whole = spooled().await.whole().expect("read");
        assert!(whole.len() == 300_000 && whole.is_sorted());
        assert_eq!(spool.put(&whole).expect("kept").whole().expect("read"), whole);
        let pieces: Vec<_> = spooled().await.pieces().map(|piece| piece.expect("read")).collect();
        assert_eq!(pieces.concat(), whole);
        drop(spool.begin().expect("begun"));
        assert_eq!(std::fs::read_dir(dir.path().join("spool")).expect("there").count(), 0);
    }
}
