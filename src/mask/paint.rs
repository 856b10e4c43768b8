//! The pixels that show a mask on a canvas: a colour over what is marked, and dashes round it.
//!
//! The dashes are on the marked side: all marked canvas pixels with an unmarked one within the edge's
//! thickness. White and near-black by turns can be seen on any picture. Which of the two a pixel has
//! depends on where it is on the canvas and on nothing else, so that no dash moves while a mark is
//! drawn. The pattern is a chessboard turned by atan(1/2): along an upright chessboard's diagonal, or
//! along stripes, an edge would be of one colour.

use super::view::{Seen, View};
use super::{Mask, runs};
use crate::error::Result;
use crate::geometry::Rectangle;

/// How a mask is painted.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// Red, green and blue.
    pub rgb: [u8; 3],
    /// 0 to 1.
    pub opacity: f64,
    /// Thickness of the dashes in canvas pixels; 0: none.
    pub edge: u32,
}

/// The two colours of the dashes.
const DASHES: [[u8; 4]; 2] = [[255, 255, 255, 255], [20, 20, 20, 255]];

/// The side of a field of the chessboard times √5, in thicknesses of the edge: dashes are about
/// four times as long as thick.
const DASH: u32 = 8;

impl Paint {
    /// The part of a canvas that has to be painted when a box of the picture has changed: an edge is
    /// as far from what changed as it is thick, also where what changed is off the canvas.
    #[must_use]
    pub fn area(&self, view: &View, changed: Rectangle, canvas: Rectangle) -> Option<Rectangle> {
        let margin = 2 * self.edge;
        let touched = view.widened(self.edge).to_canvas(changed, widened(canvas, self.edge))?;
        // On the widened canvas all is `edge` further right and below: so this is grown by `edge`.
        let (x, y) = (touched.x.saturating_sub(margin), touched.y.saturating_sub(margin));
        let (width, height) = (touched.x - x + touched.width, touched.y - y + touched.height);
        Rectangle { x, y, width, height }.intersection(canvas)
    }

    /// The pixels of a part of a canvas, row by row: red, green, blue, alpha, not premultiplied.
    ///
    /// # Errors
    /// Those of [`Mask::seen_through`].
    pub fn pixels(&self, mask: &Mask, view: &View, area: Rectangle) -> Result<Vec<u8>> {
        let Seen { shares, marked } = mask.seen_through(&view.widened(self.edge), widened(area, self.edge))?;
        let inner = marked.shrunk(self.edge);
        let colours = self.colours();
        // What lies in the margin is seen but not painted.
        let (width, margin) = (area.width as usize, self.edge as usize);
        let inside = |x: u32| (x as usize).saturating_sub(margin).min(width);
        let span = |(start, end): (u32, u32)| inside(start)..inside(end);
        let mut pixels = vec![0; 4 * width * area.height as usize];
        let mut edge = vec![0; marked.row(0).len()];
        for line in 0..area.height {
            let y = line + self.edge;
            let pixels = pixels[4 * line as usize * width..][..4 * width].as_chunks_mut::<4>().0;
            let shares = &shares[y as usize * (width + 2 * margin) + margin..][..width];
            for span in marked.runs(y).map(span) {
                for (pixel, share) in pixels[span.clone()].iter_mut().zip(&shares[span]) {
                    *pixel = colours[usize::from(*share)];
                }
            }
            for (word, (all, inner)) in edge.iter_mut().zip(marked.row(y).iter().zip(inner.row(y))) {
                *word = all & !inner;
            }
            for x in runs(&edge, marked.size().width()).flat_map(span) {
                pixels[x] = self.dash(area.x + x as u32, area.y + line);
            }
        }
        Ok(pixels)
    }

    /// The colour of each share.
    fn colours(&self) -> [[u8; 4]; 256] {
        let [r, g, b] = self.rgb;
        let mut colours = [[r, g, b, 0]; 256];
        for (share, colour) in colours.iter_mut().enumerate() {
            colour[3] = (share as f64 * self.opacity + 0.5) as u8;
        }
        colours
    }

    fn dash(&self, x: u32, y: u32) -> [u8; 4] {
        let (x, y, side) = (i64::from(x), i64::from(y), i64::from(DASH * self.edge));
        let field = (2 * x + y).div_euclid(side) + (x - 2 * y).div_euclid(side);
        DASHES[(field & 1) as usize]
    }
}

