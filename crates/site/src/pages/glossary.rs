//! The glossary: its index, and a page for each term with every use in context.

use std::collections::BTreeMap;

use typed_index_collections::{TiSlice, TiVec};

use crate::pages::draw;
use crate::pages::lists::named;
use crate::pages::paging::Parts;
use crate::pages::{Made, Press, people};
use crate::render::context::{Name, list};
use crate::render::date;
use crate::render::margin;
use crate::site::order::Key;
use crate::site::uses::{self, Line};
use crate::site::{Facts, Outline, address, link};
use postil_anchor::annotation::{Located, SenseName, Speaker, Term};
use postil_archive::index::{SenseIx, TermIx, TextIx};

/// Terms on one page of the glossary: with more, each letter has its own.
const PER_PAGE: usize = 400;

/// What all lists of terms are made from.
pub(super) struct Lists<'a> {
    uses: TiVec<TermIx, usize>,
    /// For each term, how many texts use it, and its uses by year.
    texts: TiVec<TermIx, usize>,
    years: TiVec<TermIx, BTreeMap<i16, usize>>,
    /// For each term, what the person says: text and turn, by date.
    turns: TiVec<TermIx, Vec<(&'a Facts, &'a Outline)>>,
    /// For each term, the sense that its uses have most often; of several the latest.
    usual: TiVec<TermIx, SenseIx>,
    /// Letters with their terms, A to Z.
    letters: Vec<(String, Vec<TermIx>)>,
    /// Kinds with their terms by name: key, label, terms.
    kinds: Vec<(String, String, Vec<TermIx>)>,
    /// For each term, those that it came after.
    before: TiVec<TermIx, Vec<TermIx>>,
    split: bool,
}

pub(super) fn lists<'a>(press: Press<'_>, facts: &'a TiSlice<TextIx, Facts>) -> Lists<'a> {
    let terms = &press.site.annotations.terms;
    let mut by_sense: TiVec<TermIx, TiVec<SenseIx, usize>> =
        terms.iter().map(|term| vec![0; term.senses.len()].into()).collect();
    let mut texts: TiVec<TermIx, usize> = vec![0; terms.len()].into();
    let mut years: TiVec<TermIx, BTreeMap<i16, usize>> = vec![BTreeMap::new(); terms.len()].into();
    let mut turns: TiVec<TermIx, Vec<_>> = vec![Vec::new(); terms.len()].into();
    for &text in &press.site.by_date {
        let facts = &facts[text];
        for (turn, speaker) in people::turns(facts) {
            if let Speaker::Term(slug) = speaker
                && let Some(term) = press.site.term(slug)
            {
                turns[term].push((facts, turn));
            }
        }
        let year = press.site.texts[text].date().map(|date| date.year());
        for (i, used) in facts.uses.iter().enumerate() {
            by_sense[used.term][used.sense] += used.count;
            texts[used.term] += usize::from(facts.uses[..i].iter().all(|earlier| earlier.term != used.term));
            if let Some(year) = year {
                *years[used.term].entry(year).or_default() += used.count;
            }
        }
    }
    let most = |senses: &TiVec<SenseIx, usize>| {
        senses.keys().max_by_key(|&sense| senses[sense]).unwrap_or_else(|| SenseIx::from(0))
    };
    let usual = by_sense.iter().map(most).collect();
    let mut order: Vec<(Key, TermIx)> =
        terms.iter_enumerated().map(|(i, term)| (press.site.order.term(term), i)).collect();
    order.sort();
    let mut letters: Vec<(String, Vec<TermIx>)> = Vec::new();
    let mut by_kind: BTreeMap<&str, Vec<TermIx>> = BTreeMap::new();
    for (key, i) in order {
        let letter = press.site.order.initial(&key);
        match letters.last_mut().filter(|(l, _)| *l == letter) {
            Some((_, terms)) => terms.push(i),
            None => letters.push((letter, vec![i])),
        }
        by_kind.entry(&terms[i].kind).or_default().push(i);
    }
    let kinds = by_kind
        .into_iter()
        .map(|(kind, terms)| (kind.to_owned(), press.kind_of_terms(kind), terms))
        .collect();
    Lists {
        uses: uses::totals(facts, terms.len()),
        texts,
        years,
        turns,
        usual,
        letters,
        kinds,
        before: before(press),
        split: terms.len() > PER_PAGE,
    }
}

