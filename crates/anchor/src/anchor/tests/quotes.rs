//! Where quotations stand. Numbers in comments are those of the table of edge cases.

use super::build::{Case, blocks, lines, note, opening, quote, wrapped};
use super::real::{bare, text};
use crate::annotation::{Edge, RowKind};

fn check_in(case: &Case, words: &str, expected: &str) {
    assert_eq!(case.find(quote(words)), expected, "{words:?}");
}

fn check(text: &str, words: &str, expected: &str) {
    check_in(&Case::of(lines(text)), words, expected);
}

fn check_note(text: &str, words: &str, expected: &str) {
    assert_eq!(Case::of(lines(text)).find(opening(words)), expected, "{words:?}");
}

#[test]
fn real_words_are_found() {
    let (y2009, y2012, y2019) = (text(2009), text(2012), text(2019));
    check_in(&y2009, "the GLA's remit", "p60:the GLA’s remit"); // 9
    check_in(&y2009, "into “normal” jobs", "p53:into \"normal\" jobs"); // 10
    check_in(&y2019, "Missing People Still in Harm's Way", "p4:Missing People\u{a0}Still in Harm's Way"); // 11
    check_in(&y2009, "GLA - style", "p60:GLA – style"); // 12
    check_in(&y2009, "GLA-style", "quote-not-found"); // 13
    check_in(&y2012, "career-it is", "p5:career—it is"); // 14
    check_in(&y2012, "career--it is", "quote-not-found"); // 15
    check_in(&y2012, "career – it is", "quote-not-found"); // 15
}

#[test]
fn folding_decides() {
    check("the ﬁrst ofﬁce of", "first office", "p1:ﬁrst ofﬁce"); // 16
    check("a Cafe\u{301} here", "Café", "p1:Cafe\u{301}"); // 17
    check("a Cafe\u{301} here", "Cafe", "quote-not-found"); // 18
    check("a x\u{302} b", "x", "quote-not-found"); // 18
    check("sup\u{ad}port\u{200b} it", "support it", "p1:sup\u{ad}port\u{200b} it"); // 19
    check("this and so on… x", "and so on...", "p1:and so on…"); // 20
    check("this and so on… x", "and so on..", "quote-not-found"); // 20
    check("die „neue“ Zeit", "\"neue\"", "p1:„neue“"); // 21
    check("«oui» 6′", "\"oui\"", "quote-not-found"); // 22
    check("«oui» 6′ a", "6' a", "quote-not-found"); // 22
    check_in(&text(2009), "the poppy project", "quote-not-found"); // 23
    check_in(&text(2009), "there was no consensus", "quote-not-found"); // 23
    check_in(&text(2009), "\"There was no consensus in the Forum\"", "quote-not-found"); // 24
    check_in(&text(2009), "UKHTC has developed2 and", "quote-not-found"); // 25
    check_in(&text(2009), "*There was no consensus*", "quote-not-found"); // 26
    check_in(&text(2009), "__There was__", "quote-not-found"); // 26
}

#[test]
fn furniture_is_passed_over() {
    let y2012 = text(2012);
    check_in(&y2012, "Mark Harper The Minister", "p4:Mark Harper The Minister"); // 27
    let line = "Photo of Mark Harper Mark Harper The Minister for Immigration 4:05, 20 December 2012";
    check_in(&y2012, line, &format!("p4:{}", line.replacen("Photo of Mark Harper ", "", 1))); // 28
    check_in(&y2012, "Photo of Mark Harper", "quote-in-furniture"); // 29
    let y2009 = text(2009);
    check_in(&y2009, "support victims. (paragraph 42)**", "p39:support victims. (paragraph 42)"); // 32
    let case = Case::of(lines("a ** b\nwo**rd here")).furniture(quote("**").all());
    check_in(&case, "a b", "p1:a +p1: b"); // 35
    check_in(&case, "word", "p2:wo+p2:rd"); // 36
    check_in(&case, "wo", "quote-cuts-word"); // 36
    let case = Case::of(lines("one x\n**\ny two")).furniture(blocks("p2"));
    check_in(&case, "x y", "p1:x+p3:y"); // 38
    let case = Case::of(lines("one x\n**\ny two")).furniture(quote("**"));
    check_in(&case, "x y", "p1:x+p3:y"); // 39
    check_in(&case, "one x ** y", "p1:one x+p3:y"); // 33
    check_in(
        &text(2009),
        "THE GOVERNMENT REPLY TO THE SIXTH REPORT",
        "p1:THE GOVERNMENT REPLY TO THE SIXTH REPORT",
    ); // 34
    check_in(&bare(2009), "THE GOVERNMENT REPLY TO THE SIXTH REPORT", "quote-ambiguous"); // 34
}

