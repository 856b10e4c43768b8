//! The solver of one group: a program of operations, each cut into rows.
//!
//! `advance` runs rows until a budget of visits is spent and can be called again at any row, so a
//! job needs neither threads nor coroutines. What comes out does not depend on where it was cut.
//!
//! 1. *Load* the box; *average* known children upwards until a level has no unknown cell (the pull
//!    of pull-push, Gortler et al. 1996).
//! 2. The guess: downwards again, *interpolate* into unknown cells and *relax* (the push, with the
//!    relaxation that makes it a cascadic multigrid, Bornemann & Deuflhard 1996).
//! 3. W-cycles (Trottenberg, Oosterlee & Schüller, *Multigrid*, 2001, §2.4) until both the
//!    correction from the coarse levels and the last change of a cell are below the tolerance; where something is wide, or
//!    patches are blended. Mixtures make nothing of them, and they took a tenth of a fill.
//! 4. The thin stage (see `thin`), unless it is patches that are blended.
//!
//! A fast fill has the guess alone, at half the size, and cycles there if something is wide; the thin stage there, and
//! what it found is interpolated and relaxed once.

use std::sync::Arc;

use super::Quality;
use super::distance::Chamfer;
use super::edges::{self, Edges};
use super::grid::{Cell, Grid};
use super::level::Level;
use super::near::Near;
use super::options::Allowed;
use super::program::{self, Operation};
use super::reduce::Scale;
use super::samples::{self, Canvas};
use super::thin::{self, Half, Phase, Thin};
use super::wide::Guide;
use crate::error::Result;
use crate::geometry::Rectangle;
use crate::mask::Mask;
use crate::picture::{Patch, Picture};

/// When the cycles end.
#[derive(Debug, Clone, Copy)]
struct Accuracy {
    /// Accepted last correction by the coarser levels, in 255ths of the full range.
    correction: f32,
    /// Accepted last change of a cell by relaxation, likewise.
    change: f32,
    /// Most cycles.
    cycles: usize,
    /// Whether the guess is relaxed on the finest level too.
    guessed: bool,
}

/// A cycle leaves at most 0.6 of the error (single known pixels), 0.35 as a rule, so that after the
/// last correction it is below 0.5 × 0.35 / 0.65 = 0.27 levels; the test tells how much it is at the hardest
/// contrast. 12 cycles are for masks that no person draws.
const ACCURACY: Accuracy = Accuracy { correction: 0.5, change: 0.1, cycles: 12, guessed: true };

/// For a membrane under patches, where an error of some levels has no edge that could be seen. A second cycle
/// and a better guess change nothing in any measure; no cycle at all loses 0.7 dB on logos.
const ROUGH: Accuracy = Accuracy { correction: 2.0, change: 0.5, cycles: 1, guessed: false };

/// Sweeps at full size over what half the size says in a fast fill. Two lose 0.05 dB on text and .003 of gmsd, three more.
const FAST_SWEEPS: usize = 1;

/// What is solved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) picture: &'a Picture,
    pub(super) mask: &'a Mask,
    /// Pixels of the side of a cell.
    pub(super) scale: u32,
    /// Width of edges of wide parts.
    pub(super) edge: u32,
    /// What is to be blended in place of the harmonic fill.
    pub(super) guide: Option<&'a Guide>,
    /// Where patches may come from, if not from all that is around.
    pub(super) allowed: Option<&'a Allowed>,
}

impl Source<'_> {
    /// Whether this is half the size already at which edges of wide parts are found.
    pub(super) const fn is_half_with_edges(&self) -> bool {
        self.scale == edges::CELL && self.edge > 0
    }
}

/// What `advance` came to.
#[derive(Debug)]
pub(super) enum Event {
    /// The budget is spent.
    Working,
    /// The first guess.
    Guess(Patch),
    /// The solution; the solver has nothing more to do.
    Solved(Patch),
}

