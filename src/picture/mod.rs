//! Pictures: decoded upright, kept as they are, encoded again.
//!
//! A [`Picture`] keeps the channel count and the depth of its file, so that a grey 16-bit scan
//! comes out as one. Decoding is done here and never by a canvas: reading a canvas back
//! premultiplies alpha, converts colour, and is noised by privacy browsers.

mod composite;
mod decode;
mod encode;
mod hole;
mod jpeg;
mod levels;
mod mask_file;
mod outgoing;
mod probe;
mod versions;

pub use composite::{Changes, Patch, apply, patches_from};
pub use decode::{Format, Limits, read_mask, read_size, sniff};
pub use encode::{JPEG_QUALITY, mask_png};
pub use hole::hole_png;
pub use levels::{LEVEL_SIDE, Level, levels};
pub use mask_file::{Marked, MaskFile, read_mask_file};
pub use outgoing::{Outgoing, Sent, outgoing, outgoing_anew};
pub use probe::{Probed, probe};
pub use versions::{Repair, Versions};

use crate::error::{Error, Result};
use crate::geometry::{Rectangle, Size};

/// An upright picture of 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA) interleaved channels.
///
/// *Guarantees*: `samples` holds exactly width × height × channels values, row by row; alpha is
/// not premultiplied; the picture is upright.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    size: Size,
    channels: u8,
    samples: Samples,
    format: Format,
    was_upright: bool,
    icc_profile: Option<Vec<u8>>,
}

/// The values of a picture, 0 to the greatest of their type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    /// 8 bits a sample.
    U8(Vec<u8>),
    /// 16 bits a sample.
    U16(Vec<u16>),
}

impl Picture {
    /// A picture from samples.
    ///
    /// # Errors
    /// [`Error::SampleCount`] when the number of samples does not fit; [`Error::OutOfRange`] when
    /// there are not 1 to 4 channels.
    pub fn from_samples(size: Size, channels: u8, samples: Samples) -> Result<Self> {
        if !(1..=4).contains(&channels) {
            return Err(Error::OutOfRange { name: "channels".into(), value: channels.to_string(), min: 1.0, max: 4.0 });
        }
        let expected = size.area() * u64::from(channels);
        if samples.len() as u64 != expected {
            return Err(Error::SampleCount { actual: samples.len() as u64, expected });
        }
        Ok(Self { size, channels, samples, format: Format::Png, was_upright: true, icc_profile: None })
    }

    /// A picture from 8 bits of red, green, blue and alpha each, not premultiplied; without alpha where all
    /// is opaque.
    ///
    /// # Errors
    /// [`Error::SampleCount`] when the number of values does not fit.
    pub fn from_rgba8(size: Size, mut rgba: Vec<u8>) -> Result<Self> {
        let is_opaque = rgba.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX);
        if !is_opaque || rgba.len() as u64 != 4 * size.area() {
            return Self::from_samples(size, 4, Samples::U8(rgba));
        }
        for pixel in 0..rgba.len() / 4 {
            rgba.copy_within(4 * pixel..4 * pixel + 3, 3 * pixel);
        }
        rgba.truncate(rgba.len() / 4 * 3);
        Self::from_samples(size, 3, Samples::U8(rgba))
    }

    /// Width and height, upright.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Number of channels, 1 to 4.
    #[must_use]
    pub const fn channels(&self) -> u8 {
        self.channels
    }

    /// The values.
    #[must_use]
    pub const fn samples(&self) -> &Samples {
        &self.samples
    }

    /// The format it was decoded from.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Whether the file's own pixel order was upright already (EXIF orientation 1 or none).
    #[must_use]
    pub const fn was_upright(&self) -> bool {
        self.was_upright
    }

    /// Whether the last channel is alpha.
    #[must_use]
    pub const fn has_alpha(&self) -> bool {
        self.channels.is_multiple_of(2)
    }

    /// Bytes that the samples take.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.samples.len() as u64 * self.samples.depth_bytes()
    }

    /// The pixels of `area` for showing, as 8-bit RGBA, row by row.
    ///
    /// `area` must lie inside the picture; what does not is cut off.
    #[must_use]
    pub fn to_rgba8(&self, area: Rectangle) -> Vec<u8> {
        let Some(area) = area.clipped(self.size) else { return Vec::new() };
        rgba8(&composite::crop(self, area), self.channels)
    }

    /// Index of the first sample of a pixel.
    pub(crate) fn index(&self, x: u32, y: u32) -> usize {
        (y as usize * self.size.width() as usize + x as usize) * usize::from(self.channels)
    }
}

impl Samples {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::U8(v) => v.len(),
            Self::U16(v) => v.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of one value: 1 or 2.
    #[must_use]
    pub const fn depth_bytes(&self) -> u64 {
        match self {
            Self::U8(_) => 1,
            Self::U16(_) => 2,
        }
    }
}

/// Samples of 1 to 4 channels as 8-bit RGBA.
fn rgba8(samples: &Samples, channels: u8) -> Vec<u8> {
    let channels = usize::from(channels);
    let mut rgba = Vec::with_capacity(samples.len() / channels * 4);
    match samples {
        Samples::U8(v) => v.chunks_exact(channels).for_each(|p| rgba.extend(rgba_of(p))),
        Samples::U16(v) => v.chunks_exact(channels).for_each(|p| rgba.extend(rgba_of(p).map(high_byte))),
    }
    rgba
}

/// One pixel of 1 to 4 channels as RGBA; full is the greatest value of the type.
fn rgba_of<T: Copy + Bounded>(pixel: &[T]) -> [T; 4] {
    match *pixel {
        [l] => [l, l, l, T::FULL],
        [l, a] => [l, l, l, a],
        [r, g, b] => [r, g, b, T::FULL],
        [r, g, b, a, ..] => [r, g, b, a],
        [] => [T::FULL; 4],
    }
}

trait Bounded {
    const FULL: Self;
}

impl Bounded for u8 {
    const FULL: Self = u8::MAX;
}

impl Bounded for u16 {
    const FULL: Self = u16::MAX;
}

/// 16 bits to 8, rounded: 65535 / 257 = 255.
pub(crate) const fn high_byte(v: u16) -> u8 {
    ((v as u32 + 128) / 257) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_of_a_page_lose_an_alpha_that_says_nothing() {
        let size = Size::new(2, 1).expect("a size");
        let opaque = Picture::from_rgba8(size, vec![1, 2, 3, 255, 4, 5, 6, 255]).expect("a picture");
        assert_eq!((opaque.channels(), opaque.samples()), (3, &Samples::U8(vec![1, 2, 3, 4, 5, 6])));
        let clear = Picture::from_rgba8(size, vec![1, 2, 3, 255, 4, 5, 6, 254]).expect("a picture");
        assert_eq!((clear.channels(), clear.samples().len()), (4, 8));
        for length in [0, 7, 12] {
            let error = Picture::from_rgba8(size, vec![255; length]).map(|_| ());
            assert_eq!(error, Err(Error::SampleCount { actual: length as u64, expected: 8 }));
        }
    }
}
