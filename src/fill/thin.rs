//! The thin stage: which pixels take frequency-selective extrapolation, and in which order.
//!
//! A pixel is *wide* if it is within two half-widths of one that is farther than [`HALF_WIDTH`] from
//! everything known, so corners of a wide piece belong to it (an opening would leave them out).
//! Wide pixels keep their harmonic values until patches take their place (see `wide`): waves that are
//! extrapolated that far say nothing. All others are covered by blocks (see `cover`), which are filled from the
//! known side inwards, by their mean distance from it.
//! Then the squares of three grids are mixed from the patches like them, one grid after the other, now that
//! all their surroundings hold something (see `nonlocal`).
//!
//! **Two sizes.** Waves are extrapolated at half the size alone (level 1 of the solver: a cell is the mean of the known
//! ones of its pixels, and unknown only if all are), where they reach twice as far and there is a quarter of them; what
//! mixtures then make of it there is enlarged (see `cubic`), and is what those at full size begin with. Against waves
//! at full size, on the four photographs of the peers: text 24.99 → 25.25 dB and gmsd .1056 → .1017, stamps 26.69 →
//! 26.83 and .1142 → .1069, scribbles 23.15 → 23.87 and .1428 → .1281, in the same time. A third size loses on all;
//! waves at full size beside that, for what is up to two pixels from what is known, gain 0.07 dB at most and cost as
//! much as ever. What differs from the harmonic fill by less than a level stays harmonic. Without waves, mixtures of the harmonic
//! guess: text ±0, stamps −0.03 dB (of the four photographs −0.3), scribbles −0.04.
//!
//! A fast fill is the first size alone, and begins with the harmonic guess in place of waves: over OpenCV's Telea, on the
//! twelve new photographs, text +0.68 → +0.93 dB, stamps +1.15 → +1.69, scribbles +0.68 → +1.05 against the harmonic fill,
//! in the same time, as cycles at full size took more than mixtures do. Squares of 8, 6 and 4 gain 0.01 to 0.02 dB for a
//! sixth more, of 6 and 4 lose 0.03 on scribbles, of 6 alone 0.2; lines to what is known in eight directions, weighed by how
//! well their ends agree, in place of mixtures: half of the gain.
//!
//! Edges of wide parts (see `edges`) are as half the size has them.
//!
//! Rejected by measurement: a harmonic guess of small weight under the hole (−0.4 dB, worse the greater
//! the weight), a mix of both results (−0.3), clamping to the window's range (±0), averages of blocks that overlap
//! (+0.02), windows centred on the missing pixels (−0.1 to +0.03); before two mixtures, windows of 16 pixels (text −0.36,
//! stamps −0.7) or a period of 16 (−0.5, −1.3), 12 waves in place of 16 (text −0.08); cells of half the size that are
//! known by one pixel alone as doubtful ones (PSNR +0.02 to +0.08, gmsd +.0003); the mean of what is there at last and of
//! waves at full size, 4 to 1 (text +0.18, stamps +0.06, gmsd +.0012 and +.0007, for 1.7 times the time); after all, in place of
//! getting sharper, a network of four layers of 3 × 3 and 16 channels that saw the fill, the harmonic one and a fast one, learned on
//! 13 other photographs (text 0.0 dB, stamps −0.05, scribbles −0.1).
//!
//! Colours go as luma and two differences (YCoCg, exact in binary fractions), as luma holds most of
//! the energy: only luma takes waves. Those of chroma gained 0.17 dB on stamps, 0.02 to 0.04 elsewhere, for a tenth
//! of the time, as mixtures find it anyway. Alpha stays harmonic, and where it varies the colours do too:
//! waves of the one without the other would let the colour of clear pixels bleed.

use super::Quality;
use super::alike::SIDE;
use super::blocks::{Blocks, EDGE, FILLED, FLAT, KNOWN, NEAR, Place, SHARED, UNKNOWN, WIDE, Waves, widen};
use super::cover::Cover;
use super::cubic::Cubic;
use super::detail;
use super::distance::{Chamfer, ramp, runs_where};
use super::extrapolate::{BLOCK, MARGIN};
use super::grain::Grain;
use super::grid::{Cell, Grid};
use super::level::Spans;
use super::nonlocal::{NonLocal, Round, around};
use super::samples;
use super::solver::Source;
use super::wide;
use crate::geometry::Rectangle;

