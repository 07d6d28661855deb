// What is copied out of a note says that it is one. That copying the record gives its
// words alone is asked in `words.test.mjs`.

import assert from 'node:assert/strict';

import { copied } from './lib/clipboard.mjs';
import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const { inEach } = harness();

const BODY = 'p:not(.n-h, .n-by)';

/** Points at the words of the first note that says who wrote it; gives its id. */
async function point(visit) {
  const id = await visit.ask(() => {
    const note = [...document.querySelectorAll('article [data-note-body]')].find((note) => note.querySelector('[data-by]') && note.checkVisibility());
    note.querySelectorAll('details').forEach((details) => { details.open = true; });
    note.scrollIntoView({ block: 'center' });
    return note.id;
  });
  await visit.page.hover(`#${id} ${BODY}`);
  return id;
}

for (const script of [true, false]) {
  inEach(`a whole note is copied with its label${script ? '' : ' without scripts'}`, async (visit, site) => {
    await visit.page.setViewport({ width: 1440, height: 900 });
    for (const page of texts(site.pages)) {
      await visit.open(page);
      const id = await point(visit);
      const [words, by, begins] = await visit.ask((id, body) => {
        const note = document.getElementById(id);
        getSelection().selectAllChildren(note);
        return [getSelection().toString(), note.querySelector('[data-by]').textContent.trim(), note.querySelector(body).innerText.trim().slice(0, 20)];
      }, id, BODY);
      assert.match(by, /^Note by \S/, page);
      assert.ok(words.includes(by) && words.indexOf(by) < words.indexOf(begins), `${page}: ${words}`);
    }
  }, { script, schemes: ['file'] });
}

inEach('a part of a note is copied with its label', async (visit, site) => {
  await visit.page.setViewport({ width: 1440, height: 900 });
  await visit.open(texts(site.pages)[0]);
  const id = await point(visit);
  const [by, words] = await visit.ask((id, body) => {
    const note = document.getElementById(id);
    const node = document.createTreeWalker(note.querySelector(body), NodeFilter.SHOW_TEXT).nextNode();
    getSelection().setBaseAndExtent(node, 0, node, 12);
    return [note.querySelector('[data-by]').textContent.trim(), node.data.slice(0, 12)];
  }, id, BODY);
  assert.equal((await copied(visit)).trim(), `${by} ${words}`.trim());
}, { schemes: ['file'] });
