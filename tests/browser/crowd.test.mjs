// Notes in the margin: beside their words, never on one another, whatever is opened.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const { inEach } = harness();

/** Notes that lie on one another, and how far each is from its words. */
function layout() {
  // What has no room in the margin stands after its paragraph, in the column of the text.
  const notes = [...document.querySelectorAll('article .n:not(.after-p)')].filter((note) => note.checkVisibility());
  const boxes = notes.map((note) => {
    const words = document.querySelector(`article a.ref[href="#${CSS.escape(note.id)}"]`);
    return { id: note.id, box: note.getBoundingClientRect(), from: words.getBoundingClientRect().top };
  });
  boxes.sort((a, b) => a.box.top - b.box.top);
  const over = boxes.filter(({ box }, i) => i > 0 && box.top < boxes[i - 1].box.bottom - 1).map(({ id }) => id);
  const drift = boxes.map(({ box, from }) => Math.round(box.top - from));
  return { count: boxes.length, over, most: Math.max(...drift), least: Math.min(...drift) };
}

for (const script of [true, false]) {
  inEach(`notes stand beside their words and not on one another${script ? '' : ' without scripts'}`, async (visit, site, { name }) => {
    // Where a browser cannot tie a note to its words, notes stand below one another.
    const furthest = name === 'chromium' ? 60 : 240;
    await visit.page.setViewport({ width: 1440, height: 900 });
    for (const page of texts(site.pages)) {
      await visit.open(page);
      for (const opened of [false, true]) {
        if (opened) await visit.ask(() => document.querySelectorAll('.more-n').forEach((more) => { more.open = true; }));
        const { count, over, most, least } = await visit.ask(layout);
        assert.ok(count > 0, page);
        assert.deepEqual(over, [], `${page}${opened ? ', all open' : ''}`);
        assert.ok(least > -40, `${page}: a note stands ${-least} px above its words`);
        if (!opened) assert.ok(most <= furthest, `${page}: a note stands ${most} px below its words`);
      }
    }
  }, { script, schemes: ['file'] });
}

inEach('a kind of notes can be hidden without scripts', async (visit, site) => {
  for (const page of texts(site.pages)) {
    await visit.open(page);
    const kinds = await visit.ask(() => [...document.querySelectorAll('.kinds-of input')].map((box) => box.id.replace('s-k', 'q')));
    assert.ok(kinds.length > 1, page);
    const shown = (kind) => visit.ask((kind) => [...document.querySelectorAll(`article :is(.n, .refs).${kind}`)]
      .filter((element) => element.getClientRects().length > 0).length, kind);
    const before = await shown(kinds[0]);
    const others = await shown(kinds[1]);
    assert.ok(before > 0 && others > 0, page);
    await visit.ask((id) => document.getElementById(id).click(), kinds[0].replace('q', 's-k'));
    assert.equal(await shown(kinds[0]), 0, page);
    assert.equal(await shown(kinds[1]), others, page);
  }
}, { script: false, schemes: ['file'] });

inEach('a folded note opens where an address names it, and where there is no margin', async (visit, site) => {
  const page = 'texts/home-office/2009-08-reply-hc23.html';
  const open = (id) => visit.ask((id) => document.querySelector(`#${CSS.escape(id)} p:not(.n-h)`).checkVisibility(), id);
  await visit.page.setViewport({ width: 1440, height: 900 });
  await visit.open(page);
  const id = await visit.ask(() => [...document.querySelectorAll('.n')].find((note) => note.checkVisibility() && note.querySelector('.more-n')).id);
  assert.equal(await open(id), false);
  await visit.open(`${page}#${id}`);
  assert.equal(await open(id), true);
  await visit.open(page);
  await visit.page.setViewport({ width: 360, height: 800 });
  await visit.page.click(`[popovertarget="${id}"].in-sheet`);
  assert.equal(await open(id), true);
}, { script: false, schemes: ['file'] });
