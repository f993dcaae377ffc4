import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type * as z from 'zod';
import { DefinitionInvalidError } from '../problem.ts';
import { structureSchema } from './document-schema.ts';
import { parseYamlFile, yamlOptions } from './yaml-file.ts';

/** Columns that a line may take before what stands in it is broken up. */
const widest = 120;
const indentation = 2;

/** How the text is written; a line is as long as its value, since folding would put line breaks into texts. */
const writing = { lineWidth: 0, indent: indentation, singleQuote: null, flowCollectionPadding: false } as const;

/**
 * The one way to write a pipeline file: the parts in the order of the documentation, two spaces a level, options in one
 * line where they fit, quotes only where they are needed. Comments and blank lines stay with what they stand before, and
 * the values are what they were. Formatting twice changes nothing. Throws `DefinitionInvalidError` where the text is no
 * YAML mapping; whether it is a pipeline is not asked.
 */
export function formatPipeline(text: string, file: string): string {
  const { problems, value, locate } = parseYamlFile(text, file);
  if (problems.length > 0) throw new DefinitionInvalidError(file, problems);
  const document = parseDocument(text, { ...yamlOptions, intAsBigInt: true });
  if (!isMap(document.contents)) {
    const allowed = 'a mapping: pipeline, sources, outputs…';
    const at = locate([]);
    const received = Array.isArray(value) ? 'a list' : (value ?? 'nothing');
    const problem = 'the file holds no pipeline';
    throw new DefinitionInvalidError(file, [
      { at, part: 'yaml', problem, received, allowed, change: 'write it as name: value' },
    ]);
  }
  let anchors = false;
  visit(document, (_, node) => {
    if (isAlias(node)) anchors = true;
    if (isScalar(node)) plain(node);
  });
  // An alias must stay behind its anchor.
  if (!anchors) {
    keepHead(document);
    inOrder(document.contents, structureSchema);
  }
  layOut(document.contents, structureSchema, 0, 0);
  apart(document.contents);
  hoist(document.contents, document, 'comment');
  return document.toString(writing);
}

/** Quotes are put back where a text needs them. A text of several lines stays as it is. */
function plain(node: Scalar): void {
  if (typeof node.value !== 'string' || node.type?.startsWith('BLOCK')) return;
  // In one line, what comes behind the bracket could look like a part of it.
  if (/\([^)]*$/.test(node.value)) node.type = 'QUOTE_DOUBLE';
  else delete node.type;
}

/** What is said at the top of a file, with a blank line behind it or for editors, is about the file, and stays there. */
function keepHead(document: Document): void {
  const first = (document.contents as YAMLMap).items[0]?.key as Scalar | undefined;
  const comment = first?.commentBefore;
  if (!comment) return;
  const blank = comment.lastIndexOf('\n\n');
  const end = blank >= 0 ? blank : /^ yaml-language-server:.*(?=\n|$)/.exec(comment)?.[0].length;
  if (end === undefined) return;
  const said = comment.slice(0, end);
  document.commentBefore = document.commentBefore ? `${document.commentBefore}\n\n${said}` : said;
  first!.commentBefore = comment.slice(end).replace(/^\n+/, '') || null;
}

/** Sorts the keys that the structure of a pipeline file knows; those that it does not know come last, as they were. */
function inOrder(node: unknown, schema: z.ZodType | undefined): void {
  const { shape, element, value } = partsOf(schema);
  if (isMap(node)) {
    if (shape) {
      const names = Object.keys(shape);
      const rank = (pair: Pair) => {
        const index = names.indexOf(nameOf(pair));
        return index < 0 ? names.length : index;
      };
      node.items = node.items.toSorted((a, b) => rank(a) - rank(b));
    }
    for (const pair of node.items) inOrder(pair.value, shape ? shape[nameOf(pair)] : value);
  }
  if (isSeq(node)) for (const item of node.items) inOrder(item, element);
}

/**
 * Decides what stands in one line.
 * @param schema of the structure around components; undefined inside of them
 * @param indent columns before a line of the node
 * @param start columns before the node itself, in its line
 */
