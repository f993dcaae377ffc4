import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** A fenced block of a guide: three backticks, its language, and what stands behind that. */
export interface Block {
  readonly language: string;
  /** A file's path in the user's project, or `mistake`. */
  readonly note: string;
  readonly text: string;
}

/** A command of a guide, and the lines that it promises. */
export interface Command {
  readonly line: string;
  readonly args: readonly string[];
  readonly promised: readonly string[];
}

export function readText(path: string): string {
  return readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language, note, text]) => ({
    language: language!,
    note: note!,
    text: text!,
  }));
}

/** Files of the project that a guide has written up to its end. */
export function filesOf(blocks: readonly Block[]): Record<string, string> {
  const files = blocks.filter(({ language, note }) => note !== '' && language !== 'text');
  return Object.fromEntries(files.map(({ note, text }) => [note, text]));
}

/** Commands in order, each with the block of output behind it. */
export function commandsOf(blocks: readonly Block[]): Command[] {
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    const promised = next?.language === 'text' && next.note === '' ? next.text.trimEnd().split('\n') : [];
    const line = text.trim();
    return [{ line, args: wordsOf(line.replace(/^npx penstock /, '')), promised }];
  });
}

/** Words of a command line, as a shell takes them; double quotes only. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
}

/** True where a line is as promised; `…` stands for anything, and the widths of gaps do not matter. */
export function isPromised(line: string, promised: string): boolean {
  const pattern = promised
    .trim()
    .split(/(…|\s+)/)
    .map((part) => (part === '…' ? '.*' : /^\s+$/.test(part) ? '\\s+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${pattern}$`).test(line.trim());
}
