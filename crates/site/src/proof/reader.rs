//! One pass of lol_html over a page: ids, links, forbidden things, and the
//! words of its article.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::OnceLock;

use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, Settings, doc_comments, doc_text, element, end_tag};
use rustc_hash::FxHashSet;

use super::words::Article;

/// What was found on a page.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) ids: Vec<String>,
    pub(super) links: FxHashSet<String>,
    /// What may not be there, in words, each once.
    pub(super) forbidden: BTreeSet<String>,
    pub(super) articles: Vec<Article>,
    /// Inside an article.
    inside: usize,
    /// Inside something generated.
    generated: usize,
    /// Inside something that browsers do not show.
    unseen: usize,
    /// Index of the block in hand.
    block: bool,
}

fn is_allowed(element: &str) -> bool {
    static SET: OnceLock<FxHashSet<&str>> = OnceLock::new();
    SET.get_or_init(|| ALLOWED.iter().copied().collect()).contains(element)
}

/// Elements that may stand on a page. A list of what is allowed, since a list
/// of what is not is never complete.
const ALLOWED: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "link",
    "script",
    "body",
    "header",
    "footer",
    "main",
    "nav",
    "section",
    "article",
    "aside",
    "div",
    "p",
    "span",
    "a",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "b",
    "i",
    "small",
    "sub",
    "sup",
    "cite",
    "q",
    "abbr",
    "time",
    "mark",
    "del",
    "ins",
    "br",
    "hr",
    "details",
    "summary",
    "figure",
    "figcaption",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "button",
    "fieldset",
    "legend",
    "label",
    "input",
    "form",
    "output",
    "bdi",
    "wbr",
    "noscript",
    "template",
    "svg",
    "g",
    "rect",
    "line",
    "circle",
    "path",
    "text",
    "tspan",
    "desc",
    "polyline",
    "img",
    "search",
    "kbd",
    "var",
    "s",
    "colgroup",
    "col",
];

/// Attributes that hold an address.
const ADDRESSES: &[&str] = &["href", "src", "action", "poster", "cite", "formaction", "xlink:href", "data"];

/// Attributes that run, load or forge something, whatever they hold (and all that begin with `on`).
const REFUSED: &[&str] = &[
    "style",
    "srcdoc",
    "integrity",
    "crossorigin",
    "srcset",
    "imagesrcset",
    "ping",
    "background",
    "manifest",
];

/// Relations of a `link` that only name an address: browsers load nothing from it.
const NAMED_ONLY: &[&str] = &["canonical", "alternate", "license"];

/// Reads a page. The words of its article are gathered only if they are wanted: most pages have none.
pub(super) fn read(html: &[u8], with_words: bool) -> Found {
    let found = Rc::new(RefCell::new(Found::default()));
    let (elements, comments) = (found.clone(), found.clone());
    let mut settings = Settings::new()
        .append_element_content_handler(element!("*", move |el| {
            enter(&elements, el)?;
            Ok(())
        }))
        .append_document_content_handler(doc_comments!(move |_| {
            comments.borrow_mut().forbidden.insert("a comment".to_owned());
            Ok(())
        }));
    if with_words {
        let texts = found.clone();
        settings = settings.append_document_content_handler(doc_text!(move |chunk| {
            words(&mut texts.borrow_mut(), chunk.as_str());
            Ok(())
        }));
    }
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    let done = rewriter.write(html).and_then(|()| rewriter.end());
    let found = Rc::into_inner(found).expect("what else held it was dropped with the rewriter");
    let mut found = found.into_inner();
    if let Err(error) = done {
        found.forbidden.insert(format!("what cannot be read as HTML: {error}"));
    }
    found
}

