import { expect, it } from 'vitest';
import { mapOf, readProperties, withoutEffect } from '../../../local/provisioning/shape.ts';

const shape = {
  Name: 'text',
  Size: 'number',
  On: 'flag',
  Tags: withoutEffect('tags are for people'),
  Rules: [{ Id: 'text', Filter: { Prefix: 'text' } }],
  Variables: mapOf('text'),
  Document: 'json',
} as const;
const read = (properties: unknown) => readProperties(shape, properties, 'AWS::X::Y (S/R)');

it('converts what templates write, as parameters are always text', () => {
  const properties = {
    Name: 3,
    Size: '10',
    On: 'true',
    Variables: { A: 1 },
    Document: { any: [1] },
    Rules: { Id: 'a' },
  };
  expect(read(properties)).toEqual({
    Name: '3',
    Size: 10,
    On: true,
    Variables: { A: '1' },
    Document: { any: [1] },
    Rules: [{ Id: 'a' }],
  });
});

it('leaves out what has no effect', () => {
  expect(read({ Tags: [{ Key: 'a', Value: 'b' }] })).toEqual({});
});

it.each<[string, object, RegExp]>([
  ['a property', { Shiny: 1 }, /does not support the property Shiny of AWS::X::Y \(S\/R\)/],
  [
    'a nested property',
    { Rules: [{ Id: 'a' }, { Filter: { Suffix: 'x' } }] },
    /property Rules\[1\]\.Filter\.Suffix of/,
  ],
  ['a property of every object', { constructor: 1 }, /property constructor of/],
])('refuses %s that it does not name', (_name, properties, message) => {
  expect(() => read(properties)).toThrow(message);
});

it.each<[string, object, RegExp]>([
  ['a number', { Size: 'big' }, /AWS::X::Y \(S\/R\): the property Size must be a number, not "big"/],
  ['a flag', { On: 'yes' }, /must be true or false/],
  ['an object', { Rules: ['x'] }, /Rules\[0\] must be an object/],
  ['text', { Name: {} }, /must be text/],
])('refuses what is not %s', (_name, properties, message) => {
  expect(() => read(properties)).toThrow(message);
});
