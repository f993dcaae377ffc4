import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord } from '../find-function.ts';
import { knownMembers } from '../known-members.ts';
import { paginate } from '../paginate.ts';
import { printed } from '../print-configuration.ts';

export const listFunctions =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListFunctions', input, ['FunctionVersion', 'Marker', 'MaxItems']);
    const all = input.FunctionVersion === 'ALL';
    const records = [...core.state.functions.values()].sort((left, right) =>
      left.latest.configuration.FunctionName < right.latest.configuration.FunctionName ? -1 : 1,
    );
    const versions = records.flatMap(({ latest, published }) => (all ? [latest, ...published] : [latest]));
    const { page, NextMarker } = paginate(versions, input);
    return { Functions: page.map((version) => printed(version, { qualified: all })), NextMarker };
  };

export const listVersionsByFunction =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListVersionsByFunction', input, ['FunctionName', 'Marker', 'MaxItems']);
    const { record } = findRecord(core, input);
    const { page, NextMarker } = paginate([record.latest, ...record.published], input);
    return { Versions: page.map((version) => printed(version, { qualified: true })), NextMarker };
  };
