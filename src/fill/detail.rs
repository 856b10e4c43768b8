//! The detail of strokes that are filled at a smaller scale: enlarged, what mixtures say is smooth. Block by block, pixels come
//! from a place near by that is known, and their coarse part from the mixtures.
//!
//! **Method.** Blocks of 8 × 8 pixels from above to below, each with the pixels from where it fits best what is known
//! around it or done already, in the picture, and what the mixtures say, in cells; among places by chance and those where the
//! neighbours' places go on (Ashikhmin, *Synthesizing natural textures*, I3D 2001, §3; overlaps as in Efros & Freeman, *Image
//! quilting*, SIGGRAPH 2001, §2). By what the cells there differ from the mixtures', interpolated, the pixels are
//! corrected: by all of that beside what is known, where mixtures are right; deep inside by its mean around a cell, as
//! there mixtures are means, which lack not the finest part of the picture alone.

use wide::f32x4;

use super::distance::{Chamfer, ramp, runs_where};
use super::grid::Cell;
use super::reduce::{LARGEST, Reduced, Scale};
use super::samples;
use super::solver::Source;
use super::wide::{Chance, Guide, SAID, WANTED};
use crate::geometry::Rectangle;

/// Pixels of a cell's side, of a block's, and of the rim around it that is looked at.
pub(super) const CELL: u32 = LARGEST;
const BLOCK: usize = 8;
const RIM: usize = 2;
/// Pixels of the side of what is looked at, in every second row: all rows gain 0.03 dB for a quarter more time.
const SIDE: usize = BLOCK + 2 * RIM;
const STEP: u32 = 2;
const ROWS: usize = SIDE / STEP as usize;
/// The cells that hold them, along a side.
const CELLS: usize = BLOCK / CELL as usize + 2;

/// Places that are looked at by chance, how far away they may be, in cells, and how many of them are compared in pixels.
const PLACES: usize = 24;
const AWAY: usize = 24;
const COMPARED: usize = 2;
/// Cells around a box that are looked at: two more than a block has, for its means.
pub(super) const REACH: u32 = (AWAY + CELLS) as u32;

/// What a difference between cells costs, where one between pixels costs 1, and the mean of a block's.
const COARSE: f32 = 2.0;
const MEAN: f32 = 0.25;

/// Cells on each side that a mean is of; and so many cells from what is known all differences count, and their means alone.
const RADIUS: usize = 2;
const DEEP: [f32; 2] = [1.0, 4.0];

/// In patterns places miss at most so much of how what is known around a block varies (bricks 0.00 to 0.05), of at least so many
/// pixels that vary by so much, in squares of 255ths; and if this is so at half of the blocks, which are not fewer than that,
/// it is one. (Measured: at 0.6 to all of them there, at 0.00 to 0.18 of them on photographs.)
const MISFIT: f32 = 0.1;
const FEWEST: f32 = 20.0;
const VARIED: f32 = 400.0;
const FEWEST_BLOCKS: u32 = 6;

/// What a block costs, and a cell that is prepared, in visits.
const BLOCK_VISITS: usize = 1500;
const CELL_VISITS: usize = 8;

/// What a cell is: known as a whole,
const KNOWN: u8 = 0;
/// filled by patches, which have their detail,
const PATCHED: u8 = 1;
/// or anything else.
const OTHER: u8 = 2;

/// From a cell to the one that it is taken from.
type Offset = [i32; 2];

/// What a block is to be like.
struct Goal {
    /// Its pixels and those around it, and 1 where they are known or done, else 0.
    pixels: [[f32x4; SIDE]; ROWS],
    sure: [[f32; SIDE]; ROWS],
    /// Likewise those that are known; how many there are of both, and how much these vary.
    known: [[f32; SIDE]; ROWS],
    counts: [f32; 2],
    variance: f32,
    /// Whether that is enough to tell of a pattern.
    tells: bool,
    /// Its cells and those around them, and the means there,
    cells: [[f32x4; CELLS]; CELLS],
    means: [[f32x4; CELLS]; CELLS],
    /// and how much these count.
    weights: [[f32; CELLS]; CELLS],
}