#[test]
fn raw_paste() {
    let y2009 = text(2009);
    let pasted = opening("(Paragraph 45)**\n\nWe note the Committee's conclusions.");
    assert_eq!(y2009.find(pasted), "p31:(Paragraph 45)+p32:We note the Committee's conclusions."); // 33
    let pasted = opening("(Paragraph 40)**\n- 2. Victim support organisations have been calling");
    assert_eq!(
        y2009.find(pasted),
        "p29:(Paragraph 40)+p30:2. Victim support organisations have been calling"
    ); // 42
}

#[test]
fn bold_marks_a_part() {
    let y2009 = text(2009);
    assert_eq!(y2009.find(opening("whether the **GLA's remit** should be")), "p60:GLA’s remit"); // 40
    assert_eq!(y2009.find(opening("**whether** the **GLA's remit** should be")), "quote-two-bold"); // 41
    let printed = bare(2009).furniture(blocks("p9-p16"));
    assert_eq!(
        printed.find(opening("**Presented to Parliament\nby the Secretary of State for the Home Department\nby Command of Her Majesty\nAugust 2009**")),
        "p5:**Presented to Parliament+p6:by the Secretary of State for the Home Department+p7:by Command of Her Majesty+p8:August 2009**"
    ); // 43
    check_note("the GLA remit", "the ** GLA ** remit", "quote-not-found"); // 44
    check_note("so 2**3 b 4**5 is", "2**3 b 4**5", "p1:2**3 b 4**5"); // 45
    check_note("the GLA's remit should", "the**GLA's remit**should", "quote-not-found"); // 46
    check_note("so it is", "****", "quote-empty"); // 47
    assert_eq!(
        y2009.find(opening("they will **comply with UK legislation**, including")),
        "p45:comply with UK+p46:legislation"
    ); // 48
    check_note("a b c", "**a** b c", "p1:a");
    check_note("a b c", "a b **c**", "p1:c");
    check_note("a “b” c", "a **\"b\"** c", "p1:“b”");
    check_note("这是重点的话", "这是**重点**的话", "p1:重点");
    check_note("the traffickers", "the **traffick**ers", "quote-not-found");
    check_note("no stars", "no ***stars***", "quote-not-found");
    check_note("a b", "a **b", "quote-not-found");
}

#[test]
fn gaps() {
    let y2009 = text(2009);
    let from_to = |gap: &str| format!("estimated {gap} remains our current estimate.");
    let expected = "p33:estimated that at any one time in 2003 there were up to 4,000 victims of trafficking for \
                    sexual exploitation in the UK and that remains our current estimate.";
    assert_eq!(y2009.find(opening(&from_to("[…]"))), expected); // 49
    assert_eq!(y2009.find(opening(&from_to("[...]"))), expected); // 49
    check_note("x one x two y three", "x […] **y** three", "p1:y"); // 50
    check_note("x one x two y", "x […] y", "quote-ambiguous"); // 51
    check_note("x one y two y", "x […] y", "p1:x one y"); // 52
    check_note("so x […] y it says", "x […] y", "p1:x […] y"); // 53
    check_note("x one\ntwo\nthree y z", "x **one […] three** y", "p1:one+p2:two+p3:three");
    check_note("x one y", "[…] x one […]", "p1:x one");
    check_note("x one yes y", "x […] y", "p1:x one yes y");
    check_note("ax b y", "x […] y", "quote-cuts-word");
    check_note("x one yes", "x […] ye", "quote-cuts-word");
    check_note("x y", "x[…]y", "quote-not-found");
    check("x one y", "x […] y", "quote-not-found"); // literal in TOML
    check_note("a b c d e", "a […] c […] e", "p1:a b c d e");
    check_note("a c b", "a […] b […] c", "quote-not-found");
    let rows: Vec<String> = (1..=12).map(|n| format!("row{n} end")).collect();
    let case = Case::of(lines(&rows.join("\n")));
    assert_eq!(case.find(opening("row1 […] row11")), "quote-too-wide"); // 54
    assert!(case.says(opening("row1 […] row11")).contains("covers 11 blocks")); // 54
    assert!(case.find(opening("row1 […] row10")).starts_with("p1:row1 end+p2:"));
}

#[test]
fn wrong_before_not_found() {
    for words in ["[…]", ".", "", "…"] {
        check_note("some text", words, "quote-empty"); // 55
    }
    check_note("some text", &"word ".repeat(440), "quote-too-long"); // 55
    check("some text", "—", "quote-empty"); // 55
}

