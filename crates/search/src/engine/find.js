// Finding: from what was typed to pages of results, and help where there are none.
/** Segments read at a time: few at first, since a reader waits for the first result. One word or phrase needs no comparing. */
const BATCHES = [1, 2, 6, 12];
const BATCH = 20;
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
/** Longer words are listed with those of this length; see crates/search/src/spelling.rs. */
const LONGEST_LISTED = 20;
/** What results are narrowed to, by columns. */
const FACETS = ["kind", "collection", "topic", "speaker"];

/**
 * Finds. `filters`: `in` ("texts", "notes", "glossary" or nothing), `kind`, `collection`,
 * `topic`, `speaker` (slugs), `from`, `to` (years); `order`: the best first, or by date, "old" or "new" first.
 * Without words all that passes the filters is found, by date: of a topic and a speaker the passages and
 * notes, otherwise the texts, or their notes.
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
 * - `counts()`, how many texts each value of each filter would leave; null if that is not known;
 * - `missing`: whether a part of the index could not be loaded.
 */
search.find = async (typed, { order = "", ...filters } = {}) => {
  const isBrowsing = !typed.trim();
  const outcome = { missing: false, texts: new Set(), segments: null, all: null };
  const [texts, terms, topics] = classEnds();
  const where = filters.in;

  /** Goes on without a part that does not load. */
  async function kept(work, otherwise) {
    try {
      return await work;
    } catch (error) {
      if (!error.missing) throw error;
      outcome.missing = true;
      return otherwise;
    }
  }

  const query = await kept(parse(typed), { wanted: [], unwanted: [], named: [], unknown: [], begun: null });
  outcome.unknown = await Promise.all(query.unknown.map((each) => kept(replaced(query, each), { ...each, instead: [], taken: each.word })));
  outcome.begun = query.begun;
  const { wanted, named } = query;
  const everything = () => ({ ids: Uint32Array.from({ length: texts }, (_, i) => i), scores: new Float64Array(texts) });
  const havingAll = (place, ids) => (wanted.length ? everyOf(wanted, { where: place, ids }) : isBrowsing && !ids ? everything() : EMPTY);

  const isDated = order || isBrowsing;

  /** Whether filters ask for more than this place. */
  const isNarrowed = (place) => Object.entries(filters).some(([name, value]) => value && !(name === "in" && value === place));

  /** Whether a segment is of a text and passes the filters, some of them changed; only these `ids` are asked about. */
  async function passing(ids, changed) {
    const { in: place, from, to, ...facets } = { ...filters, ...changed };
    if (place === "glossary") return () => false;
    // The row of those without a date is the last.
    const firstOf = (year) => (years().find(([own]) => own >= year) ?? years().at(-1))[1];
    const low = from ? firstOf(Number(from)) : 0;
    const high = from || to ? firstOf(to ? Number(to) + 1 : Infinity) : texts;
    const asked = FACETS.filter((facet) => facets[facet]).map((facet) => [facet, facets[facet]]);
    if (isBrowsing && place === "notes") asked.push(["in", place]);
    const read = asked.length ? await columnsOf(ids) : [];
    const sets = asked.map(([facet, value]) => new Set(read.flatMap(({ values }) => values.get(facet)?.get(value) ?? [])));
    const reaching = from || to ? reachingInto(from ? Number(from) : -Infinity, to ? Number(to) : Infinity) : () => false;
    return (id) => ((id >= low && id < high) || reaching(id)) && sets.every((set) => set.has(id));
  }

  // ---- Terms and topics ----

  /**
   * Entries by number: those that were named, then those with every word, the best first. In
   * the glossary: terms, all of them. None where passages of certain texts are asked for.
   */
  function entriesOf(found, inGlossary) {
    if (isNarrowed(inGlossary ? where : "glossary")) return [];
    const others = query.unwanted.length ? [] : byScore(found, (id) => id >= texts);
    return [...new Set([...named, ...others.map(idOf)])].filter((id) => id < (inGlossary ? terms : topics));
  }

  /** Terms and topics to be shown: those that were named, then those with a name that has all words, the shorter first; in the glossary, all. */
  async function guidesOf(found) {
    const inGlossary = where === "glossary";
    const asked = entriesOf(found, inGlossary).slice(0, inGlossary ? undefined : named.length + 3 * GUIDES);
    const read = async (id) => {
      const own = await kept(recordOf(id));
      return own ? { ...guideOf(own, id, wanted), named: named.includes(id) } : [];
    };
    const guides = (await Promise.all(asked.map(read))).flat().filter((guide) => inGlossary || guide.named || guide.inName < Infinity);
    guides.sort((a, b) => b.named - a.named || a.inName - b.inName);
    return inGlossary ? guides : guides.slice(0, Math.max(GUIDES, named.length));
  }

  // ---- Passages ----

  /**
   * Segments by date, those of a text in its order, texts without a date last; the newest first if that is asked for.
   * Where no word is asked for, only those are read that begin a text, if nothing else is to be shown of it.
   */
  async function byDate(keys) {
    const ids = keys.map(idOf).sort((a, b) => a - b);
    const starts = (await columnsOf(ids)).flatMap((column) => column.starts);
    const isWhole = isBrowsing && where !== "notes" && !filters.topic && !filters.speaker;
    const own = isWhole ? ids.filter((id) => starts[placeOf(starts, id)] === id) : ids;
    const [, undated] = years().at(-1);
    const rank = new Map(own.map((id) => [id, order === "new" && id < undated ? -placeOf(starts, id + 1) : id]));
    return own.sort((a, b) => rank.get(a) - rank.get(b) || a - b).map((id) => 0 - id);
  }

  /** Segments in order of rank: those with every word, then, if few, the others. By date, those with every word, if there are any. */
  async function all() {
    const best = await kept(havingAll(where), EMPTY);
    const ranking = async (list) => byScore(list, await kept(passing(list.ids)));
    const first = await ranking(best);
    outcome.all = first.length;
    if (isDated && (first.length || isBrowsing)) return kept(byDate(first), []);
    if (first.length >= FEW || wanted.length < 2) return first;
    const lists = await Promise.all(wanted.map((node) => kept(evaluate(node, { where, best: true }), EMPTY)));
    const having = new Set(best.ids);
    const found = new Map();
    for (const { ids } of lists) for (const id of ids) found.set(id, (found.get(id) ?? 0) + 1);
    const rest = (await ranking(lists.reduce((a, b) => merge(a, b, false, add)))).filter((key) => !having.has(idOf(key)));
    if (isDated) return kept(byDate(rest), []);
    return [...first, ...rest.sort((a, b) => found.get(idOf(b)) - found.get(idOf(a)))];
  }

  // First what is sure to be the best, where that takes less to load than all that match.
  const entries = kept(havingAll(where, Array.from({ length: topics - texts }, (_, i) => texts + i)), EMPTY);
  const sure = isNarrowed("texts") || isDated ? [] : await kept(sureOf(wanted, where), []);
  let segments = sure.filter((key) => idOf(key) < texts);
  let more = segments.length ? all : null;
  if (!more) segments = await all();
  const speakers = filters.speaker && (await kept(filtersOf()))?.get("speaker");
  const speaker = speakers ? (speakers.find(([slug]) => slug === filters.speaker)?.[1] ?? filters.speaker) : "";
  const shown = [];
  const waiting = [];
  /** Passages with another form of a word only, where its very form stands elsewhere: they come after all those. */
  const held = [];
  let at = 0;
  let batches = wanted.length === 1 && /word|row/.test(wanted[0].type) ? 0 : 1;
  let whole = 0;
  tell();

  function tell() {
    if (!more) outcome.segments = segments.length;
    outcome.about = wanted.some(({ about }) => about);
    outcome.left = !more && at >= segments.length ? waiting.length + held.length : null;
    outcome.done = outcome.left === 0;
  }
  async function fetchMore() {
    const seen = new Set(segments.map(idOf));
    segments = [...segments, ...(await all()).filter((key) => !seen.has(idOf(key)))];
    more = null;
    tell();
  }
  const isWhole = ({ found }) => found.length === wanted.length;
  /** How much of what is asked for these nodes are: rare words are more. */
  const weigh = (nodes) => nodes.reduce((sum, node) => sum + rarityOf(node), 0);
  /** Where some passages have every word, others are shown only while those are few, and then if they have what matters. */
  const fits = (passage) => isWhole(passage) || ((isDated ? !outcome.all : whole < FEW) && weigh(passage.found) >= weigh(wanted) * (texts < SMALL ? ENOUGH_OF_FEW : ENOUGH));

  /** Reads some segments; the best of a batch come first. */
  async function readBatch() {
    const batch = segments.slice(at, at + (BATCHES[batches++] ?? BATCH)).map(ranked);
    at += batch.length;
    const read = await Promise.all(batch.map(({ id }) => kept(recordOf(id))));
    const { low, rarity } = wanted[0] ?? {};
    const options = { where, speaker, topic: filters.topic };
    const of = (each) => (isBrowsing ? browsed(each, options) : passagesOf(each, query, options));
    const passages = read.flatMap((each, i) =>
      (each ? of(each) : []).map((p) => ({ ...p, id: batch[i].id, late: !isDated && p.score < low * rarity, score: p.score + 0.25 * batch[i].score })),
    );
    if (!isDated) passages.sort((a, b) => b.found.length - a.found.length || b.score - a.score);
    whole += passages.filter(isWhole).length;
    const fitting = passages.filter(fits);
    const ready = fitting.filter(({ late }) => !late);
    held.push(...fitting.filter(({ late }) => late));
    release(ready.length ? ready : held.splice(0));
  }
  function release(passages) {
    for (const passage of passages) {
      outcome.texts.add(passage.address);
      outcome[isWhole(passage) ? "whole" : "partial"] = true;
    }
    shown.push(...passages);
    waiting.push(...passages);
  }
  outcome.settle = async () => outcome.segments ?? fetchMore();
  outcome.next = async (count) => {
    while (!waiting.length && !outcome.done) {
      if (at < segments.length) await readBatch();
      else if (more) await fetchMore();
      else release(held.splice(0));
      tell();
    }
    const passages = waiting.splice(0, count).map(handed);
    tell();
    return passages;
  };

  // ---- Counts ----

  /**
   * How many texts each value would leave, the other filters as they are: a
   * map from filter ("kind", "topic", "speaker", "year", "in") to a map from
   * value to number. Of what has some of the words only, which has to be read
   * first, what is shown is counted, if that is all; otherwise nothing is.
   */
  outcome.counts = async () => {
    const { partial, done } = outcome;
    if (partial && (!done || isNarrowed())) return null;
    const place = where === "glossary" ? "" : where;
    const shownIn = (place) => shown.filter(({ type }) => !place || place === `${type}s`).map(({ id }) => id);
    const idsOf = async (place) => (partial ? Uint32Array.from(shownIn(place)).sort() : (await havingAll(place)).ids).filter((id) => id < texts);
    const ids = await idsOf(place);
    const read = await columnsOf(ids);
    const starts = read.flatMap((column) => column.starts);
    /** Of rows of a value and segments, how many texts each has; some filters changed. */
    const tally = async (facet, changed, rows, own = ids) => {
      const left = new Set(own.filter(await passing(own, { in: place, ...changed })));
      const counts = new Map();
      for (const [value, list] of rows) {
        const found = new Set([...list].flatMap((id) => (left.has(id) ? placeOf(starts, id + 1) : [])));
        counts.set(value, (counts.get(value) ?? 0) + found.size);
      }
      return [facet, counts];
    };
    const tallies = FACETS.map((facet) => tally(facet, { [facet]: "" }, read.flatMap(({ values }) => [...(values.get(facet) ?? [])])));
    tallies.push(tally("year", { from: "", to: "" }, years().map(([year, first], i, all) => {
      const reaching = year === null ? () => false : reachingInto(year, year);
      return [year, ids.filter((id) => (id >= first && !(id >= all[i + 1]?.[1])) || reaching(id))];
    })));
    const places = new Map([["glossary", entriesOf(await havingAll(""), true).length]]);
    for (const place of ["", "texts", "notes"]) {
      const own = await idsOf(place);
      places.set(place, (await tally("", { in: place }, [[place, own]], own))[1].get(place));
    }
    return new Map([...(await Promise.all(tallies)), ["in", places]]);
  };

  const found = await entries;
  const count = more && countOfWord(wanted, where);
  if (count) outcome.all = outcome.segments = count - found.ids.filter((id) => id >= texts).length;
  outcome.guides = await guidesOf(found);
  return outcome;
};

