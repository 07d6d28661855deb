//! `text.html`: the edition of one text.

use serde::Serialize;

use crate::render::context::{Connection, Html, Link, Name, Note, Page};

/// `text.html`: one text, what is known about it, its words with their notes, what follows
/// from them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Text {
    /// What every page has; `title` is the text's.
    #[serde(flatten)]
    pub page: Page,
    /// The text's language (BCP 47), for the title. The article has its own `lang`.
    pub lang: String,
    /// The line above the title: kind and date.
    pub kicker: String,
    /// The line below the title: who speaks, how long the text is.
    pub line: Vec<Html>,
    /// The collections that it lies in, the outermost first, behind all texts; empty without collections.
    pub up: Vec<Link>,
    /// The record: one row a fact.
    pub facts: Vec<Fact>,
    /// Drawing of where notes and terms lie (`<svg>`), if there are any.
    pub strip: Option<Html>,
    /// Which switches there is something to switch for.
    pub switches: Switches,
    /// The kinds of notes beside the text, if there are several: each can be hidden.
    pub kinds: Vec<KindShown>,
    /// Recommendations or questions with a number, and where they are answered.
    /// Empty if fewer than two have an answer.
    pub asked: Vec<Asked>,
    /// The text's parts. Empty if it has no headings.
    pub outline: Vec<Part>,
    /// The text itself: `<article data-text="…">…</article>`.
    pub article: Html,
    /// The editors of the text: notes beside it that are theirs name nobody. Empty if there are none.
    pub editors: Vec<Name>,
    /// Notes on the text as a whole.
    pub whole: Vec<Note>,
    /// Notes whose words were not found (only in lenient builds).
    pub unplaced: Vec<Unplaced>,
    /// Corrections, in the order of the text; `n` runs from 1.
    pub corrections: Vec<Correction>,
    /// Terms used on this page, by their name.
    pub terms: Vec<TermUsed>,
    /// Topics that quote this text.
    pub topics: Vec<Link>,
    /// Relations that end here.
    pub connections: Vec<Connection>,
    /// Notes and definitions elsewhere that lead here.
    pub linked_from: Vec<Link>,
    /// How to cite it, in one line, and what of it.
    pub cite: Cite,
    /// Its annotations as W3C Web Annotations.
    pub annotations: Link,
    /// Under which terms the text may be used.
    pub rights: Option<Html>,
    /// The untouched file, with its name.
    pub raw: Link,
    /// The text in other forms, if the publisher has put them there (`postil export`): each by its name.
    pub also: Vec<Link>,
    /// Lower-case hex of the untouched file's SHA-256.
    pub sha256: String,
    /// `citation_*` and `DCTERMS.*`: for the head, in order.
    pub meta: Vec<Meta>,
    /// JSON-LD for the head, `<` written as `\u003c`.
    pub json_ld: Option<Html>,
    /// The text before this by date.
    pub previous: Option<Link>,
    /// The text after this by date.
    pub next: Option<Link>,
    /// Where to propose a note on this text, if the site has a repository.
    pub suggest: Option<Link>,
}

/// One row of the record.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// As shown; may hold links.
    pub value: Html,
}

/// Which switches the page shows. All work without a script.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Switches {
    /// There are notes, to be shown or not.
    pub notes: bool,
    /// There are corrections with a reading.
    pub corrections: bool,
    /// There is furniture inside lines.
    pub furniture: bool,
    /// There are recommendations or questions with their answers.
    pub pairs: bool,
    /// There are terms, to be marked or not.
    pub terms: bool,
}

/// A kind of notes beside a text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct KindShown {
    /// Its place among the kinds of the site, from 1. Notes, markers and marks of
    /// this kind alone have the class `q` and this.
    pub n: usize,
    /// As shown.
    pub label: String,
    /// How many there are.
    pub count: usize,
}

/// A recommendation or question, and its answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Asked {
    /// Such as "Recommendation 8", and where it stands.
    pub part: Link,
    /// How it begins.
    pub begins: String,
    /// Paragraphs with which the answers begin.
    pub answers: Vec<Link>,
}

/// An entry of the outline.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Part {
    /// Where it begins, such as `#p28`.
    pub href: String,
    /// As shown.
    pub text: String,
    /// Its number alone, where those around it are of its kind and the number tells them apart.
    pub short: Option<String>,
    /// What it holds. Two levels are shown, deeper ones are left out.
    pub parts: Vec<Part>,
}

/// A note whose words were not found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Unplaced {
    /// The note.
    pub note: Note,
    /// Why it has no place, in one line.
    pub reason: String,
}

/// A row of the list of corrections.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Correction {
    /// From 1; the row's id is `c` and this.
    pub n: u32,
    /// What the text has.
    pub raw: String,
    /// What it should be; none for a bare *sic*.
    pub reading: Option<String>,
    /// Why.
    pub reason: String,
    /// "probable" or "possible", as shown; none if it is certain.
    pub certainty: Option<String>,
    /// Who says so, if not the editors of the text.
    pub by: Vec<Name>,
    /// Where: label and address.
    pub place: Link,
}

/// A term that the text uses.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TermUsed {
    /// The term as shown, and its page.
    pub term: Link,
    /// The name in full at the text's date, if it differs.
    pub name: Option<String>,
    /// What it is: the definition, for print.
    pub definition: Option<Html>,
    /// How often it occurs here.
    pub uses: usize,
}

/// A `<meta>` of the head.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Meta {
    /// Such as `citation_title`.
    pub name: String,
    /// Its value.
    pub content: String,
}

/// How a text, and what is on it, is cited.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cite {
    /// The text, in one line; its title is a `<cite>`.
    pub text: Html,
    /// A paragraph, the same way, by the example of the first. The number that
    /// is to be replaced stands in `<span data-cite-n>`, who speaks in `<span data-cite-speaker>`.
    pub paragraph: Html,
    /// The same for programs.
    pub forms: Vec<CiteForm>,
    /// The notes on it, in their order. Empty where there are too many to list.
    pub notes: Vec<CiteNote>,
}

/// A reference for programs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CiteForm {
    /// Name of the format.
    pub label: String,
    /// Id of the element that shows it.
    pub id: String,
    /// The reference.
    pub text: String,
}

/// How a note is cited.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CiteNote {
    /// The note's file name; the id of the line is `cite-n-` and this.
    pub slug: String,
    /// In one line.
    pub text: Html,
}
