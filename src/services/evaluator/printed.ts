/** What a program printed during one request. */
export type Printed = { text: string; truncated: boolean };

/** UTF-16 units kept of what is printed during one request. */
export const PRINTED_CAP = 65_536;
/** Pieces in which it may come: a child sends at most four full ones, or some more small ones. */
const MOST_PIECES = 1024;

/** Collects the output of one request after the other; bounded, whatever a child sends. */
export function createPrinter() {
  let text = '';
  let truncated = false;
  let pieces = 0;
  return {
    /** Appends a piece. @returns false for more pieces than any output needs. */
    add(piece: string, cut = false): boolean {
      pieces += 1;
      truncated ||= cut || text.length + piece.length > PRINTED_CAP;
      text = (text + piece).slice(0, PRINTED_CAP);
      return pieces <= MOST_PIECES;
    },
    /** Hands over what was collected, and begins again. */
    take(): Printed {
      const printed = { text, truncated };
      [text, truncated, pieces] = ['', false, 0];
      return printed;
    },
  };
}
