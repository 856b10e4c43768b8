//! Parts that somebody else fills, who shares no memory with this job: another worker of the page.
//!
//! [`Fill::lend`] writes all that some parts read as bytes, a [`Helper`] fills them anywhere, and
//! [`Fill::take_back`] takes what it answers. A part's fill depends on what it reads alone, not on where in a
//! picture that lies, so whoever fills it, the same comes out.
//!
//! A loan is words of 32 bits, little-endian: its number, quality, seed, channels, bytes of a sample, and how
//! many parts it has; then for each of these columns and rows of what is copied, marked pixels, scale, edge, wide
//! pixels, pixels elsewhere, the boxes that are solved and kept, the bits of the mask, and the samples. The answer is
//! the number and the samples of what is kept of each part, in the same order.

use std::collections::VecDeque;
use std::sync::Arc;

use super::edges;
use super::group::{self, Event};
use super::job::Fill;
use super::plan::Part;
use super::reduce;
use super::work::{Scene, Work};
use super::{Quality, STEP_VISITS};
use crate::error::{Error, Result};
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;
use crate::picture::{Patch, Picture, Samples};

/// Visits of a loan, if it has more than one part: some 50 ms, against which copying costs nothing.
const LOAN_VISITS: u64 = 8 * STEP_VISITS;
/// Visits from which on a loan is worth its copying.
const LEAST_VISITS: u64 = STEP_VISITS / 4;

/// Visits of a job from which on helpers are started: some 100 ms.
const HELPED_VISITS: u64 = 16 * STEP_VISITS;

/// What is lent.
#[derive(Debug)]
pub(super) struct Loan {
    number: u32,
    parts: Vec<Part>,
}

/// Fills the parts of a loan.
#[derive(Debug)]
pub struct Helper {
    parts: VecDeque<(Scene, Part)>,
    current: Option<Work>,
    answer: Vec<u8>,
}

impl Fill {
    /// Whether there is so much to do, in more than one part, that helpers are worth their start.
    #[must_use]
    pub fn is_shareable(&self) -> bool {
        self.scene.allowed.is_none() && self.waiting() > 1 && self.is_long(HELPED_VISITS)
    }

    /// Parts to be filled by a [`Helper`], as bytes; nothing while none can be begun, or where helping would
    /// take longer. What is lent has to be taken back, or given up, before the job can end.
    ///
    /// # Errors
    /// [`Error::Internal`] alone.
    pub fn lend(&mut self) -> Result<Option<Vec<u8>>> {
        // An area may lie far away; and the last part is this job's own.
        if self.scene.allowed.is_some() || self.current.is_none() && self.waiting() < 2 {
            return Ok(None);
        }
        let Some(part) = self.next_part() else { return Ok(None) };
        let share = (self.left_of_turn() / 4).clamp(LEAST_VISITS, LOAN_VISITS);
        let mut parts = self.rest_of_turn(share.saturating_sub(part.expected));
        parts.insert(0, part);
        if parts.iter().map(|part| part.expected).sum::<u64>() < LEAST_VISITS {
            self.put_back(parts);
            return Ok(None);
        }
        let number = self.next_loan;
        let bytes = write(&self.scene, number, &parts)?;
        self.next_loan += 1;
        self.lent.push(Loan { number, parts });
        Ok(Some(bytes))
    }

    /// Takes what a helper answered.
    ///
    /// # Errors
    /// [`Error::Argument`] for an answer to no loan of this job, or a shorter one than is due: that is given up.
    pub fn take_back(&mut self, answer: &[u8]) -> Result<()> {
        let mut answer = Reader(answer);
        let [number] = answer.words()?;
        let parts = self.end(number).ok_or_else(wrong)?;
        let picture = &self.scene.picture;
        let (depth, channels) = (picture.samples().depth_bytes() as u32, u64::from(picture.channels()));
        let filled = parts.iter().map(|part| {
            let samples = answer.samples(depth, channels * part.kept.area())?;
            Patch::new(picture, part.kept, samples)
        });
        match filled.collect::<Result<Vec<_>>>() {
            Ok(filled) => {
                let visits = parts.iter().map(|part| part.expected).sum();
                self.work_elsewhere(visits);
                self.count(visits);
                for patch in filled {
                    self.keep(patch);
                }
                Ok(())
            }
            Err(error) => {
                self.put_back(parts);
                Err(error)
            }
        }
    }

    /// Takes a loan as one that is never answered: its parts are filled here, or lent again.
    pub fn give_up(&mut self, number: u32) {
        if let Some(parts) = self.end(number) {
            self.put_back(parts);
        }
    }

    /// The parts of a loan, which is none any more.
    fn end(&mut self, number: u32) -> Option<Vec<Part>> {
        let at = self.lent.iter().position(|loan| loan.number == number)?;
        Some(self.lent.swap_remove(at).parts)
    }
}

