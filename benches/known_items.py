#!/usr/bin/env python3
"""Known-item search: a paragraph is drawn, a query made from it, and its text must come high.

    python3 benches/known_items.py CONTENT INDEX [--texts 10000] [--each 100]

CONTENT: folder of .txt or .md files; INDEX: what `cargo bench --bench search -- CONTENT INDEX`
wrote. SQLite's FTS5 (porter, bm25) is asked for the same. Reports MRR@10 for each kind of query
with a 95 % bootstrap interval of the difference to FTS5.
"""
import argparse, collections, glob, json, os, random, re, sqlite3, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
WORD = re.compile(r"[^\W\d_]{4,}")


def load(folder, limit):
    paths = sorted(p for e in ("txt", "md") for p in glob.glob(f"{folder}/**/*.{e}", recursive=True))[:limit]
    texts = []
    for path in paths:
        body = open(path, encoding="utf-8", errors="replace").read()
        texts.append((os.path.splitext(os.path.relpath(path, folder))[0], body))
    return texts


def typo(rng, word):
    i = rng.randrange(1, len(word) - 2)
    kind = rng.randrange(3)
    if kind == 0:
        return word[:i] + word[i + 1:]
    if kind == 1:
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    return word[:i] + rng.choice("aeiourstln") + word[i + 1:]


def inflected(word):
    for ending, other in (("ing", "ed"), ("ed", "ing"), ("ies", "y"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)] + other
    return word + "s"


def queries(texts, each, rng):
    df = collections.Counter()
    for _, body in texts:
        df.update({w.lower() for w in WORD.findall(body)})
    middle = lambda w: 20 <= df[w.lower()] <= 2000
    made = []

    def paragraph():
        while True:
            number = rng.randrange(len(texts))
            paragraphs = [p for p in texts[number][1].split("\n\n") if len(p) > 120]
            if paragraphs:
                return number, rng.choice(paragraphs)

    def add(kind, number, query):
        made.append({"kind": kind, "text": texts[number][0], "query": query})

    while sum(q["kind"] == "words" for q in made) < each:
        number, p = paragraph()
        words = list(dict.fromkeys(w.lower() for w in WORD.findall(p) if middle(w)))
        if len(words) < 3:
            continue
        picked = rng.sample(words, rng.choice((2, 3)))
        add("words", number, " ".join(picked))
        add("inflected", number, " ".join([inflected(picked[0]), *picked[1:]]))
        wrong = max(picked, key=len)
        if len(wrong) >= 6:
            add("typo", number, " ".join(typo(rng, w) if w == wrong else w for w in picked))
    for kind, pattern in (("phrase", None), ("number", r"\b\d[\d,.]*\d\b"), ("acronym", r"\b[A-Z]{3,6}\b")):
        tries = 0
        while sum(q["kind"] == kind for q in made) < each and tries < 40 * each:
            tries += 1
            number, p = paragraph()
            if pattern is None:
                words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", p)
                if len(words) < 8:
                    continue
                i = rng.randrange(len(words) - 4)
                four = words[i:i + 4]
                if " ".join(four) not in p or sum(middle(w) for w in four) < 1:
                    continue
                add(kind, number, '"' + " ".join(four) + '"')
            else:
                found = [m for m in re.findall(pattern, p)]
                words = [w.lower() for w in WORD.findall(p) if middle(w)]
                if found and words:
                    add(kind, number, f"{rng.choice(found)} {rng.choice(words)}")
    tries = 0
    while sum(q["kind"] == "title" for q in made) < each and tries < 40 * each:
        tries += 1
        number = rng.randrange(len(texts))
        title = texts[number][1].split("\n", 1)[0][:80]
        words = re.findall(r"[^\W_]+", title)
        if len(words) >= 3:
            add("title", number, " ".join(words[:5]))
    return made


def fts5(texts, made):
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table t using fts5(title, body, tokenize='porter unicode61')")
    db.executemany("insert into t(rowid, title, body) values (?, ?, ?)",
                   ((i, body.split("\n", 1)[0][:80], body) for i, (_, body) in enumerate(texts)))
    ids = [name for name, _ in texts]
    out = []
    for q in made:
        text = q["query"]
        phrase = text.startswith('"')
        terms = re.findall(r"[\w.,]+", text.replace('"', ""))
        match = '"' + " ".join(terms) + '"' if phrase else " ".join('"' + t + '"' for t in terms)
        rows = db.execute("select rowid from t where t match ? order by bm25(t, 3.0, 1.0) limit 10", (match,)).fetchall()
        out.append([ids[r[0]] for r in rows])
    return out


def reciprocal(found, text):
    return 1 / (found.index(text) + 1) if text in found[:10] else 0.0


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("content")
    a.add_argument("index")
    a.add_argument("--texts", type=int, default=10_000)
    a.add_argument("--each", type=int, default=100)
    a.add_argument("--seed", type=int, default=3)
    a.add_argument("--queries", help="write the queries here, for another engine to be asked (benches/pagefind.mjs)")
    a.add_argument("--asked", help="take the queries from here")
    a.add_argument("--others", help="what another engine found for --asked: for each query its texts")
    o = a.parse_args()
    rng = random.Random(o.seed)
    texts = load(o.content, o.texts)
    made = json.load(open(o.asked)) if o.asked else queries(texts, o.each, rng)
    if o.queries:
        json.dump(made, open(o.queries, "w"))
    run = subprocess.run(["node", f"{HERE}/known_items.mjs", o.index], input=json.dumps(made), capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr)
    engines = {"postil": json.loads(run.stdout), "fts5": fts5(texts, made)}
    if o.others:
        engines["other"] = json.load(open(o.others))
    ranks = {e: [reciprocal(f, q["text"]) for f, q in zip(found, made)] for e, found in engines.items()}
    against = [e for e in engines if e != "postil"]
    print("kind | queries | " + " | ".join(engines) + "".join(f" | postil - {e}, 95 %" for e in against))
    for kind in [*dict.fromkeys(q["kind"] for q in made), "all"]:
        at = [i for i, q in enumerate(made) if kind in ("all", q["kind"])]
        mean = lambda e, some: sum(ranks[e][i] for i in some) / len(some)
        row = [kind, str(len(at)), *(f"{mean(e, at):.3f}" for e in engines)]
        for e in against:
            diffs = []
            for _ in range(2000):
                some = [rng.choice(at) for _ in at]
                diffs.append(mean("postil", some) - mean(e, some))
            diffs.sort()
            row.append(f"{mean('postil', at) - mean(e, at):+.3f} [{diffs[50]:+.3f}, {diffs[-51]:+.3f}]")
        print(" | ".join(row))


if __name__ == "__main__":
    main()
