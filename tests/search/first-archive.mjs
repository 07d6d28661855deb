// What readers of the first archive type, in each of the ways that search knows,
// and the paragraph that must come first or second.
//   node first-archive.mjs INDEX CONTENT
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { all, engineOf, place, same } from "./engine.mjs";

const [index, content] = process.argv.slice(2);
const TEXTS = {
  2004: "commons/2004-03-09-child-trafficking",
  2006: "commons/2006-10-24-human-trafficking",
  2009: "home-office/2009-08-reply-hc23",
  2012: "commons/2012-12-20-human-trafficking",
  2019: "lords/2019-03-28-missing-children",
};

// For each way: query, filters, text, and words of the paragraph (of several that may come
// first, any). Of one paragraph the words stand in no other.
const WAYS = {
  "an acronym finds the name": [
    ["NCS", {}, 2004, ["National Crime Squad (NCS)"]],
    ["UKIS", {}, 2006, ["United Kingdom Immigration Service (UKIS)"]],
    ["NRMP", {}, 2019, ["National Register of Missing Persons (NRMP)"]],
    ["SOCA", { to: "2006" }, 2006, ["Serious Organised Crime Agency"]],
    ["CEOP", { to: "2006" }, 2006, ["Child Exploitation and Online P"]],
    ["ILO", { to: "2004" }, 2004, ["Immigration Liaison Officers"]],
  ],
  "the name finds the acronym": [
    ["Gangmasters Licensing Authority", {}, 2009, ["Gangmasters Licensing Authority"]],
    ["Gangmasters Licensing Authority consensus", { in: "texts" }, 2009, ["GLA’s remit"]],
    ["Organisation for Security and Co-operation in Europe", {}, 2009, ["OSCE"]],
    ["Organization for Security and Co-operation in Europe", { in: "texts" }, 2009, ["OSCE"]],
    ["Employment Agency Standards Inspectorate", { in: "texts" }, 2009, ["EAS"]],
    ["Association of Chief Police Officers", { in: "texts" }, 2009, ["ACPO"]],
    ["National Police Chiefs' Council", {}, 2019, ["(NPCC)"]],
  ],
  "the right spelling finds the misprint": [
    ["ADCS", { in: "texts" }, 2009, ["ACDS"]],
    ["Barnardo's", { from: "2012" }, 2012, ["Barnado"]],
    ["ensure", { kind: "written-answer", to: "2004" }, 2004, ["ensue"]],
    ["phone number", {}, 2009, ["phonenumber"]],
    ["support and recovery", { from: "2019" }, 2019, ["sup-port", "support and recovery"]],
  ],
  "the whole word finds the hyphen of a line's end": [
    ["police reported missing persons incidents", {}, 2019, ["miss-ing"]],
    ['"missing persons incidents to be accessed"', {}, 2019, ["miss-ing"]],
    ["historic missing", {}, 2019, ["historic missing"]],
  ],
  "numbers and sums": [
    ["4000", {}, 2009, ["4,000"]],
    ["4,000", { to: "2006" }, 2006, ["4,000"]],
    ["1321610", {}, 2009, ["£1,321,610"]],
    ["£1,321,610", {}, 2009, ["£1,321,610"]],
    ["1704 notices", {}, 2009, ["1,704"]],
    ["£5.8 million", {}, 2009, ["£5.8 million"]],
    ["435000", {}, 2009, ["£435,000"]],
  ],
  "references": [
    ["158227", {}, 2004, ["[158227]"]],
    ["[158227]", {}, 2004, ["[158227]"]],
    ["94675", {}, 2006, ["(94675)"]],
    ["cc1457-9W", {}, 2004, ["cc1457-9W"]],
  ],
  "an ISBN with and without hyphens": [
    ["9780101769327", {}, 2009, ["ISBN: 9780101769327", "ISBN 978-0-10-176932-7"]],
    ["978-0-10-176932-7", {}, 2009, ["ISBN: 9780101769327", "ISBN 978-0-10-176932-7"]],
    ["ISBN 9780101769327", {}, 2009, ["ISBN: 9780101769327", "ISBN 978-0-10-176932-7"]],
  ],
  "hyphens": [
    ["re-trafficked", {}, 2009, ["re-trafficked"]],
    ["retrafficked", {}, 2009, ["re-trafficked"]],
    ["45-day", {}, 2009, ["45 day", "45-day"]],
    ["45 days", {}, 2009, ["45 days"]],
    ["coordinated task force", {}, 2004, ["co-ordinated through the multi-agency"]],
    ["multiagency", { to: "2004" }, 2004, ["multi-agency"]],
    ["antislavery day", {}, 2012, ["anti-slavery day"]],
  ],
  "apostrophes": [
    ["Children's Society", { from: "2012", to: "2012" }, 2012, ["Children’s Society"]],
    ["Children’s Society", { from: "2012", to: "2012" }, 2012, ["Children’s Society"]],
    ["Childrens Society", { from: "2012", to: "2012" }, 2012, ["Children’s Society"]],
    ["Harm’s Way", { from: "2019" }, 2019, ["Still in Harm's Way", "Still in Harm"]],
    ["Chiefs Council", { from: "2019" }, 2019, ["Police Chiefs’ Council"]],
  ],
  "inflected forms": [
    ["pilots toolkits", {}, 2004, ["best practice toolkit"]],
    ["icebergs", {}, 2012, ["tip of the iceberg"]],
    ["organs removed", {}, 2004, ["removal of organs"]],
    ["beat", { from: "2012" }, 2012, ["beaten up", "beat"]],
    ["conspiracies", {}, 2012, ["conspiracy camp"]],
  ],
  "one typo": [
    ["iceburg ", {}, 2012, ["tip of the iceberg"]],
    ["tolkit ", {}, 2004, ["toolkit"]],
    ["conspircay ", {}, 2012, ["conspiracy"]],
    ["pentametre ", {}, 2006, ["Operation Pentameter"]],
    ["Operation Pentamater ", {}, 2006, ["Operation Pentameter"]],
  ],
  "a prefix while typing": [
    ["iceb", {}, 2012, ["tip of the iceberg"]],
    ["Operation Pentam", {}, 2006, ["Operation Pentameter"]],
    ["conspir", {}, 2012, ["conspiracy camp"]],
    ["crimeredu*", {}, 2004, ["www.crimereduction.gov.uk", "toolkit"]],
  ],
  "phrases": [
    ['"tip of the iceberg"', {}, 2012, ["tip of the iceberg"]],
    ['"Al Capone" approach', {}, 2009, ["Al Capone"]],
    ['"under one roof"', {}, 2006, ["under one roof"]],
    ['"police and crime commissioners"', {}, 2012, ["police and crime commissioners"]],
  ],
  "exclusion": [
    ["Reflex -squad -strategy", { to: "2004" }, 2004, ["multi-agency task force Reflex"]],
    ["operation MAXIM -Pentameter", {}, 2006, ["Operation MAXIM"]],
    ['ISBN -978', {}, 2009, ["ISBN: 9780101769327"]],
  ],
  "labels of the structure": [
    ["recommendation 8", {}, 2009, ["8. Another part of the solution"]],
    ["recommendation 25", {}, 2009, ["25. We also ask the Government"]],
    ["recommendation 42", {}, 2009, ["42. We are disappointed"]],
    ["question 94668", {}, 2006, ["(94668)"]],
    ["question 94675", {}, 2006, ["(94675)"]],
  ],
  "speakers": [
    ["Beverley Hughes toolkit", {}, 2004, ["best practice toolkit"]],
    ["Mark Harper iceberg", {}, 2012, ["tip of the iceberg"]],
    ["Baroness Williams missing persons", {}, 2019, ["National Register of Missing Persons"]],
    ["commissioners", { speaker: "mark-harper" }, 2012, ["police and crime commissioners"]],
  ],
  "dates and years": [
    ["9 March 2004", {}, 2004, ["HC Deb 09 March 2004", null]],
    ["20 December 2012", {}, 2012, ["20 December 2012", null]],
    ["24 October 2006", {}, 2006, ["24 October 2006", null]],
    ["2019", { in: "texts" }, 2019, ["April 2019", "28th March 2019", "14th March 2019", null]],
  ],
  "filters": [
    ["trafficking", { kind: "speech" }, 2012, ["rafficking", "trafficked"]],
    ["forced labour", { from: "2004", to: "2004" }, 2004, ["forced labour"]],
    ["London", { to: "2006" }, 2006, ["(94668)", "84 women", "Operation MAXIM"]],
    ["child trafficking", { topic: "missing-from-care", to: "2019", from: "2019" }, 2019, ["child trafficking", "Child Trafficking"]],
  ],
};

