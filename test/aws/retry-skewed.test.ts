import { expect, test } from 'vitest';
import { retrySkewed } from '../../lib/aws/retry-skewed.ts';

/** What becomes of a call that was signed at one time, and refused at another. */
async function refused(signed: string | undefined, answered: string | undefined) {
  const error = { $metadata: {}, $response: { headers: { ...(answered && { date: answered }) } } };
  let middleware!: (next: (args: any) => Promise<any>) => (args: any) => Promise<any>;
  retrySkewed({ middlewareStack: { add: (one) => (middleware = one) } });
  const call = middleware(() => Promise.reject(error))({ request: { headers: { 'x-amz-date': signed } } });
  expect(await call.catch((thrown: unknown) => thrown)).toBe(error);
  return error.$metadata;
}

test.each(['20261121T220000Z', '20261121T224000Z'])(
  'what was signed at %s and answered at 22:20 is tried again',
  async (at) => {
    expect(await refused(at, 'Sat, 21 Nov 2026 22:20:00 GMT')).toEqual({ clockSkewCorrected: true });
  },
);

test.each([
  ['in time', '20261121T221900Z', 'Sat, 21 Nov 2026 22:20:00 GMT'],
  ['by nobody', undefined, 'Sat, 21 Nov 2026 22:20:00 GMT'],
  ['and answered without a date', '20261121T220000Z', undefined],
])('what was signed %s is refused for another reason', async (_how, signed, answered) => {
  expect(await refused(signed, answered)).toEqual({});
});
