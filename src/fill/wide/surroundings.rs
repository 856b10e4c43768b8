//! What the wide stage takes from the picture and gives back.

use super::image::Pixel;
use super::level::{BARRED, FOREIGN, HOLE, KNOWN, TARGET, is_known};
use super::{PASS_VISITS, WANTED, Wide};
use crate::error::Result;
use crate::fill::reduce::Scale;
use crate::fill::samples;
use crate::fill::solver::Source;
use crate::geometry::Rectangle;
use crate::picture::Patch;

/// Mean second difference of the ring, in levels of 8 bits, from which on it has texture.
pub(in crate::fill) const TEXTURE: f32 = 1.25;

/// What reading a pixel costs, in visits.
const LOAD_VISITS: usize = 6;

impl Wide {
    /// Reads the next row.
    pub(super) fn load(&mut self, source: Source) -> usize {
        let (x0, y) = (self.area.x, self.area.y + self.row as u32);
        let (full, channels) = (samples::full(source.picture), source.picture.channels());
        let level = &mut self.levels[0];
        let start = level.marks.len();
        level.marks.resize(start + level.width, if source.allowed.is_some() { BARRED } else { KNOWN });
        let marks = &mut level.marks[start..];
        for (first, end) in source.allowed.into_iter().flat_map(|allowed| allowed.mask.runs_inside(y, self.area)) {
            marks[first..end].fill(KNOWN);
        }
        let row = level.image.push_row();
        samples::read_bytes(source.picture, x0, y, &mut self.line, row);
        let exact = samples::exact_bytes(source.picture, x0, y);
        let mut known = 0;
        for (first, end) in source.mask.runs_inside(y, self.area).chain([(level.width, level.width)]) {
            if let Some(pixels) = exact {
                self.seen.add_rgb(&pixels[known..first]);
            } else {
                self.seen.add_last(&row[known..first]);
                self.seen.add_cells(&self.line[known..first]);
            }
            marks[first..end].fill(FOREIGN);
            let Some((start, cells, said)) = self.guide.run(y, (x0 + first as u32, x0 + end as u32)) else {
                hide(row, first, end);
                known = end;
                continue;
            };
            let start = (start - x0) as usize;
            hide(row, first, start);
            for (x, (cell, said)) in (start..).zip(cells.iter().zip(said)) {
                row[x] = samples::to_bytes(*cell, full);
                if *said == WANTED {
                    marks[x] = HOLE;
                }
            }
            hide(row, start + cells.len(), end);
            known = end;
        }
        if channels <= 2 {
            // What is grey is so in all colours.
            row.iter_mut().for_each(|pixel| {
                *pixel = [pixel[0], if channels == 1 { pixel[0] } else { pixel[1] }, pixel[0], 0];
            });
        }
        LOAD_VISITS * level.width
    }

    /// Second differences of the ring.
    pub(super) fn examine(&mut self) -> usize {
        let level = &self.levels[0];
        let y = level.extent.top + self.row;
        let marks = &level.marks[y * level.width..][..level.width];
        let row = level.image.row(y);
        for x in level.extent.left.max(1)..level.extent.right.min(level.width - 1) {
            let ring =
                level.kinds[y * level.width + x] == TARGET && marks[x - 1..x + 2].iter().all(|mark| is_known(*mark));
            if ring {
                let lane = |lane: usize| {
                    let [left, middle, right] = [x - 1, x, x + 1].map(|x| i32::from(row[x][lane]));
                    (2 * middle - left - right).unsigned_abs()
                };
                self.sum += u64::from(lane(0).max(lane(1)).max(lane(2)));
                self.count += 1;
            }
        }
        PASS_VISITS * level.width
    }

    /// Whether there is anything in the ring that a smooth fill would miss.
    pub(super) fn has_texture(&self) -> bool {
        self.sum as f32 > TEXTURE * self.count as f32
    }

    /// How a box looks so far: each pixel that is wanted as the nearest of the level in work. The stage may
    /// work on a reduced picture.
    ///
    /// # Errors
    /// As [`Patch::new`].
    pub(in crate::fill) fn sketch(&self, source: Source, bounds: Rectangle, scale: Scale) -> Result<Patch> {
        let number = self.levels.len() - 1;
        let level = &self.levels[number];
        let full = samples::full(source.picture) / 255.0;
        let lanes = if self.alpha_varies() { 4 } else { 3 };
        self.guide.sketch(source, bounds, scale, |[x, y], cell| {
            let pixel = level.image.row((y - self.area.y) as usize >> number)[(x - self.area.x) as usize >> number];
            cell[..lanes].iter_mut().zip(pixel).for_each(|(lane, v)| *lane = f32::from(v) * full);
        })
    }
}

/// Pixels of a row that are another's: what stands there is not to be seen.
fn hide(row: &mut [Pixel], first: usize, end: usize) {
    let before = first.checked_sub(1).map_or([0; 4], |before| row[before]);
    row[first..end].fill(before);
}
