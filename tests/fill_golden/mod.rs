//! Pictures, masks and checksums that the fill has to meet on every platform, bit for bit.
//!
//! Everything is made from integers here, so native and wasm tests share it without files.

use std::sync::Arc;

use reweave::fill::{self, Filled, Options, Quality};
use reweave::picture::{Picture, Samples, apply};
use reweave::{Mask, Rectangle, Size};

/// One golden fill: the kind of its picture, how well it is done, and the checksum of the repaired picture.
pub(crate) struct Golden {
    pub(crate) channels: u8,
    pub(crate) sixteen_bits: bool,
    pub(crate) quality: Quality,
    pub(crate) checksum: u64,
}

/// Change a number only together with the engine, and say so in the commit.
pub(crate) const GOLDENS: [Golden; 6] = [
    Golden { channels: 3, sixteen_bits: false, quality: Quality::Fast, checksum: 0xefb2_0328_e15d_9cf0 },
    Golden { channels: 3, sixteen_bits: false, quality: Quality::Balanced, checksum: 0xe05a_3309_fe1f_8417 },
    Golden { channels: 4, sixteen_bits: false, quality: Quality::Balanced, checksum: 0xa501_aa08_5384_24cf },
    Golden { channels: 1, sixteen_bits: true, quality: Quality::Balanced, checksum: 0x9cfe_2241_2d4c_8e27 },
    Golden { channels: 2, sixteen_bits: true, quality: Quality::Balanced, checksum: 0x3259_8ef8_9cd1_c58c },
    Golden { channels: 3, sixteen_bits: false, quality: Quality::Best, checksum: 0xb844_b26e_3eb0_0c14 },
];

impl Golden {
    /// The checksum that this platform computes.
    pub(crate) fn compute(&self) -> u64 {
        let size = Size::new(211, 157).expect("a size");
        let picture = noisy(size, self.channels, self.sixteen_bits);
        let mask = marks(size);
        let mut options = Options::default();
        options.quality = self.quality;
        checksum(&filled(&picture, &mask, &options))
    }
}

/// The picture with its marked pixels repaired.
pub(crate) fn filled(picture: &Picture, mask: &Mask, options: &Options) -> Picture {
    let mut result = picture.clone();
    let Filled { patches, region, .. } = run(picture, mask, options);
    apply(&mut result, &patches, &region);
    result
}

/// A fill that must succeed.
pub(crate) fn run(picture: &Picture, mask: &Mask, options: &Options) -> Filled {
    let (picture, mask) = (Arc::new(picture.clone()), Arc::new(mask.clone()));
    let go_on = &mut |_| std::ops::ControlFlow::Continue(());
    fill::run(picture, mask, options, go_on).expect("fills")
}

/// A picture of slopes, squares and noise.
pub(crate) fn noisy(size: Size, channels: u8, sixteen_bits: bool) -> Picture {
    let value = |i: u64| {
        let (pixel, channel) = (i / u64::from(channels), i % u64::from(channels));
        let (x, y) = (pixel % u64::from(size.width()), pixel / u64::from(size.width()));
        let noise = i.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52;
        let square = if (x / 23 + y / 17 + channel) % 2 == 0 { 20_000 } else { 0 };
        (square + (x * 90 + y * (50 + 30 * channel)) % 40_000 + noise) as u16
    };
    let values = (0..size.area() * u64::from(channels)).map(value);
    let samples = match sixteen_bits {
        true => Samples::U16(values.collect()),
        false => Samples::U8(values.map(|v| (v >> 8) as u8).collect()),
    };
    Picture::from_samples(size, channels, samples).expect("fits")
}

/// A wide hole at the border, a frame, a diagonal stroke and specks.
fn marks(size: Size) -> Mask {
    let rectangle = |x, y, width, height| Rectangle { x, y, width, height };
    let mut list = vec![rectangle(0, 20, 83, 61), rectangle(120, 30, 50, 3), rectangle(120, 33, 3, 40)];
    list.extend((0..70).map(|i| rectangle(60 + 2 * i, 75 + i, 5, 3)));
    list.extend((0..40).map(|i| rectangle(i * 89 % size.width(), i * 53 % size.height(), 1 + i % 3, 1 + i % 2)));
    Mask::from_rectangles(size, &list)
}

/// FNV-1a, 64 bits, of the samples as little-endian bytes.
pub(crate) fn checksum(picture: &Picture) -> u64 {
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let start = 0xcbf2_9ce4_8422_2325;
    match picture.samples() {
        Samples::U8(samples) => samples.iter().copied().fold(start, hash),
        Samples::U16(samples) => samples.iter().flat_map(|sample| sample.to_le_bytes()).fold(start, hash),
    }
}
