//! Fourier transforms of 32 points, four channels abreast.
//!
//! One step of radix 4, which leaves out the zeros behind the window, and four transforms of 8
//! (decimation in frequency; Brigham, *The Fast Fourier Transform and Its Applications*, 1988,
//! chapter 8). The lanes are signals of their own, so nothing is shuffled; that they are SIMD registers must be
//! said: from arrays of numbers LLVM makes, in WebAssembly, as many shuffles as sums. Cosines and sines are a
//! closed table.

use wide::f32x4;

/// Points of a transform.
pub(super) const SIZE: usize = 32;

/// Those that may hold something: the first of them.
pub(super) const WINDOW: usize = 24;

/// Real and imaginary part of four signals.
pub(super) type Complex = [f32x4; 2];

pub(super) const ZERO: Complex = [f32x4::ZERO; 2];

/// cos(2πk/32) for k = 0…8.
const COSINES: [f32; 9] = [
    1.0,
    0.980_785_3,
    0.923_879_5,
    0.831_469_6,
    std::f32::consts::FRAC_1_SQRT_2,
    0.555_570_24,
    0.382_683_43,
    0.195_090_32,
    0.0,
];

/// (cos, sin) of 2πk/32.
pub(super) const ANGLES: [(f32, f32); SIZE] = {
    let mut angles = [(0.0, 0.0); SIZE];
    let mut k = 0;
    while k < 8 {
        let (cosine, sine) = (COSINES[k], COSINES[8 - k]);
        angles[k] = (cosine, sine);
        angles[k + 8] = (-sine, cosine);
        angles[k + 16] = (-cosine, -sine);
        angles[k + 24] = (sine, -cosine);
        k += 1;
    }
    angles
};

/// Σ line(n)·exp(−2πi·nk/32) for all k. Not inlined: three copies would take 3 KB more (gzip).
#[inline(never)]
pub(super) fn transform(line: &[Complex; WINDOW], spectrum: &mut [Complex; SIZE]) {
    let mut parts = [[ZERO; 8]; 4];
    split(line, &mut parts);
    join(&parts, spectrum);
}

/// The first step, for `WINDOW` points followed by zeros: four transforms of 8 to come.
fn split(line: &[Complex; WINDOW], parts: &mut [[Complex; 8]; 4]) {
    split_at::<0>(line, parts);
    split_at::<1>(line, parts);
    split_at::<2>(line, parts);
    split_at::<3>(line, parts);
    split_at::<4>(line, parts);
    split_at::<5>(line, parts);
    split_at::<6>(line, parts);
    split_at::<7>(line, parts);
}

/// Four points of the first step. As `N` is constant, so are its angles.
#[inline(always)]
fn split_at<const N: usize>(line: &[Complex; WINDOW], parts: &mut [[Complex; 8]; 4]) {
    let (a, b, c) = (line[N], line[N + 8], line[N + 16]);
    let (sum, difference) = (add(a, c), subtract(a, c));
    parts[0][N] = add(sum, b);
    parts[1][N] = turn(add_turned(difference, b), N);
    parts[2][N] = turn(subtract(sum, b), 2 * N);
    parts[3][N] = turn(subtract_turned(difference, b), 3 * N);
}

/// The second step.
fn join(parts: &[[Complex; 8]; 4], spectrum: &mut [Complex; SIZE]) {
    for (first, part) in parts.iter().enumerate() {
        for (k, value) in transform_8(part).into_iter().enumerate() {
            spectrum[first + 4 * k] = value;
        }
    }
}

#[inline(always)]
fn transform_8([a, b, c, d, e, f, g, h]: &[Complex; 8]) -> [Complex; 8] {
    let even = transform_4([*a, *c, *e, *g]);
    let odd = transform_4([*b, *d, *f, *h]);
    let (first, third) = (turn_eighth(odd[1]), turn_three_eighths(odd[3]));
    [
        add(even[0], odd[0]),
        add(even[1], first),
        add_turned(even[2], odd[2]),
        add(even[3], third),
        subtract(even[0], odd[0]),
        subtract(even[1], first),
        subtract_turned(even[2], odd[2]),
        subtract(even[3], third),
    ]
}

#[inline(always)]
fn transform_4([a, b, c, d]: [Complex; 4]) -> [Complex; 4] {
    let (sum, difference) = (add(a, c), subtract(a, c));
    let (cross, turned) = (add(b, d), subtract(b, d));
    [add(sum, cross), add_turned(difference, turned), subtract(sum, cross), subtract_turned(difference, turned)]
}

/// value·exp(−2πi·k/32)
#[inline(always)]
fn turn([re, im]: Complex, k: usize) -> Complex {
    if k == 0 {
        return [re, im];
    }
    let (cosine, sine) = ANGLES[k];
    [re * cosine + im * sine, im * cosine - re * sine]
}

/// value·exp(−2πi/8)
#[inline(always)]
fn turn_eighth([re, im]: Complex) -> Complex {
    const SHARE: f32 = std::f32::consts::FRAC_1_SQRT_2;
    [(re + im) * SHARE, (im - re) * SHARE]
}

/// value·exp(−6πi/8)
#[inline(always)]
fn turn_three_eighths([re, im]: Complex) -> Complex {
    const SHARE: f32 = std::f32::consts::FRAC_1_SQRT_2;
    [(im - re) * SHARE, (re + im) * -SHARE]
}

#[inline(always)]
fn add(a: Complex, b: Complex) -> Complex {
    [a[0] + b[0], a[1] + b[1]]
}

#[inline(always)]
fn subtract(a: Complex, b: Complex) -> Complex {
    [a[0] - b[0], a[1] - b[1]]
}

/// a − i·b
#[inline(always)]
fn add_turned(a: Complex, b: Complex) -> Complex {
    [a[0] + b[1], a[1] - b[0]]
}

/// a + i·b
#[inline(always)]
fn subtract_turned(a: Complex, b: Complex) -> Complex {
    [a[0] - b[1], a[1] + b[0]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_circle() {
        for (k, (cosine, sine)) in ANGLES.into_iter().enumerate() {
            let angle = k as f64 * std::f64::consts::TAU / 32.0;
            assert!((f64::from(cosine) - angle.cos()).abs() < 1e-7 && (f64::from(sine) - angle.sin()).abs() < 1e-7);
        }
    }

    #[test]
    fn a_transform_is_the_sum_that_defines_it() {
        let value = |n: usize, lane: usize| ((n * 37 + lane * 11 + n * n * 5) % 64) as f32 - 20.0;
        let line: [Complex; SIZE] = std::array::from_fn(|n| {
            [0, 7].map(
                |shift| if n < WINDOW { [0, 1, 2, 3].map(|lane| value(n + shift, lane)).into() } else { f32x4::ZERO },
            )
        });
        let mut fast = line;
        transform(&std::array::from_fn(|n| line[n]), &mut fast);
        for k in 0..SIZE {
            for lane in 0..4 {
                let mut sum = [0.0f64; 2];
                for (n, value) in line.iter().enumerate() {
                    let (cosine, sine) = ANGLES[n * k % SIZE];
                    let [re, im] = value.map(|part| part.to_array()[lane]);
                    let [re, im, cosine, sine] = [re, im, cosine, sine].map(f64::from);
                    sum[0] += re * cosine + im * sine;
                    sum[1] += im * cosine - re * sine;
                }
                let close = |a: f32, b: f64| (f64::from(a) - b).abs() < 1e-3;
                let [re, im] = fast[k].map(|part| part.to_array()[lane]);
                assert!(close(re, sum[0]) && close(im, sum[1]), "{k}, {lane}");
            }
        }
    }
}
