import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases.ts';
import { createEventSourceMapping } from './create-event-source-mapping.ts';
import { createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import { deleteEventSourceMapping, getEventSourceMapping, listEventSourceMappings } from './event-source-mappings.ts';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './function-concurrency.ts';
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from './function-event-invoke-config.ts';
import { getFunction, getFunctionConfiguration } from './get-function.ts';
import { invoke } from './invoke.ts';
import { invokeWithResponseStream } from './invoke-with-response-stream.ts';
import { deleteLayerVersion, getLayerVersion, getLayerVersionByArn, listLayers, listLayerVersions } from './layers.ts';
import { listFunctions, listVersionsByFunction } from './list-functions.ts';
import { addPermission, getPolicy, removePermission } from './policy.ts';
import { publishLayerVersion } from './publish-layer-version.ts';
import { publishVersion } from './publish-version.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { updateEventSourceMapping } from './update-event-source-mapping.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

/** Every operation by its API name, waiting for what it works on. */
export const operations = {
  AddPermission: addPermission,
  CreateAlias: createAlias,
  CreateEventSourceMapping: createEventSourceMapping,
  CreateFunction: createFunction,
  DeleteAlias: deleteAlias,
  DeleteEventSourceMapping: deleteEventSourceMapping,
  DeleteFunction: deleteFunction,
  DeleteFunctionConcurrency: deleteFunctionConcurrency,
  DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
  DeleteLayerVersion: deleteLayerVersion,
  GetAlias: getAlias,
  GetEventSourceMapping: getEventSourceMapping,
  GetFunction: getFunction,
  GetFunctionConcurrency: getFunctionConcurrency,
  GetFunctionConfiguration: getFunctionConfiguration,
  GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
  GetLayerVersion: getLayerVersion,
  GetLayerVersionByArn: getLayerVersionByArn,
  GetPolicy: getPolicy,
  Invoke: invoke,
  InvokeWithResponseStream: invokeWithResponseStream,
  ListAliases: listAliases,
  ListEventSourceMappings: listEventSourceMappings,
  ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs,
  ListFunctions: listFunctions,
  ListLayers: listLayers,
  ListLayerVersions: listLayerVersions,
  ListTags: listTags,
  ListVersionsByFunction: listVersionsByFunction,
  PublishLayerVersion: publishLayerVersion,
  PublishVersion: publishVersion,
  PutFunctionConcurrency: putFunctionConcurrency,
  PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
  RemovePermission: removePermission,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAlias: updateAlias,
  UpdateEventSourceMapping: updateEventSourceMapping,
  UpdateFunctionCode: updateFunctionCode,
  UpdateFunctionConfiguration: updateFunctionConfiguration,
  UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig,
};
