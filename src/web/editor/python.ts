import { pythonLanguage } from '@codemirror/lang-python';
import type { Extension } from '@codemirror/state';

export const support: Extension = pythonLanguage;
