//! Scripts as readers load them: without comments and white space, with short
//! names for what only the script itself can see, numbers in place of names for
//! numbers, one `let` for several, `!0` for `true`, `.5` for `0.5`, and no parentheses
//! around a single parameter.
//!
//! Every reader who searches loads the engine, over half of which is comments,
//! indentation and long names. This knows the part of JavaScript that our own
//! scripts are written in, and no more: strict mode, `const`, `let`, arrow
//! functions and `function`s, a semicolon at the end of each statement; no
//! `class`, methods in literals, labels, nor `eval`. A word is renamed
//! only where it is bound within the script, and not by `var`; names of
//! properties never are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Words of the language, never names.
const RESERVED: &str = " await break case catch class const continue debugger default delete do else export extends false \
    finally for function if import in instanceof let new null of return static super switch this throw true try typeof var \
    void while with yield async get set arguments eval undefined NaN Infinity ";

/// Letters of short names, the more frequent in scripts first, for the sake of compression.
const LETTERS: &[u8] = b"etnraoisclufdphmgbvywxkjqzETNRAOISCLUFDPHMGBVYWXKJQZ_$";

/// A script made small: the same tokens, but for the names of what it binds.
pub(crate) fn minify(script: &str) -> String {
    let tokens = lex(script);
    let mut texts = shortened(&tokens);
    // A parameter that stands alone needs no parentheses.
    for (at, four) in tokens.windows(4).enumerate() {
        if four[1].kind == Kind::Word && [four[0].text, four[2].text, four[3].text] == ["(", ")", "=>"] {
            texts[at] = Some(String::new());
            texts[at + 2] = Some(String::new());
        }
    }
    let (tokens, texts): (Vec<_>, Vec<_>) =
        tokens.into_iter().zip(texts).filter(|(_, text)| text.as_deref() != Some("")).unzip();
    write(&tokens, &texts)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A name or a word of the language.
    Word,
    /// A number, a string, a regular expression, a template without values.
    Literal,
    /// `{`, `(`, `[`, or a template up to its next value.
    Open,
    /// `}`, `)`, `]`, or a template's end.
    Close,
    /// A template between two values: closes one, opens the next.
    Between,
    /// Anything else.
    Sign,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
}

// ---- Tokens ----

/// Signs of more than one character; the longer first.
const SIGNS: [&str; 26] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=",
    ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "**",
];

fn lex(script: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    // For each bracket that is open, whether it is a value in a template.
    let mut open: Vec<bool> = Vec::new();
    let mut at = 0;
    while let Some(c) = script[at..].chars().next() {
        let rest = &script[at..];
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            continue;
        }
        let (kind, length) = match c {
            '`' => match template(rest) {
                (length, true) => (Kind::Literal, length),
                (length, false) => (Kind::Open, length),
            },
            '}' if open.last() == Some(&true) => match template(rest) {
                (length, true) => (Kind::Close, length),
                (length, false) => (Kind::Between, length),
            },
            '{' | '(' | '[' => (Kind::Open, 1),
            '}' | ')' | ']' => (Kind::Close, 1),
            '"' | '\'' => (Kind::Literal, quoted(rest, c)),
            '/' if is_pattern(tokens.last()) => (Kind::Literal, pattern(rest)),
            c if c.is_ascii_digit() => (Kind::Literal, run(rest, |c| c == '.' || is_of_name(c))),
            c if is_of_name(c) => (Kind::Word, run(rest, is_of_name)),
            c => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                (Kind::Sign, sign.map_or(c.len_utf8(), |sign| sign.len()))
            }
        };
        match kind {
            Kind::Open => open.push(c == '`'),
            Kind::Close => drop(open.pop()),
            _ => {}
        }
        tokens.push(Token { kind, text: &rest[..length] });
        at += length;
    }
    tokens
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// Length of a string, with its quotation marks.
fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == mark && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// Length of a template from a backtick or the end of a value, to its end (then true) or to the
/// next value, with the marks on both sides.
fn template(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => return (at + 1, true),
            b'$' if bytes.get(at + 1) == Some(&b'{') => return (at + 2, false),
            _ => {}
        }
        at += 1;
    }
    (text.len(), true)
}

