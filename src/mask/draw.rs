//! Drawing into a mask: rectangles and round brush strokes.
//!
//! A pixel is marked when its centre lies in the shape; there are no grey edges. A stroke is the
//! union of capsules, so it has no gaps at any speed of the pointer. A capsule is all that lies
//! between two discs (their convex hull); pen pressure gives them different radii. It is convex:
//! each row is one span, found exactly as the union of the spans of its two discs and of the
//! quadrilateral between the points where their common outer tangents touch them. Where one disc holds
//! the other there are no such tangents, and the larger disc is the capsule.

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

    /// Marks all pixels whose centre lies between a disc round `from` and one round `to`, or unmarks
    /// them, and answers the box that may have changed. `from == to` draws a disc.
    ///
    /// The points and diameters must be drawable: see [`check_points`] and [`check_diameter`].
    pub fn fill_segment(&mut self, from: Dab, to: Dab, marked: bool) -> Option<Rectangle> {
        let capsule = Capsule::new(from, to);
        let touched = capsule.bounds(self.size())?;
        for y in touched.y..touched.y + touched.height {
            if let Some((left, right)) = capsule.row(f64::from(y) + 0.5) {
                self.fill_span(y, first_centre(left), end_centre(right), marked);
            }
        }
        Some(touched)
    }
}

/// Where the round brush touches the picture.
#[derive(Debug, Clone, Copy)]
pub struct Dab {
    /// Its middle.
    pub at: Point,
    /// Its diameter in pixels.
    pub diameter: f32,
}

/// Refuses a brush that cannot be drawn with.
///
/// # Errors
/// [`Error::OutOfRange`] for a diameter outside [`BRUSH_DIAMETER`].
pub fn check_diameter(diameter: f32) -> Result<()> {
    if BRUSH_DIAMETER.contains(&diameter) {
        return Ok(());
    }
    let (min, max) = BRUSH_DIAMETER.into_inner();
    Err(Error::out_of_range("brush size", diameter.into(), min.into(), max.into()))
}

/// Refuses points that cannot be drawn at.
///
/// # Errors
/// [`Error::OutOfRange`] for a point that is no number or far off any picture.
pub fn check_points(points: &[Point]) -> Result<()> {
    let bound = 2.0 * f64::from(crate::geometry::MAX_SIDE);
    match points.iter().find(|point| !point.is_drawable()) {
        None => Ok(()),
        Some(Point { x, y }) => Err(Error::OutOfRange {
            name: "a point".into(),
            value: [&shown_number((*x).into()), ", ", &shown_number((*y).into())].concat(),
            min: -bound,
            max: bound,
        }),
    }
}

/// A disc.
#[derive(Clone, Copy)]
struct Disc {
    x: f64,
    y: f64,
    radius: f64,
}

impl Disc {
    fn new(dab: Dab) -> Self {
        let radius = (f64::from(dab.diameter) / 2.0).max(LEAST_RADIUS);
        Self { x: dab.at.x.into(), y: dab.at.y.into(), radius }
    }
}

struct Capsule {
    discs: [Disc; 2],
    /// Where the tangents touch the discs, in the order of a way round.
    corners: Option<[(f64, f64); 4]>,
}

impl Capsule {
    fn new(from: Dab, to: Dab) -> Self {
        let discs = [Disc::new(from), Disc::new(to)];
        Self { discs, corners: Self::corners(discs) }
    }

    fn corners([a, b]: [Disc; 2]) -> Option<[(f64, f64); 4]> {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = (dx * dx + dy * dy).sqrt();
        // The sine of the angle between the axis and either tangent.
        let sine = (a.radius - b.radius) / length;
        // Where the middles are one, the sine is no number or not finite.
        let has_tangents = sine.abs() < 1.0;
        if !has_tangents {
            return None;
        }
        let cosine = (1.0 - sine * sine).sqrt();
        let (ux, uy) = (dx / length, dy / length);
        let touch = |disc: Disc, side: f64| {
            let (nx, ny) = (ux * sine - uy * cosine * side, uy * sine + ux * cosine * side);
            (disc.x + nx * disc.radius, disc.y + ny * disc.radius)
        };
        Some([touch(a, 1.0), touch(b, 1.0), touch(b, -1.0), touch(a, -1.0)])
    }

    fn bounds(&self, size: Size) -> Option<Rectangle> {
        let [a, b] = self.discs;
        let (left, right) = ((a.x - a.radius).min(b.x - b.radius), (a.x + a.radius).max(b.x + b.radius));
        let (top, bottom) = ((a.y - a.radius).min(b.y - b.radius), (a.y + a.radius).max(b.y + b.radius));
        let (x, y) = (first_centre(left), first_centre(top));
        let (right, bottom) = (end_centre(right).min(size.width()), end_centre(bottom).min(size.height()));
        (x < right && y < bottom).then(|| Rectangle { x, y, width: right - x, height: bottom - y })
    }

