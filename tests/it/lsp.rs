//! The language server, as an editor sees it.

mod client;
mod editor;
mod problems;
mod typed;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use self::client::Client;
use super::checking::write;
use super::made::Files;

const TEXT: &str = "The Forum met on Monday. There was no consensus in the Forum on whether the remit of the GLA \
    should grow.\n\nCEOP, that is the Centre, led the work. The Director of CEOP wrote to all forces.\n";

/// An archive with something of everything.
fn archive(folder: &Path) {
    write(
        folder,
        "postil.toml",
        "title = \"A\"\n[notes.kinds]\ncontext = \"Context\"\nquestion = \"Question\"\n",
    );
    write(folder, "content/a.txt", TEXT);
    write(folder, "content/a.toml", "title = \"Of the Forum\"\ndate = 2009-08-01\nlayout = \"wrapped\"\n");
    write(folder, "content/b.txt", "Nothing is here but the Forum.\n");
    write(folder, "content/b.toml", "layout = \"lines\"\n");
    write(
        folder,
        "annotations/glossary/gla.toml",
        "term = \"GLA\"\nkind = \"body\"\nforms = [\"Gangmasters\"]\n\n[[sense]]\nid = \"old\"\nuntil = 2010\ndefinition = \"The old one.\"\n\n[[sense]]\nid = \"new\"\nfrom = 2011\ndefinition = \"The new one, see [[ceop]].\"\n",
    );
    write(
        folder,
        "annotations/glossary/ceop.toml",
        "term = \"CEOP\"\nkind = \"body\"\ndefinition = \"A centre.\"\nsee = [\"gla\"]\n",
    );
    write(
        folder,
        "annotations/topics/work.toml",
        "title = \"Work\"\nscope = \"What is done.\"\n\n[[passage]]\ntext = \"a\"\nquote = \"led the work\"\n",
    );
    write(folder, "annotations/topics/inspection.toml", "title = \"Inspection\"\n");
    write(folder, "annotations/contributors/ann.toml", "name = \"Ann Example\"\n");
    write(folder, "annotations/a/n.md", NOTE);
}

const NOTE: &str = "+++\nby = \"ann\"\nkind = \"context\"\ntopics = [\"work\"]\n+++\n> There was no consensus in the Forum\n\nThe [[gla]] was meant.\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path());
    folder
}

/// A text with `|` in it: without it, and where it stood.
fn cursor(text: &str) -> (String, Value) {
    let at = text.find('|').expect("`|` says where");
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap().encode_utf16().count();
    (text.replacen('|', "", 1), json!({ "line": line, "character": column }))
}

/// Shows a file with a cursor in it, and asks about that place.
#[track_caller]
fn ask(client: &mut Client, method: &str, path: &str, text: &str, more: Value) -> Value {
    let (text, position) = cursor(text);
    client.open(path, &text);
    let mut params = json!({ "textDocument": { "uri": client.uri(path) }, "position": position });
    params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    client.ask(method, params)
}

