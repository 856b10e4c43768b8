//! `pack`: the npm package, assembled in `target/npm/`, and its tarball. What
//! goes into it is decided in `www/pack/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::steps::{Outcome, Step};
use crate::workspace::Workspace;
use crate::{page, setup, shell, stamp, wasm};

/// The papers of the package.
const PAPERS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

pub(crate) fn plan() -> Vec<Step> {
    let mut plan = setup::plan();
    plan.extend(wasm::plan());
    plan.push(step());
    plan
}

/// What comes after the modules.
pub(crate) fn step() -> Step {
    Step::new("packing the npm package", pack)
}

/// The files that a page loads for the package's entries: `{"index.js": […]}`,
/// of the directory `dist`.
pub(crate) fn files(workspace: &Workspace) -> PathBuf {
    workspace.target().join("npm-files.json")
}

/// The package's scripts and modules.
pub(crate) fn dist(workspace: &Workspace) -> PathBuf {
    workspace.target().join("npm/dist")
}

/// The one tarball.
pub(crate) fn tarball(workspace: &Workspace) -> Result<PathBuf> {
    let folder = tarballs(workspace);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let found: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    ensure!(found.len() == 1, "{} holds {} files, not one", folder.display(), found.len());
    found.into_iter().next().context("one was counted")
}

fn tarballs(workspace: &Workspace) -> PathBuf {
    workspace.target().join("npm-tarball")
}

fn pack(workspace: &Workspace) -> Result<Outcome> {
    let mut inputs = vec![workspace.www()];
    inputs.extend(PAPERS.map(|paper| workspace.root().join(paper)));
    let inputs = stamp::fingerprint(&inputs, &page::NOT_INPUTS)?;
    let folder = workspace.target().join("npm");
    let outputs = [folder.clone(), files(workspace), tarballs(workspace)];
    stamp::unless_fresh(&workspace.stamp("pack"), &inputs, &outputs, || {
        shell::run(workspace.npm(&["run", "pack", "--"])?.arg(&folder))?;
        let tarballs = tarballs(workspace);
        if tarballs.exists() {
            fs::remove_dir_all(&tarballs).with_context(|| format!("cannot empty {}", tarballs.display()))?;
        }
        fs::create_dir_all(&tarballs).with_context(|| format!("cannot create {}", tarballs.display()))?;
        let mut command = workspace.npm(&["pack", "--silent", "--pack-destination"])?;
        shell::run(command.arg(&tarballs).current_dir(&folder))
    })
}
