//! Whether a note, a definition and a page look on the site as a forge shows them before they are
//! proposed: what is Markdown on one is Markdown on the other, and nothing of it is dangerous.

use postil::compile::Options;

use super::made::{Made, archive, make};

/// A site on which a note, a definition, a topic and a page say the same.
fn site(markdown: &str) -> Made {
    let toml = toml::Value::String(markdown.to_owned());
    let term = "term = \"spar\"\nkind = \"concept\"\nallow_common = true\n";
    let passage = "[[passage]]\ntext = \"a\"\nquote = \"a reef\"\n";
    let files = [
        ("content/a.txt", "The mate saw a spar and a reef.\n".to_owned()),
        ("annotations/a/n.md", format!("+++\nby = \"Ada Byron\"\n+++\n> a reef\n\n{markdown}\n")),
        ("annotations/glossary/spar.toml", format!("{term}definition = {toml}\n")),
        ("annotations/topics/sea.toml", format!("title = \"Sea\"\nscope = {toml}\n{passage}")),
        ("content/pages/about.md", format!("+++\ntitle = \"About\"\n+++\n{markdown}\n")),
    ];
    make(archive(files), &Options::default())
}

/// What Markdown becomes wherever it is shown with others, and on a page of its own.
#[track_caller]
fn check_both(markdown: &str, among_others: &str, alone: &str) {
    let made = site(markdown);
    assert_eq!(made.bugs(), "", "{markdown}");
    let text = made.page("texts/a.html");
    assert!(text.matches(among_others).count() >= 2, "note and definition of {markdown:?}: {text}");
    assert!(made.page("topics/sea.html").contains(among_others), "{markdown}");
    let page = made.page("about.html");
    assert!(page.contains(alone), "{markdown:?}: {page}");
}

#[track_caller]
fn check(markdown: &str, expected: &str) {
    check_both(markdown, expected, expected);
}

#[test]
fn what_a_forge_shows_is_shown() {
    check("It was ~~not~~ so, ~or~ was it.", "<p>It was <s>not</s> so, <s>or</s> was it.</p>");
    check(
        "- [x] done\n- [ ] to do\n",
        "<ul>\n<li><span class=\"task\">☑</span> done</li>\n<li><span class=\"task\">☐</span> to do</li>\n</ul>",
    );
    check(
        "| year | n | *what* |\n| :--- | ---: | :-: |\n| 1850 | 3 | a \\| b |\n| 1851 |\n",
        "<div class=\"wide\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">year</th><th scope=\"col\" class=\"end\">n</th>\
         <th scope=\"col\" class=\"mid\"><em>what</em></th></tr></thead><tbody><tr><td>1850</td><td class=\"end\">3</td>\
         <td class=\"mid\">a | b</td></tr><tr><td>1851</td><td class=\"end\"></td><td class=\"mid\"></td></tr></tbody></table></div>",
    );
    // In a cell, the bar of a link to the archive itself is written as any other bar there.
    check("| a |\n| - |\n| [[topic:sea\\|the sea]] |\n", "<td><a href=\"");
    check(
        "Words.\n\n> [!NOTE]\n> Mind the reef.\n",
        "<p>Words.</p>\n<blockquote>\n<p><strong>Note</strong></p>\n<p>Mind the reef.</p>\n</blockquote>",
    );
}

#[test]
fn addresses_are_links_as_on_a_forge() {
    check(
        "See https://example.org/page. (www.example.org/a_b_c) or a@b.example!",
        "<p>See <a href=\"https://example.org/page\">https://example.org/page</a>. (<a href=\"http://www.example.org/a_b_c\">\
         www.example.org/a_b_c</a>) or <a href=\"mailto:a@b.example\">a@b.example</a>!</p>",
    );
    check(
        "https://a.example/?b=1&c=2",
        "<a href=\"https://a.example/?b=1&amp;c=2\">https://a.example/?b=1&amp;c=2</a>",
    );
    // Within a link there is none, in code there is none, and what is written as words is words.
    check(
        "[https://a.example](https://b.example/)",
        "<p><a href=\"https://b.example/\">https://a.example</a></p>",
    );
    check("`https://a.example`", "<p><code>https://a.example</code></p>");
    check(
        "https\\://a.example and javascript://a.example",
        "<p>https://a.example and javascript://a.example</p>",
    );
}

