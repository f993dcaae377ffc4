import { AwsError } from '../../aws-error.ts';
import type { LambdaCore } from './core.ts';
import type { FunctionVersion } from './state.ts';

/** Optimistic locking: a caller that names a revision must name the present one. */
export function checkRevision({ configuration }: FunctionVersion, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === configuration.RevisionId) return;
  throw new AwsError(
    'PreconditionFailedException',
    'The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId',
    412,
    { Type: 'User' },
  );
}

/** Ends the environments of versions that were updated or deleted. */
export function retireOutdated(core: LambdaCore): void {
  core.pool.retire(({ configuration }) => {
    const record = core.state.functions.get(configuration.FunctionName);
    const versions = record ? [record.latest, ...record.published] : [];
    return versions.some((each) => each.configuration.RevisionId === configuration.RevisionId);
  });
}