#[test]
fn one_of_several() {
    let y2009 = text(2009);
    let words = "We note the Committee's conclusion.";
    assert_eq!(y2009.find(quote(words)), "quote-ambiguous"); // 56
    assert_eq!(y2009.find(quote(words).at("p43")), format!("p43:{words}")); // 57
    assert_eq!(y2009.find(quote(words).at("L78")), format!("p43:{words}")); // 57
    assert_eq!(y2009.find(quote(words).nth(2)), format!("p98:{words}")); // 58
    assert_eq!(y2009.find(quote(words).nth(9)), "quote-not-found"); // 58
    assert!(y2009.says(quote(words).nth(9)).contains("there is no place 9: the words stand in 2 places")); // 58
    assert_eq!(y2009.find(quote(words).nth(0)), "quote-not-found");
    assert_eq!(y2009.find(quote(words).nth(1).all()), "selector-conflict"); // 59
    let gla = y2009.find(quote("GLA").all().at("p60-p62"));
    assert_eq!(gla, "p60:GLA | p60:GLA | p62:GLA | p62:GLA"); // 60
    let second = y2009.resolve_with(Some(quote("GLA").nth(2).at("p60"))).value;
    let start = second.ends[0].2[0].hull().start;
    assert!(y2009.doc.visible[start..].starts_with("GLA’s remit")); // 61
}

#[test]
fn at_names_blocks() {
    let y2009 = text(2009);
    for at in ["p999", "p62-p60", "L111", "p0", "L9999", "L0"] {
        assert_eq!(y2009.find(blocks(at)), "unknown-block", "{at}"); // 62
    }
    assert!(y2009.says(blocks("p999")).contains("p1 to p225")); // 62
    assert!(y2009.says(blocks("p62-p60")).contains("`p60-p62`")); // 62
    assert!(y2009.says(blocks("L111")).contains("before is p59 (L110), the block after is p60 (L112)")); // 62
    assert_eq!(y2009.find(blocks("p60-p62")).matches("p6").count(), 3); // 63
    let run_on = quote("they will comply with UK legislation").at("p45");
    assert_eq!(y2009.find(run_on), "p45:they will comply with UK+p46:legislation"); // 64
    assert_eq!(y2009.find(quote("they will comply with UK legislation").at("p46")), "quote-not-found");
    assert_eq!(y2009.find(blocks("p9")), "quote-in-furniture");
    let case = Case::of(lines("one\ntwo\nthree\nfour"));
    assert_eq!(case.find(blocks("p1 p2 p4")), "p1:one+p2:two | p4:four");
    assert_eq!(case.find(blocks("p2 p1-p3")), "p1:one+p2:two+p3:three");
    let case = Case::of(wrapped("one\ntwo\n\nthree"));
    assert_eq!(case.find(blocks("L2")), "p1:one\ntwo");
    assert_eq!(case.find(blocks("L1-L4")), "p1:one\ntwo+p2:three");
}

#[test]
fn context() {
    let bare = bare(2009);
    assert_eq!(bare.find(quote("ACDS").prefix("(")), "p133:ACDS"); // 65
    assert_eq!(bare.find(quote("ACDS").prefix("The")), "p134:ACDS"); // 65
    assert_eq!(bare.find(quote("ACDS").suffix(")")), "p133:ACDS");
    assert_eq!(bare.find(quote("ACDS").prefix("the").suffix("has")), "quote-not-found");
    let case = Case::of(lines("a b\nc b d"));
    assert_eq!(case.find(quote("b").suffix("c")), "p1:b");
    assert_eq!(case.find(quote("b").prefix(" c ")), "p2:b");
    assert_eq!(case.find(quote("b").prefix("c").suffix("d").at("p1")), "quote-not-found");
}

#[test]
fn headings() {
    let y2009 = text(2009);
    check_in(&y2009, "Prevention", "p41:Prevention"); // 66
    check_in(&y2009, "Protection", "quote-ambiguous"); // 66
    assert_eq!(y2009.find(quote("Protection").at("p146")), "p146:Protection"); // 66
}

#[test]
fn words_are_not_cut() {
    let y2009 = text(2009);
    check_in(&y2009, "traffick", "quote-cuts-word"); // 67
    check_in(&y2009, "1,321", "quote-cuts-word"); // 68
    check_in(&y2009, "£1,321,610", "p67:£1,321,610"); // 68
    check_in(&y2009, "321,610", "quote-cuts-word"); // 68
    check("at 4:05, 20", "4:05", "p1:4:05");
    check("see 8. And", "8", "p1:8");
    check("developed² it", "developed", "p1:developed");
    check("政府机构", "政府", "p1:政府");
    check("a_b", "a", "p1:a");
    check("naïve", "na", "quote-cuts-word");
    check("traffick and trafficking", "traffick", "p1:traffick");
}

