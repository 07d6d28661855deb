//! Settings of servers that somebody runs: nginx, Caddy, Apache.

use std::fmt::Write as _;

use super::{ASK_AGAIN, FOR_EVER, TYPES, Table, UNKNOWN, has_charset, is_packed, kind};

/// Where the site is taken to lie on the server; the name of its host. Both are the publisher's to write.
const FOLDER: &str = "/srv/archive/public";
const NAME: &str = "archive.example.org";

/// What stands above all of them.
fn head(server: &str, place: &str) -> String {
    format!(
        "# How {server} serves a site of postil. {place}\n# Write the name of your host for `{NAME}`, and where the \
         site lies for `{FOLDER}`.\n# Written by `postil init --host {}`, from the archive as it was then: which raw \
         texts are\n# not in UTF-8, and where old addresses lead. Write it anew when these change.\n\n",
        server.to_ascii_lowercase()
    )
}

/// Types in the order of the table, each with its endings.
fn types(chosen: impl Fn(&str) -> bool) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for (ending, kind) in TYPES.iter().filter(|(_, kind)| chosen(kind)) {
        match out.iter_mut().find(|(known, _)| known == kind) {
            Some((_, endings)) => endings.push(ending),
            None => out.push((kind, vec![ending])),
        }
    }
    out
}

/// A value in double quotes. No header of the table holds one.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', ""))
}

/// Words in which no sign means more than itself, in a regular expression of PCRE.
fn literal(words: &str) -> String {
    words
        .chars()
        .flat_map(|c| (!c.is_alphanumeric() && c != '/').then_some('\\').into_iter().chain([c]))
        .collect()
}

/// The kinds of hashed files, as a class of a regular expression.
fn hashed() -> String {
    postil_search::files::KINDS.iter().collect()
}

/// A file for `/etc/nginx/conf.d/`.
pub fn nginx(table: &Table) -> String {
    let root = &table.root;
    let mut out = head("nginx", "It belongs into `/etc/nginx/conf.d/`.");
    let mut map = |name: &str, default: &str, rows: Vec<(String, String)>| {
        let _ = writeln!(out, "map $uri ${name} {{\n    default {};", quoted(default));
        rows.iter().for_each(|(key, value)| _ = writeln!(out, "    {} {};", quoted(key), quoted(value)));
        out.push_str("}\n");
    };
    let for_ever = vec![(format!("~^{}search/[{}]/", literal(root), hashed()), FOR_EVER.to_owned())];
    map("postil_cache", ASK_AGAIN, for_ever);
    let charset = |(address, charset): &(String, String)| match address.ends_with('/') {
        true => (format!("~^{}", literal(&format!("{root}{address}"))), charset.clone()),
        false => (format!("{root}{address}"), charset.clone()),
    };
    map("postil_charset", "utf-8", table.charsets.iter().map(charset).collect());
    map("postil_moved", "", table.moves().collect());
    let _ = write!(out, "\nserver {{\n    listen 80;\n    listen [::]:80;\n    server_name {NAME};\n\n");
    if root == "/" {
        let _ = writeln!(out, "    location / {{\n        root {FOLDER};");
    } else {
        let _ = writeln!(
            out,
            "    location = {} {{\n        return 301 {root};\n    }}\n",
            root.trim_end_matches('/')
        );
        let _ = writeln!(out, "    location {root} {{\n        alias {FOLDER}/;");
    }
    out.push_str("        index index.html;\n");
    let _ = writeln!(out, "        error_page 404 {root}404.html;");
    out.push_str(
        "        if ($postil_moved) {\n            return 301 $postil_moved;\n        }\n\n        types {\n",
    );
    for (kind, endings) in types(|_| true) {
        let _ = writeln!(out, "            {kind} {};", endings.join(" "));
    }
    let _ = writeln!(out, "        }}\n        default_type {UNKNOWN};\n        charset $postil_charset;");
    let list = |chosen: fn(&str) -> bool| {
        let kinds = types(|kind| chosen(kind) && kind != "text/html");
        kinds.iter().map(|(kind, _)| *kind).collect::<Vec<_>>().join(" ")
    };
    let _ = writeln!(
        out,
        "        charset_types {};\n        gzip on;\n        gzip_vary on;",
        list(has_charset)
    );
    let _ = writeln!(out, "        gzip_types {};\n", list(is_packed));
    for (name, value) in table.headers() {
        let _ = writeln!(out, "        add_header {name} {} always;", quoted(&value));
    }
    out.push_str("        add_header Cache-Control $postil_cache always;\n    }\n}\n");
    out
}