/// The solver of one group of pieces.
#[derive(Debug)]
pub(super) struct Solver {
    /// The marked box and, around it, what is looked at inside the picture: a known ring, or the
    /// surroundings that the thin stage sees.
    pub(super) bounds: Rectangle,
    pub(super) area: Rectangle,
    pub(super) levels: Vec<Level>,
    pub(super) near: Near,
    program: Vec<Operation>,
    /// The operation and its row that are next.
    at: usize,
    pub(super) row: usize,
    cycle_start: usize,
    cycles: usize,
    accuracy: Accuracy,
    /// The level that cycles solve: 1 in a fast fill.
    pub(super) base: usize,
    show_guess: bool,
    pub(super) canvas: Option<Canvas>,
    pub(super) thin: Option<Thin>,
    /// The same at half the size: what that begins with.
    pub(super) half: Option<Half>,
    /// What it found, and how far from what is known, if edges of wide parts are to be made of it.
    seen: Option<(Grid, Chamfer)>,
    pub(super) counts: Vec<u8>,
    /// How a guide varies otherwise than the ring: sums of squares, of the differences and of the ring.
    pub(super) misfit: [f32; 2],
    pub(super) correction: Cell,
    pub(super) change: Cell,
    visits: u64,
}

impl Solver {
    /// A solver of the marked pixels in `bounds`, around which a ring of known ones must lie.
    ///
    /// # Errors
    /// None that a box inside the picture could cause.
    pub(super) fn new(source: Source, bounds: Rectangle, quality: Quality, show_guess: bool) -> Result<Self> {
        let is_guided = source.guide.is_some();
        let area = bounds.grown(if is_guided { 1 } else { thin::REACH }, source.picture.size());
        let [width, height] = [area.width, area.height].map(|v| v as usize);
        let inner = Rectangle { x: bounds.x - area.x, y: bounds.y - area.y, ..bounds };
        let is_thin = !is_guided && quality != Quality::Fast;
        let has_half = !is_guided && !source.is_half_with_edges();
        let thin = is_thin.then(|| Thin::new(width, height, inner, source, quality));
        let thin = thin.map(|thin| if has_half { thin } else { thin.first(quality) });
        let half = has_half.then(|| Half::new(width, height, inner, source, quality));
        Ok(Self {
            bounds,
            area,
            levels: vec![Level::new(width, height)],
            near: Near::new(width, height)?,
            program: vec![Operation::Scan],
            at: 0,
            row: 0,
            cycle_start: 0,
            cycles: 0,
            accuracy: if source.guide.is_some() { ROUGH } else { ACCURACY },
            base: 0,
            show_guess,
            canvas: None,
            thin,
            half,
            seen: None,
            counts: Vec::new(),
            misfit: [0.0; 2],
            correction: [0.0; 4],
            change: [0.0; 4],
            visits: 0,
        })
    }

    /// Visits that solving a box of `area` pixels, `marked` of them unknown, takes as a rule, but for the
    /// thin stage.
    pub(super) fn expected_visits(area: u64, marked: u64) -> u64 {
        7 * area + 40 * marked + 50
    }

    /// Cell visits so far.
    pub(super) fn visits(&self) -> u64 {
        self.visits
    }

    /// Works until `until` visits in total, or something is to be told.
    pub(super) fn advance(&mut self, source: Source, until: u64) -> Result<Event> {
        while self.visits < until {
            let Some(operation) = self.program.get(self.at).copied() else { break };
            if self.row < self.rows(operation) {
                self.visits += 4 + self.run_row(operation, source) as u64;
                self.row += 1;
            } else {
                self.at += 1;
                self.row = 0;
                if let Some(event) = self.finish(operation, source)? {
                    return Ok(event);
                }
            }
        }
        Ok(Event::Working)
    }

    fn rows(&self, operation: Operation) -> usize {
        match operation {
            Operation::Scan | Operation::Load => self.levels[0].height,
            Operation::Halve(level) | Operation::Average(level) => self.levels[level].height.div_ceil(2),
            Operation::Restrict(level) => self.levels[level + 1].height,
            Operation::Interpolate(level) | Operation::Correct(level) | Operation::Clear(level) => {
                self.levels[level].height
            }
            Operation::Relax { level, sweeps } => self.levels[level].height + 2 * sweeps - 1,
            Operation::Check => 0,
            Operation::Thin { level: 0, phase } => self.thin.as_ref().map_or(0, |thin| thin.rows(phase)),
            Operation::Thin { phase, .. } => self.half.as_ref().map_or(0, |half| half.thin.rows(phase)),
            Operation::Paint => self.bounds.height as usize,
        }
    }

