import fc from 'fast-check';
import { expect, it } from 'vitest';
import { physicalName } from '../../../local/template/physical-name.ts';

const place = (stack: string, logicalId: string, generation = 0) => ({ stack, logicalId, generation });

it('reads as CloudFormation writes names, the same at every time', () => {
  const name = physicalName(place('Flow', 'Inbox'), { maxLength: 64 });
  expect(name).toMatch(/^Flow-Inbox-[0-9A-Z]{12}$/);
  expect(physicalName(place('Flow', 'Inbox'), { maxLength: 64 })).toBe(name);
  expect(physicalName(place('Flow', 'Inbox', 1), { maxLength: 64 })).not.toBe(name);
});

it('stays within the limits and the characters of every type', () => {
  const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,254}$/);
  fc.assert(
    fc.property(id, id, fc.constantFrom(48, 63, 64, 80, 255), (stack, logicalId, maxLength) => {
      const bucket = physicalName(place(stack, logicalId), { maxLength, lowercase: true });
      expect(bucket.length).toBeLessThanOrEqual(maxLength);
      expect(bucket).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
      const queue = physicalName(place(stack, logicalId), { maxLength, ending: '.fifo' });
      expect(queue.length).toBeLessThanOrEqual(maxLength);
      expect(queue.endsWith('.fifo')).toBe(true);
    }),
  );
});

it('tells long stacks and long ids apart', () => {
  const long = 'x'.repeat(100);
  const names = ['a', 'b'].map((end) => physicalName(place(long, long + end), { maxLength: 64 }));
  expect(names[0]).not.toBe(names[1]);
});
