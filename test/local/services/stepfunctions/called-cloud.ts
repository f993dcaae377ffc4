import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import type { ServiceFactory } from '../../../../local/service.ts';
import { createStepFunctions } from '../../../../local/services/stepfunctions/index.ts';
import type { Json, JsonObject } from '../../../../local/states/json.ts';
import { role } from './cloud-with-fakes.ts';

const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;

/** Step Functions on a clock that a test moves, called without the way over HTTP. */
export class CalledCloud {
  readonly cloud: LocalCloud;
  readonly clock: ManualClock;

  private constructor(cloud: LocalCloud, clock: ManualClock) {
    this.cloud = cloud;
    this.clock = clock;
  }

  static async start(services: ServiceFactory[] = [], dataFolder?: string): Promise<CalledCloud> {
    const clock = manualClock();
    const cloud = await LocalCloud.start({ services: [createStepFunctions, ...services], clock, dataFolder });
    return new CalledCloud(cloud, clock);
  }

  call(operation: string, input: JsonObject = {}): Promise<Json> {
    return this.cloud.call('states', operation, input, root);
  }

  /** The ARN of a new machine. */
  async create(definition: object, more: JsonObject = {}): Promise<string> {
    const text = JSON.stringify(definition);
    const made = await this.call('CreateStateMachine', { name: 'machine', roleArn: role, definition: text, ...more });
    return made.stateMachineArn;
  }

  /** The ARN of a new execution. */
  async begin(stateMachineArn: string, input: Json = {}, more: JsonObject = {}): Promise<string> {
    const started = await this.call('StartExecution', { stateMachineArn, input: JSON.stringify(input), ...more });
    return started.executionArn;
  }

  /** Lets time pass until the execution has ended. */
  async settled(executionArn: string): Promise<Json> {
    const describe = () => this.call('DescribeExecution', { executionArn });
    while ((await describe()).status === 'RUNNING' && (await this.clock.advanceToNext()));
    return describe();
  }

  async types(executionArn: string): Promise<string[]> {
    const { events } = await this.call('GetExecutionHistory', { executionArn });
    return events.map(({ type }: { type: string }) => type);
  }

  close(): Promise<void> {
    return this.cloud.close();
  }
}
