//! `docs`: the guides and the reference of the npm package, which go with the
//! page, and the crate's own by rustdoc beside them.

use anyhow::Result;

use crate::steps::{Outcome, Step};
use crate::workspace::Workspace;
use crate::{build, page, shell, stamp};

pub(crate) fn plan() -> Vec<Step> {
    let mut plan = build::plan();
    plan.push(Step::new("writing the crate's reference", |workspace| {
        shell::run(&mut workspace.cargo(&["doc", "--no-deps", "--package=reweave", "--lib"]))?;
        Ok(Outcome::Done)
    }));
    plan
}

/// After the page, whose build begins with an empty folder.
pub(crate) fn step() -> Step {
    Step::new("writing the guides and the reference", write)
}

fn write(workspace: &Workspace) -> Result<Outcome> {
    let root = workspace.root();
    let inputs = [workspace.www(), root.join("docs/guides"), root.join("README.md")];
    let inputs = stamp::fingerprint(&inputs, &page::NOT_INPUTS)?;
    stamp::unless_fresh(&workspace.stamp("docs"), &inputs, &[workspace.dist().join("docs")], || {
        shell::run(&mut workspace.npm(&["run", "docs"])?)
    })
}
