// Every page, style sheet and drawing, read by the Nu checker (the W3C's). One run
// reads all of them, and some with faults: most of its time goes into starting.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { inNone } from './lib/harness.mjs';

const SITE = process.env.POSTIL_SITE;
const CHECKER = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');

const unknown = (property) => `CSS: “${property}”: Property “${property}” doesn't exist.`;

/**
 * What the checker does not know yet, and where it is specified. A browser that does
 * not know it either passes over it, or never comes to it by `@supports`. `line`,
 * where given, has to stand in the line of the fault.
 */
const KNOWN = [
  { message: unknown('anchor-name'), reason: 'CSS Anchor Positioning 1, section 2.1' },
  { message: unknown('anchor-scope'), reason: 'CSS Anchor Positioning 1, section 2.2' },
  { message: unknown('position-area'), reason: 'CSS Anchor Positioning 1, section 3.1' },
  { message: unknown('position-try-fallbacks'), reason: 'CSS Anchor Positioning 1, section 5.1' },
  { message: unknown('paint-order'), reason: 'SVG 2, section 13.8' },
  { message: 'CSS: “top”: Parse Error.', line: 'anchor(', reason: 'CSS Anchor Positioning 1, section 3.2' },
  { message: 'CSS: Parse Error.', line: '::highlight(', reason: 'CSS Custom Highlight API 1, section 4.1' },
];

const BAD = {
  'bad-page.html': '<!doctype html><html lang="en"><head><title>x</title></head><body><ul><p>x</p></ul></body></html>',
  'bad-drawing.html': '<!doctype html><html lang="en"><head><title>x</title></head><body><svg viewBox="0 0 1 1"><rect nosuch="1"/></svg></body></html>',
  'bad.css': 'p { colour: red; }',
  'bad.svg': '<svg xmlns="http://www.w3.org/2000/svg"><nosuch/></svg>',
};

/** The errors that the checker finds in these files: file, line, message, and the line's words. */
async function check(files) {
  const options = ['--also-check-css', '--also-check-svg', '--errors-only', '--exit-zero-always', '--stdout', '--format', 'json'];
  // The pages of texts nest deeper than the checker's usual stack.
  const java = spawn('java', ['-Xss8m', '-jar', CHECKER, ...options, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, code] = await Promise.all([text(java.stdout), new Promise((done) => java.on('close', done))]);
  assert.equal(code, 0, said.slice(0, 1000));
  return Promise.all(JSON.parse(said).messages.map(async ({ url, lastLine, message }) => {
    const lines = (await readFile(new URL(url), 'utf8')).split('\n');
    return { file: decodeURIComponent(url), line: lastLine, message, words: lines[lastLine - 1] ?? '' };
  }));
}

const fits = (known, { message, words }) => known.message === message && words.includes(known.line ?? '');

inNone('the Nu checker finds no error on any page, in any style sheet or drawing, and sees what is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postil-markup-'));
  const bad = Object.keys(BAD).map((name) => join(folder, name));
  await Promise.all(Object.values(BAD).map((words, i) => writeFile(bad[i], words)));
  const files = (await readdir(SITE, { recursive: true })).filter((file) => /\.(?:html|css|svg)$/.test(file)).sort();
  for (const kind of ['.html', '.css']) assert.ok(files.some((file) => file.endsWith(kind)), `there is no ${kind}`);
  const errors = await check([...files.map((file) => join(SITE, file)), ...bad]);
  await rm(folder, { recursive: true });

  for (const path of bad) assert.ok(errors.some(({ file }) => file.endsWith(path)), `nothing is said of ${path}`);
  const found = errors.filter(({ file }) => !bad.some((path) => file.endsWith(path)));
  const told = ({ file, line, message, words }) => `${file}:${line} ${message} ${words.slice(0, 200)}`;
  assert.deepEqual(found.filter((error) => !KNOWN.some((known) => fits(known, error))).map(told), []);
  assert.deepEqual(KNOWN.filter((known) => !found.some((error) => fits(known, error))), [], 'nothing is passed over in vain');
});
