//! Polygons and lassos, filled by the non-zero winding rule.
//!
//! A pixel is marked when its centre is inside; a centre on an edge belongs to the shape on its
//! right or below, so that shapes that share an edge neither overlap nor leave a gap. Each row counts
//! the edges that cross the line through its centres, by direction, at the first pixel behind the
//! crossing (Foley et al., *Computer Graphics*, 2nd ed., section 3.6, the scan line). Bits say at
//! which pixels something crosses, so that a row is read from left to right without sorting, which
//! would weigh more than all of this. Edges are taken in bands of rows, as most touch few of them.

use super::draw::{check_points, end_centre, first_centre};
use super::{Mask, next_bit};
use crate::error::{Error, Result};
use crate::geometry::{Point, Rectangle, Size};

/// How many points a polygon may have: a lasso of over a minute at 240 points a second.
pub const POLYGON_POINTS: std::ops::RangeInclusive<usize> = 3..=20_000;

/// Rows that the edges are looked through for at once: with 64, twenty thousand edges over 4096 rows
/// cost milliseconds and the windings of a band are a megabyte.
const BAND: u32 = 64;

impl Mask {
    /// Marks all pixels whose centre is inside a closed polygon, or unmarks them, and answers the box
    /// that may have changed. The points must be drawable: see [`check_polygon`].
    pub fn fill_polygon(&mut self, points: &[Point], marked: bool) -> Option<Rectangle> {
        let touched = bounds(points, self.size())?;
        let mut crossings = Crossings::new(self.size());
        let bottom = touched.y + touched.height;
        for top in (touched.y..bottom).step_by(BAND as usize) {
            let rows = top..bottom.min(top + BAND);
            for (from, to) in edges(points) {
                crossings.add(from, to, &rows);
            }
            for y in rows.clone() {
                crossings.take(y - top, |start, end| self.fill_span(y, start, end, marked));
            }
        }
        Some(touched)
    }
}

/// Refuses a polygon that cannot be drawn.
///
/// # Errors
/// [`Error::OutOfRange`] for a number of points outside [`POLYGON_POINTS`], and for a point that is no
/// number or far off any picture.
pub fn check_polygon(points: &[Point]) -> Result<()> {
    if !POLYGON_POINTS.contains(&points.len()) {
        let (min, max) = POLYGON_POINTS.into_inner();
        return Err(Error::out_of_range("the number of points", points.len() as f64, min as f64, max as f64));
    }
    check_points(points)
}

/// The edges of a closed polygon, the closing one among them.
pub fn edges(points: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    let last = points.last().copied();
    points.iter().scan(last, |from, to| from.replace(*to).map(|from| (from, *to)))
}

fn bounds(points: &[Point], size: Size) -> Option<Rectangle> {
    let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
    for Point { x, y } in points {
        (left, top, right, bottom) = (left.min(*x), top.min(*y), right.max(*x), bottom.max(*y));
    }
    let (x, y) = (first_centre(left.into()), first_centre(top.into()));
    let right = end_centre(right.into()).min(size.width());
    let bottom = end_centre(bottom.into()).min(size.height());
    (x < right && y < bottom).then(|| Rectangle { x, y, width: right - x, height: bottom - y })
}

/// Where edges cross the lines of a band.
struct Crossings {
    width: u32,
    /// For each line and each pixel, and one behind the last: edges downwards less edges upwards.
    windings: Vec<i32>,
    /// A bit for each of these that may not be 0.
    crossed: Vec<u64>,
}

impl Crossings {
    fn new(size: Size) -> Self {
        let width = size.width();
        let columns = (width as usize + 1) * BAND as usize;
        Self { width, windings: vec![0; columns], crossed: vec![0; columns.div_ceil(64)] }
    }

    fn add(&mut self, from: Point, to: Point, rows: &std::ops::Range<u32>) {
        // Downwards whichever way it goes, so that two shapes round the same edge the same.
        let (a, b, winding) = if from.y < to.y { (from, to, 1) } else { (to, from, -1) };
        let (ax, ay, bx, by) = (f64::from(a.x), f64::from(a.y), f64::from(b.x), f64::from(b.y));
        // A centre on the edge's upper end counts, one on its lower end does not.
        for y in first_centre(ay).max(rows.start)..first_centre(by).min(rows.end) {
            let x = ax + (f64::from(y) + 0.5 - ay) / (by - ay) * (bx - ax);
            let index =
                (y - rows.start) as usize * (self.width as usize + 1) + first_centre(x).min(self.width) as usize;
            self.windings[index] += winding;
            self.crossed[index / 64] |= 1 << (index % 64);
        }
    }

