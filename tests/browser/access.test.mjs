// Every page, looked over by axe-core: the rules of WCAG 2.2 AA that a machine can
// check, and its best practices. A page is loaded once; at each width all rules are
// asked, and in the other colours those that are about colour.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';
import { Visit } from './lib/visit.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const WIDTHS = [1280, 320];
const TABS = 3;

const { inEach } = harness();

/** What axe has against the page as it stands. */
async function faults(visit, where, runOnly) {
  const found = await visit.ask(async (runOnly) => {
    const { violations, passes } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false });
    const places = ({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`);
    return { passes: passes.length, faults: violations.flatMap(places) };
  }, runOnly);
  assert.ok(found.passes > (runOnly === RULES ? 10 : 0), `${where}: only ${found.passes} rules had something to look at`);
  return found.faults.map((fault) => `${where}: ${fault}`);
}

/** Colours change at once: in a tab behind another they would not arrive. */
function still() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { transition: none !important; }');
  document.adoptedStyleSheets = [sheet];
}

/** What axe has against the open page at both widths, in both colours. */
async function looks(visit, where) {
  if (!await visit.ask(() => 'axe' in globalThis)) await visit.page.evaluate(AXE);
  await visit.ask(still);
  const found = [];
  for (const width of WIDTHS) {
    await visit.page.setViewport({ width, height: 800 });
    for (const [rules, scheme] of [[RULES, 'light'], [COLOURS, 'dark']]) {
      // The reader's own switch, which both browsers have.
      await visit.ask((scheme) => { document.documentElement.dataset.scheme = scheme; }, scheme);
      found.push(...await faults(visit, `${where} at ${width} px, ${scheme}`, rules));
    }
  }
  return found;
}

/** Brings to sight what is hidden at first. */
function unfold() {
  for (const details of document.querySelectorAll('details')) details.open = true;
  for (const id of ['s-corr', 's-furn']) {
    const box = document.getElementById(id);
    if (box && !box.checked) box.click();
  }
  document.querySelector('[popovertarget]')?.click();
}

/** Several pages at a time: while one is looked over, another loads. */
async function onEach(visit, pages, look) {
  const waiting = [...pages];
  const found = [];
  const tab = async (visit) => {
    for (let page = waiting.shift(); page; page = waiting.shift()) found.push(...await look(visit, page));
    assert.deepEqual(await visit.takeProblems(), []);
  };
  const others = await Promise.all(Array.from({ length: TABS - 1 }, () =>
    Visit.begin(visit.page.browser(), visit.browser, visit.root, { script: true })));
  try {
    await Promise.all([visit, ...others].map(tab));
  } finally {
    await Promise.all(others.map((other) => other.end()));
  }
  return found;
}

const options = { schemes: ['file'], timeout: 900_000 };

inEach('axe finds nothing on any page', async (visit, site) => {
  const found = await onEach(visit, site.pages, async (visit, page) => {
    await visit.open(page);
    // A page at an old address shows one link for a moment; it goes on by itself.
    if (await visit.ask(() => document.querySelector('meta[http-equiv="refresh" i]') !== null)) return [];
    return looks(visit, page);
  });
  assert.deepEqual(found, []);
}, options);

inEach('axe finds nothing in what is unfolded', async (visit, site) => {
  const found = await onEach(visit, [...texts(site.pages), 'search.html?q=trafficking'], async (visit, page) => {
    await visit.open(page);
    if (page.includes('?')) await visit.until(() => document.querySelector('[data-search-result]') && document.querySelector('[data-search-facets] details'));
    await visit.ask(unfold);
    return looks(visit, page);
  });
  assert.deepEqual(found, []);
}, options);

inEach('axe finds nothing where recommendations and answers stand side by side', async (visit, site) => {
  const pages = [];
  for (const page of texts(site.pages)) if ((await site.read(page)).includes('id="s-pairs"')) pages.push(page);
  assert.ok(pages.length > 0);
  const found = await onEach(visit, pages, async (visit, page) => {
    await visit.page.setViewport({ width: 1280, height: 800 });
    await visit.open(page);
    await visit.ask(() => document.getElementById('s-pairs').click());
    return looks(visit, page);
  });
  assert.deepEqual(found, []);
}, options);

inEach('axe finds nothing in the panel that proposes a note', async (visit, site) => {
  await visit.open(texts(site.pages)[0]);
  await visit.page.focus('[data-suggest] button');
  await visit.page.keyboard.press('Enter');
  const found = await looks(visit, 'the panel, without words');
  await visit.page.keyboard.press('Escape');
  await visit.ask(() => getSelection().selectAllChildren(document.querySelector('article p[data-block]')));
  await visit.page.keyboard.press('a');
  await visit.page.keyboard.type('So it was.');
  await visit.ask(unfold);
  found.push(...await looks(visit, 'the panel'));
  assert.deepEqual(found, []);
}, options);
