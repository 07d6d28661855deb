//! The front page, the lists, and the pages of terms, topics and people.

use serde::Serialize;

use crate::render::context::{Connection, Endpoint, Html, Link, Name, Note, Page, Source, When};

/// `index.html`: what the archive is, and three ways in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Front {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// What the archive is, from `postil.toml`; a longer introduction if there is one.
    pub intro: Option<Html>,
    /// How many texts there are.
    pub text_count: usize,
    /// How many terms.
    pub term_count: usize,
    /// How many topics.
    pub topic_count: usize,
    /// How many notes.
    pub note_count: usize,
    /// Texts to begin with.
    pub read: Vec<Link>,
    /// Terms to begin with.
    pub look_up: Vec<Link>,
    /// Topics to begin with.
    pub follow: Vec<Link>,
    /// Whether any text has a date.
    pub dated: bool,
    /// Drawing of texts and bodies over time (`<svg>`), with what it shows in words.
    pub timeline: Option<Html>,
    /// Texts by date: all of a small archive, else the oldest and newest.
    pub texts: Vec<TextRow>,
    /// Notes with the latest dates.
    pub newest: Vec<Note>,
    /// Where no note has a date: some short ones.
    pub some: Vec<Note>,
}

/// `texts.html`: texts by date.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Texts {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Oldest first, those without a date last; where none has a date, by the letters of their titles.
    pub years: Vec<Year>,
    /// Other ways into the texts; that in hand has no `href`.
    pub ways: Vec<Name>,
    /// Years, if each has a page of its own; the one in hand has no `href`.
    pub pages: Vec<Name>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// `way.html`: a way into the texts (collections, titles, kinds, authors, places), or the texts of one of its groups.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Way {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// What lies around it, the outermost first.
    pub up: Vec<Link>,
    /// What a collection is.
    pub about: Option<Html>,
    /// Groups of texts; of a collection those inside it.
    pub groups: Vec<WayGroup>,
    /// How many texts a group has.
    pub count: usize,
    /// The texts of a group.
    pub texts: Vec<TextRow>,
    /// The ways there are; that in hand has no `href`.
    pub ways: Vec<Name>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// Texts that have something in common.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WayGroup {
    /// What that is.
    pub label: String,
    /// Its page, where it has one of its own.
    pub link: Option<Link>,
    /// How many texts it has.
    pub count: usize,
    /// What it is, in a sentence.
    pub about: Option<String>,
    /// Its texts, where they have no page of their own.
    pub texts: Vec<TextRow>,
}

/// Texts of one year.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Year {
    /// The year, or what is said of texts without a date.
    pub label: String,
    /// The year's own page, with how many texts it has, where the list is too long for one page.
    pub page: Option<Link>,
    /// By date.
    pub texts: Vec<TextRow>,
}

/// A text in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TextRow {
    /// Title and page.
    pub text: Link,
    /// When it was made.
    pub date: Option<When>,
    /// Whether it lacks a date where others have one.
    pub undated: bool,
    /// Which one of its collection it is.
    pub number: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// Kind as shown.
    pub kind: Option<String>,
    /// House or body.
    pub house: Option<String>,
    /// Speakers and authors.
    pub people: Vec<Name>,
    /// Words it has.
    pub words: usize,
    /// Notes on it.
    pub notes: usize,
}

/// `topics.html`: the tree of topics.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Topics {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Topics without a parent, by title.
    pub topics: Vec<TopicRow>,
}

/// A topic in the tree.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TopicRow {
    /// Title and page.
    pub topic: Link,
    /// First sentence of its scope, as plain text.
    pub scope: Option<String>,
    /// Passages and notes on its page.
    pub passages: usize,
    /// Texts that they come from.
    pub texts: usize,
    /// Topics below it, by title. Three levels are shown.
    pub topics: Vec<TopicRow>,
}

/// `topic.html`: one topic, its passages quoted by date.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Topic {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// What belongs to it.
    pub scope: Option<Html>,
    /// Topics above it, the topmost first.
    pub parents: Vec<Link>,
    /// Topics below it.
    pub children: Vec<Link>,
    /// Related topics.
    pub see: Vec<Link>,
    /// The topic's own feed, if the site has a base address.
    pub feed: Option<Link>,
    /// How many texts the passages come from.
    pub texts: usize,
    /// How many passages there are in all.
    pub count: usize,
    /// The years, where there are several.
    pub years: Vec<YearOf>,
    /// What the passages can be narrowed to, one at a time: kinds of texts, speakers.
    pub picks: Vec<Pick>,
    /// By date of the text, then place; a sentence once.
    pub passages: Vec<Passage>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// A choice that narrows the passages of a topic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pick {
    /// Its number, from 1.
    pub number: usize,
    /// The id that an address picks it by; none where the page has not all passages: then the search narrows them.
    pub id: Option<String>,
    /// Where it leads.
    pub link: Link,
    /// How many passages answer it.
    pub count: usize,
    /// Whether the first of its kind: kinds of texts stand before speakers.
    pub opens: bool,
}

