// Pages of every kind, looked over by axe-core: the rules of WCAG 2.2 AA that a
// machine can check, and its best practices.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { harness } from './lib/harness.mjs';
import { sample, texts } from './lib/sample.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const { inEach } = harness();

/** What axe has against the page as it stands. */
async function faults(visit, where) {
  if (!await visit.ask(() => 'axe' in globalThis)) await visit.page.evaluate(AXE);
  const found = await visit.ask(async (rules) => {
    const { violations, passes } = await globalThis.axe.run(document, { runOnly: rules, resultTypes: ['violations'], preload: false });
    const places = ({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`);
    return { passes: passes.length, faults: violations.flatMap(places) };
  }, RULES);
  assert.ok(found.passes > 10, `${where}: only ${found.passes} rules had something to look at`);
  return found.faults.map((fault) => `${where}: ${fault}`);
}

/** Brings to sight what is hidden at first. */
function unfold() {
  for (const details of document.querySelectorAll('details')) details.open = true;
  for (const id of ['s-corr', 's-furn', 's-pairs']) {
    const box = document.getElementById(id);
    if (box && !box.checked) box.click();
  }
  document.querySelector('[popovertarget]')?.click();
}

/** One page of each folder, all at the top, and every text. */
const kinds = (pages) => [...new Set([...sample(pages, 2), ...texts(pages)])];

const chromium = { schemes: ['file'], browsers: ['chromium'] };
for (const width of [320, 1280]) {
  for (const scheme of ['light', 'dark']) {
    inEach(`axe finds nothing at ${width} px, ${scheme}`, async (visit, site) => {
      await visit.page.setViewport({ width, height: 800 });
      await visit.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const found = [];
      for (const page of kinds(site.pages)) {
        await visit.open(page);
        found.push(...await faults(visit, page));
      }
      assert.deepEqual(found, []);
    }, chromium);

    inEach(`axe finds nothing in what is unfolded at ${width} px, ${scheme}`, async (visit, site) => {
      await visit.page.setViewport({ width, height: 800 });
      await visit.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const found = [];
      for (const page of texts(site.pages)) {
        await visit.open(page);
        await visit.ask(unfold);
        found.push(...await faults(visit, page));
      }
      // The panel that proposes a note: asking for words, then on some.
      await visit.page.focus('[data-suggest] button');
      await visit.page.keyboard.press('Enter');
      found.push(...await faults(visit, 'the panel, without words'));
      await visit.page.keyboard.press('Escape');
      await visit.ask(() => getSelection().selectAllChildren(document.querySelector('article p[data-block]')));
      await visit.page.keyboard.press('a');
      await visit.page.keyboard.type('So it was.');
      await visit.ask(unfold);
      found.push(...await faults(visit, 'the panel'));
      await visit.open('search.html?q=trafficking');
      await visit.until(() => document.querySelector('[data-search-result]') && document.querySelector('[data-search-facets] details'));
      await visit.ask(unfold);
      found.push(...await faults(visit, 'results of a search'));
      assert.deepEqual(found, []);
    }, chromium);
  }
}
