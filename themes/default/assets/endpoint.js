"use strict";

// Search by a server, for an archive too large for an index in files: stands in
// place of search/index.js if postil.toml names an `endpoint`, and hands out the
// same. The page *Search* of the manual says what is asked and answered.
(() => {
  const endpoint = document.querySelector("[data-search-endpoint]")?.dataset.searchEndpoint;
  if (!endpoint) return;
  const PAGE = 20;

  /** What the first answer had, for the filters. */
  let known;
  const facets = new Promise((resolve) => (known = resolve));

  async function ask(q, filters, offset) {
    const address = new URL(endpoint);
    for (const [name, value] of Object.entries({ q, ...filters, offset, limit: PAGE })) if (value !== "") address.searchParams.set(name, value);
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { total, results, facets } = await answer.json();
    if (!Number.isInteger(total) || !Array.isArray(results)) throw new TypeError("no results");
    return { total, count: results.length, results: results.map(readResult).filter(Boolean), facets: facets ?? {} };
  }

  const text = (value) => (typeof value === "string" ? value : "");

  /** A result as the page shows it; null if it does not lead to a page of this site. */
  function readResult({ url, title, snippet, type, label, date, kind, speaker }) {
    const [address, anchor = ""] = text(url).split("#");
    if (!/^[^\s:\\/?]+(?:\/[^\s:\\/?]+)*$/.test(address) || address.split("/").includes("..")) return null;
    // Words between marks are shown as text, whatever they are.
    const pieces = text(snippet).split(/<\/?(?:mark|em)>/).map((words, i) => [words, i % 2 === 1]);
    return {
      ...{ address, anchor, directive: "", type: /^(?:note|term|topic)$/.test(type) ? type : "text", names: [] },
      ...{ title: text(title), label: text(label), date: text(date), kind: text(kind), speaker: text(speaker) },
      snippet: pieces.filter(([words]) => words),
    };
  }
  const isGuide = ({ type }) => type === "term" || type === "topic";

  async function find(q, filters) {
    const first = await ask(q, filters, 0);
    known(first.facets);
    const waiting = first.results.filter((result) => !isGuide(result));
    let asked = first.count;
    const outcome = {
      ...{ missing: false, whole: true, partial: false, about: false, unknown: [], begun: null, left: null },
      ...{ segments: first.total, all: first.total, texts: new Set(), guides: first.results.filter(isGuide) },
    };
    const settle = () => {
      outcome.done = !waiting.length && asked >= first.total;
      outcome.left = asked >= first.total ? waiting.length : null;
    };
    outcome.next = async (count) => {
      if (!waiting.length && asked < first.total)
        try {
          const more = await ask(q, filters, asked);
          asked = more.count ? asked + more.count : first.total;
          waiting.push(...more.results.filter((result) => !isGuide(result)));
        } catch {
          outcome.missing = true;
          asked = first.total;
        }
      const handed = waiting.splice(0, count);
      for (const { address } of handed) outcome.texts.add(address);
      settle();
      return handed;
    };
    // A server counts at once.
    outcome.settle = async () => {};
    outcome.counts = async () =>
      new Map(Object.entries(first.facets).map(([facet, values]) => [facet, new Map(values.map(({ value, count }) => [value, count]))]));
    settle();
    return outcome;
  }

  let years = [];
  /** As the first answer has them: kinds, topics, speakers, each as [value, label, texts]. */
  async function filters() {
    const given = await facets;
    years = (given.year ?? []).map(({ value }) => [Number(value), 0]).sort(([a], [b]) => a - b);
    return new Map(Object.entries(given).map(([facet, values]) => [facet, values.map(({ value, label, count }) => [text(value), text(label) || text(value), count])]));
  }

  self.postilSearch = { find, filters, years: () => years, connect: () => {}, complete: async () => [], alike: async () => [] };
})();
