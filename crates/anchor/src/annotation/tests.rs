use std::collections::BTreeMap;

use super::*;
use postil_archive::diagnostic::{Checked, Diagnostic};

/// An archive of the text `a`, the contributor `editors`, the topics `t` and
/// `u`, the terms `gla` (with senses) and `sue` (a person), and these files.
fn archive(files: &[(&str, &str)]) -> postil_archive::archive::Archive {
    let base = [
        ("postil.toml", "title = 'T'"),
        ("content/a.txt", "Words."),
        ("annotations/contributors/editors.toml", "name = 'The editors'"),
        ("annotations/topics/t.toml", "title = 'T'"),
        ("annotations/topics/u.toml", "title = 'U'"),
        (
            "annotations/glossary/gla.toml",
            "term = 'GLA'\nkind = 'body'\n[[sense]]\nid = 'one'\ndefinition = 'x'\n[[sense]]\ndefinition = 'y'",
        ),
        ("annotations/glossary/sue.toml", "term = 'Sue Doughty'\nkind = 'person'\ndefinition = 'x'"),
    ];
    let all: BTreeMap<String, Vec<u8>> =
        base.iter().chain(files).map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let checked = postil_archive::archive::Archive::from_memory(all, &Default::default());
    assert_eq!(checked.problems, []);
    checked.value
}

fn run(files: &[(&str, &str)]) -> Checked<Annotations> {
    parse(&archive(files))
}

fn good(files: &[(&str, &str)]) -> Annotations {
    let checked = run(files);
    assert_eq!(shown(&checked.problems), [""; 0], "{files:?}");
    checked.value
}

fn shown(problems: &[Diagnostic]) -> Vec<String> {
    problems
        .iter()
        .map(|p| format!("{}:{} {}: {}", p.place.line, p.place.column, p.code.name(), p.message))
        .collect()
}

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(shown(&run(files).problems), expected, "{files:?}");
}

const NOTE: &str = "annotations/a/n.md";
const APPARATUS: &str = "annotations/a/apparatus.toml";
const TERM: &str = "annotations/glossary/x.toml";
const TOPIC: &str = "annotations/topics/x.toml";
const LINK: &str = "annotations/links/x.toml";

/// A note with this front matter (beside `by`) and body.
fn note(front: &str, body: &str) -> Note {
    let text = format!("+++\nby = 'Me'\n{front}\n+++\n{body}");
    good(&[(NOTE, &text)]).notes.raw.remove(0)
}

#[track_caller]
fn check_note(front: &str, body: &str, expected: &[&str]) {
    let text = format!("+++\nby = 'Me'\n{front}\n+++\n{body}");
    check_files(&[(NOTE, &text)], expected);
}

fn words(note: &Note) -> Vec<Words> {
    note.selectors.iter().filter_map(|selector| selector.words.clone()).collect()
}

fn quoted(words: &str) -> Words {
    Words::Quotation(words.to_owned())
}

#[test]
fn the_shortest_note_is_read() {
    let text = "+++\nby = \"Your Name\"\n+++\n> on whether the **GLA's remit** should\n\nIn 2016 the [[gla]] became.\n";
    let note = good(&[(NOTE, text)]).notes.raw.remove(0);
    assert_eq!((&*note.text, note.slug.as_str(), note.kind.as_str()), ("a", "n", "context"));
    assert_eq!(note.by, [By::Name("Your Name".to_owned())]);
    assert_eq!(words(&note), [quoted("on whether the **GLA's remit** should")]);
    assert_eq!(&text[note.selectors[0].span.range()], "> on whether the **GLA's remit** should");
    assert_eq!(note.body.text, "In 2016 the [[gla]] became.");
    assert_eq!(&text[note.body.span.range()], note.body.text);
}