/// The known pixels that a block can see around its box.
pub(super) const REACH: u32 = 2 * MARGIN as u32;
/// Rings of tiles that hold what a block sees, and every second cell on the way from a wide one to the core.
pub(super) const RINGS: u32 = 2;

/// Half-width up to which damage is thin, in pixels: 16 gains 0.1 dB on text, 3.5 where that lies over clouds, and
/// patterns of bricks are not found again in blots of 25 to 30 pixels.
const HALF_WIDTH: u32 = 12;

/// Likewise, in cells of so many pixels' side. At a quarter of the size as many cells as pixels at full size: detail is
/// added to strokes there (see `detail`).
pub(super) const fn half_width(scale: u32) -> u32 {
    if scale == detail::CELL { HALF_WIDTH } else { HALF_WIDTH / scale }
}

/// The sides of the squares that mixtures of similar patches fill, round by round. What the last round says weighs most, and
/// small squares are nearest to what is known: on the twelve new photographs, against 8, 6, 4 at half the size and 8, 6, 5 at
/// full size, text +0.07 dB, stamps +0.08 and scribbles +0.06, ms +.001, in the same time (stamps of the four photographs of the peers
/// −0.07 dB and −.0018). 8, 5, 4 at full size: text +0.02 more, scribbles −0.04, for 3 % of the time; 8, 6, 5, 4: ±0.01 for a tenth; two rounds
/// there: −0.03 to −0.08. One is enough where detail is added (see `detail`), which takes the place of what they differ by.
const fn sides(quality: Quality, scale: u32, is_half: bool) -> &'static [usize] {
    match (quality, is_half) {
        (_, false) if scale == detail::CELL => &[6],
        (Quality::Best, _) => &[8, 7, 6, 5, 4],
        (_, true) => &[7, 4],
        (_, false) => &[8, 6, 4],
    }
}

/// By how much alpha may differ at both sizes, or beside a pixel, in 255ths of the full range, where colours are taken
/// over or get sharper.
const ALPHA: f32 = 0.25;

/// By how much a filled pixel's luma goes away from the mean around it, of what it differs by; so many pixels from what is
/// known it begins to, and all of that is reached.
const SHARPNESS: f32 = 1.0;
const SHARP: [f32; 2] = [0.0, 4.0];

/// How much of the way the last mixtures go: the mean of several is nearer to the picture, and smoother, which gets
/// sharper again after it.
const LAST: f32 = 0.6;

/// What a window of [`SHARED`] blocks costs, in visits.
const WINDOW_VISITS: u64 = 3500;
/// What a pixel costs that half the size says.
const SEED_VISITS: usize = 6;
/// What a mixture of patches costs, likewise.
const PATCH_VISITS: u64 = 1200;

/// The passes over the box, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Distances from what is known, downwards; the range; luma and differences.
    Down,
    /// Distances, upwards: is there a core that is wide?
    Up,
    /// Distances from that core.
    CoreDown,
    CoreUp,
    /// Blocks and squares.
    Cut,
    /// What half the size says.
    Seed,
    /// Fills them.
    Fill,
    /// Where grain is wanted, and how much; then that.
    Survey,
    Grain,
    /// Sharper again, and colours.
    Restore,
}

impl Phase {
    /// Those that find what is wide,
    pub(super) const SEEKING: [Self; 2] = [Self::Down, Self::Up];
    /// those that cut the rest into squares,
    pub(super) const CUTTING: [Self; 3] = [Self::CoreDown, Self::CoreUp, Self::Cut];
    /// and those that fill them at full size.
    pub(super) const FILLING: [Self; 5] = [Self::Seed, Self::Fill, Self::Survey, Self::Grain, Self::Restore];
}

/// The stage for one box.
#[derive(Debug)]
pub(super) struct Thin {
    width: usize,
    height: usize,
    /// The box whose pixels are wanted, inside the area.
    inner: Rectangle,
    /// Channels but alpha.
    colours: usize,
    far: Chamfer,
    /// The greatest distance of what is thin, of what is the edge of a wide part, and of all.
    limit: u8,
    edge: u8,
    farthest: u8,
    core: Chamfer,
    has_core: bool,
    blocks: Blocks,
    /// Whether this is the first of both sizes,
    is_half: bool,
    /// and begins with waves.
    waves: Option<Waves>,
    non_local: Box<NonLocal>,
    /// Blocks of waves, and squares of each round of mixtures.
    covers: Vec<Cover>,
    grain: Grain,
    /// The range of what is known, the sum of its second differences along rows, and their number.
    low: Cell,
    high: Cell,
    texture: (f32, u32),
    /// Runs of a row, and where it is wide.
    runs: Vec<(usize, usize)>,
    inside: Vec<bool>,
    /// Luma of the unknown cells of a row, when they get sharper.
    sharp: Vec<f32>,
}

