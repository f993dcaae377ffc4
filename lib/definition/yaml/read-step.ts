import { dirname, resolve } from 'node:path';
import type { CallSource, Operator, Step } from '../../component/operator.ts';
import type { Path } from '../../component/shape.ts';
import { nearest } from '../../core/nearest.ts';
import type { Dataset } from '../dataset.ts';
import type { Problem } from '../problem.ts';
import { type Call, namedOptions } from './component-call.ts';
import { readColumns } from './contract-columns.ts';

interface StepSurroundings {
  readonly part: string;
  /** File in which the step stands. */
  readonly file: string;
  importModule(path: string): Promise<Readonly<Record<string, unknown>>>;
  /** A dataset by the name that stands at a path inside what was given to the step. */
  dataset(name: unknown, path: Path): Promise<Dataset>;
}

/** Names beside an operator's own options, in YAML only. */
export const sideName = 'with';
export const functionNames = ['module', 'export', 'returns'] as const;

/** Reads a step: the operator's options, its second dataset, and where its function comes from. */
export async function readStep(
  call: Call<Operator>,
  surroundings: StepSurroundings,
): Promise<Step | { readonly problems: readonly Problem[] }> {
  const { part } = surroundings;
  const { component: operator, at } = call;
  const named = namedOptions(call, operator.schema, part);
  if ('problem' in named) return { problems: [named] };
  const { locate } = named;
  const options = { ...named.options };
  const problems: Problem[] = [];
  const step: { -readonly [Key in keyof Step]: Step[Key] } = { kind: 'step', operator, options, at, locate };
  if (operator.takesSide) {
    const { [sideName]: side } = options;
    delete options[sideName];
    if (typeof side === 'string') step.side = await surroundings.dataset(side, [sideName]);
    else problems.push(noSide(side, { part, at: side === undefined ? at : locate([sideName]) }));
  }
  if (operator.takesOthers) {
    const { [sideName]: others } = options;
    delete options[sideName];
    const names = Array.isArray(others) ? others : others === undefined ? [] : [others];
    if (names.length === 0) problems.push(noSide(others, { part, at: others === undefined ? at : locate([sideName]) }));
    const datasets: Dataset[] = [];
    // One after the other: the reader follows what is made of what.
    for (const [index, name] of names.entries())
      datasets.push(await surroundings.dataset(name, Array.isArray(others) ? [sideName, index] : [sideName]));
    step.others = datasets;
  }
  if (operator.returnsOption !== undefined) {
    const { module, export: name, returns } = options;
    for (const key of functionNames) delete options[key];
    const { fields, problems: columnProblems } = readColumns(returns, `${part} / returns`, (path, key) =>
      locate(['returns', ...path], key),
    );
    problems.push(...columnProblems);
    const found = await readFunction({ module, name }, { ...surroundings, at, locate });
    if ('problem' in found) problems.push(found);
    else Object.assign(step, found);
    step.options = { ...options, [operator.returnsOption]: fields };
  }
  return problems.length > 0 ? { problems } : Object.freeze(step);
}

async function readFunction(
  { module, name }: { readonly module: unknown; readonly name: unknown },
  { part, file, at, locate, importModule }: StepSurroundings & Pick<Call<Operator>, 'at' | 'locate'>,
): Promise<Problem | { readonly call: (row: any) => unknown; readonly callSource: CallSource }> {
  const allowed = '{ module: ./functions.ts, export: <name of the function>, returns: { <column>: <type> } }';
  for (const [key, value] of Object.entries({ module, export: name })) {
    if (typeof value === 'string') continue;
    const place = value === undefined ? at : locate([key]);
    const problem = `the function's ${key} is not given`;
    return {
      at: place,
      part: `${part} / ${key}`,
      problem,
      received: value ?? 'nothing',
      allowed,
      change: `give ${key}`,
    };
  }
  const path = resolve(dirname(file), module as string);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await importModule(path);
  } catch (cause) {
    return {
      at: locate(['module']),
      part: `${part} / module`,
      problem: `the module cannot be imported: ${String((cause as Error).message ?? cause).split(/\n| imported from /)[0]}`,
      received: module,
      allowed: 'path of a TypeScript module, from the folder of this file',
      change: 'correct the path, or the module',
    };
  }
  const call = Object.hasOwn(exports, name as string) ? exports[name as string] : undefined;
  if (typeof call === 'function')
    return { call: call as (row: any) => unknown, callSource: { module: path, export: name as string } };
  const names = Object.keys(exports).filter((one) => typeof exports[one] === 'function');
  const guess = nearest(name as string, names);
  return {
    at: locate(['export']),
    part: `${part} / export`,
    problem: call === undefined ? `the module exports no "${name}"` : `"${name}" is not a function`,
    received: name,
    allowed: names.length > 0 ? names : 'nothing: the module exports no function',
    change: guess ? `did you mean "${guess}"?` : 'export the function, or name another one',
  };
}

function noSide(side: unknown, { part, at }: Pick<Problem, 'part' | 'at'>): Problem {
  return {
    at,
    part: `${part} / ${sideName}`,
    problem: 'it needs a second dataset',
    received: side ?? 'nothing',
    allowed: 'the name of a source or dataset',
    change: `give it as ${sideName}: <name>`,
  };
}
