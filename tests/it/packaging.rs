//! What checks a change and makes a release: nothing in it changes under one's hands, and nothing goes on for ever.

use super::{files, repository};

/// Workflows and the action, each with its path.
fn workflows() -> Vec<(String, String)> {
    let mut all = files(&repository(".github/workflows"));
    for starter in ["check.yml", "publish.yml"] {
        // What `init` writes, too.
        let path = format!("crates/propose/src/propose/starter/{starter}");
        all.push((path.clone(), std::fs::read(repository(&path)).unwrap()));
    }
    all.push(("action.yml".to_owned(), std::fs::read(repository("action.yml")).unwrap()));
    all.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// A tag of somebody's action can be moved; a commit cannot. The version beside it is for people.
#[test]
fn actions_of_others_are_named_by_commit() {
    let mut seen = 0;
    for (path, text) in workflows() {
        for used in text.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: "))
        {
            seen += 1;
            let (name, at) = used.split_once('@').unwrap_or((used, ""));
            let (commit, version) = at.split_once(" # v").unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(name == "./" || (is_commit && !version.is_empty()), "{path}: {used}");
        }
    }
    assert!(seen > 10, "{seen}");
    let scripts: usize = workflows().iter().map(|(_, text)| scripts(text).len()).sum();
    assert!(scripts > 10, "{scripts}");
}

#[test]
fn jobs_end_and_have_no_more_rights_than_to_read_unless_they_say_so() {
    for (path, text) in workflows().into_iter().filter(|(path, _)| path != "action.yml") {
        let count = |key: &str| text.lines().filter(|line| line.trim_start().starts_with(key)).count();
        assert!(count("runs-on:") > 0 && count("runs-on:") == count("timeout-minutes:"), "{path}");
        assert!(
            text.contains("\npermissions:\n  contents: read\n") && text.contains("\nconcurrency:\n"),
            "{path}"
        );
        for script in scripts(&text) {
            // What a stranger may have written would become part of the script: values come by variables.
            assert!(!script.contains("${{"), "{path}: {script}");
        }
    }
}

/// The scripts of a workflow's steps.
fn scripts(text: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = text.lines().collect();
    let begun = lines.iter().enumerate().filter_map(|(at, line)| {
        let script = line.trim_start_matches([' ', '-']).strip_prefix("run: ")?;
        let below =
            lines[at + 1..].iter().take_while(|below| indent(below) > indent(line) || below.is_empty());
        Some(if script == "|" { below.copied().collect::<Vec<_>>().join("\n") } else { script.to_owned() })
    });
    begun.collect()
}

/// A cache that a proposal could write would be read by those after it.
#[test]
fn caches_are_written_on_main_only() {
    for (path, text) in workflows() {
        let steps = text.split("\n      - ").filter(|step| step.contains("actions/cache"));
        for step in steps {
            let reads = step.contains("actions/cache/restore@");
            let on_main =
                step.contains("actions/cache/save@") && step.contains("github.event_name == 'push'");
            assert!(reads || on_main, "{path}: {step}");
        }
    }
}

/// `cargo deb`, the archives and npm's packages each name what they take: all of it is there.
#[test]
fn what_packages_name_is_there() {
    let manifest = std::fs::read_to_string(repository("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let deb = &manifest["package"]["metadata"]["deb"];
    for asset in deb["assets"].as_array().unwrap() {
        let source = asset[0].as_str().unwrap();
        assert!(source.starts_with("target/") || repository(source).is_file(), "{source}");
    }
    for kept in manifest["package"]["include"].as_array().unwrap() {
        let kept = kept.as_str().unwrap().trim_start_matches('/').trim_end_matches("/**/*");
        assert!(repository(kept).exists(), "{kept}");
    }
}
