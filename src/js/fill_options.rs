//! The options of a fill as JavaScript gives them.

use std::sync::Arc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::convert::{argument, from_js};
use super::engine::whole_number;
use crate::error::{Error, Result};
use crate::fill::{EXPAND, Options, Quality, SearchArea, THREADS};
use crate::geometry::Size;
use crate::loose::Loose;
use crate::mask::Mask;

#[wasm_bindgen(typescript_custom_section)]
const OPTIONS: &str = r##"
/** What can be chosen of a fill. */
export interface FillOptions {
    /** How much is done for a better picture; default "balanced". */
    quality?: "fast" | "balanced" | "best";
    /** Another number, another fill of wide parts: 0 to 4294967295; default 0. */
    seed?: number;
    /** By how many pixels the marks are grown first: 0 to 100; default 0. */
    expand?: number;
    /** Whether a rim of what is removed is taken in where the marks are too small for it; default true. */
    halo?: boolean;
    /** Most workers, each with a part of its own: 0 to 256, where 0 stands for as many as are good; default 0.
     * What comes out is the same. */
    threads?: number;
    /** A mask's bits: wide parts are made of what is marked in it only, or of what is not. */
    searchArea?: { only: Uint8Array } | { not: Uint8Array } | null;
}
"##;

#[wasm_bindgen]
extern "C" {
    /// What can be chosen of a fill.
    #[wasm_bindgen(typescript_type = "FillOptions | undefined")]
    pub type FillOptions;
}

/// Judges the options for a picture of this size; what is not there is as it is by default.
pub(super) fn judged(given: &JsValue, size: Size) -> Result<Options> {
    let field = |name: &str| Reflect::get(given, &name.into()).unwrap_or_default();
    let mut options = Options::default();
    match from_js(field("quality")) {
        Loose::Nothing => {}
        value => options.quality = quality(&value)?,
    }
    match from_js(field("halo")) {
        Loose::Nothing => {}
        Loose::Bool(halo) => options.halo = halo,
        other => return Err(wrong("halo", &other, "true or false")),
    }
    let number = |name: &str, max: u32| match from_js(field(name)) {
        Loose::Nothing => Ok(0),
        Loose::Number(value) => whole_number(name, value, 0, max),
        other => Err(wrong(name, &other, "a number")),
    };
    options.seed = number("seed", u32::MAX)?;
    options.expand = number("expand", *EXPAND.end())?;
    options.threads = number("threads", *THREADS.end())?;
    options.search_area = search_area(&field("searchArea"), size)?;
    Ok(options)
}

#[inline(never)]
fn wrong(name: &str, value: &Loose, must: &str) -> Error {
    argument(name, &[&value.shown(), ", must be ", must].concat())
}

fn quality(value: &Loose) -> Result<Quality> {
    match value.text() {
        Some("fast") => Ok(Quality::Fast),
        Some("balanced") => Ok(Quality::Balanced),
        Some("best") => Ok(Quality::Best),
        _ => Err(wrong("quality", value, "fast, balanced or best")),
    }
}

fn search_area(value: &JsValue, size: Size) -> Result<Option<SearchArea>> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let mask = |name: &str| {
        let bits = Reflect::get(value, &name.into()).ok()?.dyn_into::<Uint8Array>().ok()?;
        Some(Mask::from_bytes(size, &bits.to_vec()).map(Arc::new))
    };
    match (mask("only"), mask("not")) {
        (Some(only), None) => Ok(Some(SearchArea::Only(only?))),
        (None, Some(not)) => Ok(Some(SearchArea::Not(not?))),
        _ => Err(argument("searchArea", "it must have either only or not, the bits of a mask")),
    }
}
