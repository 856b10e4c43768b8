//! Repairs a picture from the command line: `fill -- [--fast|--best] [--seed N] IMAGE MASK OUT.png`.
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
    let mut options = Options::default();
    let mut files = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--fast" => options.quality = Quality::Fast,
            "--best" => options.quality = Quality::Best,
            "--seed" => match arguments.next().and_then(|number| number.parse().ok()) {
                Some(seed) => options.seed = seed,
                None => return usage(),
            },
            _ => files.push(argument),
        }
    }
    let [image, mask, out] = files.as_slice() else { return usage() };
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

fn usage() -> ExitCode {
    eprintln!("usage: fill [--fast|--best] [--seed N] IMAGE MASK OUT.png   (white in MASK is repaired)");
    ExitCode::FAILURE
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
