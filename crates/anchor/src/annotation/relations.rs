//! Topics, links, contributors.

use std::sync::Arc;

use super::files::{ContributorFile, EndRow, LinkFile, PassageRow, Str, TopicFile};
use super::names::Of;
use super::reader::{Reader, list, located};
use super::{Contributor, Link, LinkEnd, Located, Topic, TopicPassage};
use postil_archive::diagnostic::{Code, Span};
use postil_archive::sidecar;

impl Reader<'_> {
    /// Reads a topic.
    pub(super) fn topic(&mut self, slug: &str) -> Option<Topic> {
        let file = sidecar::read_file::<TopicFile>(self.source).take(self.problems)?;
        Some(Topic {
            slug: slug.to_owned(),
            source: self.source.clone(),
            title: file.title,
            scope: file.scope.map(|scope| self.markdown(scope)),
            parent: self.existing_one(Of::Topic, file.parent),
            see: self.existing(Of::Topic, file.see),
            was: list(file.was),
            passages: self.rows(file.passage, Self::passage).into(),
        })
    }

    fn passage(&mut self, mut row: PassageRow, span: Span) -> Option<TopicPassage> {
        let selector = self.selector(row.keys(), span);
        let text = self.text(row.text);
        let why = row.why.map(|why| self.markdown(why));
        Some(TopicPassage { text: text?, selector: selector?, why, date: row.date })
    }

    /// Reads a link.
    pub(super) fn link(&mut self, slug: &str) -> Option<Link> {
        let file = sidecar::read_file::<LinkFile>(self.source).take(self.problems)?;
        let written = file.end.as_ref().map_or(0, |rows| rows.0.len());
        let ends = self.rows(file.end, Self::link_end);
        if written < 2 {
            let help = "add an `[[end]]` with `text` and `quote` for each passage that it joins";
            self.error(
                Code::LINK_ENDS,
                0..0,
                format!("a link has two ends or more, this one has {written}"),
                help,
            );
        }
        let relation = self.slug("a relation", file.relation)?;
        Some(Link {
            slug: slug.to_owned(),
            source: self.source.clone(),
            title: file.title,
            relation: relation.value,
            note: file.note.map(|note| self.markdown(note)),
            ends: ends.into(),
            by: self.by(file.by),
        })
    }

    fn link_end(&mut self, mut row: EndRow, span: Span) -> Option<LinkEnd> {
        let selector = self.selector(row.keys(), span);
        let text = self.text(row.text);
        Some(LinkEnd { text: text?, selector: selector? })
    }

    /// Reads a contributor.
    pub(super) fn contributor(&mut self, slug: &str) -> Option<Contributor> {
        let file = sidecar::read_file::<ContributorFile>(self.source).take(self.problems)?;
        Some(Contributor {
            slug: slug.to_owned(),
            source: self.source.clone(),
            name: file.name,
            affiliation: file.affiliation,
            role: file.role,
            url: self.web(file.url),
            was: list(file.was),
        })
    }

    /// The id of a text that exists.
    fn text(&mut self, text: Str) -> Option<Located<Arc<str>>> {
        let Located { value, span } = located(text);
        self.exists(Of::Text, &value, span).then(|| Located { value: value.into(), span })
    }
}
