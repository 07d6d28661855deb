//! XML and HTML as one kind of tree, whose nodes know their line.
//!
//! A source is nobody's friend: nothing is fetched, an entity stands for the characters that the
//! file itself says, and only so many of them; depth has an end.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use html5ever::interface::tree_builder::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, LocalName, Namespace, QualName};
use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::Event;

use postil_archive::diagnostic::{Code, Diagnostic, Place, Source};

/// Elements inside elements: more than any book has.
const DEEPEST: usize = 256;
/// Most bytes that the entities of one file may come to, besides as many as the file has.
const ENTITIES: usize = 1 << 20;

/// What the names of the instructions begin with that are read.
const INSTRUCTIONS: &str = "postil-";

/// A node's number.
pub type Id = usize;

/// A file as a tree.
#[derive(Debug)]
pub struct Tree {
    /// The file, for places.
    pub source: Source,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    parent: Option<Id>,
    children: Vec<Id>,
    /// Where it begins in the file.
    at: usize,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Root,
    Element {
        name: String,
        attributes: Vec<(String, String)>,
    },
    Text(String),
    /// An instruction of this program's own: its name, and what it says.
    Instruction(String, String),
    /// What has no words: a comment.
    Nothing,
}

impl Tree {
    /// The node above all.
    pub const ROOT: Id = 0;

    fn new(source: Source) -> Self {
        let root = Node { parent: None, children: Vec::new(), at: 0, data: Data::Root };
        Self { source, nodes: vec![root] }
    }

    fn push(&mut self, parent: Id, at: usize, data: Data) -> Id {
        let id = self.nodes.len();
        self.nodes.push(Node { parent: Some(parent), children: Vec::new(), at, data });
        self.nodes[parent].children.push(id);
        id
    }

    fn push_text(&mut self, parent: Id, at: usize, text: &str) {
        if let Some(&last) = self.nodes[parent].children.last()
            && let Data::Text(there) = &mut self.nodes[last].data
        {
            return there.push_str(text);
        }
        self.push(parent, at, Data::Text(text.to_owned()));
    }

    /// The name of an element without its prefix; empty for what is none.
    pub fn name(&self, id: Id) -> &str {
        match &self.nodes[id].data {
            Data::Element { name, .. } => name,
            _ => "",
        }
    }

    /// The words of a text.
    pub fn text(&self, id: Id) -> Option<&str> {
        if let Data::Text(text) = &self.nodes[id].data { Some(text) } else { None }
    }

    /// An instruction of this program's own: its name, and what it says.
    pub fn instruction(&self, id: Id) -> Option<(&str, &str)> {
        if let Data::Instruction(target, data) = &self.nodes[id].data { Some((target, data)) } else { None }
    }

