"use strict";

// Most readers neither propose notes nor keep marks of their own: the scripts and the style for both are asked for
// when somebody presses a button for it, or the key, or selects words of the text; or has marks from before.
(() => {
  const article = document.querySelector("article[data-text]");
  if (!article || !("showModal" in HTMLDialogElement.prototype)) return;

  /** What has still to come, in the order in which they need each other. */
  const scripts = ["../suggest/note.js", "panel.js", "own.js"];
  const { src } = document.currentScript;
  const beside = (name) => new URL(name, src).href;
  const policy = self.trustedTypes?.createPolicy("postil", { createScriptURL: beside });
  const tool = document.querySelector("[data-own]");
  const plain = document.querySelectorAll("[data-suggest-plain]");

  /** Adds an element to the head; whether what it names has come. */
  const arrived = (name, properties) => new Promise((done) => {
    const element = Object.assign(document.createElement(name), properties);
    element.addEventListener("load", () => done(true));
    element.addEventListener("error", () => done(false));
    document.head.append(element);
  });
  async function load() {
    const styled = arrived("link", { rel: "stylesheet", href: beside("suggest.css") });
    while (scripts.length) {
      const src = policy ? policy.createScriptURL(scripts[0]) : beside(scripts[0]);
      if (!await arrived("script", { src })) {
        // Without a network, say. There is still the way without a script; the next press asks again.
        for (const way of plain) way.hidden = false;
        asked = null;
        return;
      }
      scripts.shift();
    }
    await styled;
  }
  let asked = null;
  const bring = () => (asked ??= load());

  /** The range that is selected, if it touches the text. */
  function selection() {
    const chosen = getSelection();
    if (!chosen?.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    return range.intersectsNode(article) ? range.cloneRange() : null;
  }
  // Storage may be forbidden, and is on some systems for pages opened from a folder.
  function stored(act) {
    try { return act(localStorage); } catch { return null; }
  }
  self.postilSuggest = { selection, stored };

  async function open() {
    const range = selection();
    // What is there answers at once.
    if (!self.postilSuggest.open) await bring();
    self.postilSuggest.open?.(range);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "a" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || stored((storage) => storage.getItem("postil-keys")) === "off") return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    open();
  });
  for (const way of document.querySelectorAll("[data-suggest]")) {
    way.firstElementChild.addEventListener("click", open);
    way.hidden = false;
  }
  // The plain way to the forge is for who has no script.
  for (const way of plain) way.hidden = true;
  document.addEventListener("selectionchange", () => { if (selection()) bring(); });

  // A reader's own margin. Pages opened from a folder share one storage: the marks may be of another archive.
  if (tool && CSS.highlights && "popover" in HTMLElement.prototype) {
    tool.addEventListener("click", async () => {
      await bring();
      self.postilSuggest.own?.();
    });
    if (stored(Object.keys)?.some((key) => key.startsWith("postil-own:"))) bring();
  } else if (tool) tool.hidden = true;
})();