#[test]
fn a_note_may_say_much() {
    let note = note(
        "role = 'Editor'\ntitle = 'Widened  in 2016'\nkind = 'source'\ntopics = ['t']\ndate = 2020-01-02\nsources = [{ title = 'S', url = 'https://a.b', note = 'p. 1' }]\ncertainty = 'possible'\nwas = ['old']\nreview_by = 2030\nat = ['p1', 'L3-L4']\nnth = 2",
        "> a\n\nb",
    );
    assert_eq!((note.role.as_deref(), note.kind.as_str()), (Some("Editor"), "source"));
    assert_eq!(note.topics[0].value, "t");
    assert_eq!(note.sources[0].url.as_deref(), Some("https://a.b"));
    assert_eq!(note.certainty, Certainty::Possible);
    assert_eq!(note.title.as_deref(), Some("Widened in 2016"));
    assert_eq!(note.was[0].value, "old");
    assert_eq!(note.review_by.map(|date| date.value.year()), Some(2030));
    let selector = &note.selectors[0];
    let at: Vec<BlockRange> = selector.at.iter().map(|at| at.value).collect();
    assert_eq!(at, [BlockRange::Blocks(1, 1), BlockRange::Lines(3, 4)]);
    assert_eq!(selector.nth.as_ref().map(|nth| nth.value), Some(2));
}

#[test]
fn opening_quotations_are_places() {
    assert_eq!(words(&note("", "> a\n\n> b\n\nBody")), [quoted("a"), quoted("b")]);
    assert_eq!(words(&note("", ">There\n\nBody")), [quoted("There")]);
    assert_eq!(words(&note("", "> > quoted in the text\n\nBody")), [quoted("> quoted in the text")]);
    assert_eq!(words(&note("", "> ****\n\nBody")), [quoted("****")]);
    assert_eq!(note("", "> a\nb\n").body.text, "b");
}

#[test]
fn a_selector_may_stand_in_the_front_matter() {
    let machine = note("quote = 'a **b**'\nprefix = 'c'\nsuffix = 'd'\nall = true\nedge = 'start'", "Body");
    assert_eq!(words(&machine), [Words::Literal("a **b**".to_owned())]);
    let selector = &machine.selectors[0];
    assert_eq!(selector.prefix.as_ref().map(|p| p.value.as_str()), Some("c"));
    assert_eq!((selector.all, selector.edge), (true, Some(Edge::Start)));
    let blocks = note("at = 'p1-p2'", "Body");
    assert_eq!(words(&blocks), []);
    assert_eq!(blocks.selectors[0].at[0].value, BlockRange::Blocks(1, 2));
}

#[test]
fn a_note_on_the_whole_text_has_no_words() {
    let note = note("on = 'text'", "Words first.\n\n> and a quotation\n");
    assert_eq!(note.selectors.len(), 0);
    assert_eq!(note.body.text, "Words first.\n\n> and a quotation");
    check_note(
        "on = 'txt'",
        "x",
        &[
            "3:6 bad-value: `on` cannot be `txt`",
            "5:1 note-without-quote: the note does not say what it stands on",
        ],
    );
    check_note(
        "on = 'text'",
        "> a\n\nb",
        &["3:6 selector-conflict: a note on the whole text stands on no words"],
    );
    check_note(
        "on = 'text'\nquote = 'a'",
        "b",
        &["3:6 selector-conflict: a note on the whole text stands on no words"],
    );
}

#[test]
fn front_matter_is_needed() {
    check_files(
        &[(NOTE, "---\nby: Me\n---\n> a\n\nb")],
        &["1:1 front-matter: the front matter is not between `+++` lines"],
    );
    check_files(&[(NOTE, "> a\n\nb")], &["1:1 front-matter: the note has no front matter"]);
    check_files(&[(NOTE, "+++\nby = 'Me'\n> a")], &["1:1 front-matter: the front matter has no end"]);
    check_files(&[(NOTE, "+++\n+++\n> a\n\nb")], &["2:1 missing-key: `by` is missing"]);
}

