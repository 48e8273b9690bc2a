// Answers a query with groups of hits, ready to be shown. Loaded after names.js and passages.js.
"use strict";

const SHOWN = { concepts: 6, methods: 6, text: 6 };
const ROOM = { zh: 72 };
const MOST_ROOM = 150;
// What is found by what is said of it: at the beginning, in its first sentence, anywhere.
const SAID = { first: 50, lead: 22, text: 34 };
const BEST_SAID = 12;
const LEAST = 0.5; // of the best score in the group: what has less is noise

// What people write around what they look for.
const ASKING = new RegExp(
  "什么是|是什么|什么叫|什么意思|有什么|有哪些|请问|哪些|怎么样|怎么办|怎么|怎样|如何|为什么(?:要用|要)?|是怎么|的区别|区别|的原理|原理|的方法|" +
    "介绍|详解|解决|防止|工作|论文|教程|代码|[的了吗呢和与及跟?？!！,，。、]",
  "gu",
);
const ASKING_WORDS = new Set(
  (
    "a an the what is are was how does do did work works why when which who of for in on to with by from between and or vs " +
    "versus difference explain explained tutorial paper introduction intro about can i you we it"
  ).split(" "),
);

class Engine {
  // `data`: {languages, named: the kinds of methods, texts: the files of each language, entries, postings}.
  constructor(data) {
    this.languages = data.languages;
    this.named = new Set(data.named);
    this.texts = data.texts;
    this.names = new Names(data.entries, data.postings);
    this.passages = new Passages();
  }

  add(shard) {
    this.passages.add(shard);
  }

  // {groups: [{kind, hits}], suggestions}; a group that has no hits is left out, the best comes first.
  search(query, lang) {
    const core = coreOf(query);
    const scores = this.scoreNames(query, core);
    const { words, texts } = this.readFor(core, scores, lang);
    const passages = this.weigh(scores, texts, words);
    const groupsByName = this.nameGroups(scores, (id) => this.entryHit(id, words, lang, passages.get(id)));
    const listed = new Set(groupsByName.flatMap(({ ids }) => ids));
    const inTexts = this.textHits(
      texts.filter(({ owner }) => !listed.has(owner)),
      words,
      lang,
    );
    const groups = [...groupsByName, { kind: "text", best: texts[0]?.isWhole ? SAID.text : 0, hits: inTexts }].filter(
      ({ hits }) => hits.length,
    );
    groups.sort((a, b) => b.best - a.best);
    return {
      groups: groups.map(({ kind, hits }) => ({ kind, hits })),
      suggestions: groups.length ? [] : this.suggest(query, lang),
    };
  }

  // What is called so: the query as it is, or without the words of asking.
  scoreNames(query, core) {
    const scores = this.names.find(query);
    if (core !== query && best(scores) < SCORE.start) {
      for (const [id, score] of this.names.find(core)) {
        scores.set(id, Math.max(scores.get(id) ?? 0, score - 2));
      }
    }
    return scores;
  }

  // Adds to the scores of names what texts say; returns the passages that were better than the name.
  weigh(scores, texts, words) {
    const passages = new Map();
    if (texts[0]?.isWhole) {
      // A name with some of the words says less than a text with all of them.
      for (const [id, score] of scores) {
        if (score < SCORE.part) scores.set(id, score / 2);
      }
    }
    const said = texts.filter(({ owner, isLead, starts }) => owner >= 0 && (isLead || starts)).slice(0, BEST_SAID);
    said.forEach(({ owner, isWhole, starts, shard, line }, index) => {
      const score = (isWhole && starts && words.length === 1 ? SAID.first : SAID.lead) + BEST_SAID - index;
      if (score > (scores.get(owner) ?? 0)) {
        scores.set(owner, score);
        passages.set(owner, { lang: shard.lang, line: shard.lines[line] });
      }
    });
    for (const [id, score] of scores) {
      scores.set(id, score + this.names.standing(id));
    }
    return passages;
  }

