//! `postil note`, `new`, `init` and `import`: what they write is right, or nothing is written.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use postil_anchor::anchor::finder::Finder;
use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::words::visible_part;
use postil_anchor::anchor::{self, Passage};
use postil_anchor::annotation;
use postil_anchor::document::TextRange;
use postil_archive::archive::Archive;
use postil_propose::propose::note::{self, Wish};
use postil_propose::propose::prove::{self, Text};

use super::checking::write;
use super::command::postil;
use super::random::Random;
use super::{files, made, repository};

/// A stretch of 2 to 40 words of a text, as the reading view has them.
fn stretch(text: &Text, words: &[TextRange], furniture: &[anchor::Hidden], dice: &mut Random) -> Passage {
    let first = dice.below(words.len() - 1);
    let last = (first + 1 + dice.below(39)).min(words.len() - 1);
    visible_part(&text.doc, furniture, TextRange::new(words[first].start, words[last].end))
}

fn words(text: &Text) -> Vec<TextRange> {
    let visible = &text.doc.visible;
    let mut words: Vec<TextRange> = Vec::new();
    for (at, c) in visible.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        match words.last_mut() {
            Some(word) if word.end == at => word.end = at + c.len_utf8(),
            _ => words.push(TextRange::new(at, at + c.len_utf8())),
        }
    }
    words
}

