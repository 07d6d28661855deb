//! How a text and what is on it is cited, and what programs read of it in the head.

use serde_json::{Value, json};

use crate::data::cite::{Name, bibtex::bibtex, csl::csl, line::line, ris::ris};
use crate::render::article::Input;
use crate::render::context::Html;
use crate::render::context::text::{Cite, CiteForm, CiteNote, Meta};
use crate::render::html::{escaped, json_for_script};
use crate::render::press::Press;
use crate::site::{Facts, Mention, NoteFact, Turns};
use postil_archive::index::TextIx;

/// With more notes than this, how to cite them is shown by the pattern alone.
const MOST_NOTES: usize = 300;

impl Press<'_> {
    /// How programs cite a text, for results of a search: BibTeX and RIS.
    pub fn references(&self, facts: &Facts) -> Vec<String> {
        let reference = self.cited(facts);
        vec![bibtex(&reference), ris(&reference)]
    }

    /// The text, a paragraph, the notes on it.
    pub(super) fn cite(&self, input: Input<'_>, facts: &Facts) -> Cite {
        let text = input.text;
        let reference = self.cited(facts);
        let form = |label: &str, id: &str, text: String| CiteForm {
            label: label.to_owned(),
            id: id.to_owned(),
            text,
        };
        let json = serde_json::to_string(&[csl(&reference)]);
        let notes = if facts.notes.len() > MOST_NOTES { &[][..] } else { &facts.notes };
        Cite {
            text: Html(line(&reference, self.words, None).html()),
            paragraph: self.cite_paragraph(input, facts),
            forms: vec![
                form("BibTeX", "cite-bibtex", bibtex(&reference)),
                form("RIS", "cite-ris", ris(&reference).replace("\r\n", "\n")),
                form("CSL-JSON", "cite-csl", json.expect("strings and numbers have a form in JSON")),
            ],
            notes: notes.iter().map(|fact| self.cite_note(text, fact)).collect(),
        }
    }

    /// The pattern for a paragraph: its number and its speaker stand where a script can put others.
    fn cite_paragraph(&self, input: Input<'_>, facts: &Facts) -> Html {
        // Characters that no text holds mark the places of the number and of the speaker.
        const N: &str = "\u{e000}";
        const SPEAKER: &str = "\u{e001}";
        const PLACE: &str = "\u{e002}";
        let name = format!("{PLACE}{SPEAKER}");
        let html = line(&self.cited(facts), self.words, Some((&name, &format!("p{N}")))).html();
        let first = input.doc.blocks.first().map_or(0, |block| block.text.start);
        let speaker = Turns::new(input.anchored).speaker(first);
        let speaker = speaker.map(|speaker| format!(" ({})", escaped(&self.site.speaker(speaker))));
        let speaker = format!("<span data-cite-speaker>{}</span>", speaker.unwrap_or_default());
        let said = |key: &str, n: &str| escaped(&self.words.fill(key, &[("n", n)]));
        let place = format!(
            "<span data-cite-place=\"{}\" data-line=\"{}\" data-lines=\"{}\">{}</span>",
            said("para_n", "{n}"),
            said("line_n", "{n}"),
            said("lines_n", "{n}"),
            said("para_n", "1"),
        );
        Html(html.replace(PLACE, &place).replace(N, "<span data-cite-n>1</span>").replace(SPEAKER, &speaker))
    }

    /// "p. 12, para 40": the page or time of the source, where the text has such marks, and the paragraph.
    fn cited_place(&self, mention: &Mention) -> String {
        let paragraph = self.words.fill("para_n", &[("n", &mention.block.to_string())]);
        match &mention.place.point {
            Some(point) => format!("{}, {paragraph}", self.words.milestone(point)),
            None => paragraph,
        }
    }

    fn cite_note(&self, text: TextIx, fact: &NoteFact) -> CiteNote {
        let site = self.site;
        let note = &site.annotations.notes[fact.note];
        let by: Vec<&str> = note.by.iter().map(|by| site.name(by)).collect();
        let (key, place) = match fact.places.first() {
            Some(mention) => ("cite_note", self.cited_place(mention)),
            None => ("cite_note_whole", String::new()),
        };
        let url = self.full_address(&site.note_address(fact.note));
        let mut out = self.words.fill(
            key,
            &[
                ("by", &by.join(", ")),
                ("kind", site.shown_note_kind(&note.kind)),
                ("text", &site.texts[text].short),
                ("place", &place),
                ("in", &self.words.fill("cite_in", &[("archive", &site.archive.config.title)])),
            ],
        );
        if let Some(date) = note.date {
            out = format!("{out}, {}", self.words.when(date).long);
        }
        if let Some(url) = url {
            out = format!("{out} <{url}>");
        }
        CiteNote { slug: note.slug.clone(), text: Html(escaped(&out)) }
    }

    /// What reference managers read (Highwire Press tags; DCMI Metadata Terms;
    /// the type of item by Zotero's own name for it, since it takes any other
    /// page with a title for an article in a journal).
    pub(super) fn meta(&self, facts: &Facts) -> Vec<Meta> {
        let text = facts.text;
        let plan = &self.site.texts[text];
        let record = &plan.record;
        let reference = self.cited(facts);
        let mut out = Vec::new();
        let mut add = |name: &str, content: &str| {
            out.push(Meta { name: name.to_owned(), content: content.to_owned() });
        };
        add("z:itemType", reference.kind.zotero());
        add("citation_title", &plan.title);
        add("DCTERMS.title", &plan.title);
        for person in &reference.people {
            add("citation_author", &person.shown());
            add("DCTERMS.creator", &person.shown());
        }
        if let Some(date) = reference.date {
            // It is read as numbers.
            if let (Some(from @ 1..), _) | (None, Some(from @ 1..)) = date.years() {
                let plain = date.plain().map(|_| date.to_string());
                add("citation_publication_date", &plain.unwrap_or_else(|| format!("{from:04}")));
            }
            add("DCTERMS.issued", &date.to_string());
        }
        if let Some(publisher) = &reference.publisher {
            add("citation_publisher", publisher);
            add("DCTERMS.publisher", publisher);
        }
        if let Some(genre) = &reference.genre {
            add("DCTERMS.type", genre);
        }
        let named = [
            ("citation_volume", &reference.volume),
            ("citation_technical_report_number", &reference.number),
            ("citation_isbn", &reference.isbn),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                add(name, value);
            }
        }
        if let Some((first, last)) = reference.first_and_last() {
            add("citation_firstpage", first);
            if let Some(last) = last {
                add("citation_lastpage", last);
            }
        }
        add("citation_language", &plan.lang);
        add("DCTERMS.language", &plan.lang);
        add("DCTERMS.isPartOf", &reference.archive);
        if let Some(rights) = &record.rights {
            add("DCTERMS.rights", rights);
        }
        for (name, values) in &record.refs {
            for value in values {
                add("DCTERMS.identifier", &format!("{} {value}", self.reference(name)));
            }
        }
        if let Some(url) = &reference.url {
            add("citation_public_url", url);
        }
        out
    }

    /// The same as JSON-LD (schema.org), safe inside a `<script>`.
    pub(super) fn json_ld(&self, text: TextIx, facts: &Facts) -> String {
        let plan = &self.site.texts[text];
        let reference = self.cited(facts);
        let config = &self.site.archive.config;
        let makers = reference.people.iter().map(|maker| {
            let kind = if matches!(maker, Name::Body(_)) { "Organization" } else { "Person" };
            json!({ "@type": kind, "name": maker.shown() })
        });
        let people: Vec<_> = makers.collect();
        let kind = match reference.kind {
            crate::data::cite::Kind::Report => "Report",
            _ => "CreativeWork",
        };
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": kind,
            "name": plan.title,
            "inLanguage": plan.lang,
            "wordCount": facts.words,
            "isPartOf": { "@type": "Collection", "name": config.title },
        });
        let mut add = |key: &str, value: Option<Value>| {
            if let (Some(map), Some(value)) = (data.as_object_mut(), value) {
                map.insert(key.to_owned(), value);
            }
        };
        let plain = reference.date.is_some_and(|date| date.plain().is_some_and(|(year, ..)| year > 0));
        let key = if plain { "datePublished" } else { "temporalCoverage" };
        add(key, reference.date.map(|d| d.to_string().into()));
        add("author", (!people.is_empty()).then(|| people.into()));
        let organization = |name: &String| json!({ "@type": "Organization", "name": name });
        add("publisher", reference.publisher.as_ref().map(organization));
        add("genre", reference.genre.clone().map(Value::from));
        add("identifier", reference.number.clone().map(Value::from));
        add("isbn", reference.isbn.clone().map(Value::from));
        add("usageInfo", plan.record.rights.clone().map(Value::from));
        add("license", plan.record.rights_url.clone().map(Value::from));
        add("url", reference.url.clone().map(Value::from));
        add("isBasedOn", reference.source_url.clone().map(Value::from));
        let raw = self.full_address(&self.site.raw_address(text));
        add(
            "encoding",
            raw.map(|raw| {
                json!({
                    "@type": "MediaObject", "contentUrl": raw, "encodingFormat": "text/plain",
                    "contentSize": facts.bytes.to_string(), "sha256": facts.sha256,
                })
            }),
        );
        json_for_script(&data)
    }
}
