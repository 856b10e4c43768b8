//! What lies behind strokes: medians of windows that are several times as wide as a stroke.

/// Samples across a window: enough for a median, and as many for every size.
const ACROSS: usize = 15;

/// The medians of one plane at the nodes of a grid, half a radius apart.
#[derive(Debug)]
pub(super) struct Background {
    spacing: usize,
    columns: usize,
    nodes: Vec<u8>,
}

impl Background {
    /// The medians of windows of `2 radius + 1` pixels; at a border they are cut off.
    pub(super) fn of(values: &[u8], width: usize, radius: usize) -> Self {
        let height = values.len() / width;
        let spacing = (radius / 2).max(1);
        let (columns, rows) = (width.div_ceil(spacing) + 1, height.div_ceil(spacing) + 1);
        let mut nodes = Vec::with_capacity(columns * rows);
        let mut window = Vec::new();
        for row in 0..rows {
            let ys = samples(row * spacing, radius, height);
            for column in 0..columns {
                let xs = samples(column * spacing, radius, width);
                window.clear();
                ys.clone().for_each(|y| window.extend(xs.clone().map(|x| values[y * width + x])));
                let middle = window.len() / 2;
                nodes.push(*window.select_nth_unstable(middle).1);
            }
        }
        Self { spacing, columns, nodes }
    }

    /// The median nearest to each pixel, row by row.
    pub(super) fn rows(&self, width: usize, height: usize) -> impl Iterator<Item = u8> + '_ {
        let nearest = |v: usize| (v + self.spacing / 2) / self.spacing;
        (0..height).flat_map(move |y| {
            let row = &self.nodes[nearest(y) * self.columns..][..self.columns];
            (0..width).map(move |x| row[nearest(x)])
        })
    }
}

/// Positions of the samples of a window on one axis.
fn samples(centre: usize, radius: usize, length: usize) -> std::iter::StepBy<std::ops::Range<usize>> {
    let centre = centre.min(length - 1);
    let (start, end) = (centre.saturating_sub(radius), (centre + radius + 1).min(length));
    (start..end).step_by((2 * radius + 1).div_ceil(ACROSS))
}
