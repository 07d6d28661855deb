//! Texts that go out as XML and come in again: the same bytes, the same records, notes and rows.
//!
//! What is made lies in `target/tmp/xml` afterwards, for validators (`tests/validate`).

use std::collections::BTreeMap;
use std::path::PathBuf;

use postil::compile::{self, Options, Texts};
use postil_archive::archive::{Archive, SidecarKind};
use postil_archive::diagnostic::Error;
use postil_export::files::Files;
use postil_export::{akoma, bag, tei};
use postil_intake::bring::{self, Wish};
use postil_intake::draft::Incoming;
use postil_intake::plan;

use super::generated::making;
use super::made::{self, archive};
use super::nothing_lost::markdown;

/// Where the files of an archive that is called so are put for validators.
fn folder(kind: &str, name: &str) -> PathBuf {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("xml").join(kind).join(name)
}

/// The TEI files of all texts that can be read, and of the archive: path and bytes.
fn as_tei(files: made::Files) -> BTreeMap<String, String> {
    let archive = Archive::from_memory(files, postil::theme::default_theme()).value;
    let work = |texts: &Texts<'_>| {
        let files = Files::new(texts.site);
        let mut out = BTreeMap::new();
        for (index, plan) in texts.site.texts.iter_enumerated() {
            let made = texts.with(index, |input, _| tei::text(&files, input))?;
            if let Some(xml) = made {
                out.insert(format!("{}.xml", plan.id), xml.unwrap());
            }
        }
        out.insert(tei::ARCHIVE.to_owned(), tei::archive(&files).unwrap());
        Ok::<_, Error>(out)
    };
    compile::texts(&archive, &Options::default(), work).unwrap().0
}

/// The same as Akoma Ntoso, of those in which somebody speaks.
fn as_debates(files: made::Files) -> BTreeMap<String, String> {
    let archive = Archive::from_memory(files, postil::theme::default_theme()).value;
    let work = |texts: &Texts<'_>| {
        let files = Files::new(texts.site);
        let mut out = BTreeMap::new();
        for (index, plan) in texts.site.texts.iter_enumerated() {
            let made = texts.with(index, |input, _| akoma::text(&files, input))?;
            if let Some(xml) = made.and_then(Result::unwrap) {
                out.insert(format!("{}.xml", plan.id), xml);
            }
        }
        Ok::<_, Error>(out)
    };
    compile::texts(&archive, &Options::default(), work).unwrap().0
}

/// What `postil add` makes of files in an archive of its own.
fn added(xml: &BTreeMap<String, String>) -> made::Files {
    let archive =
        Archive::from_memory(archive([("postil.toml", made::CONFIG)]), postil::theme::default_theme());
    let incoming: Vec<Incoming> = xml
        .iter()
        .map(|(name, xml)| Incoming {
            path: name.clone(),
            name: name.clone(),
            bytes: xml.as_bytes().to_vec(),
        })
        .collect();
    let named = vec![true; incoming.len()];
    let brought = bring::bring(&incoming, &named, &Wish { limit: 1 << 20, ..Wish::default() }).unwrap();
    let wish = plan::Wish { collections: brought.collections, files: brought.files, ..plan::Wish::default() };
    let plan = plan::plan(&archive.value, &incoming, brought.drafts, &wish).unwrap();
    plan.unwrap().files.into_iter().collect()
}

/// That the texts of an archive come back, with all that belongs to them; how many there are.
#[track_caller]
fn comes_back(name: &str, files: &made::Files) -> usize {
    comes_back_as(name, files, "akn", &as_debates(files.clone()));
    let xml = as_tei(files.clone());
    comes_back_as(name, files, "tei", &xml);
    xml.len() - 1
}

