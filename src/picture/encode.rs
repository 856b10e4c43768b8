//! Encoding: PNG, exact to the bit and depth; JPEG 4:4:4 where a person chooses it.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::{Format, Picture, Samples};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::mask::Mask;

/// JPEG qualities that are accepted.
pub const JPEG_QUALITY: std::ops::RangeInclusive<u8> = 1..=100;

impl Picture {
    /// As PNG: every sample as it is, with the colour profile, without other metadata.
    ///
    /// # Errors
    /// [`Error::Encode`] when the encoder fails.
    pub fn encode_png(&self) -> Result<Vec<u8>> {
        let colour = match (self.channels, &self.samples) {
            (1, Samples::U8(_)) => ExtendedColorType::L8,
            (2, Samples::U8(_)) => ExtendedColorType::La8,
            (3, Samples::U8(_)) => ExtendedColorType::Rgb8,
            (_, Samples::U8(_)) => ExtendedColorType::Rgba8,
            (1, Samples::U16(_)) => ExtendedColorType::L16,
            (2, Samples::U16(_)) => ExtendedColorType::La16,
            (3, Samples::U16(_)) => ExtendedColorType::Rgb16,
            (_, Samples::U16(_)) => ExtendedColorType::Rgba16,
        };
        match &self.samples {
            Samples::U8(v) => self.png(v, colour),
            // PngEncoder takes 16-bit samples in native order.
            Samples::U16(v) => self.png(&v.iter().flat_map(|s| s.to_ne_bytes()).collect::<Vec<_>>(), colour),
        }
    }

    /// As JPEG 4:4:4 of 8 bits, with the colour profile. Transparent parts are laid on white.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a quality outside [`JPEG_QUALITY`], [`Error::Encode`] when the
    /// encoder fails.
    pub fn encode_jpeg(&self, quality: u8) -> Result<Vec<u8>> {
        if !JPEG_QUALITY.contains(&quality) {
            let (min, max) = ((*JPEG_QUALITY.start()).into(), (*JPEG_QUALITY.end()).into());
            return Err(Error::OutOfRange { name: "JPEG quality".into(), value: quality.to_string(), min, max });
        }
        let rgb: Vec<u8> = self.to_rgba8(self.size.as_rectangle()).chunks_exact(4).flat_map(on_white).collect();
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        self.write(encoder, &rgb, ExtendedColorType::Rgb8, Format::Jpeg)?;
        Ok(bytes)
    }

    fn png(&self, raw: &[u8], colour: ExtendedColorType) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.write(PngEncoder::new(&mut bytes), raw, colour, Format::Png)?;
        Ok(bytes)
    }

    fn write(
        &self,
        mut encoder: impl ImageEncoder,
        raw: &[u8],
        colour: ExtendedColorType,
        format: Format,
    ) -> Result<()> {
        let failed = |reason: String| Error::Encode { format: format.name().into(), reason };
        // A profile for another colour model would be wrong: JPEG output is always RGB.
        let profile = self.icc_profile.as_ref().filter(|_| format == Format::Png || self.channels >= 3);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile.clone()).map_err(|e| failed(e.to_string()))?;
        }
        encoder.write_image(raw, self.size.width(), self.size.height(), colour).map_err(|e| failed(e.to_string()))
    }
}

/// A mask as an opaque 8-bit grey PNG of strictly 0 and 255; white is what is to be repaired.
///
/// # Errors
/// [`Error::Encode`] when the encoder fails.
pub fn mask_png(mask: &Mask) -> Result<Vec<u8>> {
    let size: Size = mask.size();
    Picture::from_samples(size, 1, Samples::U8(mask.to_luma()))?.encode_png()
}

fn on_white(pixel: &[u8]) -> [u8; 3] {
    let alpha = u32::from(pixel[3]);
    [0, 1, 2].map(|i| ((u32::from(pixel[i]) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;
    use crate::geometry::Rectangle;

    fn samples(count: usize, depth: u64) -> Samples {
        match depth {
            1 => Samples::U8((0..count).map(|i| (i * 37) as u8).collect()),
            _ => Samples::U16((0..count).map(|i| (i * 4099) as u16).collect()),
        }
    }

    #[test]
    fn png_keeps_every_sample_of_every_kind() {
        let size = Size::new(7, 5).expect("a size");
        for channels in 1..=4 {
            for depth in [1, 2] {
                let picture =
                    Picture::from_samples(size, channels, samples(35 * usize::from(channels), depth)).expect("fits");
                let back = Picture::decode(&picture.encode_png().expect("encodes"), &Limits::CONTRACT);
                assert_eq!(back, Ok(picture), "{channels} channels of {depth} bytes");
            }
        }
    }

    #[test]
    fn a_mask_is_strictly_black_and_white() {
        let size = Size::new(70, 3).expect("a size");
        let mask = Mask::from_rectangles(size, &[Rectangle { x: 60, y: 1, width: 8, height: 1 }]);
        let png = mask_png(&mask).expect("encodes");
        let picture = Picture::decode(&png, &Limits::CONTRACT).expect("decodes");
        assert_eq!((picture.channels(), picture.samples()), (1, &Samples::U8(mask.to_luma())));
        assert_eq!(super::super::read_mask(&png, &Limits::CONTRACT), Ok(mask));
    }

    #[test]
    fn jpeg_has_a_quality_and_no_transparency() {
        let size = Size::new(8, 8).expect("a size");
        let clear = Picture::from_samples(size, 4, Samples::U8([0, 0, 0, 0].repeat(64))).expect("fits");
        let jpeg = clear.encode_jpeg(95).expect("encodes");
        let picture = Picture::decode(&jpeg, &Limits::CONTRACT).expect("decodes");
        assert_eq!((picture.channels(), picture.samples()), (3, &Samples::U8(vec![255; 192])));
        assert!(matches!(clear.encode_jpeg(0), Err(Error::OutOfRange { .. })));
    }
}
