//! Undo and redo by drawing again.
//!
//! The marks after any number of steps are drawn from the nearest checkpoint before. One is set
//! behind each step after which drawing again from the last would take noticeable time: so undo and
//! redo cost a bounded amount of drawing, and five hundred strokes cost kilobytes.
//!
//! A [`Step::Change`] changes an earlier step. A checkpoint from before the change has that step in it
//! as it was: it serves for the marks before the change and not for those after. A checkpoint from
//! behind the change has the step as it became. So a checkpoint may be drawn from if no change behind
//! it is of a step before it.

use super::Selection;
use super::step::Step;
use crate::mask::{Kept, Mask};

/// Spans that may have to be drawn again for one undo or redo: some 10 ms of drawing in wasm.
pub(super) const SPANS_BETWEEN_CHECKPOINTS: u64 = 200_000;

/// Beyond this every second checkpoint is forgotten. Marks that a person draws stay far below; a mask
/// of specks all over 4096 × 4096 pixels takes 2 MB in each.
const MOST_CHECKPOINT_BYTES: usize = 16 << 20;

pub(super) struct Checkpoint {
    /// How many steps are drawn in it.
    pub(super) done: usize,
    kept: Kept,
}

impl Selection {
    /// Takes the last step back; answers whether there was one. A stroke being drawn stays.
    pub fn undo(&mut self) -> bool {
        let possible = self.stroke.is_none() && self.done > 0;
        if possible {
            self.done -= 1;
            self.redraw();
        }
        possible
    }

    /// Does the last undone step again; answers whether there was one.
    pub fn redo(&mut self) -> bool {
        let possible = self.stroke.is_none() && self.done < self.steps.len();
        if possible {
            self.done += 1;
            let step = &self.steps[self.done - 1];
            // What was worth a checkpoint takes longer than that does.
            if matches!(step, Step::Change(..)) || self.checkpoint(self.done).is_some() {
                self.redraw();
            } else {
                step.draw(&mut self.mask);
            }
        }
        possible
    }

    /// Bytes that the history holds, without the mask itself.
    #[must_use]
    pub fn memory(&self) -> usize {
        let steps: usize = self.steps.iter().map(Step::memory).sum();
        steps + self.checkpoint_memory()
    }

    fn checkpoint_memory(&self) -> usize {
        self.checkpoints.iter().map(|checkpoint| checkpoint.kept.memory()).sum()
    }

    pub(super) fn do_step(&mut self, step: Step) {
        step.draw(&mut self.mask);
        self.push(step);
    }

    /// Remembers a step that the mask already shows.
    pub(super) fn push(&mut self, step: Step) {
        self.forget_undone();
        self.steps.push(step);
        self.done += 1;
        self.set_checkpoint();
    }

    pub(super) fn forget_undone(&mut self) {
        self.steps.truncate(self.done);
        self.checkpoints.retain(|checkpoint| checkpoint.done <= self.done);
    }

    /// Sets a checkpoint where drawing this again would take too long.
    pub(super) fn set_checkpoint(&mut self) {
        let (first, size) = (self.nearest(), self.mask.size());
        let cost: u64 = self.steps[first..self.done].iter().map(|step| step.cost(size)).sum();
        if cost > self.spans_between_checkpoints {
            self.checkpoints.push(Checkpoint { done: self.done, kept: Kept::of(&self.mask) });
            if self.checkpoint_memory() > MOST_CHECKPOINT_BYTES {
                let mut keep = false;
                self.checkpoints.retain(|_| {
                    keep = !keep;
                    keep
                });
            }
        }
    }

    /// Draws the steps that are done.
    pub(super) fn redraw(&mut self) {
        let first = self.nearest();
        let mut mask = self.checkpoint(first).map_or_else(|| Mask::new(self.mask.size()), Kept::to_mask);
        for (step, place) in self.steps[first..self.done].iter().zip(self.places(first)) {
            match (step, place) {
                (Step::Rectangle(_, combine), Some(place)) => Step::Rectangle(place, *combine).draw(&mut mask),
                (Step::Rectangle(..), None) => {}
                (step, _) => step.draw(&mut mask),
            }
        }
        self.mask = mask;
    }

    fn checkpoint(&self, done: usize) -> Option<&Kept> {
        let index = self.checkpoints.binary_search_by_key(&done, |checkpoint| checkpoint.done).ok()?;
        Some(&self.checkpoints[index].kept)
    }

    /// The number of steps after which drawing can begin: those of the nearest checkpoint that has
    /// no step in it that is changed behind it, or those up to a clear, after which nothing is marked.
    fn nearest(&self) -> usize {
        let mut first = self.done;
        let mut changed = usize::MAX;
        while first > 0 {
            let is_known = self.checkpoint(first).is_some() || matches!(self.steps[first - 1], Step::Clear);
            if is_known && changed >= first {
                break;
            }
            first -= 1;
            if let Step::Change(id, _) = self.steps[first] {
                changed = changed.min(id);
            }
        }
        first
    }

    #[cfg(test)]
    pub(super) fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }
}
