//! Files that are no pictures, broken ones, bombs, two formats in one; masks.

use std::io::Cursor;

use super::*;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};

pub(super) fn rows() -> Vec<Row> {
    [none(), truncated(), bombs(), polyglots(), masks()].into_iter().flatten().collect()
}

fn picture(file: &[u8]) -> Vec<u8> {
    changed(json!({ "image_base64": base64(file) }))
}

fn mask(file: &[u8]) -> Vec<u8> {
    changed(json!({ "rectangles": null, "mask_base64": base64(file) }))
}

fn invalid(name: &str, file: &[u8], says: &'static str) -> Row {
    row(format!("picture: {name}"), picture(file), State(-7), says)
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn colours() -> DynamicImage {
    RgbImage::from_fn(8, 8, |x, y| image::Rgb([(x * 30) as u8, (y * 30) as u8, ((x * y * 77) % 256) as u8])).into()
}

fn none() -> Vec<Row> {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    vec![
        invalid("text", b"hello, this is no picture", "not a picture"),
        invalid("one byte", b"\xff", "not a picture"),
        invalid("zeros", &[0; 1000], "not a picture"),
        invalid("GIF", b"GIF89a\x01\0\x01\0\0\0\0;", "GIF"),
        invalid("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        invalid("PDF", b"%PDF-1.7\n1 0 obj", "not a picture"),
        invalid("HEIC", heic, "not a picture"),
        invalid("AVIF", b"\0\0\0\x18ftypavif\0\0\0\0", "not a picture"),
        invalid("ICO", b"\0\0\x01\0\x01\0\x01\x01\0\0", "not a picture"),
        invalid("HTML", b"<!doctype html><script>1</script>", "not a picture"),
        invalid("a program", b"\x7fELF\x02\x01\x01\0", "not a picture"),
        invalid("ZIP", b"PK\x03\x04\x14\0\0\0", "not a picture"),
        invalid("JPEG 2000", b"\0\0\0\x0cjP  \r\n\x87\n", "not a picture"),
    ]
}

fn truncated() -> Vec<Row> {
    let formats = [
        ("JPEG", ImageFormat::Jpeg),
        ("PNG", ImageFormat::Png),
        ("WebP", ImageFormat::WebP),
        ("BMP", ImageFormat::Bmp),
        ("TIFF", ImageFormat::Tiff),
    ];
    let of = |(name, format)| {
        let file = encoded(&colours(), format);
        [("after 16 bytes", 16), ("in the middle", file.len() / 2)]
            .map(|(place, length)| invalid(&format!("{name} that ends {place}"), &file[..length], "cannot be read"))
    };
    let mut rows: Vec<_> = formats.into_iter().flat_map(of).collect();
    let mut broken = encoded(&colours(), ImageFormat::Png);
    let data = broken.windows(4).position(|four| four == b"IDAT").unwrap();
    broken[data + 8] ^= 0xff;
    rows.push(invalid("PNG with a changed byte", &broken, "cannot be read"));
    rows
}

/// A PNG file of these chunks.
fn png_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        let mut check = flate2::Crc::new();
        check.update(*kind);
        check.update(data);
        file.extend((data.len() as u32).to_be_bytes());
        file.extend([kind.as_slice(), data, &check.sum().to_be_bytes()].concat());
    }
    file
}