#[track_caller]
fn comes_back_as(name: &str, files: &made::Files, kind: &str, xml: &BTreeMap<String, String>) {
    for (path, xml) in xml {
        let path = folder(kind, name).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, xml).unwrap();
    }
    let back = added(xml);
    let ids: Vec<&str> = xml.keys().filter_map(|path| path.strip_suffix(".xml")).collect();
    for (path, bytes) in &back {
        let shown = String::from_utf8_lossy(bytes);
        let expected = files.get(path).unwrap_or_else(|| panic!("{name}: `{path}` was not there:\n{shown}"));
        assert_eq!(shown, String::from_utf8_lossy(expected), "{name}: {path}");
        assert!(bytes == expected, "{name}: {path}");
    }
    let archive = Archive::from_memory(files.clone(), postil::theme::default_theme()).value;
    let texts = archive.texts.iter().filter(|text| ids.contains(&&*text.id));
    let of_texts = texts.flat_map(|text| [Some(&text.path), text.record.as_ref().map(|record| &record.path)]);
    let sidecars = archive.sidecars.iter().filter(|sidecar| match &sidecar.kind {
        SidecarKind::Note { text, .. } | SidecarKind::Apparatus { text } | SidecarKind::Derived { text } => {
            ids.contains(&&**text)
        }
        _ => kind == "tei",
    });
    for path in of_texts.flatten().chain(sidecars.map(|sidecar| &sidecar.source.path)) {
        assert!(back.contains_key(&**path), "{name}: `{path}` did not come back");
    }
}

#[test]
fn the_first_archive_comes_back() {
    let mut files = made::Files::new();
    for folder in ["content", "annotations"] {
        let found = super::files(&super::repository(folder)).into_iter();
        files.extend(found.map(|(path, bytes)| (format!("{folder}/{path}"), bytes)));
    }
    files.insert("postil.toml".to_owned(), std::fs::read(super::repository("postil.toml")).unwrap());
    let back = added(&as_tei(files.clone()));
    assert_eq!(comes_back("first", &files), 5);
    files.remove("postil.toml");
    assert!(back == files, "not the same files");
}

#[test]
fn archives_of_all_kinds_come_back() {
    let mut texts = 0;
    for (name, files) in super::cases::archives().into_iter().chain(super::mistakes::archives()) {
        texts += comes_back(&name, &files);
    }
    for seed in 1..=20 {
        texts += comes_back(&format!("made up {seed}"), &making::made_up(seed).files);
    }
    assert!(texts > 200, "{texts}");
}

#[test]
fn texts_with_any_characters_come_back() {
    let words = "One & <two> ]]> \u{b}three\u{c}\u{1}?> -- \u{feff}\u{fffe}\u{85}\u{2028}four.";
    let mut files = archive([("postil.toml", made::CONFIG)]);
    for (i, layout) in ["lines", "wrapped", "verse"].iter().enumerate() {
        for (j, end) in ["\n", "\r\n", "\r", "\r\n\r", "\n\r\n"].iter().enumerate() {
            let id = format!("t-{i}-{j}");
            let text =
                format!("  {words}{end}{end}\t{words}{end} {words}{end}\u{a0}{end}\u{3000}x{end}{end}");
            files.insert(format!("content/{id}.txt"), text.into_bytes());
            files.insert(
                format!("content/{id}.toml"),
                format!("layout = \"{layout}\"\r\n# é\r\n").into_bytes(),
            );
        }
    }
    let encoded = [
        ("latin", "windows-1252", b"\xe9t\xe9 \x80 \xad\n".to_vec()),
        // Another two bytes mean the same sign, and are what it would be written as.
        ("japanese", "shift_jis", b"\x87\x90 a\n".to_vec()),
        ("wide", "utf-16le", b"\xff\xfea\x00\r\x00\n\x00b\x00".to_vec()),
        ("wide-plain", "utf-16be", b"\x00a\x00\n\x00b".to_vec()),
        ("marked", "utf-8", b"\xef\xbb\xbfA word.\n".to_vec()),
    ];
    for (id, encoding, bytes) in encoded {
        files.insert(format!("content/{id}.txt"), bytes);
        let record = format!("layout = \"lines\"\nencoding = \"{encoding}\"\n");
        files.insert(format!("content/{id}.toml"), record.into_bytes());
    }
    let marks = "# A *b* &amp; c\n\n> - x\n>   1. y\n\n~~~ rust\ncode\n~~~\n\n[l]: /x 'T'\n[a][l] ![p](q \"t\")\\\nnext `c  c`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\nf[^1] &eacute;&#0;\n\n[^1]: note\n";
    files.insert("content/marks.md".to_owned(), marks.into());
    files.insert("content/marks-crlf.md".to_owned(), marks.replace('\n', "\r\n").into_bytes());
    files.insert(
        "annotations/marks/n.md".to_owned(),
        b"+++\nby = \"A <&> B\"\n+++\n> code\n\nA \x0b *b* <i>\n".to_vec(),
    );
    assert_eq!(comes_back("any characters", &files), 22);
}

