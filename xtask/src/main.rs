//! `cargo xtask`: every way to build, run and test the project, so that a
//! fresh clone needs no instructions besides these commands.
//!
//! A command is a plan of numbered [`steps`]; each module here knows one part.

mod bench;
mod browser;
mod build;
mod check;
mod docs;
mod pack;
mod page;
mod serve;
mod setup;
mod shell;
mod size;
mod stamp;
mod steps;
mod test;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::workspace::Workspace;

/// Builds, runs and tests Reweave.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Adds the wasm target and the packages of www/ where they are missing.
    Setup,
    /// Builds both wasm modules, the page and the reference endpoint.
    Build,
    /// Builds what changed and serves the page with the reference endpoint.
    Serve(serve::Options),
    /// Builds and tests everything: native, in Chromium, and the page.
    Test(test::Options),
    /// Measures the fill engine beside OpenCV's, both as WebAssembly in Node.js.
    Bench(bench::Options),
    /// Formatting, clippy for every feature set, TypeScript and ESLint.
    Check,
    /// Builds all, and writes the references: www/dist/docs/ and target/doc/.
    Docs,
    /// Assembles the npm package and packs it: target/npm/ and target/npm-tarball/.
    Pack,
    /// Compares the compressed modules and scripts with their budgets.
    Size(size::Options),
}

fn main() -> ExitCode {
    match run(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let workspace = Workspace::locate()?;
    match command {
        Command::Setup => steps::run(&workspace, setup::plan()),
        Command::Build => steps::run(&workspace, build::plan()),
        Command::Serve(options) => serve::serve(&workspace, &options),
        Command::Test(options) => test::test(&workspace, &options),
        Command::Bench(options) => steps::run(&workspace, bench::plan(options)),
        Command::Check => steps::run(&workspace, check::plan()),
        Command::Docs => steps::run(&workspace, docs::plan()),
        Command::Pack => steps::run(&workspace, pack::plan()),
        Command::Size(options) => size::size(&workspace, &options),
    }
}
