import * as z from 'zod';

const Delta = z.object({ text: z.string() });

/** Null for what is not JSON: a recording that was cut can end within an event. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/**
 * The words of a tutor: the texts of all `delta` events of its stream (HTML standard, section 9.2.6, "Interpreting an
 * event stream"). Events that are unfinished, of another type or of another shape add nothing.
 */
export function spokenText(stream: string): string {
  let text = '';
  let event = '';
  let data: string[] = [];
  // What follows the last line's end is an unfinished line.
  for (const line of stream
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .slice(0, -1)) {
    if (line === '') {
      if (event === 'delta') text += Delta.safeParse(parsed(data.join('\n'))).data?.text ?? '';
      event = '';
      data = [];
      continue;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return text;
}
