// The search page asks a server where the configuration names one, and shows what it answers as text.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after } from 'node:test';

import { harness } from './lib/harness.mjs';
import { built } from './lib/made.mjs';

const asked = [];
const passage = (n) => ({
  url: `texts/one.html#p${n}`, title: 'One', snippet: `lamp <mark>number ${n}</mark> <img src=x onerror=alert(1)>`,
  date: '2004', kind: 'Speech',
});
const server = createServer((request, response) => {
  const address = new URL(request.url, 'http://x');
  asked.push({ ...Object.fromEntries(address.searchParams), referer: request.headers.referer, cookie: request.headers.cookie });
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (address.searchParams.get('q') === 'broken') {
    response.statusCode = 500;
    return response.end('{}');
  }
  const offset = Number(address.searchParams.get('offset'));
  const all = Array.from({ length: 25 }, (_, i) => passage(i + 1));
  const own = offset ? [] : [
    { url: 'glossary/lamp.html', title: 'Lamp', type: 'term', snippet: 'A light.' },
    { url: 'https://elsewhere.example/x', title: 'Elsewhere', snippet: '' },
    { url: 'javascript:alert(1)', title: 'Script', snippet: '' },
    { url: '../outside.html', title: 'Outside', snippet: '' },
  ];
  const results = [...own, ...all].slice(0, offset ? 0 : 20).concat(offset ? all.slice(offset - 4, offset + 16) : []);
  const facets = {
    kind: [{ value: 'speech', label: 'Speech', count: 20 }, { value: 'letter', label: 'Letter', count: 5 }],
    year: [{ value: 2004, count: 20 }, { value: 2006, count: 5 }],
  };
  response.end(JSON.stringify({ total: 29, results, facets }));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;
const { site, remove } = await built({
  'postil.toml': `title = "Lights"\n[search]\nendpoint = "${origin}/lights?key=a"\n`,
  'content/one.txt': 'A lamp.\n',
});
after(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await remove();
});

const { inEach } = harness(site);
const results = () => [...document.querySelectorAll('[data-search-result]')].map((one) => [one.dataset.type, one.querySelector('a').getAttribute('href'), one.querySelector('.s').textContent]);

inEach('a server answers in place of the index', async (visit) => {
  asked.length = 0;
  await visit.open('search.html?q=lamp');
  await visit.until(() => document.querySelector('[data-search-more]:not([hidden])'));
  const found = await visit.ask(results);
  assert.deepEqual(found.slice(0, 2), [
    ['term', 'glossary/lamp.html', 'A light.'],
    ['text', 'texts/one.html#p1', 'lamp number 1 <img src=x onerror=alert(1)>'],
  ]);
  assert.ok(found.every(([, href]) => /^(?:texts\/one\.html#p\d+|glossary\/lamp\.html)$/.test(href)), JSON.stringify(found));
  assert.equal(await visit.ask(() => document.querySelector('[data-search-result] img')), null);
  assert.equal(await visit.ask(() => document.querySelector('[data-search-result] mark').textContent), 'number 1');
  assert.deepEqual(asked[0], { key: 'a', q: 'lamp', offset: '0', limit: '20', referer: undefined, cookie: undefined });
  assert.equal(found.length, 21, 'twenty passages and an entry');
  await visit.page.$eval('[data-search-more]', (button) => button.click());
  await visit.until((before) => document.querySelectorAll('[data-search-result]').length > before, found.length);
  await visit.page.$eval('[data-search-facets] details', (details) => { details.open = true; });
  await visit.until(() => document.querySelector('[data-search-facets] option[value=letter]')?.textContent === 'Letter (5)');
  await visit.page.$eval('[data-search-facets] select[name=kind]', (select) => {
    select.value = 'letter';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await visit.until(() => location.search.includes('kind=letter'));
  await visit.until(() => document.querySelector('[data-search-done]'));
  assert.equal(asked.at(-1).kind, 'letter');
  // All that was asked of it was allowed, and nothing else.
  visit.problems = visit.problems.filter((problem) => !problem.includes(`${origin}/lights?`));
}, { schemes: ['file'] });

inEach('a server that does not answer is told of', async (visit) => {
  await visit.open('search.html?q=broken');
  await visit.until(() => /could not be loaded/.test(document.querySelector('[data-search-status]').textContent));
  assert.ok(await visit.ask(() => document.querySelector('[data-search-fallback] a').checkVisibility()), 'the static indexes are shown again');
  visit.problems = visit.problems.filter((problem) => !problem.includes(origin) && !/status of 500/.test(problem));
}, { schemes: ['file'] });
