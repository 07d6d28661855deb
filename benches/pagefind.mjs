// The first ten texts that Pagefind finds for each query of known_items.py, as JSON for its `--others`.
//   npm install pagefind                                      (in a folder of its own: PAGEFIND)
//   node benches/pagefind.mjs PAGEFIND index CONTENT OUT       (indexes a folder of texts)
//   node benches/pagefind.mjs PAGEFIND ask OUT < QUERIES > TEXTS
// It asks Pagefind's own script, to which `fetch` hands files of OUT. The texts are given as records,
// title and words: no HTML has to be read, and none of it is counted.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [folder, what, from, to] = process.argv.slice(2);

async function index() {
  const entry = path.resolve(folder, "node_modules/pagefind/lib/index.js");
  const pagefind = await import(pathToFileURL(entry));
  const { index } = await pagefind.createIndex();
  const paths = fs.readdirSync(from, { recursive: true }).filter((name) => /\.(txt|md)$/.test(name)).sort();
  for (const name of paths) {
    const body = fs.readFileSync(path.join(from, name), "utf8");
    const title = body.split("\n", 1)[0].slice(0, 80);
    const { errors } = await index.addCustomRecord({ url: `/${name.replace(/\.\w+$/, "")}`, content: body, language: "en", meta: { title } });
    if (errors.length) throw new Error(errors.join("\n"));
  }
  const { errors } = await index.writeFiles({ outputPath: to });
  if (errors.length) throw new Error(errors.join("\n"));
  await pagefind.close();
}

async function ask() {
  const asked = globalThis.fetch;
  globalThis.fetch = async (address, ...rest) => {
    const url = String(address);
    const file = url.startsWith("file:") ? fileURLToPath(url.split("?")[0]) : null;
    return file ? new Response(fs.readFileSync(file)) : asked(address, ...rest);
  };
  globalThis.window ??= globalThis;
  globalThis.document ??= { querySelector: () => null, currentScript: null, documentElement: { getAttribute: () => "en" } };
  globalThis.location ??= new URL("file:///");
  const root = pathToFileURL(path.resolve(from)) + "/";
  const pagefind = await import(`${root}pagefind.js`);
  await pagefind.options({ basePath: root, baseUrl: "/" });
  await pagefind.init();
  const found = [];
  for (const { query } of JSON.parse(fs.readFileSync(0, "utf8"))) {
    const { results } = await pagefind.search(query);
    const first = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    found.push(first.map(({ raw_url, url }) => (raw_url ?? url).replace(/^\//, "")));
  }
  fs.writeSync(1, JSON.stringify(found));
  process.exit(0);
}

await { index, ask }[what]();
