import { AwsError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import { tableNotFound, validation } from './failure.ts';

/** A table as DescribeTable shows it (times in seconds since the epoch), with all that is set beside it. */
export interface Table {
  readonly description: TableDescription;
  readonly tags: Record<string, string>;
  readonly timeToLive?: string;
  readonly recovery: { readonly enabled: boolean; readonly since?: number; readonly days?: number };
}

export interface TableDescription {
  readonly TableName: string;
  readonly TableArn: string;
  readonly KeySchema: readonly { AttributeName: string; KeyType: string }[];
  readonly AttributeDefinitions: readonly { AttributeName: string; AttributeType: string }[];
  readonly GlobalSecondaryIndexes?: readonly any[];
  readonly LocalSecondaryIndexes?: readonly any[];
  readonly StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: string };
  readonly LatestStreamArn?: string;
  readonly DeletionProtectionEnabled?: boolean;
  readonly [member: string]: any;
}

/** The tables by name. Their items are in the database; this is what describes them. */
export class Tables {
  readonly #tables: Collection<Table>;
  readonly #cloud: Pick<Cloud, 'region' | 'accountId'>;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#tables = cloud.store.collection<Table>('dynamodb.tables');
  }

  names(): string[] {
    return [...this.#tables.keys()].sort();
  }

  /** Whether any table has a KMS key: without one, nobody need be asked for permission to use it. */
  anyEncrypted(): boolean {
    for (const { description } of this.#tables.values()) if (description.SSEDescription) return true;
    return false;
  }

  has(name: string): boolean {
    return this.#tables.has(name);
  }

  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /** Throws ResourceNotFoundException, in the longer words of the control plane when `named`. */
  get(name: string, named: 'named' | 'unnamed' = 'named'): Table {
    const table = this.#tables.get(name);
    if (table) return table;
    throw tableNotFound(named === 'named' ? `Requested resource not found: Table: ${name} not found` : undefined);
  }

  byArn(arn: string): Table {
    const table = this.#tables.get(tableName(arn));
    if (!table || table.description.TableArn !== arn) {
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
    }
    return table;
  }

  set(table: Table): void {
    this.#tables.set(table.description.TableName, table);
  }

  delete(name: string): void {
    this.#tables.delete(name);
  }

  arn(name: string): string {
    return `arn:aws:dynamodb:${this.#cloud.region}:${this.#cloud.accountId}:table/${name}`;
  }
}

/** Everywhere that takes a table's name, AWS takes its ARN too. */
export function tableName(nameOrArn: unknown): string {
  if (typeof nameOrArn !== 'string')
    throw validation("The parameter 'TableName' is required but was not present in the request");
  if (!nameOrArn.startsWith('arn:')) return nameOrArn;
  return nameOrArn.split(':')[5]?.split('/')[1] ?? nameOrArn;
}
