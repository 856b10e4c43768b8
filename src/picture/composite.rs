//! The composite: repaired pixels go into the original inside the region and nowhere else.
//!
//! Whoever made the repair, our engine or an endpoint, it arrives here as patches, and only the
//! marked pixels of a patch are taken. What an endpoint changed outside is counted and dropped.

use std::borrow::Cow;

use super::{Picture, Samples};
use crate::error::{Error, Result};
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;
use serde::Serialize;

/// Repaired pixels of one box, in the channels and depth of the picture they belong to.
///
/// *Guarantees*: `samples` holds width × height × channels values of the box, row by row. Values
/// of pixels that are not marked mean nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    bounds: Rectangle,
    samples: Samples,
}

/// How many pixels differ between two pictures, inside and outside a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
pub struct Changes {
    /// Marked pixels that differ.
    pub inside: u64,
    /// Pixels that are not marked and differ.
    pub outside: u64,
}

impl Patch {
    /// A patch for `picture`.
    ///
    /// # Errors
    /// [`Error::SampleCount`] when the number of samples does not fit the box, and
    /// [`Error::Internal`] when the box leaves the picture or the depth is another one.
    pub fn new(picture: &Picture, bounds: Rectangle, samples: Samples) -> Result<Self> {
        let expected = bounds.area() * u64::from(picture.channels);
        if samples.len() as u64 != expected {
            return Err(Error::SampleCount { actual: samples.len() as u64, expected });
        }
        if bounds.clipped(picture.size) != Some(bounds) || samples.depth_bytes() != picture.samples.depth_bytes() {
            return Err(Error::internal("a patch does not belong to its picture"));
        }
        Ok(Self { bounds, samples })
    }

    /// The box of the patch in the picture.
    #[must_use]
    pub const fn bounds(&self) -> Rectangle {
        self.bounds
    }

    /// What a picture holds in a box.
    ///
    /// # Errors
    /// As [`Patch::new`].
    pub(crate) fn of(picture: &Picture, bounds: Rectangle) -> Result<Self> {
        Self::new(picture, bounds, crop(picture, bounds))
    }

    /// The part of it in `bounds`, which must lie inside its box.
    #[cfg(feature = "fill")]
    pub(crate) fn cropped(&self, bounds: Rectangle) -> Self {
        let channels = self.samples.len() as u64 / self.bounds.area().max(1);
        Self { bounds, samples: crop_of(&self.samples, self.bounds, channels as usize, bounds) }
    }

    /// Takes all of a patch whose box lies inside its own.
    #[cfg(feature = "fill")]
    pub(crate) fn paste(&mut self, other: &Self) {
        let channels = self.samples.len() as u64 / self.bounds.area().max(1);
        let channels = channels as usize;
        match (&mut self.samples, &other.samples) {
            (Samples::U8(to), Samples::U8(from)) => paste_rows(to, self.bounds, channels, from, other.bounds),
            (Samples::U16(to), Samples::U16(from)) => paste_rows(to, self.bounds, channels, from, other.bounds),
            // Patches of one picture have one depth.
            _ => {}
        }
    }

    /// Its samples, to be changed.
    #[cfg(feature = "fill")]
    pub(crate) const fn samples_mut(&mut self) -> &mut Samples {
        &mut self.samples
    }

    /// The box of the repaired picture for showing, as 8-bit RGBA: the patch where it is marked, the
    /// picture elsewhere. A box that is whole can be scaled down without a ghost at the region's edge.
    ///
    /// # Errors
    /// [`Error::Internal`] when the patch belongs to another picture.
    pub fn to_rgba8(&self, picture: &Picture, mask: &Mask) -> Result<Vec<u8>> {
        let Rectangle { x, y, width, height } = self.bounds;
        let mut part = Picture::from_samples(Size::new(width, height)?, picture.channels, crop(picture, self.bounds))?;
        for row in 0..height {
            for (start, end) in mask.runs(y + row) {
                let (start, end) = (start.max(x), end.min(x + width));
                if start < end {
                    let own = Rectangle { x: 0, y: 0, width, height };
                    copy_run(&mut part, own, &self.samples, row, start - x, end - x);
                }
            }
        }
        Ok(part.to_rgba8(part.size.as_rectangle()))
    }

    /// The values of the box.
    #[must_use]
    pub const fn samples(&self) -> &Samples {
        &self.samples
    }
}

/// Writes the marked pixels of the patches into `picture`.
pub fn apply(picture: &mut Picture, patches: &[Patch], mask: &Mask) {
    for patch in patches {
        let Patch { bounds, samples } = patch;
        for y in bounds.y..bounds.y + bounds.height {
            for (start, end) in mask.runs(y) {
                let (start, end) = (start.max(bounds.x), end.min(bounds.x + bounds.width));
                if start < end {
                    copy_run(picture, *bounds, samples, y, start, end);
                }
            }
        }
    }
}

