import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/authorizer.ts';
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts';

test('has after a kill every transaction that was acknowledged, and halves of none', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-crash-'));
  try {
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'crashing-writer.ts'), dataFolder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    writer.stdout.on('data', (chunk) => {
      told += chunk;
      if (told.length > 2000) writer.kill('SIGKILL');
    });
    await once(writer, 'close');
    const acknowledged = told.split('\n').slice(0, -1).length;
    const cloud = await LocalCloud.start({ services: [createDynamodb], dataFolder });
    try {
      const call = (operation: string, input: object) =>
        cloud.call('dynamodb', operation, input, root(cloud.accountId));
      const { Items } = await call('Scan', { TableName: 'ledger' });
      const ids = new Set<string>(Items.map((item: any) => item.id.S));
      for (let n = 0; n < acknowledged; n++) expect(ids).toContain(`${n}-debit`);
      for (const id of ids)
        expect(ids).toContain(id.replace(/debit|credit/, (side) => (side === 'debit' ? 'credit' : 'debit')));
      const indexed = await call('Query', {
        TableName: 'ledger',
        IndexName: 'by-group',
        KeyConditionExpression: '#group = :all',
        ExpressionAttributeNames: { '#group': 'group' },
        ExpressionAttributeValues: { ':all': { S: 'all' } },
      });
      expect(indexed.Count).toBe(ids.size);
    } finally {
      await cloud.close();
    }
  } finally {
    rmSync(dataFolder, { recursive: true });
  }
}, 30_000);
