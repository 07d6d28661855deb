// The page of a text holds its words: all of them, in order, once, and what is
// copied from it is these words and nothing else.

import assert from 'node:assert/strict';

import { copied } from './lib/clipboard.mjs';
import { harness, inNone } from './lib/harness.mjs';
import { folded, sources } from './lib/source.mjs';

const { inEach } = harness();
const TEXTS = await sources();

inNone('the archive has its five texts', () => {
  assert.equal(TEXTS.length, 5);
  assert.ok(TEXTS.every(({ blocks }) => blocks.length > 5), TEXTS.map(({ blocks }) => blocks.length).join(' '));
});

/** Says which blocks differ, and how: a text as a whole is too long for a message. */
function sameBlocks(found, expected, page) {
  assert.equal(found.length, expected.length, `${page}: number of blocks`);
  const wrong = expected.flatMap((words, i) => (folded(found[i]) === words ? [] : [{ block: i + 1, found: folded(found[i]), words }]));
  assert.deepEqual(wrong, [], page);
}

/** The words of the article in the document that the browser made, without generated nodes. */
function held() {
  const article = document.querySelector('article[data-text]').cloneNode(true);
  for (const added of article.querySelectorAll('[data-generated]')) added.remove();
  const blocks = [...article.querySelectorAll('[data-block]')];
  return {
    numbers: blocks.map((block) => Number(block.dataset.block)),
    ids: blocks.map((block) => block.id),
    words: blocks.map((block) => block.textContent),
    whole: article.textContent,
  };
}

for (const script of [true, false]) {
  inEach(`a page holds its text to the letter, ${script ? 'with' : 'without'} scripts`, async (visit) => {
    for (const { page, blocks } of TEXTS) {
      await visit.open(page);
      const { numbers, ids, words, whole } = await visit.ask(held);
      assert.deepEqual(numbers, blocks.map((_, i) => i + 1), page);
      assert.deepEqual(ids, numbers.map((number) => `p${number}`), page);
      sameBlocks(words, blocks, page);
      const letters = (text) => text.replace(/\s+/g, '').length;
      assert.equal(letters(whole), letters(blocks.join('')), `${page}: letters in all, as many as in its blocks`);
    }
  }, { script });
}

/** The words as they are drawn when all that is folded is opened and nothing is added. */
function drawn() {
  for (const added of document.querySelectorAll('article [data-generated]')) added.remove();
  for (const fold of document.querySelectorAll('article details')) fold.open = true;
  const furniture = document.getElementById('s-furn');
  if (furniture) furniture.checked = true;
  return [...document.querySelectorAll('article [data-block]')].map((block) => block.innerText);
}

inEach('every word of a text can be brought to sight', async (visit) => {
  for (const { page, blocks } of TEXTS) {
    await visit.open(page);
    sameBlocks(await visit.ask(drawn), blocks, page);
  }
}, { schemes: ['file'] });

// ---- Copying ----

/** Selects from the beginning of one element to the end of another; gives what a script would get. */
function select(from, to) {
  const selection = getSelection();
  const range = document.createRange();
  range.setStart(document.getElementById(from), 0);
  const last = document.getElementById(to);
  range.setEnd(last, last.childNodes.length);
  selection.removeAllRanges();
  selection.addRange(range);
  return selection.toString();
}

/** What a copied paragraph must give: its words that are shown, those of the corrected reading if that is on. */
function shownBlocks(corrected) {
  return [...document.querySelectorAll('[data-block]')].filter((block) => block.checkVisibility()).map((block) => {
    const words = block.cloneNode(true);
    for (const furniture of words.querySelectorAll('[data-furniture]')) furniture.remove();
    let corrections = 0;
    for (const place of words.querySelectorAll('[data-correction]')) {
      const reading = place.querySelector('ins');
      if (!reading) continue;
      corrections += 1;
      if (corrected) place.replaceChildren(reading.textContent);
    }
    for (const added of words.querySelectorAll('[data-generated]')) added.remove();
    return {
      id: block.id,
      number: Number(block.dataset.block),
      furniture: block.matches('[data-furniture] *') || block.querySelector('[data-furniture]') !== null,
      words: words.textContent,
      corrections,
      notes: block.querySelectorAll('mark').length,
      terms: block.querySelectorAll('[data-term]').length,
    };
  });
}

