//! Texts as XML files, one a text, and one for what is of all texts; the whole as a bag.

use rayon::prelude::*;

use crate::cli::Trouble;
use crate::compile::Texts;
use crate::output::whole::Whole;
use postil_archive::index::TextIx;
use postil_export::files::Files;
use postil_export::{Fault, akoma, bag, tei};
use postil_site::render::article::Input;

/// TEI: every text, and the archive.
pub(super) fn tei(
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
) -> Result<usize, Trouble> {
    let files = Files::new(texts.site);
    let written = each(texts, chosen, whole, progress, &|input| tei::text(&files, input).map(Some))?;
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
    match each(texts, chosen, whole, progress, &|input| akoma::text(&files, input))? {
        0 => Err(Trouble::new("nobody speaks in these texts: nothing was written").help(
            "a debate has rows of the kinds `speech`, `question` or `answer`; `postil export tei` takes every text",
        )),
        written => Ok(written),
    }
}

/// A bag: the files of the archive as they are, once every text is known to be well.
pub(super) fn bag(
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
) -> Result<usize, Trouble> {
    each(texts, chosen, whole, progress, &|_| Ok(None))?;
    bag::write(&Files::new(texts.site), &|path, bytes| whole.put(path, bytes)).map_err(trouble)?;
    Ok(chosen.len())
}

/// Writes a file for each text of which `make` gives one; only so many are in memory as can be made at once.
fn each(
    texts: &Texts<'_>,
    chosen: &[TextIx],
    whole: &Whole,
    progress: &dyn Fn(usize),
    make: &(dyn Fn(Input<'_>) -> Result<Option<String>, Fault> + Sync),
) -> Result<usize, Trouble> {
    let (mut done, mut written) = (0, 0);
    for some in chosen.chunks(rayon::current_num_threads()) {
        let one = |&text: &TextIx| {
            let made = texts.with(text, |input, _| make(input))?;
            if let Some(Some(xml)) = made.transpose().map_err(trouble)? {
                whole.put(&format!("{}.xml", texts.site.texts[text].id), xml.as_bytes())?;
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
