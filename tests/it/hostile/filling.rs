//! An archive with something in every field.

use crate::made::{self, Files};
use crate::random::Random;

/// What has broken out of pages somewhere.
const PIECES: [&str; 44] = [
    "</script>",
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "<!--",
    "-->",
    "<!--<script>",
    "]]>",
    "<![CDATA[",
    "<?php",
    "</title>",
    "</style>",
    "</textarea>",
    "</article>",
    "</template>",
    "</p></div></main></body></html>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=https://evil.example/>",
    "<a href=\"https://evil.example/\">",
    "<a href=javascript:alert(1)>x</a>",
    "<p id=p1 data-block=1>",
    "<ins data-generated>",
    "<plaintext>",
    "{{ 7*7 }}",
    "{{ site.title | safe }}",
    "{% include \"base.html\" %}",
    "{# note #}",
    "${7*7}",
    "&lt;b&gt;",
    "&#60;script&#62;",
    "&amp",
    "&quot;",
    "\\u003cscript\\u003e",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}x\u{2069}",
    "\u{1}\u{1b}[31m",
    "\u{fffe}",
    "__proto__",
    "%3Cscript%3E",
];

/// What Markdown makes something of.
const MARKDOWN: [&str; 16] = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](//evil.example/)",
    "![x](https://evil.example/x.png)",
    "![x](javascript:alert(1) \"\\\"onerror=x\")",
    "<javascript:alert(1)>",
    "# heading {onclick=alert(1) #p1}",
    "[[gla|\"><img src=x>]]",
    "[[text:a#p1|<b>]]",
    "[x]: javascript:alert(1)",
    "```html\"><script>\n<script>alert(1)</script>\n```",
    "- one\n  > two\n    * `<b>`",
    "*a **b* c** <em>",
];

/// An archive, and what the page of its text must show.
pub(super) struct Filled {
    pub(super) files: Files,
    pub(super) lines: Vec<String>,
    pub(super) title: String,
}

/// What is put in the fields.
struct Words {
    random: Random,
    hostile: bool,
}

impl Words {
    /// Words for a field that is shown as it is.
    fn plain(&mut self) -> String {
        if !self.hostile {
            return "harmless".to_owned();
        }
        let pieces = self.random.between(1, 4);
        let pieces: Vec<&str> = (0..pieces).map(|_| self.random.of(&PIECES)).collect();
        pieces.join(self.random.of(&[" ", "", "x"]))
    }

    /// The same as a string of TOML.
    fn toml(&mut self) -> String {
        quoted(&self.plain())
    }

    /// A name as it is shown: it begins with a capital.
    fn name(&mut self) -> String {
        quoted(&format!("Ann {}", self.plain()))
    }

    /// Markdown.
    fn markdown(&mut self) -> String {
        if !self.hostile {
            return "harmless".to_owned();
        }
        let mut out = String::from("Body");
        for _ in 0..self.random.between(1, 4) {
            out.push_str(self.random.of(&[" ", "\n", "\n\n"]));
            let plain = self.random.once_in(2);
            out.push_str(if plain { self.random.of(&PIECES) } else { self.random.of(&MARKDOWN) });
        }
        out
    }

    /// Markdown as a string of TOML.
    fn prose(&mut self) -> String {
        quoted(&self.markdown())
    }
}

fn quoted(words: &str) -> String {
    toml::Value::String(words.to_owned()).to_string()
}

/// Fills an archive with hostile or harmless words.
pub(super) fn fill(seed: u64, hostile: bool) -> Filled {
    let w = &mut Words { random: Random::new(seed), hostile };
    let lines: Vec<String> = (1..=6).map(|i| format!("alpha{i} {} omega{i}", w.plain())).collect();
    let title = format!("Title {}", w.plain());
    let mut files = vec![
        ("postil.toml", config(w)),
        ("content/a.txt", format!("{}\n", lines.join("\n"))),
        ("content/a.toml", record(w, &title)),
        ("content/pages/about.md", format!("+++\ntitle = {}\n+++\n{}\n", w.toml(), w.markdown())),
        ("annotations/a/apparatus.toml", apparatus(w)),
        ("annotations/glossary/gla.toml", term(w)),
    ];
    files.extend(notes(w, &lines));
    files.extend(relations(w, &lines));
    Filled { files: made::archive(files), lines, title }
}

