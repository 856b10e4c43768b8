//! Marks with undo and redo, drawn into a mask.
//!
//! A selection is a log of steps. Undo does not keep pictures of the past: it goes back to the
//! nearest checkpoint (run lengths of the mask) and draws the steps after it again. A checkpoint is
//! set when drawing again from the last one would take noticeable time, so that undo costs a bounded
//! amount of drawing and five hundred strokes cost kilobytes.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::geometry::{MAX_RECTANGLES, Point, Rectangle, Size};
use crate::mask::{Mask, Runs, check_brush};

/// Rows of spans that may have to be drawn again for one undo: some 10 ms of drawing in wasm.
const ROWS_BETWEEN_CHECKPOINTS: u64 = 200_000;

/// Whether a mark adds to the region or takes away from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Combine {
    /// What it covers becomes marked.
    #[default]
    Add,
    /// What it covers becomes unmarked.
    Subtract,
}

/// The marks on one picture.
pub struct Selection {
    mask: Mask,
    steps: Vec<Step>,
    /// How many of `steps` are done; those behind are what redo brings back.
    done: usize,
    checkpoints: Vec<Checkpoint>,
    stroke: Option<Stroke>,
}

/// What of the picture is marked, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Marked pixels; overlap counts once.
    pub marked: u64,
    /// Marked share of the picture, 0 to 1.
    pub coverage: f64,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether there is something to redo.
    pub can_redo: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Stroke(Stroke),
    Rectangle(Rectangle, Combine),
    Mask(Runs),
    Clear,
}

#[derive(Debug, Clone)]
struct Stroke {
    points: Vec<Point>,
    diameter: f32,
    combine: Combine,
}

struct Checkpoint {
    /// How many steps are drawn in it.
    done: usize,
    runs: Runs,
}

