import type { Cloud, Principal } from '../../service.ts';
import type { FunctionVersion } from './state.ts';

/** The role of a function, as Lambda assumes it. Throws where it does not exist or does not trust Lambda. */
export function assumeRole(cloud: Cloud, { configuration }: FunctionVersion): Principal {
  const { Role, FunctionName, FunctionArn } = configuration;
  return cloud.assume(Role, FunctionName, { service: 'lambda.amazonaws.com', sourceArn: FunctionArn });
}
