//! The solver's passes, each a row at a time. They answer visits.

use super::grid::{Cell, Grid, Kept, Line};
use super::kernel::{self, greater};
use super::level::{Level, clipped};
use super::samples::{self, Canvas};
use super::solver::{Solver, Source};
use super::thin::Phase;
use super::wide::{Guide, WANTED};
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;

/// What reading a cell costs, in visits: its memory is fetched for the first time.
const READ_VISITS: usize = 3;
/// What beginning a run costs, in visits.
const RUN_VISITS: usize = 2;
/// Cells of a row that are cleared in the time of a visit.
const CLEARED: usize = 4;

impl Solver {
    pub(super) fn scan(&mut self, Source { mask, guide, .. }: Source) -> usize {
        let level = &mut self.levels[0];
        // What another fills around a guided box is as it is.
        let solved = if guide.is_some() { self.bounds } else { self.area };
        let y = self.area.y + self.row as u32;
        let left = (solved.x - self.area.x) as usize;
        let rows = solved.y..solved.y + solved.height;
        let runs = rows.contains(&y).then(|| mask.runs_inside(y, solved)).into_iter().flatten();
        level.unknown.push_row(runs.map(|(start, end)| (left + start, left + end)));
        self.near.add_row(self.row, &level.unknown);
        RUN_VISITS * level.unknown.row(self.row).count()
    }

    pub(super) fn halve(&mut self, level: usize) -> usize {
        let (below, above) = pair(&mut self.levels, level);
        above.unknown.push_coarse_row(&below.unknown, self.row, below.width, below.height);
        RUN_VISITS * below.unknown.row(2 * self.row).count()
    }

    pub(super) fn load(&mut self, Source { picture, mask, guide, .. }: Source) -> usize {
        let (x, y) = (self.area.x, self.area.y + self.row as u32);
        let level = &mut self.levels[0];
        let mut visits = level.values.push_row() / CLEARED;
        level.segments.push_row(level.values.kept(), &level.unknown, self.row);
        for (start, cells) in level.values.runs_mut(self.row) {
            samples::read(picture, x + start as u32, y, cells);
            if let Some(guide) = guide {
                guide.subtract(self.row, start, cells);
            }
            visits += READ_VISITS * cells.len();
            let (mut known, last) = (0, start + cells.len());
            for (first, end) in clipped(mask.runs_inside(y, self.area), start, last).chain([(last, last)]) {
                if let Some(guide) = guide {
                    let sums = guide.misfit(self.row, start + known, &cells[known..first - start]);
                    self.misfit.iter_mut().zip(sums).for_each(|(sum, part)| *sum += part);
                }
                cells[first - start..end - start].fill([0.0; 4]);
                known = end - start;
                visits += RUN_VISITS;
            }
        }
        visits
    }

    pub(super) fn average(&mut self, level: usize) -> usize {
        let (below, above) = pair(&mut self.levels, level);
        let y = self.row;
        below.count_known(y, &mut self.counts);
        let [mut upper, mut lower] = [2 * y, 2 * y + 1].map(|y| below.values.line(y));
        let mut visits = above.values.push_row() / CLEARED;
        above.segments.push_row(above.values.kept(), &above.unknown, y);
        visits += READ_VISITS * RUN_VISITS * below.unknown.row(2 * y).count();
        for (start, cells) in above.values.runs_mut(y) {
            let end = start + cells.len();
            let children = (2 * start, (2 * end).min(below.width));
            let counts = &self.counts[start..end];
            kernel::average(upper.around(children), lower.around(children), counts, cells);
            visits += READ_VISITS * cells.len();
        }
        visits
    }

