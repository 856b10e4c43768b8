//! One group of the plan, from its first guess to its patch: harmonic and thin, then, if it is wide in
//! places, patches and the membrane over them. Wide ones are solved at a smaller scale first.

use std::collections::VecDeque;

use super::Quality;
use super::detail::{self, Detail};
use super::edges::Edges;
use super::plan::{self, Part};
use super::reduce::{self, Enlarger, Reduced, Reduction, Scale};
use super::samples::Canvas;
use super::solver::{self, Solver, Source};
use super::wide::{self, Effort, FineVotes, Guide, Wide};
use super::{spots, thin};
use crate::error::Result;
use crate::geometry::{Rectangle, Size};
use crate::picture::Patch;

/// What `advance` came to.
#[derive(Debug)]
pub(super) enum Event {
    /// The budget is spent.
    Working,
    /// How the box looks so far.
    Preview(Patch),
    /// The group is filled.
    Filled(Patch),
}

#[derive(Debug)]
enum Stage {
    /// The box at a smaller scale.
    Reduce(Reduction),
    /// Harmonic and thin.
    Solve(Solver),
    /// What they give to the patches, row by row.
    Collect(Guide),
    /// Patches; the harmonic fill stands in for them.
    Weave(Box<Wide>),
    /// What they say at full scale, row by row.
    Vote(Box<Wide>, Box<FineVotes>, usize),
    /// All at full scale again, row by row.
    Enlarge(Box<Enlarge>),
    /// What strokes lack of detail there.
    Detail(Box<Detail>, Guide),
    /// The membrane over it.
    Blend(Solver, Guide),
}

/// What is enlarged, and into what.
#[derive(Debug)]
struct Enlarge {
    enlarger: Enlarger,
    from: Enlarged,
    fine: Guide,
    /// How it looks, if that is to be shown.
    canvas: Option<Canvas>,
}

/// Where what is enlarged comes from.
#[derive(Debug)]
enum Enlarged {
    Guide(Guide),
    Patches(Box<Wide>, Box<FineVotes>),
}

impl Enlarged {
    fn guide(&self) -> &Guide {
        match self {
            Self::Guide(guide) => guide,
            Self::Patches(wide, _) => wide.guide(),
        }
    }

    fn into_guide(self) -> Guide {
        match self {
            Self::Guide(guide) => guide,
            Self::Patches(wide, _) => wide.into_guide(),
        }
    }
}

/// Visits for each pixel that is handed from one stage to the next.
const ROW_VISITS: u64 = 4;
/// Cells around a reduced box that interpolation sees.
const RING: u32 = 2;

/// Pixels of a box up to which levels are shown: painting more would take longer than a step may.
const MOST_SKETCHED: u64 = 2 << 20;

/// What the work on a part reads, from whole cells of any scale on: a copy of it can stand for the picture.
pub(super) fn reads(part: &Part, quality: Quality, size: Size) -> Rectangle {
    let Part { bounds, scale, .. } = *part;
    // Where no cell is known as a whole, or all is a pattern, it is solved at a greater size after all.
    let reach = |scale: u32| scale * (reach(part, scale) + 1);
    let reach = if quality == Quality::Fast { thin::REACH } else { (1..=scale).map(reach).fold(0, u32::max) };
    reduce::aligned(bounds.grown(reach, size), reduce::LARGEST, size)
}

/// The work on a group.
#[derive(Debug)]
pub(super) struct Group {
    part: Part,
    /// The box at a smaller scale, if it is solved there; and the scale.
    reduced: Option<Reduced>,
    scale: Scale,
    stage: Option<Stage>,
    /// Harmonic and thin, while it has something to give.
    solved: Option<Solver>,
    /// What is solved at full scale so far,
    patch: Option<Patch>,
    /// where edges of wide parts are,
    edges: Option<Edges>,
    /// and where patches are to come into it, in cells: a whole box, or the places where strokes are wide.
    spots: VecDeque<Rectangle>,
    quality: Quality,
    seed: u32,
    /// Visits of the stages before.
    before: u64,
}