    /// An attribute by its name as it is written: `xml:id`, `epub:type`.
    pub fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let Data::Element { attributes, .. } = &self.nodes[id].data else { return None };
        attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same if it says something.
    pub fn says(&self, id: Id, name: &str) -> Option<&str> {
        self.attribute(id, name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// What is in a node.
    pub fn children(&self, id: Id) -> &[Id] {
        &self.nodes[id].children
    }

    /// The element that a node is in.
    pub fn parent(&self, id: Id) -> Option<Id> {
        self.nodes[id].parent
    }

    /// The node and everything in it, in the order of the file.
    pub fn within(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut stack = vec![id];
        std::iter::from_fn(move || {
            let id = stack.pop()?;
            stack.extend(self.nodes[id].children.iter().rev());
            Some(id)
        })
    }

    /// Elements of a name in a node, in the order of the file.
    pub fn all<'a>(&'a self, id: Id, name: &'a str) -> impl Iterator<Item = Id> + 'a {
        self.within(id).filter(move |&inner| inner != id && self.name(inner) == name)
    }

    /// The first of them.
    pub fn find(&self, id: Id, name: &str) -> Option<Id> {
        self.all(id, name).next()
    }

    /// By a path of names, each in the one before.
    pub fn path(&self, id: Id, names: &[&str]) -> Option<Id> {
        names.iter().try_fold(id, |id, name| self.find(id, name))
    }

    /// Elements of a name right in a node.
    pub fn of_name<'a>(&'a self, id: Id, name: &'a str) -> impl Iterator<Item = Id> + 'a {
        self.children(id).iter().copied().filter(move |&child| self.name(child) == name)
    }

    /// All words of a node, white space as one space.
    pub fn words(&self, id: Id) -> String {
        let text: String = self.within(id).filter_map(|inner| self.text(inner)).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether a node lies in an element of one of these names.
    pub fn is_in(&self, mut id: Id, names: &[&str]) -> bool {
        while let Some(parent) = self.parent(id) {
            if names.contains(&self.name(parent)) {
                return true;
            }
            id = parent;
        }
        false
    }

    /// The element that the file is.
    pub fn top(&self) -> Id {
        let is_element = |id: &&Id| matches!(self.nodes[**id].data, Data::Element { .. });
        self.children(Self::ROOT).iter().find(is_element).copied().unwrap_or(Self::ROOT)
    }

    /// Where a node begins.
    pub fn place(&self, id: Id) -> Place {
        let at = self.nodes[id].at;
        self.source.place(at..at)
    }

    /// Its line.
    pub fn line(&self, id: Id) -> u32 {
        self.place(id).line
    }
}

fn bad(source: &Source, at: usize, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::BAD_SOURCE, source.place(at..at), message))
}

/// The encoding that an XML declaration names.
pub fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
    let declaration =
        head.trim_start_matches('\u{feff}').strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next().map(str::to_owned)
}

/// Reads XML.
///
/// # Errors
/// It is not well-formed; it names an entity that the file does not declare; it is too deep.
pub fn xml(path: &str, text: String) -> Result<Tree, Box<Diagnostic>> {
    let mut tree = Tree::new(Source::new(path, text));
    // The text is taken out while it is read, since the tree grows meanwhile.
    let text = std::mem::take(&mut tree.source.text);
    let result = read_xml(&text, &mut tree);
    tree.source.text = text;
    match result {
        Ok(()) => Ok(tree),
        Err((at, message)) => Err(bad(&tree.source, at, message)),
    }
}

/// What is wrong, and where.
type Wrong = (usize, String);

