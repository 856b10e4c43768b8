//! The last rounds of the thin stage: each patch from what the patches like it have in common.
//!
//! **Method.** Lebrun, Buades & Morel, *A nonlocal Bayesian image denoising algorithm*, SIAM J. Imaging
//! Sciences 6 (2013), §2: patches that look alike are samples of one normal distribution. Its conditional
//! mean, given what is known of a patch, is what is missing, as in Yu, Sapiro & Mallat, *Solving inverse
//! problems with piecewise linear estimators*, IEEE TIP 21 (2012), §II. The covariance has the rank of the
//! samples, so the system has an unknown for each of them and not for each pixel; conjugate gradients
//! (Hestenes & Stiefel 1952) solve it without its matrix. Few smooth waves beside the samples say what any
//! picture may do.
//!
//! **Other than there.** A pixel is pulled towards the mean of each patch that holds it, at once, so that the
//! next patches see it and no sums are kept. Chroma takes luma's mixture: a system of its own gains 0.02 dB.
//!
//! Gains after one round of waves: text 0.84 dB, stamps 0.77, scribbles 0.59; a second round 0.2, 0.5, 0.16;
//! a third 0.1 each; a second round of waves before it 0.1, 0.35, 0.1. Two rounds after the harmonic guess
//! alone stay 0.5 dB (scribbles), 0.7 (text), 2.4 (stamps) below two after waves.
//!
//! Rejected by measurement, on text: a radius of 5 (−0.05 dB), of 8 (+0.06, stamps +0.1, for a quarter more
//! time); filled pixels of a patch as observations with a weight of 0.03 (−0.12) or 0.1 (−0.3); the pull
//! times 0.6 (−0.3); patches without a known pixel left alone (−0.1, but `gmsd` −0.002). In a prototype: hard
//! thresholds on stacks of 16 patches, 7 rounds (Danielyan, Katkovnik & Egiazarian 2012; half of the gain);
//! weights of samples by their distance (−0.1); 12 samples (−0.17), 48 (+0.07); every second place (−0.5).

use std::f32::consts::SQRT_2;
use std::sync::LazyLock;

use super::blocks::{Blocks, FILLED, KNOWN, Place};
use super::extrapolate::BLOCK;
use super::level::Grid;
use super::spectrum::{ANGLES, SIZE};

/// Pixels of a patch before and behind its block.
const AROUND: usize = 2;
/// Side of a patch and its pixels.
const SIDE: usize = BLOCK + 2 * AROUND;
const AREA: usize = SIDE * SIDE;
/// How far patches are looked for, in pixels horizontally and vertically.
const RADIUS: usize = 6;
/// Side of the view in which they lie.
const VIEW: usize = SIDE + 2 * RADIUS;
/// Where the patch itself begins in the view.
const CENTRE: usize = RADIUS * VIEW + RADIUS;

/// The patches that are most similar.
const SAMPLES: usize = 24;
const SHARE: f32 = 1.0 / SAMPLES as f32;
/// √[`SHARE`].
const SHARE_ROOT: f32 = 0.204_124_15;
/// Horizontal and vertical frequencies of the smooth waves, in half periods a patch.
const SMOOTH: [(usize, usize); 8] = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1)];
/// The deviation of the smooth waves, relative to that of the samples.
const SMOOTHNESS: f32 = 0.4;
const COLUMNS: usize = SAMPLES + SMOOTH.len();

/// The weight of a filled pixel in the search; 0.15 and 0.7 are alike.
const DOUBT: f32 = 0.4;
/// The variance that no sample explains: in squares of a 255th of the full range, and relative to theirs.
const NOISE: f32 = 5.0;
const RELATIVE_NOISE: f32 = 0.05;
/// Most steps of the conjugate gradients, and the part of the residual's energy that ends them before
/// rounding leads astray.
const STEPS: usize = 5;
const ENOUGH: f32 = 1e-4;

/// How far a pixel is pulled, horizontally times vertically.
const PULL: [f32; SIDE] = [0.5, 0.7, 1.0, 1.0, 1.0, 1.0, 0.7, 0.5];

/// The view of one channel.
type Plane = [f32; VIEW * VIEW];
type Patch = [f32; AREA];
/// Pixels that are summed in registers.
const PART: usize = 32;
/// A factor for each column.
type Mixture = [f32; COLUMNS];

/// The smooth waves, the higher the smaller.
static WAVES: LazyLock<[Patch; SMOOTH.len()]> = LazyLock::new(|| {
    let wave = |k: usize, x: usize| ANGLES[k * (2 * x + 1) % SIZE].0 * if k == 0 { 1.0 } else { SQRT_2 };
    SMOOTH.map(|(u, v)| {
        let amplitude = 1.0 / ((1 + u * u + v * v) as f32).sqrt();
        std::array::from_fn(|i| amplitude * wave(u, i % SIDE) * wave(v, i / SIDE))
    })
});