/// A thousand quotations from the archive's texts: each is written, and all of
/// them, read as a build reads them, stand exactly where they were taken from.
#[test]
fn a_thousand_quotations_stand_where_they_were_taken_from() {
    let mut archive = postil::theme::read(&repository("")).unwrap().value;
    let before = annotation::parse(&archive).value;
    let texts: Vec<Text> =
        archive.texts.iter().map(|file| prove::load(&archive, file).unwrap().unwrap()).collect();
    let mut dice = Random::new(1);
    let mut wanted = Vec::new();
    for text in &texts {
        let layers = Index::new(&before).layers(&text.doc.id, text.date);
        let furniture = anchor::resolve(&text.doc, &layers, &Glossary::default()).value.furniture;
        let finder = Finder::new(&text.doc, &layers);
        let words = words(text);
        let mut count = 0;
        while count < 200 {
            let passage = stretch(text, &words, &furniture, &mut dice);
            let quoted = passage.words(&text.doc);
            let is_quotable =
                quoted.chars().any(char::is_alphanumeric) && passage.block_count(&text.doc) <= 10;
            if !is_quotable {
                continue;
            }
            let places = finder.find(&quoted).unwrap_or_else(|problem| panic!("{quoted}: {problem:?}"));
            assert!(places.contains(&passage), "{quoted} is not where it was taken from");
            let wording = finder.quotation_for(&passage).unwrap_or_else(|| panic!("{quoted}: no wording"));
            let wish = Wish { by: vec!["A B".into()], body: "So.".into(), ..Wish::default() };
            let path = format!("annotations/{}/random-{count}.md", text.doc.id);
            archive.add_sidecar(&path, note::write(&wording, &wish)).unwrap();
            wanted.push((path, passage));
            count += 1;
        }
    }
    assert_eq!(wanted.len(), 1000);
    let all = annotation::parse(&archive);
    assert_eq!(all.problems, []);
    let index = Index::new(&all.value);
    let mut placed = std::collections::BTreeMap::new();
    for text in &texts {
        let layers = index.layers(&text.doc.id, text.date);
        let anchored = anchor::resolve(&text.doc, &layers, &Glossary::default()).value;
        for (note, places) in anchored.notes {
            placed.insert(all.value.notes[note].source.path.to_string(), places);
        }
    }
    let wrong: Vec<&String> = wanted
        .iter()
        .filter(|(path, passage)| placed[path] != [passage.clone()])
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Exit code, answer, messages.
fn run(folder: &Path, args: &[&str], envs: &[(&str, &str)]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = postil(folder, args).envs(envs.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// An archive whose one text has "cat" twice.
fn write_archive(folder: &Path) {
    super::cases::write_smallest_archive(folder);
    write(folder, "content/a.txt", "A cat.\n\nThe cat and a dog.\n");
}

fn read(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).unwrap()
}

#[test]
fn a_note_is_written_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let args = ["note", "a", "a dog", "--by", "A B", "--body", "It barks."];
    let (code, answer, told) = run(folder.path(), &args, &[]);
    assert_eq!((code, told.as_str()), (0, ""));
    assert_eq!(answer, "./annotations/a/a-dog.md\n");
    assert_eq!(
        read(folder.path(), "annotations/a/a-dog.md"),
        "+++\nby = \"A B\"\n+++\n> a dog\n\nIt barks.\n"
    );
    let (code, ..) = run(folder.path(), &["check"], &[]);
    assert_eq!(code, 0);

    // Without a body it is written too, and says what is still to do.
    let (code, _, told) = run(folder.path(), &["note", "content/a.txt", "The", "--by", "A B"], &[]);
    assert_eq!(code, 0);
    assert!(told.starts_with("still to do: write something below the quotation"), "{told}");
}

#[test]
fn nothing_is_guessed_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let before = files(folder.path());
    let refused = |args: &[&str], expected: &str| {
        let (code, answer, told) = run(folder.path(), args, &[]);
        assert_eq!((code, answer.as_str()), (2, ""), "{args:?}: {told}");
        assert!(told.contains(expected), "{args:?}: {told}");
        assert!(!told.contains("`postil fix`"), "{args:?} speaks of mending what is not there: {told}");
        assert!(files(folder.path()) == before, "{args:?} wrote something");
    };
    let by = |args: &[&'static str]| [args, &["--by", "A B"]].concat();
    refused(&by(&["note", "a", "cat"]), "  1  p1 (line 1): … A [cat]. The cat and a dog. …\n");
    refused(&by(&["note", "a", "cat"]), "the words stand in 2 places: nothing was written");
    refused(&by(&["note", "a", "cat", "--nth", "3"]), "there is no place 3");
    refused(&by(&["note", "a", "cow"]), "quote-not-found");
    refused(&by(&["note", "b", "cat"]), "the archive has no text `b`");
    refused(&by(&["note", "a", "dog", "--kind", "contxt"]), "did you mean `context`?");
    refused(&by(&["note", "a", "dog", "--slug", "../../x"]), "choose another name with `--slug`");
    refused(&by(&["note", "a", "dog", "--slug", "A Dog"]), "such as `--slug a-dog`");
    refused(&by(&["note", "a", "A", "cat"]), "in quotation marks");
    refused(&by(&["note", "a", "dog", "--body", "See [[pug]]."]), "unknown-term");
    refused(&["new", "term", "Dog", "--kind", "body", "--definition", "See [[pug]]."], "unknown-term");
    refused(&by(&["note", "a", "dog", "--edit"]), "no editor is named");
    refused(&["note", "a", "dog"], "who writes the note?");
    refused(&["new", "link", "L", "--relation", "x"], "two ends or more");
    refused(&["new", "topic", "T", "--passage", "a", "cat"], "2 places");
}

/// What stands on a terminal, after somebody gave these answers, and the exit code.
fn on_a_terminal(folder: &Path, args: &[&str], answers: &str) -> (i32, String) {
    let words: Vec<String> = args.iter().map(|word| format!("'{word}'")).collect();
    let command = format!("'{}' {}", env!("CARGO_BIN_EXE_postil"), words.join(" "));
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &command, "/dev/null"]).current_dir(folder);
    let mut running = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    let Output { status, stdout, .. } = running.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap())
}

#[test]
fn a_place_is_chosen_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let args = ["note", "a", "cat", "--by", "A B", "--body", "It purrs."];
    let before = files(folder.path());
    let (code, told) = on_a_terminal(folder.path(), &args, "the second\n3\n\n");
    assert_eq!(code, 2, "{told}");
    assert_eq!(told.matches("a number from 1 to 2, or nothing").count(), 2, "{told}");
    assert_eq!(told.matches("A [cat].").count(), 1, "the places are listed once: {told}");
    assert!(told.contains("no place was chosen: nothing was written"), "{told}");
    assert!(files(folder.path()) == before, "something was written");

    let (code, told) = on_a_terminal(folder.path(), &args, "b\n2\n");
    assert_eq!(code, 0, "{told}");
    assert!(read(folder.path(), "annotations/a/cat.md").contains("> **cat** and\n"), "{told}");
    let (code, ..) = run(folder.path(), &["check"], &[]);
    assert_eq!(code, 0);
}