/// A `Caddyfile`.
pub fn caddy(table: &Table) -> String {
    let root = &table.root;
    let mut out = head("Caddy", "It is a `Caddyfile`, or a part of one.");
    let _ = writeln!(out, "{NAME} {{\n\troot * {FOLDER}\n\tencode zstd gzip\n\theader {{");
    for (name, value) in table.headers() {
        let _ = writeln!(out, "\t\t{name} {}", quoted(&value));
    }
    let _ = writeln!(out, "\t\t?Cache-Control {ASK_AGAIN}\n\t}}");
    let folders: Vec<String> = super::hashed().map(|folder| format!("{root}{folder}*")).collect();
    let _ = writeln!(out, "\t@hashed path {}", folders.join(" "));
    let _ = writeln!(out, "\theader @hashed Cache-Control {}", quoted(FOR_EVER));
    let special: Vec<&str> = table.charsets.iter().map(|(address, _)| address.as_str()).collect();
    for (number, (of, endings)) in types(|_| true).into_iter().enumerate() {
        let paths: Vec<String> = endings.iter().map(|ending| format!("*.{ending}")).collect();
        let _ = writeln!(out, "\t@type{number} {{\n\t\tpath {}", paths.join(" "));
        for address in special.iter().filter(|_| of == "text/plain") {
            let below = if address.ends_with('/') { "*" } else { "" };
            let _ = writeln!(out, "\t\tnot path {}", quoted(&format!("{root}{address}{below}")));
        }
        let _ = writeln!(
            out,
            "\t}}\n\theader @type{number} Content-Type {}",
            quoted(&kind(&format!(".{}", endings[0])))
        );
    }
    for (number, (address, charset)) in table.charsets.iter().enumerate() {
        let below = if address.ends_with('/') { "*" } else { "" };
        let _ = writeln!(out, "\t@charset{number} path {}", quoted(&format!("{root}{address}{below}")));
        let kind = format!("text/plain; charset={charset}");
        let _ = writeln!(out, "\theader @charset{number} Content-Type {}", quoted(&kind));
    }
    for (old, new) in table.moves() {
        let _ = writeln!(out, "\tredir {} {} 301", quoted(&old), quoted(&new));
    }
    if root == "/" {
        out.push_str("\tfile_server\n");
    } else {
        let bare = root.trim_end_matches('/');
        let _ = writeln!(out, "\tredir {bare} {root} 301\n\thandle_path {root}* {{\n\t\tfile_server\n\t}}");
    }
    let _ = writeln!(out, "\thandle_errors {{\n\t\theader Cache-Control {ASK_AGAIN}");
    let _ = writeln!(out, "\t\theader Content-Type {}", quoted(&kind(".html")));
    out.push_str("\t\trewrite * /404.html\n\t\tfile_server\n\t}\n}\n");
    out
}

/// A site of Apache, for `/etc/apache2/sites-available/`.
pub fn apache(table: &Table) -> String {
    let root = &table.root;
    let mut out = head(
        "Apache",
        "It belongs into `/etc/apache2/sites-available/`, with the modules\n# `headers`, `alias`, `mime`, `dir`, \
         `deflate` (`a2enmod`).",
    );
    let _ = writeln!(out, "<VirtualHost *:80>\n    ServerName {NAME}");
    if root == "/" {
        let _ = writeln!(out, "    DocumentRoot \"{FOLDER}\"");
    } else {
        let bare = root.trim_end_matches('/');
        let _ = writeln!(
            out,
            "    RedirectMatch 301 \"^{}$\" \"{root}\"\n    Alias \"{root}\" \"{FOLDER}/\"",
            literal(bare)
        );
    }
    for (old, new) in table.moves() {
        let _ = writeln!(out, "    RedirectMatch 301 \"^{}$\" \"{new}\"", literal(&old));
    }
    let _ = writeln!(
        out,
        "\n    <Directory \"{FOLDER}\">\n        Require all granted\n        Options None\n        AllowOverride None\n        \
         DirectoryIndex index.html\n        ErrorDocument 404 {root}404.html\n        AddDefaultCharset utf-8"
    );
    for (kind, endings) in types(|_| true) {
        let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
        let _ = writeln!(out, "        AddType {kind} {}", endings.join(" "));
        if has_charset(kind) {
            let _ = writeln!(out, "        AddCharset utf-8 {}", endings.join(" "));
        }
    }
    let packed: Vec<&str> = types(is_packed).iter().map(|(kind, _)| *kind).collect();
    let _ = writeln!(out, "        AddOutputFilterByType DEFLATE {}", packed.join(" "));
    for (name, value) in table.headers() {
        let _ = writeln!(out, "        Header always set {name} {}", quoted(&value));
    }
    let _ = writeln!(out, "        Header always set Cache-Control {ASK_AGAIN}\n    </Directory>");
    let _ = writeln!(
        out,
        "\n    <LocationMatch \"^{}search/[{}]/\">\n        Header always set Cache-Control {}\n    </LocationMatch>",
        literal(root),
        hashed(),
        quoted(FOR_EVER)
    );
    for (address, charset) in &table.charsets {
        let end = if address.ends_with('/') { "" } else { "$" };
        let _ = writeln!(
            out,
            "\n    <LocationMatch \"^{}{end}\">\n        ForceType \"text/plain; charset={charset}\"\n    </LocationMatch>",
            literal(&format!("{root}{address}"))
        );
    }
    out.push_str("</VirtualHost>\n");
    out
}