  // What the texts say of a query; where they know nothing of it, of the name that it stands for (`bfzbmq`).
  readFor(query, scores, lang) {
    const words = stemsOf(query);
    const texts = this.read(words, lang);
    const [id, score] = [...scores].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [-1, 0]);
    if (texts.length || score < SCORE.infix) {
      return { words, texts };
    }
    const meant = stemsOf(this.label(id, lang));
    return { words: meant, texts: this.read(meant, lang) };
  }

  read(words, lang) {
    const idsByWord = new Map();
    const idsNamed = (word) => {
      if (!idsByWord.has(word)) {
        const held = this.names.entries.filter(({ names }) => names.some(({ key }) => key.includes(word)));
        idsByWord.set(word, new Set(held.map(({ id }) => id)));
      }
      return idsByWord.get(word);
    };
    const hits = this.passages.find(words, lang, idsNamed);
    const owners = new Set(hits.map(({ owner }) => owner));
    const others = this.languages
      .filter((other) => other !== lang)
      .flatMap((other) => this.passages.find(words, other, idsNamed))
      .filter(({ owner }) => owner < 0 || !owners.has(owner));
    return [...hits, ...others];
  }

  // The two groups of what is found by its name, or by what is said of it first.
  nameGroups(scores, hitOf) {
    const ordered = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return ["concepts", "methods"].map((kind) => {
      const all = ordered.filter(([id]) => this.named.has(this.names.entries[id].kind) === (kind === "methods"));
      // Each group has a threshold of its own: a family named as in the query does not hide its namesake method.
      const least = (all[0]?.[1] ?? 0) * LEAST;
      const own = all.filter(([, score]) => score >= least);
      const ids = own.slice(0, SHOWN[kind]).map(([id]) => id);
      return { kind, best: own[0]?.[1] ?? 0, ids, hits: ids.map(hitOf) };
    });
  }

  textHits(texts, words, lang) {
    return texts.slice(0, SHOWN.text).map((hit) => {
      const own = hit.shard.lang;
      const passage = marked(hit.shard.lines[hit.line], words, roomOf(own));
      if (hit.owner < 0) {
        const [path, title] = hit.shard.articles[-1 - hit.owner];
        const kind = path.startsWith("articles/") ? "article" : "page";
        return { path: `${own}/${path}`, kind, title: marked(title, words), place: [], passage, lang: own };
      }
      return { ...this.entryHit(hit.owner, words, own), place: this.place(hit.owner, lang), passage, lang: own };
    });
  }

  // `passage` is shown where it is why the entry was found; else what says best what it is.
  entryHit(id, words, lang, passage = this.passages.lead(id, lang)) {
    const { path, kind, hue } = this.names.entries[id];
    const title = this.label(id, lang);
    const other = this.names.entries[id].labels.find((label) => label && label !== title) ?? "";
    return {
      path: `${lang}/${path}`,
      kind,
      hue,
      title: marked(title, words),
      other: marked(other, words),
      place: this.place(id, lang),
      passage: passage ? marked(passage.line, words, roomOf(passage.lang)) : [],
      lang: passage ? passage.lang : lang,
    };
  }

  place(id, lang) {
    return this.names.above(id).map((above) => this.label(above, lang));
  }

  label(id, lang) {
    const { labels } = this.names.entries[id];
    return labels[this.languages.indexOf(lang)] || labels.find(Boolean);
  }

  // What may have been meant: names that share letters with the query, else the families with most in them.
  suggest(query, lang) {
    const wanted = new Set(bigramsOf(keyOf(query)));
    const likeness = (key) =>
      bigramsOf(key).filter((pair) => wanted.has(pair)).length / (wanted.size + key.length || 1);
    const rated = this.names.entries.map((entry) => ({
      id: entry.id,
      score: Math.max(...entry.names.map(({ key }) => likeness(key))) + entry.weight / 1e6,
    }));
    rated.sort((a, b) => b.score - a.score);
    return rated.slice(0, 5).map(({ id }) => this.entryHit(id, [], lang));
  }
}

// How many letters of a passage are shown.
function roomOf(lang) {
  return ROOM[lang] ?? MOST_ROOM;
}

// A query without the words of asking; the query itself where nothing else is left.
function coreOf(query) {
  const words = query.replace(ASKING, " ").split(/\s+/);
  const core = words
    .filter((word) => !ASKING_WORDS.has(word.toLowerCase()))
    .join(" ")
    .trim();
  return core || query;
}
