//! What the program carries within it: the scripts and style sheets that it publishes, made
//! small. The rest of the default theme is taken as it is (`src/archive/theme.rs`),
//! but cargo has to know that a new template is a reason to build again.

use std::ffi::OsStr;
use std::io::{Result, Write};
use std::path::Path;
use std::{env, fs};

#[path = "src/search/minify.rs"]
mod minify;
#[path = "src/archive/sheet.rs"]
mod sheet;

/// The files of the search engine, in the order in which they are joined.
const ENGINE: [&str; 5] = ["words.js", "parts.js", "query.js", "passages.js", "find.js"];

fn main() -> Result<()> {
    for path in ["themes/default", "src/search/engine", "src/search/minify.rs", "src/archive/sheet.rs"] {
        writeln!(std::io::stdout(), "cargo:rerun-if-changed={path}")?;
    }
    let out = env::var_os("OUT_DIR").expect("cargo names a folder for what is built");
    let out = Path::new(&out);
    let mut engine = String::new();
    for file in ENGINE {
        engine.push_str(&fs::read_to_string(Path::new("src/search/engine").join(file))?);
    }
    fs::write(out.join("engine.js"), minify::minify(&engine))?;

    let small = out.join("small");
    fs::create_dir_all(&small)?;
    for entry in fs::read_dir("themes/default/assets")? {
        let path = entry?.path();
        let make = match path.extension().and_then(OsStr::to_str) {
            Some("js") => minify::minify,
            Some("css") => sheet::small,
            _ => continue,
        };
        let name = path.file_name().expect("it has an extension");
        fs::write(small.join(name), make(&fs::read_to_string(&path)?))?;
    }
    Ok(())
}
