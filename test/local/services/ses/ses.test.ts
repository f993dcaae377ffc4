import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  GetAccountCommand,
  GetEmailIdentityCommand,
  ListEmailIdentitiesCommand,
  PutAccountDetailsCommand,
  PutAccountSendingAttributesCommand,
  SESv2Client,
  SendEmailCommand,
} from '@aws-sdk/client-sesv2';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import { createSes } from '../../../../local/services/ses/index.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(identities: string[] = ['shop@example.com']) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mail-'));
  const cloud = await LocalCloud.start({ services: [createSes], clock: manualClock(), dataFolder });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SESv2Client({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  stops.push(
    () => rmSync(dataFolder, { recursive: true, force: true }),
    () => cloud.close(),
    () => client.destroy(),
  );
  const send = (command: any): Promise<any> => client.send(command);
  for (const EmailIdentity of identities) await send(new CreateEmailIdentityCommand({ EmailIdentity }));
  const mail = (more: object = {}) => send(new SendEmailCommand({ ...simple(), ...more } as any));
  return {
    send,
    mail,
    endpoint: cloud.endpoint,
    folder: join(dataFolder, 'ses'),
    sent: async () => (await cloud.call('ses', 'ListSentEmails', {}, root(cloud.accountId))).SentEmails,
  };
}

const simple = (Body: object = { Text: { Data: 'hello' } }) => ({
  FromEmailAddress: 'Shop <shop@example.com>',
  Destination: {
    ToAddresses: ['ann@example.org'],
    CcAddresses: ['bob@example.org'],
    BccAddresses: ['eve@example.org'],
  },
  ReplyToAddresses: ['help@example.com'],
  Content: { Simple: { Subject: { Data: 'Your order' }, Body } },
});

test('puts a mail into a folder, with a file that describes it', async () => {
  const { mail, folder, sent } = await start();
  const { MessageId } = await mail({ EmailTags: [{ Name: 'kind', Value: 'order' }] });
  expect(readdirSync(folder).sort()).toEqual([`${MessageId}.eml`, `${MessageId}.json`]);
  expect(readFileSync(join(folder, `${MessageId}.eml`), 'utf8').split('\r\n')).toEqual([
    `Message-ID: <${MessageId}@email.amazonses.com>`,
    'Date: Thu, 01 Jan 2026 00:00:00 +0000',
    'From: Shop <shop@example.com>',
    'To: ann@example.org',
    'Cc: bob@example.org',
    'Reply-To: help@example.com',
    'Subject: Your order',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    'hello',
  ]);
  const description = {
    MessageId,
    Timestamp: '2026-01-01T00:00:00.000Z',
    FromEmailAddress: 'Shop <shop@example.com>',
    Destination: simple().Destination,
    ReplyToAddresses: ['help@example.com'],
    Subject: 'Your order',
    EmailTags: [{ Name: 'kind', Value: 'order' }],
    Kind: 'Simple',
  };
  expect(JSON.parse(readFileSync(join(folder, `${MessageId}.json`), 'utf8'))).toEqual(description);
  expect(await sent()).toEqual([{ ...description, File: join(folder, `${MessageId}.eml`) }]);
});

test('writes text and HTML as alternatives, attachments beside them, and letters beyond ASCII encoded', async () => {
  const { mail, folder } = await start();
  const { Simple } = simple({ Text: { Data: 'Grüße' }, Html: { Data: '<p>hi</p>' } }).Content;
  const Attachments = [{ RawContent: Buffer.from([0, 255]), FileName: 'a.bin', ContentType: 'application/zip' }];
  const { MessageId } = await mail({ Content: { Simple: { ...Simple, Subject: { Data: 'Grüße' }, Attachments } } });
  const text = readFileSync(join(folder, `${MessageId}.eml`), 'utf8');
  expect(text).toContain(`Subject: =?UTF-8?B?${Buffer.from('Grüße').toString('base64')}?=`);
  expect(text).toMatch(
    /Content-Type: multipart\/mixed; boundary="(.+)"\r\n\r\n--\1\r\nContent-Type: multipart\/alternative/,
  );
  expect(text).toContain(
    `text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('Grüße').toString('base64')}`,
  );
  expect(text).toContain('<p>hi</p>');
  expect(text).toContain('Content-Disposition: attachment; filename="a.bin"\r\n\r\nAP8=');
});

const rawMail = [
  'From: =?UTF-8?Q?Sh=C3=B6p?= <shop@example.com>',
  'To: "Ann, of Example" <ann@example.org>,',
  ' bob@example.org',
  'Bcc: eve@example.org',
  'Message-ID: <mine@example.com>',
  'Subject: raw',
  '',
  'body',
  '',
].join('\r\n');

test('takes a raw mail as it is, with the addresses of its own headers', async () => {
  const { mail, folder, sent } = await start();
  const { FromEmailAddress: _, Destination: __, ReplyToAddresses: ___, ...bare } = simple();
  const Content = { Raw: { Data: Buffer.from(rawMail) } };
  const { MessageId } = await mail({
    ...bare,
    FromEmailAddress: undefined,
    Destination: undefined,
    ReplyToAddresses: undefined,
    Content,
  });
  const text = readFileSync(join(folder, `${MessageId}.eml`), 'utf8');
  expect(text).not.toMatch(/Bcc|mine@example.com/);
  expect(text).toContain('To: "Ann, of Example" <ann@example.org>,\r\n bob@example.org\r\n');
  expect(text.endsWith('\r\n\r\nbody\r\n')).toBe(true);
  expect((await sent())[0]).toMatchObject({
    Subject: 'raw',
    Kind: 'Raw',
    Destination: {
      ToAddresses: ['"Ann, of Example" <ann@example.org>', 'bob@example.org'],
      CcAddresses: [],
      BccAddresses: ['eve@example.org'],
    },
  });
});

test.each([
  ['the address itself', ['shop@example.com'], true],
  ['the address without its label', ['shop@example.com'], true, 'shop+news@example.com'],
  ['its domain', ['example.com'], true],
  ['a domain above its own', ['example.com'], true, 'shop@mail.example.com'],
  ['another address', ['other@example.com'], false],
  ['another domain', ['example.org'], false],
])('sends from an address where %s is verified', async (_what, identities, allowed, from = 'shop@example.com') => {
  const { mail } = await start(identities);
  const sending = mail({ FromEmailAddress: from });
  if (allowed) return expect((await sending).MessageId).toBeTruthy();
  await expect(sending).rejects.toMatchObject({
    name: 'MessageRejected',
    message: `Email address is not verified. The following identities failed the check in region US-EAST-1: ${from}`,
    $metadata: { httpStatusCode: 400 },
  });
});

test('wants verified recipients in the sandbox, the simulator aside', async () => {
  const { mail, send } = await start();
  await send(new PutAccountDetailsCommand({ ProductionAccessEnabled: false, MailType: 'MARKETING', WebsiteURL: 'x' }));
  await expect(mail()).rejects.toMatchObject({
    message: expect.stringContaining('ann@example.org, bob@example.org, eve'),
  });
  await mail({
    Destination: { ToAddresses: ['success@simulator.amazonses.com', 'shop@example.com', 'Shop <shop@example.com>'] },
  });
  expect(await send(new GetAccountCommand({}))).toMatchObject({
    ProductionAccessEnabled: false,
    SendingEnabled: true,
    SendQuota: { Max24HourSend: 200, SentLast24Hours: 2 },
  });
});

test('sends nothing while sending is switched off', async () => {
  const { mail, send } = await start();
  await send(new PutAccountSendingAttributesCommand({ SendingEnabled: false }));
  await expect(mail()).rejects.toMatchObject({ name: 'MessageRejected' });
});

test('refuses clients of version 1 by name', async () => {
  const { endpoint } = await start();
  const answer = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({ Action: 'SendRawEmail', Version: '2010-12-01' }),
    headers: {
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/ses/aws4_request, SignedHeaders=host, Signature=00',
    },
  });
  expect(answer.status).toBe(501);
  expect(await answer.text()).toContain('ses:SendRawEmail of version 2010-12-01, use SES version 2');
});

