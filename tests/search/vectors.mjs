// The engine cuts words as the vectors say, and holds no more than it may.
//   node vectors.mjs FOLDER VECTORS   (FOLDER has an index, and one in a folder for each language of a vector)
import assert from "node:assert/strict";
import fs from "node:fs";
import zlib from "node:zlib";
import { engineOf, same } from "./engine.mjs";

const [folder, vectors] = process.argv.slice(2);
const engines = new Map();
for (const [text, expected, language = ""] of JSON.parse(fs.readFileSync(vectors, "utf8"))) {
  if (!engines.has(language)) engines.set(language, engineOf(`${folder}/${language}`).engine);
  const engine = engines.get(language);
  const tokens = engine.tokenise(text).map(({ form, pos, start, end }) => [form, pos, text.slice(start, end)]);
  same(tokens, expected, `${JSON.stringify(text)} ${language}`);
}

const page = fs.readFileSync(`${folder}/search.js`);
const bytes = zlib.gzipSync(fs.readFileSync(`${folder}/search/index.js`)).length + zlib.gzipSync(page).length;
assert.ok(bytes <= 18 * 1024, `engine and page script are ${bytes} bytes`);
