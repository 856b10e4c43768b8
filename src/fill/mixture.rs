//! The mixture of samples that a patch most likely is.
//!
//! Conjugate gradients (Hestenes & Stiefel 1952) on the normal equations, without their matrix: a row for
//! each known pixel, with a column for each sample and each smooth wave. Rows go four at a time: their
//! products with a direction, and at once what these contribute to its image. What is not known has no row.

use std::array;
use std::f32::consts::SQRT_2;
use std::sync::LazyLock;

use super::alike::{AREA, SIDE};
use super::spectrum::{ANGLES, SIZE};

/// The patches that are mixed.
pub(super) const SAMPLES: usize = 24;
pub(super) const SHARE: f32 = 1.0 / SAMPLES as f32;
/// √[`SHARE`].
pub(super) const SHARE_ROOT: f32 = 0.204_124_15;
/// Horizontal and vertical frequencies of the smooth waves, in half periods a patch.
const SMOOTH: [(usize, usize); 8] = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1)];
const COLUMNS: usize = SAMPLES + SMOOTH.len();

/// Most steps of the conjugate gradients, and the part of the residual's energy that ends them before
/// rounding leads astray.
const STEPS: usize = 4;
const ENOUGH: f32 = 1e-4;

/// Columns that go together, and rows.
const LANES: usize = 4;

/// A factor for each column, the samples first.
pub(super) type Mixture = [f32; COLUMNS];
/// The smooth waves at one pixel, the higher the smaller.
pub(super) type Waves = [f32; SMOOTH.len()];

/// The smooth waves at each pixel of a patch.
pub(super) static WAVES: LazyLock<[Waves; AREA]> = LazyLock::new(|| {
    let wave = |k: usize, x: usize| ANGLES[k * (2 * x + 1) % SIZE].0 * if k == 0 { 1.0 } else { SQRT_2 };
    array::from_fn(|i| SMOOTH.map(|(u, v)| wave(u, i % SIDE) * wave(v, i / SIDE) / ((1 + u * u + v * v) as f32).sqrt()))
});

/// The rows of one patch, 9 KB.
#[derive(Debug)]
pub(super) struct Rows {
    count: usize,
    rows: [Mixture; AREA],
    /// How the known pixels differ from the mean of the samples.
    differences: [f32; AREA],
    /// Which pixels of the patch they are.
    pixels: [u8; AREA],
}

impl Rows {
    pub(super) fn new() -> Self {
        Self { count: 0, rows: [[0.0; COLUMNS]; AREA], differences: [0.0; AREA], pixels: [0; AREA] }
    }

    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The mean square of how known pixels differ from the mean of the samples.
    pub(super) fn difference(&self) -> f32 {
        let squares = self.differences[..self.count].iter().map(|difference| difference * difference);
        squares.sum::<f32>() / self.count.max(1) as f32
    }

    /// Adds a known pixel of the patch and of each of the [`SAMPLES`]; answers their variance.
    #[inline(always)]
    pub(super) fn push(&mut self, pixel: usize, value: f32, samples: &[f32]) -> f32 {
        let mean = SHARE * sum(samples);
        let row = &mut self.rows[self.count];
        for (slot, sample) in row.iter_mut().zip(samples) {
            *slot = (sample - mean) * SHARE_ROOT;
        }
        (self.pixels[self.count], self.differences[self.count]) = (pixel as u8, value - mean);
        self.count += 1;
        dot(&row[..SAMPLES], &row[..SAMPLES])
    }

    /// The most likely mixture, if known pixels have this precision (one by the variance), and smooth waves
    /// this amplitude.
    #[inline(never)]
    pub(super) fn solve(&mut self, amplitude: f32, precision: f32) -> Mixture {
        for (row, pixel) in self.rows.iter_mut().zip(&self.pixels[..self.count]) {
            for (slot, wave) in row[SAMPLES..].iter_mut().zip(&WAVES[usize::from(*pixel)]) {
                *slot = amplitude * wave;
            }
        }
        let end = self.count.next_multiple_of(LANES);
        self.rows[self.count..end].fill([0.0; COLUMNS]);
        self.differences[self.count..end].fill(0.0);
        let rows = &self.rows.as_chunks::<LANES>().0[..end / LANES];

        let mut mixture = [0.0; COLUMNS];
        let mut residual = [0.0; COLUMNS];
        for (rows, differences) in rows.iter().zip(self.differences.as_chunks().0) {
            add_rows(&mut residual, rows, precision, differences);
        }
        let mut direction = residual;
        let mut energy = dot(&residual, &residual);
        let enough = ENOUGH * energy;
        for _ in 0..STEPS {
            if energy <= enough {
                break;
            }
            let mut image = direction;
            for rows in rows {
                add_rows(&mut image, rows, precision, &products(rows, &direction));
            }
            let step = energy / dot(&direction, &image);
            add(&mut mixture, step, &direction);
            add(&mut residual, -step, &image);
            let next = dot(&residual, &residual);
            let turn = next / energy;
            direction = array::from_fn(|i| residual[i] + turn * direction[i]);
            energy = next;
        }
        mixture
    }
}

/// The products of rows and a direction.
#[inline(always)]
fn products(rows: &[Mixture; LANES], direction: &Mixture) -> [f32; LANES] {
    let mut sums = [[0.0; LANES]; LANES];
    for (c, direction) in direction.as_chunks::<LANES>().0.iter().enumerate() {
        for (sum, row) in sums.iter_mut().zip(rows) {
            for l in 0..LANES {
                sum[l] += row[c * LANES + l] * direction[l];
            }
        }
    }
    array::from_fn(|i| (sums[i][0] + sums[i][1]) + (sums[i][2] + sums[i][3]))
}

/// Adds rows by their factors.
#[inline(always)]
fn add_rows(sum: &mut Mixture, rows: &[Mixture; LANES], precision: f32, factors: &[f32; LANES]) {
    let [a, b, c, d] = factors.map(|factor| precision * factor);
    for (i, sum) in sum.iter_mut().enumerate() {
        *sum += (rows[0][i] * a + rows[1][i] * b) + (rows[2][i] * c + rows[3][i] * d);
    }
}

#[inline(always)]
fn add(sum: &mut Mixture, factor: f32, values: &Mixture) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

/// The sum, four lanes abreast.
#[inline(always)]
pub(super) fn sum(values: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for values in values.as_chunks::<LANES>().0 {
        for i in 0..LANES {
            sums[i] += values[i];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// The sum of products, likewise.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for i in 0..LANES {
            sums[i] += a[i] * b[i];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_a_patch_is_that_to_the_mean_of_its_samples() {
        let mut rows = Rows::new();
        assert_eq!(rows.difference(), 0.0);
        let samples: [f32; SAMPLES] = array::from_fn(|i| (i % 4) as f32);
        rows.push(3, 4.5, &samples);
        rows.push(9, 0.5, &samples);
        assert_eq!(rows.difference(), 5.0);
    }
}
