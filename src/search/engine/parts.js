
// Parts: what is registered, what has to be loaded, and how both are read.
((search) => {
  /** Parts by name; a name is a kind and a hash of the content. */
  const parts = new Map();
  /** Parts on their way. */
  const coming = new Map();
  let manifest = null;
  /** Letters of a name without its kind. */
  const NAME = 12;
  let load = () => Promise.reject(new Error("nothing loads parts yet"));

  /** Called by each part of the index. */
  search.register = (name, value) => void parts.set(name, value);
  /** Called by the head of the index. */
  search.open = (given) => {
    search.marks = given.marks;
    // Names come in one string, first segments as steps; see src/search/assemble.rs.
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

  const manifestOrThrow = () => {
    if (!manifest) throw new Error("the index is missing");
    return manifest;
  };

  /** A part of the index, loaded if need be; tried twice. Throws an error that is `missing` if that fails. */
  async function part(name) {
    if (!parts.has(name)) {
      if (!coming.has(name)) {
        const tried = load(name).catch(() => load(name)).catch(() => {});
        coming.set(name, tried.finally(() => coming.delete(name)));
      }
      await coming.get(name);
    }
    if (!parts.has(name)) throw Object.assign(new Error(`${name} is missing`), { missing: true });
    return parts.get(name);
  }

  /** The last of sorted [key, …] rows whose key is not after `key`. */
  function rowOf(rows, key) {
    let low = 0;
    let high = rows.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (rows[middle][0] <= key) low = middle;
      else high = middle;
    }
    return low;
  }

  /** What is to be shown of a segment, with names in place of columns. */
  async function record(id) {
    const groups = manifestOrThrow().texts;
    const [first, each, name] = groups[rowOf(groups, id)];
    const at = id - first;
    const [address, title, date, kind, lines, misprints, place, blocks] = (await part(`${name}-${Math.floor(at / each)}`))[at % each];
    return {
      ...{ address, title, date, kind, lines, misprints, at: place },
      blocks: blocks.map(([anchor, text, label, speaker, corrected, notes]) => ({
        ...{ anchor, text, label, speaker, corrected },
        notes: notes.map(([anchor, title, body]) => ({ anchor, title, body })),
      })),
    };
  }

  // ---- The lexicon ----

  /** Files of terms as read, by their place in the manifest. */
  const shards = new Map();

  function shard(at) {
    if (!shards.has(at)) {
      const reading = part(manifestOrThrow().terms[at][1]).then(readShard);
      reading.catch(() => shards.delete(at));
      shards.set(at, reading);
    }
    return shards.get(at);
  }

  /** From each form to its groups. */
  function readShard([positions, ...lines]) {
    const forms = new Map();
    lines.forEach((written, line) => {
      const [names, count, text, notes = "", flags = "", blocks = ""] = written.split("\t");
      const group = { forms: names.split(" "), count: Number(count), text, notes, flags, blocks, positions, line, cache: new Map() };
      for (const form of group.forms) forms.set(form, [...(forms.get(form) ?? []), group]);
    });
    return forms;
  }

  /** The groups that a form belongs to: none, one, or one for each language. */
  const groupsOf = async (form) => (await shard(rowOf(manifestOrThrow().terms, form))).get(form) ?? [];

  /** The groups with a form that begins so, from at most `most` files. */
  async function groupsFrom(prefix, most) {
    const { terms } = manifestOrThrow();
    const found = new Map();
    for (let at = rowOf(terms, prefix), read = 0; at < terms.length && read < most; at++, read++) {
      if (read && !terms[at][0].startsWith(prefix)) break;
      // A group with forms in several files stands in each.
      for (const [form, groups] of await shard(at))
        if (form.startsWith(prefix)) for (const group of groups) found.set(`${group.forms} ${group.count}`, group);
    }
    return [...found.values()];
  }

  // ---- Lists ----

  const ENDS = 60;
  /** What each character of a list counts; see src/search/code.rs. */
  const VALUES = new Uint8Array(127);
  for (let code = 32, value = 0; code < 127; code++) if (!'"\\<'.includes(String.fromCharCode(code))) VALUES[code] = value++;

  /** Calls `each(number, tag)` for each number of a list. */
  function numbers(list, tags, each) {
    const lows = ENDS / tags;
    for (let i = 0, high = 0; i < list.length; i++) {
      const value = VALUES[list.charCodeAt(i)];
      if (value >= ENDS) high = high * 32 + value - ENDS;
      else {
        each(high * lows + Math.floor(value / tags), value % tags);
        high = 0;
      }
    }
  }

  /** Rising numbers from `base` on, and their tags. */
  function rising(list, tags, base) {
    const ids = [];
    const values = [];
    let next = base;
    numbers(list, tags, (step, tag) => {
      ids.push((next += step));
      values.push(tag);
      next++;
    });
    return { ids, values };
  }

  /** The first place in sorted numbers that is not below a number. */
  function placeOf(ids, number) {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ids[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const hasWithin = (ids, from, to) => ids[placeOf(ids, from)] < to;

  /** What stands in place of a long list: the blocks with their ranges, and the best of all. */
  function blocksOf(group, field, written) {
    if (!group.cache.has(field)) {
      const end = written.indexOf(";");
      const [shift, ...names] = written.slice(0, end).split(",");
      const size = 2 ** shift;
      const blocks = names.map((name, i) => ({ name, from: i * size, to: (i + 1) * size })).filter(({ name }) => name);
      group.cache.set(field, { blocks, best: written.slice(end + 1) });
    }
    return group.cache.get(field);
  }

  /** Reads once. */
  function once(group, key, read) {
    if (!group.cache.has(key)) {
      const reading = read();
      group.cache.set(key, reading);
      reading.catch?.(() => group.cache.delete(key));
    }
    return group.cache.get(key);
  }

  /**
   * The segments whose `field` ("text" or "notes") has a group, rising, with
   * what it counts there (1 to 15). Of a long list only blocks are read in
   * which something is `wanted(from, to)`; nothing wanted: the best alone.
   */
  async function column(group, field, wanted) {
    const written = group[field];
    if (!group.flags.includes(field[0])) return once(group, field, () => read(written, 0));
    const { blocks, best } = blocksOf(group, `${field} blocks`, written);
    if (!wanted) return once(group, `${field} best`, () => read(best, 0));
    const all = await Promise.all(
      blocks
        .filter(({ from, to }) => wanted(from, to))
        .map(({ name, from }) => once(group, name, async () => read(await part(name), from))),
    );
    return { ids: all.flatMap(({ ids }) => ids), values: all.flatMap(({ values }) => values) };
  }
  function read(list, base) {
    const { ids, values } = rising(list, 15, base);
    return { ids, values: values.map((value) => value + 1) };
  }

  const everything = () => true;
  /** Whether a range has one of these segments. */
  const within = (ids) => (ids ? (from, to) => hasWithin(ids, from, to) : everything);

  /**
   * The segments of a group, rising, with what it counts in text and notes
   * (0 to 15). With `ids`, at least those among them; with `best`, of a long
   * list only the best.
   */
  async function postings(group, ids = null, best = false) {
    const wanted = best ? null : within(ids);
    const [text, notes] = await Promise.all(["text", "notes"].map((field) => column(group, field, wanted)));
    if (!notes.ids.length) return { ids: text.ids, text: text.values, notes: [] };
    const all = { ids: [], text: [], notes: [] };
    for (let i = 0, j = 0; i < text.ids.length || j < notes.ids.length; ) {
      const id = Math.min(text.ids[i] ?? Infinity, notes.ids[j] ?? Infinity);
      all.ids.push(id);
      all.text.push(text.ids[i] === id ? text.values[i++] : 0);
      all.notes.push(notes.ids[j] === id ? notes.values[j++] : 0);
    }
    return all;
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
    const own = notes.ids.length ? [...new Set([...text.ids, ...notes.ids])].sort((a, b) => a - b) : text.ids;
    wanted.forEach(({ from, to }, i) => place(places, own.slice(placeOf(own, from), placeOf(own, to)), lists[i]));
    return places;
  }

  /** Reads positions of segments that follow each other. */
  function place(places, ids, written) {
    let at = 0;
    let next = 0;
    let own = [];
    numbers(written, 2, (step, isLast) => {
      own.push((next += step));
      next++;
      if (!isLast) return;
      places.set(ids[at++], own);
      own = [];
      next = 0;
    });
  }

  // ---- Filters ----

  /** Columns as read: where texts begin, and from each value of a filter to its segments. */
  const columns = new Map();

  /** The columns that some of these segments lie in. */
  async function columnsOf(ids) {
    const [shift, names] = manifestOrThrow().columns;
    const size = 2 ** shift;
    const wanted = names.map((name, i) => ({ name, from: i * size, to: (i + 1) * size }));
    const filters = [...(await search.filters())];
    return Promise.all(
      wanted
        .filter(({ from, to }) => hasWithin(ids, from, to))
        .map(({ name, from, to }) => once({ cache: columns }, name, async () => readColumn(await part(name), from, to, filters))),
    );
  }

  function readColumn([starts, facets], from, to, filters) {
    const values = new Map();
    for (const [facet, lists] of facets) {
      const known = filters.find(([name]) => name === facet)[1];
      values.set(facet, new Map(lists.map(([value, list]) => [known[value][0], rising(list, 1, from).ids])));
    }
    return { from, to, starts: rising(starts, 1, from).ids, values };
  }

  /** Kinds, topics, speakers: for each its values as [slug, label, texts]. */
  search.filters = async () => new Map(await part(manifestOrThrow().filters));
  /** Years of texts with the first segment of each; the last row, null, the texts without a date. */
  search.years = () => manifestOrThrow().years;

  search.index = {
    ...{ part, record, groupsOf, groupsFrom, postings, positions, blocksOfPositions, isLong, columnsOf, placeOf },
    ends: () => manifestOrThrow().ends,
    spelling: () => manifestOrThrow().spelling,
  };
})(self.postilSearch);
