export { contract } from '../component/contract.ts';
export { decimal } from '../component/decimal.ts';
export { Dataset, from, type Output } from './dataset.ts';
export { levelOf } from './escalation.ts';
export type {
  DefinitionFallback,
  DefinitionNode,
  DefinitionOutput,
  DefinitionSource,
  DefinitionStep,
} from './graph.ts';
export { type OdcsOptions, odcs } from './odcs-contract.ts';
export { type Definition, type PipelineOptions, pipeline } from './pipeline.ts';
export { pipelineFromYaml } from './pipeline-from-yaml.ts';
export { DefinitionInvalidError, type Problem } from './problem.ts';
export { after, cron, event, every, fileArrives } from './triggers.ts';
export { functionSources, userFunctions } from './user-functions.ts';
