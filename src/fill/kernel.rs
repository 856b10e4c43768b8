//! The row kernels of the multigrid solver: relax, restrict, prolong, average.
//!
//! Cells are [f32; 4], one SIMD register, and every lane goes the same way, so the compiler's
//! vectorised code and scalar code agree bit for bit, natively and in wasm: plain additions and
//! multiplications in a written order, no FMA. The equation of an unknown cell is
//! `degree × u − Σ neighbours = force`, where only neighbours inside the picture count: that is the
//! zero-flux (Neumann) border. Neighbours outside are stored as 0, so only the degree knows of it.

use super::grid::Cell;

/// Some cells of a row, and what their residuals depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Rows y − 1, y and y + 1, from one cell before to one behind.
    pub(super) rows: [&'a [Cell]; 3],
    /// Their right-hand sides, likewise; empty for all zeros.
    pub(super) forces: &'a [Cell],
    /// Neighbours above and below: 0 to 2.
    pub(super) vertical: usize,
}

/// The reciprocal of 0 to 4.
const INVERSE: [f32; 5] = [0.0, 1.0, 0.5, 1.0 / 3.0, 0.25];

/// One half-sweep of red-black Gauss-Seidel over every second cell from `first` on, below `end`. If `TRACK`, `worst`
/// grows to the greatest change of each channel.
///
/// `row` goes from one cell before those that are counted from 0 on to one behind them, as do those `beside` it, above
/// and below, and `forces`, if `FORCED`; else they are 0. `edges` says whether the run begins and ends where the
/// box does, and `vertical` is the number of neighbours above and below, 0 to 2.
#[inline(always)]
pub(super) fn relax<const TRACK: bool, const FORCED: bool>(
    row: &mut [Cell],
    beside: [&[Cell]; 2],
    forces: &[Cell],
    (mut first, mut end): (usize, usize),
    edges: [bool; 2],
    vertical: usize,
    worst: &mut Cell,
) {
    if edges[0] || edges[1] {
        let change = relax_edges(row, beside, forces, (first, end), edges, vertical);
        if TRACK {
            *worst = greater(*worst, change);
        }
        first += 2 * usize::from(edges[0] && first == 0);
        end -= usize::from(edges[1]);
    }
    relax_inside::<TRACK, FORCED>(row, beside, forces, first, end, INVERSE[vertical + 2], worst);
}

/// The first and the last cell of a run, where the box ends; the greatest change.
#[inline(never)]
fn relax_edges(
    row: &mut [Cell],
    [above, below]: [&[Cell]; 2],
    forces: &[Cell],
    (first, end): (usize, usize),
    [is_first, is_last]: [bool; 2],
    vertical: usize,
) -> Cell {
    let mut worst = [0.0; 4];
    for x in [0, end - 1] {
        // A box may be a single column.
        let edges = usize::from(is_first && x == 0) + usize::from(is_last && x == end - 1);
        if edges == 0 || x < first || !(x - first).is_multiple_of(2) {
            continue;
        }
        let force = forces.get(x + 1).copied().unwrap_or_default();
        let sum = add(add(add(row[x], row[x + 2]), add(above[x + 1], below[x + 1])), force);
        let value = scale(sum, INVERSE[vertical + 2 - edges]);
        worst = greater(worst, distance(value, row[x + 1]));
        row[x + 1] = value;
    }
    worst
}

/// Every second cell from `first` on, below `end`, all with the same number of neighbours.
#[inline(always)]
fn relax_inside<const TRACK: bool, const FORCED: bool>(
    row: &mut [Cell],
    [above, below]: [&[Cell]; 2],
    forces: &[Cell],
    first: usize,
    end: usize,
    inverse: f32,
    worst: &mut Cell,
) {
    // From here on cell x is in the middle of row[x..x + 3].
    let (above, row, below) = (&above[..end + 2], &mut row[..end + 2], &below[..end + 2]);
    let forces = if FORCED { &forces[..end + 2] } else { &[] };
    let mut x = first;
    while x < end {
        let mut sum = add(add(row[x], row[x + 2]), add(above[x + 1], below[x + 1]));
        if FORCED {
            sum = add(sum, forces[x + 1]);
        }
        let value = scale(sum, inverse);
        if TRACK {
            *worst = greater(*worst, distance(value, row[x + 1]));
        }
        row[x + 1] = value;
        x += 2;
    }
}

