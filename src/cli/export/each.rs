//! Texts as files, one a text, with one for what is of all texts; the whole as a bag.

use std::io::BufWriter;
use std::path::Path;

use rayon::prelude::*;

use crate::cli::Trouble;
use crate::compile::Texts;
use crate::output::whole::Whole;
use postil_archive::diagnostic::Error;
use postil_archive::index::TextIx;
use postil_export::files::Files;
use postil_export::{Fault, akoma, bag, hypothesis, tei};
use postil_site::render::article::Input;

/// TEI: every text, and the archive.
pub(super) fn tei(
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
) -> Result<usize, Trouble> {
    let files = Files::new(texts.site);
    let written = each(texts, chosen, whole, progress, "xml", &|input| tei::text(&files, input).map(Some))?;
    let archive = tei::archive(&files).map_err(trouble)?;
    whole.put(tei::ARCHIVE, archive.as_bytes())?;
    Ok(written)
}

/// Akoma Ntoso: every text in which somebody speaks.
pub(super) fn akoma_ntoso(
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
) -> Result<usize, Trouble> {
    let files = Files::new(texts.site);
    match each(texts, chosen, whole, progress, "xml", &|input| akoma::text(&files, input))? {
        0 => Err(Trouble::new("nobody speaks in these texts: nothing was written").help(
            "a debate has rows of the kinds `speech`, `question` or `answer`; `postil export tei` takes every text",
        )),
        written => Ok(written),
    }
}

/// What Hypothesis reads: every text that has notes.
pub(super) fn hypothesis(
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
) -> Result<usize, Trouble> {
    match each(texts, chosen, whole, progress, "json", &|input| Ok(hypothesis::text(input)))? {
        0 => Err(Trouble::new("no note stands on these texts: nothing was written")
            .help("`postil note TEXT \"words\"` begins one; `postil import hypothesis` takes in what was written with Hypothesis")),
        written => Ok(written),
    }
}

/// A bag: the files of the archive as they are, once every text is known to be well. As one file if it is to be `packed`.
pub(super) fn bag(
    packed: Option<&Path>,
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
) -> Result<usize, Trouble> {
    each(texts, chosen, whole, progress, "", &|_| Ok(None))?;
    let files = Files::new(texts.site);
    match packed {
        None => drop(bag::write(&files, &|path, bytes| whole.put(path, bytes)).map_err(trouble)?),
        Some(output) => {
            let failed = |error| Error::new("write", output, error);
            let name = output.file_stem().and_then(|name| name.to_str()).unwrap_or("bag");
            let zipped = bag::Zipped::begin(name, BufWriter::new(whole.file()?));
            bag::write(&files, &|path, bytes| zipped.put(path, bytes).map_err(failed)).map_err(trouble)?;
            zipped.finish().map_err(failed)?;
        }
    }
    Ok(chosen.len())
}

/// Writes a file for each text of which `make` gives one; only so many are in memory as can be made at once.
fn each(
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
    ending: &str,
    make: &(dyn Fn(Input<'_>) -> Result<Option<String>, Fault> + Sync),
) -> Result<usize, Trouble> {
    let (mut done, mut written) = (0, 0);
    for some in chosen.chunks(rayon::current_num_threads()) {
        let one = |&text: &TextIx| {
            let made = texts.with(text, |input, _| make(input))?;
            if let Some(Some(made)) = made.transpose().map_err(trouble)? {
                whole.put(&format!("{}.{ending}", texts.site.texts[text].id), made.as_bytes())?;
                return Ok(1);
            }
            Ok(0)
        };
        written += some.par_iter().map(one).sum::<Result<usize, Trouble>>()?;
        done += some.len();
        progress(done);
    }
    Ok(written)
}

fn trouble(fault: Fault) -> Trouble {
    match fault {
        Fault::Machine(error) => error.into(),
        Fault::Lost(id) => Trouble::new(format!("`{id}`: what was made does not give the text again"))
            .help("this is a bug in postil, not a mistake of yours: nothing was written; please report it with the text"),
    }
}
