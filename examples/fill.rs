//! Repairs a picture from the command line: `fill -- [OPTIONS] IMAGE MASK OUT.png`.
//!
//! What is white in MASK (≥ 128) is repaired, and what the options add to it; everything else keeps its
//! bytes. The last line of the output, `engine_ms=…`, is the wall time of the fill alone, for benchmarks.

use std::error::Error;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use reweave::fill::{self, Filled, Options, Quality, SearchArea};
use reweave::mask::Mask;
use reweave::picture::{self, Limits, Picture};

const USAGE: &str = "usage: fill [OPTIONS] IMAGE MASK OUT.png   (white in MASK is repaired)
  --quality fast|balanced|best   (--fast, --best)
  --seed N        another fill of wide parts
  --expand N      grows the marks by N pixels first
  --threads N     works on N parts side by side; 0: as many as the machine has cores
  --no-halo       takes in no rim that the marks left
  --search MASK   wide parts are made of what is white in MASK
  --avoid MASK    wide parts are made of what is not white in MASK";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
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

fn run(mut arguments: impl Iterator<Item = String>) -> Result<f64, Box<dyn Error>> {
    let mut options = Options::default();
    let mut files = Vec::new();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value\n{USAGE}"));
        match argument.as_str() {
            "--fast" => options.quality = Quality::Fast,
            "--best" => options.quality = Quality::Best,
            "--quality" => options.quality = quality(&value()?)?,
            "--seed" => options.seed = number(&value()?)?,
            "--expand" => options.expand = number(&value()?)?,
            "--threads" => options.threads = number(&value()?)?,
            "--no-halo" => options.halo = false,
            "--search" => options.search_area = Some(SearchArea::Only(read_mask(&value()?)?)),
            "--avoid" => options.search_area = Some(SearchArea::Not(read_mask(&value()?)?)),
            _ if argument.starts_with("--") => return Err(format!("{argument} is not known\n{USAGE}").into()),
            _ => files.push(argument),
        }
    }
    let [image, mask, out] = files.as_slice() else { return Err(USAGE.into()) };
    repair(image, mask, out, &options)
}

/// Milliseconds that the fill took.
fn repair(image: &str, mask: &str, out: &str, options: &Options) -> Result<f64, Box<dyn Error>> {
    let picture = Arc::new(Picture::decode(&read(image)?, &limits())?);
    let mask = read_mask(mask)?;

    let start = Instant::now();
    let go_on = &mut |_| ControlFlow::Continue(());
    let Filled { patches, region, added } = fill::run(Arc::clone(&picture), mask, options, go_on)?;
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;

    if added.halo > 0 {
        println!("halo={}", added.halo);
    }
    let mut picture = Arc::unwrap_or_clone(picture);
    picture::apply(&mut picture, &patches, &region);
    std::fs::write(out, picture.encode_png()?).map_err(|error| format!("{out}: {error}"))?;
    Ok(milliseconds)
}

fn quality(name: &str) -> Result<Quality, String> {
    match name {
        "fast" => Ok(Quality::Fast),
        "balanced" => Ok(Quality::Balanced),
        "best" => Ok(Quality::Best),
        _ => Err(format!("--quality is {name}, must be fast, balanced or best")),
    }
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text} is not a whole number from 0 on"))
}

fn read_mask(path: &str) -> Result<Arc<Mask>, Box<dyn Error>> {
    Ok(Arc::new(picture::read_mask(&read(path)?, &limits())?))
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{path}: {error}"))
}

const fn limits() -> Limits {
    Limits::memory(4 << 30)
}
