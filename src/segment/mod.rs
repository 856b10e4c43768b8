//! What belongs together in a picture: from a hint of a person to a mask.
//!
//! | file | finds |
//! |---|---|
//! | `wand` | the connected region of like colour round a pixel |
//! | `strokes` | text, lines and logos inside a rectangle |
//! | `planes`, `background`, `opening`, `response`, `split`, `ink`, `spread` | what `strokes` is made of |

mod background;
mod ink;
mod opening;
mod planes;
mod response;
mod split;
mod spread;
mod strokes;
mod wand;

pub use strokes::{GROW, strokes};
pub use wand::{TOLERANCE, wand};
