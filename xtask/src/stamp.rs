//! When work need not be done again: a stamp holds the hash of what went in
//! and of what came out.
//!
//! Contents, not times: git and CI caches set times at will. The outputs count
//! because `www/` is shared by all target directories, and because a person may
//! delete or change what was built.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use crate::steps::Outcome;

/// Does `work` unless the stamp says that it was done with the same `inputs`
/// (a [`fingerprint`]) and that its `outputs` are still what it made.
pub(crate) fn unless_fresh(
    stamp: &Path,
    inputs: &str,
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<Outcome> {
    let written = fs::read_to_string(stamp).unwrap_or_default();
    if written == content(inputs, outputs)? {
        return Ok(Outcome::Fresh);
    }
    work()?;
    if let Some(parent) = stamp.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    }
    fs::write(stamp, content(inputs, outputs)?).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(Outcome::Done)
}

/// The hash of files, and of directories with everything below except the
/// immediate entries named in `skip`. A missing path has a hash of its own.
pub(crate) fn fingerprint(paths: &[PathBuf], skip: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for path in paths {
        if !path.exists() {
            hash.update(b"missing\n");
            continue;
        }
        let kept = |entry: &DirEntry| entry.depth() != 1 || !skip.iter().any(|name| entry.file_name() == *name);
        for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(kept) {
            let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
            if entry.file_type().is_file() {
                update(&mut hash, path, entry.path())?;
            }
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Name and length go in before the bytes, so that no two sets of files give
/// the same stream.
fn update(hash: &mut Sha256, root: &Path, file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.strip_prefix(root).unwrap_or(file);
    hash.update(format!("{} {}\n", name.display(), bytes.len()));
    hash.update(bytes);
    Ok(())
}

fn content(inputs: &str, outputs: &[PathBuf]) -> Result<String> {
    Ok(format!("{inputs}\n{}\n", fingerprint(outputs, &[])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_inputs_and_outputs_are_fresh() -> Result<()> {
        let place = Place::new()?;
        assert_eq!(place.build("a")?, Outcome::Done);
        assert_eq!(place.build("a")?, Outcome::Fresh);
        Ok(())
    }

    #[test]
    fn other_inputs_are_stale() -> Result<()> {
        let place = Place::new()?;
        place.build("a")?;
        assert_eq!(place.build("b")?, Outcome::Done);
        Ok(())
    }

    #[test]
    fn a_changed_output_is_stale() -> Result<()> {
        let place = Place::new()?;
        place.build("a")?;
        fs::write(place.output(), "by hand")?;
        assert_eq!(place.build("a")?, Outcome::Done);
        Ok(())
    }

    #[test]
    fn a_deleted_output_is_stale() -> Result<()> {
        let place = Place::new()?;
        place.build("a")?;
        fs::remove_file(place.output())?;
        assert_eq!(place.build("a")?, Outcome::Done);
        Ok(())
    }

    #[test]
    fn failed_work_leaves_no_stamp() -> Result<()> {
        let place = Place::new()?;
        let failed = unless_fresh(&place.stamp(), "a", &[], || anyhow::bail!("broken"));
        assert!(failed.is_err());
        assert_eq!(unless_fresh(&place.stamp(), "a", &[], || Ok(()))?, Outcome::Done);
        Ok(())
    }

    #[test]
    fn a_renamed_file_changes_the_fingerprint() -> Result<()> {
        let place = Place::new()?;
        let root = [place.path("tree")];
        fs::create_dir(&root[0])?;
        fs::write(root[0].join("a"), "x")?;
        let before = fingerprint(&root, &[])?;
        fs::rename(root[0].join("a"), root[0].join("b"))?;
        assert_ne!(before, fingerprint(&root, &[])?);
        Ok(())
    }

    #[test]
    fn a_moved_border_changes_the_fingerprint() -> Result<()> {
        let place = Place::new()?;
        let files = [place.path("a"), place.path("b")];
        fs::write(&files[0], "xy")?;
        fs::write(&files[1], "z")?;
        let before = fingerprint(&files, &[])?;
        fs::write(&files[0], "x")?;
        fs::write(&files[1], "yz")?;
        assert_ne!(before, fingerprint(&files, &[])?);
        Ok(())
    }

    #[test]
    fn only_immediate_entries_are_skipped() -> Result<()> {
        let place = Place::new()?;
        let root = [place.path("tree")];
        fs::create_dir_all(root[0].join("dist"))?;
        fs::create_dir_all(root[0].join("lib/dist"))?;
        let empty = fingerprint(&root, &["dist"])?;
        fs::write(root[0].join("dist/a"), "x")?;
        assert_eq!(empty, fingerprint(&root, &["dist"])?);
        fs::write(root[0].join("lib/dist/a"), "x")?;
        assert_ne!(empty, fingerprint(&root, &["dist"])?);
        Ok(())
    }

    /// A scratch directory with one stamp and one output.
    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Result<Self> {
            Ok(Self(tempfile::tempdir()?))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn stamp(&self) -> PathBuf {
            self.path("stamps/stamp")
        }

        fn output(&self) -> PathBuf {
            self.path("output")
        }

        fn build(&self, inputs: &str) -> Result<Outcome> {
            unless_fresh(&self.stamp(), inputs, &[self.output()], || Ok(fs::write(self.output(), "built")?))
        }
    }
}
