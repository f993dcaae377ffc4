import type * as z from 'zod';
import type { Path } from '../component/shape.ts';
import type { Locate } from '../component/user-location.ts';
import { asJson } from '../core/as-json.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { nearest } from '../core/nearest.ts';
import { explainIssue } from './explain-issue.ts';
import type { Definition } from './pipeline.ts';

/** One thing that is wrong with a definition, with the place in the user's own text. */
export interface Problem {
  /** `file:line:column`, where it is known. */
  readonly at?: string;
  /** What part of the pipeline, e.g. `flights / filter / condition`. */
  readonly part: string;
  readonly problem: string;
  readonly received?: unknown;
  readonly allowed?: unknown;
  readonly change: string;
}

/** The parts of a definition that nothing is wrong with; what they are made of may be missing. */
export interface Intact extends Pick<Definition, 'nodes' | 'quality' | 'parameters'> {
  /** True where no node is missing. */
  readonly whole: boolean;
}

const nothing: Intact = { nodes: [], quality: [], parameters: {}, whole: false };

/** A definition cannot become a plan. Holds every problem that was found, not only the first. */
export class DefinitionInvalidError extends TerminalError {
  override readonly name = 'DefinitionInvalidError';
  readonly code = 'DEFINITION_INVALID';
  readonly pipeline: string;
  readonly problems: readonly Problem[];
  /** What of the definition is in order, so that more can be said about it. */
  readonly intact: Intact;

  constructor(pipeline: string, problems: readonly Problem[], intact: Intact = nothing) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super({
      problem: `pipeline "${pipeline}": ${first!.part}: ${first!.problem}${more}${first!.at ? ` (${first!.at})` : ''}`,
      received: first!.received,
      allowed: first!.allowed,
      change: first!.change,
    });
    this.pipeline = pipeline;
    this.problems = problems;
    this.intact = intact;
  }
}

/**
 * Turns zod's issues about one part into problems that name the user's own place.
 * @param at one place for all of them, or what finds each
 */
export function problemsOf(
  error: z.ZodError,
  part: string,
  at: string | Locate | undefined,
  input: unknown,
  known: readonly string[] | z.ZodType,
): Problem[] {
  const placeOf: Locate | (() => string | undefined) = typeof at === 'function' ? at : () => at;
  const missing = (path: Path) =>
    error.issues.some((issue) => issue.code !== 'unrecognized_keys' && same(issue.path as Path, path)) &&
    valueAt(input, path) === undefined;
  const unknown = (path: Path) =>
    error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && same(issue.path as Path, path) ? issue.keys : [],
    );
  return error.issues.flatMap((issue): Problem[] => {
    const path = issue.path as Path;
    const where = [part, ...path].join(' / ');
    if (issue.code === 'unrecognized_keys') {
      const allowed = 'length' in known ? known : keysAt(known, path, valueAt(input, path));
      return issue.keys.map((key) => {
        const guess = nearest(key, allowed);
        const holder = allowed.length === 1 && missing([...path, allowed[0]!]) ? allowed[0] : undefined;
        const isMap = holder !== undefined && !('length' in known) && holdsNames(known, [...path, holder]);
        return {
          at: placeOf([...path, key], 'key'),
          part: where,
          problem: `there is no option "${key}"`,
          received: key,
          allowed,
          change: guess
            ? `did you mean "${guess}"?`
            : isMap
              ? `put it below "${holder}": { ${holder}: { ${key}: … } }`
              : holder
                ? `give "${holder}" instead`
                : `remove "${key}"`,
        };
      });
    }
    // One mistake, one problem: the option is there under a name that is nearly its own, or around what stands here.
    if (missing(path)) {
      const others = unknown(path.slice(0, -1));
      const siblings = 'length' in known ? known : keysAt(known, path.slice(0, -1));
      if (
        others.some((other) => nearest(other, siblings) === path.at(-1)) ||
        (others.length > 0 && siblings.length === 1)
      )
        return [];
    }
    const meaning = 'length' in known ? undefined : meaningAt(known, path);
    const { path: inner, ...explained } = explainIssue(issue, valueAt(input, path), meaning);
    const whole = [...path, ...inner];
    const received = issue.code === 'invalid_key' ? path.at(-1) : (valueAt(input, whole) ?? 'nothing');
    const unnamed = issue.code === 'invalid_type' && (path.length === 0 || received !== 'nothing');
    const names = 'length' in known || !unnamed ? [] : keysAt(known, path);
    const options = names.length > 0 && {
      problem: received === 'nothing' ? 'nothing is given' : 'the options are not given by name',
      allowed: names,
      change: `write ${named(schemasAt(known as z.ZodType, path), received) ?? `{ ${names[0]}: … }`}`,
    };
    return [{ at: placeOf(whole), part: [part, ...whole].join(' / '), received, ...explained, ...options }];
  });
}

