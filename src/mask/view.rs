//! A mask seen through a view: what a canvas of screen pixels shows of it.
//!
//! A picture of 4096 × 4096 is not painted at its own size to be scaled down by the browser: a
//! canvas of that size is the most that some browsers allow, and painting it costs more than a
//! frame. Instead each screen pixel asks how much of its square is marked, 64 pixels of the mask
//! at a time, so thin marks stay visible and edges come out smooth.

use super::Mask;
use crate::error::{Error, Result};
use crate::geometry::Rectangle;
use crate::loose::shown_number;

/// Where the picture lies on a canvas: canvas = picture × `scale` + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    scale: f64,
    offset_x: f64,
    offset_y: f64,
}

impl View {
    /// A view; `scale` in canvas pixels per pixel of the picture.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] when the scale is not from 1/1000 to 1000, or an offset is no number.
    pub fn new(scale: f64, offset_x: f64, offset_y: f64) -> Result<Self> {
        let check = |name: &str, value: f64, min: f64, max: f64| {
            if !(min..=max).contains(&value) {
                return Err(Error::OutOfRange { name: name.into(), value: shown_number(value), min, max });
            }
            Ok(())
        };
        check("scale", scale, 1e-3, 1e3)?;
        check("offset", offset_x, -1e8, 1e8)?;
        check("offset", offset_y, -1e8, 1e8)?;
        Ok(Self { scale, offset_x, offset_y })
    }

    /// The box of canvas pixels that a box of the picture touches, within `canvas`.
    #[must_use]
    pub fn to_canvas(&self, r: Rectangle, canvas: Rectangle) -> Option<Rectangle> {
        let low = |v: u32, offset: f64| (f64::from(v) * self.scale + offset).floor().max(0.0) as u32;
        let high = |v: u64, offset: f64| (v as f64 * self.scale + offset).ceil().max(0.0) as u32;
        let (x, y) = (low(r.x, self.offset_x), low(r.y, self.offset_y));
        let (right, bottom) = (high(r.right(), self.offset_x), high(r.bottom(), self.offset_y));
        Rectangle { x, y, width: right.saturating_sub(x), height: bottom.saturating_sub(y) }.intersection(canvas)
    }

    /// The interval of picture pixels under one canvas pixel; empty outside the picture. Reduced, the
    /// intervals of neighbours meet without gap or overlap, so no mark is missed or counted twice.
    fn under(&self, canvas: u32, offset: f64, side: u32) -> (u32, u32) {
        let start = (f64::from(canvas) - offset) / self.scale;
        let end = start + 1.0 / self.scale;
        if self.scale >= 1.0 {
            let nearest = (start + end) / 2.0;
            let inside = nearest >= 0.0 && nearest < f64::from(side);
            let pixel = nearest as u32;
            return if inside { (pixel, pixel + 1) } else { (0, 0) };
        }
        let (first, last) = (start.round(), end.round());
        if last <= 0.0 || first >= f64::from(side) {
            return (0, 0);
        }
        (first.max(0.0) as u32, last.min(f64::from(side)) as u32)
    }
}

impl Mask {
    /// How much of each canvas pixel of `area` is marked: 0 to 255, row by row.
    #[must_use]
    pub fn seen_through(&self, view: &View, area: Rectangle) -> Vec<u8> {
        let columns: Vec<_> =
            (area.x..area.x + area.width).map(|x| view.under(x, view.offset_x, self.size().width())).collect();
        let mut shares = Vec::with_capacity(area.width as usize * area.height as usize);
        let mut counts = vec![0u32; columns.len()];
        for canvas_y in area.y..area.y + area.height {
            let (top, bottom) = view.under(canvas_y, view.offset_y, self.size().height());
            counts.fill(0);
            for y in top..bottom {
                self.count_columns(y, &columns, &mut counts);
            }
            shares.extend(columns.iter().zip(&counts).map(|((left, right), count)| {
                let pixels = (right - left) * (bottom - top);
                if pixels == 0 { 0 } else { (*count * 255).div_ceil(pixels) as u8 }
            }));
        }
        shares
    }

    fn count_columns(&self, y: u32, columns: &[(u32, u32)], counts: &mut [u32]) {
        let row = self.row(y);
        for ((left, right), count) in columns.iter().zip(counts) {
            *count += count_bits(row, *left, *right);
        }
    }
}

fn count_bits(row: &[u64], start: u32, end: u32) -> u32 {
    if start >= end {
        return 0;
    }
    let (first, last) = (start as usize / 64, (end as usize - 1) / 64);
    let head = u64::MAX << (start % 64);
    let tail = u64::MAX >> (63 - (end - 1) % 64);
    if first == last {
        return (row[first] & head & tail).count_ones();
    }
    let middle: u32 = row[first + 1..last].iter().map(|word| word.count_ones()).sum();
    (row[first] & head).count_ones() + middle + (row[last] & tail).count_ones()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn mask(marks: &[Rectangle]) -> Mask {
        Mask::from_rectangles(Size::new(200, 100).expect("a size"), marks)
    }

    fn whole(width: u32, height: u32) -> Rectangle {
        Rectangle { x: 0, y: 0, width, height }
    }

    #[test]
    fn one_to_one_is_the_mask_itself() {
        let mask = mask(&[Rectangle { x: 60, y: 20, width: 70, height: 10 }]);
        let view = View::new(1.0, 0.0, 0.0).expect("a view");
        assert_eq!(mask.seen_through(&view, whole(200, 100)), mask.to_luma());
    }

    #[test]
    fn a_line_of_one_pixel_stays_visible_when_small() {
        let mask = mask(&[Rectangle { x: 0, y: 50, width: 200, height: 1 }]);
        let view = View::new(0.1, 0.0, 0.0).expect("a view");
        let seen = mask.seen_through(&view, whole(20, 10));
        assert_eq!(seen.iter().filter(|share| **share > 0).count(), 20);
        assert!(seen.iter().all(|share| *share <= 26), "a tenth of 255");
    }

    #[test]
    fn enlarged_each_pixel_becomes_a_square() {
        let mask = mask(&[Rectangle { x: 3, y: 2, width: 1, height: 1 }]);
        let view = View::new(4.0, 10.0, 0.0).expect("a view");
        let seen = mask.seen_through(&view, whole(40, 20));
        let marked: Vec<_> = (0..40u32 * 20).filter(|i| seen[*i as usize] == 255).map(|i| (i % 40, i / 40)).collect();
        let expected: Vec<_> = (8..12).flat_map(|y| (22..26).map(move |x| (x, y))).collect();
        assert_eq!(marked, expected);
        assert_eq!(
            view.to_canvas(Rectangle { x: 3, y: 2, width: 1, height: 1 }, whole(40, 20)),
            Some(Rectangle { x: 22, y: 8, width: 4, height: 4 })
        );
    }

    #[test]
    fn outside_the_picture_nothing_is_marked() {
        let mask = mask(&[whole(200, 100)]);
        let view = View::new(0.5, 5.0, 7.0).expect("a view");
        let seen = mask.seen_through(&view, whole(120, 70));
        let marked = seen.iter().filter(|share| **share > 0).count();
        assert_eq!(marked, 100 * 50);
    }
}
