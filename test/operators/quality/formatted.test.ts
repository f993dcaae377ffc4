import { expect, test } from 'vitest';
import * as z from 'zod';
import { formatted } from '../../../lib/index.ts';
import { ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ value: z.string().nullable() });

test.each([
  [
    'email',
    ['ada@example.org', "o'neil+tag@mail.example.co.uk", 'a.b@x-y.ch'],
    ['ada', 'ada@', '@example.org', 'a..b@example.org', '.a@example.org', 'ada@-x.org', 'ada@localhost', 'a b@x.org'],
  ],
  [
    'uuid',
    ['123e4567-e89b-12d3-a456-426614174000', '123E4567-E89B-12D3-A456-426614174000'],
    ['123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-42661417400', '{x}'],
  ],
  ['ipv4', ['0.0.0.0', '192.168.1.254', '255.255.255.255'], ['256.1.1.1', '1.2.3', '01.2.3.4', '1.2.3.4.5', '::1']],
  [
    'url',
    [
      'https://example.org',
      'http://localhost:8080/a?b=c#d',
      'https://a.b-c.org/%20',
      'HTTPS://EXAMPLE.ORG',
      'http://[2001:db8::1]:80/',
      'https://ada:secret@example.org',
      'https://example.org:65535',
    ],
    [
      ...['example.org', 'ftp://example.org', 'https://', 'https://-a.org', 'https://a b', 'javascript:alert(1)'],
      ...['https://a.org:65536', 'https://a.org/\u0001', 'http://[::1::]/', 'http://@/'],
    ],
  ],
  [
    'date',
    ['2024-02-29', '1999-12-31'],
    ['2023-02-29', '2024-1-1', '2024-01-01T00:00:00', '20240101', 'epoch', '0000-01-01'],
  ],
] as const)('tells what is %s', async (format, good, bad) => {
  const rows = [...good, ...bad, '', '\n', null].map((value) => ({ value }));
  const score = await ruleScore(formatted('value', format), rows, record);
  expect(score).toMatchObject({ dimension: 'validity', total: rows.length, passed: good.length + 1 });
});

test('refuses a format that it does not know', async () => {
  expect(await ruleProblems(() => formatted('value', 'phone' as 'url'), record)).toMatchObject([
    { part: 'quality / formatted / format', allowed: ['email', 'uuid', 'ipv4', 'url', 'date'] },
  ]);
});