/// Whether a slash begins a regular expression here; otherwise it divides.
fn is_pattern(before: Option<&Token<'_>>) -> bool {
    before.is_none_or(|token| match token.kind {
        Kind::Word => {
            matches!(token.text, "return" | "typeof" | "case" | "in" | "of" | "await" | "void" | "else")
        }
        Kind::Literal | Kind::Close => false,
        Kind::Open | Kind::Between | Kind::Sign => true,
    })
}

/// Length of a regular expression with its flags.
fn pattern(text: &str) -> usize {
    let (mut escaped, mut class) = (false, false);
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == '/' && !escaped && !class;
        match c {
            '[' if !escaped => class = true,
            ']' if !escaped => class = false,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        ends
    });
    let end = end.map_or(text.len(), |(at, _)| at + 1);
    end + run(&text[end..], char::is_alphabetic)
}

// ---- Names ----

/// What stands where, as far as names need it.
struct Shape<'t> {
    tokens: &'t [Token<'t>],
    /// For each bracket its other one; for all else itself.
    mate: Vec<usize>,
    /// The bracket that a token stands in; the number of tokens at the top.
    inside: Vec<usize>,
    /// Whether an opening brace begins a block of statements.
    block: Vec<bool>,
    /// Whether a name is bound here.
    binder: Vec<bool>,
    /// The bracket in which it is declared, if it is no parameter.
    declared: Vec<Option<usize>>,
}

/// What is written in place of each token: a short name, the number that a name stands for, or
/// nothing where such a name is declared; none for what stays as it is.
fn shortened(tokens: &[Token<'_>]) -> Vec<Option<String>> {
    let shape = Shape::of(tokens);
    let mut variables: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
    let mut names: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in (0..tokens.len()).filter(|&at| shape.is_name(at)) {
        names.entry(tokens[at].text).or_default().push(at);
    }
    let all = names.keys().copied().collect::<BTreeSet<&str>>();
    for places in names.values() {
        shape.variables(None, places, &mut variables);
    }
    let renamed: BTreeSet<usize> = variables.iter().flat_map(|(_, places)| places.iter().copied()).collect();
    let kept: BTreeSet<&str> =
        all.into_iter().filter(|name| names[name].iter().any(|at| !renamed.contains(at))).collect();

    // What ends first comes first, in order: functions then bear much the same names, which compress.
    variables.sort_by_key(|(range, places)| (range.end, places[0]));
    let mut taken: Vec<(Range<usize>, Vec<usize>, String)> = Vec::new();
    let mut new = vec![None; tokens.len()];
    for (range, places) in variables {
        let mut put = |name: &str| {
            for &at in &places {
                let key =
                    if shape.is_shorthand(at) { format!("{}:", tokens[at].text) } else { String::new() };
                new[at] = Some(key + name);
            }
        };
        if let Some((declaration, number)) = shape.number(&places) {
            put(number);
            new[declaration].fill(Some(String::new()));
            continue;
        }
        let is_free = |name: &str| {
            !kept.contains(name)
                && !RESERVED.contains(&format!(" {name} "))
                && taken.iter().all(|(other, theirs, used)| {
                    used != name
                        || !theirs.iter().any(|at| range.contains(at))
                            && !places.iter().any(|at| other.contains(at))
                })
        };
        let name = (0..).map(short).find(|name| is_free(name)).expect("there is no end of names");
        put(&name);
        taken.push((range, places, name));
    }
    new
}

/// The short name with a number.
fn short(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        name.push(LETTERS[number % LETTERS.len()] as char);
        if number < LETTERS.len() {
            return name;
        }
        number = number / LETTERS.len() - 1;
    }
}

