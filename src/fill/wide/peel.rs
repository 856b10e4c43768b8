//! The start on the coarsest level: the hole is peeled from its border inwards.
//!
//! Each pixel of a layer takes the middle of the patch that fits best to what is known around it and to the
//! layers before (the onion order of Criminisi et al. 2004 without their priorities, which gained nothing
//! here). Looked at are: the sources of the neighbours; sources at offsets that filled pixels have, for few
//! offsets explain most of a picture (He & Sun, *Statistics of patch offsets for image completion*, ECCV 2012;
//! +0.7 dB on logos, +0.2 on rectangles), or that some patches of the surroundings have to their like, farther
//! away; fewer of all sources, evenly; some around the best of them. To start in that way where the sources are
//! 80 pixels across gained 1 dB over coarser pyramids.
//!
//! One seed or another makes 0.9 dB on a logo. The walks begin with what the best of several starts says and those
//! that agree with it, in the mean, and look for patches like that from the best one's sources: the patches keep it
//! sharp. Best is the one whose sources fit best, which goes with its SSIM by −0.4. Starts after the first look at fewer
//! sources and inherit its offsets, not those of each other, which would make them alike.
//!
//! Measured on 76 logos, 57 rectangles and 19 quarters of 19 photographs, two to four seeds, each beside the same
//! hole: five starts in place of two +0.25 dB, +.006 of SSIM on logos, +0.15, +.005 on rectangles, +0.05, +.003 on quarters
//! (each ± 0.05, .002), a little smoother; three gain half of that, eight no more than five. So holes are started the
//! more often the less there is to do in all. Agreement up to 120 levels in place of 80 +0.05 dB, +.001; 160 +0.03 more,
//! with the distribution of patches .05 farther off. Sources of all starts as a choice for the first walk: +.002 and
//! smoother; the start of five that is nearest to the others, or the one that fits best for its texture: better on
//! rectangles by as much as worse on logos. A start that is given up halfway loses half of what it gains: the middle of
//! the hole tells. 40 + 12 sources in place of 70 + 20, 16 + 5 of 20 + 6, three probes of four: ± 0 each.
//!
//! Offsets of the surroundings are worth 0.25 dB on logos and 0.1 on quarters.
//!
//! Where the source of a neighbour fits within some levels, it goes on and no others are looked at: a twentieth of the time,
//! and on logos +0.1 dB, −.002 of gmsd. A bias towards it where it fits worse (others must be better by a tenth, a quarter, a
//! half): −0.1 to −0.3 dB.
//!
//! **Rejected by measurement**, as means over seven photographs and three to six seeds, in dB over logos /
//! rectangles / a quarter of the picture: every source in place of 200 (+0.4 / 0 / +0.2 for five to ten times
//! the time); patches of 5 × 5 (−0.1 / 0 / −0.1, SSIM −0.01); weights for the middle of the patch or for what
//! was known at first (±0.2 either way); the harmonic fill as a weak guess of what is unknown in a patch (−0.3
//! / +0.3 / −0.1: GMSD is better by 0.008, but smooth sources win) or of its mean (+0.2 / +0.2 / +0.3, yet the
//! distribution of patches is off by half as much again on logos); the next coarser level as such a guess
//! (−0.4 / −0.9 / 0); the mean of the six best, by their costs, in place of the best (0 / +0.1 / +0.1, but it
//! is smoother, and dots on a wall, whose neighbours fit plain wall as well, die out); a source that is used
//! already costs more (in the start −0.2 / −0.1 / 0 by a tenth for each use and −0.6 / −0.1 / −0.2 by as much
//! again; in the walks ±0); that level alone, by every source (−0.1 / −0.3 / 0). One level finer gives +0.02
//! of SSIM on logos and quarters for two to three times the time.

use super::image::{Pixel, RADIUS, SIDE};
use super::level::{HOLE, Level, SOURCE, TARGET, patch_far};
use super::search::Chance;
use crate::fill::distance::King;

