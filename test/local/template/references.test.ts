import { expect, it } from 'vitest';
import { findCycle } from '../../../local/template/cycle.ts';
import { references } from '../../../local/template/references.ts';

it('finds what a value looks up, in every form', () => {
  const value = {
    a: { Ref: 'A' },
    b: [{ 'Fn::GetAtt': ['B', { 'Fn::Sub': '${Parameter}' }] }, { 'Fn::GetAtt': 'C.Arn' }],
    d: { 'Fn::Sub': ['${D} ${E.Arn} ${!Literal} ${local}', { local: { Ref: 'F' } }] },
    e: { 'Fn::If': ['Holds', { Ref: 'G' }, { Ref: 'Other' }] },
  };
  const names = references(value, () => true);
  expect([...names].sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'Parameter']);
});

it('shows a cycle from its first member back to it', () => {
  const graph = new Map([
    ['A', new Set(['B'])],
    ['B', new Set(['C', 'D'])],
    ['C', new Set<string>()],
    ['D', new Set(['B'])],
  ]);
  expect(findCycle(graph)).toEqual(['B', 'D', 'B']);
  graph.set('D', new Set(['C']));
  expect(findCycle(graph)).toBeUndefined();
});
