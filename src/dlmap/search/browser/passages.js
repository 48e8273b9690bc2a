// Finds passages by looking through the texts: an index of them would be larger than they are, and they are shown
// anyway. Loaded after words.js.
"use strict";

const MOST_WORDS = 30;
const NEEDED = 0.6; // of the weight of all words, where no passage has them all
const IN_LEAD = 1.5;
const IN_TITLE = 0.5;
const AT_START = 1.5; // what a sentence begins with is what it is about

class Shard {
  // `data`: {lang, owners: [[owner, passages], …], articles: [[path, title], …], text: a passage a line}.
  // An owner is the number of an entry, or of an article as -1, -2 …; its first passage says what it is.
  constructor(data) {
    this.lang = data.lang;
    this.articles = data.articles;
    this.titles = data.articles.map(([, title]) => fold(title));
    this.lines = data.text.split("\n");
    this.folded = fold(data.text);
    this.starts = [0];
    for (let at = this.folded.indexOf("\n"); at >= 0; at = this.folded.indexOf("\n", at + 1)) {
      this.starts.push(at + 1);
    }
    this.owners = new Int32Array(this.lines.length);
    this.leads = new Map();
    let line = 0;
    for (const [owner, count] of data.owners) {
      this.leads.set(owner, line);
      this.owners.fill(owner, line, line + count);
      line += count;
    }
  }

  // The lines that hold a word, in order, and how often each does.
  scan(word) {
    const lines = [];
    const times = [];
    const isWord = !isHan(word);
    let line = 0;
    for (let at = this.folded.indexOf(word); at >= 0; at = this.folded.indexOf(word, at + word.length)) {
      if (isWord && at > 0 && isLetter(this.folded.charCodeAt(at - 1))) {
        continue;
      }
      while (this.starts[line + 1] <= at) {
        line += 1;
      }
      if (lines.at(-1) === line) {
        times[times.length - 1] += 1;
      } else {
        lines.push(line);
        times.push(1);
      }
    }
    return { lines, times };
  }

  // The first lines of the articles whose titles hold a word.
  titled(word) {
    return this.titles.flatMap((title, index) => (title.includes(word) ? [this.leads.get(-1 - index)] : []));
  }
}

function isLetter(code) {
  return (code > 96 && code < 123) || (code > 47 && code < 58);
}

class Passages {
  constructor() {
    this.shards = [];
    this.counted = new Map(); // the words of a query are mostly those of the one before
  }

  add(data) {
    this.shards.push(new Shard(data));
    this.counted.clear();
  }

  // The first passage of an entry, if a text that is loaded has one: {lang, line}.
  lead(entry, lang) {
    const shards = this.shards.filter(({ leads }) => leads.has(entry));
    const shard = shards.find((shard) => shard.lang === lang) ?? shards[0];
    return shard && { lang: shard.lang, line: shard.lines[shard.leads.get(entry)] };
  }

  // The best passage of each owner in a language, the best first. `named` gives the entries whose names hold a word:
  // their passages need not repeat it.
  find(words, lang, named) {
    const shards = this.shards.filter((shard) => shard.lang === lang);
    const counts = words.flatMap((word) => this.recall(word, lang, shards)).slice(0, MOST_WORDS);
    const total = counts.reduce((sum, { weight }) => sum + weight, 0);
    if (!total) {
      return [];
    }
    const titles = counts.map(({ word }) => named(word));
    const rated = shards.map((shard, index) => rate(shard, counts, index, titles));
    const isWhole = rated.some(({ most }) => most > 0.99 * total);
    return rated
      .flatMap((ratings, index) => bestOf(shards[index], ratings, (isWhole ? 0.99 : NEEDED) * total, counts))
      .map((hit) => ({ ...hit, isWhole }))
      .sort((a, b) => b.score - a.score);
  }

  recall(word, lang, shards) {
    const key = `${lang} ${word}`;
    if (!this.counted.has(key)) {
      if (this.counted.size > MOST_WORDS) {
        this.counted.clear();
      }
      this.counted.set(key, this.count(word, shards));
    }
    return this.counted.get(key);
  }

