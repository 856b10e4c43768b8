//! What lies behind strokes: medians of windows that are several times as wide as a stroke.

/// Samples across a window: enough for a median, and as many for every size.
const ACROSS: usize = 15;

/// For each of `values` (rows of `width`) the median of a window of `2 radius + 1` pixels, which is
/// cut off at the border. The windows are half a radius apart; a pixel takes the nearest one's.
pub(super) fn background(values: &[u8], width: usize, radius: usize) -> Vec<u8> {
    let height = values.len() / width;
    let spacing = (radius / 2).max(1);
    let mut medians = Vec::with_capacity(values.len());
    for (y, rows) in nodes(spacing, height) {
        let ys = samples(y, radius, height);
        let start = medians.len();
        for (x, columns) in nodes(spacing, width) {
            let xs = samples(x, radius, width);
            let window = ys.clone().flat_map(|y| xs.clone().map(move |x| y * width + x));
            medians.resize(medians.len() + columns, median(window.map(|at| values[at])));
        }
        (1..rows).for_each(|_| medians.extend_from_within(start..start + width));
    }
    medians
}

/// The median of some values, the upper one of two; 0 of none. A selection in a list would bring 2 KB of code.
pub(super) fn median(values: impl Iterator<Item = u8>) -> u8 {
    let (mut counts, mut count) = ([0; 256], 0);
    for value in values {
        counts[usize::from(value)] += 1;
        count += 1;
    }
    let mut below = 0;
    let is_above = |counted: &u32| {
        below += counted;
        below > count / 2
    };
    counts.iter().position(is_above).unwrap_or(0) as u8
}

/// The centres of the windows on one axis, and how many pixels are nearest to each.
fn nodes(spacing: usize, length: usize) -> impl Iterator<Item = (usize, usize)> {
    // The first node is at 0, so half of its pixels are missing.
    let before = move |node: usize| (node * spacing).saturating_sub(spacing / 2).min(length);
    let all = (0..).map(move |node| (node * spacing, before(node + 1) - before(node)));
    all.take_while(|(_, pixels)| *pixels > 0)
}

/// Positions of the samples of a window on one axis.
fn samples(centre: usize, radius: usize, length: usize) -> std::iter::StepBy<std::ops::Range<usize>> {
    let centre = centre.min(length - 1);
    let (start, end) = (centre.saturating_sub(radius), (centre + radius + 1).min(length));
    (start..end).step_by((2 * radius + 1).div_ceil(ACROSS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_has_the_median_of_the_window_nearest_to_it() {
        for (width, height, radius) in [(1, 1, 5), (7, 5, 1), (64, 40, 8), (90, 33, 40), (13, 200, 9)] {
            let values: Vec<u8> = (0..width * height).map(|i| (i * 37 % 251) as u8).collect();
            let found = background(&values, width, radius);
            assert_eq!(found.len(), values.len());
            let spacing = (radius / 2).max(1);
            let nearest = |v: usize| (v + spacing / 2) / spacing * spacing;
            for (i, median) in found.iter().enumerate() {
                let ys = samples(nearest(i / width), radius, height);
                let xs = samples(nearest(i % width), radius, width);
                let mut window: Vec<u8> =
                    ys.flat_map(|y| xs.clone().map(move |x| (x, y))).map(|(x, y)| values[y * width + x]).collect();
                window.sort_unstable();
                assert_eq!(*median, window[window.len() / 2], "{i} of {width} × {height}");
            }
        }
    }

    #[test]
    fn strokes_of_less_than_half_do_not_show() {
        let values: Vec<u8> = (0..100 * 60).map(|i| if i % 100 % 5 < 2 { 250 } else { 30 }).collect();
        assert!(background(&values, 100, 20).iter().all(|median| *median == 30));
    }
}
