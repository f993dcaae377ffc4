import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { violation } from '../../../requests/constraint.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Operation } from '../../../service.ts';
import { placeholdersOf, reservedVariables } from '../delivery/input-template.ts';
import { targetKind } from '../delivery/targets.ts';
import { parsePath } from '../json-path.ts';
import { type EventsState, invalid, type Target } from '../state.ts';

const members = [
  ...['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer'],
  ...['SqsParameters', 'DeadLetterConfig', 'RetryPolicy'],
];
const atLeastOne = 'Member must have length greater than or equal to 1';
const maxTargets = 5;
const maxPathVariables = 100;

/** PutTargets: a target with an id that the rule has replaces that target. */
export function putTargets(state: EventsState): Operation {
  return async (input) => {
    refuseUnknown('events:PutTargets', input, ['Rule', 'EventBusName', 'Targets']);
    const rule = state.rule(input.Rule, input.EventBusName);
    const given: Target[] = input.Targets ?? [];
    if (given.length === 0) throw violation('targets', '[]', atLeastOne);
    for (const target of given) checkTarget(target);
    const ids = given.map((target) => target.Id);
    if (new Set(ids).size < ids.length) throw invalid('Duplicate target ids in the request.');
    const targets = [...rule.targets.filter((target) => !ids.includes(target.Id)), ...given];
    if (targets.length > maxTargets) {
      throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    }
    state.setRule({ ...rule, targets });
    return { FailedEntryCount: 0, FailedEntries: [] };
  };
}

export function removeTargets(state: EventsState): Operation {
  return async (input) => {
    const rule = state.rule(input.Rule, input.EventBusName);
    const ids: string[] = input.Ids ?? [];
    if (ids.length === 0) throw violation('ids', '[]', atLeastOne);
    const missing = ids.filter((id) => !rule.targets.some((target) => target.Id === id));
    state.setRule({ ...rule, targets: rule.targets.filter((target) => !ids.includes(target.Id)) });
    const FailedEntries = missing.map((TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${rule.name} does not have target(s) with Id(s): ${TargetId}`,
    }));
    return { FailedEntryCount: FailedEntries.length, FailedEntries };
  };
}

export function listTargetsByRule(state: EventsState): Operation {
  return async (input) => {
    const rule = state.rule(input.Rule, input.EventBusName);
    const { page, next: NextToken } = paginate(rule.targets, {
      token: input.NextToken,
      size: input.Limit ?? 100,
      member: 'limit',
      most: 100,
    });
    return { Targets: page, NextToken };
  };
}

function checkTarget(target: Target): void {
  for (const [member, value] of Object.entries(target)) {
    if (value != null && !members.includes(member)) throw new NotSupportedError(`EventBridge targets with ${member}`);
  }
  if (!target.Id || !/^[.\-_A-Za-z0-9]{1,64}$/.test(target.Id)) {
    throw invalid(
      `Value '${target.Id}' at 'targets.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    );
  }
  if (!target.Arn?.startsWith('arn:'))
    throw invalid(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const kind = targetKind(target.Arn);
  if (kind.needsRole && target.RoleArn === undefined) throw invalid(`RoleArn is required for target ${target.Arn}.`);
  if (target.Arn.endsWith('.fifo') && target.Arn.includes(':sqs:') && !target.SqsParameters?.MessageGroupId) {
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${target.Id}.`);
  }
  if (target.DeadLetterConfig?.Arn?.endsWith('.fifo'))
    throw invalid(`Parameter DeadLetterConfig.Arn of target ${target.Id} is not valid. Reason: it names a FIFO queue.`);
  checkInput(target);
  checkRetryPolicy(target);
}

function checkInput(target: Target): void {
  const ways = [target.Input, target.InputPath, target.InputTransformer].filter((way) => way != null);
  if (ways.length > 0 && /^arn:[^:]*:events:/.test(target.Arn)) {
    throw new NotSupportedError('an input transformation in front of an event bus');
  }
  if (ways.length > 1)
    throw invalid('Only one of Input, InputPath, or InputTransformer must be provided for a target.');
  if (target.Input != null && !isJson(target.Input))
    throw invalid(`JSON text is not valid in Input of target ${target.Id}.`);
  if (target.InputPath != null) checkPath(target.InputPath, `InputPath of target ${target.Id}`);
  if (!target.InputTransformer) return;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const names = Object.keys(InputPathsMap);
  if (names.length > maxPathVariables)
    throw invalid(`InputPathsMap of target ${target.Id} has more than ${maxPathVariables} variables.`);
  for (const name of names) {
    if (name.toUpperCase().startsWith('AWS'))
      throw invalid(`InputPathsMap of target ${target.Id} contains a reserved name: ${name}.`);
    checkPath(InputPathsMap[name]!, `InputPathsMap of target ${target.Id}`);
  }
  const unknown = placeholdersOf(InputTemplate).find((name) => !reservedVariables.has(name) && !names.includes(name));
  if (unknown !== undefined)
    throw invalid(`InputTemplate for target ${target.Id} contains invalid placeholder ${unknown}.`);
}

function checkRetryPolicy({ Id, RetryPolicy }: Target): void {
  const { MaximumRetryAttempts: attempts = 0, MaximumEventAgeInSeconds: age = 60 } = RetryPolicy ?? {};
  if (attempts < 0 || attempts > 185) throw invalid(`MaximumRetryAttempts of target ${Id} must be between 0 and 185.`);
  if (age < 60 || age > 86_400) throw invalid(`MaximumEventAgeInSeconds of target ${Id} must be between 60 and 86400.`);
}

function checkPath(path: string, where: string): void {
  try {
    parsePath(path);
  } catch {
    throw invalid(`Invalid JSONPath ${path} in ${where}.`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
