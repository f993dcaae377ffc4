import { fitsPlace, parametersIn, placeOptions } from '../component/parameter-place.ts';
import type { Definition, Problem } from '../definition/index.ts';

/** Types whose values can be parts of keys. */
const fitting = ['string', 'integer', 'date'];

/** Parameters in the places of sources, and what is wrong with them. */
export function parameterPlaces({ nodes, parameters }: Pick<Definition, 'nodes' | 'parameters'>): {
  readonly taken: ReadonlySet<string>;
  readonly problems: readonly Problem[];
} {
  const taken = new Set<string>();
  const problems: Problem[] = [];
  for (const node of nodes) {
    if (node.kind !== 'source') continue;
    for (const option of placeOptions) {
      const place = node.options[option];
      if (typeof place !== 'string') continue;
      for (const name of parametersIn(place)) {
        taken.add(name);
        const fault = faultOf(parameters, name, place);
        if (fault)
          problems.push({ at: node.locate?.([option]) ?? node.at, part: `source ${node.id} / ${option}`, ...fault });
      }
    }
  }
  return { taken, problems };
}

function faultOf(
  parameters: Definition['parameters'],
  name: string,
  place: string,
): Omit<Problem, 'at' | 'part'> | undefined {
  const names = Object.keys(parameters);
  const parameter = names.includes(name) ? parameters[name] : undefined;
  if (!parameter)
    return {
      problem: `the pipeline has no parameter "${name}"`,
      received: place,
      allowed: names.length > 0 ? names : 'none: the pipeline declares no parameters',
      change: 'declare it, or take the braces out',
    };
  if (!fitting.includes(parameter.type))
    return {
      problem: `a ${parameter.type} can not be a part of a key`,
      received: `{${name}}`,
      allowed: `parameters of the types ${fitting.join(', ')}`,
      change: 'take a parameter of another type',
    };
  const { default: usual } = parameter;
  if (usual === undefined || (usual !== null && fitsPlace(usual))) return undefined;
  return {
    problem: `the default of "${name}" can not be a part of a key`,
    received: usual,
    allowed: 'letters, digits and any of _ = . -',
    change: 'give it another default, or none',
  };
}

/** What nobody takes would be asked for in vain. */
export function unusedParameters({ parameters, at }: Definition, taken: ReadonlySet<string>): Problem[] {
  return Object.keys(parameters)
    .filter((name) => !taken.has(name))
    .map((name) => ({
      at,
      part: `parameters / ${name}`,
      problem: 'no expression and no source takes this parameter',
      received: name,
      allowed: `param('${name}') in an expression, or {${name}} in the prefix or key of a source`,
      change: 'take it somewhere, or remove it',
    }));
}
