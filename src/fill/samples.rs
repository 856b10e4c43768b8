//! Between the samples of a picture and the cells of the solver.
//!
//! Cells hold the stored values (gamma space, 0 to 255 or 65535), colour premultiplied by alpha:
//! otherwise the colour of clear pixels, which nobody ever saw, would bleed into visible ones.
//! Solving in linear light was rejected: it makes dark surroundings of a small hole too bright to
//! the eye, costs a table on both ends, and every peer and every measure works on stored values.

use super::blocks::widen;
use super::grid::Cell;
use super::reduce::LARGEST;
use crate::error::Result;
use crate::geometry::Rectangle;
use crate::picture::{Patch, Picture, Samples};
use wide::u8x16;

/// A sample type.
trait Sample: Copy {
    const FULL: f32;
    fn to_f32(self) -> f32;
    /// Rounded to the nearest; outside the range, the end of the range.
    fn from_f32(value: f32) -> Self;
}

impl Sample for u8 {
    const FULL: f32 = 255.0;

    fn to_f32(self) -> f32 {
        f32::from(self)
    }

    fn from_f32(value: f32) -> Self {
        // A cast saturates.
        (value + 0.5) as Self
    }
}

impl Sample for u16 {
    const FULL: f32 = 65_535.0;

    fn to_f32(self) -> f32 {
        f32::from(self)
    }

    fn from_f32(value: f32) -> Self {
        (value + 0.5) as Self
    }
}

/// The greatest value of the picture's samples.
pub(super) fn full(picture: &Picture) -> f32 {
    match picture.samples() {
        Samples::U8(_) => u8::FULL,
        Samples::U16(_) => u16::FULL,
    }
}

/// Reads `cells.len()` pixels from (x, y) on.
pub(super) fn read(picture: &Picture, x: u32, y: u32, cells: &mut [Cell]) {
    read_at(picture.samples(), usize::from(picture.channels()), picture.index(x, y), cells);
}

/// Likewise, of a patch, counted from its corner.
pub(super) fn read_patch(patch: &Patch, x: usize, y: u32, cells: &mut [Cell]) {
    let (channels, start) = place(patch, x, y);
    read_at(patch.samples(), channels, start, cells);
}

/// Writes them.
pub(super) fn write_patch(patch: &mut Patch, x: usize, y: u32, cells: &[Cell]) {
    let (channels, start) = place(patch, x, y);
    match patch.samples_mut() {
        Samples::U8(samples) => write_to(&mut samples[start..], channels, cells),
        Samples::U16(samples) => write_to(&mut samples[start..], channels, cells),
    }
}

/// The channels of a patch, and where a pixel of it is.
fn place(patch: &Patch, x: usize, y: u32) -> (usize, usize) {
    let bounds = patch.bounds();
    let channels = patch.samples().len() / bounds.area().max(1) as usize;
    (channels, (y as usize * bounds.width as usize + x) * channels)
}

fn read_at(samples: &Samples, channels: usize, start: usize, cells: &mut [Cell]) {
    let range = start..start + cells.len() * channels;
    match samples {
        Samples::U8(samples) => read_from(&samples[range], channels, cells),
        Samples::U16(samples) => read_from(&samples[range], channels, cells),
    }
}

/// Whether its cells are whole numbers of 8 bits.
pub(super) fn bytes_are_exact(picture: &Picture) -> bool {
    exact_bytes(picture, 0, 0).is_some()
}

/// The pixels from (x, y) on, if that is so.
#[inline]
pub(super) fn exact_bytes(picture: &Picture, x: u32, y: u32) -> Option<&[[u8; 3]]> {
    match (picture.samples(), picture.channels()) {
        (Samples::U8(samples), 3) => Some(samples[picture.index(x, y)..].as_chunks().0),
        _ => None,
    }
}

