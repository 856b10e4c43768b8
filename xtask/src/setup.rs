//! What a fresh clone lacks: the wasm target of the Rust toolchain and the npm
//! packages of `www/`. Browsers are not set up here: only the tests need one.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::shell;
use crate::stamp;
use crate::steps::{Outcome, Step};
use crate::wasm::TARGET;
use crate::workspace::{Workspace, setup_tool};

/// The oldest Node.js that Vite runs on.
const NODE: u32 = 20;

pub(crate) fn plan() -> Vec<Step> {
    vec![rust(), packages()]
}

/// The wasm target of the Rust toolchain.
pub(crate) fn rust() -> Step {
    Step::new("looking for the wasm target of Rust", |workspace| {
        if has_target(workspace)? {
            return Ok(Outcome::Fresh);
        }
        let rustup = which::which("rustup")
            .with_context(|| format!("the Rust target {TARGET} is missing, and so is rustup to add it"))?;
        let mut command = Command::new(rustup);
        shell::run(command.args(["target", "add", TARGET]).current_dir(workspace.root()))?;
        Ok(Outcome::Done)
    })
}

/// The npm packages, exactly as package-lock.json has them.
fn packages() -> Step {
    Step::new("looking for the packages of www/", |workspace| {
        node()?;
        let www = workspace.www();
        let lock = www.join("package-lock.json");
        ensure!(lock.exists(), "www/package-lock.json is missing: run `npm install` in www/");
        let modules = www.join("node_modules");
        // Beside the packages, so that the stamp goes when they go.
        let stamp = modules.join(".xtask-stamp");
        let inputs = stamp::fingerprint(&[lock], &[])?;
        stamp::unless_fresh(&stamp, &inputs, &[modules.join(".package-lock.json")], || {
            shell::run(&mut workspace.npm(&["ci", "--no-audit", "--no-fund"])?)
        })
    })
}

/// Asks rustc for the directory, not rustup for a list: toolchains that came
/// another way have the one and not the other.
fn has_target(workspace: &Workspace) -> Result<bool> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let mut command = Command::new(rustc);
    command.args(["--print", "target-libdir", "--target", TARGET]);
    let directory = shell::output(command.current_dir(workspace.root()))?;
    Ok(Path::new(directory.trim()).exists())
}

fn node() -> Result<()> {
    let version = shell::output(Command::new(setup_tool("node")?).arg("--version"))?;
    let major = major(&version);
    let version = version.trim();
    ensure!(major >= Some(NODE), "Node.js is {version}: install {NODE} or newer");
    Ok(())
}

/// The first number of `v20.11.0`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_node() {
        assert_eq!(major("v20.11.0\n"), Some(20));
        assert_eq!(major("v9.0.0"), Some(9));
        assert_eq!(major("nonsense"), None);
    }

    #[test]
    fn an_unreadable_version_counts_as_too_old() {
        assert!(major("nonsense") < Some(NODE));
    }
}
