// Finds passages by looking through the texts: an index of them would be larger than they are, and they are shown
// anyway. Loaded after words.js.
"use strict";

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

  // Calls `hit` with each line that holds a word, once for each time it does.
  scan(word, hit) {
    const isWord = !isHan(word);
    let line = 0;
    for (let at = this.folded.indexOf(word); at >= 0; at = this.folded.indexOf(word, at + word.length)) {
      if (isWord && at > 0 && isLetter(this.folded.charCodeAt(at - 1))) {
        continue;
      }
      while (this.starts[line + 1] <= at) {
        line += 1;
      }
      hit(line);
    }
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
  }

  add(data) {
    this.shards.push(new Shard(data));
  }

  // The first passage of an entry, if a text that is loaded has one: {lang, line}.
  lead(entry, lang) {
    const shards = this.shards.filter(({ leads }) => leads.has(entry));
    const shard = shards.find((shard) => shard.lang === lang) ?? shards[0];
    return shard && { lang: shard.lang, line: shard.lines[shard.leads.get(entry)] };
  }

  // The best passage of each owner in a language, the best first: {shard, line, owner, score}. `named` gives the
  // entries whose names hold a word: their passages need not repeat it.
  find(words, lang, named) {
    const shards = this.shards.filter((shard) => shard.lang === lang);
    const counts = words.flatMap((word) => this.count(word, shards)).slice(0, 30);
    const total = counts.reduce((sum, { weight }) => sum + weight, 0);
    if (!total) {
      return [];
    }
    const titles = counts.map(({ word }) => named(word));
    const hits = shards.flatMap((shard, index) => rate(shard, counts.map(({ lines }) => lines[index]), counts, titles));
    const isWhole = hits.some((hit) => hit.share > 0.99 * total);
    const kept = new Map();
    for (const hit of hits) {
      if (hit.share > (isWhole ? 0.99 : NEEDED) * total) {
        hit.isWhole = isWhole;
        const key = hit.owner < 0 ? hit.shard.articles[-1 - hit.owner] : hit.owner;
        if (!(kept.get(key)?.score >= hit.score)) {
          kept.set(key, hit);
        }
      }
    }
    return [...kept.values()].sort((a, b) => b.score - a.score);
  }

  // What each line says of a word; of its pairs where it is Chinese and stands nowhere as it is.
  count(word, shards) {
    let total = 0;
    let lines = 0;
    const found = shards.map((shard) => {
      const here = new Map();
      const hit = (line) => here.set(line, (here.get(line) ?? 0) + 1);
      shard.scan(word, hit);
      shard.titled(word).forEach(hit);
      total += shard.lines.length;
      lines += here.size;
      return here;
    });
    if (!lines && isHan(word) && [...word].length > 2) {
      return bigramsOf(word).flatMap((bigram) => this.count(bigram, shards));
    }
    return [{ word, lines: found, weight: Math.log(1 + total / (1 + lines)) }];
  }
}

function rate(shard, found, counts, titles) {
  const hits = [];
  for (const line of new Set(found.flatMap((lines) => [...lines.keys()]))) {
    const owner = shard.owners[line];
    const isLead = shard.leads.get(owner) === line;
    let share = 0;
    let score = 0;
    counts.forEach(({ weight }, index) => {
      const times = found[index].get(line) ?? 0;
      const isTitle = titles[index].has(owner);
      share += times || isTitle ? weight : 0;
      score += weight * (times ? 1 + 0.2 * Math.min(times - 1, 3) : 0) + (isTitle ? IN_TITLE * weight : 0);
    });
    const length = shard.lines[line].length;
    const starts = counts.some(({ word }) => word.length > 1 && shard.folded.startsWith(word, shard.starts[line]));
    const worth = (isLead ? IN_LEAD : 1) * (starts ? AT_START : 1);
    hits.push({ shard, line, owner, share, isLead, starts, score: (score * worth) / (1 + length / 1500) });
  }
  return hits;
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
  const isInside = (at) => [letters[at - 1], letters[at]].every((letter) => /[\p{L}\p{N}]/u.test(letter) && !isHan(letter));
  const first = Math.max(0, isHit.indexOf(1));
  let from = Math.max(0, Math.min(first - Math.round(room / 4), letters.length - room));
  let to = Math.min(letters.length, from + room);
  while (from > 0 && from < first && isInside(from)) {
    from += 1;
  }
  while (to < letters.length && to > first + 1 && isInside(to)) {
    to -= 1;
  }
  return [from, to];
}

function pieces(letters, isHit, [from, to]) {
  const made = [from > 0 ? "…" : ""];
  for (let index = from; index < to; index += 1) {
    if (isHit[index] !== (made.length - 1) % 2) {
      made.push("");
    }
    made[made.length - 1] += letters[index];
  }
  if (to < letters.length) {
    made.length % 2 ? (made[made.length - 1] += "…") : made.push("…");
  }
  return made;
}
