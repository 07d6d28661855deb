// Scripts and style sheets as they are published: without comments and white space, names made
// short. What this writes is committed, so that the program builds without Node; `--check`
// says which of it is not what the sources give today.
//
//   npm ci --ignore-scripts && npm run make
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { transform } from "esbuild";
import { minify } from "terser";

const root = fileURLToPath(new URL("../../", import.meta.url));
const THEME = "themes/default/assets";

/** What is made of the parts of a script where they are not whole as they stand: one function for all of them. */
const inOne = (parts) => `((search) => { "use strict"; ${parts} })(self.postilSearch = {});`;

/** Scripts of several files, in the order in which their parts need each other, and where they go. */
const JOINED = [
  ["crates/search/src/engine", inOne, ["words.js", "parts.js", "query.js", "passages.js", "find.js"]],
  ["crates/propose/src/propose/engine", String, ["fold.js", "text.js", "place.js", "wording.js", "file.js", "page.js"]],
];

const read = (file) => readFile(path.join(root, file), "utf8");

// `toplevel`: each of our scripts is wrapped in a function, and what it offers is a property of
// `self`; so no name at its top is another script's.
async function script(source) {
  const { code } = await minify(source, { ecma: 2020, toplevel: true, compress: { passes: 3 }, format: { comments: false } });
  return `${code}\n`;
}

const sheet = async (source) => (await transform(source, { loader: "css", minify: true, target: "es2022" })).code;

async function made() {
  const files = new Map();
  for (const [folder, join, parts] of JOINED) {
    const sources = await Promise.all(parts.map((part) => read(`${folder}/${part}`)));
    files.set(`${folder}/small.js`, await script(join(sources.join(""))));
  }
  for (const name of (await readdir(path.join(root, THEME))).sort()) {
    const make = { ".js": script, ".css": sheet }[path.extname(name)];
    if (make) files.set(`src/theme/small/${name}`, await make(await read(`${THEME}/${name}`)));
  }
  return files;
}

const check = process.argv.includes("--check");
const stale = [];
for (const [file, text] of await made()) {
  const there = await read(file).catch(() => null);
  if (there === text) continue;
  stale.push(file);
  if (check) continue;
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}
for (const file of stale) console.log(check ? `${file} is not what its sources give: npm run make` : `${file}: written`);
if (check && stale.length) process.exitCode = 1;