#[test]
fn a_note_without_quotation_is_an_error_with_advice() {
    let advice = |body: &str| {
        let text = format!("+++\nby = 'Me'\n+++\n{body}");
        let problems = run(&[(NOTE, &text)]).problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].code, postil_archive::diagnostic::Code::NOTE_WITHOUT_QUOTE);
        (problems[0].place.line, problems[0].help[0].clone())
    };
    assert_eq!(
        advice("\nJust words.\n"),
        (5, "write the words of the text above the note, as a line that begins with `> `".to_owned())
    );
    assert_eq!(
        advice("Words.\n\n> quotation\n"),
        (4, "move the quotation above all other words of the note".to_owned())
    );
    assert_eq!(
        advice("    > quotation\n"),
        (4, "put at most three spaces before `>`: with four the line is code".to_owned())
    );
}

#[test]
fn a_note_says_something() {
    check_note("", "> a\n", &["5:1 note-empty: the note says nothing"]);
    check_note("topics = ['t']", "> a\n", &[]);
}

#[test]
fn keys_that_do_not_go_together_are_said() {
    let conflict = "selector-conflict";
    check_note(
        "nth = 2\nall = true",
        "> a\n\nb",
        &[&format!("3:7 {conflict}: `nth` and `all` do not go together")],
    );
    check_note("nth = 2\nall = false", "> a\n\nb", &[]);
    check_note(
        "quote = 'a'\nprefix = 'b'",
        "> a\n\nb",
        &[
            &format!("3:9 {conflict}: the note opens with a quotation and has `quote` too"),
            &format!("4:10 {conflict}: the note opens with a quotation and has `prefix` too"),
        ],
    );
    check_note("nth = 0", "> a\n\nb", &["3:7 bad-value: `nth` counts from 1"]);
    check_note(
        "nth = 1\nall = true",
        "> a\n\n> c\n\nb",
        &[&format!("3:7 {conflict}: `nth` and `all` do not go together")],
    );
    check_note(
        "at = 'p1'\nedge = 'start'",
        "b",
        &[&format!("4:8 {conflict}: `edge` says which words are meant, but there are none")],
    );
    check_note("nth = 1", "b", &["5:1 note-without-quote: the note does not say what it stands on"]);
    check_note(
        "at = ['p3-p1', 'x']",
        "b",
        &["3:7 bad-value: `p3-p1` ends before it begins", "3:16 bad-value: `x` names no blocks"],
    );
}

#[test]
fn names_exist() {
    check_note(
        "kind = 'contxt'\ntopics = ['t', 'z']",
        "> a\n\nb",
        &["3:8 unknown-kind: there is no kind of note `contxt`", "4:16 unknown-topic: there is no topic `z`"],
    );
    let problems = run(&[(NOTE, "+++\nby = ['editrs', 'Your Name', 'editors', '']\n+++\n> a\n\nb")]).problems;
    assert_eq!(
        shown(&problems),
        ["2:7 unknown-contributor: there is no contributor `editrs`", "2:41 bad-value: the name is empty"]
    );
    assert_eq!(
        problems[0].help,
        [
            "did you mean `editors`?",
            "`annotations/contributors/editrs.toml` would define it; a name as it is to be shown holds a capital or a space",
        ]
    );
}

#[test]
fn addresses_lead_to_the_web() {
    let expected = ["3:33 bad-address: this is not an address of the web"];
    check_note("sources = [{ title = 'S', url = 'javascript:x' }]", "> a\n\nb", &expected);
}

#[test]
fn a_folder_has_a_text() {
    let n = "+++\nby = 'Me'\n+++\n> a\n\nb";
    let files = [("annotations/b/n.md", n), ("annotations/b/m.md", n), ("annotations/b/apparatus.toml", "")];
    let checked = run(&files);
    assert_eq!(shown(&checked.problems), ["1:1 sidecar-without-text: there is no text `b`"]);
    assert_eq!(checked.value.notes.len(), 0);
    assert_eq!(checked.value.apparatuses.len(), 0);
}

