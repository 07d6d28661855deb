//! A theme that loses, changes or adds words of a text, or runs something, fails the build.

use postil::compile::Options;

use super::made::{Made, archive, make};
use super::repository;

const TEXT: &str = "One two three.\nFour five six seven.\nEight nine ten.\n";

/// The site of a small archive whose `text.html` is the theme's with one part replaced.
fn with_template(part: &str, by: &str) -> Made {
    let theme = std::fs::read_to_string(repository("themes/default/text.html")).unwrap();
    assert_eq!(theme.matches(part).count(), 1, "the template holds {part}");
    let files = archive([
        ("content/a.txt", TEXT),
        ("content/a.toml", "title = \"A\"\nlayout = \"lines\"\n"),
        ("annotations/a/n.md", "+++\nby = \"Ann Example\"\n+++\n> five six\n\nA note.\n"),
        ("themes/default/text.html", &theme.replace(part, by)),
    ]);
    make(files, &Options::default())
}

const ARTICLE: &str = "{{ article }}";
const END: &str = "</main>";

/// The first problem of the site whose article is shown like this.
#[track_caller]
fn check_article(template: &str, code: &str, place: &str, message: &str) {
    let made = with_template(ARTICLE, template);
    let found = made.problems.iter().find(|problem| problem.code.name() == code);
    let problem = found.unwrap_or_else(|| panic!("{template}: no {code}:\n{}", made.said()));
    let shown = format!("{}:{}:{}", problem.place.path, problem.place.line, problem.place.column);
    assert_eq!(shown, place, "{template}:\n{}", made.said());
    assert!(problem.message.contains(message), "{template}: {}", problem.message);
}

#[test]
fn the_theme_itself_passes() {
    let made = with_template(ARTICLE, ARTICLE);
    assert_eq!(made.bugs(), "");
    assert!(made.page("texts/a.html").contains("data-note=\"n\""));
}

/// The article as the theme shows it.
fn article() -> String {
    let made = with_template(ARTICLE, ARTICLE);
    let (_, from) = made.page("texts/a.html").split_once("<article").expect("it begins");
    let (article, _) = from.split_once("</article>").expect("it ends");
    format!("<article{article}</article>")
}

/// A theme that shows the article with one part replaced.
#[track_caller]
fn check_words(part: &str, by: &str, place: &str, message: &str) {
    let article = article();
    assert_eq!(article.matches(part).count(), 1, "{part} in {article}");
    check_article(&article.replace(part, by), "text-lost", place, message);
}

#[test]
fn words_that_a_template_drops_changes_or_repeats_are_missed() {
    check_words(" seven", "", "content/a.txt:2:14", "`.` instead of ` seven.`");
    check_words("Four", "For", "content/a.txt:2:3", "`r five six seven.` instead of `ur five six seven.`");
    check_words("Eight", "Eight Eight", "content/a.txt:3:7", "`Eight nine ten.` instead of `nine ten.`");
    check_words("nine", "ni&shy;ne", "content/a.txt:3:9", "p3");
    check_words("ten.", "TEN.", "content/a.txt:3:12", "`TEN.` instead of `ten.`");
    check_words("Four ", "Four <ins>4</ins> ", "content/a.txt:2:6", "p2");
    check_words("Four ", "Four", "content/a.txt:2:5", "p2");
    check_words("data-block=\"2\"", "data-block=\"3\"", "content/a.txt:2:1", "block p3 where p2 belongs");
    check_words("</article>", "<p>Advertisement</p></article>", "content/a.txt:1:1", "`Advertisement`");
    check_words("data-block=\"3\"", "data-generated", "content/a.txt:3:1", "lacks block p3");
    let fourth = "<p data-block=\"4\">Eleven.</p></article>";
    check_words("</article>", fourth, "content/a.txt:1:1", "a block p4 that the text does not have");
}

