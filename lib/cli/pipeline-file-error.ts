import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorParts } from '../core/errors/penstock-error.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';

/** A file of the user's cannot become a pipeline: it cannot be read, or ends with an error of its own. */
export class PipelineFileError extends TerminalError {
  override readonly name = 'PipelineFileError';
  readonly code = 'PIPELINE_FILE';
  /** `file:line:column`, relative to the current folder. */
  readonly at: string;

  constructor(at: string, parts: ErrorParts) {
    super(parts);
    this.at = at;
  }
}

/** A place in a user's file; lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

const library = dirname(import.meta.dirname);

/** `pipelines/sales.ts:3:14`. */
export function placeText({ file, line, column }: Place): string {
  return [relative(process.cwd(), file) || file, line, column].filter((part) => part !== undefined).join(':');
}

/** The user's line at a place. */
export function sourceLine({ file, line }: Place): string | undefined {
  if (line === undefined) return undefined;
  return readFileSync(file, 'utf8').split('\n')[line - 1]?.trim();
}

/** Where an error was thrown, by its stack: the user's nearest place, and whether our own code lies above it. */
export function thrownAt(error: Error): { readonly place?: Place; readonly inLibrary: boolean } {
  const frames = (error.stack ?? '').split('\n').flatMap((line) => frameOf(line) ?? []);
  const place = frames.find(({ file }) => !isLibrary(file) && !file.includes('/node_modules/'));
  return { place, inLibrary: frames.length > 0 && isLibrary(frames[0]!.file) };
}

/** The place that Node prints above a message of its parser: `file:///a.ts:3`, the line itself, and carets below. */
export function parsedAt(error: Error): Place | undefined {
  const lines = (error.stack ?? '').split('\n');
  const start = /^(.+):(\d+)$/.exec(lines[0] ?? '');
  if (!start) return undefined;
  const carets = lines.find((line) => /^\s*\^+\s*$/.test(line));
  return {
    file: start[1]!.startsWith('file://') ? fileURLToPath(start[1]!) : start[1]!,
    line: Number(start[2]),
    ...(carets && { column: carets.indexOf('^') + 1 }),
  };
}

/** Where a text stands first in a file. */
export function placeOf(file: string, text: string): Place {
  const lines = readFileSync(file, 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes(text));
  return index < 0 ? { file } : { file, line: index + 1, column: lines[index]!.indexOf(text) + 1 };
}

function isLibrary(file: string): boolean {
  return file.startsWith(`${library}/`);
}

function frameOf(line: string): Place | undefined {
  const found = /\(?(file:\/\/.+?|\/.+?):(\d+):(\d+)\)?$/.exec(line.trim().replace(/^at (async )?/, ''));
  if (!found) return undefined;
  const file = found[1]!.startsWith('file://') ? fileURLToPath(found[1]!) : found[1]!;
  return { file, line: Number(found[2]), column: Number(found[3]) };
}
