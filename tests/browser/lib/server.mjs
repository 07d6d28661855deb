// A static server as small as can be, which sends what the host is told to send.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join, normalize, extname } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonld': 'application/ld+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

/**
 * The headers of `netlify.toml`, as [{ for, values }]. Only what that file uses
 * of TOML is understood: tables, and keys with a string in double quotes on one line.
 */
export function headersOf(toml) {
  const rules = [];
  let inHeaders = false;
  for (const line of toml.split('\n').map((line) => line.trim())) {
    if (line === '[[headers]]') {
      rules.push({ for: '', values: {} });
      inHeaders = true;
    } else if (line.startsWith('[')) {
      inHeaders = line === '[headers.values]';
    } else if (inHeaders) {
      const found = /^([A-Za-z-]+)\s*=\s*"(.*)"$/.exec(line);
      if (!found) continue;
      if (found[1] === 'for') rules.at(-1).for = found[2];
      else rules.at(-1).values[found[1]] = found[2];
    }
  }
  return rules;
}

/** Whether a rule is for this path; `*` stands for anything. */
function applies(rule, path) {
  const parts = rule.for.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(path);
}

/**
 * Serves a folder on a free port of this machine; gives the address and a way to stop. With
 * `compressed`, what is not a font or a picture goes out with gzip, as any host sends it.
 */
export async function serve(folder, rules, { compressed = false } = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    for (const rule of rules.filter((rule) => applies(rule, path))) {
      for (const [name, value] of Object.entries(rule.values)) response.setHeader(name, value);
    }
    // The tests go over plain http.
    response.removeHeader('Strict-Transport-Security');
    const name = path.endsWith('/') ? `${path}index.html` : path;
    try {
      const body = await readFile(join(folder, name));
      response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
      const small = compressed && !/\.(woff2|png|zip)$/.test(name) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      if (small) response.setHeader('Content-Encoding', 'gzip');
      response.end(small ? gzipSync(body) : body);
    } catch {
      response.statusCode = 404;
      response.end('not found');
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const root = `http://127.0.0.1:${server.address().port}/`;
  const stop = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return { root, stop };
}
