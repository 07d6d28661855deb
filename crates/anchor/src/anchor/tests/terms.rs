//! Terms. Numbers in comments are those of the table of edge cases.

use typed_index_collections::TiVec;

use super::build::{Case, blocks, lines, meant, quote, said, sense, term, wrapped};
use super::real::text;
use crate::anchor::glossary::{Defaults, Glossary};
use crate::annotation::{Case as Capitals, Glob, Meaning, RowKind, Term};
use crate::document::{BlockKind, Inline, InlineKind, TextRange};
use postil_archive::archive::MarkTerms;

/// Uses of terms in a text of one block a line; every form is a term of its own slug.
fn check(forms: &[&str], text: &str, expected: &str) {
    let slug = |form: &str| form.to_lowercase().replace([' ', '.'], "-");
    let terms = forms.iter().map(|form| term(&slug(form), &[form])).collect();
    let mut case = Case::of(lines(text)).terms(terms);
    case.defaults.mark = MarkTerms::FirstPerPage;
    assert_eq!(case.uses().replace('*', ""), expected, "{text:?}");
}

/// Terms that are in the glossary, and whose forms are not looked for.
#[test]
fn what_is_not_looked_for() {
    let uses = |change: fn(&mut Term)| {
        let mut lamp = term("lamp", &["light", "harbour light"]);
        change(&mut lamp);
        Case::of(lines("A light, the harbour light.")).terms(vec![lamp]).uses().replace('*', "")
    };
    assert_eq!(uses(|_| {}), "lamp:light | lamp:harbour light");
    assert_eq!(uses(|lamp| lamp.allow_common = Some(false)), "lamp:harbour light");
    assert_eq!(uses(|lamp| lamp.nowhere = true), "");
}

#[test]
fn boundaries() {
    check(&["GLA"], "GLAA and GLA", "gla:GLA"); // 87
    check(&["GLA", "NGO", "GPS"], "GLA’s NGOs NGOS GPSes", "gla:GLA | ngo:NGO | gps:GPS"); // 88
    check(&["MP", "MPS"], "MPs met the MPS", "mp:MP | mps:MPS"); // 89
    check(&["Pentameter", "Pentameter 2"], "Operation Pentameter 2 ran", "pentameter-2:Pentameter 2"); // 90
    check(&["Pentameter", "Pentameter 2"], "Pentameter 2006", "pentameter:Pentameter");
    check(&["UN", "UN.GIFT"], "the UN.GIFT", "un-gift:UN.GIFT"); // 91
    check(&["UN"], "the UN.GIFT", "un:UN"); // 91
    check(&["UN", "UN.G"], "the UN.GIFT", "un:UN");
    check(&["GLA"], "GLA – style", "gla:GLA");
    check(&["GLA"], "政府GLA机构", "gla:GLA"); // 97
    check(&["GLA"], "GLA2 GLA² 2GLA", "gla:GLA");
    check(&["GLA"], "(GLA), “GLA”/GLA", "gla:GLA | gla:GLA | gla:GLA");
    check(&["DfID"], "DfID's DfIDs DfIDS", "dfid:DfID | dfid:DfID");
    check(&["Reflex"], "Reflexs", "");
    check(&["Children's Society"], "the Children’s Society", "children's-society:Children’s Society");
    check(&["Café"], "a Cafe\u{301} b Cafe", "café:Cafe\u{301}");
}

#[test]
fn capitals() {
    let text =
        "Ministerial group. The ministerial group: Ministerial group, MINISTERIAL GROUP; Ministerial group";
    let found = "ministerial-group:Ministerial group | ministerial-group:ministerial group | \
                 ministerial-group:Ministerial group | ministerial-group:Ministerial group";
    check(&["ministerial group"], text, found); // 92
    check(&["ministerial group"], "the Ministerial group", ""); // 92
    check(&["ministerial group"], "a\nMinisterial group", "ministerial-group:Ministerial group"); // 92
    check(
        &["Missing People"],
        "Missing People, missing people. Missing people",
        "missing-people:Missing People",
    ); // 93
    let mut any = term("x", &["Été Group"]);
    any.case = Some(Capitals::Any);
    let case = Case::of(lines("été group ÉTÉ GROUP Été group")).terms(vec![any]);
    assert_eq!(case.uses().matches("x:").count(), 3);
    let mut exact = term("x", &["group"]);
    exact.case = Some(Capitals::Exact);
    assert_eq!(Case::of(lines("Group. Group of group")).terms(vec![exact]).uses(), "x:group*");
}