fn read_xml(text: &str, tree: &mut Tree) -> Result<(), Wrong> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Tree::ROOT];
    let mut entities: BTreeMap<String, String> = BTreeMap::new();
    let mut spent = 0;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event().map_err(|error| {
            let at = usize::try_from(reader.error_position()).unwrap_or(at);
            (at, format!("the file is not well-formed XML: {error}"))
        })?;
        let parent = *open.last().expect("the root stays open");
        match event {
            Event::Start(start) | Event::Empty(start) if open.len() > DEEPEST => {
                return Err((at, format!("`{}` lies deeper than {DEEPEST} elements", start.name().0)));
            }
            Event::Start(start) => {
                let data = element(start.name().0, start.attributes(), at, &entities)?;
                open.push(tree.push(parent, at, data));
            }
            Event::Empty(start) => {
                let data = element(start.name().0, start.attributes(), at, &entities)?;
                tree.push(parent, at, data);
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(words) if parent == Tree::ROOT => {
                if !words.trim().is_empty() {
                    return Err((
                        at,
                        "the file is not well-formed XML: words outside of any element".to_owned(),
                    ));
                }
            }
            Event::Text(words) => tree.push_text(parent, at, &ends(&words)),
            Event::CData(words) => tree.push_text(parent, at, &ends(&words)),
            Event::GeneralRef(reference) => {
                let words =
                    resolved(&reference, &entities).ok_or_else(|| (at, unknown_entity(&reference)))?;
                spent += words.len();
                if spent > ENTITIES + text.len() {
                    return Err((
                        at,
                        "the entities of the file stand for more than the file itself".to_owned(),
                    ));
                }
                tree.push_text(parent, at, &words);
            }
            Event::DocType(declarations) => entities = declared_entities(&declarations),
            Event::PI(instruction) if instruction.target().starts_with(INSTRUCTIONS) => {
                let data =
                    Data::Instruction(instruction.target().to_owned(), instruction.content().to_owned());
                tree.push(parent, at, data);
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    match open.last().copied().filter(|&open| open != Tree::ROOT) {
        Some(left) => Err((
            tree.nodes[left].at,
            format!("the file is not well-formed XML: `{}` has no end", tree.name(left)),
        )),
        None if tree.top() == Tree::ROOT => Err((0, "the file is not XML: it has no element".to_owned())),
        None => Ok(()),
    }
}

/// Line ends as XML has them.
fn ends(words: &str) -> String {
    if words.contains('\r') { words.replace("\r\n", "\n").replace('\r', "\n") } else { words.to_owned() }
}

fn element(
    name: &str,
    attributes: quick_xml::events::attributes::Attributes<'_>,
    at: usize,
    entities: &BTreeMap<String, String>,
) -> Result<Data, Wrong> {
    let mut found = Vec::new();
    for attribute in attributes {
        let attribute =
            attribute.map_err(|error| (at, format!("the file is not well-formed XML: {error}")))?;
        found.push((
            attribute.key.0.to_owned(),
            value(&attribute.value, entities).map_err(|message| (at, message))?,
        ));
    }
    let name = name.rsplit(':').next().unwrap_or(name).to_owned();
    Ok(Data::Element { name, attributes: found })
}

/// The value of an attribute.
fn value(raw: &str, entities: &BTreeMap<String, String>) -> Result<String, String> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        let end = rest[at..]
            .find(';')
            .ok_or("the file is not well-formed XML: a `&` in an attribute that begins no entity")?;
        let name = &rest[at + 1..at + end];
        text.push_str(&resolved(name, entities).ok_or_else(|| unknown_entity(name))?);
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    Ok(text.replace(['\n', '\r', '\t'], " "))
}

fn unknown_entity(name: &str) -> String {
    format!("the file does not declare what `&{name};` stands for, and nothing is fetched from elsewhere")
}

/// What an entity stands for.
fn resolved(name: &str, entities: &BTreeMap<String, String>) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0').map(String::from);
    }
    entities.get(name).cloned().or_else(|| resolve_html5_entity(name).map(str::to_owned))
}

/// Entities that the file itself declares, and that are characters: nothing that names others or a file.
fn declared_entities(declarations: &str) -> BTreeMap<String, String> {
    let mut entities = BTreeMap::new();
    for declaration in declarations.split("<!ENTITY").skip(1) {
        let mut parts = declaration.trim_start().splitn(2, char::is_whitespace);
        let (Some(name), Some(rest)) = (parts.next(), parts.next()) else { continue };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(raw) = rest[1..].split(quote).next() else { continue };
        if raw.contains('<') {
            continue;
        }
        // Only characters by their number, or what is declared already: so nothing grows without end.
        let is_number = |part: &str| part.starts_with('#');
        let names = raw.split('&').skip(1).map(|part| part.split(';').next().unwrap_or(part));
        if names.clone().all(|name| is_number(name) || resolve_html5_entity(name).is_some())
            && let Ok(words) = value(raw, &BTreeMap::new())
        {
            entities.insert(name.to_owned(), words);
        }
    }
    entities
}

/// The encoding that `<meta>` names.
pub fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = rest.find(['"', '\'', ' ', '>', ';', '/']).unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].to_owned())
}