/// How far from the core a pixel is wide.
const fn spread(limit: u8) -> u8 {
    2 * limit
}

/// What a wide pixel is that is so far from what is known.
const fn wide_state(far: u8, edge: u8, is_half: bool) -> u8 {
    match (far <= edge, is_half) {
        (true, true) => UNKNOWN,
        (true, false) => EDGE,
        (false, _) => WIDE,
    }
}

/// The stage at half the size: waves, then mixtures. What it finds is what mixtures at full size begin with.
#[derive(Debug)]
pub(super) struct Half {
    pub(super) thin: Thin,
    /// The level's values, once they are its own.
    values: Grid,
    cubic: Cubic,
}

impl Half {
    /// A stage for half of an area of `width` × `height` cells, of which `inner` is wanted.
    pub(super) fn new(width: usize, height: usize, inner: Rectangle, source: Source, quality: Quality) -> Self {
        let [x, y] = [inner.x / 2, inner.y / 2];
        let [right, bottom] = [inner.x + inner.width, inner.y + inner.height].map(|end| end.div_ceil(2));
        let inner = Rectangle { x, y, width: right - x, height: bottom - y };
        let thin = Thin::new(width.div_ceil(2), height.div_ceil(2), inner, source, quality);
        let thin = Thin { limit: thin.limit / 2, edge: thin.edge / 2, ..thin.first(quality) };
        Self { thin, values: Grid::default(), cubic: Cubic::new(2) }
    }

    /// What it found, and how far that is from what is known.
    pub(super) fn into_cells(self) -> (Grid, Chamfer) {
        let Self { thin, mut values, .. } = self;
        for y in 0..thin.height {
            values
                .runs_mut(y)
                .filter(|_| thin.colours == 3)
                .for_each(|(_, cells)| cells.iter_mut().for_each(to_colours));
        }
        (values, thin.far)
    }

    /// Takes a level's values, for which it gets an array without rows.
    pub(super) fn take(&mut self, values: &mut Grid) {
        let empty = Grid::new(values.kept());
        self.values = std::mem::replace(values, empty);
    }

    /// Runs a row of a phase and returns its visits; `values` are the level's, unless they are here already.
    pub(super) fn run_row(&mut self, phase: Phase, row: usize, values: &mut Grid, unknown: &Spans) -> usize {
        if self.values.is_empty() {
            self.take(values);
        }
        self.thin.run_row(phase, row, &mut self.values, unknown)
    }
}

impl Thin {
    /// A stage for an area of `width` × `height` cells, of which `inner` is wanted.
    pub(super) fn new(width: usize, height: usize, inner: Rectangle, source: Source, quality: Quality) -> Self {
        let (channels, full) = (source.picture.channels(), samples::full(source.picture));
        Self {
            width,
            height,
            inner,
            colours: if channels > 2 { 3 } else { 1 },
            far: Chamfer::new(width, height),
            limit: half_width(source.scale) as u8 * Chamfer::PIXEL,
            edge: source.edge as u8 * Chamfer::PIXEL,
            farthest: 0,
            core: Chamfer::new(width, height),
            has_core: false,
            blocks: Blocks::new(width, height, channels, full),
            is_half: false,
            waves: None,
            non_local: NonLocal::new(),
            covers: sides(quality, source.scale, false).iter().map(|side| Cover::new(*side, width)).collect(),
            grain: Grain::new(width, height),
            low: [f32::MAX; 4],
            high: [f32::MIN; 4],
            texture: (0.0, 0),
            runs: Vec::new(),
            inside: Vec::new(),
            sharp: Vec::new(),
        }
    }

    /// A stage that begins with waves, unless it is to be fast, not with what half the size says.
    pub(super) fn first(self, quality: Quality) -> Self {
        let waves = (quality != Quality::Fast).then(Waves::new);
        let sides = waves.iter().map(|_| &BLOCK).chain(sides(quality, 1, true));
        let covers = sides.map(|side| Cover::new(*side, self.width)).collect();
        Self { is_half: true, waves, covers, ..self }
    }

