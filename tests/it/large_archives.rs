//! One of something very large, or very many of it: it is built, in memory that is bounded, in time that grows as it does.

#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "figures of a long run, for who looks at them")]

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use super::checking::write;
use super::command::postil;
use super::files;

/// What a run took.
#[derive(Debug)]
struct Took {
    /// Most memory, in bytes.
    memory: u64,
    /// Time of processors in the program itself, in ticks of the system.
    ticks: u64,
    said: String,
}

/// Bytes that no build may hold at once, but those for which more is said.
const MOST_MEMORY: u64 = 1 << 30;
/// What a hundred thousand notes on one page take, unoptimised (1.7 GB in a release).
const OF_NOTES: u64 = 4 << 30;
/// What a text of 110 MB takes, unoptimised (2.3 GB in a release).
const OF_LARGE_TEXT: u64 = 3 << 30;
/// How much more time twice as much may take: twice, and what varies from run to run.
const DOUBLE: f64 = 2.8;
/// With less than this a run is over before it can be compared.
const FEW_TICKS: u64 = 60;

/// Runs postil to its end; looks at the system's book of it again and again, since nothing is left of that in the end.
#[track_caller]
fn run(folder: &Path, args: &[&str]) -> Took {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = postil(folder, args);
    command.stdout(Stdio::null()).stderr(log.reopen().unwrap());
    let mut child = command.spawn().unwrap();
    let book = format!("/proc/{}", child.id());
    let mut took = Took { memory: 0, ticks: 0, said: String::new() };
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let read = |name: &str| std::fs::read_to_string(format!("{book}/{name}")).unwrap_or_default();
        let peak = read("status")
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        took.memory = took.memory.max(peak.unwrap_or(0) * 1024);
        let stat = read("stat");
        // The name, in brackets, may hold blanks; of what follows it the twelfth is the time in the program.
        let ticks = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(11)?.parse().ok());
        took.ticks = took.ticks.max(ticks.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(10));
    };
    took.said = std::fs::read_to_string(log.path()).unwrap();
    assert!(status.code() == Some(0), "{args:?}: {status}\n{}", took.said);
    took
}

/// Builds an archive of so many, and of twice as many.
#[track_caller]
fn grows_as_it_does(
    what: &str,
    many: usize,
    most_memory: u64,
    archive: impl Fn(&Path, usize),
    after: impl Fn(&Path, usize),
) {
    let took = [many / 2, many].map(|many| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "postil.toml", "title = \"Large\"\nzip = false\n[limits]\nnote = 100000000\n");
        archive(folder.path(), many);
        let took = run(folder.path(), &["build", "--quiet"]);
        assert!(took.memory < most_memory, "{what}: {took:?}");
        after(folder.path(), many);
        took
    });
    println!(
        "{what}: {many} in {} ticks and {} MB; half of it in {}",
        took[1].ticks,
        took[1].memory >> 20,
        took[0].ticks
    );
    let [half, whole] = took.map(|took| took.ticks.max(FEW_TICKS) as f64);
    assert!(whole < half * DOUBLE, "{what}: {half} and {whole}");
}

