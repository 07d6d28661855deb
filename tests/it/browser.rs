//! A page as a browser has it: parsed into a tree by html5ever, which knows all
//! the ways in which HTML goes wrong, and is neither what wrote the page nor what proves it.

use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// What a page holds.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Each element with each of its attributes: `a href`, and `a` alone.
    pub(crate) shapes: BTreeSet<String>,
    /// Every attribute that holds an address: element, attribute, value.
    pub(crate) addresses: Vec<(String, String, String)>,
    /// Every id, in the order of the page.
    pub(crate) ids: Vec<String>,
    /// Words of scripts that are data.
    pub(crate) data: Vec<String>,
    /// Whether there is a comment.
    pub(crate) comment: bool,
    /// Words of `<title>` and of `<h1>`.
    pub(crate) title: String,
    pub(crate) heading: String,
    /// Blocks of the text: number, words without what is generated.
    pub(crate) blocks: Vec<(String, String)>,
    /// Words of the article that are in no block and not generated.
    pub(crate) stray: String,
    /// All words of the body.
    pub(crate) words: String,
}

/// Where the walk is.
#[derive(Debug, Clone, Copy, Default)]
struct At {
    article: bool,
    generated: bool,
    block: Option<usize>,
    title: bool,
    heading: bool,
    body: bool,
}

/// Parses a page.
pub(crate) fn tree(html: &str) -> Tree {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut tree = Tree::default();
    walk(&dom.document, At::default(), &mut tree);
    tree
}

fn walk(node: &Handle, mut at: At, tree: &mut Tree) {
    match &node.data {
        NodeData::Element { name, attrs, template_contents, .. } => {
            let name = &*name.local;
            let attributes: Vec<(String, String)> = attrs
                .borrow()
                .iter()
                .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
                .collect();
            element(name, &attributes, tree);
            enter(name, &attributes, &mut at, tree);
            if name == "script" {
                let words: String = node.children.borrow().iter().filter_map(text).collect();
                tree.data.extend(Some(words).filter(|words| !words.is_empty()));
                return;
            }
            if let Some(inner) = &*template_contents.borrow() {
                walk(inner, at, tree);
            }
        }
        NodeData::Text { .. } => words(&text(node).unwrap_or_default(), at, tree),
        NodeData::Comment { .. } => tree.comment = true,
        NodeData::Document | NodeData::Doctype { .. } | NodeData::ProcessingInstruction { .. } => {}
    }
    for child in node.children.borrow().iter() {
        walk(child, at, tree);
    }
}

fn text(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    }
}

fn element(name: &str, attributes: &[(String, String)], tree: &mut Tree) {
    tree.shapes.insert(name.to_owned());
    for (key, value) in attributes {
        tree.shapes.insert(format!("{name} {key}"));
        if key == "id" {
            tree.ids.push(value.clone());
        }
        if matches!(key.as_str(), "href" | "src" | "action" | "formaction" | "cite" | "data") {
            tree.addresses.push((name.to_owned(), key.clone(), value.clone()));
        }
    }
}

fn enter(name: &str, attributes: &[(String, String)], at: &mut At, tree: &mut Tree) {
    let value = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
    at.article |= value("data-text").is_some();
    at.generated |= value("data-generated").is_some();
    at.title |= name == "title";
    at.heading |= name == "h1";
    at.body |= name == "body";
    if let Some(number) = value("data-block") {
        at.block = Some(tree.blocks.len());
        tree.blocks.push((number, String::new()));
    }
}

fn words(words: &str, at: At, tree: &mut Tree) {
    if at.title {
        tree.title.push_str(words);
    }
    if at.heading {
        tree.heading.push_str(words);
    }
    if at.body {
        tree.words.push_str(words);
    }
    if at.article && !at.generated {
        match at.block {
            Some(block) => tree.blocks[block].1.push_str(words),
            None => tree.stray.push_str(words),
        }
    }
}

#[test]
fn a_page_is_read_as_browsers_do() {
    let page = "<title>T</title><body><h1>H</h1><article data-text=a>\n<p data-block=1>b<a data-generated>1</a></p>\
                <script type=x>s</script><table><p>moved</table>x</article><!-- c --><img onerror=y src=z>";
    let tree = tree(page);
    assert_eq!((tree.title.as_str(), tree.heading.as_str(), tree.comment), ("T", "H", true));
    assert_eq!(tree.blocks, [("1".to_owned(), "b".to_owned())]);
    assert_eq!(tree.stray, "\nmovedx");
    assert_eq!(tree.data, ["s"]);
    assert!(tree.shapes.contains("img onerror"));
    assert_eq!(tree.addresses, [("img".to_owned(), "src".to_owned(), "z".to_owned())]);
}
