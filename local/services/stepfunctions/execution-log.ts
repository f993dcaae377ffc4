import { root } from '../../iam/principals.ts';
import type { HistoryEvent } from '../../states/history.ts';
import type { StepFunctionsCore } from './core.ts';
import { isLogged, logLine } from './logging.ts';
import type { ExecutionRecord } from './records.ts';

const batchEvents = 100;

/** Sends an execution's events to the log group of its machine, in order and in batches. */
export class ExecutionLog {
  readonly #core: StepFunctionsCore;
  readonly #record: ExecutionRecord;
  readonly #group: string;
  readonly #stream: string;
  #waiting: { timestamp: number; message: string }[] = [];
  #sending: Promise<void> = Promise.resolve();
  #opened = false;

  private constructor(core: StepFunctionsCore, record: ExecutionRecord, group: string) {
    this.#core = core;
    this.#record = record;
    this.#group = group;
    const day = new Date(record.startTime).toISOString().slice(0, 13).replace('T', '-');
    this.#stream = `states/${record.machineName}/${day}/${record.name}`;
  }

  /** The log of an execution, or undefined where its machine logs nothing. */
  static open(core: StepFunctionsCore, record: ExecutionRecord): ExecutionLog | undefined {
    const { loggingConfiguration: config } = record.machine;
    const arn = config.destinations?.[0]?.cloudWatchLogsLogGroup.logGroupArn;
    if (config.level === 'OFF' || arn === undefined) return undefined;
    return new ExecutionLog(core, record, arn.split(':')[6]!);
  }

  record(event: HistoryEvent): void {
    const { loggingConfiguration: config } = this.#record.machine;
    if (!isLogged(event.type, config.level)) return;
    const message = logLine(event, this.#record, config.includeExecutionData);
    this.#waiting.push({ timestamp: event.timestamp, message });
    if (this.#waiting.length >= batchEvents) void this.flush();
  }

  /** Resolves when all that was recorded has been sent. A log that cannot be written to does not hurt the execution. */
  flush(): Promise<void> {
    const logEvents = this.#waiting.splice(0);
    if (logEvents.length > 0) this.#sending = this.#sending.then(() => this.#send(logEvents));
    return this.#sending;
  }

  async #send(logEvents: readonly { timestamp: number; message: string }[]): Promise<void> {
    const { cloud } = this.#core;
    // AWS lets its delivery in by itself, when a machine that has a log is created.
    const caller = root(cloud.accountId);
    const place = { logGroupName: this.#group, logStreamName: this.#stream };
    try {
      if (!this.#opened) await cloud.call('logs', 'CreateLogStream', place, caller);
      this.#opened = true;
    } catch {
      // The stream may be there from before a restart.
      this.#opened = true;
    }
    await cloud.call('logs', 'PutLogEvents', { ...place, logEvents }, caller).catch((error) => {
      process.emitWarning(`the log of ${this.#stream} could not be written to ${this.#group}: ${error.message}`);
    });
  }
}
