//! `postil.toml`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Config, Dates, ForgeKind, Limits, MarkTerms, Marks, Sources, name};
use crate::diagnostic::{Code, Diagnostic, Place, Source, Span};
use crate::sidecar::{self, Pairs, Spanned, address};

/// `postil.toml`: what the site is. (The comments are shown by editors that read schemas.)
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(rename = "SiteFile", deny_unknown_fields)]
struct File {
    /// The site's title.
    #[schemars(required)]
    title: Option<Spanned<String>>,
    /// One sentence about it.
    description: Option<String>,
    /// Language of the interface and, if their records say nothing, of the texts: `en-GB`.
    language: Option<Spanned<String>>,
    /// Where the site will be: for feeds, the sitemap and canonical links.
    base_url: Option<Spanned<String>>,
    /// The repository's address on the web.
    repository: Option<Spanned<String>>,
    /// What sort of forge that is, where its host does not say it.
    forge: Option<ForgeKind>,
    /// Where a note can be sent by mail, by somebody who has no account there: `mailto:archive@example.org`.
    contact: Option<Spanned<String>>,
    /// The branch that changes are proposed for.
    branch: Option<String>,
    /// The licence of notes, definitions, topics and pages.
    licence: Option<String>,
    /// The folder of `themes/` that the templates are from.
    theme: Option<Spanned<String>>,
    /// Whether the whole site is offered as one download; by its size if nothing is said.
    zip: Option<bool>,
    /// Kinds of notes, and what they rest on.
    notes: Option<Notes>,
    /// Kinds of texts.
    texts: Option<Kinds>,
    /// What the figures of notes are of.
    figures: Option<Figures>,
    /// How terms are marked.
    terms: Option<Terms>,
    /// How the archive is searched.
    search: Option<Search>,
    /// What feeds tell.
    feed: Option<Feed>,
    /// Sizes beyond which a file is refused.
    limits: Option<Sizes>,
}

/// Kinds of notes, and what they rest on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Notes {
    /// Each kind, in small letters, with what it is called: `outcome = "What came of it"`.
    kinds: Option<Spanned<Pairs<String>>>,
    /// Whether a note that says something has to name its sources; one of kind `question` has not.
    sources: Option<Sources>,
}

/// Kinds and their labels.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Kinds {
    /// Each kind, in small letters, with what it is called: `written-answer = "Written answer"`.
    kinds: Option<Spanned<Pairs<String>>>,
}

/// What the figures of notes are of.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Figures {
    /// Each series, in small letters, with what it is called: `referrals = "People referred"`.
    series: Option<Spanned<Pairs<String>>>,
}

/// How terms are marked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Terms {
    /// Where a use opens the definition.
    mark: Option<MarkTerms>,
    /// Whether terms are marked in headings.
    headings: Option<bool>,
}

/// How the archive is searched.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Search {
    /// The address of a server that answers searches in place of the site's own index.
    endpoint: Option<Spanned<String>>,
    /// Whether letters with marks, and such as `ø`, are letters of their own (`å` is not `a`).
    marks: Option<Marks>,
    /// Whether the words of all texts are listed from A to Z with their places, for readers without a script.
    concordance: Option<bool>,
}

/// What feeds tell.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Feed {
    /// Where it is known from since when something is in the archive.
    dates: Option<Dates>,
}

/// Sizes beyond which a file is refused.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Sizes {
    /// Bytes of a raw text.
    text: Option<u64>,
    /// Bytes of a sidecar or page.
    note: Option<u64>,
    /// Levels of lists and quotations in a note.
    nesting: Option<u32>,
    /// Bytes of the HTML of one note.
    html: Option<u64>,
}

/// What `postil.toml` may hold, as JSON Schema.
pub fn schema() -> serde_json::Value {
    sidecar::schema::of::<File>()
}

