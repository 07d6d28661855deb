//! A new archive, small and ready to build: one text, and one of everything
//! that can be said about it. Each file shows by example what it is for.

use super::File;

/// The files of a new archive.
pub fn files() -> Vec<File> {
    let file = |(path, text): (&str, &str)| File { path: path.to_owned(), text: text.to_owned() };
    FILES.into_iter().map(file).collect()
}

const FILES: [(&str, &str); 13] = [
    ("postil.toml", include_str!("starter/postil.toml")),
    ("README.md", include_str!("starter/README.md")),
    (".gitignore", include_str!("starter/gitignore")),
    (".gitattributes", include_str!("starter/gitattributes")),
    ("netlify.toml", include_str!("starter/netlify.toml")),
    (".github/workflows/check.yml", include_str!("starter/check.yml")),
    (".github/pull_request_template.md", include_str!("starter/pull_request_template.md")),
    ("content/speeches/1863-11-19-gettysburg.txt", include_str!("starter/gettysburg.txt")),
    ("content/speeches/1863-11-19-gettysburg.toml", include_str!("starter/gettysburg.toml")),
    ("content/pages/about.md", include_str!("starter/about.md")),
    ("annotations/speeches/1863-11-19-gettysburg/created-equal.md", include_str!("starter/created-equal.md")),
    ("annotations/glossary/score.toml", include_str!("starter/score.toml")),
    ("annotations/topics/equality.toml", include_str!("starter/equality.toml")),
];