/// What a finished picture that came from elsewhere has to say inside the region, as one patch,
/// and how many of its pixels differ from the original on both sides.
///
/// # Errors
/// [`Error::ResultSize`] when it has another size; [`Error::EmptyMask`].
pub fn patches_from(original: &Picture, delivered: &Picture, mask: &Mask) -> Result<(Vec<Patch>, Changes)> {
    if delivered.size != original.size {
        return Err(Error::ResultSize {
            width: delivered.size.width(),
            height: delivered.size.height(),
            picture_width: original.size.width(),
            picture_height: original.size.height(),
        });
    }
    let bounds = mask.bounds().ok_or(Error::EmptyMask)?;
    let same_kind = convert(delivered, original)?;
    let changes = Changes::between(original, &same_kind, mask)?;
    Ok((vec![Patch::of(&same_kind, bounds)?], changes))
}

/// The pixels of `picture` in `bounds`.
pub(super) fn crop(picture: &Picture, bounds: Rectangle) -> Samples {
    crop_of(&picture.samples, picture.size.as_rectangle(), usize::from(picture.channels), bounds)
}

/// The part in `bounds` of the samples of the box `from`.
fn crop_of(samples: &Samples, from: Rectangle, channels: usize, bounds: Rectangle) -> Samples {
    match samples {
        Samples::U8(v) => Samples::U8(rows_of(v, from, channels, bounds)),
        Samples::U16(v) => Samples::U16(rows_of(v, from, channels, bounds)),
    }
}

fn rows_of<Sample: Copy>(samples: &[Sample], from: Rectangle, channels: usize, bounds: Rectangle) -> Vec<Sample> {
    let length = bounds.width as usize * channels;
    let mut rows = Vec::with_capacity(length * bounds.height as usize);
    for y in bounds.y - from.y..bounds.y - from.y + bounds.height {
        let start = (y as usize * from.width as usize + (bounds.x - from.x) as usize) * channels;
        rows.extend_from_slice(&samples[start..][..length]);
    }
    rows
}

/// The other way round: `from`, the samples of `bounds`, into those of the box `within`.
#[cfg(feature = "fill")]
fn paste_rows<Sample: Copy>(to: &mut [Sample], within: Rectangle, channels: usize, from: &[Sample], bounds: Rectangle) {
    for (y, row) in (bounds.y - within.y..).zip(from.chunks_exact(bounds.width as usize * channels)) {
        let start = (y as usize * within.width as usize + (bounds.x - within.x) as usize) * channels;
        to[start..start + row.len()].copy_from_slice(row);
    }
}

impl Changes {
    /// Compares two pictures of the same size, channels and depth.
    ///
    /// # Errors
    /// [`Error::Internal`] when they are not of one kind; [`Error::MaskSize`].
    pub fn between(before: &Picture, after: &Picture, mask: &Mask) -> Result<Self> {
        if before.size != mask.size() {
            return mask.check_for(before.size).map(|()| Self::default());
        }
        if (before.size, before.channels) != (after.size, after.channels) {
            return Err(Error::internal("two pictures of different kinds were compared"));
        }
        match (&before.samples, &after.samples) {
            (Samples::U8(a), Samples::U8(b)) => Ok(Self::count(before, a, b, mask)),
            (Samples::U16(a), Samples::U16(b)) => Ok(Self::count(before, a, b, mask)),
            _ => Err(Error::internal("two pictures of different depths were compared")),
        }
    }

    fn count<T: PartialEq>(picture: &Picture, before: &[T], after: &[T], mask: &Mask) -> Self {
        let channels = usize::from(picture.channels);
        let row_length = picture.size.width() as usize * channels;
        let mut changes = Self::default();
        for (y, (a, b)) in (0..).zip(before.chunks_exact(row_length).zip(after.chunks_exact(row_length))) {
            if a == b {
                continue;
            }
            let pixels = a.chunks_exact(channels).zip(b.chunks_exact(channels));
            for (x, _) in (0..).zip(pixels).filter(|(_, (a, b))| a != b) {
                if mask.get(x, y) {
                    changes.inside += 1;
                } else {
                    changes.outside += 1;
                }
            }
        }
        changes
    }
}

/// `delivered` in the channels and depth of `original`.
fn convert<'a>(delivered: &'a Picture, original: &Picture) -> Result<Cow<'a, Picture>> {
    let same_depth = delivered.samples.depth_bytes() == original.samples.depth_bytes();
    if delivered.channels == original.channels && same_depth {
        return Ok(Cow::Borrowed(delivered));
    }
    let wide: Vec<[u16; 4]> = match &delivered.samples {
        Samples::U8(v) => {
            let chunks = v.chunks_exact(usize::from(delivered.channels));
            chunks.map(|p| super::rgba_of(p).map(|s| u16::from(s) * 257)).collect()
        }
        Samples::U16(v) => v.chunks_exact(usize::from(delivered.channels)).map(super::rgba_of).collect(),
    };
    let channels = original.channels;
    let narrow = wide.into_iter().flat_map(|[r, g, b, a]| {
        let luma = crate::mask::luma(r.into(), g.into(), b.into()) as u16;
        let all = if channels < 3 { [luma, a, 0, 0] } else { [r, g, b, a] };
        all.into_iter().take(usize::from(channels))
    });
    let samples = match &original.samples {
        Samples::U8(_) => Samples::U8(narrow.map(super::high_byte).collect()),
        Samples::U16(_) => Samples::U16(narrow.collect()),
    };
    Ok(Cow::Owned(Picture::from_samples(delivered.size, channels, samples)?))
}

