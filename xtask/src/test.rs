//! `test`: every suite, quickest first, up to the first that fails.
//!
//! The suites' own lines are added up for the summary. A suite that ran no
//! test at all has failed: nobody would notice one that lost its tests.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};

use crate::steps::{Outcome, Step, Tally};
use crate::wasm::TARGET;
use crate::workspace::Workspace;
use crate::{browser, build, pack, setup, shell, size, steps};

/// Seconds for one file of browser tests; the runner's own 20 are short for
/// debug builds that fill pictures on a loaded machine.
const BROWSER_SECONDS: &str = "300";

#[derive(Args)]
pub(crate) struct Options {
    /// Run one suite only.
    #[arg(long, value_enum)]
    only: Option<Suite>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Suite {
    /// What needs no browser.
    Native,
    /// The wasm modules in Chromium.
    Wasm,
    /// The built page in Chromium.
    Page,
    /// The npm package, from its tarball, in projects of its own.
    Package,
}

pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut tally = Tally::default();
    let result = steps::run_counting(workspace, plan(options.only), &mut tally);
    if result.is_err() && tally.failed == 0 {
        tally.failed = 1;
    }
    println!("{tally}");
    result
}

fn plan(only: Option<Suite>) -> Vec<Step> {
    let mut plan = Vec::new();
    match only {
        None => {
            plan.extend(setup::plan());
            plan.push(browser::step());
            plan.extend(native());
            plan.extend(wasm());
            plan.extend(build::artefacts());
            plan.extend([pack::step(), size::step(), page(), browser::firefox_step(), package()]);
        }
        Some(Suite::Native) => plan.extend(native()),
        Some(Suite::Wasm) => {
            plan.extend([setup::rust(), browser::step()]);
            plan.extend(wasm());
        }
        Some(Suite::Page) => {
            plan.extend(build::plan());
            plan.extend([browser::step(), page()]);
        }
        Some(Suite::Package) => {
            plan.extend(build::plan());
            plan.extend([pack::step(), browser::step(), browser::firefox_step(), package()]);
        }
    }
    plan
}

/// xtask apart from the rest: together, cargo would unite the features of their
/// dependencies and compile wasm-bindgen's tools a second time, for minutes.
/// The runner has no tests of its own.
fn native() -> [Step; 2] {
    let product = Step::new("testing natively", |workspace| {
        let mut command = workspace.cargo(&["test", "--workspace"]);
        suite(command.args(["--exclude=xtask", "--exclude=wasm-test-runner"]))
    });
    let tools = Step::new("testing xtask", |workspace| suite(&mut workspace.cargo(&["test", "--package=xtask"])));
    [product, tools]
}

/// Two steps, as the runner takes longer to compile than the tests.
fn wasm() -> [Step; 2] {
    let runner = Step::new("building the runner of the wasm tests", |workspace| {
        shell::run(&mut workspace.cargo(&["build", "--package=wasm-test-runner"]))?;
        Ok(Outcome::Done)
    });
    let tests = Step::new("testing the wasm modules in Chromium", |workspace| {
        let browser = browser::find().context("Chromium has gone")?;
        let mut command = workspace.cargo(&["test", "--package=reweave", "--target", TARGET]);
        command.args(["--features=js", "--test=web_*"]);
        command.env(runner_variable(), workspace.binary("debug", "wasm-test-runner"));
        // Without this, a file that forgets `run_in_browser` runs in Node.js.
        command.env("WASM_BINDGEN_USE_BROWSER", "1");
        command.env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_SECONDS);
        suite(command.env("CHROMEDRIVER", browser.driver))
    });
    [runner, tests]
}

fn page() -> Step {
    Step::new("testing the page in Chromium", |workspace| {
        let browser = browser::find().context("Chromium has gone")?;
        let mut command = workspace.npm(&["run", "test:page"])?;
        command.env("REWEAVE_ENDPOINT_BIN", build::endpoint_binary(workspace));
        command.env("REWEAVE_PAGE_DIR", workspace.dist());
        command.env("REWEAVE_CHROMIUM", browser.chromium);
        suite(&mut command)
    })
}

