//! Tests the messages of the macros, and that their expansions give no warnings.
//!
//! The packages that trybuild makes have no build script, so they are given the table of this one.

#[test]
fn messages() {
    let target =
        std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| format!("{}/..", env!("CARGO_TARGET_TMPDIR")));
    let package = std::path::Path::new(&target)
        .canonicalize()
        .unwrap()
        .join("tests/trybuild/checkpointing-tests-marks");
    let start = env!("CHECKPOINTING_TABLE").split(' ').next().unwrap();
    // Safety: nothing else runs in this process; it is the only test.
    unsafe {
        std::env::set_var("OUT_DIR", env!("OUT_DIR"));
        std::env::set_var("CHECKPOINTING_TABLE", format!("{start} {}", package.display()));
    }
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/*.rs");
}