/// For each term those that came right before it, as they or it say, then those before these.
fn before(press: Press<'_>) -> TiVec<TermIx, Vec<TermIx>> {
    let terms = &press.site.annotations.terms;
    let mut direct: TiVec<TermIx, Option<TermIx>> = vec![None; terms.len()].into();
    let beside = |own: TermIx, name: Option<&Located<SenseName>>| {
        press.site.sense(&name?.value).filter(|(term, _)| *term != own)
    };
    for (i, term) in terms.iter_enumerated() {
        let after = term.senses.last().and_then(|s| beside(i, s.successor.as_ref()));
        // What came before a later sense did not come before the term.
        if let Some((after, sense)) = after
            && sense.is_none_or(|sense| sense.number() == 1)
        {
            direct[after].get_or_insert(i);
        }
    }
    for (i, term) in terms.iter_enumerated() {
        let earlier = term.senses.first().and_then(|s| beside(i, s.predecessor.as_ref()));
        direct[i] = earlier.map(|(term, _)| term).or(direct[i]);
    }
    let chain = |i: TermIx| {
        let mut out: Vec<TermIx> = Vec::new();
        let mut next = direct[i];
        while let Some(earlier) = next.filter(|e| *e != i && !out.contains(e) && out.len() < 3) {
            out.push(earlier);
            next = direct[earlier];
        }
        out.reverse();
        out
    };
    terms.keys().map(chain).collect()
}

impl Lists<'_> {
    /// Pages of letters: index of the letter, part.
    pub(super) fn letter_pages(&self) -> Vec<(usize, usize)> {
        let letters = self.letters.iter().enumerate().filter(|_| self.split);
        letters.flat_map(|(i, _)| (0..self.letter_parts(i).len()).map(move |part| (i, part))).collect()
    }

    /// Pages of kinds: index of the kind, part.
    pub(super) fn kind_pages(&self) -> Vec<(usize, usize)> {
        let kinds = self.kinds.iter().enumerate();
        kinds.flat_map(|(i, _)| (0..self.kind_parts(i).len()).map(move |part| (i, part))).collect()
    }

    fn letter_parts(&self, letter: usize) -> Parts {
        // A letter of any script has no name that is an address everywhere; its number has.
        let (name, terms) = &self.letters[letter];
        let ascii = name.len() == 1 && name.bytes().all(|b| b.is_ascii_uppercase());
        let slug = if ascii { name.to_ascii_lowercase() } else { format!("{}", letter + 1) };
        Parts::new(format!("glossary/letter/{slug}.html"), terms.len(), PER_PAGE)
    }

    fn kind_parts(&self, kind: usize) -> Parts {
        let (key, _, terms) = &self.kinds[kind];
        Parts::new(format!("glossary/kind/{key}.html"), terms.len(), PER_PAGE)
    }

    fn kind_links(&self, here: &str) -> Vec<Name> {
        let name = |i: usize| (self.kinds[i].1.clone(), self.kind_parts(i).address(0));
        named(here, &(0..self.kinds.len()).map(name).collect::<Vec<_>>())
    }

    fn letter_links(&self, here: &str) -> Vec<Name> {
        let name = |i: usize| (self.letters[i].0.clone(), self.letter_parts(i).address(0));
        named(here, &(0..self.letters.len()).filter(|_| self.split).map(name).collect::<Vec<_>>())
    }

    fn row(&self, press: Press<'_>, here: &str, i: TermIx, says: bool) -> list::TermRow {
        let term = &press.site.annotations.terms[i];
        let definition = term.senses.get(self.usual[i]).map(|s| &s.definition).filter(|_| says);
        list::TermRow {
            term: press.link(here, &press.site.term_address(i), &term.term.value),
            name: full_name(term, self.usual[i]),
            kind: press.kind_of_term(&term.kind),
            says: definition.map(|d| press.sentence(d)),
            dates: dates(press, term),
            uses: self.uses[i],
        }
    }
}

