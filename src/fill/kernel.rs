//! The row kernels of the multigrid solver: relax, restrict, prolong, average.
//!
//! Cells are [f32; 4], one SIMD register, and every lane goes the same way, so the compiler's
//! vectorised code and scalar code agree bit for bit, natively and in wasm: plain additions and
//! multiplications in a written order, no FMA. The equation of an unknown cell is
//! `degree × u − Σ neighbours = force`, where only neighbours inside the picture count: that is the
//! zero-flux (Neumann) border. Neighbours outside are stored as 0, so only the degree knows of it.

use super::level::Cell;

/// Rows y − 1, y and y + 1 with their borders: cell x is at x + 1.
pub(super) type Around<'a> = [&'a [Cell]; 3];

/// The reciprocal of 0 to 4.
const INVERSE: [f32; 5] = [0.0, 1.0, 0.5, 1.0 / 3.0, 0.25];

/// One half-sweep of red-black Gauss-Seidel over the cells `start..end` of a row whose x has the
/// given parity. Returns the greatest change of each channel if `TRACK`, else 0.
///
/// `forces` has the same layout as `row`, or is empty for all zeros; `vertical` is the number of
/// neighbours above and below, 0 to 2. Runs of strokes are short: a call for each is a tenth of their time.
#[inline(always)]
pub(super) fn relax<const TRACK: bool>(
    (above, row, below): (&[Cell], &mut [Cell], &[Cell]),
    forces: &[Cell],
    (start, end): (usize, usize),
    parity: usize,
    vertical: usize,
) -> Cell {
    let mut worst = [0.0; 4];
    let width = row.len() - 2;
    let mut run = |row: &mut [Cell], first: usize, end: usize, degree: usize| {
        let change = if forces.is_empty() {
            relax_inside::<TRACK, false>(above, row, below, forces, first, end, INVERSE[degree])
        } else {
            relax_inside::<TRACK, true>(above, row, below, forces, first, end, INVERSE[degree])
        };
        worst = greater(worst, change);
    };
    let mut first = start + ((start ^ parity) & 1);
    if first == 0 && first < end {
        run(row, 0, 1, vertical + usize::from(width > 1));
        first = 2;
    }
    let last = width - 1;
    if end == width && first <= last && (last ^ first) & 1 == 0 {
        run(row, last, width, vertical + 1);
    }
    let inner = end.min(last);
    if first < inner {
        run(row, first, inner, vertical + 2);
    }
    worst
}

/// Every second cell from `first` on, below `end`, all with the same number of neighbours.
#[inline(always)]
fn relax_inside<const TRACK: bool, const FORCED: bool>(
    above: &[Cell],
    row: &mut [Cell],
    below: &[Cell],
    forces: &[Cell],
    first: usize,
    end: usize,
    inverse: f32,
) -> Cell {
    let mut worst = [0.0; 4];
    // From here on cell x is in the middle of row[x..x + 3].
    let (above, row, below) = (&above[..end + 2], &mut row[..end + 2], &below[..end + 2]);
    let mut x = first;
    while x < end {
        let mut sum = add(add(row[x], row[x + 2]), add(above[x + 1], below[x + 1]));
        if FORCED {
            sum = add(sum, forces[x + 1]);
        }
        let value = scale(sum, inverse);
        if TRACK {
            worst = greater(worst, distance(value, row[x + 1]));
        }
        row[x + 1] = value;
        x += 2;
    }
    worst
}

/// The right-hand side of a coarse cell: the sum of its children's residuals.
///
/// The children are those of the rows `upper` and, if it exists, `lower` = upper + 1, of which
/// relaxation has just left the black ones without any residual: the two red ones, on the main
/// diagonal, are the sum. `vertical` are their numbers of vertical neighbours.
pub(super) fn restrict(
    upper: Around,
    lower: Option<Around>,
    upper_forces: &[Cell],
    lower_forces: &[Cell],
    vertical: [usize; 2],
    (start, end): (usize, usize),
    coarse_forces: &mut [Cell],
) {
    let width = upper[1].len() - 2;
    let coarse_forces = &mut coarse_forces[start..end];
    for (coarse, force) in (start..end).zip(&mut *coarse_forces) {
        *force = residual(upper, upper_forces, 2 * coarse, width, vertical[0]);
    }
    let Some(lower) = lower else { return };
    for (coarse, force) in (start..end.min(width / 2)).zip(coarse_forces) {
        *force = add(*force, residual(lower, lower_forces, 2 * coarse + 1, width, vertical[1]));
    }
}

#[inline(always)]
fn residual([above, row, below]: Around, forces: &[Cell], x: usize, width: usize, vertical: usize) -> Cell {
    let inside = x > 0 && x + 1 < width;
    let degree = if inside { vertical + 2 } else { vertical + usize::from(x > 0) + usize::from(x + 1 < width) };
    let mut sum = add(add(row[x], row[x + 2]), add(above[x + 1], below[x + 1]));
    if !forces.is_empty() {
        sum = add(sum, forces[x + 1]);
    }
    add(sum, scale(row[x + 1], -(degree as f32)))
}

/// Bilinear interpolation from the level above into the cells `start..end` of a row: (9, 3, 3, 1)
/// sixteenths of the four nearest coarse cells, those outside the picture mirrored. `near` and
/// `far` are the nearest and second-nearest coarse row, without borders. Added to the row if
/// `ADD`, else written. Returns the greatest absolute value of each channel if `TRACK`, else 0.
pub(super) fn prolong<const ADD: bool, const TRACK: bool>(
    near: &[Cell],
    far: &[Cell],
    row: &mut [Cell],
    (start, end): (usize, usize),
) -> Cell {
    let mut worst = [0.0; 4];
    let last = near.len() - 1;
    let mut put = |x: usize, middle: Cell, side: Cell| {
        let value = scale(add(scale(middle, 3.0), side), 1.0 / 16.0);
        if TRACK {
            worst = greater(worst, distance(value, [0.0; 4]));
        }
        row[x] = if ADD { add(row[x], value) } else { value };
    };
    let column = |coarse: usize| add(scale(near[coarse], 3.0), far[coarse]);
    let mut left = column((start / 2).saturating_sub(1));
    let mut middle = column(start / 2);
    for coarse in start / 2..end.div_ceil(2) {
        let right = column((coarse + 1).min(last));
        if 2 * coarse >= start {
            put(2 * coarse, middle, left);
        }
        if 2 * coarse + 1 < end {
            put(2 * coarse + 1, middle, right);
        }
        (left, middle) = (middle, right);
    }
    worst
}

/// The mean of the known children of each coarse cell, 0 for those without one. Unknown children
/// must hold 0. `upper` and `lower` are rows with borders, `counts` the known children.
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
