import { AwsError, NotSupportedError } from '../../aws-error.ts';
import { queryHttp } from '../../protocols/query.ts';
import type { Operation, Principal, ServiceFactory } from '../../service.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const defaultSeconds = 3600;
const shortestSeconds = 900;
const longestSeconds = 43_200;

/** AWS STS: who a caller is, and sessions of roles. Keys last as long as the process, whatever their expiration says. */
export const createSts: ServiceFactory = (cloud) => {
  const assumeRole: Operation = async (input) => {
    const known = ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId', 'SourceIdentity', 'Tags'];
    const unknown = Object.keys(input).find((member) => input[member] != null && !known.includes(member));
    // A session policy would narrow what the keys may do, so it cannot be left out.
    if (unknown) throw new NotSupportedError(`sts:AssumeRole with ${unknown}`);
    const { RoleArn, RoleSessionName } = input;
    if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName ?? '')) {
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
      );
    }
    const seconds = Number(input.DurationSeconds ?? defaultSeconds);
    if (!(seconds >= shortestSeconds && seconds <= longestSeconds)) {
      throw new AwsError(
        'ValidationError',
        `DurationSeconds must be from ${shortestSeconds} to ${longestSeconds}: ${seconds}`,
      );
    }
    const principal = cloud.assume(RoleArn, RoleSessionName);
    const { accessKeyId, secretAccessKey, sessionToken } = cloud.issueCredentials(principal);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(cloud.clock.now() + seconds * 1000),
      },
      AssumedRoleUser: { AssumedRoleId: userId(principal), Arn: principal.arn },
    };
  };
  return {
    name: 'sts',
    operations: {
      // AWS answers this to everybody who can sign.
      GetCallerIdentity: async (_input, { principal }) => ({
        UserId: principal.kind === 'root' ? cloud.accountId : userId(principal),
        Account: cloud.accountId,
        Arn: principal.arn,
      }),
      AssumeRole: assumeRole,
    },
    permissions: (operation, input) =>
      operation === 'AssumeRole' ? [{ action: 'sts:AssumeRole', resource: String(input.RoleArn) }] : [],
    http: queryHttp(cloud, 'sts', { namespace }),
  };
};

/** AWS has an id for every role; here the role's name serves. */
function userId(principal: Principal): string {
  const [, role, session] = principal.arn.split('/');
  return `${role}:${session}`;
}
