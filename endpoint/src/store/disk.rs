//! The store in one file of the data folder, `tasks.redb`.
//!
//! redb: a B-tree that is copied on write, so that a killed process leaves the last commit, and
//! readers never wait for a writer. SQLite would add a C build; a log of our own would need its own
//! recovery.

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use redb::{Builder, Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};
use uuid::Uuid;

use super::writer::Writer;
use super::{Claim, Created, Fault, Record, Result, Store};
use crate::config::StartError;

/// Counts up when records of before can no longer be read.
const FORMAT: u64 = 1;

/// redb's own default is a gigabyte. A record has a few hundred bytes.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

pub(super) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// The records as JSON.
const TASKS: TableDefinition<'_, u128, &[u8]> = TableDefinition::new("tasks");
/// The tasks that ended, by the time of their end.
const ENDED: TableDefinition<'_, (i64, u128), ()> = TableDefinition::new("ended");
const CLAIMS: TableDefinition<'_, [u8; 32], u128> = TableDefinition::new("claims");

type Io<T> = std::result::Result<T, redb::Error>;

/// Records in a file. Only one process can have it open.
pub(crate) struct DiskStore {
    database: Arc<Database>,
    pub(super) writer: Writer,
}

/// The tables within one commit.
pub(super) struct Tables<'a> {
    meta: Table<'a, &'static str, u64>,
    tasks: Table<'a, u128, &'static [u8]>,
    ended: Table<'a, (i64, u128), ()>,
    claims: Table<'a, [u8; 32], u128>,
}

impl DiskStore {
    /// Opens the file, or makes it, and returns what earlier runs left in the order of creation.
    pub(crate) fn open(data_dir: &Path) -> std::result::Result<(Self, Vec<Record>), StartError> {
        let path = data_dir.join("tasks.redb");
        let failed = |reason: String| StartError::File { what: "the store of tasks", path: path.clone(), reason };
        let database = Builder::new().set_cache_size(CACHE_BYTES).create(&path).map_err(|e| failed(e.to_string()))?;
        let format = format_of(&database).map_err(|e| failed(e.to_string()))?;
        if format != FORMAT {
            return Err(failed(format!("it has format {format}, this version knows {FORMAT}")));
        }
        let records = all(&database).map_err(|e| failed(e.to_string()))?;
        let database = Arc::new(database);
        let writer = Writer::start(database.clone()).map_err(|e| failed(e.to_string()))?;
        Ok((Self { database, writer }, records))
    }

    /// Reads on a thread that may wait for the disk.
    async fn read<T: Send + 'static>(&self, read: impl FnOnce(&Database) -> Io<T> + Send + 'static) -> Result<T> {
        let database = self.database.clone();
        let read = tokio::task::spawn_blocking(move || read(&database)).await;
        read.map_err(|e| Fault(e.to_string()))?.map_err(|e| Fault(e.to_string()))
    }
}

impl Store for DiskStore {
    fn create(&self, record: Record) -> BoxFuture<'_, Result<Created>> {
        Box::pin(self.writer.write(move |tables| tables.create(record)))
    }

    fn update(&self, record: Record) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.writer.write(move |tables| tables.update(&record)))
    }

    fn get(&self, id: Uuid) -> BoxFuture<'_, Result<Option<Record>>> {
        Box::pin(self.read(move |database| {
            let tasks = database.begin_read()?.open_table(TASKS)?;
            tasks.get(id.as_u128())?.map(|json| parse(json.value())).transpose()
        }))
    }

    fn claimed(&self, claim: Claim) -> BoxFuture<'_, Result<Option<Uuid>>> {
        Box::pin(self.read(move |database| {
            let claims = database.begin_read()?.open_table(CLAIMS)?;
            Ok(claims.get(claim.0)?.map(|id| Uuid::from_u128(id.value())))
        }))
    }

    fn remove_ended(&self, time: i64) -> BoxFuture<'_, Result<Vec<Record>>> {
        Box::pin(self.writer.write(move |tables| tables.remove_ended(time)))
    }
}

impl<'a> Tables<'a> {
    pub(super) fn open(transaction: &'a WriteTransaction) -> Io<Self> {
        Ok(Self {
            meta: transaction.open_table(META)?,
            tasks: transaction.open_table(TASKS)?,
            ended: transaction.open_table(ENDED)?,
            claims: transaction.open_table(CLAIMS)?,
        })
    }

    fn create(&mut self, mut record: Record) -> Io<Created> {
        if let Some(claim) = record.claim {
            if let Some(earlier) = self.claims.get(claim.0)? {
                return Ok(Created::Earlier(Uuid::from_u128(earlier.value())));
            }
            self.claims.insert(claim.0, record.id.as_u128())?;
        }
        record.number = self.meta.get("number")?.map_or(0, |number| number.value()) + 1;
        self.meta.insert("number", record.number)?;
        self.put(&record)?;
        Ok(Created::New)
    }

    fn update(&mut self, record: &Record) -> Io<()> {
        let kept = self.tasks.get(record.id.as_u128())?.map(|json| parse(json.value())).transpose()?;
        match kept {
            Some(kept) if !kept.is_final() => self.put(&Record { number: kept.number, ..record.clone() }),
            _ => Ok(()),
        }
    }

    fn remove_ended(&mut self, time: i64) -> Io<Vec<Record>> {
        let old: Vec<_> =
            self.ended.range(..=(time, u128::MAX))?.map(|entry| Ok(entry?.0.value())).collect::<Io<_>>()?;
        let mut records = Vec::new();
        for key in old {
            self.ended.remove(key)?;
            let Some(record) = self.tasks.remove(key.1)?.map(|json| parse(json.value())).transpose()? else { continue };
            if let Some(claim) = record.claim {
                self.claims.remove(claim.0)?;
            }
            records.push(record);
        }
        Ok(records)
    }

    fn put(&mut self, record: &Record) -> Io<()> {
        let json = serde_json::to_vec(record).map_err(|e| redb::Error::Corrupted(e.to_string()))?;
        self.tasks.insert(record.id.as_u128(), json.as_slice())?;
        if let (true, Some(completed)) = (record.is_final(), record.completed_at) {
            self.ended.insert((completed, record.id.as_u128()), ())?;
        }
        Ok(())
    }
}

/// The format of the file; a new one gets ours, and all tables, so that readers find them.
fn format_of(database: &Database) -> Io<u64> {
    let transaction = database.begin_write()?;
    let format = {
        let mut meta = transaction.open_table(META)?;
        let found = meta.get("format")?.map(|format| format.value());
        if found.is_none() {
            meta.insert("format", FORMAT)?;
        }
        found.unwrap_or(FORMAT)
    };
    if format != FORMAT {
        transaction.abort()?;
        return Ok(format);
    }
    drop(Tables::open(&transaction)?);
    transaction.commit()?;
    Ok(format)
}

fn all(database: &Database) -> Io<Vec<Record>> {
    let tasks = database.begin_read()?.open_table(TASKS)?;
    let mut records = tasks.iter()?.map(|entry| parse(entry?.1.value())).collect::<Io<Vec<_>>>()?;
    records.sort_by_key(|record| record.number);
    Ok(records)
}

fn parse(json: &[u8]) -> Io<Record> {
    serde_json::from_slice(json).map_err(|e| redb::Error::Corrupted(format!("a record cannot be read: {e}")))
}
