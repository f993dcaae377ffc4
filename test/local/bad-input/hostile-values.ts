import type { ServiceShapes, Type } from '../../../local/protocols/shapes/service-shapes.ts';
import type { Chance } from './chance.ts';

const texts = [
  '',
  ' ',
  'x',
  'a b',
  '../../etc/passwd',
  'a'.repeat(3000),
  '\u0000',
  '\ud800',
  'ü✓🙂',
  '%',
  '%zz',
  '{',
  '{}',
  '[]',
  'null',
  '*',
  '__proto__',
  'constructor',
  'arn:',
  'arn:aws:',
  'arn:aws:sqs:us-east-1:000000000000:q',
  'arn:aws:lambda:us-east-1:000000000000:function:f',
  'arn:aws:iam::000000000000:role/r',
  'rate(0 minutes)',
  'cron(* * * * * *)',
  'at(2026-13-41T99:00:00)',
  '-1',
  '1e999',
  '<a>&b;</a>',
  "'; --",
  '2026-01-01T00:00:00Z',
  '(a',
  '$.a[',
  '${x}',
  '=',
  '/',
  '//',
  '?',
  '#',
  '\\',
  '"',
];
const numbers = [0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 10, 20, 100];
const anything = [null, true, [], {}, [null], [[[]]], { a: null }, { __proto__x: {} }, 7, 'x'];

/** A value for a member: mostly of its type and odd, sometimes of another. */
export function hostileValue(chance: Chance, shapes: ServiceShapes, type: Type, depth = 0): unknown {
  if (chance.happens(0.08)) return chance.of(anything);
  switch (type.kind) {
    case 'list':
      return Array.from({ length: chance.of([0, 1, 1, 2, 30]) }, () =>
        hostileValue(chance, shapes, type.of, depth + 1),
      );
    case 'map': {
      const keys = Array.from({ length: chance.of([0, 1, 1, 2, 12]) }, () => chance.of(texts));
      return Object.fromEntries(keys.map((key) => [key, hostileValue(chance, shapes, type.of, depth + 1)]));
    }
    case 'structure': {
      if (depth > 6) return {};
      const members = shapes.structures.get(type.name)!;
      const given = members.filter(({ required }) => chance.happens(required ? 0.9 : 0.4));
      return Object.fromEntries(
        given.map((member) => [member.name, hostileValue(chance, shapes, member.type, depth + 1)]),
      );
    }
    case 'n':
      return chance.of(numbers);
    case 't':
      return chance.happens(0.5);
    case 'd':
      return chance.of([...numbers, 'yesterday']);
    case 'a':
      return chance.of(anything);
    default:
      return chance.of(texts);
  }
}

export function hostileText(chance: Chance): string {
  return chance.of(texts);
}
