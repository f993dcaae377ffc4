import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { isExport } from '../../component/output-place.ts';
import type { PlatformStack } from '../platform-stack.ts';

type TableAction = 'GetTable' | 'CreateTable' | 'UpdateTable';

/** May do this with these tables of the catalog; nothing where there are none: exports are not in it. */
export function catalogAccess(
  platform: PlatformStack,
  names: readonly string[],
  ...actions: readonly TableAction[]
): PolicyStatement[] {
  const tables = names.filter((name) => !isExport(name));
  if (tables.length === 0) return [];
  const arn = (resource: string) => platform.formatArn({ service: 'glue', resource });
  const { database } = platform.catalog;
  return [
    new PolicyStatement({
      actions: actions.map((action) => `glue:${action}`),
      // Glue asks for the way to a table as well.
      resources: [
        arn('catalog'),
        arn(`database/${database}`),
        ...tables.map((table) => arn(`table/${database}/${table}`)),
      ],
    }),
  ];
}
