//! What leaves for an endpoint: the file itself without its metadata, or the picture anew.
//!
//! A decoded photograph as PNG is often larger than an endpoint takes, so the source bytes go
//! whenever their pixels are upright already. EXIF (with its place and its thumbnail of the
//! picture before the repair), XMP, IPTC and comments never leave; the colour profile does, as the
//! pixels mean something else without it.

use img_parts::jpeg::{Jpeg, markers};
use img_parts::png::Png;
use img_parts::webp::WebP;

use super::{Format, Limits, Picture};
use crate::error::{Error, Result};

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The bytes of the file to send.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// How it relates to the source.
    pub sent: Sent,
}

/// How what is sent relates to the source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The source's coded pixels, without metadata.
    Source,
    /// The same pixels, upright, encoded anew as PNG.
    Exact,
    /// Encoded anew as JPEG of this quality, because PNG was over the limit.
    Jpeg(u8),
}

/// Qualities tried in turn until the file fits.
const QUALITIES: [u8; 6] = [95, 92, 88, 82, 75, 65];

/// Prepares `picture`, decoded from `source`, for an endpoint with these limits.
///
/// # Errors
/// [`Error::PictureDimensions`] when the picture has more pixels than the endpoint takes,
/// [`Error::CannotFit`] when even the last JPEG is too large, and the errors of encoding.
pub fn outgoing(source: &[u8], picture: &Picture, limits: &Limits) -> Result<Outgoing> {
    check_side(picture, limits)?;
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= limits.max_bytes;
    if let Some(bytes) = stripped(source, picture).filter(fits) {
        return Ok(Outgoing { bytes, format: picture.format(), sent: Sent::Source });
    }
    outgoing_anew(picture, limits)
}

/// Prepares a picture whose pixels no file holds: a repaired one.
///
/// # Errors
/// As [`outgoing`].
pub fn outgoing_anew(picture: &Picture, limits: &Limits) -> Result<Outgoing> {
    check_side(picture, limits)?;
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= limits.max_bytes;
    let png = picture.encode_png()?;
    if fits(&png) {
        return Ok(Outgoing { bytes: png, format: Format::Png, sent: Sent::Exact });
    }
    drop(png);
    for quality in QUALITIES {
        let bytes = picture.encode_jpeg(quality)?;
        if fits(&bytes) {
            return Ok(Outgoing { bytes, format: Format::Jpeg, sent: Sent::Jpeg(quality) });
        }
    }
    Err(Error::CannotFit { max: limits.max_bytes })
}

fn check_side(picture: &Picture, limits: &Limits) -> Result<()> {
    let (width, height, max) = (picture.size().width(), picture.size().height(), limits.max_side);
    if width > max || height > max {
        return Err(Error::PictureDimensions { width, height, max_width: max, max_height: max });
    }
    Ok(())
}

/// The source without metadata, or `None` where its pixels have to be encoded anew.
fn stripped(source: &[u8], picture: &Picture) -> Option<Vec<u8>> {
    if !picture.was_upright() {
        return None;
    }
    let bytes = source.to_vec().into();
    match picture.format() {
        Format::Jpeg => {
            // Phones put a film or the picture's depth behind the end.
            let image = source.get(..jpeg_end(source)?)?;
            let mut jpeg = Jpeg::from_bytes(image.to_vec().into()).ok()?;
            jpeg.segments_mut().retain(|segment| keeps_segment(segment.marker(), segment.contents()));
            Some(jpeg.encoder().bytes().to_vec())
        }
        Format::Png => {
            let mut png = Png::from_bytes(bytes).ok()?;
            png.chunks_mut().retain(|chunk| keeps_png_chunk(chunk.kind()));
            Some(png.encoder().bytes().to_vec())
        }
        Format::WebP => {
            let mut webp = WebP::from_bytes(bytes).ok()?;
            webp.remove_chunks_by_id(*b"EXIF");
            webp.remove_chunks_by_id(*b"XMP ");
            Some(webp.encoder().bytes().to_vec())
        }
        // A bitmap holds nothing but pixels; a TIFF is all tags, so only its pixels leave.
        Format::Bmp => Some(source.to_vec()),
        Format::Tiff => None,
    }
}

/// Where a JPEG ends: behind the end-of-image marker of its first image (ITU-T T.81, B.1 and B.2).
fn jpeg_end(source: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        // To the next marker: 0xff and neither a stuffed 0, nor a fill byte, nor a restart.
        while *source.get(at)? != 0xff || matches!(source.get(at + 1)?, 0x00 | 0xff | 0xd0..=0xd7) {
            at += 1;
        }
        let marker = source[at + 1];
        at += 2;
        match marker {
            markers::EOI => return Some(at),
            // Without a length.
            0x01 | markers::SOI => {}
            _ => at += usize::from(u16::from_be_bytes([*source.get(at)?, *source.get(at + 1)?])),
        }
    }
}

