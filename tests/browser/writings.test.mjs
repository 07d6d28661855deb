// An archive in Arabic, Hebrew, Japanese and Devanagari, about which English is spoken.

import assert from 'node:assert/strict';

import { looks, unfold } from './lib/axe.mjs';
import { harness } from './lib/harness.mjs';
import { sideways } from './lib/shape.mjs';

const { inEach } = harness(process.env.POSTIL_WRITINGS);

/** Each text, its language, the side of its margin, and a word of it. */
const TEXTS = [
  ['arabic', 'ar', 'rtl', 'الكرامة'],
  ['hebrew', 'he', 'rtl', 'אחווה'],
  ['japanese', 'ja', 'ltr', '奴隷'],
  ['hindi', 'hi', 'ltr', 'गौरव'],
].map(([name, lang, dir, word]) => ({ page: `texts/rights/${name}.html`, lang, dir, word }));

/** How the text is written, where its notes stand, and what is said in which language. */
function written() {
  const article = document.querySelector('article');
  const body = article.getBoundingClientRect();
  const generated = [...article.querySelectorAll('.n, .pop')];
  return {
    lang: article.lang,
    dir: getComputedStyle(article).direction,
    title: document.querySelector('h1').lang,
    spoken: [...new Set(generated.map((node) => `${node.closest('[lang]').lang} ${getComputedStyle(node).direction}`))],
    hidden: [...article.querySelectorAll('.sr')].filter((node) => node.closest('[lang]').lang !== 'en').map((node) => node.textContent),
    beside: [...article.querySelectorAll('.n')].map((note) => {
      const box = note.getBoundingClientRect();
      const words = document.getElementById(note.querySelector('.n-h a').hash.slice(1)).closest('[data-block]').getBoundingClientRect();
      return [box.right < body.left ? 'left' : box.left > body.right ? 'right' : 'inside', Math.abs(box.top - words.top) < 400, box.left >= 0 && box.right <= innerWidth];
    }),
  };
}

inEach('texts run as they are written, and what is said about them as it is said', async (visit) => {
  for (const { page, lang, dir } of TEXTS) {
    await visit.page.setViewport({ width: 1440, height: 900 });
    await visit.open(page);
    const seen = await visit.ask(written);
    assert.deepEqual([seen.lang, seen.dir, seen.title, seen.spoken, seen.hidden], [lang, dir, lang, ['en ltr'], []], page);
    assert.ok(seen.beside.length >= 2, page);
    const side = dir === 'rtl' ? 'left' : 'right';
    assert.deepEqual(seen.beside, seen.beside.map(() => [side, true, true]), `the notes of ${page} stand in the margin, by their words`);
    assert.ok(await visit.ask(sideways) <= 0, page);

    // A definition opens by its words, by keyboard, and lies in the window.
    await visit.page.focus('article .term > button');
    await visit.page.keyboard.press('Enter');
    const pop = await visit.ask(() => {
      const box = document.querySelector('.pop:popover-open')?.getBoundingClientRect();
      return box && box.width > 100 && box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight;
    });
    assert.ok(pop, `the definition of ${page}`);
    await visit.page.keyboard.press('Escape');

    await visit.page.setViewport({ width: 320, height: 800 });
    assert.ok(await visit.ask(sideways) <= 0, `${page} at 320 px`);
    const marks = await visit.ask(() => [...document.querySelectorAll('article mark[data-note]')].map((mark) => mark.textContent.trim()).filter(Boolean).length);
    assert.ok(marks >= 2, page);
  }
}, { schemes: ['file'] });

inEach('a date beside a title of the other direction stands after it', async (visit) => {
  await visit.open('index.html');
  const places = await visit.ask(() => [...document.querySelectorAll('main a')].filter((link) => /[\u0590-\u08ff].*, 1948/s.test(link.textContent)).map((link) => {
    const node = document.createTreeWalker(link, NodeFilter.SHOW_TEXT).nextNode();
    const rect = (from, to) => {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      return range.getBoundingClientRect();
    };
    const letter = node.data.search(/[\u0590-\u08ff]/);
    const year = node.data.indexOf('1948');
    return rect(letter, letter + 1).top === rect(year, year + 4).top ? rect(letter, letter + 1).right <= rect(year, year + 4).left : true;
  }));
  assert.ok(places.length >= 2, 'there are such titles');
  assert.deepEqual(places, places.map(() => true));
}, { schemes: ['file'] });

inEach('the search finds words of every writing', async (visit) => {
  for (const { page, word } of TEXTS) {
    await visit.open(`search.html?q=${encodeURIComponent(word)}`);
    await visit.until(() => document.querySelector('[data-search-result] a'));
    const found = await visit.ask(() => [...document.querySelectorAll('[data-search-result] a')].map((link) => link.href));
    assert.ok(found.some((href) => href.includes(page)), `${word}: ${found}`);
  }
}, { schemes: ['file'] });

inEach('axe finds nothing where directions mix', async (visit) => {
  const found = [];
  for (const page of [...TEXTS.map(({ page }) => page), 'index.html', 'topics/slavery.html', 'glossary/slave-trade.html', 'connections.html']) {
    await visit.open(page);
    await visit.ask(unfold);
    found.push(...await looks(visit, page));
  }
  assert.deepEqual(found, []);
}, { schemes: ['file'] });
