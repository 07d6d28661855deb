// Small archives written by a test and built by the program.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const REPOSITORY = new URL('../../../', import.meta.url);
const PROGRAM = process.env.POSTIL_PROGRAM ?? fileURLToPath(new URL('target/debug/postil', REPOSITORY));

/** Builds an archive given as { path: text }, with copies of these themes; gives the folder of the site, and a way to remove it. */
export async function built(files, { themes = [] } = {}) {
  const temp = await mkdtemp(join(tmpdir(), 'postil-made-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(temp, 'archive', path)), { recursive: true });
    await writeFile(join(temp, 'archive', path), text);
  }
  for (const theme of themes) {
    await cp(new URL(`themes/${theme}`, REPOSITORY), join(temp, 'archive', 'themes', theme), { recursive: true });
  }
  const site = join(temp, 'site');
  await promisify(execFile)(PROGRAM, ['build', '--site', join(temp, 'archive'), '--output', site]);
  return { site, remove: () => rm(temp, { recursive: true }) };
}
