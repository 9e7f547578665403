#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| countersign_testkit::properties::frame(text));
