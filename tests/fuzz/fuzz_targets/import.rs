#![no_main]

use protocol::text::Text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = node::import::requests::read(bytes, |line| Text::line(line, 8_192).into_string());
});
