//! Strokes: text, lines and logos that were put onto a photograph, found inside a frame.
//!
//! **Method.** How much each pixel stands out is measured in every way that strokes may (`response`):
//! in luma, two colour differences and alpha, brighter or darker, of any width up to 69 pixels. Each
//! response is split in two and weighed (`split`). The best one says what colour the strokes are; those
//! that come near it and agree about that are added, so that a stroke that is lost against one
//! background in luma is found by its colour. Weaker pixels that touch strong ones follow, specks go
//! (`spread`), and the rest is grown.
//!
//! **Rejected.** A threshold of the local mean and deviation (Niblack, Sauvola) takes half of every
//! texture for strokes. The distance from the median alone loses bold text, where strokes are half of
//! the window, and takes edges for strokes; top-hats alone take gaps for letters. Stroke width
//! transform (Epshtein et al., CVPR 2010) needs clean edges on both sides, which a half transparent
//! mark on a texture has not.
//!
//! **Bounds.** Areas of more than [`MOST`] pixels are searched at a half, a third and so on of their
//! size: time and memory do not grow beyond that, and strokes of one pixel may be missed there.

use super::ink::Ink;
use super::planes::Planes;
use super::response::{Response, Responses};
use super::split::{Histograms, Split};
use super::spread::{Sign, grown, parts};
use crate::error::{Error, Result};
use crate::geometry::Rectangle;
use crate::loose::shown_number;
use crate::mask::Mask;
use crate::picture::Picture;

/// How far strokes may be grown, in pixels.
pub const GROW: std::ops::RangeInclusive<u32> = 0..=20;

/// Most pixels that are searched at full size: about half a second in wasm.
const MOST: u64 = 1_500_000;

/// Pixels round the area that show what goes on there without strokes; also twice the largest radius,
/// so that the openings inside do not feel the window's border.
const AROUND: u32 = 68;

/// The least [`Split::certainty`] of strokes. Strokes on even backgrounds come to 0.9, half
/// transparent ones beside edges to 0.3, wood and cloth to 0.2.
const CERTAIN: f32 = 0.22;

/// The largest radius where nothing lies round the area: a slope is brightest at the picture's end.
const ALONE: usize = 12;

/// The least contrast of strokes, in levels of luma; colour differences are halved.
const CONTRAST: f32 = 10.0;

/// The largest share of an area that is taken for strokes: of more, which part is the background?
const MOST_MARKED: f32 = 0.5;

/// Responses are added whose weight is this part of the best one's.
const NEAR: f32 = 0.7;

/// Pixels of this part of the threshold follow those over it: the smooth edge of a stroke.
const WEAK: f32 = 0.5;

/// Pixels of the ink, and of this part of the threshold, count like those over it.
const INKED: f32 = 0.3;

/// Of a part that is of the ink at least one pixel in so many is, mostly: outlines are not.
const OWN_INK: usize = 4;

/// A part of another one colour stays when it is at least one in so many of all: the second colour of
/// a logo, not a leaf.
const OTHER_INK: usize = 20;

/// The pixels inside `area` that stand out from their background as strokes, grown by `grow` pixels;
/// what is grown stays inside `area`.
///
/// # Errors
/// [`Error::OutOfRange`] for a growth outside [`GROW`]; [`Error::NoStrokes`] where nothing stands out,
/// or the area lies outside the picture.
pub fn strokes(picture: &Picture, area: Rectangle, grow: u32) -> Result<Mask> {
    if !GROW.contains(&grow) {
        let (min, max) = (f64::from(*GROW.start()), f64::from(*GROW.end()));
        return Err(Error::OutOfRange { name: "grow".into(), value: shown_number(grow.into()), min, max });
    }
    let area = area.clipped(picture.size()).ok_or(Error::NoStrokes { area })?;
    let frame = Frame::new(picture, area);
    let marked = frame.strokes().ok_or(Error::NoStrokes { area })?;
    Ok(grown(&frame.to_mask(picture, &marked), grow, area))
}

/// An area, and what lies round it.
struct Frame {
    area: Rectangle,
    planes: Planes,
    /// Pixels of the picture on a side of one of the planes.
    scale: u32,
    /// The area in the planes.
    inner: Rectangle,
}