/// A file after an edit that is proposed.
fn edited(text: &str, edit: &Value) -> String {
    let byte = |position: &Value| {
        let line = position["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = position["character"].as_u64().unwrap() as usize;
        let rest = &text[start..];
        let taken = rest.chars().take_while(|c| {
            let fits = left >= c.len_utf16();
            left = left.saturating_sub(c.len_utf16());
            fits
        });
        start + taken.map(char::len_utf8).sum::<usize>()
    };
    let (start, end) = (byte(&edit["range"]["start"]), byte(&edit["range"]["end"]));
    format!("{}{}{}", &text[..start], edit["newText"].as_str().unwrap(), &text[end..])
}

#[test]
fn keys_values_and_names_are_proposed() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let mut check = |path: &str, text: &str, label: &str, expected: &str| {
        let list = ask(&mut client, "textDocument/completion", path, text, json!({}));
        let items = list["items"].as_array().unwrap_or_else(|| panic!("{text:?}: {list}"));
        let labels: Vec<&str> = items.iter().map(|item| item["label"].as_str().unwrap()).collect();
        let item = items.iter().find(|item| item["label"] == label);
        let item = item.unwrap_or_else(|| panic!("{text:?}: no `{label}` in {labels:?}"));
        assert_eq!(edited(&cursor(text).0, &item["textEdit"]), expected, "{text:?}");
    };
    let note = "annotations/a/n.md";
    check(note, "+++\nto|\n+++\n", "topics", "+++\ntopics = \n+++\n");
    check(note, "+++\nce|= 1\n+++\n", "certainty", "+++\ncertainty= 1\n+++\n");
    check(note, "+++\nkind = |\n+++\n", "question", "+++\nkind = \"question\"\n+++\n");
    check(note, "+++\nkind = \"|\n+++\n", "question", "+++\nkind = \"question\n+++\n");
    check(note, "+++\ntopics = [\"|\"]\n+++\n", "work", "+++\ntopics = [\"work\"]\n+++\n");
    check(note, "+++\nby = [|]\n+++\n", "ann", "+++\nby = [\"ann\"]\n+++\n");
    check(note, "+++\ncertainty = \"|\"\n+++\n", "probable", "+++\ncertainty = \"probable\"\n+++\n");
    check(note, "+++\n+++\n> w\n\nSee [[|", "gla", "+++\n+++\n> w\n\nSee [[gla");
    check(note, "+++\n+++\n> w\n\nSee [[to|]].", "topic:work", "+++\n+++\n> w\n\nSee [[topic:work]].");
    check(note, "+++\n+++\n> w\n\n[[note:|", "note:a/n", "+++\n+++\n> w\n\n[[note:a/n");
    let topic = "annotations/topics/work.toml";
    check(topic, "ti|", "title", "title = ");
    check(topic, "title = \"W\"\npa|", "passage", "title = \"W\"\n[[passage]]\n");
    check(topic, "[[pa|", "passage", "[[passage");
    check(topic, "[[passage]]\n|", "quote", "[[passage]]\nquote = ");
    check(topic, "[[passage]]\ntext = \"|\"", "a", "[[passage]]\ntext = \"a\"");
    check(topic, "[[passage]]\ntext = \"a\"\nat = \"|\"", "p2", "[[passage]]\ntext = \"a\"\nat = \"p2\"");
    check("annotations/glossary/ceop.toml", "see = [|", "gla", "see = [\"gla\"");
    check(
        "annotations/glossary/ceop.toml",
        "[[sense]]\nsuccessor = \"gla/|\"",
        "gla/new",
        "[[sense]]\nsuccessor = \"gla/new\"",
    );
    check("annotations/glossary/ceop.toml", "definition = \"See [[g|\"", "gla", "definition = \"See [[gla\"");
    check("annotations/glossary/ceop.toml", "mark = |", "all", "mark = \"all\"");
    check("annotations/glossary/ceop.toml", "allow_common = |", "false", "allow_common = false");
    check("postil.toml", "[fe|", "feed", "[feed");
    check(
        "postil.toml",
        "title = \"A\"\n[feed]\ndates = \"|\"",
        "git",
        "title = \"A\"\n[feed]\ndates = \"git\"",
    );
    check("content/a.toml", "la|", "layout", "layout = ");
    check("content/a.toml", "layout = |", "lines", "layout = \"lines\"");
}

