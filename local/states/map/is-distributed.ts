import type { JsonObject } from '../json.ts';

/** Whether a Map state runs child executions instead of iterations. */
export const isDistributed = (definition: JsonObject): boolean =>
  (definition.ItemProcessor ?? definition.Iterator).ProcessorConfig?.Mode === 'DISTRIBUTED';