/// Application segments hold metadata, but for three that say how the pixels are to be read.
fn keeps_segment(marker: u8, contents: &[u8]) -> bool {
    match marker {
        markers::APP0 => contents.starts_with(b"JFIF\0"),
        markers::APP2 => contents.starts_with(b"ICC_PROFILE\0"),
        markers::APP14 => contents.starts_with(b"Adobe"),
        markers::APP0..=markers::APP15 | markers::COM => false,
        _ => true,
    }
}

/// Critical chunks (upper-case first letter) and those that say how the pixels are to be read.
fn keeps_png_chunk(kind: [u8; 4]) -> bool {
    const COLOUR: [&[u8; 4]; 7] = [b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP"];
    kind[0].is_ascii_uppercase() || COLOUR.contains(&&kind)
}

#[cfg(test)]
mod tests {
    use super::super::Samples;
    use super::*;
    use crate::geometry::Size;

    fn photo(width: u32, height: u32) -> Picture {
        let size = Size::new(width, height).expect("a size");
        let noise = (0..size.area() as u32 * 3).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8);
        Picture::from_samples(size, 3, Samples::U8(noise.collect())).expect("fits")
    }

    /// A JPEG with EXIF of the given orientation, a comment, and bytes after the end.
    fn jpeg(orientation: u8) -> Vec<u8> {
        let plain = photo(40, 30).encode_jpeg(90).expect("encodes");
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        let comment = b"taken at home".to_vec();
        let mut bytes = plain[..2].to_vec();
        for (marker, contents) in [(0xe1, exif), (0xfe, comment)] {
            bytes.extend([0xff, marker, 0, contents.len() as u8 + 2]);
            bytes.extend(contents);
        }
        bytes.extend(&plain[2..]);
        bytes.extend(b"a film of the room\xff\xd9");
        bytes
    }

    fn holds(bytes: &[u8], needle: &[u8]) -> bool {
        bytes.windows(needle.len()).any(|window| window == needle)
    }

    #[test]
    fn an_upright_jpeg_goes_as_it_is_without_its_metadata() {
        let source = jpeg(1);
        let picture = Picture::decode(&source, &Limits::CONTRACT).expect("decodes");
        let out = outgoing(&source, &picture, &Limits::CONTRACT).expect("prepared");
        assert_eq!((out.format, out.sent), (Format::Jpeg, Sent::Source));
        assert!(holds(&source, b"Exif") && holds(&source, b"taken at home"));
        assert!(!holds(&out.bytes, b"Exif") && !holds(&out.bytes, b"taken at home"));
        assert!(holds(&source, b"a film") && !holds(&out.bytes, b"a film"));
        assert!(out.bytes.ends_with(&[0xff, 0xd9]));
        let again = Picture::decode(&out.bytes, &Limits::CONTRACT).expect("decodes");
        assert_eq!(again.samples(), picture.samples());
    }

    #[test]
    fn a_turned_jpeg_is_sent_upright() {
        let source = jpeg(6);
        let picture = Picture::decode(&source, &Limits::CONTRACT).expect("decodes");
        assert_eq!(picture.size(), Size::new(30, 40).expect("a size"));
        let out = outgoing(&source, &picture, &Limits::CONTRACT).expect("prepared");
        assert_eq!((out.format, out.sent), (Format::Png, Sent::Exact));
        let again = Picture::decode(&out.bytes, &Limits::CONTRACT).expect("decodes");
        assert_eq!(again.samples(), picture.samples());
    }

    #[test]
    fn what_is_too_large_is_encoded_until_it_fits() {
        let picture = photo(200, 200);
        let png = picture.encode_png().expect("encodes");
        let limits = Limits { max_bytes: 80_000, ..Limits::CONTRACT };
        let out = outgoing(&png, &picture, &limits).expect("prepared");
        assert!(matches!(out.sent, Sent::Jpeg(quality) if quality < 95), "{:?}", out.sent);
        assert!(out.bytes.len() <= 80_000);
        let limits = Limits { max_bytes: 1_000, ..Limits::CONTRACT };
        assert_eq!(outgoing(&png, &picture, &limits), Err(Error::CannotFit { max: 1_000 }));
        let limits = Limits { max_side: 199, ..Limits::CONTRACT };
        assert!(matches!(outgoing(&png, &picture, &limits), Err(Error::PictureDimensions { width: 200, .. })));
    }

    #[test]
    fn text_chunks_of_a_png_stay_here() {
        let picture = photo(3, 3);
        let png = picture.encode_png().expect("encodes");
        let mut parts = Png::from_bytes(png.into()).expect("parses");
        let text = img_parts::png::PngChunk::new(*b"tEXt", b"Author\0somebody".to_vec().into());
        parts.chunks_mut().insert(1, text);
        let source = parts.encoder().bytes().to_vec();
        assert!(holds(&source, b"somebody"));
        let picture = Picture::decode(&source, &Limits::CONTRACT).expect("decodes");
        let out = outgoing(&source, &picture, &Limits::CONTRACT).expect("prepared");
        assert!(!holds(&out.bytes, b"somebody"));
    }
}