    /// Visits for filling `pixels`, as a rule.
    pub(super) fn expected_visits(pixels: u64, scale: u32, quality: Quality) -> u64 {
        // Letters and strokes fill two thirds of a square, as a rule.
        let squares = |side: usize| (3 * pixels).div_ceil(2 * (side * side) as u64);
        let mixtures = |is_half: bool| {
            sides(quality, scale, is_half).iter().map(|side| PATCH_VISITS * squares(*side)).sum::<u64>()
        };
        (WINDOW_VISITS / SHARED as u64 * squares(BLOCK) + mixtures(true)) / 4 + mixtures(false)
    }

    /// How much wider the widest place is than what is thin.
    pub(super) fn width(&self) -> f32 {
        f32::from(self.farthest) / f32::from(self.limit)
    }

    /// Whether wide parts have edges.
    pub(super) fn has_edges(&self) -> bool {
        self.has_core && self.edge > 0
    }

    /// How far each pixel of the area is from what is known.
    pub(super) fn take_distances(&mut self) -> Chamfer {
        std::mem::take(&mut self.far)
    }

    /// Whether there are wide pixels.
    pub(super) fn has_core(&self) -> bool {
        self.has_core
    }

    /// The runs of wide pixels, edges among them, between two columns of row `y`, all of them unknown.
    pub(super) fn wide_runs(&self, y: usize, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let row = if self.has_core { &self.core.row(y)[start..end] } else { &[] };
        let runs = runs_where(row, |distance| distance <= spread(self.limit));
        runs.map(move |(first, last)| (start + first, start + last))
    }

    pub(super) fn rows(&self, phase: Phase) -> usize {
        match phase {
            Phase::Down | Phase::Up | Phase::Seed | Phase::Restore => self.height,
            Phase::CoreDown | Phase::CoreUp => usize::from(self.has_core) * self.height,
            Phase::Cut => self.covers.len() * self.height,
            Phase::Fill => self.covers.iter().map(Cover::chunks).sum(),
            Phase::Survey | Phase::Grain => {
                usize::from(!self.is_half && Grain::is_deep(self.farthest)) * self.grain.rows()
            }
        }
    }

    /// Runs a row of a phase and returns its visits.
    pub(super) fn run_row(&mut self, phase: Phase, row: usize, grid: &mut Grid, unknown: &Spans) -> usize {
        match phase {
            Phase::Down => self.walk_down(row, grid, unknown),
            Phase::Up => self.walk_up(self.height - 1 - row, unknown),
            Phase::CoreDown => self.core_down(row, grid),
            Phase::CoreUp => self.core_up(self.height - 1 - row, grid, unknown),
            Phase::Cut => return self.cut(row, unknown),
            Phase::Seed => {}
            Phase::Fill => return self.fill_chunk(row, grid),
            Phase::Survey => {
                let Self { grain, blocks, far, core, .. } = self;
                // Patches have their own.
                let is_wide = |x: usize, y: usize| self.has_core && core.row(y)[x] <= spread(self.limit);
                return grain.survey(row, blocks, |x, y| Grain::is_deep(far.row(y)[x]) && !is_wide(x, y));
            }
            Phase::Grain => return self.grain.run_row(row, &self.blocks, &self.far, self.colours, grid),
            Phase::Restore => self.finish(row, grid, unknown),
        }
        2 * self.width
    }

    fn walk_down(&mut self, y: usize, grid: &mut Grid, unknown: &Spans) {
        self.far.push_row(unknown.row(y));
        let states = self.blocks.push_row(grid.kept().row(y));
        unknown.row(y).for_each(|(start, end)| states[start..end].fill(UNKNOWN));
        for (start, cells) in grid.runs_mut(y) {
            if self.edge > 0 {
                let states = states[start..].windows(3);
                for (cells, _) in cells.windows(3).zip(states).filter(|(_, states)| **states == [KNOWN; 3]) {
                    self.texture.0 += (2.0 * cells[1][0] - cells[0][0] - cells[2][0]).abs();
                    self.texture.1 += 1;
                }
            }
            for (cell, _) in cells.iter().zip(&states[start..]).filter(|(_, state)| **state == KNOWN) {
                widen(&mut self.low, &mut self.high, cell);
            }
            if self.colours == 3 {
                for cell in cells {
                    let [red, green, blue, alpha] = *cell;
                    *cell = [0.25 * (red + blue) + 0.5 * green, red - blue, green - 0.5 * (red + blue), alpha];
                }
            }
        }
    }

