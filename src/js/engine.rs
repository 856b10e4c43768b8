//! Pictures, the fill and the composite for the worker.

use std::sync::Arc;

use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};

use super::convert::{argument, from_js, to_js};
use super::error::Fault;
use super::types::{JsAccepted, JsChanges, JsFillStep, JsLimits, JsOpened, JsRectangle};
use crate::error::{Error, Result};
use crate::fill::{Fill, Options, Progress, Step};
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;
use crate::picture::{self, Changes, Format, Limits, Patch, Picture, Sent};

/// What is known of an opened picture.
#[derive(Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    width: u32,
    height: u32,
    format: Format,
    channels: u8,
    /// 8 or 16 bits a sample.
    depth: u32,
}

/// What was taken of a delivered picture.
#[derive(Serialize, tsify::Tsify)]
pub struct Accepted {
    /// What the repaired picture changes.
    changes: Changes,
    /// What the delivered picture would have changed.
    delivered: Changes,
}

/// One picture, and the repair of it that was last accepted.
#[wasm_bindgen]
pub struct Engine {
    source: Vec<u8>,
    picture: Arc<Picture>,
    repair: Option<Repair>,
}

struct Repair {
    patches: Vec<Patch>,
    /// Where the patches are taken.
    mask: Arc<Mask>,
    /// What was to be repaired.
    region: Arc<Mask>,
}

/// A fill that is being computed, step by step.
#[wasm_bindgen]
pub struct FillJob {
    fill: Fill,
    picture: Arc<Picture>,
    mask: Arc<Mask>,
    patches: Vec<Patch>,
    done: bool,
}

/// A box of the repaired picture for showing.
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

#[wasm_bindgen]
impl Engine {
    /// Decodes a file; `maxMemory` bounds the bytes of its samples.
    #[wasm_bindgen(constructor)]
    pub fn open(source: Vec<u8>, max_memory: f64) -> Result<Engine, Fault> {
        let picture = Picture::decode(&source, &Limits::memory(max_memory as u64))?;
        Ok(Self { source, picture: Arc::new(picture), repair: None })
    }

    /// What is known of the picture.
    pub fn about(&self) -> Result<JsOpened, Fault> {
        let size = self.picture.size();
        let about = Opened {
            width: size.width(),
            height: size.height(),
            format: self.picture.format(),
            channels: self.picture.channels(),
            depth: self.picture.samples().depth_bytes() as u32 * 8,
        };
        Ok(to_js(&about)?.unchecked_into())
    }

    /// The pixels of a box of the picture as it was opened, for showing.
    pub fn rgba(&self, area: JsRectangle) -> Result<Clamped<Vec<u8>>, Fault> {
        let area = from_js(area.into()).into();
        let area = Rectangle::check_all(&[area], self.picture.size())?[0];
        Ok(Clamped(self.picture.to_rgba8(area)))
    }

    /// Begins a fill of what the mask's bits mark.
    #[wasm_bindgen(js_name = fill)]
    pub fn fill(&self, mask: &[u8]) -> Result<FillJob, Fault> {
        let mask = self.mask(mask)?;
        let picture = Arc::clone(&self.picture);
        let fill = Fill::new(Arc::clone(&picture), Arc::clone(&mask), &Options::default())?;
        Ok(FillJob { fill, picture, mask, patches: Vec::new(), done: false })
    }

    /// Takes a finished fill as the repair; answers the changed pixels on both sides of the region.
    #[wasm_bindgen(js_name = acceptFill)]
    pub fn accept_fill(&mut self, job: FillJob) -> Result<JsChanges, Fault> {
        if !Arc::ptr_eq(&job.picture, &self.picture) {
            return Err(argument("job", "it fills another picture").into());
        }
        if !job.done {
            return Err(Error::OutOfOrder { call: "accepting a fill".into(), reason: "it has not ended".into() }.into());
        }
        let FillJob { patches, mask, .. } = job;
        let changes = self.accept(Repair { patches, region: Arc::clone(&mask), mask })?;
        Ok(to_js(&changes)?.unchecked_into())
    }

    /// Takes the region of a finished picture that an endpoint delivered as the repair, or with
    /// `whole` all of the picture as it was delivered; answers what was taken and what had been
    /// delivered. Without `whole` nothing of what an endpoint changed outside is taken.
    #[wasm_bindgen(js_name = acceptDelivered)]
    pub fn accept_delivered(
        &mut self,
        file: &[u8],
        mask: &[u8],
        whole: bool,
        max_memory: f64,
    ) -> Result<JsAccepted, Fault> {
        let region = self.mask(mask)?;
        let delivered = Picture::decode(file, &Limits::memory(max_memory as u64))?;
        let (mut patches, all) = picture::patches_from(&self.picture, &delivered, &region)?;
        let mut mask = Arc::clone(&region);
        if whole {
            let size = self.picture.size();
            mask = Arc::new(Mask::from_rectangles(size, &[size.as_rectangle()]));
            (patches, _) = picture::patches_from(&self.picture, &delivered, &mask)?;
        }
        drop(delivered);
        let changes = self.accept(Repair { patches, mask, region })?;
        Ok(to_js(&Accepted { changes, delivered: all })?.unchecked_into())
    }

