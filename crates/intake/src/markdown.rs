//! Words as Markdown writes them, so that they are read as they stand.

/// Words of one paragraph with the signs of Markdown escaped.
pub fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len() + words.len() / 16);
    for (i, line) in words.split('\n').enumerate() {
        if i > 0 {
            text.push('\n');
        }
        line_start(line, &mut text);
    }
    text
}

/// A line: what would begin a block is escaped, then what would be a mark.
fn line_start(line: &str, text: &mut String) {
    let blank = line.len() - line.trim_start().len();
    let (indent, rest) = line.split_at(blank);
    text.push_str(if indent.len() > 3 { "" } else { indent });
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let behind = rest[digits..].chars().next();
    let first = rest.chars().next();
    if (1..=9).contains(&digits) && matches!(behind, Some('.' | ')')) {
        text.push_str(&rest[..digits]);
        text.push('\\');
        return inline(&rest[digits..], text);
    }
    // A rule, a heading, an item, a fence, a definition, front matter.
    if matches!(first, Some('#' | '-' | '+' | '=' | '>' | ':')) {
        text.push('\\');
    }
    inline(rest, text);
}

/// A line whose inside is escaped already: what would begin a block is escaped too.
pub fn begun(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let behind = line[digits..].chars().next();
    if (1..=9).contains(&digits) && matches!(behind, Some('.' | ')')) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    match line.chars().next() {
        Some('#' | '-' | '+' | '=' | '>' | ':') => format!("\\{line}"),
        _ => line.to_owned(),
    }
}

/// Signs that may be marks inside a line.
pub fn inline(words: &str, text: &mut String) {
    let mut before = None;
    let mut chars = words.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let escapes = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '^' | '$' => true,
            // Inside a word it is no mark.
            '_' => !(inside(before) && inside(chars.peek().copied())),
            '&' => chars.peek().is_some_and(|next| next.is_ascii_alphabetic() || *next == '#'),
            '!' => chars.peek() == Some(&'['),
            _ => false,
        };
        if escapes {
            text.push('\\');
        }
        text.push(c);
        before = Some(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_escaped_where_they_would_be_marks() {
        for (words, expected) in [
            ("Compare the tide.", "Compare the tide."),
            ("1. *a* [b](c) snake_case _x_", "1\\. \\*a\\* \\[b\\](c) snake_case \\_x\\_"),
            ("# a\n- b\n> c", "\\# a\n\\- b\n\\> c"),
            ("a < b & c &amp; AT&T", "a \\< b & c \\&amp; AT\\&T"),
            ("1798. The year", "1798\\. The year"),
            ("1798, the year", "1798, the year"),
        ] {
            assert_eq!(escaped(words), expected, "{words}");
        }
    }
}
