//! One step of a selection: how it is drawn, and what that costs.

use super::Combine;
use crate::geometry::{Point, Rectangle, Size};
use crate::mask::{Dab, Kept, Mask, edges};

#[derive(Debug, Clone)]
pub(super) enum Step {
    Stroke(Stroke),
    /// The rectangle as it was added; a later [`Step::Change`] may have moved it.
    Rectangle(Rectangle, Combine),
    Polygon(Vec<Point>, Combine),
    Mask(Kept, Combine),
    Replace(Rectangle, Kept),
    /// The rectangle that was added as step number so-and-so is now elsewhere, or nowhere.
    Change(usize, Option<Rectangle>),
    Invert,
    Grow(u32),
    Shrink(u32),
    Clear,
}

#[derive(Debug, Clone)]
pub(super) struct Stroke {
    pub(super) points: Vec<Point>,
    /// One a point, or none where all have the stroke's own.
    pub(super) diameters: Vec<f32>,
    pub(super) diameter: f32,
    pub(super) combine: Combine,
}

impl Step {
    /// Draws it over what was there; a [`Step::Change`] draws nothing by itself.
    pub(super) fn draw(&self, mask: &mut Mask) {
        match self {
            Self::Stroke(stroke) => {
                stroke.draw_from(0, mask);
            }
            Self::Rectangle(rectangle, combine) => mask.fill_rectangle(*rectangle, *combine == Combine::Add),
            Self::Polygon(points, combine) => {
                mask.fill_polygon(points, *combine == Combine::Add);
            }
            Self::Mask(kept, combine) => kept.draw(mask, *combine == Combine::Add),
            Self::Replace(area, kept) => {
                mask.fill_rectangle(*area, false);
                kept.draw(mask, true);
            }
            Self::Change(..) => {}
            Self::Invert => *mask = mask.inverted(),
            Self::Grow(by) => *mask = mask.grown(*by),
            Self::Shrink(by) => *mask = mask.shrunk(*by),
            Self::Clear => *mask = Mask::new(mask.size()),
        }
    }

    /// What drawing it costs at most, in spans.
    pub(super) fn cost(&self, size: Size) -> u64 {
        let words = u64::from(size.width().div_ceil(64)) * u64::from(size.height());
        match self {
            Self::Stroke(stroke) => stroke.cost(size),
            Self::Rectangle(rectangle, _) => rectangle.height.into(),
            Self::Polygon(points, _) => {
                let rows: u64 = edges(points).map(|(from, to)| rows_between(from, to, size)).sum();
                // Each edge is looked at once in each band of rows.
                rows + points.len() as u64 * u64::from(size.height()) / 700
            }
            Self::Mask(kept, _) => kept.cost(),
            Self::Replace(area, kept) => u64::from(area.height) + kept.cost(),
            Self::Change(..) => 1,
            Self::Invert | Self::Clear => words / WORDS_PER_SPAN,
            Self::Grow(by) | Self::Shrink(by) => words * (u64::from(*by) + 2) * 3 / WORDS_PER_SPAN,
        }
    }

    pub(super) fn memory(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Stroke(stroke) => {
                    stroke.points.capacity() * size_of::<Point>() + stroke.diameters.capacity() * size_of::<f32>()
                }
                Self::Polygon(points, _) => points.capacity() * size_of::<Point>(),
                Self::Mask(kept, _) | Self::Replace(_, kept) => kept.memory(),
                _ => 0,
            }
    }
}

/// How many words are read and written in the time of one span.
const WORDS_PER_SPAN: u64 = 16;

impl Stroke {
    /// Draws the segments that end in the points from `first` on.
    pub(super) fn draw_from(&self, first: usize, mask: &mut Mask) -> Option<Rectangle> {
        let marked = self.combine == Combine::Add;
        let segments = (first..self.points.len()).map(|i| (self.dab(i.saturating_sub(1)), self.dab(i)));
        let boxes = segments.filter_map(|(from, to)| mask.fill_segment(from, to, marked));
        boxes.reduce(Rectangle::union)
    }

    /// More points; `diameters` is empty or has one for each.
    pub(super) fn extend(&mut self, points: &[Point], diameters: &[f32]) {
        if diameters.is_empty() && self.diameters.is_empty() {
            self.points.extend(points);
            return;
        }
        self.diameters.resize(self.points.len(), self.diameter);
        self.points.extend(points);
        self.diameters.extend(diameters);
        self.diameters.resize(self.points.len(), self.diameter);
    }

    fn dab(&self, index: usize) -> Dab {
        let diameter = self.diameters.get(index).unwrap_or(&self.diameter);
        Dab { at: self.points[index], diameter: *diameter }
    }

    fn cost(&self, size: Size) -> u64 {
        let diameters: f32 = (0..self.points.len()).map(|i| self.dab(i).diameter).sum();
        let between = self.points.windows(2).map(|pair| rows_between(pair[0], pair[1], size));
        diameters as u64 + between.sum::<u64>()
    }
}

/// About how many rows an edge passes, and one for itself.
fn rows_between(from: Point, to: Point, size: Size) -> u64 {
    // Not `clamp`: its panic message prints floating-point numbers, a quarter of the whole module.
    let inside = |y: f32| y.max(0.0).min(size.height() as f32);
    (inside(from.y) - inside(to.y)).abs() as u64 + 2
}
