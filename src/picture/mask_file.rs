//! A mask from a picture file that somebody else made: which of its pixels mean *repair*?
//!
//! There is no standard. Three customs are told apart:
//! - **White on black**, by luma from 128 on. The commonest, and what Reweave writes.
//! - **Strokes on a transparent canvas**: opaque is marked. Strokes are painted with few colours.
//! - **A photograph with a hole**: transparent is marked. The colours of a photograph are many.
//!
//! Alpha decides where it says anything, that is, where it is not the same everywhere. Whether its
//! opaque pixels are strokes or a photograph is told by how much of them the four commonest colours
//! make up. Where a reading would mark more than half, or the file is grey where it should be black
//! or white, the answer is not certain: a person has to be asked.

use serde::Serialize;

use super::{Limits, Picture};
use crate::error::Result;
use crate::mask::{self, Mask, THRESHOLD};

/// Which pixels of a mask's file are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Marked {
    /// Those of a luma from 128 on.
    White,
    /// Those of a luma below 128. Never the answer here; it is what inverting [`Self::White`] gives.
    Black,
    /// Those of an alpha from half of the largest on.
    Opaque,
    /// Those of an alpha below half of the largest.
    Transparent,
}

/// A mask as it was read, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskFile {
    /// The mask, of the file's own size.
    pub mask: Mask,
    /// Which of the file's pixels it marks.
    pub marked: Marked,
    /// Whether that is beyond doubt.
    pub certain: bool,
}

/// Values from here up to 255 less this are neither black nor white: JPEG rings about that far.
const GREY: u8 = 32;

/// Largest share of greys in a mask: those of smooth edges are fewer, those of a picture many.
const GREY_SHARE: f64 = 0.05;

/// Share of the opaque pixels that the four commonest colours of strokes make up, smooth edges not
/// counted. A photograph's, in 4096 bins, make up less, even one with a plain background.
const FLAT_SHARE: f64 = 0.9;

/// Reads a mask from a file of any format that is decoded, turned upright as pictures are.
///
/// # Errors
/// As [`Picture::decode`].
pub fn read_mask_file(bytes: &[u8], limits: &Limits) -> Result<MaskFile> {
    let picture = Picture::decode(bytes, limits)?;
    let rgba = picture.to_rgba8(picture.size().as_rectangle());
    let first = rgba.get(3).copied().unwrap_or(u8::MAX);
    let pixels = rgba.chunks_exact(4);
    if pixels.clone().any(|pixel| pixel[3] != first) {
        return by_alpha(&picture, &rgba);
    }
    let lumas = pixels.map(|p| mask::luma(p[0].into(), p[1].into(), p[2].into()) as u8);
    let greys = lumas.clone().filter(|luma| (GREY..=u8::MAX - GREY).contains(luma));
    let greys = share(greys.count(), &picture);
    let mask = Mask::from_values(picture.size(), lumas, THRESHOLD)?;
    // All of a picture that is not there at all is no mask of any kind.
    let certain = first >= THRESHOLD && is_likely(mask.coverage()) && greys <= GREY_SHARE;
    Ok(MaskFile { mask, marked: Marked::White, certain })
}

fn by_alpha(picture: &Picture, rgba: &[u8]) -> Result<MaskFile> {
    let alphas = rgba.chunks_exact(4).map(|pixel| pixel[3]);
    // Strokes are often painted half transparent: half of the most is where they begin.
    let most = alphas.clone().max().unwrap_or(u8::MAX);
    let threshold = most.div_ceil(2);
    let greys = alphas.clone().filter(|alpha| (GREY..=most.saturating_sub(GREY)).contains(alpha));
    let greys = share(greys.count(), picture);
    let opaque = Mask::from_values(picture.size(), alphas.clone(), threshold)?;
    let is_flat = flat_share(rgba, most.saturating_sub(GREY)) >= FLAT_SHARE;
    // A flat colour over most of it is a mask with a hole in it, or too many strokes: who knows.
    let marked = if is_flat && opaque.coverage() <= 0.5 { Marked::Opaque } else { Marked::Transparent };
    let mask = match marked {
        Marked::Opaque => opaque,
        _ => Mask::from_values(picture.size(), alphas.map(|alpha| !alpha), !threshold + 1)?,
    };
    let fits_colours = is_flat == (marked == Marked::Opaque);
    let certain = fits_colours && is_likely(mask.coverage()) && greys <= GREY_SHARE;
    Ok(MaskFile { mask, marked, certain })
}

/// The part that the four commonest colours make up of the pixels whose alpha is over `most`, 0 to 1.
fn flat_share(rgba: &[u8], most: u8) -> f64 {
    let mut bins = vec![0u32; 1 << 12];
    let mut all = 0u32;
    for pixel in rgba.chunks_exact(4).filter(|pixel| pixel[3] > most) {
        let bin = pixel[..3].iter().fold(0, |bin, value| bin << 4 | usize::from(value >> 4));
        bins[bin] += 1;
        all += 1;
    }
    let mut most = [0; 4];
    for bin in bins {
        most.iter_mut().min().filter(|least| **least < bin).into_iter().for_each(|least| *least = bin);
    }
    f64::from(most.iter().sum::<u32>()) / f64::from(all.max(1))
}

/// More is rarely to be repaired than to be kept.
fn is_likely(share: f64) -> bool {
    share > 0.0 && share <= 0.5
}

