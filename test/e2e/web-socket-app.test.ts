import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LocalApp, startLocal } from '../../local/index.ts';
import { synthesizeWebSocketApp } from '../fixtures/web-socket-app/app.ts';

const folder = mkdtempSync(join(tmpdir(), 'web-socket-app-'));
let app: LocalApp;

beforeAll(async () => {
  // CDK's own validation of templates takes as long as the rest of synthesis.
  vi.stubEnv('CDK_VALIDATION', 'false');
  app = await startLocal({ cloudAssembly: synthesizeWebSocketApp(join(folder, 'cdk.out')) });
}, 60_000);

afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('serves a CDK WebSocketApi: routes, their answers, and messages that functions send by themselves', async () => {
  // The client that Node brings.
  const socket = new WebSocket(app.stacks.Chat!.outputs.Url as string);
  const messages: string[] = [];
  socket.addEventListener('message', ({ data }) => messages.push(String(data)));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  socket.send('{"action":"greet"}');
  await vi.waitFor(() => expect(messages).toEqual(['welcome']), { timeout: 10_000 });
  socket.send('hello there');
  await vi.waitFor(() => expect(messages).toEqual(['welcome', '$default: hello there']), { timeout: 10_000 });
  socket.close();
}, 30_000);
