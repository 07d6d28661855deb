// The search finds, from a folder as well as over http.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { typed } from './lib/typed.mjs';

const { inEach } = harness();

const results = () => [...document.querySelectorAll('[data-search-result]')]
  .map((result) => ({ href: result.querySelector('a[href]')?.href ?? '', words: result.innerText }));
const someResult = () => document.querySelector('[data-search-result] a[href]') !== null;

inEach('an address with a question shows its answers', async (visit, site) => {
  await visit.open('search.html?q=gangmasters');
  await visit.until(someResult);
  const found = await visit.ask(results);
  assert.match(found.map((result) => result.words).join('\n'), /gangmasters/i);
  assert.equal(await visit.ask(() => document.querySelector('main [data-search-input]').value), 'gangmasters');
  for (const { href } of found) {
    assert.ok(href.startsWith(visit.root), href);
    const path = decodeURIComponent(href.slice(visit.root.length).split(/[?#]/)[0]);
    assert.ok(site.files.includes(path), `${path} is a page of the site`);
  }
});

inEach('typing finds, and the result leads to the words', async (visit) => {
  await visit.open('search.html');
  await visit.page.type('main [data-search-input]', 'trafficking');
  await visit.page.keyboard.press('Enter');
  const link = await visit.page.waitForSelector('[data-search-result] a[href*="texts/"]');
  await Promise.all([visit.page.waitForNavigation(), link.evaluate((a) => a.click())]);
  assert.ok(await visit.ask(() => document.querySelector('article[data-text]') !== null));
});

inEach('what is not there is said to be not there', async (visit) => {
  await visit.open('search.html?q=xyzzyplugh');
  await visit.until(() => document.querySelector('[data-search-status]')?.textContent.trim());
  assert.deepEqual(await visit.ask(results), []);
});

inEach('a question cannot write into the page', async (visit) => {
  const forged = '<img src=x onerror=console.error(1)><b id=forged>"\'';
  await visit.open(`search.html?q=${encodeURIComponent(forged)}`);
  await visit.until(() => document.querySelector('[data-search-status]')?.textContent.trim());
  assert.equal(await visit.ask(() => document.getElementById('forged')), null);
  assert.equal(await visit.ask(() => document.querySelector('main [data-search-input]').value), forged);
});

inEach('without scripts it names what stands in for it', async (visit, site) => {
  await visit.open('search.html');
  const links = await visit.ask(() => [...document.querySelectorAll('main a[href]')].map((a) => a.href));
  const inside = links.filter((href) => site.files.includes(decodeURIComponent(href.slice(visit.root.length).split('#')[0])));
  assert.ok(inside.length > 0, 'it leads to the static indexes');
}, { script: false });

// What readers type, with a place of the first archive that must come first.
const FIRST = {
  'CEOP': /child exploitation and online protection/i,
  'gangmasters licensing authority': /GLA/,
  '4000 victims': /4,000/,
  '£1,321,610': /£1,321,610/,
  'retrafficked': /re-traffick/,
  '"forced labour"': /forced labour/,
  'recommendation 8': /Recommendation 8/,
  '94668': /94668/,
  'ACDS': /ADCS/,
};

inEach('what readers type is found', async (visit) => {
  await visit.open('search.html');
  for (const [query, expected] of Object.entries(FIRST)) {
    await typed(visit, query);
    const found = await visit.ask(results);
    assert.ok(found.length > 0, query);
    assert.match(found.slice(0, 2).map((result) => result.words).join('\n'), expected, query);
    const asked = await visit.ask(() => new URLSearchParams(location.search).get('q'));
    assert.equal(asked, query);
  }
});

inEach('a result leads to its paragraph', async (visit) => {
  await visit.open('search.html?q=%22no+consensus+in+the+Forum%22&in=texts');
  await visit.until(someResult);
  const link = await visit.page.$('[data-search-result] a[href*="#p"]');
  await Promise.all([visit.page.waitForNavigation(), link.click()]);
  await visit.until(() => {
    const block = document.querySelector(location.hash.slice(0, location.hash.search(/:~:|$/)));
    const box = block?.getBoundingClientRect();
    return box && box.top < innerHeight && box.bottom > 0 && /no consensus in the Forum/.test(block.innerText);
  });
});

inEach('the way back leads to the same results at the same place', async (visit) => {
  await visit.open('search.html?q=trafficking');
  await visit.until(someResult);
  const before = await visit.ask(() => document.querySelectorAll('[data-search-result]').length);
  await visit.page.$eval('[data-search-more]', (button) => button.click());
  await visit.until((before) => document.querySelectorAll('[data-search-result]').length > before, before);
  const shown = await visit.ask(results);
  const link = (await visit.page.$$('[data-search-result] a')).at(-1);
  await link.evaluate((a) => a.scrollIntoView({ block: 'center' }));
  const place = await visit.ask(() => scrollY);
  assert.ok(place > 500, `scrolled to ${place}`);
  await Promise.all([visit.page.waitForNavigation(), link.click()]);
  // Not by the library, which waits for an event that a page kept in memory does not send.
  await visit.ask(() => { setTimeout(() => history.back()); });
  await visit.until((count) => document.querySelectorAll('[data-search-result]').length === count, shown.length);
  await visit.until((place) => Math.abs(scrollY - place) < 50, place);
  assert.deepEqual(await visit.ask(results), shown);
});

inEach('filters narrow, and stand in the address', async (visit) => {
  await visit.open('search.html?q=trafficking&kind=speech');
  await visit.until(someResult);
  const found = await visit.ask(results);
  assert.ok(found.every(({ href }) => href.includes('texts/commons/2012')), JSON.stringify(found));
  await visit.until(() => document.querySelector('[data-search-facets] select[name=kind]')?.value === 'speech');
  await visit.page.select('[data-search-facets] select[name=kind]', '');
  await visit.until((count) => document.querySelectorAll('[data-search-result]').length > count, found.length);
  assert.equal(await visit.ask(() => location.search), '?q=trafficking');
});

inEach('a word that is nowhere is answered by its neighbour, which is said', async (visit) => {
  await visit.open('search.html?q=traficking+');
  await visit.until(someResult);
  const help = await visit.ask(() => document.querySelector('[data-search-help]').innerText);
  assert.match(help, /“traficking”.*“trafficking”/);
});

inEach('what else may have been meant is offered with what took the place of the other words', async (visit) => {
  await visit.open('search.html?q=childern+%C3%A9migr%C3%A9s+traficking');
  await visit.until(someResult);
  const offered = await visit.ask(() => Array.from(document.querySelectorAll('[data-search-help] a'), (a) => a.textContent));
  assert.deepEqual(offered, ['child émigrés trafficking']);
});

inEach('what may have been meant is offered for what was looked for, though the reader types on', async (visit) => {
  await visit.open('search.html?q=childern+traficking');
  await visit.until(() => document.querySelector('[data-search-help] a'));
  // All parts are loaded by now: the answer is there before the next search begins.
  const offered = await visit.ask(async () => {
    const help = document.querySelector('[data-search-help]');
    const input = document.querySelector('main [data-search-input]');
    const told = new Promise((resolve) => {
      new MutationObserver(() => help.querySelector('a') && resolve(help.querySelector('a').textContent)).observe(help, { childList: true });
    });
    input.form.requestSubmit();
    input.value = 'x';
    input.dispatchEvent(new Event('input'));
    return told;
  });
  assert.equal(offered, 'child trafficking');
});

inEach('what is offered while typing can be chosen with the keyboard', async (visit) => {
  await visit.open('search.html');
  await visit.page.keyboard.press('/');
  await visit.page.keyboard.type('gangm');
  const field = () => {
    const input = document.querySelector('main [data-search-input]');
    const list = document.getElementById(input.getAttribute('aria-controls'));
    const active = document.getElementById(input.getAttribute('aria-activedescendant'));
    return {
      focused: document.activeElement === input, value: input.value,
      roles: [input.getAttribute('role'), list.getAttribute('role'), ...new Set([...list.children].map((option) => option.getAttribute('role')))],
      open: [!list.hidden, input.getAttribute('aria-expanded')],
      active: active && [active.textContent, active.getAttribute('aria-selected')],
    };
  };
  await visit.until(() => document.querySelector('[role=option]') && !document.querySelector('[role=listbox]').hidden);
  assert.deepEqual(await visit.ask(field), { focused: true, value: 'gangm', roles: ['combobox', 'listbox', 'option'], open: [true, 'true'], active: null });
  await visit.page.keyboard.press('ArrowDown');
  const { active } = await visit.ask(field);
  assert.match(active[0], /^Gangmasters/);
  assert.equal(active[1], 'true');
  await visit.page.keyboard.press('Escape');
  assert.deepEqual(await visit.ask(field).then(({ value, open }) => [value, open]), ['gangm', [false, 'false']]);
  await visit.page.keyboard.press('ArrowDown');
  await visit.page.keyboard.press('ArrowDown');
  await visit.until(() => document.querySelector('[aria-activedescendant]'));
  await visit.page.keyboard.press('Enter');
  const chosen = await visit.ask(field);
  assert.notEqual(chosen.value, 'gangm');
  assert.deepEqual([chosen.focused, chosen.open], [true, [false, 'false']]);
  await visit.until((value) => document.querySelector('[data-search-done]')?.dataset.searchDone === value, chosen.value);
  assert.equal(await visit.ask(() => new URLSearchParams(location.search).get('q')), chosen.value);
}, { schemes: ['file'] });

inEach('what is offered too late does not cover the results', async (visit) => {
  await visit.open('search.html');
  await visit.page.type('main [data-search-input]', 'traffick');
  await visit.page.keyboard.press('Enter');
  await visit.until(someResult);
  await new Promise((done) => { setTimeout(done, 300); });
  assert.equal(await visit.ask(() => document.querySelector('[data-search-completions]').hidden), true);
}, { schemes: ['file'] });

inEach('numbers beside filters are left out where no passage has every word', async (visit) => {
  await visit.open('search.html?q=iceberg+helpline&in=texts');
  await visit.until(() => document.querySelector('[data-search-done]') && document.querySelector('[data-search-facets] details'));
  await visit.until(() => /some of them/.test(document.querySelector('[data-search-help]').textContent));
  const numbers = await visit.ask(() => [...document.querySelectorAll('[data-search-facets] label span')].map((span) => span.textContent).join(''));
  assert.equal(numbers, '');
}, { schemes: ['file'] });

inEach('escape empties the question', async (visit) => {
  await visit.open('search.html?q=helpline');
  await visit.until(someResult);
  await visit.page.focus('[data-search-form] [data-search-input]');
  await visit.page.keyboard.press('Escape');
  await visit.until(() => document.querySelectorAll('[data-search-result]').length === 0);
  assert.equal(await visit.ask(() => location.search), '');
});

inEach('before anything is asked there are ways of asking, and they answer', async (visit) => {
  await visit.open('search.html');
  await visit.until(() => !document.documentElement.hasAttribute('data-waits'));
  await visit.until(() => document.activeElement?.matches('[data-search-input]'));
  const first = () => !document.querySelector('[data-search-first]').hidden && document.querySelector('[data-search-first]').getClientRects().length > 0;
  assert.ok(await visit.ask(first));
  const ways = await visit.ask(() => [...document.querySelectorAll('[data-search-first] a[href^="search.html?"]')].map((a) => a.getAttribute('href')));
  assert.ok(ways.length > 15, ways.join(' '));
  for (const kind of ['q', 'topic', 'speaker', 'from']) {
    const href = ways.find((way) => way.startsWith(`search.html?${kind}=`));
    assert.ok(href, kind);
    await visit.open('search.html');
    await visit.page.waitForSelector(`[data-search-first] a[href="${href}"]`, { visible: true });
    await visit.page.click(`[data-search-first] a[href="${href}"]`);
    await visit.until(someResult);
    assert.equal(await visit.ask(first), false);
    assert.deepEqual(await visit.ask(() => [...new URLSearchParams(location.search)]), [...new URLSearchParams(href.slice('search.html'.length))]);
    assert.ok(await visit.ask(() => document.activeElement.matches('[data-search-status]')), 'the focus is where the answers begin');
  }
});

inEach('without a word filters list what there is, by date', async (visit) => {
  await visit.open('search.html?topic=labour-exploitation&in=notes');
  await visit.until(someResult);
  const types = await visit.ask(() => [...document.querySelectorAll('[data-search-result]')].map((one) => one.dataset.type));
  assert.ok(types.length > 5 && types.every((type) => type === 'note'), types.join(' '));
  await visit.page.select('[data-search-facets] select[name=topic]', '');
  await visit.page.select('[data-search-facets] select[name=speaker]', 'mark-harper');
  await visit.page.click('[data-search-facets] input[value=texts]');
  await visit.until(() => /^\?in=texts&speaker=mark-harper$/.test(location.search) && document.querySelector('[data-search-result]'));
  const said = await visit.ask(results);
  assert.ok(said.length > 5 && said.every(({ words }) => words.includes('Mark Harper')));
  assert.match(said[0].words, /paragraph \d+/);
});

inEach('results come by date if that is asked for, and the address says so', async (visit) => {
  await visit.open('search.html?q=trafficking&order=new&in=texts');
  await visit.until(someResult);
  assert.match((await visit.ask(results))[0].href, /2019/);
  await visit.page.select('[data-search-tools] select[name=order]', 'old');
  await visit.until(() => document.querySelector('[data-search-result] a')?.href.includes('2004'));
  assert.equal(await visit.ask(() => new URLSearchParams(location.search).get('order')), 'old');
});

inEach('results are saved as a table, as BibTeX and as RIS', async (visit) => {
  await visit.open('search.html?q=gangmasters');
  await visit.until(() => document.querySelector('[data-search-save]')?.getClientRects().length);
  await visit.ask(() => {
    globalThis.postilTestFiles = [];
    URL.createObjectURL = (blob) => { globalThis.postilTestFiles.push(blob); return '#'; };
  });
  const files = [];
  for (const form of ['CSV', 'BibTeX', 'RIS']) {
    await visit.page.$eval(`[data-search-save=${form}]`, (button) => button.click());
    await visit.until((count) => globalThis.postilTestFiles.length === count, files.length + 1);
    files.push(await visit.ask(() => globalThis.postilTestFiles.at(-1).text()));
  }
  const passages = (await visit.ask(() => [...document.querySelectorAll('[data-search-result]')].map((one) => one.dataset.type))).filter((type) => type === 'text' || type === 'note').length;
  const [csv, bibtex, ris] = files;
  assert.equal(csv.split('\r\n').length, passages + 2);
  assert.match(csv, /^"type","title","place"/);
  assert.equal(bibtex.match(/^@\w+\{/gm).length, passages);
  assert.equal(ris.match(/^ER {2}- \r?$/gm).length, passages);
  assert.match(bibtex, /url = \{\S+texts\/\S+#p\d+\}/);
  assert.match(ris, /^UR {2}- \S+texts\/\S+#p\d+\r$/m);
  // Keys are told apart.
  const keys = bibtex.match(/^@\w+\{[^,]+/gm);
  assert.equal(new Set(keys).size, keys.length);
});

inEach('where nothing is found there are ways on', async (visit) => {
  await visit.open('search.html?q=%22police+xyzzyplugh%22&kind=speech');
  await visit.until(() => document.querySelector('[data-search-help] a'));
  const ways = await visit.ask(() => [...document.querySelectorAll('[data-search-help] a')].map((a) => a.textContent));
  assert.deepEqual(ways.slice(-4), ['without filters', 'the words apart', 'police', 'xyzzyplugh']);
  assert.ok(await visit.ask(() => document.querySelector('[data-search-first]').getClientRects().length > 0));
  await visit.ask(() => [...document.querySelectorAll('[data-search-help] a')].find((a) => a.textContent === 'police').click());
  await visit.until(someResult);
  assert.deepEqual(await visit.ask(() => [new URLSearchParams(location.search).get('q'), document.querySelector('main [data-search-input]').value]), ['police', 'police']);
});
