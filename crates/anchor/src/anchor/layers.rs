//! Which annotations belong to which text.

use rustc_hash::FxHashMap;

use super::{Layers, glob};
use crate::annotation::{Annotations, Apparatus, Level, LinkEnd, TopicPassage};
use postil_archive::index::{EndIx, LinkIx, PassageIx, TopicIx};
use postil_archive::sidecar::date::Date;

/// All annotations, ready to be picked out text by text; made once, shared by all threads.
#[derive(Debug)]
pub struct Index<'a> {
    all: &'a Annotations,
    passages: FxHashMap<&'a str, Vec<(TopicIx, PassageIx, &'a TopicPassage)>>,
    ends: FxHashMap<&'a str, Vec<(LinkIx, EndIx, &'a LinkEnd)>>,
}

impl<'a> Index<'a> {
    /// Sorts passages and ends by text; notes and apparatuses are sorted already.
    pub fn new(all: &'a Annotations) -> Self {
        let mut index = Self { all, passages: FxHashMap::default(), ends: FxHashMap::default() };
        for (i, topic) in all.topics.iter_enumerated() {
            for (j, passage) in topic.passages.iter_enumerated() {
                index.passages.entry(&passage.text.value).or_default().push((i, j, passage));
            }
        }
        for (i, link) in all.links.iter_enumerated() {
            for (j, end) in link.ends.iter_enumerated() {
                index.ends.entry(&end.text.value).or_default().push((i, j, end));
            }
        }
        index
    }

    /// What apparatuses say of a text: those of the folders around it, then its own.
    fn apparatuses(&self, text: &str) -> Vec<&'a Apparatus> {
        let all = &self.all.apparatuses;
        let mut found = Vec::new();
        let folders = std::iter::once("").chain(text.match_indices('/').map(|(end, _)| &text[..end]));
        for (of, level) in folders.map(|folder| (folder, true)).chain([(text, false)]) {
            let from = all.partition_point(|apparatus| &*apparatus.text < of);
            let here = all[from..].iter().take_while(|apparatus| &*apparatus.text == of);
            found.extend(here.filter(|apparatus| (apparatus.level == Level::Folder) == level));
        }
        found
    }

    /// The annotations of one text.
    pub fn layers(&self, text: &str, date: Option<Date>) -> Layers<'a> {
        let Annotations { furniture, .. } = self.all;
        let shared = furniture.iter_enumerated().filter(|(_, row)| glob::any_matches(&row.texts, text));
        Layers {
            date,
            apparatuses: self.apparatuses(text),
            shared: shared.map(|(i, row)| (i, &row.row)).collect(),
            notes: self.all.notes_of(text).collect(),
            passages: self.passages.get(text).cloned().unwrap_or_default(),
            ends: self.ends.get(text).cloned().unwrap_or_default(),
            all: self.all,
        }
    }
}
