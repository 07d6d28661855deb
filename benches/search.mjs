// What a first search costs: bytes as a host sends them (gzip -6), and loads one after the other.
//   node benches/search.mjs INDEX [--json] [QUERY…]     (INDEX holds search/, as benches/search.rs writes it)
// Without queries: words and phrases of the corpora that benches/search.md names.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import zlib from "node:zlib";

const [folder, ...rest] = process.argv.slice(2);
const json = rest[0] === "--json" && rest.shift();
const QUERIES = rest.length ? rest : [
  "trafficking", "government", "police", "labour",
  "police children", "government policy", "human trafficking",
  "children victims support", "secretary of state", "victims of trafficking", "police training officers",
  '"trade union"', '"human trafficking"', '"victims of trafficking"', '"forced labour"', '"home office"',
];
const gz = (bytes) => zlib.gzipSync(bytes, { level: 6 }).length;
const index = fs.readFileSync(path.join(folder, "search/index.js"), "utf8");
const page = gz(fs.readFileSync(new URL("../themes/default/assets/search.js", import.meta.url)));
const context = () => {
  const own = vm.createContext({});
  own.self = own;
  vm.runInContext(index, own);
  return own;
};

const measure = async (query) => {
  const own = context();
  const engine = own.postilSearch;
  let bytes = 0;
  let requests = 0;
  let depth = 0;
  const kinds = {};
  engine.connect(async (name) => {
    const mine = depth + 1;
    const file = path.join(folder, `search/${name[0]}/${name.slice(1, 3)}/${name.slice(1)}.js`);
    const script = fs.readFileSync(file);
    bytes += gz(script);
    requests++;
    kinds[name[0]] = (kinds[name[0]] ?? 0) + gz(script);
    vm.runInContext(script.toString(), own);
    await new Promise((done) => setTimeout(done, 5));
    depth = Math.max(depth, mine);
  });
  const began = performance.now();
  const outcome = await engine.find(query);
  const ranked = bytes;
  const [first] = await outcome.next(1);
  const ms = performance.now() - began;
  const head = gz(index) + page;
  const at = { bytes: bytes + head, ranked: ranked + head, requests: requests + 1, depth: depth + 1, ms: Math.round(ms), all: outcome.all };
  let shown = 1;
  while (shown < 10 && !outcome.done) shown += (await outcome.next(10 - shown)).length;
  return { query, ...at, ten: bytes + head, kinds, first: first && `${first.address}#${first.anchor}` };
};

const rows = [];
for (const query of QUERIES) rows.push(await measure(query));
if (json) console.log(JSON.stringify(rows));
else {
  console.log(`engine with manifest ${gz(index)}, page ${page} bytes`);
  console.log("query | to ranking | to first | ten results | requests | in sequence | segments");
  for (const r of rows) console.log([r.query, r.ranked, r.bytes, r.ten, r.requests, r.depth, r.all].join(" | "), JSON.stringify(r.kinds));
}
const sizes = {};
if (!json && !rest.length) {
  for (const entry of fs.readdirSync(path.join(folder, "search"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const kind = path.relative(path.join(folder, "search"), file).split(path.sep)[0];
    const size = (sizes[kind] ??= { files: 0, bytes: 0, gz: 0, largest: 0 });
    const script = fs.readFileSync(file);
    size.files++;
    size.bytes += script.length;
    size.gz += gz(script);
    size.largest = Math.max(size.largest, script.length);
  }
  console.log(JSON.stringify(sizes));
}
