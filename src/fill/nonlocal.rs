//! The last rounds of the thin stage: each patch from what the patches like it have in common.
//!
//! **Method.** Lebrun, Buades & Morel, *A nonlocal Bayesian image denoising algorithm*, SIAM J. Imaging
//! Sciences 6 (2013), §2: patches that look alike are samples of one normal distribution. Its conditional
//! mean, given what is known of a patch, is what is missing, as in Yu, Sapiro & Mallat, *Solving inverse
//! problems with piecewise linear estimators*, IEEE TIP 21 (2012), §II. The covariance has the rank of the
//! samples, so the system has an unknown for each of them and not for each pixel (see `mixture`; `alike` finds
//! them). Few smooth waves beside the samples say what any picture may do.
//!
//! **Other than there.** A pixel is pulled towards the mean of each patch that holds it, at once, so that the
//! next patches see it and no sums are kept. Chroma takes luma's mixture: a system of its own gains 0.02 dB. The
//! variance is that of the known pixels alone.
//!
//! The last round goes a part of the way: the mean of several mixtures is nearer to the picture than the last of them, and
//! smoother, which getting sharper after it makes good (see `thin`). On twelve photographs both together gain 0.1 dB on
//! text and scribbles and .0005 to .001 of gmsd. Known pixels that count less where samples vary more gain 0.05 dB on text
//! and scribbles and 0.1 on the stamps of the four photographs; waves that do more where a patch is unlike its samples .001
//! of gmsd. After the first round at half the size patches without a known pixel are left alone, which would be smoothed
//! too (gmsd −.0015 to −.0025, −0.05 dB, and a tenth of the time).
//!
//! Rejected by measurement, on text: the places of the first round again (−0.08 dB, stamps −0.28); every
//! second row in the search (−0.06); 3 steps of the gradients (−0.03, gmsd +.001); a radius of 5 (−0.03, stamps −0.2), of
//! 8 (+0.06, stamps +0.1, for a quarter more time); filled pixels of a patch as observations with a weight of 0.02
//! (−0.5) or 0.1 (−1); 16 samples (−0.2) or 20 (−0.08), 48 (+0.07); the pull of all rounds times 0.6 (−0.3). On twelve
//! photographs: a radius of 8, 10 or 12 (text +0.02, scribbles +0.05, stamps −0.1); waves across the direction that the known
//! pixels of a patch have, in place of waves both ways (0 to −0.05); more noise where a patch is unlike its samples (+0.1 dB
//! for .004 of gmsd). In a prototype: hard
//! thresholds on stacks of 16 patches, 7 rounds (Danielyan, Katkovnik & Egiazarian 2012; half of the gain); weights of
//! samples by their distance (−0.1); every second place (−0.5).

use wide::f32x4;

use super::alike::{CENTRE, Patch, SIDE, SPAN, VIEW, View};
use super::blocks::{Blocks, FILLED, KNOWN, Place};
use super::grid::Grid;
use super::mixture::{Mixture, Rows, SAMPLES, SHARE, SHARE_ROOT, WAVES, dot, sum};

/// The variance that no sample explains: in squares of a 255th of the full range, and relative to theirs.
const NOISE: f32 = 3.0;
const RELATIVE_NOISE: f32 = 0.1;
/// The variance of the smooth waves, relative to that of the samples, and to how the patch differs from their mean: they
/// say what no sample does.
const SMOOTHNESS: [f32; 2] = [0.09, 0.05];

/// How far a pixel is pulled one pixel beside a square, and two; horizontally times vertically.
const BESIDE: [f32; 2] = [0.7, 0.5];

/// Pixels of a patch before a square.
pub(super) const fn around(side: usize) -> usize {
    (SIDE - side) / 2
}

/// Which channels are pulled, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// The first of them, luma before chroma.
    pub(super) colours: usize,
    /// Chroma is a mere guess yet, which is pulled all the way.
    pub(super) is_guessed: bool,
    /// How much of the way the values go.
    pub(super) pull: f32,
}

/// What patches are computed in, 16 KB.
#[derive(Debug)]
pub(super) struct NonLocal {
    view: View,
    rows: Rows,
}

impl NonLocal {
    pub(super) fn new() -> Box<Self> {
        Box::new(Self { view: View::new(), rows: Rows::new() })
    }

    /// Pulls what is filled of a square of `side` pixels, 4 to 8, and of the patch around it.
    pub(super) fn refine(&mut self, place: Place, side: usize, round: Round, blocks: &Blocks, grid: &mut Grid) {
        let unit = blocks.unit;
        self.view.look(place, around(side), blocks, grid);
        let samples = self.view.search();
        let variance = self.compare(&samples);
        let [of_samples, of_patch] = SMOOTHNESS;
        let amplitude = (of_samples * (variance + unit * unit) + of_patch * self.rows.difference()).sqrt();
        let mut mixture = self.rows.solve(amplitude, 1.0 / (NOISE * unit * unit + RELATIVE_NOISE * variance));
        let (factors, waves) = mixture.split_at_mut(SAMPLES);
        let surplus = SHARE * sum(factors);
        factors.iter_mut().for_each(|factor| *factor = SHARE + SHARE_ROOT * (*factor - surplus));
        waves.iter_mut().for_each(|factor| *factor *= amplitude);
        self.pull(place, side, &mixture, &samples, round, grid);
    }

