// What readers type, and what they must find.
//   node readers.mjs FOLDER…   (the same index, laid out differently)
import assert from "node:assert/strict";
import { all, engineOf, place, same } from "./engine.mjs";

// Query, filters, and the first places found, best first; "=" before a query:
// these places and no others, in any order.
const CASES = [
  // An acronym finds the name, and the name the acronym.
  ["=CEOP", {}, ["texts/2006.html#p4", "texts/2012.html#p6"]],
  ["=Child Exploitation and Online Protection Centre", {}, ["texts/2006.html#p4", "texts/2012.html#p6"]],
  ["=gangmasters licensing authority", { in: "texts" }, ["reply#p59", "reply#p60", "reply#p62", "reply#p68"].map(inTexts)],
  ['="GLA"', {}, ["reply#p60", "reply#p62", "reply#p68"].map(inTexts)],
  ["CEOP police", {}, ["texts/2012.html#p6"]],
  // The right spelling finds the misprint and the broken word; so does the misprint itself.
  ["=ADCS", {}, ["texts/reply.html#p120"]],
  ["=ACDS", {}, ["texts/reply.html#p120"]],
  ["victims trafficking helped", {}, ["texts/reply.html#p121"]],
  // Numbers, sums, references.
  ["4000", {}, ["texts/reply.html#p54"]],
  ["4,000", {}, ["texts/reply.html#p54"]],
  ["=1321610", {}, ["texts/reply.html#p68"]],
  ["=£1,321,610", {}, ["texts/reply.html#p68"]],
  ["=94668", {}, ["texts/2006.html#p3"]],
  ["=question 94668", {}, ["texts/2006.html#p3"]],
  ["=158227", {}, ["texts/2004.html#p3"]],
  ["=978-0-10-176932-7", {}, ["texts/reply.html#p22"]],
  ["=9780101769327", {}, ["texts/reply.html#p22"]],
  ["=cc1457-9W", {}, ["texts/2004.html#p1"]],
  // Hyphens and apostrophes.
  ["=re-trafficked", {}, ["texts/2012.html#p5"]],
  ["=retrafficked", {}, ["texts/2012.html#p5"]],
  ["45-day", {}, ["texts/2012.html#p5", "texts/reply.html#p68"]],
  ["=45 days", {}, ["texts/2012.html#p5", "texts/reply.html#p68"]],
  ["=prepaid", {}, ["texts/odd.html#p1"]],
  ['="GLA\'s remit"', {}, ["texts/reply.html#p60"]],
  ['="GLA’s remit"', {}, ["texts/reply.html#p60"]],
  // Inflections and a beginning.
  ["=inspectorates", {}, ["texts/reply.html#p56"]],
  ["=penalty", {}, ["texts/reply.html#p68"]],
  ["=operations", {}, ["texts/2006.html#p5"]],
  ["=consensus forem", {}, ["texts/reply.html#p60"]],
  ["=consens", {}, ["texts/reply.html#p60"]],
  ["=icebe*", {}, ["texts/2012.html#p4"]],
  // Phrases, exclusion.
  ['="forced labour"', {}, ["texts/reply.html#p62"]],
  ["forced labour", {}, ["texts/reply.html#p62", "texts/reply.html#p63"]],
  ['="tip of the iceberg"', {}, ["texts/2012.html#p4"]],
  ['="iceberg tip"', {}, []],
  ["=labour -hard", { in: "texts" }, ["texts/reply.html#p62"]],
  ['=labour -"forced labour"', { in: "texts" }, ["texts/reply.html#p63"]],
  // Labels, speakers, dates.
  ["recommendation 8", {}, ["texts/reply.html#p59"]],
  ["committee solution", {}, ["texts/reply.html#p59"]],
  ["beverley hughes reflex", {}, ["texts/2004.html#p5"]],
  ["=secretary hughes", {}, ["texts/2004.html#p3", "texts/2004.html#p4"]],
  ["=2004", {}, ["texts/2004.html#p1"]],
  // Filters.
  ["=trafficking", { kind: "speech" }, ["texts/2012.html#p5"]],
  ["=human", { from: "2007" }, ["texts/2012.html"]],
  ["=human", { to: "2007" }, ["texts/2006.html#p3"]],
  ["=human", { from: "2012", to: "2012" }, ["texts/2012.html"]],
  ["=government", { speaker: "beverley-hughes" }, ["texts/2004.html#p4"]],
  ["=abuse", {}, ["texts/reply.html#n-gla-remit"]],
  ["=abuse", { in: "notes" }, ["texts/reply.html#n-gla-remit"]],
  ["=abuse", { in: "texts" }, []],
  // Odd texts.
  ["=__proto__", {}, ["texts/odd.html#p2"]],
  ["=constructor", {}, ["texts/odd.html#p2"]],
  ["=中文", {}, ["texts/odd.html#p3"]],
  ["=文中", {}, []],
  ["=café", {}, ["texts/odd.html#p3"]],
  ["=cafe", {}, ["texts/odd.html#p3"]],
  ["=שלום", {}, ["texts/odd.html#p3"]],
  // Without a word, the texts.
  ["=", {}, ["2004", "2006", "2012", "odd", "reply"].map((text) => `texts/${text}.html`)],
  ["=\"\"", {}, []],
  ["=-", {}, []],
  ["=***", {}, []],
  ["=-police", {}, []],
];