const normal = (text) => text.replace(/\s+/g, " ");
const { engine } = engineOf(index);

/** Address and id of each paragraph that holds some words; without words, of the page's head. */
function places(text, words) {
  const address = `texts/${TEXTS[text]}.html`;
  const lines = fs.readFileSync(path.join(content, `${TEXTS[text]}.txt`), "utf8").split(/\r\n|\n|\r/).filter((line) => line.trim());
  return words.flatMap((words) => {
    if (words === null) return [address];
    const found = lines.flatMap((line, i) => (normal(line).includes(words) ? [`${address}#p${i + 1}`] : []));
    assert.ok(found.length, `${text} has no “${words}”`);
    return found;
  });
}

const wrong = [];
for (const [way, cases] of Object.entries(WAYS)) {
  assert.ok(cases.length >= 3, way);
  for (const [query, filters, text, words] of cases) {
    const { passages } = await all(engine, query, filters);
    const found = passages.filter(({ type }) => type === "text").slice(0, 2).map(place);
    const expected = places(text, words);
    if (!found.some((one) => expected.includes(one))) wrong.push(`${way}: ${query} ${JSON.stringify(filters)} gives ${found}, not ${expected}`);
  }
}
assert.deepEqual(wrong, []);

// Notes alone, and the glossary alone.
for (const [query, note] of [["renamed Immigration Act", "n-gla-remit"], ["helpline Acas", "n-helpline-to-acas"], ["Reflex co-ordination June 2007", "n-end-of-reflex"]]) {
  const { passages } = await all(engine, query, { in: "notes" });
  assert.ok(passages.every(({ type }) => type === "note") && passages.slice(0, 2).some(({ anchor }) => anchor === note), `${query}: ${passages.map(place)}`);
}
for (const [query, title] of [["farming shellfish", "GLA"], ["exploitation online protection", "CEOP"], ["lawyers victims network", "ATLeP"]]) {
  const { outcome, passages } = await all(engine, query, { in: "glossary" });
  assert.ok(!passages.length && outcome.guides.slice(0, 2).some((guide) => guide.title === title), `${query}: ${outcome.guides.map((guide) => guide.title)}`);
}

