
// Finding: from what was typed to pages of results, and help where there are none.
((search) => {
  const { record, postings, groupsOf, groupsFrom, columnsOf, placeOf, spelling, ends } = search.index;
  /** Segments read at a time: few at first, since a reader waits for the first result. One word or phrase needs no comparing. */
  const BATCHES = [1, 2, 6, 12, 20];
  /** With fewer results than this, texts that lack a word are shown as well. */
  const FEW = 10;
  /**
   * Of what is asked for, by rarity, a passage without every word has at least so much. In a small archive how rare a
   * word is says little: once and thrice are much the same.
   */
  const ENOUGH = 0.5;
  const ENOUGH_OF_FEW = 0.4;
  const SMALL = 500;
  /** Terms and topics shown before the passages. */
  const GUIDES = 3;
  /** Files of the lexicon read for a spelling where there are no lists for it. */
  const SPELLING_FILES = 8;
  /** Longer words are listed with those of this length; see crates/search/src/spelling.rs. */
  const LONGEST_LISTED = 20;
  /** What results are narrowed to, by columns. */
  const FACETS = ["kind", "topic", "speaker"];

  const NOTHING = { ids: [], scores: [] };

  /**
   * Finds. `filters`: `in` ("texts", "notes", "glossary" or nothing), `kind`,
   * `topic`, `speaker` (slugs), `from`, `to` (years).
   *
   * The outcome has
   * - `guides`: terms and topics to be shown first;
   * - `segments`: how many match, and `all`: how many of them have every word
   *   (`about`: there may be fewer). Both are null where the first passages take
   *   less to load than to count them, which `settle()` does;
   * - `unknown`: words that no text has, with their `start` and `end` in what was
   *   typed, what may have been meant `instead`, and what was `taken` for each:
   *   itself, or the first of these, which must be said;
   * - `begun`: a word that was taken as the beginning of others;
   * - `next(count)`, which hands out passages until `done`, at least one if
   *   there is one, at most `count`; with each call, `texts` (their addresses),
   *   `left` (how many more; null if not known), `whole` and `partial`
   *   (whether some have all words, some not all);
   * - `counts()`, how many texts each value of each filter would leave;
   * - `missing`: whether a part of the index could not be loaded.
   */
  search.find = async (typed, filters = {}) => {
    const outcome = { missing: false, texts: new Set(), segments: null, all: null };
    /** Goes on without a part that does not load. */
    const kept = async (work, otherwise) => {
      try {
        return await work;
      } catch (error) {
        if (!error.missing) throw error;
        outcome.missing = true;
        return otherwise;
      }
    };
    const query = await kept(search.parse(typed), { wanted: [], unwanted: [], named: [], unknown: [], begun: null });
    const replacing = query.unknown.map((each) => kept(replaced(query, each), { ...each, instead: [], taken: each.word }));
    outcome.unknown = await Promise.all(replacing);
    outcome.begun = query.begun;
    const { wanted } = query;
    const [texts, , end] = ends();
    const named = kept(search.every(wanted, filters.in, Array.from({ length: end - texts }, (_, i) => texts + i)), NOTHING);
    const all = async () => ranked(wanted, await kept(search.every(wanted, filters.in), NOTHING), filters, outcome, kept);
    // First what is sure to be the best, where that takes less to load than all that match.
    const sure = isNarrowed(filters, "texts") ? [] : await kept(search.sure(wanted, filters.in), []);
    let segments = sure.filter((key) => idOf(key) < texts);
    const more = segments.length ? all : null;
    if (!more) segments = await all();
    const speaker = filters.speaker ? await kept(speakerOf(filters.speaker), "") : "";
    outcome.next = reader(segments, more, query, { where: filters.in, speaker }, outcome, kept);
    const entries = await named;
    const count = more && search.countOf(wanted, filters.in);
    if (count) outcome.all = outcome.segments = count - entries.ids.filter((id) => id >= texts).length;
    outcome.guides = await guidesOf(query, entries, filters, kept);
    outcome.counts = () => counts(query, filters);
    return outcome;
  };

  /** The segment of what is sorted by rank. */
  const idOf = (key) => search.ranked(key).id;

  /** Whether filters ask for more than one of these places. */
  const isNarrowed = (filters, ...places) => Object.entries(filters).some(([name, value]) => value && !(name === "in" && places.includes(value)));

  /**
   * Entries by number: those that were named, then those with every word, the best first. In
   * the glossary: terms, all of them. None where passages of certain texts are asked for.
   */
  function entries({ named, unwanted }, found, filters) {
    const [texts, terms, topics] = ends();
    const glossary = filters.in === "glossary";
    if (isNarrowed(filters, "glossary")) return [];
    const others = unwanted.length ? [] : search.sorted(found, (id) => id >= texts);
    const all = new Set([...named, ...others.map(idOf)]);
    return [...all].filter((id) => id < (glossary ? terms : topics));
  }

  /** Terms and topics to be shown: those that were named, then those with a name that has all words, the shorter first; in the glossary, all. */
  async function guidesOf(query, found, filters, kept) {
    const { named, wanted } = query;
    const glossary = filters.in === "glossary";
    const asked = entries(query, found, filters);
    const read = async (id) => {
      const own = await kept(record(id));
      return own && { ...search.guide(own, id, wanted), named: named.includes(id) };
    };
    const guides = await Promise.all((glossary ? asked : asked.slice(0, named.length + 3 * GUIDES)).map(read));
    const shown = guides
      .filter((guide) => guide && (glossary || guide.named || guide.inName < Infinity))
      .sort((a, b) => b.named - a.named || a.inName - b.inName);
    return glossary ? shown : shown.slice(0, Math.max(GUIDES, named.length));
  }

  /** Segments in order of rank: those with every word, then, if few, the others. */
  async function ranked(nodes, every, filters, outcome, kept) {
    const order = async (list) => search.sorted(list, await kept(passing(list.ids, filters)));
    const best = await order(every);
    outcome.all = best.length;
    if (best.length >= FEW || nodes.length < 2) return best;
    const lists = await Promise.all(nodes.map((node) => kept(search.best(node, filters.in), NOTHING)));
    const whole = new Set(every.ids);
    const found = new Map();
    for (const { ids } of lists) for (const id of ids) found.set(id, (found.get(id) ?? 0) + 1);
    const rest = (await order(lists.reduce(search.inEither))).filter((key) => !whole.has(idOf(key)));
    return [...best, ...rest.sort((a, b) => found.get(idOf(b)) - found.get(idOf(a)))];
  }

  /** The first and the last segment, plus one, of the years asked for. */
  function spanOf({ from, to }) {
    const years = search.years();
    const undated = years.at(-1)[1];
    // The row of those without a date is the last.
    const firstOf = (year) => years.find(([own]) => own >= year)?.[1] ?? undated;
    return [from ? firstOf(Number(from)) : 0, to ? firstOf(Number(to) + 1) : from ? undated : ends()[0]];
  }

  /** Whether a segment is of a text and passes the filters; only these `ids` are asked about. */
  async function passing(ids, filters) {
    if (filters.in === "glossary") return () => false;
    const [low, high] = spanOf(filters);
    const asked = FACETS.filter((facet) => filters[facet]);
    const read = asked.length ? await columnsOf(ids) : [];
    const sets = asked.map((facet) => new Set(read.flatMap(({ values }) => values.get(facet)?.get(filters[facet]) ?? [])));
    return (id) => id >= low && id < high && sets.every((set) => set.has(id));
  }

  /**
   * How many texts each value would leave, the other filters as they are: a
   * map from filter ("kind", "topic", "speaker", "year", "in") to a map from
   * value to number.
   */
  async function counts(query, filters) {
    const nodes = query.wanted;
    const where = filters.in === "glossary" ? "" : filters.in;
    const found = await search.every(nodes, where);
    const ids = found.ids.filter((id) => id < ends()[0]);
    const read = await columnsOf(ids);
    const starts = read.flatMap((column) => column.starts);
    const textsOf = (list) => new Set(list.map((id) => placeOf(starts, id + 1))).size;
    const tally = new Map();
    const left = async (own, changed) => own.filter(await passing(own, { ...filters, in: where, ...changed }));
    for (const facet of FACETS) {
      const own = new Set(await left(ids, { [facet]: "" }));
      const values = new Map();
      for (const column of read)
        for (const [slug, list] of column.values.get(facet) ?? []) {
          const texts = textsOf(list.filter((id) => own.has(id)));
          if (texts) values.set(slug, (values.get(slug) ?? 0) + texts);
        }
      tally.set(facet, values);
    }
    const any = await left(ids, { from: "", to: "" });
    const years = search.years();
    tally.set("year", new Map(years.map(([year, first], i) => [year, textsOf(any.slice(placeOf(any, first), placeOf(any, years[i + 1]?.[1] ?? ends()[0])))])));
    const places = new Map([["glossary", entries(query, await search.every(nodes, ""), { ...filters, in: "glossary" }).length]]);
    for (const place of ["", "texts", "notes"]) {
      const own = (await search.every(nodes, place)).ids.filter((id) => id < ends()[0]);
      places.set(place, textsOf(await left(own, { in: place })));
    }
    return tally.set("in", places);
  }

  async function speakerOf(slug) {
    return (await search.filters()).get("speaker")?.find(([own]) => own === slug)?.[1] ?? slug;
  }

  /** Hands out passages, reading segments a batch at a time; the best of a batch come first. `more`: brings all segments, where these are the first. */
  function reader(segments, more, query, options, outcome, kept) {
    const waiting = [];
    let at = 0;
    let batches = query.wanted.length === 1 && /word|row/.test(query.wanted[0].type) ? 0 : 1;
    let whole = 0;
    const tell = () => {
      if (!more) outcome.segments = segments.length;
      outcome.about = query.wanted.some(({ about }) => about);
      outcome.done = !more && !waiting.length && at >= segments.length;
    };
    tell();
    async function fetchMore() {
      const seen = new Set(segments.map(idOf));
      const all = await more();
      more = null;
      segments = [...segments, ...all.filter((key) => !seen.has(idOf(key)))];
      tell();
    }
    outcome.settle = async () => outcome.segments ?? fetchMore();
    const isWhole = ({ found }) => found.length === query.wanted.length;
    /** Where some passages have every word, others are shown only while those are few, and then if they have what matters. */
    const fits = (passage) => isWhole(passage) || (whole < FEW && search.shareOf(passage.found, query.wanted) >= (ends()[0] < SMALL ? ENOUGH_OF_FEW : ENOUGH));
    async function readBatch() {
      const batch = segments.slice(at, at + BATCHES[Math.min(batches++, BATCHES.length - 1)]).map(search.ranked);
      at += batch.length;
      const read = await Promise.all(batch.map(({ id }) => kept(record(id))));
      const passages = read.flatMap((each, i) =>
        each ? search.passages(each, query, options).map((p) => ({ ...p, score: p.score + 0.25 * batch[i].score })) : [],
      );
      passages.sort((a, b) => b.found.length - a.found.length || b.score - a.score);
      whole += passages.filter(isWhole).length;
      for (const passage of passages.filter(fits)) {
        outcome.texts.add(passage.address);
        outcome[isWhole(passage) ? "whole" : "partial"] = true;
        waiting.push(passage);
      }
    }
    return async (count) => {
      while (!waiting.length && (more || at < segments.length))
        if (at < segments.length) await readBatch();
        else await fetchMore();
      const handed = waiting.splice(0, count).map(search.handed);
      tell();
      outcome.left = !more && at >= segments.length ? waiting.length : null;
      return handed;
    };
  }

  // ---- Help ----

  /** Letters to insert, drop, change or swap with a neighbour; if more than `most`, any number above it. */
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return Infinity;
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return Infinity;
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  /** Whether two words may be inflections of one: a long beginning in common, short ends. */
  function isNeighbour(a, b) {
    let same = 0;
    while (same < a.length && a[same] === b[same]) same++;
    return same >= 4 && a.length - same <= 3 && b.length - same <= 3;
  }

  /** Up to three words of the archive that may have been meant, the likeliest first. */
  async function spellings(word) {
    const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    const candidates = new Map();
    const consider = (form, frequency, alike) => {
      if (!/^\p{L}+$/u.test(form) || candidates.has(form)) return;
      // Whoever gets two letters wrong still knows the first.
      const far = word[0] === form[0] ? most : Math.min(most, 1);
      const away = distance(word, form, far);
      if (away <= far || alike) candidates.set(form, { form, frequency, away: Math.min(away, 1.5) });
    };
    const lists = spelling();
    const whole = !lists.length;
    for (const group of await groupsFrom(whole ? "" : word.slice(0, 4), whole ? SPELLING_FILES : 2))
      for (const form of group.forms) consider(form, Math.clz32(group.count), isNeighbour(word, form));
    const near = lists.filter(([length]) => Math.abs(Math.min(word.length, LONGEST_LISTED) - length) <= most);
    for (const [first, levels] of await Promise.all(near.map(([, name]) => search.index.part(name)))) {
      levels.forEach((words, level) => words.split(" ").forEach((form) => consider(form, first + level, false)));
    }
    const sorted = [...candidates.values()].sort((a, b) => a.away - b.away || a.frequency - b.frequency || (a.form < b.form ? -1 : 1));
    const groups = new Set();
    const meant = [];
    for (const { form } of sorted.slice(0, 12)) {
      const [group] = await groupsOf(form);
      if (meant.length === 3 || groups.has(group.key)) continue;
      groups.add(group.key);
      meant.push(form);
    }
    return meant;
  }

  /**
   * An unknown word with what may have been meant. The likeliest is looked for in its stead, unless it is
   * quoted, or so short that most slips make another word of it.
   */
  async function replaced(query, unknown) {
    const { word, parts, place, quoted } = unknown;
    const instead = await spellings(parts.join(" "));
    const taken = quoted || word.length < 5 ? word : (instead[0] ?? word);
    if (taken !== word) query.wanted[place] = await search.wordOf(taken);
    return { ...unknown, instead, taken };
  }

  /** Terms and topics whose names begin as a word does. */
  search.alike = async (typed) => {
    const found = new Set();
    for (const { form } of search.tokenise(typed).slice(0, 4)) {
      if (form.length < 3) continue;
      for (const group of await groupsFrom(`=${search.nameKey([form.slice(0, 4)])}`, 1))
        for (const id of (await postings(group)).ids) found.add(id);
    }
    return Promise.all([...found].slice(0, 5).map(async (id) => search.guide(await record(id), id, [])));
  };

  // ---- Completions ----

  /** Files of the lexicon read while typing, and what is offered. */
  const COMPLETION_FILES = 2;
  const NAMES_OFFERED = 4;
  const WORDS_OFFERED = 6;

  /**
   * What may be typed next: names of terms and topics that begin as all of it
   * does, and words that begin as its last word does, each as a whole query.
   */
  search.complete = async (typed) => {
    const words = search.tokenise(typed).filter((token) => !token.joined);
    const last = words.at(-1);
    if (!last || last.form.length < 2 || /[\s"“”„]$/u.test(typed)) return [];
    const key = keyOf(words);
    const names = (await groupsFrom(key, 1)).slice(0, NAMES_OFFERED);
    const offered = await Promise.all(names.map(async (group) => nameOf(group.forms[0], (await postings(group)).ids[0])));
    const groups = (await groupsFrom(last.form, COMPLETION_FILES)).sort((a, b) => b.count - a.count);
    for (const group of groups.slice(0, WORDS_OFFERED)) {
      const form = group.forms.find((own) => own.startsWith(last.form));
      if (form && form !== last.form) offered.push({ text: typed.slice(0, last.start) + form, name: false });
    }
    const seen = new Set([typed.trim().toLowerCase()]);
    return offered.filter(({ text }) => !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()));
  };

  const keyOf = (tokens) => `=${search.nameKey(tokens.map((token) => token.form))}`;

  /** A name as its entry writes it. */
  async function nameOf(key, id) {
    const { title, lines } = await record(id);
    const folded = (name) => keyOf(search.tokenise(name).filter((token) => !token.joined));
    return { text: [title, ...lines].find((name) => folded(name) === key) ?? title, name: true };
  }
})(self.postilSearch);
