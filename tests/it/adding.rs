//! Texts that are brought in: what the command writes, and what it refuses.

use std::path::Path;
use std::process::Output;

use super::cases::write_smallest_archive;
use super::command::postil;

/// Runs postil in a folder; its exit code and what it says on both streams.
#[track_caller]
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = postil(folder, args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn many_texts_are_adopted_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_smallest_archive(root);
    let write = |path: &str, text: &str| {
        std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        std::fs::write(root.join(path), text).unwrap();
    };
    let record = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    write("content/x/b.txt", "One.\n\nTwo.\n");
    write("content/x/c.txt", "One.\n");
    write("content/x/c.toml", "title = \"C\"\n");

    let (code, _, said) = run(root, &["adopt"]);
    assert_eq!((code, said.contains("<TEXT>...")), (2, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "--all", "--old", "content/x/b.txt"]);
    assert_eq!((code, said.contains("cannot be used with")), (2, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "x", "--old", "content/x/b.txt"]);
    assert_eq!((code, said.contains("`--old` is one text, and 2 are")), (2, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "y/"]);
    assert_eq!((code, said.contains("the archive has no text `y/`")), (2, true), "{said}");

    let (code, patch, said) = run(root, &["adopt", "content/x/", "x/b"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.ends_with("x/b: the text has 2 blocks\nx/c: the text has 1 block\n2 files written\n"),
        "{said}"
    );
    assert!(patch.contains("+++ b/content/x/b.toml") && patch.contains("+++ b/content/x/c.toml"), "{patch}");
    assert!(record("content/x/b.toml").starts_with("layout = \"wrapped\"\nsha256 = "));
    assert!(record("content/x/c.toml").starts_with("title = \"C\"\nlayout"));
    assert!(!root.join("content/a.toml").exists(), "what was not named is left alone");

    let (code, _, said) = run(root, &["adopt", "--all"]);
    assert_eq!((code, said.ends_with("1 file written\n")), (0, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "--all"]);
    assert_eq!((code, said.ends_with("nothing to write\n")), (0, true), "{said}");

    // One that cannot be read stops all.
    write("content/x/b.txt", "One.\n\nTwo.\n\nThree.\n");
    write("content/x/c.txt", "caf\u{0}\n");
    let before = record("content/x/b.toml");
    let (code, _, said) = run(root, &["adopt", "--all"]);
    assert_eq!((code, said.contains("nul-byte")), (2, true), "{said}");
    assert_eq!(record("content/x/b.toml"), before);
}

fn write(root: &Path, path: &str, bytes: &[u8]) {
    std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
    std::fs::write(root.join(path), bytes).unwrap();
}

/// Every file below a folder, so that nothing that was not to be written goes unseen.
fn all(root: &Path) -> Vec<String> {
    super::files(root).into_iter().map(|(path, _)| path).collect()
}

const TABLE: &str = "oa_id,oa_date,ordinary,printer\nOA16760517,1676-05-17,S. Example,A. Printer\nOA16760705,1676-07-05,S. Example,\nOA17170100,1717/8,P. Example,\n";

#[test]
fn a_folder_with_a_table_of_records() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "postil.toml", b"title = \"T\"\n");
    write(root, "in/OA16760517.txt", b"THE ACCOUNT.\n\nThe lamps were lit.\n");
    write(root, "in/OA16760705.TXT", b"THE ACCOUNT.\n\nThe lamps went out.\n");
    write(root, "in/picture.png", b"\x89PNG");
    write(root, "table.csv", TABLE.as_bytes());
    let record = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let add = ["add", "in", "--to", "accounts", "--records", "table.csv", "--rest", "meta"];
    let maps = ["--map", "oa_id=file", "--map", "oa_date=date", "--map", "ordinary=author"];
    let add: Vec<&str> = add.into_iter().chain(maps).collect();

    let before = all(root);
    let dry: Vec<&str> = add.iter().copied().chain(["--dry-run"]).collect();
    let (code, table, said) = run(root, &dry);
    assert_eq!((code, all(root)), (1, before), "{said}");
    assert!(table.contains("accounts/oa16760705"), "{table}");
    let (code, _, said) = run(root, &add);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("table.csv:4:12") && said.contains("there is no text `OA17170100`"), "{said}");
    assert!(said.contains("left where they are, since no kind of text is known in them: 1 `.png`"), "{said}");
    assert_eq!(record("content/accounts/collection.toml"), "title = \"Accounts\"\n");
    let sum = |path: &str| postil_anchor::document::checksum(&std::fs::read(root.join(path)).unwrap());
    assert_eq!(
        record("content/accounts/oa16760705.toml"),
        format!(
            "date   = 1676-07-05\nauthor = \"S. Example\"\nlayout = \"wrapped\"\nsha256 = \"{}\"\nblocks = 2\nmeta   = {{ file = \"OA16760705.TXT\" }}\n",
            sum("in/OA16760705.TXT")
        )
    );
    assert_eq!(sum("content/accounts/oa16760705.txt"), sum("in/OA16760705.TXT"));
    let (code, _, said) = run(root, &["check"]);
    assert_eq!((code, said.contains("error")), (0, false), "{said}");

    // Again: nothing; then what is new; then what has changed.
    let lying = all(root);
    let (code, _, said) = run(root, &["add", "in", "--to", "accounts"]);
    assert_eq!((code, all(root)), (0, lying), "{said}");
    assert!(said.contains("2 texts there already, as they are\n0 texts added"), "{said}");
    write(root, "in/new.txt", b"Another.\n");
    write(root, "in/OA16760517.txt", b"THE ACCOUNT.\n\nThe lamps were lit again.\n");
    let (code, _, said) = run(root, &["add", "in", "--to", "accounts"]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("`in/OA16760517.txt` is not what `accounts/oa16760517` was made from any more"),
        "{said}"
    );
    assert!(root.join("content/accounts/new.txt").exists());

    let maps =
        ["records", "table.csv", "--map", "oa_id=file", "--map", "printer=house", "--map", "ordinary=author"];
    let (code, patch, said) = run(root, &maps);
    assert_eq!(code, 1, "{said}");
    assert!(patch.contains("+house  = \"A. Printer\"\n"), "{patch}");
    assert!(said.ends_with("1 record written\ncolumns without a key were left out: oa_date (`--map COLUMN=KEY`, or `--rest meta`)\n"), "{said}");
}

