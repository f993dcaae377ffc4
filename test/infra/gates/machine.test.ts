import { describe, expect, it } from 'vitest';
import { machineProblems } from './machine.ts';

const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: {}, TimeoutSeconds: 60 };
const token = {
  ...task,
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: '{% $states.context.Task.Token %}',
};
const fail = { Type: 'Fail', Error: 'e' };
const machine = (first: object, rest: Record<string, object> = { End: { Type: 'Succeed' } }) => ({
  StartAt: 'First',
  States: { First: { Next: 'End', ...first }, ...rest },
});

describe('the checks of a machine', () => {
  it.each<[string, object, string]>([
    ['a task without a time limit', machine({ ...task, TimeoutSeconds: undefined }), 'no TimeoutSeconds'],
    ['a heartbeat that is not below the time limit', machine({ ...token, HeartbeatSeconds: 60 }), 'not below'],
    ['a token task without a heartbeat', machine(token), 'without HeartbeatSeconds'],
    ['a token that nobody gets', machine({ ...token, HeartbeatSeconds: 5, Arguments: {} }), 'to nobody'],
    [
      'States.ALL before the last rule',
      machine({ ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }),
      'before its last',
    ],
    ['States.ALL beside others', machine({ ...task, Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] }), 'beside others'],
    [
      'a Choice without a Default',
      machine({ Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'End' }] }),
      'no Default',
    ],
    ['a state that nothing leads to', machine(task, { End: { Type: 'Succeed' }, Alone: fail }), 'no way leads here'],
    ['a variable that is never set', machine({ ...task, Arguments: '{% $x %}' }), 'uses $x'],
    [
      'a variable that is set on one of two ways only',
      machine(
        { ...task, Assign: { x: 1 }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] },
        { End: { Type: 'Fail', Error: '{% $x %}' } },
      ),
      'uses $x',
    ],
    [
      'a variable of outside in the child of a distributed Map',
      machine(
        { ...task, Assign: { x: 1 } },
        {
          End: {
            Type: 'Map',
            End: true,
            ItemProcessor: {
              ProcessorConfig: { Mode: 'DISTRIBUTED' },
              StartAt: 'Child',
              States: { Child: { ...task, Arguments: '{% $x %}', End: true } },
            },
          },
        },
      ),
      'uses $x',
    ],
  ])('find %s', (_, definition, problem) => {
    expect(machineProblems(definition).join('\n')).toContain(problem);
  });

  it('accept what an inline Map takes from outside, and what each way sets', () => {
    const definition = machine(
      { ...task, Assign: { x: 1 }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End', Assign: { x: 2 } }] },
      {
        End: {
          Type: 'Map',
          End: true,
          ItemProcessor: {
            StartAt: 'Child',
            States: { Child: { ...task, Arguments: '{% $merge([$x, $states.input]) %}', End: true } },
          },
        },
      },
    );
    expect(machineProblems(definition)).toEqual([]);
  });
});
