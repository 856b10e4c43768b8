//! A mask as a few rectangles that hold all of it, for whoever takes nothing else.
//!
//! The box of all marks is split, again and again, where that saves most: of all straight cuts through a box,
//! the one whose two sides, each shrunk to what is marked in it, have the least area together. Boxes that a
//! pixel's row or column apart goes through part at once, so far pieces never share one. To find the least
//! cover by N rectangles is NP-hard; of shapes that straight cuts part (text, lines, stamps) this finds it, or
//! one a little greater.

use super::Mask;
use crate::geometry::Rectangle;

/// A box, and how it is best split.
struct Node {
    bounds: Rectangle,
    /// The pixels that a split saves, and its sides.
    gain: u64,
    sides: [Rectangle; 2],
}

impl Mask {
    /// At most `most` rectangles in no order, none without marks and no two with a common pixel, that hold all
    /// that is marked; nothing for an empty mask.
    #[must_use]
    pub fn cover(&self, most: usize) -> Vec<Rectangle> {
        let mut nodes = Vec::new();
        if let Some(bounds) = self.bounds().filter(|_| most > 0) {
            nodes.push(self.node(bounds));
        }
        while nodes.len() < most {
            let Some(best) = nodes.iter_mut().max_by_key(|node: &&mut Node| node.gain) else { break };
            if best.gain == 0 {
                break;
            }
            let [first, second] = best.sides;
            *best = self.node(first);
            nodes.push(self.node(second));
        }
        nodes.iter().map(|node| node.bounds).collect()
    }

    /// `bounds` is the box of what is marked in it.
    fn node(&self, bounds: Rectangle) -> Node {
        let Rectangle { x, y, width, height } = bounds;
        let mut rows = vec![NOTHING; height as usize];
        let mut columns = vec![NOTHING; width as usize];
        for (row, at) in (y..).zip(&mut rows) {
            for (start, end) in self.runs(row) {
                let (start, end) = (start.max(x), end.min(x + width));
                if start < end {
                    widen(at, start, end);
                    columns[(start - x) as usize..(end - x) as usize].iter_mut().for_each(|at| widen(at, row, row + 1));
                }
            }
        }
        let (flat, parts) = best_cut(&rows);
        let (upright, halves) = best_cut(&columns);
        let is_flat = flat <= upright;
        let gain = bounds.area().saturating_sub(flat.min(upright));
        // What saves nothing is never split.
        let sides = if gain == 0 {
            [bounds; 2]
        } else {
            (if is_flat { parts } else { halves }).map(|side| side.in_box(bounds, is_flat))
        };
        Node { bounds, gain, sides }
    }
}

/// From where to where a line is marked.
type Extent = [u32; 2];

const NOTHING: Extent = [u32::MAX, 0];

fn widen(extent: &mut Extent, start: u32, end: u32) {
    *extent = [extent[0].min(start), extent[1].max(end)];
}

/// Some lines, and how far what is marked reaches along them.
#[derive(Clone, Copy)]
struct Side {
    lines: Extent,
    across: Extent,
}

impl Side {
    const NONE: Self = Self { lines: NOTHING, across: NOTHING };

    fn add(&mut self, line: usize, [start, end]: Extent) {
        if start < end {
            widen(&mut self.lines, line as u32, line as u32 + 1);
            widen(&mut self.across, start, end);
        }
    }

    /// Lines are rows, or columns, of `bounds`.
    fn in_box(self, bounds: Rectangle, is_flat: bool) -> Rectangle {
        let Self { lines: [from, to], across: [low, high] } = self;
        if is_flat {
            Rectangle { x: low, y: bounds.y + from, width: high - low, height: to - from }
        } else {
            Rectangle { x: bounds.x + from, y: low, width: to - from, height: high - low }
        }
    }

    fn area(self) -> u64 {
        let length = |[start, end]: Extent| u64::from(end - start);
        length(self.lines) * length(self.across)
    }
}