#[test]
fn blocks_that_a_template_drops_repeats_or_exchanges_are_missed() {
    let article = article();
    let block = |number: u8| {
        let start = article.find(&format!("<p id=\"p{number}\"")).expect("its beginning");
        let end = start + article[start..].find("</p>").expect("its end") + "</p>".len();
        &article[start..end]
    };
    let (first, last) = (block(1), block(3));
    assert!(first.contains("One two three.") && last.contains("Eight nine ten."), "{first}{last}");
    check_words(first, "", "content/a.txt:1:1", "block p2 where p1 belongs");
    check_words(last, "", "content/a.txt:3:1", "lacks block p3");
    check_words(first, &first.repeat(2), "content/a.txt:2:1", "block p1 where p2 belongs");
    let exchanged = article.replace(first, "\n").replace(last, first).replace('\n', last);
    check_article(&exchanged, "text-lost", "content/a.txt:1:1", "block p3 where p1 belongs");
}

#[test]
fn an_article_is_there_once_and_can_be_seen() {
    let lost = |template: &str, message: &str| {
        check_article(template, "text-lost", "content/a.txt:1:1", message);
    };
    lost("", "0 articles");
    lost("{{ article }}{{ article }}", "2 articles");
    lost(&article().replace("article", "section"), "0 articles");
    lost("<noscript>{{ article }}</noscript>", "0 articles");
    lost("<div data-generated>{{ article }}</div>", "instead of `One two three.`");
    let unseen = |template: &str| {
        check_article(template, "forbidden-element", "texts/a.html:1:1", "where browsers do not show them");
    };
    unseen("<template>{{ article }}</template>");
    unseen("<div hidden>{{ article }}</div>");
}

#[test]
fn what_may_run_load_or_forge_something_is_refused() {
    let check = |html: &str, code: &str, message: &str| {
        let made = with_template(END, &format!("{html}{END}"));
        let said = made.said();
        let line = said.lines().find(|line| line.starts_with("texts/a.html:1:1: "));
        let line = line.unwrap_or_else(|| panic!("{html}: nothing is said:\n{said}"));
        assert!(line.contains(&format!("error[{code}]")) && line.contains(message), "{html}: {line}");
    };
    check("<p id=\"main\">x</p>", "duplicate-id", "`main` twice");
    check("<p id=\"p1\">x</p>", "duplicate-id", "`p1` twice");
    check("<a href=\"nowhere.html\">x</a>", "dead-link", "`texts/nowhere.html`, which does not exist");
    check("<a href=\"#nowhere\">x</a>", "dead-link", "`texts/a.html#nowhere`");
    check("<a href=\"../../x.html\">x</a>", "dead-link", "`../x.html`");
    check("<a href=\"a.html#p4\">x</a>", "dead-link", "`texts/a.html#p4`");
    check("<img src=\"missing.png\" alt=\"\">", "dead-link", "`texts/missing.png`");
    check("<script>alert(1)</script>", "forbidden-element", "a script of its own");
    check("<p onclick=\"alert(1)\">x</p>", "forbidden-element", "`onclick`");
    check("<p ONCLICK=alert(1)>x</p>", "forbidden-element", "`onclick`");
    check("<p style=\"color: red\">x</p>", "forbidden-element", "`style`");
    check("<a href=\"javascript:alert(1)\">x</a>", "forbidden-element", "`javascript:alert(1)`");
    check("<a href=\"JaVa\tScript:alert(1)\">x</a>", "forbidden-element", "the address");
    check("<a href=\"&#106;avascript:alert(1)\">x</a>", "dead-link", "which does not exist");
    check("<a href=\"javascript&colon;alert(1)\">x</a>", "dead-link", "which does not exist");
    check("<a href=\"//elsewhere.example/\">x</a>", "forbidden-element", "the address");
    check("<iframe src=\"a.html\"></iframe>", "forbidden-element", "`iframe`");
    check("<object data=\"a.html\"></object>", "forbidden-element", "`object`");
    check("<style>p { color: red }</style>", "forbidden-element", "`style`");
    check("<base href=\"https://elsewhere.example/\">", "forbidden-element", "`base`");
    check("<img src=\"https://elsewhere.example/x.png\" alt=\"\">", "forbidden-element", "the address");
    check("<!-- remark -->", "forbidden-element", "a comment");
}

#[test]
fn a_template_that_asks_for_what_is_not_there_fails_alone() {
    let made = with_template(END, "{{ nosuch }}</main>");
    let said = made.said();
    let errors: Vec<_> = said.lines().filter(|line| line.contains(": error[")).collect();
    assert_eq!(errors.len(), 1, "{said}");
    assert!(
        errors[0].starts_with("themes/default/text.html:") && errors[0].contains("error[template]"),
        "{said}"
    );
}
