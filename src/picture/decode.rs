//! Decoding: sniffed by magic bytes, limits checked on the header before anything is allocated,
//! turned upright.
//!
//! The codecs are those of the `image` crate, but for JPEG (see `jpeg`). A file's name or MIME type is never asked.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageResult};
use serde::{Deserialize, Serialize};

use super::jpeg::JpegDecoder;
use super::{Picture, Samples};
use crate::error::{Error, Result};
use crate::geometry::{MAX_SIDE, Size};
use crate::mask::Mask;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP; of an animation the first frame.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// TIFF; the first page.
    Tiff,
}

/// What a picture may be. Limits are an argument, as they differ: an endpoint's are the contract's,
/// a browser's is its memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of the file.
    pub max_bytes: u64,
    /// Largest width and height.
    pub max_side: u32,
    /// Most bytes of decoded samples.
    pub max_memory: u64,
}

impl Limits {
    /// The contract's: 15 MB with 15 MB included (taken as 15 × 1024 × 1024), 4096 × 4096.
    pub const CONTRACT: Self = Self { max_bytes: 15 * 1024 * 1024, max_side: 4096, max_memory: 4096 * 4096 * 8 };

    /// Bound by memory alone: `max_memory` bytes of decoded samples.
    #[must_use]
    pub const fn memory(max_memory: u64) -> Self {
        Self { max_bytes: max_memory, max_side: MAX_SIDE, max_memory }
    }
}

impl Format {
    /// Its usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
        }
    }

    /// Its MIME type.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
        }
    }

    fn broken(self, reason: &impl std::fmt::Display) -> Error {
        Error::PictureBroken { format: self.name().into(), reason: reason.to_string() }
    }
}

/// The format of a file by its first bytes.
///
/// # Errors
/// [`Error::EmptyFile`], [`Error::GifRefused`], [`Error::NotAPicture`].
pub fn sniff(bytes: &[u8]) -> Result<Format> {
    match bytes {
        [] => Err(Error::EmptyFile),
        [0xff, 0xd8, 0xff, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::WebP),
        // Bytes 6 to 9 of a bitmap are reserved and 0: "BM" alone would match text.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Ok(Format::Bmp),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Format::Tiff),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Err(Error::GifRefused),
        _ => {
            let head: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            Err(Error::NotAPicture { head: head.join(" ") })
        }
    }
}

/// The upright size from the header alone, checked against the limits.
///
/// # Errors
/// As [`Picture::decode`], but for what only the pixels show.
pub fn read_size(bytes: &[u8], limits: &Limits) -> Result<Size> {
    read_header(bytes, limits).map(|(_, size)| size)
}

/// The format and the upright size, as [`read_size`].
pub(super) fn read_header(bytes: &[u8], limits: &Limits) -> Result<(Format, Size)> {
    let (format, mut decoder) = open(bytes, limits)?;
    let (width, height) = decoder.dimensions();
    let sideways = matches!(
        decoder.orientation().map_err(|e| format.broken(&e))?,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let size = if sideways { Size::new(height, width) } else { Size::new(width, height) };
    Ok((format, size?))
}

/// A mask from a picture file: marked where the picture is ≥ 128, white being marked. Colour
/// counts by its luma, and what is transparent counts as black.
///
/// # Errors
/// As [`Picture::decode`].
pub fn read_mask(bytes: &[u8], limits: &Limits) -> Result<Mask> {
    let picture = Picture::decode(bytes, limits)?;
    let rgba = picture.to_rgba8(picture.size().as_rectangle());
    let lumas = rgba.chunks_exact(4).map(|p| {
        let luma = crate::mask::luma(p[0].into(), p[1].into(), p[2].into());
        (luma * u32::from(p[3]) / 255) as u8
    });
    Mask::from_values(picture.size(), lumas, crate::mask::THRESHOLD)
}

impl Picture {
    /// Decodes a file and turns it upright.
    ///
    /// # Errors
    /// [`Error::EmptyFile`], [`Error::NotAPicture`], [`Error::GifRefused`];
    /// [`Error::FileTooLarge`], [`Error::PictureDimensions`] and [`Error::Memory`] when a limit is
    /// exceeded, before memory is taken; [`Error::PictureBroken`] when the decoder fails.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self> {
        let (format, mut decoder) = open(bytes, limits)?;
        let broken = |e: image::ImageError| format.broken(&e);
        let orientation = decoder.orientation().map_err(broken)?;
        let icc_profile = decoder.icc_profile().map_err(broken)?;
        let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
        image.apply_orientation(orientation);
        let was_upright = orientation == Orientation::NoTransforms;
        let size = Size::new(image.width(), image.height())?;
        let (channels, samples) = samples_of(image);
        Ok(Self { format, was_upright, icc_profile, ..Self::from_samples(size, channels, samples)? })
    }
}