#[test]
fn what_is_wrong_stops_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "postil.toml", b"title = \"T\"\n");
    write(root, "in/good.txt", b"Words.\n");
    #[track_caller]
    fn refused(root: &Path, name: &str, bytes: &[u8], args: &[&str], code: i32, says: &str) {
        write(root, &format!("in/{name}"), bytes);
        let before = all(root);
        let args: Vec<&str> = ["add", "in"].into_iter().chain(args.iter().copied()).collect();
        let (found, _, said) = run(root, &args);
        assert!(found == code && said.contains(says), "{name}: {found} {said}");
        assert_eq!(all(root), before, "{name}: something was written");
        std::fs::remove_file(root.join(format!("in/{name}"))).unwrap();
    }
    refused(root, "a.txt", b"caf\xe9 d'\xe9t\xe9", &[], 2, "add `--encoding windows-1252`");
    refused(root, "a.txt", b"a\0b", &[], 2, "nul-byte");
    refused(root, "a.xml", b"<TEI>\n<text>", &[], 2, "in/a.xml:2:1");
    refused(
        root,
        "a.xml",
        b"<!DOCTYPE TEI [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<TEI><text><p>&x;</p></text></TEI>",
        &[],
        2,
        "nothing is fetched from elsewhere",
    );
    refused(root, "a.xml", b"<TEI><teiHeader/></TEI>", &[], 2, "the file has no `text`");
    refused(root, "a.srt", b"1\nno time\n", &[], 2, "these lines have no time");
    refused(root, "a.json", b"[1", &["--as", "texts"], 2, "it is not JSON");
    refused(root, "a.epub", b"PK", &[], 2, "the zip cannot be read");
    refused(root, "a.zip", b"PK", &[], 2, "the zip cannot be read");
    refused(root, "a.txt", b"x", &["--to", "My Folder"], 2, "such as `--to my-folder`");
    refused(root, "a.txt", b"x", &["--encoding", "nonsense"], 2, "unknown encoding `nonsense`");
    refused(root, "a.txt", b"x", &["--split", "("], 2, "`--split` is no expression");
    refused(root, "a.txt", b"x", &["--split", "(?<nombre>x)"], 2, "its group `nombre` is no key of a record");
    refused(root, "a.txt", b"x", &["--split", "zzz"], 2, "`zzz` is found nowhere in it");
    let (code, _, said) = run(root, &["add", "nowhere.txt"]);
    assert_eq!((code, said.contains("could not read `nowhere.txt`")), (2, true), "{said}");
}