/// Reads HTML as browsers do: nothing is an error.
///
/// # Errors
/// It is too deep.
pub fn html(path: &str, text: &str) -> Result<Tree, Box<Diagnostic>> {
    let sink = Sink {
        tree: RefCell::new(Tree::new(Source::new(path, text))),
        names: RefCell::new(BTreeMap::new()),
        line: Cell::new(1),
    };
    let tree = html5ever::parse_document(sink, html5ever::ParseOpts::default()).one(text);
    let mut depth = vec![0_usize; tree.nodes.len()];
    let mut stack = vec![Tree::ROOT];
    while let Some(id) = stack.pop() {
        if depth[id] > DEEPEST {
            return Err(bad(&tree.source, tree.nodes[id].at, format!("elements lie deeper than {DEEPEST}")));
        }
        for &child in tree.children(id) {
            depth[child] = depth[id] + 1;
            stack.push(child);
        }
    }
    Ok(tree)
}

/// Builds a tree as the parser of HTML says.
struct Sink {
    tree: RefCell<Tree>,
    /// Full names, which the parser asks for.
    names: RefCell<BTreeMap<Id, QualName>>,
    line: Cell<u64>,
}

/// The name of an element.
#[derive(Debug)]
struct Named(QualName);

impl ElemName for Named {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Sink {
    fn make(&self, data: Data) -> Id {
        let mut tree = self.tree.borrow_mut();
        let line = usize::try_from(self.line.get()).unwrap_or(usize::MAX).saturating_sub(1);
        let at = tree.source.line_starts().get(line).copied().unwrap_or(0);
        tree.nodes.push(Node { parent: None, children: Vec::new(), at, data });
        tree.nodes.len() - 1
    }

    fn detach(&self, id: Id) {
        let mut tree = self.tree.borrow_mut();
        if let Some(parent) = tree.nodes[id].parent.take() {
            tree.nodes[parent].children.retain(|&child| child != id);
        }
    }

