// The first passages for words that most of very many texts have come before these are counted, and are the best.
//   node many.mjs FOLDER COUNTS
import assert from "node:assert/strict";
import fs from "node:fs";
import { engineOf, innerOf } from "./engine.mjs";

const [folder, file] = process.argv.slice(2);
const counts = JSON.parse(fs.readFileSync(file, "utf8"));

/** A search up to its first passage, with the parts loaded until then. */
async function first(query) {
  const { engine, loaded } = engineOf(folder);
  const outcome = await engine.find(query);
  const [passage] = await outcome.next(1);
  return { outcome, passage, loaded: [...loaded], blocks: () => loaded.filter((name) => name.startsWith("p")).length };
}

{
  const { outcome, passage, loaded, blocks } = await first("harbour bridge ");
  assert.deepEqual([outcome.all, outcome.segments], [null, null], "nothing is counted yet");
  const early = blocks();
  assert.ok(early <= 4, `the best of each word, and where the glossary stands: ${loaded}`);
  // The term is found, though its few words are not among the best.
  assert.deepEqual([...outcome.guides].map(({ title }) => title), ["Harbour Bridge Trust"]);
  await outcome.settle();
  assert.ok(blocks() > early, "all blocks are read to count");
  assert.equal(outcome.all, counts["harbour bridge"]);
  assert.equal(outcome.segments, counts["harbour bridge"]);

  const inner = innerOf(folder);
  const { wanted } = await inner.parse("harbour bridge ");
  const found = await inner.everyOf(wanted, {});
  const all = inner.byScore(found).slice(0, 50).map(inner.ranked);
  const addresses = await Promise.all(all.map(async ({ id }) => (await inner.recordOf(id))[0]));
  const place = addresses.indexOf(passage.address);
  assert.ok(place >= 0 && all[place].score >= 0.95 * all[0].score, `the first is place ${place} of all`);
  // What follows is everything, and nothing twice.
  const seen = new Set([passage.address]);
  for (let i = 0; i < 20; i++)
    for (const { address } of await outcome.next(20)) assert.ok(!seen.has(address) && seen.add(address), address);
}
{
  const { outcome, blocks } = await first("harbour ");
  assert.equal(outcome.all, counts.harbour);
  await outcome.settle();
  assert.ok(blocks() <= 1, "a word is counted without its list");
}
{
  const { outcome, passage } = await first('"harbour bridge"');
  assert.match(passage.snippet.map(([words]) => words).join(""), /harbour bridge/);
  await outcome.settle();
  assert.equal(outcome.all, counts['"harbour bridge"']);
}
// However common a word is, what has the very form that was typed comes first.
for (const form of ["harbours", "HARBOUR"]) {
  const { engine } = engineOf(folder);
  const outcome = await engine.find(`${form} `);
  const passages = [];
  while (passages.length < 50) passages.push(...(await outcome.next(10)));
  const having = passages.map(({ snippet }) => snippet.some(([words]) => words.split(/\W+/).includes(form)));
  assert.ok(counts[form] > 2);
  assert.equal(having.lastIndexOf(true) + 1, counts[form], `${form}: ${having}`);
  assert.ok(having.slice(0, counts[form]).every(Boolean));
}
