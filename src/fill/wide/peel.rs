//! The start on the coarsest level: the hole is peeled from its border inwards.
//!
//! Each pixel of a layer takes the middle of the patch that fits best to what is known around it and to
//! the layers before (the onion order of Criminisi et al. 2004 without their priorities, which gained
//! nothing here). Looking at every source is best and takes twenty times as long. Looked at are: the
//! sources of the neighbours; sources as far away as those of pixels that are filled, for few offsets explain
//! most of a picture (He & Sun, *Statistics of patch offsets for image completion*, ECCV 2012; +0.7 dB on
//! logos, +0.2 on rectangles); as many by chance; some around the best of them.
//!
//! To start in that way where the sources are 80 pixels across gained 1 dB over coarser pyramids.

use super::image::{Known, Pixel, RADIUS};
use super::level::{HOLE, Level, SOURCE, TARGET, patch_far};
use super::search::Chance;
use crate::fill::distance::King;

/// Probes around the best source at each radius, and the greatest radius; the next is half of it.
const PROBES: usize = 4;
const REACH: usize = 16;
/// Pixels at a time.
const CHUNK: usize = 8;
/// What a pixel costs, in visits, and each source that is picked for it.
const PIXEL_VISITS: usize = 400;
const PICK_VISITS: usize = 10;

/// The work on a level.
#[derive(Debug)]
pub(super) struct Peel {
    /// The hole's pixels, layer by layer, and how many are done.
    order: Vec<[u16; 2]>,
    next: usize,
    /// The distances; 0 from when a pixel is filled.
    far: King,
    /// The pixels of the layer in work.
    layer: Vec<([u16; 2], Pixel)>,
    sources: Vec<[u16; 2]>,
    picks: usize,
}

impl Peel {
    /// Looks at `picks` sources by their offset and as many by chance for each pixel.
    pub(super) fn new(level: &Level, picks: usize) -> Self {
        let places = || (0..level.height).flat_map(|y| (0..level.width).map(move |x| (x, y)));
        let place = |(x, y): (usize, usize)| [x as u16, y as u16];
        let sources = places().filter(|(x, y)| level.kind(*x, *y) == SOURCE).map(place).collect();
        let mut order: Vec<_> = places().filter(|(x, y)| level.marks[y * level.width + x] == HOLE).map(place).collect();
        order.sort_by_key(|[x, y]| level.far((*x).into(), (*y).into()));
        Self { order, next: 0, far: level.far.clone(), layer: Vec::new(), sources, picks }
    }

    /// How often `run` must be called.
    pub(super) fn rows(&self) -> usize {
        self.order.len().div_ceil(CHUNK)
    }

    /// Fills some pixels.
    pub(super) fn run(&mut self, level: &mut Level, chance: &mut Chance) -> usize {
        let end = (self.next + CHUNK).min(self.order.len());
        for i in self.next..end {
            let place = self.order[i];
            let far = |[x, y]: [u16; 2]| level.far(x.into(), y.into());
            if self.layer.last().is_some_and(|(other, _)| far(*other) != far(place)) {
                self.finish_layer(level);
            }
            let pixel = self.fill(level, place, chance);
            self.layer.push((place, pixel));
        }
        self.next = end;
        if end == self.order.len() {
            self.finish_layer(level);
        }
        CHUNK * (PIXEL_VISITS + PICK_VISITS * self.picks)
    }

    fn finish_layer(&mut self, level: &mut Level) {
        for ([x, y], pixel) in self.layer.drain(..) {
            level.image.row_mut(y.into())[usize::from(x)] = pixel;
            self.far.clear(x.into(), y.into());
        }
    }

    /// Some pixel of the layers before.
    fn any_filled(&self, chance: &mut Chance) -> Option<[u16; 2]> {
        (self.next > 0).then(|| self.order[chance.below(self.next)])
    }

    fn fill(&self, level: &mut Level, place: [u16; 2], chance: &mut Chance) -> Pixel {
        let [x, y] = place.map(usize::from);
        // The patch stays inside, so near the border its middle is beside the pixel.
        let (cx, cy) = (x.clamp(RADIUS, level.width - 1 - RADIUS), y.clamp(RADIUS, level.height - 1 - RADIUS));
        let best = self.search(level, cx, cy, chance);
        if level.kind(cx, cy) == TARGET {
            let at = level.at(cx, cy);
            (level.field[at], level.costs[at]) = (best, 0);
        }
        let [sx, sy] = best.map(usize::from);
        level.image.row(sy + y - cy)[sx + x - cx]
    }

    /// The source that fits to what is known of a patch.
    fn search(&self, level: &Level, x: usize, y: usize, chance: &mut Chance) -> [u16; 2] {
        let patch = level.image.patch(x, y);
        let known = Known::new(&patch, |row| patch_far(&self.far, x, y, row));
        let (mut best, mut cost) = ([0; 2], u32::MAX);
        let mut take = |source: [u16; 2], best: &mut [u16; 2]| {
            let other = level.image.known_cost(&known, source[0].into(), source[1].into(), cost);
            if other < cost {
                (*best, cost) = (source, other);
            }
        };
        let around = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)];
        let filled = (0..self.picks).filter_map(|_| self.any_filled(chance));
        let far = filled.map(|place| (place[0] as isize - x as isize, place[1] as isize - y as isize));
        for (dx, dy) in around.into_iter().chain(far) {
            if let Some(source) = level.neighbour(x, y, dx, dy).filter(|source| level.is_source(*source)) {
                take(source, &mut best);
            }
        }
        for _ in 0..self.picks {
            take(self.sources[chance.below(self.sources.len())], &mut best);
        }
        let mut reach = REACH;
        while reach > 0 {
            for _ in 0..PROBES {
                let source = best.map(|middle| chance.around(middle, reach));
                if level.is_source(source) {
                    take(source, &mut best);
                }
            }
            reach /= 2;
        }
        best
    }

    /// Targets of row `y` around known pixels, which no layer had, take the source of the nearest that
    /// one had; where there is none, any.
    pub(super) fn seed(&self, level: &mut Level, y: usize, chance: &mut Chance) {
        for x in level.extent.left..level.extent.right {
            if level.kind(x, y) != TARGET || level.costs[level.at(x, y)] == 0 {
                continue;
            }
            let mut rings = (1..=RADIUS as isize)
                .flat_map(|reach| (-reach..=reach).flat_map(move |dy| (-reach..=reach).map(move |dx| (dx, dy))));
            let found =
                rings.find_map(|(dx, dy)| level.neighbour(x, y, dx, dy).filter(|source| level.is_source(*source)));
            let at = level.at(x, y);
            level.field[at] = found.unwrap_or_else(|| self.sources[chance.below(self.sources.len())]);
        }
    }
}
