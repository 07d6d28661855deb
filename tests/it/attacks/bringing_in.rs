//! Other people's files: whatever they hold, the texts that are made of them are texts of an archive.

use std::collections::BTreeMap;

use postil_anchor::document::{self, record};
use postil_archive::archive::name;
use postil_archive::diagnostic::Severity;
use postil_intake::bring::{self, Brought};
use postil_intake::draft::Incoming;
use postil_intake::plan;
use postil_site::proof;

use super::super::made::{Files, archive};
use super::{Attack, bare, choice, parts};

pub(super) const ATTACK: Attack = Attack {
    name: "intake",
    try_with,
    seeds: &[
        "0<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt><title>T</title><author>A</author></titleStmt><publicationStmt><p/></publicationStmt><sourceDesc><p/></sourceDesc></fileDesc></teiHeader><text><body><div type=\"act\"><head>Act</head><sp who=\"#a\"><speaker>A</speaker><l n=\"1\">One <hi>line</hi></l><l>two</l></sp><p>Words<note>n</note><pb n=\"2\"/>more <choice><sic>teh</sic><corr>the</corr></choice></p><table><row><cell>1</cell></row></table></div></body></text></TEI>",
        "1<!DOCTYPE html><title>T</title><h1>H</h1><p>One<br>two <script>x()</script><sup><a href=#fn1>1</a></sup></p><ol start=3><li>a<li>b</ol><table><tr><th>x<td>1</table><blockquote>q</blockquote><p id=fn1>note</p>",
        "2CHAPTER I.\n\nThe lamps\nwere lit.\n\n*** END OF THE PROJECT ***\n\u{c}12\n",
        "3---\ntitle: T\n---\n# Head\n\nWords[^1]\n\n[^1]: note\n",
        "4<publicwhip><major-heading id=\"1\">H</major-heading><speech id=\"2\" speakername=\"A B\" time=\"10:00\"><p>Words <i>x</i></p></speech></publicwhip>",
        "5WEBVTT\n\n00:01.000 --> 00:02.000\n<v A B>Words\n",
        "6id,title,date\na,T,1821\n",
        "7{\"texts\":[{\"id\":\"a\",\"title\":\"T\",\"text\":\"Words\"}]}",
    ],
    cheap: 25,
};

const NAMES: [&str; 10] = [
    "tei.xml",
    "Page One.html",
    "plain.txt",
    "marked.md",
    "debate.xml",
    "turns.vtt",
    "table.csv",
    "texts.json",
    "λόγος.xhtml",
    "book.epub",
];

fn try_with(bytes: &[u8]) {
    let (which, rest) = choice(bytes);
    let [file, split] = parts(rest);
    let file_name = NAMES[(which + NAMES.len() - usize::from(b'0') % NAMES.len()) % NAMES.len()];
    let incoming =
        [Incoming { path: format!("in/{file_name}"), name: file_name.to_owned(), bytes: file.to_vec() }];
    let split = std::str::from_utf8(split).ok().filter(|split| !split.is_empty());
    let wish = bring::Wish {
        split: split.and_then(|split| bring::Expression::new(split).ok()),
        limit: 1 << 20,
        ..bring::Wish::default()
    };
    let Ok(brought) = bring::bring(&incoming, &[true], &wish) else { return };
    let Brought { drafts, collections, .. } = brought;
    let before = archive([("content/there.txt", "It is there.\n")]);
    let read = bare(before.clone()).value;
    let plan_wish = plan::Wish { collections, ..plan::Wish::default() };
    let Ok(plan) = plan::plan(&read, &incoming, drafts, &plan_wish).expect("memory can be read") else {
        return;
    };
    let mut files = before;
    for (path, bytes) in plan.files {
        assert!(path.starts_with("content/") || path.starts_with("annotations/"), "{path}");
        assert!(!path.contains(".."), "{path}");
        let there = files.insert(path.clone(), bytes);
        assert!(there.is_none(), "{path} is there already");
    }
    are_texts(files, &plan.texts);
}

fn are_texts(files: Files, lines: &[plan::Line]) {
    let mut problems = Vec::new();
    let read = bare(files).take(&mut problems);
    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let texts: BTreeMap<&str, _> = read.texts.iter().map(|text| (&*text.id, text)).collect();
    for line in lines {
        assert!(line.id.split('/').all(name::is_slug), "{}", line.id);
        let text = texts.get(&*line.id).unwrap_or_else(|| panic!("{} is no text", line.id));
        let known = record::parse(text);
        let errors: Vec<_> =
            known.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let bytes = read.load(text).expect("memory can be read").value.expect("it is not too large");
        let parsed = document::parse(text.id.clone(), text.path.clone(), &bytes, text.format, &known.value);
        let doc = parsed.value.unwrap_or_else(|| panic!("{}: {:#?}", line.id, parsed.problems));
        assert!(proof::bytes(&doc).is_none(), "{}", line.id);
        assert_eq!(doc.blocks.len(), line.blocks, "{}", line.id);
    }
}
