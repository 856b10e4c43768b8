//! The plan: which boxes of the picture are solved, one after another.
//!
//! The connected pieces of the mask ([`pieces`], 8-neighbourhood) are merged into groups with one
//! sweep over their boxes from top to bottom (the plane sweep of Bentley & Ottmann 1979, reduced to
//! boxes), repeated until nothing merges: a union may reach what neither of its parts did. A sweep
//! is O(n log n), and a step for each column of a group. Pieces of one group share arrays; groups know
//! nothing of each other, so two stamps in far corners of a picture cost two stamps.
//!
//! Merging is decided by distance alone. A rule on the area of the union (merge while it wastes
//! little) and cutting from above at gaps of the projections (X-Y cut, Nagy 1984) were rejected:
//! the first needs a search for neighbours, the second leaves ten thousand scattered specks in one
//! box of the whole picture, as their projections have no gap.

use super::Quality;
use super::edges;
use super::level::intersection;
use super::order::{in_order, row_first};
use super::reduce;
use super::solver::Solver;
use super::thin::{self, Thin};
use super::wide::{self, Wide};
use crate::geometry::{Rectangle, Size};
use crate::mask::{Mask, Piece, pieces};

/// A box grows by half its shorter side before it is asked what it touches: the letters of a word
/// and the lines of a text join, specks stay alone. At least 2: the known ring of a group must not
/// hold a pixel of another. At most 16, so that no merge wastes more than a strip of 32 pixels.
const REACH: std::ops::RangeInclusive<u32> = 2..=16;

/// Sweeps before the plan gives up and takes one box: real masks settle in 2 to 5.
const MAX_SWEEPS: usize = 32;

/// Runs of marked pixels up to which pieces are looked for (about 10 ms). Above, as with a dither
/// pattern over the whole picture, there is nothing to win by parting: one box.
const MAX_RUNS: usize = 400_000;

/// Pixels of a group's box up to which it is solved at once.
pub(super) const MOST_PIXELS: u64 = 2 << 20;
/// Side of the squares that a greater box of strokes is cut into.
const TILE: u32 = 1024;
/// How far a square is solved into the next one, in pixels: what is drawn there is not known yet.
const OVERLAP: u32 = 96;
/// Mean half-width up to which strokes can be cut: what lies beyond the overlap does not matter then.
const CUT_HALF_WIDTH: f32 = OVERLAP as f32 / 2.0;

/// Mean half-widths from which on a box is solved at a half and at a quarter of its size, in pixels: from
/// where most of it is filled with patches, and from where sources that are 4 pixels apart are as good as any.
/// At a half it is as good as at full size, on seven photographs of 400 to 683 rows and five seeds: logos
/// ±0 dB, rectangles +0.3, a quarter of the picture +0.05. A quarter loses 0.4 on logos there.
const HALVED: f32 = 12.0;
const QUARTERED: f32 = 96.0;
/// Mean half-width in a large picture from which on a box is solved at a quarter of its size, in pixels: from 8 on, strokes of
/// 10 to 16 pixels were filled with fog; from 4 on, nothing changes.
const STROKES: f32 = 5.0;
/// Marked pixels up to which a box is solved at full size nevertheless, unless the picture is large: at a half,
/// patterns of few pixels' width may come out a pixel aside.
const SMALL: u64 = 8000;
/// The shorter side from which on a picture is large: a pixel aside cannot be seen.
const LARGE_SIDE: u32 = 1400;

/// A box that is solved at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    /// What is solved,
    pub(super) bounds: Rectangle,
    /// and what is kept of it: less only if a group is cut, whose next part solves the rest.
    pub(super) kept: Rectangle,
    /// Marked pixels of the box.
    pub(super) area: u64,
    /// Pixels of the side of a cell in which it is solved first.
    pub(super) scale: u32,
    /// Pixels of edges of wide parts.
    pub(super) edge: u32,
    /// About how many of its marked pixels are wide at its scale: 0 if none can be.
    pub(super) wide: u64,
    /// Pixels that the other parts' holes have on their coarsest levels.
    pub(super) elsewhere: u32,
    /// Visits that it takes as a rule.
    pub(super) expected: u64,
    /// Parts of one turn know nothing of each other; what those of the turns before have filled is known.
    pub(super) turn: u32,
}

impl Part {
    /// A box with so many marked pixels, as it is.
    pub(super) const fn of(bounds: Rectangle, area: u64) -> Self {
        Self { bounds, kept: bounds, area, scale: 1, edge: 0, wide: area, elsewhere: 0, expected: 0, turn: 0 }
    }

    /// Marked cells of so many pixels' side.
    pub(super) fn cells(&self, pixels: u32) -> u64 {
        self.area / u64::from(pixels * pixels)
    }

