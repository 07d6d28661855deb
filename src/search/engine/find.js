
// Finding: from what was typed to pages of results, and help where there are none.
((search) => {
  const { record, postings, groupsOf, groupsFrom, ends } = search.index;
  /** Segments read at a time. */
  const BATCH = 20;
  /** With fewer results than this, texts that lack a word are shown as well. */
  const FEW = 10;
  /** Terms and topics shown before the passages. */
  const GUIDES = 3;
  /** Files of the lexicon read for a spelling. */
  const SPELLING_FILES = 8;

  const NOTHING = { ids: [], scores: [] };

  /**
   * Finds. `filters`: `in` ("texts", "notes", "glossary" or nothing), `kind`,
   * `topic`, `speaker` (slugs), `from`, `to` (years).
   *
   * The outcome has
   * - `guides`: terms and topics to be shown first;
   * - `segments`: how many match, and `all`: how many of them have every word;
   * - `unknown`: words that no text has, with what may have been meant
   *   (`shown`: the first of these was looked for, which must be said);
   * - `begun`: a word that was taken as the beginning of others;
   * - `next(count)`, which hands out passages until `done`; with each call,
   *   `texts` (their addresses), `left` (how many more; null if not known),
   *   `whole` and `partial` (whether some have all words, some not all);
   * - `missing`: whether a part of the index could not be loaded.
   */
  search.find = async (typed, filters = {}) => {
    const outcome = { missing: false, whole: false, partial: false, texts: new Set() };
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
    const replacing = query.unknown.map((each) => kept(replaced(query, each), { word: each.word, instead: [] }));
    outcome.unknown = await Promise.all(replacing);
    outcome.begun = query.begun;
    const lists = await Promise.all(query.wanted.map((node) => kept(search.evaluate(node, filters.in), NOTHING)));
    const every = lists.length ? lists.reduce(search.inBoth) : NOTHING;
    const allowed = await kept(allowedBy(filters), () => true);
    const segments = ranked(lists, every, allowed, outcome);
    outcome.guides = await guidesOf(query, every, filters, kept);
    const speaker = filters.speaker ? await kept(speakerOf(filters.speaker), "") : "";
    outcome.next = reader(segments, query, { where: filters.in, speaker }, outcome, kept);
    return outcome;
  };

  /**
   * Terms and topics: those that were named, then those with all words in
   * their names; among the glossary's entries, those that tell of it as well.
   */
  async function guidesOf({ named, unwanted, wanted }, { ids, scores }, filters, kept) {
    const glossary = filters.in === "glossary";
    if (Object.entries(filters).some(([name, value]) => value && !(name === "in" && glossary))) return [];
    const [texts, terms] = ends();
    const others = [...ids.keys()]
      .filter((i) => ids[i] >= texts && (!glossary || ids[i] < terms) && !unwanted.length)
      .sort((a, b) => scores[b] - scores[a])
      .map((i) => ids[i]);
    const asked = [...new Set([...named, ...(glossary ? others : others.slice(0, 3 * GUIDES))])];
    const read = async (id) => {
      const found = await kept(record(id), null);
      return found && { ...search.guide(found, id < terms ? "term" : "topic", wanted), named: named.includes(id) };
    };
    const guides = (await Promise.all(asked.map(read))).filter((guide) => guide && (glossary || guide.named || guide.inName));
    return glossary ? guides : guides.slice(0, Math.max(GUIDES, named.length));
  }

  /** Segments in order of rank: those with every word, then, if few, the others. */
  function ranked(lists, every, allowed, outcome) {
    const order = (list, found) =>
      list.ids
        .map((id, i) => ({ id, score: list.scores[i], found: found?.get(id) ?? lists.length }))
        .filter(({ id }) => allowed(id))
        .sort((a, b) => b.found - a.found || b.score - a.score || a.id - b.id);
    const best = order(every);
    outcome.all = best.length;
    if (best.length >= FEW || lists.length < 2) return best;
    const found = new Map();
    for (const { ids } of lists) for (const id of ids) found.set(id, (found.get(id) ?? 0) + 1);
    return order(lists.reduce(search.inEither), found);
  }

  /** Whether a segment is of a text and passes the filters. */
  async function allowedBy({ in: where, kind, topic, speaker, from, to }) {
    if (where === "glossary") return () => false;
    const texts = ends()[0];
    const sets = [];
    for (const [facet, slug] of Object.entries({ kind, topic, speaker })) {
      if (!slug) continue;
      const lists = await Promise.all((await groupsOf(`${facet}:${slug}`)).map(postings));
      sets.push(new Set(lists.flatMap(({ ids }) => [...ids])));
    }
    const years = search.years();
    const undated = years.at(-1)[1];
    const firstOf = (year) => years.find(([own]) => own !== null && own >= year)?.[1] ?? undated;
    const low = from ? firstOf(Number(from)) : 0;
    const high = to ? firstOf(Number(to) + 1) : from ? undated : texts;
    return (id) => id >= low && id < high && sets.every((set) => set.has(id));
  }

  async function speakerOf(slug) {
    return (await search.filters()).get("speaker")?.find(([own]) => own === slug)?.[1] ?? slug;
  }

  /** Hands out passages, reading segments a batch at a time; the best of a batch come first. */
  function reader(segments, query, options, outcome, kept) {
    const waiting = [];
    let at = 0;
    let whole = 0;
    outcome.segments = segments.length;
    outcome.done = segments.length === 0;
    const isWhole = ({ found }) => found.length === query.wanted.length;
    /** Where some passages have every word, others are shown only while those are few, and then if they have what matters. */
    const fits = (passage) => isWhole(passage) || (whole < FEW && search.shareOf(passage.found, query.wanted) >= 0.5);
    async function readBatch() {
      const batch = segments.slice(at, (at += BATCH));
      const read = await Promise.all(batch.map(({ id }) => kept(record(id), null)));
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
      while (waiting.length < count && at < segments.length) await readBatch();
      const handed = waiting.splice(0, count);
      outcome.done = !waiting.length && at >= segments.length;
      outcome.left = at >= segments.length ? waiting.length : null;
      return handed;
    };
  }

  // ---- Help ----

  /** Letters to insert, drop, change or swap with a neighbour; more than `most` counts as Infinity. */
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
    return last[b.length] <= most ? last[b.length] : Infinity;
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
    const candidates = [];
    for (const group of await groupsFrom(word.slice(0, 2), SPELLING_FILES))
      for (const form of group.forms) {
        if (!/^\p{L}+$/u.test(form)) continue;
        const away = distance(word, form, most);
        if (away < Infinity || isNeighbour(word, form)) candidates.push({ form, group, away: Math.min(away, 1.5) });
      }
    candidates.sort((a, b) => a.away - b.away || b.group.count - a.group.count || (a.form < b.form ? -1 : 1));
    const groups = new Set();
    return candidates.filter(({ group }) => !groups.has(group) && groups.add(group)).slice(0, 3).map(({ form }) => form);
  }

  /** An unknown word with what may have been meant; unless quoted, the likeliest is looked for in its stead. */
  async function replaced(query, { word, place, exact }) {
    const instead = await spellings(word);
    if (instead.length && !exact) query.wanted[place] = await search.wordOf(instead[0]);
    return { word, instead, shown: instead.length > 0 && !exact };
  }

  /** Terms and topics whose names begin as a word does. */
  search.alike = async (typed) => {
    const found = new Set();
    for (const { form } of search.tokenise(typed).slice(0, 4)) {
      if (form.length < 3) continue;
      for (const group of await groupsFrom(`=${form.slice(0, 4)}`, 1))
        for (const id of (await postings(group)).ids) found.add(id);
    }
    const terms = ends()[1];
    const records = await Promise.all([...found].slice(0, 5).map(async (id) => [id, await record(id)]));
    return records.map(([id, read]) => search.guide(read, id < terms ? "term" : "topic", []));
  };
})(self.postilSearch);
