import type { Timer } from '../../../../lib/core/clock.ts';
import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Cloud, Principal } from '../../../service.ts';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

const flushMilliseconds = 100;
/** PutLogEvents takes so many events and bytes at once. */
const maxBatchEvents = 10_000;
const maxBatchBytes = 1_048_576;
const eventOverheadBytes = 26;
const maxMessageBytes = 262_144 - eventOverheadBytes;

const lambdaService: Principal = { kind: 'service', arn: 'lambda.amazonaws.com' };

/** Writes to one CloudWatch Logs stream in batches, so that no function waits for its own log. */
export class LogStreamWriter {
  readonly #cloud: Cloud;
  readonly #group: string;
  readonly #stream: string;
  #buffered: LogEvent[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #created = false;

  constructor(cloud: Cloud, group: string, stream: string) {
    this.#cloud = cloud;
    this.#group = group;
    this.#stream = stream;
  }

  write(message: string): void {
    this.#buffered.push({ timestamp: this.#cloud.clock.now(), message });
    this.#timer ??= this.#cloud.clock.after(flushMilliseconds, () => void this.flush());
  }

  /** Resolves when everything written so far is in the stream. */
  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const events = this.#buffered;
    if (events.length === 0) return this.#writing;
    this.#buffered = [];
    this.#writing = this.#writing.then(() => this.#put(events)).catch(report);
    return this.#writing;
  }

  async #put(events: readonly LogEvent[]): Promise<void> {
    if (!this.#created) {
      await this.#create('CreateLogGroup', { logGroupName: this.#group });
      await this.#create('CreateLogStream', { logGroupName: this.#group, logStreamName: this.#stream });
      this.#created = true;
    }
    for (const logEvents of batches(events)) {
      const input = { logGroupName: this.#group, logStreamName: this.#stream, logEvents };
      await this.#cloud.call('logs', 'PutLogEvents', input, lambdaService);
    }
  }

  async #create(operation: string, input: object): Promise<void> {
    try {
      await this.#cloud.call('logs', operation, input, lambdaService);
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
    }
  }
}

function* batches(events: readonly LogEvent[]): Generator<LogEvent[]> {
  let batch: LogEvent[] = [];
  let bytes = 0;
  for (const event of events.flatMap(split)) {
    const size = Buffer.byteLength(event.message) + eventOverheadBytes;
    if (batch.length === maxBatchEvents || bytes + size > maxBatchBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  yield batch;
}

/** A message longer than one event may be becomes several. */
function split({ timestamp, message }: LogEvent): LogEvent[] {
  const bytes = Buffer.from(message);
  if (bytes.length <= maxMessageBytes) return [{ timestamp, message }];
  return Array.from({ length: Math.ceil(bytes.length / maxMessageBytes) }, (_, index) => ({
    timestamp,
    message: bytes.toString('utf8', index * maxMessageBytes, (index + 1) * maxMessageBytes),
  }));
}

/** A cloud may have been started without CloudWatch Logs: then there is nowhere to write to, which its owner chose. */
function report(error: unknown): void {
  if (error instanceof NotSupportedError) return;
  process.emitWarning(`the log of a function could not be written: ${(error as Error).message}`);
}
