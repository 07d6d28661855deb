//! XML while it is written: elements that close what they open, and characters that it can hold.

use postil_intake::carried::is_xml;

/// Adds words.
pub(crate) fn text(out: &mut String, words: &str) {
    for c in words.chars() {
        character(out, c);
    }
}

/// Adds a character of words.
pub(crate) fn character(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        // Not to end a CDATA section that is none.
        '>' => out.push_str("&gt;"),
        // A reader of XML would take it for a part of a line end.
        '\r' => out.push_str("&#13;"),
        c if is_xml(c) => out.push(c),
        _ => out.push('\u{fffd}'),
    }
}

/// An element as it begins: attributes that say nothing are left out.
pub(crate) fn begin(out: &mut String, name: &str, attributes: &[(&str, &str)]) {
    start(out, name, attributes);
    out.push('>');
}

fn start(out: &mut String, name: &str, attributes: &[(&str, &str)]) {
    out.push('<');
    out.push_str(name);
    for (key, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        for c in value.chars() {
            match c {
                '"' => out.push_str("&quot;"),
                '\n' => out.push_str("&#10;"),
                '\t' => out.push_str("&#9;"),
                c => character(out, c),
            }
        }
        out.push('"');
    }
}

/// The same as it ends.
pub(crate) fn end(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// An element that holds nothing.
pub(crate) fn empty(out: &mut String, name: &str, attributes: &[(&str, &str)]) {
    start(out, name, attributes);
    out.push_str("/>");
}

/// An element that holds words.
pub(crate) fn leaf(out: &mut String, name: &str, attributes: &[(&str, &str)], words: &str) {
    begin(out, name, attributes);
    text(out, words);
    end(out, name);
}

/// An address, as an attribute that holds one can: what no address has is written as its bytes.
pub(crate) fn address(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let bytes = address.as_bytes();
    for (i, c) in address.char_indices() {
        let is_escape = || {
            let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
            hex(i + 1) && hex(i + 2)
        };
        match c {
            '%' if is_escape() => out.push('%'),
            '#' if out.contains('#') => out.push_str("%23"),
            'a'..='z' | 'A'..='Z' | '0'..='9' => out.push(c),
            c if "-._~:/?#@!$&'()*+,;=".contains(c) => out.push(c),
            c => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_not_in_it() {
        let mut out = String::new();
        leaf(&mut out, "a", &[("b", "\"<&\n"), ("c", "")], "x\u{0} ]]> \r\n&");
        assert_eq!(out, "<a b=\"&quot;&lt;&amp;&#10;\">x\u{fffd} ]]&gt; &#13;\n&amp;</a>");
    }

    #[test]
    fn addresses_are_ascii() {
        let check = |from: &str, to: &str| assert_eq!(address(from), to);
        check("https://a.b/c d?e=%20%zz#f#g", "https://a.b/c%20d?e=%20%25zz#f%23g");
        check("mailto:é@a", "mailto:%C3%A9@a");
    }
}