/// A place that may be taken.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: Offset,
    cost: f32,
    /// What cells of the goal differ by, as a mean.
    mean: f32x4,
}

/// The stage for one box.
#[derive(Debug)]
pub(super) struct Detail {
    reduced: Reduced,
    guide: Guide,
    /// The cells that are looked at, and where they are in the picture.
    cells: Rectangle,
    scale: Scale,
    /// Their columns and rows.
    width: usize,
    height: usize,
    /// A 255th of the full range.
    unit: f32,
    /// The lane of alpha, if there is one, and its full range.
    alpha: Option<(usize, f32)>,
    /// Row by row what the cells are, whether patches filled some, their values and the means around them.
    kinds: Vec<u8>,
    has_patches: bool,
    values: Vec<Cell>,
    means: Vec<Cell>,
    far: Chamfer,
    /// The row that is next.
    row: usize,
    /// Where the blocks of the row above are taken from, and those of this one.
    above: Vec<Option<Offset>>,
    beside: Vec<Option<Offset>>,
    /// How many blocks could tell of a pattern, how many found a place that fits, and the last one.
    asked: u32,
    fitting: u32,
    fits: Option<Offset>,
    chance: Chance,
}

impl Detail {
    /// For what a guide of cells says of a reduced box.
    pub(super) fn new(reduced: Reduced, guide: Guide, seed: u32) -> Self {
        let Source { mask, picture, .. } = reduced.source();
        let (channels, full) = (usize::from(picture.channels()), samples::full(picture));
        let cells = guide.inner.grown(REACH, mask.size());
        let pixels = reduced.scale.pixels_of(cells);
        let area = pixels.intersection(reduced.scale.area).unwrap_or(pixels);
        let alpha = channels.is_multiple_of(2).then_some((channels - 1, full));
        let [width, height] = [cells.width, cells.height].map(|v| v as usize);
        let blocks = vec![None; (width * CELL as usize).div_ceil(BLOCK)];
        Self {
            reduced,
            guide,
            cells,
            scale: Scale { pixels: CELL, area },
            width,
            height,
            unit: full / 255.0,
            alpha,
            kinds: Vec::new(),
            has_patches: false,
            values: Vec::new(),
            means: Vec::new(),
            far: Chamfer::new(width, height),
            row: 0,
            above: blocks.clone(),
            beside: blocks,
            asked: 0,
            fitting: 0,
            fits: None,
            chance: Chance::new(seed),
        }
    }

    /// Whether all rows are done.
    pub(super) fn is_done(&self) -> bool {
        self.row == 3 * self.height + self.height.div_ceil(BLOCK / CELL as usize)
    }

    /// Once all rows are done: whether the surroundings are a pattern, which patches go on with and mixtures do not.
    pub(super) fn is_pattern(&self) -> bool {
        self.asked >= FEWEST_BLOCKS && 2 * self.fitting >= self.asked
    }

    /// Runs the next row: cells are read, distances found, means taken, blocks put in place. Answers the visits.
    pub(super) fn run_row(&mut self, source: Source, fine: &mut Guide) -> u64 {
        let (step, row) = (self.row / self.height, self.row % self.height);
        let visits = match step {
            0 => self.read(row, fine),
            1 => self.finish_distances(self.height - 1 - row),
            2 => self.take_means(row),
            _ => self.put(self.row - 3 * self.height, source, fine),
        };
        self.row += 1;
        visits as u64
    }