    fn walk_up(&mut self, y: usize, unknown: &Spans) {
        // Without texture the harmonic fill is right.
        if self.texture.0 <= wide::TEXTURE * self.blocks.unit * self.texture.1 as f32 {
            self.edge = 0;
        }
        self.far.finish_row(y, unknown.row(y));
        let far = self.far.row(y);
        for x in unknown.row(y).flat_map(|(start, end)| start..end) {
            self.farthest = self.farthest.max(far[x]);
        }
        self.has_core = self.farthest > self.limit;
    }

    fn core_down(&mut self, y: usize, grid: &Grid) {
        self.inside.clear();
        self.inside.extend(self.far.row(y).iter().map(|far| *far > self.limit));
        self.core.push_row_within(grid.kept().row(y), &self.inside);
    }

    fn core_up(&mut self, y: usize, grid: &Grid, unknown: &Spans) {
        self.core.finish_row(y, grid.kept().row(y));
        let (states, distances, far) = (self.blocks.row_mut(y), self.core.row(y), self.far.row(y));
        let (edge, is_half) = (self.edge, self.is_half);
        for x in unknown.row(y).flat_map(|(start, end)| start..end) {
            if distances[x] <= spread(self.limit) {
                states[x] = wide_state(far[x], edge, is_half);
            }
        }
    }

    /// Covers a row of what is thin, once for each round.
    fn cut(&mut self, row: usize, unknown: &Spans) -> usize {
        let (round, y) = (row / self.height, row % self.height);
        let cover = &mut self.covers[round];
        let looks = unknown.row(y).map(|run| cover.cover(y, run, self.inner, &self.blocks, &self.far)).sum();
        // What is there already is the guess.
        if self.is_half && self.waves.is_none() && round + 1 == self.covers.len() {
            let states = self.blocks.row_mut(y);
            states.iter_mut().filter(|state| **state == UNKNOWN).for_each(|state| *state = FILLED);
        }
        looks
    }

    /// A row of what half the size says, but where that is the same, nearly, or alpha varies.
    pub(super) fn seed(&mut self, y: usize, grid: &mut Grid, unknown: &Spans, half: &mut Half) -> usize {
        let Half { thin: Self { width, height, .. }, values, cubic } = half;
        let area = Rectangle { x: 0, y: 0, width: *width as u32, height: *height as u32 };
        let colours = self.colours;
        let [flat, alpha] = [0.5 * FLAT, ALPHA].map(|levels| levels * self.blocks.unit);
        let states = self.blocks.row_mut(y);
        let mut visits = 0;
        let is_open = |state: u8| matches!(state, UNKNOWN | EDGE);
        let runs = unknown.row(y).flat_map(|(start, end)| {
            runs_where(&states[start..end], is_open).map(move |(first, last)| (start + first, start + last))
        });
        self.runs.clear();
        self.runs.extend(runs);
        for (start, end) in self.runs.iter().copied() {
            states[start..end].fill(FILLED);
            let pixels = cubic.run(values, area, y as u32, start as u32..end as u32);
            let cells = grid.get_mut(y, start..end).into_iter().flatten();
            for (cell, pixel) in cells.zip(pixels) {
                let differs = |i: usize, least: f32| (pixel[i] - cell[i]).abs() > least;
                if (0..colours).any(|i| differs(i, flat)) && !differs(colours, alpha) {
                    cell[..colours].copy_from_slice(&pixel[..colours]);
                }
            }
            visits += SEED_VISITS * (end - start);
        }
        visits
    }

