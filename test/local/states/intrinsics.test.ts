import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/states/json.ts';
import { run } from './run-definition.ts';

const input = {
  a: [1, 2, 3],
  o: { k: 1 },
  p: { k: 2, l: { m: 1 } },
  d: [1, 'a', 1, { x: 1 }, { x: 1 }, null, null],
  long: 'x'.repeat(10_001),
};

async function value(call: string): Promise<Json> {
  const States = { S: { Type: 'Pass', Parameters: { 'r.$': call }, End: true } };
  const { output } = await run({ StartAt: 'S', States }, input);
  return 'r' in output ? output.r : output;
}

describe('an intrinsic function', () => {
  it.each([
    ["States.Array('a', 1, null, true, $.a[0])", ['a', 1, null, true, 1]],
    ['States.ArrayPartition($.a, 2)', [[1, 2], [3]]],
    ['States.ArrayContains($.a, 2)', true],
    ['States.ArrayContains($.d, $.o)', false],
    ['States.ArrayRange(1, 9, 4)', [1, 5, 9]],
    ['States.ArrayRange(9, 1, -4)', [9, 5, 1]],
    ['States.ArrayGetItem($.a, 1)', 2],
    ['States.ArrayLength($.a)', 3],
    ['States.ArrayUnique($.d)', [1, 'a', { x: 1 }, null]],
    ["States.Base64Encode('é')", 'w6k='],
    ["States.Base64Decode('w6k=')", 'é'],
    ["States.Hash('x', 'MD5')", '9dd4e461268c8034f5c8564e155c67a6'],
    ['States.JsonMerge($.o, $.p, false)', { k: 2, l: { m: 1 } }],
    ['States.StringToJson(\'{"a":[1]}\')', { a: [1] }],
    ['States.JsonToString($.o)', '{"k":1}'],
    ['States.MathRandom(3, 4)', 3],
    ['States.MathAdd(1, -2)', -1],
    ["States.StringSplit('1.2,3', '.,')", ['1', '2', '3']],
    ["States.Format('{} is \\{{}\\}, it\\'s \\\\', 'x', $.o)", "x is {{k=1}}, it's \\"],
    ["States.Format('{}', States.ArrayGetItem(States.StringSplit('a-b', '-'), 1))", 'b'],
  ])('gives %s', async (call, expected) => {
    expect(await value(call)).toEqual(expected);
  });

  it('makes UUIDs of version 4, and random numbers that a seed decides', async () => {
    expect(await value('States.UUID()')).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(await value('States.MathRandom(1, 1000, 7)')).toBe(await value('States.MathRandom(1, 1000, 7)'));
  });

  it.each([
    'States.ArrayPartition($.a, 0)',
    'States.ArrayContains(1, 1)',
    'States.ArrayRange(1, 9, 0)',
    'States.ArrayRange(0, 1000, 1)',
    'States.ArrayGetItem($.a, 3)',
    'States.ArrayLength($.o)',
    'States.ArrayUnique(1)',
    'States.Base64Encode($.long)',
    "States.Base64Decode('!')",
    "States.Hash('x', 'MD4')",
    "States.Hash($.long, 'MD5')",
    'States.JsonMerge($.o, $.p, true)',
    'States.JsonMerge($.o, 1, false)',
    "States.StringToJson('{')",
    'States.JsonToString()',
    'States.MathRandom(2, 1)',
    "States.MathAdd('1', 2)",
    "States.StringSplit(1, ',')",
    "States.Format('{}')",
    "States.Format('', 1)",
    "States.StringSplit('a', '\\x')",
    'States.UUID(1)',
  ])('fails the state where it cannot be computed: %s', async (call) => {
    expect(await value(call)).toMatchObject({
      error: 'States.IntrinsicFailure',
      cause: expect.stringContaining(`The function '${call}' had the following error: `),
    });
  });

  it.each([
    ['$.nope', `The JsonPath argument for the field '$.nope' could not be found in the input '`],
    ['$.o[0]', `Filter: [0] can only be applied to arrays. Current context is: {"k":1}`],
  ])('wants its arguments to be there: %s', async (path, reason) => {
    const call = `States.Format('{}', States.Array(${path}))`;
    const failed = await value(call);
    expect(failed.error).toBe('States.Runtime');
    expect(failed.cause).toContain(`The function '${call}' had the following error: ${reason}`);
    expect(await value('States.ArrayLength($.nope[*])')).toBe(0);
  });

  it('may be caught', async () => {
    const Task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { 'a.$': 'States.ArrayGetItem($.a, 9)' },
      Catch: [{ ErrorEquals: ['States.IntrinsicFailure'], ResultPath: '$.error', Next: 'Mended' }],
      End: true,
    };
    const States = { Task, Mended: { Type: 'Pass', Parameters: { 'r.$': '$.error.Error' }, End: true } };
    expect((await run({ StartAt: 'Task', States }, input)).output).toEqual({ r: 'States.IntrinsicFailure' });
  });

  it('may tell why a Fail state fails', async () => {
    const Fail = (CausePath: string) => ({ StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Own', CausePath } } });
    expect((await run(Fail("States.Format('k is {}', $.o.k)"), input)).output.cause).toBe('k is 1');
    expect((await run(Fail("States.Format('{}')"), input)).output.error).toBe('States.IntrinsicFailure');
  });
});
