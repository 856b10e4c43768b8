//! From values to parts: hysteresis, as J. Canny has it (*A Computational Approach to Edge
//! Detection*, IEEE Trans. PAMI 8 (6), 1986), and growing.

use crate::geometry::Rectangle;
use crate::mask::Mask;

/// What a pixel is to the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Sign {
    /// Nothing.
    #[default]
    None,
    /// Marked where it is connected with a strong one.
    Weak,
    /// Marked.
    Strong,
}

/// Calls `found` with the pixels of every part (8-connected, `width` pixels a row) of `signs` that holds
/// a strong one. No sign is left in them.
pub(super) fn parts(signs: &mut [Sign], width: usize, mut found: impl FnMut(&[usize])) {
    let height = signs.len() / width;
    let mut part = Vec::new();
    for start in 0..signs.len() {
        if signs[start] != Sign::Strong {
            continue;
        }
        part.clear();
        part.push(start);
        signs[start] = Sign::None;
        let mut next = 0;
        while let Some(at) = part.get(next).copied() {
            next += 1;
            let (x, y) = (at % width, at / width);
            for ny in y.saturating_sub(1)..(y + 2).min(height) {
                for nx in x.saturating_sub(1)..(x + 2).min(width) {
                    let neighbour = ny * width + nx;
                    if signs[neighbour] != Sign::None {
                        signs[neighbour] = Sign::None;
                        part.push(neighbour);
                    }
                }
            }
        }
        found(&part);
    }
}

/// `mask` grown by a disc of a radius in pixels, inside `area` only.
pub(super) fn grown(mask: &Mask, radius: u32, area: Rectangle) -> Mask {
    let mut grown = Mask::new(mask.size());
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    for y in area.y..bottom {
        for (start, end) in mask.runs(y) {
            for ny in y.saturating_sub(radius).max(area.y)..(y + radius + 1).min(bottom) {
                let height = ny.abs_diff(y);
                // Half a pixel more than the radius: a disc without tips.
                let half = (f64::from(radius * (radius + 1) - height * height).max(0.0)).sqrt() as u32;
                grown.fill_span(ny, start.saturating_sub(half).max(area.x), (end + half).min(right), true);
            }
        }
    }
    grown
}