/// What patches are computed in, 15 KB.
#[derive(Debug)]
pub(super) struct NonLocal {
    planes: [Plane; 3],
    /// 1 for what is known, [`DOUBT`] elsewhere.
    weights: Plane,
    /// How the samples differ from their mean, and the smooth waves.
    columns: [Patch; COLUMNS],
}

impl NonLocal {
    pub(super) fn new() -> Box<Self> {
        Box::new(Self { planes: [[0.0; VIEW * VIEW]; 3], weights: [0.0; VIEW * VIEW], columns: [[0.0; AREA]; COLUMNS] })
    }

    /// Pulls what is filled of a block and around it, in the first `colours` channels.
    pub(super) fn refine(&mut self, place: Place, colours: usize, blocks: &Blocks, grid: &mut Grid) {
        let unit = blocks.unit;
        let start = [place.x, place.y].map(usize::from);
        self.look(start, colours, blocks, grid);
        let samples = self.search();
        let luma = &self.planes[0];
        let mut mean = [0.0; AREA];
        for (column, at) in self.columns.iter_mut().zip(samples) {
            *column = patch(luma, at);
            add(&mut mean, SHARE, column);
        }
        let mut variance = 0.0;
        for column in &mut self.columns[..SAMPLES] {
            for (value, mean) in column.iter_mut().zip(&mean) {
                *value = (*value - mean) * SHARE_ROOT;
            }
            variance += dot(column, column) * (1.0 / AREA as f32);
        }
        let amplitude = SMOOTHNESS * (variance + unit * unit).sqrt();
        for (column, wave) in self.columns[SAMPLES..].iter_mut().zip(&*WAVES) {
            *column = wave.map(|value| amplitude * value);
        }
        let precision = 1.0 / (NOISE * unit * unit + RELATIVE_NOISE * variance);
        let known = patch(&self.weights, CENTRE).map(|weight| if weight < 1.0 { 0.0 } else { precision });
        let mut difference = patch(luma, CENTRE);
        add(&mut difference, -1.0, &mean);
        let mixture = self.mix(&difference, &known);

        let mut values = [mean, [0.0; AREA], [0.0; AREA]];
        add(&mut values[0], 1.0, &self.combine(&mixture));
        let surplus = mixture[..SAMPLES].iter().sum::<f32>() * SHARE;
        for (values, plane) in values.iter_mut().zip(&self.planes).take(colours).skip(1) {
            for (factor, at) in mixture.iter().zip(samples) {
                add(values, SHARE + SHARE_ROOT * (factor - surplus), &patch(plane, at));
            }
        }
        pull(start, &values[..colours], blocks, grid);
    }

    /// Fills the view; beyond the area its border is repeated.
    #[inline(never)]
    fn look(&mut self, [left, top]: [usize; 2], colours: usize, blocks: &Blocks, grid: &Grid) {
        let inside =
            |start: usize, i: usize, length: usize| (start + i).saturating_sub(AROUND + RADIUS).min(length - 1);
        for i in 0..VIEW {
            let y = inside(top, i, blocks.height());
            let (cells, states) = (grid.row(y), blocks.row(y));
            for j in 0..VIEW {
                let x = inside(left, j, cells.len());
                let (cell, at) = (&cells[x], i * VIEW + j);
                for (plane, value) in self.planes.iter_mut().zip(cell).take(colours) {
                    plane[at] = *value;
                }
                self.weights[at] = if states[x] == KNOWN { 1.0 } else { DOUBT };
            }
        }
    }

    /// Where in the view the most similar patches begin, the most similar first.
    #[inline(never)]
    fn search(&self) -> [usize; SAMPLES] {
        let (centre, weights) = (patch(&self.planes[0], CENTRE), patch(&self.weights, CENTRE));
        let mut best = [(f32::MAX, 0u32); SAMPLES];
        for y in 0..=2 * RADIUS {
            for at in (y * VIEW..=y * VIEW + 2 * RADIUS).filter(|at| *at != CENTRE) {
                let distance = distance(&centre, &weights, &self.planes[0], at, best[SAMPLES - 1].0);
                let mut rank = SAMPLES;
                while rank > 0 && distance < best[rank - 1].0 {
                    rank -= 1;
                    if rank + 1 < SAMPLES {
                        best[rank + 1] = best[rank];
                    }
                    best[rank] = (distance, at as u32);
                }
            }
        }
        best.map(|(_, at)| at as usize)
    }

