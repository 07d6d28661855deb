//! Style sheets as readers load them: without comments, and white space only where it tells.
//!
//! The theme's sheets explain themselves to those who change them; a browser
//! has to fetch them before it shows the first word. Strings stay as they are.

/// A style sheet made small: the same rules.
pub(crate) fn small(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    let mut apart = false;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("/*") => {
                apart = true;
                rest = rest[2..].find("*/").map_or("", |end| &rest[end + 4..]);
                continue;
            }
            c if c.is_ascii_whitespace() => {
                apart = true;
                rest = &rest[1..];
                continue;
            }
            '"' | '\'' => string(rest, c),
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            c => c.len_utf8(),
        };
        if c == '}' && out.ends_with(';') {
            out.pop();
        }
        if apart && !is_sign(c) && !out.chars().next_back().is_none_or(is_sign) {
            out.push(' ');
        }
        apart = false;
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push('\n');
    out
}

/// Signs that stand apart by themselves, in selectors and in values.
fn is_sign(c: char) -> bool {
    matches!(c, '{' | '}' | ';' | ',')
}

/// The length of the string that a text begins with.
fn string(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::small;

    #[test]
    fn the_rules_stay() {
        #[track_caller]
        fn check(sheet: &str, expected: &str) {
            assert_eq!(small(sheet), format!("{expected}\n"));
        }
        check("", "");
        check(
            "/* a\nrule */\na > b,\nc :hover {\n  color: red;\n  margin: 0 1px;\n}\n",
            "a > b,c :hover{color: red;margin: 0 1px}",
        );
        check("@media (width > 3em) and (hover) { a { b: c } }", "@media (width > 3em) and (hover){a{b: c}}");
        check("a/**/b { c: d/* e */f; }", "a b{c: d f}");
        check("a { content: \"; } /* \\\" */ '\"; b: '\\''; }", "a{content: \"; } /* \\\" */ '\";b: '\\''}");
        check(
            "a { font: 1em/1.5 \"B  C\", serif; w: calc(1px + 2px); }",
            "a{font: 1em/1.5 \"B  C\",serif;w: calc(1px + 2px)}",
        );
        check(
            "a { src: url(b/c.woff2) format(\"d\"); } .\\{ { --e: é; }",
            "a{src: url(b/c.woff2) format(\"d\")}.\\{{--e: é}",
        );
        check("a { b: c", "a{b: c");
        check("\"a", "\"a");
        check("/* a", "");
        check("/*/ a */b", "b");
    }
}