    /// Sets up the rows of what is known; answers the variance of the samples there.
    #[inline(never)]
    fn compare(&mut self, samples: &[usize; SAMPLES]) -> f32 {
        let (own, samples) = (self.view.luma(CENTRE), samples.map(|start| self.view.luma(start)));
        let mut variance = 0.0;
        self.rows.clear();
        for (y, states) in self.view.states.iter().enumerate() {
            for (i, states) in states.as_chunks::<4>().0.iter().enumerate() {
                if !states.contains(&KNOWN) {
                    continue;
                }
                // Four samples of four pixels at a time.
                let at = y * VIEW + 4 * i;
                let four = |sample: &[f32; SPAN]| f32x4::new(*sample[at..].first_chunk().unwrap_or(&[0.0; 4]));
                let columns: [[f32x4; 4]; SAMPLES / 4] = std::array::from_fn(|group| {
                    f32x4::transpose(std::array::from_fn(|sample| four(samples[4 * group + sample])))
                });
                for (x, _) in states.iter().enumerate().filter(|(_, state)| **state == KNOWN) {
                    let values = columns.map(|pixels| pixels[x].to_array());
                    variance += self.rows.push(y * SIDE + 4 * i + x, own[at + x], values.as_flattened());
                }
            }
        }
        variance / self.rows.count().max(1) as f32
    }

    /// Pulls what is filled towards a mixture of samples and smooth waves.
    #[inline(never)]
    fn pull(
        &self,
        place: Place,
        side: usize,
        mixture: &Mixture,
        samples: &[usize; SAMPLES],
        round: Round,
        grid: &mut Grid,
    ) {
        let around = around(side);
        let pulls: [f32; SIDE] = std::array::from_fn(|x| {
            let beside = around.saturating_sub(x).max((x + 1).saturating_sub(around + side));
            beside.checked_sub(1).map_or(1.0, |beside| BESIDE[beside])
        });
        let (factors, waves) = mixture.split_at(SAMPLES);
        let factors: [f32x4; SAMPLES] = std::array::from_fn(|i| f32x4::splat(factors[i]));
        let samples = samples.map(|start| self.view.patch(start));
        for y in 0..SIDE {
            let (row, column) = (usize::from(place.y) + y, usize::from(place.x));
            let filled = self.view.states[y].iter().enumerate().filter(|(_, state)| **state <= FILLED).map(|(x, _)| x);
            let Some(first) = filled.clone().next() else { continue };
            let end = filled.clone().next_back().map_or(first, |last| last + 1);
            let columns = column + first - around..column + end - around;
            let Some(cells) = grid.get_mut(row - around, columns) else { continue };
            for x in filled {
                let at = y * VIEW + x;
                let smooth = f32x4::new([dot(waves, &WAVES[y * SIDE + x]), 0.0, 0.0, 0.0]);
                let add = |goal, (sample, factor): (&&Patch, &f32x4)| goal + *factor * f32x4::new(sample[at]);
                let goal = samples.iter().zip(&factors).fold(smooth, add).to_array();
                let cell = &mut cells[x - first];
                let pull = round.pull * pulls[x] * pulls[y];
                for (i, (value, goal)) in cell.iter_mut().zip(goal).take(round.colours).enumerate() {
                    *value += if i > 0 && round.is_guessed { 1.0 } else { pull } * (goal - *value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::grid::Kept;

    const SIZE: usize = 40;

    fn value(x: usize, y: usize) -> f32 {
        ((x % 5 * 7 + y % 4 * 13) % 17 * 12) as f32
    }

    fn is_hole(x: usize, y: usize) -> bool {
        (17..21).contains(&x) && (18..23).contains(&y)
    }

    /// A pattern whose hole was 100 before squares at some places were pulled.
    fn refined(places: &[(u16, u16)], pull: f32) -> Grid {
        let kept = std::sync::Arc::new(Kept::new(SIZE, SIZE, &mut |_, keep| keep((0, SIZE))));
        let (mut blocks, mut grid) = (Blocks::new(SIZE, SIZE, 1, 255.0), Grid::new(&kept));
        for y in 0..SIZE {
            for (_, state) in
                blocks.push_row(std::iter::once((0, SIZE))).iter_mut().enumerate().filter(|(x, _)| is_hole(*x, y))
            {
                *state = FILLED;
            }
            grid.push_row();
            for (x, cell) in grid.runs_mut(y).flat_map(|(_, cells)| cells).enumerate() {
                *cell = [if is_hole(x, y) { 100.0 } else { value(x, y) }; 4];
            }
        }
        grid.close();
        let mut non_local = NonLocal::new();
        let round = Round { colours: 1, is_guessed: false, pull };
        for (x, y) in places {
            non_local.refine(Place { x: *x, y: *y }, 4, round, &blocks, &mut grid);
        }
        grid
    }

    #[test]
    fn a_pattern_is_continued() {
        let grid = refined(&[(17, 16), (17, 20)], 1.0);
        let row = |y: usize| grid.get(y, 0..SIZE).into_iter().flatten().enumerate();
        for (y, (x, cell)) in (0..SIZE).flat_map(|y| row(y).map(move |cell| (y, cell))) {
            let most = if is_hole(x, y) { 8.0 } else { 0.0 };
            assert!((cell[0] - value(x, y)).abs() <= most, "{x} {y}: {} for {}", cell[0], value(x, y));
        }
    }

    #[test]
    fn a_round_goes_as_far_as_it_is_told() {
        let [all, half] = [1.0, 0.5].map(|pull| refined(&[(17, 18)], pull));
        let mut moved = 0.0;
        for (x, y) in (18..23).flat_map(|y| (17..21).map(move |x| (x, y))) {
            let [all, half] = [&all, &half].map(|grid| grid.cell(y, x)[0] - 100.0);
            moved += all.abs();
            assert!((half - 0.5 * all).abs() < 1e-3, "{x} {y}: {half} of {all}");
        }
        assert!(moved > 400.0, "{moved}");
    }
}
