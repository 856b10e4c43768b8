//! The connected pieces of a mask (8-neighbourhood), by runs and union-find.
//!
//! Rosenfeld & Pfaltz 1966, the two-pass labelling, on runs instead of pixels: the work and the
//! memory grow with the number of runs, so a mask of ten thousand specks costs what its runs cost.

use super::Mask;
use crate::geometry::Rectangle;

/// One connected piece of a mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The smallest rectangle that holds it.
    pub bounds: Rectangle,
    /// Number of its pixels.
    pub area: u64,
}

/// The pieces of a mask, in the order in which their first run appears, row by row.
#[must_use]
pub fn pieces(mask: &Mask) -> Vec<Piece> {
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    let mut parents: Vec<u32> = Vec::new();
    let mut above = 0..0;
    for y in 0..mask.size().height() {
        let first = runs.len();
        let mut candidate = above.start;
        for (start, end) in mask.runs(y) {
            let label = parents.len() as u32;
            parents.push(label);
            runs.push((y, start, end));
            // Runs above that touch this one, corners included: those that end at or after its
            // start and start at or before its end.
            while candidate < above.end && runs[candidate].2 < start {
                candidate += 1;
            }
            let mut touching = candidate;
            while touching < above.end && runs[touching].1 <= end {
                unite(&mut parents, touching as u32, label);
                touching += 1;
            }
        }
        above = first..runs.len();
    }
    collect(&runs, &mut parents)
}

fn collect(runs: &[(u32, u32, u32)], parents: &mut [u32]) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut index_of_root = vec![u32::MAX; runs.len()];
    for (label, (y, start, end)) in runs.iter().enumerate() {
        let root = find(parents, label as u32) as usize;
        let bounds = Rectangle { x: *start, y: *y, width: end - start, height: 1 };
        let area = u64::from(end - start);
        if index_of_root[root] == u32::MAX {
            index_of_root[root] = found.len() as u32;
            found.push(Piece { bounds, area });
        } else {
            let piece = &mut found[index_of_root[root] as usize];
            piece.bounds = piece.bounds.union(bounds);
            piece.area += area;
        }
    }
    found
}

fn find(parents: &mut [u32], mut label: u32) -> u32 {
    while parents[label as usize] != label {
        let grandparent = parents[parents[label as usize] as usize];
        parents[label as usize] = grandparent;
        label = grandparent;
    }
    label
}

fn unite(parents: &mut [u32], a: u32, b: u32) {
    let (a, b) = (find(parents, a), find(parents, b));
    // The smaller label wins: the order of the pieces is the order of their first runs.
    parents[a.max(b) as usize] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn mask(rows: &[&str]) -> Mask {
        let size = Size::new(rows[0].len() as u32, rows.len() as u32).expect("a size");
        let values: Vec<u8> = rows.concat().bytes().map(|b| if b == b'#' { 255 } else { 0 }).collect();
        Mask::from_values(size, values.into_iter(), 128).expect("one value a pixel")
    }

    #[test]
    fn corners_connect_and_branches_join() {
        let mask = mask(&["#...#.#", "#.#.#..", "###.#.#", "......#", "#......"]);
        let found = pieces(&mask);
        let areas: Vec<_> = found.iter().map(|piece| piece.area).collect();
        assert_eq!(areas, [6, 3, 1, 2, 1]);
        assert_eq!(found[0].bounds, Rectangle { x: 0, y: 0, width: 3, height: 3 });
    }

    #[test]
    fn a_diagonal_is_one_piece() {
        let mask = mask(&["#...", ".#..", "..#.", "...#"]);
        assert_eq!(pieces(&mask).len(), 1);
    }

    #[test]
    fn a_checkerboard_is_one_piece_of_half_the_pixels() {
        let size = Size::new(301, 200).expect("a size");
        let values: Vec<u8> = (0..301 * 200).map(|i| u8::from((i % 301 + i / 301) % 2 == 0) * 255).collect();
        let mask = Mask::from_values(size, values.into_iter(), 128).expect("one value a pixel");
        let found = pieces(&mask);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].area, 301 * 200 / 2);
    }
}
