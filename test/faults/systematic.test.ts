import { expect, test } from 'vitest';
import type { CallNote } from './play.ts';
import { plainHistory, struckAtEveryEffect } from './systematic.ts';

const call = (at: number, operation: string, more: Partial<CallNote> = {}): CallNote => ({
  ...{ by: 'function', at, operation, about: 'penstock-solo-commit x', invocation: 1, time: 0 },
  ...more,
});

const played = (calls: readonly CallNote[], pipeline: 'solo' | 'wide' | 'batched' = 'solo') =>
  struckAtEveryEffect(plainHistory(pipeline), calls).histories.flatMap(({ mishaps }) =>
    mishaps.map(({ at, what }) => `${at} ${what}`),
  );

test('a function is killed before and after each effect, and a service loses what it sends and gets', () => {
  const calls = [
    call(0, 's3:PutObject'),
    call(1, 's3:GetObject', { invocation: 2 }),
    call(0, 'sqs:SendMessage', { by: 'service', invocation: undefined as never }),
  ];
  expect(played(calls)).toEqual(['0 kill before', '0 kill after', '0 lose before', '0 lose after']);
});

test('a kill that comes to the same as the one after the effect before is counted, and not played', () => {
  const calls = [call(0, 's3:PutObject'), call(1, 's3:GetObject'), call(2, 'dynamodb:PutItem')];
  expect(played(calls)).toEqual(['0 kill before', '0 kill after', '2 kill after']);
  expect(struckAtEveryEffect(plainHistory('solo'), calls).effects).toBe(2);
});

test.each([
  ['somebody else has called in between', call(5, 's3:GetObject', { invocation: 2 }), {}],
  ['time has passed in between', call(1, 's3:GetObject'), { time: 1 }],
  ['it is the first effect of its invocation', call(1, 's3:GetObject'), { invocation: 2 }],
])('a kill is played where %s', (_why, between, more) => {
  expect(played([call(0, 's3:PutObject'), between, call(2, 'dynamodb:PutItem', more)])).toContain('2 kill before');
});

test('what knows nothing of pipelines is struck in one of them', () => {
  const calls = [call(0, 'states:StartExecution', { about: 'penstock-trigger penstock-wide' })];
  expect(played(calls, 'wide')).toEqual([]);
  expect(played(calls)).toHaveLength(2);
});

test('where files are run together, what puts them together is struck; the run is like any other', () => {
  const starts = call(0, 'dynamodb:TransactWriteItems', { about: 'penstock-trigger x' });
  expect(played([starts, call(1, 's3:PutObject')], 'batched')).toEqual(['0 kill before', '0 kill after']);
});
