import { s3Error } from './errors.ts';

/** Refuses a presigned URL whose time is over. `now` in milliseconds. */
export function checkPresigned(query: ReadonlyMap<string, string>, now: number): void {
  const date = query.get('X-Amz-Date');
  if (!query.has('X-Amz-Signature') || date === undefined) return;
  const seconds = Number(query.get('X-Amz-Expires'));
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 604_800) {
    const problem = 'X-Amz-Expires must be a whole number of seconds from 0 to 604800';
    throw s3Error('AuthorizationQueryParametersError', {}, problem);
  }
  const expires =
    Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')) + seconds * 1000;
  if (Number.isNaN(expires))
    throw s3Error('AuthorizationQueryParametersError', {}, 'X-Amz-Date must be in the format yyyyMMddTHHmmssZ');
  if (now <= expires) return;
  const details = { Expires: new Date(expires).toISOString(), ServerTime: new Date(now).toISOString() };
  throw s3Error('AccessDenied', details, 'Request has expired');
}
