// Makes the index of names inside V8. Loaded after MiniSearch and words.js.
"use strict";

// From a list of [labels, other names] to the postings of the index: [term, entries by label, by other name].
// MiniSearch's own form says twice as much; names.js makes it again.
function buildIndex(json) {
  const index = new MiniSearch(INDEX_OPTIONS);
  const termsOf = (names) => [...new Set(names.flatMap(indexTerms))].join(" ");
  index.addAll(
    JSON.parse(json).map(([labels, others], id) => ({ id, label: termsOf(labels), alias: termsOf(others) })),
  );
  const ids = (postings) => Object.keys(postings ?? {}).map(Number);
  return JSON.stringify(index.toJSON().index.map(([term, fields]) => [term, ids(fields[0]), ids(fields[1])]));
}