    pub(super) fn prolong<const ADD: bool>(&mut self, level: usize) -> usize {
        let (below, above) = pair(&mut self.levels, level);
        let y = self.row;
        let near = y / 2;
        let far = if y & 1 == 1 { (near + 1).min(above.height - 1) } else { near.saturating_sub(1) };
        let [mut near, mut far] = [near, far].map(|y| above.values.line(y));
        let mut line = below.values.line_mut(y);
        let mut visits = 0;
        for run in below.unknown.row(y) {
            let parents = (run.0 / 2, run.1.div_ceil(2));
            let edges = [parents.0 == 0, parents.1 == above.width];
            let parents = (near.around(parents), far.around(parents), edges);
            let row = line.run(run);
            let worst = kernel::prolong::<ADD>(parents, row, run.0);
            if ADD && level == self.base {
                self.correction = greater(self.correction, worst);
            }
            visits += RUN_VISITS + run.1 - run.0;
        }
        visits
    }

    /// Row t of a wave: half-sweep h of 2 × sweeps works on row t − h, when its neighbours have
    /// just seen half-sweep h − 1. All sweeps cost one walk through memory.
    pub(super) fn relax(&mut self, level: usize, sweeps: usize) -> usize {
        let last = 2 * sweeps - 1;
        let first = self.row.saturating_sub(self.levels[level].height - 1);
        let mut visits = 0;
        for half in first..=last.min(self.row) {
            let y = self.row - half;
            let parity = (y + half) & 1;
            if level == self.base && half == last {
                visits += relax_row::<true, false>(&mut self.levels[level], y, parity, &mut self.change);
            } else if self.levels[level].forces.is_empty() {
                visits += relax_row::<false, false>(&mut self.levels[level], y, parity, &mut self.change);
            } else {
                visits += relax_row::<false, true>(&mut self.levels[level], y, parity, &mut self.change);
            }
        }
        visits
    }

    pub(super) fn clear(&mut self, level: usize) -> usize {
        let half = self.half.as_mut().filter(|_| level == 1);
        let level = &mut self.levels[level];
        if self.row == 0 {
            level.forces = Grid::new(level.values.kept());
        }
        level.forces.push_row();
        let Some(half) = half else { return level.values.clear_row(self.row) };
        if self.row == 0 {
            half.take(&mut level.values);
        }
        level.values.push_row()
    }

    pub(super) fn restrict(&mut self, level: usize) -> usize {
        let (below, above) = pair(&mut self.levels, level);
        let y = self.row;
        let exists = 2 * y + 1 < below.height;
        let rows = [2 * y, 2 * y + usize::from(exists)];
        let mut rows = rows.map(|y| Residuals::new(below, y));
        let (mut forces, mut values) = (above.forces.line_mut(y), above.values.line_mut(y));
        let mut visits = 0;
        for run in above.unknown.row(y) {
            let children = (2 * run.0, (2 * run.1).min(below.width));
            let edges = [children.0 == 0, children.1 == below.width];
            let [upper, lower] = rows.each_mut().map(|rows| rows.around(children));
            let forces = forces.run(run);
            kernel::restrict(upper, exists.then_some(lower), edges, forces);
            values.run(run).fill([0.0; 4]);
            visits += RUN_VISITS + 2 * (run.1 - run.0);
        }
        visits
    }

    pub(super) fn thin(&mut self, level: usize, phase: Phase) -> usize {
        let Level { values, unknown, .. } = &mut self.levels[level];
        match (&mut self.thin, &mut self.half) {
            (None, Some(half)) => half.thin.run_row(phase, self.row, values, unknown),
            (_, Some(half)) if level == 1 => half.run_row(phase, self.row, values, unknown),
            (Some(thin), Some(half)) if phase == Phase::Seed => thin.seed(self.row, values, unknown, half),
            (Some(thin), _) => thin.run_row(phase, self.row, values, unknown),
            _ => 0,
        }
    }

    /// A guide of a box and `ring` cells around it, without rows.
    pub(super) fn guide(&self, inner: Rectangle, ring: u32, size: Size) -> Guide {
        let area = inner.grown(ring, size);
        let [left, top] = [area.x - self.area.x, area.y - self.area.y].map(|v| v as usize);
        let [width, height] = [area.width, area.height].map(|v| v as usize);
        let kept = Kept::new(width, height, &mut |y, keep| {
            let runs = self.levels[0].values.kept().row(top + y);
            clipped(runs, left, left + width).for_each(|(start, end)| keep((start - left, end - left)));
        });
        Guide::new(inner, area, kept)
    }

