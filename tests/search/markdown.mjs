// Words of a Markdown text that a parser takes for syntax are found, alone and as a phrase, beside
// a text that has the same words by themselves.
//   node markdown.mjs INDEX
import assert from "node:assert/strict";
import { all, engineOf, place } from "./engine.mjs";

const { engine } = engineOf(process.argv[2]);

for (const [query, expected] of [
  ["never", ["texts/a.html#p1", "texts/b.html#p1"]],
  ["ibid", ["texts/a.html#p6", "texts/b.html#p1"]],
  ["exhibit", ["texts/a.html#p2", "texts/b.html#p1"]],
  ["drawn", ["texts/a.html#p5", "texts/b.html#p1"]],
  ['"5 goats"', ["texts/a.html#p3"]],
  ['"9 sheep"', ["texts/a.html#p4"]],
  ['"the map drawn in 1840"', ["texts/a.html#p5"]],
  ["goats", ["texts/a.html#p3", "texts/b.html#p1"]],
  ["destination", ["texts/b.html#p1"]],
]) {
  const { passages } = await all(engine, query, { in: "texts" });
  assert.deepEqual(passages.map(place).sort(), expected, query);
}
