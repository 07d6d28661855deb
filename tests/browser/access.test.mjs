// Every page, loaded once: whether it is whole, what axe-core says to it, first as it stands
// and then with everything brought to sight that is hidden at first, and where it leads.
// What is hidden at first is asked in Chromium alone and in a narrow window: rules about markup
// do not differ by browser and width, and these pages are most of the time that all tests take.
// The fast tier (see tests/run) looks at a page of each kind in Chromium and at a few in Firefox, and asks of
// every page in Chromium whether it is whole, scrolls sideways or leads nowhere; what axe knows are
// rules about markup and colours, and pages of one kind come from one template and one sheet.

import assert from 'node:assert/strict';

import { NARROW, WIDE, looks, unfold } from './lib/axe.mjs';
import { harness } from './lib/harness.mjs';
import { openPanel } from './lib/panel.mjs';
import { EVERYTHING, few, sample, texts } from './lib/sample.mjs';
import { addresses, pointsOn, shape, sideways } from './lib/shape.mjs';
import { Visit } from './lib/visit.mjs';

/** Each browser looks at so many pages at a time: while one loads, another is looked over. */
const TABS = 2;

const { inEach } = harness();

/** Several pages at a time. */
async function onEach(visit, pages, look) {
  const waiting = [...pages];
  const found = [];
  const tab = async (visit) => {
    for (let page = waiting.shift(); page; page = waiting.shift()) found.push(...await look(visit, page));
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

/** What leads nowhere: `of` has for each page its ids and what it leads to. */
function astray(of, site, root) {
  const files = new Set(site.files);
  const wrong = [];
  for (const [page, { leads }] of of) {
    for (const address of leads.filter((address) => address.startsWith(root))) {
      const [path, fragment] = address.slice(root.length).split('#');
      const file = decodeURIComponent(path.split('?')[0]);
      const id = decodeURIComponent((fragment ?? '').split(':~:')[0]);
      if (!files.has(file)) wrong.push(`${page}: ${file} is no file`);
      else if (id && !of.get(file)?.ids.has(id)) wrong.push(`${page}: ${file} has no #${id}`);
    }
  }
  return wrong;
}

inEach('every page is whole, and axe finds nothing on it, as it stands and (in Chromium) unfolded; what pages lead to is there', async (visit, site, { name }) => {
  let unfolded = 0;
  const lead = new Map();
  const every = EVERYTHING || name === 'chromium';
  const closely = new Set(EVERYTHING ? site.pages : every ? sample(site.pages, 1) : few(site.pages));
  const found = await onEach(visit, every ? site.pages : closely, async (visit, page) => {
    await visit.page.setViewport({ width: WIDE, height: 800 });
    await visit.open(page);
    const { ids, leads } = await visit.ask(addresses);
    lead.set(page, { ids: new Set(ids), leads });
    // A page at an old address shows one link for a moment; it goes on by itself.
    if (await visit.ask(pointsOn)) return [];
    const found = (await visit.ask(shape)).map((what) => `${page} lacks ${what}`);
    if (!closely.has(page)) {
      for (const width of [WIDE, NARROW]) {
        await visit.page.setViewport({ width, height: 800 });
        const by = await visit.ask(sideways);
        if (by > 0) found.push(`${page} at ${width} px scrolls sideways by ${by} px`);
      }
      return found.concat((await visit.takeProblems()).map((problem) => `${page}: ${problem}`));
    }
    found.push(...await looks(visit, page));
    if (name === 'chromium' && await visit.ask(unfold) > 0) {
      unfolded += 1;
      found.push(...await looks(visit, `${page}, unfolded,`, [NARROW]));
    }
    return found.concat((await visit.takeProblems()).map((problem) => `${page}: ${problem}`));
  });
  assert.deepEqual(found, []);
  const links = [...lead.values()].reduce((sum, { leads }) => sum + leads.length, 0);
  assert.ok(links > 20 * lead.size, `only ${links} links`);
  if (every) assert.deepEqual(astray(lead, site, visit.root), []);
  assert.ok(name !== 'chromium' || unfolded >= texts([...closely]).length, `only ${unfolded} pages had something to unfold`);
}, options);

inEach('axe finds nothing in the results of a search', async (visit) => {
  await visit.open('search.html?q=trafficking');
  await visit.until(() => document.querySelector('[data-search-result]') && document.querySelector('[data-search-facets] details'));
  await visit.ask(unfold);
  assert.deepEqual(await looks(visit, 'the results'), []);
}, options);

inEach('axe finds nothing where recommendations and answers stand side by side', async (visit, site) => {
  const pages = [];
  for (const page of texts(site.pages)) if ((await site.read(page)).includes('id="s-pairs"')) pages.push(page);
  assert.ok(pages.length > 0);
  const found = await onEach(visit, pages, async (visit, page) => {
    await visit.page.setViewport({ width: WIDE, height: 800 });
    await visit.open(page);
    await visit.ask(() => { const box = document.getElementById('s-pairs'); if (!box.checked) box.click(); });
    return looks(visit, page, [WIDE]); // the switch is for wide windows only
  });
  assert.deepEqual(found, []);
}, options);

inEach('axe finds nothing in the panel that proposes a note', async (visit, site) => {
  await visit.open(texts(site.pages)[0]);
  await openPanel(visit);
  const found = await looks(visit, 'the panel, without words');
  await visit.page.keyboard.press('Escape');
  await visit.ask(() => getSelection().selectAllChildren(document.querySelector('article p[data-block]')));
  await openPanel(visit, 'a');
  await visit.page.keyboard.type('So it was.');
  await visit.ask(unfold);
  found.push(...await looks(visit, 'the panel'));
  assert.deepEqual(found, []);
}, options);
