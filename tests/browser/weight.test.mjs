// What a page weighs, as a host sends it: compressed.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';

import { inNone } from './lib/harness.mjs';

const SITE = process.env.POSTIL_SITE;
const SPEECH = 'texts/commons/2012-12-20-human-trafficking.html';
const KIB = 1024;

const gz = async (file) => gzipSync(await readFile(`${SITE}/${file}`), { level: 9 }).length;

/** The style sheets and scripts that a page names. */
async function parts(page) {
  const html = await readFile(`${SITE}/${page}`, 'utf8');
  const found = [...html.matchAll(/<(?:link rel="stylesheet" href|script src)="([^"]+)"/g)];
  return found.map(([, address]) => posix.join(posix.dirname(page), address));
}

inNone('the page of a speech weighs at most 60 KB with all but its faces', async () => {
  const files = [SPEECH, ...await parts(SPEECH)];
  assert.ok(files.some((file) => file.endsWith('.css')) && files.some((file) => file.endsWith('.js')));
  const sizes = await Promise.all(files.map(async (file) => [file, await gz(file)]));
  const sum = sizes.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(sum <= 60 * KIB, `${sum} bytes: ${sizes.map((size) => size.join(' ')).join(', ')}`);
});

inNone('the scripts that a page names weigh at most 25 KB', async () => {
  for (const page of [SPEECH, 'search.html', 'index.html']) {
    const scripts = (await parts(page)).filter((file) => file.endsWith('.js'));
    const sizes = await Promise.all(scripts.map(async (file) => [file, await gz(file)]));
    const sum = sizes.reduce((sum, [, size]) => sum + size, 0);
    assert.ok(sum <= 25 * KIB, `${page}: ${sum} bytes: ${sizes.map((size) => size.join(' ')).join(', ')}`);
  }
});