fn widened(area: Rectangle, by: u32) -> Rectangle {
    Rectangle { width: area.width.saturating_add(2 * by), height: area.height.saturating_add(2 * by), ..area }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use proptest::prelude::*;

    fn paint(edge: u32) -> Paint {
        Paint { rgb: [200, 0, 90], opacity: 0.5, edge }
    }

    fn random_marks() -> impl Strategy<Value = Vec<Rectangle>> {
        let mark = (0u32..60, 0u32..50, 1u32..20, 1u32..20);
        prop::collection::vec(mark.prop_map(|(x, y, width, height)| Rectangle { x, y, width, height }), 0..5)
    }

    proptest! {
        /// What changed is painted over what was there before, and is then as if all were painted.
        #[test]
        fn a_part_is_painted_as_the_whole_is(
            marks in random_marks(), edge in 0u32..=8, erased in any::<bool>(),
            mark in (0u32..60, 0u32..50, 1u32..12, 1u32..12),
            scale in prop_oneof![0.1f64..1.0, 1.0f64..6.0, Just(1.0)],
            offset in (-90f64..30.0, -60f64..30.0),
        ) {
            let size = Size::new(60, 50).expect("a size");
            let canvas = Rectangle { x: 0, y: 0, width: 70, height: 55 };
            let view = View::new(scale, offset.0, offset.1).expect("a view");
            let mut mask = Mask::from_rectangles(size, &marks);
            let mut pixels = paint(edge).pixels(&mask, &view, canvas).expect("painted");
            let changed = Rectangle { x: mark.0, y: mark.1, width: mark.2, height: mark.3 }.clipped(size).expect("inside");
            mask.fill_rectangle(changed, !erased);
            if let Some(area) = paint(edge).area(&view, changed, canvas) {
                let part = paint(edge).pixels(&mask, &view, area).expect("painted");
                for (line, row) in (0..).zip(part.chunks_exact(4 * area.width as usize)) {
                    let at = 4 * ((area.y + line) as usize * 70 + area.x as usize);
                    pixels[at..at + row.len()].copy_from_slice(row);
                }
            }
            let whole = paint(edge).pixels(&mask, &view, canvas).expect("painted");
            let differs = pixels.iter().zip(&whole).position(|(a, b)| a != b).map(|i| (i / 4 % 70, i / 4 / 70));
            prop_assert_eq!(differs, None);
        }

        /// The definition of the edge, pixel by pixel, also at the canvas's border.
        #[test]
        fn dashes_are_the_marked_pixels_near_unmarked_ones(marks in random_marks(), edge in 1u32..=8) {
            let mask = Mask::from_rectangles(Size::new(60, 50).expect("a size"), &marks);
            let view = View::new(1.0, -10.0, 5.0).expect("a view");
            let canvas = Rectangle { x: 0, y: 0, width: 40, height: 60 };
            let pixels = paint(edge).pixels(&mask, &view, canvas).expect("painted");
            let is_marked = |x: i64, y: i64| x >= -10 && y >= 5 && mask.get((x + 10) as u32, (y - 5) as u32);
            for (i, pixel) in (0i64..).zip(pixels.as_chunks::<4>().0) {
                let (x, y, reach) = (i % 40, i / 40, i64::from(edge));
                let near = (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy)));
                let mut near = near.filter(|(dx, dy)| dx * dx + dy * dy <= reach * reach);
                let expected = match () {
                    () if !is_marked(x, y) => [[0; 4]; 2],
                    () if near.any(|(dx, dy)| !is_marked(x + dx, y + dy)) => DASHES,
                    () => [[200, 0, 90, 128]; 2],
                };
                prop_assert!(expected.contains(pixel), "{:?} at {}, {}", pixel, x, y);
            }
        }
    }

    /// Neither colour goes on for long: not upright, not diagonally, and not along the chessboard's sides.
    #[test]
    fn dashes_alternate_in_the_usual_directions() {
        for (dx, dy) in [(1, 0), (0, 1), (1, 1), (1, -1), (1, -2), (2, 1)] {
            for start in 0..40u32 {
                let at = |i: i32| paint(2).dash((200 + start as i32 + dx * i) as u32, (200 + dy * i) as u32);
                let colours: Vec<_> = (0..160).map(at).collect();
                let longest = colours.chunk_by(|a, b| a == b).map(<[_]>::len).max();
                assert!(longest <= Some(16), "{longest:?} towards {dx}, {dy}");
            }
        }
    }
}
