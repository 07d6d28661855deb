// What no editor does at once: forty notes on a paragraph, twelve on one sentence, a
// paragraph of ten thousand words, a title of three hundred characters.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import { harness } from './lib/harness.mjs';
import { sideways } from './lib/shape.mjs';

const PROGRAM = process.env.POSTIL_PROGRAM ?? fileURLToPath(new URL('../../target/debug/postil', import.meta.url));

const root = mkdtempSync(join(tmpdir(), 'postil stress '));
after(() => rmSync(root, { recursive: true, force: true }));
const write = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const run = (from, count) => Array.from({ length: count }, (_, i) => `word${from + i}`).join(' ');
const note = (text, number, words) => write(`annotations/${text}/n${number}.md`,
  `+++\nby = "A B"\n+++\n> ${words}\n\n${'Some words of a note. '.repeat(1 + number % 9)}\n`);

write('postil.toml', 'title = "Stress"\n');
const short = 'A short paragraph before and after.';
write('content/crowd.txt', `${short}\n\n${run(0, 400)}\n\n${short}\n`);
for (let i = 0; i < 40; i += 1) note('crowd', i, run(i * 10 + 3, 3));
write('content/overlap.txt', `${short}\n\n${run(0, 40)}.\n\n${short}\n`);
for (let i = 0; i < 12; i += 1) note('overlap', i, run(i, 26 - i));
write('content/long.txt', `${short}\n\n${run(0, 10_000)}\n\n${short}\n`);
for (let i = 0; i < 20; i += 1) note('long', i, run(i * 500 + 7, 4));
write('content/title.txt', `${short}\n`);
write('content/title.toml', `title = "${'A title of many words '.repeat(15).slice(0, 300).trim()}"\n`);
execFileSync(PROGRAM, ['--site', root, '--quiet', 'build', '--output', join(root, 'public')], { stdio: 'ignore' });

const { inEach } = harness(join(root, 'public'));

/** Notes that stand in the margin, and those of them that do not stand beside the text; notes that lie on one another or
 * on the page's foot; how far the farthest is from its words. */
function margin() {
  const edge = document.querySelector('article [data-block]').getBoundingClientRect().right;
  const foot = document.querySelector('.foot').getBoundingClientRect().top;
  const notes = [...document.querySelectorAll('article .n')].map((note) => {
    const words = document.querySelector(`article a.ref[href="#${note.id}"]`).getBoundingClientRect();
    return { box: note.getBoundingClientRect(), from: words.top, aside: !note.classList.contains('after-p') };
  });
  const column = (aside) => notes.filter((note) => note.aside === aside).sort((a, b) => a.box.top - b.box.top);
  const over = (list) => list.filter(({ box }, i) => i > 0 && box.top < list[i - 1].box.bottom - 1).length;
  return {
    count: notes.length,
    aside: column(true).length,
    outside: column(true).filter(({ box }) => box.left < edge).length,
    over: over(column(true)) + over(column(false)),
    low: notes.filter(({ box }) => box.bottom > foot).length,
    far: Math.max(...column(true).map(({ box, from }) => box.top - from)),
  };
}

inEach('crowded pages keep their notes apart, beside their words, and inside', async (visit) => {
  for (const [page, count] of [['crowd', 40], ['overlap', 12], ['long', 20], ['title', 0]]) {
    await visit.page.setViewport({ width: 1440, height: 900 });
    await visit.open(`texts/${page}.html`);
    assert.ok(await visit.ask(sideways) <= 0, page);
    if (count > 0) {
      const seen = await visit.ask(margin);
      const { far, aside, ...rest } = seen;
      assert.deepEqual(rest, { count, outside: 0, over: 0, low: 0 }, page);
      assert.ok(aside >= count / 4, `${page}: only ${aside} of ${count} notes stand in the margin`);
      assert.ok(far < 1600, `${page}: a note stands ${far} px below its words`);
    }
    await visit.page.setViewport({ width: 320, height: 800 });
    assert.ok(await visit.ask(sideways) <= 0, `${page} at 320 px`);
  }
}, { schemes: ['file'] });
