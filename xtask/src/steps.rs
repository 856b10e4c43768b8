//! A command as a plan of steps, each announced with its number and reported
//! with the time it took. The plan is complete before the first step starts,
//! so the total is never guessed.

use std::fmt;
use std::ops::AddAssign;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;

/// One line of the plan.
pub(crate) struct Step {
    title: String,
    work: Work,
}

type Work = Box<dyn FnOnce(&Workspace) -> Result<Outcome>>;

/// How a step ended, if not by an error.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The work was done.
    Done,
    /// Nothing had changed since it was last done.
    Fresh,
    /// A test suite ran; a failed test fails the step.
    Tested(Tally),
}

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Step {
    pub(crate) fn new(title: impl Into<String>, work: impl FnOnce(&Workspace) -> Result<Outcome> + 'static) -> Self {
        Self { title: title.into(), work: Box::new(work) }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Runs the steps in order, up to the first that fails.
pub(crate) fn run(workspace: &Workspace, plan: Vec<Step>) -> Result<()> {
    run_counting(workspace, plan, &mut Tally::default())
}

/// As [`run`], adding up the tests; `tally` is right after a failure too.
pub(crate) fn run_counting(workspace: &Workspace, plan: Vec<Step>, tally: &mut Tally) -> Result<()> {
    let total = plan.len();
    for (index, Step { title, work }) in plan.into_iter().enumerate() {
        let number = format!("[{}/{total}]", index + 1);
        println!("{number} {title} …");
        let start = Instant::now();
        let outcome = work(workspace).with_context(|| format!("{number} {title}"))?;
        report(&outcome, start);
        if let Outcome::Tested(suite) = outcome {
            *tally += suite;
            ensure!(suite.failed == 0, "{number} {title}: {} failed", suite.failed);
        }
    }
    Ok(())
}

fn report(outcome: &Outcome, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    match outcome {
        Outcome::Done => println!("      done in {seconds:.1} s"),
        Outcome::Fresh => println!("      fresh ({seconds:.1} s)"),
        Outcome::Tested(suite) => println!("      {suite} in {seconds:.1} s"),
    }
}
