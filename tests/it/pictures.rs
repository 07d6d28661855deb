//! Pictures of Markdown texts, notes and pages: shown as they lie, with their words; none is fetched from elsewhere.

use postil::compile::Options;

use super::made::{Files, Made, archive, make, short};

/// A PNG of 3 by 2 dots, as far as anybody reads it.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";

fn site(text: &str, more: &[(&str, &[u8])]) -> Made {
    let mut files: Files = archive([("content/laws/a.md", text.to_owned())]);
    files.insert("content/laws/a.toml".into(), b"title = \"A\"\n".to_vec());
    files.extend(more.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())));
    make(files, &Options::default())
}

/// What is said of pictures, and of files that have no meaning.
fn said(made: &Made) -> String {
    let mut problems = made.problems.clone();
    problems.retain(|problem| {
        problem.code.name().starts_with("picture") || problem.code.name() == "unexpected-file"
    });
    short(&problems)
}

#[test]
fn pictures_of_a_text_stand_before_their_words() {
    let text = "![A lamp](lamp.png \"At dusk\")\n\n![](a%20b.png)\n\n| x | ![boat](boat.png) |\n|---|---|\n| y | z |\n";
    let more: [(&str, &[u8]); 4] = [
        // Beside the text, or in the folder of its id.
        ("content/laws/lamp.png", PNG),
        ("content/laws/a/a b.png", PNG),
        ("content/laws/boat.png", PNG),
        ("content/laws/other.png", PNG),
    ];
    let made = site(text, &more);
    assert_eq!(made.bugs(), "");
    assert_eq!(
        said(&made),
        "content/laws/other.png:1:1: warning[unexpected-file]: this file has no meaning here and is left out\n"
    );
    let page = made.page("texts/laws/a.html");
    let picture = |file: &str| {
        format!(
            "<img src=\"../../raw/laws/{file}\" alt=\"\" width=\"3\" height=\"2\" loading=\"lazy\" data-generated>"
        )
    };
    let lamp = format!(
        "{}<span class=\"description\">A lamp</span> <span class=\"link-title\">&quot;At dusk&quot;</span>",
        picture("lamp.png")
    );
    assert!(page.contains(&lamp), "{page}");
    assert!(page.contains(&picture("a/a%20b.png")), "{page}");
    assert!(
        page.contains(&format!("<th scope=\"col\">{}<span class=\"description\">boat", picture("boat.png"))),
        "{page}"
    );
    assert_eq!(made.files["raw/laws/lamp.png"], PNG);
    assert!(!made.files.contains_key("raw/laws/other.png"));
}

#[test]
fn what_cannot_be_shown_is_told_and_its_words_stay() {
    let text = "![gone](gone.png) and ![out](../../../x.png)\n\n![not one](b.png)\n\n![there](https://a.example/x.png)\n";
    let made = site(text, &[("content/laws/b.png", b"<svg/>")]);
    assert_eq!(made.bugs(), "");
    assert_eq!(
        said(&made),
        "content/laws/a.md:1:3: warning[picture-missing]: the picture `gone.png` is not there\n\
         content/laws/a.md:1:25: warning[picture-missing]: the picture `../../../x.png` is not there\n\
         content/laws/a.md:3:3: warning[picture-missing]: the picture `b.png` is no PNG, JPEG, GIF or WebP\n\
         content/laws/a.md:5:3: warning[picture-remote]: the picture `https://a.example/x.png` is of another site: the page links to it\n\
         content/laws/b.png:1:1: warning[unexpected-file]: this file has no meaning here and is left out\n"
    );
    let page = made.page("texts/laws/a.html");
    assert!(!page.contains("<img"), "{page}");
    assert!(page.contains("<a class=\"picture-elsewhere\" href=\"https://a.example/x.png\" rel=\"external\" data-generated>picture on another site </a>there"), "{page}");
}

#[test]
fn notes_and_pages_have_pictures_too() {
    let note = b"+++\nby = \"Ada Byron\"\n+++\n> The lamps\n\nSee ![the pier](pier.png \"In 1811\").\n";
    let page = b"+++\ntitle = \"About\"\n+++\n![the pier](../../annotations/laws/a/pier.png)\n";
    let files: [(&str, &[u8]); 3] = [
        ("annotations/laws/a/n.md", note),
        ("content/pages/about.md", page),
        ("annotations/laws/a/pier.png", PNG),
    ];
    let made = site("The lamps were lit.\n", &files);
    assert_eq!((made.bugs(), said(&made)), (String::new(), String::new()));
    let shown = "alt=\"\" width=\"3\" height=\"2\" loading=\"lazy\"><span class=\"description\">the pier";
    assert!(
        made.page("texts/laws/a.html")
            .contains(&format!("<img src=\"../../raw/annotations/laws/a/pier.png\" {shown} In 1811</span>"))
    );
    assert!(
        made.page("about.html")
            .contains(&format!("<img src=\"raw/annotations/laws/a/pier.png\" {shown}</span>"))
    );
    assert_eq!(made.files["raw/annotations/laws/a/pier.png"], PNG);

    // Of a note that somebody writes it is an error: it can be mended.
    let made = site("The lamps were lit.\n", &files[..2]);
    assert_eq!(
        said(&made),
        "annotations/laws/a/n.md:6:5: error[picture-missing]: the picture `pier.png` is not there\n\
         content/pages/about.md:4:1: error[picture-missing]: the picture `../../annotations/laws/a/pier.png` is not there\n"
    );
}
