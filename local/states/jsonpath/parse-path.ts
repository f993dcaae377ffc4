import { FilterParser } from './parse-filter.ts';
import type { PathToken } from './path-tokens.ts';
import { PathSyntaxError, Reader } from './reader.ts';

/** Parses the steps that follow a path's root; `text` is the whole of them. */
export function parsePath(text: string): PathToken[] {
  const reader = new Reader(text);
  const tokens = readSteps(reader);
  if (!reader.atEnd) throw new PathSyntaxError(text, reader.position);
  return tokens;
}

/** Reads steps as long as there are any. */
export function readSteps(reader: Reader): PathToken[] {
  const tokens: PathToken[] = [];
  for (;;) {
    if (reader.take('..')) {
      tokens.push({ kind: 'descend' });
      if (reader.peek() === '[') continue;
      tokens.push(readDotted(reader));
    } else if (reader.take('.')) {
      tokens.push(readDotted(reader));
    } else if (reader.peek() === '[') {
      tokens.push(readBracketed(reader));
    } else {
      return tokens;
    }
  }
}

function readDotted(reader: Reader): PathToken {
  if (reader.take('*')) return { kind: 'wildcard' };
  const name = reader.takeWhile((character) => !/[.[\]()\s,'"=!<>&|]/.test(character));
  if (name === '') throw new PathSyntaxError(reader.text, reader.position);
  if (reader.take('()')) return { kind: 'function', name };
  return { kind: 'member', names: [name] };
}

function readBracketed(reader: Reader): PathToken {
  reader.expect('[');
  reader.skipSpace();
  const token = readSelector(reader);
  reader.skipSpace();
  reader.expect(']');
  return token;
}

function readSelector(reader: Reader): PathToken {
  if (reader.take('*')) return { kind: 'wildcard' };
  if (reader.take('?')) return { kind: 'filter', filter: new FilterParser(reader, readSteps).parse() };
  const next = reader.peek();
  if (next === "'" || next === '"') return { kind: 'member', names: readList(reader, () => reader.readString()) };
  return readIndexes(reader);
}

function readIndexes(reader: Reader): PathToken {
  const from = reader.readInteger();
  reader.skipSpace();
  if (reader.take(':')) {
    reader.skipSpace();
    return { kind: 'slice', from, to: reader.readInteger() };
  }
  if (from === undefined) throw new PathSyntaxError(reader.text, reader.position);
  const indexes = [from];
  while (reader.takeAfterSpace(',')) {
    reader.skipSpace();
    const index = reader.readInteger();
    if (index === undefined) throw new PathSyntaxError(reader.text, reader.position);
    indexes.push(index);
  }
  return { kind: 'index', indexes };
}

function readList<T>(reader: Reader, read: () => T): T[] {
  const items = [read()];
  while (reader.takeAfterSpace(',')) {
    reader.skipSpace();
    items.push(read());
  }
  return items;
}
