import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The page's own tokens reach into the shadow root, so that the editor follows the theme by itself. */
const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: 'var(--code-size)', lineHeight: '1.6' },
  '.cm-content': { padding: '0.75rem 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 1rem 0 0.5rem' },
  '.cm-cursor, .cm-dropCursor': { borderLeft: '2px solid var(--accent)' },
  '.cm-gutters': { color: 'var(--muted)', backgroundColor: 'var(--surface)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0.5rem 0 0.75rem', minWidth: '2.5rem' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--sunken) 60%, transparent)' },
  '.cm-activeLineGutter': { color: 'var(--text)', backgroundColor: 'var(--surface)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfdcfb, #34477a)',
  },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid var(--accent)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--bad-soft)' },
});

/** Every colour reaches AA on the surface and on the active line, in both themes. */
const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'light-dark(#5d636d, #9aa2ad)', fontStyle: 'italic' },
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.self],
    color: 'light-dark(#8a1f8f, #e0a3f0)',
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'light-dark(#17633a, #8fdcae)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'light-dark(#9a3a00, #ffb98a)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'light-dark(#1f4fb8, #9dbcff)',
  },
  {
    tag: [tags.definition(tags.variableName), tags.className, tags.typeName],
    color: 'light-dark(#0b5c78, #83d3ee)',
  },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

export const appearance: Extension = [theme, syntaxHighlighting(colours)];