impl Default for Config {
    /// What is taken where `postil.toml` says nothing.
    fn default() -> Self {
        let kinds = ["context", "outcome", "source", "question"];
        Self {
            title: String::new(),
            description: None,
            language: "en-GB".to_owned(),
            language_at: Place::file("postil.toml"),
            base_url: None,
            repository: None,
            forge: None,
            contact: None,
            branch: "main".to_owned(),
            licence: "CC-BY-4.0".to_owned(),
            theme: "default".to_owned(),
            zip: None,
            usual_kinds: true,
            note_kinds: kinds.map(|kind| (kind.to_owned(), label(kind))).to_vec(),
            text_kinds: Vec::new(),
            series: Vec::new(),
            mark: MarkTerms::default(),
            headings: false,
            search_endpoint: None,
            marks: Marks::default(),
            concordance: true,
            dates: Dates::default(),
            sources: Sources::default(),
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// The label of a kind of text: the declared one, or else the key with a
    /// capital and spaces.
    pub fn text_kind_label(&self, key: &str) -> String {
        find(&self.text_kinds, key).map_or_else(|| label(key), str::to_owned)
    }

    /// The label of a declared kind of note.
    pub fn note_kind_label(&self, key: &str) -> Option<&str> {
        find(&self.note_kinds, key)
    }
}

fn find<'a>(kinds: &'a [(String, String)], key: &str) -> Option<&'a str> {
    kinds.iter().find(|(k, _)| k == key).map(|(_, label)| label.as_str())
}