impl Selection {
    /// Nothing marked on a picture of this size.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self { mask: Mask::new(size), steps: Vec::new(), done: 0, checkpoints: Vec::new(), stroke: None }
    }

    /// The mask of all marks, with a stroke that is still being drawn.
    #[must_use]
    pub const fn mask(&self) -> &Mask {
        &self.mask
    }

    /// What is marked, in numbers.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary {
            marked: self.mask.count(),
            coverage: self.mask.coverage(),
            can_undo: self.stroke.is_none() && self.done > 0,
            can_redo: self.stroke.is_none() && self.done < self.steps.len(),
        }
    }

    /// Begins a stroke of the round brush, and answers the box that may have changed.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a diameter or point that cannot be drawn, [`Error::OutOfOrder`]
    /// while another stroke is being drawn.
    pub fn begin_stroke(&mut self, at: Point, diameter: f32, combine: Combine) -> Result<Option<Rectangle>> {
        check_brush(&[at], diameter)?;
        if self.stroke.is_some() {
            return Err(out_of_order("beginning a stroke", "another one is being drawn"));
        }
        self.stroke = Some(Stroke { points: vec![at], diameter, combine });
        Ok(self.mask.fill_segment(at, at, diameter, combine == Combine::Add))
    }

    /// Draws the stroke on through `points`, and answers the box that may have changed.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when none was begun, [`Error::OutOfRange`] for a point that cannot be
    /// drawn; then none of the points is.
    pub fn extend_stroke(&mut self, points: &[Point]) -> Result<Option<Rectangle>> {
        let Self { stroke: Some(stroke), mask, .. } = self else {
            return Err(out_of_order("drawing a stroke on", "none was begun"));
        };
        check_brush(points, stroke.diameter)?;
        let first = stroke.points.len();
        stroke.points.extend(points);
        Ok(stroke.draw_from(first, mask))
    }

    /// Ends the stroke: it becomes one step that can be undone.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when none was begun.
    pub fn end_stroke(&mut self) -> Result<()> {
        let stroke = self.stroke.take().ok_or_else(|| out_of_order("ending a stroke", "none was begun"))?;
        self.push(Step::Stroke(stroke));
        Ok(())
    }

    /// Takes back the stroke that is being drawn, if there is one.
    pub fn cancel_stroke(&mut self) {
        if self.stroke.take().is_some() {
            self.redraw();
        }
    }

    /// Adds or takes away the part of a rectangle that lies inside the picture.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn; [`Error::RectangleOutside`] when no part
    /// of it lies inside.
    pub fn add_rectangle(&mut self, rectangle: Rectangle, combine: Combine) -> Result<()> {
        self.check_idle("adding a rectangle")?;
        let Some(inside) = rectangle.clipped(self.mask.size()) else {
            let (end, max) = (rectangle.right().to_string(), self.mask.size().width());
            return Err(Error::RectangleOutside { index: 0, field: "x".into(), end, max, clipped: None });
        };
        self.do_step(Step::Rectangle(inside, combine));
        Ok(())
    }

    /// Adds a whole mask, for example one that a host application drew.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn, [`Error::MaskSize`].
    pub fn add_mask(&mut self, mask: &Mask) -> Result<()> {
        self.check_idle("adding a mask")?;
        if mask.size() != self.mask.size() {
            return mask.check_for(self.mask.size());
        }
        self.do_step(Step::Mask(Runs::of(mask)));
        Ok(())
    }

    /// Takes all marks away, as a step that can be undone. Nothing marked: no step.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] while a stroke is being drawn.
    pub fn clear(&mut self) -> Result<()> {
        self.check_idle("clearing")?;
        if !self.mask.is_empty() {
            self.do_step(Step::Clear);
        }
        Ok(())
    }

    /// Takes the last step back; answers whether there was one. A stroke being drawn stays.
    pub fn undo(&mut self) -> bool {
        let possible = self.stroke.is_none() && self.done > 0;
        if possible {
            self.done -= 1;
            self.redraw();
        }
        possible
    }

    /// Does the last undone step again; answers whether there was one.
    pub fn redo(&mut self) -> bool {
        let possible = self.stroke.is_none() && self.done < self.steps.len();
        if possible {
            self.steps[self.done].draw(&mut self.mask);
            self.done += 1;
        }
        possible
    }

    /// The marks as 1 to 50 rectangles, where they are nothing else: whole added rectangles since
    /// the last time that nothing was marked.
    #[must_use]
    pub fn rectangles(&self) -> Option<Vec<Rectangle>> {
        let done = &self.steps[..self.done];
        let since = done.iter().rposition(|step| matches!(step, Step::Clear)).map_or(0, |clear| clear + 1);
        let each = done[since..].iter().map(|step| match step {
            Step::Rectangle(rectangle, Combine::Add) => Some(*rectangle),
            _ => None,
        });
        let list: Vec<Rectangle> = each.collect::<Option<_>>()?;
        let fits = !list.is_empty() && list.len() <= MAX_RECTANGLES as usize && self.stroke.is_none();
        fits.then_some(list)
    }

    /// Bytes that the history holds, without the mask itself.
    #[must_use]
    pub fn memory(&self) -> usize {
        let steps: usize = self.steps.iter().map(Step::memory).sum();
        steps + self.checkpoints.iter().map(|checkpoint| checkpoint.runs.memory()).sum::<usize>()
    }

    fn check_idle(&self, call: &str) -> Result<()> {
        if self.stroke.is_some() { Err(out_of_order(call, "a stroke is being drawn")) } else { Ok(()) }
    }

    fn do_step(&mut self, step: Step) {
        step.draw(&mut self.mask);
        self.push(step);
    }

    /// Remembers a step that the mask already shows.
    fn push(&mut self, step: Step) {
        self.steps.truncate(self.done);
        self.checkpoints.retain(|checkpoint| checkpoint.done <= self.done);
        self.steps.push(step);
        self.done += 1;
        let last = self.checkpoints.last().map_or(0, |checkpoint| checkpoint.done);
        let rows: u64 = self.steps[last..].iter().map(Step::rows).sum();
        if rows > ROWS_BETWEEN_CHECKPOINTS {
            self.checkpoints.push(Checkpoint { done: self.done, runs: Runs::of(&self.mask) });
        }
    }

    fn redraw(&mut self) {
        let checkpoint = self.checkpoints.iter().rfind(|checkpoint| checkpoint.done <= self.done);
        self.mask = checkpoint.map_or_else(|| Mask::new(self.mask.size()), |c| c.runs.to_mask());
        let first = checkpoint.map_or(0, |c| c.done);
        for step in &self.steps[first..self.done] {
            step.draw(&mut self.mask);
        }
    }
}

