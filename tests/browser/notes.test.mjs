// Notes and the words they are about.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const { inEach } = harness();

/** The notes of a page that have words, with what is missing between the two. */
function unlinked() {
  const notes = [...document.querySelectorAll('article [data-note-body]')];
  const wrong = notes.filter((note) => {
    const marker = document.querySelector(`article [data-block] a[href="#${CSS.escape(note.id)}"][data-generated]`);
    const back = marker && note.querySelector(`a[href="#${CSS.escape(marker.id)}"]`);
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

for (const script of [true, false]) {
  inEach(`a marker leads to its note, and the note back${script ? '' : ' without scripts'}`, async (visit) => {
    await visit.open('texts/home-office/2009-08-reply-hc23.html');
    for (const width of [360, 1440]) {
      await visit.page.setViewport({ width, height: 800 });
      const marker = await visit.ask(() => document.querySelector('article [data-block] a[href="#n-gla-remit"]').id);
      for (const [from, to] of [[`#${marker}`, 'n-gla-remit'], [`#n-gla-remit a[href="#${marker}"]`, marker]]) {
        await visit.ask((from) => document.querySelector(from).scrollIntoView({ block: 'center' }), from);
        await visit.page.focus(from);
        await visit.page.keyboard.press('Enter');
        await visit.until((to) => {
          const box = document.querySelector(':target')?.id === to && document.getElementById(to).getBoundingClientRect();
          return box && box.bottom > 0 && box.top < innerHeight;
        }, to);
      }
    }
  }, { script, schemes: ['file'] });
}
