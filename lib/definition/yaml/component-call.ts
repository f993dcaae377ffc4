import type * as z from 'zod';
import type { Connector } from '../../component/connector.ts';
import type { Operator } from '../../component/operator.ts';
import type { QualityRule } from '../../component/quality-rule.ts';
import type { Locate } from '../../component/user-location.ts';
import { nearest } from '../../core/nearest.ts';
import type { Problem } from '../problem.ts';
import { isMapping } from './is-mapping.ts';
import { within } from './yaml-file.ts';

/** Every component that a YAML file may name, by its name. */
export type Components = Readonly<Record<string, Component>>;
export type Component = Connector | Operator | QualityRule;

/** Where a component stands decides what it must be. */
export interface Place<Wanted> {
  /** What is wanted, e.g. `an operator`. */
  readonly wanted: string;
  is(component: Component): component is Component & Wanted;
}

export const places = {
  source: {
    wanted: 'a source',
    is: (one): one is Connector => one.kind === 'connector' && one.source !== undefined,
  },
  sink: { wanted: 'a sink', is: (one): one is Connector => one.kind === 'connector' && one.sink !== undefined },
  step: { wanted: 'an operator', is: (one): one is Operator => one.kind === 'operator' },
  rule: { wanted: 'a quality rule', is: (one): one is QualityRule => one.kind === 'rule' },
} as const satisfies Record<string, Place<Component>>;

/** A component as it was named, with what was given to it. */
export interface Call<Wanted> {
  readonly component: Wanted;
  /** What was given, before it is held against the component's schema. */
  readonly given: unknown;
  readonly at: string;
  /** Finds parts of what was given. */
  readonly locate: Locate;
}

/** Reads `name` or `{ name: options }`. */
export function readCall<Wanted extends Component>(
  value: unknown,
  place: Place<Wanted>,
  { components, part, locate }: { readonly components: Components; readonly part: string; readonly locate: Locate },
): Call<Wanted> | Problem {
  const names = Object.keys(components).filter((name) => place.is(components[name]!));
  const [name, ...more] = typeof value === 'string' ? [value] : isMapping(value) ? Object.keys(value) : [];
  if (name === undefined || more.length > 0) {
    return {
      at: locate([]),
      part,
      problem: more.length > 0 ? `several components stand where ${place.wanted} goes` : `${place.wanted} goes here`,
      received: more.length > 0 ? [name, ...more] : (value ?? 'nothing'),
      allowed: names,
      change: 'write its name, or its name, a colon and its options',
    };
  }
  const component = Object.hasOwn(components, name) ? components[name]! : undefined;
  if (component === undefined || !place.is(component)) {
    const guess = nearest(name, names);
    return {
      at: locate([name], 'key'),
      part,
      problem: component ? `"${name}" is not ${place.wanted}` : `there is no component "${name}"`,
      received: name,
      allowed: names,
      change: guess ? `did you mean "${guess}"?` : `name ${place.wanted}`,
    };
  }
  const given = isMapping(value) ? value[name] : undefined;
  return { component, given, at: locate([name], 'key'), locate: within(locate, name) };
}

/**
 * The options that were given, by name. Nothing stands for none; a text, number or list stands for the one option that
 * the component cannot do without, so that `filter: distance > 0` says it all.
 */
export function namedOptions(
  { component, given, at, locate }: Call<Component>,
  schema: z.ZodType,
  part: string,
): { readonly options: Record<string, unknown>; readonly locate: Locate } | Problem {
  if (given === undefined || given === null) return { options: {}, locate };
  if (isMapping(given)) return { options: given, locate };
  const shape: Readonly<Record<string, z.ZodType>> = (schema as z.ZodObject).shape ?? {};
  const needed = neededOption(schema);
  if (needed !== undefined) return { options: { [needed]: given }, locate: (path, key) => locate(path.slice(1), key) };
  return {
    at,
    part,
    problem: `"${component.component}" takes options by name`,
    received: given,
    allowed: Object.keys(shape),
    change: `write ${component.component}: { ${Object.keys(shape)[0] ?? ''}: … }`,
  };
}

/** The one option that must be given, if there is just one, and it is no mapping: that would look like options by name. */
export function neededOption(schema: z.ZodType): string | undefined {
  const shape: Readonly<Record<string, z.ZodType>> = (schema as z.ZodObject).shape ?? {};
  const needed = Object.keys(shape).filter((name) => shape[name]!._zod.optin === undefined);
  if (needed.length !== 1) return undefined;
  return ['record', 'object'].includes(shape[needed[0]!]!._zod.def.type) ? undefined : needed[0];
}