impl Step {
    fn draw(&self, mask: &mut Mask) {
        match self {
            Self::Stroke(stroke) => {
                stroke.draw_from(0, mask);
            }
            Self::Rectangle(rectangle, combine) => mask.fill_rectangle(*rectangle, *combine == Combine::Add),
            Self::Mask(runs) => runs.draw(mask),
            Self::Clear => *mask = Mask::new(mask.size()),
        }
    }

    /// What drawing it costs, in spans.
    fn rows(&self) -> u64 {
        match self {
            Self::Stroke(stroke) => stroke.points.len() as u64 * (stroke.diameter as u64 + 2),
            Self::Rectangle(rectangle, _) => rectangle.height.into(),
            Self::Mask(runs) => runs.len() as u64,
            Self::Clear => 1,
        }
    }

    fn memory(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Stroke(stroke) => stroke.points.capacity() * size_of::<Point>(),
                Self::Mask(runs) => runs.memory(),
                Self::Rectangle(..) | Self::Clear => 0,
            }
    }
}

impl Stroke {
    /// Draws the segments that end in the points from `first` on.
    fn draw_from(&self, first: usize, mask: &mut Mask) -> Option<Rectangle> {
        let marked = self.combine == Combine::Add;
        let segments = (first..self.points.len()).map(|i| (self.points[i.saturating_sub(1)], self.points[i]));
        let boxes = segments.filter_map(|(from, to)| mask.fill_segment(from, to, self.diameter, marked));
        boxes.reduce(Rectangle::union)
    }
}

