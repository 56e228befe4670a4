//! Tests that need a foreign program, or a right that not every machine gives. They are compiled
//! with the feature `foreign-tests` alone; then a machine that lacks something fails them.

#[cfg(feature = "foreign-tests")]
mod automerge;
#[cfg(feature = "foreign-tests")]
mod power_cut;

#[cfg(not(feature = "foreign-tests"))]
#[test]
fn foreign_programs_are_not_run_here() {
    use std::io::Write;

    // Not `eprintln`, which a test runner keeps to itself while tests pass.
    let written = writeln!(
        std::io::stderr(),
        "NOT RUN: exports opened by Automerge for JavaScript (needs node, npm and the registry), \
         power cuts of a node and of a store (need root, loop devices and mkfs.ext4). They run \
         with: cargo test -p tests -p node --features tests/foreign-tests,node/foreign-tests"
    );
    assert!(written.is_ok());
}
