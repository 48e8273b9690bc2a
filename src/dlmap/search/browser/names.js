// Finds concepts by their names, in every way that people type them. Loaded after MiniSearch,
// words.js and likeness.js.
"use strict";

const OTHER_NAME = 0.96;
const UNKNOWN = 4; // the rarity of a word that no name has
// What stands for much is what is meant more often.
const WORTH_OF_KIND = { type: 8, family: 8, approach: 2 };
const MOST_WEIGHT = 6;

class Names {
  // `entries`: rows of [path, kind, hue, parent, weight, labels, other names, pinyin]; `postings`: see build.js.
  constructor(entries, postings) {
    this.entries = entries.map(([path, kind, hue, parent, weight, labels, others, pinyin], id) => ({
      id,
      path,
      kind,
      hue,
      parent,
      weight,
      labels,
      names: namesOf(labels, others, path),
      pinyin: pinyin.map((spelt) => spelt.replaceAll("v", "u").split(" ")),
      spelt: pinyin.map((spelt) => spelt.replaceAll(" ", "")),
    }));
    this.index = MiniSearch.loadJS(expand(postings, entries.length), INDEX_OPTIONS);
    this.rarity = new Map(
      postings.map(([term, ...fields]) => [term, Math.log(1 + entries.length / (1 + fields.flat().length))]),
    );
  }

  // Scores by entry: a Map from id to score.
  find(query) {
    const scores = new Map();
    const raise = (id, score) => scores.set(id, Math.max(score, scores.get(id) ?? 0));
    const key = keyOf(query);
    if (!key) {
      return scores;
    }
    this.byKey(key, [wordsOf(query), partsOf(query)], raise);
    this.byShortForm(key, raise);
    this.bySound(key, raise);
    this.byWords(queryTerms(query), raise);
    if (best(scores) < SURE) {
      this.byTypo(singular(key), raise);
      this.bySomeWords(queryTerms(query), raise);
    }
    return scores;
  }

  // What puts an entry before others that answer as well.
  standing(id) {
    const { kind, weight } = this.entries[id];
    return (WORTH_OF_KIND[kind] ?? 0) + Math.min(MOST_WEIGHT, Math.log2(1 + weight));
  }

  byKey(key, splits, raise) {
    for (const entry of this.entries) {
      for (const name of entry.names) {
        const score = closeness(key, name) || this.partness(key, splits, name);
        if (score) {
          raise(entry.id, score * name.worth);
        }
      }
    }
  }

  // A query that names it among other words: the rarer what it names, the more is it what is meant (`fgsm attack`).
  partness(key, splits, name) {
    if (!isPartOf(name, key, splits)) {
      return 0;
    }
    const all = Math.max(1, ...splits.map((words) => this.weigh(words)));
    return Math.min(SURE - 1, SCORE.part + (36 * this.weigh(name.words)) / all);
  }

  weigh(words) {
    const terms = words.flatMap((word) => (isHan(word) ? bigramsOf(word) : [word]));
    return terms.reduce((sum, term) => sum + (this.rarity.get(term) ?? UNKNOWN), 0);
  }

  byShortForm(key, raise) {
    if (!isHan(key)) {
      return;
    }
    for (const entry of this.entries) {
      for (const { key: name, worth } of entry.names) {
        if (isShortOf(key, name)) {
          raise(entry.id, (SCORE.short + (10 * key.length) / name.length) * worth);
        }
      }
    }
  }

  bySound(key, raise) {
    if (!/^[a-z]{2,}$/.test(key)) {
      return;
    }
    const letters = key.replaceAll("v", "u");
    for (const entry of this.entries) {
      for (const syllables of entry.pinyin) {
        const score = sound(letters, syllables);
        if (score) {
          raise(entry.id, score);
        }
      }
    }
  }

  byWords(terms, raise) {
    this.ask(terms, { combineWith: "AND", prefix: mayGoOn }, SCORE.words, raise);
  }