function inTexts(short) {
  return `texts/${short.replace("#", ".html#")}`;
}

async function cases(folder) {
  const { engine } = engineOf(folder);
  for (const [written, filters, expected] of CASES) {
    const only = written.startsWith("=");
    const query = only ? written.slice(1) : written;
    const { passages } = await all(engine, query, filters);
    const found = passages.map(place);
    if (only) same(found.sort(), expected.sort(), query);
    else same(found.slice(0, expected.length), expected, query);
  }
}

/** Terms and topics are results of their own kind. */
async function guides(folder) {
  const { engine } = engineOf(folder);
  const of = async (query, filters) => (await engine.find(query, filters)).guides.map(({ type, title }) => `${type} ${title}`);
  same(await of("gangmasters licensing authority"), ["term GLA"]);
  same(await of("the ceop"), ["term CEOP"]);
  same(await of("labour exploitation"), ["topic Labour exploitation"]);
  same(await of("association", { in: "glossary" }), ["term ADCS"]);
  same(await of("ceop", { in: "texts" }), []);
  const [ceop] = (await engine.find("CEOP")).guides;
  same(ceop.names, ["Child Exploitation and Online Protection Centre"], "each name once");
  const [term] = (await engine.find("ADCS")).guides;
  same([...term.names], ["Association of Directors of Children's Services"], "misprints are not offered as names");
}

/** Words that no text has: said so, with what may have been meant. */
async function help(folder) {
  const { engine } = engineOf(folder);
  const unknown = async (query) => (await engine.find(`${query} `)).unknown.map(({ word, instead }) => [word, instead[0]]);
  same(await unknown("traficking"), [["traficking", "trafficking"]]);
  same(await unknown("goverment"), [["goverment", "government"]]);
  same(await unknown("icebreg"), [["icebreg", "iceberg"]]);
  same(await unknown("inspectored"), [["inspectored", "inspectorate"]]);
  same(await unknown("zzzzzz"), [["zzzzzz", undefined]]);
  same(await unknown("police"), []);
  // As it was typed, and where, so that another word can be put in its place.
  const typed = 'police "polise-émigré" Émigré';
  const places = (await engine.find(`${typed} `)).unknown.map(({ word, start, end }) => [word, typed.slice(start, end)]);
  same(places, [["polise-émigré", "polise-émigré"], ["Émigré", "Émigré"]]);
  const begun = (await engine.find("traffi")).begun;
  assert.equal(begun.typed, "traffi");
  assert.ok(begun.forms.includes("trafficking"), begun.forms);
  assert.equal((await engine.find("traffi ")).begun, null);
  const alike = await engine.alike("gangland");
  same(alike.map(({ title }) => title), ["GLA"]);
  // One word of two is nowhere: what has the other is shown.
  const { outcome, passages } = await all(engine, "iceberg zzzzzz ");
  same([outcome.all, passages.map(place)], [0, ["texts/2012.html#p4"]]);
}