    fn fill_chunk(&mut self, row: usize, grid: &mut Grid) -> usize {
        let (mut round, mut chunk) = (0, row);
        while chunk >= self.covers[round].chunks() {
            chunk -= self.covers[round].chunks();
            round += 1;
        }
        let cover = &self.covers[round];
        let (side, places) = (cover.side(), cover.chunk(chunk));
        let mut visits = places.len() * (side + 2 * NEAR).pow(2);
        let Some(waves) = self.waves.as_mut().filter(|_| round == 0) else {
            let round = Round {
                colours: self.colours,
                // Waves are of luma, and a harmonic guess has no detail.
                is_guessed: self.is_half && round == usize::from(self.waves.is_some()),
                pull: if !self.is_half && round + 1 == self.covers.len() { LAST } else { 1.0 },
            };
            for place in places {
                let says_more = round.is_guessed || self.blocks.is_beside_known(*place, around(side), SIDE);
                if says_more && self.blocks.is_worth(*place, side, FILLED, grid) {
                    self.non_local.refine(*place, side, round, &self.blocks, grid);
                    visits += PATCH_VISITS as usize;
                }
            }
            return visits;
        };
        let (mut shared, mut count) = ([Place::default(); SHARED], 0);
        for (i, place) in places.iter().enumerate() {
            if self.blocks.is_worth(*place, side, UNKNOWN, grid) {
                shared[count] = *place;
                count += 1;
            } else {
                self.blocks.mark(*place, UNKNOWN, FILLED);
            }
            if count == SHARED || (count > 0 && i + 1 == places.len()) {
                waves.fill(&shared[..count], &mut self.blocks, grid);
                visits += WINDOW_VISITS as usize;
                count = 0;
            }
        }
        visits
    }

    /// A row of luma to come: what mixtures filled gets some of the fine contrast back that they lack. Where alpha varies
    /// there are none.
    fn sharpen(&mut self, y: usize, grid: &Grid, unknown: &Spans) {
        self.sharp.clear();
        let (states, far, alpha) = (self.blocks.row(y), self.far.row(y), self.colours);
        let same = ALPHA * self.blocks.unit;
        let mut lines = grid.lines(y);
        for run in unknown.row(y) {
            let [above, own, below] = lines.each_mut().map(|line| line.around(run));
            for (i, x) in (1..).zip(run.0..run.1) {
                let mut luma = own[i][0];
                // What lies beyond the picture is not known.
                let is_inside = x > 0 && x + 1 < self.width && y > 0 && y + 1 < self.height;
                let rows = [&above[i - 1..i + 2], &own[i - 1..i + 2], &below[i - 1..i + 2]];
                let mut around = rows.into_iter().flatten();
                if is_inside && states[x] == FILLED && around.all(|other| (other[alpha] - own[i][alpha]).abs() <= same)
                {
                    let sum: f32 = rows.map(|row| row[0][0] + row[1][0] + row[2][0]).iter().sum();
                    luma += SHARPNESS * ramp(Chamfer::pixels(far[x]), SHARP) * (9.0 * luma - sum) / 8.0;
                }
                self.sharp.push(luma);
            }
        }
    }

    /// A row is finished: sharper, and in colours again, when the one below has seen it.
    fn finish(&mut self, row: usize, grid: &mut Grid, unknown: &Spans) {
        if self.is_half {
            return self.restore(row, grid);
        }
        let next = Vec::with_capacity(self.sharp.len());
        let above = std::mem::replace(&mut self.sharp, next);
        self.sharpen(row, grid, unknown);
        if let Some(y) = row.checked_sub(1) {
            self.take_luma(y, &above, grid, unknown);
            self.restore(y, grid);
        }
        if row + 1 == self.height {
            let last = std::mem::take(&mut self.sharp);
            self.take_luma(row, &last, grid, unknown);
            self.restore(row, grid);
        }
    }

    /// Puts a row of luma in place.
    fn take_luma(&self, y: usize, sharp: &[f32], grid: &mut Grid, unknown: &Spans) {
        let (mut line, mut sharp) = (grid.line_mut(y), sharp.iter());
        for run in unknown.row(y) {
            line.run(run).iter_mut().zip(&mut sharp).for_each(|(cell, luma)| cell[0] = *luma);
        }
    }

    /// Colours again, inside the range of what is known, which waves may leave.
    fn restore(&mut self, y: usize, grid: &mut Grid) {
        self.runs.clear();
        self.runs.extend(grid.kept().row(y));
        let mut line = grid.line_mut(y);
        for run in &self.runs {
            for cell in line.run(*run) {
                if self.colours == 3 {
                    to_colours(cell);
                }
                for ((value, low), high) in cell.iter_mut().zip(self.low).zip(self.high) {
                    *value = value.min(high).max(low);
                }
            }
        }
    }
}

