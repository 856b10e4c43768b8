//! The two wasm modules: cargo compiles the one crate twice, wasm-bindgen
//! writes the glue, wasm-opt shrinks.
//!
//! wasm-bindgen is linked as a library, so that Cargo.lock pins it to the
//! crate's version. wasm-opt is npm's `binaryen`: distributions ship versions
//! that do not know what rustc emits.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use walkdir::WalkDir;
use wasm_bindgen_cli_support::Bindgen;

use crate::shell;
use crate::stamp;
use crate::steps::{Outcome, Step};
use crate::workspace::{Workspace, setup_tool};

/// The only target the web part uses.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc may use for [`TARGET`]: its defaults, and the simd128 of
/// `.cargo/config.toml`. wasm-opt refuses a module with more.
const WASM_FEATURES: [&str; 9] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// One build of the crate.
pub(crate) struct Module {
    /// The stem of its files in `www/generated/`.
    pub(crate) name: &'static str,
    /// The cargo features, without the default ones.
    pub(crate) features: &'static str,
    /// The most it may weigh after gzip -9, in bytes.
    pub(crate) budget: u64,
    profile: &'static str,
    /// The largest function that LLVM puts in the place of its calls, and the longest body that it writes for a
    /// loop's rounds, in its own unit.
    thresholds: Option<[u32; 2]>,
    optimisation: &'static [&'static str],
}

/// Both modules.
pub(crate) const MODULES: [Module; 2] = [
    Module {
        name: "reweave",
        features: "js,marks,contract",
        budget: 80 * 1024,
        profile: "wasm-small",
        thresholds: None,
        optimisation: &["-Oz"],
    },
    Module {
        name: "engine",
        features: "js,picture,fill",
        budget: 450 * 1024,
        profile: "wasm-fast",
        // A fifth and a quarter of its measures for speed: 34 KB less after gzip, and not slower, as what must
        // be inline in the fill says so. `opt-level = 2` is 15 KB less and takes a third longer.
        thresholds: Some([40, 70]),
        // What LLVM leaves a function of its own stays one: in greater ones V8 takes a simpler allocator of registers,
        // which makes a fill of text take 1.4 times as long.
        optimisation: &["-O3", "--one-caller-inline-max-function-size=0"],
    },
];

/// A step per module.
pub(crate) fn plan() -> Vec<Step> {
    MODULES.iter().map(Module::step).collect()
}

/// The step of the module that repairs.
pub(crate) fn engine() -> Step {
    MODULES[1].step()
}

impl Module {
    fn step(&'static self) -> Step {
        Step::new(format!("building {}.wasm", self.name), |workspace| self.build(workspace))
    }

    /// Where the finished module lies.
    pub(crate) fn path(&self, workspace: &Workspace) -> PathBuf {
        workspace.generated().join(format!("{}.wasm", self.name))
    }

    fn build(&self, workspace: &Workspace) -> Result<Outcome> {
        let compiled = self.compile(workspace)?;
        let binaryen = workspace.www().join("node_modules/binaryen");
        // Cargo.lock stands for wasm-bindgen, this file for the options.
        let inputs = [
            compiled.clone(),
            workspace.root().join("Cargo.lock"),
            workspace.root().join(file!()),
            binaryen.join("package.json"),
        ];
        let inputs = stamp::fingerprint(&inputs, &[])?;
        let generated = workspace.generated();
        let outputs =
            ["js", "d.ts", "wasm", "wasm.d.ts"].map(|extension| generated.join(format!("{}.{extension}", self.name)));
        stamp::unless_fresh(&workspace.stamp(self.name), &inputs, &outputs, || {
            let scratch = tempfile::tempdir().context("cannot create a scratch directory")?;
            self.write_glue(&compiled, scratch.path())?;
            publish(scratch.path(), &generated)?;
            self.optimise(workspace, &binaryen)
        })
    }

    /// Lets cargo do what it finds to do; answers the module it wrote.
    fn compile(&self, workspace: &Workspace) -> Result<PathBuf> {
        let mut command = workspace.cargo(&["build", "--package=reweave", "--lib"]);
        command.args(["--target", TARGET, "--profile", self.profile]);
        command.args(["--no-default-features", "--features", self.features]);
        command.args(self.rustflags()?);
        // Where these are set, cargo ignores the flags of the configuration.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        shell::run(&mut command)?;
        Ok(workspace.target().join(TARGET).join(self.profile).join("reweave.wasm"))
    }

    /// Flags beside those of `.cargo/config.toml`.
    fn rustflags(&self) -> Result<[String; 2]> {
        let inline = self
            .thresholds
            .map(|[inline, unroll]| format!("-Cllvm-args=-inline-threshold={inline} -unroll-threshold={unroll}"));
        let flags: Vec<String> = [without_home()?].into_iter().chain(inline).collect();
        Ok(["--config".to_owned(), format!("target.{TARGET}.rustflags={flags:?}")])
    }

    fn write_glue(&self, compiled: &Path, scratch: &Path) -> Result<()> {
        // The glue leaves finding the module to its caller: `www/lib` names the
        // file where every bundler sees it.
        Bindgen::new()
            .input_path(compiled)
            .out_name(self.name)
            .web(true)?
            .typescript(true)
            .omit_default_module_path(true)
            .generate(scratch)
            .with_context(|| format!("wasm-bindgen failed on {}", compiled.display()))
    }

    fn optimise(&self, workspace: &Workspace, binaryen: &Path) -> Result<()> {
        let module = self.path(workspace);
        let mut command = Command::new(setup_tool("node")?);
        // Sums of an address and less than 1024 become offsets of loads and stores: 3 KB less of the engine after gzip,
        // 2 % less time. The two differ where a sum wraps around to below 1024: the last bytes of the stack, which
        // lies first in memory and grows downwards, so nothing is ever addressed there from above.
        let offsets = "--low-memory-unused";
        command.arg(binaryen.join("bin/wasm-opt")).arg(offsets).args(self.optimisation).args(WASM_FEATURES);
        command.args(["--strip-debug", "--strip-producers", "--strip-target-features"]);
        shell::run(command.arg(&module).arg("-o").arg(&module))
    }
}

/// Copies the glue, with the plain names: `reweave_bg.wasm` → `reweave.wasm`.
fn publish(scratch: &Path, generated: &Path) -> Result<()> {
    for entry in WalkDir::new(scratch).sort_by_file_name() {
        let entry = entry.context("cannot list the glue")?;
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.path().strip_prefix(scratch)?.to_string_lossy().replace("_bg.wasm", ".wasm");
        let to = generated.join(name);
        let parent = to.parent().context("a file has a directory")?;
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        fs::copy(entry.path(), &to).with_context(|| format!("cannot write {}", to.display()))?;
    }
    Ok(())
}

/// Panic messages name source files of dependencies, by their full path in the
/// home directory of whoever builds: that would differ between machines, weigh,
/// and tell.
fn without_home() -> Result<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let registry = home.context("neither CARGO_HOME nor a home directory is set")?.join("registry/src");
    Ok(format!("--remap-path-prefix={}=", registry.display()))
}
