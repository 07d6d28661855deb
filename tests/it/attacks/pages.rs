//! A text and what is written about it become a page: nothing lost, nothing forbidden, each id once.

use std::cell::RefCell;
use std::collections::BTreeSet;

use postil::compile::{self, Options};
use postil::output::Sink;
use postil::output::memory::Memory;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::Code;
use postil_archive::memo::Memo;

use super::super::browser::{Tree, tree};
use super::super::made::{Files, archive, short};
use super::super::nothing_lost::letters::Written;
use super::{Attack, choice, parts};

pub(super) const ATTACK: Attack = Attack {
    name: "page",
    try_with,
    seeds: &[
        "1The lamps were lit at teh quay. Page 3\n12 of them\u{1e}title = \"A <b>\"\ndate = 1821\nlayout = \"lines\"\n\u{1e}correction = [{ quote = \"teh\", reading = \"the\" }]\nfurniture = [{ quote = \"Page 3\", reason = \"head\" }]\nstructure = [{ at = \"p2\", kind = \"speech\", speaker = \"quay\" }]\n\u{1e}+++\nby = \"A B\"\ntopics = [\"t\"]\n+++\n> lamps were\n\nSee [[quay]] <script>x</script> [y](javascript:z).\n\u{1e}term = \"quay\"\nkind = \"place\"\ndefinition = \"A *place*.\"\n\u{1e}title = \"T\"\n[[passage]]\ntext = \"a\"\nquote = \"lit at teh\"\n",
        "0# Head\n\n1. One [a][b]\n5. ![pic](x.png) `c`\n\n> quote\n\n```rust\nx\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[b]: https://good.example/ \"title\"\n[^1]: note\n\u{1e}\u{1e}structure = [{ at = \"p1\", kind = \"heading\" }]\n\u{1e}+++\nby = \"A B\"\nat = \"p2\"\n+++\nWhole.\n\u{1e}\u{1e}",
        "1A song of\n  two lines\n\nAnd more;\n  of two\u{1e}layout = \"verse\"\nlang = \"fr\"\n\u{1e}structure = [{ at = \"p1\", kind = \"verse\", numbers = 5 }]\n\u{1e}+++\nby = \"A B\"\nall = true\n+++\n> of\n\nx\n\u{1e}\u{1e}",
        "1Year  Cases\n1997     12\n1998\n\u{1e}layout = \"lines\"\n\u{1e}structure = [{ at = \"p1-p3\", kind = \"table\", head = 1 }]\n\u{1e}\u{1e}\u{1e}",
    ],
    cheap: 1,
};

thread_local! {
    /// What is the same in every site is made once.
    static MEMO: Memo = Memo::default();
    /// Pages that were looked at.
    static LOOKED_AT: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Pages that are remembered before all are forgotten.
const MOST_LOOKED_AT: usize = 2_000;
/// Letters of a text for which the reader of its bytes tries all ways, in a time that is bounded.
const MOST_READ: usize = 700;

fn try_with(bytes: &[u8]) {
    let (choice, rest) = choice(bytes);
    let [text, record, apparatus, note, term, topic] = parts(rest);
    let (format, lenient) = (["md", "txt"][choice % 2], choice % 4 > 1);
    let mut files = archive([(format!("content/a.{format}"), text)]);
    let others = [
        // To pack the site takes longer than to make it.
        ("postil.toml", b"title = \"A case\"\nzip = false\n".as_slice()),
        ("content/a.toml", record),
        ("annotations/a/apparatus.toml", apparatus),
        ("annotations/a/n.md", note),
        ("annotations/glossary/g.toml", term),
        ("annotations/topics/t.toml", topic),
    ];
    for (path, bytes) in others.into_iter().filter(|(_, bytes)| !bytes.is_empty()) {
        files.insert(path.to_owned(), bytes.to_vec());
    }
    let made = MEMO.with(|memo| site(files, lenient, memo));
    for (address, bytes) in made.iter().filter(|(address, _)| address.ends_with(".html")) {
        let page = std::str::from_utf8(bytes).expect("pages are UTF-8");
        let is_new = LOOKED_AT.with_borrow_mut(|looked_at| {
            if looked_at.len() > MOST_LOOKED_AT {
                looked_at.clear();
            }
            looked_at.insert(page.to_owned())
        });
        if is_new {
            let tree = tree(page);
            nothing_is_forbidden(address, &tree);
            if address == "texts/a.html" {
                nothing_is_lost(format, text, record, &tree);
            }
        }
    }
}

/// The files of a site. Whatever is wrong with the archive, nothing is that only postil can cause.
fn site(files: Files, lenient: bool, memo: &Memo) -> Files {
    let archive = Archive::from_memory(files, postil::theme::default_theme()).value;
    let memory = Memory::default();
    let options = Options { lenient, memo: Some(memo), ..Options::default() };
    let compiled = compile::compile(&archive, &|path, bytes| memory.put(path, bytes), &options);
    let mut problems = compiled.expect("memory is not in the way").problems;
    let bugs = [
        Code::BUG,
        Code::TEXT_LOST,
        Code::WORDS_NOT_SHOWN,
        Code::FORBIDDEN_ELEMENT,
        Code::DUPLICATE_ID,
        Code::TEMPLATE,
    ];
    problems.retain(|problem| bugs.contains(&problem.code));
    assert!(problems.is_empty(), "{}", short(&problems));
    memory.into_files()
}

fn nothing_is_lost(format: &str, text: &[u8], record: &[u8], tree: &Tree) {
    assert_eq!(tree.stray.trim(), "");
    let numbers: Vec<&str> = tree.blocks.iter().map(|(number, _)| number.as_str()).collect();
    let expected: Vec<String> = (1..=numbers.len()).map(|number| number.to_string()).collect();
    assert_eq!(numbers, expected);
    let says_how = ["encoding", "reading"].iter().any(|key| String::from_utf8_lossy(record).contains(key));
    let Ok(text) = std::str::from_utf8(text) else { return };
    if says_how || text.len() > MOST_READ {
        return;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shown: String = tree.blocks.iter().map(|(_, words)| words.as_str()).collect();
    let written = if format == "md" { Written::markdown(text) } else { Written::plain(text) };
    assert_eq!(written.missed_by(&shown), None, "{text:?}");
}

/// What runs or loads something wherever it stands.
const FORBIDDEN: [&str; 9] =
    ["iframe", "object", "embed", "style", "base", "math", "frame", "applet", "foreignobject"];

fn nothing_is_forbidden(address: &str, tree: &Tree) {
    for shape in &tree.shapes {
        assert!(!FORBIDDEN.contains(&shape.as_str()), "{address}: {shape}");
        let attribute = shape.split_once(' ').map_or("", |(_, attribute)| attribute);
        assert!(
            !attribute.starts_with("on") && attribute != "style" && attribute != "srcdoc",
            "{address}: {shape}"
        );
    }
    for (element, key, value) in &tree.addresses {
        let plain: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        let scheme = plain.split(['/', '?', '#']).next().and_then(|first| first.split_once(':'));
        let scheme = scheme.map(|(scheme, _)| scheme.to_lowercase());
        let is_fine =
            scheme.as_deref().is_none_or(|scheme| ["http", "https", "mailto", "data"].contains(&scheme));
        assert!(is_fine, "{address}: {element} {key}={value:?}");
        assert!(scheme.as_deref() != Some("data") || plain == "data:,", "{address}: {value:?}");
    }
    assert!(!tree.comment, "{address}: a comment");
    let mut ids = BTreeSet::new();
    for id in &tree.ids {
        assert!(ids.insert(id), "{address}: the id {id} twice");
    }
}