inEach('copying a paragraph gives its words and nothing else', async (visit) => {
  const had = { corrections: 0, notes: 0, terms: 0 };
  for (const { page, blocks } of TEXTS) {
    await visit.open(page);
    for (const block of await visit.ask(shownBlocks, false)) {
      if (!block.furniture) assert.equal(folded(block.words), blocks[block.number - 1], `${page}#${block.id}`);
      assert.equal(folded(await visit.ask(select, block.id, block.id)), folded(block.words), `${page}#${block.id}`);
      for (const what of Object.keys(had)) had[what] += block[what];
      if (block.corrections && block.notes && block.terms) {
        assert.equal(folded(await copied(visit)), folded(block.words), `${page}#${block.id}, by the keyboard`);
        had.all = true;
      }
    }
  }
  assert.ok(had.corrections > 10 && had.notes > 30 && had.terms > 300 && had.all, JSON.stringify(had));
});

inEach('copying the corrected text gives the corrected words', async (visit) => {
  let changed = 0;
  for (const { page, blocks } of TEXTS) {
    await visit.open(page);
    if (!await visit.page.$('#s-corr')) continue;
    // What was switched on one text holds on the next.
    await visit.ask(() => { const box = document.getElementById('s-corr'); if (!box.checked) box.click(); });
    for (const block of (await visit.ask(shownBlocks, true)).filter(({ corrections }) => corrections > 0)) {
      assert.notEqual(folded(block.words), blocks[block.number - 1], `${page}#${block.id}`);
      assert.equal(folded(await visit.ask(select, block.id, block.id)), folded(block.words), `${page}#${block.id}`);
      changed += 1;
    }
  }
  assert.ok(changed > 10, `only ${changed} corrected paragraphs`);
}, { schemes: ['file'] });

inEach('a known misprint is copied as it is read', async (visit) => {
  const { page, blocks } = TEXTS.find(({ id }) => id.startsWith('home-office/'));
  const number = blocks.findIndex((block) => block.includes('GLA – style')) + 1;
  await visit.open(page);
  await visit.ask(select, `p${number}`, `p${number}`);
  assert.equal(folded(await copied(visit)), blocks[number - 1]);
  await visit.ask(() => document.getElementById('s-corr').click());
  await visit.ask(select, `p${number}`, `p${number}`);
  assert.equal(folded(await copied(visit)), blocks[number - 1].replace('GLA – style', 'GLA-style'));
});

inEach('copying over a joined page break gives one paragraph', async (visit) => {
  let joins = 0;
  for (const { page, blocks, joins: joined } of TEXTS) {
    await visit.open(page);
    const shown = new Map((await visit.ask(shownBlocks, false)).map((block) => [block.number, block]));
    for (const [from, to] of joined) {
      const parts = [];
      for (let number = from; number <= to; number += 1) {
        const block = shown.get(number);
        if (block) parts.push(block.furniture ? folded(block.words) : blocks[number - 1]);
      }
      await visit.ask(select, `p${from}`, `p${to}`);
      assert.equal(folded(await copied(visit)), parts.join(' '), `${page}#p${from}`);
      joins += 1;
    }
  }
  assert.equal(joins, 9);
});

inEach('copying a whole text leaves out what is added and what is folded', async (visit) => {
  for (const { page } of TEXTS) {
    await visit.open(page);
    const shown = await visit.ask(shownBlocks, false);
    await visit.ask(() => getSelection().selectAllChildren(document.querySelector('article[data-text]')));
    assert.equal(folded(await copied(visit)), shown.map(({ words }) => folded(words)).join(' '), page);
  }
}, { schemes: ['file'] });