fn config(w: &mut Words) -> String {
    format!(
        "title = {}\ndescription = {}\nbase_url = \"https://archive.example\"\nrepository = \"https://code.example/o/r\"\n\
         [notes.kinds]\ncontext = {}\n[texts.kinds]\nletter = {}\n",
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml()
    )
}

fn record(w: &mut Words, title: &str) -> String {
    format!(
        "title = {}\nshort = {}\ndate = 2009-08-01\nkind = \"letter\"\nhouse = {}\nrights = {}\nlayout = \"lines\"\n\
         source = {{ name = {}, url = \"https://good.example/a?b=1&c=%22\" }}\n\
         refs = {{ volume = {}, {} = [{}] }}\npeople = [{{ name = {}, role = {} }}]\n",
        quoted(title),
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.name(),
        w.toml()
    )
}

fn notes(w: &mut Words, lines: &[String]) -> [(&'static str, String); 4] {
    let literal = format!(
        "+++\nby = [\"editors\", {}]\nrole = {}\ndate = 2020-01-02\nquote = {}\ntopics = [\"work\"]\n\
         sources = [{{ title = {}, url = \"https://good.example/b\", note = {} }}]\n+++\n{}\n",
        w.name(),
        w.toml(),
        quoted(&lines[0]),
        w.toml(),
        w.toml(),
        w.markdown()
    );
    let quoted = format!("+++\nby = {}\n+++\n> {}\n\n{}\n", w.name(), lines[1], w.markdown());
    let lost = format!("+++\nby = {}\n+++\n> lost {}\n\n{}\n", w.name(), w.plain(), w.markdown());
    let whole = format!("+++\nby = {}\non = \"text\"\n+++\n{}\n", w.name(), w.markdown());
    [
        ("annotations/a/literal.md", literal),
        ("annotations/a/quoted.md", quoted),
        ("annotations/a/lost.md", lost),
        ("annotations/a/whole.md", whole),
    ]
}

fn apparatus(w: &mut Words) -> String {
    format!(
        "by = {}\nfurniture = [\n  {{ at = \"p6\", reason = {} }},\n]\n\
         correction = [\n  {{ quote = \"omega3\", reading = {}, reason = {} }},\n]\nstructure = [\n\
         {{ at = \"p1\", kind = \"heading\", level = 2 }},\n\
         {{ at = \"p2\", kind = \"question\", number = {}, refs = {{ {} = {} }} }},\n\
         {{ at = \"p3-p4\", kind = \"speech\", speaker = {}, role = {} }},\n\
         {{ at = \"p5\", kind = \"narrative\" }},\n]\n",
        w.name(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.toml(),
        w.name(),
        w.toml()
    )
}

fn term(w: &mut Words) -> String {
    format!(
        "term = {}\nkind = \"body\"\nforms = [\"alpha4\"]\nmark = \"all\"\n\
         [[sense]]\nid = \"one\"\nname = {}\nfrom = 2005\nuntil = 2010\ndefinition = {}\nsources = [{{ title = {} }}]\n\
         [[sense]]\nid = \"two\"\nfrom = 2011\ndefinition = {}\n",
        quoted(&format!("alpha5 {}", w.plain())),
        w.toml(),
        w.prose(),
        w.toml(),
        w.prose()
    )
}

fn relations(w: &mut Words, lines: &[String]) -> [(&'static str, String); 3] {
    let topic = format!(
        "title = {}\nscope = {}\n[[passage]]\ntext = \"a\"\nquote = {}\nwhy = {}\n",
        w.toml(),
        w.prose(),
        quoted(&lines[2]),
        w.prose()
    );
    let link = format!(
        "title = {}\nrelation = \"answers\"\nnote = {}\nby = {}\n[[end]]\ntext = \"a\"\nquote = {}\n[[end]]\ntext = \"a\"\nquote = {}\n",
        w.toml(),
        w.prose(),
        w.name(),
        quoted(&lines[0]),
        quoted(&lines[4])
    );
    let contributor = format!(
        "name = {}\naffiliation = {}\nrole = {}\nurl = \"https://good.example/\"\n",
        w.toml(),
        w.toml(),
        w.toml()
    );
    [
        ("annotations/topics/work.toml", topic),
        ("annotations/links/one.toml", link),
        ("annotations/contributors/editors.toml", contributor),
    ]
}
