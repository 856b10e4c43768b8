//! A fill made of any bytes, and what it has to keep to: shared by the tests and the fuzz target.

use std::sync::Arc;

use reweave::fill::{EXPAND, Fill, Options, Quality, SearchArea, Step};
use reweave::picture::{Changes, Patch, Picture, Samples, apply};
use reweave::{Error, Mask, Size};

/// Steps after which a fill of these sizes must have ended.
const MOST_STEPS: usize = 3000;

/// What a fill is begun with.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) picture: Picture,
    pub(crate) mask: Mask,
    pub(crate) options: Options,
}

/// Bytes as numbers; behind their end come zeros.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn next(&mut self) -> u32 {
        self.0.next().copied().unwrap_or(0).into()
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.next() << 8 | self.next()) % end
    }
}

impl Case {
    /// Every sequence of bytes is some case.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut bytes = Bytes(bytes.iter());
        let size = any_size(&mut bytes);
        let picture = any_picture(&mut bytes, size);
        let of_mask = if bytes.next() == 255 { any_size(&mut bytes) } else { size };
        let mask = any_mask(&mut bytes, of_mask);
        let mut options = Options::default();
        options.quality = [Quality::Fast, Quality::Balanced, Quality::Best][bytes.below(3) as usize];
        options.seed = bytes.next();
        options.halo = bytes.next().is_multiple_of(2);
        let expand = bytes.next();
        options.expand = if expand < 128 { 0 } else { expand - 120 };
        options.search_area = match bytes.next() % 4 {
            2 => Some(SearchArea::Only(Arc::new(any_mask(&mut bytes, size)))),
            3 => Some(SearchArea::Not(Arc::new(any_mask(&mut bytes, size)))),
            _ => None,
        };
        Self { picture, mask, options }
    }

    /// Fills and checks every promise; an error must be the one that tells what is wrong.
    pub(crate) fn check(self) {
        let Self { picture, mask, options } = self;
        let refusal = refusal(&picture, &mask, &options);
        let (picture, mask) = (Arc::new(picture), Arc::new(mask));
        let mut fill = match Fill::new(Arc::clone(&picture), Arc::clone(&mask), &options) {
            Ok(fill) => fill,
            Err(Error::SearchArea { side: 7 }) if refusal.is_none() => {
                assert!(options.search_area.is_some() && options.quality != Quality::Fast);
                return;
            }
            Err(error) => return assert_eq!(Some(error), refusal),
        };
        assert_eq!(refusal, None);
        let ended = (0..MOST_STEPS).find_map(|_| match fill.step().expect("works") {
            Step::Done(patches) => Some(patches),
            _ => None,
        });
        let patches = ended.expect("ends in bounded time");
        check_region(&fill, &mask, &options);
        check_patches(&patches, fill.region());
        let mut result = Picture::clone(&picture);
        apply(&mut result, &patches, fill.region());
        assert_eq!(Changes::between(&picture, &result, fill.region()).expect("one kind").outside, 0);
    }
}

/// The error that is due whatever the surroundings hold.
fn refusal(picture: &Picture, mask: &Mask, options: &Options) -> Option<Error> {
    if !EXPAND.contains(&options.expand) {
        let (value, max) = (options.expand.to_string(), f64::from(*EXPAND.end()));
        return Some(Error::OutOfRange { name: "expand".into(), value, min: 0.0, max });
    }
    let grown = if options.expand == 0 { mask.clone() } else { mask.grown(options.expand) };
    mask.check_for(picture.size()).and(grown.check_for(picture.size())).err()
}

/// The marks and what was added to them, and no more than that.
fn check_region(fill: &Fill, mask: &Mask, options: &Options) {
    let (region, added) = (fill.region(), fill.added());
    let expanded = if options.expand == 0 { mask.clone() } else { mask.grown(options.expand) };
    assert_eq!(added.expand, expanded.count() - mask.count());
    assert_eq!(added.halo, region.count() - expanded.count());
    assert!(options.halo || added.halo == 0);
    // A rim of 2 pixels, corners included.
    let most = expanded.grown(3);
    let (width, height) = (region.size().width(), region.size().height());
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        assert!(!expanded.get(x, y) || region.get(x, y), "({x}, {y}) is marked and not filled");
        assert!(!region.get(x, y) || most.get(x, y), "({x}, {y}) is filled and far from all marks");
    }
    assert!(region.count() < region.size().area());
}

