/**
 * Writes what the operations of each service take, as the AWS SDK has it: one line per operation and structure, members
 * that must be there marked with `!`. Types are `s` text, `n` number, `t` true or false, `d` time, `b` bytes, `a` anything,
 * `[x]` lists, `{x}` maps by text, else the name of a structure. Behind `elsewhere` are the operations that AWS has and
 * local AWS has not. `--check` only compares.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allServices } from '../../all-services.ts';
import { LocalCloud } from '../../cloud.ts';

/** By signing name. S3 reads its inputs by shapes of its own, and IAM is not reached from outside. */
const clients: Readonly<Record<string, () => Promise<Record<string, any>>>> = {
  apigateway: () => import('@aws-sdk/client-apigatewayv2'),
  dynamodb: () => import('@aws-sdk/client-dynamodb'),
  events: () => import('@aws-sdk/client-eventbridge'),
  glue: () => import('@aws-sdk/client-glue'),
  kms: () => import('@aws-sdk/client-kms'),
  lambda: () => import('@aws-sdk/client-lambda'),
  logs: () => import('@aws-sdk/client-cloudwatch-logs'),
  monitoring: () => import('@aws-sdk/client-cloudwatch'),
  scheduler: () => import('@aws-sdk/client-scheduler'),
  secretsmanager: () => import('@aws-sdk/client-secrets-manager'),
  ses: () => import('@aws-sdk/client-sesv2'),
  sns: () => import('@aws-sdk/client-sns'),
  sqs: () => import('@aws-sdk/client-sqs'),
  ssm: () => import('@aws-sdk/client-ssm'),
  states: () => import('@aws-sdk/client-sfn'),
  sts: () => import('@aws-sdk/client-sts'),
};

/** The numbers by which the SDK's schemas name simple types. */
const simple: Readonly<Record<number, string>> = {
  0: 's',
  1: 'n',
  2: 't',
  4: 'd',
  5: 'd',
  6: 'd',
  7: 'd',
  15: 'a',
  21: 'b',
  42: 'b',
};
const [listOf, mapOf] = [64, 128];
const operationKind = 9;

/** The lines of one service, in the order of their names. */
function describe(client: Record<string, any>, operations: readonly string[]): string {
  const structures = new Map<string, string>();
  const open = (schema: any): any => (typeof schema === 'function' ? open(schema()) : schema);

  function typeOf(given: any): string {
    const schema = open(given);
    if (typeof schema === 'number') {
      if (schema & mapOf) return `{${typeOf(schema & ~mapOf)}}`;
      if (schema & listOf) return `[${typeOf(schema & ~listOf)}]`;
      const type = simple[schema];
      if (!type) throw new Error(`the SDK has a type ${schema} that is not known here`);
      return type;
    }
    // A schema with traits of its member beside it.
    if (typeof schema[0] !== 'number' || schema.length === 2) return typeOf(schema[0]);
    const [kind, , name] = schema;
    if (kind === 0) return typeOf(schema[4]);
    if (kind === 1) return `[${typeOf(schema[4])}]`;
    if (kind === 2) return `{${typeOf(schema[5])}}`;
    addStructure(name, schema);
    return name;
  }

  function addStructure(name: string, schema: any): void {
    if (structures.has(name)) return;
    // Named before its members are looked at: structures may hold themselves.
    structures.set(name, '');
    const [, , , , names, types, required = 0] = schema;
    const members = (names as string[]).map((member, index) => {
      return ` ${member}${index < required ? '!' : ''}=${typeOf(types[index])}`;
    });
    structures.set(name, members.join(''));
  }

  for (const operation of operations) {
    const schema = client[`${operation}$`];
    // Those of table streams are in a client of their own.
    if (!schema) continue;
    const input = open(schema[4]);
    addStructure(`${operation}()`, input);
  }
  const exported = Object.keys(client).filter((name) => name.endsWith('$') && open(client[name])[0] === operationKind);
  const elsewhere = exported.map((name) => name.slice(0, -1)).filter((name) => !operations.includes(name));
  structures.set('elsewhere', elsewhere.map((name) => ` ${name}`).join(''));
  const sorted = [...structures].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, members]) => `${name}${members}\n`).join('');
}

/** By file name, what the files of this folder should hold. */
export async function generatedShapes(): Promise<Readonly<Record<string, string>>> {
  const cloud = await LocalCloud.start({ services: await allServices() });
  try {
    const files = Object.entries(clients).map(async ([service, client]) => {
      return [`${service}.shapes`, describe(await client(), cloud.operationsOf(service)!)];
    });
    return Object.fromEntries(await Promise.all(files));
  } finally {
    await cloud.close();
  }
}

if (import.meta.main) {
  for (const [file, text] of Object.entries(await generatedShapes())) {
    const path = join(import.meta.dirname, file);
    if (!process.argv.includes('--check')) writeFileSync(path, text);
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      console.error(`${path} is not what the SDK and the services say: run \`npm run generate\``);
      process.exitCode = 1;
    }
  }
}
