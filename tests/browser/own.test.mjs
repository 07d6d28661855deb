// A reader's own margin: marks and notes to oneself, which stand in the browser, on the words, and in files.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { harness } from './lib/harness.mjs';
import { bringPanel } from './lib/panel.mjs';

const { inEach } = harness();
const REPLY = 'texts/home-office/2009-08-reply-hc23.html';
const SPEECH = 'texts/commons/2012-12-20-human-trafficking.html';

/** Selects the first words of a block, as a reader does. */
async function select(visit, block, words) {
  await visit.ask((block, words) => {
    const place = document.getElementById(block);
    place.scrollIntoView({ block: 'center' });
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(words);
      if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length);
    }
    throw new Error(`no ${words}`);
  }, block, words);
  await visit.until(() => document.querySelector('.suggest-here')?.checkVisibility() && document.querySelectorAll('.suggest-here button').length === 3);
}

/** Presses a button of the selection, by its label. */
const press = (visit, label) => visit.ask((label) => [...document.querySelectorAll('.suggest-here button, #own button')].find((button) => button.textContent === label).click(), label);
const drawn = (visit) => visit.ask(() => [CSS.highlights.get('postil-own').size, CSS.highlights.get('postil-own-note').size]);
const rows = (visit) => visit.ask(() => [...document.querySelectorAll('#own [data-own-entry]')].map((row) => [row.querySelector('q').textContent, row.querySelector('textarea').value, row.querySelector('a').getAttribute('href').replace(/^.*(?=texts\/)/, '')]));

const marked = async (visit) => {
  await visit.page.setViewport({ width: 1440, height: 900 });
  await visit.open(REPLY);
  const before = await visit.ask(() => document.querySelector('article').innerHTML);
  await select(visit, 'p60', 'There was no consensus');
  await press(visit, 'Mark');
  await select(visit, 'p61', 'tougher approach');
  await press(visit, 'Note to self');
  await visit.until(() => document.activeElement?.closest('#own'));
  await visit.page.keyboard.type('Was it?');
  assert.ok((await drawn(visit)).every((count) => count > 0), `${await drawn(visit)}`);
  assert.equal(await visit.ask(() => document.querySelector('article').innerHTML), before, 'the page stays as it is');

  await visit.open(REPLY);
  await visit.until(() => document.querySelector('[data-own]').textContent === 'Marks 2');
  assert.ok((await drawn(visit)).every((count) => count > 0));
  await visit.open(SPEECH);
  await visit.until(() => document.querySelector('[data-own]').textContent === 'Marks 2');
  await visit.page.click('[data-own]');
  assert.deepEqual(await rows(visit), [
    ['There was no consensus', '', 'texts/home-office/2009-08-reply-hc23.html#p60'],
    ['tougher approach', 'Was it?', 'texts/home-office/2009-08-reply-hc23.html#p61'],
  ]);
  await press(visit, 'Remove');
  assert.equal((await rows(visit)).length, 1);
  assert.equal(await visit.ask(() => document.querySelector('[data-own]').textContent), 'Marks 1');
};
// From a folder Firefox keeps what is kept for each file by itself.
inEach('words are marked and noted, kept over a reload, listed on every text, and taken away again', marked, { schemes: ['http'] });
inEach('words are marked and noted, kept over a reload, listed on every text, and taken away again', marked, { schemes: ['file'], browsers: ['chromium'] });

