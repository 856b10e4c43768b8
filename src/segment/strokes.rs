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

use super::planes::Planes;
use super::response::{Response, Responses};
use super::split::{Histograms, Split};
use super::spread::{Sign, grown, spread};
use crate::error::{Error, Result};
use crate::geometry::Rectangle;
use crate::loose::shown_number;
use crate::mask::Mask;
use crate::picture::Picture;

/// How far strokes may be grown, in pixels.
pub const GROW: std::ops::RangeInclusive<u32> = 0..=20;

/// Most pixels that are searched at full size: about a second in wasm.
const MOST: u64 = 1_500_000;

/// Pixels round the area that show what goes on there without strokes; also twice the largest radius,
/// so that the openings inside do not feel the window's border.
const AROUND: u32 = 68;

/// The least [`Split::certainty`] of strokes. Strokes on even backgrounds come to 0.9, half
/// transparent ones on a texture to 0.3, textures to less than 0.1.
const CERTAIN: f32 = 0.25;

/// The least contrast of strokes, in levels of luma; colour differences are halved.
const CONTRAST: f32 = 10.0;

/// Responses are added whose weight is this part of the best one's.
const NEAR: f32 = 0.7;

/// Pixels of this part of the threshold follow those over it: the smooth edge of a stroke.
const WEAK: f32 = 0.5;

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
        let pixels = u64::from(area.width) * u64::from(area.height);
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
        let found: Vec<Found> = all.filter_map(|response| self.find(response, &mut responses)).collect();
        let best = found.iter().copied().reduce(|best, next| if next.weight > best.weight { next } else { best })?;
        let mut marked = vec![false; width * height];
        self.mark(best, &mut responses, &mut marked);
        // Of the gaps between letters, which stand out from the letters, the colours are the others.
        let whole = self.in_planes(&marked);
        let tints: Vec<f32> = (0..self.planes.planes.len()).map(|plane| responses.mean_excess(plane, &whole)).collect();
        let agrees = |found: &&Found| (tints[found.response.plane] < 0.0) == found.response.dark;
        let near = found.iter().filter(|found| found.weight >= NEAR * best.weight && found.response != best.response);
        for other in near.filter(agrees) {
            self.mark(*other, &mut responses, &mut marked);
        }
        marked.contains(&true).then_some(marked)
    }

    /// A response's split, where it may be strokes.
    fn find(&self, response: Response, responses: &mut Responses) -> Option<Found> {
        let values = responses.values(response);
        let mut histograms = Histograms::new();
        for (y, row) in (0..).zip(values.chunks_exact(self.planes.width)) {
            for (x, value) in (0..).zip(row) {
                let histogram = if self.holds(x, y) { &mut histograms.inside } else { &mut histograms.outside };
                histogram[usize::from(*value)] += 1;
            }
        }
        let split = histograms.split()?;
        let contrast = split.contrast * if matches!(response.plane, 1 | 2) { 2.0 } else { 1.0 };
        // How much it explains, weakly: it decides between equals. So does the width: what is wide
        // enough for a large part of the photograph has to explain more.
        let energy = split.share * contrast * contrast;
        let weight = split.certainty * energy.sqrt().sqrt() / (response.radius as f32).sqrt().sqrt();
        let is_clear = split.certainty >= CERTAIN && contrast >= CONTRAST;
        is_clear.then_some(Found { response, split, weight })
    }

    /// Marks the parts of the area that a response shows.
    fn mark(&self, found: Found, responses: &mut Responses, marked: &mut [bool]) {
        let Found { response, split, .. } = found;
        let values = responses.values(response);
        let weak = (f32::from(split.threshold) * WEAK) as u8;
        let sign = |value: &u8| match *value {
            value if value > split.threshold => Sign::Strong,
            value if value > weak => Sign::Weak,
            _ => Sign::None,
        };
        let (left, width) = (self.inner.x as usize, self.inner.width as usize);
        let rows = values.chunks_exact(self.planes.width).skip(self.inner.y as usize).take(self.inner.height as usize);
        let mut signs: Vec<Sign> = rows.flat_map(|row| row[left..left + width].iter().map(sign)).collect();
        // The dot of an i is about as large as the stroke is wide.
        let least = (response.radius * response.radius / 8).max(3);
        spread(&mut signs, width, least, marked);
    }

    const fn holds(&self, x: u32, y: u32) -> bool {
        let Rectangle { x: left, y: top, width, height } = self.inner;
        x >= left && x < left + width && y >= top && y < top + height
    }

    /// Marks of the area among all pixels of the planes.
    fn in_planes(&self, marked: &[bool]) -> Vec<bool> {
        let mut whole = vec![false; self.planes.width * self.planes.height];
        let rows = whole.chunks_exact_mut(self.planes.width).skip(self.inner.y as usize);
        for (row, marked) in rows.zip(marked.chunks_exact(self.inner.width as usize)) {
            row[self.inner.x as usize..][..marked.len()].copy_from_slice(marked);
        }
        whole
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
