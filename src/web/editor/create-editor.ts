import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Language } from '#contract/vocabulary.ts';
import { appearance } from './appearance.ts';

/** An editor with one document per language, each with an undo history of its own. */
export type Editor = {
  /** Puts the language's document in front; `code` is what it begins with when it is opened for the first time. */
  show(language: Language, code: string, label: string): void;
  /** Changes the whole text in one step that can be undone. */
  replace(code: string): void;
  code(): string;
  focus(at?: number): void;
  /** Says that sizes have changed from outside. */
  measure(): void;
  destroy(): void;
};

const INDENTS: Record<Language, Extension> = {
  python: [indentUnit.of('    '), EditorState.tabSize.of(4)],
  javascript: [indentUnit.of('  '), EditorState.tabSize.of(2)],
};

/** Each language's grammar is a tenth of the editor, and most learners write in one. */
const GRAMMARS: Record<Language, () => Promise<{ support: Extension }>> = {
  python: () => import('./python.ts'),
  javascript: () => import('./javascript.ts'),
};

/**
 * Writes over a selection of several lines without the browser's help: where Chromium joins lines itself it sets an
 * inline style, which the page's policy reports.
 */
function writeOver(event: InputEvent, view: EditorView): boolean {
  const { inputType, data, isComposing } = event;
  if (inputType !== 'insertText' || data === null || isComposing) return false;
  const { from, to } = view.state.selection.main;
  if (view.state.doc.lineAt(from).to >= to && !data.includes('\n')) return false;
  const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type' });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
  return true;
}

const COMMON: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightActiveLine(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  EditorView.lineWrapping,
  EditorView.domEventHandlers({ beforeinput: writeOver }),
  // Escape gives the next Tab back to the page: CodeMirror's own rule.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
  appearance,
];

/**
 * Makes a CodeMirror editor in a shadow root of `host`: there it may use constructed style sheets, so that the page's
 * policy needs no exception for inline styles.
 */
export function createEditor(host: HTMLElement, onChange: (code: string) => void): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const documents = new Map<Language, EditorState>();
  const grammar = new Compartment();
  let shown: Language | null = null;
  const listener = EditorView.updateListener.of(({ docChanged, state }) => {
    if (docChanged) onChange(state.doc.toString());
  });
  const view = new EditorView({ root, parent: root });

  function create(language: Language, doc: string, label: string): EditorState {
    // Editable text is focusable by itself, but checkers of long, scrolling code look for the attribute.
    const attributes = EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' });
    const extensions = [COMMON, INDENTS[language], grammar.of([]), listener, attributes];
    return EditorState.create({ doc, extensions });
  }

  /** Colours and indentation by syntax follow when the grammar has come; without it the text is plain. */
  async function addGrammar(language: Language): Promise<void> {
    const { support } = await GRAMMARS[language]();
    const effects = grammar.reconfigure(support);
    const aside = documents.get(language);
    if (shown === language) view.dispatch({ effects });
    else if (aside !== undefined) documents.set(language, aside.update({ effects }).state);
  }

  return {
    show(language, code, label) {
      if (shown !== null) documents.set(shown, view.state);
      shown = language;
      const known = documents.get(language);
      view.setState(known ?? create(language, code, label));
      if (known === undefined) addGrammar(language).catch(() => undefined);
    },
    replace(code) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } });
    },
    code: () => view.state.doc.toString(),
    focus(at) {
      if (at !== undefined) view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) } });
      view.focus();
    },
    measure: () => view.requestMeasure(),
    destroy: () => view.destroy(),
  };
}
