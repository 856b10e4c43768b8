//! `size`: the wasm modules and the package's scripts as they travel, each file
//! compressed by gzip -9, against their budgets.
//!
//! A module that is missing or suddenly small fails as well: a budget on a
//! file that the build no longer makes, or makes empty, would always hold. So
//! a real saving has to be recorded, and then is kept in `sizes.json`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::pack;
use crate::steps::{Outcome, Step};
use crate::wasm::MODULES;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Options {
    /// Write the present sizes to xtask/sizes.json.
    #[arg(long)]
    record: bool,
}

/// What a size amounts to.
#[derive(Debug, PartialEq)]
enum Verdict {
    Good,
    Missing,
    OverBudget,
    Unrecorded,
    Shrunk,
}

pub(crate) fn size(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.record {
        record(workspace)?;
    }
    compare(workspace)
}

pub(crate) fn step() -> Step {
    Step::new("comparing the sizes with their budgets", |workspace| {
        compare(workspace)?;
        Ok(Outcome::Done)
    })
}

/// What a page loads for an entry of the package, without workers, modules and
/// what is loaded later: its file, and the budget.
const SCRIPTS: [(&str, u64); 2] = [("index.js", 15 * 1024), ("element.js", 60 * 1024)];

/// What has a budget.
struct Measured {
    name: String,
    budget: u64,
    /// Nothing if any of its files is missing.
    size: Option<u64>,
}

fn measured(workspace: &Workspace) -> Result<Vec<Measured>> {
    let modules = MODULES.iter().map(|module| {
        let size = compressed(&module.path(workspace))?;
        Ok(Measured { name: format!("{}.wasm", module.name), budget: module.budget, size })
    });
    let scripts = SCRIPTS.iter().map(|(entry, budget)| {
        let size = scripts_of(workspace, entry)?;
        Ok(Measured { name: (*entry).to_owned(), budget: *budget, size })
    });
    modules.chain(scripts).collect()
}

/// The sum over an entry's file and all that it imports.
fn scripts_of(workspace: &Workspace, entry: &str) -> Result<Option<u64>> {
    let path = pack::files(workspace);
    if !path.exists() {
        return Ok(None);
    }
    let json = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let files: BTreeMap<String, Vec<String>> =
        serde_json::from_str(&json).with_context(|| format!("{} is not a list of files", path.display()))?;
    let Some(files) = files.get(entry) else { return Ok(None) };
    let mut sum = None;
    for file in files {
        let Some(size) = compressed(&pack::dist(workspace).join(file))? else { return Ok(None) };
        sum = Some(sum.unwrap_or(0) + size);
    }
    Ok(sum)
}

fn record(workspace: &Workspace) -> Result<()> {
    let mut sizes = BTreeMap::new();
    for Measured { name, size, .. } in measured(workspace)? {
        let size = size.with_context(|| format!("{name} is missing"))?;
        sizes.insert(name, size);
    }
    let path = records(workspace);
    let json = serde_json::to_string_pretty(&sizes).context("cannot write sizes as JSON")?;
    fs::write(&path, json + "\n").with_context(|| format!("cannot write {}", path.display()))
}

fn compare(workspace: &Workspace) -> Result<()> {
    let recorded = read_records(&records(workspace))?;
    let mut failures = Vec::new();
    println!("{:<14}{:>10}{:>10}{:>10}", "gzip -9", "bytes", "budget", "recorded");
    for Measured { name, budget, size } in measured(workspace)? {
        let recorded = recorded.get(&name).copied();
        let verdict = verdict(size, budget, recorded);
        let (size, recorded) = (cell(size), cell(recorded));
        println!("{name:<14}{size:>10}{budget:>10}{recorded:>10}  {verdict}");
        if verdict != Verdict::Good {
            failures.push(format!("{name}: {verdict}"));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("; "));
    Ok(())
}

fn verdict(size: Option<u64>, budget: u64, recorded: Option<u64>) -> Verdict {
    match (size, recorded) {
        (None, _) => Verdict::Missing,
        (Some(size), _) if size > budget => Verdict::OverBudget,
        (Some(_), None) => Verdict::Unrecorded,
        (Some(size), Some(recorded)) if size * 10 < recorded * 9 => Verdict::Shrunk,
        _ => Verdict::Good,
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Good => "good",
            Self::Missing => "missing, run `cargo xtask build` or `pack`",
            Self::OverBudget => "over the budget",
            Self::Unrecorded => "not recorded, run `cargo xtask size --record`",
            Self::Shrunk => "over 10 % smaller than recorded; if meant, run `cargo xtask size --record`",
        })
    }
}

/// The size after gzip -9, or nothing for a file that is not there.
fn compressed(path: &Path) -> Result<Option<u64>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", path.display()));
        }
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let compressed = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    let compressed = compressed.context("cannot compress in memory")?;
    Ok(Some(compressed.len() as u64))
}

fn records(workspace: &Workspace) -> PathBuf {
    workspace.root().join("xtask/sizes.json")
}

fn read_records(path: &Path) -> Result<BTreeMap<String, u64>> {
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let json = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&json).with_context(|| format!("{} is not a list of sizes", path.display()))
}

fn cell(size: Option<u64>) -> String {
    size.map_or_else(|| "-".to_owned(), |size| size.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_itself_is_allowed() {
        assert_eq!(verdict(Some(1000), 1000, Some(1000)), Verdict::Good);
        assert_eq!(verdict(Some(1001), 1000, Some(1000)), Verdict::OverBudget);
    }

    #[test]
    fn a_tenth_less_than_recorded_is_allowed() {
        assert_eq!(verdict(Some(900), 2000, Some(1000)), Verdict::Good);
        assert_eq!(verdict(Some(899), 2000, Some(1000)), Verdict::Shrunk);
    }

    #[test]
    fn growth_within_the_budget_is_allowed() {
        assert_eq!(verdict(Some(1999), 2000, Some(1000)), Verdict::Good);
    }

    #[test]
    fn what_is_missing_fails() {
        assert_eq!(verdict(None, 2000, Some(1000)), Verdict::Missing);
        assert_eq!(verdict(None, 2000, None), Verdict::Missing);
        assert_eq!(verdict(Some(1000), 2000, None), Verdict::Unrecorded);
        assert_eq!(verdict(Some(2001), 2000, None), Verdict::OverBudget);
    }

    #[test]
    fn a_file_is_measured_compressed() -> Result<()> {
        let scratch = tempfile::tempdir()?;
        let path = scratch.path().join("zeros");
        assert_eq!(compressed(&path)?, None);
        fs::write(&path, vec![0; 100_000])?;
        let size = compressed(&path)?.context("the file is there")?;
        assert!((20..2000).contains(&size), "{size}");
        Ok(())
    }
}