#[test]
fn the_words_of_the_text_are_proposed_while_a_quotation_is_typed() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let mut check = |path: &str, text: &str, expected: &str| {
        let list = ask(&mut client, "textDocument/completion", path, text, json!({}));
        let text = cursor(text).0;
        let items = list["items"].as_array().unwrap();
        let all: Vec<String> = items.iter().map(|item| edited(&text, &item["textEdit"])).collect();
        assert!(all.iter().any(|one| one == expected), "{text:?}: {all:#?}");
    };
    let note = "annotations/a/n.md";
    check(
        note,
        "+++\n+++\n> There was no con|",
        "+++\n+++\n> There was no consensus in the Forum on whether",
    );
    check(note, "+++\n+++\n> the director|", "+++\n+++\n> The Director of CEOP wrote to all forces.");
    check(
        note,
        "+++\n+++\n> Thexe was no con|",
        "+++\n+++\n> Thexe was no consensus in the Forum on whether",
    );
    check(note, "+++\n+++\n> **The Forum** met on M|", "+++\n+++\n> **The Forum** met on Monday.");
    check(note, "+++\n+++\n> |", "+++\n+++\n> The Forum met on Monday.");
    check(
        "annotations/topics/work.toml",
        "[[passage]]\ntext = \"b\"\nquote = \"Nothing i|\"",
        "[[passage]]\ntext = \"b\"\nquote = \"Nothing is here but the Forum.\"",
    );
}

#[test]
fn what_a_place_means_is_said() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let mut check = |path: &str, text: &str, expected: &[&str]| {
        let said = ask(&mut client, "textDocument/hover", path, text, json!({}));
        let said = said["contents"]["value"].as_str().unwrap_or_default().to_owned();
        for words in expected {
            assert!(said.contains(words), "{text:?}: {said:?}");
        }
        assert_eq!(said.is_empty(), expected.is_empty(), "{text:?}: {said:?}");
        said
    };
    let note = "annotations/a/n.md";
    // In 2009 the older sense holds.
    let said = check(note, &NOTE.replace("[[gla", "[[g|la"), &["**GLA**", "The old one."]);
    assert!(!said.contains("The new one"), "{said}");
    check(note, &NOTE.replace("\"work", "\"wo|rk"), &["**Work**", "1 passage", "What is done."]);
    check(note, &NOTE.replace("\"ann", "\"a|nn"), &["Ann Example"]);
    check(note, &NOTE.replace("by =", "b|y ="), &["Who wrote it"]);
    check(note, &NOTE.replace("\"context", "\"con|text"), &["Context"]);
    check(
        note,
        &NOTE.replace("no consensus", "no |consensus"),
        &["p1, line 1 of `content/a.txt`", "**There was no consensus in the Forum** on whether the remit"],
    );
    check(note, "+++\nby =\n+++\n> no such |words\n", &["do not stand in `content/a.txt`"]);
    check(note, &NOTE.replace("was meant", "was m|eant"), &[]);
    check("content/a.txt", &TEXT.replace("the GLA", "the G|LA"), &["The old one.", "p1"]);
    check("content/a.txt", &TEXT.replace("no consensus", "no c|onsensus"), &["context", "was meant"]);
    check(
        "annotations/topics/work.toml",
        "title = \"W\"\n[[passage]]\ntext = \"a\"\nquote = \"led the |work\"\n",
        &["p2, line 3", "**led the work**"],
    );
    check(
        "annotations/topics/work.toml",
        "title = \"W\"\n[[passage]]\ntext = \"a\"\nat = \"p|2\"\n",
        &["CEOP, that is"],
    );
}

/// Places as `path:line:column-column`.
fn places(client: &Client, answer: &Value) -> Vec<String> {
    let place = |place: &Value| {
        let (start, end) = (&place["range"]["start"], &place["range"]["end"]);
        let path = client.path(place["uri"].as_str().unwrap());
        format!("{path}:{}:{}-{}", start["line"], start["character"], end["character"])
    };
    answer.as_array().map(|all| all.iter().map(place).collect()).unwrap_or_default()
}

