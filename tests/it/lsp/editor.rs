//! The program as a real editor starts it: Neovim, without a screen.

use std::process::Command;

use super::folder;
use crate::repository;

#[test]
#[ignore = "needs Neovim, which `tests/run --all` installs"]
fn real_editors_work_with_it() {
    let folder = folder();
    let script = repository("tests/it/lsp/neovim.lua");
    let mut neovim = Command::new("nvim");
    neovim
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-n"])
        .arg("-c")
        .arg(format!("luafile {}", script.display()));
    neovim
        .current_dir(folder.path())
        .env("POSTIL_PROGRAM", env!("CARGO_BIN_EXE_postil"))
        .env("HOME", folder.path());
    let output = neovim.output().expect("Neovim is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("all is well"), "{said}");
}
