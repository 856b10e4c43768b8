//! `bench`: the fill engine beside OpenCV's two inpainting methods, in one
//! Node.js process. What is measured, and on what, is decided in `www/bench/`;
//! here is built what that needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::steps::{Outcome, Step};
use crate::workspace::{Workspace, setup_tool};
use crate::{setup, shell, wasm};

/// The photographs of the repository.
const PICTURES: [&str; 2] = ["www/page/public/astronaut.png", "tests/segment_golden/coffee.jpg"];

#[derive(Args)]
pub(crate) struct Options {
    /// How often every method repairs every picture.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// A folder whose PNG and JPEG files are measured too.
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
    /// Time the native build of the engine too.
    #[arg(long)]
    native: bool,
    /// Write what was measured to benches/record/.
    #[arg(long)]
    record: bool,
}

pub(crate) fn plan(options: Options) -> Vec<Step> {
    let mut plan = setup::plan();
    plan.push(wasm::engine());
    if options.native {
        plan.push(native());
    }
    plan.push(Step::new("measuring", move |workspace| {
        shell::run(&mut command(workspace, &options)?)?;
        Ok(Outcome::Done)
    }));
    plan
}

fn native() -> Step {
    Step::new("building the engine natively", |workspace| {
        shell::run(&mut workspace.cargo(&["build", "--release", "--package=reweave", "--example=fill"]))?;
        Ok(Outcome::Done)
    })
}

/// Node.js runs in `www/`, where the packages are: every path is absolute.
fn command(workspace: &Workspace, options: &Options) -> Result<Command> {
    let mut command = Command::new(setup_tool("node")?);
    command.arg("bench/run.js").args(["--rounds", &options.rounds.to_string()]).current_dir(workspace.www());
    if let Some(folder) = &options.pictures {
        command.arg("--pictures").arg(absolute(folder)?);
    }
    if options.native {
        command.arg("--native").arg(workspace.binary("release/examples", "fill"));
    }
    if options.record {
        command.arg("--record").arg(workspace.root().join("benches/record"));
    }
    command.args(PICTURES.map(|picture| workspace.root().join(picture)));
    Ok(command)
}

fn absolute(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("cannot find {}", path.display()))
}
