//! Where things are, asked of cargo once instead of guessed, so that
//! `CARGO_TARGET_DIR` and every other way to move the target directory hold.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// The checkout and its target directory, both absolute.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the workspace that the current directory is in.
    pub(crate) fn locate() -> Result<Self> {
        let mut command = Command::new(cargo());
        command.args(["metadata", "--no-deps", "--format-version=1"]);
        let metadata: Value =
            serde_json::from_str(&shell::output(&mut command)?).context("`cargo metadata` did not print JSON")?;
        let path = |key: &str| {
            let value = metadata[key].as_str();
            value.map(PathBuf::from).with_context(|| format!("`cargo metadata` names no {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The web part: TypeScript, page and element.
    pub(crate) fn www(&self) -> PathBuf {
        self.root.join("www")
    }

    /// Glue and optimised modules, as the web part imports them.
    pub(crate) fn generated(&self) -> PathBuf {
        self.www().join("generated")
    }

    /// The built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.www().join("dist")
    }

    /// The stamp file of one step.
    pub(crate) fn stamp(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(format!("{name}.stamp"))
    }

    /// The program `name` as built by cargo in `profile_dir`.
    pub(crate) fn binary(&self, profile_dir: &str, name: &str) -> PathBuf {
        self.target.join(profile_dir).join(name).with_extension(env::consts::EXE_EXTENSION)
    }

    /// cargo in the workspace root, with this very target directory.
    pub(crate) fn cargo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(cargo());
        command.args(args).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// npm in the web part.
    pub(crate) fn npm(&self, args: &[&str]) -> Result<Command> {
        let mut command = Command::new(setup_tool("npm")?);
        command.args(args).current_dir(self.www());
        Ok(command)
    }
}

/// The full path of a tool that the user has to bring along; looked up here
/// because npm is a `.cmd` on Windows, which `Command` does not search for.
pub(crate) fn setup_tool(name: &str) -> Result<PathBuf> {
    which::which(name).with_context(|| format!("{name} is missing: install Node.js 20 or newer"))
}

/// The cargo that runs us, so that nested calls stay with its toolchain.
fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
