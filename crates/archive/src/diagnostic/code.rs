//! Each kind of problem: its stable name and what it means.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A kind of problem. The name is stable: people look it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(&'static Entry);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Entry {
    name: &'static str,
    explanation: &'static str,
}

impl Code {
    /// The kebab-case name.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// What it means and how to mend it, in a few sentences.
    pub fn explanation(self) -> &'static str {
        self.0.explanation
    }

    /// The code of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        Self::find(&name).ok_or_else(|| de::Error::custom("there is no such kind of problem"))
    }
}

macro_rules! codes {
    ($($constant:ident $name:literal $explanation:literal;)*) => {
        impl Code {
            $(#[doc = $explanation] pub const $constant: Code = Code(&Entry { name: $name, explanation: $explanation });)*
            /// Every code, in the order of the pipeline.
            pub const ALL: &'static [Code] = &[$(Code::$constant),*];
        }
    };
}

codes! {
    // Reading
    CONFIG_MISSING "config-missing" "The folder has no `postil.toml`, so it is not an archive. `postil init` begins a new one.";
    FILE_GONE "file-gone" "The file was there when the archive was listed and was not when it was to be read.";
    INVALID_UTF8 "invalid-utf8" "The file holds bytes that are not UTF-8. Save it as UTF-8, or name its encoding in the record.";
    NUL_BYTE "nul-byte" "The file holds a NUL byte, so it is not a text. Replace the file by the text itself.";
    UNKNOWN_ENCODING "unknown-encoding" "The record names an encoding that is not known. Use a label of the WHATWG encoding standard, such as `windows-1252`.";
    BYTE_ORDER_MARK "byte-order-mark" "The file begins with a byte order mark. It is dropped; nothing needs to be done.";
    DIRECTION_OVERRIDE "direction-override" "The file holds characters that turn the direction of writing without being seen, so that words may look other than they are. Take them out, unless the text itself has them.";
    BAD_NAME "bad-name" "Ids and slugs are lower-case ASCII letters, digits and `-`; the ending says what a file is, and is written in small letters. Rename the file as proposed.";
    RESERVED_NAME "reserved-name" "This name is reserved, because the site has a page or folder of its own there. Choose another.";
    NAME_CLASH "name-clash" "Two files would have the same id or address. Rename one of them.";
    RECORD_WITHOUT_TEXT "record-without-text" "A record stands beside its raw text and has its name. Add the text, or rename the record.";
    SIDECAR_WITHOUT_TEXT "sidecar-without-text" "The folder of a note is the id of its text. No text has this id.";
    SPECIAL_FILE "special-file" "Symbolic links, pipes and devices are not followed. Put the file itself there.";
    ORIGINAL_CHANGED "original-changed" "The file that a text was derived from is not there, or is not the one that the record names.";
    UNEXPECTED_FILE "unexpected-file" "postil does not know what this file is. Remove it, or move it to where its kind belongs.";
    MISPLACED_FILE "misplaced-file" "The file looks like a note or another annotation, but lies where none is read, so that nobody would see what it says. Move it to where its kind belongs.";
    FILE_OF_A_FORGE "file-of-a-forge" "Forges show files such as README.md and LICENSE to whoever looks at a folder. They are no part of the archive and are left alone; nothing needs to be done. If it is a text or a note, give it a name in small letters.";
    NO_TEXT "no-text" "No file in `content/` is a raw text that can be read, so there is nothing to publish.";
    CONFLICT_MARKS "conflict-marks" "Git could not join two versions of the file and wrote both into it, between lines of `<<<<<<<`, `=======` and `>>>>>>>`. Keep what is right and take these lines out.";
    TOO_LARGE "too-large" "The file is larger than the limit in `postil.toml` allows.";
    // What is brought in
    BAD_SOURCE "bad-source" "A file that was to be brought in is not what it seemed to be, or holds what its kind cannot have. Nothing was written: mend the file, say what it is by `--as`, or leave it out.";
    RECORDS_ROW "records-row" "A row or cell of a table of records cannot be used: it names no text, or a value that the record cannot have. That key is left out, and the rest is written.";
    DERIVATION_LOST "derivation-lost" "Not all words of a source would be in the text that is made of it, or not in their order. Nothing was written: this is a bug in postil, and never the fault of the source.";
    ENCODING_UNKNOWN "encoding-unknown" "The bytes of a file are not UTF-8, and nothing in it names another encoding that they are of. postil does not guess: name it by `--encoding`.";
    // Sidecars in general
    TOML_SYNTAX "toml-syntax" "The file is not valid TOML.";
    UNKNOWN_KEY "unknown-key" "This kind of file has no such key. Check the spelling, or move the key above the first table.";
    MISSING_KEY "missing-key" "A key that this kind of file needs is not there.";
    BAD_VALUE "bad-value" "The value is not of the kind that this key takes.";
    BAD_PATTERN "bad-pattern" "The regular expression cannot be read, or is larger than the limits allow. The dialect is that of the `regex` crate, without look-around: `unless`, `after`, `before` and a group `text` stand in for it.";
    UNKNOWN_KIND "unknown-kind" "The kind is not one of those that are declared.";
    TITLE_REPEATED "title-repeated" "Many texts of a collection have one title: in lists nobody can tell them apart.";
    UNKNOWN_TERM "unknown-term" "No file in `annotations/glossary/` has this slug.";
    UNKNOWN_TOPIC "unknown-topic" "No file in `annotations/topics/` has this slug.";
    UNKNOWN_TEXT "unknown-text" "No raw text in `content/` has this id.";
    UNKNOWN_NOTE "unknown-note" "No note has this id.";
    UNKNOWN_CONTRIBUTOR "unknown-contributor" "No file in `annotations/contributors/` has this slug.";
    UNKNOWN_BLOCK "unknown-block" "The text has no such block or line.";
    WAS_TAKEN "was-taken" "An old id in `was` is the id of something that exists, or stands twice.";
    // Records
    RECORD_INCOMPLETE "record-incomplete" "The record lacks something that a reader or a librarian wants to know.";
    CHECKSUM_MISSING "checksum-missing" "The record has no `sha256`, so nobody can tell whether the raw text was altered.";
    LAYOUT_MISSING "layout-missing" "The record does not say whether each line is a block (`lines`) or a run of lines is (`wrapped`).";
    TEXT_CHANGED "text-changed" "The raw text is not the one that the record describes. Restore it, or run `postil adopt`, which follows everything that stands in it.";
    LINE_ENDS_CHANGED "line-ends-changed" "The raw text differs from the one that the record describes in its line ends and nothing else: most often git changed them. Keep git from it with `/content/** -text` in `.gitattributes`, and take the file out of git anew; do not adopt it, since it would be another text for everybody else.";
    TEXT_EMPTY "text-empty" "The raw text has no words.";
    // Notes
    FRONT_MATTER "front-matter" "A note begins with TOML between two lines of `+++`. What stands so at the beginning of a Markdown text, or as YAML between two lines of `---`, is read as what the text says of itself; what is no table of keys and values there is shown as the text that it is.";
    NOTE_WITHOUT_QUOTE "note-without-quote" "A note opens with the words it stands on, as a block quote, before anything else; or its front matter holds a selector or `on = \"text\"`.";
    NOTE_EMPTY "note-empty" "A note has a body, or at least topics.";
    QUOTE_TWO_BOLD "quote-two-bold" "A quotation holds one stretch in bold: the words the note stands on. For two places, write two block quotes.";
    BODY_CONTINUES_QUOTE "body-continues-quote" "The body begins with the words that follow the quotation in the text: part of the quotation was pasted without `> `.";
    RAW_HTML "raw-html" "HTML is not allowed in notes, definitions and scopes; it is shown as text. Use Markdown.";
    BAD_ADDRESS "bad-address" "A link leads to `https:`, `http:`, `mailto:` or a place within the site, nothing else.";
    PICTURE_MISSING "picture-missing" "A picture that a text, note or page shows is not there, or is none that browsers show: PNG, JPEG, GIF and WebP are, of at most 20 MB. Its description is shown. Lay it beside the file that names it; one of a text also below `content/<id>/`.";
    PICTURE_REMOTE "picture-remote" "A picture lies on another site. Pages load nothing from elsewhere, so they link to it. To show it, lay a copy beside the file.";
    TOO_DEEP "too-deep" "Lists and quotations are nested deeper than the limit allows.";
    // Selectors
    SELECTOR_CONFLICT "selector-conflict" "These keys of a selector do not go together.";
    QUOTE_EMPTY "quote-empty" "The quotation holds no letter and no digit.";
    QUOTE_TOO_LONG "quote-too-long" "The quotation is longer than the limit allows. Quote its beginning and end with ` […] ` between them.";
    QUOTE_TOO_WIDE "quote-too-wide" "The quotation covers more blocks than a note may stand on.";
    QUOTE_NOT_FOUND "quote-not-found" "The text does not have these words. Copy them from the page, or quote fewer.";
    QUOTE_AMBIGUOUS "quote-ambiguous" "The words stand in the text more than once. Add neighbouring words and put those you mean in bold, or add `at`, `nth` or `all = true`.";
    QUOTE_IN_FURNITURE "quote-in-furniture" "These words stand only in page furniture, which the reading view folds away.";
    QUOTE_CUTS_WORD "quote-cuts-word" "The quotation begins or ends inside a word.";
    TOO_MANY_PLACES "too-many-places" "`all = true` marks at most 200 places.";
    // Apparatus
    STARTS_DIFFER "starts-differ" "The first block of the row does not begin with the words in `starts`.";
    ROWS_CROSS "rows-cross" "Rows of the structure may lie inside each other, but not cross.";
    CORRECTIONS_OVERLAP "corrections-overlap" "Corrections may not overlap each other, nor furniture.";
    JOIN_BROKEN "join-broken" "A join covers two or more blocks that follow each other, and no block is in two joins.";
    TABLE_RAGGED "table-ragged" "The words of a row of kind `table` do not stand in columns, so that nobody can tell which cell is which: they are shown as their lines lie.";
    PATTERN_GROUP "pattern-group" "A named group of an expression fills the key of its name in the row. This kind of row has no such key, or says it already. `text` narrows what is meant, names that begin with `fold` fold away what they take.";
    PATTERN_COUNT "pattern-count" "The row is not found as often as it is meant to be. Look at the places, then mend the expression or the number.";
    COUNT_MISSING "count-missing" "A row with a pattern says by `count` how often it is meant to be found, so that a changed text, or an expression that means too much, is noticed.";
    PATTERN_UNUSED "pattern-unused" "The row finds nothing. A pattern sees the raw words of one block at a time, white space at the beginning of lines included.";
    PATTERN_LIMIT "pattern-limit" "`after` or `before` of the row is found nowhere in the text, so that nobody can tell which blocks are meant.";
    PATTERN_INSIDE "pattern-inside" "A row that runs until the next one opens nothing at a place that does not begin its block.";
    PATTERN_SEQUENCE "pattern-sequence" "Numbers that are meant to follow each other do not: one may be missed, or something else taken for one.";
    REGION_WITHOUT_END "region-without-end" "A region of blocks begins, and its end is found nowhere behind it.";
    EXCEPT_UNUSED "except-unused" "An entry of `except` leaves nothing out. Take it out.";
    ADDRESS_TWICE "address-twice" "Two pages of a text have the same number, so that their addresses would be the same. `volume` tells them apart.";
    DATE_UNREAD "date-unread" "Words that a pattern takes for a date are no date that can be read: they are shown as they stand, and nothing is sorted by them. A row with `date` says what is meant.";
    SPEAKER_UNKNOWN "speaker-unknown" "A pattern took names of speakers that neither `speakers` nor the glossary knows: they are shown as they stand.";
    HYPHENS_UNDECLARED "hyphens-undeclared" "Words are cut at line ends, and nothing says whether their hyphens are only of the print. Until `hyphens` says so, they are not joined, and so not found whole.";
    HYPHEN_UNUSED "hyphen-unused" "A word in `hyphens_keep` or `hyphens_join` is cut at no line end of the text.";
    UNKNOWN_NUMBER "unknown-number" "No row of this text's structure has this number.";
    BLOCK_UNCOVERED "block-uncovered" "This block is neither furniture nor part of the structure.";
    FURNITURE_UNUSED "furniture-unused" "This row finds nothing in any text.";
    // Glossary, topics, links
    TERM_AMBIGUOUS "term-ambiguous" "Several terms or senses claim these words. Add a row to `term` in the text's apparatus.";
    TERM_ROW_UNUSED "term-row-unused" "A row of `term` in an apparatus settles a form that no term is marked for in this text.";
    SENSE_OUT_OF_TIME "sense-out-of-time" "No sense of the term covers the date of the text; the nearest is shown.";
    COMMON_WORD "common-word" "A common English word would be marked everywhere. Use a longer form, or set `allow_common = true`.";
    DEFINITION_EMPTY "definition-empty" "The definition says nothing: write in a sentence or two what the term is.";
    FORM_EMPTY "form-empty" "A form holds no letter and no digit.";
    FORM_REPEATED "form-repeated" "The form stands twice in this file.";
    SENSE_BROKEN "sense-broken" "The senses of this term do not fit together.";
    PARENT_CYCLE "parent-cycle" "A topic is, through its parents, its own parent.";
    LINK_ENDS "link-ends" "A link has two ends or more.";
    // The archive as a whole (only `check` looks)
    NOTE_DUPLICATE "note-duplicate" "Two notes on one text stand on the same words and say the same. Remove one of them.";
    NOTE_UNTITLED "note-untitled" "The note is one line in its margin, since the notes of its paragraph do not all fit beside it, and says its kind there. A `title` of at most 30 characters says what it finds.";
    TOPIC_UNUSED "topic-unused" "No passage, no note and no other topic belongs to this topic, so its page is empty.";
    CONTRIBUTOR_UNUSED "contributor-unused" "No note, apparatus, correction or link is by this contributor.";
    REVIEW_DUE "review-due" "The date in `review_by` has passed: somebody should see whether the note still holds.";
    ACRONYM_UNEXPLAINED "acronym-unexplained" "No term of the glossary has this acronym as a form, so readers are not told what it means. `postil audit` lists all of them.";
    SOURCES_MISSING "sources-missing" "`postil.toml` says that notes name their sources (`[notes] sources`), and this one names none.";
    FORGE_UNKNOWN "forge-unknown" "Each sort of forge has its own address for a new file, and the host of `repository` does not say which sort it is. Name it with `forge`.";
    HISTORY_MISSING "history-missing" "`postil.toml` says that git is to be asked since when things are in the archive, but git has no history of it here, or not the whole. Feeds go by what the files say.";
    STATIC_CLASH "static-clash" "A file of `static/` has the address of one that the site makes, or differs from it in capitals only, so that one would hide the other. Give it another name.";
    DOWNLOAD_IN_PARTS "download-in-parts" "The whole site as one download would be larger than some hosts take, so it comes in several files. Nothing needs to be done.";
    PAGE_LARGE "page-large" "The page is so large that it takes long to open. Divide the text at its parts, if it has some.";
    CHANGE_OUTSIDE "change-outside" "The change was to touch annotations only, but touches this file. Put it into a change of its own.";
    // The pages
    WORDS_MISSING "words-missing" "The language of the site has no words for the interface, or not for all of it. These are in English, and marked as such; a file `lang/<language>.toml` of the theme would translate them.";
    DEAD_LINK "dead-link" "A link leads to a page or a place that the site does not have.";
    LINK_GONE "link-gone" "A file names a page of another site that is not there any more. Look where it is now, or give the address of a copy in an archive of the web. It is looked for by `check --links` only.";
    LINK_SILENT "link-silent" "A site that a file names did not answer, or not as for a page. It may be away for a day, or answer browsers only. It is asked by `check --links` only.";
    // Bugs of postil or of a theme, found by reading the pages back
    TEXT_LOST "text-lost" "A page does not hold the words of its raw text, each once and in order. A template or postil itself is wrong.";
    WORDS_NOT_SHOWN "words-not-shown" "Words of a raw text are not on its page, because postil did not understand how they are written. postil itself is wrong; the text stays as it is.";
    FORBIDDEN_ELEMENT "forbidden-element" "A page holds an element or attribute that may run, load or forge something. A template or postil itself is wrong.";
    DUPLICATE_ID "duplicate-id" "A page has the same id twice. A template or postil itself is wrong.";
    BUG "bug" "postil itself failed, so what it was working on was not checked to the end; all else was. The archive is not at fault: please report it.";
    TEMPLATE "template" "A template of the theme cannot be read or used.";
}
