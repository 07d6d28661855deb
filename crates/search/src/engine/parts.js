
// Parts: what is registered, what has to be loaded, and how both are read.
((search) => {
  /** Parts by name; a name is a kind and a hash of the content. */
  const parts = new Map();
  /** Parts on their way. */
  const coming = new Map();
  /** What the head of the index says; without one every search fails. */
  let manifest = null;
  /** Letters of a name without its kind. */
  const NAME = 12;
  let load;

  /** Called by each part of the index. */
  search.register = (name, value) => void parts.set(name, value);
  /** Called by the head of the index. */
  search.open = (given) => {
    search.marks = given.marks;
    // Names come in one string, first segments as steps; see crates/search/src/assemble.rs.
    const named = (kind, names) => (row, i) => [...row, kind + names.slice(NAME * i, NAME * (i + 1))];
    const [forms, termNames] = given.terms;
    const [steps, textNames] = given.texts;
    let first = 0;
    manifest = {
      ...given,
      terms: forms.split(" ").map((form) => [form]).map(named("t", termNames)),
      texts: steps.map(([step, each]) => [(first += step), each]).map(named("d", textNames)),
    };
  };
  /** Says how a part is loaded: a function from its name to a promise. */
  search.connect = (loader) => void (load = loader);

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
  async function part(name) {
    if (!parts.has(name)) await once(coming, name, () => load(name).catch(() => load(name))).catch(() => {});
    if (!parts.has(name)) throw Object.assign(new Error(`${name} is missing`), { missing: true });
    return parts.get(name);
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
  /** The last of sorted [key, …] rows whose key is not after `key`; the first begins before all. */
  const rowOf = (rows, key) => firstNot(rows, ([own]) => own <= key) - 1;
  /** The first place in rising numbers that is not below a number. */
  const placeOf = (ids, number) => firstNot(ids, (id) => id < number);
  const hasWithin = (ids, from, to) => ids[placeOf(ids, from)] < to;

  /** Names of files, each with the segments it is about: ranges of a power of two. */
  const rangesOf = (shift, names) => names.map((name, i) => ({ name, from: i * 2 ** shift, to: (i + 1) * 2 ** shift })).filter(({ name }) => name);

  /** What is to be shown of a segment, with names in place of columns. */
  async function record(id) {
    const groups = manifest.texts;
    const [first, each, name] = groups[rowOf(groups, id)];
    const at = id - first;
    const [address, title, date, kind, lines, misprints, place, blocks] = (await part(`${name}-${Math.floor(at / each)}`))[at % each];
    return {
      address,
      title,
      date,
      kind,
      lines,
      misprints,
      at: place,
      blocks: blocks.map(([anchor, text, label, speaker, corrected, notes]) => ({
        anchor,
        text,
        label,
        speaker,
        corrected,
        notes: notes.map(([anchor, title, body]) => ({ anchor, title, body })),
      })),
    };
  }

  // ---- The lexicon ----

  /** Files of terms as read, by their place in the manifest. */
  const shards = new Map();

  const shard = (at) => once(shards, at, async () => readShard(await part(manifest.terms[at][1])));

  /** From each form to its groups. */
  function readShard([positions, ...lines]) {
    const forms = new Map();
    lines.forEach((written, line) => {
      const [names, count, text, notes = "", flags = "", blocks = ""] = written.split("\t");
      const group = { key: names + count, forms: names.split(" "), count: Number(count), text, notes, flags, blocks, positions, line, cache: new Map() };
      for (const form of group.forms) forms.set(form, [...(forms.get(form) ?? []), group]);
    });
    return forms;
  }

  /** The groups that a form belongs to: none, one, or one for each language. */
  const groupsOf = async (form) => (await shard(rowOf(manifest.terms, form))).get(form) ?? [];

  /** The groups with a form that begins so, from at most `most` files. */
  async function groupsFrom(prefix, most) {
    const { terms } = manifest;
    const found = new Map();
    for (let at = rowOf(terms, prefix), read = 0; at < terms.length && read < most; at++, read++) {
      if (read && !terms[at][0].startsWith(prefix)) break;
      // A group with forms in several files stands in each.
      for (const [form, groups] of await shard(at))
        if (form.startsWith(prefix)) for (const group of groups) found.set(group.key, group);
    }
    return [...found.values()];
  }

  // ---- Lists ----

  const ENDS = 60;
  /** What each character of a list counts; see crates/search/src/code.rs. */
  const VALUES = new Uint8Array(127);
  for (let code = 32, value = 0; code < 127; code++) if (!'"\\<'.includes(String.fromCharCode(code))) VALUES[code] = value++;

  /** The numbers of a list, and their tags. */
  function numbers(list, tags) {
    const lows = ENDS / tags;
    const all = new Uint32Array(list.length);
    const own = new Uint8Array(list.length);
    let count = 0;
    for (let i = 0, high = 0; i < list.length; i++) {
      const value = VALUES[list.charCodeAt(i)];
      if (value >= ENDS) high = high * 32 + value - ENDS;
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
  const blocksOf = (group, field, written) =>
    once(group.cache, field, () => {
      // The characters of a list may be semicolons too.
      const [ranges, top] = written.split(";", 2);
      const [shift, ...names] = ranges.split(",");
      return { blocks: rangesOf(shift, names), top, best: written.slice(ranges.length + top.length + 2) };
    });

  /**
   * The segments whose `field` ("text" or "notes") has a group, rising, with
   * what it counts there (1 to 15). Of a long list only blocks are read in
   * which something is `wanted(from, to)`.
   */
  async function column(group, field, wanted) {
    const written = group[field];
    if (!group.flags.includes(field[0])) return once(group.cache, field, () => read(written, 0));
    const { blocks } = blocksOf(group, `${field} blocks`, written);
    const all = await Promise.all(
      blocks
        .filter(({ from, to }) => wanted(from, to))
        .map(({ name, from }) => once(group.cache, name, async () => read(await part(name), from))),
    );
    const length = all.reduce((sum, { ids }) => sum + ids.length, 0);
    const [ids, values] = [new Uint32Array(length), new Uint8Array(length)];
    let at = 0;
    for (const each of all) {
      ids.set(each.ids, at);
      values.set(each.values, at);
      at += each.ids.length;
    }
    return { ids, values };
  }
  function read(list, base) {
    const found = rising(list, 15, base);
    for (let i = 0; i < found.values.length; i++) found.values[i]++;
    return found;
  }

  /** Whether a range has one of these segments; without any, it has. */
  const within = (ids) => (from, to) => !ids || hasWithin(ids, from, to);

  /**
   * The segments of a group, rising, with what it counts in text and notes
   * (0 to 15). With `ids`, at least those among them.
   */
  async function postings(group, ids) {
    return withNotes(...(await Promise.all(["text", "notes"].map((field) => column(group, field, within(ids))))));
  }

  function withNotes(text, notes) {
    if (!notes.ids.length) return { ids: text.ids, text: text.values, notes: new Uint8Array(text.ids.length) };
    const [ids, left, right] = united(text.ids, notes.ids);
    const counts = ({ values }, places) => places.map((at) => (at < 0 ? 0 : values[at]));
    return { ids, text: counts(text, left), notes: counts(notes, right) };
  }

  /** The file with more of a group's best segments than stand with it; nothing where all can be read as soon. */
  const topOf = (group) => (group.flags.includes("t") ? blocksOf(group, "text blocks", group.text).top : "");

  /**
   * The segments in whose text a group counts most, as `postings` has them, and
   * the `rest`: what it counts at most in others. `top` names the file of them.
   */
  async function leading(group, top) {
    // Of a long list of notes nothing is known.
    const notes = group.flags.includes("n") ? read("", 0) : await column(group, "notes");
    if (!group.flags.includes("t")) return { ...withNotes(await column(group, "text"), notes), rest: 0 };
    const [rest, list] = top ? await part(top) : [0, blocksOf(group, "text blocks", group.text).best];
    const text = read(list, 0);
    return { ...withNotes(text, notes), rest: rest || Math.min(...text.values) };
  }

  /** Whether reading a group whole takes more than its file of terms. */
  const isLong = (group) => /[tn]/.test(group.flags);

  /** How many files hold the positions of a group, beside that of its terms. */
  const blocksOfPositions = (group) => (group.flags.includes("q") ? blocksOf(group, "positions", group.blocks).blocks.length : 0);

  /** From each of these segments (rising; all, without) to a group's positions; null for words too common to have any. */
  async function positions(group, ids) {
    const places = new Map();
    if (!group.flags.includes("q")) {
      const written = group.positions ? (await part(group.positions))[group.line] : "";
      if (!written) return null;
      place(places, (await postings(group)).ids, written);
      return places;
    }
    const wanted = blocksOf(group, "positions", group.blocks).blocks.filter(({ from, to }) => within(ids)(from, to));
    // All segments of the blocks, not only those asked for: the list goes on from one to the next.
    const overlaps = (from, to) => wanted.some((block) => block.from < to && from < block.to);
    const [text, notes, ...lists] = await Promise.all([
      column(group, "text", overlaps),
      column(group, "notes", overlaps),
      ...wanted.map(({ name }) => part(name)),
    ]);
    const [own] = united(text.ids, notes.ids);
    wanted.forEach(({ from, to }, i) => place(places, own.slice(placeOf(own, from), placeOf(own, to)), lists[i]));
    return places;
  }

  /** Reads positions of segments that follow each other. */
  function place(places, ids, written) {
    const [all, ends] = numbers(written, 2);
    for (let i = 0, from = 0, at = 0, next = 0; i < all.length; i++) {
      next = (all[i] += next) + 1;
      if (!ends[i]) continue;
      places.set(ids[at++], all.subarray(from, (from = i + 1)));
      next = 0;
    }
  }

  // ---- Filters ----

  /** Columns as read: where texts begin, and from each value of a filter to its segments. */
  const columns = new Map();

  /** The columns that some of these segments lie in. */
  async function columnsOf(ids) {
    const [shift, names] = manifest.columns;
    const filters = await search.filters();
    return Promise.all(
      rangesOf(shift, names)
        .filter(({ from, to }) => hasWithin(ids, from, to))
        .map(({ name, from, to }) => once(columns, name, async () => readColumn(await part(name), from, to, filters))),
    );
  }

  function readColumn([starts, facets], from, to, filters) {
    const values = new Map();
    for (const [facet, lists] of facets) {
      const known = filters.get(facet);
      values.set(facet, new Map(lists.map(([value, list]) => [known[value][0], [...rising(list, 1, from).ids]])));
    }
    return { from, to, starts: [...rising(starts, 1, from).ids], values };
  }

  /** Kinds, topics, speakers: for each its values as [slug, label, texts]. */
  search.filters = async () => new Map(await part(manifest.filters));
  /** Years of texts with the first segment of each; the last row, null, the texts without a date. */
  search.years = () => manifest.years;

  const ends = () => manifest.ends;
  const spelling = () => manifest.spelling;
  search.index = { part, record, groupsOf, groupsFrom, postings, leading, topOf, united, positions, blocksOfPositions, isLong, columnsOf, placeOf, ends, spelling };
})(self.postilSearch);
