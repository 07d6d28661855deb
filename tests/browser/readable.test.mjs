// Whether every word can be read, in the colours of the page and in those that a system forces on it:
// light and dark, with everything brought to sight that is hidden at first. Every page is asked in the long
// tier (see tests/run), else some of each kind.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { NARROW, WIDE, unfold } from './lib/axe.mjs';
import { harness } from './lib/harness.mjs';
import { openPanel } from './lib/panel.mjs';
import { built } from './lib/made.mjs';
import { unreadable } from './lib/readable.mjs';
import { EVERYTHING, few, sample } from './lib/sample.mjs';
import { pointsOn } from './lib/shape.mjs';
import { typed } from './lib/typed.mjs';

/** What the system asks for, and what a reader may have chosen on the page beside it. */
const WAYS = [
  { forced: 'none', scheme: 'light' }, { forced: 'none', scheme: 'dark' }, { forced: 'none', scheme: 'light', chosen: 'dark' },
  { forced: 'active', scheme: 'light' }, { forced: 'active', scheme: 'dark' },
  { forced: 'active', scheme: 'light', chosen: 'dark' }, { forced: 'active', scheme: 'dark', chosen: 'light' },
];

/** Chromium is told while it runs. */
async function told(visit, { forced, scheme }) {
  visit.client ??= await visit.page.createCDPSession();
  const features = [{ name: 'forced-colors', value: forced }, { name: 'prefers-color-scheme', value: scheme }];
  await visit.client.send('Emulation.setEmulatedMedia', { features });
}

/** A change of colour that takes its time has not ended when it is asked. */
function atOnce() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, *::before, *::after { transition: none !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** What cannot be read on the open page, in each of these ways. */
async function unread(visit, where, ways = WAYS) {
  const found = [];
  await visit.ask(atOnce);
  for (const way of ways) {
    await told(visit, way);
    await visit.ask((chosen) => { document.documentElement.dataset.scheme = chosen; }, way.chosen ?? '');
    assert.equal(await visit.ask(() => matchMedia('(forced-colors: active)').matches), way.forced === 'active');
    const { asked, wrong } = await visit.ask(unreadable);
    assert.ok(asked > 5, `${where}: only ${asked} stretches of words`);
    found.push(...wrong.slice(0, 3).map((what) => `${where}, ${JSON.stringify(way)}: ${what}`));
  }
  return found;
}

const chromium = { schemes: ['file'], browsers: ['chromium'], timeout: 900_000 };
const { inEach } = harness();

inEach('every word of every page can be read, in each scheme and in forced colours', async (visit, site) => {
  const found = [];
  await visit.page.setViewport({ width: WIDE, height: 800 });
  for (const page of EVERYTHING ? site.pages : sample(site.pages, 1)) {
    await visit.open(page);
    if (await visit.ask(pointsOn)) continue;
    found.push(...await unread(visit, page, WAYS.filter(({ forced, chosen }) => forced === 'active' && !chosen)));
    await visit.ask(unfold);
    found.push(...await unread(visit, `${page}, unfolded`));
  }
  assert.deepEqual(found, []);
}, chromium);

inEach('so can words that an address leads to, that are pointed at, that were looked for, and the panel that proposes a note', async (visit) => {
  const text = 'texts/commons/2012-12-20-human-trafficking.html';
  const found = [];
  for (const width of [NARROW, WIDE]) {
    await visit.page.setViewport({ width, height: 800 });
    await visit.open(text);
    const [note, block] = await visit.ask(() => ['article .n', '[data-block]:has(mark)'].map((selector) => document.querySelector(selector).id));
    for (const id of [note, block]) {
      await visit.open(`${text}#${id}`);
      found.push(...await unread(visit, `#${id}`));
    }
    // A note has a marker for wide windows, where it stands in the margin, and one for narrow ones, which opens it.
    const shown = async (selector) => (await visit.page.evaluateHandle((selector) => [...document.querySelectorAll(selector)].find((found) => found.checkVisibility()), selector)).asElement();
    await (await shown('article .ref')).hover();
    found.push(...await unread(visit, 'the note of a marker'));
    if (width === WIDE) await (await shown('article .n')).hover();
    else await (await shown('article .ref')).click();
    assert.ok(await shown('article .n'), 'a note is seen');
    found.push(...await unread(visit, 'the words of a note'));
    await visit.page.keyboard.press('Escape');
    await visit.ask(() => { const box = document.getElementById('s-corr'); if (!box.checked) box.click(); });
    found.push(...await unread(visit, 'the corrected text'));
    await openPanel(visit);
    await visit.page.keyboard.type('So it was.');
    found.push(...await unread(visit, 'the panel'));
    await visit.open('search.html');
    await typed(visit, 'trafficking');
    await visit.until(() => document.querySelector('[data-search-result] mark'));
    found.push(...await unread(visit, 'results'));
  }
  assert.deepEqual(found, []);
}, chromium);

for (const scheme of ['light', 'dark']) {
  harness(undefined, { forced: scheme }).inEach(`every word can be read in ${scheme} forced colours`, async (visit, site) => {
    const found = [];
    for (const page of EVERYTHING ? sample(site.pages) : few(site.pages)) {
      await visit.open(page);
      if (await visit.ask(pointsOn)) continue;
      assert.ok(await visit.ask((dark) => matchMedia('(forced-colors: active)').matches && matchMedia('(prefers-color-scheme: dark)').matches === dark, scheme === 'dark'));
      await visit.ask(unfold);
      const { asked, wrong } = await visit.ask(unreadable);
      assert.ok(asked > 5, `${page}: only ${asked} stretches of words`);
      found.push(...wrong.slice(0, 3).map((what) => `${page}: ${what}`));
    }
    assert.deepEqual(found, []);
  }, { schemes: ['file'], browsers: ['firefox'], timeout: 900_000 });
}

const plain = await built({
  'postil.toml': 'title = "Trial"\ntheme = "plain"\n',
  'content/a.txt': 'The mate saw a spar and the QXW signal at dusk.\n',
  'annotations/a/spar.md': '+++\nby = "Ada Byron"\n+++\n> a spar and\n\nA yard.\n',
  'annotations/a/mate.md': '+++\nby = "Ada Byron"\nkind = "question"\n+++\n> mate saw a spar\n\nWho?\n',
  'annotations/topics/signals.toml': 'title = "Signals"\nscope = "Seen."\n[[passage]]\ntext = "a"\nquote = "signal at dusk"\nwhy = "One."\n',
  'annotations/glossary/qxw.toml': 'term = "QXW"\nkind = "concept"\ndefinition = "A signal."\nmark = "all"\n',
}, { themes: ['plain'] });
after(plain.remove);

harness(plain.site).inEach('every word of a theme for reading as on paper can be read', async (visit, site) => {
  const found = [];
  for (const page of site.pages) {
    await visit.open(page);
    await visit.ask(unfold);
    found.push(...await unread(visit, page));
  }
  await visit.open('search.html');
  await typed(visit, 'spar');
  found.push(...await unread(visit, 'results'));
  assert.deepEqual(found, []);
}, chromium);
