import { describe, expect, test } from 'vitest';
import { pipeline } from '../../lib/index.ts';
import { connectors } from '../../lib/registry/connectors.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import type { Sample } from './sample.ts';
import { components, samples } from './samples.ts';
import { hostile, inputs, mainDataset, mainFile, namings } from './table.ts';

describe.each(Object.keys(connectors))('%s', (name) => {
  const connector = components[name];
  const sample = samples[name] as Extract<Sample, { sink?: unknown }>;

  test('shows each side that it has', () => {
    expect({ source: sample.source !== undefined, sink: sample.sink !== undefined }).toEqual({
      source: connector.source !== undefined,
      sink: connector.sink !== undefined,
    });
  });

  test.runIf(connector.source)('tells what it reads, from its options alone', () => {
    const options = connector.source.schema.parse(sample.source!().options);
    expect(connector.source.title(options)).toMatch(/\S/);
    expect(Object.keys(connector.source.objects(options))).toHaveLength(1);
    expect(['csv', 'ndjson', 'json', 'parquet']).toContain(connector.source.format(options).kind);
  });

  test.runIf(connector.sink)('tells what it writes, and what it promises', () => {
    const options = connector.sink.schema.parse(sample.sink!(hostile).options);
    expect(connector.sink.title(options)).toMatch(/\S/);
    expect(['append', 'replace']).toContain(connector.sink.mode(options));
    expect(['exactly-once', 'at-least-once']).toContain(connector.sink.capabilities.delivery);
  });

  test.runIf(connector.sink).each(Object.entries(namings))(
    'writes all rows, whatever the columns are called: %s',
    async (_, columns) => {
      const code = await compiled(pipeline('written', { outputs: [mainDataset(columns).to(sample.sink!(columns))] }));
      const { rows } = inputs['seven rows']!;
      const result = await run(code, { main: [{ path: mainFile(rows, columns) }] });
      const files = result.files.filter((file) => file.kind === 'table');
      expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(rows.length);
    },
  );
});
