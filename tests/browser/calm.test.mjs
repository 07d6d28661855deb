// The record is the page: it begins on the first screen, and what the archive adds waits at its edge.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const { inEach } = harness();
const REPLY = 'texts/home-office/2009-08-reply-hc23.html';
const SPEECH = 'texts/commons/2012-12-20-human-trafficking.html';

inEach('the running text begins on the first screen', async (visit, site) => {
  for (const [width, height] of [[1440, 900], [768, 900], [360, 780]]) {
    await visit.page.setViewport({ width, height });
    for (const page of texts(site.pages)) {
      await visit.open(page);
      const top = await visit.ask(() => {
        // Rubrics, names of speakers, titles and what is folded are not yet the running text.
        const shown = [...document.querySelectorAll('article p[data-block]')].filter((block) => block.checkVisibility() && !block.closest('.rubric, .speaker, .title, .fold'));
        return shown[0].getBoundingClientRect().top / innerHeight;
      });
      assert.ok(top <= 0.8, `${page} at ${width} px: the text begins ${top.toFixed(2)} screens down`);
    }
  }
}, { schemes: ['file'] });

for (const script of [true, false]) {
  inEach(`a title page is one line, which an address within it opens${script ? '' : ', without scripts'}`, async (visit) => {
    await visit.open(REPLY);
    const folded = await visit.ask(() => [document.querySelector('.front > summary').textContent, document.getElementById('p4').checkVisibility()]);
    assert.deepEqual(folded, ['Title page, paragraphs 1 to 27', false]);
    await visit.open(`${REPLY}#p4`);
    assert.ok(await visit.ask(() => document.getElementById('p4').checkVisibility()));
  }, { script, schemes: ['file'] });

  inEach(`what stands after the text opens at its address${script ? '' : ', without scripts'}`, async (visit) => {
    for (const id of ['about', 'c3', 'connection-paladin', 'cite-n-gla-remit', 'n-about-this-text']) {
      await visit.open('index.html');
      await visit.open(`${REPLY}#${id}`);
      const shown = await visit.ask((id) => {
        const place = document.getElementById(id);
        const fold = place.closest('.folds > details');
        return place.checkVisibility() && [...fold.children].at(-1).checkVisibility();
      }, id);
      assert.ok(shown, id);
    }
  }, { script, schemes: ['file'] });

  inEach(`each tool opens what it names, within reach at every width${script ? '' : ', without scripts'}`, async (visit) => {
    for (const [width, height] of [[360, 780], [768, 900], [1440, 900]]) {
      await visit.page.setViewport({ width, height });
      await visit.open(`${REPLY}#p120`);
      for (const sheet of width < 1248 ? ['toc', 'view'] : ['view']) {
        await visit.page.click(`.tools [popovertarget="${sheet}"]`);
        const box = await visit.ask((sheet) => {
          const { left, right, top, bottom } = document.getElementById(sheet).getBoundingClientRect();
          return document.getElementById(sheet).matches(':popover-open') && left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight + 1;
        }, sheet);
        assert.ok(box, `${sheet} at ${width} px`);
        await visit.page.click(`#${sheet} .close`);
        assert.equal(await visit.ask(() => document.querySelector(':popover-open')), null);
      }
      const inSight = await visit.ask(() => {
        const { top, bottom } = document.querySelector('.tools').getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      });
      assert.ok(inSight, `the tools at ${width} px`);
    }
  }, { script, schemes: ['file'] });
}

inEach('a chosen entry closes the contents', async (visit) => {
  await visit.page.setViewport({ width: 360, height: 780 });
  await visit.open(REPLY);
  await visit.page.click('.tools [popovertarget="toc"]');
  await visit.page.click('#toc a[href="#p41"]');
  await visit.until(() => location.hash === '#p41' && !document.querySelector(':popover-open'));
}, { schemes: ['file'] });

const switched = async (visit, _, { name, scheme }) => {
  await visit.page.setViewport({ width: 1440, height: 900 });
  await visit.open(REPLY);
  await visit.page.click('.tools [popovertarget="view"]');
  await visit.page.click('#s-notes');
  await visit.page.evaluateOnNewDocument(() => {
    globalThis.postilTestShift = 0;
    if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) {
      new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { globalThis.postilTestShift += value; })).observe({ type: 'layout-shift', buffered: true });
    }
  });
  await visit.open(SPEECH);
  const [checked, shown, shift] = await visit.ask(async () => {
    await new Promise((done) => { setTimeout(done, 300); });
    return [document.getElementById('s-notes').checked, [...document.querySelectorAll('article .n')].filter((note) => note.checkVisibility()).length, globalThis.postilTestShift];
  });
  assert.deepEqual([checked, shown], [false, 0], `${name}, ${scheme}`);
  assert.ok(shift < 0.01, `moved by ${shift}`);
  await visit.ask(() => document.getElementById('s-notes').click());
};
// From a folder Firefox keeps what is kept for each file by itself.
inEach('what is switched on one text holds on the next, and nothing moves for it', switched, { schemes: ['http'] });
inEach('what is switched on one text holds on the next, and nothing moves for it', switched, { schemes: ['file'], browsers: ['chromium'] });

inEach('nothing moves while a page comes', async (visit, site) => {
  await visit.page.evaluateOnNewDocument(() => {
    globalThis.postilTestShift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { globalThis.postilTestShift += value; })).observe({ type: 'layout-shift', buffered: true });
  });
  for (const [width, height] of [[360, 780], [768, 900], [1440, 900]]) {
    await visit.page.setViewport({ width, height });
    for (const page of [...texts(site.pages), 'index.html', 'glossary/gla.html', 'topics/labour-exploitation.html']) {
      await visit.open(page);
      const shift = await visit.ask(async () => {
        await document.fonts.ready;
        await new Promise((done) => { setTimeout(done, 100); });
        return globalThis.postilTestShift;
      });
      // The stand-ins are as wide as the faces on average, not word by word.
      assert.ok(shift <= 0.015, `${page} at ${width} px: ${shift}`);
    }
  }
}, { schemes: ['file'], browsers: ['chromium'] });

inEach('a paragraph in hand is cited, linked and copied by two presses, and the page does not move', async (visit) => {
  await visit.page.setViewport({ width: 1440, height: 900 });
  await visit.open(REPLY);
  await visit.ask(() => {
    globalThis.postilTestCopied = [];
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.postilTestCopied.push(text); } } });
    document.getElementById('p60').scrollIntoView({ block: 'center' });
  });
  const before = await visit.ask(() => scrollY);
  await visit.page.click('#p60 > .pn');
  for (const what of ['cite', 'link', 'words']) await visit.page.click(`#at [data-at="${what}"]`);
  const [[cited, link, words], at] = await visit.ask(() => [globalThis.postilTestCopied, scrollY]);
  assert.match(cited, /60/);
  assert.match(link, /2009-08-reply-hc23\.html#p60$/);
  assert.match(words, /^As the Committee indicates in the report.*GLA – style licensing.*themselves\.$/);
  assert.equal(at, before);
  await visit.page.click('#at [data-at="here"]');
  await visit.until(() => location.hash === '#p60' && !document.querySelector(':popover-open'));
}, { schemes: ['file'] });

inEach('without scripts the number of a paragraph is a link', async (visit) => {
  await visit.open(REPLY);
  await visit.page.click('#p60 > .pn');
  await visit.until(() => location.hash === '#p60' && document.querySelector(':target').id === 'p60');
}, { script: false, schemes: ['file'] });
