//! The only code that knows JavaScript: bindings that decode, call and encode.
//!
//! | module | holds |
//! |---|---|
//! | `error` | errors as real JavaScript `Error`s with `code` and `details` |
//! | `convert` | the one serializer, arguments in |
//! | `plain` | values as the one type that is written |
//! | `types` | the TypeScript types of arguments and answers |
//! | `marks` | `Selection`, and the canvas that shows it (`reweave.wasm`) |
//! | `mask` | `Mask`, painted onto and read from canvases (`reweave.wasm`) |
//! | `paint` | how marks are painted (`reweave.wasm`) |
//! | `client` | one repair at an endpoint, one upload (`reweave.wasm`) |
//! | `flight` | requests under way, cancelled or late (`reweave.wasm`) |
//! | `transport` | the only code that touches the network (`reweave.wasm`) |
//! | `engine` | pictures, their versions, the fill, wand and strokes, for the worker (`engine.wasm`) |
//! | `fill_options` | the options of a fill, judged (`engine.wasm`) |
//! | `files` | what that takes and gives as files and pixels (`engine.wasm`) |

mod convert;
pub mod error;
mod plain;
pub mod types;

#[cfg(feature = "marks")]
pub mod marks;
#[cfg(feature = "marks")]
pub mod mask;
#[cfg(feature = "marks")]
mod paint;

#[cfg(feature = "contract")]
pub mod client;
#[cfg(feature = "contract")]
mod flight;
#[cfg(feature = "contract")]
mod transport;

#[cfg(feature = "fill")]
pub mod engine;
#[cfg(feature = "fill")]
pub mod files;
#[cfg(feature = "fill")]
pub mod fill_options;

/// 3 KB smaller than the default one. `engine.wasm` keeps that: its buffers are large, and this one
/// does not grow them in place.
#[cfg(all(feature = "marks", not(feature = "fill")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
