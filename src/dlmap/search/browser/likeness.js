// How like a name what was typed is: parts, short forms, slips, sounds. Loaded after words.js.
"use strict";

// Scores are on one scale: above 100 it is the name itself, below 60 it is a guess.
const SCORE = {
  exact: 112,
  plural: 108,
  sound: 94,
  acronym: 92,
  start: 80,
  word: 66,
  typo: 62,
  short: 56,
  infix: 52,
  words: 48,
  slip: 46,
  part: 34,
  fuzzy: 32,
  any: 10,
};
const SURE = 60;

function closeness(key, name) {
  const share = Math.min(key.length, name.key.length) / Math.max(key.length, name.key.length);
  const at = name.key.indexOf(key);
  if (at === 0) {
    return key.length === name.key.length
      ? SCORE.exact
      : name.key === `${key}s`
        ? SCORE.plural
        : SCORE.start + 10 * share;
  }
  if (name.acronym === key || `${name.acronym}s` === key) {
    return SCORE.acronym;
  }
  if (at > 0) {
    // The head of a Chinese compound is its end: 随机卷积核变换 is a transform, and no kernel.
    const isModifier = isHan(key) && at + key.length < name.key.length;
    if (name.starts.includes(at) && !isModifier) {
      return SCORE.word + 10 * share;
    }
    return key.length > 2 ? SCORE.infix + 10 * share : 0;
  }
  return 0;
}

// Whether a query names it among other words: `how does VAE differ from GAN`, `layer norm vs batch norm`.
function isPartOf(name, key, splits) {
  if (name.key.length < 2 || !key.includes(name.key)) {
    return false;
  }
  return isHan(name.key) || splits.some((words) => spellsTogether(words, name.words.join("")));
}

// Whether some words that stand together are a text when the spaces between them are left out.
function spellsTogether(words, text) {
  return words.some((_, index) => {
    let rest = text;
    for (let at = index; rest && at < words.length && rest.startsWith(words[at]); at += 1) {
      rest = rest.slice(words[at].length);
    }
    return !rest;
  });
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
const SLIPS = [
  [1, 1],
  [1, 0],
  [0, 1],
  [2, 2],
];
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
