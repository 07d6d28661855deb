//! The files of one site, as they are written: no path twice.

use postil_archive::archive::path;
use std::collections::BTreeMap;

/// The files put so far, each with what is known about it.
///
/// Kept by folded path, so that two paths which some file system takes for one
/// are seen, and so that going through them is in one order.
#[derive(Debug)]
pub(super) struct Ledger<T> {
    files: BTreeMap<Box<str>, File<T>>,
    /// Folders of the files, folded, with their path.
    folders: BTreeMap<Box<str>, Box<str>>,
}

#[derive(Debug)]
struct File<T> {
    /// The path, if it is not the folded one. Most are, and there may be many.
    path: Option<Box<str>>,
    fact: T,
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self { files: BTreeMap::new(), folders: BTreeMap::new() }
    }
}

impl<T> Ledger<T> {
    /// Enters a file.
    ///
    /// # Errors
    /// What is wrong with the path: no good by itself, or no good beside an earlier one.
    pub(super) fn enter(&mut self, path: &str, fact: T) -> Result<(), String> {
        if let Some(fault) = path::fault(path) {
            return Err(fault.to_owned());
        }
        let folded = path::fold(path);
        if let Some(earlier) = self.files.get(&*folded) {
            let earlier = earlier.path.as_deref().unwrap_or(&folded);
            return Err(format!("clashes with the file `{earlier}`"));
        }
        if let Some(folder) = self.folders.get(&*folded) {
            return Err(format!("clashes with the folder `{folder}`"));
        }
        self.enter_folders(path)?;
        let kept = (*folded != *path).then(|| path.into());
        self.files.insert(folded.into(), File { path: kept, fact });
        Ok(())
    }

    /// What is known of a file that was put.
    pub(super) fn get(&self, path: &str) -> Option<&T> {
        self.files.get(&*path::fold(path)).map(|file| &file.fact)
    }

    fn enter_folders(&mut self, path: &str) -> Result<(), String> {
        for (end, _) in path.rmatch_indices('/') {
            let folder = &path[..end];
            let folded = path::fold(folder);
            match self.folders.get(&*folded) {
                Some(earlier) if **earlier == *folder => return Ok(()),
                Some(earlier) => return Err(format!("clashes with the folder `{earlier}`")),
                None if self.files.contains_key(&*folded) => {
                    return Err(format!("clashes with the file `{folder}`"));
                }
                None => self.folders.insert(folded.into(), folder.into()),
            };
        }
        Ok(())
    }

    /// All files, sorted by path.
    pub(super) fn into_sorted(self) -> Vec<(Box<str>, T)> {
        let mut files: Vec<_> =
            self.files.into_iter().map(|(folded, file)| (file.path.unwrap_or(folded), file.fact)).collect();
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(paths: &[&str], expected: Result<(), &str>) {
        let mut ledger = Ledger::default();
        let result = paths.iter().try_for_each(|path| ledger.enter(path, ()));
        assert_eq!(result, expected.map_err(str::to_owned), "{paths:?}");
    }

    #[test]
    fn no_two_paths_are_one() {
        check(&["a", "b", "c/a", "c/b", "c/d/e"], Ok(()));
        check(&["a", "a"], Err("clashes with the file `a`"));
        check(&["A", "a"], Err("clashes with the file `A`"));
        check(&["é", "e\u{301}"], Err("clashes with the file `é`"));
        check(&["a/b", "a"], Err("clashes with the folder `a`"));
        check(&["a", "a/b"], Err("clashes with the file `a`"));
        check(&["x/a", "X/b"], Err("clashes with the folder `x`"));
        check(&["x/y/a", "x/Y/b"], Err("clashes with the folder `x/y`"));
        check(&["../a"], Err("has a part that is `.` or `..`"));
    }

    #[test]
    fn sorted_by_path_not_by_folded_path() {
        let mut ledger = Ledger::default();
        for (n, path) in ["b", "C", "a/z", "a.b"].into_iter().enumerate() {
            ledger.enter(path, n).unwrap();
        }
        let order: Vec<_> = ledger.into_sorted().into_iter().map(|(path, n)| (path.to_string(), n)).collect();
        assert_eq!(
            order,
            [("C".to_owned(), 1), ("a.b".to_owned(), 3), ("a/z".to_owned(), 2), ("b".to_owned(), 0)]
        );
    }
}
