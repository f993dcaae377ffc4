import { expect, test } from 'vitest';
import { MemoryShortError } from '../../lib/engine/memory-short-error.ts';
import { Session } from '../../lib/engine/session.ts';
import { reading } from '../../lib/engine/source-files.ts';
import { namingStep } from '../../lib/engine/steps/naming-step.ts';

test('a function that is too small is no damage of a file and no fault of a step', async () => {
  const session = await Session.open({ folders: [], memoryMegabytes: 512, threads: 1 });
  const full = () => session.run("SELECT list(repeat('x', 1000) || i) FROM range(250000) t(i)");
  try {
    const file = { path: 'one', key: 'landing/one.json', of: 'things', file: 0 };
    const read = reading({ file, format: { kind: 'json' } }, full);
    await expect(read).rejects.toThrow(MemoryShortError);
    await expect(read).rejects.toThrow(
      /reading landing\/one.json takes more memory .*received: [\d.]+ MiB\/[\d.]+ MiB used; .*workerMemoryMegabytes/,
    );
    const node = { id: 'orders.1-sort' } as Parameters<typeof namingStep>[0]['node'];
    await expect(namingStep({ node }, full)).rejects.toThrow('step orders.1-sort takes more memory');
  } finally {
    session.close();
  }
});
