#![no_main]

libfuzzer_sys::fuzz_target!(|request: (&[u8], &[u8], &[u8])| {
    countersign_testkit::properties::signature(request.0, request.1, request.2);
});
