//! Writes the seeds of a target into its corpus: `cargo run --example seeds -- NAME`.

fn main() -> std::io::Result<()> {
    let name = std::env::args().nth(1).unwrap_or_default();
    let folder = std::path::Path::new("corpus").join(&name);
    std::fs::create_dir_all(&folder)?;
    for (seed, at) in postil_fuzz::seeds(&name).iter().zip(0..) {
        std::fs::write(folder.join(format!("seed-{at}")), seed)?;
    }
    Ok(())
}
