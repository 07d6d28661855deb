"use strict";

// A reader's own margin: marks and notes to oneself on any words of a text. They stand in this browser and nowhere
// else, are drawn over the words without touching the page, can be taken along as a file, and become a proposal by one
// press. Places are kept as the selectors of notes are, so that they follow a text that changes.
(() => {
  const { Page, find, wordingFor } = self.postilNote ?? {};
  const archive = self.postilArchive;
  const shared = self.postilSuggest;
  const article = document.querySelector("article[data-text]");
  const tool = document.querySelector("[data-own]");
  const able = Page && archive && shared && article && tool && self.CSS?.highlights && "popover" in HTMLElement.prototype;
  if (!able) return;

  /** Pages opened from a folder share one storage. */
  const KEY = `postil-own:${archive.title}`;
  const MOST = 5000;
  const SHOWN = 160;
  const root = new URL("..", document.currentScript.src).href;
  const texts = new Map(archive.words);
  const word = (key) => texts.get(key) ?? "";
  const say = (key, values) => word(key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const said = archive.language ? { lang: archive.language, dir: "ltr" } : {};

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }
  function button(label, act, attributes = {}) {
    const made = make("button", { type: "button", ...attributes }, label);
    made.addEventListener("click", act);
    return made;
  }

  // ---- What is kept: never trusted on reading ----

  const ID = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;
  const isText = (value, most) => typeof value === "string" && value.length <= most;
  const isNumber = (value) => value === undefined || (Number.isInteger(value) && value > 0);
  function isWording(wording) {
    if (typeof wording !== "object" || wording === null) return false;
    const { quotation, quote, prefix = "", suffix = "", at, nth } = wording;
    const quotes = quotation === undefined ? isText(quote, 5000) && isText(prefix, 1000) && isText(suffix, 1000) : isText(quotation, 5000);
    return quotes && isNumber(at) && isNumber(nth);
  }
  /** An entry as it may be kept, or null. */
  function sound(entry) {
    if (typeof entry !== "object" || entry === null) return null;
    const { id, text, title, block, wording, words, note, when } = entry;
    const good = isText(id, 100) && isText(text, 500) && ID.test(text) && isText(title, 1000) && Number.isInteger(block) && block > 0
      && isWording(wording) && isText(words, 20_000) && isText(note, 20_000) && isText(when, 30);
    return good ? { id, text, title, block, wording, words, note, when } : null;
  }
  function recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(kept) ? kept.slice(0, MOST).map(sound).filter(Boolean) : [];
    } catch {
      return [];
    }
  }
  let entries = recall();
  let keeps = true;
  function keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(entries));
      keeps = true;
    } catch {
      keeps = false;
    }
  }
  // Another tab may have changed them.
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    entries = recall();
    draw();
  });

  // ---- On the page ----

  let page = null;
  const textOf = () => (page ??= new Page(article));
  const own = () => entries.filter(({ text }) => text === article.dataset.text).sort((a, b) => a.block - b.block);
  const drawn = new Highlight();
  const noted = new Highlight();
  CSS.highlights.set("postil-own", drawn);
  CSS.highlights.set("postil-own-note", noted);
  /** Of each entry that has its place here, its ranges. */
  const ranges = new Map();
  function draw() {
    drawn.clear();
    noted.clear();
    ranges.clear();
    for (const entry of own()) {
      const found = find(textOf().text, entry.wording);
      if (!Array.isArray(found) || found.length !== 1) continue;
      const places = textOf().ranges(found[0].passage);
      ranges.set(entry.id, places);
      for (const range of places) (entry.note ? noted : drawn).add(range);
    }
    const count = entries.length;
    tool.replaceChildren(word("own"), ...(count ? [` ${count}`] : []));
  }

  /** Marks what is selected; nothing if it is not of the text, or cannot be meant by a quotation. */
  function mark(range) {
    const { text } = textOf();
    const passage = range ? textOf().passage(range) : [];
    const wording = passage.length ? wordingFor(text, passage) : null;
    getSelection().removeAllRanges();
    if (!wording) return null;
    const entry = {
      id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`,
      text: article.dataset.text,
      title: document.querySelector("main h1").textContent.trim(),
      block: text.blockAt(passage[0][0]).number,
      wording,
      words: text.words(passage),
      note: "",
      when: new Date().toISOString().slice(0, 10),
    };
    entries.push(entry);
    keep();
    draw();
    return entry;
  }
  shared.offer(word("own_mark"), (range) => mark(range));
  shared.offer(word("own_note"), (range) => {
    const entry = mark(range);
    if (entry) show(entry.id);
  });

  // A press on one's own words opens what one wrote.
  document.addEventListener("click", ({ clientX, clientY, target }) => {
    if (!ranges.size || !(target instanceof Element) || !target.closest("article [data-block]") || target.closest("a, button, label")) return;
    if (!getSelection().isCollapsed) return;
    const at = document.caretPositionFromPoint?.(clientX, clientY);
    const entry = at && [...ranges].find(([, places]) => places.some((range) => range.isPointInRange(at.offsetNode, at.offset)));
    if (entry) show(entry[0]);
  });

  // ---- The list ----

  const list = make("div");
  const status = make("p", { role: "status" });
  const file = make("input", { type: "file", accept: ".json,.jsonld,application/json,application/ld+json", class: "sr", tabindex: "-1", "aria-hidden": "true" });
  const close = make("button", { type: "button", class: "close", popovertarget: "own", popovertargetaction: "hide" }, word("panel_close"));
  const sheet = make("div", { popover: "", id: "own", class: "pop sheet own", role: "group", "aria-label": word("own_sheet"), ...said }, list, status, file, close);
  document.querySelector("main").append(sheet);

  const short = (words) => (words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words);
  function row(entry, here) {
    const address = `${here ? "" : addressOf(entry.text)}#p${entry.block}`;
    const link = make("a", { href: address }, say("paragraph_n", { n: entry.block }));
    link.addEventListener("click", () => sheet.hidePopover());
    const note = make("textarea", { rows: "2", "aria-label": word("own_note") });
    note.value = entry.note;
    note.addEventListener("input", () => {
      entry.note = note.value.toWellFormed();
      keep();
      draw();
    });
    const remove = button(word("own_remove"), () => {
      entries = entries.filter(({ id }) => id !== entry.id);
      keep();
      draw();
      show();
    });
    const place = ranges.get(entry.id);
    const propose = here && place ? [button(word("own_suggest"), () => {
      const range = place[0].cloneRange();
      const last = place.at(-1);
      range.setEnd(last.endContainer, last.endOffset);
      sheet.hidePopover();
      shared.open(range, { body: entry.note });
    })] : [];
    const lost = here && !place ? [make("p", { class: "meta" }, word("own_lost"))] : [];
    return make("li", { "data-own-entry": entry.id }, make("p", {}, make("q", {}, short(entry.words)), " ", link), ...lost, note, make("p", { class: "acts" }, ...propose, remove));
  }
  function rows(title, group, here) {
    return group.length ? [make("h3", {}, title), make("ul", {}, ...group.map((entry) => row(entry, here)))] : [];
  }
  function show(id) {
    const others = Map.groupBy(entries.filter(({ text }) => text !== article.dataset.text), ({ title }) => title);
    list.replaceChildren(
      make("p", { class: "own-h" }, make("b", {}, word("own_sheet"))),
      ...rows(word("own_here"), own(), true),
      ...[...others].flatMap(([title, group]) => rows(title, group, false)),
      ...(entries.length ? [] : [make("p", {}, word("own_none"))]),
      make("p", { class: "acts" },
        ...(entries.length ? [
          make("span", {}, word("own_export")),
          button("Markdown", () => download("marks.md", markdown(), "text/markdown")),
          button("JSON-LD", () => download("marks.jsonld", annotations(), "application/ld+json")),
          button("CSV", () => download("marks.csv", table(), "text/csv")),
        ] : []),
        button(word("own_import"), () => file.click())),
      make("p", { class: "meta" }, word(keeps ? "own_kept" : "own_not_kept")),
    );
    status.textContent = "";
    if (!sheet.matches(":popover-open")) sheet.showPopover({ source: tool });
    if (id) [...list.querySelectorAll("[data-own-entry]")].find(({ dataset }) => dataset.ownEntry === id)?.querySelector("textarea").focus();
  }
  shared.own = () => (sheet.matches(":popover-open") ? sheet.hidePopover() : show());

  // ---- Out of the browser, and into it ----

  function download(name, text, type) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
  const addressOf = (text) => `${root}texts/${text}.html`;
  function markdown() {
    const one = ({ words, title, block, note }) => `> ${words.replace(/\n/g, "\n> ")}\n>\n> ${title}, ${say("paragraph_n", { n: block })}\n${note ? `\n${note}\n` : ""}`;
    return entries.map(one).join("\n");
  }
  function annotations() {
    const one = ({ id, text, title, block, wording, words, note, when }) => ({
      id: `urn:postil-own:${id}`,
      type: "Annotation",
      motivation: note ? "commenting" : "highlighting",
      created: `${when}T00:00:00Z`,
      ...(note ? { body: { type: "TextualBody", value: note, format: "text/markdown", purpose: "commenting" } } : {}),
      target: { source: addressOf(text), selector: { type: "TextQuoteSelector", exact: words } },
      "postil-own": { id, text, title, block, wording },
    });
    return `${JSON.stringify({ "@context": "http://www.w3.org/ns/anno.jsonld", type: "AnnotationPage", items: entries.map(one) }, null, 2)}\n`;
  }
  function table() {
    // What a spreadsheet would take for a formula begins with an apostrophe.
    const cell = (value) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replace(/"/g, '""')}"`;
    const line = (cells) => `${cells.map(cell).join(",")}\r\n`;
    return line(["text", "paragraph", "words", "note", "date"]) + entries.map(({ text, block, words, note, when }) => line([text, String(block), words, note, when])).join("");
  }
  function read(text) {
    const { items } = JSON.parse(text);
    const entry = (item) => sound({
      ...item?.["postil-own"],
      words: item?.target?.selector?.exact,
      note: item?.body?.value ?? "",
      when: String(item?.created ?? "").slice(0, 10),
    });
    return items.map(entry).filter(Boolean);
  }
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    let says = word("own_not");
    try {
      const known = new Set(entries.map(({ id }) => id));
      const fresh = read(await chosen.text()).filter(({ id }) => !known.has(id)).slice(0, MOST - entries.length);
      entries.push(...fresh);
      keep();
      draw();
      show();
      says = say("own_imported", { n: fresh.length });
    } catch { /* another file */ }
    status.textContent = says;
  });

  draw();
})();
