//! Stamps on photographs: what the strokes tests draw, and masks that are compared with pictures.
//!
//! `stamps/` are coverages: DejaVu Sans and shapes, white on black, drawn by Chromium. `coffee.jpg`
//! is `skimage/data/coffee.png` of scikit-image 0.26.0 (CC0) as JPEG of quality 90; the other
//! photograph is the page's own sample. `masks/` holds what was found when it was last looked at.

use std::path::{Path, PathBuf};

use reweave::picture::{Limits, Picture, Samples, mask_png, read_mask};
use reweave::{Mask, Rectangle, Size};

/// One stamp on one photograph.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    photograph: &'static str,
    stamp: &'static str,
    at: (u32, u32),
    colour: [u8; 3],
    opacity: f32,
    /// The least share of the strokes' pixels that must be found, grown by 2.
    pub(crate) recall: f64,
    /// The most that may be marked, as a multiple of the strokes grown likewise.
    pub(crate) excess: f64,
}

/// A photograph with a stamp on it.
pub(crate) struct Stamped {
    pub(crate) picture: Picture,
    /// The pixels that the stamp visibly changed.
    pub(crate) truth: Mask,
}

const WHITE: [u8; 3] = [255; 3];
const BLACK: [u8; 3] = [0; 3];
const ORANGE: [u8; 3] = [255, 140, 0];

const fn case(
    name: &'static str,
    photograph: &'static str,
    stamp: &'static str,
    at: (u32, u32),
    colour: [u8; 3],
    opacity: f32,
) -> Case {
    Case { name, photograph, stamp, at, colour, opacity, recall: 0.97, excess: 2.0 }
}

/// Places with texture, edges and more than one background under one stamp.
pub(crate) const CASES: [Case; 17] = [
    case("date-orange-on-wood", "coffee.jpg", "date", (350, 355), ORANGE, 1.0),
    case("date-orange-on-dark", "astronaut.png", "date", (260, 470), ORANGE, 1.0),
    case("date-white-on-wood", "coffee.jpg", "date", (20, 360), WHITE, 1.0),
    case("date-red-on-grey", "astronaut.png", "date", (270, 90), [220, 30, 30], 1.0),
    case("text-white-on-cloth", "astronaut.png", "text", (40, 300), WHITE, 1.0),
    case("text-black-on-cloud", "astronaut.png", "text", (240, 20), BLACK, 1.0),
    case("text-white-on-wood", "coffee.jpg", "text", (330, 20), WHITE, 1.0),
    case("text-yellow-on-flag", "astronaut.png", "text", (2, 200), [255, 230, 0], 1.0),
    case("text-blue-on-wood", "coffee.jpg", "text", (330, 340), [40, 90, 255], 0.8),
    case("mark-white-on-saucer", "coffee.jpg", "mark", (80, 200), WHITE, 0.5),
    case("lines-red-on-cloud", "astronaut.png", "lines", (250, 60), [230, 20, 40], 1.0),
    case("lines-black-on-wood", "coffee.jpg", "lines", (10, 90), [10; 3], 1.0),
    case("lines-blue-on-cup", "coffee.jpg", "lines", (180, 30), [40, 80, 255], 1.0),
    case("logo-white-on-wood", "coffee.jpg", "logo", (460, 250), WHITE, 1.0),
    case("logo-blue-on-cloth", "astronaut.png", "logo", (60, 330), [20, 30, 120], 1.0),
    // Known weak: half transparent over several things that stand out as much as the mark itself.
    Case { excess: 2.3, ..case("mark-black-on-edges", "coffee.jpg", "mark", (340, 150), BLACK, 0.5) },
    Case { recall: 0.85, excess: 2.7, ..case("mark-white-on-edges", "astronaut.png", "mark", (60, 260), WHITE, 0.45) },
];

/// Where the golden masks and the stamps lie.
fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/segment_golden")
}

/// A photograph: the page's sample or the one here.
pub(crate) fn photograph(name: &str) -> Picture {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/page/public").join(name);
    read(&if sample.exists() { sample } else { directory().join(name) })
}

