// Turns <textarea data-editor> into CodeMirror with Python and marks of syntax errors; the textarea stays the
// form's field and is kept equal. Stands in a shadow root, because there styles are adopted as objects: the pages'
// policy allows no <style> element.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching, ensureSyntaxTree, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { linter, lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const MOST_MARKS = 20;
const PARSE_MILLISECONDS = 200;

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], color: "light-dark(#7a2569, #e6a6d6)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#1d6b3a, #9fd8a9)" },
  { tag: [tags.comment], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "light-dark(#9a4300, #f2b880)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], color: "light-dark(#0f548c, #9ac8f5)", fontWeight: "600" },
]);

const looks = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)", fontSize: "0.9rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono, ui-monospace, monospace)", lineHeight: "1.55", minHeight: "18rem", maxHeight: "min(70vh, 44rem)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "light-dark(#7a25690d, #e6a6d614)" },
  ".cm-cursor": { borderInlineStartColor: "var(--ink)", borderInlineStartWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "light-dark(#d9c2d4, #57364f)" },
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-matchingBracket": { backgroundColor: "light-dark(#cfe8d4, #2d5236) !important" },
});

// What the grammar could not read; Python's own message comes from the server's inspection.
function syntaxMarks(view) {
  const marks = [];
  // A tree that is not finished ends in an error of its own.
  const tree = ensureSyntaxTree(view.state, view.state.doc.length, PARSE_MILLISECONDS);
  tree?.iterate({
    enter(node) {
      if (!node.type.isError || marks.length >= MOST_MARKS) return;
      const from = Math.min(node.from, view.state.doc.length);
      const to = Math.max(from, node.to);
      if (marks.some((mark) => mark.from === from)) return;
      marks.push({ from, to, severity: "error", message: "Python cannot read this." });
    },
  });
  return marks;
}

// Chromium itself would write styles into the page when typing replaces a selection; the policy rightly blocks those.
function replaceSelection(event, view) {
  const isPlain = event.inputType === "insertText" && event.data && !/["'([{]/.test(event.data);
  if (!isPlain || view.composing || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type" }));
  return true;
}

function enhance(field) {
  const host = document.createElement("div");
  host.className = "editor";
  field.after(host);
  const root = host.attachShadow({ mode: "open" });
  const label = field.labels?.[0]?.textContent.trim() ?? "Code";
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), lintGutter(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(),
        history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        highlightSelectionMatches(), search({ top: true }), EditorState.tabSize.of(4), indentUnit.of("    "),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab]),
        python(), syntaxHighlighting(colours), linter(syntaxMarks, { delay: 400 }), looks,
        EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true", spellcheck: "false", tabindex: "0" }),
        EditorView.domEventHandlers({ beforeinput: replaceSelection }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    }),
  });
  field.hidden = true;
  // A draft or a starter put into the textarea by another script.
  field.addEventListener("editor:set", () => {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: field.value } });
  });
  field.addEventListener("editor:focus", () => view.focus());
}

document.querySelectorAll("textarea[data-editor]").forEach(enhance);
document.addEventListener("page:replaced", () => {
  document.querySelectorAll("textarea[data-editor]:not([hidden])").forEach(enhance);
});