impl<'t> Shape<'t> {
    fn of(tokens: &'t [Token<'t>]) -> Self {
        let count = tokens.len();
        let mut shape = Self {
            tokens,
            mate: (0..count).collect(),
            inside: vec![count; count],
            block: vec![false; count],
            binder: vec![false; count],
            declared: vec![None; count],
        };
        let mut open: Vec<usize> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let ends = matches!(token.kind, Kind::Close | Kind::Between);
            if ends && let Some(begin) = open.pop() {
                (shape.mate[begin], shape.mate[at]) = (at, begin);
            }
            shape.inside[at] = open.last().copied().unwrap_or(count);
            if matches!(token.kind, Kind::Open | Kind::Between) {
                shape.block[at] = token.text == "{" && shape.begins_block(at);
                open.push(at);
            }
        }
        for (at, token) in tokens.iter().enumerate() {
            match token.text {
                "=>" if shape.is(at - 1, ")") => shape.bind(shape.mate[at - 1] + 1..at - 1, None),
                "=>" => shape.bind(at - 1..at, None),
                "catch" if shape.is(at + 1, "(") && shape.is(at - 1, "}") => {
                    shape.bind(at + 2..shape.mate[at + 1], None)
                }
                "function" => {
                    let named = usize::from(tokens[at + 1].kind == Kind::Word);
                    shape.bind(at + 1..at + 1 + named, Some(shape.inside[at]));
                    shape.bind(at + 2 + named..shape.mate[at + 1 + named], None);
                }
                "const" | "let" => shape.declarations(at, shape.inside[at]),
                // Seen beyond its block: left as it is everywhere.
                "var" => shape.declarations(at, count),
                _ => {}
            }
        }
        shape
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.text == text)
    }

    /// Whether an opening brace at a place begins statements rather than a literal or a pattern.
    fn begins_block(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        match self.tokens[before].text {
            ")" | "=>" | ";" | "else" | "try" | "finally" | "do" | "catch" => true,
            "{" | "}" => self.inside[at] == self.tokens.len() || self.block[self.inside[at]],
            _ => false,
        }
    }

    /// Binds the names of a pattern or of parameters.
    fn bind(&mut self, range: Range<usize>, declared: Option<usize>) {
        for at in range.clone() {
            let begins =
                at == range.start || matches!(self.tokens[at - 1].text, "(" | "," | "{" | "[" | "..." | ":");
            let ends = at + 1 == range.end || matches!(self.tokens[at + 1].text, ")" | "," | "}" | "]" | "=");
            if self.is_name(at) && begins && ends {
                self.binder[at] = true;
                self.declared[at] = declared;
            }
        }
    }

    /// Binds what `const`, `let` or `var` at a place declares inside a bracket.
    fn declarations(&mut self, at: usize, inside: usize) {
        let mut next = at + 1;
        loop {
            let end = self.mate[next] + 1;
            self.bind(next..end, Some(inside));
            // On to the comma before the next, if there is one.
            next = end;
            while next < self.tokens.len() && !matches!(self.tokens[next].text, "," | ";" | "of" | "in") {
                if self.tokens[next].kind == Kind::Close {
                    return;
                }
                next = self.past(next);
            }
            if !self.is(next, ",") {
                return;
            }
            next += 1;
        }
    }

    /// The token after this one, or after the bracket that it opens.
    fn past(&self, mut at: usize) -> usize {
        while matches!(self.tokens[at].kind, Kind::Open | Kind::Between) && self.mate[at] > at {
            at = self.mate[at];
        }
        at + 1
    }

    /// Whether a token is a name that may be bound: no word of the language, property or key.
    fn is_name(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let before = at.checked_sub(1).map_or("", |before| self.tokens[before].text);
        let is_key = self.is_in_literal(at) && matches!(before, "{" | ",") && self.is(at + 1, ":");
        let is_property = matches!(before, "." | "?.") || is_key;
        token.kind == Kind::Word && !is_property && !RESERVED.contains(&format!(" {} ", token.text))
    }

    /// Whether a token stands directly in a literal or a pattern with keys.
    fn is_in_literal(&self, at: usize) -> bool {
        let inside = self.inside[at];
        inside < self.tokens.len() && self.tokens[inside].text == "{" && !self.block[inside]
    }

    /// Whether a name is its own key: `{ name }`.
    fn is_shorthand(&self, at: usize) -> bool {
        self.is_in_literal(at)
            && matches!(self.tokens[at - 1].text, "{" | ",")
            && matches!(self.tokens[at + 1].text, "}" | "," | "=")
    }

    /// The declaration of a variable that only ever stands for a number written out, and that number.
    fn number(&self, places: &[usize]) -> Option<(Range<usize>, &'t str)> {
        let name = *places.iter().find(|&&at| self.binder[at])?;
        let number = self.tokens.get(name + 2)?;
        let is_number = number.kind == Kind::Literal && number.text.starts_with(|c: char| c.is_ascii_digit());
        let stands = self.is(name - 1, "const") && self.is(name + 1, "=") && self.is(name + 3, ";");
        let is_plain = !places.iter().any(|&at| self.is(at + 1, "."));
        (is_number && stands && is_plain).then_some((name - 1..name + 4, number.text))
    }

    /// Tells apart the variables that bear one name, given the places of the name
    /// within a block: each with the tokens among which its name must be its own.
    fn variables(&self, block: Option<usize>, places: &[usize], out: &mut Vec<(Range<usize>, Vec<usize>)>) {
        let own = block.unwrap_or(self.tokens.len());
        let range = block.map_or(0..self.tokens.len(), |open| open..self.mate[open] + 1);
        let declares = |&at: &usize| self.declared[at] == Some(own);
        if places.iter().any(declares) {
            // What the whole script declares, other scripts may see.
            if block.is_some() {
                out.push((range, places.to_vec()));
            }
            return;
        }
        let mut rest = places;
        while let Some(&first) = rest.first() {
            let statement = self.statement(first, own, &range);
            let (here, others) = rest.split_at(rest.partition_point(|&at| at < statement.end));
            rest = others;
            match self.inner_block(here, own) {
                Some(inner) => self.variables(Some(inner), here, out),
                None if here.iter().any(|&at| self.binder[at]) => out.push((statement, here.to_vec())),
                None => {}
            }
        }
    }

    /// The statement, directly in a block, that a token belongs to.
    fn statement(&self, at: usize, own: usize, block: &Range<usize>) -> Range<usize> {
        let mut start = if own == self.tokens.len() { block.start } else { own + 1 };
        let mut here = start;
        while here < block.end {
            let next = self.past(here);
            let ends = self.is(here, ";") && !self.is(next, "else")
                || self.is(here, "{")
                    && self.block[here]
                    && self.begins_statement(start)
                    && !self.goes_on(next);
            if ends {
                if at < next {
                    return start..next;
                }
                start = next;
            }
            here = next;
        }
        start..block.end
    }

    /// Whether a statement ends with its block rather than with a semicolon.
    fn begins_statement(&self, at: usize) -> bool {
        matches!(self.tokens[at].text, "function" | "for" | "if" | "while" | "try" | "async" | "else")
    }

    fn goes_on(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| match token.kind {
            Kind::Word => matches!(token.text, "else" | "catch" | "finally" | "in" | "instanceof"),
            Kind::Sign => !matches!(token.text, ";" | "++" | "--"),
            _ => false,
        })
    }

    /// The outermost block, below another, that all of these places stand in.
    fn inner_block(&self, places: &[usize], own: usize) -> Option<usize> {
        let outermost = |&at: &usize| {
            let mut inside = self.inside[at];
            let mut found = None;
            while inside != own && inside < self.tokens.len() {
                if self.block[inside] {
                    found = Some(inside);
                }
                inside = self.inside[inside];
            }
            found
        };
        let first = outermost(&places[0])?;
        places.iter().all(|at| outermost(at) == Some(first)).then_some(first)
    }
}