#[test]
fn names_and_quotations_lead_to_what_they_mean() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let mut check = |path: &str, text: &str, expected: &[&str]| {
        let answer = ask(&mut client, "textDocument/definition", path, text, json!({}));
        assert_eq!(places(&client, &answer), expected, "{text:?}");
    };
    let note = "annotations/a/n.md";
    check(note, &NOTE.replace("[[gla", "[[g|la"), &["annotations/glossary/gla.toml:0:8-11"]);
    check(note, &NOTE.replace("\"work", "\"wo|rk"), &["annotations/topics/work.toml:0:9-13"]);
    check(note, &NOTE.replace("\"ann", "\"ann|"), &["annotations/contributors/ann.toml:0:8-19"]);
    check(note, &NOTE.replace("\"context", "\"con|text"), &["postil.toml:2:0-7"]);
    check(note, &NOTE.replace("no consensus", "no |consensus"), &["content/a.txt:0:25-60"]);
    check(note, "+++\nby = \"ann\"\ntopics = [\"nobody|\"]\n+++\n", &[]);
    check("annotations/glossary/ceop.toml", "see = [\"gl|a\"]", &["annotations/glossary/gla.toml:0:8-11"]);
    check(
        "annotations/glossary/ceop.toml",
        "[[sense]]\nsuccessor = \"gla/n|ew\"",
        &["annotations/glossary/gla.toml:10:6-9"],
    );
    check(
        "annotations/topics/work.toml",
        "title = \"W\"\n[[passage]]\ntext = \"|b\"\n",
        &["content/b.txt:0:0-0"],
    );
    check("content/a.txt", &TEXT.replace("the GLA", "the G|LA"), &["annotations/glossary/gla.toml:0:8-11"]);
}

#[test]
fn everything_that_names_something_is_found() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let mut check = |path: &str, text: &str, expected: &[&str]| {
        let more = json!({ "context": { "includeDeclaration": true } });
        let answer = ask(&mut client, "textDocument/references", path, text, more);
        assert_eq!(places(&client, &answer), expected, "{text:?}");
    };
    let gla = "term = \"GL|A\"\nkind = \"body\"\ndefinition = \"One.\"\n";
    check(
        "annotations/glossary/gla.toml",
        gla,
        &[
            "annotations/glossary/gla.toml:0:8-11",
            "annotations/a/n.md:7:6-9",
            "annotations/glossary/ceop.toml:3:8-11",
            "content/a.txt:0:89-92",
        ],
    );
    check(
        "annotations/a/n.md",
        &NOTE.replace("\"work", "\"wo|rk"),
        &["annotations/topics/work.toml:0:9-13", "annotations/a/n.md:3:11-15"],
    );
    check(
        "annotations/a/n.md",
        &NOTE.replace("\"context", "\"con|text"),
        &["postil.toml:2:0-7", "annotations/a/n.md:2:8-15"],
    );
}

#[test]
fn something_gets_another_name_everywhere() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let path = "annotations/a/n.md";
    let text = NOTE.replace("[[gla", "[[g|la");
    let prepared = ask(&mut client, "textDocument/prepareRename", path, &text, json!({}));
    assert_eq!(prepared["start"], json!({ "line": 7, "character": 6 }), "{prepared}");
    let edit = ask(&mut client, "textDocument/rename", path, &text, json!({ "newName": "gangs" }));
    let operations = edit["documentChanges"].as_array().unwrap();
    let mut changed: BTreeMap<String, String> = BTreeMap::new();
    let mut moved = Vec::new();
    for operation in operations {
        if operation["kind"] == "rename" {
            moved.push((
                client.path(operation["oldUri"].as_str().unwrap()),
                client.path(operation["newUri"].as_str().unwrap()),
            ));
            continue;
        }
        let path = client.path(operation["textDocument"]["uri"].as_str().unwrap());
        let old = std::fs::read_to_string(folder.path().join(&path)).unwrap();
        changed.insert(path, edited(&old, &operation["edits"][0]));
    }
    assert_eq!(
        moved,
        [("annotations/glossary/gla.toml".to_owned(), "annotations/glossary/gangs.toml".to_owned())]
    );
    assert!(changed["annotations/a/n.md"].contains("[[gangs]]"));
    assert!(changed["annotations/glossary/ceop.toml"].contains("see = [\"gangs\"]"));
    assert!(changed["annotations/glossary/gla.toml"].contains("was   = [\"gla\"]"), "{changed:?}");

    let position = cursor(&text).1;
    let params =
        json!({ "textDocument": { "uri": client.uri(path) }, "position": position, "newName": "ceop" });
    let why = client.try_ask("textDocument/rename", params).unwrap_err();
    assert!(why.contains("there is a term `ceop` already"), "{why}");

    // A file that is renamed in the editor's list of files takes its references along.
    let files = json!({ "files": [{
        "oldUri": client.uri("annotations/topics/work.toml"),
        "newUri": client.uri("annotations/topics/labour.toml"),
    }] });
    let edit = client.ask("workspace/willRenameFiles", files);
    let said = edit.to_string();
    assert!(said.contains("n.md") && said.contains("labour") && !said.contains("\"rename\""), "{said}");
}

