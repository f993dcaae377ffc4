import { type Row, single } from './row.ts';
import { send, sendAll } from './send.ts';
import { jsonRequest } from './signed-request.ts';
import { startEndpoint } from './start-endpoint.ts';

const messages = 2_000;
const atOnce = 8;

/** Messages of 1 KB: sent one by one, taken and deleted ten at a time, eight requests at once. */
export async function measureQueues(repeat: number): Promise<Row[]> {
  const { url, close } = await startEndpoint('cloud');
  const sent: number[] = [];
  const taken: number[] = [];
  try {
    const created = await send(await jsonRequest(url, 'sqs', 'CreateQueue', { QueueName: 'bench' }));
    const { QueueUrl } = JSON.parse(created.toString('utf8'));
    const message = { QueueUrl, MessageBody: 'x'.repeat(1024) };
    for (let round = 0; round <= repeat; round++) {
      const requests = Array.from({ length: messages }, () => jsonRequest(url, 'sqs', 'SendMessage', message));
      const sending = messages / (await sendAll(await Promise.all(requests), atOnce));
      const taking = await takeAll(url, QueueUrl);
      if (round === 0) continue;
      sent.push(sending);
      taken.push(taking);
    }
  } finally {
    await close();
  }
  return [
    single('SQS SendMessage of 1 KB, 8 at once', 'ops/s', sent),
    single('SQS receive and delete by tens, 8 at once', 'messages/s', taken),
  ];
}

async function takeAll(url: string, QueueUrl: string): Promise<number> {
  const start = performance.now();
  let taken = 0;
  const worker = async () => {
    while (taken < messages) {
      const receive = { QueueUrl, MaxNumberOfMessages: 10 };
      const answer = await send(await jsonRequest(url, 'sqs', 'ReceiveMessage', receive));
      const { Messages = [] } = JSON.parse(answer.toString('utf8'));
      if (Messages.length === 0) return;
      const Entries = Messages.map(({ ReceiptHandle }: any, n: number) => ({ Id: String(n), ReceiptHandle }));
      await send(await jsonRequest(url, 'sqs', 'DeleteMessageBatch', { QueueUrl, Entries }));
      taken += Messages.length;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return taken / ((performance.now() - start) / 1000);
}