/// The right-hand sides of a run of coarse cells: the sums of their children's residuals.
///
/// The children are those of the rows `upper` and, if it exists, `lower` = upper + 1, of which
/// relaxation has just left the black ones without any residual: the two red ones, on the main
/// diagonal, are the sum. `edges` says whether they begin and end where the box does.
pub(super) fn restrict(upper: Around, lower: Option<Around>, edges: [bool; 2], coarse_forces: &mut [Cell]) {
    let length = upper.rows[1].len() - 2;
    for (i, force) in coarse_forces.iter_mut().enumerate() {
        *force = residual(upper, 2 * i, length, edges);
    }
    let Some(lower) = lower else { return };
    for (i, force) in coarse_forces.iter_mut().enumerate().take(length / 2) {
        *force = add(*force, residual(lower, 2 * i + 1, length, edges));
    }
}

/// The residual of cell `x` of so many.
#[inline(always)]
fn residual(
    Around { rows: [above, row, below], forces, vertical }: Around,
    x: usize,
    length: usize,
    edges: [bool; 2],
) -> Cell {
    let is_edge = [x == 0 && edges[0], x + 1 == length && edges[1]];
    let degree = vertical + 2 - usize::from(is_edge[0]) - usize::from(is_edge[1]);
    let mut sum = add(add(row[x], row[x + 2]), add(above[x + 1], below[x + 1]));
    if !forces.is_empty() {
        sum = add(sum, forces[x + 1]);
    }
    add(sum, scale(row[x + 1], -(degree as f32)))
}

/// Bilinear interpolation from the level above into a run of a row that begins in column `start`: (9, 3, 3, 1)
/// sixteenths of the four nearest coarse cells, those outside the picture mirrored. `near` and
/// `far` are the nearest and second-nearest coarse row, from one cell before the parents to one behind them;
/// `edges` says whether these begin and end where the box does. Added to the row if `ADD`, else written. Returns the
/// greatest absolute value of each channel if `ADD`, else 0.
pub(super) fn prolong<const ADD: bool>(
    (near, far, edges): (&[Cell], &[Cell], [bool; 2]),
    row: &mut [Cell],
    start: usize,
) -> Cell {
    let mut worst = [0.0; 4];
    let length = row.len();
    let mut put = |x: usize, middle: Cell, side: Cell| {
        let value = scale(add(scale(middle, 3.0), side), 1.0 / 16.0);
        if ADD {
            worst = greater(worst, distance(value, [0.0; 4]));
        }
        row[x] = if ADD { add(row[x], value) } else { value };
    };
    let column = |parent: usize| add(scale(near[parent], 3.0), far[parent]);
    // The parents are the cells from 1 to `last`.
    let last = near.len() - 2;
    let mut middle = column(1);
    let mut left = if edges[0] { middle } else { column(0) };
    // The first parent's right child may be the first of the run.
    let odd = start & 1;
    for parent in 1..=last {
        let right = if parent == last && edges[1] { middle } else { column(parent + 1) };
        let child = 2 * (parent - 1);
        if child >= odd {
            put(child - odd, middle, left);
        }
        if child + 1 - odd < length {
            put(child + 1 - odd, middle, right);
        }
        (left, middle) = (middle, right);
    }
    worst
}

/// The mean of the known children of each coarse cell, 0 for those without one. Unknown children
/// must hold 0. `upper` and `lower` are their rows, from one cell before to one behind, `counts` the known children.
pub(super) fn average(upper: &[Cell], lower: &[Cell], counts: &[u8], coarse: &mut [Cell]) {
    // An odd width ends with the border's 0.
    let pairs = upper[1..].chunks_exact(2).zip(lower[1..].chunks_exact(2));
    for ((cell, count), (a, b)) in coarse.iter_mut().zip(counts).zip(pairs) {
        *cell = scale(add(add(a[0], a[1]), add(b[0], b[1])), INVERSE[usize::from(*count)]);
    }
}

/// The greater of two, channel by channel.
#[inline(always)]
pub(super) fn greater(a: Cell, b: Cell) -> Cell {
    std::array::from_fn(|i| if a[i] > b[i] { a[i] } else { b[i] })
}

#[inline(always)]
fn add(a: Cell, b: Cell) -> Cell {
    std::array::from_fn(|i| a[i] + b[i])
}

#[inline(always)]
fn scale(a: Cell, factor: f32) -> Cell {
    std::array::from_fn(|i| a[i] * factor)
}

#[inline(always)]
fn distance(a: Cell, b: Cell) -> Cell {
    std::array::from_fn(|i| (a[i] - b[i]).abs())
}