/// A response and its split.
#[derive(Clone, Copy)]
struct Found {
    response: Response,
    split: Split,
    weight: f32,
}

impl Frame {
    fn new(picture: &Picture, area: Rectangle) -> Self {
        let pixels = area.area();
        let scale = (1..).find(|scale| pixels <= MOST * scale * scale).unwrap_or(1) as u32;
        // Whole pixels of the planes lie left of and above the area.
        let before = |start: u32| AROUND.min(start / scale) * scale;
        let (left, top) = (before(area.x), before(area.y));
        let size = picture.size();
        let reach = |end: u64, most: u32| (end + u64::from(AROUND * scale)).min(most.into()) as u32;
        let (x, y) = (area.x - left, area.y - top);
        let (width, height) = (reach(area.right(), size.width()) - x, reach(area.bottom(), size.height()) - y);
        let planes = Planes::read(picture, Rectangle { x, y, width, height }, scale);
        let inner = Rectangle {
            x: left / scale,
            y: top / scale,
            width: area.width.div_ceil(scale),
            height: area.height.div_ceil(scale),
        };
        Self { area, planes, scale, inner }
    }

    /// The marked pixels of the area in the planes, or `None` where there are none.
    fn strokes(&self) -> Option<Vec<bool>> {
        let mut responses = Responses::new(&self.planes);
        let (width, height) = (self.inner.width as usize, self.inner.height as usize);
        let all = Response::all(&self.planes, width, height).into_iter();
        let found: Vec<Found> = all.flat_map(|response| self.find(response, &mut responses)).collect();
        let best = found.iter().copied().reduce(|best, next| if next.weight > best.weight { next } else { best })?;
        let core = self.core(best, &mut responses);
        let ink = Ink::of(&self.planes, &core);
        // Of the gaps between letters, which stand out from the letters, the colours are the others.
        let background = responses.background();
        let is_dark = |plane: usize| self.is_dark(plane, &background, &core);
        let agrees = |found: &&Found| is_dark(found.response.plane) == found.response.dark;
        let near = found.iter().filter(|found| found.weight >= NEAR * best.weight).filter(agrees);
        let mut marked = vec![false; width * height];
        near.for_each(|found| self.mark(*found, ink.as_ref(), &mut responses, &mut marked));
        if let Some(ink) = &ink {
            self.drop_foreign(ink, &background, &mut marked);
        }
        let count = marked.iter().filter(|marked| **marked).count();
        (count > 0 && count as f32 <= MOST_MARKED * marked.len() as f32).then_some(marked)
    }

    /// The splits of a response that may be strokes.
    fn find(&self, response: Response, responses: &mut Responses) -> Vec<Found> {
        let values = responses.values(response);
        let (left, width) = (self.inner.x as usize, self.inner.width as usize);
        let rows = values.chunks_exact(self.planes.width).skip(self.inner.y as usize).take(self.inner.height as usize);
        let histograms = Histograms::of(&values, rows.map(|row| &row[left..left + width]));
        if response.radius > ALONE && !histograms.has_surroundings() {
            return Vec::new();
        }
        let has_colour = self.planes.planes.len() >= 3;
        let levels = if has_colour && matches!(response.plane, 1 | 2) { 2.0 } else { 1.0 };
        histograms.splits().filter_map(|split| weighed(response, split, levels)).collect()
    }

    /// The pixels of the planes inside the area that stand out most: half of those over the threshold.
    fn core(&self, Found { response, split, .. }: Found, responses: &mut Responses) -> Vec<usize> {
        let values = responses.values(response);
        let mut strong: Vec<usize> = self.indices().filter(|at| values[*at] > split.threshold).collect();
        // By counting, as a selection among few values takes some kilobytes.
        let mut counts = [0; 256];
        strong.iter().for_each(|at| counts[usize::from(values[*at])] += 1);
        let (mut least, mut left) = (u8::MAX, (strong.len() / 2).max(1));
        while let Some(more) = left.checked_sub(counts[usize::from(least)])
            && least > 0
        {
            (least, left) = (least - 1, more);
        }
        strong.retain(|at| {
            let is_last = values[*at] == least && left > 0;
            left -= usize::from(is_last);
            values[*at] > least || is_last
        });
        strong
    }

