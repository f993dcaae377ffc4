import type { Intrinsic } from '../resolve.ts';
import { TemplateError } from '../scope.ts';

export const condition: Intrinsic = (name, scope) => scope.condition(name);

export const choose: Intrinsic = (argument, scope, resolve) => {
  if (argument?.length !== 3) throw new TemplateError(scope.place, 'Fn::If takes a condition and two values');
  const [name, whenTrue, whenFalse] = argument;
  return resolve(scope.condition(name) ? whenTrue : whenFalse);
};

/** CloudFormation compares text, so that a number equals its text. */
export const equals: Intrinsic = ([left, right], _scope, resolve) => same(resolve(left), resolve(right));

export const and: Intrinsic = (parts: unknown[], _scope, resolve) => parts.every((part) => truth(resolve(part)));
export const or: Intrinsic = (parts: unknown[], _scope, resolve) => parts.some((part) => truth(resolve(part)));
export const not: Intrinsic = ([part], _scope, resolve) => !truth(resolve(part));

// The three below exist in the Rules section only.
export const contains: Intrinsic = ([list, value], _scope, resolve) =>
  resolve(list).some((member: unknown) => same(member, resolve(value)));
export const eachMemberEquals: Intrinsic = ([list, value], _scope, resolve) =>
  resolve(list).every((member: unknown) => same(member, resolve(value)));
export const eachMemberIn: Intrinsic = ([list, others], _scope, resolve) =>
  resolve(list).every((member: unknown) => resolve(others).some((other: unknown) => same(member, other)));

function truth(value: unknown): boolean {
  return value === true || value === 'true';
}

function same(left: unknown, right: unknown): boolean {
  return typeof left === 'object' ? JSON.stringify(left) === JSON.stringify(right) : String(left) === String(right);
}
