"""The places of notes in TEI are those of the site's annotations: the same words, read by other programs.

usage: places.py TEI SITE
"""

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
RANGE = re.compile(r"#string-range\(([^,]+),(\d+),(\d+)\)")


def letters(text):
    return "".join(c for c in text if c.isalnum())


def characters(element, is_reading=False):
    """The characters of an element, each with whether it is that of a reading, which no note stands on."""
    is_reading = is_reading or element.tag == TEI + "corr"
    found = [(c, is_reading) for c in element.text or ""]
    for child in element:
        found += characters(child, is_reading)
        found += [(c, is_reading) for c in child.tail or ""]
    return found


def in_tei(path):
    """Slug of each note with the words that it stands on."""
    root = ElementTree.parse(path).getroot()
    blocks = {e.get(ID): characters(e) for e in root.iter() if e.get(ID)}
    found = {}
    for annotation in root.iter(TEI + "annotation"):
        name = annotation.get(ID)
        if name.startswith("note-"):
            places = RANGE.findall(annotation.get("target"))
            ranges = [blocks[block][int(at) : int(at) + int(length)] for block, at, length in places]
            words = "".join(c for range in ranges for c, is_reading in range if not is_reading)
            found[name.removeprefix("note-")] = letters(words)
    return found


def in_site(path):
    found = {}
    for item in json.loads(path.read_text())["items"]:
        name = item["id"].rsplit("#", 1)[-1]
        if not name.startswith("n-"):
            continue
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        selectors = [s for t in targets if isinstance(t, dict) for s in t.get("selector", [])]
        exact = [s["exact"] for s in selectors if s["type"] == "TextQuoteSelector"]
        found[name.removeprefix("n-")] = letters("".join(exact))
    return found


tei, site = (Path(folder) for folder in sys.argv[1:3])
count = 0
wrong = []
for path in sorted(tei.rglob("*.xml")):
    annotations = site / "texts" / path.relative_to(tei).with_suffix(".jsonld")
    if not annotations.exists():
        continue
    ours, theirs = in_tei(path), in_site(annotations)
    count += len(theirs)
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            wrong.append(f"{path}: {name}: {ours.get(name)!r}, {theirs.get(name)!r}")
print(*wrong[:20], sep="\n")
print(f"{count} notes, {len(wrong)} on other words")
sys.exit(bool(wrong) or count == 0)
