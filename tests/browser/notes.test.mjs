// Notes and the words they are about.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const { inEach } = harness();

/** The notes of a page that have words, with what is missing between the two. */
function unlinked() {
  const notes = [...document.querySelectorAll('article [data-note-body]')];
  const wrong = notes.filter((note) => {
    const marker = document.querySelector(`article [data-block] [data-generated] > a[href="#${CSS.escape(note.id)}"]`)?.parentElement;
    const opens = marker?.querySelector(`button[popovertarget="${CSS.escape(note.id)}"]`);
    const back = opens && note.querySelector(`a[href="#${CSS.escape(marker.id)}"]`);
    const mark = document.querySelector(`mark[data-note~="${CSS.escape(note.id.slice('n-'.length))}"]`);
    return !(back && mark && mark.textContent.trim());
  });
  return { count: notes.length, wrong: wrong.map((note) => note.id) };
}

inEach('a note and its words lead to each other', async (visit, site) => {
  let notes = 0;
  for (const page of texts(site.pages)) {
    await visit.open(page);
    const { count, wrong } = await visit.ask(unlinked);
    assert.deepEqual(wrong, [], page);
    notes += count;
  }
  assert.ok(notes >= 25, `only ${notes} notes`);
}, { schemes: ['file'] });

const REPLY = 'texts/home-office/2009-08-reply-hc23.html';
const note = (id) => ({ note: `#n-${id}`, link: `#rn-${id} > .in-margin`, button: `#rn-${id} > .in-sheet`, back: `#n-${id} .n-h a` });

for (const script of [true, false]) {
  inEach(`in a wide window a marker leads to its note, and the note back${script ? '' : ' without scripts'}`, async (visit) => {
    await visit.page.setViewport({ width: 1440, height: 800 });
    await visit.open(REPLY);
    const { link, back } = note('gla-remit');
    for (const [from, to] of [[link, 'n-gla-remit'], [back, 'rn-gla-remit']]) {
      await visit.ask((from) => document.querySelector(from).scrollIntoView({ block: 'center' }), from);
      await visit.page.focus(from);
      await visit.page.keyboard.press('Enter');
      await visit.until((to) => {
        const box = document.querySelector(':target')?.id === to && document.getElementById(to).getBoundingClientRect();
        return box && box.bottom > 0 && box.top < innerHeight;
      }, to);
    }
  }, { script, schemes: ['file'] });

  inEach(`in a narrow window the number opens the note over the page, which does not move${script ? '' : ', without scripts'}`, async (visit) => {
    for (const width of [360, 768]) {
      await visit.page.setViewport({ width, height: 780, ...(visit.browser === 'chromium' && { hasTouch: true, isMobile: true }) });
      await visit.open(REPLY);
      for (const id of ['gla-remit', 'four-thousand', 'estimate-of-2003']) {
        const { note: box, button } = note(id);
        await visit.ask((button) => document.querySelector(button).scrollIntoView({ block: 'center' }), button);
        const before = await visit.ask(() => scrollY);
        await visit.page.tap(button);
        await visit.until((box) => document.querySelector(box).matches(':popover-open'), box);
        const { top, bottom, left, right, at, high } = await visit.ask((box) => {
          const { top, bottom, left, right } = document.querySelector(box).getBoundingClientRect();
          return { top, bottom, left, right, at: scrollY, high: innerHeight };
        }, box);
        assert.ok(top >= 0 && bottom <= high + 1 && left >= 0 && right <= width && Math.abs(at - before) <= 1, `${id} at ${width} px: ${[top, bottom, left, right, at, before]}`);
        await visit.page.keyboard.press('Escape');
        assert.equal(await visit.ask(() => document.activeElement?.getAttribute('popovertarget')), `n-${id}`, 'the focus is back on the marker');
      }
    }
  }, { script, schemes: ['file'] });

  inEach(`the address of a note shows it at every width${script ? '' : ', without scripts'}`, async (visit) => {
    for (const width of [360, 768, 1440]) {
      await visit.page.setViewport({ width, height: 800 });
      for (const id of ['gla-remit', 'command-number']) {
        await visit.open('index.html');
        await visit.open(`${REPLY}#n-${id}`);
        await visit.until((id) => {
          const body = document.querySelector(`#n-${id} p:not(.n-h)`);
          const { top, bottom } = body.getBoundingClientRect();
          return body.checkVisibility() && bottom > 0 && top < innerHeight;
        }, id);
      }
    }
  }, { script, schemes: ['file'] });
}

