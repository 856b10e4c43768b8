//! Pictures, their versions, the fill and the composite for the worker.

use std::sync::Arc;

use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};

use super::convert::{argument, from_js, to_js};
use super::error::Fault;
use super::files::{OutgoingFile, ShownPatch, memory, shown};
use super::fill_options::{FillOptions, judged};
use super::types::{JsAccepted, JsFillStep, JsFilled, JsLimits, JsOpened, JsRectangle};
use crate::error::{Error, Result};
use crate::fill::{Added, Fill, Helper, Progress, Step};
use crate::geometry::{Rectangle, Size};
use crate::loose::{Loose, shown_number};
use crate::mask::Mask;
use crate::picture::{self, Changes, Format, JPEG_QUALITY, Limits, Patch, Picture, Repair, Versions};
use crate::segment;

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

/// A fill that was taken as a version.
#[derive(Serialize, tsify::Tsify)]
pub struct Filled {
    /// The version's number.
    version: u32,
    /// What it changes of its base, inside and outside of what was filled.
    changes: Changes,
    /// How many pixels were filled beside the marked ones.
    added: Added,
}

/// What was taken of a delivered picture, as a version.
#[derive(Serialize, tsify::Tsify)]
pub struct Accepted {
    /// The version's number.
    version: u32,
    /// What it changes of its base.
    changes: Changes,
    /// What the delivered picture would have changed.
    delivered: Changes,
}

/// One picture as it was opened, version 0, and its repairs: versions that are never overwritten.
#[wasm_bindgen]
pub struct Engine {
    source: Vec<u8>,
    versions: Versions,
}

/// A fill that is being computed, step by step.
#[wasm_bindgen]
pub struct FillJob {
    fill: Fill,
    /// The picture that the base belongs to.
    opened: Arc<Picture>,
    base: u32,
    picture: Arc<Picture>,
    patches: Vec<Patch>,
    done: bool,
}

/// Fills parts that a job of another worker has lent.
#[wasm_bindgen]
pub struct FillHelper(Helper);

#[wasm_bindgen]
impl Engine {
    /// Decodes a file; `maxMemory` bounds the bytes of its samples.
    #[wasm_bindgen(constructor)]
    pub fn open(source: Vec<u8>, max_memory: f64) -> Result<Engine, Fault> {
        let picture = Picture::decode(&source, &memory(max_memory))?;
        Ok(Self { source, versions: Versions::new(Arc::new(picture)) })
    }

    /// A picture of pixels that a page has, 8 bits of red, green, blue and alpha (not premultiplied) each,
    /// row by row. Where all are opaque it has no alpha.
    #[wasm_bindgen(js_name = fromPixels)]
    pub fn from_pixels(width: u32, height: u32, rgba: Vec<u8>) -> Result<Engine, Fault> {
        let picture = Picture::from_rgba8(Size::new(width, height)?, rgba)?;
        Ok(Self { source: Vec::new(), versions: Versions::new(Arc::new(picture)) })
    }

    /// What is known of the picture.
    pub fn about(&self) -> Result<JsOpened, Fault> {
        let picture = self.versions.opened();
        let about = Opened {
            width: picture.size().width(),
            height: picture.size().height(),
            format: picture.format(),
            channels: picture.channels(),
            depth: picture.samples().depth_bytes() as u32 * 8,
        };
        Ok(to_js(&about)?.unchecked_into())
    }

    /// The pixels of a box of a version as 8-bit RGBA.
    pub fn rgba(&mut self, area: JsRectangle, version: f64) -> Result<Clamped<Vec<u8>>, Fault> {
        let area = self.area(area)?;
        Ok(Clamped(self.picture(version)?.to_rgba8(area)))
    }

    /// The picture as it was opened halved, quartered and so on, while its longer side is over 512.
    pub fn levels(&self) -> Vec<ShownPatch> {
        picture::levels(self.versions.opened()).into_iter().map(Into::into).collect()
    }

    /// Begins a fill of what the mask's bits mark in a version.
    pub fn fill(&mut self, mask: &[u8], base: f64, options: FillOptions) -> Result<FillJob, Fault> {
        let mask = self.mask(mask)?;
        let base = number("base", base)?;
        let options = judged(&options.into(), mask.size())?;
        let picture = self.versions.picture(base)?;
        let fill = Fill::new(Arc::clone(&picture), mask, &options)?;
        let opened = Arc::clone(self.versions.opened());
        Ok(FillJob { fill, opened, base, picture, patches: Vec::new(), done: false })
    }