    /// Hands its next row to a guide: the values, and which of those in the mask are wide. Whether there was one.
    pub(super) fn guide_row(&self, mask: &Mask, guide: &mut Guide) -> bool {
        if guide.is_full() {
            return false;
        }
        let [left, top] = [guide.area.x - self.area.x, guide.area.y - self.area.y];
        let [left, top] = [left, top].map(|v| v as usize);
        let level = &self.levels[0];
        let y = top + guide.rows();
        guide.push_silent_row();
        let row = guide.rows() - 1;
        let mut line = level.values.line(y);
        for (start, cells) in guide.values.runs_mut(row) {
            cells.copy_from_slice(line.run((left + start, left + start + cells.len())));
        }
        let area = guide.area;
        let said = guide.said_mut(row);
        for (start, end) in mask.runs_inside(area.y + row as u32, area) {
            let runs = self.wide_runs(y, left + start, left + end);
            runs.for_each(|(start, end)| said[start - left..end - left].fill(WANTED));
        }
        true
    }

    pub(super) fn paint(&mut self, source: Source) -> usize {
        let canvas = self.canvas.get_or_insert_with(|| Canvas::new(source.picture, self.bounds));
        // What lies around is left out: nothing of this box is marked there.
        let [left, top] = [self.bounds.x - self.area.x, self.bounds.y - self.area.y].map(|v| v as usize);
        let y = top + self.row;
        let width = self.bounds.width as usize;
        let Level { values, unknown, .. } = &mut self.levels[0];
        if let Some(guide) = source.guide {
            let (mut line, mut guided) = (values.line_mut(y), guide.values.line(y));
            for run in unknown.row(y) {
                guide.add(&mut guided, run, line.run(run));
            }
        }
        // A cut box may have its ends inside a run.
        let mut line = values.line(y);
        let mut runs = clipped(unknown.row(y), left, left + width).map(|run| (run.0 - left, line.run(run)));
        canvas.push_row(width, &mut runs);
        width
    }
}

/// A row of a level with those beside it, and what residuals need to know of it.
struct Residuals<'a> {
    lines: [Line<'a>; 3],
    forces: Option<Line<'a>>,
    vertical: usize,
}

impl<'a> Residuals<'a> {
    fn new(level: &'a Level, y: usize) -> Self {
        let forces = (!level.forces.is_empty()).then(|| level.forces.line(y));
        Self { lines: level.values.lines(y), forces, vertical: level.vertical_neighbours(y) }
    }

    /// What there is around a run.
    fn around(&mut self, run: (usize, usize)) -> kernel::Around<'a> {
        let rows = self.lines.each_mut().map(|line| line.around(run));
        let forces = self.forces.as_mut().map_or(&[][..], |line| line.around(run));
        kernel::Around { rows, forces, vertical: self.vertical }
    }
}

/// Relaxes every second cell of row `y`; the visits. By itself, as registers are few: runs of strokes are short.
#[inline(never)]
fn relax_row<const TRACK: bool, const FORCED: bool>(
    level: &mut Level,
    y: usize,
    parity: usize,
    worst: &mut Cell,
) -> usize {
    let vertical = level.vertical_neighbours(y);
    let Level { width, values, forces, unknown, segments, .. } = level;
    let mut visits = 0;
    for segment in segments.row(y) {
        let forces = if FORCED { forces.segment(segment) } else { &[] };
        let (row, beside) = values.segment_mut(segment);
        let start = usize::from(segment.start);
        for run in unknown.between(segment.runs) {
            let edges = [run.0 == 0, run.1 == *width];
            let first = run.0 + ((run.0 ^ parity) & 1);
            kernel::relax::<TRACK, FORCED>(row, beside, forces, (first - start, run.1 - start), edges, vertical, worst);
            visits += RUN_VISITS + (run.1 - run.0) / 2;
        }
    }
    visits
}

/// A level and the one above it.
fn pair(levels: &mut [Level], level: usize) -> (&mut Level, &mut Level) {
    let (below, above) = levels.split_at_mut(level + 1);
    (&mut below[level], &mut above[0])
}