#[test]
fn lines_blocks_and_joins() {
    let htc = || vec![term("htc", &["Human Trafficking Centre"])];
    let broken = "the Human\nTrafficking Centre";
    assert_eq!(Case::of(wrapped(broken)).terms(htc()).uses(), "htc:Human\nTrafficking Centre*"); // 94
    assert_eq!(Case::of(lines(broken)).terms(htc()).uses(), ""); // 94
    assert_eq!(Case::of(lines(broken)).terms(htc()).join("p1-p2").uses(), "htc:Human Trafficking Centre*"); // 94
    let hidden = Case::of(lines("the Human\nPage 2\nTrafficking Centre")).terms(htc());
    let hidden = hidden.furniture(blocks("p2")).join("p1-p3");
    assert_eq!(hidden.uses(), "htc:Human Trafficking Centre*"); // 94
    let stars = Case::of(lines("the **Human** Trafficking Centre")).terms(htc()).furniture(quote("**").all());
    assert_eq!(stars.uses(), "htc:Human Trafficking Centre*"); // 95
    let folded_away = Case::of(lines("the Human Trafficking Centre\nx")).terms(htc()).furniture(blocks("p1"));
    assert_eq!(folded_away.uses(), "");
    let marker = Case::of(lines("by GLA2 and")).terms(vec![term("gla", &["GLA"])]).furniture(quote("2"));
    assert_eq!(marker.uses(), "gla:GLA*");
}

#[test]
fn overlapping_terms() {
    let forms = [
        "all-party group on human trafficking",
        "Human Trafficking Foundation",
        "human trafficking Foundation",
    ];
    let text = "the all-party group on human trafficking Foundation";
    let found = "all-party-group-on-human-trafficking:all-party group on human trafficking";
    check(&forms, text, found); // 96
}

/// What is one syllable to a reader is never cut, in whatever way a script joins its letters.
#[test]
fn a_term_is_no_part_of_another_word() {
    check(&["राज"], "राज्य और राज का।", "राज:राज"); // Devanagari, virama
    check(&["राज"], "राज\u{94d}\u{200d}य राज\u{94d}\u{200c}य", ""); // with joiners
    check(&["राज"], "राजा राजी राजं राज़", ""); // vowel signs, anusvara, nukta
    check(&["রাজ"], "রাজ্য রাজ।", "রাজ:রাজ"); // Bengali
    check(&["ರಾಜ"], "ರಾಜ್ಯ ರಾಜ.", "ರಾಜ:ರಾಜ"); // Kannada
    check(&["ராஜ"], "ராஜ் ராஜா ராஜ", "ராஜ:ராஜ"); // Tamil
    check(&["ර"], "ර්‍ය ර", "ර:ර"); // Sinhala
    check(&["රජ"], "රජය රජ", "රජ:රජ");
    check(&["กา"], "ก่า กา่ กา", "กา:กา"); // Thai, a tone mark
    check(&["រ"], "ក្រ រ", "រ:រ"); // Khmer, below
    check(&["ក"], "ក្រ ក", "ក:ក");
    check(&["က"], "က္က", ""); // Myanmar, below and above
    // Latin with accents that combine.
    check(&["Cafe"], "Cafe\u{301} Cafe", "cafe:Cafe");
    check(&["Café"], "Cafe\u{301} Café", "café:Cafe\u{301} | café:Café");
    check(&["x"], "x\u{30c}y x\u{30c} x", "x:x");
    // Scripts without spaces find a term inside a line as before.
    check(&["東京"], "東京都と東京", "東京:東京 | 東京:東京");
    check(&["ไทย"], "ประเทศไทยและไทย", "ไทย:ไทย | ไทย:ไทย");
}

