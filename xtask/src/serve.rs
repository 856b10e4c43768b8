//! `serve`: build, then become the endpoint.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::workspace::Workspace;
use crate::{build, steps};

#[derive(Args)]
pub(crate) struct Options {
    /// The port to listen on.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the endpoint keeps its tasks [default: data in the target directory].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

pub(crate) fn serve(workspace: &Workspace, options: &Options) -> Result<()> {
    steps::run(workspace, build::plan())?;
    let data = options.data_dir.clone().unwrap_or_else(|| workspace.target().join("data"));
    let mut command = Command::new(build::endpoint_binary(workspace));
    command.arg("--port").arg(options.port.to_string());
    command.arg("--data-dir").arg(data).arg("--page-dir").arg(workspace.dist());
    hand_over(&mut command)
}

/// Puts the endpoint in our place, so that signals and its exit code need
/// nobody to carry them. Returns only if it cannot be started.
#[cfg(unix)]
fn hand_over(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;

    use crate::shell::describe;

    let error = command.exec();
    Err(anyhow::Error::new(error).context(format!("cannot start `{}`", describe(command))))
}

/// Elsewhere: waits, and ends as the endpoint ended.
#[cfg(not(unix))]
fn hand_over(command: &mut Command) -> Result<()> {
    use anyhow::Context;

    use crate::shell::describe;

    let status = command.status().with_context(|| format!("cannot start `{}`", describe(command)))?;
    std::process::exit(status.code().unwrap_or(1))
}
