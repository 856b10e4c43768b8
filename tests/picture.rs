//! Every format in, upright, with every sample as it was.

#![cfg(all(feature = "picture", not(target_arch = "wasm32")))]

use std::io::Cursor;

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, Rgb, Rgba};
use reweave::picture::{Format, Limits, Picture, Samples};
use reweave::{Error, Size};

const WIDTH: u32 = 13;
const HEIGHT: u32 = 7;

fn rgb() -> DynamicImage {
    ImageBuffer::from_fn(WIDTH, HEIGHT, |x, y| Rgb([(x * 19) as u8, (y * 36) as u8, (x * y) as u8])).into()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn decoded(bytes: &[u8]) -> Picture {
    Picture::decode(bytes, &Limits::CONTRACT).expect("decodes")
}

#[test]
fn lossless_formats_keep_every_sample() {
    let formats = [
        (ImageFormat::Png, Format::Png),
        (ImageFormat::WebP, Format::WebP),
        (ImageFormat::Bmp, Format::Bmp),
        (ImageFormat::Tiff, Format::Tiff),
    ];
    for (codec, format) in formats {
        let picture = decoded(&encoded(&rgb(), codec));
        assert_eq!((picture.format(), picture.channels(), picture.was_upright()), (format, 3, true));
        assert_eq!(picture.samples(), &Samples::U8(rgb().into_rgb8().into_raw()), "{format:?}");
    }
}

#[test]
fn jpeg_is_near() {
    let picture = decoded(&encoded(&rgb(), ImageFormat::Jpeg));
    assert_eq!((picture.format(), picture.size()), (Format::Jpeg, Size::new(WIDTH, HEIGHT).expect("a size")));
    let (Samples::U8(got), want) = (picture.samples(), rgb().into_rgb8().into_raw()) else { panic!("8 bits") };
    let error: u64 = got.iter().zip(&want).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(error / (want.len() as u64) < 12, "mean error {}", error / want.len() as u64);
}

#[test]
fn channels_and_depth_stay() {
    let grey16: DynamicImage = ImageBuffer::from_fn(WIDTH, HEIGHT, |x, y| Luma([(x * 5000 + y) as u16])).into();
    let rgba16: DynamicImage =
        ImageBuffer::from_fn(WIDTH, HEIGHT, |x, y| Rgba([x as u16, y as u16, 7, (x * 5041) as u16])).into();
    for codec in [ImageFormat::Png, ImageFormat::Tiff] {
        let picture = decoded(&encoded(&grey16, codec));
        let want = Samples::U16(grey16.to_luma16().into_raw());
        assert_eq!((picture.channels(), picture.samples()), (1, &want), "{codec:?}");
        let picture = decoded(&encoded(&rgba16, codec));
        let want = Samples::U16(rgba16.to_rgba16().into_raw());
        assert_eq!((picture.channels(), picture.samples()), (4, &want), "{codec:?}");
    }
}

/// A JPEG with an EXIF orientation; grey, so that corners can be told apart after compression.
fn turned(orientation: u8) -> Vec<u8> {
    let corner = |x: u32, y: u32| if x < 16 && y < 8 { 255u8 } else { 0 };
    let image: DynamicImage = ImageBuffer::from_fn(32, 16, |x, y| Luma([corner(x, y)])).into();
    let plain = encoded(&image, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1, 0, exif.len() as u8 + 2]);
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}

#[test]
fn every_orientation_comes_out_upright() {
    // Where the bright corner of the file belongs: EXIF 2.3, table 4.6.4, tag 0x0112.
    let corners = [
        (1, 32, "top left"),
        (2, 32, "top right"),
        (3, 32, "bottom right"),
        (4, 32, "bottom left"),
        (5, 16, "top left"),
        (6, 16, "top right"),
        (7, 16, "bottom right"),
        (8, 16, "bottom left"),
    ];
    for (orientation, width, corner) in corners {
        let bytes = turned(orientation);
        let picture = decoded(&bytes);
        let size = picture.size();
        assert_eq!((size.width(), size.height()), (width, 48 - width), "{orientation}");
        assert_eq!(picture.was_upright(), orientation == 1);
        assert_eq!(reweave::picture::read_size(&bytes, &Limits::CONTRACT), Ok(size));
        let Samples::U8(samples) = picture.samples() else { panic!("8 bits") };
        let at = |x: u32, y: u32| samples[((y * width + x) * u32::from(picture.channels())) as usize] > 128;
        let (right, bottom) = (width - 2, size.height() - 2);
        let bright = match (at(1, 1), at(right, 1), at(right, bottom), at(1, bottom)) {
            (true, false, false, false) => "top left",
            (false, true, false, false) => "top right",
            (false, false, true, false) => "bottom right",
            (false, false, false, true) => "bottom left",
            other => panic!("{orientation}: {other:?}"),
        };
        assert_eq!(bright, corner, "orientation {orientation}");
    }
}

#[test]
fn half_a_file_of_each_format_is_broken_and_no_panic() {
    for codec in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff] {
        let bytes = encoded(&rgb(), codec);
        for end in [12, 40, bytes.len() / 2, bytes.len() - 40] {
            let result = Picture::decode(&bytes[..end], &Limits::CONTRACT);
            assert!(matches!(result, Err(Error::PictureBroken { .. })), "{codec:?} to {end}: {result:?}");
        }
    }
}
