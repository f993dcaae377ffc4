import { queryHttp } from '../../protocols/query.ts';
import type { Permission, ServiceFactory } from '../../service.ts';
import { assumeRole } from './assume-role.ts';
import { sessionId } from './session-id.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** AWS STS: who a caller is, and sessions of roles. */
export const createSts: ServiceFactory = (cloud) => ({
  name: 'sts',
  operations: {
    // AWS answers this to everybody who can sign.
    GetCallerIdentity: async (_input, { principal }) => ({
      UserId: principal.kind === 'root' ? cloud.accountId : sessionId(cloud, principal),
      Account: cloud.accountId,
      Arn: principal.arn,
    }),
    AssumeRole: assumeRole(cloud),
  },
  permissions: (operation, input) => (operation === 'AssumeRole' ? toAssume(input) : []),
  http: queryHttp(cloud, 'sts', { namespace }),
});

/** What a session carries along is allowed by itself, by the caller's policies and by the role that it is for. */
function toAssume({ RoleArn, RoleSessionName, ExternalId, SourceIdentity, Tags = [] }: any): readonly Permission[] {
  const given = {
    'sts:RoleSessionName': RoleSessionName,
    'sts:ExternalId': ExternalId,
    'sts:SourceIdentity': SourceIdentity,
  };
  const conditions = Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));
  const actions = [
    'sts:AssumeRole',
    ...(SourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ...(Tags.length > 0 ? ['sts:TagSession'] : []),
  ];
  return actions.map((action) => ({ action, resource: String(RoleArn), conditions }));
}