/// Probes around the best source at each radius, and the greatest radius; the next is half of it.
const PROBES: usize = 3;
const REACH: usize = 16;
/// Where the source of a neighbour costs less, it goes on: none are picked beside it, and where it costs less than the
/// second, nor is it probed around. Differences of 4 levels, and 2, over three lanes of a whole patch. Not in holes that
/// start once, as patterns with little noise would be missed there (1 of 120 fills).
const GOES_ON: [u32; 2] = [16 * 3 * (SIDE * SIDE) as u32, 4 * 3 * (SIDE * SIDE) as u32];
/// The most patches of the surroundings that offsets are learned from, and how far from itself, at least, one
/// must find its like: it always fits to what is beside it.
pub(super) const SAMPLES: usize = 384;
const APART: usize = 12;
/// Starts agree on a pixel up to this difference, in levels of a lane.
const AGREED: u8 = 120;
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
    /// From patches of the surroundings to their like, and from pixels to their sources, once for each time
    /// that a pixel did not go on as a neighbour began. Starts inherit those of the first.
    offsets: Vec<[u16; 2]>,
    inherited: usize,
    /// Sources that this start looks at, and those after the first.
    picks: [usize; 2],
    later: [usize; 2],
    /// The sources that are looked at in this way, and what a row of them costs.
    picked: Vec<[u16; 2]>,
    costs: Vec<u32>,
    /// What is good enough to go on, for picks and for probes.
    enough: [u32; 2],
    /// How badly the sources of this start fit: the sum of the distances, whose squares are the costs.
    misfit: u64,
    /// The hole's pixels in their order, of each start that is done; and the best of these.
    starts: Vec<Vec<Pixel>>,
    kept: Option<Start>,
}

/// The best start.
#[derive(Debug)]
struct Start {
    misfit: u64,
    start: usize,
    field: Vec<[u16; 2]>,
}

impl Peel {
    /// Looks at so many sources by their offset, and of all, for each pixel, in so many starts.
    pub(super) fn new(level: &Level, [picks, later]: [[usize; 2]; 2], starts: u64) -> Self {
        let places = || (0..level.height).flat_map(|y| (0..level.width).map(move |x| (x, y)));
        let place = |(x, y): (usize, usize)| [x as u16, y as u16];
        let sources = places().filter(|(x, y)| level.kind(*x, *y) == SOURCE).map(place).collect();
        let mut layers = vec![Vec::new(); usize::from(level.farthest) + 1];
        for (x, y) in places().filter(|(x, y)| level.marks[y * level.width + x] == HOLE) {
            layers[usize::from(level.far(x, y))].push(place((x, y)));
        }
        let order = layers.concat();
        let far = level.far.clone();
        Self {
            order,
            next: 0,
            far,
            layer: Vec::new(),
            sources,
            offsets: Vec::new(),
            inherited: 0,
            picks,
            later,
            picked: Vec::new(),
            costs: Vec::new(),
            enough: if starts > 1 { GOES_ON } else { [0; 2] },
            misfit: 0,
            starts: Vec::new(),
            kept: None,
        }
    }

    /// How often `run` must be called for a start.
    pub(super) fn rows(&self) -> usize {
        self.order.len().div_ceil(CHUNK)
    }

    /// How often `learn` must be called: a small hole is not worth more than it has pixels.
    pub(super) fn lessons(&self) -> usize {
        SAMPLES.min(self.order.len()) / CHUNK
    }

    /// Learns offsets from some patches of the surroundings, evenly.
    pub(super) fn learn(&mut self, level: &Level, lesson: usize, chance: &mut Chance) -> usize {
        let samples = self.lessons() * CHUNK;
        for i in lesson * CHUNK..(lesson + 1) * CHUNK {
            let [x, y] = self.sources[i * self.sources.len() / samples].map(usize::from);
            self.search(level, [x, y], APART, chance);
        }
        CHUNK * visits(self.picks)
    }