    /// The capsule's extent on the horizontal line at `y`.
    fn row(&self, y: f64) -> Option<(f64, f64)> {
        let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut reach = |x: f64| (left, right) = (left.min(x), right.max(x));
        for disc in self.discs {
            let square = disc.radius * disc.radius - (y - disc.y) * (y - disc.y);
            if square >= 0.0 {
                reach(disc.x - square.sqrt());
                reach(disc.x + square.sqrt());
            }
        }
        // The quadrilateral between the discs: where the line crosses its four sides.
        if let Some(corners) = &self.corners {
            for i in 0..4 {
                if let Some(x) = crossing(corners[i], corners[(i + 1) % 4], y) {
                    reach(x);
                }
            }
        }
        (left <= right).then_some((left, right))
    }
}

fn crossing((ax, ay): (f64, f64), (bx, by): (f64, f64), y: f64) -> Option<f64> {
    let inside = (ay <= y && y <= by) || (by <= y && y <= ay);
    (inside && ay != by).then(|| ax + (y - ay) / (by - ay) * (bx - ax))
}

/// The first pixel whose centre is at or after `edge`.
pub(super) fn first_centre(edge: f64) -> u32 {
    // `as` saturates: what is left of the picture becomes 0.
    (edge - 0.5).ceil() as u32
}

/// One past the last pixel whose centre is at or before `edge`.
pub(super) fn end_centre(edge: f64) -> u32 {
    ((edge - 0.5).floor() + 1.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask() -> Mask {
        Mask::new(Size::new(80, 60).expect("a size"))
    }

    fn dab(x: f32, y: f32, diameter: f32) -> Dab {
        Dab { at: Point { x, y }, diameter }
    }

    /// The definition: within a disc whose middle and radius go straight from one to the other. The
    /// distance to the edge of the nearest such disc is searched for; it has one minimum.
    fn is_within(x: u32, y: u32, a: Disc, b: Disc) -> Option<bool> {
        let (px, py) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
        let outside = |t: f64| {
            let (cx, cy) = (a.x + t * (b.x - a.x), a.y + t * (b.y - a.y));
            ((px - cx).powi(2) + (py - cy).powi(2)).sqrt() - (a.radius + t * (b.radius - a.radius))
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..80 {
            let third = (high - low) / 3.0;
            if outside(low + third) < outside(high - third) { high -= third } else { low += third }
        }
        let least = outside(low).min(outside(0.0)).min(outside(1.0));
        // On the very edge rounding may decide either way.
        (least.abs() > 1e-6).then_some(least < 0.0)
    }

    proptest! {
        #[test]
        fn a_segment_marks_what_lies_between_its_discs(
            ax in -20f32..100.0, ay in -20f32..80.0, bx in -20f32..100.0, by in -20f32..80.0,
            first in 1f32..50.0, second in prop_oneof![Just(None), (1f32..50.0).prop_map(Some)],
        ) {
            let (a, b) = (dab(ax, ay, first), dab(bx, by, second.unwrap_or(first)));
            let mut mask = mask();
            let touched = mask.fill_segment(a, b, true);
            for y in 0..60 {
                for x in 0..80 {
                    if let Some(expected) = is_within(x, y, Disc::new(a), Disc::new(b)) {
                        prop_assert_eq!(mask.get(x, y), expected, "at {}, {}", x, y);
                    }
                }
            }
            if let Some(bounds) = mask.bounds() {
                prop_assert_eq!(touched.and_then(|t| t.intersection(bounds)), Some(bounds));
            }
        }

        #[test]
        fn the_thinnest_brush_has_no_gap(
            ax in 5f32..70.0, ay in 5f32..50.0, bx in 5f32..70.0, by in 5f32..50.0, diameter in 1f32..1.5,
        ) {
            let mut mask = mask();
            mask.fill_segment(dab(ax, ay, 1.0), dab(bx, by, diameter), true);
            prop_assert_eq!(crate::mask::pieces(&mask).len(), 1);
        }
    }

    #[test]
    fn a_brush_of_one_pixel_marks_one_pixel() {
        let mut mask = mask();
        let centre = dab(10.5, 7.5, 1.0);
        mask.fill_segment(centre, centre, true);
        assert_eq!(mask.bounds(), Some(Rectangle { x: 10, y: 7, width: 1, height: 1 }));
    }

    #[test]
    fn erasing_takes_away() {
        let mut mask = mask();
        mask.fill_rectangle(Rectangle { x: 0, y: 0, width: 80, height: 60 }, true);
        mask.fill_segment(dab(-5.0, 30.0, 10.0), dab(200.0, 30.0, 10.0), false);
        assert_eq!(mask.count(), 80 * 50);
    }

    #[test]
    fn brushes_and_points_out_of_range_are_refused() {
        assert!(check_diameter(1.0).is_ok() && check_diameter(1000.0).is_ok());
        for diameter in [0.9, 1001.0, f32::NAN] {
            assert!(matches!(check_diameter(diameter), Err(Error::OutOfRange { .. })), "{diameter}");
        }
        let at = |x| [Point { x, y: 0.0 }];
        assert!(check_points(&at(1.0)).is_ok());
        for x in [f32::NAN, f32::INFINITY, 2e5] {
            assert!(matches!(check_points(&at(x)), Err(Error::OutOfRange { .. })), "{x}");
        }
    }
}