fn copy_run(picture: &mut Picture, bounds: Rectangle, from: &Samples, y: u32, start: u32, end: u32) {
    let channels = usize::from(picture.channels);
    let to = picture.index(start, y);
    let row = (y - bounds.y) as usize * bounds.width as usize;
    let at = (row + (start - bounds.x) as usize) * channels;
    let length = (end - start) as usize * channels;
    match (&mut picture.samples, from) {
        (Samples::U8(to_all), Samples::U8(from)) => to_all[to..to + length].copy_from_slice(&from[at..at + length]),
        (Samples::U16(to_all), Samples::U16(from)) => to_all[to..to + length].copy_from_slice(&from[at..at + length]),
        // Patch::new lets no other pair in.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: u32, height: u32, value: u8) -> Picture {
        let size = Size::new(width, height).expect("a size");
        Picture::from_samples(size, 1, Samples::U8(vec![value; size.area() as usize])).expect("fits")
    }

    fn region(picture: &Picture) -> Mask {
        let rectangles = [Rectangle { x: 1, y: 1, width: 2, height: 2 }, Rectangle { x: 4, y: 2, width: 1, height: 2 }];
        Mask::from_rectangles(picture.size(), &rectangles)
    }

    #[test]
    fn only_the_marked_pixels_of_a_patch_are_taken() {
        let original = grey(6, 5, 10);
        let mask = region(&original);
        let bounds = mask.bounds().expect("marked");
        let patch = Patch::new(&original, bounds, Samples::U8(vec![99; 4 * 3])).expect("fits");
        let mut result = original.clone();
        apply(&mut result, &[patch], &mask);
        assert_eq!(Changes::between(&original, &result, &mask), Ok(Changes { inside: 6, outside: 0 }));
        let Samples::U8(values) = result.samples() else { panic!("8 bits") };
        assert_eq!(values.iter().filter(|v| **v == 99).count(), 6);
    }

    #[test]
    fn a_shown_patch_is_the_repaired_picture_in_its_box() {
        let original = grey(6, 5, 10);
        let mask = region(&original);
        let bounds = Rectangle { x: 0, y: 1, width: 6, height: 2 };
        let patch = Patch::new(&original, bounds, Samples::U8(vec![99; 12])).expect("fits");
        let rgba = patch.to_rgba8(&original, &mask).expect("its own picture");
        let reds: Vec<u8> = rgba.chunks_exact(4).map(|p| p[0]).collect();
        assert_eq!(reds, [10, 99, 99, 10, 10, 10, 10, 99, 99, 10, 99, 10]);
    }

    #[test]
    fn what_an_endpoint_changed_outside_is_counted_and_dropped() {
        let original = grey(6, 5, 10);
        let mask = region(&original);
        let delivered = grey(6, 5, 77);
        let (patches, changes) = patches_from(&original, &delivered, &mask).expect("same size");
        assert_eq!(changes, Changes { inside: 6, outside: 24 });
        let mut result = original.clone();
        apply(&mut result, &patches, &mask);
        assert_eq!(Changes::between(&original, &result, &mask), Ok(Changes { inside: 6, outside: 0 }));
    }

    #[test]
    fn another_size_is_an_error_that_names_both() {
        let original = grey(6, 5, 10);
        let error = patches_from(&original, &grey(5, 6, 10), &region(&original));
        let expected = Error::ResultSize { width: 5, height: 6, picture_width: 6, picture_height: 5 };
        assert_eq!(error, Err(expected));
    }

    #[test]
    fn a_result_of_another_kind_is_brought_to_the_originals() {
        let size = Size::new(2, 1).expect("a size");
        let original = Picture::from_samples(size, 2, Samples::U16(vec![0, 0, 0, 0])).expect("fits");
        let delivered = Picture::from_samples(size, 3, Samples::U8(vec![255, 255, 255, 9, 9, 9])).expect("fits");
        let converted = convert(&delivered, &original).expect("converts");
        assert_eq!(converted.samples(), &Samples::U16(vec![65535, 65535, 9 * 257, 65535]));
    }

    #[test]
    fn a_patch_outside_its_picture_is_refused() {
        let original = grey(6, 5, 10);
        let outside = Rectangle { x: 5, y: 0, width: 2, height: 1 };
        assert!(Patch::new(&original, outside, Samples::U8(vec![0, 0])).is_err());
        let inside = Rectangle { x: 4, y: 0, width: 2, height: 1 };
        assert!(Patch::new(&original, inside, Samples::U8(vec![0])).is_err());
        assert!(Patch::new(&original, inside, Samples::U16(vec![0, 0])).is_err());
    }
}