    /// Runs the next row of an operation and returns its visits.
    fn run_row(&mut self, operation: Operation, source: Source) -> usize {
        match operation {
            Operation::Scan => self.scan(source),
            Operation::Halve(level) => self.halve(level),
            Operation::Load => self.load(source),
            Operation::Average(level) => self.average(level),
            Operation::Interpolate(level) => self.prolong::<false>(level),
            Operation::Correct(level) => self.prolong::<true>(level),
            Operation::Relax { level, sweeps } => self.relax(level, sweeps),
            Operation::Clear(level) => self.clear(level),
            Operation::Restrict(level) => self.restrict(level),
            Operation::Check => 0,
            Operation::Thin { level, phase } => self.thin(level, phase),
            Operation::Paint => self.paint(source),
        }
    }

    /// What follows the last row of an operation: the program is written as the levels appear.
    fn finish(&mut self, operation: Operation, source: Source) -> Result<Option<Event>> {
        match operation {
            Operation::Scan => self.add_level(),
            Operation::Halve(level) => {
                if self.levels[level + 1].unknown.is_empty() {
                    self.write_program();
                } else {
                    self.add_level();
                }
            }
            Operation::Load => self.levels[0].values.close(),
            Operation::Average(level) => self.levels[level + 1].values.close(),
            Operation::Clear(level) => {
                let is_taken = level == 1 && self.half.is_some();
                let level = &mut self.levels[level];
                level.forces.close();
                if is_taken {
                    level.values.close();
                }
            }
            Operation::Thin { level: 0, phase: Phase::Seed } => {
                let is_wanted = self.thin.as_ref().is_some_and(Thin::has_edges);
                self.seen = self.half.take().filter(|_| is_wanted).map(Half::into_cells);
            }
            Operation::Thin { level, phase: Phase::Up } if level == self.base => self.write_rest(),
            Operation::Check => self.check(source),
            Operation::Paint => return self.painted(source).map(Some),
            _ => {}
        }
        Ok(None)
    }

    fn add_level(&mut self) {
        let level = self.levels.len() - 1;
        let coarser = self.levels[level].coarser();
        self.levels.push(coarser);
        self.program.push(Operation::Halve(level));
    }

    /// The values, the guess, and what finds out what is wide, or else the cycles.
    fn write_program(&mut self) {
        let is_harmonic = self.thin.is_none() && self.half.is_none();
        self.near.surround(if is_harmonic { 1 } else { thin::RINGS }, &self.levels);
        let Level { width, height, .. } = self.levels[0];
        let mut kept = Arc::new(self.near.kept(width, height));
        for level in &mut self.levels {
            level.values = Grid::new(&kept);
            kept = Arc::new(kept.coarser());
        }
        // The last level has no unknown cell.
        let coarsest = self.levels.len() - 2;
        let program = &mut self.program;
        program.push(Operation::Load);
        program.extend((0..=coarsest).map(Operation::Average));
        // What has unknown cells at full size alone is but a pixel or two wide.
        let is_fast = self.thin.is_none() && self.half.is_some() && coarsest > 0;
        self.base = usize::from(is_fast);
        let finest = usize::from(is_fast || !self.accuracy.guessed);
        program::guess(program, finest..=coarsest);
        if finest > 0 && (self.show_guess || !is_fast) {
            program.push(Operation::Interpolate(0));
        }
        if self.show_guess {
            program.push(Operation::Paint);
        }
        if self.thin.is_none() && !is_fast {
            self.write_cycle();
            self.program.push(Operation::Paint);
        } else {
            program.extend(Phase::SEEKING.map(|phase| Operation::Thin { level: self.base, phase }));
        }
    }

    /// One cycle, which `check` repeats.
    fn write_cycle(&mut self) {
        let (program, base, coarsest) = (&mut self.program, self.base, self.levels.len() - 2);
        program.extend((base + 1..=coarsest).map(Operation::Clear));
        self.cycle_start = program.len();
        program::cycle(program, base, coarsest);
        program.push(Operation::Check);
    }

