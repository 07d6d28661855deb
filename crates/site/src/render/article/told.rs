//! What a row says of its part and the text does not print there: when it was, of a letter who wrote it to whom.

use std::fmt::Write as _;

use postil_anchor::annotation::Speaker;

use super::Writer;
use crate::render::html;
use postil_archive::index::RowIx;

/// How many bytes of a part are looked through for what its row says.
const LOOKED_THROUGH_BYTES: usize = 4_000;

impl Writer<'_> {
    /// A line above a part, of what its row says and its first words do not.
    pub(super) fn told(&mut self, row: RowIx) {
        let Some(placed) = self.input.anchored.placed(row) else { return };
        let part = &placed.part;
        let has = [part.date.is_some(), part.date_shown.is_some(), part.place.is_some()];
        let names = [part.author.as_ref(), part.recipient.as_ref()];
        if !has.contains(&true) && names.iter().all(Option::is_none) {
            return;
        }
        let words = placed.place.words(self.input.doc);
        let printed = spaced(&words[..words.floor_char_boundary(LOOKED_THROUGH_BYTES)]);
        let is_new = |words: &&String| !words.is_empty() && !printed.contains(&spaced(words));
        let site = self.input.site;
        let named = |key: &str, speaker: &Speaker| {
            let name = site.speaker(speaker).into_owned();
            (!printed.contains(&spaced(&name))).then(|| site.labelled(self.input.words.get(key), &name))
        };
        let author = part.author.as_ref().and_then(|author| named("author", author));
        let recipient = part.recipient.as_ref().and_then(|recipient| named("recipient", recipient));
        let place = part.place.as_ref().filter(is_new).cloned();
        let shown = part.date_shown.clone().or_else(|| Some(self.input.words.when(part.date?).long));
        let says: Vec<String> =
            [author, recipient, place, shown.filter(|shown| is_new(&shown))].into_iter().flatten().collect();
        if says.is_empty() {
            return;
        }
        let _ = write!(
            self.out,
            "<p class=\"lab\"{} data-generated>{}</p>",
            self.said,
            html::escaped(&says.join(" · "))
        );
    }
}

/// Words with one space between them.
fn spaced(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
