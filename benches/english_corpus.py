#!/usr/bin/env python3
"""Assemble texts of real, varied English from Debian's documentation packages.

    apt-get download linux-doc-6.1 dict-gcide dict-wn dict-foldoc dict-jargon debian-handbook \
        postgresql-doc-15 anarchism python3.11-doc developers-reference debian-policy maint-guide
    for d in *.deb; do dpkg -x "$d" X; done
    python3 benches/english_corpus.py X OUT --n 10000

Manuals, handbooks, a political FAQ and dictionaries: paragraphs are kept once however often a
package prints them. A page is one text; short ones are put together and dictionaries cut, so
that texts are 1 to 80 KB. With more texts asked for than there are, paragraphs are drawn again
at random: lists grow as they would, the vocabulary no longer does.
"""
import argparse, gzip, os, random, re, sys
from html.parser import HTMLParser

BLOCKS = {"p", "li", "dt", "dd", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "div", "section"}
SILENT = {"script", "style", "nav", "head", "svg", "title"}


class Page(HTMLParser):
    """The paragraphs of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.now, self.silent = [], [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.end()

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT and self.silent > 0
        if tag in BLOCKS:
            self.end()

    def handle_data(self, data):
        if not self.silent:
            self.now.append(data)

    def end(self):
        text = " ".join("".join(self.now).split())
        if text:
            self.out.append(text)
        self.now = []


def paragraphs(path):
    raw = open(path, "rb").read()
    name = path
    if name.endswith((".gz", ".dz")):
        raw, name = gzip.decompress(raw), name[:-3]
    text = raw.decode("utf-8", "replace")
    if name.endswith((".html", ".htm")):
        page = Page()
        page.feed(text)
        page.end()
        return page.out
    if name.endswith((".txt", ".rst", ".md", ".dict")):
        return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text)]
    return []


def pages(root):
    """(dictionary?, paragraphs) of every English file, in order of path."""
    paths = sorted(os.path.join(d, f) for d, _, files in os.walk(root) for f in files)
    for path in paths:
        if re.search(r"/(?:[a-z]{2}[_-][A-Z]{2}|de|fr|it|ja|pt|ru|es|zh_CN|zh_TW|ko_KR|translations)/", path) and "/en-US/" not in path:
            continue
        if re.search(r"copyright|changelog|genindex|search\.html|/_static/|/index\.html$", path):
            continue
        yield ".dict" in path, paragraphs(path)


def texts(root):
    seen = set()
    kept = []
    size = 0
    for is_dictionary, page in pages(root):
        for p in page:
            letters = sum(c.isalpha() for c in p)
            if len(p) < 40 or letters < 0.6 * len(p) or p in seen:
                continue
            seen.add(p)
            kept.append(p[:3000])
            size += len(p)
            if size > (6000 if is_dictionary else 40000):
                yield kept
                kept, size = [], 0
        if size >= 1000:
            yield kept
            kept, size = [], 0
    if kept:
        yield kept


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("packages", help="folder with the unpacked packages")
    a.add_argument("out")
    a.add_argument("--n", type=int, default=10000)
    o = a.parse_args()
    rng = random.Random(5)
    all_texts = list(texts(o.packages))
    rng.shuffle(all_texts)
    fresh = len(all_texts)
    pool = [p for t in all_texts for p in t]
    while len(all_texts) < o.n:
        size = len(rng.choice(all_texts[:fresh]))
        all_texts.append([pool[rng.randrange(len(pool))] for _ in range(size)])
    total = 0
    for i, text in enumerate(all_texts[: o.n]):
        folder = f"{o.out}/content/s{i // 100:03d}"
        os.makedirs(folder, exist_ok=True)
        body = "\n\n".join(text) + "\n"
        total += len(body.encode())
        with open(f"{folder}/d{i:05d}.txt", "w", encoding="utf-8") as f:
            f.write(body)
    print(f"n={min(o.n, len(all_texts))} bytes={total} fresh={fresh}")


if __name__ == "__main__":
    sys.exit(main())