#[test]
fn an_import_of_which_nothing_became_a_note_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let annotation = |exact: &str| {
        let selector = format!(r#"{{ "type": "TextQuoteSelector", "exact": "{exact}" }}"#);
        let target = format!(r#"{{ "source": "https://example.org/texts/a.html", "selector": {selector} }}"#);
        format!(r#"{{ "type": "Annotation", "body": "It barks.", "target": {target} }}"#)
    };
    write(folder.path(), "none.json", &format!("[{}]", annotation("a cow")));
    write(folder.path(), "one.json", &format!("[{}, {}]", annotation("a cow"), annotation("a dog")));
    let args = |file| ["import", "w3c", file, "--text", "a", "--by", "A B"];
    let (code, answer, told) = run(folder.path(), &args("none.json"), &[]);
    assert_eq!((code, answer.as_str()), (2, ""), "{told}");
    assert!(told.contains("nothing in `none.json` became a note"), "{told}");
    let (code, answer, told) = run(folder.path(), &args("one.json"), &[]);
    assert_eq!((code, answer.lines().count()), (0, 1), "{told}");
    assert!(told.contains("1 of 2 written"), "{told}");
}

#[test]
fn a_dry_run_shows_the_file() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let before = files(folder.path());
    let args = ["note", "a", "cat", "--nth", "2", "--by", "A B", "--dry-run"];
    let (code, answer, told) = run(folder.path(), &args, &[]);
    assert_eq!((code, answer.as_str()), (0, "+++\nby = \"A B\"\n+++\n> **cat** and\n"));
    assert!(told.contains("this would be `annotations/a/cat.md`"), "{told}");
    assert!(files(folder.path()) == before);
}

/// What somebody makes of a file in the editor is looked at again.
#[cfg(unix)]
#[test]
fn an_edited_note_is_checked() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let editor = |name: &str, script: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let args = |slug| ["note", "a", "dog", "--by", "A B", "--edit", "--slug", slug];
    let good = editor("good", "[ \"$1\" = --wait ] && echo 'It barks.' >> \"$2\"");
    let (code, _, told) = run(folder.path(), &args("one"), &[("EDITOR", &format!("{good} --wait"))]);
    assert_eq!((code, told.as_str()), (0, ""));
    assert!(read(folder.path(), "annotations/a/one.md").ends_with("It barks.\n"));
    let bad = editor("bad", "printf '+++\\nby = \"A B\"\\n+++\\n> cow\\n\\nMoo.\\n' > \"$1\"");
    let (code, _, told) = run(folder.path(), &args("two"), &[("VISUAL", &bad), ("EDITOR", "none")]);
    assert_eq!(code, 1);
    assert!(told.contains("error[quote-not-found]") && told.contains("annotations/a/two.md:4:1"), "{told}");
}

/// Nothing is written through a link that leads elsewhere.
#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    std::fs::create_dir(folder.path().join("annotations")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("annotations/a")).unwrap();
    let (code, _, told) = run(folder.path(), &["note", "a", "dog", "--by", "A B"], &[]);
    assert_eq!(code, 2);
    assert!(told.contains("is not a folder"), "{told}");
    assert_eq!(files(elsewhere.path()), []);
}

