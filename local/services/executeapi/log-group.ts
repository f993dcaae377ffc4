import { AwsError } from '../../aws-error.ts';
import type { Cloud, Principal } from '../../service.ts';

const writer: Principal = { kind: 'service', arn: 'delivery.logs.amazonaws.com' };

/** Writes lines to log groups, those of one group in order. */
export class LogGroups {
  readonly #cloud: Cloud;
  readonly #writing = new Map<string, Promise<void>>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Resolves when the line is written. A log that cannot be written to does not hurt the request; a warning tells. */
  write(groupArn: string, message: string): Promise<void> {
    const timestamp = this.#cloud.clock.now();
    const written = (this.#writing.get(groupArn) ?? Promise.resolve()).then(() =>
      this.#put(groupArn, timestamp, message),
    );
    this.#writing.set(groupArn, written);
    return written;
  }

  /** Resolves when everything is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  async #put(groupArn: string, timestamp: number, message: string): Promise<void> {
    const place = { logGroupName: groupArn.split(':')[6]!, logStreamName: 'access' };
    const put = () =>
      this.#cloud.call('logs', 'PutLogEvents', { ...place, logEvents: [{ timestamp, message }] }, writer);
    try {
      await put().catch(async (error) => {
        if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
        await this.#cloud.call('logs', 'CreateLogStream', place, writer);
        await put();
      });
    } catch (error) {
      process.emitWarning(`API Gateway could not write its access log to ${groupArn}: ${(error as Error).message}`);
    }
  }
}
