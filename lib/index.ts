/** The authoring door: everything that a pipeline file needs. */
export {
  after,
  contract,
  cron,
  Dataset,
  type Definition,
  decimal,
  event,
  every,
  fileArrives,
  from,
  functionSources,
  odcs,
  pipeline,
  pipelineFromYaml,
} from './definition/index.ts';
export * from './registry/authoring.ts';
export { components } from './registry/components.ts';