#[test]
fn markdown_comes_back() {
    let mut files = archive([("postil.toml", made::CONFIG)]);
    for seed in 0..60 {
        files.insert(format!("content/made-{seed}.md"), markdown::made_up(seed).raw.into_bytes());
        files.insert(format!("content/scrambled-{seed}.md"), markdown::scrambled(seed).into_bytes());
    }
    assert!(comes_back("markdown", &files) > 100);
}

/// The notes of a file, path and text, and what is told of it.
fn notes_of(xml: &str) -> (Vec<(String, String)>, Vec<String>) {
    let incoming =
        Incoming { path: "a.xml".to_owned(), name: "a.xml".to_owned(), bytes: xml.as_bytes().to_vec() };
    let wish = Wish { limit: 1 << 20, ..Wish::default() };
    let drafts = bring::bring(&[incoming], &[true], &wish).unwrap().drafts;
    let told = drafts[0].doubts.clone();
    let files = added(&BTreeMap::from([("a.xml".to_owned(), xml.to_owned())]));
    let notes =
        files.into_iter().filter(|(path, _)| path.starts_with("annotations/") && path.ends_with(".md"));
    (notes.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect(), told)
}

#[test]
fn notes_that_somebody_has_written_beside_a_text_in_tei_become_notes() {
    let annotation = |id: &str, target: &str, says: &str| {
        format!(
            "<annotation xml:id=\"{id}\" motivation=\"commenting\" resp=\"#jo\" target=\"{target}\"><note>{says}</note></annotation>"
        )
    };
    let beside: String = [
        annotation("n1", "#string-range(one,4,3)", "The first of them."),
        annotation("n2", "#string-range(two,8,3)", "<label>Second</label><p>One.</p><p>Two *stars*.</p>"),
        annotation("n3", "#one", "All of it."),
        annotation("n4", "#string-range(one,0,3) #string-range(two,4,3)", "Two places."),
        annotation("n5", "#t", "On the whole."),
        annotation("n6", "#nowhere", "Lost."),
        annotation("n7", "#string-range(one,400,3)", "Lost too."),
        annotation("n8", "https://a.example/b#c", "Elsewhere."),
        "<annotation motivation=\"classifying\" target=\"#one\"><note>A topic.</note></annotation>"
            .to_owned(),
    ]
    .concat();
    let xml = format!(
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt><title>T</title>\
         <respStmt xml:id=\"jo\"><resp>notes</resp><name>Jo Reader</name></respStmt></titleStmt></fileDesc></teiHeader>\
         <standOff><listAnnotation>{beside}</listAnnotation></standOff>\
         <text xml:id=\"t\"><body><p xml:id=\"one\">One cat\n  sat.</p><p xml:id=\"two\">Two dog dog barked.</p></body></text></TEI>"
    );
    let (notes, told) = notes_of(&xml);
    let notes: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let by = "+++\nby = \"Jo Reader\"\n";
    assert_eq!(
        notes,
        [
            ("annotations/a/n1.md", &*format!("{by}+++\n> cat\n\nThe first of them.\n")),
            (
                "annotations/a/n2.md",
                &*format!("{by}at = \"p2\"\nnth = 2\n+++\n> dog\n\n**Second**\n\nOne.\n\nTwo \\*stars\\*.\n")
            ),
            ("annotations/a/n3.md", &*format!("{by}+++\n> One cat sat.\n\nAll of it.\n")),
            ("annotations/a/n5.md", &*format!("{by}on = \"text\"\n+++\n\nOn the whole.\n")),
        ],
    );
    assert_eq!(
        told,
        [
            "the note `n4` stands on “dog” among others, which the text has several times: not taken over",
            "the note `n6` points to `nowhere`, which is not there: not taken over",
            "the note `n7` points to `#string-range(one,400,3)`, where there are no words: not taken over",
            "the note `n8` points to `https://a.example/b#c`: not taken over",
        ]
    );

    // In a file that postil wrote, what comes with the text stays, and what is new comes beside it.
    let files = archive([
        ("content/c/a.txt", "A cat and a cat.\n\nOne dog.\n"),
        ("annotations/c/a/old.md", "+++\nby = \"A B\"\n+++\n> dog\n\nOld.\n"),
    ]);
    let xml = &as_tei(files)["c/a.xml"];
    let (notes, told) = notes_of(xml);
    assert_eq!((notes.len(), told.len()), (1, 0));
    let new = "<annotation resp=\"Jo\" target=\"#string-range(p1,12,3)\"><note>New.</note></annotation></listAnnotation>";
    let (notes, told) = notes_of(&xml.replacen("</listAnnotation>", new, 1));
    let (path, text) = notes.iter().find(|(path, _)| !path.ends_with("/old.md")).unwrap();
    assert_eq!(
        (path.as_str(), text.as_str()),
        ("annotations/c/a/cat.md", "+++\nby = \"Jo\"\nat = \"p1\"\nnth = 2\n+++\n> cat\n\nNew.\n")
    );
    assert!(told.is_empty() && notes.len() == 2);
}

