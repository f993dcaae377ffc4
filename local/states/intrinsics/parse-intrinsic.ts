import type { Json } from '../json.ts';
import { type JsonPath, jsonPath } from '../jsonpath/json-path.ts';
import { readSteps } from '../jsonpath/parse-path.ts';
import { PathSyntaxError, Reader } from '../jsonpath/reader.ts';
import { intrinsics } from './intrinsics.ts';

/** A parsed call of an intrinsic function, or an argument of one. */
export type IntrinsicNode =
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly IntrinsicNode[] }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: JsonPath };

const deepestNesting = 10;

/** Parses `States.Name(…)`; throws `PathSyntaxError` where the text is no call of a known function. */
export function parseIntrinsic(text: string): IntrinsicNode {
  const reader = new Reader(text.trim());
  const node = readCall(reader, 1);
  reader.skipSpace();
  if (!reader.atEnd) throw new PathSyntaxError(text, reader.position);
  return node;
}

function readCall(reader: Reader, depth: number): IntrinsicNode {
  const start = reader.position;
  reader.expect('States.');
  const name = reader.match(/[A-Za-z0-9]+/) ?? '';
  if (!Object.hasOwn(intrinsics, name) || depth > deepestNesting) throw new PathSyntaxError(reader.text, start);
  reader.skipSpace();
  reader.expect('(');
  const args: IntrinsicNode[] = [];
  reader.skipSpace();
  if (reader.take(')')) return { kind: 'call', name, args };
  do {
    reader.skipSpace();
    args.push(readArgument(reader, depth));
    reader.skipSpace();
  } while (reader.take(','));
  reader.expect(')');
  return { kind: 'call', name, args };
}

function readArgument(reader: Reader, depth: number): IntrinsicNode {
  const next = reader.peek();
  if (next === '$') return { kind: 'path', path: readPath(reader) };
  if (next === "'") return { kind: 'value', value: readText(reader) };
  const literal = reader.match(/-?\d+(\.\d+)?([eE][+-]?\d+)?|true\b|false\b|null\b/);
  return literal === undefined ? readCall(reader, depth + 1) : { kind: 'value', value: JSON.parse(literal) };
}

function readPath(reader: Reader): JsonPath {
  const start = reader.position;
  reader.match(/\$(\$|[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*)?/u);
  readSteps(reader);
  return jsonPath(reader.text.slice(start, reader.position));
}

/** Keeps the escapes of braces for States.Format; all others are taken away here. */
function readText(reader: Reader): string {
  reader.expect("'");
  let value = '';
  while (!reader.atEnd && reader.peek() !== "'") {
    if (reader.peek() === '\\') {
      reader.position++;
      if (reader.peek() !== "'") value += '\\';
    }
    value += reader.peek();
    reader.position++;
  }
  reader.expect("'");
  return value;
}
