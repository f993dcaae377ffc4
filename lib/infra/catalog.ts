import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Lake } from './lake.ts';

export interface CatalogProps {
  /** Of the database. */
  readonly name: string;
  readonly lake: Lake;
}

/** The database of the curated tables in the catalog of AWS Glue, where their readers find them. Outlives its stack. */
export class Catalog extends Construct {
  readonly database: string;

  constructor(scope: Construct, id: string, { name, lake }: CatalogProps) {
    super(scope, id);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name, description: 'Curated tables', locationUri: lake.bucket.s3UrlForObject('curated') },
    });
    database.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.database = database.ref;
  }
}