/** Snippets mark the words and keep to a length; links lead to the words. */
async function snippets(folder) {
  const { engine } = engineOf(folder);
  const first = async (query) => (await all(engine, query)).passages[0];
  const marked = ({ snippet }) => snippet.filter(([, mark]) => mark).map(([words]) => words);
  same(marked(await first("remit forum")), ["Forum", "remit"]);
  same(marked(await first('"forced labour"')), ["forced labour"]);
  const needle = await first("needle hay");
  const shown = needle.snippet.map(([words]) => words).join("");
  assert.ok(shown.length < 340 && shown.startsWith("… ") && shown.endsWith(" …"), shown);
  same(marked(needle), ["needle", "hay"]);
  const hostile = (await first("card quoted")).snippet.map(([words]) => words).join("");
  assert.ok(hostile.startsWith("A pre-paid card </script><script>alert(1)</script>"), hostile);
  assert.equal((await first("iceberg")).directive, ":~:text=tip%20of%20the-,iceberg");
  assert.equal((await first("whether")).directive, ":~:text=the%20Forum%20on-,whether,-the%20GLA%E2%80%99s%20remit");
  assert.equal((await first("retrafficked")).directive.split(",")[1], "re%2Dtrafficked");
  const corrected = await first("ADCS");
  same([corrected.corrected, marked(corrected)], [false, ["ACDS"]]);
  const mended = await first("helped trafficking");
  same([mended.corrected, marked(mended)], [true, ["trafficking", "helped"]]);
}

/** Filters and years as the page shows them. */
async function columns(folder) {
  const { engine } = engineOf(folder);
  const filters = await engine.filters();
  same([...filters.get("kind").map(([slug]) => slug)], ["command-paper", "odds", "speech", "written-answer"]);
  same([...filters.get("kind").find(([slug]) => slug === "written-answer")], ["written-answer", "Written answer", 2]);
  same([...engine.years().map(([year]) => year)], [2004, 2006, 2009, 2012, null]);
}

/** A part that does not load is tried twice, told of, and the rest is found. */
async function missing(folder) {
  const names = engineOf(folder);
  await all(names.engine, "iceberg");
  if (!names.loaded.length) return;
  const text = engineOf(folder, (name) => name[0] === "d");
  const without = await all(text.engine, "iceberg");
  assert.equal(without.outcome.missing, true);
  const lost = text.loaded.filter((name) => name[0] === "d");
  assert.ok(lost.length > 0 && new Set(lost).size * 2 <= lost.length, "each is asked for again");
  const none = await all(engineOf(folder, () => true).engine, "iceberg");
  same([none.outcome.missing, none.passages.length], [true, 0]);
  let refused = true;
  const later = engineOf(folder, () => refused);
  await all(later.engine, "iceberg");
  refused = false;
  assert.equal((await all(later.engine, "iceberg")).passages.length, 1, "what failed once is asked for again");
}

/** Whatever is typed is answered: no query throws, counts and completions neither. */
async function anything(folder) {
  const { engine } = engineOf(folder);
  const parts = ['"', "“", "”", "-", "*", " ", ".", "'", "=", "_", "GLA", "gangmasters licensing authority", "re-trafficked", "45-day", "the", "of", "traffick",
    "zzz", "4,000", "£", "U.K.", "中文", "文", "ก", "\u0301", "ﬁ", "\u{1F642}", "\ud800", "__proto__", "organization", "pre-", "Association of Directors of Children’s Services"];
  let seed = 5;
  const roll = (sides) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % sides;
  for (let i = 0; i < 400; i++) {
    const query = Array.from({ length: 1 + roll(6) }, () => parts[roll(parts.length)] + (roll(2) ? " " : "")).join("");
    const { outcome } = await all(engine, query, { in: ["", "texts", "notes", "glossary"][roll(4)] });
    assert.equal(outcome.missing, false, query);
    await outcome.counts();
    await engine.complete(query);
    await engine.alike(query);
  }
}

for (const folder of process.argv.slice(2))
  for (const test of [cases, guides, help, snippets, columns, missing, anything]) await test(folder);
