//! Addresses that stand in words as they are: a forge makes links of them, and so does
//! the page (GitHub Flavored Markdown, "Autolinks (extension)").

use std::ops::Range;

/// The addresses in a text, with where they lead, in order.
pub(super) fn addresses(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for (at, _) in text.char_indices() {
        if found.last().is_some_and(|(range, _)| at < range.end) {
            continue;
        }
        let one = web(text, at).or_else(|| mail(text, at));
        // The beginning of a mail address may lie behind the `@`, in what was a link before.
        found.extend(one.filter(|(range, _)| found.last().is_none_or(|(last, _)| last.end <= range.start)));
    }
    found
}

/// `https://…`, `http://…` or `www.…` that begins here.
fn web(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    let before = text[..at].chars().next_back();
    if !before.is_none_or(|c| c.is_whitespace() || !c.is_alphanumeric() && !"@/._-=&<>#?%+\\".contains(c)) {
        return None;
    }
    let rest = &text[at..];
    let scheme = ["https://", "http://"].into_iter().find(|s| begins(rest, s));
    let host = match scheme {
        Some(scheme) => scheme.len(),
        None if begins(rest, "www.") => 0,
        None => return None,
    };
    let end =
        rest.find(|c: char| c.is_whitespace() || c.is_control() || "<>".contains(c)).unwrap_or(rest.len());
    let end = trimmed(&rest[..end]);
    let name = rest.get(host..end)?.split(['/', '?', '#', ':']).next()?;
    if !is_host(name) {
        return None;
    }
    let address = &rest[..end];
    let href = if scheme.is_some() { address.to_owned() } else { format!("http://{address}") };
    Some((at..at + end, href))
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// A name of two parts or more; an underscore stands in none of the last two.
fn is_host(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    parts.len() > 1
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'))
        && parts.iter().rev().take(2).all(|part| !part.contains('_'))
}

/// Where an address ends that stands in a sentence: before the signs that end this, and before a
/// bracket that it did not open.
fn trimmed(address: &str) -> usize {
    let mut address = address;
    loop {
        let last = address.chars().next_back();
        let cut = match last {
            Some(')') => address.matches(')').count() > address.matches('(').count(),
            Some(']') => address.matches(']').count() > address.matches('[').count(),
            Some(c) => "?!.,:;*_~'\"’”»…|".contains(c),
            None => false,
        };
        match last.filter(|_| cut) {
            Some(last) => address = &address[..address.len() - last.len_utf8()],
            None => return address.len(),
        }
    }
}

/// An address of mail whose `@` stands here.
fn mail(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    if !text[at..].starts_with('@') {
        return None;
    }
    let is_local = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    let before = text[..at].trim_end_matches(is_local);
    let start =
        before.len() + text[before.len()..at].chars().take_while(|c| !c.is_ascii_alphanumeric()).count();
    let rest = &text[at + 1..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".-_".contains(c))).unwrap_or(rest.len());
    let name = rest[..end].trim_end_matches('.');
    let whole = start < at && is_host(name) && !name.ends_with(['-', '_']) && !before.ends_with(['/', ':']);
    let range = start..at + 1 + name.len();
    whole.then(|| (range.clone(), format!("mailto:{}", &text[range])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            let found = addresses(text);
            assert_eq!(
                found.iter().map(|(range, _)| &text[range.clone()]).collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        }
        check("See https://example.org/page.", &["https://example.org/page"]);
        check("(https://example.org/a_(b)) and", &["https://example.org/a_(b)"]);
        check("“https://example.org/x”, http://a.example?", &["https://example.org/x", "http://a.example"]);
        check("www.example.org/a?b=c#d; WWW.a.example", &["www.example.org/a?b=c#d", "WWW.a.example"]);
        check("https://例え.jp/道", &["https://例え.jp/道"]);
        check("https://a.example/é…", &["https://a.example/é"]);
        check("mail a.b+c@d-e.example, not @d or a@b or x@y.z/", &["a.b+c@d-e.example", "x@y.z"]);
        check("https://a:b@c.example/", &[]);
        check("xhttps://a.example https:// https://a http://a_b.c", &[]);
        check("javascript://a.example data:x ftp://a.example", &[]);
        check("[https://a.example]", &["https://a.example"]);
        check("url=https://a.example, x?https://a.example", &[]);
        check("https://a.example/x>y", &["https://a.example/x"]);
        check("", &[]);
    }

    #[test]
    fn an_address_leads_where_it_says() {
        assert_eq!(addresses("www.a.example")[0].1, "http://www.a.example");
        assert_eq!(addresses("HTTPS://a.example/B")[0].1, "HTTPS://a.example/B");
        assert_eq!(addresses("a@b.example")[0].1, "mailto:a@b.example");
    }
}
