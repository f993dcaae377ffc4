import { randomBytes, randomUUID } from 'node:crypto';
import { NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { addressList, addressOf, isSimulator } from '../address.ts';
import { accountOf, type SesCore } from '../core.ts';
import { badRequest, refuseUnknown, rejected } from '../errors.ts';
import { mailText } from '../mail-text.ts';
import type { SentEmail } from '../mailbox.ts';
import { outgoingMail, type RawMail, rawHeader, readRawMail } from '../raw-mail.ts';

const maxRecipients = 50;
const maxMailBytes = 40 * 1024 * 1024;

const members = [
  'FromEmailAddress',
  'FromEmailAddressIdentityArn',
  'Destination',
  'ReplyToAddresses',
  'FeedbackForwardingEmailAddress',
  'Content',
  'EmailTags',
];

/** Puts a mail into the mailbox of this machine, under the conditions that SES would send it on. */
export const sendEmail =
  (core: SesCore): Operation =>
  async (input) => {
    refuseUnknown('SendEmail', input, members);
    const { Simple, Raw, Template } = input.Content ?? {};
    if (Template) throw new NotSupportedError('ses:SendEmail with a template');
    if (!Simple === !Raw) throw badRequest('Content must be one of Simple, Raw and Template');
    checkTags(input.EmailTags ?? []);
    const raw = Raw && readRawMail(Buffer.from(Raw.Data ?? ''));
    const envelope = envelopeOf(input, raw);
    checkEnvelope(core, envelope, input.FeedbackForwardingEmailAddress);
    const now = core.cloud.clock.now();
    const MessageId = messageId(now, core.mailbox.size);
    const id = `<${MessageId}@email.amazonses.com>`;
    const date = new Date(now).toUTCString().replace('GMT', '+0000');
    const mail = raw ? outgoingMail(raw, id, date) : Buffer.from(simpleMail(Simple, envelope, id, date));
    if (mail.length > maxMailBytes)
      throw rejected(`Message length is more than ${maxMailBytes} bytes long: '${mail.length}'.`);
    const email: SentEmail = {
      ...envelope,
      MessageId,
      Timestamp: new Date(now).toISOString(),
      EmailTags: input.EmailTags ?? [],
      Kind: raw ? 'Raw' : 'Simple',
    };
    core.mailbox.add(email, mail);
    return { MessageId };
  };

type Envelope = Pick<SentEmail, 'FromEmailAddress' | 'Destination' | 'ReplyToAddresses' | 'Subject'>;

/** Who writes to whom. What the call does not say of a raw mail, its own headers do. */
function envelopeOf(input: any, raw: RawMail | undefined): Envelope {
  const listed = (name: string) => (raw ? addressList(rawHeader(raw, name) ?? '') : []);
  const { ToAddresses, CcAddresses, BccAddresses } = input.Destination ?? {
    ToAddresses: listed('to'),
    CcAddresses: listed('cc'),
    BccAddresses: listed('bcc'),
  };
  const from = input.FromEmailAddress ?? (raw && rawHeader(raw, 'from'));
  if (!from) throw badRequest('FromEmailAddress is required');
  return {
    FromEmailAddress: from,
    Destination: {
      ToAddresses: ToAddresses ?? [],
      CcAddresses: CcAddresses ?? [],
      BccAddresses: BccAddresses ?? [],
    },
    ReplyToAddresses: input.ReplyToAddresses ?? listed('reply-to'),
    Subject: (raw ? rawHeader(raw, 'subject') : input.Content.Simple.Subject?.Data) ?? '',
  };
}

function checkEnvelope(
  core: SesCore,
  { FromEmailAddress, Destination, ReplyToAddresses }: Envelope,
  feedback?: string,
) {
  const { productionAccess, sendingEnabled } = accountOf(core);
  if (!sendingEnabled) throw rejected('Sending is disabled for this account.');
  const recipients = Object.values(Destination).flat();
  if (recipients.length === 0) throw badRequest('At least one recipient is required');
  if (recipients.length > maxRecipients) throw rejected(`Recipient count exceeds ${maxRecipients}.`);
  for (const address of [...recipients, ...ReplyToAddresses]) addressOf(address);
  const guarded = productionAccess ? [] : recipients.filter((address) => !isSimulator(address));
  core.identities.requireVerified([FromEmailAddress, ...(feedback ? [feedback] : []), ...guarded]);
}

function simpleMail(simple: any, envelope: Envelope, id: string, date: string): string {
  refuseUnknown('SendEmail', simple, ['Subject', 'Body', 'Headers', 'Attachments']);
  const { Text, Html } = simple.Body ?? {};
  if (simple.Subject?.Data === undefined) throw badRequest('Subject is required');
  if (Text?.Data === undefined && Html?.Data === undefined) throw badRequest('Body must have Text or Html');
  const { FromEmailAddress, Destination, ReplyToAddresses, Subject } = envelope;
  const list = (name: string, addresses: readonly string[]): [string, string][] =>
    addresses.length > 0 ? [[name, addresses.join(', ')]] : [];
  for (const part of [simple.Subject, Text, Html]) checkCharset(part);
  const own = (simple.Headers ?? []).map(({ Name, Value }: any): [string, string] => [Name, Value]);
  const headers: [string, string][] = [
    ['Message-ID', id],
    ['Date', date],
    ['From', FromEmailAddress],
    ...list('To', Destination.ToAddresses),
    ...list('Cc', Destination.CcAddresses),
    ...list('Reply-To', ReplyToAddresses),
    ['Subject', Subject],
    ...own,
  ];
  const names = headers.map(([name]) => name.toLowerCase());
  const twice = headers.find(([name], index) => names.indexOf(name.toLowerCase()) !== index);
  if (twice) throw badRequest(`Duplicate header '${twice[0]}'.`);
  const broken = headers.find(([name, value]) => /[\r\n]/.test(value) || !/^[!-9;-~]+$/.test(name));
  if (broken) throw badRequest(`Illegal header ${broken[0]}: it must be one line`);
  const boundary = `=_${randomBytes(12).toString('hex')}`;
  return mailText({ headers, text: Text?.Data, html: Html?.Data, attachments: simple.Attachments ?? [], boundary });
}

function checkTags(tags: readonly { Name?: string; Value?: string }[]): void {
  const legal = /^[A-Za-z0-9_-]{1,256}$/;
  const wrong = tags.find(({ Name = '', Value = '' }) => !legal.test(Name) || !legal.test(Value));
  if (wrong) {
    throw badRequest(
      `Invalid tag ${wrong.Name}=${wrong.Value}: names and values have 1 to 256 letters, digits, underscores and dashes`,
    );
  }
}

/** Mail is written in UTF-8 here, which holds every letter that these do. */
function checkCharset(part: { readonly Charset?: string } | undefined): void {
  const charset = part?.Charset ?? 'UTF-8';
  if (!/^(UTF-8|US-ASCII|ISO-8859-\d+|windows-125\d|Shift_JIS|EUC-JP|GB18030|Big5)$/i.test(charset))
    throw badRequest(`Invalid charset: ${charset}`);
}

/** In the form of SES: the time in front, then how many there were before, so that ids sort by when their mail was sent. */
function messageId(now: number, before: number): string {
  const count = before.toString(16).padStart(8, '0');
  return `01${now.toString(16).padStart(14, '0')}-${count}${randomUUID().slice(8)}-000000`;
}