/// Each pixel of the region is in just one patch.
fn check_patches(patches: &[Patch], region: &Mask) {
    let mut seen = Mask::new(region.size());
    let mut pixels = 0;
    for bounds in patches.iter().map(Patch::bounds) {
        pixels += u64::from(bounds.width) * u64::from(bounds.height);
        (bounds.y..bounds.y + bounds.height).for_each(|y| seen.fill_span(y, bounds.x, bounds.x + bounds.width, true));
    }
    assert_eq!(pixels, seen.count(), "patches overlap");
    let outside = (0..region.size().height()).flat_map(|y| region.runs(y).map(move |run| (y, run)));
    assert!(outside.into_iter().all(|(y, (start, end))| (start..end).all(|x| seen.get(x, y))));
}

fn any_size(bytes: &mut Bytes<'_>) -> Size {
    let (width, height) = match bytes.below(16) {
        0 => (1, 4096),
        1 => (4096, 1),
        2 => (1, 1),
        3..6 => (1 + bytes.below(180), 1 + bytes.below(180)),
        _ => (1 + bytes.below(70), 1 + bytes.below(70)),
    };
    Size::new(width, height).expect("a size")
}

fn any_picture(bytes: &mut Bytes<'_>, size: Size) -> Picture {
    let (channels, kind, grain, first) = (1 + bytes.below(4), bytes.below(6), bytes.next(), bytes.next());
    let value = |i: u64| {
        let (pixel, channel) = (i / u64::from(channels), i % u64::from(channels));
        let (x, y) = (pixel % u64::from(size.width()), pixel / u64::from(size.width()));
        let noise = (i + u64::from(first)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
        let plain = match kind {
            0 => 0,
            1 => u64::from(first) * 257,
            2 => (x * 300 + y * 170 + channel * 9000) % 65_536,
            3 => (x / 5 + y / 4 + channel) % 2 * 65_535,
            4 => u64::from((x + y).is_multiple_of(2)) * 65_535,
            _ => noise,
        };
        (plain + noise * u64::from(grain) / 1024).min(65_535) as u16
    };
    let values = (0..size.area() * u64::from(channels)).map(value);
    let samples = match bytes.next() % 2 {
        0 => Samples::U8(values.map(|v| (v >> 8) as u8).collect()),
        _ => Samples::U16(values.collect()),
    };
    Picture::from_samples(size, channels as u8, samples).expect("fits")
}

fn any_mask(bytes: &mut Bytes<'_>, size: Size) -> Mask {
    let (width, height) = (size.width(), size.height());
    let mut mask = Mask::new(size);
    let fill = |mask: &mut Mask, marked: &dyn Fn(u32, u32) -> bool| {
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            mask.fill_span(y, x, x + 1, marked(x, y));
        }
    };
    match bytes.below(9) {
        0 => {}
        1 => fill(&mut mask, &|_, _| true),
        2 => fill(&mut mask, &|x, y| (x, y) != (width - 1, height - 1)),
        3 => fill(&mut mask, &|x, y| (x + y).is_multiple_of(2)),
        4 => fill(&mut mask, &|x, y| x % 3 < 2 && y % 4 < 3),
        5 => {
            let (every, of) = (1 + bytes.next(), 2 + bytes.below(9));
            fill(&mut mask, &|x, y| (x * 7919 + y * every * 31) % 97 < of);
        }
        _ => {
            for _ in 0..=bytes.below(6) {
                let (x, y) = (bytes.below(width), bytes.below(height));
                let (across, down) = (1 + bytes.below(width), 1 + bytes.below(height));
                (y..y + down).for_each(|y| mask.fill_span(y, x, x + across, true));
            }
        }
    }
    mask
}