impl Group {
    /// # Errors
    /// None that a box inside the picture could cause.
    pub(super) fn new(source: Source, part: Part, quality: Quality, seed: u32, show_guess: bool) -> Result<Self> {
        let stage = if part.scale > 1 {
            Stage::Reduce(reduction(source, &part)?)
        } else {
            Stage::Solve(Solver::new(source, part.bounds, quality, show_guess)?)
        };
        let scale = Scale { pixels: 1, area: source.picture.size().as_rectangle() };
        Ok(Self {
            part,
            reduced: None,
            scale,
            stage: Some(stage),
            solved: None,
            patch: None,
            edges: None,
            spots: VecDeque::new(),
            quality,
            seed,
            before: 0,
        })
    }

    /// Visits so far.
    pub(super) fn visits(&self) -> u64 {
        let own = match &self.stage {
            Some(Stage::Solve(solver) | Stage::Blend(solver, _)) => solver.visits(),
            Some(Stage::Weave(wide)) => wide.visits(),
            Some(Stage::Reduce(_) | Stage::Collect(_) | Stage::Vote(..) | Stage::Enlarge(_) | Stage::Detail(..))
            | None => 0,
        };
        self.before + own
    }

    /// Whether it has read what it works on at a smaller scale.
    pub(super) fn is_solving(&self) -> bool {
        !matches!(self.stage, Some(Stage::Reduce(_)))
    }

