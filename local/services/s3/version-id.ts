import { s3Error } from './errors.ts';

/** Throws where a text cannot be the id of any version. */
export function checkVersionId(id: string | undefined): void {
  if (id === undefined || id === 'null' || /^[\w-]{32}$/.test(id)) return;
  const details = { ArgumentName: 'versionId', ArgumentValue: id };
  throw s3Error('InvalidArgument', details, 'Invalid version id specified');
}
