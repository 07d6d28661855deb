// How much of a page may be apparatus: each budget is a count, of every text.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const { inEach } = harness();
const REPLY = 'texts/home-office/2009-08-reply-hc23.html';
/** Stops of the Tab key in one paragraph. */
const MOST_STOPS = 8;
/** Of the length of the record's lines, what may be underlined: of long texts, and of short ones, where every term is new. */
const UNDERLINED = 0.1;
const UNDERLINED_OF_SHORT = 0.25;
const SHORT_WORDS = 1500;
/** Length of a page on a phone by that of its record alone. */
const LONGER = 1.3;

/** Each paragraph's stops, the most first. */
const stops = () => [...document.querySelectorAll('article [data-block]')]
  .map((block) => [[...block.querySelectorAll('a[href], button, summary, input, [tabindex]')].filter((stop) => stop.tabIndex >= 0 && stop.getClientRects().length && stop.checkVisibility() && !stop.closest('.pop')).length, block.id])
  .sort((a, b) => b[0] - a[0]);

inEach('no paragraph has more stops of the Tab key than a reader counts, at any width', async (visit, site) => {
  for (const width of [360, 1440]) {
    await visit.page.setViewport({ width, height: 900 });
    for (const page of texts(site.pages)) {
      await visit.open(page);
      const [[count, block]] = await visit.ask(stops);
      assert.ok(count <= MOST_STOPS, `${page}#${block} at ${width} px: ${count}`);
    }
  }
}, { schemes: ['file'] });

inEach('what is no stop is reached by arrows, in order, and Tab goes on behind the paragraph', async (visit) => {
  await visit.page.setViewport({ width: 1440, height: 900 });
  await visit.open('texts/lords/2019-03-28-missing-children.html');
  const inside = () => [...document.querySelectorAll('#p11 [data-stop]')].filter((stop) => stop.getClientRects().length).length;
  const count = await visit.ask(inside);
  assert.ok(count > 10, `${count}`);
  await visit.ask(() => document.querySelector('#p11 [data-stop][tabindex="0"], #p11 [data-stop]:not([tabindex])').focus());
  const seen = new Set();
  const name = () => (document.activeElement.id ||= `stop-${Math.random()}`);
  for (let i = 0; i < count + 2; i++) {
    seen.add(await visit.ask(name));
    await visit.page.keyboard.press('ArrowRight');
  }
  assert.equal(seen.size, count);
  await visit.page.keyboard.press('ArrowLeft');
  await visit.page.keyboard.press('Tab');
  assert.ok(await visit.ask(() => !document.activeElement.matches('[data-stop]')), 'the number of the paragraph, or its sign');
}, { schemes: ['file'] });

inEach('the record is not underlined all over', async (visit, site) => {
  await visit.page.setViewport({ width: 1440, height: 900 });
  for (const page of texts(site.pages)) {
    await visit.open(page);
    const [share, words] = await visit.ask(() => {
      let [all, under, words] = [0, 0, 0];
      for (const block of document.querySelectorAll('article [data-block]')) {
        if (!block.checkVisibility()) continue;
        const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
          const { data, parentElement } = walk.currentNode;
          if (!data.trim() || parentElement.closest('[data-generated]') || !parentElement.checkVisibility()) continue;
          const range = document.createRange();
          range.selectNodeContents(walk.currentNode);
          const width = [...range.getClientRects()].reduce((sum, box) => sum + box.width, 0);
          let isUnder = false;
          for (let at = parentElement; at && at !== block.parentElement; at = at.parentElement) {
            const style = getComputedStyle(at);
            isUnder ||= style.textDecorationLine.includes('underline') || (at !== block && style.display === 'inline' && parseFloat(style.borderBottomWidth) > 0);
          }
          all += width;
          under += isUnder ? width : 0;
          words += data.trim().split(/\s+/).length;
        }
      }
      return [under / all, words];
    });
    const most = words < SHORT_WORDS ? UNDERLINED_OF_SHORT : UNDERLINED;
    assert.ok(share > 0 && share <= most, `${page}, ${words} words: ${share.toFixed(3)}`);
  }
}, { schemes: ['file'] });

inEach('on a phone a page is not much longer than its record', async (visit, site) => {
  await visit.page.setViewport({ width: 360, height: 780 });
  for (const page of texts(site.pages)) {
    await visit.open(page);
    const [whole, bare] = await visit.ask(() => {
      const whole = document.documentElement.scrollHeight;
      document.getElementById('s-notes')?.click();
      const bare = document.querySelector('article').getBoundingClientRect().height;
      document.getElementById('s-notes')?.click();
      return [whole, bare];
    });
    assert.ok(whole <= LONGER * bare, `${page}: ${whole} px of ${Math.round(bare)} px, ${(whole / bare).toFixed(2)}`);
  }
}, { schemes: ['file'] });

inEach('a key, a pointer and a switch lay out what they change, and not the page', async (visit) => {
  const { page } = visit;
  await page.setViewport({ width: 1440, height: 900 });
  await visit.open(`${REPLY}#p60`);
  await visit.ask(() => document.fonts.ready.then(() => new Promise((done) => { setTimeout(done, 300); })));
  /** Of each layout while something is done how many of the page's objects it was for. */
  const layouts = async (work) => {
    await page.tracing.start({ categories: ['devtools.timeline'] });
    await work();
    await visit.ask(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 50)); }));
    const { traceEvents } = JSON.parse(new TextDecoder().decode(await page.tracing.stop()));
    return traceEvents.filter(({ name, args }) => name === 'Layout' && args.beginData).map(({ args: { beginData } }) => [beginData.dirtyObjects, beginData.totalObjects]);
  };
  const works = {
    'ten presses of n': async () => { for (let i = 0; i < 10; i++) await page.keyboard.press('n'); },
    'a pointer over terms and marks': async () => {
      const places = await visit.ask(() => [...document.querySelectorAll('#p60 :is(.term, mark), #p61 :is(.term, mark)')].map((one) => one.getClientRects()[0]).filter(Boolean).map(({ x, y, width, height }) => [x + width / 2, y + height / 2]).filter(([, y]) => y > 0 && y < innerHeight));
      for (const [x, y] of places) await page.mouse.move(x, y);
    },
    'the switch of lines under words': async () => { await visit.ask(() => document.getElementById('s-line').click()); },
  };
  for (const [what, work] of Object.entries(works)) {
    const made = await layouts(work);
    for (const [dirty, all] of made) assert.ok(dirty <= all / 20, `${what}: ${dirty} of ${all}`);
    assert.ok(made.length <= 20, `${what}: ${made.length} layouts`);
  }
  await visit.ask(() => document.getElementById('s-line').click());
}, { schemes: ['file'], browsers: ['chromium'] });