/// Of luma and two differences.
fn to_colours(cell: &mut Cell) {
    let [luma, orange, green, alpha] = *cell;
    let rest = luma - 0.5 * green;
    *cell = [rest + 0.5 * orange, luma + 0.5 * green, rest - 0.5 * orange, alpha];
}

#[cfg(test)]
mod tests {
    use crate::fill::Quality;
    use crate::fill::solver::{Event, Solver, Source};
    use crate::geometry::{Rectangle, Size};
    use crate::mask::Mask;
    use crate::picture::{Patch, Picture, Samples};

    /// Waves and noise, under strokes of 2 to 7 pixels, of `channels` channels.
    fn scratched(channels: u8) -> (Picture, Mask) {
        let size = Size::new(97, 61).expect("a size");
        let sample = |i: u64| {
            let noise = (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61) as u8;
            let (x, y) = (i / u64::from(channels) % 97, i / u64::from(channels) / 97);
            noise + if (2 * x + y) / 6 % 2 == 0 { 60 } else { 160 + (i % u64::from(channels)) as u8 * 20 }
        };
        let samples = Samples::U8((0..size.area() * u64::from(channels)).map(sample).collect());
        let strokes: Vec<_> = (0..6).map(|i| Rectangle { x: 14 * i, y: 5 + 3 * i, width: 2 + i, height: 40 }).collect();
        (Picture::from_samples(size, channels, samples).expect("fits"), Mask::from_rectangles(size, &strokes))
    }

    /// Solves in portions of `visits`; also, how many there were.
    fn solve(source: Source, quality: Quality, visits: u64) -> (Patch, usize) {
        let bounds = source.mask.bounds().expect("marked");
        let mut solver = Solver::new(source, bounds, quality, false).expect("a size");
        for portions in 1.. {
            let until = solver.visits().saturating_add(visits);
            if let Event::Solved(patch) = solver.advance(source, until).expect("fits") {
                return (patch, portions);
            }
        }
        unreachable!("it ends")
    }

    #[test]
    fn lines_across_a_stroke_stand_out_as_they_do_elsewhere() {
        let size = Size::new(120, 90).expect("a size");
        let is_line = |y: u32| y.is_multiple_of(6);
        let noise = |x: u32, y: u32| ((x + 120 * y).wrapping_mul(0x9e37_79b9) >> 28) as u8;
        let value = |x: u32, y: u32| if is_line(y) { 180 } else { 90 } + noise(x, y);
        let samples = Samples::U8((0..120 * 90).map(|i| value(i % 120, i / 120)).collect());
        let picture = Picture::from_samples(size, 1, samples).expect("fits");
        let stroke = Rectangle { x: 50, y: 0, width: 13, height: 90 };
        let mask = Mask::from_rectangles(size, &[stroke]);
        let source = Source { picture: &picture, mask: &mask, scale: 1, edge: 0, guide: None, allowed: None };
        let (patch, _) = solve(source, Quality::Balanced, u64::MAX);
        let Samples::U8(filled) = patch.samples() else { panic!("8 bits") };
        let mean = |is_wanted: &dyn Fn(u32) -> bool| {
            let pixels = (12..78).flat_map(|y| (54..59).map(move |x| (x, y))).filter(|(_, y)| is_wanted(*y));
            let values: Vec<f32> = pixels.map(|(x, y)| filled[(y * 13 + x - 50) as usize].into()).collect();
            values.iter().sum::<f32>() / values.len() as f32
        };
        let contrast = mean(&is_line) - mean(&|y| !is_line(y));
        assert!((80.0..105.0).contains(&contrast), "{contrast}");
    }

    #[test]
    fn the_pixels_do_not_depend_on_where_the_job_is_cut() {
        for (channels, quality) in [1, 3].into_iter().flat_map(|n| [Quality::Fast, Quality::Balanced].map(|q| (n, q))) {
            let (picture, mask) = scratched(channels);
            let source = Source { picture: &picture, mask: &mask, scale: 1, edge: 0, guide: None, allowed: None };
            let (whole, portions) = solve(source, quality, u64::MAX);
            assert_eq!(portions, 1);
            for visits in [1, 977, 30_011] {
                let (patch, portions) = solve(source, quality, visits);
                let is_cut = portions > if quality == Quality::Fast { 2 } else { 10 };
                assert!(patch == whole && is_cut, "{quality:?}, {channels} channels, {portions} portions of {visits}");
            }
        }
    }
}
