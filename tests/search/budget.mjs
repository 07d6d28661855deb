// What a first search may load from an index of ten thousand texts, engine and page script
// included, as a host sends it (gzip -6); and how many loads may follow one another.
//   node budget.mjs INDEX
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const [index] = process.argv.slice(2);
const BUDGETS = [
  [45, ["trafficking", "government", "police", "labour"]],
  [70, ["police children", "government policy", "human trafficking"]],
  [110, ["secretary of state", "victims of trafficking", "police training officers"]],
  [170, ['"trade union"', '"human trafficking"', '"victims of trafficking"', '"trafficking human"']],
  // No text has one word right after the other: only all of their positions can tell.
  [320, ['"officers police"', '"government labour"']],
];
const bench = new URL("../../benches/search.mjs", import.meta.url).pathname;
const rows = JSON.parse(execFileSync(process.execPath, [bench, index, "--json", ...BUDGETS.flatMap(([, queries]) => queries)], { maxBuffer: 1 << 26 }));
const measured = new Map(rows.map((row) => [row.query, row]));
const over = [];
for (const [kilobytes, queries] of BUDGETS)
  for (const query of queries) {
    const { bytes, depth } = measured.get(query);
    if (bytes > kilobytes * 1024 || depth > 4) over.push(`${query}: ${bytes} bytes of ${kilobytes} KB, ${depth} loads in sequence`);
  }
assert.deepEqual(over, []);
for (const folder of fs.readdirSync(path.join(index, "search"), { recursive: true, withFileTypes: true }))
  if (folder.isDirectory()) assert.ok(fs.readdirSync(path.join(folder.parentPath, folder.name)).length <= 400, folder.name);
