import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/states/json.ts';
import { failedWith, never, run } from './run-definition.ts';

const task = (fields: JsonObject) => ({
  StartAt: 'Work',
  States: {
    Work: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, ...fields },
    Mend: { Type: 'Pass', End: true },
  },
});

describe('Retry', () => {
  it('waits longer each time, up to MaxDelaySeconds', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 4 }];
    const { outcome, seconds, calls } = await run(task({ Retry }), {}, { tasks: { Work: [failedWith('Busy')] } });
    expect(outcome.status).toBe('FAILED');
    expect(calls).toHaveLength(5);
    expect(seconds).toBe(2 + 6 + 10 + 10);
  });

  it('takes a random part of the wait with full jitter', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 8, MaxAttempts: 1, JitterStrategy: 'FULL' }];
    const tasks = { Work: [failedWith('Busy'), { ok: true }] };
    const { output, seconds } = await run(task({ Retry }), {}, { tasks, random: 0.25 });
    expect(output).toEqual({ ok: true });
    expect(seconds).toBe(2);
  });

  it('counts attempts for each retrier on its own', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 1 },
    ];
    const tasks = { Work: [failedWith('A'), failedWith('B'), failedWith('A')] };
    const { output, calls } = await run(task({ Retry }), {}, { tasks });
    expect(output.error).toBe('A');
    expect(calls).toHaveLength(3);
  });

  it('does not try again with MaxAttempts 0, nor what happened in the interpreter', async () => {
    const never = [
      { ErrorEquals: ['Busy'], MaxAttempts: 0 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 5 },
    ];
    const { calls } = await run(task({ Retry: never }), {}, { tasks: { Work: [failedWith('Busy')] } });
    expect(calls).toHaveLength(1);
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    const { output, seconds } = await run(task({ Retry, InputPath: '$.missing' }));
    expect(output.error).toBe('States.Runtime');
    expect(seconds).toBe(0);
  });

  it('begins a Map or a Parallel anew, and counts', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }];
    const inner = { StartAt: 'Work', States: { Work: { ...task({}).States.Work } } };
    const counted = { Count: { Type: 'Pass', Parameters: { 'retried.$': '$$.State.RetryCount' }, End: true } };
    for (const state of [
      { Type: 'Map', ItemProcessor: inner, ItemSelector: { 'retried.$': '$$.State.RetryCount' } },
      { Type: 'Parallel', Branches: [inner], Parameters: { 'retried.$': '$$.State.RetryCount' } },
    ]) {
      const answers = [failedWith('Own'), failedWith('Own'), { ok: true }];
      const machine = { StartAt: 'All', States: { All: { ...state, Retry, End: true } } };
      const { output, types, calls } = await run(machine, [1], { tasks: { Work: answers } });
      expect(output).toEqual([{ ok: true }]);
      expect(calls.map(({ parameters }) => parameters)).toEqual([{ retried: 0 }, { retried: 1 }, { retried: 2 }]);
      expect(types.filter((type) => type === `${state.Type}StateStarted`)).toHaveLength(3);
      expect(types.filter((type) => type === `${state.Type}StateEntered`)).toHaveLength(1);
    }
    const { output } = await run({ StartAt: 'Count', States: counted });
    expect(output.error).toBe('States.Runtime');
  });

  it('takes States.TaskFailed for any failure but a timeout', async () => {
    const Retry = [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }];
    const failed = await run(task({ Retry }), {}, { tasks: { Work: [failedWith('Own'), {}] } });
    expect(failed.outcome.status).toBe('SUCCEEDED');
    const late = await run(task({ Retry, TimeoutSeconds: 3 }), {}, { tasks: { Work: [never] } });
    expect(late.output.error).toBe('States.Timeout');
    expect(late.calls).toHaveLength(1);
  });
});

describe('Catch', () => {
  it('hands the error on at ResultPath, after retries were of no use', async () => {
    const fields = {
      Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }],
      Catch: [
        { ErrorEquals: ['Other'], Next: 'Work' },
        { ErrorEquals: ['Busy'], ResultPath: '$.error', Next: 'Mend' },
      ],
    };
    const { output, calls } = await run(task(fields), { a: 1 }, { tasks: { Work: [failedWith('Busy', 'why')] } });
    expect(calls).toHaveLength(3);
    expect(output).toEqual({ a: 1, error: { Error: 'Busy', Cause: 'why' } });
  });

  it('sets variables and output by JSONata', async () => {
    const { output } = await run(
      {
        QueryLanguage: 'JSONata',
        StartAt: 'Work',
        States: {
          Work: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Catch: [
              {
                ErrorEquals: ['States.ALL'],
                Assign: { error: '{% $states.errorOutput.Error %}' },
                Output: '{% $states.errorOutput.Cause %}',
                Next: 'Mend',
              },
            ],
            End: true,
          },
          Mend: { Type: 'Pass', Output: ['{% $error %}', '{% $states.input %}'], End: true },
        },
      },
      {},
      { tasks: { Work: [failedWith('Busy', 'why')] } },
    );
    expect(output).toEqual(['Busy', 'why']);
  });

  it('fails where it cannot say what went wrong, and history tells of it', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Assign: { why: '{% $nothing %}' }, Next: 'Mend' }];
    const machine = { QueryLanguage: 'JSONata', ...task({ Catch }) };
    const { output, types } = await run(machine, {}, { tasks: { Work: [failedWith('Busy')] } });
    expect(output.error).toBe('States.QueryEvaluationError');
    expect(types.slice(-3)).toEqual(['TaskFailed', 'EvaluationFailed', 'ExecutionFailed']);
  });

  it.each([0, -1, 100_000_000])('has no time limits of %d seconds', async (seconds) => {
    for (const field of ['TimeoutSecondsPath', 'HeartbeatSecondsPath']) {
      const { output, calls } = await run(task({ [field]: '$.seconds' }), { seconds });
      expect(output.error).toBe('States.Runtime');
      expect(output.cause).toContain(`The ${field} field refers to value "${seconds}"`);
      expect(calls).toEqual([]);
    }
  });

  it('tells a missing heartbeat from other timeouts', async () => {
    const fields = {
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      TimeoutSeconds: 100,
      HeartbeatSeconds: 5,
      Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Mend' }],
    };
    const { types, seconds, outcome } = await run(task(fields), {}, { tasks: { Work: [never] } });
    expect(outcome.status).toBe('SUCCEEDED');
    expect(seconds).toBe(5);
    expect(types).toContain('TaskTimedOut');
  });
});