fn share(count: usize, picture: &Picture) -> f64 {
    count as f64 / picture.size().area() as f64
}

#[cfg(test)]
mod tests {
    use super::super::{Samples, mask_png};
    use super::*;
    use crate::geometry::{Rectangle, Size};

    const SIDE: u32 = 64;

    fn size() -> Size {
        Size::new(SIDE, SIDE).expect("a size")
    }

    fn file(channels: u8, value: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
        let pixel = |i: u32| value(i % SIDE, i / SIDE).into_iter().take(usize::from(channels));
        let samples = Samples::U8((0..SIDE * SIDE).flat_map(pixel).collect());
        Picture::from_samples(size(), channels, samples).expect("fits").encode_png().expect("encodes")
    }

    fn read(bytes: &[u8]) -> MaskFile {
        read_mask_file(bytes, &Limits::CONTRACT).expect("decodes")
    }

    fn is_inside(x: u32, y: u32) -> bool {
        (10..30).contains(&x) && (20..40).contains(&y)
    }

    fn expected() -> Mask {
        Mask::from_rectangles(size(), &[Rectangle { x: 10, y: 20, width: 20, height: 20 }])
    }

    fn photograph(x: u32, y: u32) -> [u8; 3] {
        [(x * 4) as u8, (y * 4) as u8, (x * y) as u8]
    }

    #[test]
    fn white_on_black_is_certain() {
        let own = read(&mask_png(&expected()).expect("encodes"));
        assert_eq!(own, MaskFile { mask: expected(), marked: Marked::White, certain: true });
        // As a JPEG it rings.
        let decoded = Picture::decode(&mask_png(&expected()).expect("encodes"), &Limits::CONTRACT).expect("decodes");
        let jpeg = read(&decoded.encode_jpeg(80).expect("encodes"));
        assert_eq!((jpeg.mask.clone(), jpeg.marked, jpeg.certain), (expected(), Marked::White, true), "{jpeg:?}");
        // An alpha that says nothing is passed over.
        let opaque = read(&file(4, |x, y| if is_inside(x, y) { [255, 250, 255, 255] } else { [0, 0, 9, 255] }));
        assert_eq!(opaque, MaskFile { mask: expected(), marked: Marked::White, certain: true });
    }

    #[test]
    fn strokes_on_a_clear_canvas_are_marked_where_they_are() {
        let red = read(&file(4, |x, y| if is_inside(x, y) { [255, 40, 80, 255] } else { [0, 0, 0, 0] }));
        assert_eq!(red, MaskFile { mask: expected(), marked: Marked::Opaque, certain: true });
        let half = read(&file(4, |x, y| if is_inside(x, y) { [255, 40, 80, 127] } else { [0, 0, 0, 0] }));
        assert_eq!(half, MaskFile { mask: expected(), marked: Marked::Opaque, certain: true });
        let two = read(&file(4, |x, y| [if x < 20 { 255 } else { 0 }, 0, 80, if is_inside(x, y) { 250 } else { 0 }]));
        assert_eq!(two, MaskFile { mask: expected(), marked: Marked::Opaque, certain: true });
    }

    #[test]
    fn a_photograph_is_marked_where_its_hole_is() {
        let hole = |x, y| {
            let [r, g, b] = photograph(x, y);
            [r, g, b, if is_inside(x, y) { 0 } else { 255 }]
        };
        let read = read(&file(4, hole));
        assert_eq!(read, MaskFile { mask: expected(), marked: Marked::Transparent, certain: true });
    }

    #[test]
    fn what_may_mean_anything_is_not_certain() {
        let doubtful = |marked, bytes: &[u8]| {
            let read = read(bytes);
            assert_eq!((read.marked, read.certain), (marked, false), "{read:?}");
            read.mask
        };
        // Mostly white, a photograph, nothing, everything.
        let mask = doubtful(Marked::White, &file(1, |x, y| [if is_inside(x, y) { 0 } else { 255 }; 4]));
        assert_eq!(mask.count(), u64::from(SIDE * SIDE - 400));
        doubtful(
            Marked::White,
            &file(3, |x, y| {
                let [r, g, b] = photograph(x, y);
                [r, g, b, 0]
            }),
        );
        doubtful(Marked::White, &file(1, |_, _| [0; 4]));
        doubtful(Marked::White, &file(1, |_, _| [255; 4]));
        doubtful(Marked::White, &file(4, |x, y| if is_inside(x, y) { [255, 255, 255, 0] } else { [0; 4] }));
        // A black sheet with a hole; a photograph of which little is left; a soft brush.
        let mask = doubtful(Marked::Transparent, &file(2, |x, y| [0, if is_inside(x, y) { 0 } else { 255 }, 0, 0]));
        assert_eq!(mask, expected());
        doubtful(
            Marked::Transparent,
            &file(4, |x, y| {
                let [r, g, b] = photograph(x, y);
                [r, g, b, if is_inside(x, y) { 255 } else { 0 }]
            }),
        );
        doubtful(Marked::Opaque, &file(4, |x, _| [200, 0, 0, (x * 4) as u8 / 2 * u8::from(x > 9)]));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(read_mask_file(b"", &Limits::CONTRACT).is_err());
        assert!(read_mask_file(b"GIF89a", &Limits::CONTRACT).is_err());
    }
}
