import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { rootCredentials } from '../../../../local/iam/credentials.ts';
import { createLogs, type LogsOptions } from '../../../../local/services/logs/index.ts';

export interface LogsCloudOptions extends LogsOptions {
  readonly dataFolder?: string;
  readonly clock?: ManualClock;
}

/** CloudWatch Logs alone, with the SDK's client. */
export async function logsCloud({ dataFolder, clock = manualClock(), ...options }: LogsCloudOptions = {}) {
  const cloud = await LocalCloud.start({ services: [(each) => createLogs(each, options)], dataFolder, clock });
  const client = new CloudWatchLogsClient({
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: rootCredentials,
    maxAttempts: 1,
  });
  return {
    clock,
    client,
    async stream(logGroupName: string, logStreamName: string) {
      await client.send(new CreateLogGroupCommand({ logGroupName })).catch((error) => {
        if (error.name !== 'ResourceAlreadyExistsException') throw error;
      });
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    },
    /** Writes messages a millisecond apart, from now on. */
    put(logGroupName: string, logStreamName: string, ...messages: string[]) {
      const logEvents = messages.map((message, index) => ({ timestamp: clock.now() + index, message }));
      return client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    },
    async close() {
      await cloud.close();
      client.destroy();
    },
  };
}

export type LogsCloud = Awaited<ReturnType<typeof logsCloud>>;