/// A decoder that has read the header only, with every limit checked.
fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Format, Box<dyn ImageDecoder + 'a>)> {
    let format = sniff(bytes)?;
    if bytes.len() as u64 > limits.max_bytes {
        return Err(Error::FileTooLarge { bytes: bytes.len() as u64, max: limits.max_bytes });
    }
    // The codecs' own buffers; the samples themselves are checked below.
    let mut codec_limits = image::Limits::default();
    codec_limits.max_alloc = Some(limits.max_memory.saturating_mul(4));
    let decoder = codec(format, bytes, codec_limits).map_err(|e| format.broken(&e))?;
    let (width, height) = decoder.dimensions();
    let max = limits.max_side;
    if !((1..=max).contains(&width) && (1..=max).contains(&height)) {
        return Err(Error::PictureDimensions { width, height, max_width: max, max_height: max });
    }
    let needed = decoder.total_bytes();
    if needed > limits.max_memory {
        return Err(Error::Memory { needed, max: limits.max_memory });
    }
    Ok((format, decoder))
}

fn codec<'a>(format: Format, bytes: &'a [u8], limits: image::Limits) -> ImageResult<Box<dyn ImageDecoder + 'a>> {
    let file = Cursor::new(bytes);
    let mut decoder: Box<dyn ImageDecoder> = match format {
        Format::Jpeg => Box::new(JpegDecoder::new(bytes)?),
        Format::Png => Box::new(PngDecoder::with_limits(file, limits.clone())?),
        Format::WebP => Box::new(WebPDecoder::new(file)?),
        Format::Bmp => Box::new(BmpDecoder::new(file)?),
        Format::Tiff => Box::new(TiffDecoder::new(file)?),
    };
    decoder.set_limits(limits)?;
    Ok(decoder)
}

fn samples_of(image: DynamicImage) -> (u8, Samples) {
    match image {
        DynamicImage::ImageLuma8(b) => (1, Samples::U8(b.into_raw())),
        DynamicImage::ImageLumaA8(b) => (2, Samples::U8(b.into_raw())),
        DynamicImage::ImageRgb8(b) => (3, Samples::U8(b.into_raw())),
        DynamicImage::ImageRgba8(b) => (4, Samples::U8(b.into_raw())),
        DynamicImage::ImageLuma16(b) => (1, Samples::U16(b.into_raw())),
        DynamicImage::ImageLumaA16(b) => (2, Samples::U16(b.into_raw())),
        DynamicImage::ImageRgb16(b) => (3, Samples::U16(b.into_raw())),
        DynamicImage::ImageRgba16(b) => (4, Samples::U16(b.into_raw())),
        // Floating-point TIFF: 16 bits hold what any display can show of it.
        DynamicImage::ImageRgb32F(_) => (3, Samples::U16(image.to_rgb16().into_raw())),
        other => (4, Samples::U16(other.to_rgba16().into_raw())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_picture_however_it_begins() {
        for text in ["BMW is a car maker", "II. Chapter", "MM", "RIFF of a guitar", "GIF", "<html>", "\u{7f}"] {
            assert!(matches!(sniff(text.as_bytes()), Err(Error::NotAPicture { .. })), "{text}");
        }
        assert_eq!(sniff(b""), Err(Error::EmptyFile));
        assert_eq!(sniff(b"GIF89a\x01\x00"), Err(Error::GifRefused));
        let error = sniff(b"%PDF-1.7 and more");
        assert_eq!(error, Err(Error::NotAPicture { head: "25 50 44 46 2d 31 2e 37".into() }));
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        // A PNG that claims 60000 × 60000 and has no data at all.
        let size = Size::new(1, 1).expect("a size");
        let picture = Picture::from_samples(size, 3, Samples::U8(vec![1, 2, 3])).expect("a picture");
        let mut png = picture.encode_png().expect("encodes");
        png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        let expected = Error::Memory { needed: 10_800_000_000, max: 1 << 30 };
        assert_eq!(Picture::decode(&png, &Limits::memory(1 << 30)), Err(expected));
        let expected = Error::PictureDimensions { width: 60_000, height: 60_000, max_width: 4096, max_height: 4096 };
        assert_eq!(read_size(&png, &Limits::CONTRACT), Err(expected));
    }

    #[test]
    fn a_file_over_the_limit_is_refused_unread() {
        let mut bytes = vec![0; 15 * 1024 * 1024 + 1];
        bytes[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
        let expected = Error::FileTooLarge { bytes: 15_728_641, max: 15_728_640 };
        assert_eq!(Picture::decode(&bytes, &Limits::CONTRACT), Err(expected));
    }

    #[test]
    fn a_truncated_file_is_broken() {
        let size = Size::new(9, 9).expect("a size");
        let picture = Picture::from_samples(size, 1, Samples::U8((0..81).collect())).expect("a picture");
        let png = picture.encode_png().expect("encodes");
        let error = Picture::decode(&png[..png.len() / 2], &Limits::CONTRACT);
        assert!(matches!(error, Err(Error::PictureBroken { .. })), "{error:?}");
    }

    /// CRC-32 of PNG chunks (ISO 3309), bit by bit: a test needs no table.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
        })
    }
}