function layOut(node: unknown, schema: z.ZodType | undefined, indent: number, start: number): void {
  if (!isCollection(node)) return;
  const { shape, element, value } = partsOf(schema);
  const isStructure = shape !== undefined || element !== undefined || value !== undefined;
  node.flow = node.items.length === 0 || (!isStructure && start > indent && fits(node, start));
  if (node.flow) return void visit(node, { Collection: (_, inner) => padded(inner as YAMLMap | YAMLSeq) });
  if (isMap(node)) {
    for (const pair of node.items) {
      const name = nameOf(pair);
      const wasFlow = isCollection(pair.value) && pair.value.flow;
      const inner = shape?.[name] ?? value;
      const [next, place] = [indent + indentation, indent + written(pair.key).length + 2];
      // A contract is read from top to bottom.
      layOut(pair.value, inner, next, shape && name === 'contract' ? next : place);
      if (wasFlow) besideBrackets(pair.value as YAMLMap | YAMLSeq, pair.key as Scalar);
    }
  }
  // A component that is an item of a list has its name behind the dash.
  if (isSeq(node)) {
    for (const item of node.items) {
      const wasFlow = isCollection(item) && item.flow;
      layOut(item, element, indent + indentation, indent + indentation + (isMap(item) ? 0 : 1));
      if (wasFlow) besideBrackets(item, item);
      if (isMap(item)) aboveDash(item);
    }
  }
}

/** A comment before the first name of an item stands above the item's dash. */
function aboveDash(item: YAMLMap): void {
  const first = item.items[0]?.key as Scalar | undefined;
  const comments = [item.commentBefore, first?.commentBefore].filter(Boolean);
  if (comments.length === 0) return;
  item.commentBefore = comments.join('\n');
  first!.commentBefore = null;
}

/** A comment behind brackets that are broken up stands before what was in them: behind it, it would be about the last part. */
function besideBrackets(node: YAMLMap | YAMLSeq, before: Pick<Scalar, 'commentBefore'>): void {
  if (node.flow || !node.comment) return;
  before.commentBefore = [before.commentBefore, node.comment].filter(Boolean).join('\n');
  node.comment = null;
}

/** A comment below the last part of something would take in the one above the next part, which would be read with it. */
function apart(node: unknown): void {
  if (!isCollection(node)) return;
  const items: readonly unknown[] = node.items;
  for (const [index, item] of items.entries()) {
    const inner = isMap(node) ? (item as Pair).value : item;
    apart(inner);
    const next = items[index + 1] as Pair | Node | undefined;
    if (next) hoist(inner, (isMap(node) ? (next as Pair).key : next) as Scalar, 'commentBefore');
  }
}

function hoist(
  node: unknown,
  next: { comment?: string | null | undefined; commentBefore?: string | null | undefined },
  place: 'comment' | 'commentBefore',
): void {
  if (!next[place] || !isCollection(node) || node.flow) return;
  const last = node.items.at(-1);
  hoist(isMap(node) ? (last as Pair).value : last, next, place);
  if (!node.comment) return;
  next[place] = `${node.comment}\n${next[place]}`;
  node.comment = null;
}

/** True where a collection can stand in one line, and is short enough for it. */
function fits(node: unknown, start: number): boolean {
  let isPlain = true;
  visit(node as Node, {
    Node: (_, inner) => {
      const { comment, commentBefore, spaceBefore } = inner as Scalar;
      // What is said behind its brackets can be said there again.
      const beside = inner === node && (node as YAMLMap).flow;
      if ((comment && !beside) || commentBefore || (spaceBefore && inner !== node)) isPlain = false;
      if (isScalar(inner) && (inner.type?.startsWith('BLOCK') || String(inner.value).includes('\n'))) isPlain = false;
    },
  });
  return isPlain && start + written(node, true).length <= widest;
}

/** A part of the document as it would be written. */
function written(node: unknown, flow = false): string {
  const copy = (node as Node).clone() as Node;
  if (flow) visit(copy, { Collection: (_, inner) => padded(inner as YAMLMap | YAMLSeq) });
  // An alias is written by its name alone.
  const document = new Document(null);
  if (isAlias(copy)) return `*${copy.source}`;
  visit(copy, { Alias: (_, inner) => new Document(`*${inner.source}`).contents as Scalar });
  document.contents = copy;
  return document.toString(writing).trimEnd();
}

/** Puts a collection into one line: `{ a: 1 }` has spaces inside, `[a]` has none. */
function padded(node: YAMLMap | YAMLSeq): void {
  node.flow = true;
  const write = Object.getPrototypeOf(node).toString;
  node.toString = (context?: object, ...rest: unknown[]) =>
    write.call(node, { ...context, flowCollectionPadding: isSeq(node) ? '' : ' ' }, ...rest);
}

function nameOf(pair: Pair): string {
  return String((pair.key as Scalar).value);
}

interface Parts {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly value?: z.ZodType;
}

/** What the structure says about what stands inside. */
function partsOf(schema: z.ZodType | undefined): Parts {
  const def = schema?._zod.def as any;
  if (!def) return {};
  if (def.innerType) return partsOf(def.innerType);
  return { shape: def.shape, element: def.element, value: def.valueType };
}
