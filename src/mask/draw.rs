//! Drawing into a mask: rectangles and round brush strokes.
//!
//! A pixel is marked when its centre lies in the shape; there are no grey edges. A stroke is the
//! union of capsules (all points within the radius of a segment), so it has no gaps at any speed
//! of the pointer. A capsule is convex: each row is one span, found exactly as the union of the
//! spans of its two discs and of the quadrilateral between them.

use super::Mask;
use crate::error::{Error, Result};
use crate::geometry::{Point, Rectangle, Size};
use crate::loose::shown_number;

/// Smallest and largest brush diameter in pixels of the picture.
pub const BRUSH_DIAMETER: std::ops::RangeInclusive<f32> = 1.0..=1000.0;

/// Half the diagonal of a pixel: a disc of this radius holds a pixel's centre wherever it lies, so
/// that even the thinnest brush marks something and leaves no gap.
const LEAST_RADIUS: f64 = std::f64::consts::FRAC_1_SQRT_2;

impl Mask {
    /// Marks the part of a rectangle that lies inside, or unmarks it.
    pub fn fill_rectangle(&mut self, rectangle: Rectangle, marked: bool) {
        let Some(inside) = rectangle.clipped(self.size()) else { return };
        for y in inside.y..inside.y + inside.height {
            self.fill_span(y, inside.x, inside.x + inside.width, marked);
        }
    }

    /// Marks all pixels whose centre is within half of `diameter` of the segment, or unmarks them,
    /// and answers the box that may have changed. `from == to` draws a disc.
    ///
    /// The points must be drawable and the diameter in range: see [`check_brush`].
    pub fn fill_segment(&mut self, from: Point, to: Point, diameter: f32, marked: bool) -> Option<Rectangle> {
        let capsule = Capsule::new(from, to, diameter);
        let touched = capsule.bounds(self.size())?;
        for y in touched.y..touched.y + touched.height {
            if let Some((left, right)) = capsule.row(f64::from(y) + 0.5) {
                self.fill_span(y, first_centre(left), end_centre(right), marked);
            }
        }
        Some(touched)
    }
}

/// Refuses a brush that cannot be drawn with.
///
/// # Errors
/// [`Error::OutOfRange`] for a diameter outside [`BRUSH_DIAMETER`] or a point that is no number
/// or far off any picture.
pub fn check_brush(points: &[Point], diameter: f32) -> Result<()> {
    if !BRUSH_DIAMETER.contains(&diameter) {
        return Err(Error::OutOfRange {
            name: "brush size".into(),
            value: shown_number(diameter.into()),
            min: (*BRUSH_DIAMETER.start()).into(),
            max: (*BRUSH_DIAMETER.end()).into(),
        });
    }
    let bound = 2.0 * f64::from(crate::geometry::MAX_SIDE);
    match points.iter().find(|point| !point.is_drawable()) {
        None => Ok(()),
        Some(Point { x, y }) => Err(Error::OutOfRange {
            name: "a point of a stroke".into(),
            value: [shown_number((*x).into()), shown_number((*y).into())].join(", "),
            min: -bound,
            max: bound,
        }),
    }
}

struct Capsule {
    ax: f64,
    ay: f64,
    bx: f64,
    by: f64,
    radius: f64,
}

impl Capsule {
    fn new(from: Point, to: Point, diameter: f32) -> Self {
        let radius = (f64::from(diameter) / 2.0).max(LEAST_RADIUS);
        Self { ax: from.x.into(), ay: from.y.into(), bx: to.x.into(), by: to.y.into(), radius }
    }

    fn bounds(&self, size: Size) -> Option<Rectangle> {
        let (left, right) = (self.ax.min(self.bx) - self.radius, self.ax.max(self.bx) + self.radius);
        let (top, bottom) = (self.ay.min(self.by) - self.radius, self.ay.max(self.by) + self.radius);
        let (x, y) = (first_centre(left), first_centre(top));
        let (right, bottom) = (end_centre(right).min(size.width()), end_centre(bottom).min(size.height()));
        (x < right && y < bottom).then(|| Rectangle { x, y, width: right - x, height: bottom - y })
    }