fn ilo() -> Vec<Term> {
    vec![term("ilo", &["ILO"]), term("ilo-officer", &["ILO"])]
}

#[test]
fn rows_settle_what_a_form_means() {
    let open = text(2009).terms(ilo());
    let checked = open.resolve_with(None);
    assert_eq!(open.codes(), "term-ambiguous"); // 98
    let says = said(&checked.problems[0]);
    assert!(says.contains("{ form = \"ILO\", is = \"ilo\" }"), "{says}"); // 98
    assert_eq!((checked.problems[0].place.line, checked.problems[0].related.len()), (354, 2)); // 98
    let row = |is| text(2009).terms(ilo()).form_row("ILO", is);
    assert_eq!(row(meant("ilo")).uses(), "ilo:ILO*"); // 98
    assert_eq!(row(Meaning::None).uses(), "");
    let case = || Case::of(lines("the ILO and the ILO. The Office")).terms(ilo());
    let first = || quote("ILO").nth(1);
    let officer = || meant("ilo-officer");
    let both = case().form_row("ILO", meant("ilo")).place_row(first(), officer());
    assert_eq!(both.uses(), "ilo-officer:ILO* | ilo:ILO*");
    assert_eq!(case().place_row(quote("ILO").all(), Meaning::None).uses(), "");
    let office = case().form_row("ILO", Meaning::None).place_row(quote("The Office"), officer());
    assert_eq!(office.uses(), "ilo-officer:The Office*");
    let around = case().form_row("ILO", Meaning::None).place_row(quote("the ILO and"), officer());
    assert_eq!(around.uses(), "ilo-officer:ILO*");
    assert_eq!(
        case().form_row("ILO", Meaning::None).form_row("IL0", Meaning::None).codes(),
        "term-row-unused"
    );
    assert_eq!(
        case().form_row("ILO", Meaning::None).place_row(quote("x"), officer()).codes(),
        "quote-not-found"
    );
    assert_eq!(case().codes(), "term-ambiguous");
    assert!(said(&case().resolve_with(None).problems[0]).contains("2 times in all"));
}

#[test]
fn texts_settle_what_a_form_means() {
    let globs = |globs: &[&str]| globs.iter().map(|glob| Glob((*glob).to_owned())).collect::<Vec<_>>();
    let uses = |texts: &[&str]| {
        let mut terms = ilo();
        terms[1].texts = globs(texts);
        let case = Case::of(lines("the ILO")).terms(terms);
        let checked = case.resolve_with(None);
        if checked.problems.is_empty() { case.show_uses(&checked.value) } else { case.codes() }
    };
    assert_eq!(uses(&["lords/**"]), "ilo:ILO*");
    assert_eq!(uses(&["lords/**", "t"]), "ilo-officer:ILO*");
    assert_eq!(uses(&[]), "term-ambiguous");
    let mut long = term("long", &["ILO Office"]);
    long.texts = globs(&["lords/*"]);
    let case = Case::of(lines("the ILO Office")).terms(vec![term("ilo", &["ILO"]), long]);
    assert_eq!(case.uses(), "ilo:ILO*");
}

fn gla() -> Term {
    let mut gla = term("gla", &["GLA"]);
    gla.senses = vec![sense("old", None, Some("2016-05-11")), sense("new", Some("2016-05-12"), None)].into();
    gla
}

