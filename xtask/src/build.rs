//! `build`: everything that a person needs to use the project.

use std::path::PathBuf;

use crate::steps::{Outcome, Step};
use crate::workspace::Workspace;
use crate::{docs, page, setup, shell, wasm};

pub(crate) fn plan() -> Vec<Step> {
    let mut plan = setup::plan();
    plan.extend(artefacts());
    plan
}

/// What comes after the setup.
pub(crate) fn artefacts() -> Vec<Step> {
    let mut plan = wasm::plan();
    plan.extend([page::step(), docs::step()]);
    plan.push(endpoint());
    plan
}

/// The reference endpoint, once built.
pub(crate) fn endpoint_binary(workspace: &Workspace) -> PathBuf {
    workspace.binary("release", "reweave-endpoint")
}

fn endpoint() -> Step {
    Step::new("building the reference endpoint", |workspace| {
        shell::run(&mut workspace.cargo(&["build", "--release", "--package=reweave-endpoint"]))?;
        Ok(Outcome::Done)
    })
}