#[test]
fn old_names_are_free() {
    let with = |was: &str| format!("+++\nby = 'Me'\nwas = {was}\n+++\n> a\n\nb");
    let (first, second) = (with("['m', 'old']"), with("'old'"));
    check_files(
        &[(NOTE, &first), ("annotations/a/m.md", &second)],
        &["3:8 was-taken: `m` is not an old name: it exists", "3:13 was-taken: `old` stands in `was` twice"],
    );
    check_files(
        &[(TERM, "term = 'X'\nkind = 'body'\ndefinition = 'x'\nwas = 'gla'")],
        &["4:7 was-taken: `gla` is not an old name: it exists"],
    );
    check_files(&[(TOPIC, "title = 'X'\nwas = ['y', 'y']")], &["2:13 was-taken: `y` stands in `was` twice"]);
}

#[test]
fn an_apparatus_is_read() {
    let toml = "by = 'editors'
furniture = [
  { at = 'p9-p16', reason = 'repeated' },
  { quote = '-', edge = 'start', at = ['p29-p31', 'p39'], all = true, reason = 'list mark' },
]
join = [{ at = 'p45-p46' }, { at = 'p1-p2', glue = '' }]
correction = [
  { quote = 'ACDS', all = true, reading = 'ADCS', reason = 'misprint' },
  { quote = 'treated only', reason = 'words missing' },
]
structure = [
  { at = 'p41', kind = 'heading', level = 2 },
  { at = 'p59', starts = '8. Another', kind = 'recommendation', number = 8, refs = { paragraph = 57 } },
  { at = 'p60-p62', kind = 'response', to = [8], speaker = 'sue', role = 'MP' },
  { quote = 'Mark', kind = 'speaker', speaker = 'Mark Harper', certainty = 'probable' },
]
term = [
  { form = 'GLA', is = 'gla' },
  { form = 'UN', is = 'none' },
  { quote = 'GLA', at = 'p1', is = 'gla/2' },
]
";
    let apparatus = good(&[(APPARATUS, toml)]).apparatuses.remove(0);
    assert_eq!(apparatus.by, [By::Contributor("editors".to_owned())]);
    assert_eq!(apparatus.furniture.len(), 2);
    assert_eq!(apparatus.furniture[1].selector.edge, Some(Edge::Start));
    assert_eq!(apparatus.joins.iter().map(|join| join.glue.as_str()).collect::<Vec<_>>(), [" ", ""]);
    assert_eq!(apparatus.corrections[1].reading, None);
    let kinds: Vec<RowKind> = apparatus.structure.iter().map(|row| row.part.kind).collect();
    assert_eq!(kinds, [RowKind::Heading, RowKind::Recommendation, RowKind::Response, RowKind::Speaker]);
    let row = &apparatus.structure[1];
    assert_eq!(row.part.number.as_deref(), Some("8"));
    assert_eq!(row.part.refs, [("paragraph".to_owned(), vec!["57".to_owned()])]);
    assert_eq!(row.starts.as_ref().map(|starts| starts.value.as_str()), Some("8. Another"));
    let row = &apparatus.structure[2];
    assert_eq!(row.part.to[0].value, "8");
    assert_eq!(row.part.speaker, Some(Speaker::Term("sue".to_owned())));
    assert_eq!(apparatus.structure[3].part.speaker, Some(Speaker::Name("Mark Harper".to_owned())));
    let meanings: Vec<&Meaning> = apparatus.terms.iter().map(|row| &row.is).collect();
    let meant = |sense: Option<&str>| {
        Meaning::Some(SenseName { term: "gla".to_owned(), sense: sense.map(str::to_owned) })
    };
    assert_eq!(meanings, [&meant(None), &Meaning::None, &meant(Some("2"))]);
    assert!(matches!(apparatus.terms[2].on, TermRowOn::Place(_)));
}

