import { type ParameterValues, parameterForms, parameterText } from '../component/parameter.ts';
import { fitsPlace, parametersIn, placeOptions, placeWith } from '../component/parameter-place.ts';
import type { Plan } from '../component/plan.ts';
import { ParameterInvalidError } from '../core/errors/parameter-invalid-error.ts';
import { nearest } from '../core/nearest.ts';

/** The plan as a run sees it that was given these values: sources read where they say. What is wrong with them shows elsewhere. */
export function planWithValues(plan: Plan, given: ParameterValues = {}): Plan {
  if (!plan.parameters) return plan;
  const defaults = Object.entries(plan.parameters).map(([name, { default: usual = null }]) => [name, usual] as const);
  const values: ParameterValues = { ...Object.fromEntries(defaults), ...given };
  const nodes = plan.nodes.map((node) => {
    const places = node.kind === 'source' ? placeOptions.filter((name) => typeof node.options[name] === 'string') : [];
    if (places.length === 0) return node;
    const bound = places.map((name) => [name, placeWith(node.options[name] as string, values)] as const);
    return { ...node, options: { ...node.options, ...Object.fromEntries(bound) } };
  });
  return { ...plan, nodes, values };
}

/**
 * What a run works with that is given these values: canonical, with the defaults. Throws `ParameterInvalidError` at the
 * first that is unknown, of another type, or missing.
 */
export function requireParameters(plan: Plan, given: ParameterValues = {}): ParameterValues {
  const { pipeline, parameters = {} } = plan;
  const names = Object.keys(parameters);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownParameter(pipeline, unknown, names);
  const inPlaces = new Set(
    plan.nodes.flatMap(({ options }) =>
      placeOptions.flatMap((name) => (typeof options[name] === 'string' ? parametersIn(options[name]) : [])),
    ),
  );
  const values: Record<string, string | null> = {};
  for (const [name, { type, default: usual }] of Object.entries(parameters)) {
    const value = given[name] === undefined ? usual : given[name];
    if (value === undefined)
      throw new ParameterInvalidError({
        problem: `a run of "${pipeline}" needs the parameter "${name}"`,
        received: 'no value',
        allowed: parameterForms[type],
        change: `give one: --param ${name}=<value>`,
      });
    const text = value === null ? null : parameterText(type, value);
    if (text === undefined)
      throw new ParameterInvalidError({
        problem: `the parameter "${name}" of "${pipeline}" has the type ${type}, which the value has not`,
        received: value,
        allowed: parameterForms[type],
        change: 'correct the value',
      });
    if (inPlaces.has(name) && (text === null || !fitsPlace(text)))
      throw new ParameterInvalidError({
        problem: `the parameter "${name}" of "${pipeline}" is a part of keys, which the value can not be`,
        received: text ?? 'no value',
        allowed: 'letters, digits and any of _ = . -',
        change: 'give another value',
      });
    values[name] = text;
  }
  return values;
}

function unknownParameter(pipeline: string, name: string, names: readonly string[]): ParameterInvalidError {
  const guess = nearest(name, names);
  return new ParameterInvalidError({
    problem: `the pipeline "${pipeline}" has no parameter "${name}"`,
    received: name,
    allowed: names.length > 0 ? names : 'none: it declares no parameters',
    change: guess ? `did you mean "${guess}"?` : 'leave it out',
  });
}
