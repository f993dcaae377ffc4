import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';

let states: CalledCloud;
let stateMachineArn: string;

beforeEach(async () => {
  states = await CalledCloud.start();
  stateMachineArn = await states.create({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } });
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await states.settled(await states.begin(stateMachineArn, {}, { name }));
    await states.clock.advance(1_000);
  }
});
afterEach(() => states.close());

const list = (more: JsonObject) => states.call('ListExecutions', { stateMachineArn, ...more });
const names = ({ executions }: JsonObject) => executions.map(({ name }: { name: string }) => name);

describe('a list', () => {
  it('comes in pages, the newest first', async () => {
    const first = await list({ maxResults: 2 });
    const second = await list({ maxResults: 2, nextToken: first.nextToken });
    const third = await list({ maxResults: 2, nextToken: second.nextToken });
    expect([first, second, third].map(names)).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    expect(third).not.toHaveProperty('nextToken');
  });

  it('takes a token for a day, and none that it never gave', async () => {
    const { nextToken } = await list({ maxResults: 2 });
    await states.clock.advance(25 * 60 * 60 * 1000);
    await expect(list({ nextToken })).rejects.toMatchObject({ code: 'InvalidToken' });
    await expect(list({ nextToken: 'other' })).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('is refused where parameters are not what they should be', async () => {
    await expect(list({ maxResults: 1_001 })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(list({ statusFilter: 'DONE' })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(list({ other: 1 })).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

it('starts with no more input than a state may have, in bytes of UTF-8', async () => {
  const start = (text: string) => states.call('StartExecution', { stateMachineArn, input: JSON.stringify(text) });
  await expect(start('x'.repeat(262_142))).resolves.toHaveProperty('executionArn');
  await expect(start('é'.repeat(131_072))).rejects.toMatchObject({ code: 'InvalidExecutionInput' });
  await expect(start('x'.repeat(262_143))).rejects.toMatchObject({ code: 'ValidationException' });
});

it('says what is wrong with a definition, without creating it', async () => {
  const validate = (definition: object, more: JsonObject = {}) =>
    states.call('ValidateStateMachineDefinition', { definition: JSON.stringify(definition), ...more });
  const doubtful = { Type: 'Pass', Result: { 'a.$': '$.b' }, End: true };
  expect(await validate({ StartAt: 'A', States: { A: doubtful } })).toEqual({
    result: 'OK',
    diagnostics: [],
    truncated: false,
  });
  const warned = await validate({ StartAt: 'A', States: { A: doubtful } }, { severity: 'WARNING' });
  expect(warned).toMatchObject({ result: 'OK', diagnostics: [{ severity: 'WARNING', code: 'PASS_RESULT_IS_STATIC' }] });
  const wrong = { StartAt: 'A', States: { A: { Type: 'Pass', Foo: 1, Bar: 2, End: true } } };
  expect(await validate(wrong, { maxResults: 1 })).toMatchObject({
    result: 'FAIL',
    diagnostics: [{ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', location: '/States/A' }],
    truncated: true,
  });
});

it('pages through a history, from either end', async () => {
  const { executions } = await list({ maxResults: 1 });
  const { executionArn } = executions[0];
  const all = await states.types(executionArn);
  const page = await states.call('GetExecutionHistory', { executionArn, maxResults: 3 });
  expect(page.events).toHaveLength(3);
  const rest = await states.call('GetExecutionHistory', { executionArn, maxResults: 3, nextToken: page.nextToken });
  expect([...page.events, ...rest.events].map(({ type }: { type: string }) => type)).toEqual(all);
  expect(rest).not.toHaveProperty('nextToken');
  const reversed = await states.call('GetExecutionHistory', { executionArn, reverseOrder: true });
  expect(reversed.events.map(({ type }: { type: string }) => type)).toEqual(all.toReversed());
  const bare = await states.call('GetExecutionHistory', { executionArn, includeExecutionData: false });
  expect(bare.events[0].executionStartedEventDetails).not.toHaveProperty('input');
});