    /// The rest, when it is known what is wide: that alone has to be harmonic.
    fn write_rest(&mut self) {
        let stage = self.thin.as_ref().or(self.half.as_ref().map(|half| &half.thin));
        if stage.is_some_and(Thin::has_core) {
            self.write_cycle();
        }
        let program = &mut self.program;
        let phases = |level: usize, phases: &'static [Phase]| {
            phases.iter().map(move |phase| Operation::Thin { level, phase: *phase })
        };
        if self.base > 0 {
            program.extend(phases(1, &Phase::CUTTING).chain(phases(1, &[Phase::Fill, Phase::Restore])));
            program.extend([Operation::Interpolate(0), Operation::Relax { level: 0, sweeps: FAST_SWEEPS }]);
        } else {
            program.extend(phases(1, &Phase::SEEKING).chain(phases(1, &Phase::CUTTING)));
            program.extend(phases(1, &[Phase::Fill]));
            program.extend(phases(0, &Phase::CUTTING).chain(phases(0, &Phase::FILLING)));
        }
        program.push(Operation::Paint);
    }

    fn check(&mut self, source: Source) {
        self.cycles += 1;
        let unit = samples::full(source.picture) / 255.0;
        let below = |values: Cell, tolerance: f32| values.iter().all(|value| *value <= tolerance * unit);
        let settled = below(self.correction, self.accuracy.correction) && below(self.change, self.accuracy.change);
        if !settled && self.cycles < self.accuracy.cycles {
            self.at = self.cycle_start;
        }
        self.correction = [0.0; 4];
        self.change = [0.0; 4];
    }

    /// Once solved: the runs of wide cells between two columns of row `y`.
    pub(super) fn wide_runs(&self, y: usize, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.thin.iter().flat_map(move |thin| thin.wide_runs(y, start, end))
    }

    /// Once solved and collected: edges of wide parts at half the size of the picture, if there are any; `scale` is that
    /// of what was solved.
    pub(super) fn take_edges(&mut self, Scale { pixels, area }: Scale) -> Option<Edges> {
        let thin = self.thin.as_mut().filter(|thin| thin.has_edges())?;
        let (values, far) = match self.seen.take() {
            Some(cells) => cells,
            None => (std::mem::take(&mut self.levels.first_mut()?.values), thin.take_distances()),
        };
        let [x, y, width, height] = [self.area.x, self.area.y, self.area.width, self.area.height].map(|v| v * pixels);
        let area = Rectangle { x: area.x + x, y: area.y + y, width, height };
        Some(Edges { scale: Scale { pixels: edges::CELL, area }, values, far })
    }

    /// Once solved: whether there are wide cells.
    pub(super) fn has_core(&self) -> bool {
        self.thin.as_ref().is_some_and(Thin::has_core)
    }

    fn painted(&mut self, source: Source) -> Result<Event> {
        // Their memory makes room for what follows.
        if self.at == self.program.len() {
            self.levels.truncate(1);
        }
        let canvas = self.canvas.take().unwrap_or_else(|| Canvas::new(source.picture, self.bounds));
        let patch = canvas.into_patch(source.picture, self.bounds)?;
        Ok(if self.at < self.program.len() { Event::Guess(patch) } else { Event::Solved(patch) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::picture::Samples;

    /// Edges, a slope and noise, from integers.
    fn picture(size: Size) -> Picture {
        let sample = |i: u64| {
            let (x, y) = (i % u64::from(size.width()), i / u64::from(size.width()));
            let noise = (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as u8;
            noise + (x * 90 / 1024) as u8 + if (x / 97 + y / 61) % 2 == 0 { 100 } else { 0 }
        };
        let samples = Samples::U8((0..size.area()).map(sample).collect());
        Picture::from_samples(size, 1, samples).expect("fits")
    }

    fn solve(source: Source, accuracy: Accuracy) -> Solver {
        let bounds = source.mask.bounds().expect("marked");
        let solver = Solver::new(source, bounds, Quality::Fast, false).expect("a size");
        let mut solver = Solver { accuracy, half: None, ..solver };
        let event = solver.advance(source, u64::MAX).expect("fits");
        assert!(matches!(event, Event::Solved(_)));
        solver
    }

    fn greatest_difference(a: &Solver, b: &Solver) -> f32 {
        let level = &a.levels[0];
        let rows = (0..level.height).flat_map(|y| level.unknown.row(y).map(move |run| (y, run.0..run.1)));
        let cells = |solver: &'_ Solver, (y, run)| solver.levels[0].values.get(y, run).expect("kept").to_vec();
        rows.flat_map(|run| cells(a, run.clone()).into_iter().zip(cells(b, run)))
            .map(|(a, b)| (a[0] - b[0]).abs())
            .fold(0.0, f32::max)
    }

    /// A hole of 600 × 400, one in a corner, 40 strokes of 2 to 15 pixels, single known pixels.
    fn masks(size: Size) -> [(&'static str, Mask); 4] {
        let hole = |x, y| Mask::from_rectangles(size, &[Rectangle { x, y, width: 601, height: 403 }]);
        let mut strokes = Mask::new(size);
        for (i, y) in (0..40).flat_map(|i| (0..1024).map(move |y| (i, y))) {
            let x = (i * 27 + y * (i % 5) / 3) % 1000;
            strokes.fill_span(y, x, x + 2 + i % 14, true);
        }
        let known = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40 & 127 == 0;
        let values: Vec<u8> = (0..size.area()).map(|i| u8::from(!known(i)) * 255).collect();
        let scattered = Mask::from_values(size, values.into_iter(), 128).expect("one value a pixel");
        [("hole", hole(213, 301)), ("corner", hole(0, 0)), ("strokes", strokes), ("scattered", scattered)]
    }

    /// What a fast fill differs from the harmonic one by at most, 40 pixels from what is known; and the squared errors of
    /// both, all over.
    fn fast_and_harmonic(size: Size, mask: &Mask) -> (f32, [f32; 2]) {
        let picture = picture(size);
        let source = Source { picture: &picture, mask, scale: 1, edge: 0, guide: None, allowed: None };
        let harmonic = solve(source, ACCURACY);
        let mut fast = Solver::new(source, mask.bounds().expect("marked"), Quality::Fast, false).expect("a size");
        assert!(matches!(fast.advance(source, u64::MAX), Ok(Event::Solved(_))));
        let Samples::U8(truth) = picture.samples() else { panic!("8 bits") };
        let (mut worst, mut errors) = (0.0f32, [0.0; 2]);
        for y in 0..size.height() {
            for x in mask.runs(y).flat_map(|(start, end)| start..end) {
                let values = [&fast, &harmonic].map(|solver| {
                    let [left, top] = [x - solver.area.x, y - solver.area.y].map(|v| v as usize);
                    solver.levels[0].values.cell(top, left)[0]
                });
                let around = Rectangle { x, y, width: 1, height: 1 }.grown(40, size);
                if [around.y, y, around.y + around.height - 1]
                    .iter()
                    .all(|y| mask.runs_inside(*y, around).eq([(0, 81)]))
                {
                    worst = worst.max((values[0] - values[1]).abs());
                }
                let wanted = f32::from(truth[(y * size.width() + x) as usize]);
                errors.iter_mut().zip(values).for_each(|(sum, value)| *sum += (value - wanted).powi(2));
            }
        }
        (worst, errors)
    }

    #[test]
    fn a_fast_fill_is_harmonic_where_it_is_wide_and_nearer_in_strokes() {
        let size = Size::new(1024, 1024).expect("a size");
        let [hole, _, strokes, _] = masks(size);
        let (worst, _) = fast_and_harmonic(size, &hole.1);
        println!("hole: {worst} levels");
        assert!(worst < 1.0, "{worst} levels");
        let (_, [fast, harmonic]) = fast_and_harmonic(size, &strokes.1);
        println!("strokes: {}", fast / harmonic);
        assert!(fast < 0.9 * harmonic, "{fast} by {harmonic}");
    }

    #[test]
    fn the_error_is_too_small_to_be_seen() {
        let size = Size::new(1024, 1024).expect("a size");
        let picture = picture(size);
        for (name, mask) in &masks(size) {
            let source = Source { picture: &picture, mask, scale: 1, edge: 0, guide: None, allowed: None };
            let solved = solve(source, ACCURACY);
            let exact = solve(source, Accuracy { correction: -1.0, change: -1.0, cycles: 25, guessed: true });
            let error = greatest_difference(&solved, &exact);
            let (cycles, visits) = (solved.cycles, solved.visits / mask.count());
            println!("{name}: {cycles} cycles, {visits} visits a pixel, {error} levels");
            // The contrast at the border is as hard as it gets; in photographs it is a tenth.
            assert!(error < 0.25, "{name}: {error} levels after {cycles} cycles");
            assert!(cycles < ACCURACY.cycles, "{name} did not settle");
        }
    }
}
