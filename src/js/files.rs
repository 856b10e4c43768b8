//! Files and pixels on their way between the worker and the engine; what needs no open picture.

use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};

use super::convert::to_js;
use super::error::Fault;
use super::types::{JsProbed, JsRectangle};
use crate::error::Result;
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;
use crate::picture::{self, Format, Level, Limits, Marked, Outgoing, Patch, Picture, Sent};

/// What the header of a picture's file says.
#[derive(Serialize, tsify::Tsify)]
pub struct Probed {
    /// Upright.
    width: u32,
    /// Upright.
    height: u32,
    format: Format,
}

/// A box of pixels for showing.
#[wasm_bindgen]
pub struct ShownPatch {
    bounds: Rectangle,
    rgba: Vec<u8>,
}

/// A file to send.
#[wasm_bindgen]
pub struct OutgoingFile {
    bytes: Vec<u8>,
    format: Format,
    sent: Sent,
}

/// A mask that was read from a file.
#[wasm_bindgen]
pub struct MaskFile(picture::MaskFile);

/// Judges a file by its beginning, as opening it would but for what only the pixels show. The error
/// "picture-broken" may mean that the header goes on behind what was given.
#[wasm_bindgen]
pub fn probe(beginning: &[u8], file_bytes: f64, max_memory: f64) -> Result<JsProbed, Fault> {
    let picture::Probed { format, size } = picture::probe(beginning, file_bytes as u64, &memory(max_memory))?;
    Ok(to_js(&Probed { width: size.width(), height: size.height(), format })?.unchecked_into())
}

/// A mask's bits as a PNG of strictly 0 and 255.
#[wasm_bindgen(js_name = maskPng)]
pub fn mask_png(width: u32, height: u32, mask: &[u8]) -> Result<Vec<u8>, Fault> {
    let mask = Mask::from_bytes(Size::new(width, height)?, mask)?;
    Ok(picture::mask_png(&mask)?)
}

/// A mask from a file that somebody else made.
#[wasm_bindgen(js_name = readMask)]
pub fn read_mask(file: &[u8], max_memory: f64) -> Result<MaskFile, Fault> {
    Ok(MaskFile(picture::read_mask_file(file, &memory(max_memory))?))
}

/// Bound by this many bytes of samples. NaN is 0.
pub(super) fn memory(max: f64) -> Limits {
    Limits::memory(max as u64)
}

pub(super) fn shown(picture: &Picture, patches: &[Patch], mask: &Mask) -> Result<Vec<ShownPatch>, Fault> {
    let show = |patch: &Patch| Ok(ShownPatch { bounds: patch.bounds(), rgba: patch.to_rgba8(picture, mask)? });
    patches.iter().map(show).collect()
}

impl From<Level> for ShownPatch {
    fn from(Level { width, height, rgba }: Level) -> Self {
        Self { bounds: Rectangle { x: 0, y: 0, width, height }, rgba }
    }
}

impl From<Outgoing> for OutgoingFile {
    fn from(Outgoing { bytes, format, sent }: Outgoing) -> Self {
        Self { bytes, format, sent }
    }
}

#[wasm_bindgen]
impl ShownPatch {
    /// Its box in the picture.
    #[wasm_bindgen(getter)]
    pub fn bounds(&self) -> Result<JsRectangle, Fault> {
        Ok(to_js(&self.bounds)?.unchecked_into())
    }

    /// RGBA, not premultiplied, row by row. The patch is empty afterwards.
    #[wasm_bindgen(js_name = takeRgba)]
    pub fn take_rgba(&mut self) -> Clamped<Vec<u8>> {
        Clamped(std::mem::take(&mut self.rgba))
    }
}

#[wasm_bindgen]
impl OutgoingFile {
    /// The bytes of the file. It is empty afterwards.
    #[wasm_bindgen(js_name = takeBytes)]
    pub fn take_bytes(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Its MIME type.
    #[wasm_bindgen(getter)]
    pub fn mime(&self) -> String {
        self.format.mime().into()
    }

    /// The JPEG quality where the whole picture had to be encoded anew with loss.
    #[wasm_bindgen(getter, js_name = jpegQuality)]
    pub fn jpeg_quality(&self) -> Option<u8> {
        match self.sent {
            Sent::Jpeg(quality) => Some(quality),
            Sent::Source | Sent::Exact => None,
        }
    }
}

#[wasm_bindgen]
impl MaskFile {
    /// Width of the file's picture, upright.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.0.mask.size().width()
    }

    /// Height of the file's picture, upright.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> u32 {
        self.0.mask.size().height()
    }

    /// The mask's bits.
    pub fn bits(&self) -> Vec<u8> {
        self.0.mask.to_bytes()
    }

    /// Which of the file's pixels are marked.
    #[wasm_bindgen(getter, unchecked_return_type = "Marked")]
    pub fn marked(&self) -> String {
        let name = match self.0.marked {
            Marked::White => "white",
            Marked::Black => "black",
            Marked::Opaque => "opaque",
            Marked::Transparent => "transparent",
        };
        name.into()
    }

    /// Whether that is beyond doubt.
    #[wasm_bindgen(getter)]
    pub fn certain(&self) -> bool {
        self.0.certain
    }

    /// The marked share, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn share(&self) -> f64 {
        self.0.mask.coverage()
    }
}
