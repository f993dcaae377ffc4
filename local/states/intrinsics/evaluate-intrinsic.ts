import type { Json } from '../json.ts';
import type { PathRoots } from '../jsonpath/json-path.ts';
import { IntrinsicError, type IntrinsicSurroundings } from './intrinsic.ts';
import { intrinsics } from './intrinsics.ts';
import { type IntrinsicNode, parseIntrinsic } from './parse-intrinsic.ts';

const keptCalls = 10_000;
const parsed = new Map<string, IntrinsicNode>();

/** Evaluates `States.Name(…)`. Throws `IntrinsicError`, `PathNotFoundError` or `PathSyntaxError`. */
export function evaluateIntrinsic(text: string, roots: PathRoots, surroundings: IntrinsicSurroundings): Json {
  let node = parsed.get(text);
  if (!node) {
    if (parsed.size >= keptCalls) parsed.clear();
    node = parseIntrinsic(text);
    parsed.set(text, node);
  }
  return evaluate(node, roots, surroundings);
}

function evaluate(node: IntrinsicNode, roots: PathRoots, surroundings: IntrinsicSurroundings): Json {
  if (node.kind === 'value') return typeof node.value === 'string' ? unescapeText(node.value) : node.value;
  if (node.kind === 'path') return node.path.evaluate(roots);
  const { name, args } = node;
  const values = args.map((argument, index) =>
    // Format reads the escapes of its own template.
    name === 'Format' && index === 0 && argument.kind === 'value'
      ? argument.value
      : evaluate(argument, roots, surroundings),
  );
  try {
    return intrinsics[name]!(values, surroundings);
  } catch (error) {
    if (!(error instanceof IntrinsicError)) throw error;
    throw new IntrinsicError(`States.${name}: ${error.message}`);
  }
}

function unescapeText(text: string): string {
  return text.replace(/\\(.?)/gs, (_match, escaped: string) => {
    if (escaped === '' || !"\\{}'".includes(escaped)) throw new IntrinsicError('an open escape backslash was found');
    return escaped;
  });
}
