import { anonymous } from '../../../iam/principals.ts';
import type { ApiCall, Identity } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';
import { iamIdentity } from './iam.ts';
import { authorizeJwt } from './jwt.ts';
import { authorizeByFunction } from './lambda.ts';

/** Lets a call pass or throws ApiFailure; what the authorizer found out goes into the event. */
export async function authorize(core: ExecuteCore, call: ApiCall): Promise<Identity | undefined> {
  const { AuthorizationType: type, AuthorizerId } = call.route;
  if (type === 'NONE') return undefined;
  if (type === 'AWS_IAM') {
    if (call.principal === anonymous || call.request.unsigned) throw new ApiFailure(403, 'The request is not signed');
    // Whether the signer may call this was decided before the call was let in.
    return iamIdentity(core.cloud, call.principal);
  }
  const authorizer = call.configuration.authorizers.find((one) => one.AuthorizerId === AuthorizerId);
  if (!authorizer) throw new ApiFailure(500, `There is no authorizer ${AuthorizerId}`);
  return (type === 'JWT' ? authorizeJwt : authorizeByFunction)(core, call, authorizer);
}