/// A passage quoted on a topic's page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Passage {
    /// The year; empty if that is not known.
    pub year: String,
    /// Whether the passage before is of the same year.
    pub again: bool,
    /// Numbers of the choices among [`Topic::picks`] that it answers.
    pub picked: Vec<usize>,
    /// The id of that place, where a year begins; else empty.
    pub id: String,
    /// The sentence with a little around them: text and `<mark>`; none for a note
    /// without an anchor.
    pub quote: Option<Html>,
    /// Language of the words (BCP 47).
    pub lang: String,
    /// Who speaks.
    pub speaker: Option<Name>,
    /// In which role then.
    pub role: Option<String>,
    /// Date of the text.
    pub date: Option<When>,
    /// Where: label and address of the words.
    pub place: Link,
    /// Why it is here.
    pub why: Vec<Html>,
    /// The notes on words of the sentence that name the topic.
    pub notes: Vec<Note>,
}

/// A year of a topic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct YearOf {
    /// The year, and where its passages begin.
    pub year: Link,
    /// How many there are.
    pub count: usize,
}

/// `terms.html`: the glossary from A to Z.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Terms {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// How many terms there are.
    pub count: usize,
    /// Kinds of terms, each with its page.
    pub kinds: Vec<Name>,
    /// Letters, if each has a page of its own; the one in hand has no `href`.
    pub pages: Vec<Name>,
    /// By letter; empty where each letter has a page of its own.
    pub letters: Vec<Letter>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// `kind.html`: the terms of one kind, such as bodies, laws, operations.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Kind {
    /// What every page has; `title` is the kind.
    #[serde(flatten)]
    pub page: Page,
    /// How many terms there are.
    pub count: usize,
    /// All kinds; the one in hand has no `href`.
    pub kinds: Vec<Name>,
    /// Drawing of their lives (`<svg>`), if they have dates.
    pub lives: Option<Html>,
    /// By name.
    pub terms: Vec<TermRow>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// Terms that begin alike.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Letter {
    /// As shown.
    pub letter: String,
    /// Id of the heading, ASCII.
    pub id: String,
    /// By name.
    pub terms: Vec<TermRow>,
}

/// A term in the glossary.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TermRow {
    /// The term as shown, and its page.
    pub term: Link,
    /// The name in full, if it differs.
    pub name: Option<String>,
    /// Kind as shown.
    pub kind: String,
    /// What it is, in a sentence.
    pub says: Option<String>,
    /// Its dates as shown, such as "2005 to 2016".
    pub dates: Option<String>,
    /// Uses in the texts.
    pub uses: usize,
}

/// `term.html`: one term, what it meant when, and every use.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Term {
    /// What every page has; `title` is the term as shown.
    #[serde(flatten)]
    pub page: Page,
    /// Kind as shown.
    pub kind: String,
    /// Other forms that are found, without misprints.
    pub forms: Vec<String>,
    /// Misprints that are found.
    pub misprints: Vec<String>,
    /// One or more, the earliest first.
    pub senses: Vec<Sense>,
    /// Drawing of its names over time with its uses (`<svg>`), if it has dates.
    pub life: Option<Html>,
    /// Drawing of its uses in each year (`<svg>`), if it has no dates.
    pub years: Option<Html>,
    /// Uses of each year, in words.
    pub by_year: Vec<String>,
    /// Every use in its words, by date of the text, then place.
    pub uses: Vec<Use>,
    /// Uses that are not shown, because the list is cut.
    pub more_uses: usize,
    /// How many texts use it.
    pub texts: usize,
    /// How many texts the archive has.
    pub all_texts: usize,
    /// Turns and speeches of this person: place and date.
    pub speeches: Vec<Speech>,
    /// Related terms.
    pub see: Vec<Link>,
    /// Topics and notes that link here.
    pub linked_from: Vec<Link>,
}

/// One meaning of a term in its time.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sense {
    /// Id of the row, such as `s-ceop-2006`.
    pub id: String,
    /// The name in this sense, if it differs from the term.
    pub name: Option<String>,
    /// Its dates as shown, such as "1 April 2005 to 2016".
    pub dates: Option<String>,
    /// What it is.
    pub definition: Html,
    /// What came before.
    pub predecessor: Option<Link>,
    /// What came after.
    pub successor: Option<Link>,
    /// "probable" or "possible", as shown; none if it is certain.
    pub certainty: Option<String>,
    /// What the definition rests on.
    pub sources: Vec<Source>,
}

