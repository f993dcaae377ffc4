import { placeholder, references } from './references.ts';
import { retryFunction } from './retry.ts';

/** Names of the substitutions of this machine. */
export const escalateFunction = 'EscalateFunction';

const next = 'Whom to tell';
const anybody = 'Anybody?';
const tell = 'Tell';
const tellOne = 'Tell one';
const over = 'Over?';
const wait = 'Wait for somebody';
const done = 'Done';
const undelivered = 'Not everybody was told';

/** Levels lie days apart at most; a run that nobody looks after for longer is no news any more. */
const longestSeconds = 90 * 24 * 3600;

/**
 * The machine that tells people of one incident, level by level, until somebody looks after it. What it has done it
 * knows itself, so that nobody is told twice; while it waits it costs nothing.
 */
export function escalationDefinition(pipeline: string): object {
  return {
    Comment: `Tells people of what needs them in ${pipeline}`,
    QueryLanguage: 'JSONata',
    StartAt: next,
    TimeoutSeconds: longestSeconds,
    States: {
      [next]: {
        Type: 'Task',
        Resource: `arn:${references.partition}:states:::lambda:invoke`,
        Arguments: {
          FunctionName: placeholder(escalateFunction),
          Payload: "{% $merge([$states.input, { 'execution': $states.context.Execution.Id }]) %}",
        },
        TimeoutSeconds: 90,
        Retry: retryFunction,
        Output: '{% $states.result.Payload %}',
        Next: anybody,
      },
      [anybody]: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $count($states.input.topics) > 0 %}', Next: tell }],
        Default: over,
      },
      [tell]: {
        Type: 'Map',
        Items: '{% $states.input.topics %}',
        ItemSelector: { topic: '{% $states.context.Map.Item.Value %}', notice: '{% $states.input.notice %}' },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: tellOne,
          States: {
            [tellOne]: {
              Type: 'Task',
              Resource: `arn:${references.partition}:states:::sns:publish`,
              Arguments: {
                TopicArn: '{% $states.input.topic %}',
                Subject: '{% $states.input.notice.subject %}',
                Message: '{% $states.input.notice.message %}',
                // SNS may have taken a message whose answer is lost; the second one has the same id.
                MessageAttributes: {
                  'penstock-notice': { DataType: 'String', StringValue: '{% $states.input.notice.id %}' },
                },
              },
              TimeoutSeconds: 60,
              Retry: [
                {
                  ErrorEquals: ['States.ALL'],
                  IntervalSeconds: 2,
                  MaxAttempts: 5,
                  BackoffRate: 2,
                  MaxDelaySeconds: 60,
                  JitterStrategy: 'FULL',
                },
              ],
              // One who cannot be told keeps nobody from the others, and from the next level.
              Catch: [{ ErrorEquals: ['States.ALL'], Output: { undelivered: true }, Next: 'Told' }],
              Output: { undelivered: false },
              Next: 'Told',
            },
            Told: { Type: 'Pass', End: true },
          },
        },
        Output:
          "{% $merge([$states.input, { 'topics': [], 'undelivered': $states.input.undelivered or true in $states.result.undelivered }]) %}",
        Next: over,
      },
      [over]: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.over and $states.input.undelivered %}', Next: undelivered },
          { Condition: '{% $states.input.over %}', Next: done },
        ],
        Default: wait,
      },
      [wait]: { Type: 'Wait', Seconds: '{% $states.input.waitSeconds %}', Next: next },
      [done]: { Type: 'Succeed' },
      [undelivered]: {
        Type: 'Fail',
        Error: 'EscalationUndelivered',
        Cause: 'a receiver could not be told; see the history of this execution',
      },
    },
  };
}