#[test]
fn entries_are_written() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let made = |args: &[&str], path: &str, text: &str| {
        let (code, answer, told) = run(folder.path(), args, &[]);
        assert_eq!((code, answer), (0, format!("./{path}\n")), "{told}");
        assert_eq!(read(folder.path(), path), text);
    };
    made(
        &["new", "term", "poodle", "--kind", "animal", "--definition", "It barks."],
        "annotations/glossary/poodle.toml",
        "term       = \"poodle\"\nkind       = \"animal\"\ndefinition = \"It barks.\"\n",
    );
    made(
        &["new", "topic", "Dogs", "--passage", "a", "a dog"],
        "annotations/topics/dogs.toml",
        "title = \"Dogs\"\n\n[[passage]]\ntext  = \"a\"\nquote = \"a dog\"\n",
    );
    made(
        &["new", "link", "Cats", "--relation", "follows", "--end", "a", "A cat", "--end", "a", "The cat"],
        "annotations/links/cats.toml",
        "title    = \"Cats\"\nrelation = \"follows\"\n\n[[end]]\ntext  = \"a\"\nquote = \"A cat\"\n\n\
         [[end]]\ntext  = \"a\"\nquote = \"The cat\"\n",
    );
    made(
        &["new", "contributor", "A B", "--role", "Reader"],
        "annotations/contributors/a-b.toml",
        "name = \"A B\"\nrole = \"Reader\"\n",
    );
    let (code, answer, _) = run(folder.path(), &["check", "--format", "short"], &[]);
    assert_eq!(code, 0, "{answer}");
    let (code, _, told) = run(folder.path(), &["new", "topic", "Dogs"], &[]);
    assert_eq!(code, 2);
    assert!(told.contains("`annotations/topics/dogs.toml` is there already"), "{told}");
    let (_, _, told) = run(folder.path(), &["new", "term", "kitten", "--kind", "animal"], &[]);
    assert!(told.starts_with("still to do: write in a sentence or two what it is"), "{told}");
}

#[test]
fn a_new_archive_is_ready_to_build() {
    let folder = tempfile::tempdir().unwrap();
    let (code, answer, told) = run(folder.path(), &["init", "new"], &[]);
    assert_eq!((code, answer.as_str()), (0, ""), "{told}");
    let site = folder.path().join("new");
    let (code, answer, told) = run(&site, &["check", "--deny", "warnings", "--today", "2026-11-22"], &[]);
    assert_eq!((code, answer.as_str()), (0, ""), "{told}");
    assert!(told.starts_with("1 text, 1 note, 1 term, 1 topic,"), "{told}");
    let (code, _, told) = run(&site, &["build"], &[]);
    assert_eq!(code, 0, "{told}");
    let words = ["note", "speeches/1863-11-19-gettysburg", "new nation", "--by", "A B"];
    assert_eq!(run(&site, &words, &[]).0, 0);

    // Never over something that is there.
    let (code, _, told) = run(folder.path(), &["init", "new"], &[]);
    assert_eq!(code, 2);
    assert!(told.contains("`new` is an archive already"), "{told}");
    write(folder.path(), "other/netlify.toml", "mine");
    let (code, _, told) = run(folder.path(), &["init", "other"], &[]);
    assert_eq!(code, 2);
    assert!(told.contains("netlify.toml` is there already"), "{told}");
    assert_eq!(files(&folder.path().join("other")).len(), 1);
}

/// Where a text's page leads to propose a note, and what the panel is told, for each forge.
#[test]
fn each_forge_is_led_to_by_its_own_address() {
    let site = |config: &str| {
        let config = format!("title = \"A case\"\n{config}");
        let files = [("postil.toml", config.as_str()), ("content/a/b.txt", "One line.\n")];
        let made = made::make(made::archive(files), &postil::compile::Options::default());
        assert!(!made.said().contains("error"), "{}", made.said());
        let page = made.page("texts/a/b.html");
        let link = page
            .split("data-suggest-plain data-site-only><a href=\"")
            .nth(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned());
        (link, made.page("suggest/note.js").to_owned())
    };
    for (repository, link, told) in [
        (
            "https://github.com/o/r",
            "https://github.com/o/r/new/main/annotations/a/b",
            "\"name\":\"filename\",\"contents\":\"value\"",
        ),
        (
            "git@codeberg.org:o/r.git",
            "https://codeberg.org/o/r/_new/main/annotations/a/b",
            "\"before\":\"https://codeberg.org/o/r/_new/main/\"",
        ),
        (
            "https://gitlab.com/g/s/r.git",
            "https://gitlab.com/g/s/r/-/new/main/annotations/a/b",
            "\"name\":\"file_name\",\"contents\":\"\"",
        ),
        (
            "https://bitbucket.org/o/r",
            "https://bitbucket.org/o/r/create-file/main/annotations/a/b?at=main",
            "\"host\":\"bitbucket.org\"",
        ),
    ] {
        let (found, script) = site(&format!("repository = \"{repository}\"\n"));
        assert_eq!(found.as_deref(), Some(link));
        assert!(script.contains(told), "{told}: {}", &script[script.len() - 3000..]);
    }
    // By mail, for who has no account; the page of the forge comes first.
    let contact = "contact = \"mailto:archive@a.example\"\n";
    let (link, script) = site(contact);
    assert_eq!(link.as_deref(), Some("mailto:archive@a.example?subject=a/b"));
    assert!(script.contains("\"forge\":null,\"contact\":\"mailto:archive@a.example\""));
    let (link, _) = site(&format!("{contact}repository = \"https://github.com/o/r\"\n"));
    assert_eq!(link.as_deref(), Some("https://github.com/o/r/new/main/annotations/a/b"));
    assert_eq!(site("").0, None);
}

