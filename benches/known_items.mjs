// The first ten texts for each query of a list: `node known_items.mjs INDEX < QUERIES > TEXTS`.
import fs from "node:fs";
import { engineOf } from "../tests/search/engine.mjs";

const { engine } = engineOf(process.argv[2]);
const found = [];
for (const { query } of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const outcome = await engine.find(`${query} `);
  const texts = new Set();
  while (texts.size < 10 && !outcome.done)
    for (const { address } of await outcome.next(20)) texts.add(address.replace(/^texts\/|\.html$/g, ""));
  found.push([...texts].slice(0, 10));
}
console.log(JSON.stringify(found));