    /// Tells the spans inside of one line, and forgets its crossings.
    fn take(&mut self, line: u32, mut span: impl FnMut(u32, u32)) {
        let first = line * (self.width + 1);
        let end = first + self.width + 1;
        let (mut index, mut start, mut winding) = (first, first, 0);
        while let Some(found) = next_bit(&self.crossed, index, end, true) {
            let before = winding;
            winding += std::mem::take(&mut self.windings[found as usize]);
            self.crossed[found as usize / 64] &= !(1 << (found % 64));
            if before == 0 {
                start = found;
            } else if winding == 0 {
                span(start - first, found - first);
            }
            index = found + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask() -> Mask {
        Mask::new(Size::new(70, 50).expect("a size"))
    }

    fn points(list: &[(i32, i32)]) -> Vec<Point> {
        list.iter().map(|(x, y)| Point { x: *x as f32, y: *y as f32 }).collect()
    }

    /// The winding number round a pixel's centre in whole numbers (of half pixels), or nothing where
    /// the centre lies on an edge.
    fn winding(list: &[(i32, i32)], x: i32, y: i32) -> Option<i32> {
        let (px, py) = (2 * x + 1, 2 * y + 1);
        let mut winding = 0;
        for (i, (bx, by)) in list.iter().enumerate() {
            let (ax, ay) = list[(i + list.len() - 1) % list.len()];
            let (ax, ay, bx, by) = (2 * ax, 2 * ay, 2 * bx, 2 * by);
            let side = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
            let between = |a: i32, b: i32, p: i32| a.min(b) <= p && p <= a.max(b);
            if side == 0 && between(ax, bx, px) && between(ay, by, py) {
                return None;
            }
            winding += i32::from(ay <= py && py < by && side > 0) - i32::from(by <= py && py < ay && side < 0);
        }
        Some(winding)
    }

    proptest! {
        #[test]
        fn inside_is_what_winds(list in prop::collection::vec((-20i32..90, -20i32..70), 3..12), marked in any::<bool>()) {
            let mut mask = if marked { mask() } else { mask().inverted() };
            let touched = mask.fill_polygon(&points(&list), marked);
            for y in 0..50 {
                for x in 0..70 {
                    if let Some(winding) = winding(&list, x, y) {
                        let inside = mask.get(x as u32, y as u32) == marked;
                        prop_assert_eq!(inside, winding != 0, "at {}, {}", x, y);
                    }
                }
            }
            let changed = if marked { mask } else { mask.inverted() };
            if let Some(bounds) = changed.bounds() {
                prop_assert_eq!(touched.and_then(|t| t.intersection(bounds)), Some(bounds));
            }
        }

        #[test]
        fn halves_meet_without_gap_or_overlap(list in prop::collection::vec((-20i32..90, -20i32..70), 4)) {
            // A quadrilateral cut along its diagonal: each half over and over, by turns.
            let [a, b, c, d] = [list[0], list[1], list[2], list[3]];
            let half = |list: &[(i32, i32)]| { let mut mask = mask(); mask.fill_polygon(&points(list), true); mask };
            let side = |p: (i32, i32)| ((c.0 - a.0) * (p.1 - a.1) - (c.1 - a.1) * (p.0 - a.0)).signum();
            prop_assume!(side(b) * side(d) < 0);
            let (one, other, whole) = (half(&[a, b, c]), half(&[a, c, d]), half(&[a, b, c, d]));
            prop_assert_eq!(one.count() + other.count(), whole.count());
        }
    }

    #[test]
    fn a_star_is_filled_in_the_middle_and_whole_pixels_are_whole() {
        let mut star = mask();
        star.fill_polygon(&points(&[(35, 2), (50, 45), (10, 18), (60, 18), (20, 45)]), true);
        assert!(star.get(35, 25), "wound round twice");
        let mut square = mask();
        let touched = square.fill_polygon(&points(&[(3, 4), (13, 4), (13, 14), (3, 14)]), true);
        assert_eq!(square.bounds(), Some(Rectangle { x: 3, y: 4, width: 10, height: 10 }));
        assert_eq!((square.count(), touched), (100, square.bounds()));
        assert_eq!(square.fill_polygon(&points(&[(-9, -9), (-1, -9), (-1, -1)]), true), None);
    }

    #[test]
    fn polygons_out_of_range_are_refused() {
        let triangle = points(&[(0, 0), (5, 0), (0, 5)]);
        assert_eq!(check_polygon(&triangle), Ok(()));
        assert_eq!(check_polygon(&vec![triangle[0]; 20_000]), Ok(()));
        for count in [0, 2, 20_001] {
            let Err(Error::OutOfRange { value, min, max, .. }) = check_polygon(&vec![triangle[0]; count]) else {
                panic!("{count} were not refused")
            };
            assert_eq!((value, min, max), (count.to_string(), 3.0, 20_000.0));
        }
        let far = [triangle[0], triangle[1], Point { x: f32::NAN, y: 0.0 }];
        assert!(matches!(check_polygon(&far), Err(Error::OutOfRange { .. })));
    }
}
