import { retryableErrorNames as ownErrorNames } from './errors/catalogue.ts';

/** What Lambda, not the handler, reports when a call was throttled, lost or cut short. */
const lambdaErrorNames = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'States.HeartbeatTimeout',
] as const;

/** Errors that the state machine tries again, by the names that it sees. */
export const retryableErrorNames: readonly string[] = [...lambdaErrorNames, ...ownErrorNames];