    /// The capsule's extent on the horizontal line at `y`.
    fn row(&self, y: f64) -> Option<(f64, f64)> {
        let spans = [self.disc(self.ax, self.ay, y), self.disc(self.bx, self.by, y), self.middle(y)];
        spans.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    fn disc(&self, cx: f64, cy: f64, y: f64) -> Option<(f64, f64)> {
        let square = self.radius * self.radius - (y - cy) * (y - cy);
        (square >= 0.0).then(|| (cx - square.sqrt(), cx + square.sqrt()))
    }

    /// The quadrilateral between the discs: where the line crosses its four sides.
    fn middle(&self, y: f64) -> Option<(f64, f64)> {
        let (dx, dy) = (self.bx - self.ax, self.by - self.ay);
        let length = (dx * dx + dy * dy).sqrt();
        if length == 0.0 {
            return None;
        }
        let (nx, ny) = (-dy / length * self.radius, dx / length * self.radius);
        let corners = [
            (self.ax + nx, self.ay + ny),
            (self.bx + nx, self.by + ny),
            (self.bx - nx, self.by - ny),
            (self.ax - nx, self.ay - ny),
        ];
        let crossings = (0..4).filter_map(|i| crossing(corners[i], corners[(i + 1) % 4], y));
        crossings.map(|x| (x, x)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

fn crossing((ax, ay): (f64, f64), (bx, by): (f64, f64), y: f64) -> Option<f64> {
    let inside = (ay <= y && y <= by) || (by <= y && y <= ay);
    (inside && ay != by).then(|| ax + (y - ay) / (by - ay) * (bx - ax))
}

/// The first pixel whose centre is at or after `edge`.
fn first_centre(edge: f64) -> u32 {
    // `as` saturates: what is left of the picture becomes 0.
    (edge - 0.5).ceil() as u32
}

/// One past the last pixel whose centre is at or before `edge`.
fn end_centre(edge: f64) -> u32 {
    ((edge - 0.5).floor() + 1.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask() -> Mask {
        Mask::new(Size::new(80, 60).expect("a size"))
    }

    /// The definition: distance from the centre to the segment.
    fn is_within(x: u32, y: u32, a: Point, b: Point, radius: f64) -> Option<bool> {
        let (px, py) = (f64::from(x) + 0.5 - f64::from(a.x), f64::from(y) + 0.5 - f64::from(a.y));
        let (dx, dy) = (f64::from(b.x) - f64::from(a.x), f64::from(b.y) - f64::from(a.y));
        let square = dx * dx + dy * dy;
        let t = if square == 0.0 { 0.0 } else { ((px * dx + py * dy) / square).clamp(0.0, 1.0) };
        let distance = ((px - t * dx).powi(2) + (py - t * dy).powi(2)).sqrt();
        // On the very edge rounding may decide either way.
        ((distance - radius).abs() > 1e-9).then_some(distance < radius)
    }

    proptest! {
        #[test]
        fn a_segment_marks_what_is_within_its_radius(
            ax in -20f32..100.0, ay in -20f32..80.0, bx in -20f32..100.0, by in -20f32..80.0,
            diameter in 1f32..50.0,
        ) {
            let (a, b) = (Point { x: ax, y: ay }, Point { x: bx, y: by });
            let mut mask = mask();
            let touched = mask.fill_segment(a, b, diameter, true);
            let radius = (f64::from(diameter) / 2.0).max(LEAST_RADIUS);
            for y in 0..60 {
                for x in 0..80 {
                    if let Some(expected) = is_within(x, y, a, b, radius) {
                        prop_assert_eq!(mask.get(x, y), expected, "at {}, {}", x, y);
                    }
                }
            }
            if let Some(bounds) = mask.bounds() {
                prop_assert_eq!(touched.and_then(|t| t.intersection(bounds)), Some(bounds));
            }
        }

        #[test]
        fn the_thinnest_brush_has_no_gap(ax in 5f32..70.0, ay in 5f32..50.0, bx in 5f32..70.0, by in 5f32..50.0) {
            let mut mask = mask();
            mask.fill_segment(Point { x: ax, y: ay }, Point { x: bx, y: by }, 1.0, true);
            prop_assert_eq!(crate::mask::pieces(&mask).len(), 1);
        }
    }

    #[test]
    fn a_brush_of_one_pixel_marks_one_pixel() {
        let mut mask = mask();
        let centre = Point { x: 10.5, y: 7.5 };
        mask.fill_segment(centre, centre, 1.0, true);
        assert_eq!(mask.bounds(), Some(Rectangle { x: 10, y: 7, width: 1, height: 1 }));
    }

    #[test]
    fn erasing_takes_away() {
        let mut mask = mask();
        mask.fill_rectangle(Rectangle { x: 0, y: 0, width: 80, height: 60 }, true);
        let (a, b) = (Point { x: -5.0, y: 30.0 }, Point { x: 200.0, y: 30.0 });
        mask.fill_segment(a, b, 10.0, false);
        assert_eq!(mask.count(), 80 * 50);
    }

    #[test]
    fn brushes_out_of_range_are_refused() {
        let at = |x| [Point { x, y: 0.0 }];
        assert!(check_brush(&at(1.0), 1.0).is_ok());
        for diameter in [0.9, 1001.0, f32::NAN] {
            assert!(matches!(check_brush(&at(1.0), diameter), Err(Error::OutOfRange { .. })), "{diameter}");
        }
        for x in [f32::NAN, f32::INFINITY, 2e5] {
            assert!(matches!(check_brush(&at(x), 5.0), Err(Error::OutOfRange { .. })), "{x}");
        }
    }
}
