import { badRequest } from './errors.ts';

/** A mail as its sender wrote it: its header lines, and the bytes behind them. */
export interface RawMail {
  readonly headers: readonly HeaderLine[];
  readonly body: Buffer;
}

interface HeaderLine {
  readonly name: string;
  /** Unfolded. */
  readonly value: string;
  /** As it was written, without the line break at its end. */
  readonly written: string;
}

/** Splits a raw mail. Throws BadRequestException for one without headers. */
export function readRawMail(data: Buffer): RawMail {
  const text = data.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const head = end ? text.slice(0, end.index) : text;
  const headers = head.split(/\r?\n(?![ \t])/).map((written): HeaderLine => {
    const [, name, value] = /^([!-9;-~]+):([\s\S]*)$/.exec(written) ?? [];
    if (!name) throw badRequest(`Illegal header line in the raw message: ${written.slice(0, 80)}`);
    const unfolded = Buffer.from(value!.replace(/\r?\n[ \t]+/g, ' ').trim(), 'latin1').toString('utf8');
    return { name, value: unfolded, written };
  });
  return { headers, body: end ? data.subarray(end.index + end[0].length) : Buffer.alloc(0) };
}

export function rawHeader({ headers }: RawMail, name: string): string | undefined {
  return headers.find((line) => line.name.toLowerCase() === name)?.value;
}

/** The mail as it goes out: with an id and a date of SES, and without saying who got a blind copy. */
export function outgoingMail({ headers, body }: RawMail, id: string, date: string): Buffer {
  const kept = headers.filter(({ name }) => !['message-id', 'date', 'bcc'].includes(name.toLowerCase()));
  const lines = [`Message-ID: ${id}`, `Date: ${date}`, ...kept.map(({ written }) => written)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