#[test]
fn what_a_message_proposes_can_be_applied() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let path = "annotations/a/n.md";
    let text = NOTE.replace("topics = ", "topcis = ");
    client.open(path, &text);
    let problems = client.settled(path);
    let range = problems[0]["range"].clone();
    let params = |only: Value| json!({ "textDocument": { "uri": client.uri(path) }, "range": range, "context": { "diagnostics": [], "only": only } });
    let (quick, all) = (params(json!(["quickfix"])), params(json!(["source.fixAll"])));
    let actions = client.ask("textDocument/codeAction", quick);
    assert_eq!(actions[0]["isPreferred"], true, "{actions}");
    let uri = client.uri(path);
    assert_eq!(edited(&text, &actions[0]["edit"]["changes"][&uri][0]), NOTE);
    let actions = client.ask("textDocument/codeAction", all);
    assert_eq!(actions[0]["kind"], "source.fixAll.postil", "{actions}");
    assert_eq!(edited(&text, &actions[0]["edit"]["changes"][&uri][0]), NOTE);

    // What was meant by a name that nobody has, only its writer knows: it is offered, and never by itself.
    let text = NOTE.replace("\"work\"", "\"inspektion\"");
    client.close(path);
    client.open(path, &text);
    let range = client.settled(path)[0]["range"].clone();
    let params = |only: &str| json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [], "only": [only] } });
    let actions = client.ask("textDocument/codeAction", params("quickfix"));
    assert_eq!(
        (&actions[0]["isPreferred"], actions[0]["title"].as_str()),
        (&json!(false), Some("Write `inspection` (if that is meant)"))
    );
    assert_eq!(client.ask("textDocument/codeAction", params("source.fixAll")), json!([]));
}

#[test]
fn files_have_an_outline_and_links() {
    let folder = folder();
    write(
        folder.path(),
        "annotations/a/apparatus.toml",
        "[[structure]]\nkind = \"heading\"\nat = \"p1\"\n\n[[structure]]\nkind = \"letter\"\nat = \"p2\"\n",
    );
    let mut client = Client::begin(folder.path(), "utf-16");
    let mut names = |path: &str| {
        let answer =
            client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": client.uri(path) } }));
        fn walk(all: &Value, depth: usize, out: &mut Vec<String>) {
            for one in all.as_array().into_iter().flatten() {
                out.push(format!("{}{}", "  ".repeat(depth), one["name"].as_str().unwrap()));
                walk(&one["children"], depth + 1, out);
            }
        }
        let mut out = Vec::new();
        walk(&answer, 0, &mut out);
        out
    };
    let heading = "The Forum met on Monday. There was no consensus in the Forum on whether the\u{a0}…";
    assert_eq!(names("content/a.txt"), [heading, "  letter"]);
    assert_eq!(names("annotations/glossary/gla.toml"), ["term", "kind", "forms", "sense", "sense"]);
    assert_eq!(names("annotations/a/n.md"), ["by", "kind", "topics", "There was no consensus in the Forum"]);
    assert_eq!(names("postil.toml"), ["title", "notes.kinds"]);
    let answer = client.ask(
        "textDocument/documentLink",
        json!({ "textDocument": { "uri": client.uri("annotations/a/n.md") } }),
    );
    let targets: Vec<&str> =
        answer.as_array().unwrap().iter().map(|link| link["tooltip"].as_str().unwrap()).collect();
    assert_eq!(
        targets,
        [
            "annotations/contributors/ann.toml",
            "postil.toml",
            "annotations/topics/work.toml",
            "annotations/glossary/gla.toml"
        ]
    );
    let found = client.ask("workspace/symbol", json!({ "query": "work" }));
    assert_eq!(found[0]["name"], "Work", "{found}");
}