#[test]
fn dates_settle_the_sense() {
    let uses = |date: &str| Case::of(lines("the GLA")).terms(vec![gla()]).dated(date).uses();
    assert_eq!(uses("2009-08"), "gla/old:GLA*"); // 99
    assert_eq!(uses("2016-05-11"), "gla/old:GLA*"); // 99
    assert_eq!(uses("2016-05-12"), "gla/new:GLA*"); // 99
    assert_eq!(uses("2016-04"), "gla/old:GLA*");
    assert_eq!(uses("2017"), "gla/new:GLA*");
    let codes = |date: &str| Case::of(lines("the GLA")).terms(vec![gla()]).dated(date).codes();
    assert_eq!((codes("2016-05"), codes("2016")), ("term-ambiguous".into(), "term-ambiguous".into())); // 100
    let case = Case::of(lines("the GLA")).terms(vec![gla()]).dated("2016");
    let says = said(&case.resolve_with(None).problems[0]);
    assert!(says.contains("`gla/old`, until 2016-05-11") && says.contains("`gla/new`, from 2016-05-12")); // 100
    assert_eq!(Case::of(lines("the GLA")).terms(vec![gla()]).codes(), "term-ambiguous");
    let settled = Case::of(lines("the GLA")).terms(vec![gla()]).dated("2016");
    let settled = settled.form_row("GLA", meant("gla/new"));
    assert_eq!(settled.uses(), "gla/new:GLA*");
}

#[test]
fn senses_out_of_time() {
    let mut gla = term("gla", &["GLA"]);
    gla.senses = vec![sense("b", Some("2010"), None), sense("a", Some("2005"), Some("2009"))].into();
    let case = Case::of(lines("the GLA and the GLA")).terms(vec![gla]).dated("2004-03-09");
    let checked = case.resolve_with(None);
    assert_eq!(case.codes(), "sense-out-of-time"); // 101
    assert_eq!(case.show_uses(&checked.value), "gla/a:GLA* | gla/a:GLA"); // 101
    assert!(checked.value.uses.iter().all(|used| used.out_of_time)); // 101
    // Days are counted as the calendar has them; of two as near, the earlier.
    let nearest = |before: &str, after: &str, date: &str| {
        let mut gla = term("gla", &["GLA"]);
        gla.senses = vec![sense("old", None, Some(before)), sense("new", Some(after), None)].into();
        let case = Case::of(lines("GLA")).terms(vec![gla]).dated(date);
        case.show_uses(&case.resolve_with(None).value)
    };
    let (old, new) = ("gla/old:GLA*", "gla/new:GLA*");
    assert_eq!(nearest("2005-02-28", "2005-04-02", "2005-03-16"), old);
    assert_eq!(nearest("2004-02-29", "2004-04-01", "2004-03-16"), old);
    assert_eq!(nearest("2004-02-28", "2004-04-01", "2004-03-16"), new);
    assert_eq!(nearest("1900-02-28", "1900-04-02", "1900-03-16"), old);
    assert_eq!(nearest("2000-02-28", "2000-04-02", "2000-03-16"), old);
    assert_eq!(nearest("2000-02-28", "2000-04-01", "2000-03-16"), new);
    assert_eq!(nearest("2009-04-30", "2009-05-31", "2009-05-15"), old);
    assert_eq!(nearest("2009-04-30", "2009-05-31", "2009-05-16"), new);
    assert_eq!(nearest("2008", "2010", "2009"), old);
    assert_eq!(nearest("2008-12", "2009-03", "2009-01"), old);
    assert_eq!(nearest("2008-11", "2009-03", "2009-01"), new);
    assert_eq!(nearest("2008-11", "2009-03", "2009-01-14"), old);
    assert_eq!(nearest("2008-11", "2009-03", "2009-01-15"), new);
    let mut tie = term("gla", &["GLA"]);
    tie.senses = vec![sense("a", None, Some("2005")), sense("b", None, Some("2005"))].into();
    assert_eq!(Case::of(lines("GLA")).terms(vec![tie]).dated("2009").codes(), "term-ambiguous");
    let mut month = term("gla", &["GLA"]);
    month.senses = vec![sense("a", None, Some("2009-06-30")), sense("b", Some("2009-06-15"), None)].into();
    assert_eq!(Case::of(lines("GLA")).terms(vec![month]).dated("2009-06").uses(), "gla/a:GLA*");
}

