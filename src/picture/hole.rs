//! A picture with a hole: transparent where it is marked, as image editors and some endpoints take
//! the region that is to be repaired.

use super::{Picture, Samples};
use crate::error::Result;
use crate::mask::Mask;

/// `picture` as PNG with alpha 0 on the marked pixels and every other sample as it is, also those
/// under the hole. Grey becomes grey with alpha, RGB becomes RGBA, the depth stays.
///
/// # Errors
/// Those of [`Mask::check_for`], and [`crate::Error::Encode`] when the encoder fails.
pub fn hole_png(picture: &Picture, mask: &Mask) -> Result<Vec<u8>> {
    mask.check_for(picture.size)?;
    let channels = usize::from(picture.channels);
    let mut samples = match &picture.samples {
        Samples::U8(v) => Samples::U8(with_alpha(v, channels, u8::MAX)),
        Samples::U16(v) => Samples::U16(with_alpha(v, channels, u16::MAX)),
    };
    match &mut samples {
        Samples::U8(v) => clear(v, mask),
        Samples::U16(v) => clear(v, mask),
    }
    let channels = if picture.channels < 3 { 2 } else { 4 };
    let icc_profile = picture.icc_profile.clone();
    Picture { icc_profile, ..Picture::from_samples(picture.size, channels, samples)? }.encode_png()
}

/// The samples with an alpha channel, `full` where there was none.
fn with_alpha<T: Copy>(samples: &[T], channels: usize, full: T) -> Vec<T> {
    if channels.is_multiple_of(2) {
        return samples.to_vec();
    }
    let mut all = Vec::with_capacity(samples.len() / channels * (channels + 1));
    for pixel in samples.chunks_exact(channels) {
        all.extend_from_slice(pixel);
        all.push(full);
    }
    all
}

/// Alpha 0 where it is marked.
fn clear<T: Default>(samples: &mut [T], mask: &Mask) {
    let width = mask.size().width() as usize;
    let channels = (samples.len() as u64 / mask.size().area()) as usize;
    for (y, row) in (0..).zip(samples.chunks_exact_mut(width * channels)) {
        for (start, end) in mask.runs(y) {
            let run = &mut row[start as usize * channels..end as usize * channels];
            run.iter_mut().skip(channels - 1).step_by(channels).for_each(|alpha| *alpha = T::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;
    use crate::error::Error;
    use crate::geometry::{Rectangle, Size};

    fn picture(channels: u8, sixteen_bits: bool) -> Picture {
        let size = Size::new(9, 6).expect("a size");
        let values = (1..=54 * u16::from(channels)).map(|i| i * 251);
        let samples = match sixteen_bits {
            true => Samples::U16(values.collect()),
            false => Samples::U8(values.map(|v| (v % 251) as u8 + 1).collect()),
        };
        Picture::from_samples(size, channels, samples).expect("fits")
    }

    fn wide(picture: &Picture) -> Vec<u16> {
        match picture.samples() {
            Samples::U8(v) => v.iter().copied().map(u16::from).collect(),
            Samples::U16(v) => v.clone(),
        }
    }

    #[test]
    fn alpha_is_0_where_it_is_marked_and_nothing_else_changes() {
        for (channels, sixteen_bits) in
            [(1, false), (2, false), (3, false), (4, false), (1, true), (2, true), (3, true), (4, true)]
        {
            let original = picture(channels, sixteen_bits);
            let mask = Mask::from_rectangles(original.size(), &[Rectangle { x: 2, y: 1, width: 5, height: 3 }]);
            let png = hole_png(&original, &mask).expect("encodes");
            let holed = Picture::decode(&png, &Limits::CONTRACT).expect("decodes");
            let kind = if channels < 3 { 2 } else { 4 };
            assert_eq!((holed.channels(), holed.samples().depth_bytes()), (kind, original.samples().depth_bytes()));
            let full = if sixteen_bits { u16::MAX } else { 255 };
            let (before, after) = (wide(&original), wide(&holed));
            let pixels = before.chunks_exact(channels.into()).zip(after.chunks_exact(kind.into()));
            for (i, (before, after)) in (0u32..).zip(pixels) {
                let colours = usize::from(kind) - 1;
                assert_eq!(before[..colours], after[..colours], "{channels} channels at {i}");
                let own = before.get(colours).copied().unwrap_or(full);
                let expected = if mask.get(i % 9, i / 9) { 0 } else { own };
                assert_eq!(after[colours], expected, "{channels} channels at {i}");
            }
        }
    }

    #[test]
    fn a_mask_that_marks_nothing_or_another_picture_is_refused() {
        let original = picture(3, false);
        assert_eq!(hole_png(&original, &Mask::new(original.size())), Err(Error::EmptyMask));
        let foreign = Mask::new(Size::new(6, 9).expect("a size"));
        assert!(matches!(hole_png(&original, &foreign), Err(Error::MaskSize { width: 6, .. })));
    }
}