type Handled = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn enter(found: &Rc<RefCell<Found>>, el: &mut Element<'_, '_>) -> Handled {
    let name = el.tag_name();
    let mut state = found.borrow_mut();
    let mut own = Attributes::default();
    for attribute in el.attributes() {
        own.take(&mut state, &attribute.name(), || attribute.value());
    }
    check(&mut state, &name, &own);
    let Attributes { id, block, generated, .. } = own;
    state.ids.extend(id);
    let article = name == "article";
    let unseen = matches!(name.as_str(), "template" | "noscript") || own.hidden;
    if unseen {
        state.unseen += 1;
    }
    if article {
        state.articles.push(Article::default());
        state.inside += 1;
    }
    if state.unseen > 0 && (article || (block.is_some() && state.inside > 0)) {
        state.forbidden.insert("words of the text where browsers do not show them".to_owned());
    }
    if generated {
        state.generated += 1;
    }
    if let Some(number) = &block {
        if let Some(article) = state.articles.last_mut() {
            article.blocks.push((number.clone(), String::new()));
        }
        state.block = true;
    }
    drop(state);
    // Elements without an end tag hold no words; only their block, if they are one, is over at once.
    if !(article || generated || unseen || block.is_some()) {
        return Ok(());
    }
    let (ends, block) = (found.clone(), block.is_some());
    let leave = move |state: &mut Found| {
        state.inside -= usize::from(article);
        state.generated -= usize::from(generated);
        state.unseen -= usize::from(unseen);
        state.block &= !block;
    };
    let is_void = !el.can_have_content();
    if is_void {
        leave(&mut ends.borrow_mut());
    } else {
        el.on_end_tag(end_tag!(move |_| {
            leave(&mut ends.borrow_mut());
            Ok(())
        }))?;
    }
    Ok(())
}

fn words(found: &mut Found, text: &str) {
    if found.inside == 0 || found.generated > 0 {
        return;
    }
    let block = found.block;
    let Some(article) = found.articles.last_mut() else { return };
    match article.blocks.last_mut().filter(|_| block) {
        Some((_, words)) => words.push_str(text),
        None => article.stray.push_str(text),
    }
}

/// What counts of an element's attributes.
#[derive(Default)]
struct Attributes {
    id: Option<String>,
    block: Option<String>,
    kind: Option<String>,
    relation: Option<String>,
    rule: Option<String>,
    content: Option<String>,
    addresses: Vec<String>,
    generated: bool,
    hidden: bool,
    has_source: bool,
}

impl Attributes {
    /// Takes one in. Of an attribute that is there twice, browsers see the first.
    fn take(&mut self, found: &mut Found, name: &str, value: impl Fn() -> String) {
        let first = |slot: &mut Option<String>| _ = slot.get_or_insert_with(&value);
        match name {
            "id" => first(&mut self.id),
            "data-block" => first(&mut self.block),
            "type" => first(&mut self.kind),
            "rel" => first(&mut self.relation),
            "http-equiv" => first(&mut self.rule),
            "content" => first(&mut self.content),
            "data-generated" => self.generated = true,
            "hidden" => self.hidden = true,
            _ => {}
        }
        self.has_source |= name == "src";
        if ADDRESSES.contains(&name) {
            self.addresses.push(value());
        }
        if name.starts_with("on") || REFUSED.contains(&name) {
            found.forbidden.insert(format!("the attribute `{name}`"));
        }
    }
}

/// What may run, load or forge something (the page's own policy forbids it too).
fn check(found: &mut Found, name: &str, own: &Attributes) {
    if !is_allowed(name) {
        found.forbidden.insert(format!("the element `{name}`"));
    }
    let in_article = found.inside > 0;
    if in_article && matches!(name, "script" | "link" | "meta" | "form" | "input" | "svg" | "noscript") {
        found.forbidden.insert(format!("the element `{name}` inside the text"));
    }
    if name == "script" && !own.has_source && own.kind.as_deref() != Some("application/ld+json") {
        found.forbidden.insert("a script of its own".to_owned());
    }
    if let Some(rule) = &own.rule {
        http_rule(found, &rule.to_ascii_lowercase(), own.content.as_deref().unwrap_or_default());
    }
    let names_only = name == "link" && own.relation.as_deref().is_some_and(|rel| NAMED_ONLY.contains(&rel));
    let loads = matches!(name, "script" | "img" | "link") && !names_only;
    for value in &own.addresses {
        address(found, loads, value);
    }
}

