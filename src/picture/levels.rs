//! The picture halved, quartered and so on, for showing it small.
//!
//! Box filter: a pixel is the mean of the four of the level above, the first link of Williams,
//! *Pyramidal Parametrics*, SIGGRAPH 1983. Each level is made from the one before, the first
//! directly from the picture's samples, so that no second whole picture is built. The means are of
//! the stored (gamma-coded) values, as browsers scale; colours count by their alpha, so that what
//! is invisible does not bleed.

use super::{Picture, Samples, high_byte, rgba_of};

/// Levels are made while the longer side of the one before is over this.
pub const LEVEL_SIDE: u32 = 512;

/// One level, as 8-bit RGBA, not premultiplied.
///
/// *Guarantees*: `rgba` holds width × height × 4 values, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Half the width of the level before, rounded up: the last column may stand for one.
    pub width: u32,
    /// Half the height, likewise.
    pub height: u32,
    /// The pixels.
    pub rgba: Vec<u8>,
}

/// The levels of a picture, the largest first; none for a picture of up to [`LEVEL_SIDE`].
#[must_use]
pub fn levels(picture: &Picture) -> Vec<Level> {
    let (width, height) = (picture.size().width(), picture.size().height());
    let mut levels: Vec<Level> = Vec::new();
    if width.max(height) > LEVEL_SIDE {
        levels.push(first(picture));
    }
    while let Some(last) = levels.last().filter(|last| last.width.max(last.height) > LEVEL_SIDE) {
        let (rgba, row_bytes) = (&last.rgba, last.width as usize * 4);
        let pixel = |at: usize| [rgba[at], rgba[at + 1], rgba[at + 2], rgba[at + 3]];
        let next = halved(last.width, last.height, |x, y| pixel(y as usize * row_bytes + x as usize * 4));
        levels.push(next);
    }
    levels
}

fn first(picture: &Picture) -> Level {
    let channels = usize::from(picture.channels());
    let (width, height) = (picture.size().width(), picture.size().height());
    match picture.samples() {
        Samples::U8(v) => halved(width, height, |x, y| rgba_of(&v[picture.index(x, y)..][..channels])),
        Samples::U16(v) => halved(width, height, |x, y| rgba_of(&v[picture.index(x, y)..][..channels]).map(high_byte)),
    }
}

fn halved(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Level {
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut rgba = Vec::with_capacity(half_width as usize * half_height as usize * 4);
    for y in 0..half_height {
        let (top, bottom) = (2 * y, (2 * y + 1).min(height - 1));
        for x in 0..half_width {
            let (left, right) = (2 * x, (2 * x + 1).min(width - 1));
            let four = [pixel(left, top), pixel(right, top), pixel(left, bottom), pixel(right, bottom)];
            rgba.extend(mean(four.map(|p| p.map(u32::from))));
        }
    }
    Level { width: half_width, height: half_height, rgba }
}

/// The mean of four pixels, rounded; colours weighted by their alpha.
fn mean(four: [[u32; 4]; 4]) -> [u8; 4] {
    let sum = |i: usize| four.iter().map(|p| p[i]).sum::<u32>();
    let alphas = sum(3);
    if alphas == 4 * 255 {
        return [0, 1, 2, 3].map(|i| ((sum(i) + 2) / 4) as u8);
    }
    if alphas == 0 {
        return [0; 4];
    }
    let colour = |i: usize| {
        let weighted: u32 = four.iter().map(|p| p[i] * p[3]).sum();
        ((weighted + alphas / 2) / alphas) as u8
    };
    [colour(0), colour(1), colour(2), ((alphas + 2) / 4) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn picture(width: u32, height: u32, channels: u8, value: impl Fn(u32, u32, u32) -> u16) -> Picture {
        let n = u32::from(channels);
        let sample = |i: u32| value(i / n % width, i / n / width, i % n);
        let samples = Samples::U16((0..width * height * n).map(sample).collect());
        Picture::from_samples(Size::new(width, height).expect("a size"), channels, samples).expect("fits")
    }

    #[test]
    fn halves_until_the_longer_side_is_512() {
        let sides = |width, height| -> Vec<_> {
            levels(&picture(width, height, 1, |_, _, _| 0)).iter().map(|level| (level.width, level.height)).collect()
        };
        assert_eq!(sides(512, 512), []);
        assert_eq!(sides(513, 3), [(257, 2)]);
        assert_eq!(sides(3, 2049), [(2, 1025), (1, 513), (1, 257)]);
        assert_eq!(sides(1024, 700), [(512, 350)]);
    }

    #[test]
    fn a_pixel_is_the_mean_of_four() {
        let levels = levels(&picture(514, 3, 3, |x, y, c| (x % 2 * 100 + y % 2 * 50 + c) as u16 * 257));
        let [level] = &levels[..] else { panic!("one level") };
        assert_eq!(level.rgba[..4], [75, 76, 77, 255]);
        // The last row stands for one row of the picture.
        assert_eq!(level.rgba[257 * 4..][..4], [50, 51, 52, 255]);
        assert_eq!(level.rgba.len(), 257 * 2 * 4);
    }

    #[test]
    fn what_is_invisible_does_not_bleed() {
        let seen = |x, c| if x % 2 == 0 { [40, 255] } else { [255, 0] }[c as usize] * 257;
        let levels = levels(&picture(514, 2, 2, |x, _, c| seen(x, c)));
        assert_eq!(levels[0].rgba[..4], [40, 40, 40, 128]);
    }
}
