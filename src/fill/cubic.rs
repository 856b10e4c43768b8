//! Cells enlarged to pixels, a run at a time.

use std::ops::Range;

use super::grid::{Cell, Grid};
use crate::geometry::Rectangle;

/// Cubic convolution (Keys, *Cubic convolution interpolation for digital image processing*, 1981, a = −1/2).
#[derive(Debug)]
pub(super) struct Cubic {
    pixels: u32,
    /// Weights of the four nearest cells for each pixel of a cell.
    weights: Vec<[f32; 4]>,
    /// Some cells of a row, blended vertically.
    line: Vec<Cell>,
}

impl Cubic {
    /// For cells of so many pixels' width and height.
    pub(super) fn new(pixels: u32) -> Self {
        let weights = (0..pixels).map(|pixel| weights(pixel, pixels)).collect();
        Self { pixels, weights, line: Vec::new() }
    }

    /// The pixels in some columns of row `y`, from a grid of the cells in `area`, whose border is repeated; none if
    /// not all that they are blended of is kept.
    pub(super) fn run(
        &mut self,
        grid: &Grid,
        area: Rectangle,
        y: u32,
        columns: Range<u32>,
    ) -> impl Iterator<Item = Cell> + '_ {
        let Self { pixels, weights, line } = self;
        let (pixels, weights) = (*pixels, &*weights);
        let weights = move |pixel: u32| weights[(pixel % pixels) as usize];
        let nearest_to = move |x: u32| nearest(x, pixels, area.x, area.width);
        let seen = nearest_to(columns.start)[0]..nearest_to(columns.end - 1)[3] + 1;
        let first = seen.start;
        let mut cells = grid.columns(seen);
        let rows = nearest(y, pixels, area.y, area.height).map(|y| cells.get(y));
        line.clear();
        if let [Some(a), Some(b), Some(c), Some(d)] = rows {
            let weights = weights(y);
            let beside = a.iter().zip(b).zip(c.iter().zip(d));
            line.extend(beside.map(|((a, b), (c, d))| blend([a, b, c, d], weights)));
        }
        let columns = if line.is_empty() { 0..0 } else { columns };
        columns.map(move |x| blend(nearest_to(x).map(|x| &line[x - first]), weights(x)))
    }
}

/// The four cells around a pixel, counted from `first`, of which there are `count`; those beyond repeated.
fn nearest(pixel: u32, pixels: u32, first: u32, count: u32) -> [usize; 4] {
    let third = (pixel + pixels.div_ceil(2)) / pixels;
    [0, 1, 2, 3].map(|step| (third + step).saturating_sub(2 + first).min(count - 1) as usize)
}

fn weights(pixel: u32, pixels: u32) -> [f32; 4] {
    let at = (pixel as f32 + 0.5) / pixels as f32 - 0.5;
    let t = if at < 0.0 { at + 1.0 } else { at };
    let (t2, t3) = (t * t, t * t * t);
    [2.0 * t2 - t3 - t, 3.0 * t3 - 5.0 * t2 + 2.0, 4.0 * t2 - 3.0 * t3 + t, t3 - t2].map(|weight| 0.5 * weight)
}

fn blend([a, b, c, d]: [&Cell; 4], weights: [f32; 4]) -> Cell {
    let near = |lane: usize| b[lane] * weights[1] + c[lane] * weights[2];
    std::array::from_fn(|lane| near(lane) + (a[lane] * weights[0] + d[lane] * weights[3]))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fill::grid::Kept;

    /// A grid of `width` × `height` cells, of which those in `kept` columns are kept.
    fn grid(width: usize, height: usize, kept: (usize, usize), value: impl Fn(usize, usize) -> f32) -> Grid {
        let mut grid = Grid::new(&Arc::new(Kept::new(width, height, &mut |_, keep| keep(kept))));
        for y in 0..height {
            grid.push_row();
            for (start, cells) in grid.runs_mut(y) {
                (start..).zip(cells).for_each(|(x, cell)| *cell = [value(x, y); 4]);
            }
        }
        grid.close();
        grid
    }

    #[test]
    fn a_slope_goes_on_between_cells_and_ends_at_the_border() {
        for pixels in [2, 4] {
            let slope = |x: usize, y: usize| (16 * x + 48 * y) as f32;
            let (grid, area) = (grid(9, 7, (0, 9), slope), Rectangle { x: 0, y: 0, width: 9, height: 7 });
            let mut cubic = Cubic::new(pixels);
            for y in 0..7 * pixels {
                let row: Vec<_> = cubic.run(&grid, area, y, 0..9 * pixels).map(|cell| cell[3]).collect();
                assert_eq!(row.len(), 9 * pixels as usize);
                // Where all four cells are in the grid.
                let inside = |at: u32, length: u32| (2 * pixels..(length - 2) * pixels).contains(&at);
                let middle = |at: u32| (at as f32 + 0.5) / pixels as f32 - 0.5;
                for (x, value) in (0..).zip(&row).filter(|(x, _)| inside(*x, 9) && inside(y, 7)) {
                    let wanted = 16.0 * middle(x) + 48.0 * middle(y);
                    assert!((value - wanted).abs() < 1e-3, "{pixels} pixels, {x} {y}: {value}, not {wanted}");
                }
                assert!(row.iter().all(|value| (-10.0..=430.0).contains(value)), "{row:?}");
            }
        }
    }

    #[test]
    fn what_is_not_kept_gives_no_pixels() {
        let (grid, area) = (grid(9, 4, (3, 9), |_, _| 7.0), Rectangle { x: 0, y: 0, width: 9, height: 4 });
        let mut cubic = Cubic::new(2);
        assert_eq!(cubic.run(&grid, area, 4, 6..10).count(), 0);
        assert_eq!(cubic.run(&grid, area, 4, 10..14).collect::<Vec<_>>(), [[7.0; 4]; 4]);
    }
}
