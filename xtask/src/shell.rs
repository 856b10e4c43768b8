//! Running programs: the terminal goes through, standard input does not (a
//! question that nobody can answer must not hang a build), and a failure names
//! the command line.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, ensure};

/// Runs to the end; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{}`", describe(command)))?;
    ensure!(status.success(), "`{}` ended with {status}", describe(command));
    Ok(())
}

/// Runs to the end and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", describe(command)))?;
    ensure!(output.status.success(), "`{}` ended with {}", describe(command), output.status);
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something else than UTF-8", describe(command)))
}

/// Runs to the end, passes each line it prints on, and shows it to `watch`.
pub(crate) fn watch(command: &mut Command, mut watch: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", describe(command)))?;
    let stdout = child.stdout.take().context("a piped output is there to be taken")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line.with_context(|| format!("cannot read from `{}`", describe(command)))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        watch(&line);
    }
    child.wait().with_context(|| format!("cannot wait for `{}`", describe(command)))
}

/// The command line, for messages only.
pub(crate) fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
