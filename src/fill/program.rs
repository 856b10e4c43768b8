//! The program of one group: which pass over which level follows which.

use std::ops::RangeInclusive;

use super::thin::Phase;

/// A pass over the rows of a level. The correction of `Correct(k)` and the guess of
/// `Interpolate(k)` come from level k + 1; `Halve(k)`, `Average(k)` and `Restrict(k)` write to it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operation {
    /// The unknown cells of level 0,
    Scan,
    /// and of the level above.
    Halve(usize),
    /// The picture into level 0, where it is near to unknown cells.
    Load,
    /// Known children into the level above.
    Average(usize),
    /// The guess of the level above into unknown cells.
    Interpolate(usize),
    /// Sweeps of red-black Gauss-Seidel.
    Relax { level: usize, sweeps: usize },
    /// From a level of values to one of corrections.
    Clear(usize),
    /// Residuals to the level above.
    Restrict(usize),
    /// Adds the correction of the level above.
    Correct(usize),
    /// One more cycle?
    Check,
    /// A phase of the thin stage, on level 0 or 1.
    Thin { level: usize, phase: Phase },
    /// Level 0 into a patch.
    Paint,
}

/// Sweeps on level k of the guess: more where they are cheap, as the cascadic multigrid has it.
const fn guess_sweeps(level: usize) -> usize {
    2 + 3 * level
}

/// Sweeps before and after the correction. Of 1 to 3 each, these were the fastest to the same
/// error on holes, text and strokes, if by little; all sweeps of one operation share one walk
/// through memory.
const PRE_SWEEPS: usize = 1;
const POST_SWEEPS: usize = 2;

/// How often a level solves the one above it: once on level 0 (V), twice from level 1 on (W), where
/// cells are few. The border of the unknown part lies up to half a cell off on every level; with
/// V-cycles alone a cycle left 0.55 of the error in a wide hole, this way 0.35.
const fn corrections(level: usize) -> usize {
    if level == 0 { 1 } else { 2 }
}

/// Sweeps on the coarsest level with unknown cells: it has no block of 2 × 2 that is aligned, so
/// it is a net of strokes up to 3 cells wide, where a sweep halves the error at least.
const COARSEST_SWEEPS: usize = 4;

/// The guess, on some levels, from the coarsest downwards.
pub(super) fn guess(program: &mut Vec<Operation>, levels: RangeInclusive<usize>) {
    for level in levels.rev() {
        program.extend([Operation::Interpolate(level), Operation::Relax { level, sweeps: guess_sweeps(level) }]);
    }
}

/// The operations of one cycle from `level` upwards.
pub(super) fn cycle(program: &mut Vec<Operation>, level: usize, coarsest: usize) {
    if level == coarsest {
        program.push(Operation::Relax { level, sweeps: COARSEST_SWEEPS });
        return;
    }
    for _ in 0..corrections(level) {
        program.extend([Operation::Relax { level, sweeps: PRE_SWEEPS }, Operation::Restrict(level)]);
        cycle(program, level + 1, coarsest);
        program.extend([Operation::Correct(level), Operation::Relax { level, sweeps: POST_SWEEPS }]);
    }
}
