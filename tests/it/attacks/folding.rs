//! Folding keeps its way back, and what is copied from a text is found there and nowhere else.

use postil_anchor::anchor::finder::Finder;
use postil_anchor::anchor::fold::{fold, fold_with_map, is_blank};
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::{self, Passage, glossary::Glossary, words::visible_part};
use postil_anchor::annotation;
use postil_anchor::document::{self, Document, TextRange, record};
use postil_propose::propose::note::{self, Wish};

use super::super::made::archive;
use super::{Attack, bare, choice, parts};

pub(super) const ATTACK: Attack = Attack {
    name: "fold_and_place",
    try_with,
    seeds: &[
        "\u{5}The “first” of\u{ad}fice \u{a0} was so on… and\nCafe\u{301} au lait – 1,2.\u{1e}first\u{1e}",
        "\u{2}a b a b **a** b\n\n- a [...] b\u{1e}a [...] b\u{1e}furniture = [{ quote = \"- \", reason = \"r\", all = true }]\n",
        "\u{9}政府\n机构 राज्य राज\nfor-\nward inter\u{ad}\nnational\u{1e}forward\u{1e}hyphens = \"join\"\njoin = [{ at = \"p1\", to = \"next\" }]\n",
    ],
    cheap: 30,
};

fn try_with(bytes: &[u8]) {
    let (choice, rest) = choice(bytes);
    let [text, words, apparatus] = parts(rest);
    let (Ok(text), Ok(words)) = (std::str::from_utf8(text), std::str::from_utf8(words)) else { return };
    keeps_its_way_back(text);
    let layout = ["lines", "wrapped", "verse"][choice % 3];
    let files = [
        ("content/a.txt", text.as_bytes()),
        ("content/a.toml", &format!("layout = \"{layout}\"\n").into_bytes()[..]),
        ("annotations/a/apparatus.toml", apparatus),
    ];
    let archive = bare(archive(files)).value;
    let Some(file) = archive.text("a") else { return };
    let known = record::parse(file).value;
    let parsed = document::parse("a".into(), file.path.clone(), text.as_bytes(), file.format, &known);
    let Some(doc) = parsed.value else { return };
    let all = annotation::parse(&archive).value;
    let layers = Index::new(&all).layers("a", None);
    let finder = Finder::new(&doc, &layers);
    finder.nearest(words);
    for place in finder.find(words).unwrap_or_default() {
        check_shape(&doc, &place);
    }
    for place in finder.find_literal(words, "", "").unwrap_or_default() {
        check_shape(&doc, &place);
        if apparatus.is_empty() && layout == "lines" {
            assert_eq!(fold(doc.words(place.hull())), fold(words), "{words:?} in {text:?}");
        }
    }
    // Some stretch of it, copied.
    let edges: Vec<usize> = doc.visible.char_indices().map(|(at, _)| at).chain([doc.visible.len()]).collect();
    let (from, to) = (choice % edges.len(), (choice / 3 + words.len()) % edges.len());
    let hidden = anchor::resolve(&doc, &layers, &Glossary::default()).value.furniture;
    let range = TextRange::new(edges[from.min(to)], edges[from.max(to)]);
    let passage = visible_part(&doc, &hidden, range);
    if passage.ranges.is_empty() {
        return;
    }
    let Some(wording) = finder.quotation_for(&passage) else { return };
    let wish = Wish { by: vec!["A B".into()], body: "So.".into(), ..Wish::default() };
    let written = note::write(&wording, &wish);
    let mut archive = archive;
    let path = "annotations/a/copied.md";
    let added = archive.add_sidecar(path, written.clone());
    assert!(added.is_ok(), "{written}: {added:?}");
    let all = annotation::parse(&archive).value;
    let layers = Index::new(&all).layers("a", None);
    let resolved = anchor::resolve(&doc, &layers, &Glossary::default());
    let places = resolved.value.notes.iter().find(|(note, _)| &*all.notes[*note].source.path == path);
    let problems: Vec<_> = resolved.problems.iter().filter(|problem| &*problem.place.path == path).collect();
    let found = places.map(|(_, places)| &places[..]).unwrap_or_default();
    let same = |place: &Passage| {
        fold(&place.words(&doc)) == fold(&passage.words(&doc))
            && place.hull().start <= passage.end()
            && place.hull().end >= passage.start()
    };
    assert!(found.len() == 1 && same(&found[0]), "{written}\n{passage:?} {found:?} {problems:?}");
}

fn keeps_its_way_back(text: &str) {
    let folded = fold_with_map(text);
    // A mark behind a sign that is dropped stands alone until the text is folded again.
    if !text.contains(is_dropped) {
        assert_eq!(fold(&folded.text), folded.text, "{text:?} folds twice");
    }
    let (mut start, mut end) = (0, 0);
    for at in (0..=folded.text.len()).filter(|&at| folded.text.is_char_boundary(at)) {
        let (from, to) = (folded.map.start(at), folded.map.end(at));
        assert!(text.is_char_boundary(from) && text.is_char_boundary(to), "{text:?} at {at}");
        assert!(from >= start && to >= end && (at == 0 || to <= from.max(to)), "{text:?} at {at}");
        (start, end) = (from, to);
    }
}

/// What folding leaves nothing of.
fn is_dropped(c: char) -> bool {
    is_blank(c) && !c.is_whitespace()
}

fn check_shape(doc: &Document, passage: &Passage) {
    assert!(!passage.ranges.is_empty());
    assert!(passage.ranges.windows(2).all(|pair| pair[0].end < pair[1].start), "{passage:?}");
    for range in &passage.ranges {
        assert!(!range.is_empty());
        assert!(doc.block_at(range.start).text.holds(*range), "{passage:?}");
        assert!(doc.visible.is_char_boundary(range.start) && doc.visible.is_char_boundary(range.end));
    }
}
