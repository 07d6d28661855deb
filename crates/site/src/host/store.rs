//! A script that puts a site into a store of objects, such as S3, which keeps type and age with each file.

use std::fmt::Write as _;

use super::{ASK_AGAIN, FOR_EVER, TYPES, Table, kind};

/// A script for the command line of AWS, which speaks to other stores of its kind too (`--endpoint-url`).
///
/// What others name comes before those: hashed files first, pages last, and only then is taken away what is no more.
pub fn s3(table: &Table) -> String {
    let mut out = String::from(
        "#!/bin/sh\n# Puts the site into a bucket of S3 or a store like it: sh deploy-s3.sh s3://BUCKET\n# Other \
         options of `aws` may follow, such as --endpoint-url. Written by `postil init --host s3`.\n# The host in \
         front of the bucket has to show `404.html` for what is not there, and to send these headers:\n",
    );
    for (name, value) in table.headers() {
        let _ = writeln!(out, "#   {name}: {value}");
    }
    out.push_str(
        "set -eu\nbucket=${1:?usage: sh deploy-s3.sh s3://BUCKET [OPTION]...}\nshift\nput() {\n  kind=$1 cache=$2\n  \
         shift 2\n  aws s3 cp public \"$bucket\" --recursive --only-show-errors --content-type \"$kind\" \
         --cache-control \"$cache\" --exclude '*' \"$@\"\n}\n",
    );
    let mut put = |kind: &str, cache: &str, patterns: &[String]| {
        let _ = writeln!(out, "put '{kind}' '{cache}' {} \"$@\"", patterns.join(" "));
    };
    let hashed: Vec<String> = super::hashed().map(|folder| format!("--include '{folder}*'")).collect();
    let not_hashed: Vec<String> = super::hashed().map(|folder| format!("--exclude '{folder}*'")).collect();
    put(&kind(".js"), FOR_EVER, &hashed);
    let known: Vec<String> = TYPES.iter().map(|(ending, _)| format!("--exclude '*.{ending}'")).collect();
    let mut rest = vec!["--include '*'".to_owned(), "--exclude '.postil-manifest'".to_owned()];
    rest.extend(known);
    put(&kind(""), ASK_AGAIN, &rest);
    for (ending, _) in TYPES.iter().rev() {
        let mut patterns = vec![format!("--include '*.{ending}'")];
        if *ending == "js" {
            patterns.extend(not_hashed.iter().cloned());
        }
        put(&kind(&format!(".{ending}")), ASK_AGAIN, &patterns);
    }
    for (address, charset) in &table.charsets {
        let below = if address.ends_with('/') { "*" } else { "" };
        put(&format!("text/plain; charset={charset}"), ASK_AGAIN, &[format!("--include '{address}{below}'")]);
    }
    out.push_str(
        "aws s3 sync public \"$bucket\" --delete --size-only --only-show-errors --exclude .postil-manifest \"$@\"\n",
    );
    out
}
