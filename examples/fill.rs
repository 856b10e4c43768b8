//! Repairs a picture from the command line: `fill -- [--fast|--best] IMAGE MASK OUT.png`.
//!
//! What is white in MASK (≥ 128) is repaired, everything else keeps its bytes. The last line of the
//! output, `engine_ms=…`, is the wall time of the fill alone, for benchmarks.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use reweave::fill::{self, Options, Quality};
use reweave::picture::{self, Limits, Picture};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quality = match arguments.first().map(String::as_str) {
        Some("--fast") => Some(Quality::Fast),
        Some("--best") => Some(Quality::Best),
        _ => None,
    };
    let files = &arguments[usize::from(quality.is_some())..];
    let mut options = Options::default();
    options.quality = quality.unwrap_or_default();
    let [image, mask, out] = files else {
        eprintln!("usage: fill [--fast|--best] IMAGE MASK OUT.png   (white in MASK is repaired)");
        return ExitCode::FAILURE;
    };
    match repair(image, mask, out, &options) {
        Ok(milliseconds) => {
            println!("engine_ms={milliseconds:.3}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("fill: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Milliseconds that the fill took.
fn repair(image: &str, mask: &str, out: &str, options: &Options) -> Result<f64, Box<dyn std::error::Error>> {
    let limits = Limits::memory(4 << 30);
    let picture = Arc::new(Picture::decode(&read(image)?, &limits)?);
    let mask = Arc::new(picture::read_mask(&read(mask)?, &limits)?);

    let start = Instant::now();
    let go_on = &mut |_| ControlFlow::Continue(());
    let patches = fill::run(Arc::clone(&picture), Arc::clone(&mask), options, go_on)?;
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;

    let mut picture = Arc::unwrap_or_clone(picture);
    picture::apply(&mut picture, &patches, &mask);
    std::fs::write(out, picture.encode_png()?).map_err(|error| format!("{out}: {error}"))?;
    Ok(milliseconds)
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{path}: {error}"))
}
