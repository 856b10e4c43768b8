//! Reweave: mark what does not belong in a picture, have it repaired, keep every other pixel.
//!
//! The modules in reading order, each using only those above it:
//!
//! | module | holds |
//! |---|---|
//! | [`error`] | the one error type and its stable codes |
//! | [`loose`] | values from outside, before they are judged |
//! | [`geometry`] | sizes, points and the only home of the rectangle rules |
//! | [`mask`] | the 1-bit mask: drawing, counting, exports |
//! | [`selection`] | marks with undo and redo, drawn into a mask |
//! | [`picture`] | decode, encode, composite, versions |
//! | [`segment`] | what belongs together: like colour, strokes |
//! | [`fill`] | the fill engine, a resumable job |
//! | [`contract`] | requests and replies of an image-completion endpoint |
//! | [`limiter`] | how often requests may be sent or are let in |
//! | [`task`] | the sans-IO machine that runs one request to its end |
//!
//! Everything here builds natively and for wasm32, and holds no clock, no randomness and no I/O;
//! only `js` (wasm32, feature `js`) knows JavaScript.

pub mod error;
pub mod geometry;
pub mod loose;
pub mod mask;

#[cfg(feature = "contract")]
mod text;

#[cfg(feature = "marks")]
pub mod selection;

#[cfg(feature = "picture")]
pub mod picture;
#[cfg(feature = "picture")]
pub mod segment;

#[cfg(feature = "fill")]
pub mod fill;

#[cfg(feature = "contract")]
pub mod contract;
#[cfg(feature = "contract")]
pub mod limiter;
#[cfg(feature = "contract")]
pub mod task;

#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub mod js;

pub use error::{Error, Result};
pub use geometry::{Point, Rectangle, Size};
pub use mask::Mask;