/// One use of a term with the words around it (keyword in context).
#[derive(Debug, Clone, Default, Serialize)]
pub struct Use {
    /// Words before; ends as the text does, with a space or not.
    pub before: String,
    /// The term as the text has it.
    pub term: String,
    /// Words after.
    pub after: String,
    /// Where: label and address.
    pub place: Link,
    /// Language of the words (BCP 47).
    pub lang: String,
}

/// A turn or speech of a person.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Speech {
    /// When.
    pub date: Option<When>,
    /// Where: label and address.
    pub place: Link,
    /// The role held then.
    pub role: Option<String>,
}

/// `people.html`: everybody who speaks or is named with a role.
#[derive(Debug, Clone, Default, Serialize)]
pub struct People {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// By name.
    pub people: Vec<Person>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// A person in the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Person {
    /// Name, with the term's page if there is one.
    pub name: Name,
    /// Who they are, in a sentence.
    pub says: Option<String>,
    /// What they speak in, by date.
    pub speeches: Vec<Speech>,
    /// Speeches that are left out, because the list is cut.
    pub more: usize,
}

/// `notes.html`: notes by text, all or those of a kind.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Notes {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// How many notes there are.
    pub count: usize,
    /// Kinds that occur, in the archive's order.
    pub kinds: Vec<NoteKind>,
    /// The list of all notes, where this is a part of it.
    pub all: Option<String>,
    /// The orders that the notes are there in: by text, by topic; that in hand has no `href`. Empty without topics.
    pub orders: Vec<Name>,
    /// By date of the text.
    pub texts: Vec<NotesOfText>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// A kind of note.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NoteKind {
    /// For classes and ids.
    pub key: String,
    /// As shown.
    pub label: String,
    /// How many notes are of it.
    pub count: usize,
    /// Its own page, where all notes are too many for one.
    pub page: Option<String>,
    /// Whether that is the page in hand.
    pub current: bool,
}

/// Notes on one text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NotesOfText {
    /// Title and page.
    pub text: Link,
    /// When it was made.
    pub date: Option<When>,
    /// In the order of the text, those on the whole text first.
    pub notes: Vec<Note>,
}

/// `connections.html`: all relations between passages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Connections {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Drawing of which texts are connected (`<svg>`).
    pub between: Option<Html>,
    /// The same in words: pairs of texts, those with most connections first.
    pub pairs: Vec<Pair>,
    /// By relation.
    pub relations: Vec<Relation>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// Two texts between which there are connections.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pair {
    /// The earlier.
    pub one: Link,
    /// The later.
    pub other: Link,
    /// How many.
    pub count: usize,
}

/// `timeline.html`: what happened when.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Timeline {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Drawing of texts, events and bodies (`<svg>`).
    pub drawing: Option<Html>,
    /// The same in words, by year.
    pub years: Vec<TimelineYear>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// What happened in a year.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TimelineYear {
    /// The year.
    pub year: String,
    /// By date.
    pub entries: Vec<TimelineRow>,
}

/// An entry of the timeline.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TimelineRow {
    /// The day or month; none where only the year is known.
    pub date: Option<When>,
    /// What sort of entry it is, for classes: `text`, `texts`, `event`, `begins`, `ends`.
    pub kind: String,
    /// The same as shown.
    pub label: String,
    /// What it is, and where the archive speaks of it.
    pub what: Link,
}

/// `figures.html`: numbers that notes tell of.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figures {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// In the order of `postil.toml`; those without figures are left out.
    pub series: Vec<Series>,
}

/// Numbers of one series.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Series {
    /// Id of the heading, ASCII.
    pub id: String,
    /// As shown.
    pub title: String,
    /// By date.
    pub rows: Vec<FigureRow>,
}

/// A number, what was counted, and where it is said.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FigureRow {
    /// The day, month or year that it is of.
    pub date: When,
    /// The number.
    pub shown: String,
    /// How large it is beside the largest of its series (`<svg>`, for the eye only).
    pub bar: Option<Html>,
    /// What was counted.
    pub what: String,
    /// Whether a text gives it; else it rests on the sources of a note.
    pub in_text: bool,
    /// The words of the text, or the note.
    pub place: Link,
}

/// Connections of one relation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Relation {
    /// As shown.
    pub label: String,
    /// Id of the heading, ASCII.
    pub id: String,
    /// By date of their first end.
    pub connections: Vec<Connection>,
}

