//! A new archive, small and ready to build: one text, and one of everything
//! that can be said about it. Each file shows by example what it is for.
//! And what services need that build a site from its repository.

use super::File;

/// A service that builds and publishes what lies in a repository, by a file in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Netlify.
    Netlify,
    /// Cloudflare Pages.
    Cloudflare,
    /// GitHub Pages.
    GitHub,
    /// GitLab Pages.
    GitLab,
}

/// The file of a service, which gets postil in this version.
pub fn of_service(service: Service, version: &str) -> File {
    let (path, text) = match service {
        Service::Netlify => ("netlify.toml", include_str!("starter/netlify.toml")),
        Service::Cloudflare => ("wrangler.toml", include_str!("starter/wrangler.toml")),
        Service::GitHub => (".github/workflows/publish.yml", include_str!("starter/publish.yml")),
        Service::GitLab => (".gitlab-ci.yml", include_str!("starter/gitlab-ci.yml")),
    };
    File { path: path.to_owned(), text: filled(text, version) }
}

/// The files of a new archive; `publish` says in its README how it is published.
pub fn files(version: &str, publish: &str) -> Vec<File> {
    let text = |text: &str| filled(&text.replace("{{publish}}", publish), version);
    FILES.into_iter().map(|(path, words)| File { path: path.to_owned(), text: text(words) }).collect()
}

/// How the program comes to where it is needed: ready made, or else compiled.
fn filled(text: &str, version: &str) -> String {
    let compile = format!("cargo install --locked --version {version} postil");
    text.replace("{{pipx}}", &format!("pipx install postil=={version} || {compile}"))
        .replace("{{pip}}", &format!("(pip install postil=={version} || {compile})"))
}

const FILES: [(&str, &str); 12] = [
    ("postil.toml", include_str!("starter/postil.toml")),
    ("README.md", include_str!("starter/README.md")),
    (".gitignore", include_str!("starter/gitignore")),
    (".gitattributes", include_str!("starter/gitattributes")),
    (".github/workflows/check.yml", include_str!("starter/check.yml")),
    (".github/pull_request_template.md", include_str!("starter/pull_request_template.md")),
    ("content/speeches/1863-11-19-gettysburg.txt", include_str!("starter/gettysburg.txt")),
    ("content/speeches/1863-11-19-gettysburg.toml", include_str!("starter/gettysburg.toml")),
    ("content/pages/about.md", include_str!("starter/about.md")),
    ("annotations/speeches/1863-11-19-gettysburg/created-equal.md", include_str!("starter/created-equal.md")),
    ("annotations/glossary/score.toml", include_str!("starter/score.toml")),
    ("annotations/topics/equality.toml", include_str!("starter/equality.toml")),
];
