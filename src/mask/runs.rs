//! A mask put by: what undo checkpoints and steps keep, and what is written to a project file.

use super::Mask;
use crate::error::{Error, Result};
use crate::geometry::{Rectangle, Size};

/// A mask in the smaller of two forms. Marks that a person draws are a few runs a row; what a wand
/// finds in foliage may be more runs than bits.
#[derive(Debug, Clone)]
pub struct Kept {
    size: Size,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    /// `(y, start, end)`; the end is exclusive. 16 bits each, as a side is at most 65 535.
    Runs(Vec<(u16, u16, u16)>),
    Bits(Mask),
}

impl Kept {
    /// What is marked of a mask.
    #[must_use]
    pub fn of(mask: &Mask) -> Self {
        let size = mask.size();
        let most = mask.words.len() * size_of::<u64>() / size_of::<(u16, u16, u16)>();
        let mut runs = Vec::new();
        for y in 0..size.height() {
            for (start, end) in mask.runs(y) {
                runs.push((y as u16, start as u16, end as u16));
            }
            if runs.len() > most {
                return Self { size, form: Form::Bits(mask.clone()) };
            }
        }
        runs.shrink_to_fit();
        Self { size, form: Form::Runs(runs) }
    }

    /// What is marked of a mask inside a rectangle.
    #[must_use]
    pub fn within(mask: &Mask, area: Rectangle) -> Self {
        let mut inside = Mask::new(mask.size());
        inside.fill_rectangle(area, true);
        inside.words.iter_mut().zip(&mask.words).for_each(|(word, bits)| *word &= bits);
        Self::of(&inside)
    }

    /// The mask that was put by.
    #[must_use]
    pub fn to_mask(&self) -> Mask {
        let mut mask = Mask::new(self.size);
        self.draw(&mut mask, true);
        mask
    }

    /// Marks what was marked in a mask of the same size, or unmarks it.
    pub fn draw(&self, mask: &mut Mask, marked: bool) {
        match &self.form {
            Form::Bits(bits) => mask.combine(bits, marked),
            Form::Runs(runs) => {
                for (y, start, end) in runs {
                    mask.fill_span(u32::from(*y), u32::from(*start), u32::from(*end), marked);
                }
            }
        }
    }

    /// The marked runs, row by row: `y`, `start`, `end` (exclusive), over and over.
    #[must_use]
    pub fn runs(&self) -> Vec<u32> {
        let mask = self.to_mask();
        let mut runs = Vec::new();
        for y in 0..self.size.height() {
            for (start, end) in mask.runs(y) {
                runs.extend_from_slice(&[y, start, end]);
            }
        }
        runs
    }

    /// What drawing it costs, in spans.
    #[must_use]
    pub fn cost(&self) -> u64 {
        match &self.form {
            Form::Bits(bits) => bits.words.len() as u64 / 16,
            Form::Runs(runs) => runs.len() as u64,
        }
    }

    /// Bytes of memory held.
    #[must_use]
    pub fn memory(&self) -> usize {
        match &self.form {
            Form::Bits(bits) => bits.words.len() * size_of::<u64>(),
            Form::Runs(runs) => runs.capacity() * size_of::<(u16, u16, u16)>(),
        }
    }
}

impl Mask {
    /// The mask of marked runs: `y`, `start`, `end` (exclusive), over and over.
    ///
    /// # Errors
    /// [`Error::Argument`] when the numbers are no triples; [`Error::OutOfRange`] with the index and
    /// value of the first that leaves the picture, or of an end that is not behind its start.
    pub fn from_runs(size: Size, runs: &[u32]) -> Result<Self> {
        let (triples, rest) = runs.as_chunks::<3>();
        if !rest.is_empty() {
            return Err(Error::argument("runs", &format!("{} numbers are no triples", runs.len())));
        }
        let mut mask = Self::new(size);
        for (index, [y, start, end]) in triples.iter().copied().enumerate() {
            let (field, value, min, max) = match () {
                () if y >= size.height() => ("y", y, 0, size.height() - 1),
                () if start >= size.width() => ("start", start, 0, size.width() - 1),
                () if end <= start || end > size.width() => ("end", end, start + 1, size.width()),
                () => {
                    mask.fill_span(y, start, end, true);
                    continue;
                }
            };
            return Err(Error::out_of_range(format!("run {index}: {field}"), value.into(), min.into(), max.into()));
        }
        Ok(mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).expect("a size")
    }

    fn marks() -> Mask {
        let marks = [
            Rectangle { x: 0, y: 0, width: 130, height: 2 },
            Rectangle { x: 63, y: 4, width: 2, height: 3 },
            Rectangle { x: 129, y: 8, width: 1, height: 1 },
        ];
        Mask::from_rectangles(size(130, 9), &marks)
    }

    /// Every second pixel: more runs than bits.
    fn specks() -> Mask {
        let values: Vec<u8> = (0..130 * 9u32).map(|i| (i % 2) as u8).collect();
        Mask::from_values(size(130, 9), values.into_iter(), 1).expect("one value a pixel")
    }

    #[test]
    fn there_and_back_in_the_smaller_form() {
        for (mask, memory) in [(marks(), 6 * 6), (specks(), 3 * 9 * 8)] {
            let kept = Kept::of(&mask);
            assert_eq!(kept.to_mask(), mask);
            assert_eq!(kept.memory(), memory);
            assert_eq!(Mask::from_runs(mask.size(), &kept.runs()), Ok(mask.clone()));
            let mut rest = mask.inverted();
            kept.draw(&mut rest, true);
            assert_eq!(rest.count(), 130 * 9);
            kept.draw(&mut rest, false);
            assert_eq!(rest, mask.inverted());
        }
    }

    #[test]
    fn a_part_of_a_mask() {
        let part = Kept::within(&marks(), Rectangle { x: 64, y: 1, width: 10, height: 5 });
        assert_eq!(part.runs(), [1, 64, 74, 4, 64, 65, 5, 64, 65]);
    }

    #[test]
    fn runs_from_outside_are_judged() {
        let picture = size(10, 5);
        let runs = [0, 2, 10, 4, 0, 1];
        let mask = Mask::from_runs(picture, &runs).expect("runs");
        assert_eq!((mask.count(), mask.bounds()), (9, Some(Rectangle { x: 0, y: 0, width: 10, height: 5 })));
        let refused = |run: [u32; 3]| {
            let Err(Error::OutOfRange { name, value, .. }) = Mask::from_runs(picture, &[[0, 0, 1], run].concat())
            else {
                panic!("{run:?} was not refused")
            };
            (name, value)
        };
        assert_eq!(refused([5, 0, 1]), ("run 1: y".into(), "5".into()));
        assert_eq!(refused([0, 10, 11]), ("run 1: start".into(), "10".into()));
        assert_eq!(refused([0, 3, 3]), ("run 1: end".into(), "3".into()));
        assert_eq!(refused([0, 3, 11]), ("run 1: end".into(), "11".into()));
        assert_eq!(refused([0, u32::MAX, u32::MAX]), ("run 1: start".into(), u32::MAX.to_string()));
        assert!(matches!(Mask::from_runs(picture, &runs[..4]), Err(Error::Argument { .. })));
    }
}
