//! JPEG for the `image` crate's interface, by `zune-jpeg`.
//!
//! `image` has such a decoder, over borrowed bytes. TIFF files hold JPEG too, and `tiff` decodes that over
//! bytes of its own: two copies of the same code in `engine.wasm`, 20 KB of it after gzip. This one reads
//! as `tiff` does.

use image::error::{DecodingError, ImageFormatHint};
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageResult};
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// A JPEG file whose header has been read.
pub(super) struct JpegDecoder {
    decoder: zune_jpeg::JpegDecoder<ZCursor<Vec<u8>>>,
    dimensions: (u32, u32),
    color: ColorType,
}

impl JpegDecoder {
    /// Reads the header. CMYK and YCCK come out as RGB.
    pub(super) fn new(bytes: &[u8]) -> ImageResult<Self> {
        let options = DecoderOptions::default().set_strict_mode(false);
        let options = options.set_max_width(usize::MAX).set_max_height(usize::MAX);
        let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes.to_vec()), options);
        decoder.decode_headers().map_err(broken)?;
        let (space, color) = match decoder.input_colorspace() {
            Some(ColorSpace::Luma) => (ColorSpace::Luma, ColorType::L8),
            _ => (ColorSpace::RGB, ColorType::Rgb8),
        };
        decoder.set_options(options.jpeg_set_out_colorspace(space));
        // Both are there once the header is.
        let (width, height) = decoder.dimensions().unwrap_or_default();
        Ok(Self { decoder, dimensions: (width as u32, height as u32), color })
    }
}

impl ImageDecoder for JpegDecoder {
    fn dimensions(&self) -> (u32, u32) {
        self.dimensions
    }

    fn color_type(&self) -> ColorType {
        self.color
    }

    fn icc_profile(&mut self) -> ImageResult<Option<Vec<u8>>> {
        Ok(self.decoder.icc_profile())
    }

    fn exif_metadata(&mut self) -> ImageResult<Option<Vec<u8>>> {
        Ok(self.decoder.exif().cloned())
    }

    fn orientation(&mut self) -> ImageResult<Orientation> {
        let orientation = self.decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
        Ok(orientation.unwrap_or(Orientation::NoTransforms))
    }

    fn read_image(mut self, pixels: &mut [u8]) -> ImageResult<()> {
        self.decoder.decode_into(pixels).map_err(broken)
    }

    fn read_image_boxed(self: Box<Self>, pixels: &mut [u8]) -> ImageResult<()> {
        (*self).read_image(pixels)
    }
}

fn broken(error: DecodeErrors) -> ImageError {
    ImageError::Decoding(DecodingError::new(ImageFormatHint::Exact(ImageFormat::Jpeg), error))
}
