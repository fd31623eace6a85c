/** The row that a sealed text belongs to; a text moved to another row does not open there. */
export type SealContext = { table: string; learnerId: string; taskId: string; rowId: string };

/** Encryption of learners' code at rest. */
export type CodeCipher = {
  seal(plain: string, context: SealContext): Promise<string>;
  /** @throws AppError `integrity-error` when the text was changed, moved, or sealed with a key that is gone. */
  open(sealed: string, context: SealContext): Promise<string>;
};
