//! The output folder is replaced in one step, and nothing else is touched.

use std::fs;
use std::path::{Path, PathBuf};

use postil::output::disk::{self, Disk, Written};
use postil::output::{Refusal, Sink};

/// An archive's folder with its sources, and an output in it.
struct Site {
    root: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for source in ["content", "annotations", "themes"] {
            fs::create_dir(root.path().join(source)).unwrap();
        }
        Self { root }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn begin(&self, output: &str) -> Result<Disk, Refusal> {
        Disk::begin(&self.path(output), self.root.path())
    }

    fn build(&self, files: &[(&str, &str)]) -> Result<Written, Refusal> {
        let disk = self.begin("public")?;
        for (path, text) in files {
            disk.put(path, text.as_bytes()).map_err(Refusal::Machine)?;
        }
        disk.commit()
    }

    /// Every file and empty folder with its text, the manifest left out.
    fn files(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        list(self.root.path(), self.root.path(), &mut found);
        found.sort();
        found
    }

    #[track_caller]
    fn check(&self, expected: &[(&str, &str)]) {
        let mut found = self.files();
        found.retain(|(path, _)| !["annotations/", "content/", "themes/"].contains(&path.as_str()));
        let found: Vec<_> = found.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(found, expected);
    }
}

fn list(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries = fs::read_dir(folder).unwrap().peekable();
    if entries.peek().is_none() {
        found.push((format!("{}/", name(root, folder)), String::new()));
    }
    for entry in entries {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            list(root, &entry.path(), found);
        } else if entry.file_name() != ".postil-manifest" {
            found.push((name(root, &entry.path()), fs::read_to_string(entry.path()).unwrap_or_default()));
        }
    }
}

fn name(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
}

#[track_caller]
fn refused<T>(result: Result<T, Refusal>) -> String {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(refusal) => refusal.to_string(),
    }
}

/// Makes a file a minute younger.
fn touch(path: &Path) {
    let file = fs::File::options().write(true).open(path).unwrap();
    let modified = file.metadata().unwrap().modified().unwrap();
    file.set_modified(modified + std::time::Duration::from_secs(60)).unwrap();
}

#[test]
fn the_second_build_replaces_the_first() {
    let site = Site::new();
    let written =
        site.build(&[("index.html", "one"), ("texts/a.html", "a"), ("texts/b.html", "bb")]).unwrap();
    let all = ["index.html", "texts/a.html", "texts/b.html"].map(str::to_owned).to_vec();
    assert_eq!(written, Written { files: 3, bytes: 6, written: all, removed: Vec::new() });
    let written = site.build(&[("index.html", "two"), ("texts/b.html", "bb"), ("é.html", "c")]).unwrap();
    assert_eq!(written.list(), ".postil-manifest\nindex.html\ntexts/a.html\né.html\n");
    assert_eq!((written.unchanged(), written.removed), (1, vec!["texts/a.html".to_owned()]));
    site.check(&[("public/index.html", "two"), ("public/texts/b.html", "bb"), ("public/é.html", "c")]);
}

#[test]
fn what_is_as_it_was_stays_the_same_file() {
    let site = Site::new();
    let one = [("a", "1"), ("b/c", "2"), ("b/d", "3")];
    site.build(&one).unwrap();
    let old = |path: &str, days: u64| {
        let file = fs::File::options().write(true).open(site.path(path)).unwrap();
        let time = file.metadata().unwrap().modified().unwrap();
        file.set_modified(time - std::time::Duration::from_secs(days * 86_400)).unwrap();
    };
    ["a", "b/c", "b/d"].iter().for_each(|path| old(&format!("public/{path}"), 1));
    let time = |path: &str| site.path(path).metadata().unwrap().modified().unwrap();
    let before = ["public/a", "public/b/c", "public/b/d"].map(time);
    let written = site.build(&[("a", "1"), ("b/c", "other"), ("b/d", "3")]).unwrap();
    assert_eq!((written.list().as_str(), written.unchanged()), (".postil-manifest\nb/c\n", 2));
    assert_eq!((time("public/a"), time("public/b/d")), (before[0], before[2]));
    assert!(time("public/b/c") > before[1]);
    site.check(&[("public/a", "1"), ("public/b/c", "other"), ("public/b/d", "3")]);
    // Where all is as it was, the folder itself stays.
    let folder = time("public/b");
    let written = site.build(&[("a", "1"), ("b/c", "other"), ("b/d", "3")]).unwrap();
    assert_eq!((written.list().as_str(), written.unchanged(), time("public/b")), ("", 3, folder));
    // Somebody writes to a file and makes it look as it did: it is read, and written anew.
    let then = time("public/a");
    site.write("public/a", "X");
    fs::File::options().write(true).open(site.path("public/a")).unwrap().set_modified(then).unwrap();
    let written = site.build(&[("a", "1"), ("b/c", "other"), ("b/d", "3")]).unwrap();
    assert_eq!(written.written, ["a"]);
    site.check(&[("public/a", "1"), ("public/b/c", "other"), ("public/b/d", "3")]);
    // A file that went away is written again.
    fs::remove_file(site.path("public/b/d")).unwrap();
    assert_eq!(site.build(&[("a", "1"), ("b/d", "3")]).unwrap().written, ["b/d"]);
    site.check(&[("public/a", "1"), ("public/b/d", "3")]);
}

