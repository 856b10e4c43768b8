//! Pictures as patches see them: 8 bits a lane, and the distance of two patches.
//!
//! A patch is 7 × 7 pixels of four lanes. Its rows are read as eight pixels, two SIMD registers, of which
//! the last pixel is masked out; sums of squares are exact integers, so they are the same on every
//! machine and in any order.

use wide::{f32x4, f32x8, i16x8, i32x4, i32x8, u8x16};

use crate::fill::samples;

/// Up to four premultiplied channels; a lane that the picture does not need holds the texture.
pub(super) type Pixel = [u8; 4];

/// Pixels from the centre of a patch to its edge.
pub(super) const RADIUS: usize = 3;
/// Side of a patch, in pixels.
pub(in crate::fill) const SIDE: usize = 2 * RADIUS + 1;

/// The most that a pixel of a patch can weigh, in [`Patch::weights`].
const MOST: u8 = 4;

/// After so many rows it is looked whether a patch costs too much already: a look that is as often right as wrong takes
/// as long as two rows.
const LOOK: usize = 3;

/// The bytes of a row of a patch, of eight.
const SEVEN: u8x16 = u8x16::new([255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/// Rows of pixels, each followed by one more, so that a patch's row can be read as eight.
#[derive(Debug, Default)]
pub(super) struct Image {
    stride: usize,
    pixels: Vec<Pixel>,
}

/// The pixels of a patch, or what they weigh, a row in four registers: 16 bits a lane, as they are multiplied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patch([[i16x8; 4]; SIDE]);

/// The known pixels of a patch, the rows that have the most of them first: what does not fit is soon
/// found out, and empty rows are left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    rows: [KnownRow; SIDE],
    end: usize,
}

#[derive(Debug, Clone, Copy)]
struct KnownRow {
    /// Where it begins, counted from the patch's corner.
    offset: usize,
    /// 255 in the lanes that count; the others are 0 in `pixels`.
    mask: [u8x16; 2],
    pixels: [i16x8; 4],
}

impl Image {
    /// No rows yet, of `width` pixels each.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { stride: width + 1, pixels: Vec::with_capacity((width + 1) * height) }
    }

    /// Appends a row of 0.
    pub(super) fn push_row(&mut self) -> &mut [Pixel] {
        let start = self.pixels.len();
        self.pixels.resize(start + self.stride, [0; 4]);
        &mut self.pixels[start..start + self.stride - 1]
    }

    /// Row `y`.
    pub(super) fn row(&self, y: usize) -> &[Pixel] {
        &self.pixels[y * self.stride..][..self.stride - 1]
    }

    /// Row `y`.
    pub(super) fn row_mut(&mut self, y: usize) -> &mut [Pixel] {
        &mut self.pixels[y * self.stride..][..self.stride - 1]
    }

    /// The patch around a centre, which must be [`RADIUS`] away from the border.
    #[inline(always)]
    pub(super) fn patch(&self, x: usize, y: usize) -> Patch {
        let start = self.corner(x, y);
        Patch(std::array::from_fn(|row| words(self.load(start + row * self.stride))))
    }

    /// The pixels of the patch around a centre for which `far`, which reads those of a row, is 0.
    #[inline(always)]
    pub(super) fn known<'a>(&self, x: usize, y: usize, far: impl Fn(usize) -> &'a [u8]) -> Known {
        // Those with the most first; of as many, the upper one.
        let mut order: [usize; SIDE] = std::array::from_fn(|row| row);
        let counts: [u8; SIDE] = std::array::from_fn(|row| far(row).iter().map(|far| u8::from(*far == 0)).sum());
        for end in 1..SIDE {
            let row = order[end];
            let mut at = end;
            while at > 0 && counts[order[at - 1]] < counts[row] {
                order[at] = order[at - 1];
                at -= 1;
            }
            order[at] = row;
        }
        let start = self.corner(x, y);
        let rows = order.map(|row| {
            let offset = row * self.stride;
            let mask = spread(bytes(far(row)).simd_eq(u8x16::ZERO) & SEVEN);
            let [left, right] = self.load(start + offset);
            KnownRow { offset, mask, pixels: words([left & mask[0], right & mask[1]]) }
        });
        Known { rows, end: counts.iter().filter(|count| **count > 0).count() }
    }

    /// Row `dy` of the patch around a centre as numbers, and the pixel behind it.
    #[inline(always)]
    pub(super) fn patch_row(&self, x: usize, y: usize, dy: usize) -> [f32x4; SIDE + 1] {
        let pairs = words(self.load(self.corner(x, y) + dy * self.stride)).map(numbers);
        std::array::from_fn(|i| pairs[i / 2][i % 2])
    }

    /// The sum of squared differences between `patch`, each pixel by its weight, and the patch around a
    /// centre. Once it is sure to reach `limit`, the greatest number.
    #[inline(never)]
    pub(super) fn cost(&self, patch: &Patch, weights: &Patch, x: usize, y: usize, limit: u32) -> u32 {
        let start = self.corner(x, y);
        let mut sum = i32x4::ZERO;
        for (row, (pixels, weights)) in patch.0.iter().zip(&weights.0).enumerate() {
            let others = words(self.load(start + row * self.stride));
            for ((pixel, other), weight) in pixels.iter().zip(others).zip(weights) {
                let difference = other - *pixel;
                sum += (difference * *weight).dot(difference);
            }
            if row + 1 == LOOK && sum.reduce_add() as u32 >= limit {
                return u32::MAX;
            }
        }
        sum.reduce_add() as u32
    }

    /// What the row of a patch that has the most known pixels costs, beside each of some centres.
    #[inline(never)]
    pub(super) fn first_costs(&self, known: &Known, centres: &[[u16; 2]], costs: &mut [u32]) {
        let first = known.rows[0];
        for (cost, [x, y]) in costs.iter_mut().zip(centres) {
            let start = self.corner((*x).into(), (*y).into());
            *cost = first.costs(self.load(start + first.offset)).reduce_add() as u32;
        }
    }

    /// As `cost`, over the known pixels of a patch alone.
    #[inline(never)]
    pub(super) fn known_cost(&self, known: &Known, x: usize, y: usize, limit: u32) -> u32 {
        let start = self.corner(x, y);
        let (first, last) = known.rows[..known.end].split_at(known.end.min(LOOK));
        let mut sum = first.iter().fold(i32x4::ZERO, |sum, row| sum + row.costs(self.load(start + row.offset)));
        if sum.reduce_add() as u32 >= limit {
            return u32::MAX;
        }
        sum = last.iter().fold(sum, |sum, row| sum + row.costs(self.load(start + row.offset)));
        sum.reduce_add() as u32
    }

    #[inline(always)]
    fn corner(&self, x: usize, y: usize) -> usize {
        (y - RADIUS) * self.stride + x - RADIUS
    }

    #[inline(always)]
    fn load(&self, start: usize) -> [u8x16; 2] {
        let (left, right) = self.pixels[start..start + 8].split_at(4);
        [samples::lanes(left), samples::lanes(right)]
    }
}

