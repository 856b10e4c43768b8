//! The Chromium that tests run in, its driver, and the Firefox that the package
//! is tried in: taken from the system, for a browser is updated more often than
//! a lock file. Where apt-get can install
//! them without asking, it does; everything else is for the person to decide.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::steps::{Outcome, Step};

/// Both programs, which must be of the same version.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Installs the browser if it is missing and can be had.
pub(crate) fn step() -> Step {
    Step::new("looking for Chromium and its driver", |_| {
        if find().is_some() {
            return Ok(Outcome::Fresh);
        }
        install("the tests need `chromium` (or `google-chrome`) and `chromedriver`", &["chromium", "chromium-driver"])?;
        find().context("apt-get installed Chromium, but it is not on the PATH")?;
        Ok(Outcome::Done)
    })
}

/// The same for Firefox.
pub(crate) fn firefox_step() -> Step {
    Step::new("looking for Firefox", |_| {
        if firefox().is_some() {
            return Ok(Outcome::Fresh);
        }
        install("the tests of the package need `firefox`", &["firefox-esr"])?;
        firefox().context("apt-get installed Firefox, but it is not on the PATH")?;
        Ok(Outcome::Done)
    })
}

/// Firefox, if it is there.
pub(crate) fn firefox() -> Option<PathBuf> {
    from_env("REWEAVE_FIREFOX").or_else(|| on_path(&["firefox-esr", "firefox"]))
}

/// The variables win, so that a browser off the PATH can be named.
pub(crate) fn find() -> Option<Browser> {
    let chromium =
        from_env("REWEAVE_CHROMIUM").or_else(|| on_path(&["chromium", "chromium-browser", "google-chrome"]))?;
    let driver = from_env("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"]))?;
    Some(Browser { chromium, driver })
}

fn from_env(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from)
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| which::which(name).ok())
}

fn install(need: &str, packages: &[&str]) -> Result<()> {
    let Some(prefix) = apt_get() else {
        bail!("{need} on the PATH: install them, on Debian by `apt-get install {}`", packages.join(" "));
    };
    let apt_get = |args: &[&str]| {
        let words: Vec<&str> = prefix.iter().chain(args).copied().collect();
        shell::run(Command::new(words[0]).args(&words[1..]))
    };
    apt_get(&["update"])?;
    apt_get(&[&["install", "--yes"], packages].concat())
}

/// The words that run apt-get as root without a question, if any do.
fn apt_get() -> Option<&'static [&'static str]> {
    const AS_ROOT: [&str; 3] = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    const BY_SUDO: [&str; 5] = ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    which::which("apt-get").ok()?;
    let is_root = shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if is_root {
        return Some(&AS_ROOT);
    }
    which::which("sudo").ok()?;
    shell::output(Command::new("sudo").args(["-n", "true"])).is_ok().then_some(&BY_SUDO)
}