#[test]
fn rows_of_an_apparatus_do_not_hide_each_other() {
    let toml = "furniture = [{ reason = 'x' }, { at = 'p1' }]
structure = [
  { at = 'p1', kind = 'heding' },
  { at = 'p2', kind = 'heading', level = 7 },
  { at = 'p3', kind = 'response', to = [9], speaker = 'kent' },
  { quote = 'x', kind = 'question', number = '8a', starts = 'y', speaker = 'zeno' },
]
term = [
  { form = 'GLA', is = 'gal' },
  { form = 'GLA', is = 'gla/three' },
  { form = 'GLA', at = 'p1', is = 'none' },
  { is = 'none' },
]
";
    check_files(
        &[
            (APPARATUS, toml),
            ("annotations/glossary/kent.toml", "term = 'Kent'\nkind = 'place'\ndefinition = 'x'"),
        ],
        &[
            "1:32 missing-key: `reason` is missing",
            "3:23 unknown-kind: `kind` cannot be `heding`",
            "1:14 missing-key: the row does not say where it stands",
            "4:42 bad-value: a heading cannot have level 7",
            "6:61 selector-conflict: `starts` goes with `at`",
            "6:76 unknown-term: there is no term `zeno`",
            "5:41 unknown-number: no row of this text has the number 9",
            "9:24 unknown-term: there is no term `gal`",
            "11:12 selector-conflict: `form` and a place do not go together",
            "12:3 missing-key: the row does not say where it stands",
            "5:3 bad-value: the speaker `kent` is neither a person nor a body, but of kind `place`",
            "10:3 unknown-term: the term `gla` has no sense `three`",
        ],
    );
}

#[test]
fn shared_furniture_names_its_texts() {
    let path = "annotations/furniture.toml";
    let toml = "furniture = [{ quote = 'Share', reason = 'button', texts = ['commons/**', 'a'] }]";
    let rows = good(&[(path, toml)]).furniture;
    assert_eq!(rows.raw[0].texts, [Glob("commons/**".to_owned()), Glob("a".to_owned())]);
    check_files(
        &[(path, "furniture = [{ quote = 'x', reason = 'y', texts = ['b', 'A/*', '../x'] }]")],
        &[
            "1:52 unknown-text: there is no text `b`",
            "1:57 bad-value: `A/*` is not a pattern over the ids of texts",
            "1:64 bad-value: `../x` is not a pattern over the ids of texts",
        ],
    );
}

#[test]
fn a_term_in_the_short_form_has_one_sense() {
    let toml = "term = 'ILO'\nkind = 'body'\nforms = ['International Labour Organization']\nmisprints = ['IL0']\ncase = 'any'\nmark = 'all'\ntexts = ['a']\nsee = ['gla']\nallow_common = true\ndefinition = 'Agency.'\nsources = [{ title = 'C' }]\n";
    let terms = good(&[(TERM, toml)]).terms;
    let term = terms.iter().find(|term| term.slug == "x").expect("it is there");
    assert_eq!((term.term.value.as_str(), term.forms.len(), term.misprints.len()), ("ILO", 1, 1));
    assert_eq!((term.case, term.allow_common), (Some(Case::Any), Some(true)));
    let [sense] = &term.senses.raw[..] else { panic!("{:?}", term.senses) };
    assert_eq!((sense.id.as_str(), sense.definition.text.as_str()), ("1", "Agency."));
    assert_eq!(&toml[sense.definition.span.range()], "'Agency.'");
    assert_eq!(sense.sources[0].title, "C");
}

