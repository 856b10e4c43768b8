//! The parts of a fill side by side, natively: a pool of threads (rayon) takes them, the greatest first.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::group::Event;
use super::plan::Part;
use super::work::{Scene, Work};
use super::{Fill, Progress, STEP_VISITS};
use crate::error::{Error, Result};
use crate::picture::Patch;

/// Visits up to which a job is done alone: sharing it would take longer.
const ALONE_VISITS: u64 = 4 * STEP_VISITS;

/// What a thread tells.
enum Told {
    /// That it has done so much more of what is expected.
    Done(u64),
    /// That this is filled.
    Filled(Patch),
}

/// For how long a thread keeps what it has to tell: each news wakes the listener, which takes a worker's place where there
/// are as many workers as processors.
const KEPT: Duration = Duration::from_millis(8);

/// What a thread tells through.
struct Teller {
    sender: Sender<Vec<Told>>,
    news: Vec<Told>,
    since: Instant,
}

impl Teller {
    fn new(sender: Sender<Vec<Told>>) -> Self {
        Self { sender, news: Vec::new(), since: Instant::now() }
    }

    /// # Errors
    /// [`Error::Cancelled`]: nobody listens only when the fill has been given up.
    fn tell(&mut self, news: Told) -> Result<()> {
        self.news.push(news);
        if self.since.elapsed() < KEPT {
            return Ok(());
        }
        self.since = Instant::now();
        self.sender.send(std::mem::take(&mut self.news)).map_err(|_| Error::Cancelled)
    }
}

impl Clone for Teller {
    fn clone(&self) -> Self {
        Self::new(self.sender.clone())
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        // As in `tell`; here there is nothing to give up any more.
        let _ = self.sender.send(std::mem::take(&mut self.news));
    }
}

/// How many threads are asked for: 0 stands for as many as the machine has.
fn asked(threads: u32) -> usize {
    let machine = || std::thread::available_parallelism().map_or(1, NonZero::get);
    if threads == 0 { machine() } else { threads as usize }
}

/// Fills what `fill` has not begun, if more than one thread can work on it; what is left is to be stepped.
///
/// # Errors
/// [`Error::Cancelled`] when `on_progress` broke; [`Error::Internal`] where no threads can be had.
pub(super) fn run(
    fill: &mut Fill,
    threads: u32,
    on_progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<()> {
    let threads = asked(threads).min(fill.waiting());
    if threads < 2 || !fill.is_long(ALONE_VISITS) {
        return Ok(());
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::internal(error.to_string()))?;
    while let Some((scene, parts)) = fill.take_turn() {
        let (told, heard) = channel();
        let is_over = AtomicBool::new(false);
        let mut ended = Ok(());
        pool.in_place_scope(|scope| {
            // Ends when the last sender is gone.
            scope.spawn(|_| ended = fill_all(parts, &scene, Teller::new(told), &is_over));
            for news in heard.into_iter().flatten() {
                let progress = match news {
                    Told::Done(visits) => fill.count(visits),
                    Told::Filled(patch) => fill.keep(patch),
                };
                if on_progress(progress).is_break() {
                    is_over.store(true, Ordering::Relaxed);
                }
            }
        });
        ended?;
    }
    Ok(())
}

fn fill_all(parts: Vec<Part>, scene: &Scene, teller: Teller, is_over: &AtomicBool) -> Result<()> {
    let work_on = |teller: &mut Teller, part: Part| {
        let mut work = Work::new(scene.clone(), part, false)?;
        loop {
            if is_over.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let before = work.counted();
            let event = work.advance(STEP_VISITS, false)?;
            let (more, filled) = match event {
                Event::Filled(patch) => (part.expected - before, Some(patch)),
                Event::Working | Event::Preview(_) => (work.counted() - before, None),
            };
            teller.tell(Told::Done(more))?;
            if let Some(patch) = filled {
                return teller.tell(Told::Filled(patch));
            }
        }
    };
    parts.into_iter().par_bridge().try_for_each_with(teller, work_on)
}