/// What is written to the other name of a file would be written to the site.
#[cfg(unix)]
#[test]
fn a_file_with_a_second_name_elsewhere_is_not_kept() {
    use std::os::unix::fs::MetadataExt;
    let site = Site::new();
    site.build(&[("a", "1"), ("b", "2")]).unwrap();
    fs::hard_link(site.path("public/a"), site.path("content/a.txt")).unwrap();
    let (time, number) =
        (site.path("public/a").metadata().unwrap(), |path: &str| site.path(path).metadata().unwrap().ino());
    let b = number("public/b");
    let written = site.build(&[("a", "1"), ("b", "2"), ("c", "3")]).unwrap();
    assert_eq!(written.written, ["c"]);
    assert_ne!(number("public/a"), number("content/a.txt"));
    assert_eq!(number("public/b"), b);
    assert_eq!(site.path("public/a").metadata().unwrap().modified().unwrap(), time.modified().unwrap());
    fs::write(site.path("content/a.txt"), "other").unwrap();
    site.check(&[("content/a.txt", "other"), ("public/a", "1"), ("public/b", "2"), ("public/c", "3")]);
}

#[test]
fn a_list_of_what_changed_lies_outside_of_the_site_and_of_its_sources() {
    let site = Site::new();
    let may_list = |list: &str| disk::may_list(&site.path(list), &site.path("public"), site.root.path());
    for inside in ["public/list", "content/a.txt", "static/list", "postil.toml", "public/../annotations/x"] {
        let message = refused(may_list(inside));
        assert!(message.contains("would lie in"), "{message}");
    }
    may_list("list").unwrap();
}

#[test]
fn nothing_is_published_before_the_commit() {
    let site = Site::new();
    site.build(&[("index.html", "one")]).unwrap();
    let disk = site.begin("public").unwrap();
    disk.put("index.html", b"two").unwrap();
    assert_eq!(fs::read_to_string(site.path("public/index.html")).unwrap(), "one");
    drop(disk);
    site.check(&[("public/index.html", "one")]);
}

#[test]
fn the_same_files_make_the_same_folder_in_any_order() {
    let manifests = [["a", "b/c", "d"], ["d", "a", "b/c"]].map(|order| {
        let site = Site::new();
        site.build(&order.map(|path| (path, path))).unwrap();
        fs::read_to_string(site.path("public/.postil-manifest")).unwrap()
    });
    assert_eq!(manifests[0], manifests[1]);
    assert_eq!(manifests[0].lines().count(), 4);
}

#[test]
fn an_empty_folder_may_be_taken() {
    let site = Site::new();
    fs::create_dir(site.path("public")).unwrap();
    site.build(&[("a", "1")]).unwrap();
    site.check(&[("public/a", "1")]);
}

