import { NotSupportedError } from '../../aws-error.ts';
import { readBody } from '../../protocols/read-body.ts';
import { type RestRoute, restJsonHttp } from '../../protocols/rest-json.ts';
import type { HttpExchange, Operation, Permission, ServiceFactory } from '../../service.ts';
import { addressOf } from './address.ts';
import type { SesCore } from './core.ts';
import { refuseUnknown } from './errors.ts';
import { Identities } from './identities.ts';
import { Mailbox } from './mailbox.ts';
import { accountOperations } from './operations/account.ts';
import { identityOperations } from './operations/identities.ts';
import { sendEmail } from './operations/send-email.ts';
import { rawHeader, readRawMail } from './raw-mail.ts';

const identity = '/v2/email/identities/{EmailIdentity}';
const paging = { PageSize: 'PageSize', NextToken: 'NextToken' };

const routes: readonly RestRoute[] = [
  { operation: 'SendEmail', method: 'POST', path: '/v2/email/outbound-emails' },
  { operation: 'CreateEmailIdentity', method: 'POST', path: '/v2/email/identities' },
  { operation: 'ListEmailIdentities', method: 'POST', path: '/v2/email/list-identities' },
  // As older SDKs ask.
  { operation: 'ListEmailIdentities', method: 'GET', path: '/v2/email/identities', query: paging },
  { operation: 'GetEmailIdentity', method: 'GET', path: identity },
  { operation: 'DeleteEmailIdentity', method: 'DELETE', path: identity },
  { operation: 'PutEmailIdentityFeedbackAttributes', method: 'PUT', path: `${identity}/feedback` },
  { operation: 'GetAccount', method: 'GET', path: '/v2/email/account' },
  { operation: 'PutAccountDetails', method: 'POST', path: '/v2/email/account/details' },
  { operation: 'PutAccountSendingAttributes', method: 'PUT', path: '/v2/email/account/sending' },
];

/** A mail of 40 MB in base64. */
const maxBodyBytes = 56 * 1024 * 1024;

/** Amazon SES, version 2: mail goes nowhere but into a folder. */
export const createSes: ServiceFactory = (cloud) => {
  const core: SesCore = {
    cloud,
    identities: new Identities(cloud),
    mailbox: new Mailbox(cloud),
    account: cloud.store.collection('ses.account'),
  };
  const operations: Record<string, Operation> = {
    SendEmail: sendEmail(core),
    ...identityOperations(core),
    ...accountOperations(core),
    /** Not of AWS's API: what was sent, oldest first, each with the `File` that holds it. For tests and for people who look. */
    async ListSentEmails(input) {
      refuseUnknown('ListSentEmails', input, []);
      return { SentEmails: core.mailbox.all().map((email) => ({ ...email, File: core.mailbox.file(email) })) };
    },
  };
  const serve = restJsonHttp(cloud, 'ses', routes, { fromWire: withBytes, messageMember: 'message', maxBodyBytes });
  return {
    name: 'ses',
    operations,
    permissions: (operation, input) => permissions(core, operation, input),
    async http(exchange) {
      await refuseFirstVersion(exchange);
      return serve(exchange);
    },
  };
};

/** Clients of version 1 send forms. Throws NotSupportedError with the name of what they ask. */
async function refuseFirstVersion({ request }: HttpExchange): Promise<void> {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return;
  const form = new URLSearchParams((await readBody(request, maxBodyBytes)).toString('utf8'));
  throw new NotSupportedError(`ses:${form.get('Action')} of version ${form.get('Version')}, use SES version 2`);
}

function permissions({ identities }: SesCore, operation: string, input: any): readonly Permission[] {
  if (operation === 'SendEmail') {
    const raw = input.Content?.Raw;
    const from = input.FromEmailAddress ?? (raw && rawHeader(readRawMail(Buffer.from(raw.Data ?? '')), 'from')) ?? '';
    const address = from === '' ? '' : addressOf(from);
    const resource = identities.arn(identities.behind(address)?.name ?? address);
    const action = `ses:${raw ? 'SendRawEmail' : 'SendEmail'}`;
    return [{ action, resource, conditions: { 'ses:FromAddress': address } }];
  }
  const { EmailIdentity } = input;
  return [{ action: `ses:${operation}`, resource: EmailIdentity ? identities.arn(EmailIdentity) : '*' }];
}

/** Bytes are base64 on the wire. */
function withBytes(body: any): object {
  const { Raw, Simple } = body.Content ?? {};
  if (typeof Raw?.Data === 'string') Raw.Data = Buffer.from(Raw.Data, 'base64');
  // What else may stand here is refused where types are.
  for (const attachment of Array.isArray(Simple?.Attachments) ? Simple.Attachments : []) {
    if (typeof attachment?.RawContent === 'string')
      attachment.RawContent = Buffer.from(attachment.RawContent, 'base64');
  }
  return body;
}
