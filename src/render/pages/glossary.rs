//! The glossary: its index, and a page for each term with every use in context.

use std::collections::BTreeMap;

use crate::annotation::Term;
use crate::render::context::list;
use crate::render::date;
use crate::render::draw;
use crate::render::margin;
use crate::render::pages::{Made, Press};
use crate::site::{Facts, UseFact, address, link};

/// Most uses shown on one page; beyond, the search finds them.
const MOST_USES: usize = 500;

pub(super) fn index(press: Press<'_>, facts: &[Facts]) -> Made {
    let site = press.site;
    let terms = &site.annotations.terms;
    let mut uses = vec![0_usize; terms.len()];
    for used in facts.iter().flat_map(|f| &f.uses) {
        uses[used.term] += 1;
    }
    let mut order: Vec<usize> = (0..terms.len()).collect();
    order.sort_by_cached_key(|&i| (fold(&terms[i].term.value), terms[i].slug.clone()));
    let mut letters: Vec<list::Letter> = Vec::new();
    for i in order {
        let term = &terms[i];
        let first = fold(&term.term.value).chars().next().unwrap_or('#');
        let letter =
            if first.is_alphabetic() { first.to_uppercase().to_string() } else { "0–9".to_owned() };
        if letters.last().is_none_or(|l| l.letter != letter) {
            let id = format!("letter-{}", letters.len() + 1);
            letters.push(list::Letter { letter, id, terms: Vec::new() });
        }
        let row = list::TermRow {
            term: press.link(address::GLOSSARY, &site.term_address(i), &term.term.value),
            name: full_name(term, latest(term)),
            kind: press.kind_of_term(&term.kind),
            dates: dates(press, term),
            uses: uses[i],
        };
        if let Some(last) = letters.last_mut() {
            last.terms.push(row);
        }
    }
    let page = press.page(address::GLOSSARY, press.words.get("nav_terms"), "terms");
    press.show("terms.html", address::GLOSSARY, &list::Terms { page, count: terms.len(), letters })
}

/// For sorting: lower case, and only letters, digits and spaces.
fn fold(term: &str) -> String {
    term.chars().filter(|c| c.is_alphanumeric() || *c == ' ').flat_map(char::to_lowercase).collect()
}

fn latest(term: &Term) -> usize {
    term.senses.len().saturating_sub(1)
}

/// The name in full, if the term is short for it: the sense's name, else its longest form.
pub(super) fn full_name(term: &Term, sense: usize) -> Option<String> {
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

pub(super) fn term(press: Press<'_>, facts: &[Facts], index: usize) -> Made {
    let site = press.site;
    let term = &site.annotations.terms[index];
    let here = site.term_address(index);
    let mut uses = Vec::new();
    let mut texts = 0;
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for &text in &site.by_date {
        let found: Vec<&UseFact> = facts[text].uses.iter().filter(|u| u.term == index).collect();
        texts += usize::from(!found.is_empty());
        if let Some(date) = site.texts[text].date().filter(|_| !found.is_empty()) {
            *years.entry(date.year).or_default() += found.len();
        }
        uses.extend(found.into_iter().map(|used| use_row(press, &here, text, used)));
    }
    let more_uses = uses.len().saturating_sub(MOST_USES);
    uses.truncate(MOST_USES);
    let context = list::Term {
        page: press.page(&here, &term.term.value, "terms"),
        kind: press.kind_of_term(&term.kind),
        forms: term.forms.iter().map(|f| f.value.clone()).collect(),
        misprints: term.misprints.iter().map(|f| f.value.clone()).collect(),
        senses: (0..term.senses.len()).map(|s| sense(press, &here, term, s)).collect(),
        life: draw::life(press, term, &years),
        uses,
        more_uses,
        texts,
        all_texts: site.texts.len(),
        speeches: press.speeches(&here, facts, &term.slug),
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

fn use_row(press: Press<'_>, here: &str, text: usize, used: &UseFact) -> list::Use {
    let plan = &press.site.texts[text];
    let when = plan.date().map(|d| press.words.when(d).short);
    let label = match when {
        Some(when) => format!("{when}, {}", press.words.fill("para_n", &[("n", &used.block.to_string())])),
        None => format!("{}, {}", plan.short, press.words.fill("para_n", &[("n", &used.block.to_string())])),
    };
    let fragment = link::fragment(used.block, &used.words);
    list::Use {
        before: used.left.clone(),
        term: used.words.clone(),
        after: used.right.clone(),
        place: press.link(here, &format!("{}#{fragment}", press.site.text_address(text)), label),
        lang: plan.lang.clone(),
    }
}

fn sense(press: Press<'_>, here: &str, term: &Term, index: usize) -> list::Sense {
    let sense = &term.senses[index];
    let site = press.site;
    let other = |slug: &Option<crate::annotation::Located<String>>| {
        let i = site.term(&slug.as_ref()?.value)?;
        Some(press.link(here, &site.term_address(i), &site.annotations.terms[i].term.value))
    };
    list::Sense {
        id: format!("s-{}", index + 1),
        name: full_name(term, index),
        dates: date::lifetime(press.words, sense.from, sense.until),
        definition: press.prose(here, &sense.definition),
        predecessor: other(&sense.predecessor),
        successor: other(&sense.successor),
        certainty: margin::certainty(press.words, sense.certainty).map(str::to_owned),
        sources: press.sources(&sense.sources),
    }
}

impl Press<'_> {
    /// The label of a kind of term.
    pub(super) fn kind_of_term(&self, kind: &str) -> String {
        let key = format!("term_kind_{}", kind.replace('-', "_"));
        self.words.find(&key).map_or_else(|| crate::archive::config::label(kind), str::to_owned)
    }

    /// Notes and definitions that lead to a page.
    pub(super) fn linked_from(&self, here: &str) -> Vec<crate::render::context::Link> {
        let from = self.survey.leading_to(here);
        from.iter().map(|(address, words)| self.link(here, address, words)).collect()
    }
}