    /// Wide cells at its scale.
    fn wide_cells(&self) -> u64 {
        self.wide / u64::from(self.scale * self.scale)
    }
}

/// The boxes to be solved for the groups of a mask, turn by turn, the longest of a turn first; `reducible` if it
/// may be at a smaller scale.
pub(super) fn parts(groups: &[Piece], mask: &Mask, quality: Quality, reducible: bool) -> Vec<Part> {
    let scale = |bounds: Rectangle, area: u64| match reducible {
        true => scale(half_width(mask, bounds), area, quality, mask.size()),
        false => 1,
    };
    let is_cut = |bounds: Rectangle| bounds.area() > MOST_PIXELS && half_width(mask, bounds) <= CUT_HALF_WIDTH;
    let mut parts = Vec::new();
    for Piece { bounds, area } in groups.iter().copied() {
        if is_cut(bounds) {
            let squares = squares(mask, bounds);
            parts.extend(squares.into_iter().map(|part| Part { scale: scale(part.kept, part.area), ..part }));
        } else {
            parts.push(Part { scale: scale(bounds, area), ..Part::of(bounds, area) });
        }
    }
    for part in &mut parts {
        part.edge = edges::width(part.scale, mask.size());
        part.wide = part.area - thin_pixels(mask, part, 2 * thin::half_width(part.scale) * part.scale);
    }
    let peeled: u64 = parts.iter().map(|part| wide::peeled(part.wide_cells())).sum();
    for part in &mut parts {
        part.elsewhere = (peeled - wide::peeled(part.wide_cells())) as u32;
        part.expected = expected_visits(part, mask.size(), quality);
    }
    in_order(parts, |part| {
        // The longest of a turn first.
        u128::from(part.turn) << 126 | u128::from(!part.expected >> 2) << 64 | row_first(part.kept.x, part.kept.y)
    })
}

fn expected_visits(part: &Part, size: Size, quality: Quality) -> u64 {
    let Part { bounds, area, scale, wide, .. } = *part;
    let pixels = bounds.grown(thin::REACH * scale, size).area();
    if quality == Quality::Fast {
        return Solver::expected_visits(pixels, area);
    }
    let cells = |pixels: u64| pixels / u64::from(scale * scale);
    let visits = Solver::expected_visits(cells(pixels), cells(area))
        + Thin::expected_visits(cells(area - wide), scale, quality)
        + Wide::expected_visits(part.wide_cells(), part.elsewhere, quality);
    if scale == 1 { visits } else { visits + 2 * pixels + Solver::expected_visits(2 * bounds.area(), area / 2) }
}

/// The parts of a group, square by square, at full scale. Like the squares of a board in four colours, no two
/// of a turn touch, so those of a turn can be solved side by side.
fn squares(mask: &Mask, group: Rectangle) -> Vec<Part> {
    let mut parts = Vec::new();
    let lines = |from: u32, length: u32| (from..from + length).step_by(TILE as usize).zip([0, 1].into_iter().cycle());
    for (y, below) in lines(group.y, group.height) {
        for (x, beside) in lines(group.x, group.width) {
            let square = Rectangle { x, y, width: TILE, height: TILE };
            let Some(kept) = square.intersection(group).and_then(|square| marked(mask, square)) else { continue };
            let kept = kept.bounds;
            // Odd columns and rows find their neighbours known.
            let [left, top] = [OVERLAP * (1 - beside), OVERLAP * (1 - below)];
            let [x, y] = [kept.x.saturating_sub(left), kept.y.saturating_sub(top)];
            let beyond =
                Rectangle { x, y, width: kept.x - x + kept.width + left, height: kept.y - y + kept.height + top };
            let bounds = beyond.intersection(group).unwrap_or(kept);
            let area = marked(mask, bounds).map_or(0, |piece| piece.area);
            parts.push(Part { kept, turn: 2 * below + beside, ..Part::of(bounds, area) });
        }
    }
    parts
}

/// The scale at which `area` marked pixels of a mean half-width are solved.
fn scale(half_width: f32, area: u64, quality: Quality, size: Size) -> u32 {
    let is_small = area <= SMALL && !is_large(size);
    if quality == Quality::Fast || half_width < if is_large(size) { STROKES } else { HALVED } || is_small {
        1
    } else if half_width < QUARTERED && !is_large(size) {
        2
    } else {
        reduce::LARGEST
    }
}

/// Whether a pixel aside cannot be seen.
pub(super) fn is_large(size: Size) -> bool {
    size.width().min(size.height()) >= LARGE_SIDE
}