/// What the program answers over its input and output is what the server answers that all other tests ask.
#[test]
fn over_pipes_each_question_has_the_same_answer() {
    let folder = folder();
    let (mut inside, mut program) =
        (Client::begin(folder.path(), "utf-16"), Client::begin_program(folder.path()));
    let capabilities = inside.capabilities.as_object().unwrap().clone();
    let mut unasked: BTreeSet<&str> = capabilities.keys().map(String::as_str).collect();
    assert_eq!(program.capabilities, inside.capabilities);
    let path = "annotations/a/n.md";
    let text = NOTE.replace("[[gla]]", "[[gal]]");
    let document = json!({ "uri": inside.uri(path) });
    let at = |line: u32, character: u32| json!({ "line": line, "character": character });
    let here = |more: Value| {
        let mut params = json!({ "textDocument": document, "position": at(3, 12) });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let slip = json!({ "start": at(7, 0), "end": at(7, 10) });
    let to = json!({
        "oldUri": inside.uri("annotations/topics/work.toml"),
        "newUri": inside.uri("annotations/topics/labour.toml"),
    });
    let questions = [
        ("completionProvider", "textDocument/completion", here(json!({}))),
        ("hoverProvider", "textDocument/hover", here(json!({ "position": at(5, 12) }))),
        ("definitionProvider", "textDocument/definition", here(json!({}))),
        (
            "referencesProvider",
            "textDocument/references",
            here(json!({ "context": { "includeDeclaration": true } })),
        ),
        ("documentSymbolProvider", "textDocument/documentSymbol", here(json!({}))),
        ("workspaceSymbolProvider", "workspace/symbol", json!({ "query": "work" })),
        ("documentLinkProvider", "textDocument/documentLink", here(json!({}))),
        (
            "codeActionProvider",
            "textDocument/codeAction",
            here(json!({ "range": slip, "context": { "diagnostics": [] } })),
        ),
        ("renameProvider", "textDocument/prepareRename", here(json!({}))),
        ("renameProvider", "textDocument/rename", here(json!({ "newName": "labour" }))),
        ("workspace", "workspace/willRenameFiles", json!({ "files": [to] })),
    ];
    let clients = [&mut inside, &mut program];
    let told = clients.map(|client| {
        client.open(path, &text);
        client.settled(path)
    });
    assert!(told[0] == told[1] && told[0][0]["code"] == "unknown-term", "{told:?}");
    for (capability, method, params) in questions {
        unasked.remove(capability);
        let answer = inside.ask(method, params.clone());
        assert!(answer != Value::Null && answer != json!([]), "{method}: {answer}");
        assert_eq!(program.ask(method, params), answer, "{method}");
    }
    // How columns are counted and files are told is no question.
    unasked.retain(|one| !matches!(*one, "positionEncoding" | "textDocumentSync"));
    assert!(unasked.is_empty(), "{unasked:?}");
}

#[test]
fn what_is_no_archive_has_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::begin(folder.path(), "utf-16");
    client.open("a.toml", "x = ");
    let params =
        json!({ "textDocument": { "uri": client.uri("a.toml") }, "position": { "line": 0, "character": 4 } });
    assert_eq!(client.ask("textDocument/hover", params), Value::Null);
    let why = client.try_ask("textDocument/formatting", json!({})).unwrap_err();
    assert!(why.contains("does not know"), "{why}");
    assert_eq!(client.all(), Vec::<String>::new());
}

/// The files of an archive, for [`make`].
fn on_disk(folder: &Path) -> Files {
    super::files(folder).into_iter().collect()
}
