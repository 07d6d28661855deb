//! The default theme is part of the binary (`src/archive/theme.rs`): cargo has
//! to know that a new template is a reason to build again.

use std::io::Write;

fn main() -> std::io::Result<()> {
    writeln!(std::io::stdout(), "cargo:rerun-if-changed=themes/default")
}