/// `contributors.html`: who made the notes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Contributors {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// By name.
    pub contributors: Vec<ContributorRow>,
}

/// A contributor in the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContributorRow {
    /// Name, with a page if they have a file.
    pub name: Name,
    /// Where they work.
    pub affiliation: Option<String>,
    /// In which role they write.
    pub role: Option<String>,
    /// Notes they wrote.
    pub notes: usize,
}

/// `contributor.html`: one contributor and their notes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Contributor {
    /// What every page has; `title` is the name.
    #[serde(flatten)]
    pub page: Page,
    /// Where they work.
    pub affiliation: Option<String>,
    /// In which role they write.
    pub role: Option<String>,
    /// Their own page.
    pub url: Option<String>,
    /// Their notes, by text.
    pub texts: Vec<NotesOfText>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// `provenance.html`: where each text came from and what was done to it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Provenance {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// By date.
    pub texts: Vec<ProvenanceRow>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// Where one text came from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ProvenanceRow {
    /// Id of the heading, ASCII.
    pub id: String,
    /// Title and page.
    pub text: Link,
    /// Its date: titles may be alike.
    pub date: Option<When>,
    /// The untouched file.
    pub raw: Link,
    /// Its size in bytes.
    pub bytes: u64,
    /// Lower-case hex of its SHA-256.
    pub sha256: String,
    /// Whether the record declares this sum.
    pub declared: bool,
    /// The collection or site it came from.
    pub source: Option<Name>,
    /// When it was fetched.
    pub retrieved: Option<When>,
    /// Under which terms it may be used.
    pub rights: Option<Html>,
    /// The files that it was derived from.
    pub originals: Vec<Original>,
    /// What the derivation left out, and how often.
    pub left_out: Vec<Removal>,
    /// What the reading view folds away: reason, and how many places.
    pub removals: Vec<Removal>,
    /// Corrections, and where they are listed.
    pub corrections: usize,
    /// The list of corrections on the text's page.
    pub corrections_href: Option<String>,
}

/// A file that a text was derived from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Original {
    /// The file as it is.
    pub file: Link,
    /// Lower-case hex of its SHA-256.
    pub sha256: String,
    /// Which member or bytes of it.
    pub part: Option<String>,
}

/// What is folded away, or was left out, for one reason.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Removal {
    /// Why.
    pub reason: String,
    /// Places.
    pub places: usize,
}

/// `concordance.html`: the words of the archive from A to Z; a page a letter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Concordance {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// All letters; the page in hand has no `href`.
    pub letters: Vec<Name>,
    /// Words that stand in one place only are left out, so that the list does not outgrow the texts.
    pub is_cut: bool,
    /// Words of this letter; empty on the concordance's first page.
    pub words: Vec<Word>,
    /// Parts of a long list; the one in hand has no `href`.
    pub parts: Vec<Name>,
}

/// A word of the concordance.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Word {
    /// As shown.
    pub word: String,
    /// How often it occurs.
    pub count: usize,
    /// Where, by date of the text, then place.
    pub texts: Vec<WordInText>,
    /// Places that are left out, because the list is cut.
    pub more: usize,
}

/// The places of a word in one text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WordInText {
    /// Its short title.
    pub title: String,
    /// Where.
    pub places: Vec<WordPlace>,
}

/// A paragraph that has a word.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WordPlace {
    /// Which one.
    pub place: Link,
    /// What stands before the word, the word, and what stands after it; nothing of a common word.
    pub line: Option<[String; 3]>,
}

/// `search.html`: the place that the search script fills, and the way without it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Search {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// The static stand-ins: concordance, topics, terms, texts by date.
    pub fallback: Vec<Link>,
    /// The words that the search script shows, as JSON: those of `lang/*.toml` that begin with `find_`, without that.
    pub words: String,
    /// The language of these words (BCP 47), if it is not that of the site.
    pub words_lang: Option<String>,
    /// The server that answers instead of the index, if `postil.toml` names one.
    pub endpoint: Option<Endpoint>,
    /// Queries to begin with.
    pub examples: Vec<Example>,
    /// Ways in without a word: topics, speakers, years.
    pub ways: Vec<WayIn>,
}

/// A query that shows a way of asking.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Example {
    /// The query, as a link that asks it.
    pub ask: Link,
    /// What it finds.
    pub says: String,
}

/// What results can be narrowed to, as links that ask for nothing else.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WayIn {
    /// What it is: topics, speakers, years.
    pub title: String,
    /// The links.
    pub links: Vec<Link>,
    /// The page of all, where some are left out.
    pub more: Option<Link>,
}