test('keeps identities', async () => {
  const { send } = await start([]);
  expect(await send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }))).toMatchObject({
    IdentityType: 'DOMAIN',
    VerifiedForSendingStatus: true,
    DkimAttributes: { Status: 'SUCCESS', Tokens: [expect.any(String), expect.any(String), expect.any(String)] },
  });
  await send(new CreateEmailIdentityCommand({ EmailIdentity: 'a@example.org', Tags: [{ Key: 'k', Value: 'v' }] }));
  await expect(send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }))).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  });
  expect(await send(new GetEmailIdentityCommand({ EmailIdentity: 'a@example.org' }))).toMatchObject({
    IdentityType: 'EMAIL_ADDRESS',
    VerificationStatus: 'SUCCESS',
    Tags: [{ Key: 'k', Value: 'v' }],
  });
  const page = await send(new ListEmailIdentitiesCommand({ PageSize: 1 }));
  expect(page.EmailIdentities.map((one: any) => one.IdentityName)).toEqual(['a@example.org']);
  const rest = await send(new ListEmailIdentitiesCommand({ NextToken: page.NextToken }));
  expect(rest.EmailIdentities.map((one: any) => one.IdentityName)).toEqual(['example.com']);
  for (const wrong of [{ NextToken: 'zz' }, { PageSize: 1001 }]) {
    await expect(send(new ListEmailIdentitiesCommand(wrong))).rejects.toMatchObject({ name: 'BadRequestException' });
  }
  await send(new DeleteEmailIdentityCommand({ EmailIdentity: 'example.com' }));
  await expect(send(new GetEmailIdentityCommand({ EmailIdentity: 'example.com' }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test.each([
  ['no recipient', { Destination: {} }, 'BadRequestException'],
  ['51 recipients', { Destination: { ToAddresses: Array(51).fill('a@example.org') } }, 'MessageRejected'],
  ['an address that is none', { Destination: { ToAddresses: ['ann'] } }, 'BadRequestException'],
  ['no subject', { Content: { Simple: { Body: { Text: { Data: 'x' } } } } }, 'BadRequestException'],
  ['no body', { Content: { Simple: { Subject: { Data: 'x' }, Body: {} } } }, 'BadRequestException'],
  [
    'a subject of two lines',
    { Content: { Simple: { Subject: { Data: 'x\r\nBcc: y' }, Body: { Text: { Data: 'x' } } } } },
    'BadRequestException',
  ],
  [
    'a header that it has already',
    { Content: { Simple: { ...simple().Content.Simple, Headers: [{ Name: 'From', Value: 'x' }] } } },
    'BadRequestException',
  ],
  ['a charset that there is not', simple({ Text: { Data: 'x', Charset: 'KLINGON' } }), 'BadRequestException'],
  ['a tag of several words', { EmailTags: [{ Name: 'kind', Value: 'an order' }] }, 'BadRequestException'],
  ['letters beyond ASCII in an address', { Destination: { ToAddresses: ['ä@example.org'] } }, 'BadRequestException'],
  ['a template', { Content: { Template: { TemplateName: 't' } } }, 'NotImplemented'],
  ['a configuration set', { ConfigurationSetName: 'c' }, 'NotImplemented'],
])('refuses a mail with %s', async (_what, more, name) => {
  const { mail, sent } = await start();
  await expect(mail(more)).rejects.toMatchObject({ name });
  expect(await sent()).toEqual([]);
});
