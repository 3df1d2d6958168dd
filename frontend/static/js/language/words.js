// Words people read, in the language of the page. English stands in the code; another language comes with the page as a
// script of its own before all others (pages/bundles.py), which finds them by the calls of `word` with a plain text.

const WORDS = globalThis.coliseumWords ?? {};

/** Return a text in the language of the page, with `{name}` replaced by what `values` has for it. */
export function word(text, values = {}) {
  return (WORDS[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
