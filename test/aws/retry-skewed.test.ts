import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { expect, test } from 'vitest';
import { retrySkewed } from '../../lib/aws/retry-skewed.ts';
import { minute } from '../../lib/core/durations.ts';

interface Answer {
  readonly code: string;
  readonly status?: number;
  /** How far the server's clock is ahead of the client's. Default: as far as it was before. */
  readonly ahead?: number;
}

/** Asks what is answered in turn, the last one for ever; gives the error that comes of it, and how often was asked. */
async function asked(answers: readonly Answer[], mend = retrySkewed) {
  let tries = 0;
  let ahead = 0;
  const requestHandler = {
    async handle() {
      const answer = answers[Math.min(tries++, answers.length - 1)]!;
      ahead = answer.ahead ?? ahead;
      const headers = {
        date: new Date(Date.now() + ahead).toUTCString(),
        'content-type': 'application/x-amz-json-1.1',
      };
      const body = new TextEncoder().encode(JSON.stringify({ __type: answer.code, message: 'no' }));
      return { response: { statusCode: answer.status ?? 400, headers, body: new Blob([body]).stream() } };
    },
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new GlueClient({
    region: 'us-east-1',
    credentials,
    maxAttempts: 6,
    requestHandler: requestHandler as never,
  });
  const error = await mend(client)
    .send(new GetTableCommand({ DatabaseName: 'lake', Name: 'rows' }))
    .catch(({ name }: Error) => name);
  return { error, tries };
}

const refused = { code: 'InvalidSignatureException', status: 403, ahead: 20 * minute } as const;
const missing = { code: 'EntityNotFoundException' } as const;

test.each([20, -20])('what is refused because the clock is %d minutes off is asked once more', async (minutes) => {
  expect(await asked([{ ...refused, ahead: minutes * minute }, missing])).toEqual({ error: missing.code, tries: 2 });
});

test('what is refused because a clock that was off is set right is asked once more', async () => {
  expect(await asked([refused, { ...refused, ahead: 0 }, missing])).toEqual({ error: missing.code, tries: 3 });
});

test('an answer stays an answer however far the clock is off', async () => {
  expect(await asked([{ ...missing, ahead: 20 * minute }])).toEqual({ error: missing.code, tries: 1 });
  // So that it is noticed when the SDK no longer takes it for an error of the clock.
  expect((await asked([{ ...missing, ahead: 20 * minute }], (client) => client)).tries).toBe(6);
});

test('who may not do something is told so at once', async () => {
  const answer = { code: 'AccessDeniedException', status: 403, ahead: 0 };
  expect(await asked([answer])).toEqual({ error: answer.code, tries: 1 });
});
