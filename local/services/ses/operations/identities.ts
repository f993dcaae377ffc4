import { createHash } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Operation } from '../../../service.ts';
import type { SesCore } from '../core.ts';
import { alreadyExists, badRequest, notFound, refuseUnknown } from '../errors.ts';
import type { Identity } from '../identities.ts';

const domain = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;
const defaultPage = 100;
const mostOnPage = 1000;

export function identityOperations({ cloud, identities }: SesCore): Record<string, Operation> {
  const get = (name: string): Identity => {
    const identity = identities.find(name);
    if (!identity) throw notFound(`Email identity ${name} does not exist.`);
    return identity;
  };
  return {
    async CreateEmailIdentity(input) {
      refuseUnknown('CreateEmailIdentity', input, ['EmailIdentity', 'Tags']);
      const { EmailIdentity: name, Tags = [] } = input;
      if (typeof name !== 'string' || !(name.includes('@') ? /^[^\s@]+@[^\s@]+$/ : domain).test(name)) {
        throw badRequest(`Invalid email identity ${name}`);
      }
      if (identities.find(name)) throw alreadyExists(`Email identity ${name} already exist.`);
      const type = name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN';
      const tags = Object.fromEntries(Tags.map(({ Key, Value }: any) => [Key, Value]));
      identities.set({ name, type, tags, feedbackForwarding: true, createdAt: cloud.clock.now() });
      return { IdentityType: type, VerifiedForSendingStatus: true, DkimAttributes: dkim(name, type) };
    },
    async GetEmailIdentity(input) {
      refuseUnknown('GetEmailIdentity', input, ['EmailIdentity']);
      const { name, type, tags, feedbackForwarding } = get(input.EmailIdentity);
      return {
        IdentityType: type,
        FeedbackForwardingStatus: feedbackForwarding,
        VerifiedForSendingStatus: true,
        VerificationStatus: 'SUCCESS',
        DkimAttributes: dkim(name, type),
        Policies: {},
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      };
    },
    async ListEmailIdentities(input) {
      refuseUnknown('ListEmailIdentities', input, ['PageSize', 'NextToken']);
      const { page, next: NextToken } = paged(identities.all(), input);
      const EmailIdentities = page.map(({ name, type }) => ({
        IdentityType: type,
        IdentityName: name,
        SendingEnabled: true,
        VerificationStatus: 'SUCCESS',
      }));
      return { EmailIdentities, NextToken };
    },
    async DeleteEmailIdentity(input) {
      refuseUnknown('DeleteEmailIdentity', input, ['EmailIdentity']);
      identities.delete(get(input.EmailIdentity).name);
      return {};
    },
    async PutEmailIdentityFeedbackAttributes(input) {
      refuseUnknown('PutEmailIdentityFeedbackAttributes', input, ['EmailIdentity', 'EmailForwardingEnabled']);
      identities.set({ ...get(input.EmailIdentity), feedbackForwarding: input.EmailForwardingEnabled === true });
      return {};
    },
  };
}

/** No page at all, which SES takes as well, is one of the usual size. */
function paged(all: readonly Identity[], { NextToken, PageSize }: any) {
  try {
    return paginate(all, { token: NextToken, size: PageSize || defaultPage, member: 'pageSize', most: mostOnPage });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw badRequest(error.message);
  }
}

/** Domains sign their mail; the names that they would publish for that are made from the domain. */
function dkim(name: string, type: Identity['type']): object {
  if (type === 'EMAIL_ADDRESS') return { SigningEnabled: false, Status: 'NOT_STARTED' };
  const Tokens = [0, 1, 2].map((index) => createHash('sha256').update(`${name}/${index}`).digest('hex').slice(0, 32));
  return { SigningEnabled: true, Status: 'SUCCESS', Tokens, SigningAttributesOrigin: 'AWS_SES' };
}
