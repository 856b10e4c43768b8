//! Morphological opening with a square, separable and by doubling.
//!
//! A minimum over n values is that of two overlapping runs of a power of two, each the minimum of two
//! half as long: log₂ n passes over neighbours, which compile to SIMD, whatever the size. van Herk's
//! and Gil and Werman's algorithm needs three comparisons a value for any n, but one after another.

/// What is left of `values` (rows of `width`) when every bright part that does not hold a square of
/// `2 radius + 1` pixels is taken away. Squares are cut off at the border.
pub(super) fn opened(values: &[u8], width: usize, radius: usize) -> Vec<u8> {
    // Closures and not `u8::min` as a pointer, so that each is compiled into the loops.
    let eroded = squares(values, width, radius, u8::MAX, |a, b| a.min(b));
    squares(&eroded, width, radius, 0, |a, b| a.max(b))
}

/// The pick of each square; `neutral` is never picked before another value.
fn squares(values: &[u8], width: usize, radius: usize, neutral: u8, pick: impl Fn(u8, u8) -> u8 + Copy) -> Vec<u8> {
    let mut lines = Runs::new(radius, neutral);
    let mut across = Vec::with_capacity(values.len());
    for row in values.chunks_exact(width) {
        across.extend_from_slice(lines.over(row, 1, pick));
    }
    Runs::new(radius, neutral).over(&across, width, pick).to_vec()
}

/// Two buffers, of which one is read while the other is written.
struct Runs {
    radius: usize,
    neutral: u8,
    from: Vec<u8>,
    to: Vec<u8>,
}

impl Runs {
    fn new(radius: usize, neutral: u8) -> Self {
        Self { radius, neutral, from: Vec::new(), to: Vec::new() }
    }

    /// The pick of the `2 radius + 1` values round each, `stride` apart.
    fn over(&mut self, values: &[u8], stride: usize, pick: impl Fn(u8, u8) -> u8 + Copy) -> &[u8] {
        let border = self.radius * stride;
        self.from.clear();
        self.from.resize(border, self.neutral);
        self.from.extend_from_slice(values);
        self.from.resize(values.len() + 2 * border, self.neutral);
        let length = 2 * self.radius + 1;
        let mut done = 1;
        while done < length {
            let shift = done.min(length - done) * stride;
            self.to.clear();
            self.to.extend(self.from.iter().zip(&self.from[shift..]).map(|(a, b)| pick(*a, *b)));
            std::mem::swap(&mut self.from, &mut self.to);
            done += shift / stride;
        }
        &self.from
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition.
    fn naive(values: &[u8], width: usize, radius: usize, pick: fn(u8, u8) -> u8) -> Vec<u8> {
        let (w, h, r) = (width as i64, (values.len() / width) as i64, radius as i64);
        let at = |x: i64, y: i64| {
            let inside = (-r..=r).flat_map(|dy| (-r..=r).map(move |dx| (x + dx, y + dy)));
            let inside = inside.filter(|(x, y)| (0..w).contains(x) && (0..h).contains(y));
            inside.map(|(x, y)| values[(y * w + x) as usize]).reduce(pick).expect("the pixel itself")
        };
        (0..h).flat_map(|y| (0..w).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect()
    }

    proptest! {
        #[test]
        fn it_is_the_largest_of_the_least(
            width in 1usize..20, radius in 0usize..9, values in prop::collection::vec(any::<u8>(), 1..200),
        ) {
            let width = width.min(values.len());
            let values = &values[..values.len() / width * width];
            let expected = naive(&naive(values, width, radius, u8::min), width, radius, u8::max);
            prop_assert_eq!(opened(values, width, radius), expected);
        }
    }
}
