// The engine finds exactly what the oracle counted, and scores it within what
// the steps of the index allow.
//   node oracle.mjs FOLDER EXPECTED
import assert from "node:assert/strict";
import fs from "node:fs";
import { all, engineOf, innerOf, place, same } from "./engine.mjs";

const [folder, expected] = process.argv.slice(2);
const { engine } = engineOf(folder);
const inner = innerOf(folder);
for (const { query, filters, segments, blocks } of JSON.parse(fs.readFileSync(expected, "utf8"))) {
  const about = `${query} ${JSON.stringify(filters)}`;
  if (blocks) {
    const { passages } = await all(engine, query, { in: "texts" });
    same([...new Set(passages.map(place))].sort(), blocks, about);
    continue;
  }
  // A blank at the end: the last word is whole, not the beginning of one.
  const { wanted } = await inner.parse(`${query} `);
  // What the very form counts more is left out: the oracle knows stems only.
  const lists = await Promise.all(wanted.map((node) => inner.everyOf([{ ...node, gain: 0 }], { where: filters.in })));
  const { ids, scores } = lists.reduce(inner.inBoth);
  const outcome = await engine.find(`${query} `, filters);
  await outcome.settle();
  assert.equal(outcome.all, segments.length, about);
  const found = new Map([...ids].map((id, i) => [id, scores[i]]));
  for (const [id, score, off] of segments) {
    assert.ok(found.has(id), `${about}: segment ${id} is not found`);
    assert.ok(Math.abs(found.get(id) - score) <= off + 1e-9, `${about}: segment ${id} has ${found.get(id)}, not ${score}`);
  }
  if (Object.keys(filters).every((name) => name === "in")) assert.equal(found.size, segments.length, about);
}