    /// Works until `until` visits in total, or something is to be told: previews, only if these are wanted.
    pub(super) fn advance(&mut self, source: Source, until: u64, previews: bool) -> Result<Event> {
        let budget = until.saturating_sub(self.before);
        let Some(stage) = self.stage.take() else { return Ok(Event::Working) };
        let [first, small] =
            [Reduced::first_source, Reduced::source].map(|of| self.reduced.as_ref().map_or(source, of));
        let (stage, event) = match stage {
            Stage::Reduce(mut reduction) => {
                while self.before < until && !reduction.is_ready() {
                    self.before += reduction.run_row(source);
                }
                if !reduction.is_ready() {
                    (Stage::Reduce(reduction), Event::Working)
                } else if reduction.is_unknown() {
                    (Stage::Solve(Solver::new(source, self.part.bounds, self.quality, false)?), Event::Working)
                } else {
                    let reduced = self.reduced.insert(reduction.finish(source)?);
                    self.scale = reduced.scale;
                    let bounds = self.scale.cells_of(self.part.bounds);
                    (Stage::Solve(Solver::new(reduced.first_source(), bounds, self.quality, false)?), Event::Working)
                }
            }
            Stage::Solve(mut solver) => match solver.advance(first, budget)? {
                solver::Event::Working => (Stage::Solve(solver), Event::Working),
                solver::Event::Guess(patch) => (Stage::Solve(solver), Event::Preview(patch)),
                solver::Event::Solved(patch) => {
                    self.before += solver.visits();
                    if self.reduced.is_some() {
                        self.spots = [patch.bounds()].into();
                        self.solved = Some(solver);
                    } else {
                        self.spots = solver.spots(source, &self.part)?.into();
                        self.edges = solver.take_edges(self.scale);
                        self.solved = Some(solver).filter(|_| !self.spots.is_empty());
                        self.patch = Some(patch);
                    }
                    let shown = previews && self.solved.is_some();
                    let event = self.patch.iter().find(|_| shown).cloned().map_or(Event::Working, Event::Preview);
                    match self.collect(small.mask.size()) {
                        Some(stage) => (stage, event),
                        None => return Ok(self.filled()),
                    }
                }
            },
            Stage::Collect(mut guide) => {
                let solver = self.solved.as_ref();
                while self.before < until && solver.is_some_and(|solver| solver.guide_row(small.mask, &mut guide)) {
                    self.before += ROW_VISITS * u64::from(guide.area.width);
                }
                if !guide.is_full() {
                    (Stage::Collect(guide), Event::Working)
                } else if solver.is_some_and(Solver::has_core) {
                    if let Some(mut solver) = self.solved.take_if(|_| self.spots.is_empty()) {
                        self.edges = self.edges.take().or_else(|| solver.take_edges(self.scale));
                    }
                    // Long before there are patches.
                    let shown = previews && self.reduced.is_some() && self.is_sketched();
                    let look = shown.then(|| guide.sketch(source, self.part.bounds, self.scale, |_, _| {}));
                    let event = look.transpose()?.map_or(Event::Working, Event::Preview);
                    let area = self.surroundings(small, guide.inner);
                    let is_place = self.reduced.is_none() && guide.inner != self.part.bounds;
                    let effort = Effort::of(self.quality, self.part.elsewhere, small.scale, is_place);
                    let wide = Wide::new(small, guide, area, effort, self.seed);
                    (Stage::Weave(Box::new(wide)), event)
                } else {
                    self.solved = None;
                    (self.enlarge(source, Enlarged::Guide(guide), previews), Event::Working)
                }
            }
            Stage::Weave(mut wide) => match wide.advance(small, budget) {
                wide::Event::Working => (Stage::Weave(wide), Event::Working),
                wide::Event::Refined => {
                    let shown = previews && self.is_sketched();
                    let event = if shown { Event::Preview(self.sketch(source, &wide)?) } else { Event::Working };
                    (Stage::Weave(wide), event)
                }
                wide::Event::Nothing => {
                    self.before += wide.visits();
                    if self.reduced.is_some() {
                        (self.enlarge(source, Enlarged::Guide(wide.into_guide()), previews), Event::Working)
                    } else if let Some(stage) = self.collect(source.mask.size()) {
                        (stage, Event::Working)
                    } else {
                        return Ok(self.filled());
                    }
                }
                wide::Event::Found => {
                    self.before += wide.visits();
                    let votes = Box::new(wide.fine_votes(self.scale));
                    let stage = match self.reduced {
                        Some(_) => self.enlarge(source, Enlarged::Patches(wide, votes), previews),
                        None => Stage::Vote(wide, votes, 0),
                    };
                    (stage, Event::Working)
                }
            },
            Stage::Vote(mut wide, mut votes, mut row) => {
                while self.before < until && row < wide.guide().rows() {
                    self.before += wide.vote_own_row(&mut votes, source, row);
                    row += 1;
                }
                if row < wide.guide().rows() {
                    (Stage::Vote(wide, votes, row), Event::Working)
                } else {
                    let guide = wide.into_guide();
                    (self.blend(source, guide)?, Event::Working)
                }
            }
            Stage::Enlarge(mut enlarge) => {
                while self.before < until && !enlarge.fine.is_full() {
                    self.before += enlarge.run_row(source, self.part.bounds);
                }
                if enlarge.fine.is_full() {
                    let Enlarge { fine, canvas, from, .. } = *enlarge;
                    let patch = canvas.map(|canvas| canvas.into_patch(source.picture, self.part.bounds));
                    let event = patch.transpose()?.map_or(Event::Working, Event::Preview);
                    let reduced = self.reduced.take().filter(|reduced| reduced.scale.pixels == detail::CELL);
                    match reduced {
                        Some(reduced) => {
                            let detail = Detail::new(reduced, from.into_guide(), self.seed);
                            (Stage::Detail(Box::new(detail), fine), event)
                        }
                        None => (self.blend(source, fine)?, event),
                    }
                } else {
                    (Stage::Enlarge(enlarge), Event::Working)
                }
            }
            Stage::Detail(mut detail, mut fine) => {
                while self.before < until && !detail.is_done() {
                    self.before += detail.run_row(source, &mut fine);
                }
                if detail.is_done() && detail.is_pattern() && self.part.bounds.area() <= plan::MOST_PIXELS {
                    self.part = woven(&self.part);
                    (Stage::Reduce(reduction(source, &self.part)?), Event::Working)
                } else if detail.is_done() {
                    (self.blend(source, fine)?, Event::Working)
                } else {
                    (Stage::Detail(detail, fine), Event::Working)
                }
            }
            Stage::Blend(mut solver, guide) => {
                match solver.advance(Source { guide: Some(&guide), ..source }, budget)? {
                    solver::Event::Solved(mut patch) => {
                        self.before += solver.visits();
                        if let Some(edges) = &self.edges {
                            edges.fade(&mut patch, source.mask, solver.misfit, guide.range);
                        }
                        match &mut self.patch {
                            Some(whole) => whole.paste(&patch),
                            None => self.patch = Some(patch),
                        }
                        match self.collect(source.mask.size()) {
                            Some(stage) => (stage, Event::Working),
                            None => return Ok(self.filled()),
                        }
                    }
                    _ => (Stage::Blend(solver, guide), Event::Working),
                }
            }
        };
        self.stage = Some(stage);
        Ok(event)
    }