    /// Takes a finished fill as a new version; answers its number and the changed pixels on both
    /// sides of the region.
    #[wasm_bindgen(js_name = acceptFill)]
    pub fn accept_fill(&mut self, job: FillJob) -> Result<JsFilled, Fault> {
        if !Arc::ptr_eq(&job.opened, self.versions.opened()) {
            return Err(argument("job", "it fills another picture").into());
        }
        if !job.done {
            return Err(Error::OutOfOrder { call: "accepting a fill".into(), reason: "it has not ended".into() }.into());
        }
        let FillJob { fill, patches, base, .. } = job;
        let (region, added) = (Arc::clone(fill.region()), fill.added());
        // It may hold a picture of its own, which would stand beside that of the version.
        drop(fill);
        let (version, changes) = self.versions.add(base, Repair { patches, mask: Arc::clone(&region) }, &region)?;
        Ok(to_js(&Filled { version, changes, added })?.unchecked_into())
    }

    /// Takes the region of a finished picture that an endpoint delivered as a new version, or with
    /// `whole` all of the picture as it was delivered; answers what was taken and what had been
    /// delivered. Without `whole` nothing of what an endpoint changed outside is taken.
    #[wasm_bindgen(js_name = acceptDelivered)]
    pub fn accept_delivered(
        &mut self,
        file: &[u8],
        mask: &[u8],
        whole: bool,
        max_memory: f64,
        base: f64,
    ) -> Result<JsAccepted, Fault> {
        let region = self.mask(mask)?;
        let base = number("base", base)?;
        let picture = self.versions.picture(base)?;
        let file = Picture::decode(file, &memory(max_memory))?;
        let (mut patches, delivered) = picture::patches_from(&picture, &file, &region)?;
        let mut mask = Arc::clone(&region);
        if whole {
            let size = picture.size();
            mask = Arc::new(Mask::from_rectangles(size, &[size.as_rectangle()]));
            (patches, _) = picture::patches_from(&picture, &file, &mask)?;
        }
        drop((file, picture));
        let (version, changes) = self.versions.add(base, Repair { patches, mask }, &region)?;
        Ok(to_js(&Accepted { version, changes, delivered })?.unchecked_into())
    }

    /// What a version repairs of its base, for showing: whole boxes of it.
    pub fn shown(&mut self, version: f64) -> Result<Vec<ShownPatch>, Fault> {
        let version = number("version", version)?;
        let picture = self.versions.picture(version)?;
        match self.versions.repair(version)? {
            // Its own patches are in the picture already.
            Some((_, repair)) => shown(&picture, &repair.patches, &repair.mask),
            None => Ok(Vec::new()),
        }
    }

    /// What is to be sent of a version to an endpoint with these limits.
    pub fn outgoing(&mut self, limits: JsLimits, version: f64) -> Result<OutgoingFile, Fault> {
        let limits = limits_of(&from_js(limits.into()))?;
        Ok(match number("version", version)? {
            // Pixels of a page have no file.
            0 if !self.source.is_empty() => picture::outgoing(&self.source, self.versions.opened(), &limits)?.into(),
            version => picture::outgoing_anew(&*self.versions.picture(version)?, &limits)?.into(),
        })
    }

    /// A version as PNG: outside its regions every sample as it was opened.
    #[wasm_bindgen(js_name = encodePng)]
    pub fn encode_png(&mut self, version: f64) -> Result<Vec<u8>, Fault> {
        Ok(self.picture(version)?.encode_png()?)
    }

    /// A version as JPEG, which encodes all of it anew.
    #[wasm_bindgen(js_name = encodeJpeg)]
    pub fn encode_jpeg(&mut self, quality: f64, version: f64) -> Result<Vec<u8>, Fault> {
        let (least, most) = (*JPEG_QUALITY.start(), *JPEG_QUALITY.end());
        let quality = whole_number("quality", quality, least.into(), most.into())? as u8;
        Ok(self.picture(version)?.encode_jpeg(quality)?)
    }

    /// A version as PNG that is transparent where the mask's bits mark, every other sample as it is.
    #[wasm_bindgen(js_name = holePng)]
    pub fn hole_png(&mut self, mask: &[u8], version: f64) -> Result<Vec<u8>, Fault> {
        let mask = self.mask(mask)?;
        Ok(picture::hole_png(&*self.picture(version)?, &mask)?)
    }

