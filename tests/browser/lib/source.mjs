// The archive that the site was built from, read anew and by simpler means than
// postil's own: what the pages must say is worked out from here.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import { filesOf } from './site.mjs';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The kinds of structure with which a section begins. */
const SECTIONS = ['heading', 'speech', 'question', 'answer', 'recommendation', 'response'];

/** White space counts once, and not at the ends; a page may break its lines elsewhere. */
export const folded = (text) => text.replace(/\s+/g, ' ').trim();

/** The blocks of a plain text: its lines, or runs of lines. */
function blocksOf(raw, layout) {
  const lines = raw.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/).map(folded);
  if (layout === 'lines') return lines.filter((line) => line !== '');
  const blocks = [[]];
  for (const line of lines) {
    if (line === '') blocks.push([]);
    else blocks.at(-1).push(line);
  }
  return blocks.filter((block) => block.length > 0).map((block) => block.join(' '));
}

const read = (path) => readFile(join(REPOSITORY, path), 'utf8').catch(() => '');

async function text(id) {
  const [raw, record, apparatus] = await Promise.all([
    read(`content/${id}.txt`), read(`content/${id}.toml`), read(`annotations/${id}/apparatus.toml`),
  ]);
  const layout = /^layout\s*=\s*"(\w+)"/m.exec(record)?.[1] ?? 'wrapped';
  // The archive writes its rows one a line.
  const rows = apparatus.split('\n').filter((line) => SECTIONS.includes(/\bkind = "(\w+)"/.exec(line)?.[1]));
  return {
    id,
    page: `texts/${id}.html`,
    /** As far as it is known: a year, month or day. */
    date: /^date\s*=\s*"?([\d-]+)/m.exec(record)?.[1],
    blocks: blocksOf(raw, layout),
    /** The numbers of the blocks with which sections begin. */
    sections: rows.map((row) => Number(/\bat = "p(\d+)/.exec(row)[1])),
    joins: [...apparatus.matchAll(/^ *\{ at = "p(\d+)-p(\d+)" \},$/gm)].map(([, from, to]) => [Number(from), Number(to)]),
  };
}

/** The plain texts of the archive. */
export async function sources() {
  const files = await filesOf(join(REPOSITORY, 'content'));
  const ids = files.filter((file) => file.endsWith('.txt')).map((file) => file.slice(0, -'.txt'.length));
  return Promise.all(ids.map(text));
}

/**
 * The definitions of a term, each with the first and last day it is for. Only
 * what the files of the three terms below use of TOML is understood.
 */
export async function definitions(slug) {
  const toml = await read(`annotations/glossary/${slug}.toml`);
  const value = (part, key) => new RegExp(`^${key}\\s*=\\s*"?(.*?)"?$`, 'm').exec(part)?.[1];
  const [head, ...senses] = toml.split('[[sense]]');
  return (senses.length > 0 ? senses : [head]).map((part) => ({
    from: value(part, 'from') ?? '0000',
    until: value(part, 'until') ?? '9999',
    words: value(part, 'definition'),
  }));
}
