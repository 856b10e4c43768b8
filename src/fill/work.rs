//! A part in work, with all that it reads: parts of one turn know nothing of each other, so they can be
//! worked on one after another, side by side, or elsewhere (see `crew` and `loan`).

use std::sync::Arc;

use super::Quality;
use super::group::{Event, Group};
use super::options::Allowed;
use super::plan::Part;
use super::solver::Source;
use crate::error::Result;
use crate::mask::Mask;
use crate::picture::Picture;

/// What parts are worked on with.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) picture: Arc<Picture>,
    /// What is not known in it.
    pub(super) mask: Arc<Mask>,
    pub(super) allowed: Option<Arc<Allowed>>,
    pub(super) quality: Quality,
    pub(super) seed: u32,
}

/// A part in work.
#[derive(Debug)]
pub(super) struct Work {
    scene: Scene,
    part: Part,
    group: Group,
}

impl Scene {
    fn source(&self, part: &Part) -> Source<'_> {
        let Self { picture, mask, allowed, .. } = self;
        // What has alpha is filled one way alone, lest colours and alpha part.
        let edge = if picture.channels().is_multiple_of(2) { 0 } else { part.edge };
        Source { picture, mask, scale: 1, edge, guide: None, allowed: allowed.as_deref() }
    }
}

impl Work {
    /// # Errors
    /// None that a part inside the picture could cause.
    pub(super) fn new(scene: Scene, part: Part, show_guess: bool) -> Result<Self> {
        let group = Group::new(scene.source(&part), part, scene.quality, scene.seed, show_guess)?;
        Ok(Self { scene, part, group })
    }

    /// Visits so far.
    pub(super) fn visits(&self) -> u64 {
        self.group.visits()
    }

    /// Whether it is past reading.
    pub(super) fn is_solving(&self) -> bool {
        self.group.is_solving()
    }

    /// Those that its part counts in the progress.
    pub(super) fn counted(&self) -> u64 {
        self.visits().min(self.part.expected)
    }

    /// The part.
    pub(super) const fn part(&self) -> &Part {
        &self.part
    }

    /// Works on for about so many visits, or until something is to be told: previews, only if these are
    /// wanted. A filled patch is what is kept of the part.
    pub(super) fn advance(&mut self, visits: u64, previews: bool) -> Result<Event> {
        let until = self.visits() + visits;
        Ok(match self.group.advance(self.scene.source(&self.part), until, previews)? {
            Event::Filled(patch) if self.part.kept != self.part.bounds => Event::Filled(patch.cropped(self.part.kept)),
            event => event,
        })
    }
}