    /// Marks the parts of the area that a response shows; of the ink a weaker one is enough.
    fn mark(&self, found: Found, ink: Option<&Ink>, responses: &mut Responses, marked: &mut [bool]) {
        let Found { response, split, .. } = found;
        let values = responses.values(response);
        let part = |part: f32| (f32::from(split.threshold) * part) as u8;
        let (weak, inked) = (part(WEAK), part(INKED));
        let sign = |at: usize| match values[at] {
            value if value > split.threshold => Sign::Strong,
            value if value > inked && ink.is_some_and(|ink| ink.is_at(&self.planes, at)) => Sign::Strong,
            value if value > weak => Sign::Weak,
            _ => Sign::None,
        };
        let mut signs: Vec<Sign> = self.indices().map(sign).collect();
        // The dot of an i is about as large as the stroke is wide.
        let least = (response.radius * response.radius / 8).max(3);
        parts(&mut signs, self.inner.width as usize, |part| {
            if part.len() >= least {
                part.iter().for_each(|at| marked[*at] = true);
            }
        });
    }

    /// Whether some pixels are on average below their background in a plane.
    fn is_dark(&self, plane: usize, background: &[Vec<u8>], pixels: &[usize]) -> bool {
        let value = |plane: &Vec<u8>, at: &usize| i64::from(plane[*at]);
        let excess = |at| value(&self.planes.planes[plane], at) - value(&background[plane], at);
        pixels.iter().map(excess).sum::<i64>() < 0
    }

    /// Unmarks the parts that are of neither the ink nor another one.
    fn drop_foreign(&self, ink: &Ink, background: &[Vec<u8>], marked: &mut [bool]) {
        let indices: Vec<usize> = self.indices().collect();
        let mut signs: Vec<Sign> =
            marked.iter().map(|marked| if *marked { Sign::Strong } else { Sign::None }).collect();
        let all = marked.iter().filter(|marked| **marked).count();
        parts(&mut signs, self.inner.width as usize, |part| {
            let pixels: Vec<usize> = part.iter().map(|at| indices[*at]).collect();
            let own = pixels.iter().filter(|at| ink.is_mostly_at(&self.planes, background, **at)).count();
            let is_another = part.len() * OTHER_INK >= all && Ink::of(&self.planes, &pixels).is_some();
            if own * OWN_INK < part.len() && !is_another {
                part.iter().for_each(|at| marked[*at] = false);
            }
        });
    }

    /// The pixels of the area among those of the planes, row by row.
    fn indices(&self) -> impl Iterator<Item = usize> + '_ {
        let Rectangle { x, y, width, height } = self.inner;
        let row = move |y: u32| (x..x + width).map(move |x| y as usize * self.planes.width + x as usize);
        (y..y + height).flat_map(row)
    }

    /// Marks of the area as a mask of the picture.
    fn to_mask(&self, picture: &Picture, marked: &[bool]) -> Mask {
        let mut mask = Mask::new(picture.size());
        let Rectangle { x, y, width, height } = self.area;
        for (row, marked) in (0..).zip(marked.chunks_exact(self.inner.width as usize)) {
            let lines = row * self.scale..((row + 1) * self.scale).min(height);
            for (column, _) in (0..).zip(marked).filter(|(_, marked)| **marked) {
                let (start, end) = (column * self.scale, ((column + 1) * self.scale).min(width));
                lines.clone().for_each(|line| mask.fill_span(y + line, x + start, x + end, true));
            }
        }
        mask
    }
}

/// A split, where it may be strokes; `levels` of the picture are one of the plane.
fn weighed(response: Response, split: Split, levels: f32) -> Option<Found> {
    let contrast = split.contrast * levels;
    // How much it explains, weakly: it decides between equals. So does the width: what is wide
    // enough for a large part of the photograph has to explain more.
    let energy = split.share * contrast * contrast;
    let weight = split.certainty * energy.sqrt().sqrt() / (response.radius as f32).sqrt().sqrt();
    let is_clear = split.certainty >= CERTAIN && contrast >= CONTRAST;
    is_clear.then_some(Found { response, split, weight })
}