/** Whether a segment is of a text that may be of several years, some of them among these. */
function reachingInto(from, to) {
  const rows = reaches().filter(([, , first, last]) => from <= to && (first ?? -Infinity) <= to && (last ?? Infinity) >= from);
  return (id) => rows.some(([first, end]) => id >= first && id < end);
}

/** The segment of what is sorted by rank. */
const idOf = (key) => ranked(key).id;

// ---- Help ----

/** Letters to insert, drop, change or swap with a neighbour; if more than `most`, any number above it. */
function distance(a, b, most) {
  let same = 0;
  while (a[same] && a[same] === b[same]) same++;
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > most || !most) return Infinity;
  const from = (i, j) => distance(a.slice(same + i), b.slice(same + j), most - 1);
  const isSwapped = a[same] === b[same + 1] && a[same + 1] === b[same];
  return 1 + Math.min(from(1, 0), from(0, 1), from(1, 1), isSwapped ? from(2, 2) : Infinity);
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
  const consider = (form, first, frequency, isAlike) => {
    // Whoever gets two letters wrong still knows the first.
    const far = word[0] === form[0] ? most : Math.min(most, 1);
    const away = distance(word, form, far);
    if (/^\p{L}+$/u.test(form) && (away <= far || isAlike)) candidates.set(form, candidates.get(form) ?? { form, first, frequency, away: Math.min(away, 1.5) });
  };
  for (const group of await groupsFrom(word.slice(0, 4), 2))
    for (const form of group.forms) consider(form, group.forms[0], Math.clz32(group.count), isNeighbour(word, form));
  // A list has the lengths from the end of the one before.
  const length = Math.min(word.length, LONGEST_LISTED);
  const near = manifest.spelling.filter(([longest], i, all) => longest >= length - most && (all[i - 1]?.[0] ?? 0) < length + most);
  for (const [least, levels] of await Promise.all(near.map(([, name]) => partOf(name))))
    levels.forEach((words, level) =>
      words.split(" ").forEach((each) => {
        const [form, first = form] = each.split(",");
        consider(form, first, least + level);
      }),
    );
  const sorted = [...candidates.values()].sort((a, b) => a.away - b.away || a.frequency - b.frequency || (a.form < b.form ? -1 : 1));
  /** Of each group of words the first that was found. */
  const meant = new Map();
  for (const { form, first } of sorted) if (!meant.has(first)) meant.set(first, form);
  return [...meant.values()].slice(0, 3);
}

