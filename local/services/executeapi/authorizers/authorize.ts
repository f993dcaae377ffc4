import { NotSupportedError } from '../../../aws-error.ts';
import { anonymous } from '../../../iam/principals.ts';
import type { ApiCall, Identity } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';

/** Lets a call pass or throws ApiFailure; what the authorizer found out goes into the event. */
export async function authorize(_core: ExecuteCore, call: ApiCall): Promise<Identity | undefined> {
  const { AuthorizationType: type } = call.route;
  switch (type) {
    case 'NONE':
      return undefined;
    case 'AWS_IAM':
      // Whether the signer may was decided before the call was let in.
      if (call.principal === anonymous) throw new ApiFailure(403, 'Missing Authentication Token');
      return undefined;
    default:
      throw new NotSupportedError(`authorizers of type ${type}`);
  }
}