    /// Reads a row of cells.
    fn read(&mut self, row: usize, fine: &Guide) -> usize {
        let Self { reduced, guide, cells, scale, width, kinds, has_patches, values, far, alpha, .. } = self;
        let (small, y, start) = (reduced.source(), cells.y + row as u32, values.len());
        values.resize(start + *width, [0.0; 4]);
        kinds.resize(start + *width, KNOWN);
        let (values, kinds) = (&mut values[start..], &mut kinds[start..]);
        samples::read(small.picture, cells.x, y, values);
        small.mask.runs_inside(y, *cells).for_each(|(first, end)| kinds[first..end].fill(OTHER));
        // The last cell of a picture may be a part of one.
        if (row as u32 + 1) * CELL > scale.area.height {
            kinds.fill(OTHER);
        } else if *width as u32 * CELL > scale.area.width {
            kinds[*width - 1] = OTHER;
        }
        if let Some((lane, full)) = *alpha {
            let clear = values.iter().zip(&mut *kinds).filter(|(cell, _)| cell[lane] < full);
            clear.for_each(|(_, kind)| *kind = OTHER);
        }
        far.push_row(small.mask.runs_inside(y, *cells));
        // What is said is inside.
        let left = (guide.area.x - cells.x) as usize;
        if let Some((mut line, said)) = guide.line(y) {
            for (first, end) in guide.values.kept().row((y - guide.area.y) as usize) {
                values[left + first..left + end].copy_from_slice(line.run((first, end)));
            }
            for x in runs_where(said, |said| said == WANTED).flat_map(|(first, end)| left + first..left + end) {
                (kinds[x], *has_patches) = (PATCHED, true);
                let cell = Rectangle { x: x as u32, y: row as u32, width: 1, height: 1 };
                if let Some(mean) = mean_of(fine, scale.pixels_of(cell)) {
                    values[x] = mean;
                }
            }
        }
        CELL_VISITS * *width
    }

    fn finish_distances(&mut self, row: usize) -> usize {
        let runs = self.reduced.source().mask.runs_inside(self.cells.y + row as u32, self.cells);
        self.far.finish_row(row, runs);
        2 * self.width
    }

    /// Takes the means of a row of cells.
    fn take_means(&mut self, row: usize) -> usize {
        let rows = row.saturating_sub(RADIUS)..(row + RADIUS + 1).min(self.height);
        // Sums of columns, beyond the ends none.
        let (mut sums, share) = (vec![[0.0; 4]; self.width + 2 * RADIUS], 1.0 / rows.len() as f32);
        for y in rows {
            let cells = &self.values[y * self.width..][..self.width];
            sums[RADIUS..].iter_mut().zip(cells).for_each(|(sum, cell)| add(sum, cell));
        }
        self.means.extend(sums.windows(2 * RADIUS + 1).enumerate().map(|(x, columns)| {
            let mut sum = [0.0; 4];
            columns.iter().for_each(|column| add(&mut sum, column));
            let count = (x + RADIUS + 1).min(self.width) - x.saturating_sub(RADIUS);
            sum.map(|sum| sum * (share / count as f32))
        }));
        CELL_VISITS * self.width
    }

    /// Puts a row of blocks in place.
    fn put(&mut self, row: usize, source: Source, fine: &mut Guide) -> usize {
        std::mem::swap(&mut self.above, &mut self.beside);
        self.beside.fill(None);
        let mut visits = 1;
        for column in 0..self.beside.len() {
            let cells = Rectangle { x: 2 * column as u32, y: 2 * row as u32, width: 2, height: 2 };
            let block = self.scale.pixels_of(cells);
            visits += 1;
            let Some(area) = block.intersection(fine.area).filter(|area| self.is_wanted(cells, *area, fine)) else {
                continue;
            };
            visits += BLOCK_VISITS;
            let Some(goal) = self.goal(cells, block, source, fine) else { continue };
            let place = self.find(column, cells, block, &goal, source);
            self.beside[column] = place;
            if let Some(offset) = place {
                self.take(offset, &goal, cells, block, area, source, fine);
            }
        }
        visits
    }

    /// Whether something in a block is said, and not by patches alone.
    fn is_wanted(&self, cells: Rectangle, area: Rectangle, fine: &Guide) -> bool {
        let columns = (area.x - fine.area.x) as usize..(area.x - fine.area.x + area.width) as usize;
        let is_said = |y: u32| fine.line(y).is_some_and(|(_, said)| said[columns.clone()].contains(&SAID));
        let is_open = |[x, y]: [usize; 2]| self.kinds[y * self.width + x] != PATCHED;
        (area.y..area.y + area.height).any(is_said)
            && (0..4).any(|i| is_open(self.inside(cells, [i % 2, i / 2])))
    }

    /// A cell that is so far from the first of a block, or the last one that there is.
    fn inside(&self, cells: Rectangle, [x, y]: [usize; 2]) -> [usize; 2] {
        [(cells.x as usize + x).min(self.width - 1), (cells.y as usize + y).min(self.height - 1)]
    }