  bySomeWords(terms, raise) {
    this.ask(terms, { combineWith: "AND", prefix: mayGoOn, fuzzy: slips }, SCORE.fuzzy, raise);
    if (terms.length > 1) {
      this.ask(terms, { combineWith: "OR", prefix: mayGoOn, fuzzy: slips }, SCORE.any, raise);
    }
  }

  ask(terms, options, worth, raise) {
    const results = this.index.search(terms.join(" "), { boost: { label: 2 }, ...options });
    for (const { id, score } of results) {
      const fewest = Math.min(...this.entries[id].names.map(({ size }) => size));
      raise(id, worth + (8 * score) / results[0].score + 8 * Math.min(1, terms.length / fewest));
    }
  }

  byTypo(key, raise) {
    if (key.length < (isHan(key) ? 3 : 4)) {
      return;
    }
    const isLong = key.length > 3; // three letters with one of them wrong stand in many names
    for (const entry of this.entries) {
      for (const { key: name, starts, worth } of entry.names) {
        let match = slipScore(key, name);
        for (let index = 0; isLong && !match && index < starts.length; index += 1) {
          match = Math.min(SCORE.infix, slipScore(key, name, starts[index]));
        }
        if (match) {
          raise(entry.id, match * worth);
        }
      }
      for (const letters of entry.spelt) {
        const match = key.length > 5 ? slipScore(key, letters) : 0;
        if (match) {
          raise(entry.id, match);
        }
      }
    }
  }

  // The entries above one, the outermost first.
  above(id) {
    const path = [];
    for (let at = this.entries[id].parent; at >= 0; at = this.entries[at].parent) {
      path.unshift(at);
    }
    return path;
  }
}

function best(scores) {
  return Math.max(0, ...scores.values());
}

function mayGoOn(term) {
  return !isHan(term) || [...term].length < 2;
}

function slips(term) {
  return isHan(term) || term.length < 4 ? false : term.length < 8 ? 1 : 2;
}

// The address is a name as well: the author's shortest one.
function namesOf(labels, others, path) {
  const names = labels.filter(Boolean).map((text) => nameOf(text, 1));
  const address = path.includes("#") ? [] : [path.replace("/", "").replaceAll("-", " ")];
  for (const text of [...others, ...address]) {
    const name = nameOf(text, OTHER_NAME);
    if (!names.some(({ key }) => key === name.key)) {
      names.push(name);
    }
  }
  return names;
}

function nameOf(text, worth) {
  const key = keyOf(text);
  const starts = [];
  let at = 0;
  for (const word of partsOf(text)) {
    at = key.indexOf(word, at);
    if (at < 0) {
      break; // capitals that folding has made longer
    }
    starts.push(at);
    if (isHan(word)) {
      for (let inner = 1; inner < word.length; inner += 1) {
        starts.push(at + inner);
      }
    }
    at += word.length;
  }
  return { key, starts, words: wordsOf(text), acronym: acronymOf(text), size: queryTerms(text).length, worth };
}

// MiniSearch's own form of an index, from postings without what follows from them.
function expand(postings, count) {
  const lengths = {};
  for (let id = 0; id < count; id += 1) {
    lengths[id] = [0, 0];
  }
  const index = postings.map(([term, ...fields]) => {
    const data = {};
    fields.forEach((ids, field) => {
      if (ids.length) {
        data[field] = Object.fromEntries(ids.map((id) => [id, 1]));
        for (const id of ids) lengths[id][field] += 1;
      }
    });
    return [term, data];
  });
  const all = Object.values(lengths);
  return {
    documentCount: count,
    nextId: count,
    documentIds: Object.fromEntries(all.map((_, id) => [id, id])),
    fieldIds: { label: 0, alias: 1 },
    fieldLength: lengths,
    averageFieldLength: [0, 1].map((field) => all.reduce((sum, length) => sum + length[field], 0) / (count || 1)),
    storedFields: {},
    dirtCount: 0,
    index,
    serializationVersion: 2,
  };
}