    /// Another start.
    pub(super) fn restart(&mut self, level: &mut Level) {
        self.far.clone_from(&level.far);
        level.costs.fill(u32::MAX);
        (self.next, self.misfit) = (0, 0);
        if self.starts.len() == 1 {
            self.inherited = self.offsets.len();
            self.picks = self.later;
        } else if self.starts.len() > 1 {
            self.offsets.truncate(self.inherited);
        }
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
            self.finish_start(level);
        }
        CHUNK * visits(self.picks)
    }

    fn finish_layer(&mut self, level: &mut Level) {
        for ([x, y], pixel) in self.layer.drain(..) {
            level.image.row_mut(y.into())[usize::from(x)] = pixel;
            self.far.clear(x.into(), y.into());
        }
    }

    /// What the best start so far and those that agree with it say, and its field, stand in the level.
    fn finish_start(&mut self, level: &mut Level) {
        let pixels = self.order.iter().map(|[x, y]| level.image.row((*y).into())[usize::from(*x)]).collect();
        self.starts.push(pixels);
        match &self.kept {
            Some(kept) if kept.misfit <= self.misfit => level.field.clone_from(&kept.field),
            _ => {
                let start = self.starts.len() - 1;
                self.kept = Some(Start { misfit: self.misfit, start, field: level.field.clone() });
            }
        }
        let best = self.kept.as_ref().map_or(0, |kept| kept.start);
        for (i, [x, y]) in self.order.iter().enumerate() {
            level.image.row_mut((*y).into())[usize::from(*x)] = agreed(&self.starts, best, i);
        }
    }

    fn fill(&mut self, level: &mut Level, place: [u16; 2], chance: &mut Chance) -> Pixel {
        let [x, y] = place.map(usize::from);
        // The patch stays inside, so near the border its middle is beside the pixel.
        let (cx, cy) = (x.clamp(RADIUS, level.width - 1 - RADIUS), y.clamp(RADIUS, level.height - 1 - RADIUS));
        let (best, cost) = self.search(level, [cx, cy], 0, chance);
        if level.kind(cx, cy) == TARGET {
            let at = level.at(cx, cy);
            (level.field[at], level.costs[at]) = (best, 0);
        }
        self.misfit += u64::from(cost.isqrt());
        let [sx, sy] = best.map(usize::from);
        level.image.row(sy + y - cy)[sx + x - cx]
    }

    /// The source, at least so far away, that fits to what is known of a patch, and what it costs.
    fn search(&mut self, level: &Level, [x, y]: [usize; 2], apart: usize, chance: &mut Chance) -> ([u16; 2], u32) {
        let known = level.image.known(x, y, |row| patch_far(&self.far, x, y, row));
        let mut best = ([0; 2], u32::MAX);
        let take = |source: [u16; 2], best: &mut ([u16; 2], u32)| {
            // Neighbours mostly agree.
            if source == best.0 {
                return;
            }
            let [sx, sy] = source.map(usize::from);
            if sx.abs_diff(x).max(sy.abs_diff(y)) < apart {
                return;
            }
            let cost = level.image.known_cost(&known, sx, sy, best.1);
            if cost < best.1 {
                *best = (source, cost);
            }
        };
        let around = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)];
        for source in around.into_iter().filter_map(|(dx, dy)| level.neighbour(x, y, dx, dy)) {
            if level.is_source(source) {
                take(source, &mut best);
            }
        }
        let continued = best;
        let [is_picked, is_probed] = self.enough.map(|enough| continued.1 >= enough);
        self.picked.clear();
        if is_picked {
            self.pick(level, [x, y], chance);
        }
        // Few of them pass a look at one row.
        self.costs.resize(self.picked.len(), 0);
        level.image.first_costs(&known, &self.picked, &mut self.costs);
        for (source, least) in self.picked.iter().zip(&self.costs) {
            if *least < best.1 {
                take(*source, &mut best);
            }
        }
        let mut reach = if is_probed { REACH } else { 0 };
        while reach > 0 {
            for _ in 0..PROBES {
                let source = chance.around(best.0, reach);
                if level.is_source(source) {
                    take(source, &mut best);
                }
            }
            reach /= 2;
        }
        let (source, cost) = best;
        if source != continued.0 && cost < u32::MAX {
            self.offsets.push([source[0].wrapping_sub(x as u16), source[1].wrapping_sub(y as u16)]);
        }
        best
    }

    /// Puts the sources that a patch is compared with into `picked`: those at offsets, and some of all. Whether there is
    /// a source at an offset is as good as by chance, so no branch is taken on that.
    fn pick(&mut self, level: &Level, [x, y]: [usize; 2], chance: &mut Chance) {
        let [offsets, all] = self.picks;
        self.picked.resize(offsets + 1, [0; 2]);
        let mut count = 0;
        for [dx, dy] in evenly(&self.offsets, offsets, chance) {
            let source = [dx.wrapping_add(x as u16), dy.wrapping_add(y as u16)];
            self.picked[count] = source;
            count += usize::from(level.is_source(source));
        }
        self.picked.truncate(count);
        self.picked.extend(evenly(&self.sources, all, chance));
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

/// What a pixel takes, in visits.
pub(super) const fn visits([offsets, all]: [usize; 2]) -> usize {
    PIXEL_VISITS + PICK_VISITS * (offsets + all) / 2
}

/// About `picks` of a list, evenly from the first to the last, beginning by chance.
fn evenly<'a>(list: &'a [[u16; 2]], picks: usize, chance: &mut Chance) -> impl Iterator<Item = &'a [u16; 2]> {
    let step = list.len().div_ceil(picks).max(1);
    (chance.below(step)..list.len()).step_by(step).map(|at| &list[at])
}

