//! A mask as run lengths: what undo checkpoints keep and what crosses between the wasm modules.

use super::Mask;
use crate::geometry::Size;

/// The marked runs of a mask, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    size: Size,
    /// `(y, start, end)`; the end is exclusive. 16 bits each, as a side is at most 65 535.
    spans: Vec<(u16, u16, u16)>,
}

impl Runs {
    /// The runs of a mask.
    #[must_use]
    pub fn of(mask: &Mask) -> Self {
        let size = mask.size();
        let mut spans: Vec<_> = (0..size.height())
            .flat_map(|y| mask.runs(y).map(move |(start, end)| (y as u16, start as u16, end as u16)))
            .collect();
        spans.shrink_to_fit();
        Self { size, spans }
    }

    /// The mask of the runs.
    #[must_use]
    pub fn to_mask(&self) -> Mask {
        let mut mask = Mask::new(self.size);
        self.draw(&mut mask);
        mask
    }

    /// Marks the runs in a mask of the same size.
    pub fn draw(&self, mask: &mut Mask) {
        for (y, start, end) in &self.spans {
            mask.fill_span(u32::from(*y), u32::from(*start), u32::from(*end), true);
        }
    }

    /// Number of runs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether nothing is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Bytes of memory held.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.spans.capacity() * size_of::<(u16, u16, u16)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rectangle;

    #[test]
    fn there_and_back() {
        let size = Size::new(130, 9).expect("a size");
        let marks = [
            Rectangle { x: 0, y: 0, width: 130, height: 2 },
            Rectangle { x: 63, y: 4, width: 2, height: 3 },
            Rectangle { x: 129, y: 8, width: 1, height: 1 },
        ];
        let mask = Mask::from_rectangles(size, &marks);
        let runs = Runs::of(&mask);
        assert_eq!(runs.to_mask(), mask);
        assert_eq!(runs.memory(), 6 * 6);
    }
}
