"use strict";

// "Suggest a note": words selected on a text's page become the file of a note,
// as `postil note` writes it. The work is done by suggest/note.js; this is the
// panel around it; suggest.js asks for both when they are wanted. Nothing is sent
// anywhere: what is written stays in this browser until its writer copies,
// downloads or proposes it.
(() => {
  const { Page, find, wordingFor, nameFor, isSlug, write, zip, trimmed } = self.postilNote ?? {};
  const archive = self.postilArchive;
  const article = document.querySelector("article[data-text]");
  const shared = self.postilSuggest;
  if (!Page || !archive || !article || !shared) return;
  const { selection, stored } = shared;

  /** Longest address of mail that all systems take. */
  const LONGEST_MAIL = 1900;
  /** Milliseconds of rest before a selection counts. */
  const REST = 200;
  /** Most places that are offered, and letters shown of the words. */
  const MOST = 8;
  const SHOWN = 300;
  /** Before each key, since pages opened from a folder share one storage. */
  const PREFIX = `postil-note:${archive.title}:`;
  const WHO = `${PREFIX}who`;

  const texts = new Map(archive.words);
  const contributors = new Map(archive.contributors);
  const word = (key) => texts.get(key) ?? "";
  const say = (key, values) => word(key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  // Forms stand in the order of the categories that the language of the words has for whole numbers.
  const language = archive.language ?? (document.documentElement.lang || "en");
  const rules = new Intl.PluralRules(language);
  const chosen = new Set(Array.from({ length: 201 }, (_, n) => rules.select(n)));
  const order = ["zero", "one", "two", "few", "many", "other"].filter((category) => chosen.has(category));
  const counted = (key, n) => {
    const forms = word(key).split("|");
    return (forms[order.indexOf(rules.select(n))] ?? forms.at(-1)).replace("{n}", n);
  };

  /** What says that the panel's words are not in the language of the page, if they are not. */
  const said = archive.language ? { lang: archive.language, dir: "ltr" } : {};

  /** An element; strings in it become text. */
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }
  const button = (label, act, attributes = {}) => {
    const made = make("button", { type: "button", class: "btn", ...attributes }, label);
    made.addEventListener("click", act);
    return made;
  };

  // ---- Drafts: kept in this browser, never trusted on reading ----

  const ID = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;
  /** As many characters as the margin has room for. */
  const LONGEST_TITLE = 30;
  const isText = (value, most) => typeof value === "string" && value.length <= most;
  const isNumber = (value) => value === undefined || (Number.isInteger(value) && value > 0);
  function isWording(wording) {
    if (typeof wording !== "object" || wording === null) return false;
    const { quotation, quote, prefix = "", suffix = "", at, nth } = wording;
    const isQuote = quotation === undefined ? isText(quote, 5000) && isText(prefix, 1000) && isText(suffix, 1000) : isText(quotation, 5000);
    return isQuote && isNumber(at) && isNumber(nth);
  }
  /** The draft under a key of the storage, or null if that is none. */
  function draftAt(key) {
    const at = key.lastIndexOf("/");
    const id = key.slice(PREFIX.length, at);
    const slug = key.slice(at + 1);
    if (!key.startsWith(PREFIX) || !ID.test(id) || !isSlug(slug)) return null;
    try {
      const { wording, by, title = "", kind, topics, body } = JSON.parse(stored((storage) => storage.getItem(key)));
      const sound = isWording(wording) && isText(by, 500) && isText(title, LONGEST_TITLE) && isText(kind, 100) && isText(body, 100_000)
        && Array.isArray(topics) && topics.every((topic) => isText(topic, 100));
      return sound ? { key, id, slug, wording, by, title, kind, topics, body } : null;
    } catch {
      return null;
    }
  }
  function drafts() {
    const keys = stored((storage) => Array.from({ length: storage.length }, (_, i) => storage.key(i))) ?? [];
    return keys.sort().map(draftAt).filter(Boolean);
  }
  const keyOf = (id, slug) => `${PREFIX}${id}/${slug}`;

  // ---- The note in hand ----

  let page = null;
  let now = null;
  const textOf = () => (page ??= new Page(article));
  const taken = (slug) => document.getElementById(`n-${slug}`) !== null
    || (keyOf(article.dataset.text, slug) !== now?.key && stored((storage) => storage.getItem(keyOf(article.dataset.text, slug))) !== null);

  /** Who writes: contributors by their slug. */
  function authors(by) {
    const name = trimmed(by);
    const slug = archive.contributors.find(([, known]) => known === name)?.[0];
    return name ? [slug ?? name] : [];
  }
  const fileOf = ({ wording, by, title, kind, topics, body }) => write(wording, { by: authors(by), title: trimmed(title), kind, topics, body });

  // ---- The panel ----

  const fields = {};
  function field(name, control, label, hint) {
    const id = `suggest-${name}`;
    control.id = id;
    fields[name] = control;
    const about = hint ? [make("p", { class: "meta", id: `${id}-hint` }, hint)] : [];
    if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
    return make("div", { class: "field" }, make("label", { for: id }, label), ...about, control);
  }

  const status = make("p", { class: "meta", role: "status" });
  const place = make("div", { class: "place" });
  const file = make("pre", { tabindex: "0", role: "region", "aria-label": word("panel_file") });
  const path = make("code", {});
  const todo = make("ul", {});
  const todoBox = make("div", { class: "todo" }, make("p", {}, word("panel_todo")), todo);
  const kept = make("details", { class: "drafts" });
  const topicList = make("details", {}, make("summary", {}, word("panel_topics")));
  const forge = make("a", { class: "btn", target: "_blank", rel: "noopener external" });
  const mail = make("a", { class: "btn", "data-suggest-mail": "" }, word("panel_mail"));
  const form = make("form", { novalidate: "" });
  const made = make("section");
  const closing = button(word("panel_close"), () => panel.close(), { class: "btn plain" });
  const panel = make("dialog", { class: "suggest", "aria-labelledby": "suggest-h", "data-suggest-panel": "", ...said },
    make("header", {}, make("h2", { id: "suggest-h" }, word("panel")), closing),
    make("p", { class: "meta" }, word("panel_says")),
    place, form, made, status, kept);

  function build() {
    const kinds = make("select", {});
    for (const [i, [key, label]] of archive.kinds.entries()) kinds.append(make("option", { value: i ? key : "" }, label));
    const names = make("datalist", { id: "suggest-names" }, ...archive.contributors.map(([, name]) => make("option", { value: name })));
    for (const [slug, title] of archive.topics) {
      topicList.append(make("label", {}, make("input", { type: "checkbox", name: "topic", value: slug }), " ", title));
    }
    const writing = make("textarea", { rows: "6", autofocus: "" });
    form.append(
      field("body", writing, word("panel_body"), word("panel_body_hint")),
      field("title", make("input", { autocomplete: "off", maxlength: String(LONGEST_TITLE) }), word("panel_title"), word("panel_title_hint")),
      field("kind", kinds, word("panel_kind")),
      ...(archive.topics.length ? [topicList] : []),
      field("by", make("input", { autocomplete: "name", ...(archive.contributors.length ? { list: "suggest-names" } : {}) }), word("panel_by"), word("panel_by_hint")),
      names,
      field("slug", make("input", { autocomplete: "off", autocapitalize: "none", spellcheck: "false" }), word("panel_name"), word("panel_name_hint")),
    );
    made.append(
      make("h3", {}, word("panel_file")),
      make("p", { class: "meta" }, path),
      file,
      todoBox,
      make("p", { class: "acts" }, button(word("panel_copy"), onCopy), " ", button(word("panel_download"), onDownload), ...(archive.forge ? [" ", forge] : []), ...(archive.contact ? [" ", mail] : [])),
      make("p", { class: "meta" }, say("panel_licence", { licence: archive.licence })),
    );
    if (archive.forge) forge.textContent = say("panel_forge", { host: archive.forge.host });
    for (const way of [forge, mail]) way.addEventListener("click", onAway);
    form.addEventListener("input", onInput);
    form.addEventListener("submit", (event) => event.preventDefault());
    panel.addEventListener("close", onClose);
    document.body.append(panel);
  }

  /** Shows the note in hand: its words, its file, what is still to do. */
  function show() {
    form.hidden = made.hidden = !now;
    if (!now) return;
    const text = fileOf(now);
    path.textContent = `annotations/${now.id}/${now.slug}.md`;
    file.textContent = text;
    const left = [];
    const body = trimmed(now.body);
    const [by = ""] = authors(now.by);
    if (!body && !now.topics.length) left.push("panel_todo_body");
    if (body.startsWith(">")) left.push("panel_todo_quote");
    if (!by) left.push("panel_todo_by");
    else if (/^[a-z0-9-]+$/.test(by) && !contributors.has(by)) left.push("panel_todo_capital");
    if (fields.slug.value !== now.slug) left.push("panel_todo_name");
    todo.replaceChildren(...left.map((key) => make("li", {}, word(key))));
    todoBox.hidden = left.length === 0;
    for (const [way, address] of addresses()) {
      way.href = address.full ?? address.short;
      way.dataset.whole = String(address.full !== undefined);
    }
  }

  /** The ways out with their addresses: with the file in it, if it takes that much, and without. */
  function addresses() {
    const ways = [];
    const add = (way, short, whole, longest) => ways.push([way, { short, full: whole && whole.length <= longest ? whole : undefined }]);
    const query = (...pairs) => pairs.filter(([key]) => key).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
    const { forge: to, contact } = archive;
    if (to) {
      const { before, query: first, name, contents, longest } = to;
      const branch = first ? [[first.slice(0, -1), decodeURIComponent(before.split("/").at(-2))]] : [];
      const short = `${before}annotations/${now.id}?${query(...branch, [name, `${now.slug}.md`])}`;
      add(forge, short, contents && `${short}&${query([contents, fileOf(now)])}`, longest);
    }
    if (contact) {
      const short = `${contact}?${query(["subject", path.textContent])}`;
      // Lines of mail end in CRLF (RFC 6068).
      add(mail, short, `${short}&${query(["body", fileOf(now).replaceAll("\n", "\r\n")])}`, LONGEST_MAIL);
    }
    return ways;
  }

  function onInput() {
    const { body, title, kind, by, slug } = fields;
    const name = trimmed(slug.value);
    const free = isSlug(name) && !taken(name);
    const before = now.key;
    Object.assign(now, {
      body: body.value.toWellFormed(),
      by: by.value.toWellFormed(),
      title: title.value.toWellFormed(),
      kind: kind.value,
      topics: [...form.querySelectorAll("[name=topic]:checked")].map(({ value }) => value),
    });
    if (free) Object.assign(now, { slug: name, key: keyOf(now.id, name) });
    stored((storage) => {
      const { wording, by, title, kind, topics, body } = now;
      if (before !== now.key) storage.removeItem(before);
      storage.setItem(now.key, JSON.stringify({ wording, by, title, kind, topics, body }));
      storage.setItem(WHO, by);
    });
    status.textContent = "";
    show();
    showDrafts();
  }

  /** Takes up a note: a draft, or a new one on these words. */
  function take(passage, draft = {}) {
    const { text } = textOf();
    const wording = draft.wording ?? wordingFor(text, passage);
    if (!wording) return lost(text.blockCount(passage) > 10 ? "panel_wide" : "panel_cannot");
    const words = text.words(passage);
    now = { id: article.dataset.text, by: stored((storage) => storage.getItem(WHO))?.slice(0, 500) ?? "", title: "", kind: "", topics: [], body: "", ...draft, wording };
    const { number } = text.blockAt(passage[0][0]);
    now.slug ??= nameFor(words, number, taken);
    now.key = keyOf(now.id, now.slug);
    for (const name of ["body", "by", "title", "kind", "slug"]) fields[name].value = now[name];
    for (const box of form.querySelectorAll("[name=topic]")) box.checked = now.topics.includes(box.value);
    now.topics = [...form.querySelectorAll("[name=topic]:checked")].map(({ value }) => value);
    now.kind = fields.kind.value;
    topicList.open = now.topics.length > 0;
    const short = words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words;
    place.replaceChildren(
      make("p", { class: "meta" }, word("panel_place"), ", ", make("a", { href: `#p${number}` }, say("paragraph_n", { n: number }))),
      make("blockquote", { class: "q", lang: article.lang, dir: article.dir }, make("p", {}, short)),
      button(word("panel_other"), () => { lost(); fields.words.focus(); }, { class: "btn plain" }),
    );
    place.querySelector("a").addEventListener("click", () => panel.close());
    if (CSS.highlights) CSS.highlights.set("postil-suggest", new Highlight(...textOf().ranges(passage)));
    status.textContent = "";
    show();
    if (panel.open) fields.body.focus();
    return undefined;
  }

  /** Asks for the words, for who cannot or does not select them. */
  function lost(why) {
    now = null;
    CSS.highlights?.delete("postil-suggest");
    const control = make("textarea", { rows: "3", autofocus: "" });
    const places = make("ul", { class: "places" });
    const look = () => {
      const { text } = textOf();
      const found = find(text, { quotation: control.value.toWellFormed().split("\n").filter((line) => trimmed(line)).join("\n") });
      places.replaceChildren();
      if (found === "wide") status.textContent = word("panel_wide");
      else if (typeof found === "string" || !found.length) status.textContent = word("panel_found_none");
      else if (found.length === 1) take(found[0].passage);
      else {
        status.textContent = counted("panel_found_many", found.length);
        for (const { passage } of found.slice(0, MOST)) {
          const [start, end] = [passage[0][0], passage.at(-1)[1]];
          const around = text.visible.slice(Math.max(0, start - 30), end + 30).replace(/\s+/g, " ");
          const label = `${say("paragraph_n", { n: text.blockAt(start).number })}: … ${around} …`;
          places.append(make("li", {}, button(label, () => take(passage), { class: "btn plain" })));
        }
      }
    };
    place.replaceChildren(
      field("words", control, word("panel_find"), word("panel_find_hint")),
      make("p", { class: "acts" }, button(word("panel_find_button"), look)),
      places,
    );
    status.textContent = why ? word(why) : "";
    show();
  }

  function showDrafts() {
    const all = drafts();
    kept.hidden = all.length === 0;
    const rows = all.map((draft) => {
      const here = draft.id === article.dataset.text;
      const name = make("code", {}, `${draft.id}/${draft.slug}`);
      const open = button(word("panel_draft_open"), () => resume(draft), { class: "btn plain" });
      const remove = button(word("panel_draft_delete"), () => {
        stored((storage) => storage.removeItem(draft.key));
        if (now?.key === draft.key) lost();
        showDrafts();
        (kept.hidden ? closing : kept.querySelector("summary")).focus();
      }, { class: "btn plain" });
      for (const each of [open, remove]) each.setAttribute("aria-label", `${each.textContent} ${draft.slug}`);
      return make("li", {}, name, " ", ...(here && now?.key !== draft.key ? [open, " "] : []), remove);
    });
    kept.replaceChildren(
      make("summary", {}, counted("panel_drafts", all.length)),
      make("ul", {}, ...rows),
      make("p", {}, button(word("panel_zip"), onZip)),
    );
  }

  /** Goes on with a draft, if its words still stand where they stood. */
  function resume(draft) {
    const found = find(textOf().text, draft.wording);
    if (Array.isArray(found) && found.length === 1) take(found[0].passage, draft);
    else status.textContent = word("panel_lost");
    showDrafts();
  }

  // ---- Out of the browser: only when its writer says so ----

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", { class: "sr", "aria-hidden": "true", tabindex: "-1" });
      area.value = text;
      panel.append(area);
      const { activeElement } = document;
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      activeElement?.focus();
      return done;
    }
  }
  async function onCopy() {
    const done = await copied(fileOf(now));
    status.textContent = word(done ? "panel_copied" : "panel_not_copied");
  }
  function download(name, pieces, type) {
    const address = URL.createObjectURL(new Blob(pieces, { type }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
  const onDownload = () => download(`${now.slug}.md`, [fileOf(now)], "text/markdown");
  const onZip = () => download("notes.zip", zip(drafts().map((draft) => [`annotations/${draft.id}/${draft.slug}.md`, fileOf(draft)])), "application/zip");
  async function onAway({ currentTarget }) {
    if (currentTarget.dataset.whole === "true") return;
    const done = await copied(fileOf(now));
    status.textContent = word(done ? "panel_paste" : "panel_not_copied");
  }

  // ---- Opening and closing ----

  let back = null;
  let selected = null;

  function open(range, draft) {
    if (!form.firstChild) build();
    back = { element: document.activeElement, range };
    float.hidden = true;
    const passage = range ? textOf().passage(range) : [];
    if (passage.length) take(passage, draft);
    else lost(range && textOf().isFurniture(range) ? "panel_furniture" : undefined);
    showDrafts();
    panel.showModal();
    panel.scrollTop = 0;
  }

  function onClose() {
    CSS.highlights?.delete("postil-suggest");
    now = null;
    const { element, range } = back ?? {};
    if (range) {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    if (element?.isConnected && element !== document.body && !float.contains(element)) return element.focus({ preventScroll: true });
    const block = range && (range.endContainer.parentElement ?? article).closest("[data-block]");
    if (!block) return undefined;
    block.setAttribute("tabindex", "-1");
    block.addEventListener("blur", () => block.removeAttribute("tabindex"), { once: true });
    return block.focus({ preventScroll: true });
  }

  // The button beside the selection. It keeps the range itself: a tap may take the selection away first.
  const here = button(word("panel"), () => open(selected), { class: "", "data-suggest-here": "" });
  const float = make("div", { class: "suggest-here", role: "group", "aria-label": word("panel_selected"), ...said }, here);
  float.hidden = true;
  float.addEventListener("pointerdown", (event) => event.preventDefault());
  float.addEventListener("mousedown", (event) => event.preventDefault());

  let rest = 0;
  let held = false;
  function settle() {
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (panel.open || held) return;
      const range = selection();
      const boxes = range?.toString().trim() ? range.getClientRects() : [];
      float.hidden = boxes.length === 0;
      if (float.hidden) return;
      selected = range;
      const box = boxes[boxes.length - 1];
      const { clientWidth, clientHeight } = document.documentElement;
      const room = float.getBoundingClientRect();
      const x = Math.min(Math.max(box.right - room.width / 2, 8), clientWidth - room.width - 8);
      const y = Math.min(Math.max(box.bottom + 8, 8), clientHeight - room.height - 8);
      float.style.left = `${x + self.scrollX}px`;
      float.style.top = `${y + self.scrollY}px`;
    }, REST);
  }

  // What else is done with selected words stands before it; and words that are chosen elsewhere can be proposed.
  shared.open = open;
  shared.offer = (label, act) => {
    here.before(button(label, () => {
      float.hidden = true;
      act(selected);
    }, { class: "" }));
  };

  document.addEventListener("selectionchange", settle);
  document.addEventListener("pointerdown", () => { held = true; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { held = false; settle(); });
  document.body.append(float);
  settle();
})();
