import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Path } from '../../component/shape.ts';
import type { Locate } from '../../component/user-location.ts';
import type { Problem } from '../problem.ts';

/** Values that one file may stand for; an alias of an alias of an alias… would fill the memory. */
const mostValues = 100_000;
const deepestValue = 100;

/** A file of YAML as plain values, of which each still knows its place. */
export interface YamlFile {
  /** Path as it is shown. */
  readonly file: string;
  /** What the file says; undefined where it could not be parsed. Integers beyond 2^53 are bigint. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly locate: Locate;
}

/** How YAML is taken everywhere in Penstock: version 1.2, keys are text, each once. */
export const yamlOptions = { version: '1.2', merge: false, stringKeys: true, uniqueKeys: true, strict: true } as const;

/** Parses one YAML document. Whatever is wrong with the text itself is among the problems, with its place. */
export function parseYamlFile(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...yamlOptions, lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const cut = cutValues(document, at);
  // What follows in the same line follows from it, and behind a word in the wrong place the parser is lost.
  const found = [...document.errors, ...document.warnings];
  const lost = found.findIndex(({ code }) => code === 'UNEXPECTED_TOKEN');
  const firsts = (lost < 0 ? found : found.slice(0, lost + 1)).filter(
    ({ pos }, index, all) =>
      all.findIndex((one) => lines.linePos(one.pos[0]).line === lines.linePos(pos[0]).line) === index,
  );
  const faults = firsts.map(({ message, pos, code }): Problem => {
    const bracketed = textWithBrackets(text, pos[0]);
    if (code === 'MULTIPLE_DOCS')
      return {
        at: at(pos[0]),
        part: 'yaml',
        problem: 'the file holds several documents',
        received: lineAt(text, pos[0]),
        allowed: 'one YAML 1.2 document',
        change: 'put what stands below this line into a file of its own',
      };
    return {
      at: at(pos[0]),
      part: 'yaml',
      problem: bracketed
        ? 'a text with brackets must stand in quotes inside of { } and [ ]'
        : message.replace(/\.$/, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()),
      received: lineAt(text, pos[0]),
      allowed: 'one YAML 1.2 document',
      change: bracketed ? `write '${bracketed}'` : 'correct the text here',
    };
  });
  // A value that a comma has cut makes errors of its own, which tell less.
  const problems = cut.length > 0 ? cut : faults;
  const locate: Locate = (path, part) => at(offsetOf(document, path, part));
  if (problems.length > 0) return { file, value: undefined, problems, locate };
  const reader = new Reader(document);
  const value = reader.read(document.contents as Node | null, []);
  const refused = reader.refused.map(
    ({ path, problem }): Problem => ({
      at: locate(path),
      part: path.join(' / '),
      problem,
      received: `a file of ${text.length} characters`,
      allowed: `${mostValues} values, ${deepestValue} levels`,
      change: 'write it out, in fewer values and without anchors',
    }),
  );
  return { file, value: refused.length > 0 ? undefined : value, problems: refused, locate };
}

/** The text without quotes whose bracket stands here, as in `{ tags: string[]? }`; undefined where none does. */
function textWithBrackets(text: string, offset: number): string | undefined {
  const before = /\w+$/.exec(text.slice(0, offset));
  const behind = /^(\[\d*\])+\??/.exec(text.slice(offset));
  return before && behind ? before[0] + behind[0] : undefined;
}

/** Texts inside of `{ }` and `[ ]` that a comma has cut in two: `{ price: DECIMAL(12,2) }` has a value `DECIMAL(12`. */
function cutValues(document: Document, at: (offset: number) => string): Problem[] {
  const problems: Problem[] = [];
  const look = (node: unknown) => {
    const isCut = isScalar(node) && node.type === 'PLAIN' && /\([^)]*$/.test(String(node.source ?? ''));
    if (!isCut || !node.range) return;
    problems.push({
      at: at(node.range[0]),
      part: 'yaml',
      problem: 'a comma ends a value inside of { } and [ ]',
      received: node.source,
      allowed: 'quotes around a value with a comma, e.g. "DECIMAL(12,2)"',
      change: 'put the whole value into quotes',
    });
  };
  visit(document, {
    Map: (_, map) => {
      if (map.flow) for (const pair of map.items) look(pair.value);
    },
    Seq: (_, seq) => {
      if (seq.flow) seq.items.forEach(look);
    },
  });
  return problems;
}

/** The same file seen from one of its parts. */
export function within(locate: Locate, ...start: Path): Locate {
  return (path, part) => locate([...start, ...path], part);
}

/** Offset of the value at the path, or of the last value on the way to it. */
function offsetOf(document: Document, path: Path, part: 'key' | undefined): number {
  let node = document.contents as Node | null;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    const pair = isMap(node) ? pairOf(node, step) : undefined;
    const next = pair ? (pair.value as Node | null) : isSeq(node) ? (node.items[Number(step)] as Node) : undefined;
    if (!pair && next === undefined) break;
    const key = startOf(pair?.key as Node | undefined);
    const last = index === path.length - 1;
    offset = (last && part === 'key' ? key : undefined) ?? startOf(next) ?? key ?? offset;
    node = next ?? null;
  }
  return offset;
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

function pairOf(map: YAMLMap, name: string | number) {
  return map.items.find((pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(name));
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? undefined : end).trim();
}

/** Makes plain values of nodes. */
class Reader {
  readonly refused: { readonly path: Path; readonly problem: string }[] = [];
  readonly #document: Document;
  #values = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  read(node: Node | null | undefined, path: Path): unknown {
    if (++this.#values > mostValues) {
      if (this.#values === mostValues + 1) this.#refuse(path, `the file stands for more than ${mostValues} values`);
      return undefined;
    }
    if (path.length > deepestValue) return this.#refuse(path, `the file is nested deeper than ${deepestValue} levels`);
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.read(node.resolve(this.#document), path);
    if (isScalar(node)) return exact(node);
    if (isSeq(node)) return node.items.map((item, index) => this.read(item as Node, [...path, index]));
    if (!isMap(node)) return this.#refuse(path, 'this is neither text, list nor mapping');
    const entries = node.items.map((pair): [string, unknown] => {
      const name = String((pair.key as Scalar).value);
      return [name, this.read(pair.value as Node | null, [...path, name])];
    });
    // A key such as `__proto__` is plain data.
    return Object.fromEntries(entries);
  }

  #refuse(path: Path, problem: string): undefined {
    this.refused.push({ path, problem });
    return undefined;
  }
}

/** The value of a scalar. An integer that a number would round is a bigint. */
function exact({ value, source }: Scalar): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
  return source !== undefined && /^[+-]?[0-9]+$/.test(source) ? BigInt(source.replace(/^\+/, '')) : value;
}
