import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { deadLetterQueues, giveBack, takeDeadLetters } from '../../lib/aws/dead-letters.ts';

type Command = { readonly constructor: { readonly name: string }; readonly input: any };

/** A client that answers a command as it is told, and throws what is an error. */
function clientOf(answer: (name: string, input: any) => unknown) {
  const sent: { readonly name: string; readonly input: any }[] = [];
  const client = {
    async send({ constructor: { name }, input }: Command) {
      const command = name.replace(/Command$/, '');
      sent.push({ name: command, input });
      const answered = answer(command, input);
      if (answered instanceof Error) throw answered;
      return answered;
    },
  };
  return { client: Object.assign(Object.create(SQSClient.prototype) as SQSClient, client), sent };
}

const message = (index: number) => ({ MessageId: `m${index}`, Body: '{}', ReceiptHandle: `r${index}` });
const letter = { id: 'm1', sentAt: 0, body: '', attributes: {}, receipt: 'r1' };
const refused = (name: string) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });

test('taking messages ends where the first ones come back before all are there', async () => {
  let next = 0;
  const receive = () => ({ Messages: Array.from({ length: 10 }, () => message(next++ % 30)) });
  const taken = await takeDeadLetters(clientOf(receive).client, 'http://127.0.0.1/dead', { limit: 10_000 });
  expect(taken).toHaveLength(30);
});

test.each(['MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight', 'ReceiptHandleIsInvalid'])(
  'a message that others see already needs no giving back: %s',
  async (name) => {
    await giveBack(clientOf(() => refused(name)).client, 'http://127.0.0.1/dead', letter);
  },
);

test('what keeps a message from being given back otherwise is an error', async () => {
  const given = giveBack(clientOf(() => refused('AccessDenied')).client, 'http://127.0.0.1/dead', letter);
  await expect(given).rejects.toMatchObject({ name: 'AccessRefusedError' });
});

test('queues are asked for in pages, which SQS gives only to those who name a size', async () => {
  const { client, sent } = clientOf((name) => (name === 'ListQueues' ? {} : { Attributes: {} }));
  await deadLetterQueues(client, 'penstock');
  expect(sent[0]).toMatchObject({ name: 'ListQueues', input: { QueueNamePrefix: 'penstock-', MaxResults: 1000 } });
});
