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

/// The lines of the manual for Neovim, as somebody puts them into `init.lua`, tell what is wrong with a note.
#[test]
#[ignore = "needs Neovim, which `tests/run --all` installs"]
fn real_editors_begin_it_by_the_lines_of_the_manual() {
    let folder = folder();
    let note =
        "+++\nby = \"ann\"\ntopcis = [\"work\"]\n+++\n> There was no consensus in the Forum\n\nA note.\n";
    crate::checking::write(folder.path(), "annotations/a/n.md", note);
    let page = std::fs::read_to_string(repository("docs/manual/content/4-look-after/4-editors.md")).unwrap();
    let version = Command::new("nvim").arg("--version").output().expect("Neovim is there");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let minor = version.split("NVIM v0.").nth(1).and_then(|rest| rest.split('.').next()?.parse().ok());
    let file = if minor.is_some_and(|minor: u32| minor < 11) { "before-0.11.lua" } else { "init.lua" };
    let lines = page.split(&format!("```lua {file}\n")).nth(1).and_then(|rest| rest.split("\n```").next());
    let home = tempfile::tempdir().unwrap();
    let init = home.path().join("init.lua");
    std::fs::write(&init, lines.expect("the page has the lines")).unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_postil"));
    let path = std::env::var("PATH").unwrap_or_default();
    let mut neovim = Command::new("nvim");
    neovim.args(["--headless", "-i", "NONE", "-n", "-u"]).arg(&init).arg("annotations/a/n.md");
    // What is told, or nothing after a minute.
    neovim.args(["-c", "lua vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end)"]);
    neovim.args(["-c", "lua for _, p in ipairs(vim.diagnostic.get(0)) do io.stderr:write(p.lnum .. ': ' .. p.message .. '\\n') end"]);
    neovim.args(["-c", "qall!"]).current_dir(folder.path()).env("HOME", home.path());
    neovim.env("PATH", format!("{}:{path}", program.parent().expect("a program lies in a folder").display()));
    let output = neovim.output().expect("Neovim is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("2: unknown key `topcis`"), "{said}");
}