#[test]
fn edges() {
    let case = Case::of(lines("a b a\na"));
    assert_eq!(case.find(quote("a").edge(Edge::Start)), "quote-ambiguous");
    assert_eq!(case.find(quote("a").edge(Edge::Start).at("p1")), "p1:a");
    assert_eq!(case.find(quote("a").edge(Edge::End).nth(1)), "p1:a");
    assert_eq!(case.find(quote("b").edge(Edge::End)), "quote-not-found");
    let case = Case::of(lines("- a b **")).furniture(quote("-")).furniture(quote("**"));
    assert_eq!(case.find(quote("a").edge(Edge::Start)), "p1:a");
    assert_eq!(case.find(quote("b").edge(Edge::End)), "p1:b");
}

#[test]
fn overlapping_hits() {
    let case = Case::of(lines("aa aa aa"));
    assert_eq!(case.find(quote("aa aa")), "quote-ambiguous");
    assert_eq!(case.find(quote("aa aa").all()), "p1:aa aa aa");
    assert_eq!(case.find(quote("aa").all()), "p1:aa | p1:aa | p1:aa");
    assert_eq!(case.find(quote("aa aa").nth(2)), "p1:aa aa");
    let many = Case::of(lines(&"a ".repeat(201)));
    assert_eq!(many.find(quote("a").all()), "too-many-places");
    assert_eq!(many.find(quote("a").nth(201)), "p1:a");
    let enough = Case::of(lines(&"a ".repeat(200)));
    assert_eq!(enough.find(quote("a").all()).matches("p1").count(), 200);
}

#[test]
fn page_breaks_do_not_count() {
    let words = "they will comply with UK legislation, including the National Minimum Wage";
    assert_eq!(text(2009).find(quote(words)), bare(2009).find(quote(words))); // 77
    assert_eq!(text(2009).find(quote(words)).matches("p4").count(), 2); // 77
    let case = Case::of(wrapped("cut at\nthe line\n\nend"));
    check_in(&case, "at the line end", "p1:at\nthe line+p2:end");
}

#[test]
fn notes() {
    let case = |selectors, body: &str| {
        Case::of(lines("> quoted here\none two three\none more")).note(note(selectors, body))
    };
    let notes = |case: &Case| case.resolve_with(None).value.notes;
    assert_eq!(case(vec![], "x").codes(), ""); // 72
    assert_eq!(notes(&case(vec![], "x")), [(0.into(), vec![])]); // 72
    let two = notes(&case(vec![opening("three"), opening("two")], "x"));
    assert_eq!(two[0].1.len(), 2); // 73
    assert!(two[0].1[0].hull().start < two[0].1[1].hull().start); // 73
    assert_eq!(notes(&case(vec![opening("two"), opening("two")], "x"))[0].1.len(), 1);
    assert_eq!(case(vec![opening("> quoted")], "x").codes(), ""); // 76
    let half = case(vec![opening("two"), opening("none")], "x").resolve_with(None).value;
    assert_eq!((half.unplaced, half.notes), (vec![0.into()], vec![(0.into(), vec![])]));
}

#[test]
fn body_continues() {
    let text =
        "We welcome the view of the Committee that it is so.\nWe take the view that it is more important.";
    let case = |words: &str, body: &str| Case::of(lines(text)).note(note(vec![opening(words)], body)).codes();
    let first = "We welcome the view of the Committee that it is so.";
    assert_eq!(
        case(first, "We take the view that it is more important.\n\nMy own words."),
        "body-continues-quote"
    ); // 74
    assert_eq!(
        case("We welcome the view", "of the Committee that it is so.\n\nMine."),
        "body-continues-quote"
    ); // 74
    assert_eq!(
        case("We **welcome** the view", "of the Committee that it\r\nis so.\r\n\r\nMine."),
        "body-continues-quote"
    ); // 74
    assert_eq!(case(first, "We take the words seriously."), ""); // 74
    assert_eq!(case("We welcome the view", "of the Committee\n\nx"), "body-continues-quote"); // 74
    assert_eq!(case("We welcome the view", "of"), "");
    assert_eq!(case("We take the view that it is more important.", ""), "");
}

#[test]
fn corrections_are_not_read() {
    let y2009 = text(2009);
    check_in(&y2009, "(ACDS)", "p133:(ACDS)"); // 78
    check_in(&y2009, "(ADCS)", "quote-not-found"); // 78
    assert!(y2009.says(quote("(ADCS)")).contains("found in the corrected reading")); // 78
}

#[test]
fn blocks_of_both_layouts() {
    let raw = super::real::raw(2004);
    assert_eq!((lines(raw).blocks.len(), wrapped(raw).blocks.len()), (17, 15)); // 7
}

#[test]
fn apparatus_of_all_texts_holds() {
    for year in [2004, 2006, 2009, 2012, 2019] {
        assert_eq!(text(year).codes(), "", "{year}");
    }
    let rows = text(2009).resolve_with(None).value.structure;
    let recommendations = rows.iter().filter(|row| row.part.kind == RowKind::Recommendation);
    assert_eq!(recommendations.count(), 47);
}
