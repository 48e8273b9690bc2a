// Finds concepts by their names, in every way that people type them. Loaded after MiniSearch and words.js.
"use strict";

// Scores are on one scale: above 100 it is the name itself, below 60 it is a guess.
const SCORE = {
  exact: 112, plural: 108, sound: 94, acronym: 92, start: 80, word: 66, typo: 62, short: 56, infix: 52, words: 48, slip: 46,
  part: 34, fuzzy: 32, any: 10,
};
const SURE = 60;
const OTHER_NAME = 0.96;
const UNKNOWN = 4; // the rarity of a word that no name has
// What stands for much is what is meant more often.
const WORTH_OF_KIND = { type: 8, family: 8, approach: 2 };
const MOST_WEIGHT = 6;

class Names {
  // `entries`: rows of [path, kind, hue, parent, weight, labels, other names, pinyin]; `postings`: see build.js.
  constructor(entries, postings) {
    this.entries = entries.map(([path, kind, hue, parent, weight, labels, others, pinyin], id) => ({
      id, path, kind, hue, parent, weight, labels,
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
    const found = new Map();
    const raise = (id, score) => found.set(id, Math.max(score, found.get(id) ?? 0));
    const key = keyOf(query);
    if (!key) {
      return found;
    }
    this.byKey(key, [wordsOf(query), partsOf(query)], raise);
    this.byShortForm(key, raise);
    this.bySound(key, raise);
    this.byWords(queryTerms(query), raise);
    if (best(found) < SURE) {
      this.byTypo(singular(key), raise);
      this.bySomeWords(queryTerms(query), raise);
    }
    return found;
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
    return isPartOf(name, key, splits)
      ? SCORE.part + 36 * Math.min(1, this.weigh(name.words) / (this.weigh(splits[0]) || 1))
      : 0;
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

function best(found) {
  return Math.max(0, ...found.values());
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

function closeness(key, name) {
  const share = Math.min(key.length, name.key.length) / Math.max(key.length, name.key.length);
  const at = name.key.indexOf(key);
  if (at === 0) {
    return key.length === name.key.length ? SCORE.exact : name.key === `${key}s` ? SCORE.plural : SCORE.start + 10 * share;
  }
  if (name.acronym === key || `${name.acronym}s` === key) {
    return SCORE.acronym;
  }
  if (at > 0) {
    if (name.starts.includes(at)) {
      return SCORE.word + 10 * share;
    }
    return key.length > 2 ? SCORE.infix + 10 * share : 0;
  }
  return 0;
}

// Whether a query names it among other words: `how does VAE differ from GAN`.
function isPartOf(name, key, splits) {
  if (name.key.length < 2 || !key.includes(name.key)) {
    return false;
  }
  const { length } = name.words;
  const spelt = name.words.join("");
  return (
    isHan(name.key) ||
    splits.some((words) => words.some((_, index) => words.slice(index, index + length).join("") === spelt))
  );
}

// Whether a Chinese name without something inside is a query: 预训练模型 for 预训练语言模型, 机翻 for 机器翻译.
function isShortOf(key, name) {
  let at = 0;
  while (at < key.length && key[at] === name[at]) {
    at += 1;
  }
  return at > 0 && at < key.length && name.includes(key.slice(at), at + 1);
}

function slipScore(text, name, from = 0) {
  const match = withOneSlip(text, name, from);
  const missing = name.length - from - text.length;
  return match === "start" ? SCORE.slip + (12 * text.length) / (text.length + missing) : match ? SCORE.typo : 0;
}

// Whether a text is a name (from a place on), or begins it, but for one letter that is wrong, too much, missing or
// swapped with the next.
const SLIPS = [[1, 1], [1, 0], [0, 1], [2, 2]];
function withOneSlip(text, name, from = 0) {
  let at = 0;
  while (at < text.length && text[at] === name[from + at]) {
    at += 1;
  }
  const place = from + at;
  const isSwapped = text[at] === name[place + 1] && text[at + 1] === name[place];
  if (at === 0 && !isSwapped && text[1] !== name[from] && text[0] !== name[from + 1] && text[1] !== name[from + 1]) {
    return ""; // two slips at least; said here, as it is true of nearly all names
  }
  let match = "";
  for (const [inText, inName] of SLIPS) {
    const rest = text.slice(at + inText);
    if ((inText < 2 || isSwapped) && name.startsWith(rest, place + inName)) {
      if (place + inName + rest.length === name.length) {
        return "whole";
      }
      match = "start";
    }
  }
  return match;
}

// How well letters spell Chinese syllables: in full (`bianfen`), by their initials (`bfzbmq`), or in both ways.
function sound(letters, syllables) {
  for (let from = 0; from < syllables.length; from += 1) {
    const match = spells(letters, syllables, from, 0);
    if (!match) {
      continue;
    }
    const isWhole = from === 0 && match.to === syllables.length;
    const length = match.to - from;
    const inFull = match.initials === 0;
    if (!inFull && letters.length < 3 && !isWhole) {
      continue;
    }
    if (isWhole) {
      return inFull ? SCORE.sound : SCORE.acronym;
    }
    const isPlain = inFull || match.initials === length; // not both ways in one: that may be chance
    const worth = [SCORE.infix - 6, SCORE.infix, SCORE.word, SCORE.start];
    return worth[(from === 0) + inFull + isPlain] + (10 * length) / syllables.length;
  }
  return 0;
}

function spells(letters, syllables, from, at) {
  if (at === letters.length) {
    return { to: from, initials: 0 };
  }
  const syllable = syllables[from];
  if (syllable === undefined) {
    return null;
  }
  if (syllable.startsWith(letters.slice(at))) {
    return { to: from + 1, initials: letters.length - at === 1 && syllable.length > 1 ? 1 : 0 };
  }
  if (letters.startsWith(syllable, at)) {
    const match = spells(letters, syllables, from + 1, at + syllable.length);
    if (match) {
      return match;
    }
  }
  const initial = /^[zcs]h/.test(syllable) && letters.startsWith(syllable.slice(0, 2), at) ? 2 : 1;
  if (letters[at] !== syllable[0]) {
    return null;
  }
  const match = spells(letters, syllables, from + 1, at + initial);
  return match && { to: match.to, initials: match.initials + 1 };
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
        ids.forEach((id) => (lengths[id][field] += 1));
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
