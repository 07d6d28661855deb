//! Indexes a folder of texts as a build does, and says what it cost.
//!
//! ```text
//! cargo bench --bench search -- TEXTS OUT [THREADS [MEGABYTES]]
//! ```
//! `TEXTS` is walked for `.txt` and `.md` files; `OUT` gets the files of `search/`.
//! See `benches/search.md`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench speaks, and looks at the clock")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use postil::output::scratch::Scratch;
use postil_search::{Block, Builder, Dated, Entry, Named, Options, index_text};
use rayon::prelude::*;

/// The one of the program: what a build costs is measured as it runs.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [texts, out, rest @ ..] = &arguments[..] else {
        println!("cargo bench --bench search -- TEXTS OUT [THREADS [MEGABYTES]]");
        return;
    };
    let threads = rest.first().map_or(1, |n| n.parse().expect("THREADS is a number"));
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("nobody made a pool before");
    let files = files(Path::new(texts));
    let budget = rest.get(1).map_or(64, |n| n.parse().expect("MEGABYTES is a number"));
    let scratch = Scratch::beside(Path::new(out));
    let builder =
        Builder::new(Options { budget: budget << 20, scratch: Some(&scratch), ..Options::default() });
    let began = Instant::now();
    files.par_iter().enumerate().for_each(|(i, (id, path))| {
        builder.add(index_text(&entry(i, id, path))).expect("the scratch can be written");
    });
    let indexed = began.elapsed();
    let bytes: u64 = files.iter().map(|(_, path)| path.metadata().map_or(0, |m| m.len())).sum();
    let (written, count) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let put = |path: &str, bytes: &[u8]| {
        let path = Path::new(out).join(path);
        std::fs::create_dir_all(path.parent().expect("it was joined")).expect("OUT can be written");
        std::fs::write(&path, bytes).expect("OUT can be written");
        written.fetch_add(bytes.len(), Ordering::Relaxed);
        count.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    builder.finish(&put).expect("OUT can be written");
    println!(
        "texts {} bytes {bytes} indexed {:.2}s finished {:.2}s files {} index {} cpu {:.2}s peak {} MB",
        files.len(),
        indexed.as_secs_f64(),
        began.elapsed().as_secs_f64(),
        count.load(Ordering::Relaxed),
        written.load(Ordering::Relaxed),
        cpu_seconds(),
        peak_megabytes(),
    );
}

/// Texts below a folder, with their ids, in order.
fn files(root: &Path) -> Vec<(String, PathBuf)> {
    let mut files: Vec<(String, PathBuf)> = walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.path().extension().is_some_and(|e| e == "txt" || e == "md"))
        .map(|e| {
            let id = e.path().strip_prefix(root).unwrap_or(e.path()).with_extension("");
            (id.to_string_lossy().into_owned(), e.path().to_owned())
        })
        .collect();
    files.sort();
    files
}

/// A text with its paragraphs; dates, kinds and speakers are spread over all.
fn entry(number: usize, id: &str, path: &Path) -> Entry {
    let text = String::from_utf8_lossy(&std::fs::read(path).expect("TEXTS can be read")).into_owned();
    let year = 2004 + (number % 20) as i32;
    let kind = ["debate", "letter", "report", "written-answer"][number % 4];
    let named = |slug: &str| Named { slug: slug.to_owned(), label: slug.to_owned() };
    let paragraphs = text.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
    let blocks = paragraphs.zip(1..).map(|(p, n)| Block {
        anchor: format!("p{n}"),
        opens: p.starts_with('#'),
        text: p.trim_start_matches(['#', '>', '*', ' ']).to_owned(),
        ..Block::default()
    });
    let blocks: Vec<Block> = blocks.collect();
    let title = blocks.first().map_or(id, |b| b.text.split('\n').next().unwrap_or(id));
    Entry {
        address: format!("texts/{id}.html"),
        title: title.chars().take(80).collect(),
        date: Some(Dated {
            year,
            month: (number % 12) as u8 + 1,
            day: 1,
            reach: None,
            label: format!("{year}"),
        }),
        kind: Some(named(kind)),
        topics: vec![named(&format!("topic-{:02}", number % 20))],
        language: "en-GB".to_owned(),
        notes_language: "en-GB".to_owned(),
        blocks,
        ..Entry::default()
    }
}

fn proc(file: &str) -> String {
    std::fs::read_to_string(format!("/proc/self/{file}")).unwrap_or_default()
}

/// User and system time of this process.
fn cpu_seconds() -> f64 {
    let stat = proc("stat");
    let fields: Vec<f64> = stat.split_whitespace().skip(13).take(2).filter_map(|f| f.parse().ok()).collect();
    fields.iter().sum::<f64>() / 100.0
}

/// The most memory this process had at a time.
fn peak_megabytes() -> u64 {
    let status = proc("status");
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}