/// What systems put into folders that somebody looks at is nobody's work.
#[test]
fn what_systems_put_into_folders_is_no_foreign_file() {
    let litter = [".DS_Store", "Thumbs.db", "desktop.ini", "._a", ".directory", "Icon\r"];
    let site = Site::new();
    for name in litter {
        site.write(&format!("public/{name}"), "system");
    }
    site.build(&[("a", "1"), ("b/c/d", "2")]).unwrap();
    for folder in ["public", "public/b", "public/b/c"] {
        for name in litter {
            site.write(&format!("{folder}/{name}"), "system");
        }
    }
    site.build(&[("a", "2")]).unwrap();
    site.check(&[("public/a", "2")]);
    // In a folder of somebody's own they are no leave to remove it.
    site.write("public/mine/.DS_Store", "system");
    assert!(refused(site.build(&[("a", "3")])).contains("which postil did not write"));
    // A folder of that name is somebody's.
    fs::remove_dir_all(site.path("public/mine")).unwrap();
    site.write("public/.DS_Store/thesis.doc", "years");
    assert!(refused(site.build(&[("a", "3")])).contains("which postil did not write"));
    site.check(&[("public/.DS_Store/thesis.doc", "years"), ("public/a", "2")]);
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let site = Site::new();
    site.write("public/thesis.doc", "years");
    let message = refused(site.build(&[("a", "1")]));
    assert!(message.contains("thesis.doc`, which postil did not write"), "{message}");
    site.check(&[("public/thesis.doc", "years")]);
}

#[test]
fn a_foreign_file_among_ours_is_refused() {
    for foreign in
        ["public/notes.txt", "public/texts/notes.txt", "public/empty/.keep", "public/Texts2/a.html"]
    {
        let site = Site::new();
        site.build(&[("texts/a.html", "1")]).unwrap();
        site.write(foreign, "mine");
        let before = site.files();
        let message = refused(site.build(&[("texts/a.html", "2")]));
        assert!(message.contains("which postil did not write"), "{message}");
        assert_eq!(site.files(), before);
    }
}

#[test]
fn a_foreign_file_that_comes_during_the_build_is_refused() {
    let site = Site::new();
    site.build(&[("a", "1")]).unwrap();
    let disk = site.begin("public").unwrap();
    disk.put("a", b"2").unwrap();
    site.write("public/late.txt", "mine");
    let message = refused(disk.commit());
    assert!(message.contains("late.txt`, which postil did not write"), "{message}");
    site.check(&[("public/a", "1"), ("public/late.txt", "mine")]);
}

#[test]
fn a_file_of_ours_that_somebody_changed_is_refused() {
    for changed in ["longer", "2"] {
        let site = Site::new();
        site.build(&[("a", "1")]).unwrap();
        site.write("public/a", changed);
        touch(&site.path("public/a"));
        let message = refused(site.build(&[("a", "3")]));
        assert!(message.ends_with("public/a` was changed after postil wrote it"), "{message}");
        site.check(&[("public/a", changed)]);
    }
}

#[test]
fn a_copy_of_our_folder_is_ours() {
    let site = Site::new();
    site.build(&[("a", "1")]).unwrap();
    touch(&site.path("public/a"));
    site.build(&[("a", "2")]).unwrap();
    site.check(&[("public/a", "2")]);
}

#[test]
fn files_that_are_gone_are_no_matter() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b/c", "2")]).unwrap();
    fs::remove_dir_all(site.path("public/b")).unwrap();
    site.build(&[("a", "3")]).unwrap();
    site.check(&[("public/a", "3")]);
}

#[test]
fn an_output_that_endangers_the_archive_is_refused() {
    let site = Site::new();
    let root = site.root.path().file_name().unwrap().to_str().unwrap().to_owned();
    let round = format!("public/../../{root}/content");
    for output in [
        "content",
        "content/deep/public",
        "annotations",
        "static/x",
        "themes/default",
        ".",
        "..",
        "x/../content",
        &round,
    ] {
        let message = refused(site.begin(output));
        assert!(message.contains("from which the site is made"), "{output}: {message}");
    }
    site.check(&[]);
}

#[test]
fn a_manifest_that_points_outside_is_not_believed() {
    let site = Site::new();
    site.write("precious", "years");
    site.write("public/.postil-manifest", "postil-manifest 1\nab 5 ../precious\n");
    let message = refused(site.build(&[("a", "1")]));
    assert!(message.contains(".postil-manifest`, which postil did not write"), "{message}");
    site.check(&[("precious", "years")]);
}

