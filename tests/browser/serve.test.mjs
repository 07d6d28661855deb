// `postil serve`: a page follows its files. What is saved is on the page, which
// keeps the reader's place; what is wrong is shown over it, until it is mended.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { NAMES, launch } from './lib/browsers.mjs';
import { Visit } from './lib/visit.mjs';

const PROGRAM = process.env.POSTIL_PROGRAM ?? fileURLToPath(new URL('../../target/debug/postil', import.meta.url));

const NOTE = 'annotations/a/n.md';
const note = (body, quote = 'Paragraph 2 of') => `+++\nby = "A B"\n+++\n> ${quote}\n\n${body}\n`;
const FILES = {
  'postil.toml': 'title = "A case"\n',
  'content/a.txt': Array.from({ length: 60 }, (_, i) => `Paragraph ${i + 1} of a text with some words.\n`).join('\n'),
  [NOTE]: note('As it was.'),
};

/** A new archive, and the server that shows it. */
async function serve() {
  const root = await mkdtemp(join(tmpdir(), 'postil serve '));
  const write = async (path, text) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  for (const [path, text] of Object.entries(FILES)) await write(path, text);
  const child = spawn(PROGRAM, ['--site', root, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [address] = await once(createInterface({ input: child.stdout }), 'line');
  const stop = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
    await rm(root, { recursive: true });
  };
  return { address, write, read: (path) => readFile(join(root, path), 'utf8'), stop };
}

/** The words of the note on the page. */
const says = (words) => document.querySelector('[data-note-body]')?.textContent.includes(words);
/** How far below the upper edge a paragraph stands. */
const top = (id) => document.getElementById(id).getBoundingClientRect().top;
/** What is shown over the page. */
const told = () => document.querySelector('.postil-serve').innerText.trim();
/** Whether something wrong is shown in full; whether there is nothing but what can wait. */
const loud = () => document.querySelector('.postil-serve[open]') !== null;
const quiet = () => document.querySelector('.postil-serve:not([open])') !== null;

for (const name of NAMES) {
  test(`a page follows its files [${name}]`, { timeout: 120_000 }, async () => {
    const server = await serve();
    const browser = await launch(name);
    try {
      const visit = await Visit.begin(browser, name, server.address, { script: true });
      await visit.open('texts/a.html');
      assert.ok(await visit.ask(says, 'As it was.'));
      // Two things that a text should have and a page can do without: folded.
      await visit.until(quiet);
      assert.equal(await visit.ask(told), '2 warnings');

      // A longer note before the reader's place moves what comes after it, but not on the screen.
      await visit.ask(() => document.getElementById('p40').scrollIntoView({ block: 'center', behavior: 'instant' }));
      const before = await visit.ask(top, 'p40');
      await server.write(NOTE, note(`${'A longer note. '.repeat(60)}It was edited.`));
      await visit.until(says, 'It was edited.');
      await visit.until((id, y) => Math.abs(document.getElementById(id).getBoundingClientRect().top - y) < 2, 'p40', before);
      assert.ok(await visit.ask(() => scrollY) > 0);

      // A mistake: told with its place; the page stays, and stays so when it is loaded again.
      await server.write(NOTE, note('Broken.', 'Paragraph 2 or'));
      await visit.until(loud);
      const check = async () => {
        const words = await visit.ask(told);
        for (const part of ['1 error, 2 warnings: this is the last good build', `${NOTE}:4:15`, 'the text has `of`, the quotation `or`']) {
          assert.ok(words.includes(part), `${part}: ${words}`);
        }
        assert.ok(await visit.ask(says, 'It was edited.'));
      };
      await check();
      await visit.page.reload();
      await visit.until(loud);
      await check();

      await server.write(NOTE, note('Mended.'));
      await visit.until(says, 'Mended.');
      await visit.until(quiet);

      // What is wrong goes away too when the file is as it was before.
      const good = await server.read(NOTE);
      await server.write(NOTE, 'no front matter');
      await visit.until(loud);
      await server.write(NOTE, good);
      await visit.until(quiet);
      assert.ok(await visit.ask(says, 'Mended.'));
      assert.deepEqual(await visit.takeProblems(), []);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}
