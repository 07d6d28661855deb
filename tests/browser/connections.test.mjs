// Connections: a quiet sign at the end of a paragraph opens what they are, and the words at their ends are found.

import assert from 'node:assert/strict';

import { copied } from './lib/clipboard.mjs';
import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const { inEach } = harness();
const REPLY = 'texts/home-office/2009-08-reply-hc23.html';

/** The signs of a page, with what each says and opens; what is marked for connections alone. */
function signs() {
  const signs = [...document.querySelectorAll('article .cx')].map((sign) => {
    const box = document.getElementById(sign.getAttribute('popovertarget'));
    return { says: Number(/\d+/.exec(sign.querySelector('[aria-hidden]').textContent)[0]), rows: box.querySelectorAll('li').length, links: box.querySelectorAll('a[href]').length, in: sign.closest('[data-block]').dataset.block };
  });
  const ends = [...document.querySelectorAll('article [id^="l-"]')].map(({ id }) => id);
  const drawn = [...document.querySelectorAll('article [data-link]:not(mark)')].filter((words) => {
    const { backgroundColor, textDecorationLine } = getComputedStyle(words);
    return backgroundColor !== 'rgba(0, 0, 0, 0)' || textDecorationLine !== 'none';
  }).length;
  return { signs, ends, drawn, numbered: document.querySelectorAll('article [id^="rl-"]').length };
}

inEach('each connection has one quiet sign, one row and one address; nothing is drawn on its words', async (visit, site) => {
  let ends = 0;
  for (const page of texts(site.pages)) {
    await visit.open(page);
    const found = await visit.ask(signs);
    assert.ok(found.signs.length > 0, page);
    assert.deepEqual(found.signs.filter(({ says, rows, links }) => says !== rows || links < 2 * rows), [], page);
    assert.equal(found.signs.reduce((sum, { says }) => sum + says, 0), found.ends.length, page);
    assert.deepEqual([found.drawn, found.numbered], [0, 0], page);
    ends += found.ends.length;
  }
  assert.ok(ends > 100, `only ${ends} ends`);
}, { schemes: ['file'] });

for (const script of [true, false]) {
  inEach(`the sign opens in place, and the words are shown while it is open${script ? '' : ', without scripts'}`, async (visit) => {
    for (const width of [360, 768, 1440]) {
      await visit.page.setViewport({ width, height: 800 });
      await visit.open(REPLY);
      await visit.ask(() => document.querySelector('#p33 .cx').scrollIntoView({ block: 'center' }));
      const before = await visit.ask(() => scrollY);
      await visit.page.click('#p33 .cx');
      const box = await visit.ask(() => {
        const box = document.querySelector('.cx-pop:popover-open');
        const { left, right, top, bottom } = box.getBoundingClientRect();
        const words = document.querySelector('#p33 [data-link]');
        return { id: box.id, inSight: left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight + 1, line: getComputedStyle(words).textDecorationLine, at: scrollY };
      });
      assert.deepEqual(box, { id: 'cx-33', inSight: true, line: 'underline', at: before }, `${width} px`);
      await visit.page.keyboard.press('Escape');
      assert.equal(await visit.ask(() => document.querySelector(':popover-open')), null);
    }
  }, { script, schemes: ['file'] });
}

inEach('who follows a connection sees the words at its other end', async (visit) => {
  await visit.page.setViewport({ width: 360, height: 800 });
  await visit.open(REPLY);
  await visit.ask(() => document.querySelector('#p33 .cx').scrollIntoView({ block: 'center' }));
  await visit.page.click('#p33 .cx');
  await visit.page.click('#cx-33 a[href*="#l-ceop-reports-"]:not([href*="2006"])');
  const led = await visit.ask(() => {
    const words = document.querySelector(':target');
    const { top, bottom } = words.getBoundingClientRect();
    return { shown: getComputedStyle(words).backgroundColor, inSight: top >= 0 && bottom <= innerHeight, link: words.closest('[data-link]').dataset.link, lit: CSS.highlights?.get('postil-led')?.size ?? 1 };
  });
  assert.ok(led.inSight && led.link.split(' ').includes('ceop-reports') && led.lit > 0, JSON.stringify(led));
  assert.equal(led.shown, 'rgb(251, 234, 166)');
}, { schemes: ['file'] });

inEach('a paragraph with connections is copied as its words', async (visit) => {
  await visit.open(REPLY);
  await visit.ask(() => {
    const range = document.createRange();
    range.setStart(document.getElementById('p33'), 0);
    range.setEnd(document.getElementById('p34'), 1);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  });
  const words = await copied(visit);
  assert.match(words, /by the end of 2009\.\s+Human trafficking/);
}, { schemes: ['file'] });