    /// The bits of the connected region of like colour round a pixel of a version. `tolerance` is
    /// the largest difference of a channel, 0 to 255.
    pub fn wand(&mut self, version: f64, x: f64, y: f64, tolerance: f64) -> Result<Vec<u8>, Fault> {
        let tolerance = whole_number("tolerance", tolerance, 0, 255)?;
        let picture = self.picture(version)?;
        let (width, height) = (picture.size().width(), picture.size().height());
        let (x, y) = (whole_number("x", x, 0, width - 1)?, whole_number("y", y, 0, height - 1)?);
        Ok(segment::wand(&picture, x, y, tolerance as u8)?.to_bytes())
    }

    /// The bits of what stands out in a rectangle of a version like text, lines or a logo, grown by
    /// `grow` pixels, 0 to 20.
    pub fn strokes(&mut self, version: f64, area: JsRectangle, grow: f64) -> Result<Vec<u8>, Fault> {
        let grow = whole_number("grow", grow, *segment::GROW.start(), *segment::GROW.end())?;
        let area = self.area(area)?;
        Ok(segment::strokes(&*self.picture(version)?, area, grow)?.to_bytes())
    }

    /// Gives a version up; what is based on it stays. The picture as it was opened cannot be.
    pub fn forget(&mut self, version: f64) -> Result<(), Fault> {
        Ok(self.versions.forget(number("version", version)?)?)
    }
}

impl Engine {
    fn mask(&self, bits: &[u8]) -> Result<Arc<Mask>> {
        Ok(Arc::new(Mask::from_bytes(self.versions.opened().size(), bits)?))
    }

    fn picture(&mut self, version: f64) -> Result<Arc<Picture>> {
        self.versions.picture(number("version", version)?)
    }

    /// A rectangle of the picture.
    fn area(&self, area: JsRectangle) -> Result<Rectangle> {
        let area = from_js(area.into()).into();
        Ok(Rectangle::check_all(&[area], self.versions.opened().size())?[0])
    }
}

/// A version's number; what is none names no version, and is told as what it is.
fn number(name: &str, value: f64) -> Result<u32> {
    whole_number(name, value, 0, u32::MAX)
}

/// JavaScript's numbers are not taken as `u32`: that would turn -1, 1.5 and NaN into some version.
pub(super) fn whole_number(name: &str, value: f64, min: u32, max: u32) -> Result<u32> {
    let (min, max) = (f64::from(min), f64::from(max));
    if value.fract() == 0.0 && value >= min && value <= max {
        return Ok(value as u32);
    }
    Err(Error::OutOfRange { name: name.into(), value: shown_number(value), min, max })
}

fn limits_of(limits: &Loose) -> Result<Limits> {
    let limit = |name| limits.get(name).integer().and_then(|n| u64::try_from(n).ok());
    let (Some(max_bytes), Some(max_side)) = (limit("maxBytes"), limit("maxSide")) else {
        return Err(argument("limits", "maxBytes and maxSide are needed"));
    };
    let max_side = u32::try_from(max_side).unwrap_or(u32::MAX);
    Ok(Limits { max_bytes, max_side, max_memory: u64::MAX })
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
            Step::Waiting(progress) => Shown { kind: "waiting", progress: Some(progress) },
            Step::Done(patches) => {
                (self.patches, self.done) = (patches, true);
                Shown { kind: "done", progress: None }
            }
        };
        Ok(to_js(&shown)?.unchecked_into())
    }

    /// Whether it has so much to do, in more than one part, that helpers are worth their start.
    #[wasm_bindgen(js_name = isShareable)]
    pub fn is_shareable(&self) -> bool {
        self.fill.is_shareable()
    }

    /// Parts for a `FillHelper`, if some can be begun. The first 32 bits are the loan's number.
    pub fn lend(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.fill.lend()?)
    }

    /// Takes a helper's answer.
    #[wasm_bindgen(js_name = takeBack)]
    pub fn take_back(&mut self, answer: &[u8]) -> Result<(), Fault> {
        Ok(self.fill.take_back(answer)?)
    }

    /// A loan that will not be answered.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&mut self, number: u32) {
        self.fill.give_up(number);
    }

    /// The pixels of the last preview.
    pub fn shown(&self) -> Result<Vec<ShownPatch>, Fault> {
        shown(&self.picture, &self.patches, self.fill.region())
    }
}

#[wasm_bindgen]
impl FillHelper {
    /// A helper for what `FillJob.lend` gave.
    #[wasm_bindgen(constructor)]
    pub fn new(loan: &[u8]) -> Result<FillHelper, Fault> {
        Ok(Self(Helper::new(loan)?))
    }

    /// Works for a bounded time; the answer for `FillJob.takeBack` once all is filled.
    pub fn step(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.0.step()?)
    }
}
