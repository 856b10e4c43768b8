//! `check`: what can be said without running anything. clippy sees every
//! feature set that is built, as each compiles another part of the crate.

use std::process::Command;

use crate::steps::{Outcome, Step};
use crate::wasm::{self, MODULES, Module, TARGET};
use crate::workspace::Workspace;
use crate::{setup, shell};

pub(crate) fn plan() -> Vec<Step> {
    let mut plan = setup::plan();
    plan.push(cargo("checking the format", |workspace| workspace.cargo(&["fmt", "--all", "--check"])));
    plan.push(cargo("clippy, native", |workspace| {
        workspace.cargo(&["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"])
    }));
    plan.extend(MODULES.iter().map(clippy_module));
    plan.push(cargo("clippy, browser tests", |workspace| {
        let mut command = workspace.cargo(&["clippy", "--package=reweave", "--target", TARGET]);
        command.args(["--features=js", "--lib", "--test=web_*", "--", "-Dwarnings"]);
        command
    }));
    // Compiled from the files that would be published, and nothing else.
    plan.push(cargo("packaging the crate", |workspace| {
        workspace.cargo(&["package", "--package=reweave", "--allow-dirty", "--quiet"])
    }));
    // The types of the web part include the generated ones.
    plan.extend(wasm::plan());
    plan.push(Step::new("TypeScript and ESLint", |workspace| {
        shell::run(&mut workspace.npm(&["run", "check"])?)?;
        Ok(Outcome::Done)
    }));
    plan
}

fn clippy_module(module: &'static Module) -> Step {
    cargo(format!("clippy, {}.wasm", module.name), |workspace| {
        let mut command = workspace.cargo(&["clippy", "--package=reweave", "--lib"]);
        command.args(["--target", TARGET, "--no-default-features", "--features"]);
        command.args([module.features, "--", "-Dwarnings"]);
        command
    })
}

fn cargo(title: impl Into<String>, command: impl FnOnce(&Workspace) -> Command + 'static) -> Step {
    Step::new(title, |workspace| {
        shell::run(&mut command(workspace))?;
        Ok(Outcome::Done)
    })
}
