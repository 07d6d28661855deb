//! The command `postil`. All of it is in the library: see [`postil::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    postil::cli::run(std::env::args_os())
}
