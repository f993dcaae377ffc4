import { PatternSyntaxError } from './pattern/syntax-error.ts';

type Step = { readonly name: string } | { readonly index: number } | 'all';

/**
 * The steps of a path such as `$.detail.items[0].name`. EventBridge knows names, indices and `*`, no more.
 * Throws PatternSyntaxError for anything else.
 */
export function parsePath(path: string): readonly Step[] {
  if (!path.startsWith('$')) throw new PatternSyntaxError(`a path starts with $: ${path}`);
  const steps: Step[] = [];
  const expression = /\.([^.[\]]+)|\[(\d+)\]|\[\*\]|\['([^']+)'\]/y;
  expression.lastIndex = 1;
  while (expression.lastIndex < path.length) {
    const found = expression.exec(path);
    if (!found) throw new PatternSyntaxError(`not a path: ${path}`);
    const [, name, index, quoted] = found;
    if (index !== undefined) steps.push({ index: Number(index) });
    else if (name === '*' || (name === undefined && quoted === undefined)) steps.push('all');
    else steps.push({ name: (name ?? quoted)! });
  }
  return steps;
}

/** What is at a path, or undefined. With a `*` in it, the list of all that is there. */
export function valueAt(path: string, document: unknown): unknown {
  let values: unknown[] = [document];
  const steps = parsePath(path);
  for (const step of steps) values = values.flatMap((value) => members(value, step));
  return steps.includes('all') ? values : values[0];
}

function members(value: unknown, step: Step): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  if (step === 'all') return Object.values(value);
  if ('index' in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : [];
  return Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
}
