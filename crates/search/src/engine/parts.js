// Parts: what is registered, what has to be loaded, and how both are read.
/** Parts by name; a name is a kind and a hash of the content. */
const registered = new Map();
/** Parts on their way. */
const coming = new Map();
/** What the head of the index says; without one every search fails. */
let manifest = null;
/** The first forms of the files of terms, and the first segments of the groups of files of texts. */
let termStarts;
let textStarts;
/** Letters of a name without its kind. */
const NAME = 12;
let load;

/** Called by each part of the index. */
search.register = (name, value) => registered.set(name, value);
/** Called by the head of the index. */
search.open = (given) => {
  keepsMarks = given.marks;
  otherForms = given.words.others.map(ruleOf);
  roots = given.words.forms.map((rules) => rules.map(ruleOf));
  tails = given.words.tails;
  paragraphs = given.paragraphs;
  manifest = given;
  termStarts = given.terms[0].split(" ");
  textStarts = startsOf(given.texts);
};
/** Names come in one string; see crates/search/src/assemble.rs. */
const nameOfPart = (kind, [, names], at) => kind + names.slice(NAME * at, NAME * (at + 1));
/** Says how a part is loaded: a function from its name to a promise. */
search.connect = (loader) => (load = loader);

/** Reads what a key stands for, once; what fails is tried again when it is next asked for. */
function once(cache, key, read) {
  if (!cache.has(key)) {
    const reading = read();
    cache.set(key, reading);
    reading.catch?.(() => cache.delete(key));
  }
  return cache.get(key);
}

/** A part of the index, loaded if need be; tried twice. Throws an error that is `missing` if that fails. */
async function partOf(name) {
  if (!registered.has(name)) await once(coming, name, () => load(name).catch(() => load(name))).catch(() => {});
  if (!registered.has(name)) throw Object.assign(Error(name), { missing: true });
  return registered.get(name);
}