impl KnownRow {
    /// Squared differences to another row, where it is known.
    #[inline(always)]
    fn costs(&self, [left, right]: [u8x16; 2]) -> i32x4 {
        let others = words([left & self.mask[0], right & self.mask[1]]);
        let mut sum = i32x4::ZERO;
        for (pixel, other) in self.pixels.iter().zip(others) {
            let difference = other - *pixel;
            sum += difference.dot(difference);
        }
        sum
    }
}

impl Patch {
    /// The weights of a patch by its pixels' distances from the known: 4 for known ones, one less for each
    /// step, at least 1. `far` reads those of a row.
    #[inline(always)]
    pub(super) fn weights<'a>(far: impl Fn(usize) -> &'a [u8]) -> Self {
        let most = u8x16::splat(MOST);
        let one = u8x16::splat(1);
        let weight = |row| most.saturating_sub(bytes(far(row))).max(one) & SEVEN;
        Self(std::array::from_fn(|row| words(spread(weight(row)))))
    }
}

/// The bytes of a row of a patch, and 0.
#[inline(always)]
fn bytes(row: &[u8]) -> u8x16 {
    let mut bytes = [0; 16];
    bytes[..SIDE].copy_from_slice(&row[..SIDE]);
    u8x16::new(bytes)
}

/// Each of the first eight bytes for the four lanes of its pixel.
#[inline(always)]
fn spread(values: u8x16) -> [u8x16; 2] {
    let pairs = u8x16::unpack_low(values, values);
    [u8x16::unpack_low(pairs, pairs), u8x16::unpack_high(pairs, pairs)]
}

