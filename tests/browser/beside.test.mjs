// Two pages stand beside each other, at an address that can be handed on.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';

const { inEach } = harness();
const REPLY = 'texts/home-office/2009-08-reply-hc23.html';
const SPEECH = 'texts/commons/2012-12-20-human-trafficking.html';

const beside = (a, b) => `beside.html?${new URLSearchParams({ a, b })}`;
/** What the address says of both sides. */
const sides = () => ['a', 'b'].map((name) => new URLSearchParams(location.search).get(name));
/** The frame of a side, once its page is there. */
async function frameOf(visit, side) {
  await visit.until((side) => document.querySelectorAll('[data-beside] iframe')[side], side);
  const [, handle] = [0, (await visit.page.$$('[data-beside] iframe'))[side]];
  return handle.contentFrame();
}

inEach('the two passages that an address names are shown, with their notes', async (visit) => {
  await visit.open(beside(`${REPLY}#p60`, `${SPEECH}#p9`));
  for (const [side, words, id] of [[0, /no consensus in the Forum/, 'p60'], [1, /police and crime commissioners/, 'p9']]) {
    const frame = await frameOf(visit, side);
    await frame.waitForSelector(`#${id}`);
    const found = await frame.evaluate((id) => {
      const box = document.getElementById(id).getBoundingClientRect();
      return [document.getElementById(id).textContent, box.top < innerHeight && box.bottom > 0, document.querySelectorAll('[data-note]').length > 0, document.querySelector('header.bar')?.getClientRects().length ?? 0];
    }, id);
    assert.match(found[0], words);
    assert.deepEqual(found.slice(1), [true, true, 0]);
  }
});

inEach('whoever goes on inside a frame has that in the address', async (visit) => {
  await visit.open(beside(`${REPLY}#p60`, 'texts/index.html'));
  const frame = await frameOf(visit, 1);
  await frame.waitForSelector('main a[href*="2012-12-20"]');
  await frame.evaluate(() => document.querySelector('main a[href*="2012-12-20"]').click());
  await visit.until((page) => new URLSearchParams(location.search).get('b') === page, SPEECH);
  assert.deepEqual(await visit.ask(sides), [`${REPLY}#p60`, SPEECH]);
  assert.ok(await visit.ask((page) => document.querySelectorAll('[data-beside] section a')[1].href.endsWith(page), SPEECH));
});

inEach('an address that is none of the site is not shown', async (visit) => {
  for (const page of ['https://elsewhere.example/x.html', 'javascript:alert(1)//.html', '../../x.html', '//elsewhere.example/x.html', 'beside.html', 'data:text/html,x.html']) {
    await visit.open(beside(page, `${SPEECH}#p9`));
    await visit.until(() => document.querySelectorAll('[data-beside] iframe').length === 2);
    assert.ok(await visit.ask(() => document.querySelector('[data-beside] iframe').src.endsWith('/texts/index.html')), page);
  }
});

inEach('a paragraph and the ends of a connection lead there', async (visit) => {
  await visit.open(`${REPLY}#p60`);
  await visit.ask(() => document.querySelector('#p60 .pn').click());
  const href = await visit.ask(() => document.querySelector('#at [data-at="beside"]').href);
  assert.equal(href, new URL(`${visit.root}beside.html?${new URLSearchParams({ a: `${REPLY}#p60` })}`).href);
  const ends = await visit.ask(async () => {
    const sign = document.querySelector('#p60 [popovertarget^="c-"], #p60 [popovertarget]:not(.pn)');
    const signs = [...document.querySelectorAll('article [popovertarget]')].filter((button) => document.getElementById(button.getAttribute('popovertarget'))?.querySelector('a[href^="#connection-"]'));
    (signs.includes(sign) ? sign : signs[0]).click();
    await new Promise((done) => { setTimeout(done, 300); });
    return document.querySelector('[data-ends]')?.href ?? '';
  });
  const asked = new URL(ends).searchParams;
  assert.match(asked.get('a'), /^texts\/\S+#l-/);
  assert.match(asked.get('b'), /^texts\/\S+#l-/);
  assert.notEqual(asked.get('a'), asked.get('b'));
  await visit.open('connections.html');
  assert.ok(await visit.ask(() => document.querySelectorAll('main a[href*="beside.html?a="]').length > 10));
});

inEach('without a script the page says what to do', async (visit) => {
  await visit.open('beside.html');
  const shown = await visit.ask(() => [document.querySelector('[data-beside-without]').getClientRects().length > 0, document.querySelectorAll('[data-beside-without] a').length, document.querySelectorAll('iframe').length]);
  assert.deepEqual(shown, [true, 5, 0]);
}, { script: false });
