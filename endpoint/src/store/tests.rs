//! The store on disk: what it keeps, in which order, and what it refuses.

use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use redb::Database;
use reweave::contract::ReturnType;
use uuid::Uuid;

use super::disk::META;
use super::{Claim, Created, DiskStore, Job, Kind, Phase, Product, Record, Region, Store, Upstream};

fn open(dir: &Path) -> (DiskStore, Vec<Record>) {
    DiskStore::open(dir).expect("opens")
}

fn record(claim: Option<u8>) -> Record {
    let job = Job { width: 9, height: 7, region: Region::Mask };
    Record::new(ReturnType::Base64, job, claim.map(|byte| Claim([byte; 32])))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_there_after_reopening_in_the_order_of_creation() {
    let dir = tempfile::tempdir().expect("a folder");
    let (store, none) = open(dir.path());
    assert!(none.is_empty());
    let records: Vec<_> = (0..50).map(|_| record(None)).collect();
    // All are queued before any is acknowledged: the order is that of the queue.
    let created = futures_util::future::join_all(records.iter().map(|record| store.create(record.clone()))).await;
    assert!(created.iter().all(|created| *created == Ok(Created::New)));
    let mut sent = records[7].clone();
    sent.upstream = Upstream::Known("there".into());
    store.update(sent).await.expect("written");
    drop(store);
    let (store, left) = open(dir.path());
    assert_eq!(
        left.iter().map(|record| record.id).collect::<Vec<_>>(),
        records.iter().map(|r| r.id).collect::<Vec<_>>()
    );
    assert!(left.is_sorted_by_key(|record| record.number));
    assert_eq!(left[7].upstream, Upstream::Known("there".into()));
    let read = store.get(records[3].id).await.expect("read").expect("known");
    assert_eq!((read.return_type, read.job), (ReturnType::Base64, records[3].job.clone()));
    assert_eq!(store.get(Uuid::new_v4()).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writes_share_a_commit() {
    let dir = tempfile::tempdir().expect("a folder");
    let (store, _) = open(dir.path());
    // While the first write, which is alone, holds the thread, the others gather: all of them are applied
    // before one of them is acknowledged.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let (begin, begun) = tokio::sync::oneshot::channel();
    let slow = store.writer.write(move |_| Ok(begin.send(()).is_ok() && wait.recv().is_ok()));
    let (applied, acknowledged) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (applied, acknowledged) = (&*Box::leak(Box::new(applied)), &acknowledged);
    let writes = (0..200).map(|_| async {
        let counted = store.writer.write(|_| Ok(applied.fetch_add(1, SeqCst))).await;
        assert_eq!((counted.is_ok(), applied.load(SeqCst)), (true, 200));
        acknowledged.fetch_add(1, SeqCst);
    });
    let release = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert_eq!(applied.load(SeqCst), 0);
        go.send(()).expect("waited for");
    };
    let others = async {
        begun.await.expect("the first write has begun");
        tokio::join!(futures_util::future::join_all(writes), release);
    };
    assert_eq!(tokio::join!(slow, others).0, Ok(true));
    assert_eq!(acknowledged.load(SeqCst), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_one_tasks_until_that_is_swept() {
    let dir = tempfile::tempdir().expect("a folder");
    let (store, _) = open(dir.path());
    let (first, second, other) = (record(Some(1)), record(Some(1)), record(Some(2)));
    let both = tokio::join!(store.create(first.clone()), store.create(second.clone()));
    assert_eq!(both, (Ok(Created::New), Ok(Created::Earlier(first.id))));
    assert_eq!(store.get(second.id).await, Ok(None));
    assert_eq!(store.create(other).await, Ok(Created::New));
    assert_eq!(store.claimed(Claim([1; 32])).await, Ok(Some(first.id)));
    let mut ended = first.clone();
    ended.advance(Phase::Failed(-1, String::new()));
    let time = ended.completed_at.expect("ended");
    store.update(ended.clone()).await.expect("written");
    assert_eq!(store.remove_ended(time - 1).await.map(|old| old.len()), Ok(0));
    assert_eq!(store.remove_ended(time).await.map(|old| old[0].id), Ok(first.id));
    assert_eq!(store.claimed(Claim([1; 32])).await, Ok(None));
    assert!(store.claimed(Claim([2; 32])).await.expect("read").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_stays_as_it_is_and_what_runs_is_not_swept() {
    let dir = tempfile::tempdir().expect("a folder");
    let (store, _) = open(dir.path());
    let (running, mut done) = (record(None), record(None));
    for record in [&running, &done] {
        store.create(record.clone()).await.expect("written");
    }
    let late = done.clone();
    let phase = Phase::Done(Product { id: Uuid::new_v4(), kind: Kind::Jpeg });
    done.advance(phase.clone());
    store.update(done.clone()).await.expect("written");
    store.update(late).await.expect("passed over");
    assert_eq!(store.get(done.id).await.expect("read").expect("known").phase, phase);
    assert_eq!(store.remove_ended(i64::MAX).await.map(|old| old.len()), Ok(1));
    assert!(store.get(running.id).await.expect("read").is_some());
    store.update(done.clone()).await.expect("passed over");
    assert_eq!(store.get(done.id).await, Ok(None), "what was swept does not come back");
}

#[test]
fn an_unknown_format_and_another_file_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    drop(open(dir.path()));
    let database = Database::open(dir.path().join("tasks.redb")).expect("opens");
    let transaction = database.begin_write().expect("begun");
    transaction.open_table(META).expect("there").insert("format", 2).expect("written");
    transaction.commit().expect("written");
    drop(database);
    let refused = DiskStore::open(dir.path()).err().expect("refused").to_string();
    assert!(refused.ends_with("cannot be used: it has format 2, this version knows 1"), "{refused}");
    std::fs::write(dir.path().join("tasks.redb"), b"something else altogether").expect("written");
    let refused = DiskStore::open(dir.path()).err().expect("refused").to_string();
    assert!(refused.contains("tasks.redb cannot be used") && refused.lines().count() == 1, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_has_it_at_a_time() {
    let dir = tempfile::tempdir().expect("a folder");
    let held = open(dir.path());
    assert!(DiskStore::open(dir.path()).is_err());
    drop(held);
    open(dir.path());
}