fn out_of_order(call: &str, reason: &str) -> Error {
    Error::OutOfOrder { call: call.into(), reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn selection(width: u32, height: u32) -> Selection {
        Selection::new(Size::new(width, height).expect("a size"))
    }

    fn square(x: u32, y: u32, side: u32) -> Rectangle {
        Rectangle { x, y, width: side, height: side }
    }

    #[test]
    fn a_stroke_is_one_step() {
        let mut marks = selection(100, 100);
        marks.begin_stroke(Point { x: 10.0, y: 50.0 }, 9.0, Combine::Add).expect("begins");
        let touched = marks.extend_stroke(&[Point { x: 90.0, y: 50.0 }, Point { x: 90.0, y: 10.0 }]).expect("goes on");
        assert_eq!(touched, Some(Rectangle { x: 5, y: 5, width: 90, height: 50 }));
        assert!(!marks.undo() && !marks.summary().can_undo, "not while it is drawn");
        marks.end_stroke().expect("ends");
        let drawn = marks.mask().clone();
        assert!(marks.undo() && marks.mask().is_empty());
        assert!(marks.redo());
        assert_eq!(marks.mask(), &drawn);
        assert!(!marks.redo());
    }

    #[test]
    fn a_cancelled_stroke_leaves_what_was_there() {
        let mut marks = selection(100, 100);
        marks.add_rectangle(square(0, 0, 50), Combine::Add).expect("added");
        marks.begin_stroke(Point { x: 25.0, y: 25.0 }, 20.0, Combine::Subtract).expect("begins");
        assert!(marks.mask().count() < 2500);
        marks.cancel_stroke();
        assert_eq!(marks.mask().count(), 2500);
        assert!(marks.end_stroke().is_err());
    }

    #[test]
    fn marks_are_rectangles_only_where_they_are_nothing_else() {
        let mut marks = selection(100, 100);
        assert_eq!(marks.rectangles(), None);
        marks.add_rectangle(square(90, 90, 50), Combine::Add).expect("added");
        assert_eq!(marks.rectangles(), Some(vec![square(90, 90, 10)]), "clipped");
        marks.add_rectangle(square(0, 0, 5), Combine::Subtract).expect("added");
        assert_eq!(marks.rectangles(), None);
        marks.clear().expect("cleared");
        marks.add_rectangle(square(1, 1, 2), Combine::Add).expect("added");
        assert_eq!(marks.rectangles(), Some(vec![square(1, 1, 2)]));
        for _ in 0..50 {
            marks.add_rectangle(square(1, 1, 2), Combine::Add).expect("added");
        }
        assert_eq!(marks.rectangles(), None, "51 are too many");
        assert!(matches!(
            marks.add_rectangle(square(100, 0, 2), Combine::Add),
            Err(Error::RectangleOutside { clipped: None, .. })
        ));
    }

    #[test]
    fn clear_can_be_undone_and_is_no_step_on_nothing() {
        let mut marks = selection(10, 10);
        marks.clear().expect("cleared");
        assert!(!marks.summary().can_undo);
        marks.add_rectangle(square(0, 0, 5), Combine::Add).expect("added");
        marks.clear().expect("cleared");
        assert_eq!(marks.summary().marked, 0);
        marks.undo();
        assert_eq!(marks.summary(), Summary { marked: 25, coverage: 0.25, can_undo: true, can_redo: true });
    }

    /// Five hundred long strokes at 4096 × 4096: the history stays small, and each undo ends at
    /// what was there before.
    #[test]
    fn a_long_history_is_small() {
        let mut marks = selection(4096, 4096);
        let mut counts = vec![0];
        for i in 0..500u32 {
            let y = 8.0 * i as f32;
            marks.begin_stroke(Point { x: 0.0, y }, 40.0, Combine::Add).expect("begins");
            let points: Vec<Point> = (0..300).map(|k| Point { x: 13.0 * k as f32, y: y + (k % 9) as f32 }).collect();
            marks.extend_stroke(&points).expect("goes on");
            marks.end_stroke().expect("ends");
            counts.push(marks.mask().count());
        }
        assert!(marks.memory() < 32 << 20, "{} bytes", marks.memory());
        assert!(marks.checkpoints.len() > 10, "checkpoints are in use");
        for expected in counts.iter().rev().skip(1).take(120) {
            marks.undo();
            assert_eq!(marks.mask().count(), *expected);
        }
    }

    #[derive(Debug, Clone)]
    enum Act {
        Stroke(f32, f32, f32, f32, f32, bool),
        Rectangle(u32, u32, u32, bool),
        Clear,
        Undo,
        Redo,
    }

    fn act() -> impl Strategy<Value = Act> {
        let at = || 0f32..64.0;
        prop_oneof![
            4 => (at(), at(), at(), at(), 1f32..20.0, any::<bool>())
                .prop_map(|(a, b, c, d, w, s)| Act::Stroke(a, b, c, d, w, s)),
            2 => (0u32..64, 0u32..64, 1u32..30, any::<bool>()).prop_map(|(x, y, w, s)| Act::Rectangle(x, y, w, s)),
            1 => Just(Act::Clear),
            4 => Just(Act::Undo),
            3 => Just(Act::Redo),
        ]
    }

    proptest! {
        /// The history against the plainest thing that could work: a copy of the mask for each step.
        #[test]
        fn undo_and_redo_are_those_of_snapshots(acts in prop::collection::vec(act(), 0..60)) {
            let mut marks = selection(64, 64);
            let (mut past, mut future) = (vec![marks.mask().clone()], Vec::new());
            for act in acts {
                let combine = |subtract| if subtract { Combine::Subtract } else { Combine::Add };
                match act {
                    Act::Stroke(ax, ay, bx, by, width, subtract) => {
                        marks.begin_stroke(Point { x: ax, y: ay }, width, combine(subtract)).expect("begins");
                        marks.extend_stroke(&[Point { x: bx, y: by }]).expect("goes on");
                        marks.end_stroke().expect("ends");
                    }
                    Act::Rectangle(x, y, side, subtract) => {
                        marks.add_rectangle(square(x, y, side), combine(subtract)).expect("inside");
                    }
                    Act::Clear if marks.mask().is_empty() => continue,
                    Act::Clear => marks.clear().expect("idle"),
                    Act::Undo => {
                        prop_assert_eq!(marks.undo(), past.len() > 1);
                        if past.len() > 1 {
                            future.extend(past.pop());
                        }
                        prop_assert_eq!(marks.mask(), &past[past.len() - 1]);
                        continue;
                    }
                    Act::Redo => {
                        prop_assert_eq!(marks.redo(), !future.is_empty());
                        past.extend(future.pop());
                        prop_assert_eq!(marks.mask(), &past[past.len() - 1]);
                        continue;
                    }
                }
                past.push(marks.mask().clone());
                future.clear();
            }
        }
    }
}
