// Runs the engine of an index outside a browser: its scripts in a context of
// their own, its parts from a folder.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

/** The engine of the index in a folder; `failing(name)` says which parts do not load. */
export function engineOf(folder, failing = () => false, script = fs.readFileSync(path.join(folder, "search/index.js"), "utf8")) {
  const context = vm.createContext({ atob });
  context.self = context;
  const loaded = [];
  const run = (file) => vm.runInContext(fs.readFileSync(path.join(folder, file), "utf8"), context, { filename: file });
  vm.runInContext(script, context, { filename: "search/index.js" });
  context.postilSearch.connect(async (name) => {
    loaded.push(name);
    if (failing(name)) throw new Error(`${name} is missing`);
    run(`search/${name[0]}/${name.slice(1, 3)}/${name.slice(1)}.js`);
  });
  return { engine: context.postilSearch, loaded };
}

const SOURCES = new URL("../../crates/search/src/engine/", import.meta.url);
const FILES = ["words", "parts", "query", "passages", "find"];

/** What the engine keeps to itself, made of its sources, with the index in a folder. */
export function innerOf(folder) {
  const index = fs.readFileSync(path.join(folder, "search/index.js"), "utf8");
  const sources = FILES.map((name) => fs.readFileSync(new URL(`${name}.js`, SOURCES), "utf8")).join("\n");
  const inner = "search.inner = { parse, everyOf, inBoth, byScore, ranked, recordOf, tokenise };";
  const script = `((search) => { "use strict";\n${sources}\n${inner}\n})(self.postilSearch = {});\n${index.slice(index.indexOf("postilSearch.open("))}`;
  return engineOf(folder, () => false, script).engine.inner;
}

/** All passages of a query, with its outcome. */
export async function all(engine, query, filters) {
  const outcome = await engine.find(query, filters);
  const passages = [];
  while (!outcome.done) passages.push(...(await outcome.next(20)));
  return { outcome, passages };
}

/** Whether two values are the same, whichever context made them. */
export const same = (actual, expected, about) =>
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), JSON.parse(JSON.stringify(expected)), about);

/** Address and anchor of a passage. */
export const place = ({ address, anchor }) => (anchor ? `${address}#${anchor}` : address);
