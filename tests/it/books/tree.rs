//! Files of a book as an XML parser sees them, which knows nothing of what wrote them.

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element with what it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

/// The root, or what is wrong with the file.
pub(super) fn parse(xml: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    loop {
        let event =
            reader.read_event().map_err(|error| format!("{error} at {}", reader.buffer_position()))?;
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let mut element = Element { name: start.name().as_ref().to_owned(), ..Element::default() };
                for attribute in start.attributes() {
                    let attribute = attribute.map_err(|error| format!("{}: {error}", element.name))?;
                    let name = attribute.key.as_ref().to_owned();
                    let value = attribute.value.clone().into_owned();
                    element.attributes.push((name, entities(&value)?));
                }
                match event {
                    Event::Start(_) => open.push(element),
                    _ => open.last_mut().unwrap().children.push(Node::Element(element)),
                }
            }
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().ok_or("one end too many")?.children.push(Node::Element(done));
            }
            Event::Text(text) => {
                let text = text.to_string();
                open.last_mut().unwrap().children.push(Node::Text(text));
            }
            Event::GeneralRef(name) => {
                let text = entities(&format!("&{};", &*name))?;
                open.last_mut().unwrap().children.push(Node::Text(text));
            }
            Event::Eof => break,
            Event::Decl(_) | Event::DocType(_) => {}
            other => return Err(format!("{other:?}")),
        }
    }
    match &mut open[..] {
        [root] => Ok(std::mem::take(root)),
        _ => Err("an element has no end".to_owned()),
    }
}

/// The five that XML has.
fn entities(text: &str) -> Result<String, String> {
    let plain = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'");
    match plain.replace("&amp;", "").contains('&') {
        true => Err(format!("an entity that XML does not have: {text}")),
        false => Ok(plain.replace("&amp;", "&")),
    }
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// This and all elements in it, in order.
    pub(super) fn all(&self) -> Vec<&Element> {
        let mut out = vec![self];
        for child in &self.children {
            if let Node::Element(child) = child {
                out.extend(child.all());
            }
        }
        out
    }

    pub(super) fn with_id(&self, id: &str) -> Option<&Element> {
        self.all().into_iter().find(|element| element.attribute("id") == Some(id))
    }

    /// Its characters, each with whether the book put it between the words of the record.
    pub(super) fn characters(&self) -> Vec<(char, bool)> {
        fn walk(element: &Element, generated: bool, out: &mut Vec<(char, bool)>) {
            let generated = generated || element.attribute("data-generated").is_some();
            for child in &element.children {
                match child {
                    Node::Element(child) => walk(child, generated, out),
                    Node::Text(text) => out.extend(text.chars().map(|c| (c, generated))),
                }
            }
        }
        let mut out = Vec::new();
        walk(self, false, &mut out);
        out
    }

    /// The words of the record in it.
    pub(super) fn words(&self) -> String {
        self.characters().into_iter().filter(|(_, generated)| !generated).map(|(c, _)| c).collect()
    }
}
