// Words are found in languages that are written without spaces, from right to
// left, or with letters that English does not have.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { harness } from './lib/harness.mjs';
import { built } from './lib/made.mjs';
import { typed } from './lib/typed.mjs';

const record = (title, lang, date) => `title = "${title}"\ndate = ${date}\nlang = "${lang}"\nlayout = "lines"\n`;
const { site, remove } = await built({
  'postil.toml': 'title = "Many tongues"\n[search]\nmarks = "keep"\n',
  'content/ja.txt': '議長の報告\n人身取引の被害者を保護するため、政府は新しい計画を決定した。\n東京都の警察は港で捜査を行った。\n',
  'content/ja.toml': record('報告', 'ja', '2004-03-09'),
  'content/zh.txt': '关于打击贩卖人口的报告\n警方在边境救出了八名受害者。\n政府将继续提供援助。\n',
  'content/zh.toml': record('中文报告', 'zh-Hans', '2005-03-09'),
  'content/th.txt': 'รายงานของคณะกรรมการ\nตำรวจช่วยเหลือผู้เสียหายจากการค้ามนุษย์ที่ชายแดน\n',
  'content/th.toml': record('รายงาน', 'th', '2006-03-09'),
  'content/ar.txt': 'تقرير اللجنة\nساعدت الشرطة ضحايا الاتجار بالبشر في المدينة.\nوقالت المدرسة إنها ستساعد الأطفال.\n',
  'content/ar.toml': record('تقرير', 'ar', '2007-03-09'),
  'content/de.txt': 'Bericht des Ausschusses\nDie Kinder wurden in den Häusern der Stadt gefunden.\n',
  'content/de.toml': record('Bericht', 'de', '2008-03-09'),
  'content/sv.txt': 'Utskottets betänkande\nBarnen hittades året därpå i hamnen.\nDet var en man.\nDet var en mån som lyste.\n',
  'content/sv.toml': record('Betänkande', 'sv', '2009-03-09'),
});
after(remove);

const { inEach } = harness(site);

// Query, the paragraph that it finds, and no other.
const FOUND = [
  ['人身取引', 'ja', 2], ['被害者', 'ja', 2], ['東京', 'ja', 3], ['京都', 'ja', 3], ['"東京都の警察"', 'ja', 3], ['港', 'ja', 3],
  ['受害者', 'zh', 2], ['贩卖人口', 'zh', 1], ['援助', 'zh', 3],
  ['ตำรวจ', 'th', 2], ['ค้ามนุษย์', 'th', 2],
  ['الشرطة', 'ar', 2], ['الشُّرْطَة', 'ar', 2], ['المدرسة', 'ar', 3],
  ['Haeusern', 'de', 2], ['Häusern', 'de', 2], ['häusern', 'de', 2],
  ['mån', 'sv', 4], ['man ', 'sv', 3],
];

inEach('words are found in any script', async (visit) => {
  await visit.open('search.html');
  for (const [query, text, paragraph] of FOUND) {
    await typed(visit, query);
    const found = await visit.ask(() => [...document.querySelectorAll('[data-search-result]')].map((result) => ({
      to: result.querySelector('a[href]').href.split(/texts\//)[1].split(':~:')[0],
      marked: [...result.querySelectorAll('mark')].map((mark) => mark.textContent).join(' '),
    })));
    assert.deepEqual(found.map(({ to }) => to), text ? [`${text}.html#p${paragraph}`] : [], query);
    if (text) assert.ok(found[0].marked, `${query} is marked`);
  }
}, { schemes: ['file'] });

inEach('a row of characters is marked as a whole, and leads to it', async (visit) => {
  await visit.open(`search.html?q=${encodeURIComponent('人身取引')}`);
  await visit.until(() => document.querySelector('[data-search-result] mark'));
  assert.equal(await visit.ask(() => document.querySelector('[data-search-result] mark').textContent), '人身取引');
  const href = await visit.ask(() => document.querySelector('[data-search-result] a').href);
  assert.ok(decodeURIComponent(href).includes('人身取引'), href);
}, { schemes: ['file'] });
