import { badRequest } from './errors.ts';

const bare = /^[^\s@<>,;"]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** The address in `Name <user@example.com>` or `user@example.com`. Throws BadRequestException where there is none. */
export function addressOf(text: string): string {
  const [, inBrackets] = /<([^<>]*)>\s*$/.exec(text) ?? [];
  const address = (inBrackets ?? text).trim();
  // SES speaks no SMTPUTF8, and wants domains in Punycode.
  if (!bare.test(address) || !/^[ -~]*$/.test(address))
    throw badRequest(`Missing '@domain' or illegal address: ${text}`);
  return address;
}

/** The addresses of a header such as To. Commas within quotes or brackets part nothing. */
export function addressList(header: string): string[] {
  const parts = header.match(/(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,"<>])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Whether an address is one of SES's own, which stand for what may become of a mail. */
export const isSimulator = (text: string): boolean => /@simulator\.amazonses\.com$/i.test(addressOf(text));