fn read(path: &Path) -> Picture {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Picture::decode(&bytes, &Limits::CONTRACT).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn rgba(picture: &Picture) -> Vec<u8> {
    picture.to_rgba8(picture.size().as_rectangle())
}

impl Case {
    /// Draws the stamp. A pixel counts as a stroke from a quarter of its opacity on, if it changed by
    /// more than 16 levels: what cannot be seen need not be found.
    pub(crate) fn draw(&self) -> Stamped {
        let (photograph, stamp) =
            (photograph(self.photograph), read(&directory().join("stamps").join(self.stamp).with_extension("png")));
        let (size, own) = (photograph.size(), stamp.size());
        let (mut pixels, cover) = (rgba(&photograph), rgba(&stamp));
        let mut truth = Mask::new(size);
        for (i, cover) in (0u32..).zip(cover.chunks_exact(4)) {
            let (x, y) = (self.at.0 + i % own.width(), self.at.1 + i / own.width());
            if x >= size.width() || y >= size.height() {
                continue;
            }
            let share = f32::from(cover[0]) / 255.0;
            let pixel = &mut pixels[((y * size.width() + x) * 4) as usize..][..3];
            let mut change = 0;
            for (value, colour) in pixel.iter_mut().zip(self.colour) {
                let before = *value;
                *value =
                    (f32::from(before) + share * self.opacity * (f32::from(colour) - f32::from(before))).round() as u8;
                change = change.max(value.abs_diff(before));
            }
            if share >= 0.25 && change > 16 {
                truth.fill_span(y, x, x + 1, true);
            }
        }
        let rgb = pixels.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
        let picture = Picture::from_samples(size, 3, Samples::U8(rgb)).expect("fits");
        Stamped { picture, truth }
    }
}

impl Stamped {
    /// What a person would frame, with some pixels to spare.
    pub(crate) fn frame(&self, spare: u32) -> Rectangle {
        self.truth.bounds().expect("something was drawn").grown(spare, self.picture.size())
    }

    /// The share of the strokes that `found` holds, and how much it marks for each pixel of the strokes
    /// grown by a disc.
    pub(crate) fn judge(&self, found: &Mask, grow: u32) -> (f64, f64) {
        let pixels = || runs(&self.truth);
        let hits: u64 = pixels().map(|(y, start, end)| (start..end).filter(|x| found.get(*x, y)).count() as u64).sum();
        let mut grown = Mask::new(found.size());
        for (y, start, end) in pixels() {
            for ny in y.saturating_sub(grow)..=y + grow {
                let half = f64::from(grow * (grow + 1) - ny.abs_diff(y).pow(2)).max(0.0).sqrt() as u32;
                grown.fill_span(ny, start.saturating_sub(half), end + half, true);
            }
        }
        (hits as f64 / self.truth.count() as f64, found.count() as f64 / grown.count() as f64)
    }
}

fn runs(mask: &Mask) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
    (0..mask.size().height()).flat_map(|y| mask.runs(y).map(move |(start, end)| (y, start, end)))
}

/// Compares masks with their golden ones: at most one pixel for a hundred marked ones may differ. What
/// does not agree is shown in a picture: green is in both, red in the golden mask alone, blue in the
/// new one alone. With `REWEAVE_BLESS` set the golden masks are written, and the test fails all the same.
pub(crate) fn compare_all(masks: impl Iterator<Item = (&'static str, Mask)>) {
    let failures: Vec<String> = masks.filter_map(|(name, mask)| compare(name, &mask).err()).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

fn compare(name: &str, mask: &Mask) -> Result<(), String> {
    let path = directory().join("masks").join(name).with_extension("png");
    if std::env::var_os("REWEAVE_BLESS").is_some() {
        std::fs::write(&path, mask_png(mask).expect("encodes")).expect("writes");
        return Err(format!("{name}: the golden mask was written; look at it, and run without REWEAVE_BLESS"));
    }
    let golden = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let golden = read_mask(&golden, &Limits::CONTRACT).expect("a mask");
    assert_eq!(golden.size(), mask.size(), "{name}");
    let size = mask.size();
    let kind = |i: u32| (golden.get(i % size.width(), i / size.width()), mask.get(i % size.width(), i / size.width()));
    let differing = (0..size.area() as u32).map(kind).filter(|(old, new)| old != new).count() as u64;
    if differing * 100 <= golden.count() {
        return Ok(());
    }
    let colour = |i| match kind(i) {
        (true, true) => [0, 160, 0],
        (true, false) => [255, 0, 0],
        (false, true) => [0, 80, 255],
        (false, false) => [0; 3],
    };
    let samples = Samples::U8((0..size.area() as u32).flat_map(colour).collect());
    let shown = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-difference.png"));
    let picture = Picture::from_samples(size, 3, samples).expect("fits");
    std::fs::write(&shown, picture.encode_png().expect("encodes")).expect("writes");
    Err(format!("{name}: {differing} pixels differ, {} are marked; see {}", golden.count(), shown.display()))
}

/// A picture of 8 bits from `value(x, y, channel)`.
pub(crate) fn picture_of(width: u32, height: u32, channels: u8, value: impl Fn(u32, u32, u32) -> u8) -> Picture {
    let n = u32::from(channels);
    let sample = |i: u32| value(i / n % width, i / n / width, i % n);
    let samples = Samples::U8((0..width * height * n).map(sample).collect());
    Picture::from_samples(Size::new(width, height).expect("a size"), channels, samples).expect("fits")
}