#[test]
fn a_term_may_have_senses() {
    let toml = "term = 'G'\nkind = 'body'\n[[sense]]\nid = 'a'\nname = 'N'\nfrom = 2005-04-01\nuntil = '2016'\ndefinition = 'x'\nsuccessor = 'gla'\n[[sense]]\nfrom = 2016\ndefinition = 'y'\ncertainty = 'probable'\n";
    let terms = good(&[(TERM, toml)]).terms;
    let senses = &terms.iter().find(|term| term.slug == "x").expect("it is there").senses;
    assert_eq!(senses.iter().map(|sense| sense.id.as_str()).collect::<Vec<_>>(), ["a", "2"]);
    assert_eq!(senses.raw[0].until.map(|until| until.to_string()).as_deref(), Some("2016"));
    assert_eq!(senses.raw[0].successor.as_ref().map(|after| after.value.to_string()).as_deref(), Some("gla"));
    assert_eq!(senses.raw[1].certainty, Certainty::Probable);
}

#[test]
fn senses_fit_together() {
    let term = |rest: &str| format!("term = 'G'\nkind = 'body'\n{rest}");
    let check = |rest: &str, expected: &[&str]| check_files(&[(TERM, &term(rest))], expected);
    check("", &["1:1 missing-key: `definition` is missing"]);
    check(
        "definition = 'x'\n[[sense]]\ndefinition = 'y'",
        &["3:14 sense-broken: a term with `[[sense]]` has no `definition` of its own"],
    );
    check(
        "[[sense]]\ndefinition = 'x'\nid = 'a'\n[[sense]]\ndefinition = 'y'\nid = 'a'",
        &["8:6 sense-broken: two senses have the id `a`"],
    );
    check(
        "[[sense]]\ndefinition = 'x'\nfrom = 2005\nuntil = 2004",
        &["6:9 sense-broken: the sense ends in 2004 before it begins in 2005"],
    );
    check(
        "[[sense]]\ndefinition = 'x'\nfrom = 2005\n[[sense]]\ndefinition = 'y'\nfrom = '2004-12'",
        &["7:14 sense-broken: sense `2` begins before sense `1` above it"],
    );
    check("[[sense]]\ndefinition = 'x'\nfrom = 2005-05-01\nuntil = 2005", &[]);
    check(
        "[[sense]]\nid = 'A b'\ndefinition = 'x'\npredecessor = 'gal'",
        &[
            "4:6 bad-value: an id is written in small letters, digits and `-`",
            "6:15 unknown-term: there is no term `gal`",
        ],
    );
}

#[test]
fn sources_can_be_required() {
    let note = |front: &str, body: &str| format!("+++\nby = 'Me'\n{front}\n+++\n> Words.\n\n{body}");
    let check = |wanted: &str, front: &str, body: &str, expected: &[&str]| {
        let config = format!("title = 'T'\n[notes]\n{wanted}\n");
        let note = note(front, body);
        let problems = run(&[("postil.toml", &config), (NOTE, &note)]).problems;
        let severities: Vec<String> =
            problems.iter().map(|p| format!("{:?} {}", p.severity, p.code.name())).collect();
        assert_eq!(severities, expected, "{wanted} {front} {body}");
    };
    let (required, expected) = ("sources = 'required'", "sources = 'expected'");
    check("", "", "So.", &[]);
    check("sources = 'optional'", "", "So.", &[]);
    check(expected, "", "So.", &["Warning sources-missing"]);
    check(required, "", "So.", &["Error sources-missing"]);
    check(required, "sources = [{ title = 'A book' }]", "So.", &[]);
    // Who asks, and who only files a passage under a topic, says nothing that rests on something.
    check(required, "kind = 'question'", "So?", &[]);
    check(required, "topics = 't'", "", &[]);
}

