
// Queries: what a reader typed becomes a tree, and the tree a scored list.
//
// Nodes: `word` (any of these groups), `row` (words one after the other),
// `any` (one of these nodes), `all` (each of these nodes).
((search) => {
  const { groupsOf, groupsFrom, postings, positions, blocksOfPositions, isLong, record, ends } = search.index;
  const LONGEST_QUERY = 1000;
  const MOST_WORDS = 32;
  /** How many files a prefix may touch, and how many groups it stands for. */
  const PREFIX_FILES = 4;
  const PREFIX_GROUPS = 40;
  /** A note's word counts so much of a text's. */
  const NOTE_WEIGHT = 0.8;
  /** Positions that words between two others may take up beyond their count: they may be joined. */
  const SLACK = 4;
  /** With so few segments their texts are read rather than positions; and of how many words positions are read. */
  const FEW_TO_READ = 3;
  const MOST_POSITIONS = 3;
  /** So many files of positions are read without asking whether that is needed. */
  const LITTLE = 14;
  /** How many texts are read to see whether words often follow one another. */
  const SAMPLE = 4;
  /** With so many files of positions, these are not read before texts have been sampled. */
  const MUCH = 40;

  // ---- Reading ----

  /** What stands between spaces or quotation marks, in order. */
  function read(typed) {
    const pieces = [];
    const pattern = /(^|\s)?(-?)["“”„]([^"“”„]*)["“”„]?|([^\s"“”„]+)/gu;
    for (const [, , minus, quoted, plain] of typed.slice(0, LONGEST_QUERY).matchAll(pattern)) {
      const not = plain === undefined ? minus === "-" : /^-[^\s-]/u.test(plain);
      const text = quoted ?? plain;
      const units = unitsOf(search.tokenise(text)).map((unit) => ({ ...unit, not, quoted: quoted !== undefined }));
      const end = units.at(-1);
      if (plain?.endsWith("*") && end) end.star = true;
      if (quoted !== undefined && end) pieces.push([{ ...units[0], parts: units.flatMap((u) => u.parts), tail: end.tail }]);
      else pieces.push(units);
    }
    const units = pieces.flat().slice(0, MOST_WORDS);
    const last = units.at(-1);
    if (last && !last.quoted && !/[\s"“”„]$/u.test(typed)) last.open = true;
    return units;
  }

  /**
   * Words that nothing separates make one unit: `45-day`, a row of Chinese characters. Of these,
   * one alone is the beginning of a pair; the last of several is a pair only with what follows.
   */
  function unitsOf(tokens) {
    const units = [];
    for (const { form, joined, tied, solo, tail } of tokens)
      if (joined) units.at(-1).joined = form;
      else if (tied && units.length) Object.assign(units.at(-1), { parts: [...units.at(-1).parts, form], star: false, tail });
      else units.push({ parts: [form], star: solo && [...form.normalize("NFC")].length === 1 });
    return units;
  }

  // ---- From units to nodes ----

  const word = (groups, forms) => ({ type: "word", groups, forms: new Set(forms), rarity: rarity(groups) });
  const several = (type, nodes) => (nodes.length === 1 ? nodes[0] : { type, nodes });
  const wordOf = async (form, exact) => {
    const groups = await groupsOf(form);
    // Where no text has `organization`, `organisation` will do, and the other way round.
    const other = groups.length ? form : form.replace(/[sz](?=(?:e[drs]?|es|ers|ing|ations?|ational)$)/, (letter) => (letter === "s" ? "z" : "s"));
    const found = other === form ? groups : await groupsOf(other);
    return word(found, exact ? [other] : found.flatMap((group) => group.forms));
  };

  /** How much it says that a text has one of these groups (BM25's idf). */
  function rarity(groups) {
    const all = ends()[2];
    const some = Math.min(all, groups.reduce((sum, group) => sum + group.count, 0));
    return some ? Math.log(1 + (all - some + 0.5) / (some + 0.5)) : 0;
  }

  const known = (node) =>
    node.type === "word" ? node.groups.length > 0 : node.nodes[node.type === "any" ? "some" : "every"](known);

  /** The nodes that say what is asked for; all, if none of them does. */
  const telling = (nodes) => (nodes.every(isCommon) ? nodes : nodes.filter((node) => !isCommon(node)));
  /** Whether a node only ties others together: `of`, `the`. */
  const isCommon = (node) => node.type === "word" && node.groups.length > 0 && node.groups.every((group) => group.flags.includes("f"));

  async function nodeOf(unit) {
    const exact = unit.quoted === true;
    const parts = unit.tail ? unit.parts.slice(0, -1) : unit.parts;
    const row = several("row", await Promise.all(parts.map((form) => wordOf(form, exact))));
    if (!unit.joined) return row;
    const nodes = [row, await wordOf(unit.joined, false)].filter(known);
    return nodes.length ? several("any", nodes) : row;
  }

  /** Groups that begin as the unit does, the more frequent first. */
  async function opened(unit) {
    const prefix = unit.parts.at(-1);
    if (unit.parts.length > 1 || (prefix.length < 2 && !unit.star)) return null;
    const groups = (await groupsFrom(prefix, PREFIX_FILES)).sort((a, b) => b.count - a.count).slice(0, PREFIX_GROUPS);
    const forms = groups.flatMap((group) => group.forms);
    return groups.length ? word(groups, forms.filter((form) => form.startsWith(prefix))) : null;
  }

  // ---- Names of terms ----

  const hasNames = () => ends()[2] > ends()[0];
  /** A name in the shape in which two spellings of it are the same; see `key` in src/search/token.rs. */
  const nameKey = (parts) => parts.join("_").replaceAll("z", "s");
  search.nameKey = nameKey;

  /** The longest name that begins at a unit: how many units, and the terms that bear it. */
  async function nameAt(units, start) {
    let found = null;
    let key = "=";
    for (let end = start; hasNames() && end < units.length; end++) {
      const unit = units[end];
      if (unit.quoted || unit.not || unit.star) break;
      key += (key === "=" ? "" : "_") + nameKey(unit.parts);
      const alike = await groupsFrom(key, 2);
      if (!alike.length) break;
      const own = alike.find((group) => group.forms[0] === key);
      if (own) found = { length: end + 1 - start, ids: [...(await postings(own)).ids] };
    }
    return found;
  }

  /** All other names of these terms, each as a row of words. */
  async function otherNames(ids, typed) {
    const names = new Map();
    for (const id of ids.filter((id) => id < ends()[1])) {
      const { title, lines, misprints } = await record(id);
      for (const name of [title, ...lines, ...misprints]) {
        const tokens = search.tokenise(name).filter((token) => !token.joined);
        const parts = tokens.map((token) => token.form);
        if (parts.length && parts.join("_") !== typed) names.set(parts.join("_"), { parts, tail: tokens.at(-1).tail });
      }
    }
    const nodes = await Promise.all([...names.values()].map(nodeOf));
    return nodes.filter(known);
  }

  /**
   * What is asked for: the nodes wanted and unwanted, terms named, words that
   * no text has with their places, and a word taken as the beginning of others.
   */
  search.parse = async (typed) => {
    const units = read(typed);
    // All words at once; what comes after finds them there.
    const forms = units.flatMap(({ parts, joined }) => [...parts, joined]).filter(Boolean);
    const names = hasNames() ? units.map(({ parts }) => groupsFrom(`=${nameKey(parts.slice(0, 1))}`, 1)) : [];
    await Promise.allSettled([...forms.map(groupsOf), ...names]);
    const query = { wanted: [], unwanted: [], named: [], unknown: [], begun: null };
    const common = [];
    for (let at = 0; at < units.length; ) {
      const unit = units[at];
      const name = unit.not ? null : await nameAt(units, at);
      if (name) {
        const own = units.slice(at, at + name.length);
        const asTyped = await Promise.all(own.map(nodeOf));
        const others = await otherNames(name.ids, own.flatMap((u) => u.parts).join("_"));
        const nodes = asTyped.every(known) ? [several("all", telling(asTyped)), ...others] : others;
        // The words of the name may stand apart, but a passage that has the name itself answers better.
        const strict = asTyped.length > 1 && asTyped.every(known) ? [several("row", asTyped), ...others] : null;
        if (nodes.length) query.wanted.push({ ...several("any", nodes), strict });
        query.named.push(...name.ids);
        at += name.length;
        continue;
      }
      at++;
      let node = await nodeOf(unit);
      if (unit.not) {
        if (known(node)) query.unwanted.push(node);
        continue;
      }
      if (unit.star || (unit.open && !known(node))) {
        const begun = await opened(unit);
        if (begun && !unit.star) query.begun = { typed: unit.parts[0], forms: begun.groups.map((g) => g.forms[0]) };
        node = begun ?? node;
      }
      if (isCommon(node) && !unit.quoted) common.push(node);
      else query.wanted.push(node);
      if (!known(node)) query.unknown.push({ word: unit.parts.join(" "), place: query.wanted.length - 1, exact: unit.quoted });
    }
    if (!query.wanted.length) query.wanted.push(...common);
    return query;
  };

  // ---- Lists of segments with scores ----

  const EMPTY = { ids: [], scores: [] };

  /** Merges two sorted lists; `both` alone keeps only what is in both. */
  function merge(a, b, both, combine) {
    const ids = [];
    const scores = [];
    const push = (id, score) => (ids.push(id), scores.push(score));
    let i = 0;
    let j = 0;
    while (i < a.ids.length && j < b.ids.length)
      if (a.ids[i] === b.ids[j]) push(a.ids[i], combine(a.scores[i++], b.scores[j++]));
      else if (a.ids[i] < b.ids[j]) both ? i++ : push(a.ids[i], a.scores[i++]);
      else both ? j++ : push(b.ids[j], b.scores[j++]);
    for (; !both && i < a.ids.length; i++) push(a.ids[i], a.scores[i]);
    for (; !both && j < b.ids.length; j++) push(b.ids[j], b.scores[j]);
    return { ids, scores };
  }
  const add = (a, b) => a + b;
  search.inBoth = (a, b) => merge(a, b, true, add);
  search.inEither = (a, b) => merge(a, b, false, add);

  /** How many segments a node is in, at the most: what is rare is looked up first. */
  function frequency(node) {
    if (node.type === "word") return node.groups.reduce((sum, group) => sum + group.count, 0);
    const inner = node.nodes.map(frequency);
    return node.type === "any" ? inner.reduce(add, 0) : Math.min(...inner);
  }

  async function scored(group, { where, ids: wanted, best }) {
    const { ids, text, notes } = await postings(group, wanted, best);
    const own = rarity([group]);
    const found = { ids: [], scores: [] };
    for (let i = 0; i < ids.length; i++) {
      const count = (where === "notes" ? 0 : text[i]) + (where === "texts" ? 0 : (notes[i] ?? 0) * NOTE_WEIGHT);
      if (!count) continue;
      found.ids.push(ids[i]);
      found.scores.push((own * count) / 15);
    }
    return found;
  }

  /**
   * The segments that have a node, scored. `where`: "texts", "notes" or
   * anything for both; `ids`: only these matter; `best`: of words that very
   * many have, the best will do.
   */
  async function evaluate(node, options) {
    if (node.type === "word") {
      const lists = await Promise.all(node.groups.map((group) => scored(group, options)));
      return lists.reduce((a, b) => merge(a, b, false, Math.max), EMPTY);
    }
    if (node.type === "any") {
      const lists = await Promise.all(node.nodes.map((inner) => evaluate(inner, options)));
      return lists.reduce((a, b) => merge(a, b, false, Math.max), EMPTY);
    }
    return node.type === "row" ? inOrder(node, options) : every(node.nodes, options);
  }

  /**
   * The segments that have all nodes. If the rarest is rare, of long lists only
   * what may still be among them is read; otherwise that would be all of them,
   * and they are read at once.
   */
  async function every(nodes, options) {
    const sorted = [...nodes].sort((a, b) => frequency(a) - frequency(b));
    const isRare = sorted.length > 0 && !isLongNode(sorted[0]);
    const short = sorted.filter((node) => !isRare || !isLongNode(node));
    const long = sorted.filter((node) => !short.includes(node));
    const read = await Promise.all(short.map((node) => evaluate(node, options)));
    let found = read.reduce(search.inBoth);
    const rest = await Promise.all(long.map((node) => (found.ids.length ? evaluate(node, { ...options, ids: found.ids }) : EMPTY)));
    for (const list of rest) found = search.inBoth(found, list);
    return found;
  }
  const isLongNode = (node) => (node.type === "word" ? node.groups.some(isLong) : node.nodes.some(isLongNode));

  search.evaluate = (node, where) => evaluate(node, { where });
  search.every = (nodes, where) => (nodes.length ? every(nodes, { where }) : EMPTY);
  search.best = (node, where) => evaluate(node, { where, best: true });
  search.isLong = isLongNode;

  /**
   * The segments where words follow one another, or may do so: whoever shows a
   * passage looks again. Positions are read of the rarest words, and not at all
   * if few segments have the words, or if they do follow one another in a good
   * part of the texts that have most of them: then `about` says that others may fail.
   *
   * Everything is asked for together with the segments: the positions if they
   * are few, or if the words hardly meet; otherwise the texts to sample.
   */
  async function inOrder(row, options) {
    const words = row.nodes.map((node, place) => ({ node, place })).filter(({ node }) => !isCommon(node));
    if (words.length < 2) return every(row.nodes, options);
    words.sort((a, b) => frequency(a.node) - frequency(b.node));
    const chosen = words.slice(0, MOST_POSITIONS);
    const look = (ids) =>
      Promise.all(
        chosen.map(async ({ node, place }) => ({ place, lists: await Promise.all(node.groups.map((group) => positions(group, ids))) })),
      );
    const isRare = !isLongNode(words[0].node);
    const files = chosen.flatMap(({ node }) => node.groups).map(blocksOfPositions).reduce(add, 0);
    const likely = isRare || files <= LITTLE ? [] : await meetings(words, options, files > MUCH);
    const sampled = likely.length < SAMPLE ? null : Promise.all(likely.slice(0, SAMPLE).map(record));
    const early = sampled ? null : look(isRare ? (await evaluate(words[0].node, options)).ids : null);
    early?.catch(() => {});
    sampled?.catch(() => {});
    const found = await every(row.nodes, options);
    if (found.ids.length <= FEW_TO_READ) return found;
    if (sampled) {
      const has = (each) => search.passages(each, { wanted: [row], unwanted: [] }, {}).some((passage) => passage.found.length);
      row.about = (await sampled).filter(has).length * 2 >= SAMPLE;
      if (row.about) return found;
    }
    const looked = await (early ?? look(found.ids));
    const steps = looked.filter(({ lists }) => lists.every((list) => list)).sort((a, b) => a.place - b.place);
    if (steps.length < 2) return found;
    const ids = [];
    const scores = [];
    found.ids.forEach((id, i) => {
      if (!canFollow(steps, id)) return;
      ids.push(id);
      scores.push(found.scores[i]);
    });
    return { ids, scores };
  }

  /**
   * Of the segments that have most of each word those that have all, the best first; then, if
   * `more` are wanted, those that have most of the rarest. Nothing is loaded for that.
   */
  async function meetings(words, options, more) {
    const lists = await Promise.all(words.map(({ node }) => evaluate(node, { ...options, best: true })));
    const sorted = ({ ids, scores }) => [...ids.keys()].sort((a, b) => scores[b] - scores[a] || ids[a] - ids[b]).map((i) => ids[i]);
    return [...new Set([...sorted(lists.reduce(search.inBoth)), ...(more ? sorted(lists[0]) : [])])];
  }

  function canFollow(steps, id) {
    let before = null;
    for (const { place, lists } of steps) {
      const here = lists.flatMap((list) => list.get(id) ?? []).sort((a, b) => a - b);
      const step = before && place - before.place;
      const within = (at) => before.here.some((b) => at > b && at <= b + step + (step > 1 ? SLACK : 0));
      const reached = before ? here.filter(within) : here;
      if (!reached.length) return false;
      before = { place, here: reached };
    }
    return true;
  }

  /** A word of the archive as a node. */
  search.wordOf = (form) => wordOf(form, false);
})(self.postilSearch);