// A term is a result of its own kind, with its definition.
for (const [query, title] of [["CEOP", "CEOP"], ["Gangmasters Licensing Authority", "GLA"], ["operation pentameter", "Operation Pentameter"]]) {
  const { guides } = await engine.find(query);
  assert.ok(guides.some((guide) => guide.title.toLowerCase().includes(title.toLowerCase()) && guide.snippet.length), `${query}: ${JSON.stringify(guides)}`);
}

// After the passages that have the name come those that have the acronym alone.
const spelt = (await all(engine, "Gangmasters Licensing Authority")).passages.map(place);
for (const one of places(2009, ["GLA’s remit"])) assert.ok(spelt.includes(one), one);

// Nothing found: the nearest spelling, and entries of the glossary that begin alike.
for (const [query, instead] of [["iceburg ", "iceberg"], ["pentamater ", "pentameter"], ["conspircay ", "conspiracy"]])
  assert.equal((await engine.find(query)).unknown[0].instead[0], instead, query);
same((await engine.find("gangland ")).unknown[0].instead, [], "gangland is not England");
// Of names with the words that were asked for, the nearest come first.
const [nearest] = (await engine.find("trafficking ")).guides;
assert.equal(nearest.title, "human trafficking");
// Whoever speaks is found beside what has only another of the words.
assert.ok((await all(engine, "Mr Harper ")).passages.some(({ snippet }) => snippet.some(([words, marked]) => marked && words === "Harper")));
// An ending that the archive does not have is found without a word.
for (const [query, forms] of [["beds ", /\bbed\b/], ["whips ", /\bWhip\b/]]) {
  const { outcome, passages } = await all(engine, query);
  same(outcome.unknown, []);
  assert.match(passages[0].snippet.map(([words]) => words).join(""), forms);
}
same((await engine.find('"beds" ')).unknown.map(({ word, taken }) => [word, taken]), [["beds", "beds"]]);
// What finds the same is offered once; a short word is not replaced, since most slips make another word of it.
same((await engine.find("victms ")).unknown[0].instead, ["victims"]);
const [short] = (await engine.find("debt ")).unknown;
same([short.instead, short.taken], [["deb"], "debt"]);
for (const query of ["gangland", "pentagon", "europe zzz"]) assert.ok((await engine.alike(query)).length, query);

// What is counted is what is found.
const outcome = await engine.find("trafficking");
const counts = await outcome.counts();
for (const kind of counts.get("kind").keys()) {
  const { passages } = await all(engine, "trafficking", { kind });
  assert.equal(new Set(passages.filter(({ type }) => type === "text").map(({ address }) => address)).size, counts.get("kind").get(kind), kind);
}
assert.ok(counts.get("in").get("texts") >= counts.get("in").get("notes"));
for (const query of ["GLA", "GLA consensus", "Gangmasters Licensing Authority", "operation pentameter", "trafficking", "police -squad"]) {
  const told = (await (await engine.find(query)).counts()).get("in").get("glossary");
  assert.equal(told, (await engine.find(query, { in: "glossary" })).guides.length, query);
}
assert.equal(counts.get("year").get(2004), 1);

