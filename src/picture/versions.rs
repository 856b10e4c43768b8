//! The opened picture and every repair of it, as a tree: nothing is ever overwritten.
//!
//! Version 0 is the picture as it was opened. A repair is a version of its own: the number of the
//! version that it was made from, and patches over it. Numbers are given once and never again, so
//! a caller may hold one for as long as it likes. A version's pixels are put together when they are
//! asked for; the last ones are kept, as saving, comparing and repairing on ask for the same again.
//! So the memory is that of the opened picture, of the patches, and of one picture put together.

use std::sync::Arc;

use super::{Changes, Patch, Picture, apply};
use crate::error::{Error, Result};
use crate::mask::Mask;

/// An opened picture and its repairs.
///
/// *Guarantees*: each version's base is the opened picture or an older version that is still kept.
#[derive(Debug)]
pub struct Versions {
    opened: Arc<Picture>,
    /// By their numbers.
    kept: Vec<Version>,
    last: u32,
    /// The version that was put together last, and its pixels.
    shown: Option<(u32, Arc<Picture>)>,
}

/// One repair.
#[derive(Debug)]
pub struct Repair {
    /// What was repaired, in the samples of the picture.
    pub patches: Vec<Patch>,
    /// Where the patches are taken.
    pub mask: Arc<Mask>,
}

#[derive(Debug)]
struct Version {
    number: u32,
    base: u32,
    repair: Repair,
    /// Nobody asks for it any more; it stays for those that are based on it.
    forgotten: bool,
}

impl Versions {
    /// Version 0 alone.
    #[must_use]
    pub const fn new(opened: Arc<Picture>) -> Self {
        Self { opened, kept: Vec::new(), last: 0, shown: None }
    }

    /// The picture as it was opened.
    #[must_use]
    pub const fn opened(&self) -> &Arc<Picture> {
        &self.opened
    }

    /// Adds a repair of `base` as a version; answers its number, and how many pixels it changes of
    /// `base` on both sides of `region`.
    ///
    /// # Errors
    /// [`Error::NoSuchVersion`]; [`Error::MaskSize`] for a mask of another size.
    pub fn add(&mut self, base: u32, repair: Repair, region: &Mask) -> Result<(u32, Changes)> {
        let before = self.picture(base)?;
        if repair.mask.size() != before.size() {
            repair.mask.check_for(before.size())?;
        }
        let mut after = Picture::clone(&before);
        apply(&mut after, &repair.patches, &repair.mask);
        let changes = Changes::between(&before, &after, region)?;
        self.last += 1;
        self.kept.push(Version { number: self.last, base, repair, forgotten: false });
        self.shown = Some((self.last, Arc::new(after)));
        Ok((self.last, changes))
    }

    /// The pixels of a version.
    ///
    /// # Errors
    /// [`Error::NoSuchVersion`].
    pub fn picture(&mut self, version: u32) -> Result<Arc<Picture>> {
        self.check(version)?;
        if version == 0 {
            return Ok(Arc::clone(&self.opened));
        }
        // From the nearest ancestor whose pixels are there, back to the version.
        let (mut nearest, mut start) = (0, None);
        if let Some((shown, picture)) = self.shown.take() {
            if shown == version {
                self.shown = Some((shown, Arc::clone(&picture)));
                return Ok(picture);
            }
            if self.line(version, 0).contains(&shown) {
                (nearest, start) = (shown, Some(picture));
            }
        }
        let mut picture = start.unwrap_or_else(|| Arc::clone(&self.opened));
        let line = self.line(version, nearest);
        // Copies only where somebody else still holds the pixels.
        let pixels = Arc::make_mut(&mut picture);
        for Version { repair, .. } in line.iter().rev().filter_map(|number| self.find(*number)) {
            apply(pixels, &repair.patches, &repair.mask);
        }
        self.shown = Some((version, Arc::clone(&picture)));
        Ok(picture)
    }

    /// What a version repairs of its base, and the base; `None` for the picture as it was opened.
    ///
    /// # Errors
    /// [`Error::NoSuchVersion`].
    pub fn repair(&self, version: u32) -> Result<Option<(u32, &Repair)>> {
        self.check(version)?;
        Ok(self.find(version).map(|Version { base, repair, .. }| (*base, repair)))
    }

