import { NotSupportedError } from '../aws-error.ts';
import { cidr } from './intrinsics/cidr.ts';
import * as logic from './intrinsics/logic.ts';
import * as lookups from './intrinsics/lookups.ts';
import { noValue } from './intrinsics/lookups.ts';
import * as text from './intrinsics/text.ts';
import { type Scope, TemplateError } from './scope.ts';

/** Computes an intrinsic function from its unresolved argument; `resolve` resolves any part of it. */
export type Intrinsic = (argument: any, scope: Scope, resolve: (value: unknown) => any) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: lookups.ref,
  Condition: logic.condition,
  'Fn::GetAtt': lookups.getAtt,
  'Fn::ImportValue': lookups.importValue,
  'Fn::FindInMap': lookups.findInMap,
  'Fn::GetAZs': lookups.getAZs,
  'Fn::If': logic.choose,
  'Fn::Equals': logic.equals,
  'Fn::And': logic.and,
  'Fn::Or': logic.or,
  'Fn::Not': logic.not,
  'Fn::Contains': logic.contains,
  'Fn::EachMemberEquals': logic.eachMemberEquals,
  'Fn::EachMemberIn': logic.eachMemberIn,
  'Fn::Join': text.join,
  'Fn::Split': text.split,
  'Fn::Select': text.select,
  'Fn::Sub': text.substitute,
  'Fn::Base64': text.base64,
  'Fn::Length': text.length,
  'Fn::ToJsonString': text.toJsonString,
  'Fn::Cidr': cidr,
};

/**
 * Resolves every intrinsic function inside `value`. Members that resolve to `AWS::NoValue` are left out.
 * Throws TemplateError for what CloudFormation refuses, NotSupportedError for functions that local AWS does not have.
 */
export function resolve(value: unknown, scope: Scope): any {
  const resolved = resolveValue(value, scope);
  return resolved === noValue ? undefined : resolved;
}

function resolveValue(value: unknown, scope: Scope): unknown {
  const inner = (part: unknown) => resolveValue(part, scope);
  if (Array.isArray(value)) return value.map(inner).filter((member) => member !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const [name, argument] = members[0] ?? [];
  // IAM statements have a member `Condition` too, but its value is an object; a condition is named by a string.
  if (members.length === 1 && name && (name !== 'Condition' || typeof argument === 'string')) {
    const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
    if (intrinsic) return intrinsic(argument, scope, inner);
    if (name.startsWith('Fn::')) throw new NotSupportedError(`the intrinsic function ${name} (${scope.place})`);
  }
  const misplaced = members.find(([member]) => member.startsWith('Fn::'));
  if (misplaced) throw new TemplateError(scope.place, `${misplaced[0]} stands beside other members of one object`);
  return Object.fromEntries(members.map(([key, part]) => [key, inner(part)]).filter(([, part]) => part !== noValue));
}