inEach('under the margin nothing stands between paragraphs, until a switch asks for it', async (visit) => {
  await visit.page.setViewport({ width: 360, height: 780 });
  await visit.open(REPLY);
  const shown = () => visit.ask(() => [...document.querySelectorAll('article .n')].filter((note) => note.checkVisibility()).length);
  assert.equal(await shown(), 0);
  await visit.ask(() => document.getElementById('s-under').click());
  assert.ok(await shown() > 60);
  await visit.ask(() => document.getElementById('s-notes').click());
  assert.equal(await shown(), 0);
}, { schemes: ['file'] });

inEach('a finger meets each number', async (visit, site) => {
  let [met, asked] = [0, 0];
  await visit.page.setViewport({ width: 360, height: 780, hasTouch: true, isMobile: true });
  for (const page of texts(site.pages)) {
    await visit.open(page);
    const missed = await visit.ask(() => [...document.querySelectorAll('article .ref.in-sheet')].filter((ref) => ref.checkVisibility()).filter((ref) => {
      ref.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = ref.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      // Wherever within 24 px of its middle a finger comes down, as far as the page goes, it opens this note or none.
      return [[0, 0], [0, -11], [0, 11], [-6, 0]].some(([dx, dy]) => document.elementFromPoint(x + dx, y + dy)?.closest('.ref') !== ref);
    }).map((ref) => ref.parentElement.id));
    const all = await visit.ask(() => [...document.querySelectorAll('article .ref.in-sheet')].filter((ref) => ref.checkVisibility()).length);
    met += all - missed.length;
    asked += all;
  }
  assert.ok(asked > 100 && met / asked > 0.93, `${met} of ${asked}`);
}, { schemes: ['file'], browsers: ['chromium'] });

inEach('words and note answer each other, and nothing is laid out for it', async (visit) => {
  await visit.page.setViewport({ width: 1440, height: 900 });
  await visit.open(REPLY);
  await visit.ask(() => document.querySelector('#rn-gla-remit').scrollIntoView({ block: 'center' }));
  await visit.page.mouse.move(2, 2);
  const client = await visit.page.createCDPSession();
  await client.send('Performance.enable');
  const layouts = async () => (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'LayoutCount').value;
  await visit.ask(() => document.body.offsetHeight);
  const before = await layouts();
  await visit.page.hover('#rn-gla-remit > .in-margin');
  await visit.until(() => CSS.highlights.get('postil-lit').size > 0);
  await visit.page.mouse.move(2, 2);
  await visit.until(() => CSS.highlights.get('postil-lit').size === 0);
  const anew = await layouts() - before;
  assert.ok(anew <= 1, `laid out ${anew} times`);
}, { schemes: ['file'], browsers: ['chromium'] });

inEach('on paper no words have a ground, however many notes stand on them', async (visit) => {
  await visit.open('texts/home-office/2009-08-reply-hc23.html');
  const grounds = () => [...new Set([...document.querySelectorAll('article mark')].map((mark) => getComputedStyle(mark).backgroundColor))];
  assert.ok(await visit.ask(() => document.querySelectorAll('article mark.two').length > 0));
  await visit.page.emulateMediaType('print');
  assert.deepEqual(await visit.ask(grounds), ['rgba(0, 0, 0, 0)']);
}, { schemes: ['file'], browsers: ['chromium'] });
