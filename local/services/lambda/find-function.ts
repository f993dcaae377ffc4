import type { Cloud } from '../../service.ts';
import { type FunctionReference, functionReference } from './function-reference.ts';
import { notFound } from './known-members.ts';
import type { FunctionRecord, FunctionVersion, LambdaState } from './state.ts';

type Where = { readonly cloud: Cloud; readonly state: LambdaState };

export function functionArn(cloud: Cloud, { name, qualifier }: FunctionReference): string {
  return `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${name}${qualifier ? `:${qualifier}` : ''}`;
}

/** The record of the function that an input names, whatever the qualifier. Throws `ResourceNotFoundException`. */
export function findRecord(
  { cloud, state }: Where,
  input: { FunctionName?: unknown; Qualifier?: string },
): FunctionReference & { record: FunctionRecord } {
  const reference = functionReference(input.FunctionName, input.Qualifier);
  const record = state.functions.get(reference.name);
  if (!record) throw notFound(`Function not found: ${functionArn(cloud, reference)}`);
  return { ...reference, record };
}

/** The version that a qualifier leads to; an alias with weights picks one. Throws `ResourceNotFoundException`. */
export function findVersion(where: Where, reference: FunctionReference): FunctionVersion {
  const { record } = findRecord(where, { FunctionName: reference.name });
  const { qualifier } = reference;
  if (qualifier === undefined || qualifier === '$LATEST') return record.latest;
  const alias = record.aliases[qualifier];
  const number = alias ? weighted(alias) : qualifier;
  const found =
    number === '$LATEST' ? record.latest : record.published.find((each) => each.configuration.Version === number);
  if (!found) throw notFound(`Function not found: ${functionArn(where.cloud, reference)}`);
  return found;
}

function weighted(alias: FunctionRecord['aliases'][string]): string {
  let dice = Math.random();
  for (const [version, weight] of Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {})) {
    dice -= weight;
    if (dice < 0) return version;
  }
  return alias.FunctionVersion!;
}