/// Two pixels as numbers.
#[inline(always)]
fn numbers(pixels: i16x8) -> [f32x4; 2] {
    let lanes = f32x8::from_i32x8(i32x8::from_i16x8(pixels)).to_array();
    [0, 4].map(|first| f32x4::new(std::array::from_fn(|lane| lanes[first + lane])))
}

/// Bytes in lanes of 16 bits.
#[inline(always)]
fn words([left, right]: [u8x16; 2]) -> [i16x8; 4] {
    [
        i16x8::from_u8x16_low(left),
        i16x8::from_u8x16_high(left),
        i16x8::from_u8x16_low(right),
        i16x8::from_u8x16_high(right),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u32) -> u8 {
        (seed.wrapping_mul(0x9e37_79b9) >> 21) as u8
    }

    fn image() -> Image {
        let mut image = Image::new(20, 12);
        for y in 0..12 {
            for (x, pixel) in image.push_row().iter_mut().enumerate() {
                *pixel = std::array::from_fn(|lane| noise((x * 977 + y * 131 + lane) as u32));
            }
        }
        image
    }

    fn plain_cost(image: &Image, far: &[[u8; SIDE]; SIDE], weight: impl Fn(u8) -> u32) -> u32 {
        let mut sum = 0;
        for (dy, far) in far.iter().enumerate() {
            for (dx, far) in far.iter().enumerate() {
                let (a, b) = (image.row(1 + dy)[2 + dx], image.row(4 + dy)[12 + dx]);
                let squares: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum();
                sum += weight(*far) * squares;
            }
        }
        sum
    }

    #[test]
    fn costs_are_weighted_sums_of_squares() {
        let image = image();
        let far: [[u8; SIDE]; SIDE] = std::array::from_fn(|y| std::array::from_fn(|x| noise((x + 9 * y) as u32) % 7));
        let patch = image.patch(2 + RADIUS, 1 + RADIUS);
        let cost = |weights: &Patch, limit| image.cost(&patch, weights, 12 + RADIUS, 4 + RADIUS, limit);
        let exact = plain_cost(&image, &far, |far| 4u32.saturating_sub(far.into()).max(1));
        assert_eq!(cost(&Patch::weights(|row| &far[row]), u32::MAX), exact);
        let known = image.known(2 + RADIUS, 1 + RADIUS, |row| &far[row]);
        let plain = plain_cost(&image, &far, |far| u32::from(far == 0));
        assert_eq!(image.known_cost(&known, 12 + RADIUS, 4 + RADIUS, u32::MAX), plain);
        let mut first = [0; 2];
        let centres = [[12, 4], [2, 1]].map(|centre: [u16; 2]| centre.map(|at| at + RADIUS as u16));
        image.first_costs(&known, &centres, &mut first);
        let counts = far.map(|far| far.iter().filter(|far| **far == 0).count());
        let fullest = (0..SIDE).rev().max_by_key(|row| counts[*row]).expect("rows");
        let only: [[u8; SIDE]; SIDE] = std::array::from_fn(|row| if row == fullest { far[row] } else { [1; SIDE] });
        assert_eq!(first, [plain_cost(&image, &only, |far| u32::from(far == 0)), 0], "{counts:?}");
        assert!(cost(&Patch::weights(|row| &far[row]), exact / 9) >= exact / 9);
    }
}
