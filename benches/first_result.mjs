// How long a reader waits for the first result of an index in a folder: file://, a fresh page for each search.
//   node benches/first_result.mjs chromium|firefox INDEX [--runs 5] [QUERY…]
// Milliseconds from the search to the first passage, engine and manifest loaded; and until these are loaded. The page has the
// policy of the site. INDEX gets a page of its own for the time of it; `npm ci` in tests/browser comes before.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "../tests/browser/lib/browsers.mjs";

const [name, folder, ...rest] = process.argv.slice(2);
const runs = rest[0] === "--runs" ? Number(rest.splice(0, 2)[1]) : 5;
const QUERIES = rest.length ? rest : [
  "trafficking", "government", "police children", "human trafficking",
  "secretary of state", "victims of trafficking", '"trade union"', '"human trafficking"', '"victims of trafficking"',
];
const POLICY = "default-src 'none'; script-src 'self'";
const page = path.resolve(folder, "first-result.html");
const probe = path.resolve(folder, "first-result.js");
fs.writeFileSync(page, `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script src="first-result.js"></script>`);
fs.writeFileSync(probe, `
const load = (src) => new Promise((done, failed) => {
  const script = document.createElement("script");
  Object.assign(script, { src, onload: done, onerror: () => failed(new Error(src)) });
  document.head.append(script);
});
self.run = async (query) => {
  const began = performance.now();
  await load("search/index.js");
  const ready = performance.now();
  self.postilSearch.connect((name) => load("search/" + name[0] + "/" + name.slice(1, 3) + "/" + name.slice(1) + ".js"));
  const outcome = await self.postilSearch.find(query);
  const [first] = await outcome.next(1);
  return { ready: ready - began, first: performance.now() - ready, found: Boolean(first) };
};`);
const browser = await launch(name);
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
try {
  console.log("query | engine and manifest, ms | first result, ms | least | found");
  for (const query of QUERIES) {
    const all = [];
    for (let run = 0; run < runs; run++) {
      const context = await browser.createBrowserContext();
      const tab = await context.newPage();
      await tab.goto(pathToFileURL(page).href);
      all.push(await tab.evaluate((asked) => self.run(asked), query));
      await context.close();
    }
    const firsts = all.map(({ first }) => first);
    console.log([query, Math.round(middle(all.map(({ ready }) => ready))), Math.round(middle(firsts)), Math.round(Math.min(...firsts)), all[0].found].join(" | "));
  }
} finally {
  await browser.close();
  for (const file of [page, probe]) fs.rmSync(file);
}