/**
 * What was given with the name of the option that it must be, e.g. `{ policy: "skip" }`: the first one, or none but it. It
 * has to be all that is needed.
 */
function named(schemas: readonly any[], received: unknown): string | undefined {
  const options = schemas.flatMap((one) => Object.keys(one.shape ?? {}).map((name) => [name, one] as const));
  const fitting = options.filter(([name, schema]) => schema.safeParse({ [name]: received }).success);
  const [meant] = fitting;
  if (!meant || (fitting.length > 1 && meant !== options[0])) return undefined;
  return `{ ${meant[0]}: ${asJson(received)} }`;
}

/** By file, line and column, so that the pipeline's own file can be gone through from its top. */
export function inOrder(problems: readonly Problem[], file: string): Problem[] {
  const placed = problems.map((problem) => {
    const [, own = '', line, column] = /^(.*):(\d+):(\d+)$/.exec(problem.at ?? '') ?? [];
    return { problem, rank: own === file ? '' : own, line: Number(line), column: Number(column) };
  });
  placed.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.line - b.line || a.column - b.column));
  return placed.map(({ problem }) => problem);
}

/**
 * Keys that a schema knows at a path inside its input, of any of the alternatives that stand there.
 * @param given what stands at the path; alternatives that it cannot mean are left out. Default: none are
 */
function keysAt(schema: z.ZodType, path: Path, given?: unknown): string[] {
  const all = schemasAt(schema, path);
  const meant = all.filter((one) => isMeant(one.shape ?? {}, given));
  return [...new Set((meant.length > 0 ? meant : all).flatMap((one) => Object.keys(one.shape ?? {})))];
}

/** False where a key that tells alternatives apart has the value of another one. */
function isMeant(shape: Readonly<Record<string, any>>, given: unknown): boolean {
  return Object.entries(shape).every(([key, one]) => {
    const def = bare(one)?._zod.def;
    const value = valueAt(given, [key]);
    return def?.type !== 'literal' || value === undefined || def.values.includes(value);
  });
}

/** What the options at a path are for, in the words of their declaration. */
function meaningAt(schema: z.ZodType, path: Path): string | undefined {
  const parts = path.map((_, index) => schemasAt(schema, path.slice(0, index + 1), false));
  return parts.flatMap((part) => part.find((one) => one.description)?.description ?? []).at(-1);
}

/** True where a mapping stands at a path, maybe as one of several forms. */
function holdsNames(schema: z.ZodType, path: Path): boolean {
  return schemasAt(schema, path).some((one) => one._zod.def.type === 'record' || one._zod.def.type === 'object');
}

/** The schemas of what stands at a path; several where there are alternatives. */
function schemasAt(schema: z.ZodType, path: Path, whole = true): any[] {
  const opened = (one: any): any[] => {
    const inner = bare(one);
    return inner?._zod.def.type === 'union' ? inner._zod.def.options.flatMap(opened) : inner ? [inner] : [];
  };
  let found: any[] = [schema];
  for (const key of path)
    found = found.flatMap(opened).flatMap((one) => {
      const def = one._zod.def;
      return one.shape?.[key] ?? def.element ?? def.valueType ?? [];
    });
  return whole ? found.flatMap(opened) : found;
}

/** What stands inside of optional, default and the like. */
function bare(schema: any): any {
  const inner = schema?._zod.def.innerType;
  return inner ? bare(inner) : schema;
}

function same(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<any>((value, key) => value?.[key], input);
}