/// Reads `pixels.len()` pixels from (x, y) on, at 8 bits.
pub(super) fn read_bytes(picture: &Picture, x: u32, y: u32, line: &mut [Cell], pixels: &mut [[u8; 4]]) {
    if let Some(row) = exact_bytes(picture, x, y) {
        // As they are: by way of numbers it takes four times as long.
        pixels.iter_mut().zip(row).for_each(|(pixel, [red, green, blue])| *pixel = [*red, *green, *blue, 0]);
        return;
    }
    read(picture, x, y, line);
    pixels.iter_mut().zip(line).for_each(|(pixel, cell)| *pixel = to_bytes(*cell, full(picture)));
}

/// A cell at 8 bits, of samples up to `full`.
pub(super) fn to_bytes(cell: Cell, full: f32) -> [u8; 4] {
    cell.map(|value| (value * (255.0 / full) + 0.5) as u8)
}

/// The range of pixels that were seen, as numbers or as bytes.
#[derive(Debug)]
pub(super) struct Seen {
    cells: [Cell; 2],
    /// Of the last of four bytes.
    last: [u8; 2],
    /// Of three channels, by registers: each byte of a block is always of the same channel.
    triples: [[u8x16; 3]; 2],
}

/// Pixels of three channels that fill whole registers.
const BLOCK: usize = 16;

impl Seen {
    /// No pixel was.
    pub(super) fn nothing() -> Self {
        let triples = [u8::MAX, 0].map(|value| [u8x16::splat(value); 3]);
        Self { cells: [[f32::MAX; 4], [f32::MIN; 4]], last: [u8::MAX, 0], triples }
    }

    /// Some more.
    pub(super) fn add_cells(&mut self, cells: &[Cell]) {
        let [low, high] = &mut self.cells;
        cells.iter().for_each(|cell| widen(low, high, cell));
    }

    /// The last bytes of some more.
    pub(super) fn add_last(&mut self, pixels: &[[u8; 4]]) {
        let [low, high] = &mut self.last;
        for [.., last] in pixels {
            (*low, *high) = ((*low).min(*last), (*high).max(*last));
        }
    }

