import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion, functionArn } from '../find-function.ts';
import { checkTarget } from '../invocation/send-to-target.ts';
import { knownMembers, notFound, wholeNumber } from '../known-members.ts';
import { paginate } from '../paginate.ts';
import type { FunctionRecord } from '../state.ts';

const members = ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'];
type Config = FunctionRecord['eventInvokeConfigs'][string];

/** Put replaces the whole configuration, Update only what is given. */
const write =
  (operation: string, { keep }: { keep: boolean }) =>
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers(operation, input, members);
    wholeNumber('maximumRetryAttempts', input.MaximumRetryAttempts, [0, 2]);
    wholeNumber('maximumEventAgeInSeconds', input.MaximumEventAgeInSeconds, [60, 21_600]);
    const { name, qualifier = '$LATEST', record } = findRecord(core, input);
    findVersion(core, { name, qualifier });
    const before = record.eventInvokeConfigs[qualifier];
    if (keep && !before) throw missing(core, name, qualifier);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
    for (const target of [DestinationConfig?.OnSuccess, DestinationConfig?.OnFailure]) {
      if (target?.Destination) checkTarget(target.Destination);
    }
    const given = Object.entries({ MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig });
    const config: Config = {
      DestinationConfig: { OnSuccess: {}, OnFailure: {} },
      ...(keep && before),
      ...Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== null)),
      FunctionArn: functionArn(core.cloud, { name, qualifier }),
      LastModified: core.cloud.clock.now(),
    };
    core.state.functions.set(name, {
      ...record,
      eventInvokeConfigs: { ...record.eventInvokeConfigs, [qualifier]: config },
    });
    return printedConfig(config);
  };

export const putFunctionEventInvokeConfig = write('PutFunctionEventInvokeConfig', { keep: false });
export const updateFunctionEventInvokeConfig = write('UpdateFunctionEventInvokeConfig', { keep: true });

export const getFunctionEventInvokeConfig =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetFunctionEventInvokeConfig', input, ['FunctionName', 'Qualifier']);
    const { name, qualifier = '$LATEST', record } = findRecord(core, input);
    const config = record.eventInvokeConfigs[qualifier];
    if (!config) throw missing(core, name, qualifier);
    return printedConfig(config);
  };

export const listFunctionEventInvokeConfigs =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListFunctionEventInvokeConfigs', input, ['FunctionName', 'Marker', 'MaxItems']);
    const { record } = findRecord(core, input);
    const { page, NextMarker } = paginate(Object.values(record.eventInvokeConfigs), input);
    return { FunctionEventInvokeConfigs: page.map(printedConfig), NextMarker };
  };

export const deleteFunctionEventInvokeConfig =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('DeleteFunctionEventInvokeConfig', input, ['FunctionName', 'Qualifier']);
    const { name, qualifier = '$LATEST', record } = findRecord(core, input);
    const { [qualifier]: gone, ...eventInvokeConfigs } = record.eventInvokeConfigs;
    if (!gone) throw missing(core, name, qualifier);
    core.state.functions.set(name, { ...record, eventInvokeConfigs });
    return {};
  };

function missing(core: LambdaCore, name: string, qualifier: string) {
  return notFound(`The function ${functionArn(core.cloud, { name, qualifier })} doesn't have an EventInvokeConfig`);
}

function printedConfig(config: Config) {
  return { ...config, LastModified: new Date(config.LastModified) };
}
