import { AwsError, NotSupportedError } from '../../local/aws-error.ts';
import { type ManualClock, manualClock } from '../../local/clocks/manual.ts';
import { LocalCloud } from '../../local/cloud.ts';
import type { Cloud, Operation, Service } from '../../local/service.ts';
import { createEvents } from '../../local/services/events/index.ts';
import { createLogs } from '../../local/services/logs/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { createStepFunctions } from '../../local/services/stepfunctions/index.ts';
import type { Json, JsonObject } from '../../local/states/json.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { declaredFunction } from './declared-function.ts';
import type { Answer } from './recorded-answer.ts';

const accountId = '111111111111';
const root = { kind: 'root', arn: `arn:aws:iam::${accountId}:root` } as const;
/** More timers than any recorded execution sets; one that waits for ever does not hold up the run. */
const maxTimers = 300;

/** The cloud that a recording's calls are made to again. */
export class ApiCloud {
  readonly cloud: LocalCloud;
  readonly #clock: ManualClock;

  private constructor(cloud: LocalCloud, clock: ManualClock) {
    this.cloud = cloud;
    this.#clock = clock;
  }

  /** Queues tell what is sent to them, and keep nothing. */
  static async start(
    recorded: Pick<ConformanceCase, 'lambdas' | 'expect'>,
    sendMessage: Operation = async () => ({}),
  ): Promise<ApiCloud> {
    const clock = manualClock(Date.parse('2026-11-21T02:57:25Z'));
    const functions = (_cloud: Cloud) => declaredFunctions(recorded, clock);
    const queues = (_cloud: Cloud) => serviceOf('sqs', { SendMessage: sendMessage });
    const cloud = await LocalCloud.start({
      services: [createStepFunctions, createLogs, createEvents, createS3, functions, queues],
      accountId,
      region: 'us-east-1',
      clock,
    });
    return new ApiCloud(cloud, clock);
  }

  async call(service: string, operation: string, params: JsonObject): Promise<Answer> {
    const name = service === 'stepfunctions' ? 'states' : service;
    try {
      const call = this.cloud.call(name, pascal(operation), inputOf(params), root);
      const response = await this.#drive(call);
      return { response: JSON.parse(JSON.stringify(response ?? {})) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { code: error.code, message: error.message, refused: /^Validation|^InvalidParameter/.test(error.code) };
    }
  }

  /** Lets time pass until none of the executions runs any more. */
  async settle(executionArns: Iterable<string>): Promise<void> {
    for (const executionArn of executionArns) {
      for (let timers = 0; timers < maxTimers; timers++) {
        const answer = await this.call('stepfunctions', 'describe_execution', { executionArn });
        if (!('response' in answer) || answer.response.status !== 'RUNNING') break;
        if (!(await this.#clock.advanceToNext())) break;
      }
    }
  }

  /** Lets time pass for what nobody asks about. */
  pass(milliseconds: number): Promise<void> {
    return this.#clock.advance(milliseconds);
  }

  close(): Promise<void> {
    return this.cloud.close();
  }

  /** A call that takes time gets it. */
  async #drive<T>(call: Promise<T>): Promise<T> {
    let over = false;
    const end = () => {
      over = true;
    };
    call.then(end, end);
    for (let turn = 0; turn < 20 && !over; turn++) await new Promise((resolve) => setImmediate(resolve));
    for (let timers = 0; timers < maxTimers && !over; timers++) await this.#clock.advanceToNext();
    return call;
  }
}

function declaredFunctions(recorded: Pick<ConformanceCase, 'lambdas' | 'expect'>, clock: ManualClock): Service {
  return serviceOf('lambda', {
    async Invoke({ FunctionName, Payload }) {
      const name = FunctionName.replace(/^arn:aws:lambda:[^:]*:\d*:function:/, '').replace(/:.*$/, '');
      const behaviour = recorded.lambdas?.[name];
      if (!behaviour) throw new NotSupportedError(`function ${name} in a recording`);
      const event = Payload === undefined ? {} : JSON.parse(Buffer.from(Payload).toString());
      const answer = await declaredFunction(behaviour, event, { clock, recorded });
      return { StatusCode: 200, ExecutedVersion: '$LATEST', ...answer };
    },
  });
}

function serviceOf(name: string, operations: Service['operations']): Service {
  return { name, operations, permissions: () => [], http: async () => {} };
}

const pascal = (operation: string) =>
  operation
    .split('_')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('');

function inputOf({ Body, ...params }: JsonObject): Json {
  return Body === undefined ? params : { ...params, Body: Buffer.from(Body) };
}
