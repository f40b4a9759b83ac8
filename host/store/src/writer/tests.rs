//! The writer: jobs together and alone, and every way in which one ends.

use super::*;
use crate::alert::Alert;
use crate::connect::{self, CHECKPOINT_PAGES, Synchronous, WriterSetup};
use crate::dir::{DataDir, open_private};
use crate::health::Health;
use crate::quarantine::{database, suspicion};
use crate::testing;
use rusqlite::Connection;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

#[derive(Debug, thiserror::Error)]
enum TestError {
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("failed to insert: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("refused")]
    Refused,
}

struct Ground {
    _folder: tempfile::TempDir,
    dir: DataDir,
    alerts: Arc<Mutex<Vec<Alert>>>,
    writer: Arc<Writer>,
}

const QUOTA: i64 = 4 << 20;

fn ground(make: fn(Core) -> Writer) -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::prepare(folder.path()).unwrap();
    testing::database(dir.path(), 2_000);
    let alerts = Arc::<Mutex<Vec<Alert>>>::default();
    let told = Arc::clone(&alerts);
    let health = Health::new(dir.clone(), Box::new(move |alert| told.lock().unwrap().push(alert)));
    let setup = WriterSetup {
        quota_bytes: QUOTA.unsigned_abs(),
        synchronous: Synchronous::Full,
        checkpoint_pages: CHECKPOINT_PAGES,
    };
    open_private(&database(&dir)).unwrap();
    let connection = connect::writer(&database(&dir), setup).unwrap();
    let core = Core::new(connection, database(&dir), setup, Arc::new(health));
    Ground { _folder: folder, dir, alerts, writer: Arc::new(make(core)) }
}

fn threaded(core: Core) -> Writer {
    Writer::threaded(core).unwrap()
}

const BOTH: [fn(Core) -> Writer; 2] = [threaded, Writer::inline];

impl Ground {
    fn write<T: Send + 'static>(
        &self,
        job: impl Fn(&Transaction<'_>) -> Result<T, TestError> + Send + 'static,
    ) -> Result<T, TestError> {
        block_on(self.writer.write(job))
    }

    fn insert(&self, id: i64) -> Result<usize, TestError> {
        self.write(insert(id))
    }

    /// The rows that were put in beyond those the file began with.
    fn added(&self) -> Vec<i64> {
        let connection = Connection::open(database(&self.dir)).unwrap();
        let mut statement = connection.prepare("SELECT id FROM t WHERE id >= 10000 ORDER BY id").unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Hands in several jobs that meet in one batch: the thread is held up until all are in the queue.
    fn together<T: Send + 'static>(&self, jobs: Vec<BoxedJob<T>>) -> Vec<Result<T, TestError>> {
        let (hold, held) = mpsc::channel::<()>();
        let held = Mutex::new(held);
        let (reached, at_work) = mpsc::channel();
        let count = jobs.len();
        let (done, answers) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let job = move |_: &Transaction<'_>| {
                    reached.send(()).unwrap();
                    held.lock().unwrap().recv().unwrap();
                    Ok(())
                };
                self.write(job).unwrap();
            });
            at_work.recv().unwrap();
            let Writer::Thread { sender, .. } = self.writer.as_ref() else {
                panic!("only a thread has batches")
            };
            for (index, job) in jobs.into_iter().enumerate() {
                let (task, answer) = Task::new(job);
                block_on(sender.send(Message::Work(Box::new(task))))
                    .unwrap_or_else(|_| panic!("the writer ended"));
                let done = done.clone();
                scope.spawn(move || done.send((index, block_on(answer).unwrap())).unwrap());
            }
            hold.send(()).unwrap();
        });
        let mut answers: Vec<_> = answers.iter().take(count).collect();
        answers.sort_by_key(|(index, _)| *index);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}

