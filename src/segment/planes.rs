//! A part of a picture as planes of 8 bits: luma, two colour differences, alpha.

use crate::geometry::Rectangle;
use crate::picture::Picture;

/// The planes of a rectangle of a picture, each value the mean of `scale × scale` pixels.
///
/// *Guarantees*: one to four planes, each of as many rows of `width` values.
#[derive(Debug)]
pub(super) struct Planes {
    pub(super) width: usize,
    /// Luma; with colour, red and blue less luma, halved, 128 being grey; with alpha, alpha.
    pub(super) planes: Vec<Vec<u8>>,
}

impl Planes {
    /// Reads a rectangle that lies inside the picture. Colours are premultiplied: what is invisible
    /// stands out from nothing. The last column and row are means of what there is.
    pub(super) fn read(picture: &Picture, bounds: Rectangle, scale: u32) -> Self {
        let (width, height) = (bounds.width.div_ceil(scale) as usize, bounds.height.div_ceil(scale) as usize);
        let has_colour = picture.channels() >= 3;
        let used = [true, has_colour, has_colour, picture.has_alpha()];
        let mut planes = vec![Vec::with_capacity(width * height); used.iter().filter(|used| **used).count()];
        let mut sums = vec![[0u32; 5]; width];
        for y in (bounds.y..bounds.y + bounds.height).step_by(scale as usize) {
            let band = Rectangle { y, height: scale.min(bounds.y + bounds.height - y), ..bounds };
            sums.fill([0; 5]);
            for row in picture.to_rgba8(band).chunks_exact(bounds.width as usize * 4) {
                for (pixels, sum) in row.chunks(scale as usize * 4).zip(&mut sums) {
                    pixels.chunks_exact(4).for_each(|pixel| add(sum, pixel));
                }
            }
            for sum in &sums {
                let count = sum[4].max(1);
                let means = (0..4).filter(|i| used[*i]).map(|i| ((sum[i] + count / 2) / count) as u8);
                planes.iter_mut().zip(means).for_each(|(plane, mean)| plane.push(mean));
            }
        }
        Self { width, planes }
    }
}

/// Adds luma, the differences, alpha, and one to the count.
fn add(sum: &mut [u32; 5], rgba: &[u8]) {
    let alpha = u32::from(rgba[3]);
    let [red, green, blue] = [0, 1, 2].map(|i| (u32::from(rgba[i]) * alpha + 127) / 255);
    let luma = crate::mask::luma(red, green, blue);
    let values = [luma, (red + 256 - luma) / 2, (blue + 256 - luma) / 2, alpha, 1];
    sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}
