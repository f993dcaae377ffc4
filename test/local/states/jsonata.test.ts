import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/states/json.ts';
import { run } from './run-definition.ts';

async function evaluated(expression: string, input: Json = {}): Promise<Json> {
  const { output } = await run(
    {
      QueryLanguage: 'JSONata',
      StartAt: 'Pass',
      States: { Pass: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } },
    },
    input,
  );
  return output;
}

describe('functions that AWS adds to JSONata', () => {
  it('cut arrays in pieces', async () => {
    expect(await evaluated('$partition([1..5], 2)')).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('count in steps', async () => {
    expect(await evaluated('$range(1, 9, 4)')).toEqual([1, 5, 9]);
    expect(await evaluated('$range(9, 1, -4)')).toEqual([9, 5, 1]);
    expect(await evaluated('$range(7, 7, 1)')).toBe(7);
  });

  it('cut fractions off', async () => {
    expect(await evaluated('$range(-1.7, 1.9, 1.2)')).toEqual([-1, 0, 1]);
    expect(await evaluated('$partition([1..3], 2.9)')).toEqual([[1, 2], [3]]);
  });

  it.each(['$partition([1..3], 0)', '$partition([], 2)', '$range(1, 9)', '$range(1, 9, -1)', "$hash('x')"])(
    'give nothing: %s',
    async (expression) => {
      expect((await evaluated(expression)).cause).toContain('returned nothing (undefined)');
    },
  );

  it('leave numbers that JSON does not have by name', async () => {
    expect(await evaluated('1/0')).toBe('Infinity');
    expect(await evaluated("[-1/0, {'a': 1/0}]")).toEqual(['-Infinity', { a: 'Infinity' }]);
  });

  it.each(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])('hash by %s', async (algorithm) => {
    const expected = createHash(algorithm.replace('-', '').toLowerCase()).update('text').digest('hex');
    expect(await evaluated(`$hash('text', '${algorithm}')`)).toBe(expected);
  });

  it('give the same random number for the same seed, below 1', async () => {
    const [first, second] = [await evaluated('$random(42)'), await evaluated('$random(42)')];
    expect(first).toBe(second);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(1);
  });

  it('make UUIDs of version 4', async () => {
    expect(await evaluated('$uuid()')).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('parse JSON', async () => {
    expect(await evaluated('$parse(\'{"a":[1,null]}\').a')).toEqual([1, null]);
  });
});

describe('what an expression may not do', () => {
  it('calls $eval', async () => {
    expect(await evaluated("$eval('1 + 1')")).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it.each([
    '[1..9999999].($ * 2)',
    "$join([1..1000000].'0123456789')",
    "$reduce([1..60], function($all) { $all & $all }, 'x')",
    "$pad('x', 999999999)",
    '$range(1, 100000000, 1)',
  ])(
    'fills the memory: %s',
    async (expression) => {
      const before = process.memoryUsage().rss;
      const failed = await evaluated(expression);
      expect(failed.error).toMatch(/^States\.(QueryEvaluationError|DataLimitExceeded)$/);
      expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000);
    },
    20_000,
  );

  it.each([
    ['($on := function($n) { $on($n + 1) }; $on(0))', 'Expression evaluation timeout'],
    ['($deep := function($n) { 1 + $deep($n) }; $deep(0))', 'Stack overflow error'],
    ['$range(1, 360146, 1)', 'Expression evaluation memory limit exceeded'],
  ])('goes on for too long, and is told so in AWS’s words: %s', async (expression, reason) => {
    const failed = await evaluated(expression);
    expect(failed.error).toBe('States.QueryEvaluationError');
    expect(failed.cause).toContain(`threw an error during evaluation. ${reason}`);
  });

  it('nests more than a hundred levels', async () => {
    const sum = (terms: number) => Array.from({ length: terms }, () => '1').join('+');
    expect(await evaluated(sum(100))).toBe(100);
    expect((await evaluated(sum(102))).cause).toContain('Stack overflow error');
  });

  it('asks for a result where its state has none', async () => {
    expect((await evaluated('$states.result')).cause).toContain('returned nothing (undefined)');
  });

  it.each([
    ['Seconds', 0, -1],
    ['TimeoutSeconds', 1, 0],
    ['HeartbeatSeconds', 1, 100_000_000],
  ])('gives %s a value below %d or beyond three years', async (field, least, value) => {
    const Arguments = { QueueUrl: 'q', MessageBody: '{% $states.context.Task.Token %}' };
    const Resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
    const state = field === 'Seconds' ? { Type: 'Wait' } : { Type: 'Task', Resource, Arguments };
    const States = { S: { ...state, [field]: `{% ${value} %}`, End: true } };
    const { output } = await run({ QueryLanguage: 'JSONata', StartAt: 'S', States });
    expect(output.error).toBe('States.QueryEvaluationError');
    expect(output.cause).toContain(`Expected a value from ${least} to 99999999, but was: ${value}`);
  });

  it('comes to nothing', async () => {
    const failed = await evaluated('$states.input.missing');
    expect(failed.error).toBe('States.QueryEvaluationError');
    expect(failed.cause).toContain('returned nothing (undefined)');
  });

  it('gives a function', async () => {
    expect(await evaluated('function($x) { $x }')).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('reaches into the prototypes of JavaScript', async () => {
    expect(await evaluated('$states.input.constructor')).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(JSON.stringify(await evaluated("{'__proto__': {'polluted': true}}"))).toBe(
      '{"__proto__":{"polluted":true}}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

it('shows the context object and the execution’s input', async () => {
  const output = await evaluated('[$states.context.Execution.Name, $states.context.State.Name, $states.input.a]', {
    a: 1,
  });
  expect(output).toEqual(['one', 'Pass', 1]);
});