/// `written-answer` to `Written answer`: a key as words.
pub fn label(key: &str) -> String {
    let words = key.replace('-', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Reads the configuration; what is wrong has its default.
pub(super) fn parse(source: &Source, problems: &mut Vec<Diagnostic>) -> Config {
    let file = sidecar::read_file::<File>(source).take(problems);
    let Some(file) = file else { return Config::default() };
    let default = Config::default();
    let mut check = Check { source, problems };
    let limits = file.limits.unwrap_or_default();
    let notes = file.notes.unwrap_or_default();
    let kinds = check.labels("kind", notes.kinds);
    let kinds = kinds.filter(|kinds| !kinds.is_empty());
    let text_kinds = check.labels("kind", file.texts.and_then(|texts| texts.kinds));
    let series = check.labels("series", file.figures.and_then(|figures| figures.series));
    let language_at = file.language.as_ref().map(|language| source.place(language.span()));
    Config {
        language_at: language_at.unwrap_or(default.language_at),
        title: check.title(file.title),
        description: file.description,
        language: check.language(file.language).unwrap_or(default.language),
        base_url: check.address(file.base_url),
        forge: check.forge(file.forge, file.repository.as_ref()),
        repository: check.repository(file.repository),
        contact: check.contact(file.contact),
        branch: file.branch.unwrap_or(default.branch),
        licence: file.licence.unwrap_or(default.licence),
        theme: check.theme(file.theme).unwrap_or(default.theme),
        zip: file.zip,
        usual_kinds: kinds.is_none(),
        note_kinds: kinds.unwrap_or(default.note_kinds),
        text_kinds: text_kinds.unwrap_or_default(),
        series: series.unwrap_or_default(),
        mark: file.terms.as_ref().and_then(|terms| terms.mark).unwrap_or_default(),
        headings: file.terms.and_then(|terms| terms.headings).unwrap_or_default(),
        marks: file.search.as_ref().and_then(|search| search.marks).unwrap_or_default(),
        concordance: file.search.as_ref().and_then(|search| search.concordance).unwrap_or(true),
        search_endpoint: check.endpoint(file.search.and_then(|search| search.endpoint)),
        sources: notes.sources.unwrap_or_default(),
        dates: file.feed.and_then(|feed| feed.dates).unwrap_or_default(),
        limits: Limits {
            text: limits.text.unwrap_or(default.limits.text),
            note: limits.note.unwrap_or(default.limits.note),
            nesting: limits.nesting.unwrap_or(default.limits.nesting),
            html: limits.html.unwrap_or(default.limits.html),
        },
    }
}

/// The address of a repository on the web, from one that git clones from: `git@host:o/r.git`,
/// `ssh://git@host:22/o/r`, `https://host/o/r.git`.
fn on_the_web(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let url = url.strip_suffix(".git").unwrap_or(url).trim_end_matches('/');
    let url = url.strip_prefix("git+").unwrap_or(url);
    let (host, path) = match url.split_once("://") {
        Some(("ssh" | "git", rest)) => match rest.split_once('/') {
            // A port is that of another protocol.
            Some((host, path)) => (host.split(':').next().unwrap_or(host), path),
            None => return url.to_owned(),
        },
        Some(_) => return url.to_owned(),
        None => match url.split_once(':') {
            Some((host, path)) if host.contains('@') && !path.starts_with('/') => (host, path),
            _ => return url.to_owned(),
        },
    };
    let host = host.rsplit('@').next().unwrap_or(host);
    format!("https://{host}/{path}")
}

struct Check<'a> {
    source: &'a Source,
    problems: &'a mut Vec<Diagnostic>,
}

impl Check<'_> {
    fn error(&mut self, code: Code, span: impl Into<Span>, message: String, help: &str) {
        self.problems.push(Diagnostic::error(code, self.source.place(span), message).help(help));
    }

    fn title(&mut self, title: Option<Spanned<String>>) -> String {
        let title = title.map(Spanned::into_inner).unwrap_or_default();
        if title.trim().is_empty() {
            self.error(Code::MISSING_KEY, 0..0, "the site has no `title`".to_owned(), "add `title = \"…\"`");
        }
        title
    }

    fn language(&mut self, language: Option<Spanned<String>>) -> Option<String> {
        let language = language?;
        if !address::is_language(language.get_ref()) {
            let message = format!("`{}` is not a language", language.get_ref());
            self.error(
                Code::BAD_VALUE,
                language.span(),
                message,
                "write a tag such as `en-GB`, `de` or `ar`",
            );
            return None;
        }
        Some(language.into_inner())
    }

    fn address(&mut self, url: Option<Spanned<String>>) -> Option<String> {
        let url = url?;
        if !address::is_web(url.get_ref()) {
            self.problems.push(address::problem(self.source, &url));
            return None;
        }
        Some(url.get_ref().trim_end_matches('/').to_owned())
    }

    /// The repository's address on the web; that which git clones from is taken for it.
    fn repository(&mut self, url: Option<Spanned<String>>) -> Option<String> {
        let url = url?;
        let web = on_the_web(url.get_ref());
        if !address::is_web(&web) {
            self.problems.push(address::problem(self.source, &url));
            return None;
        }
        Some(web)
    }

    /// What sort of forge it is: as it is said, or as the host is known.
    fn forge(&mut self, says: Option<ForgeKind>, url: Option<&Spanned<String>>) -> Option<ForgeKind> {
        let url = url.filter(|url| says.is_none() && address::is_web(&on_the_web(url.get_ref())));
        let Some(url) = url else { return says };
        let web = on_the_web(url.get_ref());
        let host = web.split("://").nth(1).unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let is = |names: &[&str]| {
            names.iter().any(|name| host == *name || host.split('.').next() == name.strip_suffix('.'))
        };
        let known = [
            (ForgeKind::Github, &["github.com", "github."][..]),
            (ForgeKind::Gitlab, &["gitlab.com", "gitlab.", "salsa.debian.org", "framagit.org"]),
            (ForgeKind::Forgejo, &["codeberg.org", "gitea.com", "gitea.", "forgejo."]),
            (ForgeKind::Bitbucket, &["bitbucket.org"]),
        ];
        let found = known.iter().find(|(_, names)| is(names)).map(|(kind, _)| *kind);
        if found.is_none() {
            let message = format!("it is not known what sort of forge `{host}` is");
            self.problems.push(
                Diagnostic::warning(Code::FORGE_UNKNOWN, self.source.place(url.span()), message)
                    .help("say so: `forge = \"github\"`, `\"gitlab\"`, `\"forgejo\"` (Gitea, too) or `\"bitbucket\"`")
                    .help("without it, pages do not lead there; `contact = \"mailto:…\"` takes notes by mail"),
            );
        }
        found
    }

    /// An address of mail.
    fn contact(&mut self, contact: Option<Spanned<String>>) -> Option<String> {
        let contact = contact?;
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_+@".contains(c);
        let is_mail = contact.get_ref().strip_prefix("mailto:").is_some_and(|mail| {
            mail.chars().all(plain)
                && mail
                    .split_once('@')
                    .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        });
        if !is_mail {
            let message = format!("`{}` is no address of mail", contact.get_ref());
            self.error(
                Code::BAD_ADDRESS,
                contact.span(),
                message,
                "write `mailto:` and an address: `mailto:archive@example.org`",
            );
            return None;
        }
        Some(contact.into_inner())
    }

    /// Its host goes into the policy of a page, and must not say more there than a host.
    fn endpoint(&mut self, url: Option<Spanned<String>>) -> Option<String> {
        let url = url?;
        let host = url.get_ref().split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        let is_host = host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
        if !address::is_web(url.get_ref()) || !is_host {
            self.problems.push(address::problem(self.source, &url));
            return None;
        }
        Some(url.into_inner())
    }

    fn theme(&mut self, theme: Option<Spanned<String>>) -> Option<String> {
        let theme = theme?;
        if !name::is_slug(theme.get_ref()) {
            let message = format!("`{}` cannot be the name of a theme", theme.get_ref());
            self.error(Code::BAD_VALUE, theme.span(), message, "it is the name of a folder of `themes/`");
            return None;
        }
        Some(theme.into_inner())
    }

    /// Keys of kinds and of series become classes, addresses and ids.
    fn labels(
        &mut self,
        what: &str,
        labels: Option<Spanned<Pairs<String>>>,
    ) -> Option<Vec<(String, String)>> {
        let labels = labels?;
        let span = labels.span();
        let (good, bad): (Vec<_>, Vec<_>) =
            labels.into_inner().0.into_iter().partition(|(key, _)| name::is_slug(key));
        for (key, _) in bad {
            let help = format!("write `{}`", name::slug(&key));
            let message = format!("the {what} `{key}` is not in small letters");
            self.error(Code::BAD_VALUE, span.clone(), message, &help);
        }
        Some(good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(toml: &str) -> (Config, Vec<String>) {
        let mut problems = Vec::new();
        let config = parse(&Source::new("postil.toml", toml), &mut problems);
        crate::diagnostic::sort(&mut problems);
        (
            config,
            problems.iter().map(|p| format!("{} {}: {}", p.place.line, p.code.name(), p.message)).collect(),
        )
    }

    fn check_problems(toml: &str, expected: &[&str]) {
        assert_eq!(run(toml).1, expected, "{toml}");
    }

    #[test]
    fn everything_but_the_title_has_a_default() {
        let (config, problems) = run("title = 'T'");
        assert!(problems.is_empty());
        assert_eq!(
            (config.title.as_str(), config.language.as_str(), config.branch.as_str()),
            ("T", "en-GB", "main")
        );
        let kinds: Vec<&str> = config.note_kinds.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(kinds, ["Context", "Outcome", "Source", "Question"]);
        assert_eq!(config.text_kind_label("written-answer"), "Written answer");
        assert_eq!(config.limits, Limits::default());
    }

    #[test]
    fn everything_can_be_set() {
        let (config, problems) = run(
            "title = 'T'\nlanguage = 'de'\nbase_url = 'https://a.b/c/'\n[notes.kinds]\nzeta = 'Z'\nalpha = 'A'\n[texts.kinds]\nspeech = 'Rede'\n[terms]\nmark = 'all'\nheadings = true\n[search]\nendpoint = 'https://s.t:8/u?v=w'\nmarks = 'keep'\n[limits]\nnote = 9\n",
        );
        assert_eq!(problems, [""; 0]);
        assert_eq!(config.base_url.as_deref(), Some("https://a.b/c"));
        assert_eq!(config.note_kinds[0], ("zeta".to_owned(), "Z".to_owned()));
        assert_eq!(config.note_kind_label("alpha"), Some("A"));
        assert_eq!(config.text_kind_label("speech"), "Rede");
        assert_eq!(config.search_endpoint.as_deref(), Some("https://s.t:8/u?v=w"));
        assert_eq!(config.marks, Marks::Keep);
        assert_eq!((config.mark, config.headings, config.limits.note), (MarkTerms::All, true, 9));
    }

    #[test]
    fn a_forge_is_known_by_its_host_or_named() {
        let check = |lines: &str, repository: Option<&str>, forge: Option<ForgeKind>| {
            let (config, problems) = run(&format!("title = 'T'\n{lines}"));
            assert_eq!(
                (config.repository.as_deref(), config.forge),
                (repository, forge),
                "{lines} {problems:?}"
            );
        };
        let github = Some(ForgeKind::Github);
        for url in [
            "https://github.com/o/r",
            "https://github.com/o/r/",
            "https://github.com/o/r.git",
            "git+https://github.com/o/r.git",
            "git@github.com:o/r.git",
            "ssh://git@github.com:22/o/r.git",
            "git://github.com/o/r",
        ] {
            check(&format!("repository = '{url}'"), Some("https://github.com/o/r"), github);
        }
        let own = |host: &str, kind| {
            check(
                &format!("repository = 'https://{host}/g/s/r'"),
                Some(&format!("https://{host}/g/s/r")),
                kind,
            );
        };
        own("gitlab.com", Some(ForgeKind::Gitlab));
        own("gitlab.uni.example", Some(ForgeKind::Gitlab));
        own("codeberg.org", Some(ForgeKind::Forgejo));
        own("gitea.example.org", Some(ForgeKind::Forgejo));
        own("bitbucket.org", Some(ForgeKind::Bitbucket));
        own("notgithub.com", None);
        own("git.example", None);
        check(
            "repository = 'https://git.example/o/r'\nforge = 'forgejo'",
            Some("https://git.example/o/r"),
            Some(ForgeKind::Forgejo),
        );
        check_problems(
            "title = 'T'\nrepository = 'https://git.example:8443/o/r'",
            &["2 forge-unknown: it is not known what sort of forge `git.example` is"],
        );
        check_problems(
            "title = 'T'\nrepository = 'o/r'",
            &["2 bad-address: this is not an address of the web"],
        );
        assert_eq!(
            run("title = 'T'\ncontact = 'mailto:a.b@c.example'").0.contact.as_deref(),
            Some("mailto:a.b@c.example")
        );
        for wrong in ["a@b.example", "mailto:a", "mailto:a@b.example?cc=x@y.example", "https://a.example"] {
            check_problems(
                &format!("title = 'T'\ncontact = '{wrong}'"),
                &[&format!("2 bad-address: `{wrong}` is no address of mail")],
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        check_problems(
            "title = 'T'\n[search]\nendpoint = 'https://a.b;script-src/c'\n",
            &["3 bad-address: this is not an address of the web"],
        );
        check_problems("", &["1 missing-key: the site has no `title`"]);
        check_problems(
            "title = 'T'\nlanguage = 'de_DE'\nbase_url = 'javascript:x'\ntheme = '../x'\n[notes.kinds]\nFoo = 'x'\n[terms]\nmark = 'none'",
            &[
                "2 bad-value: `de_DE` is not a language",
                "3 bad-address: this is not an address of the web",
                "4 bad-value: `../x` cannot be the name of a theme",
                "5 bad-value: the kind `Foo` is not in small letters",
                "8 bad-value: `mark` cannot be `none`",
            ],
        );
    }
}
