import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { Printer } from '../../lib/cli/print.ts';
import { reportMails } from '../../lib/cli/report-mails.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 6, minute));
const clock = (minute: number) => at(minute).toTimeString().slice(0, 8);
const ofTopic = (minute: number, Subject: string) => ({
  Timestamp: at(minute).toISOString(),
  To: 'ops@example.com',
  Subject,
  File: `/data/sns/${minute}.eml`,
});

test('tells of each mail that was not there at the start, whichever service has sent it', async () => {
  vi.useFakeTimers();
  const mails: Record<string, object[]> = { sns: [ofTopic(0, 'of yesterday')], ses: [] };
  const cloud = { accountId: '000000000000', call: async (service: string) => ({ SentEmails: [...mails[service]!] }) };
  const out = new PassThrough();
  const stopped = Promise.withResolvers<void>();
  const reported = reportMails({ cloud: cloud as never }, new Printer(out as never, false), stopped.promise);
  await vi.advanceTimersByTimeAsync(1000);
  mails.sns!.push(ofTopic(1, 'penstock: sales failed'));
  await vi.advanceTimersByTimeAsync(1000);
  const Destination = { ToAddresses: ['a@example.com'], CcAddresses: ['b@example.com'], BccAddresses: [] };
  mails.ses!.push({ Timestamp: at(2).toISOString(), Destination, Subject: 'Hello', File: '/data/ses/2.eml' });
  await vi.advanceTimersByTimeAsync(1000);
  stopped.resolve();
  await reported;
  vi.useRealTimers();
  out.end();
  expect((await text(out)).trim().split('\n')).toEqual([
    `${clock(1)}  mail to ops@example.com: penstock: sales failed  /data/sns/1.eml`,
    `${clock(2)}  mail to a@example.com, b@example.com: Hello  /data/ses/2.eml`,
  ]);
});