    /// Gives a version up. It no longer has a number; its patches stay as long as a version that is
    /// based on it needs them.
    ///
    /// # Errors
    /// [`Error::NoSuchVersion`]; [`Error::OutOfOrder`] for the picture as it was opened.
    pub fn forget(&mut self, version: u32) -> Result<()> {
        self.check(version)?;
        let Some(at) = self.place(version) else {
            let reason = "it is the picture as it was opened".into();
            return Err(Error::OutOfOrder { call: "forgetting version 0".into(), reason });
        };
        self.kept[at].forgotten = true;
        if self.shown.as_ref().is_some_and(|(shown, _)| *shown == version) {
            self.shown = None;
        }
        self.free(version);
        Ok(())
    }

    /// Bytes of all samples that are held.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let patch = |patch: &Patch| patch.samples().len() as u64 * patch.samples().depth_bytes();
        let patches = self.kept.iter().flat_map(|version| &version.repair.patches).map(patch);
        let shown = self.shown.as_ref().map_or(0, |(_, picture)| picture.memory());
        self.opened.memory() + shown + patches.sum::<u64>()
    }

    fn check(&self, version: u32) -> Result<()> {
        let is_there = version == 0 || self.find(version).is_some_and(|kept| !kept.forgotten);
        if is_there { Ok(()) } else { Err(Error::NoSuchVersion { version }) }
    }

    fn place(&self, version: u32) -> Option<usize> {
        self.kept.binary_search_by_key(&version, |kept| kept.number).ok()
    }

    fn find(&self, version: u32) -> Option<&Version> {
        self.place(version).map(|at| &self.kept[at])
    }

    /// `version`, its base, the base of that and so on, up to but without `end` or the opened picture.
    fn line(&self, version: u32, end: u32) -> Vec<u32> {
        let base = |number: &u32| self.find(*number).map(|kept| kept.base);
        std::iter::successors(Some(version), base).take_while(|number| *number != end && *number != 0).collect()
    }

    /// Drops a forgotten version that nothing is based on, and its bases likewise.
    fn free(&mut self, version: u32) {
        let mut next = Some(version);
        while let Some(number) = next.take() {
            let needed = self.kept.iter().any(|kept| kept.base == number);
            let droppable = self.place(number).filter(|at| self.kept[*at].forgotten && !needed);
            next = droppable.map(|at| self.kept.remove(at).base);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Rectangle, Size};
    use crate::picture::Samples;
    use proptest::prelude::*;

    const SIDE: u32 = 24;

    fn size() -> Size {
        Size::new(SIDE, SIDE).expect("a size")
    }

    fn opened() -> Versions {
        let samples = (0..SIDE * SIDE * 3).map(|i| (i * 7 % 200) as u8).collect();
        Versions::new(Arc::new(Picture::from_samples(size(), 3, Samples::U8(samples)).expect("fits")))
    }

    /// Paints the rectangles, in one patch over the box of them all.
    fn painted(rectangles: &[Rectangle], value: u8) -> (Repair, Arc<Mask>) {
        let mask = Arc::new(Mask::from_rectangles(size(), rectangles));
        let bounds = mask.bounds().expect("marked");
        let samples = Samples::U8(vec![value; (bounds.width * bounds.height * 3) as usize]);
        let patch = Patch::new(opened().opened(), bounds, samples).expect("fits");
        (Repair { patches: vec![patch], mask: Arc::clone(&mask) }, mask)
    }

    fn add(versions: &mut Versions, base: u32, x: u32, value: u8) -> u32 {
        let (repair, region) = painted(&[Rectangle { x, y: 2, width: 4, height: 4 }], value);
        versions.add(base, repair, &region).expect("added").0
    }

    fn red(versions: &mut Versions, version: u32, x: u32) -> u8 {
        versions.picture(version).expect("there").to_rgba8(Rectangle { x, y: 2, width: 1, height: 1 })[0]
    }

    #[test]
    fn branches_of_a_tree_stay_apart() {
        let mut versions = opened();
        let left = add(&mut versions, 0, 0, 250);
        let right = add(&mut versions, 0, 10, 240);
        let both = add(&mut versions, left, 10, 230);
        let over = add(&mut versions, both, 0, 220);
        // In an order in which the pixels at hand are now an ancestor's, now a stranger's.
        for version in [over, left, both, right, over, 0, right, left] {
            let found = (red(&mut versions, version, 0), red(&mut versions, version, 10));
            let original = (red(&mut versions, 0, 0), red(&mut versions, 0, 10));
            let expected = match version {
                1 => (250, original.1),
                2 => (original.0, 240),
                3 => (250, 230),
                4 => (220, 230),
                _ => original,
            };
            assert_eq!(found, expected, "version {version}");
        }
        assert_eq!(versions.repair(both).map(|found| found.map(|(base, _)| base)), Ok(Some(left)));
        assert_eq!(versions.repair(0).map(|found| found.is_none()), Ok(true));
    }

    #[test]
    fn changes_are_counted_against_the_base() {
        let mut versions = opened();
        let (repair, region) = painted(&[Rectangle { x: 0, y: 0, width: 4, height: 4 }], 255);
        let (first, changes) = versions.add(0, repair, &region).expect("added");
        assert_eq!(changes, Changes { inside: 16, outside: 0 });
        // Half of it is white already.
        let (repair, region) = painted(&[Rectangle { x: 2, y: 0, width: 4, height: 4 }], 255);
        assert_eq!(versions.add(first, repair, &region).map(|(_, changes)| changes.inside), Ok(8));
    }

    #[test]
    fn what_is_forgotten_is_gone_and_what_needs_it_is_not() {
        let mut versions = opened();
        let first = add(&mut versions, 0, 0, 250);
        let second = add(&mut versions, first, 10, 240);
        // The pixels at hand are a stranger's: those of the second have to be put together.
        let stranger = add(&mut versions, 0, 15, 3);
        assert_eq!(versions.forget(first), Ok(()));
        assert_eq!(versions.picture(first).err(), Some(Error::NoSuchVersion { version: first }));
        assert_eq!(versions.forget(first), Err(Error::NoSuchVersion { version: first }));
        assert_eq!((red(&mut versions, second, 0), red(&mut versions, second, 10)), (250, 240));
        let before = versions.memory();
        assert_eq!((versions.forget(stranger), versions.forget(second)), (Ok(()), Ok(())));
        assert_eq!(versions.memory(), u64::from(SIDE * SIDE * 3), "{before} before");
        // Numbers are not given twice.
        assert_eq!(add(&mut versions, 0, 0, 1), stranger + 1);
        assert!(matches!(versions.forget(0), Err(Error::OutOfOrder { .. })));
        assert_eq!(versions.forget(99), Err(Error::NoSuchVersion { version: 99 }));
    }

    #[test]
    fn a_repair_of_nothing_known_adds_nothing() {
        let mut versions = opened();
        let (repair, region) = painted(&[Rectangle { x: 0, y: 0, width: 4, height: 4 }], 255);
        assert_eq!(versions.add(7, repair, &region), Err(Error::NoSuchVersion { version: 7 }));
        let (repair, _) = painted(&[Rectangle { x: 0, y: 0, width: 4, height: 4 }], 255);
        let foreign = Mask::new(Size::new(3, 3).expect("a size"));
        assert!(matches!(versions.add(0, repair, &foreign), Err(Error::MaskSize { .. })));
        assert_eq!(add(&mut versions, 0, 0, 1), 1);
    }

    proptest! {
        #[test]
        fn over_a_chain_nothing_outside_its_regions_differs(
            steps in prop::collection::vec((0usize..8, 0..SIDE, 0..SIDE, 1u32..9, 1u32..9, any::<u8>()), 1..8),
        ) {
            let mut versions = opened();
            let mut regions = vec![Mask::new(size())];
            for (base, x, y, width, height, value) in steps {
                let base = base % regions.len();
                let list = [Rectangle { x, y, width, height }, Rectangle { x: y, y: x, width: 1, height: 2 }];
                let (repair, region) = painted(&list, value);
                let (version, changes) = versions.add(base as u32, repair, &region).expect("added");
                prop_assert_eq!((version as usize, changes.outside), (regions.len(), 0));
                let mut all = regions[base].clone();
                list.iter().for_each(|rectangle| all.fill_rectangle(*rectangle, true));
                regions.push(all);
            }
            let original = Arc::clone(versions.opened());
            for (version, region) in (0..).zip(&regions) {
                let picture = versions.picture(version).expect("there");
                let changes = Changes::between(&original, &picture, region).expect("of one kind");
                prop_assert_eq!(changes.outside, 0);
            }
        }
    }
}