#[test]
fn a_bag_holds_every_file_of_the_archive_and_its_sums_are_right() {
    let archive = postil::theme::read(&super::repository("")).unwrap().value;
    let bag = std::cell::RefCell::new(BTreeMap::new());
    let put = |path: &str, bytes: &[u8]| {
        assert!(bag.borrow_mut().insert(path.to_owned(), bytes.to_vec()).is_none(), "{path}");
        Ok(())
    };
    let work = |texts: &Texts<'_>| {
        bag::write(&Files::new(texts.site), &put).unwrap();
        Ok::<_, Error>(())
    };
    compile::texts(&archive, &Options::default(), work).unwrap();
    let bag = bag.into_inner();
    let text = |path: &str| String::from_utf8(bag[path].clone()).unwrap();
    for (manifest, payload) in [("manifest-sha256.txt", true), ("tagmanifest-sha256.txt", false)] {
        let lines: BTreeMap<String, String> = text(manifest)
            .lines()
            .map(|line| line.split_once("  ").map(|(sum, path)| (path.to_owned(), sum.to_owned())).unwrap())
            .collect();
        let expected = bag
            .keys()
            .filter(|path| path.starts_with("data/") == payload && *path != "tagmanifest-sha256.txt");
        assert_eq!(lines.keys().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        for (path, sum) in lines {
            assert_eq!(postil_anchor::document::checksum(&bag[&path]), sum, "{path}");
        }
    }
    for folder in ["content", "annotations"] {
        for (path, bytes) in super::files(&super::repository(folder)) {
            assert!(bag[&format!("data/archive/{folder}/{path}")] == bytes, "{path}");
        }
    }
    let described: serde_json::Value = serde_json::from_str(&text("data/ro-crate-metadata.json")).unwrap();
    let ids: Vec<&str> =
        described["@graph"].as_array().unwrap().iter().filter_map(|one| one["@id"].as_str()).collect();
    for path in bag.keys().filter_map(|path| path.strip_prefix("data/")) {
        assert!(ids.contains(&path), "{path} is not described");
    }
}
