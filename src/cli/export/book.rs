//! Texts as one book.

use std::io;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use super::{Read, tell};
use crate::cli::args::{AnnotationsAt, ExportBook, Volume};
use crate::cli::{Outcome, Terminal, Trouble, report};
use crate::compile::{self, Options, Texts};
use crate::output::scratch::Scratch;
use crate::output::whole::Whole;
use postil_archive::diagnostic::Error;
use postil_export::epub::{Annotations, Book};

/// Chapters that are made at once: as many are in memory.
const AT_ONCE: usize = 32;

/// A book of so many bytes is refused by some stores and readers.
const LARGE_BYTES: u64 = 40 << 20;

pub(super) fn run(site: &Path, args: &ExportBook, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let mut read = Read::archive(site)?;
    let chosen = read.chosen(site, &args.texts)?;
    if chosen.is_empty() {
        return Err(Trouble::new("the archive has no texts").help("raw texts lie in `content/`"));
    }
    let whole = Whole::begin(&args.output)?;
    let beside = match args.annotations {
        AnnotationsAt::Inside => None,
        AnnotationsAt::Beside => Some(Whole::begin(&args.output.with_extension("annotations"))?),
    };
    let scratch = Scratch::beside(&args.output);
    let options = Options::default();
    let work = |texts: &Texts<'_>| -> Result<_, Trouble> {
        let mut book = Book::new(texts.site, texts.words, &chosen, &scratch);
        let order = book.order().to_vec();
        let mut done = 0;
        for some in order.chunks(AT_ONCE) {
            let make = |&text: &_| texts.with(text, |input, facts| book.chapter(input, facts));
            let chapters: Vec<_> = some.par_iter().map(make).collect::<Result<_, Error>>()?;
            // One that could not be made is told, and nothing is written.
            let put_aside = |error| Error::new("put aside what is needed for", &args.output, error);
            for chapter in chapters.into_iter().flatten() {
                book.add(chapter).map_err(put_aside)?;
                done += 1;
                terminal.progress(done, order.len(), "texts");
            }
        }
        let problems = book.take_problems();
        let failed = |error: io::Error| Error::new("write", &args.output, error);
        if problems.is_empty() && done == order.len() {
            let place = beside.as_ref().map_or(Annotations::Inside, |_| Annotations::Beside);
            book.finish(io::BufWriter::new(whole.file()?), place).map_err(failed)?;
            if let Some(beside) = &beside {
                book.finish_annotations(io::BufWriter::new(beside.file()?)).map_err(failed)?;
            }
        }
        Ok(problems)
    };
    let (of_book, found) = compile::texts(&read.archive, &options, work)?;
    read.problems.extend(of_book);
    let outcome = read.verdict(found, terminal);
    if outcome != Outcome::Fine {
        return Ok(outcome);
    }
    beside.map_or(Ok(()), Whole::publish)?;
    whole.publish()?;
    let bytes = args.output.metadata().map_or(0, |data| data.len());
    tell(
        terminal,
        &format!("{}, {}", report::some(chosen.len(), "text"), report::size(bytes)),
        &args.output,
        began,
    );
    if bytes > LARGE_BYTES && terminal.volume() > Volume::Quiet {
        terminal.tell("  = help: some stores and readers take no book of more than 40 MB: `postil export epub COLLECTION` makes one of a collection\n");
    }
    Ok(Outcome::Fine)
}
