//! The program `linli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    node::cli::run(std::env::args_os().collect())
}
