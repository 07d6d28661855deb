// What Lighthouse says to a built site, served on this machine with the headers of
// `netlify.toml`, compressed: `node benches/lighthouse.mjs SITE`. It needs Chromium, and fetches
// Lighthouse by npx. Ends with 1 if a score is below what the site is to have.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { headersOf, serve } from '../tests/browser/lib/server.mjs';

const LIGHTHOUSE = process.env.LIGHTHOUSE?.split(' ') ?? ['npx', '--yes', 'lighthouse@12.8.2'];
const PAGES = ['index.html', 'texts/home-office/2009-08-reply-hc23.html', 'topics/child-trafficking.html', 'glossary/gla.html', 'search.html'];
const LEAST = { accessibility: 100, 'best-practices': 100, seo: 100, performance: 98 };
const FLAGS = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking';

const site = process.argv[2];
const pages = process.argv.length > 3 ? process.argv.slice(3) : PAGES;
const rules = headersOf(readFileSync(new URL('../netlify.toml', import.meta.url), 'utf8'));
const { root, stop } = await serve(site, rules, { compressed: true });
let low = false;
for (const page of pages) {
  const [command, ...rest] = LIGHTHOUSE;
  // Lighthouse asks for robots.txt out of the page, whose policy lets it fetch nothing.
  const options = ['--skip-audits=robots-txt', '--quiet', '--output=json', '--preset=desktop', `--only-categories=${Object.keys(LEAST)}`, `--chrome-flags=${FLAGS}`];
  const said = await new Promise((done, fail) => {
    execFile(command, [...rest, root + page, ...options], { maxBuffer: 1 << 28, env: { CHROME_PATH: '/usr/bin/chromium', ...process.env } },
      (error, out) => (error ? fail(error) : done(out)));
  });
  const { categories, audits } = JSON.parse(said);
  const scores = Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]);
  console.log(page, scores.map((score) => score.join(' ')).join(', '));
  for (const [name, score] of scores.filter(([name, score]) => score < LEAST[name])) {
    low = true;
    const failed = categories[name].auditRefs.map(({ id, weight }) => ({ ...audits[id], weight })).filter(({ score, weight }) => weight > 0 && score !== null && score < 1);
    for (const { id, displayValue, explanation, score } of failed) console.log(`  ${name} ${id}: ${score} ${displayValue ?? explanation ?? ''}`);
  }
}
await stop();
process.exitCode = low ? 1 : 0;