fn line(number: usize) -> String {
    format!("Line {number} of the record has word{number} and some more. ")
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn one_line_of_ten_megabytes() {
    let text = |root: &Path, bytes: usize| {
        let mut text: String = (0..).map(line).take(bytes / 45).collect();
        text.truncate(bytes);
        write(root, "content/a.txt", &text);
        write(root, "content/a.toml", "title = \"A\"\nlayout = \"lines\"\n");
        write(root, "annotations/a/n.md", "+++\nby = \"A B\"\n+++\n> has word7777 and\n\nSo.\n");
    };
    grows_as_it_does("one line", 10_000_000, MOST_MEMORY, text, |root, _| {
        let page = std::fs::read_to_string(root.join("public/texts/a.html")).unwrap();
        assert!(page.contains("id=\"n-n\"") && page.len() > 4_000_000);
    });
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn a_hundred_thousand_notes_on_one_text() {
    let archive = |root: &Path, many: usize| {
        let text: String = (0..many).map(|n| line(n) + "\n").collect();
        write(root, "content/a.txt", &text);
        write(root, "content/a.toml", "title = \"A\"\nlayout = \"lines\"\n");
        for n in 0..many {
            let note = format!("+++\nby = \"A B\"\n+++\n> has word{n} and\n\nNote {n}.\n");
            write(root, &format!("annotations/a/n{n}.md"), &note);
        }
    };
    grows_as_it_does("notes on one text", 100_000, OF_NOTES, archive, |root, many| {
        let page = std::fs::read_to_string(root.join("public/texts/a.html")).unwrap();
        assert!(page.contains(&format!("id=\"n-n{}\"", many - 1)));
    });
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn ten_thousand_terms() {
    let archive = |root: &Path, many: usize| {
        let text: String = (0..many).map(|n| line(n) + "\n").collect();
        write(root, "content/a.txt", &text);
        write(root, "content/a.toml", "title = \"A\"\nlayout = \"lines\"\n");
        for n in 0..many {
            let term = format!(
                "term = \"word{n}\"\nkind = \"concept\"\ndefinition = \"Of [[t{}]].\"\n",
                (n + 1) % many
            );
            write(root, &format!("annotations/glossary/t{n}.toml"), &term);
        }
    };
    grows_as_it_does("terms", 10_000, MOST_MEMORY, archive, |root, many| {
        assert!(root.join(format!("public/glossary/t{}.html", many - 1)).exists());
    });
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn two_thousand_topics_in_a_chain() {
    let archive = |root: &Path, many: usize| {
        write(root, "content/a.txt", "One line.\n");
        write(root, "content/a.toml", "title = \"A\"\nlayout = \"lines\"\n");
        for n in 0..many {
            let parent =
                n.checked_sub(1).map(|parent| format!("parent = \"t{parent}\"\n")).unwrap_or_default();
            let topic =
                format!("title = \"Topic {n}\"\n{parent}[[passage]]\ntext = \"a\"\nquote = \"One line\"\n");
            write(root, &format!("annotations/topics/t{n}.toml"), &topic);
        }
    };
    grows_as_it_does("topics in a chain", 2_000, MOST_MEMORY, archive, |root, many| {
        assert!(root.join(format!("public/topics/t{}.html", many - 1)).exists());
    });
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn two_thousand_imported_annotations_on_the_same_words() {
    let archive = |root: &Path, many: usize| {
        write(root, "content/a.txt", "The lamps were lit along the quay. Nobody saw them.\n");
        write(root, "content/a.toml", "title = \"A\"\nlayout = \"lines\"\n");
        let each = |n: usize| {
            format!(
                "{{\"id\":\"x{n}\",\"user\":\"acct:jo@h.is\",\"text\":\"Note {n}\",\"target\":[{{\"selector\":[{{\"type\":\"TextQuoteSelector\",\"exact\":\"lamps were\",\"prefix\":\"The \",\"suffix\":\" lit\"}}]}}]}}"
            )
        };
        write(root, "h.json", &format!("[{}]", (0..many).map(each).collect::<Vec<_>>().join(",")));
        let took = run(root, &["import", "hypothesis", "h.json", "--text", "a"]);
        println!("import of {many}: {} ticks", took.ticks);
    };
    grows_as_it_does("imported annotations on the same words", 2_000, MOST_MEMORY, archive, |root, many| {
        assert_eq!(files(&root.join("annotations/a")).len(), many);
    });
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn a_text_of_a_hundred_and_ten_megabytes() {
    let text = |root: &Path, bytes: usize| {
        let text: String = (0..).map(|n| line(n % 50_000).repeat(20) + "\n").take(bytes / 1_000).collect();
        write(root, "content/a.txt", &text);
        write(root, "content/a.toml", "title = \"A\"\nlayout = \"lines\"\n");
    };
    grows_as_it_does("bytes of one text", 110_000_000, OF_LARGE_TEXT, text, |_, _| {});
}
