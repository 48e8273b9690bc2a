// Renders a batch of formulas inside V8. The worker loads it after katex.min.js and calls renderBatch(json).

"use strict";

// KaTeX does not throw on a command it does not trust (\href, \htmlData, …): it prints the command in the
// error colour. A colour that no formula can ask for tells such output apart. It is looked for as an
// attribute, and quotes in the text of a formula are escaped, so a formula cannot fake it either.
const UNTRUSTED_COLOR = "dlmap-untrusted";
const UNTRUSTED_OUTPUT = new RegExp(`mathcolor="${UNTRUSTED_COLOR}">\\s*<mtext>(\\\\[A-Za-z]+)`);

// A few \def can make a formula of ten lines into a page of hundreds of megabytes.
const MAX_HTML_LENGTH = 5_000_000;

// maxSize caps sizes above, but not below: \kern-9999em would push a formula out of its page.
const HUGE_SIZE = /[:"]-?\d{4,}[.\d]*em[;"]/;

// Characters that an HTML document must not hold; \char can ask for any of them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_HTML = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\uFDD0-\uFDEF\uFFFE\uFFFF]/;

function failure(message, position = null) {
  // Half a surrogate pair hangs mini-racer, and KaTeX can cut a pair in two.
  return { message: message.toWellFormed(), position };
}

// KaTeX's position counts in the text that its lexer was reading, which is not the formula while it reads the
// body of a built-in macro. Its message quotes that text before the position: only if the formula reads the
// same is it ours.
function positionInFormula(error, tex) {
  const start = error.position;
  if (start === undefined) {
    return null;
  }
  const before = start > 15 ? `…${tex.slice(start - 15, start)}` : tex.slice(0, start);
  const quoted = (start === tex.length ? " at end of input: " : ` at position ${start + 1}: `) + before;
  return error.message.includes(quoted) ? start : null;
}

function untrustedCommand(html, tex) {
  const [, command] = UNTRUSTED_OUTPUT.exec(html) ?? [];
  if (command === undefined) {
    return failure("the formula uses a command that is not allowed");
  }
  const written = new RegExp(`\\${command}(?![A-Za-z])`).exec(tex);
  return failure(`${command} is not allowed in a formula`, written === null ? null : written.index);
}

// Three things that KaTeX writes and HTML does not allow: a negative height, which browsers pass over; an operator made
// of elements (\bmod); "apply function" without what it would apply to (q_{\min}), which breaks the script around it.
function mended(html) {
  return html
    .replace(/(?<=[";])height:-[\d.]+em;/g, "")
    .replace(
      /(<mo[^>]*>)<mrow>((?:<(m[ino])[^>]*>[^<]*<\/\3>)+)<\/mrow>(?=<\/mo>)/g,
      (_, start, inner) => start + inner.replace(/<[^>]*>/g, ""),
    )
    .replace(/<mo>\u2061<\/mo>(?=<\/m(?:sub|sup|subsup|over|under|underover|frac)>)/g, "");
}

// Signs that the font standing in for KaTeX's does not have: static/formulas.css gives them their width.
const WIDE = {
  "∣": 278,
  "⋅": 278,
  ϵ: 406,
  "∥": 500,
  "∗": 500,
  "∘": 500,
  ϕ: 596,
  "∈": 667,
  "∪": 667,
  "⊤": 778,
  "∼": 778,
  "⊙": 778,
  "∝": 778,
  "⊗": 778,
  "∇": 833,
};
const WIDE_SIGN = new RegExp(
  `(<span class="m(?:ord|bin|rel|open|close)(?: mathnormal)?(?: mtight)?)("[^>]*>)([${Object.keys(WIDE).join("")}])(?=</span>)`,
  "g",
);

function withWidths(html) {
  return html.replace(WIDE_SIGN, (_, start, end, sign) => `${start} wide-${WIDE[sign]}${end}${sign}`);
}

function renderOne([tex, displayMode]) {
  let html;
  try {
    html = katex.renderToString(tex, {
      displayMode,
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "ignore", // Chinese in a formula is neither an error nor a warning
      trust: false,
      maxSize: 50,
      maxExpand: 1000,
      macros: {}, // \gdef writes into it: a new one each time keeps formulas apart
      errorColor: UNTRUSTED_COLOR,
    });
  } catch (error) {
    if (error instanceof katex.ParseError) {
      return failure(error.rawMessage, positionInFormula(error, tex));
    }
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      return failure("the formula is nested too deeply");
    }
    return failure(`KaTeX fails on it: ${error?.message ?? error}`);
  }
  if (html.length > MAX_HTML_LENGTH) {
    return failure(`the formula makes ${html.length} characters of HTML; the limit is ${MAX_HTML_LENGTH}`);
  }
  if (html.includes(UNTRUSTED_COLOR) && html.includes(`mathcolor="${UNTRUSTED_COLOR}"`)) {
    return untrustedCommand(html, tex);
  }
  if (HUGE_SIZE.test(html)) {
    return failure("the formula asks for a size of 1000em or more");
  }
  if (!html.isWellFormed() || NOT_HTML.test(html)) {
    return failure("the formula makes a character that cannot stand in a web page");
  }
  return { html: withWidths(mended(html)) };
}

function renderBatch(json) {
  return JSON.stringify(JSON.parse(json).map(renderOne));
}
