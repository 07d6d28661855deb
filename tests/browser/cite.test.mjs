// Whether other programs read the references of the site as they are meant.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Cite } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-csl';
import '@citation-js/plugin-ris';

import { after } from 'node:test';

import { harness, inNone } from './lib/harness.mjs';
import { built } from './lib/made.mjs';
import { texts } from './lib/sample.mjs';

const read = async (name) => new Cite(await readFile(join(process.env.POSTIL_SITE, 'data', name), 'utf8')).data;
const plain = (words) => words.replace(/[–—]/g, '-').replace(/\s+/g, ' ');

/** What all formats carry; `fields` are those that this reader takes from a format. */
function same(found, expected, fields) {
  const by = new Map(found.map((item) => [item.id, item]));
  assert.equal(by.size, expected.length);
  for (const item of expected) {
    const other = by.get(item.id);
    assert.ok(other, item.id);
    assert.equal(plain(other.title), plain(item.title));
    assert.deepEqual(other.issued?.['date-parts'], item.issued?.['date-parts'], item.id);
    for (const field of fields) assert.equal(plain(String(other[field])), plain(String(item[field])), `${field} of ${item.id}`);
  }
}

inNone('BibTeX, RIS and CSL-JSON say the same', async () => {
  const csl = await read('texts.csl.json');
  assert.ok(csl.length > 0);
  for (const item of csl) assert.ok(item.title && item.type, item.id);
  same(await read('texts.bib'), csl, ['publisher', 'volume', 'page', 'ISBN']);
  same(await read('texts.ris'), csl, ['type', 'publisher']);
});

inNone('a style makes a line of each reference', async () => {
  const csl = await read('texts.csl.json');
  const lines = new Cite(csl).format('bibliography', { format: 'text', template: 'apa' }).trim().split('\n');
  assert.equal(lines.length, csl.length);
});

const { inEach } = harness();

inEach('a paragraph, selected words and a reference are cited and copied', async (visit, site) => {
  await visit.open(`${texts(site.pages)[0]}#p2`);
  const line = () => visit.ask(() => document.getElementById('cite-paragraph').textContent);
  assert.match(await line(), /\b2\b/);
  const words = await visit.ask(() => {
    const block = [...document.querySelectorAll('article [data-block]')].find((b) => b.getClientRects().length && b.firstChild?.nodeType === 3);
    getSelection().setBaseAndExtent(block.firstChild, 0, block.firstChild, 5);
    return new Promise((done) => setTimeout(() => done([getSelection().toString().trim(), document.getElementById('cite-words').textContent, block.dataset.block]), 300));
  });
  assert.ok(words[1].startsWith(`“${words[0]}”, `), words[1]);
  assert.ok(words[1].includes(` ${words[2]}`), words[1]);
  const button = await visit.ask(() => {
    const copy = document.querySelector('[data-copy="cite-text"]');
    copy.click();
    return new Promise((done) => setTimeout(() => done([copy.hidden, copy.textContent === copy.dataset.copied]), 300));
  });
  assert.equal(button[0], false);
}, { schemes: ['file'] });

inEach('without scripts the references are there, and no button that does nothing', async (visit, site) => {
  await visit.open(texts(site.pages)[0]);
  const shown = await visit.ask(() => ({
    text: document.getElementById('cite-text').textContent.trim().length,
    forms: document.querySelectorAll('.cite pre').length,
    buttons: [...document.querySelectorAll('[data-copy]')].filter((b) => b.getClientRects().length).length,
  }));
  assert.ok(shown.text > 10);
  assert.deepEqual([shown.forms, shown.buttons], [3, 0]);
}, { script: false, schemes: ['file'] });

const pages = await built({
  'postil.toml': 'title = "Pages and lines"\nlanguage = "en"\n',
  'content/scan.txt': '[Pg 11]\n\nThe lamps were lit.\n\nAnd they burnt; [Pg 12] then they went out.\n\n  The tide is out,\n  The tide is in.\n',
  'content/scan.toml': 'title = "Scan"\nlayout = "wrapped"\n',
  'annotations/scan/apparatus.toml': `structure = [
  { match = '(?<fold>\\[Pg (?<number>\\d+)\\])', kind = "page", count = 2 },
  { at = "p4", kind = "verse", numbers = 5 },
]
`,
});
after(pages.remove);
const { inEach: inPages } = harness(pages.site);

inPages('a paragraph is cited with the page of its source, a line of verse with its number', async (visit) => {
  const cited = async (place) => {
    await visit.open(`texts/scan.html#${place}`);
    return visit.ask(() => document.querySelector('#cite-paragraph [data-cite-place]').textContent);
  };
  assert.deepEqual([await cited('p2'), await cited('p3'), await cited('p4'), await cited('p4-2')], [
    'p. 11, para 2',
    'p. 11, para 3',
    'p. 12, lines 1–2',
    'p. 12, line 2',
  ]);
}, { schemes: ['file'] });