#[test]
fn where_terms_are_not_marked() {
    let mut case = Case::of(lines("GLA\nthe GLA here GLA and GLA\nGLA")).terms(vec![term("gla", &["GLA"])]);
    let second = case.doc.blocks.raw[1].text.start;
    let inline = |at: usize, kind| Inline { text: TextRange::new(second + at, second + at + 3), kind };
    case.doc.inlines = vec![
        inline(4, InlineKind::Code),
        inline(13, InlineKind::Link("x".to_owned())),
        inline(21, InlineKind::Strong),
    ]
    .into();
    case.doc.blocks.raw[0].kind = BlockKind::Code;
    case.doc.blocks.raw[2].kind = BlockKind::Heading(2);
    let used = case.resolve_with(None).value.uses;
    assert_eq!(used.len(), 1);
    assert_eq!(used.raw[0].passage.hull().start, second + 21);
    case.defaults.headings = true;
    assert_eq!(case.resolve_with(None).value.uses.len(), 2);
    let row =
        |kind| Case::of(lines("a GLA\nGLA")).terms(vec![term("gla", &["GLA"])]).row(blocks("p1"), kind, "");
    assert_eq!(row(RowKind::Heading).uses(), "gla:GLA*");
    assert_eq!(row(RowKind::Title).uses(), "gla:GLA*");
    assert_eq!(row(RowKind::Item).uses(), "gla:GLA* | gla:GLA");
}

#[test]
fn where_definitions_open() {
    let case = |mark| {
        let mut gla = term("gla", &["Gangmasters Licensing Authority", "GLA"]);
        gla.mark = mark;
        let text = "GLA\nthe Gangmasters Licensing Authority, GLA, GLA\na GLA\nGLA";
        let case = Case::of(lines(text)).terms(vec![gla]);
        case.row(blocks("p2-p3"), RowKind::Response, "").row(blocks("p4"), RowKind::Narrative, "").uses()
    };
    let long = "gla:Gangmasters Licensing Authority*";
    assert_eq!(case(None), format!("gla:GLA* | {long} | gla:GLA* | gla:GLA | gla:GLA | gla:GLA"));
    assert_eq!(
        case(Some(MarkTerms::FirstPerPage)),
        format!("gla:GLA* | {long} | gla:GLA | gla:GLA | gla:GLA | gla:GLA")
    );
    assert_eq!(case(Some(MarkTerms::All)).matches('*').count(), 6);
}

#[test]
fn misprints_are_told_apart() {
    let mut adcs = term("adcs", &["ADCS"]);
    adcs.misprints = vec![crate::annotation::Located { value: "ACDS".to_owned(), span: Default::default() }];
    let case = text(2009).terms(vec![adcs]);
    let used = case.resolve_with(None).value.uses;
    assert!(!used.is_empty() && used.iter().any(|u| u.misprint && u.form == "ACDS"));
    assert!(used.iter().all(|u| u.misprint == (u.form == "ACDS")));
}

#[test]
fn forms_that_say_nothing_are_refused() {
    let check = |forms: &[&str], expected: &[&str]| {
        let problems = Glossary::new(&TiVec::from(vec![term("x", forms)]), Defaults::default()).problems;
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.name()).collect();
        assert_eq!(codes, expected, "{forms:?}");
    };
    check(&["GLA"], &[]);
    check(&["GLA", "–"], &["form-empty"]);
    check(&["Children's", "Children’s"], &["form-repeated"]);
}

/// The counts that the archive promises of three of its bodies.
#[test]
fn first_archive() {
    let terms = || {
        vec![
            term(
                "ceop",
                &[
                    "CEOP",
                    "Child Exploitation and Online Protection Centre",
                    "Child Exploitation Online Protection Centre",
                    "Child Exploitation and Online Protection",
                ],
            ),
            term("eas", &["EAS", "Employment Agency Standards Inspectorate", "Employment Agency Standards"]),
            term("gla", &["GLA", "Gangmasters Licensing Authority"]),
        ]
    };
    let count = |slug: &str| -> usize {
        [2004, 2006, 2009, 2012, 2019]
            .into_iter()
            .map(|year| text(year).terms(terms()).uses().matches(&format!("{slug}:")).count())
            .sum()
    };
    assert_eq!((count("ceop"), count("gla"), count("eas")), (12, 10, 14));
}
