import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  EmailIdentity: 'text',
  FeedbackAttributes: { EmailForwardingEnabled: 'flag' },
  DkimAttributes: withoutEffect('mail stays on this machine, where nobody checks signatures'),
  DkimSigningAttributes: withoutEffect('mail stays on this machine, where nobody checks signatures'),
  MailFromAttributes: withoutEffect('mail stays on this machine, where nobody asks for its domain'),
  Tags: tags,
} as const;

async function settle({ FeedbackAttributes }: Value<typeof properties>, name: string, { call }: ResourceContext) {
  const EmailForwardingEnabled = FeedbackAttributes?.EmailForwardingEnabled ?? true;
  const input = { EmailIdentity: name, EmailForwardingEnabled };
  await call('ses', 'PutEmailIdentityFeedbackAttributes', input);
  const { DkimAttributes } = await call('ses', 'GetEmailIdentity', { EmailIdentity: name });
  const tokens: string[] = DkimAttributes.Tokens ?? [];
  const attributes = tokens.flatMap((token, index) => [
    [`DkimDNSTokenName${index + 1}`, `${token}._domainkey.${name}`],
    [`DkimDNSTokenValue${index + 1}`, `${token}.dkim.amazonses.com`],
  ]);
  return { physicalId: name, attributes: Object.fromEntries(attributes) };
}

export default defineResource({
  type: 'AWS::SES::EmailIdentity',
  properties,
  replacedBy: ['EmailIdentity'],
  async create(identity, context) {
    const { EmailIdentity = '' } = identity;
    await context.call('ses', 'CreateEmailIdentity', { EmailIdentity });
    return settle(identity, EmailIdentity, context);
  },
  update: (identity, context, { physicalId }) => settle(identity, physicalId, context),
  async delete(EmailIdentity, { attempt }) {
    await attempt(['NotFoundException'], 'ses', 'DeleteEmailIdentity', { EmailIdentity });
  },
});