/// The mean half-width of what is marked in a box, in pixels: its area by its border, of which strokes in
/// any direction have 4 / π as many edges of pixels as it is long.
fn half_width(mask: &Mask, bounds: Rectangle) -> f32 {
    let (mut area, mut edges) = (0, 0);
    let row = |y: u32| mask.runs_inside(y, bounds);
    let sum = |runs: &mut dyn Iterator<Item = (usize, usize)>| runs.map(|(start, end)| end - start).sum::<usize>();
    let mut above = 0;
    for y in bounds.y..=bounds.y + bounds.height {
        let (mut length, mut common) = (0, 0);
        if y < bounds.y + bounds.height {
            length = sum(&mut row(y));
            edges += 2 * row(y).count();
            if y > bounds.y {
                common = sum(&mut intersection(row(y - 1), row(y)));
            }
        }
        edges += above + length - 2 * common;
        area += length;
        above = length;
    }
    4.0 / std::f32::consts::PI * area as f32 / edges.max(1) as f32
}

/// The least box that holds what is marked in another, and how much that is.
fn marked(mask: &Mask, bounds: Rectangle) -> Option<Piece> {
    let mut found: Option<Piece> = None;
    mask.each_run(bounds, &mut |y, start, end| {
        let run =
            Piece { bounds: Rectangle { x: start, y, width: end - start, height: 1 }, area: (end - start).into() };
        found = Some(found.map_or(run, |found| union(&found, &run)));
    });
    found
}

/// The groups of a mask, from top to bottom: their boxes and marked pixels.
///
/// The boxes do not overlap and hold every marked pixel; between two of them are at least four
/// rows or columns that are not marked. Empty only for an empty mask.
pub(super) fn plan(mask: &Mask) -> Vec<Piece> {
    if count_runs(mask, MAX_RUNS) < MAX_RUNS {
        return merge(pieces(mask), mask.size());
    }
    mask.bounds().map(|bounds| Piece { bounds, area: mask.count() }).into_iter().collect()
}

pub(super) fn merge(mut groups: Vec<Piece>, size: Size) -> Vec<Piece> {
    for _ in 0..MAX_SWEEPS {
        let before = groups.len();
        groups = sweep(groups, size);
        if groups.len() == before {
            return groups;
        }
    }
    groups.into_iter().reduce(|a, b| union(&a, &b)).into_iter().collect()
}

/// One sweep. The active groups never overlap in x: what overlaps in x either merges or has ended above. So each column
/// belongs to one of them at most.
fn sweep(groups: Vec<Piece>, size: Size) -> Vec<Piece> {
    let groups =
        in_order(groups, |group| u128::from(grown(group, size).y) << 64 | row_first(group.bounds.y, group.bounds.x));
    let mut ended = Vec::with_capacity(groups.len());
    // By their first column, and that of the one that a column belongs to.
    let mut active = vec![None::<Piece>; size.width() as usize];
    let mut owner = vec![None::<u32>; size.width() as usize];
    for mut group in groups {
        let mut area = grown(&group, size);
        let columns = |area: Rectangle| area.x as usize..(area.x + area.width) as usize;
        // Those that overlap, from right to left.
        while let Some(key) = owner[columns(area)].iter().rev().find_map(|key| *key) {
            let Some(other) = active[key as usize].take() else { break };
            let other_area = grown(&other, size);
            owner[columns(other_area)].fill(None);
            if other_area.bottom() <= u64::from(area.y) {
                ended.push(other);
            } else {
                group = union(&group, &other);
                area = grown(&group, size);
            }
        }
        owner[columns(area)].fill(Some(area.x));
        active[area.x as usize] = Some(group);
    }
    ended.extend(active.into_iter().flatten());
    in_order(ended, |group| row_first(group.bounds.x, group.bounds.y))
}

fn grown(group: &Piece, size: Size) -> Rectangle {
    let half = group.bounds.width.min(group.bounds.height) / 2;
    group.bounds.grown(half.clamp(*REACH.start(), *REACH.end()), size)
}

fn union(a: &Piece, b: &Piece) -> Piece {
    Piece { bounds: a.bounds.union(b.bounds), area: a.area + b.area }
}

/// About how many pixels of a box are thin, for foretelling its cost: all of a flat or narrow box,
/// elsewhere those of runs of up to `width`.
fn thin_pixels(mask: &Mask, part: &Part, width: u32) -> u64 {
    if part.bounds.width.min(part.bounds.height) <= width {
        return part.area;
    }
    let mut thin = 0;
    mask.each_run(part.bounds, &mut |_, start, end| {
        thin += if end - start <= width { u64::from(end - start) } else { 0 };
    });
    thin
}

