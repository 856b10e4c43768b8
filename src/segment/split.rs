//! A response split in two: what stands out and what does not.
//!
//! N. Otsu, *A Threshold Selection Method from Gray-Level Histograms*, IEEE Trans. SMC 9 (1), 1979:
//! the threshold with the greatest variance between the classes. That finds one in anything, so a
//! split is weighed: by how well the classes are apart (Otsu's η), and by how much of what lies
//! *round* the area would pass the same threshold. Whoever frames a stamp frames all of it: texture
//! goes on outside, strokes do not.

/// A histogram of a response inside an area and one round it.
#[derive(Debug, Clone)]
pub(super) struct Histograms {
    pub(super) inside: [u32; 256],
    pub(super) outside: [u32; 256],
}

/// A threshold, and what it comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    /// Values over this stand out.
    pub(super) threshold: u8,
    /// Share of the area that stands out.
    pub(super) share: f32,
    /// Difference of the means of the two classes.
    pub(super) contrast: f32,
    /// How sure it is that strokes were found, 0 to 1.
    pub(super) certainty: f32,
}

/// η of a response without any structure: the larger half of a noise. Without surroundings to compare
/// with, only more than that says something.
const NOISE: f32 = 0.85;

impl Histograms {
    /// Of all values, and the parts of their rows that are inside.
    pub(super) fn of<'a>(all: &[u8], inside: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut histograms = Self { inside: [0; 256], outside: [0; 256] };
        all.iter().for_each(|value| histograms.outside[usize::from(*value)] += 1);
        inside.flatten().for_each(|value| histograms.inside[usize::from(*value)] += 1);
        histograms.outside.iter_mut().zip(&histograms.inside).for_each(|(outside, inside)| *outside -= inside);
        histograms
    }

    /// The best split, and the best one of what is left when all over it counts as just at it: strokes
    /// that are fainter than some part of the photograph. Neither where all values are the same, and
    /// the second only where surroundings can tell whether it says anything.
    pub(super) fn splits(&self) -> impl Iterator<Item = Split> {
        let first = self.split();
        let second = first.filter(|_| self.has_surroundings()).and_then(|first| self.clipped(first.threshold).split());
        first.into_iter().chain(second)
    }

    /// Whether enough lies round the area to compare with.
    pub(super) fn has_surroundings(&self) -> bool {
        count(&self.outside) * 8 >= count(&self.inside)
    }

    fn clipped(&self, most: u8) -> Self {
        let clip = |histogram: &[u32; 256]| {
            let (mut clipped, most) = (*histogram, usize::from(most));
            clipped[most] += clipped[most + 1..].iter().sum::<u32>();
            clipped[most + 1..].fill(0);
            clipped
        };
        Self { inside: clip(&self.inside), outside: clip(&self.outside) }
    }

    fn split(&self) -> Option<Split> {
        let total: f64 = self.inside.iter().map(|n| f64::from(*n)).sum();
        let moment = |power: i32| (0..256).map(|v| f64::from(self.inside[v]) * (v as f64).powi(power)).sum::<f64>();
        let (sum, squares) = (moment(1), moment(2));
        let (mut count, mut below, mut best) = (0.0, 0.0, (0.0, 0, 0, 0.0));
        for value in 0..255u8 {
            count += f64::from(self.inside[usize::from(value)]);
            below += f64::from(self.inside[usize::from(value)]) * f64::from(value);
            let above = total - count;
            if count > 0.0 && above > 0.0 {
                let contrast = (sum - below) / above - below / count;
                let between = count * above * contrast * contrast;
                if between > best.0 {
                    best = (between, value, value, contrast);
                } else if between == best.0 {
                    best.2 = value;
                }
            }
        }
        // Where the classes are far apart, any value between them is as good: the middle one is.
        let (between, first, last, contrast) = best;
        let threshold = first + (last - first) / 2;
        let variance = squares * total - sum * sum;
        if between <= 0.0 || variance <= 0.0 {
            return None;
        }
        let share = passing(&self.inside, threshold);
        let certainty = self.certainty((between / variance) as f32, passing(&self.outside, threshold) / share);
        Some(Split { threshold, share, contrast: contrast as f32, certainty })
    }

    /// `eta`: how well the classes are apart; `outside`: what passes there for each that does inside.
    fn certainty(&self, eta: f32, outside: f32) -> f32 {
        if !self.has_surroundings() && eta < NOISE {
            return 0.0;
        }
        let only_inside = (1.0 - outside).max(0.0);
        eta * only_inside * only_inside
    }
}

fn count(histogram: &[u32; 256]) -> u64 {
    histogram.iter().map(|n| u64::from(*n)).sum()
}

/// The share of values over a threshold.
fn passing(histogram: &[u32; 256], threshold: u8) -> f32 {
    let above: u64 = histogram[usize::from(threshold) + 1..].iter().map(|n| u64::from(*n)).sum();
    above as f32 / count(histogram).max(1) as f32
}
