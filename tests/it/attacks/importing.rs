//! Annotations of other tools: whatever a file of them holds, what is written stands in its text.

use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::anchor::layers::Index;
use postil_anchor::document::{self, record};
use postil_anchor::{anchor, annotation};
use postil_archive::diagnostic::{Diagnostic, Severity};
use postil_propose::propose::import::{self, Tool, Wish};

use super::super::made::archive;
use super::{Attack, MOST, bare, choice};

pub(super) const ATTACK: Attack = Attack {
    name: "import",
    try_with,
    seeds: &[
        "1[{\"id\":\"x1\",\"uri\":\"https://x.example/texts/a.html\",\"user\":\"acct:jo@h.is\",\"text\":\"A **note**\",\"tags\":[\"t\",\"new\"],\"target\":[{\"selector\":[{\"type\":\"TextQuoteSelector\",\"exact\":\"lamps were\",\"prefix\":\"The \",\"suffix\":\" lit\"}]}],\"created\":\"2020-01-02T00:00:00Z\"}]",
        "3{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"type\":\"Annotation\",\"id\":\"http://e.example/1\",\"creator\":{\"name\":\"A B\"},\"body\":[{\"type\":\"TextualBody\",\"format\":\"text/html\",\"value\":\"<p>So <b>it</b> <a href='javascript:x'>is</a> &amp; <ul><li>a</ul>\"}],\"target\":{\"source\":\"texts/a.html\",\"selector\":{\"type\":\"TextQuoteSelector\",\"exact\":\"1 The lamps\"}}}",
        "2{\"items\":[{\"type\":\"Annotation\",\"motivation\":\"questioning\",\"body\":\"Why?\",\"target\":\"texts/a.html#xywh=1,2,3,4\"},{\"body\":{\"value\":\"x\"},\"target\":{\"source\":\"a\",\"selector\":{\"type\":\"FragmentSelector\",\"value\":\"p2\"}}}]}",
        "5{\"target\":\"a\",\"body\":\"b\"}\r\n\r\n{\"target\":\"a\",\"body\":\"c\"}\r\n",
    ],
    cheap: 12,
};

const TEXT: &str = "The lamps were lit along the quay.\nNobody **saw** them; 12 of the lamps\nwere OUT. The lamps were lit again.\n";

fn try_with(bytes: &[u8]) {
    let (choice, file) = choice(&bytes[..bytes.len().min(MOST)]);
    let tool = if choice % 2 == 1 && choice % 4 == 1 { Tool::Hypothesis } else { Tool::W3c };
    let Ok(foreign) = import::read(tool, file) else { return };
    let files = archive([
        ("postil.toml", "title = \"A\"\nbase_url = \"https://x.example/\"\n"),
        ("content/a.txt", TEXT),
        ("content/a.toml", "layout = \"lines\"\n"),
        ("annotations/topics/t.toml", "title = \"T\"\n"),
    ]);
    let mut read = bare(files.clone()).value;
    let text = (choice % 3 != 0).then(|| "a".to_owned());
    let wish = Wish { text, by: Some("Jo Doe".to_owned()), topics: choice % 8 > 3 };
    let imported = import::import(&mut read, &foreign, &wish).expect("memory can be read");
    let made: Vec<_> = imported.files.iter().chain(&imported.topics).chain(&imported.drafts).collect();
    let mut all = files;
    for file in &made {
        let path = file.path.as_str();
        assert!(path.starts_with("annotations/") && !path.contains(".."), "{path}");
        if imported.drafts.iter().any(|draft| draft.path == file.path) {
            continue;
        }
        let before = all.insert(file.path.clone(), file.text.clone().into_bytes());
        assert!(before.is_none(), "{path} is there already");
    }
    for (path, (old, new)) in &imported.changed {
        let before = all.insert(path.clone(), new.clone().into_bytes());
        assert_eq!(before.as_deref(), Some(old.as_bytes()), "{path}");
    }
    let mut problems: Vec<Diagnostic> = Vec::new();
    let read = bare(all.clone()).take(&mut problems);
    let annotations = annotation::parse(&read).take(&mut problems);
    let file = read.text("a").expect("it is there");
    let known = record::parse(file).value;
    let doc = document::parse("a".into(), file.path.clone(), TEXT.as_bytes(), file.format, &known).value;
    let doc = doc.expect("it has words");
    let layers = Index::new(&annotations).layers("a", None);
    problems.extend(anchor::resolve(&doc, &layers, &Glossary::default()).problems);
    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{:#?}", imported.files);
    // Again: it is all there.
    let mut read = read;
    let again = import::import(&mut read, &foreign, &wish).expect("memory can be read");
    assert!(again.files.is_empty() && again.changed.is_empty(), "{again:#?}");
}