#[test]
fn senses_follow_one_another() {
    let term = |slug: &str| format!("annotations/glossary/{slug}.toml");
    let two = |early: &str, late: &str| {
        format!(
            "term = 'X'\nkind = 'body'\n[[sense]]\nid = 'early'\nuntil = 2011-02-20\ndefinition = 'x'\n{early}\n\
             [[sense]]\nid = 'late'\nfrom = 2011-03-01\ndefinition = 'y'\n{late}\n"
        )
    };
    let one = |rest: &str| format!("term = 'Y'\nkind = 'body'\n[[sense]]\ndefinition = 'y'\n{rest}\n");
    let check = |x: &str, y: &str, expected: &[&str]| {
        check_files(&[(&term("x"), x), (&term("y"), y)], expected);
    };
    let plain = one("");
    check(&two("successor = 'x/late'", "predecessor = 'x/early'"), &plain, &[]);
    check(&two("successor = 'y'", "predecessor = 'y'"), &plain, &[]);
    check(&two("successor = 'y'", ""), &one("predecessor = 'x/early'\nsuccessor = 'x/late'"), &[]);
    // A term as a whole comes before another, or after it.
    check(&plain.replace("'Y'", "'X'"), &one("predecessor = 'gla'"), &[]);
    check(
        &two("successor = 'x/none'", "predecessor = 'y/2'"),
        &plain,
        &[
            "7:13 unknown-term: the term `x` has no sense `none`",
            "12:15 unknown-term: the term `y` has no sense `2`",
        ],
    );
    check(
        &two("successor = 'x'", "predecessor = 'x/late'"),
        &plain,
        &[
            "7:13 sense-broken: `x` is its own successor",
            "12:15 sense-broken: `x/late` is its own predecessor",
        ],
    );
    check(
        &two("", "successor = 'x/early'"),
        &plain,
        &[
            "12:13 sense-broken: `x/early` is to come after `x/late`, but ends before that begins, in 2011-02-20",
        ],
    );
    check(
        &two("", "successor = 'y'"),
        &one("from = '2010'"),
        &["12:13 sense-broken: `y` is to come after `x/late`, but begins before it, in 2010"],
    );
    check(
        &two("", ""),
        &one("until = '2011-01'\npredecessor = 'x/late'"),
        &["6:15 sense-broken: `y` is to come after `x/late`, but ends before that begins, in 2011-01"],
    );
    // A year holds the day: nothing contradicts.
    check(&two("", "successor = 'y'"), &one("from = '2011'"), &[]);
    // A circle is cut once, wherever it begins.
    check(
        &two("successor = 'y'", ""),
        &one("successor = 'x/early'"),
        &["5:13 sense-broken: `x/early` comes after itself"],
    );
    check(
        &plain.replace("'Y'", "'X'").replace("definition", "predecessor = 'y'\ndefinition"),
        &one("predecessor = 'x'"),
        &["4:15 sense-broken: `x` comes after itself"],
    );
}

#[test]
fn forms_can_be_matched() {
    let term = |rest: &str| format!("kind = 'body'\ndefinition = 'x'\n{rest}");
    let check = |rest: &str, expected: &[&str]| check_files(&[(TERM, &term(rest))], expected);
    check(
        "term = 'X'\nforms = ['–', 'X', 'will', 'Will']\nmisprints = ['the act']",
        &["4:20 common-word: `will` is a common word: it would be marked everywhere"],
    );
    check("term = 'will'\nallow_common = true", &[]);
    check("term = 'will'\nallow_common = false", &[]);
    check(
        "term = 'Will'\ncase = 'any'",
        &["3:8 common-word: `Will` is a common word: it would be marked everywhere"],
    );
}

#[test]
fn a_topic_is_read() {
    let toml = "title = 'X'\nscope = 'S *s*'\nparent = 't'\nsee = ['u']\n[[passage]]\ntext = 'a'\nquote = 'w'\nwhy = 'y'\n";
    let topics = good(&[(TOPIC, toml)]).topics;
    let topic = topics.iter().find(|topic| topic.slug == "x").expect("it is there");
    assert_eq!(topic.scope.as_ref().map(|scope| scope.text.as_str()), Some("S *s*"));
    assert_eq!(topic.parent.as_ref().map(|parent| parent.value.as_str()), Some("t"));
    assert_eq!(&*topic.passages.raw[0].text.value, "a");
    check_files(
        &[(
            TOPIC,
            "title = 'X'\nparent = 'tt'\n[[passage]]\ntext = 'b'\nquote = 'w'\n[[passage]]\ntext = 'a'\n",
        )],
        &[
            "2:10 unknown-topic: there is no topic `tt`",
            "4:8 unknown-text: there is no text `b`",
            "6:1 missing-key: the row does not say where it stands",
        ],
    );
}

