import { styleText } from 'node:util';

/** Where a command writes. Colours only where a person looks at a terminal and has not asked for none. */
export class Printer {
  readonly #output: NodeJS.WriteStream;
  readonly json: boolean;

  constructor(output: NodeJS.WriteStream, json: boolean) {
    this.#output = output;
    this.json = json;
  }

  get isTerminal(): boolean {
    return this.#output.isTTY === true;
  }

  /** A line for people; nothing where the output is JSON. */
  line(text = ''): void {
    if (!this.json) this.#output.write(`${text}\n`);
  }

  /** The result for programs; nothing where the output is for people. */
  data(value: unknown): void {
    if (this.json) this.#output.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** Replaces the last line on a terminal. */
  again(text: string): void {
    if (!this.json && this.isTerminal) this.#output.write(`\r\u001b[2K${text}`);
  }

  paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.json ? text : styleText(style, text, { stream: this.#output });
  }

  heading(text: string): void {
    this.line();
    this.line(this.paint('bold', text));
  }

  /** Columns as wide as their widest cell; numbers to the right. */
  table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    if (this.json) return;
    const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? thousands(cell) : cell)));
    const right = header.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number'));
    const widths = header.map((name, index) => Math.max(name.length, ...cells.map((row) => (row[index] ?? '').length)));
    const line = (row: readonly string[]) =>
      row
        .map((cell, index) => (right[index] ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!)))
        .join('  ')
        .trimEnd();
    this.line(`  ${this.paint('dim', line(header))}`);
    for (const row of cells) this.line(`  ${line(row)}`);
  }
}

/** 1234567 → `1,234,567`. */
export function thousands(value: number): string {
  return value.toLocaleString('en-US');
}

/** 1536 → `1.5 KB`; 1 KB is 1,000 bytes. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** 1234 → `1.2 s`; 87 → `87 ms`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