// Completions: names as their entries write them, and words.
const completed = async (typed) => (await engine.complete(typed)).map(({ text }) => text);
assert.ok((await completed("gangm")).some((text) => /^gangmasters$|Gangmasters/.test(text)), await completed("gangm"));
assert.ok((await completed("human traff")).some((text) => text === "human trafficking"), await completed("human traff"));
assert.equal((await completed("trafficking ")).length, 0);

// Without a word: what a topic has, what somebody says, texts of a year, notes; by date, either way.
const browsed = async (filters) => (await all(engine, "", filters)).passages;
const notes = await browsed({ topic: "labour-exploitation", in: "notes" });
assert.ok(notes.length > 5 && notes.every(({ type }) => type === "note"), notes.length);
const both = await browsed({ topic: "labour-exploitation" });
assert.ok(both.some(({ type }) => type === "text"));
same(both.filter(({ type }) => type === "note").map(place), notes.map(place));
const said = await browsed({ speaker: "mark-harper" });
assert.ok(said.length > 5 && said.every(({ type, speaker }) => type === "text" && speaker === "Mark Harper"));
same((await browsed({ from: "2012", to: "2012" })).map(place), [`texts/${TEXTS[2012]}.html`]);
const years = (passages) => passages.map(({ address }) => Number(Object.entries(TEXTS).find(([, text]) => address === `texts/${text}.html`)[0]));
const rises = (numbers) => numbers.every((year, i) => !i || numbers[i - 1] <= year);
same(years(await browsed({ in: "texts" })), [2004, 2006, 2009, 2012, 2019]);
same(years(await browsed({ in: "texts", order: "new" })), [2019, 2012, 2009, 2006, 2004]);
for (const query of ["", "trafficking", "child police"]) {
  const filters = query ? {} : { topic: "child-trafficking" };
  const best = (await all(engine, query, filters)).passages;
  const old = (await all(engine, query, { ...filters, order: "old" })).passages;
  const recent = (await all(engine, query, { ...filters, order: "new" })).passages;
  assert.ok(old.length > 3 && rises(years(old)) && rises(years(recent).reverse()), query);
  same(old.map(place).sort(), recent.map(place).sort(), query);
  for (const one of old.map(place)) assert.ok(best.map(place).includes(one), `${query}: ${one}`);
}
// Of each value of a filter so many texts are told as there are.
const told = await (await engine.find("", { in: "texts" })).counts();
for (const [topic, count] of told.get("topic")) assert.equal(new Set((await browsed({ topic })).map(({ address }) => address)).size, count, topic);
// A paragraph is found by its number.
for (const query of ["p60", "paragraph 60", "para 60"]) same(place((await all(engine, query)).passages[0]), `texts/${TEXTS[2009]}.html#p60`, query);
// The text of a result is cited in both forms.
const [cited] = (await all(engine, '"one-stop shop"', { in: "texts" })).passages.concat((await all(engine, "p60")).passages);
const [bibtex, ris] = await engine.references(cited);
assert.match(bibtex, /^@\w+\{[\w:-]+,\n/);
assert.match(ris, /^TY {2}- \w+\r\n[^]*ER {2}- \r\n$/);

// Ten results, with the engine and what counts them, take at most twelve files; a misspelt word 80 KB as a host sends them.
const fileOf = (name) => path.join(index, name ? `search/${name[0]}/${name.slice(1, 3)}/${name.slice(1)}.js` : "search/index.js");
for (const query of ["trafficking", "human trafficking", "gangmasters", "CEOP", "forced labour", '"forced labour"', "recommendation 8", "victims of trafficking", "police children", "4000", "traficking ", "iceburg ", "xyzzyplugh "]) {
  const { engine, loaded } = engineOf(index);
  const outcome = await engine.find(query);
  for (let count = 0; count < 10 && !outcome.done; ) count += (await outcome.next(10 - count)).length;
  await outcome.counts();
  const files = ["", ...new Set(loaded)];
  assert.ok(files.length <= 12, `${query} loads ${files.length} files`);
  const bytes = files.map((name) => zlib.gzipSync(fs.readFileSync(fileOf(name)), { level: 6 }).length).reduce((a, b) => a + b);
  if (query.endsWith(" ")) assert.ok(bytes <= 80 * 1024, `${query} loads ${bytes} bytes`);
}