/// The mean of what the best start and those that agree with it say of a pixel.
fn agreed(starts: &[Vec<Pixel>], best: usize, pixel: usize) -> Pixel {
    let best = starts[best][pixel];
    let (mut sum, mut count) = ([0u16; 4], 0);
    for other in starts.iter().map(|start| start[pixel]) {
        if other.iter().zip(best).all(|(a, b)| a.abs_diff(b) <= AGREED) {
            sum = std::array::from_fn(|lane| sum[lane] + u16::from(other[lane]));
            count += 1;
        }
    }
    sum.map(|sum| ((sum + count / 2) / count) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::wide::level::KNOWN;

    #[test]
    fn only_starts_that_agree_with_the_best_have_a_say() {
        let starts = [[10; 4], [21; 4], [30, 30, 30, 200]].map(|pixel| vec![[0; 4], pixel]);
        assert_eq!([0, 1, 2].map(|best| agreed(&starts, best, 1)), [[16; 4], [16; 4], [30, 30, 30, 200]]);
    }

    #[test]
    fn what_fits_beside_goes_on() {
        // Noise, three times side by side, the first time so much brighter; the hole is in the second one.
        let found = |(starts, brighter)| {
            let mut level = Level::new(96, 24);
            let mut chance = Chance::new(7);
            let noise: Vec<u8> = (0..32 * 24).map(|_| chance.below(200) as u8).collect();
            for y in 0..24 {
                for (x, pixel) in level.image.push_row().iter_mut().enumerate() {
                    let value = noise[y * 32 + x % 32] + if x < 32 { brighter } else { 0 };
                    *pixel = [value, value, value, 0];
                    level.marks.push(if (44..48).contains(&x) && (8..12).contains(&y) { HOLE } else { KNOWN });
                }
            }
            (0..24).for_each(|y| level.measure_down(y));
            (0..24).rev().for_each(|y| level.measure_up(y));
            (0..24).for_each(|y| level.classify(y));
            (level.extent.top..level.extent.bottom).for_each(|_| level.push_field_row());
            let at = level.at(43, 8);
            (level.field[at], level.costs[at]) = ([11, 8], 0);
            let mut peel = Peel::new(&level, [[1, 1]; 2], starts);
            peel.offsets.push([32, 0]);
            peel.search(&level, [44, 8], 0, &mut chance).0
        };
        assert_eq!([(2, 2), (2, 3), (2, 8), (1, 2)].map(found), [[12, 8], [12, 8], [76, 8], [76, 8]]);
    }

    #[test]
    fn picks_are_even_and_never_more_than_wanted() {
        let list: Vec<[u16; 2]> = (0..1003).map(|i| [i, 0]).collect();
        let mut chance = Chance::new(5);
        for picks in [1, 7, 100, 2000] {
            let picked: Vec<u16> = evenly(&list, picks, &mut chance).map(|[i, _]| *i).collect();
            let step = 1003_usize.div_ceil(picks) as u16;
            assert!(picked.len() <= picks && picked[0] < step);
            assert!(picked.windows(2).all(|pair| pair[1] - pair[0] == step));
        }
        assert_eq!(evenly(&[], 9, &mut chance).count(), 0);
    }
}
