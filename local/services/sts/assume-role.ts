import { AwsError, NotSupportedError } from '../../aws-error.ts';
import { denial } from '../../iam/denial.ts';
import { roleNameOf, rolesOf } from '../../iam/identities.ts';
import type { Cloud, Operation, Principal } from '../../service.ts';
import { sessionId } from './session-id.ts';

const defaultSeconds = 3600;
const shortestSeconds = 900;
const longestSeconds = 43_200;
/** A session that assumes a role gets no more than this, whatever the role allows. */
const longestChainedSeconds = 3600;

const known = ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId', 'SourceIdentity', 'Tags'];

/**
 * Keys of a role's session. They end at their time on the clock of the cloud. Tags and the source identity need the
 * permission that AWS asks for them, and can have no other effect: conditions on them are refused where policies are made.
 */
export const assumeRole =
  (cloud: Cloud): Operation =>
  async (input, { principal: caller }) => {
    // A session policy would narrow what the keys may do, so it cannot be left out.
    const unknown = Object.keys(input).find((member) => input[member] != null && !known.includes(member));
    if (unknown) throw new NotSupportedError(`sts:AssumeRole with ${unknown}`);
    const { RoleArn, RoleSessionName, ExternalId, SourceIdentity } = input;
    checkText('roleArn', RoleArn, { least: 20, most: 2048 });
    if (!/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/.test(RoleArn)) throw invalid(`${RoleArn} is invalid`);
    checkText('roleSessionName', RoleSessionName, { least: 2, most: 64, pattern: '[\\w+=,.@-]*' });
    if (ExternalId != null) {
      checkText('externalId', ExternalId, { least: 2, most: 1224, pattern: '[\\w+=,.@:\\/-]*' });
    }
    if (SourceIdentity != null) {
      checkText('sourceIdentity', SourceIdentity, { least: 2, most: 64, pattern: '[\\w+=,.@-]*' });
    }
    const seconds = secondsOf(cloud, input, caller);
    const session = sessionOf(cloud, input, caller);
    const expiresAt = cloud.clock.now() + seconds * 1000;
    const { accessKeyId, secretAccessKey, sessionToken } = cloud.issueCredentials(session, expiresAt);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: sessionId(cloud, session), Arn: session.arn },
      ...(SourceIdentity != null && { SourceIdentity }),
    };
  };

/** A role that is not there is refused like one that may not be assumed: AWS does not tell which. */
function sessionOf(cloud: Cloud, { RoleArn, RoleSessionName }: any, caller: Principal): Principal {
  try {
    return cloud.assume(RoleArn, RoleSessionName);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'AccessDenied')) throw error;
    throw denial(caller, { action: 'sts:AssumeRole', resource: RoleArn }, 'resource does not allow it', 'sts');
  }
}

function secondsOf({ store }: Cloud, { RoleArn, DurationSeconds }: any, caller: Principal): number {
  const seconds = Number(DurationSeconds ?? defaultSeconds);
  const bound = `failed to satisfy constraint: Member must have value`;
  const refused = `1 validation error detected: Value '${DurationSeconds}' at 'durationSeconds' ${bound}`;
  if (!(seconds >= shortestSeconds)) throw invalid(`${refused} greater than or equal to ${shortestSeconds}`);
  if (seconds > longestSeconds) throw invalid(`${refused} less than or equal to ${longestSeconds}`);
  if (caller.kind === 'role' && seconds > longestChainedSeconds) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  const most = rolesOf(store).get(roleNameOf(RoleArn))?.maxSessionSeconds ?? defaultSeconds;
  if (seconds > most) throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return seconds;
}

interface TextLimits {
  readonly least: number;
  readonly most: number;
  readonly pattern?: string;
}

function checkText(name: string, value: unknown, { least, most, pattern = '[\\s\\S]*' }: TextLimits): void {
  const text = String(value ?? '');
  const failed =
    text.length < least
      ? `have length greater than or equal to ${least}`
      : text.length > most
        ? `have length less than or equal to ${most}`
        : new RegExp(`^${pattern}$`).test(text)
          ? undefined
          : `satisfy regular expression pattern: ${pattern}`;
  if (failed === undefined) return;
  throw invalid(
    `1 validation error detected: Value '${text}' at '${name}' failed to satisfy constraint: Member must ${failed}`,
  );
}

const invalid = (message: string) => new AwsError('ValidationError', message);