    /// Some more, of three channels.
    pub(super) fn add_rgb(&mut self, pixels: &[[u8; 3]]) {
        let [least, greatest] = &mut self.triples;
        let mut add = |block: &[[u8; 3]; BLOCK]| {
            for (i, bytes) in block.as_flattened().as_chunks().0.iter().enumerate() {
                let bytes = u8x16::new(*bytes);
                (least[i], greatest[i]) = (least[i].min(bytes), greatest[i].max(bytes));
            }
        };
        let (blocks, rest) = pixels.as_chunks();
        blocks.iter().for_each(&mut add);
        if let Some(first) = rest.first() {
            let mut block = [*first; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            add(&block);
        }
    }

    /// The range of the cells of a picture, of which numbers were seen unless bytes are exact.
    pub(super) fn range(&self, picture: &Picture) -> [Cell; 2] {
        if !bytes_are_exact(picture) {
            return self.cells;
        }
        let [least, greatest] = self.triples.map(|registers| registers.map(u8x16::to_array));
        let lane = |bytes: &[[u8; 16]; 3], lane: usize, pick: fn(u8, u8) -> u8| {
            let values = bytes.as_flattened().iter().skip(lane).step_by(3).copied();
            values.reduce(pick).map_or(0.0, f32::from)
        };
        [(least, u8::min as fn(u8, u8) -> u8), (greatest, u8::max)]
            .map(|(bytes, pick)| [lane(&bytes, 0, pick), lane(&bytes, 1, pick), lane(&bytes, 2, pick), 0.0])
    }

    /// Whether the last byte was not always the same.
    pub(super) fn last_varies(&self) -> bool {
        self.last[0] < self.last[1]
    }
}

/// Four pixels in a register; there must be as many.
#[inline(always)]
pub(super) fn lanes(four: &[[u8; 4]]) -> u8x16 {
    four.as_flattened().first_chunk().map_or(u8x16::ZERO, |bytes| u8x16::new(*bytes))
}

/// Adds `cells.len()` pixels from (x, y) on, times a weight; at most the side of the largest cells.
#[inline]
pub(super) fn add(picture: &Picture, x: u32, y: u32, weight: f32, cells: &mut [Cell]) {
    let add = |cell: &mut Cell, value: Cell| *cell = std::array::from_fn(|lane| cell[lane] + weight * value[lane]);
    if let Some(row) = exact_bytes(picture, x, y) {
        cells.iter_mut().zip(row).for_each(|(cell, p)| add(cell, [p[0].to_f32(), p[1].to_f32(), p[2].to_f32(), 0.0]));
        return;
    }
    let mut values = [[0.0; 4]; LARGEST as usize];
    let values = &mut values[..cells.len()];
    read(picture, x, y, values);
    cells.iter_mut().zip(values).for_each(|(cell, value)| add(cell, *value));
}

fn read_from<T: Sample>(samples: &[T], channels: usize, cells: &mut [Cell]) {
    match channels {
        1 => cells.iter_mut().zip(samples).for_each(|(cell, l)| *cell = [l.to_f32(), 0.0, 0.0, 0.0]),
        2 => cells.iter_mut().zip(samples.chunks_exact(2)).for_each(|(cell, p)| {
            let share = p[1].to_f32() / T::FULL;
            *cell = [p[0].to_f32() * share, p[1].to_f32(), 0.0, 0.0];
        }),
        3 => cells.iter_mut().zip(samples.chunks_exact(3)).for_each(|(cell, p)| {
            *cell = [p[0].to_f32(), p[1].to_f32(), p[2].to_f32(), 0.0];
        }),
        _ => cells.iter_mut().zip(samples.chunks_exact(4)).for_each(|(cell, p)| {
            let share = p[3].to_f32() / T::FULL;
            *cell = [p[0].to_f32() * share, p[1].to_f32() * share, p[2].to_f32() * share, p[3].to_f32()];
        }),
    }
}

/// The samples of a patch, growing row by row.
#[derive(Debug)]
pub(super) struct Canvas {
    samples: Samples,
    channels: usize,
}

impl Canvas {
    /// Room for a patch of `bounds`.
    pub(super) fn new(picture: &Picture, bounds: Rectangle) -> Self {
        let channels = usize::from(picture.channels());
        let count = bounds.width as usize * bounds.height as usize * channels;
        let samples = match picture.samples() {
            Samples::U8(_) => Samples::U8(Vec::with_capacity(count)),
            Samples::U16(_) => Samples::U16(Vec::with_capacity(count)),
        };
        Self { samples, channels }
    }

    /// Appends a row of `width` pixels: runs of cells by where they start; between them zeros.
    pub(super) fn push_row(&mut self, width: usize, runs: &mut dyn Iterator<Item = (usize, &[Cell])>) {
        match &mut self.samples {
            Samples::U8(samples) => push_to(samples, self.channels, width, runs),
            Samples::U16(samples) => push_to(samples, self.channels, width, runs),
        }
    }

    /// Appends a row of `width` pixels to be written, if they are whole numbers of 8 bits.
    pub(super) fn push_bytes(&mut self, width: usize) -> Option<&mut [[u8; 3]]> {
        let Samples::U8(samples) = &mut self.samples else { return None };
        if self.channels != 3 {
            return None;
        }
        let start = samples.len();
        samples.resize(start + 3 * width, 0);
        Some(samples[start..].as_chunks_mut().0)
    }

    /// The samples of its rows.
    pub(super) fn into_samples(self) -> Samples {
        self.samples
    }

