// A word is found in whatever form it stands, and its very form comes first: each is asked of an archive
// that has the bare word as well.
//   node pairs.mjs FOLDER…   (each has the archives of tests/it/search/pairs.rs, laid out differently)
import assert from "node:assert/strict";
import { all, engineOf, place, same } from "./engine.mjs";

/** By archive: query, and the paragraphs that it finds, in any order; after "=", in this one. */
const CASES = {
  elision: [
    ["harmonie", "a1 b1"],
    ["Europe ", "a1 b1"],
    ["l'Europe ", "=a1 b1"],
    ["d’europe ", "a1 b1"],
    ["leurope ", "a1"],
    ['"harmonie de l’Europe"', "a1"],
    ['"harmonie de"', "a1"],
    ["ici elle", "a1 b1"],
    ["Unione", "c1 c2"],
    ["dell'unione ", "=c1 c2"],
    ["nell’Unione ", "c1 c2"],
    ["articolo", "c1 c2"],
    ["8 settembre", "c1 c2"],
    ["aigua", "d1 d2"],
    ["onda", "d1 d2"],
    ["Italiani ", "h1 h2"],
    ["erano ", "h1 h2"],
    ["Estaing", "e1 e2"],
    ["O'Malley ", "e1 e2"],
    ["Malley ", "e2"],
    ["don ", "e2"],
    ["don’t ", "e1 e2"],
    ["ministers ", "g1 g2"],
  ],
  endings: [
    ["Ankara", "a1 b1"],
    ["Ankara'dan ", "a1 b1"],
    ["istanbul ", "a1 b1"],
    ["1923", "a1 b1"],
  ],
  stems: [
    ...["using", "uses", "user", "paying", "payer", "buying", "buyers", "rowing", "owing"].map((word) => [`${word} `, "a1 b1"]),
    ...["usin", "using", "payi", "buyin"].map((typed) => [typed, "a1 b1"]),
    ["hoping ", "a1"],
    ["hopping ", "b1"],
    ["taxing ", "a1 b1"],
    ["tying ", "c1"],
    ["tied ", "c1"],
    ["dies ", "c1 c2"],
    ["trying ", "c2"],
    ["try ", "c2"],
    ["denying ", "c1 c2"],
    ['"using"', ""],
    ["paperwork ", ""],
  ],
  spelt: ["licence", "license", "licensing", "organise", "organizing", "labour", "labor", "centre", "center", "judgment", "analysing", "programmes"].map(
    (query) => [`${query} `, "a1 b1"],
  ),
  digits: [
    ["4000", "a1 b1 d1"],
    ["4 000", "a1 b1 d1"],
    ["4\u202F000", "a1 b1 d1"],
    ['"4 000 hommes"', "a1"],
    ['"4000 hommes"', "a1"],
    ["4500 ", "a1 b1"],
    ["1234567 ", "a1 b1 c1 d1"],
    ["1.234.567 ", "c1 a1 b1 d1"],
    ["6500 ", "b1 c1"],
    ["6.500 ", "b1 c1 d1"],
    ["€6500", "b1 c1"],
    ["2009100 ", ""],
    ["100 ", "b1"],
    ["2009 ", "b1 d1"],
    ["٢٠٠٩ ", "b1 d1"],
    ["1945 ", "b1 d1"],
    ["1,5", "a1"],
    ["35 ", ""],
    ["12,34,567", "a1 b1 c1 d1"],
  ],
  names: [
    ...["Quran", "Qurʾān", "Qur'an", "Qur`an", "Umar", "ʿUmar", "Hawaii", "Hawaiʻi", "Rasputin", "RASPUTIN"].map((name) => [`${name} `, "a1 b1"]),
    ...["Mueller", "Müller", "MÜLLER", "Mu\u0308ller", "Koeln", "Köln", "Aalborg", "Ålborg"].map((name) => [`${name} `, "a1 b1"]),
    ['"Herr Mueller aus Koeln"', "a1 b1"],
    ['"Herr Müller aus Köln"', "a1 b1"],
    ["Israel does ", "a1 b1"],
    ["Isral ", "a1 b1"],
    ["dos ", ""],
  ],
  marks: [
    ...["« traite des êtres »", "«\u00A0traite des êtres\u00A0»", "»traite des êtres«", "‹traite des êtres›", "「traite des êtres」", "„traite des êtres“", "« traite des êtres", '"traite des êtres'].map(
      (query) => [query, "a1"],
    ),
    ["traite des êtres", "a1 b1"],
    ["-« traite des êtres » humains", "b1"],
    ...['צה"ל', "צה״ל", "צה”ל", "צה''ל", "צהל"].map((query) => [query, "c1"]),
    ...['חז"ל', "חז״ל"].map((query) => [query, "c2"]),
    ...['"דובר צה"ל"', "«דובר צה״ל»"].map((query) => [query, "c1"]),
    ['humains"traite', "a1 b1"],
  ],
  korean: [
    ["서울 ", "=b1 a1"],
    ["서울은 ", "=a1 b1"],
    ["서울을 ", "a1 b1"],
    ["서울에서는 ", "a1 b1"],
    ["한국 ", "a1 b2"],
    ["수도 ", "=b2 a1"],
    ["법 ", "=b2 a2"],
    ["법에서 ", "a2 b2"],
    ["회의 ", "a1"],
    ["가을 ", "a2"],
  ],
  figures: [
    ["trafficking", "a1 b1"],
    ["trafficking5 ", "=a1 b1"],
    ["UKHTC", "a1 b1"],
    ["board ", "a3 b3"],
    ["ministers ", "a3 b3"],
    ["2006", "a1 b1"],
    ["graves ", "a1 b1"],
    ["B ", "b2"],
    ["H ", "b2"],
    ["B12 ", "a2"],
  ],
  forms: [
    ["university ", "=b1 a1"],
    ["universally ", "=a1 b1"],
    ["US ", "=b1 a1"],
    ["us ", "a1 b1"],
    ["WHO ", "=b1 a1"],
    ["U.S. ", "=b1 a1"],
    ['"US"', "=b1 a1"],
  ],
};