#[test]
fn footnotes_are_numbered_and_stand_at_the_end() {
    check_both(
        "One[^b] and two[^a] and one[^b].\n\n[^a]: Of *two*.\n[^b]: Of one.\n",
        "<p>One<sup>1</sup> and two<sup>2</sup> and one<sup>1</sup>.</p>\n<ol class=\"footnotes\"><li><span class=\"fn\">1</span> \
         <div>\n<p>Of one.</p>\n</div></li><li><span class=\"fn\">2</span> <div>\n<p>Of <em>two</em>.</p>\n</div></li></ol>",
        "<p>One<sup><a href=\"#fn-1\" id=\"fnr-1\">1</a></sup> and two<sup><a href=\"#fn-2\" id=\"fnr-2\">2</a></sup> and \
         one<sup><a href=\"#fn-1\">1</a></sup>.</p>\n<ol class=\"footnotes\"><li id=\"fn-1\"><span class=\"fn\"><a href=\"#fnr-1\">1</a></span> \
         <div>\n<p>Of one.</p>",
    );
    // What nothing refers to is not lost, and what is not there is shown as it was written.
    check(
        "Words.[^2]\n\n[^1]: Nobody asked.\n",
        "<p>Words.[^2]</p>\n<ol class=\"footnotes\"><li><span class=\"fn\">1</span> <div>\n<p>Nobody asked.</p>\n</div></li></ol>",
    );
    // A footnote may stand before its words and hold more than one paragraph.
    check_both(
        "[^x]: First.\n\n    Second, https://a.example/.\n\nWords[^x].\n",
        "<p>Words<sup>1</sup>.</p>\n<ol class=\"footnotes\"><li><span class=\"fn\">1</span> <div>\n<p>First.</p>\n<p>Second, <a href",
        "<p>Words<sup><a href=\"#fn-1\" id=\"fnr-1\">1</a></sup>.</p>",
    );
}

#[test]
fn what_strangers_write_into_tables_and_footnotes_stays_words() {
    for markdown in [
        "| a |\n| - |\n| <script>x</script> |\n",
        "| <img src=x onerror=x> | [x](javascript:x) |\n| - | - |\n| ![x](https://a.example/x.png) | \" onclick=\"x |\n",
        "x[^\"><script>x</script>]\n\n[^\"><script>x</script>]: <b onclick=x>y</b>\n",
        "x[^1]\n\n[^1]: | a |\n    | - |\n    | ~~`<i>`~~ |\n",
        "- [x] <script>x</script>\n- [ ] [x](data:x)\n",
        "https://a.example/\"onmouseover=\"x www.a.example/<script> a@b.example\"><script>\n",
        "~~a\n\n| b ~~ |\n| - |\n[^1]: c\n[^1]: d\n[^1] [^1]: e\n",
        "[^1]: [^1]\n\n[^2]: x[^3]\n\n[^3]: y[^2]\n",
    ] {
        let made = site(markdown);
        assert_eq!(made.bugs(), "", "{markdown}");
        for (address, html) in made.pages() {
            assert!(!html.contains("<script>x"), "{address}: {markdown}");
        }
    }
}

#[test]
fn a_small_table_cannot_become_a_large_page() {
    let columns = 1500;
    let markdown = format!("|{}\n|{}\n{}", "|".repeat(columns), "-|".repeat(columns), "|\n".repeat(1500));
    let made = site(&markdown);
    assert!(made.page("texts/a.html").len() < 3 << 20);
}
