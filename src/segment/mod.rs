//! What belongs together in a picture: from a hint of a person to a mask.
//!
//! | file | finds |
//! |---|---|
//! | `wand` | the connected region of like colour round a pixel |
//! | `strokes` | text, lines and logos inside a rectangle |

mod strokes;
mod wand;

pub use strokes::{GROW, strokes};
pub use wand::{TOLERANCE, wand};