    /// What a block is to be like; nothing where alpha is less than full.
    fn goal(&self, cells: Rectangle, block: Rectangle, source: Source, fine: &Guide) -> Option<Goal> {
        let mut goal = Goal {
            pixels: [[f32x4::ZERO; SIDE]; ROWS],
            sure: [[0.0; SIDE]; ROWS],
            known: [[0.0; SIDE]; ROWS],
            counts: [0.0; 2],
            variance: 0.0,
            tells: false,
            cells: [[f32x4::ZERO; CELLS]; CELLS],
            means: [[f32x4::ZERO; CELLS]; CELLS],
            weights: [[0.0; CELLS]; CELLS],
        };
        let alpha = self.alpha;
        for j in 0..CELLS {
            for i in 0..CELLS {
                let [x, y] = [(cells.x as usize + i), (cells.y as usize + j)].map(|at| at.saturating_sub(1));
                let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
                let at = y * self.width + x;
                if alpha.is_some_and(|(lane, full)| self.values[at][lane] < full) {
                    return None;
                }
                (goal.cells[j][i], goal.means[j][i]) = (f32x4::new(self.values[at]), f32x4::new(self.means[at]));
                goal.weights[j][i] = ramp(Chamfer::pixels(self.far.row(y)[x]), DEEP);
            }
        }
        let size = source.picture.size();
        let (first, end) = (block.x.saturating_sub(RIM as u32), (block.x + (BLOCK + RIM) as u32).min(size.width()));
        let skipped = (first + RIM as u32 - block.x) as usize;
        let mut line = [[0.0; 4]; SIDE];
        for (row, y) in (0..ROWS).zip(rows_from(block.y)) {
            if y >= size.height() {
                continue;
            }
            let (pixels, sure) = (&mut goal.pixels[row][skipped..], &mut goal.sure[row]);
            let line = &mut line[..(end - first) as usize];
            samples::read(source.picture, first, y, line);
            pixels.iter_mut().zip(&*line).for_each(|(pixel, cell)| *pixel = f32x4::new(*cell));
            sure[skipped..skipped + line.len()].fill(1.0);
            for run in source.mask.runs_within(y, first, end) {
                sure[skipped..][(run.0 - first) as usize..(run.1 - first) as usize].fill(0.0);
            }
            goal.known[row] = *sure;
            let sure = &mut sure[skipped..];
            for run in source.mask.runs_within(y, first, end) {
                let done = match y.checked_sub(block.y) {
                    None => run.1,
                    Some(row) if row < BLOCK as u32 => block.x,
                    Some(_) => first,
                };
                let run = (run.0, if self.has_patches { run.1 } else { run.1.min(done) });
                let Some((start, cells, _)) = fine.run(y, run) else { continue };
                for (x, cell) in (start..).zip(cells) {
                    if x < done || self.is_patched([x, y]) {
                        let at = (x - first) as usize;
                        (pixels[at], sure[at]) = (f32x4::new(*cell), 1.0);
                    }
                }
            }
        }
        goal.counts = [&goal.sure, &goal.known].map(|mask| mask.iter().flatten().sum());
        let known = goal.pixels.iter().flatten().zip(goal.known.iter().flatten());
        let [sum, squares] = known.fold([f32x4::ZERO; 2], |[sum, squares], (pixel, known)| {
            [sum + *pixel * *known, squares + *pixel * *pixel * *known]
        });
        goal.variance = variance([sum, squares], goal.counts[1]);
        goal.tells = goal.counts[1] >= FEWEST && goal.variance >= VARIED * self.unit * self.unit;
        Some(goal)
    }

    /// Whether patches filled the cell of a pixel.
    fn is_patched(&self, [x, y]: [u32; 2]) -> bool {
        let area = self.scale.area;
        let kind = || self.kinds[((y - area.y) / CELL) as usize * self.width + ((x - area.x) / CELL) as usize];
        self.has_patches && kind() == PATCHED
    }