/// The glossary from A to Z; of many terms, the letters.
pub(super) fn index(press: Press<'_>, lists: &Lists<'_>) -> Made {
    let here = address::GLOSSARY;
    let letters = lists.letters.iter().enumerate().filter(|_| !lists.split);
    let letter = |(i, (letter, terms)): (usize, &(String, Vec<TermIx>))| list::Letter {
        letter: letter.clone(),
        id: format!("letter-{}", i + 1),
        terms: terms.iter().map(|&t| lists.row(press, here, t, false)).collect(),
    };
    let context = list::Terms {
        page: press.page(here, press.words.get("nav_terms"), "terms"),
        count: press.site.annotations.terms.len(),
        kinds: lists.kind_links(here),
        pages: lists.letter_links(here),
        letters: letters.map(letter).collect(),
        parts: Vec::new(),
    };
    press.show("terms.html", here, &context)
}

/// The terms of one letter, or a part of them.
pub(super) fn letter(press: Press<'_>, lists: &Lists<'_>, (letter, part): (usize, usize)) -> Made {
    let (name, terms) = &lists.letters[letter];
    let parts = lists.letter_parts(letter);
    let here = parts.address(part);
    let rows = parts.of(part, terms).iter().map(|&t| lists.row(press, &here, t, false)).collect();
    let title = press.site.labelled(press.words.get("nav_terms"), name);
    let context = list::Terms {
        page: press.page(&here, title, "terms"),
        count: terms.len(),
        kinds: lists.kind_links(&here),
        pages: lists.letter_links(&here),
        letters: vec![list::Letter { letter: name.clone(), id: "letter-1".to_owned(), terms: rows }],
        parts: parts.links(part),
    };
    press.show("terms.html", &here, &context)
}

/// The terms of one kind, with their lives, or a part of them.
pub(super) fn kind(press: Press<'_>, lists: &Lists<'_>, (kind, part): (usize, usize)) -> Made {
    let (_, label, terms) = &lists.kinds[kind];
    let parts = lists.kind_parts(kind);
    let here = parts.address(part);
    let context = list::Kind {
        page: press.page(&here, label, "terms"),
        count: terms.len(),
        kinds: lists.kind_links(&here),
        lives: (part == 0).then(|| draw::kind(press, &here, label, terms)).flatten(),
        terms: parts.of(part, terms).iter().map(|&t| lists.row(press, &here, t, true)).collect(),
        parts: parts.links(part),
    };
    press.show("kind.html", &here, &context)
}

/// The name in full, if the term is short for it: the sense's name, else its longest form.
pub(super) fn full_name(term: &Term, sense: SenseIx) -> Option<String> {
    let named = term.senses.get(sense).and_then(|s| s.name.clone());
    let form = || term.forms.iter().map(|f| &f.value).max_by_key(|f| f.len()).cloned();
    let initials =
        term.term.value.chars().filter(|c| c.is_uppercase()).count() > 1 && !term.term.value.contains(' ');
    named.or_else(|| if initials { form() } else { None }).filter(|name| *name != term.term.value)
}

/// From the beginning of the first sense to the end of the last.
fn dates(press: Press<'_>, term: &Term) -> Option<String> {
    let from = term.senses.first().and_then(|s| s.from);
    let until = term.senses.last().and_then(|s| s.until);
    date::lifetime(press.words, from, until)
}