/// Runs of marked pixels, counted up to `limit`.
fn count_runs(mask: &Mask, limit: usize) -> usize {
    (0..mask.size().height()).flat_map(|y| mask.runs(y)).take(limit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(width: u32, height: u32, marks: &[[u32; 4]]) -> Mask {
        let marks: Vec<_> = marks.iter().map(|[x, y, width, height]| rectangle(*x, *y, *width, *height)).collect();
        Mask::from_rectangles(Size::new(width, height).expect("a size"), &marks)
    }

    fn rectangle(x: u32, y: u32, width: u32, height: u32) -> Rectangle {
        Rectangle { x, y, width, height }
    }

    #[test]
    fn far_apart_stays_apart() {
        let groups = plan(&mask(4000, 3000, &[[10, 10, 40, 20], [3900, 2900, 40, 20]]));
        let boxes: Vec<_> = groups.iter().map(|group| group.bounds).collect();
        assert_eq!(boxes, [rectangle(10, 10, 40, 20), rectangle(3900, 2900, 40, 20)]);
    }

    #[test]
    fn the_letters_of_a_line_are_one_group() {
        let letters: Vec<_> = (0..30).map(|i| [20 + i * 22, 100 + i % 3, 15, 24]).collect();
        let groups = plan(&mask(800, 300, &letters));
        assert_eq!(groups.len(), 1);
        assert_eq!((groups[0].bounds, groups[0].area), (rectangle(20, 100, 653, 26), 30 * 15 * 24));
    }

    #[test]
    fn a_union_that_reaches_what_its_parts_did_not_merges_again() {
        // The speck has ended when the bar below it joins the tall one; only their union holds it.
        let groups = plan(&mask(200, 200, &[[0, 0, 20, 100], [50, 10, 1, 1], [22, 60, 80, 30]]));
        assert_eq!(groups.len(), 1);
    }

    #[test]
    fn parts_know_how_much_is_peeled_elsewhere() {
        let mask = mask(900, 700, &[[100, 100, 60, 50], [500, 100, 80, 40], [300, 500, 200, 2]]);
        let parts = parts(&plan(&mask), &mask, Quality::Balanced, true);
        let of_parts: Vec<_> = parts.iter().map(|part| (part.bounds.width, part.wide, part.elsewhere)).collect();
        assert_eq!(of_parts, [(80, 3200, 3000), (60, 3000, 3200), (200, 0, 6200)]);
    }

    #[test]
    fn squares_of_a_turn_do_not_touch_and_those_before_are_known() {
        let size = Size::new(3300, 2500).expect("a size");
        let lines: Vec<_> = (0..150).map(|i| [0, i * 16, 3300, 3]).chain([[7, 0, 3, 2500]]).collect();
        let mask = mask(3300, 2500, &lines);
        let parts = parts(&plan(&mask), &mask, Quality::Balanced, true);
        assert!(parts.len() >= 12 && parts.is_sorted_by_key(|part| part.turn));
        for (i, part) in parts.iter().enumerate() {
            for other in &parts[i + 1..] {
                assert_eq!(part.kept.intersection(other.kept), None);
                let touches = part.bounds.grown(2, size).intersection(other.bounds).is_some();
                assert!(part.turn < other.turn || !touches, "{part:?} and {other:?}");
                // Whoever comes first goes into those beside it a bit.
                let common = part.kept.grown(16, size).intersection(other.kept);
                let neighbours = common.is_some_and(|common| common.width.max(common.height) > 100);
                assert!(!neighbours || part.bounds.intersection(other.kept).is_some(), "{part:?} and {other:?}");
            }
        }
    }

    #[test]
    fn a_dither_pattern_is_not_searched_for_pieces() {
        let size = Size::new(1500, 1500).expect("a size");
        let values: Vec<u8> =
            (0..1500 * 1500).map(|i| u8::from(i % 1500 % 2 == 0 && i / 1500 % 2 == 0) * 255).collect();
        let groups = plan(&Mask::from_values(size, values.into_iter(), 128).expect("one value a pixel"));
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].area, 750 * 750);
    }

    proptest! {
        #[test]
        fn groups_are_apart_and_hold_everything(
            marks in prop::collection::vec((0u32..300, 0u32..300, 1u32..40, 1u32..40), 1..60),
        ) {
            let marks: Vec<_> = marks.into_iter().map(|(x, y, w, h)| [x, y, w, h]).collect();
            let mask = mask(310, 310, &marks);
            let groups = plan(&mask);
            prop_assert_eq!(groups.iter().map(|group| group.area).sum::<u64>(), mask.count());
            for (i, a) in groups.iter().enumerate() {
                for b in &groups[i + 1..] {
                    let near = a.bounds.grown(2, mask.size()).intersection(b.bounds.grown(2, mask.size()));
                    prop_assert_eq!(near, None);
                }
            }
            let boxes: Vec<_> = groups.iter().map(|group| group.bounds).collect();
            let inside = Mask::from_rectangles(mask.size(), &boxes);
            for y in 0..310 {
                for (start, end) in mask.runs(y) {
                    prop_assert!((start..end).all(|x| inside.get(x, y)));
                }
            }
        }
    }
}
