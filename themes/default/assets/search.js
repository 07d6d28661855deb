"use strict";

// The search page around the engine that search/index.js brings along. It shows
// text as text, never as HTML. The page has the elements [data-search-…]: form,
// input, status, facets, results, first (what is seen before anything is asked),
// fallback; data-words on the form, JSON, has the words of the interface that
// begin with `find_` in lang/*.toml, without that.
(() => {
  /** Passages shown at a time. */
  const PAGE = 20;
  /** Milliseconds from a key to the search, and until "searching" is said. */
  const PAUSE = 120;
  const PATIENCE = 400;
  const FILTERS = ["in", "kind", "collection", "topic", "speaker", "from", "to"];
  /** Results that are saved at a time, at the most. */
  const MOST_SAVED = 1000;

  const root = (document.currentScript.getAttribute("src") ?? "").replace(/assets\/search\.js(?:[?#].*)?$/, "");
  const find = (name) => document.querySelector(`[data-search-${name}]`);
  const form = find("form");
  const input = form?.querySelector("[data-search-input]");
  const status = find("status");
  const results = find("results");
  if (!form || !input || !status || !results) return;
  const facets = find("facets");
  const fallback = find("fallback") ?? make("div");
  const first = find("first") ?? make("div");
  const engine = self.postilSearch;
  /** A server searches for words, and has an order of its own. */
  const isOwn = !!engine?.references;
  // A page of a theme that gives no words shows their keys.
  const words = new Proxy(JSON.parse(form.dataset.words ?? "{}"), { get: (given, key) => given[key] ?? key });
  const language = form.dataset.wordsLang ?? (document.documentElement.lang || "en");
  const say = (phrase, values = {}) => phrase.replace(/\{(\w)\}/g, (_, name) => values[name] ?? "");
  const shownAs = (n) => n.toLocaleString(language);

  // Words with a number have their forms in the order of these categories; those that the language has.
  const rules = new Intl.PluralRules(language);
  const chosen = Array.from({ length: 201 }, (_, n) => rules.select(n));
  const order = ["zero", "one", "two", "few", "many", "other"].filter((category) => chosen.includes(category));
  function counted(phrase, n) {
    const forms = phrase.split("|");
    return say(forms[order.indexOf(rules.select(n))] ?? forms.at(-1), { n: shownAs(n) });
  }

  /** The element, with these attributes. */
  function attributed(element, attributes) {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  /** An element; strings in it become text. */
  function make(name, attributes = {}, ...children) {
    const element = attributed(document.createElement(name), attributes);
    element.append(...children);
    return element;
  }

  // ---- Loading parts of the index ----

  const PART = /^search\/[a-z]\/[0-9a-f]{2}\/[0-9a-f]{12}(?:-\d+)?\.js$/;
  function addressOf(path) {
    if (!PART.test(path)) throw new TypeError("not a part of the search index");
    return root + path;
  }
  const policy = self.trustedTypes?.createPolicy("postil", { createScriptURL: addressOf });

  const load = (name) =>
    new Promise((resolve, reject) => {
      const path = `search/${name[0]}/${name.slice(1, 3)}/${name.slice(1)}.js`;
      const script = document.createElement("script");
      script.src = policy ? policy.createScriptURL(path) : addressOf(path);
      script.onload = resolve;
      script.onerror = () => reject(new Error(path));
      document.head.append(script);
    });

  // ---- The state is the address ----

  function addressOfState(state) {
    const asked = String(new URLSearchParams(Object.entries(state).filter(([, value]) => value)));
    return asked ? `?${asked}` : location.pathname;
  }

  const given = new URLSearchParams(location.search);
  const state = Object.fromEntries(["q", ...FILTERS, "order"].map((name) => [name, given.get(name) ?? ""]));
  /** Whether anything is asked for: words, or all that passes the filters. */
  const isAsked = () => !!state.q.trim() || (isOwn && state.in !== "glossary" && FILTERS.some((name) => state[name]));
  let shown = 0;
  let running = 0;
  let outcome = null;

  // ---- Filters ----

  /** Every value of every filter: its filter, value, label, and what shows them. */
  const offered = [];

  function choice(name, label, values) {
    const select = make("select", { name });
    for (const [value, text] of [["", words.any], ...values]) {
      const option = make("option", { value }, text);
      offered.push({ name: name === "from" || name === "to" ? "year" : name, value, text, shows: option });
      select.append(option);
    }
    select.value = state[name];
    return make("label", {}, label, " ", select);
  }

  function places() {
    const rows = [["", words.anywhere], ["texts", words.in_texts], ["notes", words.in_notes], ["glossary", words.in_glossary]];
    const radios = rows.map(([value, text]) => {
      const radio = make("input", { type: "radio", name: "in", value });
      radio.checked = state.in === value;
      const shows = make("span");
      offered.push({ name: "in", value, text: "", shows });
      return make("label", {}, radio, ` ${text} `, shows);
    });
    return make("fieldset", {}, make("legend", {}, words.in), ...radios);
  }

  async function showFilters() {
    const facetsOf = await engine.filters();
    const titles = { kind: words.kind, collection: words.collection, topic: words.topics, speaker: words.speaker };
    const choices = Object.entries(titles)
      .filter(([name]) => facetsOf.get(name)?.length > 1)
      .map(([name, title]) => choice(name, title, [...facetsOf.get(name)].sort((a, b) => a[1].localeCompare(b[1]))));
    const years = engine.years().flatMap(([year]) => (year ? [[year, year]] : []));
    if (years.length > 1) {
      choices.push(choice("from", words.from, years));
      choices.push(choice("to", words.to, years));
    }
    const details = make("details", {}, make("summary", {}, words.narrow), places(), ...choices);
    details.open = FILTERS.some((name) => state[name]);
    details.addEventListener("toggle", showCounts);
    facets.replaceChildren(details);
    facets.hidden = false;
    facets.addEventListener("change", ({ target }) => {
      if (FILTERS.includes(target.name)) change({ [target.name]: target.value });
    });
    showCounts();
  }

  /** How many texts each value would leave; looked up only where it is seen. */
  async function showCounts() {
    const own = running;
    const details = facets?.querySelector("details");
    // On a wide screen the style shows them always, and hides what opens them.
    const areSeen = details && (details.open || !details.firstChild.getClientRects().length);
    const counted = outcome && areSeen ? await outcome.counts().catch(() => null) : null;
    if (own !== running) return;
    for (const { name, value, text, shows } of offered) {
      const found = counted?.get(name);
      const count = value || name === "in" ? (found?.get(value) ?? (found && 0)) : undefined;
      shows.textContent = count === undefined ? text : text ? `${text} (${shownAs(count)})` : shownAs(count);
    }
  }

  // ---- Results ----

  const help = make("div", { class: "ui", "data-search-help": "" });
  const sorting = make("select", { name: "order" }, ...["best", "old", "new"].map((value) => make("option", { value: value === "best" ? "" : value }, words[value])));
  const saves = ["CSV", ...(isOwn ? ["BibTeX", "RIS"] : [])].map((form) => make("button", { type: "button", class: "quiet", "data-search-save": form }, form));
  const tools = make("p", { class: "ui search-tools", "data-search-tools": "" }, ...(isOwn ? [make("label", {}, words.order, " ", sorting)] : []), make("span", {}, words.save, " ", ...saves));
  tools.hidden = true;
  const more = make("button", { type: "button", class: "btn", "data-search-more": "" }, words.more);
  more.hidden = true;
  status.after(help, tools);
  status.tabIndex = -1;
  results.after(more);

  const marked = (pieces) => pieces.map(([text, mark]) => (mark ? make("mark", {}, text) : text));
  const joined = (...parts) => parts.filter(Boolean).join(" · ");
  /** The same search with some of its state changed, as a link. */
  const asked = (changes, text) => make("a", { href: addressOfState({ ...state, ...changes }), "data-search-state": JSON.stringify(changes) }, text);

  function item(type, href, heading, meta, snippet, ...more) {
    return make(
      "li",
      { "data-search-result": "", "data-type": type },
      make("h2", {}, make("a", { href, dir: "auto" }, heading)),
      make("p", { class: "meta" }, meta),
      make("p", { class: "s", dir: "auto" }, ...marked(snippet)),
      ...more,
    );
  }

  /** Where a passage is: the name of a part, and the number of its paragraph; of a note what it is called. */
  function placeOf({ anchor, label, type }) {
    const number = type === "note" ? "" : /^p(\d+)$/.exec(anchor)?.[1];
    return [label, number && say(words.paragraph, { n: number })].filter(Boolean).join(", ");
  }

  function passageItem(passage) {
    const fragment = passage.anchor + passage.directive;
    const place = placeOf(passage);
    const heading = place ? `${passage.title}, ${place}` : passage.title;
    const note = passage.type === "note" && words.note;
    const meta = joined(note, passage.date, passage.kind, passage.speaker, passage.corrected && words.corrected);
    const href = root + passage.address + (fragment ? `#${fragment}` : "");
    return item(passage.type, href, heading, meta, passage.snippet);
  }

  function guideItem(guide) {
    const meta = joined(words[guide.type], guide.kind, guide.names.join(", "));
    // All of it, where results can be narrowed to it.
    const name = guide.type === "topic" ? "topic" : "speaker";
    const slug = guide.address.replace(/^.*\/|\.html$/g, "");
    const has = isOwn && offered.some((each) => each.name === name && each.value === slug);
    const all = has ? [make("p", { class: "meta" }, asked({ q: "", [name]: slug }, words[name === "topic" ? "filed" : "says"]))] : [];
    return item(guide.type, root + guide.address, guide.title, meta, guide.snippet, ...all);
  }

  const asking = (q) => asked({ q }, q);
  const between = (links) => links.flatMap((link, i) => (i ? [", ", link] : [link]));

  /** What helps to ask better; one paragraph each. */
  async function helpFor({ unknown, begun, whole, partial, missing, guides }) {
    const lines = [];
    if (missing) lines.push([words.missing]);
    for (const { word, instead, taken } of unknown) {
      const line = [say(taken === word ? words.unknown : words.instead, { q: word, r: taken })];
      // With another word for this one, and for the others what has taken their place.
      const again = (other) => asking(unknown.reduceRight((q, each) => q.slice(0, each.start) + (each.word === word ? other : each.taken) + q.slice(each.end), state.q));
      const others = instead.filter((other) => other !== taken);
      if (others.length) line.push(` ${words.meant} `, ...between(others.map(again)), "?");
      lines.push(line);
    }
    if (begun) lines.push([`${say(words.begun, { q: begun.typed })} ${begun.forms.slice(0, 6).join(", ")}`]);
    if (partial) lines.push([whole ? words.few : words.some]);
    const year = state.q.trim();
    if (isOwn && engine.years().some(([own]) => String(own) === year)) lines.push([asked({ q: "", from: year, to: year }, say(words.year, { n: year }))]);
    if (!shown && !guides.length) {
      const alike = await engine.alike(state.q).catch(() => []);
      const links = alike.map((guide) => make("a", { href: root + guide.address }, guide.title));
      if (links.length) lines.push([`${words.alike} `, ...between(links)]);
      const ways = [];
      if (FILTERS.some((name) => state[name])) ways.push(asked(Object.fromEntries(FILTERS.map((name) => [name, ""])), words.unfiltered));
      const plain = state.q.replace(/["“”„«»]/g, " ").replace(/\s+/g, " ").trim();
      if (plain !== state.q.trim() && plain) ways.push(asked({ q: plain }, words.unquoted));
      const each = plain.split(" ").filter((word) => /^[\p{L}\p{N}]/u.test(word));
      if (each.length > 1) ways.push(...each.slice(0, 6).map(asking));
      if (ways.length) lines.push([`${words.ways} `, ...between(ways)]);
    }
    return lines.map((line) => make("p", {}, ...line));
  }

  /** Whether it is texts that are asked for, and not what stands in them. */
  const isOfTexts = () => state.in !== "notes" && !state.topic && !state.speaker;

  function summary() {
    if (!shown && !outcome.guides.length) return state.q.trim() ? say(words.nothing, { q: state.q.trim() }) : counted(words.passages, 0);
    const parts = [];
    if (outcome.guides.length) parts.push(counted(words.guides, outcome.guides.length));
    if (outcome.left === null) parts.push(say(outcome.about ? words.first_about : words.first, { n: shownAs(shown), m: shownAs(outcome.segments) }));
    else if (shown && !state.q.trim() && isOfTexts()) parts.push(counted(words.all_texts, shown + outcome.left));
    else if (shown) parts.push(`${counted(words.passages, shown + outcome.left)} ${counted(words.texts, outcome.texts.size)}`);
    const all = parts.join(words.then);
    return all.charAt(0).toLocaleUpperCase(language) + all.slice(1);
  }

  /** Appends passages as they are found, and says at the end how many there are. */
  async function show(count) {
    const own = running;
    for (const wanted = shown + count; shown < wanted && !outcome.done; ) {
      const passages = await outcome.next(wanted - shown);
      if (own !== running) return;
      shown += passages.length;
      results.append(...passages.map(passageItem));
    }
    more.hidden = outcome.done;
    // What has been found is there to be read while the rest is counted.
    await outcome.settle();
    if (own !== running) return;
    status.textContent = summary();
    tools.hidden = !shown;
    first.hidden = shown > 0 || outcome.guides.length > 0;
    const lines = await helpFor(outcome);
    if (own === running) help.replaceChildren(...lines);
    showCounts();
  }

  function clear() {
    results.replaceChildren();
    help.replaceChildren();
    more.hidden = tools.hidden = true;
    status.textContent = "";
    shown = 0;
  }

  // ---- Results as files ----

  const baseOf = document.querySelector("link[rel=canonical]")?.href ?? location.href;
  const fullAddressOf = ({ address, anchor }) => new URL(root + address + (anchor && `#${anchor}`), baseOf).href;
  const wordsOf = ({ snippet }) => snippet.map(([text]) => text).join("");

  /** All results of what is asked for, up to a number. */
  async function gathered() {
    const { q, ...filters } = state;
    const again = await engine.find(q, filters);
    const all = [];
    while (!again.done && all.length < MOST_SAVED) all.push(...(await again.next(MOST_SAVED - all.length)));
    return all;
  }

  function table(all) {
    // What a spreadsheet would take for a formula begins with an apostrophe.
    const cell = (value) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replace(/"/g, '""')}"`;
    const line = (cells) => `${cells.map(cell).join(",")}\r\n`;
    const rows = all.map((one) => [one.type, one.title, placeOf(one), one.date, one.kind, one.speaker, wordsOf(one), fullAddressOf(one)]);
    return [["type", "title", "place", "date", "kind", "speaker", "words", "address"], ...rows].map(line).join("");
  }

  // A result is cited as its text is, with the place and the words; a note is not the text's, and stands for itself.
  const TEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const tex = (value) => value.replace(/[\\~^{}%&#$_]/g, (sign) => TEX[sign] ?? `\\${sign}`);
  const site = document.querySelector("header .name")?.textContent ?? "";
  const keyOf = ({ address, anchor }) => [address.replace(/^texts\/|\.html$/g, "").replaceAll("/", ":"), anchor].filter(Boolean).join("-");
  const noteOf = (one) => joined(placeOf(one), one.speaker, `“${wordsOf(one)}”`);

  function bibtex(one, [entry = "@misc{,\n}\n"]) {
    const own = one.type === "note" ? `@misc{,\n  title = {${tex(`${one.label}, ${one.title}`)}},\n  howpublished = {${tex(site)}}\n}\n` : entry.replace(/^ {2}url = .*\n/m, "");
    return own
      .replace(/\{[^,]*/, () => `{${keyOf(one)}`)
      .replace(/,?\n\}\n$/, () => `,\n  url = {${fullAddressOf(one)}},\n  note = {${tex(one.type === "note" ? wordsOf(one) : noteOf(one))}}\n}\n`);
  }

  function ris(one, [, entry = "TY  - GEN\r\nER  - \r\n"]) {
    const own = one.type === "note" ? `TY  - GEN\r\nTI  - ${one.label}, ${one.title}\r\nDP  - ${site}\r\nER  - \r\n` : entry.replace(/^(?:UR|ID) {2}- .*\r\n/gm, "");
    const more = [["ID", keyOf(one)], ["SE", one.type === "note" ? "" : placeOf(one)], ["N1", one.type === "note" ? wordsOf(one) : noteOf(one)], ["UR", fullAddressOf(one)]];
    return own.replace("ER  - ", () => `${more.filter(([, value]) => value).map(([tag, value]) => `${tag}  - ${value}\r\n`).join("")}ER  - `);
  }

  async function save(form) {
    const all = await gathered();
    const cited = form === "CSV" ? [] : await Promise.all(all.map((one) => engine.references(one)));
    const [text, name, type] =
      form === "CSV" ? [table(all), "results.csv", "text/csv"]
      : form === "RIS" ? [all.map((one, i) => ris(one, cited[i])).join(""), "results.ris", "application/x-research-info-systems"]
      : [all.map((one, i) => bibtex(one, cited[i])).join("\n"), "results.bib", "application/x-bibtex"];
    const address = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    status.textContent = counted(words.saved, all.length);
  }

  /** Searches for what the state says and shows the first results. */
  async function run(count = PAGE) {
    const own = ++running;
    document.title = joined(state.q.trim(), title);
    history.replaceState(history.state, "", addressOfState(state));
    const [best] = sorting.options;
    best.hidden = best.disabled = !state.q.trim();
    sorting.value = state.order || (best.hidden ? "old" : "");
    if (!isAsked()) {
      first.hidden = false;
      outcome = null;
      clear();
      return void showCounts();
    }
    first.hidden = true;
    const waiting = setTimeout(() => (status.textContent = words.searching), PATIENCE);
    const { q, ...filters } = state;
    const found = await engine.find(q, filters).catch(() => null);
    clearTimeout(waiting);
    if (own !== running) return;
    clear();
    fallback.hidden = found !== null;
    if (!found) return void (status.textContent = words.broken);
    outcome = found;
    results.append(...outcome.guides.map(guideItem));
    await show(count);
    if (own !== running) return;
    results.setAttribute("data-search-done", q);
  }

  // ---- Completions: an editable combobox whose list is chosen from by hand ----

  const list = make("ul", { role: "listbox", id: "search-completions", "aria-label": words.completions, "data-search-completions": "" });
  list.hidden = true;
  let active = -1;

  /** How often the list was asked for or closed: what comes too late is not shown. */
  let turns = 0;

  async function complete() {
    const own = ++turns;
    const offers = await engine.complete(input.value).catch(() => []);
    if (own !== turns || document.activeElement !== input) return;
    list.replaceChildren(...offers.map(({ text, name }, i) => make("li", { role: "option", id: `search-completion-${i}`, "data-name": name }, text)));
    open(offers.length > 0);
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", isOpen);
    point(-1);
  }
  function close() {
    turns++;
    open(false);
  }

  function point(at) {
    active = at;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", i === at));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  /** Asks for what is written there. */
  function choose(there) {
    if (!there) return;
    input.value = there.textContent;
    close();
    ask();
  }

  function keyed(event) {
    const { key } = event;
    if (event.isComposing) return;
    // The key that leads here does nothing where one is already.
    if (key === "/" && !input.value) return event.preventDefault();
    if (key === "ArrowDown" || key === "ArrowUp") {
      const count = list.children.length;
      if (!count) return void complete();
      event.preventDefault();
      if (list.hidden) open(true);
      else if (event.altKey && key === "ArrowUp") return close();
      // Past either end is the field itself.
      if (!event.altKey) point(((active + 1 + (key === "ArrowDown" ? 1 : count)) % (count + 1)) - 1);
    } else if (key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(list.children[active]);
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (key === "Escape" && input.value) {
      input.value = "";
      edited();
    }
  }

  // ---- What the reader does ----

  const title = document.title;
  let soon = 0;
  const ask = () => {
    clearTimeout(soon);
    state.q = input.value;
    return run();
  };
  /** Asks for something else; what shows the state follows. */
  function change(changes) {
    Object.assign(state, changes);
    input.value = state.q;
    for (const field of facets?.querySelectorAll("select, input") ?? []) {
      if (field.type === "radio") field.checked = field.value === state[field.name];
      else field.value = state[field.name];
    }
    return run();
  }
  // Until the search begins, the state is that of the results that stand there.
  const edited = () => {
    turns++;
    clearTimeout(soon);
    soon = setTimeout(() => {
      ask();
      complete();
    }, PAUSE);
  };

  async function start() {
    input.value = state.q;
    fallback.hidden = !!engine?.find;
    document.documentElement.removeAttribute("data-waits");
    if (!engine?.find) return void (status.textContent = words.broken);
    engine.connect(load);
    input.addEventListener("input", edited);
    attributed(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": false });
    form.append(list);
    input.addEventListener("blur", close);
    // A press must not take the focus from the field.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => choose(target.closest("[role=option]")));
    input.addEventListener("keydown", keyed);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close();
      ask();
      // Who has asked looks at the answers, and a keyboard on the screen goes.
      if (isAsked()) status.focus();
    });
    more.addEventListener("click", async () => {
      const before = results.children.length;
      await show(PAGE);
      results.children[before]?.querySelector("a")?.focus();
    });
    for (const box of [help, results, first])
      box.addEventListener("click", (event) => {
        const link = event.target.closest("a[href]");
        const { searchState } = link?.dataset ?? {};
        const href = link?.getAttribute("href");
        if (!(searchState || (box === first && href.startsWith("search.html?"))) || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        const none = Object.fromEntries(Object.keys(state).map((name) => [name, ""]));
        change(searchState ? JSON.parse(searchState) : { ...none, ...Object.fromEntries(new URLSearchParams(href.slice("search.html".length))) });
        status.focus();
      });
    sorting.addEventListener("change", () => change({ order: sorting.value }));
    tools.addEventListener("click", ({ target }) => {
      const { searchSave } = target.dataset;
      if (searchSave) save(searchSave).catch(() => (status.textContent = words.broken));
    });
    history.scrollRestoration = "manual";
    // How far the reader had come, for the way back.
    addEventListener("pagehide", () => history.replaceState({ shown, y: self.scrollY }, "", addressOfState(state)));
    const { shown: before = PAGE, y = 0 } = history.state ?? {};
    first.hidden = isAsked();
    if (!isAsked() && !history.state && !matchMedia("(pointer: coarse)").matches) input.focus({ preventScroll: true });
    // A server tells the filters with its first answer.
    const filtering = facets && showFilters().catch(() => (facets.hidden = true));
    if (isOwn) await filtering;
    await run(Math.max(before, PAGE));
    if (y) self.scrollTo(0, y);
  }

  start();
})();
