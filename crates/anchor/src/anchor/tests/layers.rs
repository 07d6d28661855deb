//! Annotations picked out text by text.

use super::build::{note, quote};
use crate::anchor::layers::Index;
use crate::annotation::{
    Annotations, Furniture, Glob, Link, LinkEnd, Located, SharedFurniture, Topic, TopicPassage,
};
use postil_archive::diagnostic::{Source, Span};

fn located<T>(value: T) -> Located<T> {
    Located { value, span: Span::default() }
}

fn annotations() -> Annotations {
    let mut all = Annotations::default();
    for text in ["a", "b/c", "b/c", "d"] {
        let mut note = note(vec![], "x");
        note.text = text.into();
        all.notes.push(note);
    }
    let row = || Furniture { selector: quote("x"), reason: "r".to_owned() };
    let shared = |glob: &str| SharedFurniture { row: row(), texts: vec![Glob(glob.to_owned())] };
    all.furniture = vec![shared("a"), shared("b/*"), shared("**")].into();
    let passage =
        |text: &str| TopicPassage { text: located(text.into()), selector: quote("x"), why: None, date: None };
    let end = |text: &str| LinkEnd { text: located(text.into()), selector: quote("x") };
    all.topics.push(Topic {
        slug: "t".to_owned(),
        source: Source::new("t.toml", "").into(),
        title: "T".to_owned(),
        scope: None,
        parent: None,
        see: vec![],
        was: vec![],
        passages: vec![passage("a"), passage("b/c")].into(),
    });
    all.links.push(Link {
        slug: "l".to_owned(),
        source: Source::new("l.toml", "").into(),
        title: "L".to_owned(),
        relation: "refers".to_owned(),
        note: None,
        ends: vec![end("b/c"), end("b/c")].into(),
        by: vec![],
    });
    all
}

#[test]
fn each_text_gets_its_own() {
    let all = annotations();
    let index = Index::new(&all);
    let check = |text: &str, notes: &[usize], shared: &[usize], passages: &[usize], ends: &[usize]| {
        let layers = index.layers(text, None);
        assert_eq!(layers.notes.iter().map(|(i, _)| usize::from(*i)).collect::<Vec<_>>(), notes, "{text}");
        assert_eq!(layers.shared.iter().map(|(i, _)| usize::from(*i)).collect::<Vec<_>>(), shared, "{text}");
        assert_eq!(
            layers.passages.iter().map(|(_, j, _)| usize::from(*j)).collect::<Vec<_>>(),
            passages,
            "{text}"
        );
        assert_eq!(layers.ends.iter().map(|(_, j, _)| usize::from(*j)).collect::<Vec<_>>(), ends, "{text}");
    };
    check("a", &[0], &[0, 2], &[0], &[]);
    check("b/c", &[1, 2], &[1, 2], &[1], &[0, 1]);
    check("b", &[], &[2], &[], &[]);
    check("d", &[3], &[2], &[], &[]);
}