/** The first place in a sorted array of what does not come `before`. */
function firstNot(all, before) {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(all[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
/** The last place in sorted keys of one that is not after `key`; the first is before all. */
const lastOf = (keys, key) => firstNot(keys, (own) => own <= key) - 1;
/** The first place in rising numbers that is not below a number. */
const placeOf = (ids, number) => firstNot(ids, (id) => id < number);
const hasWithin = (ids, from, to) => ids[placeOf(ids, from)] < to;

/** Names of files, each with the segments it is about: ranges of a power of two. */
const rangesOf = (shift, names) => names.map((name, i) => [name, i * 2 ** shift, (i + 1) * 2 ** shift]).filter(([name]) => name);

/** What files of a kind have of a segment: `files` as the manifest lists them, `starts` the first segment of each group. */
async function filedOf(kind, files, starts, id) {
  const group = lastOf(starts, id);
  const at = id - starts[group];
  const [, each] = files[0][group];
  return (await partOf(`${nameOfPart(kind, files, group)}-${Math.floor(at / each)}`))[at % each];
}
/** What is to be shown of a segment; see `record` in crates/search/src/text.rs. */
const recordOf = (id) => filedOf("d", manifest.texts, textStarts, id);
/** How the text is cited that begins at a segment: in each form that results are saved in. */
async function referencesOf(id) {
  if (!manifest.references) return [];
  const files = await partOf(manifest.references);
  return filedOf("r", files, startsOf(files), id);
}
/** The first segments of groups of files. */
const startsOf = ([groups]) => {
  let first = 0;
  return groups.map(([step]) => (first += step));
};

// ---- The lexicon ----

/** Files of terms as read, by their place in the manifest. */
const shards = new Map();

const shardAt = (at) => once(shards, at, async () => readShard(await partOf(nameOfPart("t", manifest.terms, at))));

/** From each form to its groups. */
function readShard([positions, ...lines]) {
  const forms = new Map();
  lines.forEach((written, line) => {
    const [names, count, text, notes = "", flags = "", blocks = "", ...exact] = written.split("\t");
    const group = { key: names + count, forms: names.split(" "), count: Number(count), text, notes, exact, flags, blocks, positions, line, cache: new Map() };
    for (const form of group.forms) forms.set(form, [...(forms.get(form) ?? []), group]);
  });
  return forms;
}

/** The groups that a form belongs to: none, one, or one for each language. */
const groupsOf = async (form) => (await shardAt(lastOf(termStarts, form))).get(form) ?? [];

/** The groups with a form that begins so, from at most `most` files. */
async function groupsFrom(prefix, most) {
  const found = new Map();
  for (let at = lastOf(termStarts, prefix), read = 0; at < termStarts.length && read < most; at++, read++) {
    if (read && !termStarts[at].startsWith(prefix)) break;
    // A group with forms in several files stands in each.
    for (const [form, groups] of await shardAt(at))
      if (form.startsWith(prefix)) for (const group of groups) found.set(group.key, group);
  }
  return [...found.values()];
}

// ---- Lists ----

const LAST = 60;
/** What each character of a list counts; see crates/search/src/code.rs. */
const VALUES = new Uint8Array(127);
for (let code = 32, value = 0; code < 127; code++) if (!'"\\<'.includes(String.fromCharCode(code))) VALUES[code] = value++;

/** The numbers of a list, and their tags. */
function numbers(list, tags) {
  const lows = LAST / tags;
  const all = new Uint32Array(list.length);
  const own = new Uint8Array(list.length);
  let count = 0;
  for (let i = 0, high = 0; i < list.length; i++) {
    const value = VALUES[list.charCodeAt(i)];
    if (value >= LAST) high = high * 32 + value - LAST;
    else {
      all[count] = high * lows + ((value / tags) | 0);
      own[count++] = value % tags;
      high = 0;
    }
  }
  return [all.subarray(0, count), own.subarray(0, count)];
}

/** Rising numbers from `base` on, and their tags. */
function rising(list, tags, base) {
  const [ids, values] = numbers(list, tags);
  for (let i = 0, next = base; i < ids.length; i++) next = (ids[i] += next) + 1;
  return { ids, values };
}

/** Beyond all segments. */
const NONE = 2 ** 30 - 1;

/**
 * Two rising lists as one: the numbers, and for each its places in the lists,
 * -1 where it is not. `both`: only numbers that both have.
 */
function united(a, b, both) {
  const most = both ? Math.min(a.length, b.length) : a.length + b.length;
  const [ids, left, right] = [Uint32Array, Int32Array, Int32Array].map((Kind) => new Kind(most));
  let count = 0;
  // Never past an end of a list: to ask for what is not there takes many times as long.
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const own = i < a.length ? a[i] : NONE;
    const other = j < b.length ? b[j] : NONE;
    if (!both || own === other) {
      ids[count] = own < other ? own : other;
      left[count] = own <= other ? i : -1;
      right[count++] = other <= own ? j : -1;
    }
    if (own <= other) i++;
    if (other <= own) j++;
  }
  return [ids, left, right].map((each) => each.subarray(0, count));
}

/** What stands in place of a long list: the blocks with their ranges, the best of all, and the name of the file that has more of these. */
const blocksOf = (group, field) =>
  once(group.cache, field, () => {
    const written = group[field];
    // The characters of a list may be semicolons too.
    const [ranges, top] = written.split(";", 2);
    const [shift, ...names] = ranges.split(",");
    return { blocks: rangesOf(shift, names), top, best: written.slice(ranges.length + top.length + 2) };
  });

/** Where a group's postings in a field are those of a word. */
const keyOf = (field, word) => `${field} ${word?.form} ${word?.capitals}`;

/**
 * The segments whose `field` ("text" or "notes") has a group, rising, with
 * what it counts there (1 to 15; 16 more where it is the very form of a
 * `word`). Of a long list only blocks are read in which something is
 * `wanted(from, to)`.
 */
async function columnOf(group, field, word, wanted) {
  if (!group.flags.includes(field[0])) return once(group.cache, keyOf(field, word), () => postingsOf(group, word, group[field], group.exact[field === "text" ? 0 : 1]));
  const { blocks } = blocksOf(group, field);
  const own = blocks.filter(([, from, to]) => wanted(from, to));
  const lists = await Promise.all(own.map(([name, from]) => once(group.cache, keyOf(name, word), async () => postingsOf(group, word, ...(await partOf(name)), from))));
  return { ids: Uint32Array.from(lists.flatMap(({ ids }) => [...ids])), values: Uint8Array.from(lists.flatMap(({ values }) => [...values])) };
}

/** A list of postings; `exact` as `written_exact` in crates/search/src/lexicon.rs has it. */
function postingsOf(group, word, list, exact = "", base = 0) {
  const found = rising(list, 15, base);
  const { values } = found;
  const { forms, flags } = group;
  const [places] = numbers(exact, 1);
  let next = 0;
  const having = [...forms, ""].map((_, form) => {
    const has = new Uint8Array(values.length).fill(!form || (form === forms.length && flags.includes("C")));
    for (let left = places[next++], at = 0; left > 0; left--) {
      at += places[next++] | 0;
      has[at++] ^= 1;
    }
    return has;
  });
  const own = having[forms.indexOf(word?.form)];
  for (let i = 0; i < values.length; i++) values[i] += own?.[i] && (!word.capitals || having.at(-1)[i]) ? 17 : 1;
  return found;
}

/** Whether a range has one of these segments; without any, it has. */
const isWithin = (ids) => (from, to) => !ids || hasWithin(ids, from, to);

/**
 * The segments of a group, rising, with what it counts in text and notes, 0
 * where it is not. With `ids`, at least those among them.
 */
async function postings(group, word, ids) {
  return withNotes(...(await Promise.all(["text", "notes"].map((field) => columnOf(group, field, word, isWithin(ids))))));
}

function withNotes(text, notes) {
  if (!notes.ids.length) return { ids: text.ids, text: text.values, notes: new Uint8Array(text.ids.length) };
  const [ids, left, right] = united(text.ids, notes.ids);
  const counts = ({ values }, places) => places.map((at) => (at < 0 ? 0 : values[at]));
  return { ids, text: counts(text, left), notes: counts(notes, right) };
}

/** The file with more of a group's best segments than stand with it; nothing where all can be read as soon. */
const topOf = (group) => (group.flags.includes("t") ? blocksOf(group, "text").top : "");

/**
 * The segments in whose text a group counts most, as `postings` has them, and
 * the `rest`: what it counts at most in others. `top` names the file of them.
 */
async function leading(group, word, top) {
  // Of a long list of notes nothing is known.
  const notes = group.flags.includes("n") ? postingsOf(group, word, "") : await columnOf(group, "notes", word);
  if (!group.flags.includes("t")) return { ...withNotes(await columnOf(group, "text", word), notes), rest: 0 };
  const [rest, ...list] = top ? await partOf(top) : [0, blocksOf(group, "text").best, group.exact[0]];
  const text = postingsOf(group, word, ...list);
  return { ...withNotes(text, notes), rest: rest || Math.min(...text.values.map((value) => value & 15)) };
}

/** Whether reading a group whole takes more than its file of terms. */
const isLong = (group) => /[tn]/.test(group.flags);

/** How many files hold the positions of a group, beside that of its terms. */
const blocksOfPositions = (group) => (group.flags.includes("q") ? blocksOf(group, "blocks").blocks.length : 0);

/** From each of these segments (rising; all, without) to a group's positions; null for words too common to have any. */
async function positionsOf(group, ids) {
  const places = new Map();
  if (!group.flags.includes("q")) {
    const written = group.positions ? (await partOf(group.positions))[group.line] : "";
    if (!written) return null;
    putPlaces(places, (await postings(group)).ids, written);
    return places;
  }
  const wanted = blocksOf(group, "blocks").blocks.filter(([, from, to]) => isWithin(ids)(from, to));
  // All segments of the blocks, not only those asked for: the list goes on from one to the next.
  const overlaps = (from, to) => wanted.some(([, own, end]) => own < to && from < end);
  const [text, notes, ...lists] = await Promise.all([
    columnOf(group, "text", null, overlaps),
    columnOf(group, "notes", null, overlaps),
    ...wanted.map(([name]) => partOf(name)),
  ]);
  const [own] = united(text.ids, notes.ids);
  wanted.forEach(([, from, to], i) => putPlaces(places, own.slice(placeOf(own, from), placeOf(own, to)), lists[i]));
  return places;
}

/** Reads positions of segments that follow each other. */
function putPlaces(places, ids, written) {
  const [all, ends] = numbers(written, 2);
  for (let i = 0, from = 0, at = 0, next = 0; i < all.length; i++) {
    next = (all[i] += next) + 1;
    if (!ends[i]) continue;
    places.set(ids[at++], all.subarray(from, (from = i + 1)));
    next = 0;
  }
}

// ---- Filters ----

/** Columns as read. */
const columns = new Map();

/** The columns that some of these segments lie in: where texts begin, and from each value of a filter to its segments. */
async function columnsOf(ids) {
  const [shift, names] = manifest.columns;
  const filters = await filtersOf();
  const read = async (name, from) => {
    const [starts, facets] = await partOf(name);
    const listOf = (written) => [...rising(written, 1, from).ids];
    const values = new Map(facets.map(([facet, lists]) => [facet, new Map(lists.map(([value, list]) => [filters.get(facet)[value][0], listOf(list)]))]));
    return { starts: listOf(starts), values };
  };
  const own = rangesOf(shift, names).filter(([, from, to]) => hasWithin(ids, from, to));
  return Promise.all(own.map(([name, from]) => once(columns, name, () => read(name, from))));
}

/** Kinds, collections, topics, speakers: for each its values as [slug, label, texts]. */
const filtersOf = (search.filters = async () => new Map(await partOf(manifest.filters)));
/** Years of texts with the first segment of each; the last row, null, the texts without a date. */
const years = (search.years = () => manifest.years);
/** Segments of texts that may be of several years: the first, the one after the last, first and last year, null where it is open. */
const reaches = () => manifest.reaches;

const classEnds = () => manifest.ends;