/**
 * An unknown word with what may have been meant. The likeliest is looked for in its stead, unless it is
 * quoted, or so short that most slips make another word of it.
 */
async function replaced(query, unknown) {
  const { word, parts, place, quoted } = unknown;
  const instead = await spellings(parts.map(({ form }) => form).join(" "));
  const taken = quoted || word.length < 5 ? word : (instead[0] ?? word);
  if (taken !== word) query.wanted[place] = await wordOf({ form: taken, others: [] });
  return { ...unknown, instead, taken };
}

/** How the text of a passage is cited: BibTeX and RIS, or nothing. */
search.references = ({ id, at }) => referencesOf(id - at);

/** Terms and topics whose names begin as a word does. */
search.alike = async (typed) => {
  const found = new Set();
  for (const { form } of tokenise(typed).slice(0, 4)) {
    if (form.length < 3) continue;
    for (const group of await groupsFrom(nameKey([{ form: form.slice(0, 4) }]), 1))
      for (const id of (await postings(group)).ids) found.add(id);
  }
  return Promise.all([...found].slice(0, 5).map(async (id) => guideOf(await recordOf(id), id, [])));
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
  const words = wordsOf(typed);
  const last = words.at(-1);
  if (!last || last.form.length < 2 || isComplete(typed)) return [];
  const names = (await groupsFrom(nameKey(words), 1)).slice(0, NAMES_OFFERED);
  // A name as its entry writes it.
  const nameOf = async (group) => {
    const [, title, , , lines] = await recordOf((await postings(group)).ids[0]);
    return { text: [title, ...lines].find((name) => nameKey(wordsOf(name)) === group.forms[0]) ?? title, name: true };
  };
  const offered = await Promise.all(names.map(nameOf));
  const groups = (await groupsFrom(last.form, COMPLETION_FILES)).sort((a, b) => b.count - a.count);
  for (const group of groups.slice(0, WORDS_OFFERED)) {
    const form = group.forms.find((own) => own.startsWith(last.form));
    if (form && form !== last.form) offered.push({ text: typed.slice(0, last.start) + form, name: false });
  }
  const seen = new Set([typed.trim().toLowerCase()]);
  return offered.filter(({ text }) => !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()));
};
