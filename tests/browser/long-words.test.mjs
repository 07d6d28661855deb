// Words that have no place to break, in everything that an archive can name: no page scrolls sideways
// for them, and nothing of them is cut off.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { harness } from './lib/harness.mjs';
import { built } from './lib/made.mjs';
import { sideways } from './lib/shape.mjs';
import { typed } from './lib/typed.mjs';

const ship = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const lung = 'Antidisestablishmentarianismspracticeofpneumonoultramicroscopicsilicovolcanoconiosis';
const url = 'https://www.parliament.example/business/publications/written-questions-answers-statements/written-question/';

const archive = {
  'postil.toml': `title = "${ship}"\ndescription = "${url}"\nbase_url = "https://archive.example"\nrepository = "https://github.com/o/r"
[notes.kinds]\ncontext = "${ship}"\nquestion = "${lung}"\n[texts.kinds]\nletter = "${ship}"\nreply = "${lung}"\n`,
  'content/a.txt': `${ship}\n\n${ship} asked about ${url} and the QXW ${lung}.\n\n${lung}: ${url} QXW ${ship}\n\n${ship}\n\n${url}\n`,
  'content/a.toml': `title = "${url}"\ndate = 1850\nkind = "letter"\nlayout = "wrapped"\nhouse = "${ship}"\npeople = [{ name = "${ship}", role = "${lung}" }]
source = { name = "${url}", url = "${url}" }\nrights = "${url}"\nrefs = { ${lung.toLowerCase()} = ["${url}"] }\nunknown = ["${ship}"]\n`,
  'content/b.txt': `${lung}\n\nThe QXW of ${ship}, ${url}.\n`,
  'content/b.toml': `title = "${ship}"\ndate = 1851\nkind = "reply"\nlayout = "wrapped"\nhouse = "${url}"\n`,
  'content/c.md': `# ${ship}\n\n## ${url}\n\n> ${ship}\n\n- ${url}\n\n\`\`\`\n${url}${url}\n\`\`\`\n\n\`${url}${ship}\`\n`,
  'content/c.toml': 'title = "C"\ndate = 1852\n',
  'annotations/a/apparatus.toml': `furniture = [ { at = "p5", reason = "${ship}" } ]\ncorrection = [ { quote = "asked", reading = "${ship}", reason = "${url}" } ]
structure = [\n { at = "p1", kind = "heading", level = 2 },\n { at = "p2", kind = "recommendation", number = "${lung}", speaker = "${ship}" },
 { at = "p3-p4", kind = "response", to = ["${lung}"] },\n]\n`,
  'annotations/a/one.md': `+++\nby = "${ship} Byron"\nrole = "${lung}"\ntopics = ["t"]\ndate = 2020-01-02\nsources = [{ title = "${url}", url = "${url}", note = "${ship}" }]\n+++\n> ${ship} asked\n\n${ship} ${url} \`${url}\`\n\n- ${lung}\n`,
  'annotations/a/two.md': `+++\nby = "${url} X"\nkind = "question"\nevents = [{ date = 1852-01-01, what = "${ship}" }]\n+++\n> ${lung}: ${url}\n\n[${url}](${url}) and [[qxw]], [[text:b#p2]].\n`,
  'annotations/a/whole.md': `+++\nby = "${ship} Y"\non = "text"\n+++\n${url}\n`,
  'annotations/b/n.md': `+++\nby = "who"\n+++\n> The QXW of ${ship}\n\nx\n`,
  'annotations/contributors/who.toml': `name = "${ship}"\naffiliation = "${url}"\nrole = "${lung}"\nurl = "https://a.example/"\n`,
  'annotations/topics/t.toml': `title = "${ship}"\nscope = "${url}"\n[[passage]]\ntext = "b"\nquote = "${url}"\nwhy = "${lung}"\n`,
  'annotations/topics/u.toml': `title = "${lung}"\nscope = "${ship}"\nparent = "t"\nsee = ["t"]\n[[passage]]\ntext = "a"\nquote = "${ship} asked"\n`,
  'annotations/glossary/z.toml': `term = "ZZZ${ship}"\nkind = "law"\ndefinition = "x"\n`,
  'annotations/glossary/qxw.toml': `term = "QXW"\nkind = "body"\nmark = "all"\n[[sense]]\nid = "x"\nname = "${ship}"\nfrom = 1800\nuntil = 1850\ndefinition = "${url}"\nsuccessor = "z"\nsources = [{ title = "${url}" }]
[[sense]]\nid = "y"\nname = "${lung}"\nfrom = 1851\ndefinition = "${ship}"\n`,
  'annotations/links/l.toml': `title = "${ship}"\nrelation = "follows"\nnote = "${url}"\nby = "who"\n[[end]]\ntext = "a"\nquote = "${url} QXW"\n[[end]]\ntext = "b"\nquote = "${ship}, ${url}"\n`,
  'content/pages/about.md': `+++\ntitle = "${ship}"\n+++\n${url}\n\n# ${ship}\n\n\`${url}\`\n\n    ${url}${url}\n`,
  'content/pages/contribute.md': `+++\ntitle = "${lung}"\n+++\n${url}\n`,
};

/** What is wider than the window, or than what holds it and hides the rest. */
function cut() {
  const { clientWidth } = document.documentElement;
  // Drawings, code and what one types are moved sideways by themselves; a line of a concordance is cut at both ends by its nature.
  const asked = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility() && !element.closest('.sr, .skip, svg, .draw, pre, input, table.kwic, .term > button'));
  return asked.filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    const hides = getComputedStyle(element).overflowX !== 'visible' && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
    return hides || left < -1 || right > clientWidth + 1;
  }).map((element) => element.outerHTML.slice(0, 90));
}

for (const theme of ['default', 'plain']) {
  const files = { ...archive, 'postil.toml': `theme = "${theme}"\n${archive['postil.toml']}` };
  const made = await built(files, { themes: theme === 'plain' ? ['plain'] : [] });
  after(made.remove);

  harness(made.site).inEach(`no page scrolls sideways for a long word, or cuts it off: ${theme}`, async (visit, site) => {
    const wrong = [];
    const look = async (page) => {
      for (const width of [320, 768, 1280, 1440]) {
        await visit.page.setViewport({ width, height: 800 });
        const [by, parts] = [await visit.ask(sideways), await visit.ask(cut)];
        if (by > 0 || parts.length > 0) wrong.push(`${page} at ${width} px: ${by} px too wide; ${parts.slice(-2)}`);
      }
    };
    // A page of the host's begins its links at the host.
    for (const page of site.pages.filter((page) => page !== '404.html')) {
      await visit.open(page);
      await look(page);
    }
    await visit.open('search.html');
    for (const query of ['QXW', `${ship.slice(0, 40)}x`]) {
      await typed(visit, query);
      await look(`results for ${query}`);
    }
    assert.deepEqual(wrong, []);
  }, { schemes: ['file'] });
}