    /// The mixture that a patch most likely is, as far as it is known to some precision.
    fn mix(&self, difference: &Patch, known: &Patch) -> Mixture {
        let weigh = |patch: &Patch| std::array::from_fn(|i| patch[i] * known[i]);
        let mut mixture = [0.0; COLUMNS];
        let mut residual = self.correlate(&weigh(difference));
        let mut direction = residual;
        let mut energy = dot(&residual, &residual);
        let enough = ENOUGH * energy;
        for _ in 0..STEPS {
            if energy <= enough {
                break;
            }
            let mut image = self.correlate(&weigh(&self.combine(&direction)));
            add(&mut image, 1.0, &direction);
            let step = energy / dot(&direction, &image);
            add(&mut mixture, step, &direction);
            add(&mut residual, -step, &image);
            let next = dot(&residual, &residual);
            let turn = next / energy;
            direction = std::array::from_fn(|i| residual[i] + turn * direction[i]);
            energy = next;
        }
        mixture
    }

    /// The columns times their factors.
    #[inline(never)]
    fn combine(&self, mixture: &Mixture) -> Patch {
        let mut result = [0.0; AREA];
        for (part, result) in result.as_chunks_mut::<PART>().0.iter_mut().enumerate() {
            let mut sum = [0.0; PART];
            for (column, factor) in self.columns.iter().zip(mixture) {
                for (sum, value) in sum.iter_mut().zip(&column.as_chunks::<PART>().0[part]) {
                    *sum += factor * value;
                }
            }
            *result = sum;
        }
        result
    }

    /// The product of each column and a patch.
    #[inline(never)]
    fn correlate(&self, patch: &Patch) -> Mixture {
        std::array::from_fn(|i| dot(&self.columns[i], patch))
    }
}

/// Pulls what is filled towards the values of a patch around the block that begins at `left`, `top`.
fn pull([left, top]: [usize; 2], values: &[Patch], blocks: &Blocks, grid: &mut Grid) {
    let inside = |start: usize, i: usize, length: usize| (start + i).checked_sub(AROUND).filter(|x| *x < length);
    for i in 0..SIDE {
        let Some(y) = inside(top, i, blocks.height()) else { continue };
        let (states, cells) = (blocks.row(y), grid.row_mut(y));
        for j in 0..SIDE {
            let Some(x) = inside(left, j, cells.len()).filter(|x| states[*x] <= FILLED) else { continue };
            for (value, patch) in cells[x].iter_mut().zip(values) {
                *value += PULL[i] * PULL[j] * (patch[i * SIDE + j] - *value);
            }
        }
    }
}

/// The weighted squared distance of a patch, or of its upper half if that is beyond `most`.
#[inline(always)]
fn distance(centre: &Patch, weights: &Patch, plane: &Plane, at: usize, most: f32) -> f32 {
    let mut sums = [0.0f32; 4];
    for y in 0..SIDE {
        if y == SIDE / 2 && (sums[0] + sums[1]) + (sums[2] + sums[3]) > most {
            break;
        }
        let row = &plane[at + y * VIEW..][..SIDE];
        for x in (0..SIDE).step_by(4) {
            for i in 0..4 {
                let difference = centre[y * SIDE + x + i] - row[x + i];
                sums[i] += weights[y * SIDE + x + i] * (difference * difference);
            }
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// The patch that begins there.
#[inline(never)]
fn patch(plane: &Plane, at: usize) -> Patch {
    let mut patch = [0.0; AREA];
    for (row, values) in patch.as_chunks_mut::<SIDE>().0.iter_mut().zip(plane[at..].chunks(VIEW)) {
        *row = std::array::from_fn(|x| values[x]);
    }
    patch
}

#[inline(never)]
fn add(sum: &mut [f32], factor: f32, values: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[inline(never)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 4];
    for (a, b) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0) {
        for i in 0..4 {
            sums[i] += a[i] * b[i];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 40;

    #[test]
    fn a_pattern_is_continued() {
        let value = |x: usize, y: usize| ((x % 5 * 7 + y % 4 * 13) % 17 * 12) as f32;
        let is_hole = |x: usize, y: usize| (17..21).contains(&x) && (18..23).contains(&y);
        let (mut blocks, mut grid) = (Blocks::new(SIZE, SIZE, 1, 255.0), Grid::new(SIZE, SIZE));
        for y in 0..SIZE {
            for (_, state) in blocks.push_row().iter_mut().enumerate().filter(|(x, _)| is_hole(*x, y)) {
                *state = FILLED;
            }
            for (x, cell) in grid.push_row().iter_mut().enumerate() {
                *cell = [if is_hole(x, y) { 100.0 } else { value(x, y) }; 4];
            }
        }
        grid.close();
        let mut non_local = NonLocal::new();
        for (x, y) in [(17, 16), (17, 20)] {
            non_local.refine(Place { x, y }, 1, &blocks, &mut grid);
        }
        for (y, (x, cell)) in (0..SIZE).flat_map(|y| grid.row(y).iter().enumerate().map(move |cell| (y, cell))) {
            let most = if is_hole(x, y) { 8.0 } else { 0.0 };
            assert!((cell[0] - value(x, y)).abs() <= most, "{x} {y}: {} for {}", cell[0], value(x, y));
        }
    }
}
