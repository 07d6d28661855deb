//! Long lists, in parts: a page of a site stays light however large the archive is.

use crate::render::context::Name;
use crate::site::link;

/// Addresses of a list's parts, given that of its first.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    first: String,
    /// Entries of each part: first, and one past the last.
    ranges: Vec<(usize, usize)>,
    /// What stands before the number of a part in its address.
    sign: char,
}

impl Parts {
    /// Parts of `per` entries. An empty list has one part.
    pub(super) fn new(first: impl Into<String>, entries: usize, per: usize) -> Self {
        let starts = (0..entries.max(1)).step_by(per.max(1));
        let ranges = starts.map(|start| (start, (start + per).min(entries))).collect();
        Self { first: first.into(), ranges, sign: '/' }
    }

    /// The same, with parts that lie beside the first, `list_2.html`: where texts may lie in a folder of
    /// the list's name. No id has a `_`.
    pub(super) fn beside(first: impl Into<String>, entries: usize, per: usize) -> Self {
        Self { sign: '_', ..Self::new(first, entries, per) }
    }

    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Address of a part: of the first its own, then `list/2.html` and so on.
    pub(super) fn address(&self, part: usize) -> String {
        if part == 0 {
            return self.first.clone();
        }
        let base = self.first.strip_suffix(".html").unwrap_or(&self.first);
        let base = base.strip_suffix("/index").filter(|_| self.sign == '/').unwrap_or(base);
        format!("{base}{}{}.html", self.sign, part + 1)
    }

    /// The entries of a part.
    pub(super) fn of<'a, T>(&self, part: usize, all: &'a [T]) -> &'a [T] {
        self.ranges.get(part).map_or(&[], |&(start, end)| &all[start..end])
    }

    /// Links to the parts as their entries are numbered, `101–200`; that in hand has
    /// none. Of many parts the first, the last and the neighbours are named; a list
    /// of one part has no links.
    pub(super) fn links(&self, part: usize) -> Vec<Name> {
        if self.len() < 2 {
            return Vec::new();
        }
        let here = self.address(part);
        let near = |i: usize| i == 0 || i + 1 == self.len() || i.abs_diff(part) <= NEAR;
        let mut out = Vec::new();
        let mut gap = false;
        for (i, (start, end)) in self.ranges.iter().enumerate() {
            if !near(i) {
                gap = true;
                continue;
            }
            if std::mem::take(&mut gap) {
                out.push(Name { text: "…".to_owned(), href: None });
            }
            let href = (i != part).then(|| link::relative(&here, &self.address(i)));
            out.push(Name { text: format!("{}–{end}", start + 1), href });
        }
        out
    }
}

/// How many neighbours on each side are named.
const NEAR: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_and_every_entry_is_in_one_part() {
        let all: Vec<usize> = (0..250).collect();
        let parts = Parts::new("a/list.html", all.len(), 100);
        assert_eq!((0..parts.len()).map(|p| parts.of(p, &all).len()).collect::<Vec<_>>(), [100, 100, 50]);
        assert_eq!(parts.address(0), "a/list.html");
        assert_eq!(parts.address(2), "a/list/3.html");
        assert_eq!(Parts::new("notes/index.html", 200, 100).address(1), "notes/2.html");
        let links: Vec<_> = parts.links(2).into_iter().map(|l| (l.text, l.href)).collect();
        let expected = [("1–100", Some("../list.html")), ("101–200", Some("2.html")), ("201–250", None)];
        assert_eq!(links, expected.map(|(t, h)| (t.to_owned(), h.map(str::to_owned))));
    }

    #[test]
    fn short_lists_have_no_links_and_long_ones_few() {
        assert_eq!(Parts::new("a.html", 0, 10).len(), 1);
        assert!(Parts::new("a.html", 10, 10).links(0).is_empty());
        let many = Parts::new("a.html", 10_000, 10).links(500);
        assert_eq!(many.len(), 2 + 2 + 2 * NEAR + 1);
        assert_eq!(many.iter().filter(|l| l.text == "…").count(), 2);
    }
}
