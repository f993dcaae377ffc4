/** What `styleText` puts around text; it colours, and does nothing else. */
const style = '\\u001b\\[[0-9;]*m';
/** Controls of a terminal, line ends and tabs aside, and what turns the direction of writing. */
const controls = '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]';
const either = new RegExp(`(${style})|${controls}`, 'g');

/**
 * A text whose controls are seen and not obeyed: `\u001b[2J` in a rejected row must not clear the screen of the person who
 * looks at it.
 */
export function printable(text: string): string {
  return text.replace(either, (found, styled?: string) => styled ?? escaped(found));
}

function escaped(control: string): string {
  if (control === '\r') return '\\r';
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