    /// The repair for showing.
    pub fn shown(&self) -> Result<Vec<ShownPatch>, Fault> {
        match &self.repair {
            Some(repair) => shown(&self.picture, &repair.patches, &repair.mask),
            None => Ok(Vec::new()),
        }
    }

    /// What is to be sent to an endpoint with these limits.
    pub fn outgoing(&self, limits: JsLimits) -> Result<OutgoingFile, Fault> {
        let limits = from_js(limits.into());
        let limit = |name| limits.get(name).integer().and_then(|n| u64::try_from(n).ok());
        let (Some(max_bytes), Some(max_side)) = (limit("maxBytes"), limit("maxSide")) else {
            return Err(argument("limits", "maxBytes and maxSide are needed").into());
        };
        let max_side = u32::try_from(max_side).unwrap_or(u32::MAX);
        let limits = Limits { max_bytes, max_side, max_memory: u64::MAX };
        let picture::Outgoing { bytes, format, sent } = picture::outgoing(&self.source, &self.picture, &limits)?;
        Ok(OutgoingFile { bytes, format, sent })
    }

    /// The repaired picture as PNG: outside the region every sample as it was.
    #[wasm_bindgen(js_name = encodePng)]
    pub fn encode_png(&self) -> Result<Vec<u8>, Fault> {
        Ok(self.composite().encode_png()?)
    }

    /// The repaired picture as JPEG, which encodes all of it anew.
    #[wasm_bindgen(js_name = encodeJpeg)]
    pub fn encode_jpeg(&self, quality: u8) -> Result<Vec<u8>, Fault> {
        Ok(self.composite().encode_jpeg(quality)?)
    }
}

/// A mask's bits as a PNG of strictly 0 and 255; it needs no picture.
#[wasm_bindgen(js_name = maskPng)]
pub fn mask_png(width: u32, height: u32, mask: &[u8]) -> Result<Vec<u8>, Fault> {
    let mask = Mask::from_bytes(Size::new(width, height)?, mask)?;
    Ok(picture::mask_png(&mask)?)
}

impl Engine {
    fn mask(&self, bits: &[u8]) -> Result<Arc<Mask>> {
        Ok(Arc::new(Mask::from_bytes(self.picture.size(), bits)?))
    }

    /// The changed pixels of the composite; outside the mask of the patches there are none.
    fn accept(&mut self, repair: Repair) -> Result<Changes> {
        let before = self.repair.replace(repair);
        let changes = match self.repair.as_ref() {
            Some(repair) => Changes::between(&self.picture, &self.composite(), &repair.region),
            None => Err(Error::internal("no repair")),
        };
        changes.inspect_err(|_| self.repair = before)
    }

    fn composite(&self) -> Picture {
        let mut picture = Picture::clone(&self.picture);
        if let Some(Repair { patches, mask, .. }) = &self.repair {
            picture::apply(&mut picture, patches, mask);
        }
        picture
    }
}

#[wasm_bindgen]
impl FillJob {
    /// Works for a bounded time. After "done" it is to be handed to `acceptFill`.
    pub fn step(&mut self) -> Result<JsFillStep, Fault> {
        #[derive(Serialize)]
        struct Shown {
            kind: &'static str,
            progress: Option<Progress>,
        }
        let shown = match self.fill.step()? {
            Step::Working(progress) => Shown { kind: "working", progress: Some(progress) },
            Step::Preview(progress, patches) => {
                self.patches = patches;
                Shown { kind: "preview", progress: Some(progress) }
            }
            Step::Done(patches) => {
                (self.patches, self.done) = (patches, true);
                Shown { kind: "done", progress: None }
            }
        };
        Ok(to_js(&shown)?.unchecked_into())
    }

    /// The pixels of the last preview.
    pub fn shown(&self) -> Result<Vec<ShownPatch>, Fault> {
        shown(&self.picture, &self.patches, &self.mask)
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

fn shown(picture: &Picture, patches: &[Patch], mask: &Mask) -> Result<Vec<ShownPatch>, Fault> {
    let show = |patch: &Patch| Ok(ShownPatch { bounds: patch.bounds(), rgba: patch.to_rgba8(picture, mask)? });
    patches.iter().map(show).collect()
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