    /// The patch.
    pub(super) fn into_patch(self, picture: &Picture, bounds: Rectangle) -> Result<Patch> {
        Patch::new(picture, bounds, self.samples)
    }
}

fn push_to<T: Sample>(
    samples: &mut Vec<T>,
    channels: usize,
    width: usize,
    runs: &mut dyn Iterator<Item = (usize, &[Cell])>,
) {
    let start = samples.len();
    samples.resize(start + width * channels, T::from_f32(0.0));
    let row = &mut samples[start..];
    for (first, cells) in runs {
        write_to(&mut row[first * channels..], channels, cells);
    }
}

fn write_to<T: Sample>(row: &mut [T], channels: usize, cells: &[Cell]) {
    for (pixel, cell) in row.chunks_exact_mut(channels).zip(cells) {
        write_pixel(pixel, *cell);
    }
}

/// Writes one cell, colour divided by alpha again. Where alpha rounds to 0 the colour is 0 too:
/// nobody sees it, and a quotient of two numbers near 0 would be noise.
fn write_pixel<T: Sample>(pixel: &mut [T], cell: Cell) {
    let has_alpha = pixel.len().is_multiple_of(2);
    let colours = pixel.len() - usize::from(has_alpha);
    let mut factor = 1.0;
    if has_alpha {
        let alpha = cell[colours];
        pixel[colours] = T::from_f32(alpha);
        factor = if alpha < 0.5 { 0.0 } else { T::FULL / alpha };
    }
    for (sample, value) in pixel[..colours].iter_mut().zip(cell) {
        *sample = T::from_f32(value * factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back<T: Sample + PartialEq + std::fmt::Debug>(samples: &[T], channels: usize) -> Vec<T> {
        let mut cells = vec![[0.0; 4]; samples.len() / channels];
        read_from(samples, channels, &mut cells);
        let mut back = Vec::new();
        push_to(&mut back, channels, cells.len(), &mut std::iter::once((0, &*cells)));
        back
    }

    #[test]
    fn every_visible_value_comes_back() {
        for channels in 1..=4 {
            let eight: Vec<u8> = (0..256 * channels)
                .map(|i| if i % channels == 1 { 1 + (i / 9) as u8 % 255 } else { i as u8 })
                .collect();
            let visible = |p: &[u8]| channels % 2 == 1 || p[channels - 1] > 0;
            let back = there_and_back(&eight, channels);
            for (a, b) in eight.chunks(channels).zip(back.chunks(channels)).filter(|(a, _)| visible(a)) {
                assert_eq!(a, b, "{channels} channels");
            }
            let sixteen: Vec<u16> = (0..4000 * channels).map(|i| 1 + (i * 16) as u16 % 65_535).collect();
            assert_eq!(there_and_back(&sixteen, channels), sixteen, "{channels} channels");
        }
    }

    #[test]
    fn the_range_of_bytes_is_that_of_the_numbers() {
        let pixels: Vec<[u8; 4]> =
            (0..53u32).map(|i| (i.wrapping_mul(0x9e37_79b9) | 0x0010_0000).to_le_bytes().map(|v| v / 2 + 9)).collect();
        let size = crate::geometry::Size::new(1, 1).expect("a size");
        let picture =
            |channels| Picture::from_samples(size, channels, Samples::U8(vec![0; channels.into()])).expect("fits");
        for count in 1..pixels.len() {
            let mut seen = Seen::nothing();
            let cells: Vec<Cell> = pixels[..count].iter().map(|[r, g, b, _]| [*r, *g, *b, 0].map(f32::from)).collect();
            let triples: Vec<[u8; 3]> = pixels[..count].iter().map(|[r, g, b, _]| [*r, *g, *b]).collect();
            seen.add_rgb(&triples);
            seen.add_cells(&cells);
            assert_eq!(seen.range(&picture(3)), seen.range(&picture(4)), "{count} pixels");
        }
    }

    #[test]
    fn clear_is_black() {
        assert_eq!(there_and_back(&[9u8, 0, 200, 255], 2), [0, 0, 200, 255]);
        let mut pixel = [7u8; 4];
        write_pixel(&mut pixel, [0.3, 0.2, 0.1, 0.4]);
        assert_eq!(pixel, [0; 4]);
    }

    #[test]
    fn values_beyond_the_range_stop_at_its_ends() {
        assert_eq!([-3.0, -0.4, 0.49, 254.6, 300.0].map(u8::from_f32), [0, 0, 0, 255, 255]);
        assert_eq!([65_534.6, 7e4].map(u16::from_f32), [65_535, 65_535]);
    }
}