  // Where a word stands; where its pairs do, if it is Chinese and stands nowhere as it is.
  count(word, shards) {
    const scans = shards.map((shard) => shard.scan(word));
    const titled = shards.map((shard) => shard.titled(word));
    const lines = [...scans.map((hits) => hits.lines), ...titled].reduce((sum, { length }) => sum + length, 0);
    if (!lines && isHan(word) && [...word].length > 2) {
      return bigramsOf(word).flatMap((bigram) => this.count(bigram, shards));
    }
    const total = shards.reduce((sum, shard) => sum + shard.lines.length, 0);
    return [{ word, scans, titled, weight: Math.log(1 + total / (1 + lines)) }];
  }
}

// What each line of a shard is worth: a bit for each word that it holds, a score, and the most that any has of them.
function rate(shard, counts, index, titles) {
  const held = new Uint32Array(shard.lines.length);
  const scores = new Float32Array(shard.lines.length);
  const touched = [];
  counts.forEach(({ scans, titled, weight }, bit) => {
    const { lines, times } = scans[index];
    const add = (line, score) => {
      if (!held[line]) {
        touched.push(line);
      }
      held[line] |= 1 << bit;
      scores[line] += score;
    };
    lines.forEach((line, place) => {
      add(line, weight * (1 + 0.2 * Math.min(times[place] - 1, 3)));
    });
    for (const line of titled[index]) add(line, weight);
  });
  const articles = counts.map(({ titled }) => new Set(titled[index].map((line) => shard.owners[line])));
  let most = 0;
  const shares = touched.map((line) => {
    let share = 0;
    counts.forEach(({ weight }, bit) => {
      const isTitle = titles[bit].has(shard.owners[line]) || articles[bit].has(shard.owners[line]);
      share += isTitle || held[line] & (1 << bit) ? weight : 0;
      scores[line] += isTitle ? IN_TITLE * weight : 0;
    });
    most = Math.max(most, share);
    return share;
  });
  return { touched, shares, scores, most };
}

// The best line of each owner among those that have enough.
function bestOf(shard, { touched, shares, scores }, needed, counts) {
  const best = new Map();
  touched.forEach((line, place) => {
    if (shares[place] <= needed) {
      return;
    }
    const owner = shard.owners[line];
    const isLead = shard.leads.get(owner) === line;
    const starts = counts.some(({ word }) => word.length > 1 && shard.folded.startsWith(word, shard.starts[line]));
    const worth = (isLead ? IN_LEAD : 1) * (starts ? AT_START : 1);
    const score = (scores[line] * worth) / (1 + shard.lines[line].length / 1500);
    if (!(best.get(owner)?.score >= score)) {
      best.set(owner, { shard, line, owner, isLead, starts, score });
    }
  });
  return [...best.values()];
}

// A text with the hits in it, as [plain, hit, plain, hit, …]; cut around the first one where it is long.
function marked(text, words, room = Infinity) {
  const letters = [...text];
  const places = []; // the letter that each place of the folded text comes from
  let folded = "";
  letters.forEach((letter, index) => {
    const plain = fold(letter);
    folded += plain;
    for (let step = 0; step < plain.length; step += 1) {
      places.push(index);
    }
  });
  const isHit = new Uint8Array(letters.length);
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      if (isHan(word) || at === 0 || !isLetter(folded.charCodeAt(at - 1))) {
        isHit.fill(1, places[at], places[at + word.length - 1] + 1);
      }
    }
  }
  return pieces(letters, isHit, cut(letters, isHit, room));
}

function cut(letters, isHit, room) {
  if (letters.length <= room) {
    return [0, letters.length];
  }
  const isLatin = (at) => /[\p{L}\p{N}]/u.test(letters[at]) && !isHan(letters[at]);
  const isInside = (at) => isLatin(at - 1) && isLatin(at);
  const first = Math.max(0, isHit.indexOf(1));
  let from = Math.max(0, Math.min(first - Math.round(room / 4), letters.length - room));
  let to = Math.min(letters.length, from + room);
  while (from > 0 && from < first && (isInside(from) || letters[from] === " ")) {
    from += 1;
  }
  while (to < letters.length && to > first + 1 && (isInside(to) || letters[to - 1] === " ")) {
    to -= 1;
  }
  return [from, to];
}

function pieces(letters, isHit, [from, to]) {
  const runs = [from > 0 ? "…" : ""];
  for (let index = from; index < to; index += 1) {
    if (isHit[index] !== (runs.length - 1) % 2) {
      runs.push("");
    }
    runs[runs.length - 1] += letters[index];
  }
  if (to < letters.length) {
    if (runs.length % 2) runs[runs.length - 1] += "…";
    else runs.push("…");
  }
  return runs;
}
