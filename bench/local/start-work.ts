/** Starts local AWS with an assembly in a process of its own: `node bench/local/start-work.ts <cdk.out> <data folder>`. */
const [cloudAssembly, dataFolder] = process.argv.slice(2) as [string, string];
const { startLocal } = await import('../../local/index.ts');
const loaded = performance.now();
const app = await startLocal({ cloudAssembly, dataFolder });
const provisioned = performance.now();
const resources = Object.values(app.stacks).reduce((sum, stack) => sum + Object.keys(stack.resources).length, 0);
const { maxRSS } = process.resourceUsage();
await app.close();
process.stdout.write(
  JSON.stringify({
    // Since the process began.
    load: loaded,
    provision: provisioned - loaded,
    resources,
    peakBytes: maxRSS * 1024,
  }),
);
