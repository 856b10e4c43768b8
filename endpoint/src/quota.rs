//! How many creates each client may have in a day (UTC).
//!
//! The counts are in memory and saved as JSON in the data folder, written aside and then named: by
//! [`Quota::save`] each second where something changed, and at the end. What stands in the file for
//! a client is a signature made with the folder's secret: neither address nor key can be read there.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::config::StartError;
use crate::error::{Refusal, Result};
use crate::secret::Secret;

const DAY: i64 = 24 * 3600;

/// Clients that are counted apart; those behind them are counted as one.
const MAX_CLIENTS: usize = 100_000;

/// Counts creates.
pub(crate) struct Quota {
    per_day: u32,
    secret: Secret,
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    today: Today,
    changed: bool,
}

/// What is saved.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Today {
    /// Days since 1970.
    day: i64,
    counts: HashMap<String, u32>,
}

impl Quota {
    /// With the counts that the data folder holds.
    pub(crate) fn open(per_day: u32, data_dir: &Path, secret: Secret) -> Result<Self, StartError> {
        let path = data_dir.join("quota.json");
        let failed = |e: &std::io::Error| StartError::file("the counts of the quota", &path, e);
        let today = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| failed(&e.into()))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Today::default(),
            Err(e) => return Err(failed(&e)),
        };
        Ok(Self { per_day, secret, path, state: Mutex::new(State { today, changed: false }) })
    }

    /// Counts one create of a client at `now`, in seconds since 1970.
    pub(crate) fn take(&self, client: Client, now: i64) -> Result<()> {
        self.with_counts(now, |counts| {
            let name = self.name(client);
            let name = if counts.len() < MAX_CLIENTS || counts.contains_key(&name) { name } else { "others".into() };
            let count = counts.entry(name).or_default();
            if *count >= self.per_day {
                let retry_after = (DAY - now.rem_euclid(DAY)).unsigned_abs();
                return Err(Refusal::Quota { per_day: self.per_day, retry_after });
            }
            *count += 1;
            Ok(())
        })
    }

    /// Gives back what was taken for a request that then was refused.
    pub(crate) fn give_back(&self, client: Client, now: i64) {
        self.with_counts(now, |counts| {
            if let Some(count) = counts.get_mut(&self.name(client)) {
                *count = count.saturating_sub(1);
            }
        });
    }

    /// Saves the counts where they have changed.
    pub(crate) fn save(&self) -> std::io::Result<()> {
        let today = {
            let mut state = self.lock();
            if !std::mem::take(&mut state.changed) {
                return Ok(());
            }
            state.today.clone()
        };
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(&today)?)?;
        file.persist(&self.path).map_err(|e| e.error)?;
        Ok(())
    }

    fn with_counts<T>(&self, now: i64, f: impl FnOnce(&mut HashMap<String, u32>) -> T) -> T {
        let mut state = self.lock();
        let day = now.div_euclid(DAY);
        if state.today.day != day {
            state.today = Today { day, counts: HashMap::new() };
        }
        state.changed = true;
        f(&mut state.today.counts)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // Counts are whole numbers: a panic elsewhere leaves none of them half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name(&self, client: Client) -> String {
        let mut name = self.secret.sign(&format!("quota\n{client:?}"));
        // 128 bits keep any number of clients apart, in half of the file.
        name.truncate(32);
        name
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        if let Err(error) = self.save() {
            tracing::warn!(%error, "the counts of the quota could not be saved");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 20_000 * DAY + DAY / 2;
    const ADA: Client = Client::Key([1; 32]);
    const BOB: Client = Client::Key([2; 32]);

    fn open(dir: &Path) -> Quota {
        Quota::open(2, dir, Secret::open(dir).expect("a secret")).expect("opens")
    }

    fn spent(seconds: u64) -> Result<()> {
        Err(Refusal::Quota { per_day: 2, retry_after: seconds })
    }

    #[test]
    fn a_client_has_so_many_until_midnight() {
        let dir = tempfile::tempdir().expect("a folder");
        let quota = open(dir.path());
        assert_eq!((quota.take(ADA, NOON), quota.take(ADA, NOON)), (Ok(()), Ok(())));
        assert_eq!(quota.take(ADA, NOON), spent(12 * 3600));
        assert_eq!(quota.take(BOB, NOON), Ok(()));
        let midnight = NOON + 12 * 3600;
        assert_eq!(quota.take(ADA, midnight - 1), spent(1));
        assert_eq!(quota.take(ADA, midnight), Ok(()));
    }

    #[test]
    fn what_was_given_back_can_be_taken_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let quota = open(dir.path());
        assert_eq!((quota.take(ADA, NOON), quota.take(ADA, NOON)), (Ok(()), Ok(())));
        quota.give_back(ADA, NOON);
        quota.give_back(BOB, NOON);
        assert_eq!((quota.take(ADA, NOON), quota.take(ADA, NOON)), (Ok(()), spent(12 * 3600)));
    }

    #[test]
    fn a_restart_forgets_nothing_and_the_file_tells_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let quota = open(dir.path());
        let address = Client::Address([10, 9, 8, 7].into());
        assert_eq!((quota.take(address, NOON), quota.take(address, NOON)), (Ok(()), Ok(())));
        quota.save().expect("saved");
        let text = std::fs::read_to_string(dir.path().join("quota.json")).expect("there");
        assert!(text.contains("\"day\":20000") && !text.contains("10.9.8.7"), "{text}");
        drop(quota);
        let quota = open(dir.path());
        assert_eq!(quota.take(address, NOON), spent(12 * 3600));
        assert_eq!(quota.take(ADA, NOON), Ok(()));
        drop(quota);
        assert_eq!(open(dir.path()).take(ADA, NOON), Ok(()));
        assert_eq!(open(dir.path()).take(ADA, NOON), spent(12 * 3600), "saved when dropped");
    }

    #[test]
    fn broken_counts_are_not_taken_for_none() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("quota.json"), "{").expect("written");
        let opened = Quota::open(2, dir.path(), Secret::open(dir.path()).expect("a secret"));
        assert!(matches!(opened.err(), Some(StartError::File { .. })));
    }
}