    /// The next place for patches.
    fn collect(&mut self, size: Size) -> Option<Stage> {
        let solved = self.solved.as_ref()?;
        let spot = self.spots.pop_front()?;
        Some(Stage::Collect(solved.guide(spot, self.ring(), size)))
    }

    /// Cells around a place that its guide holds.
    fn ring(&self) -> u32 {
        if self.reduced.is_some() { RING } else { 1 }
    }

    /// Where the sources for a place in the box are.
    fn surroundings(&self, small: Source, spot: Rectangle) -> Rectangle {
        let (size, ring) = (small.mask.size(), self.ring());
        let bounds = self.scale.cells_of(self.part.bounds);
        let marked = self.part.cells(self.scale.pixels);
        let whole = wide::surroundings(bounds.grown(ring, size), marked, size, small.allowed);
        if spot == bounds { whole } else { spots::surroundings(spot, whole, size) }
    }

    fn filled(&mut self) -> Event {
        self.patch.take().map_or(Event::Working, Event::Filled)
    }

    /// Whether it is painted before it is filled.
    fn is_sketched(&self) -> bool {
        self.part.bounds.area() <= MOST_SKETCHED
    }

    /// How the box looks with what a level says.
    fn sketch(&self, source: Source, wide: &Wide) -> Result<Patch> {
        let place = if self.patch.is_some() { wide.guide().inner } else { self.part.bounds };
        let sketch = wide.sketch(source, place, self.scale)?;
        let Some(mut patch) = self.patch.clone() else { return Ok(sketch) };
        patch.paste(&sketch);
        Ok(patch)
    }

    fn enlarge(&self, source: Source, from: Enlarged, previews: bool) -> Stage {
        let mut fine = reduce::fine_guide(source.mask, self.part.bounds);
        self.reduced.iter().for_each(|reduced| fine.range = reduced.range);
        let canvas = previews.then(|| Canvas::new(source.picture, self.part.bounds));
        Stage::Enlarge(Box::new(Enlarge { enlarger: Enlarger::new(self.scale), from, fine, canvas }))
    }

    fn blend(&self, source: Source, guide: Guide) -> Result<Stage> {
        let guided = Source { guide: Some(&guide), ..source };
        Ok(Stage::Blend(Solver::new(guided, guide.inner, Quality::Fast, false)?, guide))
    }
}

/// Cells around a part that are looked at.
fn reach(part: &Part, scale: u32) -> u32 {
    let wide =
        if part.wide == 0 && scale == detail::CELL { detail::REACH } else { wide::context(part.cells(scale)) + RING };
    thin::REACH.max(wide)
}

/// A part as it is filled where the surroundings are a pattern: at half its size strokes are wide.
fn woven(part: &Part) -> Part {
    Part { scale: detail::CELL / 2, wide: part.area, ..*part }
}

/// The box of a part at its scale, without rows.
fn reduction(source: Source, part: &Part) -> Result<Reduction> {
    Reduction::new(source, part.bounds, reach(part, part.scale), part.scale)
}

impl Enlarge {
    /// The next row; its visits.
    fn run_row(&mut self, source: Source, bounds: Rectangle) -> u64 {
        let Self { enlarger, from, fine, canvas } = self;
        let mut visits = enlarger.run_row(from.guide(), fine);
        if let Enlarged::Patches(wide, votes) = from {
            visits += wide.vote_row(votes, source.picture, fine, enlarger.spans());
        }
        if let Some(canvas) = canvas {
            fine.paint_last_row(source, bounds, canvas);
        }
        visits
    }
}
