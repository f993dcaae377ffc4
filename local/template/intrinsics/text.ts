import type { Intrinsic } from '../resolve.ts';
import { type Scope, TemplateError } from '../scope.ts';
import { getAttParts } from './lookups.ts';

export const join: Intrinsic = ([separator, list], scope, resolve) => {
  const parts = resolve(list);
  if (!Array.isArray(parts))
    throw new TemplateError(scope.place, `Fn::Join takes a list, not ${JSON.stringify(parts)}`);
  return reachable(parts.map((part) => asText(part, 'Fn::Join', scope.place)).join(separator), scope);
};

export const split: Intrinsic = ([separator, value], scope, resolve) =>
  asText(resolve(value), 'Fn::Split', scope.place).split(separator);

export const select: Intrinsic = ([index, list], scope, resolve) => {
  const position = Number(resolve(index));
  const members = resolve(list);
  if (!Array.isArray(members) || !(position in members)) {
    throw new TemplateError(scope.place, `Fn::Select finds no member ${position} in ${JSON.stringify(members)}`);
  }
  return members[position];
};

/** `${Name}`, `${Resource.Attribute}`; `${!Name}` stands for the text `${Name}`. */
export const substitute: Intrinsic = (argument, scope, resolve) => {
  const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const text = String(pattern).replace(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, inner: string) => {
    if (literal) return `\${${inner}}`;
    const name = inner.trim();
    if (Object.hasOwn(variables, name)) return asText(resolve(variables[name]), 'Fn::Sub', scope.place);
    return asText(name.includes('.') ? scope.attribute(...getAttParts(name)) : scope.ref(name), 'Fn::Sub', scope.place);
  });
  return reachable(text, scope);
};

/** The names that the pattern of a Fn::Sub looks up outside of its own variables. */
export function substitutedNames(argument: unknown): string[] {
  const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const names = [...String(pattern).matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => match[1]!.trim());
  return names.filter((name) => !Object.hasOwn(variables, name));
}

export const base64: Intrinsic = (value, scope, resolve) =>
  Buffer.from(asText(resolve(value), 'Fn::Base64', scope.place)).toString('base64');

export const length: Intrinsic = (list, scope, resolve) => {
  const members = resolve(list);
  if (!Array.isArray(members)) throw new TemplateError(scope.place, 'Fn::Length takes a list');
  return members.length;
};

export const toJsonString: Intrinsic = (value, _scope, resolve) => JSON.stringify(resolve(value));

const reachable = (text: string, scope: Scope) => scope.reachable?.(text) ?? text;

function asText(value: unknown, intrinsic: string, place: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(place, `${intrinsic} takes text, not ${JSON.stringify(value) ?? String(value)}`);
}