    /// The place that fits best, if there is one.
    fn find(&mut self, column: usize, cells: Rectangle, block: Rectangle, goal: &Goal, source: Source) -> Option<Offset> {
        let before = column.checked_sub(1);
        let beside = before.and_then(|column| self.beside[column]);
        let above = [before, Some(column), Some(column + 1)].map(|at| *self.above.get(at?)?);
        let near = [Some([0; 2]), beside, above[0], above[1], above[2], self.fits];
        let mut best: [Option<Place>; COMPARED] = [None; COMPARED];
        for _ in 0..PLACES {
            let offset = [(); 2].map(|()| self.chance.below(2 * AWAY + 1) as i32 - AWAY as i32);
            let mut place = self.place(offset, cells, goal);
            for slot in &mut best {
                if let Some(new) = place && slot.is_none_or(|old| new.cost < old.cost) {
                    place = slot.replace(new);
                }
            }
        }
        let is_new = |at: &usize| !near[..*at].contains(&near[*at]);
        let near: [Option<Place>; 6] =
            std::array::from_fn(|at| near[at].filter(|_| is_new(&at)).and_then(|offset| self.place(offset, cells, goal)));
        let (mut least, mut taken, mut fits) = (f32::MAX, None, None);
        for place in near.into_iter().chain(best).flatten() {
            let (cost, missed) = misfit(place, block, goal, source, least);
            if cost < least {
                (least, taken) = (cost, Some(place.offset));
            }
            if missed <= MISFIT * goal.variance {
                fits = Some(place.offset);
            }
        }
        // What is known as a whole fits as it is.
        if goal.tells && taken != Some([0; 2]) {
            self.asked += 1;
            self.fitting += u32::from(fits.is_some());
            self.fits = fits.or(self.fits);
        }
        taken
    }

    /// A place and what it costs by its cells, if all of them are known.
    fn place(&self, offset: Offset, cells: Rectangle, goal: &Goal) -> Option<Place> {
        let at = |first: u32, offset: i32, length: usize| {
            let at = usize::try_from(i64::from(first) + i64::from(offset) - 1).ok()?;
            (at + CELLS <= length).then_some(at)
        };
        let (x, y) = (at(cells.x, offset[0], self.width)?, at(cells.y, offset[1], self.height)?);
        let start = |j: usize| (y + j) * self.width + x;
        if (0..CELLS).any(|j| self.kinds[start(j)..][..CELLS] != [KNOWN; CELLS]) {
            return None;
        }
        let (mut sum, mut squares) = (f32x4::ZERO, f32x4::ZERO);
        for (j, goals) in goal.cells.iter().enumerate() {
            for (goal, cell) in goals.iter().zip(&self.values[start(j)..]) {
                let difference = *goal - f32x4::new(*cell);
                sum += difference;
                squares += difference * difference;
            }
        }
        let share = 1.0 / (CELLS * CELLS) as f32;
        let mean = sum * share;
        let cost = squares * share - mean * mean * (1.0 - MEAN);
        Some(Place { offset, cost: COARSE * colours(cost), mean })
    }

    /// Takes pixels from a place.
    fn take(&self, offset: Offset, goal: &Goal, cells: Rectangle, block: Rectangle, area: Rectangle, source: Source, fine: &mut Guide) {
        let corrections: [[f32x4; CELLS]; CELLS] = std::array::from_fn(|j| {
            std::array::from_fn(|i| {
                let column = (cells.x as usize + i).wrapping_add_signed(offset[0] as isize - 1);
                let row = (cells.y as usize + j).wrapping_add_signed(offset[1] as isize - 1);
                let at = row * self.width + column;
                let weight = goal.weights[j][i];
                (goal.means[j][i] - f32x4::new(self.means[at])) * weight
                    + (goal.cells[j][i] - f32x4::new(self.values[at])) * (1.0 - weight)
            })
        });
        let mut line = [[0.0; 4]; BLOCK];
        for y in area.y..area.y + area.height {
            let (row, part) = between((y - block.y) as usize);
            let corrections: [f32x4; CELLS] =
                std::array::from_fn(|i| corrections[row][i] + (corrections[row + 1][i] - corrections[row][i]) * part);
            let start = from([block.x, y], offset);
            samples::read(source.picture, start[0], start[1], &mut line);
            let columns = (area.x - fine.area.x) as usize..(area.x - fine.area.x + area.width) as usize;
            let row = (y - fine.area.y) as usize;
            let said = &fine.said[row * fine.area.width as usize..][columns.clone()];
            for (first, end) in runs_where(said, |said| said == SAID) {
                let Some(cells) = fine.values.get_mut(row, columns.start + first..columns.start + end) else { continue };
                for (x, cell) in (area.x + first as u32..).zip(cells) {
                    if !self.is_patched([x, y]) {
                        let at = (x - block.x) as usize;
                        let (column, part) = between(at);
                        let correction = corrections[column] + (corrections[column + 1] - corrections[column]) * part;
                        *cell = (f32x4::new(line[at]) + correction).to_array();
                    }
                }
            }
        }
    }
}

