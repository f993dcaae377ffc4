import type { Json } from '../json.ts';
import { PathNotFoundError } from '../jsonpath/evaluate-path.ts';
import type { JsonPath, PathRoots } from '../jsonpath/json-path.ts';
import { IntrinsicError, type IntrinsicSurroundings, MissingArgumentError } from './intrinsic.ts';
import { intrinsics } from './intrinsics.ts';
import { type IntrinsicNode, parseIntrinsic } from './parse-intrinsic.ts';

const keptCalls = 10_000;
const parsed = new Map<string, IntrinsicNode>();

/** Evaluates `States.Name(…)`. Throws `IntrinsicError`, `MissingArgumentError` or `PathSyntaxError`. */
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
  if (node.kind === 'path') return valueAt(node.path, roots);
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

function valueAt(path: JsonPath, roots: PathRoots): Json {
  try {
    return path.evaluate(roots);
  } catch (error) {
    if (!(error instanceof PathNotFoundError)) throw error;
    if (!path.definite) return [];
    // What is indexed and no array is told in the words of the library behind AWS.
    if (error.message.startsWith('Filter: ')) throw new MissingArgumentError(error.message);
    const input = JSON.stringify(roots.data);
    throw new MissingArgumentError(
      `The JsonPath argument for the field '${path.text}' could not be found in the input '${input}'`,
    );
  }
}

function unescapeText(text: string): string {
  return text.replace(/\\(.?)/gs, (_match, escaped: string) => {
    if (escaped === '' || !"\\{}'".includes(escaped)) throw new IntrinsicError('an open escape backslash was found');
    return escaped;
  });
}
