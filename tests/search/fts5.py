#!/usr/bin/env python3
"""What SQLite's FTS5 finds, as an oracle that shares no code with postil.

    python3 fts5.py TOKENS > ANSWERS

TOKENS: JSON with `texts` (for each segment its stems, each written as many times as it counts),
`blocks` (the forms of each block), `words` and `phrases` to ask for. Stems and forms come as
numbers, so that nothing is cut or stemmed a second time. For words: each segment with FTS5's bm25
(greater is better). For phrases: the blocks.

FTS5 weighs a text's length against the mean, the index against a constant: rows of filler bring
the mean to that constant.
"""
import json, sqlite3, sys

asked = json.load(open(sys.argv[1], encoding="utf-8"))
db = sqlite3.connect(":memory:")
db.execute("create virtual table texts using fts5(words, detail=full)")
db.execute("create virtual table blocks using fts5(words, detail=full)")


def written(tokens):
    return " ".join(f"w{token}" for token in tokens)


texts = asked["texts"]
db.executemany("insert into texts(rowid, words) values (?, ?)", ((i, written(t)) for i, t in enumerate(texts, 1)))
missing = asked["mean"] * (len(texts) + 1) - sum(len(t) for t in texts)
assert missing > 0, "the texts are longer than their mean is to be"
db.execute("insert into texts(rowid, words) values (?, ?)", (len(texts) + 1, "filler " * missing))
db.executemany("insert into blocks(rowid, words) values (?, ?)", ((i, written(t)) for i, t in enumerate(asked["blocks"], 1)))


def words(numbers):
    match = " AND ".join(f'"w{n}"' for n in numbers)
    rows = db.execute("select rowid - 1, -bm25(texts) from texts where texts match ? order by rowid", (match,))
    return rows.fetchall()


def phrase(numbers):
    rows = db.execute("select rowid - 1 from blocks where blocks match ? order by rowid", (f'"{written(numbers)}"',))
    return [row[0] for row in rows]


json.dump({"words": [words(q["numbers"]) for q in asked["words"]], "phrases": [phrase(q["numbers"]) for q in asked["phrases"]]}, sys.stdout)