/// What a place costs in all, with its pixels where they are known or done, or more than `most`; and what it misses of
/// those that are known, if they tell.
fn misfit(place: Place, block: Rectangle, goal: &Goal, source: Source, most: f32) -> (f32, f32) {
    let [x, y] = from([block.x.wrapping_sub(RIM as u32), block.y], place.offset);
    let share = 1.0 / goal.counts[0].max(1.0);
    let (mut cost, mut known) = (place.cost, [f32x4::ZERO; 2]);
    let mut line = [[0.0; 4]; SIDE];
    for (row, y) in (0..ROWS).zip(rows_from(y)) {
        if cost >= most && !goal.tells {
            break;
        }
        if goal.sure[row] == [0.0; SIDE] {
            continue;
        }
        samples::read(source.picture, x, y, &mut line);
        let mut squares = f32x4::ZERO;
        for ((pixel, sure), cell) in goal.pixels[row].iter().zip(&goal.sure[row]).zip(&line) {
            let difference = *pixel - f32x4::new(*cell) - place.mean;
            squares += difference * difference * *sure;
        }
        cost += share * colours(squares);
        if goal.tells {
            for ((pixel, sure), cell) in goal.pixels[row].iter().zip(&goal.known[row]).zip(&line) {
                let difference = (*pixel - f32x4::new(*cell)) * *sure;
                known[0] += difference;
                known[1] += difference * difference;
            }
        }
    }
    (cost, if goal.tells { variance(known, goal.counts[1]) } else { f32::MAX })
}

/// The variance over colours, by a sum, that of squares and how many pixels there are.
fn variance([sum, squares]: [f32x4; 2], count: f32) -> f32 {
    let share = 1.0 / count.max(1.0);
    colours(squares * share - sum * sum * (share * share))
}

/// The rows of a block at `y` that are looked at; those above the picture are far below it.
fn rows_from(y: u32) -> impl Iterator<Item = u32> {
    (1..).step_by(STEP as usize).map(move |row: u32| y.wrapping_add(row).wrapping_sub(RIM as u32))
}

/// The cells that a pixel of a block is between, counted from the rim, and how far from the first of them to the second.
fn between(pixel: usize) -> (usize, f32) {
    let eighths = 2 * pixel + 1 + CELL as usize;
    (eighths / 8, (eighths % 8) as f32 / 8.0)
}

/// Where pixels are taken from.
fn from(pixel: [u32; 2], offset: Offset) -> [u32; 2] {
    [0, 1].map(|axis| pixel[axis].wrapping_add_signed(offset[axis] * CELL as i32))
}

fn add(sum: &mut Cell, cell: &Cell) {
    sum.iter_mut().zip(cell).for_each(|(sum, value)| *sum += value);
}

/// The sum over colours.
fn colours(cell: f32x4) -> f32 {
    let [red, green, blue, _] = cell.to_array();
    red + green + blue
}

/// The mean of what is said in some pixels, if something is.
fn mean_of(fine: &Guide, pixels: Rectangle) -> Option<Cell> {
    let (mut sum, mut count) = (f32x4::ZERO, 0.0);
    for y in pixels.y..pixels.y + pixels.height {
        for x in pixels.x..pixels.x + pixels.width {
            if let Some((_, [cell], _)) = fine.run(y, (x, x + 1)) {
                (sum, count) = (sum + f32x4::new(*cell), count + 1.0);
            }
        }
    }
    (count > 0.0).then(|| (sum * (1.0 / count)).to_array())
}
