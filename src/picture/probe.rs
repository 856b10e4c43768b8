//! What a file is, before its pixels are decoded.

use super::decode::read_header;
use super::{Format, Limits};
use crate::error::{Error, Result};
use crate::geometry::Size;

/// What the header of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probed {
    /// The format by its first bytes.
    pub format: Format,
    /// Width and height, upright.
    pub size: Size,
}

/// Judges a file of `file_bytes` bytes by its beginning, as [`super::Picture::decode`] would judge
/// it but for what only the pixels show. The whole file may be given as well.
///
/// # Errors
/// As [`super::Picture::decode`]. [`Error::PictureBroken`] may only mean that the header does not
/// end in what was given: some formats keep it at the file's end (TIFF), or behind profiles and
/// previews of any length. Every other error is as certain as with the whole file.
pub fn probe(beginning: &[u8], file_bytes: u64, limits: &Limits) -> Result<Probed> {
    // In the order in which `decode` judges: what it is, then how large the file.
    super::sniff(beginning)?;
    if file_bytes > limits.max_bytes {
        return Err(Error::FileTooLarge { bytes: file_bytes, max: limits.max_bytes });
    }
    let (format, size) = read_header(beginning, limits)?;
    Ok(Probed { format, size })
}

#[cfg(test)]
mod tests {
    use super::super::{Picture, Samples};
    use super::*;

    const LIMITS: Limits = Limits::CONTRACT;

    fn photo(width: u32, height: u32) -> Picture {
        let size = Size::new(width, height).expect("a size");
        let samples = (0..size.area() * 3).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 13) as u8).collect();
        Picture::from_samples(size, 3, Samples::U8(samples)).expect("fits")
    }

    /// A JPEG that is turned by its EXIF and has a long profile in front of its header.
    fn turned_jpeg() -> Vec<u8> {
        let plain = photo(40, 30).encode_jpeg(90).expect("encodes");
        let mut bytes = plain[..2].to_vec();
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06".to_vec();
        exif.extend([0; 6]);
        let mut profile = b"something of the camera\0".to_vec();
        profile.extend([0x55; 3000]);
        for (marker, contents) in [(0xe1, exif), (0xed, profile)] {
            bytes.extend([0xff, marker]);
            bytes.extend((contents.len() as u16 + 2).to_be_bytes());
            bytes.extend(contents);
        }
        bytes.extend(&plain[2..]);
        bytes
    }

    #[test]
    fn a_beginning_says_what_the_file_says_or_that_it_ends_too_early() {
        let png = photo(40, 30).encode_png().expect("encodes");
        for (bytes, width, height) in [(png, 40, 30), (turned_jpeg(), 30, 40)] {
            let whole = probe(&bytes, bytes.len() as u64, &LIMITS).expect("a picture");
            assert_eq!(whole.size, Size::new(width, height).expect("a size"));
            let decoded = Picture::decode(&bytes, &LIMITS).expect("decodes");
            assert_eq!((whole.size, whole.format), (decoded.size(), decoded.format()));
            let mut known = 0;
            for end in 10..bytes.len() {
                match probe(&bytes[..end], bytes.len() as u64, &LIMITS) {
                    Ok(probed) => {
                        assert_eq!(probed, whole, "from {end} bytes");
                        known += 1;
                    }
                    Err(Error::PictureBroken { .. }) => assert_eq!(known, 0, "at {end} bytes"),
                    Err(error) => panic!("{error} at {end} bytes"),
                }
            }
            assert!(known > 10, "{:?} is known from {known} beginnings only", whole.format);
        }
    }

    #[test]
    fn refusals_are_those_of_opening() {
        let png = photo(40, 30).encode_png().expect("encodes");
        let small = Limits { max_side: 39, ..LIMITS };
        let little = Limits::memory(3_599);
        for (bytes, limits) in
            [(&b""[..], LIMITS), (b"GIF89a...", LIMITS), (b"<html>", LIMITS), (&png, small), (&png, little)]
        {
            let expected = Picture::decode(bytes, &limits).err();
            assert!(expected.is_some());
            assert_eq!(probe(bytes, bytes.len() as u64, &limits).err(), expected);
        }
        let error = probe(&png[..60], LIMITS.max_bytes + 1, &LIMITS);
        assert_eq!(error, Err(Error::FileTooLarge { bytes: LIMITS.max_bytes + 1, max: LIMITS.max_bytes }));
    }
}
