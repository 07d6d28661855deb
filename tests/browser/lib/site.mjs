// The built site, laid out where the browsers open it.

import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import { headersOf, serve } from './server.mjs';

/** A folder's name that breaks what joins addresses by hand. */
const FOLDER = 'a b #1 é%41';

const NETLIFY = new URL('../../../netlify.toml', import.meta.url);

/** Every file of a folder, as paths with `/`, sorted. */
export async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')).sort();
}

/**
 * Copies a site and serves it. A second copy has empty scripts: Firefox cannot be
 * told from outside to switch them off.
 */
export async function lay(built) {
  const temp = await mkdtemp(join(tmpdir(), 'postil-'));
  const folder = join(temp, FOLDER);
  const mute = join(temp, `${FOLDER} mute`);
  await cp(built, folder, { recursive: true });
  await cp(built, mute, { recursive: true });
  const files = await filesOf(folder);
  for (const file of files.filter((file) => file.endsWith('.js'))) await writeFile(join(mute, file), '');

  const rules = headersOf(await readFile(NETLIFY, 'utf8'));
  const servers = [await serve(folder, rules), await serve(mute, rules)];
  const asUrl = (path) => `${pathToFileURL(path).href}/`;
  return {
    files,
    pages: files.filter((file) => file.endsWith('.html')),
    read: (file) => readFile(join(folder, file), 'utf8'),
    /** Address of the site's folder, ending with `/`. */
    root: (scheme, script) => {
      if (scheme === 'http') return servers[script ? 0 : 1].root;
      return asUrl(script ? folder : mute);
    },
    remove: async () => {
      for (const server of servers) await server.stop();
      await rm(temp, { recursive: true });
    },
  };
}
