// What holds of every page.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { sample } from './lib/sample.mjs';

const { inEach } = harness();

/** What a page must have, whatever it is about; gives what it lacks. */
function shape() {
  const wrong = [];
  const need = (good, what) => { if (!good) wrong.push(what); };
  const first = document.querySelector('a[href], button, input, select, summary, [tabindex="0"]');
  const target = first?.getAttribute('href') ?? '';
  need(document.documentElement.lang, 'a language');
  need(document.title.trim(), 'a title');
  need(document.querySelectorAll('h1').length === 1, 'one h1');
  need(document.querySelectorAll('main').length === 1, 'one main');
  need(target.startsWith('#') && document.getElementById(target.slice(1))?.closest('main'), 'a skip link into main, first of all');
  need(!document.querySelector('style, [style], [onclick], [onload], base, iframe, object, embed'), 'nothing inline or embedded');
  const levels = [...document.querySelectorAll('main :is(h1,h2,h3,h4,h5,h6)')].map((h) => Number(h.localName[1]));
  need(levels.every((level, i) => i === 0 || level <= levels[i - 1] + 1), `headings in order, not ${levels.join(' ')}`);
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  need(new Set(ids).size === ids.length, 'ids that stand once');
  return wrong;
}

/** Whether a page only points on to another, as one at an old address does. */
function pointsOn() {
  return document.querySelector('meta[http-equiv="refresh" i]') !== null;
}

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

const long = { timeout: 600_000 };
inEach('every page is whole and without problems', (visit, site) => checkPages(visit, site.pages), { ...long, schemes: ['file'] });
inEach('pages of each kind are whole and without problems', (visit, site) => checkPages(visit, sample(site.pages)), { ...long, schemes: ['http'] });

inEach('no page scrolls sideways on a narrow screen', async (visit, site) => {
  await visit.page.setViewport({ width: 320, height: 700 });
  const wide = [];
  for (const path of sample(site.pages, 2)) {
    await visit.open(path);
    const by = await visit.ask(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (by > 0) wide.push(`${path} by ${by} px`);
  }
  assert.deepEqual(wide, []);
}, { schemes: ['file'] });

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