inEach('marks go into a file and come back from it', async (visit) => {
  await visit.open(REPLY);
  await visit.ask(() => {
    globalThis.postilTestFiles = [];
    URL.createObjectURL = (blob) => { globalThis.postilTestFiles.push(blob); return '#'; };
  });
  await select(visit, 'p60', 'There was no consensus');
  await press(visit, 'Note to self');
  await visit.until(() => document.activeElement?.closest('#own'));
  await visit.page.keyboard.type('=So');
  for (const kind of ['Markdown', 'JSON-LD', 'CSV']) {
    await visit.page.click('[data-own]');
    if (!await visit.ask(() => document.querySelector('#own').matches(':popover-open'))) await visit.page.click('[data-own]');
    await press(visit, kind);
  }
  const [markdown, json, csv] = await visit.ask(() => Promise.all(globalThis.postilTestFiles.map((blob) => blob.text())));
  assert.match(markdown, /^> There was no consensus\n>\n> .*paragraph 60\n\n=So\n$/);
  assert.match(csv, /\r\n"home-office\/2009-08-reply-hc23","60","There was no consensus","'=So","\d{4}-\d\d-\d\d"\r\n$/);
  const { '@context': context, items: [one] } = JSON.parse(json);
  assert.equal(context, 'http://www.w3.org/ns/anno.jsonld');
  assert.deepEqual([one.motivation, one.body.value, one.target.selector.exact], ['commenting', '=So', 'There was no consensus']);
  assert.ok(one.target.source.endsWith(REPLY), one.target.source);

  await press(visit, 'Remove');
  assert.equal((await rows(visit)).length, 0);
  const folder = await mkdtemp(join(tmpdir(), 'postil-own-'));
  try {
    await writeFile(join(folder, 'marks.jsonld'), json);
    const input = await visit.page.$('#own input[type="file"]');
    await input.uploadFile(join(folder, 'marks.jsonld'));
    await visit.until(() => document.querySelector('#own [role="status"]').textContent === 'Added: 1');
    assert.deepEqual((await rows(visit)).map(([words, note]) => [words, note]), [['There was no consensus', '=So']]);
    await writeFile(join(folder, 'other.json'), '{"items": [{"postil-own": {"text": "../x"}}]}');
    await input.uploadFile(join(folder, 'other.json'));
    await visit.until(() => document.querySelector('#own [role="status"]').textContent === 'Added: 0');
    assert.equal((await readFile(join(folder, 'marks.jsonld'), 'utf8')), json);
  } finally {
    await rm(folder, { recursive: true });
  }
}, { schemes: ['http'] });

inEach('one press makes a proposal of a note to oneself', async (visit) => {
  await visit.open(REPLY);
  await select(visit, 'p61', 'tougher approach');
  await press(visit, 'Note to self');
  await visit.until(() => document.activeElement?.closest('#own'));
  await visit.page.keyboard.type('Was it tougher?');
  await press(visit, 'Suggest as a note');
  const [open, file] = await visit.ask(() => [document.querySelector('[data-suggest-panel]').open, document.querySelector('[data-suggest-panel] pre').textContent]);
  assert.ok(open);
  assert.match(file, /> .*tougher approach/);
  assert.match(file, /Was it tougher\?\n$/);
}, { schemes: ['file'] });

inEach('what is kept is not trusted', async (visit) => {
  await visit.open(REPLY);
  await bringPanel(visit);
  await visit.ask(() => {
    const title = self.postilArchive.title;
    localStorage.setItem(`postil-own:${title}`, JSON.stringify([
      { id: 'a', text: 'x"><img src=x onerror=alert(1)>', title: 'T', block: 1, wording: { quotation: 'a' }, words: 'a', note: '', when: '2020' },
      { id: 'b', text: 'home-office/2009-08-reply-hc23', title: '<b>T</b>', block: 60, wording: { quotation: 'no such words here' }, words: '<i>a</i>', note: '<u>', when: '2020' },
      7, null,
    ]));
  });
  await visit.open(REPLY);
  await visit.page.click('[data-own]');
  await visit.until(() => document.querySelector('#own:popover-open'));
  assert.deepEqual(await rows(visit), [['<i>a</i>', '<u>', '#p60']]);
  assert.equal(await visit.ask(() => document.querySelectorAll('#own :is(i, b:not(.own-h b), u, img)').length), 0);
}, { schemes: ['file'] });
