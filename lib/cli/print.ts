import { styleText } from 'node:util';
import { asJson } from '../core/as-json.ts';
import { roundedDown } from '../core/rounded-down.ts';
import { printable } from './printable.ts';
import { cut, width } from './text-width.ts';

/** Where a command writes. Colours only where a person looks at a terminal and has not asked for none. */
export class Printer {
  readonly #output: NodeJS.WriteStream;
  readonly json: boolean;

  constructor(output: NodeJS.WriteStream, json: boolean) {
    this.#output = output;
    this.json = json;
  }

  get isTerminal(): boolean {
    return !this.json && this.#output.isTTY === true;
  }

  /** A line for people; nothing where the output is JSON. */
  line(text = ''): void {
    if (!this.json) this.#output.write(`${printable(text)}\n`);
  }

  /** The result for programs; nothing where the output is for people. */
  data(value: unknown): void {
    if (this.json) this.#output.write(`${asJson(value, 2)}\n`);
  }

  /** One of many results that come by and by, as a line of JSON; nothing where the output is for people. */
  record(value: unknown): void {
    if (this.json) this.#output.write(`${asJson(value)}\n`);
  }

  /** Lines that the next call replaces. Only for a terminal. */
  board(): (lines: readonly string[]) => void {
    let shown: readonly string[] = [];
    return (lines) => {
      if (shown.join('\n') === lines.join('\n')) return;
      if (shown.length > 0) this.#output.write(`\u001b[${shown.length}A`);
      // Cut to the window: a line that wraps would count as two on the way back up.
      const width = this.#output.columns || 120;
      for (const line of lines) this.#output.write(`\u001b[2K${cut(printable(line), width)}\n`);
      shown = lines;
    };
  }

  paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.json ? text : styleText(style, text, { stream: this.#output });
  }

  heading(text: string): void {
    this.line();
    this.line(this.paint('bold', text));
  }

  /** Columns as wide as their widest cell; columns of numbers stand to the right, and so do those that `right` names. */
  table(
    header: readonly string[],
    rows: readonly (readonly (string | number)[])[],
    { right = [] }: { readonly right?: readonly string[] } = {},
  ): void {
    if (this.json) return;
    const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? thousands(cell) : inOneLine(cell))));
    const toRight = header.map((name, index) => right.includes(name) || isNumeric(rows.map((row) => row[index] ?? '')));
    const widths = header.map((name, index) => Math.max(width(name), ...cells.map((row) => width(row[index] ?? ''))));
    const line = (row: readonly string[]) =>
      row
        .map((cell, index) => {
          const gap = ' '.repeat(widths[index]! - width(cell));
          return toRight[index] ? gap + cell : cell + gap;
        })
        .join('  ')
        .trimEnd();
    this.line(`  ${this.paint('dim', line(header))}`);
    for (const row of cells) this.line(`  ${line(row)}`);
  }
}

/** A cell must not begin a line of its own. */
function inOneLine(cell: string): string {
  return printable(cell).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** Numbers, some of which may be missing. */
function isNumeric(cells: readonly (string | number)[]): boolean {
  return cells.some((cell) => typeof cell === 'number') && cells.every((cell) => typeof cell === 'number' || !cell);
}

/** 1234567 → `1,234,567`. */
export function thousands(value: number): string {
  return value.toLocaleString('en-US');
}

/** 1 → `1 row`; 1234 → `1,234 rows`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(value)} ${value === 1 ? noun : plural}`;
}

/** A share, or a score, with so many digits. */
export const share = roundedDown;

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** 1536 → `1.5 KB`; 1 KB is 1,000 bytes. */
export function bytes(value: number): string {
  let power = 0;
  let shown = value;
  // 999,960 would otherwise be shown as 1000.0 KB.
  while (power < byteUnits.length - 1 && shown >= (power === 0 ? 1000 : 999.95)) {
    shown /= 1000;
    power++;
  }
  return `${shown.toFixed(power === 0 ? 0 : 1)} ${byteUnits[power]}`;
}

/** 87 → `87 ms`; 1234 → `1.2 s`; 83000 → `1 min 23 s`; 7500000 → `2 h 5 min`. */
export function duration(milliseconds: number): string {
  // Of two clocks that differ.
  if (milliseconds < 0) return '0 ms';
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 2880
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}
