//! The runner that cargo hands wasm tests to: wasm-bindgen's own, built from
//! this workspace.
//!
//! As a member it shares the one version number in `[workspace.dependencies]`
//! with the crate and with the glue generator; `cargo install` would need a
//! second one, and resolves its dependencies anew on every machine.

use std::env;

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(env::args_os())
}