#[test]
fn two_builds_at_once_the_second_refuses() {
    let site = Site::new();
    let first = site.begin("public").unwrap();
    let message = refused(site.begin("public"));
    assert!(message.starts_with("another build is writing this output"), "{message}");
    first.put("a", b"1").unwrap();
    first.commit().unwrap();
    site.build(&[("a", "2")]).unwrap();
    site.check(&[("public/a", "2")]);
}

#[test]
fn what_a_killed_build_left_is_cleared_away() {
    let site = Site::new();
    site.build(&[("a", "1")]).unwrap();
    // Killed while writing, with and without its marker yet.
    site.write(".public.postil-stage/.postil-stage", "");
    site.write(".public.postil-stage/texts/half.html", "<!doc");
    site.build(&[("a", "2")]).unwrap();
    fs::create_dir(site.path(".public.postil-stage")).unwrap();
    site.build(&[("a", "3")]).unwrap();
    // Killed after the exchange: the old site lies in the stage's place.
    fs::create_dir(site.path(".public.postil-stage")).unwrap();
    for file in ["a", ".postil-manifest"] {
        fs::copy(site.path("public").join(file), site.path(".public.postil-stage").join(file)).unwrap();
    }
    site.build(&[("a", "4")]).unwrap();
    site.check(&[("public/a", "4")]);
}

#[test]
fn a_stage_that_is_not_ours_is_refused() {
    let site = Site::new();
    site.write(".public.postil-stage/thesis.doc", "years");
    let message = refused(site.build(&[("a", "1")]));
    assert!(message.contains("thesis.doc`, which postil did not write"), "{message}");
    site.check(&[(".public.postil-stage/thesis.doc", "years")]);
}

#[test]
fn a_file_in_the_outputs_place_is_refused() {
    let site = Site::new();
    site.write("public", "a file");
    let message = refused(site.build(&[("a", "1")]));
    assert!(message.ends_with("public` is not a folder"), "{message}");
    site.check(&[("public", "a file")]);
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_in_the_outputs_place_is_refused() {
        let site = Site::new();
        site.write("elsewhere/x", "mine");
        symlink(site.path("elsewhere"), site.path("public")).unwrap();
        let message = refused(site.build(&[("a", "1")]));
        assert!(message.ends_with("public` is not a folder"), "{message}");
        assert!(refused(site.begin("public/")).ends_with("public` is not a folder"));
    }

    #[test]
    fn a_link_to_a_source_on_the_way_is_seen_through() {
        let site = Site::new();
        symlink(site.path("content"), site.path("link")).unwrap();
        let message = refused(site.begin("link/public"));
        assert!(message.contains("from which the site is made"), "{message}");
    }

    #[test]
    fn a_link_among_ours_is_foreign_and_not_followed() {
        let site = Site::new();
        site.build(&[("a/b", "1")]).unwrap();
        site.write("elsewhere/b", "1");
        fs::remove_dir_all(site.path("public/a")).unwrap();
        symlink(site.path("elsewhere"), site.path("public/a")).unwrap();
        let message = refused(site.build(&[("a/b", "2")]));
        assert!(message.contains("public/a`, which postil did not write"), "{message}");
        assert_eq!(fs::read_to_string(site.path("elsewhere/b")).unwrap(), "1");
    }

    #[test]
    fn a_link_in_a_stage_is_removed_and_not_followed() {
        let site = Site::new();
        site.write("elsewhere/b", "1");
        site.write(".public.postil-stage/.postil-stage", "");
        symlink(site.path("elsewhere"), site.path(".public.postil-stage/a")).unwrap();
        site.build(&[("a", "1")]).unwrap();
        site.check(&[("elsewhere/b", "1"), ("public/a", "1")]);
    }
}

#[test]
fn many_threads_write_one_site() {
    let site = Site::new();
    let disk = site.begin("public").unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let disk = &disk;
            scope.spawn(move || {
                for n in 0..50 {
                    disk.put(&format!("f{}/{}/{thread}-{n}.html", n % 7, n % 3), b"x").unwrap();
                }
            });
        }
    });
    let written = disk.commit().unwrap();
    assert_eq!((written.files, written.bytes, written.written.len()), (200, 200, 200));
}