/// The cut between two lines that leaves the least area, and that; the first and the last line are marked.
/// Of one line there is no cut.
fn best_cut(lines: &[Extent]) -> (u64, [Side; 2]) {
    // From each line on.
    let mut behind = vec![Side::NONE; lines.len()];
    let mut side = Side::NONE;
    for line in (0..lines.len()).rev() {
        side.add(line, lines[line]);
        behind[line] = side;
    }
    let mut best = (u64::MAX, [Side::NONE; 2]);
    let mut before = Side::NONE;
    for line in 1..lines.len() {
        before.add(line - 1, lines[line - 1]);
        let sum = before.area() + behind[line].area();
        if sum < best.0 {
            best = (sum, [before, behind[line]]);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use proptest::prelude::*;

    fn rectangle(x: u32, y: u32, width: u32, height: u32) -> Rectangle {
        Rectangle { x, y, width, height }
    }

    fn mask(width: u32, height: u32, marks: &[Rectangle]) -> Mask {
        Mask::from_rectangles(Size::new(width, height).expect("a size"), marks)
    }

    #[test]
    fn rectangles_come_back_as_they_were() {
        let marks =
            [rectangle(3, 4, 50, 9), rectangle(100, 2, 20, 30), rectangle(10, 60, 5, 5), rectangle(99, 60, 40, 1)];
        let mut cover = mask(200, 90, &marks).cover(50);
        cover.sort_unstable_by_key(|r| r.x);
        assert_eq!(cover, [marks[0], marks[2], marks[3], marks[1]]);
    }

    #[test]
    fn an_l_is_two_and_with_one_its_box() {
        let l = mask(100, 100, &[rectangle(10, 10, 4, 60), rectangle(10, 66, 50, 4)]);
        assert_eq!(l.cover(50).len(), 2);
        assert_eq!(l.cover(50).iter().map(|r| r.area()).sum::<u64>(), l.count());
        assert_eq!(l.cover(1), [rectangle(10, 10, 50, 60)]);
        assert_eq!(l.cover(0), []);
        assert_eq!(mask(9, 9, &[]).cover(50), []);
    }

    #[test]
    fn what_saves_most_is_split_first() {
        let far = [rectangle(0, 0, 4, 4), rectangle(10, 0, 4, 4), rectangle(400, 400, 4, 4)];
        let cover = mask(500, 500, &far).cover(2);
        assert_eq!(cover.len(), 2);
        assert!(cover.contains(&rectangle(0, 0, 14, 4)) && cover.contains(&rectangle(400, 400, 4, 4)), "{cover:?}");
    }

    proptest! {
        #[test]
        fn all_is_held_by_no_more_than_were_asked_for(
            marks in prop::collection::vec((0u32..90, 0u32..70, 1u32..30, 1u32..30), 0..12), most in 1usize..12,
        ) {
            let marks: Vec<_> = marks.iter().map(|(x, y, w, h)| rectangle(*x, *y, *w, *h)).collect();
            let mask = mask(128, 100, &marks);
            let cover = mask.cover(most);
            prop_assert!(cover.len() <= most);
            let mut covered = Mask::from_rectangles(mask.size(), &cover);
            prop_assert_eq!(covered.count(), cover.iter().map(|r| r.area()).sum::<u64>());
            for r in &cover {
                let own = Mask::from_rectangles(mask.size(), &[*r]);
                let mut other = own.clone();
                other.combine(&mask, false);
                prop_assert!(other.count() < own.count(), "{:?} holds nothing", r);
            }
            covered.combine(&mask, false);
            let outside = covered.count();
            prop_assert_eq!(outside + mask.count(), cover.iter().map(|r| r.area()).sum::<u64>());
            // One more is never worse.
            let more: u64 = mask.cover(most + 1).iter().map(|r| r.area()).sum();
            prop_assert!(more <= cover.iter().map(|r| r.area()).sum::<u64>());
        }
    }
}
