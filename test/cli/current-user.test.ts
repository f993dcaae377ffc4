import { userInfo } from 'node:os';
import { expect, test, vi } from 'vitest';
import { currentUser } from '../../lib/cli/current-user.ts';

vi.mock('node:os', { spy: true });

test('names who runs a command, by a number where there is no name', () => {
  expect(currentUser()).toBe(userInfo().username);
  vi.mocked(userInfo).mockImplementationOnce(() => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  });
  expect(currentUser()).toBe(`uid ${process.getuid?.()}`);
});
