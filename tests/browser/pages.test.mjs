// What holds of pages over http and without scripts; that every page is whole is asked in
// `access.test.mjs`, which loads them all.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { sample } from './lib/sample.mjs';
import { pointsOn, shape } from './lib/shape.mjs';

const { inEach } = harness();

async function checkPages(visit, pages) {
  const wrong = [];
  for (const path of pages) {
    await visit.open(path);
    if (await visit.ask(pointsOn)) continue;
    const lacks = await visit.ask(shape);
    const problems = await visit.takeProblems();
    wrong.push(...lacks.map((what) => `${path} lacks ${what}`), ...problems.map((problem) => `${path}: ${problem}`));
  }
  assert.deepEqual(wrong, []);
  assert.ok(pages.length > 0, 'the site has pages');
}

inEach('pages of each kind are whole and without problems', (visit, site) => checkPages(visit, sample(site.pages)), { schemes: ['http'] });

inEach('pages of each kind show their words without scripts', async (visit, site) => {
  const empty = [];
  for (const path of sample(site.pages, 2)) {
    await visit.open(path);
    if (await visit.ask(pointsOn)) continue;
    const shown = await visit.ask(() => document.querySelector('main').innerText.trim().length);
    if (shown < 20) empty.push(path);
  }
  assert.deepEqual(empty, []);
}, { script: false, schemes: ['file'] });
