//! Any bytes as picture, mask and options of a fill: it ends, keeps its promises, or says what is wrong.
#![no_main]

#[path = "../../tests/fill_case/mod.rs"]
mod fill_case;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fill_case::Case::from_bytes(bytes).check());