type BoxedJob<T> = Box<dyn Fn(&Transaction<'_>) -> Result<T, TestError> + Send>;

fn insert(id: i64) -> impl Fn(&Transaction<'_>) -> Result<usize, TestError> + Send + 'static {
    move |tx| Ok(tx.execute("INSERT INTO t VALUES (?1, 'x')", [id])?)
}

fn boxed(id: i64) -> BoxedJob<usize> {
    Box::new(insert(id))
}

/// How many commits the log holds: the last page of each says how large the database is then.
fn commits(dir: &DataDir) -> usize {
    let log = std::fs::read(dir.join("stint.db-wal")).unwrap();
    log[32..].chunks_exact(24 + 4_096).filter(|frame| frame[4..8] != [0; 4]).count()
}

#[test]
fn a_write_is_seen_by_others_when_it_is_answered() {
    for make in BOTH {
        let ground = ground(make);
        assert_eq!(ground.insert(10_000).unwrap(), 1);
        assert_eq!(ground.added(), [10_000]);
    }
}

#[test]
fn a_job_that_fails_takes_back_its_own_changes_and_no_others() {
    for make in BOTH {
        let ground = ground(make);
        let error = ground
            .write(|tx| {
                tx.execute("INSERT INTO t VALUES (10000, 'x')", ())?;
                Err::<(), _>(TestError::Refused)
            })
            .unwrap_err();
        assert!(matches!(error, TestError::Refused), "{error}");
        ground.insert(10_001).unwrap();
        assert_eq!(ground.added(), [10_001]);
    }
}

#[test]
fn jobs_of_one_batch_share_a_commit_and_fail_alone() {
    let ground = ground(threaded);
    ground.insert(10_002).unwrap();
    let before = commits(&ground.dir);
    let double: BoxedJob<usize> = Box::new(|tx| {
        tx.execute("INSERT INTO t VALUES (10007, 'x')", ())?;
        Ok(tx.execute("INSERT INTO t VALUES (10000, 'again')", ())?)
    });
    let answers = ground.together(vec![boxed(10_000), double, boxed(10_001)]);
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(ground.added(), [10_000, 10_001, 10_002]);
    assert_eq!(commits(&ground.dir) - before, 1, "the one that holds the thread up changes nothing");
}

#[test]
fn a_panic_is_its_own_jobs_alone_and_the_others_run_again() {
    let ground = ground(threaded);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let before: BoxedJob<usize> = Box::new(move |tx| {
        counted.fetch_add(1, Ordering::Relaxed);
        insert(10_000)(tx)
    });
    let panics: BoxedJob<usize> = Box::new(|tx| {
        tx.execute("INSERT INTO t VALUES (10001, 'x')", ()).unwrap();
        panic!("a fault of {}", "ours")
    });
    let mut answers = ground.together(vec![before, panics, boxed(10_002)]).into_iter();
    assert_eq!(answers.next().unwrap().unwrap(), 1);
    let error = answers.next().unwrap().unwrap_err();
    assert!(
        matches!(&error, TestError::Write(WriteError::Panicked { message }) if message == "a fault of ours"),
        "{error}"
    );
    assert_eq!(answers.next().unwrap().unwrap(), 1);
    assert_eq!(ground.added(), [10_000, 10_002]);
    assert_eq!(runs.load(Ordering::Relaxed), 2, "what ran before the panic ran again");
}

#[test]
fn after_a_panic_the_writer_goes_on() {
    for make in BOTH {
        let ground = ground(make);
        let error = ground.write::<()>(|_| panic!("boom")).unwrap_err();
        assert!(error.to_string().contains("a fault in stint stopped the write (boom)"), "{error}");
        ground.insert(10_000).unwrap();
        assert_eq!(ground.added(), [10_000]);
    }
}

#[test]
fn a_transaction_that_a_job_loses_is_run_again_without_it() {
    let ground = ground(threaded);
    // What SQLite itself does after some failures of the disk.
    let loses: BoxedJob<usize> = Box::new(|tx| {
        tx.execute_batch("ROLLBACK")?;
        Err(TestError::Refused)
    });
    let answers = ground.together(vec![boxed(10_000), loses, boxed(10_001)]);
    assert!(matches!(answers[1], Err(TestError::Refused)));
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert_eq!(ground.added(), [10_000, 10_001]);
}

#[test]
fn a_job_that_ends_its_transaction_and_says_done_is_not_believed() {
    let ground = ground(threaded);
    let ends: BoxedJob<usize> = Box::new(|tx| {
        tx.execute_batch("ROLLBACK")?;
        Ok(1)
    });
    let answers = ground.together(vec![boxed(10_000), ends, boxed(10_001)]);
    assert!(answers[1].is_err(), "{answers:?}");
    assert_eq!(ground.added(), [10_000, 10_001]);
}

#[test]
fn a_full_quota_refuses_loudly_keeps_nothing_and_goes_on_when_there_is_room() {
    for make in BOTH {
        let ground = ground(make);
        let fill = |tx: &Transaction<'_>| -> Result<(), TestError> {
            tx.execute("INSERT INTO t VALUES (10000, 'small')", ())?;
            tx.execute("INSERT INTO t VALUES (10001, zeroblob(?1))", [QUOTA])?;
            Ok(())
        };
        let error = ground.write(fill).unwrap_err();
        assert!(matches!(error, TestError::Write(WriteError::Full { .. })), "{error}");
        assert_eq!(
            error.to_string(),
            "failed to write to the database: the disk or the quota is full (failed to insert: database or disk is full); \
             make room or raise storage.quota, then it goes on by itself"
        );
        assert_eq!(ground.added(), [0; 0]);
        ground.insert(10_002).unwrap();
        assert_eq!(ground.added(), [10_002]);
    }
}

#[test]
fn a_full_quota_refuses_the_job_that_fills_it_and_not_its_neighbours() {
    let ground = ground(threaded);
    let fills: BoxedJob<usize> =
        Box::new(|tx| Ok(tx.execute("INSERT INTO t VALUES (10001, zeroblob(?1))", [QUOTA])?));
    let answers = ground.together(vec![boxed(10_000), fills, boxed(10_002)]);
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(ground.added(), [10_000, 10_002]);
}

#[test]
fn damage_stops_all_writing_is_told_once_and_is_remembered() {
    for make in BOTH {
        let ground = ground(make);
        ground.insert(10_000).unwrap();
        let sum = |tx: &Transaction<'_>| -> Result<i64, TestError> {
            Ok(tx.query_row("SELECT sum(length(text)) FROM t NOT INDEXED", (), |row| row.get(0))?)
        };
        testing::damage(&database(&ground.dir));
        let error = ground.write(sum).unwrap_err();
        assert!(matches!(error, TestError::Write(WriteError::Damaged { .. })), "{error}");
        let error = ground.insert(10_001).unwrap_err();
        assert!(matches!(error, TestError::Write(WriteError::Damaged { .. })), "{error}");
        ground.writer.close();
        assert_eq!(ground.alerts.lock().unwrap().len(), 1);
        assert!(suspicion(&ground.dir).unwrap().contains("malformed"));
    }
}

