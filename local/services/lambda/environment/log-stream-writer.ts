import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Cloud } from '../../../service.ts';
import { assumeRole } from '../assume-role.ts';
import type { FunctionVersion } from '../state.ts';

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

/** Writes to one CloudWatch Logs stream as the function's role, in batches, so that no function waits for its own log. */
export class LogStreamWriter {
  readonly #cloud: Cloud;
  readonly #version: FunctionVersion;
  readonly #stream: string;
  #buffered: LogEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #created = false;
  #reported = false;

  constructor(cloud: Cloud, version: FunctionVersion, stream: string) {
    this.#cloud = cloud;
    this.#version = version;
    this.#stream = stream;
  }

  write(message: string): void {
    this.#buffered.push({ timestamp: this.#cloud.clock.now(), message });
    // In the machine's time: this only bounds how long a line stays in a buffer.
    this.#timer ??= setTimeout(() => void this.flush(), flushMilliseconds).unref();
  }

  /** Resolves when everything written so far is in the stream. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#buffered;
    if (events.length === 0) return this.#writing;
    this.#buffered = [];
    this.#writing = this.#writing.then(() => this.#put(events)).catch((error) => this.#report(error));
    return this.#writing;
  }

  async #put(events: readonly LogEvent[]): Promise<void> {
    const logGroupName = this.#version.configuration.LoggingConfig.LogGroup!;
    const names = { logGroupName, logStreamName: this.#stream };
    if (!this.#created) {
      try {
        await this.#call('CreateLogStream', names);
      } catch (error) {
        if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
        await this.#call('CreateLogGroup', { logGroupName });
        await this.#call('CreateLogStream', names);
      }
      this.#created = true;
    }
    for (const logEvents of batches(events)) await this.#call('PutLogEvents', { ...names, logEvents });
  }

  /** Two environments may find the same group missing. */
  async #call(operation: string, input: object): Promise<void> {
    try {
      await this.#cloud.call('logs', operation, input, assumeRole(this.#cloud, this.#version));
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
    }
  }

  /** A cloud may have been started without CloudWatch Logs: then there is nowhere to write to, which its owner chose. */
  #report(error: unknown): void {
    if (error instanceof NotSupportedError || this.#reported) return;
    this.#reported = true;
    const { FunctionName } = this.#version.configuration;
    process.emitWarning(`the log of the function ${FunctionName} could not be written: ${(error as Error).message}`);
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
