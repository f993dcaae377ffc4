/** Text of a mail as the API gives it. */
export interface Content {
  readonly Data?: string;
  readonly Charset?: string;
}

export interface Attachment {
  readonly RawContent: Uint8Array;
  readonly FileName: string;
  readonly ContentType?: string;
  readonly ContentDisposition?: 'ATTACHMENT' | 'INLINE';
  readonly ContentId?: string;
  readonly ContentDescription?: string;
}

export interface Letter {
  /** Header lines in order; values without line breaks. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text?: string;
  readonly html?: string;
  readonly attachments: readonly Attachment[];
  /** Parts the pieces of the mail; must not occur in them. */
  readonly boundary: string;
}

const newline = '\r\n';

/** Writes a mail by the rules of MIME: text and HTML as alternatives, attachments beside them. */
export function mailText({ headers, text, html, attachments, boundary }: Letter): string {
  const bodies = [
    ...(text === undefined ? [] : [textPart('plain', text)]),
    ...(html === undefined ? [] : [textPart('html', html)]),
  ];
  const body = bodies.length === 1 ? bodies[0]! : multipart('alternative', `${boundary}-a`, bodies);
  const whole = attachments.length
    ? multipart('mixed', `${boundary}-m`, [body, ...attachments.map(attachmentPart)])
    : body;
  const lines = headers.map(([name, value]) => `${name}: ${encodedWords(value)}`);
  return [...lines, 'MIME-Version: 1.0', whole].join(newline);
}

function textPart(kind: string, text: string): string {
  const lines = text.replace(/\r?\n/g, newline);
  // Anything but plain letters in short lines travels encoded.
  const plain = /^[\t\r\n -~]*$/.test(lines) && lines.split(newline).every((line) => line.length <= 998);
  const body = plain ? lines : wrapped(Buffer.from(text));
  return [
    `Content-Type: text/${kind}; charset=UTF-8`,
    `Content-Transfer-Encoding: ${plain ? '7bit' : 'base64'}`,
    '',
    body,
  ].join(newline);
}

function attachmentPart(attachment: Attachment): string {
  const { RawContent, FileName, ContentType = 'application/octet-stream' } = attachment;
  const name = FileName.replace(/["\r\n]/g, '_');
  return [
    `Content-Type: ${ContentType}; name="${name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: ${(attachment.ContentDisposition ?? 'ATTACHMENT').toLowerCase()}; filename="${name}"`,
    ...(attachment.ContentId ? [`Content-ID: <${attachment.ContentId}>`] : []),
    ...(attachment.ContentDescription ? [`Content-Description: ${attachment.ContentDescription}`] : []),
    '',
    wrapped(Buffer.from(RawContent)),
  ].join(newline);
}

function multipart(kind: string, boundary: string, parts: readonly string[]): string {
  const pieces = parts.map((part) => `--${boundary}${newline}${part}${newline}`).join('');
  return `Content-Type: multipart/${kind}; boundary="${boundary}"${newline}${newline}${pieces}--${boundary}--${newline}`;
}

const wrapped = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}(?=.)/g, `$&${newline}`);

/** Headers are ASCII: what is not is encoded, addresses in brackets aside. */
function encodedWords(value: string): string {
  return value.replace(/[^<>,]*[^\x20-\x7e][^<>,]*/g, (words) => {
    const [, before, inner, after] = /^(\s*"?)([\s\S]*?)("?\s*)$/.exec(words)!;
    const spaces = [before!.replace('"', ''), after!.replace('"', '')];
    return `${spaces[0]}=?UTF-8?B?${Buffer.from(inner!).toString('base64')}?=${spaces[1]}`;
  });
}