#[test]
fn closing_does_what_was_handed_in_and_refuses_what_comes_later() {
    let ground = ground(threaded);
    let closer = Arc::clone(&ground.writer);
    let thread = Mutex::new(None);
    let close_while_waiting: BoxedJob<usize> = Box::new(move |tx| {
        let closer = Arc::clone(&closer);
        thread.lock().unwrap().get_or_insert_with(|| std::thread::spawn(move || closer.close()));
        insert(10_000)(tx)
    });
    let answers = ground.together(vec![close_while_waiting, boxed(10_001), boxed(10_002)]);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    ground.writer.close();
    let error = ground.insert(10_003).unwrap_err();
    assert!(matches!(error, TestError::Write(WriteError::Closed)), "{error}");
    assert_eq!(ground.added(), [10_000, 10_001, 10_002]);
    assert!(!ground.dir.join("stint.db-wal").exists(), "the log was taken into the database");
}

#[test]
fn a_closed_inline_writer_refuses() {
    let ground = ground(Writer::inline);
    ground.writer.close();
    assert!(matches!(ground.insert(10_000), Err(TestError::Write(WriteError::Closed))));
}

#[test]
fn a_caller_who_goes_away_takes_nothing_back() {
    let ground = ground(threaded);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut write = Box::pin(ground.writer.write(insert(10_000)));
    let _ = write.as_mut().poll(&mut context);
    drop(write);
    ground.insert(10_001).unwrap();
    assert_eq!(ground.added(), [10_000, 10_001]);
}

#[test]
fn callers_wait_for_room_when_the_queue_is_full() {
    let ground = ground(threaded);
    let (hold, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let (reached, at_work) = mpsc::channel();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut first = Box::pin(ground.writer.write(move |_| {
        reached.send(()).unwrap();
        held.lock().unwrap().recv().unwrap();
        Ok::<_, TestError>(())
    }));
    assert!(first.as_mut().poll(&mut context).is_pending());
    at_work.recv().unwrap();
    let mut waiting: Vec<_> =
        (0..1_100).map(|id| Box::pin(ground.writer.write(insert(10_000 + id)))).collect();
    for write in &mut waiting {
        assert!(write.as_mut().poll(&mut context).is_pending());
    }
    let Writer::Thread { sender, .. } = ground.writer.as_ref() else { panic!("a thread") };
    assert_eq!(sender.capacity(), 0, "no more than the bound is taken in");
    hold.send(()).unwrap();
    block_on(first).unwrap();
    for write in waiting {
        block_on(write).unwrap();
    }
    assert_eq!(ground.added().len(), 1_100);
}