#[test]
fn a_topic_is_not_above_itself() {
    let path = |slug: &str| format!("annotations/topics/{slug}.toml");
    let topic = |parent: &str| format!("title = 'X'\nparent = '{parent}'");
    let (b, c, d, e) = (topic("c"), topic("d"), topic("b"), topic("b"));
    let files = [(path("b"), b), (path("c"), c), (path("d"), d), (path("e"), e), (path("f"), topic("f"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let checked = run(&files);
    let found: Vec<(&str, &str)> =
        checked.problems.iter().map(|p| (p.message.as_str(), p.label.as_str())).collect();
    assert_eq!(
        found,
        [
            ("the topic `b` is above itself", "`b` under `c` under `d` under `b`"),
            ("the topic `f` is above itself", "`f` under `f`"),
        ]
    );
    let parents: Vec<bool> = checked.value.topics.iter().map(|topic| topic.parent.is_some()).collect();
    assert_eq!(parents, [false, true, true, true, false, false, false]);
}

#[test]
fn a_link_has_two_ends() {
    let end = "[[end]]\ntext = 'a'\nquote = 'w'\n";
    let toml = format!("title = 'X'\nrelation = 'same-figure'\nnote = 'n'\n{end}{end}");
    let link = good(&[(LINK, &toml)]).links.raw.remove(0);
    assert_eq!((link.relation.as_str(), link.ends.len()), ("same-figure", 2));
    let one = format!("title = 'X'\nrelation = 'Same figure'\n{end}");
    check_files(
        &[(LINK, &one)],
        &[
            "1:1 link-ends: a link has two ends or more, this one has 1",
            "2:12 bad-value: a relation is written in small letters, digits and `-`",
        ],
    );
}

#[test]
fn contributors_are_read() {
    let all = good(&[]);
    assert_eq!(all.contributors.raw[0].name, "The editors");
    check_files(
        &[("annotations/contributors/me.toml", "nam = 'X'\nurl = 'data:x'")],
        &["1:1 unknown-key: unknown key `nam`", "1:1 missing-key: `name` is missing"],
    );
}

#[test]
fn a_row_under_the_wrong_table_is_told_to_move() {
    let toml =
        "[[correction]]\nquote = 'x'\nreason = 'y'\nfurniture = [\n  { at = 'p1', reason = 'z' },\n]\n";
    let problems = run(&[(APPARATUS, toml)]).problems;
    assert_eq!(shown(&problems), ["4:1 unknown-key: unknown key `furniture`"]);
    assert_eq!(problems[0].label, "TOML counts it to `correction` above it");
}

#[test]
fn no_input_panics() {
    let pieces = [
        "+++\n",
        "by = 'x'\n",
        "> ",
        ">",
        "\n",
        "\r\n",
        "é",
        " […] ",
        "**",
        "at = 'p1'\n",
        "quote = ''\n",
        "nth = 0\n",
        "---\n",
        "    ",
        "[[sense]]\n",
        "definition = ''\n",
        "term = 'x'\n",
        "structure = [{}]\n",
        "\u{2028}",
        "x",
    ];
    let mut state: u64 = 11;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).map_or(0, |n| n % below)
    };
    let paths = [
        NOTE,
        APPARATUS,
        TERM,
        TOPIC,
        LINK,
        "annotations/furniture.toml",
        "annotations/contributors/me.toml",
    ];
    for _ in 0..2000 {
        let text: String = (0..next(24)).map(|_| pieces[next(pieces.len())]).collect();
        let checked = run(&[(paths[next(paths.len())], &text)]);
        for note in &checked.value.notes {
            assert_eq!(note.source.text[note.body.span.range()], note.body.text);
        }
    }
}
