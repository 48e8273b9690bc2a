// What a word is, for the index and for a query alike: the same file runs in V8 at build and in the browser. Loaded
// after hanzi.js.
"use strict";

const GREEK = {
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  ζ: "zeta",
  η: "eta",
  θ: "theta",
  ι: "iota",
  κ: "kappa",
  λ: "lambda",
  μ: "mu",
  ν: "nu",
  ξ: "xi",
  ο: "omicron",
  π: "pi",
  ρ: "rho",
  σ: "sigma",
  ς: "sigma",
  τ: "tau",
  υ: "upsilon",
  φ: "phi",
  χ: "chi",
  ψ: "psi",
  ω: "omega",
};
// What Unicode does not take apart.
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i" };
const SIMPLIFIED = Object.fromEntries(TRADITIONAL.match(/../gu).map(([letter, simple]) => [letter, simple]));
const FOLDED = { ...GREEK, ...LETTERS, ...SIMPLIFIED };
const SPELT = new RegExp(`[${Object.keys(FOLDED).join("")}]`, "g");
const WORD = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;
const SMALL_WORDS = new Set("a an and as at by for from in of on or the to via with".split(" "));
const LONGEST_KEY = 40;

// Case, accents, width, Greek letters and traditional characters do not tell words apart.
function fold(text) {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
  return plain.replace(SPELT, (letter) => FOLDED[letter]);
}

// A name as it is compared: neither spaces nor hyphens tell names apart, `+` and `&` do.
function keyOf(text) {
  return fold(text).replace(/[^\p{L}\p{N}+&]+/gu, "");
}

function isHan(word) {
  return /^\p{Script=Han}/u.test(word);
}

function wordsOf(text) {
  return fold(text).match(WORD) ?? [];
}

function bigramsOf(run) {
  const letters = [...run];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, index) => letters[index] + letter);
}

// The parts of a name that capitals and digits show: InfoVAE, YOLOv3.
function partsOf(name) {
  return wordsOf(
    name
      .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
      .replace(/(\p{L})(\p{N})/gu, "$1 $2")
      .replace(/(\p{N})(\p{L})/gu, "$1 $2"),
  );
}

// The initials of a name of several words: CNN for Convolutional Neural Networks.
function acronymOf(name) {
  const words = wordsOf(name).filter((word) => !SMALL_WORDS.has(word));
  return words.length > 1 && !words.some(isHan) ? words.map((word) => word[0]).join("") : "";
}

// Everything that a name can be found by.
function indexTerms(name) {
  const terms = new Set();
  for (const word of [...wordsOf(name), ...partsOf(name)]) {
    if (isHan(word)) {
      for (const bigram of bigramsOf(word)) terms.add(bigram);
      terms.add([...word].at(-1)); // no bigram begins with it
    } else {
      terms.add(word);
    }
  }
  const key = keyOf(name);
  if (key.length <= LONGEST_KEY && !isHan(key)) {
    terms.add(key);
  }
  return [...terms];
}

// What words of a text have to begin with: `nets` is found in `networks`.
function stemsOf(text) {
  return wordsOf(text).map(singular);
}

function singular(word) {
  return word.replace(/([a-z]{2}[^su])s$/, "$1");
}

// What a query asks the index for: stems, Chinese in pairs.
function queryTerms(query) {
  return [...new Set(stemsOf(query).flatMap((word) => (isHan(word) ? bigramsOf(word) : [word])))];
}

const INDEX_OPTIONS = {
  fields: ["label", "alias"],
  tokenize: (text) => text.split(" "),
  processTerm: (term) => term,
};
