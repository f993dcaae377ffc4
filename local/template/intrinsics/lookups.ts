import type { Intrinsic } from '../resolve.ts';
import { TemplateError } from '../scope.ts';

/** What `AWS::NoValue` resolves to: the member that holds it is left out. */
export const noValue = Symbol('AWS::NoValue');

export const ref: Intrinsic = (name, scope) => {
  if (name === 'AWS::NoValue') return noValue;
  if (typeof name !== 'string') throw new TemplateError(scope.place, `Ref takes a name, not ${JSON.stringify(name)}`);
  return scope.ref(name);
};

/** Takes `[id, attribute]`, or `id.attribute` as YAML templates write it. */
export const getAtt: Intrinsic = (argument, scope, resolve) => {
  const [logicalId, attribute] = getAttParts(argument);
  return scope.attribute(logicalId, resolve(attribute));
};

export function getAttParts(argument: unknown): [logicalId: string, attribute: any] {
  if (Array.isArray(argument)) return [argument[0], argument[1]];
  const text = String(argument);
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}

export const importValue: Intrinsic = (name, scope, resolve) => scope.exported(String(resolve(name)));

/** Three keys, and with the language extensions a fourth argument `{ DefaultValue }`. */
export const findInMap: Intrinsic = (argument, scope, resolve) => {
  const [mapping, top, second] = argument.slice(0, 3).map((part: unknown) => String(resolve(part)));
  const found = scope.mapping(mapping)?.[top]?.[second];
  if (found !== undefined) return found;
  if (argument[3]?.DefaultValue !== undefined) return resolve(argument[3].DefaultValue);
  throw new TemplateError(scope.place, `Fn::FindInMap finds nothing under ${mapping}.${top}.${second}`);
};

export const getAZs: Intrinsic = (region, scope, resolve) => {
  const name = resolve(region) || scope.region;
  return ['a', 'b', 'c'].map((zone) => `${name}${zone}`);
};