// ---- Writing ----

fn write(tokens: &[Token<'_>], texts: &[Option<String>]) -> String {
    let mut out = String::new();
    // For each bracket that is open, whether the statement within it declares names.
    let mut declares = vec![false];
    let mut rest = tokens.iter().enumerate();
    while let Some((at, token)) = rest.next() {
        let next = tokens.get(at + 1).map_or("", |next| next.text);
        let before = at.checked_sub(1).map_or("", |before| tokens[before].text);
        let is_spare = match token.text {
            // The empty body of a loop has its semicolon after a parenthesis.
            ";" => next.starts_with('}') && (before != ")" || is_call(tokens, at)),
            "," => matches!(next, "}" | "]" | ")") && !matches!(before, "," | "["),
            _ => false,
        };
        if is_spare {
            continue;
        }
        match token.kind {
            Kind::Open => declares.push(false),
            Kind::Close => drop(declares.pop()),
            _ => {}
        }
        let declaring = declares.last_mut().expect("each bracket closes one that is open");
        let is_property = before.ends_with('.') || next == ":" && matches!(before, "{" | ",");
        let text = match token.text {
            "true" if !is_property => "!0",
            "false" if !is_property => "!1",
            "undefined" if !is_property => "void 0",
            // Nothing assigns to what was written with `const`: `let` says as much in less.
            "const" | "let" => {
                *declaring = true;
                "let"
            }
            ";" if *declaring && matches!(next, "const" | "let") => {
                rest.next();
                ","
            }
            ";" => {
                *declaring = false;
                ";"
            }
            own => texts[at].as_deref().unwrap_or(own),
        };
        // Not after a question mark, where an optional property would begin.
        let text = if text.starts_with("0.") && !before.ends_with('?') { &text[1..] } else { text };
        let touch =
            |c: char, d: char| is_of_name(c) && is_of_name(d) || c == d && matches!(c, '+' | '-' | '/');
        if let (Some(last), Some(first)) = (out.chars().next_back(), text.chars().next())
            && touch(last, first)
        {
            out.push(' ');
        }
        out.push_str(text);
    }
    out.push('\n');
    out
}

/// Whether the parenthesis before a semicolon is not the head of a loop or a condition.
fn is_call(tokens: &[Token<'_>], semicolon: usize) -> bool {
    let mut depth = 0_usize;
    for at in (0..semicolon).rev() {
        match tokens[at].kind {
            Kind::Close => depth += 1,
            Kind::Open => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let before = at.checked_sub(1).map_or("", |before| tokens[before].text);
            return !matches!(before, "for" | "while" | "if");
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_comments_go() {
        fn check(script: &str, expected: &str) {
            assert_eq!(minify(script), format!("{expected}\n"));
        }
        check("", "");
        check(
            "\"use strict\";\n\n// A word.\nself.a = 1; /* two\nlines */ self.b = 2;",
            "\"use strict\";self.a=1;self.b=2;",
        );
        check("a + +b; a - -b; a++ + b;", "a+ +b;a- -b;a++ +b;");
        check("return typeof x;", "return typeof x;");
        check("x = 'it\\'s // no comment';", "x='it\\'s // no comment';");
        check("x = a / b / c; y = /[/\"]\\/ */u.test(a) / 2;", "x=a/b/c;y=/[/\"]\\/ */u.test(a)/2;");
        check("f({ a: 1, }, [1, 2,], [1, ,],);", "f({a:1},[1,2],[1,,]);");
        check("if (a) { b(); } for (; a; ) { ; }", "if(a){b()}for(;a;){}");
        check("{ while (next()); }", "{while(next());}");
        check("x = `a  ${ b + `c ${ d } ` } e`;", "x=`a  ${b+`c ${d} `} e`;");
        check(
            "const a = () => { let b = 1; b++; }; const c = 2; f(); const d = 3;",
            "let a=()=>{let e=1;e++},c=2;f();let d=3;",
        );
        check("for (let i = 0; i < 2; i++) { const a = i; }", "for(let e=0;e<2;e++){let t=e}");
        check("if (a === undefined) return true;", "if(a===void 0)return!0;");
        check("a = 0.5 * b; c = d ? 0.5 : 10.5;", "a=.5*b;c=d?0.5:10.5;");
        check("{ const half = 0.5; return half; }", "{return.5}");
        check(
            "f({ true: b.false, c: d ? true : false, e: \"true\" });",
            "f({true:b.false,c:d?!0:!1,e:\"true\"});",
        );
    }

    #[test]
    fn what_a_script_binds_gets_short_names() {
        fn check(script: &str, expected: &str) {
            assert_eq!(minify(script), format!("{expected}\n"));
        }
        check("((search) => { search.find = 1; })(self.search);", "(e=>{e.find=1})(self.search);");
        check("f((one) => one, (two) => two);", "f(e=>e,t=>t);");
        check("{ const long = f(); g(long, free); }", "{let e=f();g(e,free)}");
        check(
            "{ const { a, b: c, d = a } = f(); g({ a, c, d: d.a }); }",
            "{let{a:e,b:t,d:n=e}=f();g({a:e,c:t,d:n.a})}",
        );
        check(
            "{ function add(first, second) { return first + second; } add(1, 2); }",
            "{function n(e,t){return e+t}n(1,2)}",
        );
        check("{ for (const [key, value] of all) f(key, value); key; }", "{for(let[e,t]of all)f(e,t);key}");
        check("{ try { f(); } catch (error) { g(error); } }", "{try{f()}catch(e){g(e)}}");
        check(
            "{ const many = 12; const x = many; f({ many, x: many + 1 }); }",
            "{let e=12;f({many:12,x:12+1})}",
        );
        check("{ let one = 1, two = f(one, 2); g(`${two} one`); }", "{let e=1,t=f(e,2);g(`${t} one`)}");
        check("{ for (const x of xs) y = x ? () => { g(); } : x; }", "{for(let e of xs)y=e?()=>{g()}:e}");
        check("{ for (const x of xs) if (x) f(x); else g(x); }", "{for(let e of xs)if(e)f(e);else g(e)}");
        check("{ f(x ? one : two, (one) => one); }", "{f(x?e:two,e=>e)}");
    }

    #[test]
    fn a_name_that_others_see_stays() {
        fn check(script: &str) {
            assert_eq!(minify(script), format!("{script}\n"));
        }
        check("let shared=1;function call(){return shared}");
        check("self.postilSearch={};location.href=document.title;");
        check("f({key:1,other:g(2)});x.key.other;");
        check("{var one=1,two=2;f(one,()=>two)}");
    }

    /// A name that is renamed in one place and left in another was bound where this did not see it.
    #[test]
    fn in_our_scripts_no_name_is_bound_here_and_free_there() {
        let engine = concat!(
            include_str!("engine/words.js"),
            include_str!("engine/parts.js"),
            include_str!("engine/query.js"),
            include_str!("engine/passages.js"),
            include_str!("engine/find.js"),
        );
        let scripts = [
            engine,
            include_str!("../../themes/default/assets/endpoint.js"),
            include_str!("../../themes/default/assets/postil.js"),
            include_str!("../../themes/default/assets/search.js"),
            include_str!("../../themes/default/assets/suggest.js"),
        ];
        for script in scripts {
            let tokens = lex(script);
            let shape = Shape::of(&tokens);
            let new = shortened(&tokens);
            let names = (0..tokens.len()).filter(|&at| shape.is_name(at));
            let (renamed, kept): (Vec<usize>, Vec<usize>) = names.partition(|&at| new[at].is_some());
            let text = |places: Vec<usize>| places.iter().map(|&at| tokens[at].text).collect::<BTreeSet<_>>();
            let (renamed, kept) = (text(renamed), text(kept));
            // What this does not know: classes, methods in literals, eval.
            let inside = |at: usize| shape.is_in_literal(at) && matches!(tokens[at - 1].text, "{" | ",");
            let is_method = |at: usize| inside(at) && tokens[at].kind == Kind::Word && shape.is(at + 1, "(");
            let is_odd = |at: usize| match tokens[at].text {
                "class" | "eval" | "with" => !shape.is(at + 1, ":") && !shape.is(at - 1, "."),
                _ => is_method(at),
            };
            let odd = (1..tokens.len()).filter(|&at| is_odd(at));
            assert_eq!(odd.map(|at| tokens[at].text).collect::<Vec<_>>(), [""; 0]);
            assert_eq!(renamed.intersection(&kept).collect::<Vec<_>>(), [""; 0].iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_name_is_taken_twice_where_both_are_seen() {
        // Every inner function sees the outer names: all must differ.
        let names: Vec<String> = (0..200).map(|i| format!("name{i}")).collect();
        let declared = names.iter().map(|name| format!("const {name} = f();")).collect::<String>();
        let script = format!("{{ {declared} g((inner) => [inner, {}]); }}", names.join(", "));
        let small = minify(&script);
        let list = &small[small.find("=>[").unwrap() + 3..small.rfind(']').unwrap()];
        let used: BTreeSet<&str> = list.split(',').collect();
        assert_eq!(used.len(), 201, "{small}");
    }
}
