// The engine cuts words as the vectors say, and holds no more than it may.
//   node vectors.mjs FOLDER VECTORS
import assert from "node:assert/strict";
import fs from "node:fs";
import zlib from "node:zlib";
import { engineOf, same } from "./engine.mjs";

const [folder, vectors] = process.argv.slice(2);
const { engine } = engineOf(folder);
for (const [text, expected] of JSON.parse(fs.readFileSync(vectors, "utf8"))) {
  const tokens = engine.tokenise(text).map(({ form, pos, start, end }) => [form, pos, text.slice(start, end)]);
  same(tokens, expected, JSON.stringify(text));
}

const page = fs.readFileSync(`${folder}/search.js`);
const bytes = zlib.gzipSync(fs.readFileSync(`${folder}/search/index.js`)).length + zlib.gzipSync(page).length;
assert.ok(bytes <= 15 * 1024, `engine and page script are ${bytes} bytes`);
