import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { rootCredentials } from '../../../local/iam/credentials.ts';

/** What was acknowledged, by the number of the write. */
export class Acknowledged {
  readonly objects = new Set<number>();
  readonly deletedObjects = new Set<number>();
  readonly rows = new Set<number>();
  readonly deletedRows = new Set<number>();
  readonly messages = new Set<number>();
  /** Ids of messages. */
  readonly deletedMessages = new Set<string>();
  /** Numbers of messages whose deletion was asked for and may have happened. */
  readonly handled = new Set<number>();
  readonly executions = new Map<number, string>();
  readonly events = new Set<number>();
  readonly invocations = new Set<number>();
}

export const bodyOf = (n: number) => `body ${n} `.repeat(1 + (n % 40) * 50);

/** Writes to every service at once, each write after the answer to the one before, until the endpoint is gone. */
export async function hammer(endpoint: string, known: Acknowledged, firstNumber: number): Promise<number> {
  const access = { endpoint, region: 'us-east-1', credentials: rootCredentials, maxAttempts: 1 };
  const s3 = new S3Client(access);
  const sqs = new SQSClient(access);
  const tables = new DynamoDBClient(access);
  const states = new SFNClient(access);
  const events = new EventBridgeClient(access);
  const lambda = new LambdaClient(access);
  const QueueUrl = `${endpoint}/000000000000/work`;
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:flow';
  let last = firstNumber;

  const writers: ((n: number) => Promise<void>)[] = [
    async (n) => {
      await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: `k${n}`, Body: bodyOf(n) }));
      known.objects.add(n);
      if (n % 5 > 0) return;
      known.objects.delete(n);
      await s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: `k${n}` }));
      known.deletedObjects.add(n);
    },
    async (n) => {
      await tables.send(new PutItemCommand({ TableName: 'rows', Item: { id: { S: `r${n}` }, n: { N: String(n) } } }));
      known.rows.add(n);
      if (n % 5 > 0) return;
      known.rows.delete(n);
      await tables.send(new DeleteItemCommand({ TableName: 'rows', Key: { id: { S: `r${n}` } } }));
      known.deletedRows.add(n);
    },
    async (n) => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: String(n) }));
      known.messages.add(n);
      if (n % 5 > 0) return;
      const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      if (!message) return;
      known.handled.add(Number(message.Body));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      known.deletedMessages.add(message.MessageId!);
    },
    async (n) => {
      const input = JSON.stringify({ items: [n] });
      const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: `e${n}`, input }));
      known.executions.set(n, executionArn!);
    },
    async (n) => {
      const entry = { Source: 'writer', DetailType: 'wrote', Detail: JSON.stringify({ n }) };
      await events.send(new PutEventsCommand({ Entries: [entry] }));
      known.events.add(n);
    },
    async (n) => {
      const Payload = JSON.stringify({ n });
      await lambda.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'Event', Payload }));
      known.invocations.add(n);
    },
  ];
  await Promise.all(
    writers.map(async (write) => {
      try {
        for (;;) await write(last++);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }),
  );
  for (const client of [s3, sqs, tables, states, events, lambda]) client.destroy();
  return last;
}

/** The connection broke, or nobody listens any more. */
function isGone(error: unknown): boolean {
  const { code, name, message } = error as NodeJS.ErrnoException;
  return (
    ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code ?? '') ||
    name === 'TimeoutError' ||
    /socket hang up|aborted/.test(message)
  );
}
