//! Where a proposal is written: each forge has its own address for a new file.

use postil_archive::archive::{Config, ForgeKind};
use serde::Serialize;

use super::link;

/// A forge with the archive's repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forge {
    kind: ForgeKind,
    /// The repository's address on the web, without a last `/`.
    repository: String,
    /// The branch that changes are proposed for, as a path of an address has it.
    branch: String,
}

/// What a script needs to open the page for a new file: before the folder, behind it, and the names of what is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filling {
    /// The host, as shown.
    pub host: String,
    /// The address up to the folder.
    pub before: String,
    /// What the query begins with; may be empty.
    pub query: &'static str,
    /// What the file's name is called in the query.
    pub name: &'static str,
    /// What its contents are called; empty where a forge takes none from an address.
    pub contents: &'static str,
    /// Longest address that it takes.
    pub longest: usize,
}

impl Forge {
    /// The forge of an archive, if it has one that is known.
    pub fn new(config: &Config) -> Option<Self> {
        let (repository, kind) = (config.repository.clone()?, config.forge?);
        Some(Self { kind, repository, branch: link::relative("", &config.branch) })
    }

    /// The page for a new file, up to the folder in which it is to lie.
    fn before(&self) -> String {
        let way = match self.kind {
            ForgeKind::Github => "new",
            ForgeKind::Gitlab => "-/new",
            ForgeKind::Forgejo => "_new",
            ForgeKind::Bitbucket => "create-file",
        };
        format!("{}/{way}/{}/", self.repository, self.branch)
    }

    /// The page for a new file in this folder.
    pub fn new_file(&self, folder: &str) -> String {
        let query = self.filling().query;
        let query = if query.is_empty() { String::new() } else { format!("?{query}{}", self.branch) };
        format!("{}{}{query}", self.before(), link::relative("", folder))
    }

    /// The same for a script, which fills in name and contents.
    pub fn filling(&self) -> Filling {
        let (query, name, contents) = match self.kind {
            ForgeKind::Github | ForgeKind::Forgejo => ("", "filename", "value"),
            // The editor of GitLab leaves out what an address says of the contents.
            ForgeKind::Gitlab => ("", "file_name", ""),
            ForgeKind::Bitbucket => ("at=", "filename", ""),
        };
        let host = self.repository.split("://").nth(1).and_then(|rest| rest.split('/').next());
        // Servers in front of forges take lines of 8 kB.
        let longest = 8000;
        Filling {
            host: host.unwrap_or_default().to_owned(),
            before: self.before(),
            query,
            name,
            contents,
            longest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forge_has_its_own_address() {
        let check = |kind, branch: &str, expected: &str| {
            let config = Config {
                repository: Some("https://f.example/o/r".to_owned()),
                forge: Some(kind),
                branch: branch.to_owned(),
                ..Config::default()
            };
            let forge = Forge::new(&config).expect("it has one");
            assert_eq!(forge.new_file("annotations/a/b"), expected);
            assert_eq!(forge.filling().host, "f.example");
        };
        check(ForgeKind::Github, "main", "https://f.example/o/r/new/main/annotations/a/b");
        check(ForgeKind::Gitlab, "main", "https://f.example/o/r/-/new/main/annotations/a/b");
        check(
            ForgeKind::Forgejo,
            "next/one two",
            "https://f.example/o/r/_new/next/one%20two/annotations/a/b",
        );
        check(ForgeKind::Bitbucket, "main", "https://f.example/o/r/create-file/main/annotations/a/b?at=main");
        assert_eq!(Forge::new(&Config::default()), None);
    }
}