#[test]
fn one_file_becomes_many_and_many_become_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "postil.toml", b"title = \"T\"\n");
    let whole = b"Letters of Anna Pell\r\n\r\nLETTER 1\r\n\r\nThe boats came in.\r\n\r\nLETTER 3\r\n\r\nSend nails.\r\n";
    write(root, "letters.txt", whole);
    let (code, table, said) = run(root, &["add", "letters.txt", "--split", r"\ALETTER (?<number>\d+)"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("their numbers do not follow each other: 3 after 1 (line 7)"), "{said}");
    assert_eq!(table.lines().count(), 4, "{table}");
    let part = |name: &str| std::fs::read(root.join(format!("content/letters/{name}.txt"))).unwrap();
    assert_eq!([part("front"), part("1"), part("3")].concat(), whole);
    assert_eq!(std::fs::read(root.join("content/letters/letters.txt.original")).unwrap(), whole);
    let record = std::fs::read_to_string(root.join("content/letters/3.toml")).unwrap();
    assert!(record.contains("number   = 3\n") && record.contains("part = \"bytes 58-82\""), "{record}");

    // A folder that somebody names is the folder of what one file holds.
    write(
        root,
        "songs.json",
        b"[{\"title\": \"Tide\", \"text\": \"In.\"}, {\"title\": \"Ebb\", \"text\": \"Out.\"}]",
    );
    for (file, more) in
        [("letters.txt", ["--split", r"\ALETTER (?<number>\d+)"]), ("songs.json", ["--as", "texts"])]
    {
        let (code, _, said) = run(root, &["add", file, "--to", "all", more[0], more[1]]);
        assert_eq!(code, 0, "{said}");
    }
    for name in ["front", "1", "3", "tide", "ebb"] {
        assert!(root.join(format!("content/all/{name}.txt")).exists(), "{name}: {:?}", all(root));
    }
    let (code, _, said) = run(root, &["add", "songs.json", "--to", "all", "--as", "texts"]);
    assert_eq!((code, said.contains("0 texts added")), (0, true), "{said}");

    write(root, "scan/page-2.txt", b"came in at noon.\n");
    write(root, "scan/page-10.txt", b"Nails.\n");
    write(root, "scan/page-1.txt", b"The boats\n");
    let (code, _, said) = run(root, &["add", "scan", "--join"]);
    assert_eq!(code, 0, "{said}");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    assert_eq!(read("content/scan.txt"), "The boats\n\ncame in at noon.\n\nNails.\n");
    assert!(read("annotations/scan/derived.toml").contains("{ at = \"p3\", kind = \"page\", number = 10 }"));
    let (code, _, said) = run(root, &["check"]);
    assert_eq!((code, said.contains("error")), (0, false), "{said}");
}

#[test]
fn front_matter_fills_the_record_and_stays_in_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "postil.toml", b"title = \"T\"\n");
    let law = "---\nTitle: Act on the\n  Lamps\nDate: 1902-03-04\nAuthor: [A. Pell, B. Hob]\nkind: Act of\nlayout: post\ntags:\n  - lamps\n  - oil\ndraft: ~\n\n---\n\n# Act on the Lamps (LampA)\n\n3. Every lamp is lit.\n";
    write(root, "in/lamp_act/index.md", law.as_bytes());
    write(root, "in/b.md", b"+++\ntitle = \"B\"\nnumber = 7\n+++\nWords.\n");
    write(root, "in/c.md", b"---\nOnce upon a time.\n---\n\n# C\n");
    let record = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let (code, table, said) = run(root, &["add", "in", "--to", "laws"]);
    assert_eq!(code, 0, "{said}");
    let sum = postil_anchor::document::checksum(law.as_bytes());
    assert_eq!(
        record("content/laws/lamp-act.toml"),
        format!(
            "title  = \"Act on the Lamps\"\ndate   = 1902-03-04\nauthor = [\"A. Pell\", \"B. Hob\"]\nsha256 = \"{sum}\"\nblocks = 3\nmeta   = {{ kind = \"Act of\", layout = \"post\", tags = \"lamps, oil\", file = \"lamp_act/index.md\" }}\n"
        )
    );
    assert!(table.contains("`kind` of the front matter is in `meta`"), "{table}");
    assert!(record("content/laws/b.toml").starts_with("title  = \"B\"\nnumber = 7\n"));
    assert!(record("content/laws/c.toml").starts_with("title  = \"C\"\n"));
    assert_eq!(record("content/laws/lamp-act.md"), law);
    let (code, shown, said) = run(root, &["check", "--format", "short"]);
    assert_eq!((code, shown.contains("error")), (0, false), "{shown}{said}");
    assert!(shown.contains("content/laws/c.md:2:1: warning[front-matter]"), "{shown}{said}");
}

/// Names of files are bytes on Linux; what cannot be an id must not be lost in silence.
#[test]
#[cfg(target_os = "linux")]
fn a_file_whose_name_is_not_utf_8_is_told_and_nothing_is_written() {
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_smallest_archive(root);
    let before = all(root);
    let given = tempfile::tempdir().unwrap();
    std::fs::write(given.path().join("good.txt"), "One.\n").unwrap();
    let odd = given.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt"));
    std::fs::write(&odd, "Two.\n").unwrap();
    for path in [given.path().as_os_str(), odd.as_os_str()] {
        let made = postil(root, &["add"]).arg(path).output().unwrap();
        let said = String::from_utf8(made.stderr).unwrap();
        assert_eq!(made.status.code(), Some(2), "{said}");
        assert!(said.contains("caf\u{fffd}.txt` is not UTF-8") && said.contains("rename it"), "{said}");
        assert_eq!(all(root), before);
    }
    // The advice works.
    std::fs::rename(&odd, given.path().join("cafe.txt")).unwrap();
    let made = postil(root, &["add"]).arg(given.path()).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    assert_eq!(all(root).iter().filter(|path| path.ends_with(".txt")).count(), 3);
}

#[test]
fn a_row_with_a_cell_too_many_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_smallest_archive(root);
    write(root, "t.csv", b"id,words,date\na,One two,1820\nc,five,1822,more\n");
    let before = all(root);
    let (code, _, said) = run(root, &["add", "t.csv"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("error[bad-source]: the row has 4 cells, the head 3\n --> t.csv:3:13\n"), "{said}");
    assert_eq!(all(root), before);
}
