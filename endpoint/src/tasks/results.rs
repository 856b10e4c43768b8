//! The files of the results, one PNG each under `results/` of the data folder.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use uuid::Uuid;

use crate::config::StartError;

/// Where results lie.
#[derive(Debug, Clone)]
pub(crate) struct Results(PathBuf);

impl Results {
    pub(crate) fn open(data_dir: &Path) -> Result<Self, StartError> {
        let dir = data_dir.join("results");
        std::fs::create_dir_all(&dir).map_err(|e| StartError::file("the results' folder", &dir, &e))?;
        Ok(Self(dir))
    }

    /// Keeps a result and gives it an id. Written aside and then named: a link never shows half.
    pub(super) fn put(&self, png: &[u8]) -> std::io::Result<Uuid> {
        let id = Uuid::new_v4();
        let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
        file.write_all(png)?;
        file.persist_noclobber(self.path(id)).map_err(|e| e.error)?;
        Ok(id)
    }

    pub(crate) async fn get(&self, id: Uuid) -> std::io::Result<Vec<u8>> {
        tokio::fs::read(self.path(id)).await
    }

    /// An open file and its length, for sending it piece by piece.
    pub(crate) async fn open_file(&self, id: Uuid) -> std::io::Result<(tokio::fs::File, u64)> {
        let file = tokio::fs::File::open(self.path(id)).await?;
        let length = file.metadata().await?.len();
        Ok((file, length))
    }

    pub(crate) fn remove(&self, id: Uuid) {
        if let Err(error) = std::fs::remove_file(self.path(id)) {
            tracing::warn!(%error, "a result could not be removed");
        }
    }

    /// Removes what is older than `age`, whoever made it: results of an earlier run too.
    pub(crate) fn sweep(&self, age: Duration) -> std::io::Result<()> {
        let now = SystemTime::now();
        for entry in std::fs::read_dir(&self.0)?.flatten() {
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            let old = modified.is_ok_and(|time| now.duration_since(time).is_ok_and(|passed| passed > age));
            if old {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, id: Uuid) -> PathBuf {
        self.0.join(format!("{id}.png"))
    }
}
