import type { ExprNode } from 'jsonata';
import { isObject, type Json } from '../json.ts';

/**
 * Most expressions of a workflow only name a value: `$states.input.key`, `$runId`. Looking it up is some fifty times
 * faster than evaluating. The lookup gives undefined wherever JSONata would do more than look up (an array on the way,
 * a missing member), and the expression is then evaluated.
 */
export function directPath(node: ExprNode): ((bindings: Record<string, Json>) => Json | undefined) | undefined {
  const steps = stepsOf(node);
  if (!steps) return undefined;
  const [variable, ...names] = steps;
  return (bindings) => {
    if (!Object.hasOwn(bindings, variable!)) return undefined;
    let value = bindings[variable!];
    for (const name of names) {
      if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
      value = value[name];
    }
    return typeof value === 'function' ? undefined : value;
  };
}

/** Properties that make a node more than a name. */
const plainVariable = new Set(['type', 'value', 'position']);
const plainPath = new Set(['type', 'steps']);

function stepsOf(node: ExprNode): string[] | undefined {
  if (node.type === 'variable') return isPlain(node, plainVariable) && node.value ? [node.value] : undefined;
  if ((node.type as string) !== 'path' || !isPlain(node, plainPath)) return undefined;
  const [first, ...rest] = node.steps!;
  if (first?.type !== 'variable' || !first.value || !isPlain(first, plainVariable)) return undefined;
  if (!rest.every((step) => step.type === 'name' && isPlain(step, plainVariable))) return undefined;
  return [first.value, ...rest.map((step) => step.value)];
}

function isPlain(node: ExprNode, allowed: ReadonlySet<string>): boolean {
  return Object.keys(node).every((key) => allowed.has(key));
}
