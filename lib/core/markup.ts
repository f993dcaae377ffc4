/** Text that stands in HTML or SVG as it is. Only `html` makes it, so whatever else comes in is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Part[] | undefined;

/**
 * A template of HTML: everything that is put in is escaped, except for what such a template has made.
 * @example html`<td title="${name}">${rows.map((row) => html`<b>${row}</b>`)}</td>`
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, index) => text + shown(parts[index])).join(''));
}

function shown(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(shown).join('');
}

/** In text and in quoted attributes; characters that XML does not have become the one that stands for such. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must not stay
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/g, '\uFFFD')
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
