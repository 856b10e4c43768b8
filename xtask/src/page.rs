//! The page: Vite bundles `www/` into `www/dist/`. Vite itself always starts
//! from nothing, so whether it has to is decided here.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell;
use crate::stamp;
use crate::steps::{Outcome, Step};
use crate::workspace::Workspace;

/// What lies in `www/` without being an input of the page.
pub(crate) const NOT_INPUTS: [&str; 4] = ["node_modules", "dist", "test-results", "playwright-report"];

pub(crate) fn step() -> Step {
    Step::new("building the page", build)
}

fn build(workspace: &Workspace) -> Result<Outcome> {
    let inputs = stamp::fingerprint(&[workspace.www()], &NOT_INPUTS)?;
    stamp::unless_fresh(&workspace.stamp("page"), &inputs, &outputs(workspace), || {
        shell::run(&mut workspace.npm(&["run", "build"])?)
    })
}

/// Not all of the folder: the docs are written into it afterwards.
fn outputs(workspace: &Workspace) -> Vec<PathBuf> {
    ["index.html", "reweave-editor.js", "assets"].map(|name| workspace.dist().join(name)).to_vec()
}
