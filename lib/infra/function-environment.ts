import type { Plan } from '../component/plan.ts';
import type { PlatformStack } from './platform-stack.ts';

/** What every function of a pipeline is told about where it runs. */
export function functionEnvironment(platform: PlatformStack, plan: Plan): Record<string, string> {
  return {
    PENSTOCK_LAKE: platform.lake.bucket.bucketName,
    PENSTOCK_CATALOG: platform.catalog.database,
    PENSTOCK_RUN_TABLE: platform.runTable.table.tableName,
    PENSTOCK_PIPELINE: plan.pipeline,
  };
}
