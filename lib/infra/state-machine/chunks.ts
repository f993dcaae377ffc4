import type { StagePlan } from '../../component/plan.ts';
import type { StageGroup } from '../stage-groups.ts';
import { delayed, waitUntil } from './delays.ts';
import { catchAll } from './failure.ts';
import { bufferReference, placeholder, references } from './references.ts';
import { retryChunk, retryMap } from './retry.ts';
import { chunkName, waitName } from './state-names.ts';
import type { MapState, States } from './states-language.ts';

/** A worker sends a sign of life every 15 seconds; four missed ones mean that it is gone. */
const heartbeatSeconds = 60;
/** A chunk waits for a worker at most this long on top of the worker's own time limit. */
const pickUpSeconds = 120;

/** A Map over the chunks of a stage: each goes through the group's buffer and comes back by its task token. */
export function mapChunks(pipeline: string, stage: StagePlan, group: StageGroup, next: string): MapState {
  const chunk = chunkName(stage);
  return {
    Type: 'Map',
    Label: stage.id,
    MaxConcurrency: group.concurrency,
    ItemReader: {
      Resource: `arn:${references.partition}:states:::s3:getObject`,
      ReaderConfig: { InputType: 'JSON' },
      Arguments: { Bucket: references.lakeBucket, Key: `{% $lookup($extract.stages, '${stage.id}').manifest %}` },
    },
    // A child of a distributed Map does not see the variables outside; it gets all it needs as its input.
    ItemSelector: { run: '{% $run %}', item: '{% $states.context.Map.Item.Value %}' },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: chunk,
      States: chunkStates(chunk, group),
    },
    ResultWriter: {
      Resource: `arn:${references.partition}:states:::s3:putObject`,
      WriterConfig: { OutputType: 'JSON', Transformation: 'COMPACT' },
      Arguments: {
        Bucket: references.lakeBucket,
        Prefix: `{% 'staged/${pipeline}/' & $run.run & '/results/${stage.id}' %}`,
      },
    },
    Retry: retryMap,
    Catch: [catchAll(stage.title)],
    Next: next,
  };
}

function chunkStates(name: string, group: StageGroup): States {
  const wait = waitName(name);
  return {
    [name]: {
      Type: 'Task',
      Resource: `arn:${references.partition}:states:::sqs:sendMessage.waitForTaskToken`,
      Arguments: {
        QueueUrl: placeholder(bufferReference(group.id)),
        MessageBody: {
          pipeline: '{% $states.input.run.pipeline %}',
          planDigest: '{% $states.input.run.planDigest %}',
          trigger: '{% $states.input.run.trigger %}',
          run: '{% $states.input.run.run %}',
          startedAt: '{% $states.input.run.startedAt %}',
          taskToken: '{% $states.context.Task.Token %}',
          retryCount: '{% $states.context.State.RetryCount %}',
          item: '{% $states.input.item %}',
        },
      },
      HeartbeatSeconds: heartbeatSeconds,
      TimeoutSeconds: group.timeoutSeconds + pickUpSeconds,
      Retry: retryChunk,
      Catch: [delayed('$parse($states.errorOutput.Cause)', wait)],
      End: true,
    },
    [wait]: waitUntil(name),
  };
}