impl Helper {
    /// A helper for a loan.
    ///
    /// # Errors
    /// [`Error::Argument`] and those of [`Size::new`] for bytes that are no loan.
    pub fn new(loan: &[u8]) -> Result<Self> {
        let mut loan = Reader(loan);
        let [number, quality, seed, channels, depth, count] = loan.words()?;
        let quality = *QUALITIES.get(quality as usize).ok_or_else(wrong)?;
        let mut parts = VecDeque::new();
        for _ in 0..count {
            let [width, height, area, scale, edge, wide, elsewhere] = loan.words()?;
            if !SCALES.contains(&scale) || edge > edges::MOST || wide > area {
                return Err(wrong());
            }
            let size = Size::new(width, height)?;
            let [bounds, kept] = [loan.rectangle(size)?, loan.rectangle(size)?];
            let mask = Mask::from_bytes(size, loan.bytes(8 * u64::from(width.div_ceil(64)) * u64::from(height))?)?;
            let samples = loan.samples(depth, u64::from(channels) * size.area())?;
            let picture = Picture::from_samples(size, u8::try_from(channels).map_err(|_| wrong())?, samples)?;
            let part = Part { kept, scale, edge, wide: wide.into(), elsewhere, ..Part::of(bounds, area.into()) };
            parts.push_back((
                Scene { picture: Arc::new(picture), mask: Arc::new(mask), allowed: None, quality, seed },
                part,
            ));
        }
        Ok(Self { parts, current: None, answer: number.to_le_bytes().to_vec() })
    }

    /// Works on for about as long as a step of a fill does; the answer once all is filled.
    ///
    /// # Errors
    /// [`Error::Internal`] alone.
    pub fn step(&mut self) -> Result<Option<Vec<u8>>> {
        let mut left = STEP_VISITS;
        while left > 0 {
            let mut work = match (self.current.take(), self.parts.pop_front()) {
                (Some(work), part) => {
                    part.into_iter().for_each(|part| self.parts.push_front(part));
                    work
                }
                (None, Some((scene, part))) => Work::new(scene, part, false)?,
                (None, None) => return Ok(Some(std::mem::take(&mut self.answer))),
            };
            let before = work.visits();
            match work.advance(left, false)? {
                Event::Filled(patch) => write_samples(patch.samples(), &mut self.answer),
                Event::Working | Event::Preview(_) => {
                    left = left.saturating_sub(work.visits() - before);
                    self.current = Some(work);
                }
            }
        }
        Ok(None)
    }
}

/// Those at which a box is solved.
const SCALES: [u32; 3] = [1, 2, reduce::LARGEST];

/// In the order of their numbers.
const QUALITIES: [Quality; 3] = [Quality::Fast, Quality::Balanced, Quality::Best];

fn wrong() -> Error {
    Error::argument("loan", "it is none of this fill")
}

/// A loan as bytes.
fn write(scene: &Scene, number: u32, parts: &[Part]) -> Result<Vec<u8>> {
    let Scene { picture, mask, quality, seed, .. } = scene;
    let mut bytes = Vec::new();
    let words = |bytes: &mut Vec<u8>, words: &[u32]| {
        words.iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
    };
    let depth = picture.samples().depth_bytes() as u32;
    words(&mut bytes, &[number, *quality as u32, *seed, picture.channels().into(), depth, parts.len() as u32]);
    for part in parts {
        let area = group::reads(part, *quality, picture.size());
        let Part { scale, edge, elsewhere, .. } = *part;
        words(&mut bytes, &[area.width, area.height, part.area as u32, scale, edge, part.wide as u32, elsewhere]);
        for Rectangle { x, y, width, height } in [part.bounds, part.kept] {
            words(&mut bytes, &[x - area.x, y - area.y, width, height]);
        }
        let mut own = Mask::new(Size::new(area.width, area.height)?);
        mask.each_run(area, &mut |y, start, end| own.fill_span(y - area.y, start - area.x, end - area.x, true));
        bytes.extend(own.to_bytes());
        write_samples(Patch::of(picture, area)?.samples(), &mut bytes);
    }
    Ok(bytes)
}

fn write_samples(samples: &Samples, bytes: &mut Vec<u8>) {
    match samples {
        Samples::U8(v) => bytes.extend_from_slice(v),
        Samples::U16(v) => v.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
    }
}

/// The rest of what is read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: u64) -> Result<&'a [u8]> {
        let count = usize::try_from(count).map_err(|_| wrong())?;
        let (bytes, rest) = self.0.split_at_checked(count).ok_or_else(wrong)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn words<const COUNT: usize>(&mut self) -> Result<[u32; COUNT]> {
        let bytes = self.bytes(4 * COUNT as u64)?;
        let mut words = [0; COUNT];
        for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        Ok(words)
    }

    /// A box inside a picture of this size.
    fn rectangle(&mut self, size: Size) -> Result<Rectangle> {
        let [x, y, width, height] = self.words()?;
        let rectangle = Rectangle { x, y, width, height };
        (rectangle.clipped(size) == Some(rectangle)).then_some(rectangle).ok_or_else(wrong)
    }

    fn samples(&mut self, depth: u32, count: u64) -> Result<Samples> {
        let bytes = self.bytes(count * u64::from(depth))?;
        Ok(match depth {
            1 => Samples::U8(bytes.to_vec()),
            _ => Samples::U16(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()),
        })
    }
}