/// A rule in place of a header: the policy, or the way on from an old address.
fn http_rule(found: &mut Found, rule: &str, content: &str) {
    match rule {
        "content-security-policy" => {}
        "refresh" => match content.split_once("url=") {
            Some((_, to)) => address(found, true, to),
            None => {
                found.forbidden.insert("a page that loads itself again".to_owned());
            }
        },
        _ => {
            found.forbidden.insert(format!("the rule `{rule}` in place of a header"));
        }
    }
}

/// An address: one that is loaded, or gone to by itself, lies within the site.
fn address(found: &mut Found, loads: bool, value: &str) {
    let plain = plain(value);
    let scheme = plain.split(['/', '?', '#']).next().and_then(|first| first.split_once(':')).map(|(s, _)| s);
    match scheme {
        None if plain.starts_with("//") => {
            found.forbidden.insert(format!("the address `{value}`"));
        }
        None => {
            if !found.links.contains(value) {
                found.links.insert(value.replace("&amp;", "&"));
            }
        }
        Some("https" | "http" | "mailto") if !loads => {}
        // The empty icon: without one, browsers ask the host for `favicon.ico`.
        Some("data") if plain == "data:," => {}
        Some(_) => {
            found.forbidden.insert(format!("the address `{value}`"));
        }
    }
}

/// An address as a browser reads its scheme: without white space, in lower case.
fn plain(address: &str) -> Cow<'_, str> {
    if address.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(address);
    }
    let visible = address.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    visible.map(|c| c.to_ascii_lowercase()).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden(html: &str) -> Vec<String> {
        read(html.as_bytes(), true).forbidden.into_iter().collect()
    }

    #[test]
    fn what_may_run_load_or_forge_is_refused() {
        let check = |html: &str, expected: &str| assert_eq!(forbidden(html), [expected], "{html}");
        check("<p onclick=x>a</p>", "the attribute `onclick`");
        check("<p style=\"x\">a</p>", "the attribute `style`");
        check("<iframe></iframe>", "the element `iframe`");
        check("<script>x</script>", "a script of its own");
        check("<a href=\"javascript:x\">a</a>", "the address `javascript:x`");
        check("<a href=\"//elsewhere.example\">a</a>", "the address `//elsewhere.example`");
        check(
            "<img src=\"https://elsewhere.example/a.png\">",
            "the address `https://elsewhere.example/a.png`",
        );
        check("<!-- x -->", "a comment");
        check(
            "<link rel=\"stylesheet\" href=\"https://elsewhere.example/a.css\">",
            "the address `https://elsewhere.example/a.css`",
        );
        check("<img srcset=\"a.png 2x\">", "the attribute `srcset`");
        check("<meta http-equiv=\"Refresh\" content=\"1\">", "a page that loads itself again");
        check(
            "<meta http-equiv=\"refresh\" content=\"0; url=https://elsewhere.example/\">",
            "the address `https://elsewhere.example/`",
        );
        check("<meta http-equiv=\"set-cookie\" content=\"a\">", "the rule `set-cookie` in place of a header");
        let unseen = "words of the text where browsers do not show them";
        check("<template><article>a</article></template>", unseen);
        check("<article><div hidden><p data-block=\"1\">a</p></div></article>", unseen);
        assert_eq!(forbidden("<p hidden>x</p><article><p data-block=\"1\">a</p></article>"), [""; 0]);
        assert_eq!(forbidden("<link rel=\"canonical\" href=\"https://here.example/\">"), [""; 0]);
        check("<article><form></form></article>", "the element `form` inside the text");
        assert_eq!(forbidden("<p><a href=\"https://a.example\">a</a></p>"), [""; 0]);
    }

    #[test]
    fn words_are_the_blocks_own() {
        let html = "<article>\n<details data-furniture><summary data-generated>Folded</summary><p data-block=\"1\">a</p></details>\
                    <p data-block=\"2\">b <mark>c</mark><a data-generated>1</a> d<br data-generated> e</p> <hr data-block=\"3\">x</article>y";
        let found = read(html.as_bytes(), true);
        let [article] = &found.articles[..] else { panic!("one article") };
        let blocks: Vec<_> = article.blocks.iter().map(|(n, w)| (n.as_str(), w.as_str())).collect();
        assert_eq!(blocks, [("1", "a"), ("2", "b c d e"), ("3", "")]);
        assert_eq!(article.stray, "\n x");
    }
}
