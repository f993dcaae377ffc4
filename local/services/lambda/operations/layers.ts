import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findLayerVersion } from '../function-configuration.ts';
import { knownMembers, notFound } from '../known-members.ts';
import { paginate } from '../paginate.ts';
import { listedLayerVersion, printedLayerVersion } from '../print-layer.ts';
import type { LayerVersion } from '../state.ts';

const layerName = (given: string) => given.split(':layer:').at(-1)!;

export const getLayerVersion =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetLayerVersion', input, ['LayerName', 'VersionNumber']);
    return printedLayerVersion(find(core, `:layer:${layerName(input.LayerName)}:${input.VersionNumber}`));
  };

export const getLayerVersionByArn =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetLayerVersionByArn', input, ['Arn']);
    return printedLayerVersion(find(core, input.Arn));
  };

function find(core: LambdaCore, arn: string): LayerVersion {
  const found = findLayerVersion(core.state, arn);
  if (!found) throw notFound('The resource you requested does not exist.');
  return found;
}

export const listLayers =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListLayers', input, ['Marker', 'MaxItems']);
    const layers = [...core.state.layers.values()].filter(({ versions }) => versions.length > 0);
    const { page, NextMarker } = paginate(layers, input);
    const Layers = page.map(({ name, versions }) => {
      const { arn } = versions.at(-1)!;
      const LayerArn = arn.slice(0, arn.lastIndexOf(':'));
      return { LayerName: name, LayerArn, LatestMatchingVersion: listedLayerVersion(versions.at(-1)!) };
    });
    return { Layers, NextMarker };
  };

export const listLayerVersions =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListLayerVersions', input, ['LayerName', 'Marker', 'MaxItems']);
    const versions = [...(core.state.layers.get(layerName(input.LayerName))?.versions ?? [])].reverse();
    const { page, NextMarker } = paginate(versions, input);
    return { LayerVersions: page.map(listedLayerVersion), NextMarker };
  };

/** Functions that have the version keep it, as on AWS. */
export const deleteLayerVersion =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('DeleteLayerVersion', input, ['LayerName', 'VersionNumber']);
    const record = core.state.layers.get(layerName(input.LayerName));
    if (!record) return {};
    const versions = record.versions.filter(({ version }) => version !== Number(input.VersionNumber));
    core.state.layers.set(record.name, { ...record, versions });
    return {};
  };
