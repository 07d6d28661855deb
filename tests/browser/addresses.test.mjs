// Every old address opens what it was the address of: the same place on the page that has another
// name now, the note that has another name, the words whose paragraph has another number.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { harness } from './lib/harness.mjs';
import { built } from './lib/made.mjs';

const note = (was, words, body) => `+++\nby = "A B"\nwas = ${JSON.stringify(was)}\n+++\n> ${words}\n\n${body}\n`;
const { site, remove } = await built({
  'postil.toml': 'title = "Old addresses"\n',
  'content/new/name.txt': Array.from({ length: 60 }, (_, i) => `Paragraph ${i + 1} of the harbour.\n`).join(''),
  'content/new/name.toml': 'title = "Name"\ndate = 1850\nlayout = "lines"\nwas = ["old-name", "older/deep/name"]\n'
    + 'aliases = [{ was = "p20-p30", now = "p21-p31" }, { was = "p70", now = "p50" }]\n',
  'annotations/new/name/a-note.md': note(['first', 'second'], 'Paragraph 40 of the', 'A note. '.repeat(60)),
  'annotations/glossary/harbour.toml': 'term = "harbour"\nkind = "place"\nwas = "haven"\n[[sense]]\nid = "a"\nuntil = 1900\n'
    + 'definition = "One."\n[[sense]]\nid = "b"\nfrom = 1900\ndefinition = "Two."\n',
  'annotations/topics/quays.toml': 'title = "Quays"\nwas = "quay"\n[[passage]]\ntext = "new/name"\nquote = "Paragraph 9 of"\n',
});
after(remove);

const { inEach } = harness(site);

/** Old address, and where it leads. */
const MOVED = [
  ['texts/old-name.html', 'texts/new/name.html'],
  ['texts/old-name.html#p40', 'texts/new/name.html#p40'],
  ['texts/older/deep/name.html#p40', 'texts/new/name.html#p40'],
  ['texts/old-name.html#n-a-note', 'texts/new/name.html#n-a-note'],
  ['texts/old-name.html#n-second', 'texts/new/name.html#n-a-note'],
  ['texts/new/name.html#n-first', 'texts/new/name.html#n-a-note'],
  ['glossary/haven.html#s-2', 'glossary/harbour.html#s-2'],
  ['topics/quay.html', 'topics/quays.html'],
];

inEach('an old address opens the same place of the new page', async (visit) => {
  for (const [old, now] of MOVED) {
    await visit.page.goto(`${visit.root}${old}`, { waitUntil: 'load' }).catch(() => {}); // It is gone on from.
    await visit.until((expected) => location.href === expected && document.readyState === 'complete', visit.root + now);
    const fragment = now.split('#')[1];
    if (!fragment) continue;
    await visit.until((id) => {
      const box = document.getElementById(id).getBoundingClientRect();
      return box.top >= -1 && box.top < innerHeight;
    }, fragment);
  }
  // The fonts of a page that is gone on from do not come any more, which Firefox tells.
  visit.problems = visit.problems.filter((problem) => !problem.includes('font: download failed'));
});

inEach('back from a new page leads to what was before the old one', async (visit) => {
  await visit.open('index.html');
  await visit.page.goto(`${visit.root}texts/old-name.html#p40`).catch(() => {});
  await visit.until((expected) => location.href === expected, `${visit.root}texts/new/name.html#p40`);
  await visit.page.evaluate(() => { history.back(); });
  await visit.until((expected) => location.href === expected, `${visit.root}index.html`);
}, { schemes: ['http'] });

inEach('words that an address names are led on too', async (visit) => {
  const words = 'p40:~:text=of%20the%20harbour';
  await visit.page.goto(`${visit.root}texts/old-name.html#${words}`).catch(() => {});
  await visit.until((expected) => location.href.startsWith(expected), `${visit.root}texts/new/name.html#p40`);
  const gone = await visit.ask(() => performance.getEntriesByType('navigation')[0].name);
  assert.ok(gone.endsWith(words), gone);
}, { schemes: ['http'], browsers: ['chromium'] });

inEach('a folded note is open by its old name', async (visit) => {
  await visit.open('texts/new/name.html#n-second');
  await visit.until(() => {
    const body = document.querySelector('#n-a-note :is(.more-n > p, p:not([class]))');
    return body && body.getClientRects().length > 0 && body.getBoundingClientRect().height > 0;
  });
});

inEach('without scripts an old address shows the way, and an old name of a note its note', async (visit) => {
  for (const [old, now] of MOVED.filter(([old, now]) => old.split('#')[0] !== now.split('#')[0])) {
    await visit.open(old);
    const [href, seen] = await visit.ask(() => {
      const link = document.querySelector('[data-moved] a');
      return [link.href, link.checkVisibility()];
    });
    assert.equal(href, visit.root + now.split('#')[0]);
    assert.ok(seen, old);
  }
  await visit.open('texts/new/name.html#n-first');
  const top = await visit.ask(() => document.getElementById('n-a-note').getBoundingClientRect().top);
  assert.ok(top > -100 && top < 600, `${top}`);
}, { script: false });

inEach('a number of an earlier edition leads to its words, or says where they are', async (visit) => {
  const told = () => [...document.querySelectorAll('.was > span, .was-there')].filter((one) => one.checkVisibility()).map((one) => one.innerText.trim());
  await visit.open('texts/new/name.html#p70');
  assert.deepEqual(await visit.ask(told), ['In an earlier edition this paragraph had the number 70.']);
  const top = await visit.ask(() => document.getElementById('p50').getBoundingClientRect().top);
  assert.ok(top > -60 && top < 400, `${top}`);
  await visit.open('texts/new/name.html#p25');
  assert.deepEqual(await visit.ask(told), ['In an earlier edition paragraph 25 was what is now: paragraph 26']);
  await visit.ask(() => { document.querySelector('#p25 + .was-there a').click(); });
  await visit.until(() => location.hash === '#p26');
  await visit.open('texts/new/name.html#p40');
  assert.deepEqual(await visit.ask(told), []);
}, { script: false });
