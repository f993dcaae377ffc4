import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord } from '../find-function.ts';
import { configurationMembers, layersOf, mergeConfiguration } from '../function-configuration.ts';
import { knownMembers } from '../known-members.ts';
import { printed } from '../print-configuration.ts';
import { checkRevision, retireOutdated } from '../revision.ts';

export const updateFunctionConfiguration =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('UpdateFunctionConfiguration', input, ['FunctionName', 'RevisionId', ...configurationMembers]);
    const { name, record } = findRecord(core, input);
    checkRevision(record.latest, input.RevisionId);
    const latest = {
      ...record.latest,
      configuration: mergeConfiguration(core, record.latest.configuration, input),
      layerFolders: layersOf(core.state, input.Layers)?.map(({ folder }) => folder) ?? record.latest.layerFolders,
    };
    core.state.functions.set(name, { ...record, latest });
    retireOutdated(core);
    return printed(latest);
  };
