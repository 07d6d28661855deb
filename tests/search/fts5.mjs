// The engine finds the segments that SQLite's FTS5 finds, and puts none that FTS5 thinks clearly
// better behind one that it thinks worse.
//   node fts5.mjs INDEX QUERIES ANSWERS
import assert from "node:assert/strict";
import fs from "node:fs";
import { engineOf, innerOf } from "./engine.mjs";

const [folder, queries, answers] = process.argv.slice(2);
const { engine } = engineOf(folder);
const inner = innerOf(folder);
const asked = JSON.parse(fs.readFileSync(queries, "utf8"));
const told = JSON.parse(fs.readFileSync(answers, "utf8"));
/** Impacts are steps of a fifteenth, FTS5 weighs up to 2.2 where the index weighs up to 1. */
const STEP = 2.2 / 15;
/** A joined word and a label make a text longer for FTS5 than for the index. */
const LENGTH = 0.06;
let pairs = 0;

for (const [i, { query, rarity }] of asked.words.entries()) {
  const { wanted } = await inner.parse(`${query} `);
  // What the very form counts more is left out: FTS5 is told stems only.
  const lists = await Promise.all(wanted.map((node) => inner.everyOf([{ ...node, gain: 0 }], { where: "texts" })));
  const { ids, scores } = lists.reduce(inner.inBoth);
  const expected = told.words[i];
  assert.deepEqual([...ids], expected.map(([id]) => id), query);
  const rows = expected.map(([, theirs], at) => ({ theirs, ours: scores[at] })).sort((a, b) => b.theirs - a.theirs);
  const clear = rarity * STEP + LENGTH * rows[0]?.theirs;
  let least = Infinity;
  let at = 0;
  // All that are clearly better than a row must not be below it.
  for (const row of rows) {
    while (rows[at].theirs - row.theirs > clear) least = Math.min(least, rows[at++].ours);
    assert.ok(row.ours <= least + 1e-9, `${query}: ${row.ours} above ${least}`);
    pairs += at;
  }
}
assert.ok(pairs > 10_000, `only ${pairs} pairs are clearly different`);

for (const [i, { query }] of asked.phrases.entries()) {
  const found = new Set();
  const outcome = await engine.find(query, { in: "texts" });
  while (!outcome.done) for (const { address, anchor } of await outcome.next(20)) found.add(`${address}#${anchor}`);
  const expected = new Set(told.phrases[i].map((block) => asked.places[block]));
  assert.deepEqual([...found].sort(), [...expected].sort(), query);
}