#[test]
fn an_archive_read_back_has_the_file_in_its_place() {
    let mut archive = Archive::from_memory(
        [("postil.toml".to_owned(), b"title = \"A\"".to_vec())].into(),
        postil::theme::default_theme(),
    )
    .value;
    for path in ["annotations/b/n.md", "annotations/a/n.md", "annotations/b/n.md"] {
        archive.add_sidecar(path, path.to_owned()).unwrap();
    }
    let paths: Vec<&str> = archive.sidecars.iter().map(|sidecar| &*sidecar.source.path).collect();
    assert_eq!(paths, ["annotations/a/n.md", "annotations/b/n.md"]);
    assert!(archive.add_sidecar("annotations/a/None.md", String::new()).is_err());
    assert!(archive.add_sidecar("content/a.txt", String::new()).is_err());
}

/// What many people say of the same words becomes as many notes, each with a name of its own: each
/// name is looked for where the one before it was found.
#[test]
fn many_annotations_of_the_same_words() {
    use postil_propose::propose::import::{Foreign, Quote, Wish, import};
    const MANY: usize = 2000;
    let text =
        (0..50).map(|n| format!("Paragraph {n} tells of the great civil war.\n\n")).collect::<String>();
    let foreign = |n: usize| Foreign {
        label: n.to_string(),
        quotes: vec![Quote { exact: "Paragraph 7 tells".into(), ..Quote::default() }],
        body: format!("Body {n}."),
        by: vec![format!("A B{n}")],
        ..Foreign::default()
    };
    let taken = ("annotations/a/paragraph-7-tells-3.md", note_of("Paragraph 7"));
    let files = super::made::archive([("content/a.txt", text), (taken.0, taken.1)]);
    let mut archive = Archive::from_memory(files, &Default::default()).value;
    let wish = Wish { text: Some("a".into()), ..Wish::default() };
    let made = import(&mut archive, &(0..MANY).map(foreign).collect::<Vec<_>>(), &wish).unwrap();
    assert!(made.left.is_empty());
    let numbered = (4..=MANY + 1).map(|n| format!("annotations/a/paragraph-7-tells-{n}.md"));
    let first =
        ["annotations/a/paragraph-7-tells.md", "annotations/a/paragraph-7-tells-2.md"].map(str::to_owned);
    let expected: Vec<String> = first.into_iter().chain(numbered).collect();
    let found: Vec<String> = made.files.into_iter().map(|file| file.path).collect();
    assert_eq!(found, expected);
}

fn note_of(words: &str) -> String {
    format!("+++\nby = \"C D\"\n+++\n> {words}\n\nSo.\n")
}

/// What a build makes beside the site while it works, and what it leaves if it is ended by force, is nobody's to commit.
#[test]
fn what_a_build_leaves_behind_is_ignored_by_git() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let (code, ..) = run(root, &["init"], &[]);
    assert_eq!(code, 0);
    let git = |args: &[&str]| {
        let output = std::process::Command::new("git").args(args).current_dir(root).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    assert!(git(&["init", "-q"]).0);
    for left in [
        ".public.postil-stage/index.html",
        ".public.postil-old/a",
        ".public.postil-lock",
        ".postil-scratch-1-0",
        "annotations/a/.n.md.postil",
    ] {
        std::fs::create_dir_all(root.join(left).parent().unwrap()).unwrap();
        std::fs::write(root.join(left), "x").unwrap();
    }
    let (_, said) = git(&["status", "--porcelain", "--untracked-files=all"]);
    assert!(said.contains("postil.toml") && !said.contains(".postil-"), "{said}");
}