/// The page of a term, with the `lines` of it that are shown.
pub(super) fn term(press: Press<'_>, lists: &Lists<'_>, index: TermIx, lines: &[Line]) -> Made {
    let site = press.site;
    let term = &site.annotations.terms[index];
    let here = site.term_address(index);
    let years = &lists.years[index];
    let life = draw::life(press, term, &lists.before[index], years);
    let mut page = press.page(&here, &term.term.value, "terms");
    page.description = term.senses.first().map(|sense| press.sentence(&sense.definition));
    let context = list::Term {
        page,
        kind: press.kind_of_term(&term.kind),
        forms: term.forms.iter().map(|f| f.value.clone()).collect(),
        misprints: term.misprints.iter().map(|f| f.value.clone()).collect(),
        senses: term
            .senses
            .keys()
            .map(|s| sense(press, &here, term, s, lists.before[index].last().copied()))
            .collect(),
        years: match &life {
            Some(_) => None,
            None => draw::years(years, press.words.get("uses_by_year"), |n| press.words.count("n_uses", n)),
        },
        life,
        by_year: years
            .iter()
            .map(|(year, n)| press.site.labelled(&year.to_string(), &n.to_string()))
            .collect(),
        uses: lines.iter().map(|line| use_row(press, &here, line)).collect(),
        more_uses: lists.uses[index].saturating_sub(lines.len()),
        texts: lists.texts[index],
        all_texts: site.texts.len(),
        speeches: lists.turns[index].iter().map(|&(facts, turn)| press.speech(&here, facts, turn)).collect(),
        see: term
            .see
            .iter()
            .filter_map(|s| site.term(&s.value))
            .map(|i| press.link(&here, &site.term_address(i), &site.annotations.terms[i].term.value))
            .collect(),
        linked_from: press.linked_from(&here),
    };
    press.show("term.html", &here, &context)
}

fn use_row(press: Press<'_>, here: &str, used: &Line) -> list::Use {
    let plan = &press.site.texts[used.text];
    let when = press.words.made(plan).map(|when| when.short);
    let text = when.unwrap_or_else(|| plan.short.clone());
    let mut label = format!("{text}, {}", press.words.fill("para_n", &[("n", &used.block.to_string())]));
    if let Some(speaker) = &used.speaker {
        label = format!("{label}, {}", press.site.speaker(speaker));
    }
    let fragment = link::fragment(used.block, &used.words);
    list::Use {
        before: used.left.clone(),
        term: used.words.clone(),
        after: used.right.clone(),
        place: press.link(here, &format!("{}#{fragment}", press.site.text_address(used.text)), label),
        lang: plan.lang.clone(),
    }
}

fn sense(press: Press<'_>, here: &str, term: &Term, index: SenseIx, before: Option<TermIx>) -> list::Sense {
    let sense = &term.senses[index];
    let site = press.site;
    let of_term = |i: TermIx| press.link(here, &site.term_address(i), &site.annotations.terms[i].term.value);
    let other = |name: &Option<Located<SenseName>>| {
        let (address, name) = margin::named_sense(site, press.words, &name.as_ref()?.value)?;
        Some(press.link(here, &address, name))
    };
    list::Sense {
        id: link::sense(index),
        name: full_name(term, index),
        dates: date::lifetime(press.words, sense.from, sense.until),
        definition: press.prose(here, &sense.definition),
        // What a term came after is often said by the other only.
        predecessor: other(&sense.predecessor)
            .or_else(|| before.filter(|_| index.number() == 1).map(of_term)),
        successor: other(&sense.successor),
        certainty: margin::certainty(press.words, sense.certainty).map(str::to_owned),
        sources: press.sources(&sense.sources),
    }
}

impl Press<'_> {
    /// The label of all terms of a kind: the theme's word, else that of one.
    fn kind_of_terms(&self, kind: &str) -> String {
        let key = format!("term_kinds_{}", kind.replace('-', "_"));
        self.words.find(&key).map_or_else(|| self.kind_of_term(kind), str::to_owned)
    }

    /// The label of a kind of term.
    pub(super) fn kind_of_term(&self, kind: &str) -> String {
        self.words.term_kind(kind)
    }

    /// Notes and definitions that lead to a page.
    pub(super) fn linked_from(&self, here: &str) -> Vec<crate::render::context::Link> {
        let from = self.survey.leading_to(here);
        from.iter().map(|(address, words)| self.link(here, address, words)).collect()
    }
}