/** Where the passages with the very form stand, and that all others follow them. */
const FIRST = { cousins: { "university ": ["long1#p2", "long2#p1"], "US ": ["long2#p1"], "WHO ": ["long2#p1"] } };

for (const folder of process.argv.slice(2)) {
  const wrong = [];
  for (const [archive, cases] of Object.entries(CASES)) {
    const { engine } = engineOf(`${folder}/${archive}`);
    for (const [query, told] of cases) {
      const isOrdered = told.startsWith("=");
      const expected = told.replace("=", "").split(" ").filter(Boolean);
      const { passages } = await all(engine, query);
      const found = passages.map(place).map((where) => where.replace(/^texts\/|\.html#p/g, ""));
      const inOrder = (places) => (isOrdered ? places : [...places].sort());
      if (String(inOrder(found)) !== String(inOrder(expected))) wrong.push(`${archive}: ${query} gives ${found}, not ${expected}`);
    }
  }
  assert.deepEqual(wrong, []);

  for (const [archive, queries] of Object.entries(FIRST))
    for (const [query, expected] of Object.entries(queries)) {
      const { passages } = await all(engineOf(`${folder}/${archive}`).engine, query);
      const found = passages.map(place).map((where) => where.replace(/^texts\/|\.html/g, ""));
      same(found.slice(0, expected.length).sort(), expected, query);
      assert.ok(found.length > 60, `${query} finds other forms, too: ${found.length}`);
    }

  // What is counted beside the filters is what is shown.
  const { outcome, passages } = await all(engineOf(`${folder}/partial`).engine, "harbour bridge ");
  same(passages.map(place).sort(), ["texts/a.html#n-one", "texts/a.html#p1", "texts/a.html#p2"]);
  const counts = await outcome.counts();
  same([...counts.get("in")], [["glossary", 0], ["", 1], ["texts", 1], ["notes", 1]]);
  same([...counts.get("kind")], [["letter", 1]]);
  // Others cannot be counted without reading them all.
  const narrowed = await all(engineOf(`${folder}/partial`).engine, "harbour bridge ", { kind: "letter" });
  assert.equal(await narrowed.outcome.counts(), null);
}