fn header(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A TIFF file whose directory has these entries: tag, type, count, value.
fn tiff_of(entries: &[(u16, u16, u32, u32)]) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend([&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    file
}

fn bombs() -> Vec<Row> {
    let nothing = deflated(&[]);
    let claims = |width, height| {
        let head = header(width, height, 8, 2);
        png_of(&[(b"IHDR", &head), (b"IDAT", &nothing), (b"IEND", &[])])
    };
    let text = [b"Comment\0\0".as_slice(), &deflated(&vec![b'a'; 100_000_000])].concat();
    let profile = [b"icc\0\0".as_slice(), &deflated(&vec![0; 100_000_000])].concat();
    let head = header(8, 8, 8, 2);
    let stuffed =
        |kind: &[u8; 4], data: &[u8]| png_of(&[(b"IHDR", &head), (kind, data), (b"IDAT", &nothing), (b"IEND", &[])]);
    let mut bmp = encoded(&colours(), ImageFormat::Bmp);
    bmp[22..26].copy_from_slice(&i32::MIN.to_le_bytes());
    let strips = |count, size| {
        let shape = [(256, 4, 1, size), (257, 4, 1, size), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)];
        tiff_of(&[&shape[..], &[(273, 4, count, 8), (277, 3, 1, 1), (278, 4, 1, size), (279, 4, count, 8)]].concat())
    };
    vec![
        invalid("PNG of 60000 x 60000", &claims(60_000, 60_000), "at most 4096"),
        invalid("PNG of 4097 x 1", &claims(4_097, 1), "4097"),
        invalid("PNG of 1 x 4097", &claims(1, 4_097), "4097"),
        invalid("PNG of 2^31 x 2^31", &claims(1 << 31, 1 << 31), ""),
        invalid("PNG of 0 x 0", &claims(0, 0), ""),
        invalid("PNG of 8 x 0", &claims(8, 0), ""),
        invalid("PNG without data", &claims(8, 8), "cannot be read"),
        invalid("PNG whose text unpacks to 100 MB", &stuffed(b"zTXt", &text), "cannot be read"),
        invalid("PNG whose profile unpacks to 100 MB", &stuffed(b"iCCP", &profile), "cannot be read"),
        invalid("BMP of a negative height", &bmp, ""),
        invalid("TIFF of 60000 x 60000", &strips(1, 60_000), "at most 4096"),
        invalid("TIFF with 2^32 strips", &strips(u32::MAX, 8), ""),
        invalid("TIFF without entries", &tiff_of(&[]), ""),
        invalid("TIFF whose directory is far away", b"II*\0\xff\xff\xff\x7f", ""),
        invalid("TIFF of many channels", &tiff_of(&[(256, 4, 1, 8), (257, 4, 1, 8), (277, 3, 1, 65_535)]), ""),
    ]
}

fn polyglots() -> Vec<Row> {
    let png = encoded(&colours(), ImageFormat::Png);
    let jpeg = encoded(&colours(), ImageFormat::Jpeg);
    let html = b"<script>alert(1)</script>";
    let comment = [&jpeg[..2], b"\xff\xfe\0\x1b", html, &jpeg[2..]].concat();
    let of = |name: &str, file: &[u8]| row(format!("picture: {name}"), picture(file), State(1), "success");
    vec![
        invalid("GIF with a PNG behind it", &[b"GIF89a", png.as_slice()].concat(), "GIF"),
        invalid("HTML with a PNG behind it", &[html, png.as_slice()].concat(), "not a picture"),
        invalid("a BOM before a PNG", &[b"\xef\xbb\xbf", png.as_slice()].concat(), "not a picture"),
        invalid("the magic of a PNG, a JPEG behind it", &[&png[..8], &jpeg].concat(), "cannot be read"),
        of("a ZIP behind a PNG", &[png.as_slice(), b"PK\x03\x04\x14\0\0\0"].concat()),
        of("HTML in a JPEG's comment", &comment),
    ]
}

fn masks() -> Vec<Row> {
    let of = |name: &str, file: &[u8], expected, says| row(format!("mask: {name}"), mask(file), expected, says);
    let refused = |name: &str, file: &[u8], code, says| of(name, file, Refused(400, code), says);
    let grey = |width, height, value| {
        encoded(&GrayImage::from_pixel(width, height, image::Luma([value])).into(), ImageFormat::Png)
    };
    let mut rows_white = GrayImage::new(8, 8);
    (0..40).for_each(|n| rows_white.put_pixel(n % 8, n / 8, image::Luma([255])));
    let over = encoded(&rows_white.into(), ImageFormat::Png);
    let good = grey(8, 8, 255);
    let no_base64 = changed(json!({ "rectangles": null, "mask_base64": "=" }));
    vec![
        refused("black", &grey(8, 8, 0), "empty-mask", "nothing is marked"),
        refused("grey of 127", &grey(8, 8, 127), "empty-mask", "nothing is marked"),
        refused("grey of 128", &grey(8, 8, 128), "full-mask", "whole picture"),
        refused("white", &good, "full-mask", "whole picture"),
        refused("over a half", &over, "coverage", "62.5 %"),
        refused("wider", &grey(9, 8, 255), "mask-size", "9 × 8"),
        refused("turned", &grey(8, 7, 255), "mask-size", "8 × 7"),
        refused("of 4097 x 1", &grey(4_097, 1, 255), "picture-dimensions", "4097"),
        refused("half of a file", &good[..good.len() / 2], "picture-broken", "cannot be read"),
        refused("GIF", b"GIF89a\x08\0\x08\0", "gif-refused", "GIF"),
        refused("text", b"not a mask", "not-a-picture", "mask_base64"),
        row("mask: no base64", no_base64, Refused(400, "field-base64"), "mask_base64"),
    ]
}