    /// Puts a node, or words, before the child of this index.
    fn insert(&self, parent: Id, index: usize, child: NodeOrText<Id>) {
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(words) => {
                let mut tree = self.tree.borrow_mut();
                let before = index.checked_sub(1).map(|before| tree.nodes[parent].children[before]);
                if let Some(before) = before
                    && let Data::Text(there) = &mut tree.nodes[before].data
                {
                    return there.push_str(&words);
                }
                drop(tree);
                self.make(Data::Text(words.to_string()))
            }
        };
        let mut tree = self.tree.borrow_mut();
        tree.nodes[id].parent = Some(parent);
        let index = index.min(tree.nodes[parent].children.len());
        tree.nodes[parent].children.insert(index, id);
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Named;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: std::borrow::Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        Tree::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Named {
        Named(self.names.borrow()[target].clone())
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Id {
        let attributes = attributes.iter().map(|attribute| {
            let AttributeName(name) = attribute_name(&attribute.name);
            (name, attribute.value.to_string())
        });
        let data = Data::Element { name: name.local.to_string(), attributes: attributes.collect() };
        let id = self.make(data);
        self.names.borrow_mut().insert(id, name);
        id
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.make(Data::Nothing)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.make(Data::Nothing)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        let count = self.tree.borrow().nodes[*parent].children.len();
        self.insert(*parent, count, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, before: &Id, child: NodeOrText<Id>) {
        let parent = self.tree.borrow().nodes[*element].parent;
        match parent {
            Some(_) => self.append_before_sibling(element, child),
            None => self.append(before, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        if let NodeOrText::AppendNode(id) = child {
            self.detach(id);
        }
        let tree = self.tree.borrow();
        let Some(parent) = tree.nodes[*sibling].parent else { return };
        let index = tree.nodes[parent].children.iter().position(|child| child == sibling).unwrap_or(0);
        drop(tree);
        self.insert(parent, index, child);
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        if let Data::Element { attributes: there, .. } = &mut tree.nodes[*target].data {
            for attribute in attributes {
                let AttributeName(name) = attribute_name(&attribute.name);
                if !there.iter().any(|(known, _)| *known == name) {
                    there.push((name, attribute.value.to_string()));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let children = std::mem::take(&mut self.tree.borrow_mut().nodes[*node].children);
        let mut tree = self.tree.borrow_mut();
        for &child in &children {
            tree.nodes[child].parent = Some(*new_parent);
        }
        tree.nodes[*new_parent].children.extend(children);
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line);
    }
}

/// The name of an attribute as it is written.
struct AttributeName(String);

fn attribute_name(name: &QualName) -> AttributeName {
    AttributeName(match &name.prefix {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", name.local),
        _ => name.local.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        let problem = xml("a.xml", text.to_owned()).unwrap_err();
        format!("{}:{} {}", problem.place.line, problem.place.column, problem.message)
    }

    #[test]
    fn a_file_becomes_a_tree() {
        let text = "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY dash '&#8212;'> <!ENTITY file SYSTEM 'file:///etc/passwd'>]>\n<x:a xml:id=\"i&amp;\n1\">b<!-- c --><d e='f'/>&dash;&eacute;&#x41;<![CDATA[<g>]]>\r\n</x:a>";
        let tree = xml("a.xml", text.to_owned()).unwrap();
        let top = tree.top();
        assert_eq!((tree.name(top), tree.attribute(top, "xml:id")), ("a", Some("i& 1")));
        assert_eq!(tree.words(top), "b—éA<g>");
        let d = tree.find(top, "d").unwrap();
        assert_eq!((tree.attribute(d, "e"), tree.line(d)), (Some("f"), 4));
    }

    #[test]
    fn what_is_no_xml_is_told_with_its_place() {
        assert!(
            why("<a>\n<b></a>").starts_with("2:4 the file is not well-formed XML: "),
            "{}",
            why("<a>\n<b></a>")
        );
        assert_eq!(why("<a>\n <b>"), "2:2 the file is not well-formed XML: `b` has no end");
        assert_eq!(why("words"), "1:1 the file is not well-formed XML: words outside of any element");
        assert_eq!(why(""), "1:1 the file is not XML: it has no element");
        assert_eq!(
            why("<a>\n&file;</a>"),
            "2:1 the file does not declare what `&file;` stands for, and nothing is fetched from elsewhere"
        );
        let secret = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<a>&x;</a>";
        assert!(why(secret).starts_with("2:4 the file does not declare"), "{}", why(secret));
        let laughs = "<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;'><!ENTITY d '&c;&c;'>]>\n<a>&d;</a>";
        assert!(why(laughs).starts_with("2:4 the file does not declare"), "{}", why(laughs));
        let much =
            format!("<!DOCTYPE a [<!ENTITY b '{}'>]>\n<a>{}</a>", "x".repeat(60_000), "&b;".repeat(30));
        assert!(why(&much).contains("stand for more than the file itself"), "{}", why(&much));
        let deep = "<a>".repeat(300);
        assert!(why(&deep).contains("deeper than 256 elements"), "{}", why(&deep));
    }

    #[test]
    fn html_is_read_as_browsers_read_it() {
        let tree =
            html("a.html", "<title>T</title>\n<p>One<p>Two &nbsp;<b>bold<table><tr><td>x</table>").unwrap();
        let paragraphs: Vec<(String, u32)> =
            tree.all(Tree::ROOT, "p").map(|p| (tree.words(p), tree.line(p))).collect();
        assert_eq!(paragraphs[0], ("One".to_owned(), 2));
        assert_eq!(tree.words(tree.find(Tree::ROOT, "title").unwrap()), "T");
        assert_eq!(tree.words(tree.find(Tree::ROOT, "td").unwrap()), "x");
        assert!(html("a.html", &"<div>".repeat(400)).is_err());
    }

    #[test]
    fn declarations_are_read() {
        assert_eq!(
            declared(b"<?xml version=\"1.0\" encoding='ISO-8859-1'?><a/>").as_deref(),
            Some("ISO-8859-1")
        );
        assert_eq!(declared(b"<a encoding='x'/>"), None);
        assert_eq!(meta_charset(b"<meta charset=utf-8>").as_deref(), Some("utf-8"));
        assert_eq!(
            meta_charset(b"<meta content=\"text/html; charset=windows-1252\">").as_deref(),
            Some("windows-1252")
        );
    }
}
