// Splits Chinese labels into words, so that a label on the map never breaks inside one. ICU's dictionary (Intl.Segmenter)
// knows common words; terms of the field come out of it as single characters, which are joined again by the rules below.

"use strict";

const HAN = /^\p{Script=Han}+$/u;
const PREFIXES = new Set("自半多非低超预大重反可无弱");
const SUFFIXES = new Set("化性器度率机式型层");
const PARTICLES = new Set("的中与和到及或");

// Runs of single characters are words that the dictionary does not know: 卷|积 is 卷积.
function joinSingles(segments) {
  const words = [];
  let run = "";
  const flush = () => {
    if (run) words.push(run);
    run = "";
  };
  for (const segment of segments) {
    if ([...segment].length === 1 && HAN.test(segment) && !PARTICLES.has(segment)) {
      run += segment;
      continue;
    }
    flush();
    words.push(segment);
  }
  flush();
  return words;
}

// Particles and suffixes (编码|器) belong to the word before, prefixes (自|编码) to the word after.
function attachAffixes(words) {
  const result = [];
  let prefix = "";
  for (const [index, word] of words.entries()) {
    const isLast = index === words.length - 1;
    const follows = !isLast && HAN.test(words[index + 1]) && !PARTICLES.has(words[index + 1]);
    if (HAN.test(word) && word.length > 1 && follows && PREFIXES.has(word.at(-1))) {
      result.push(prefix + word.slice(0, -1));
      prefix = word.at(-1);
    } else if (HAN.test(word) && word.length === 1 && follows && (PREFIXES.has(word) || !result.length)) {
      prefix += word;
    } else if (HAN.test(word) && word.length === 1 && result.length && !prefix) {
      result[result.length - 1] += word;
    } else {
      result.push(prefix + word);
      prefix = "";
    }
  }
  return result;
}

// A long word that begins or ends with a word of another label is two: 轻量级卷积 is 轻量级|卷积.
function splitByVocabulary(word, vocabulary) {
  if (!HAN.test(word) || word.length < 4) return [word];
  for (let at = 2; at <= word.length - 2; at++) {
    const [head, tail] = [word.slice(0, at), word.slice(at)];
    if (vocabulary.has(tail) || (vocabulary.has(head) && !SUFFIXES.has(tail[0]))) return [head, tail];
  }
  return [word];
}

// Takes a list of labels; answers for each the list of its words, which joined are the label.
function segmentLabels(question) {
  const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
  const split = JSON.parse(question).map((label) => {
    const runs = label.match(/\p{Script=Han}+|\P{Script=Han}+/gu) ?? [];
    return runs.flatMap((run) => {
      if (!HAN.test(run)) return [run];
      return attachAffixes(joinSingles(Array.from(segmenter.segment(run), ({ segment }) => segment)));
    });
  });
  const counts = new Map();
  for (const word of split.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const vocabulary = new Set([...counts].filter(([word, count]) => word.length < 4 && count > 1).map(([word]) => word));
  return JSON.stringify(split.map((words) => words.flatMap((word) => splitByVocabulary(word, vocabulary))));
}