fn package() -> Step {
    Step::new("testing the npm package", |workspace| {
        let browser = browser::find().context("Chromium has gone")?;
        let mut command = workspace.npm(&["run", "test:package"])?;
        command.env("REWEAVE_TARBALL", pack::tarball(workspace)?);
        command.env("REWEAVE_FIREFOX", browser::firefox().context("Firefox has gone")?);
        command.env("REWEAVE_ENDPOINT_BIN", build::endpoint_binary(workspace));
        command.env("REWEAVE_PAGE_DIR", workspace.dist());
        command.env("REWEAVE_CHROMIUM", browser.chromium);
        suite(&mut command)
    })
}

/// `CARGO_TARGET_…_RUNNER`, spelled by cargo's rule.
fn runner_variable() -> String {
    format!("CARGO_TARGET_{}_RUNNER", TARGET.to_uppercase().replace('-', "_"))
}

/// Runs one suite; a failure that no line told of counts as one.
fn suite(command: &mut Command) -> Result<Outcome> {
    let mut tally = Tally::default();
    let status = shell::watch(command, |line| tally += count(line))?;
    if !status.success() {
        tally.failed = tally.failed.max(1);
    }
    ensure!(tally != Tally::default(), "`{}` ran no test", shell::describe(command));
    Ok(Outcome::Tested(tally))
}

/// The tests that a summary line tells of: cargo's and wasm-bindgen's
/// `test result: ok. 3 passed; 0 failed; …`, Playwright's `3 passed (2.1s)`.
fn count(line: &str) -> Tally {
    let line = line.trim();
    let words: Vec<&str> = line.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let number_before = |word: &str| {
        let pair = words.windows(2).find(|pair| pair[1] == word);
        pair.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
    };
    let is_playwright = words.len() > 1
        && words[0].parse::<u32>().is_ok()
        && ["passed", "failed"].contains(&words[1])
        && (words.len() == 2 || line.ends_with(')'));
    if is_playwright || line.starts_with("test result:") {
        Tally { passed: number_before("passed"), failed: number_before("failed") }
    } else {
        Tally::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u32, failed: u32) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn counts_what_cargo_prints() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 2 filtered out";
        assert_eq!(count(line), tally(12, 3));
    }

    #[test]
    fn counts_what_playwright_prints() {
        assert_eq!(count("  12 passed (8.3s)"), tally(12, 0));
        assert_eq!(count("  1 failed"), tally(0, 1));
    }

    #[test]
    fn counts_nothing_else() {
        assert_eq!(count("test marks::undo ... 3 passed"), tally(0, 0));
        assert_eq!(count("  3 skipped"), tally(0, 0));
        assert_eq!(count("3 failed attempts were logged"), tally(0, 0));
        assert_eq!(count(""), tally(0, 0));
    }

    #[test]
    fn names_the_runner_as_cargo_does() {
        assert_eq!(runner_variable(), "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER");
    }

    #[cfg(unix)]
    mod suites {
        use super::*;

        fn sh(script: &str) -> Result<Outcome> {
            suite(Command::new("sh").args(["-c", script]))
        }

        #[test]
        fn adds_up_the_lines() -> Result<()> {
            let lines = "echo 'test result: ok. 2 passed; 0 failed'; echo '  3 passed (1s)'";
            assert_eq!(sh(lines)?, Outcome::Tested(tally(5, 0)));
            Ok(())
        }

        #[test]
        fn a_failure_without_a_line_counts() -> Result<()> {
            let outcome = sh("echo 'test result: ok. 2 passed; 0 failed'; exit 101")?;
            assert_eq!(outcome, Outcome::Tested(tally(2, 1)));
            Ok(())
        }

        #[test]
        fn a_suite_without_tests_fails() {
            assert!(sh("echo 'no tests to run!'").is_err());
        }
    }
}
