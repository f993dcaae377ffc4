import type { Guard } from './guards.ts';
import type { History } from './history.ts';
import { brokenInvariants } from './invariants.ts';
import type { PipelineName } from './pipelines.ts';
import { type Played, play } from './play.ts';
import { assemblyOf } from './world/assemblies.ts';
import { World } from './world/world.ts';

/** What came of a history, and what does not hold after it. Nothing broken: as it must be. */
export interface Verdict extends Played {
  readonly broken: readonly string[];
  /** How runs ended, e.g. `SUCCEEDED`, in the order in which they began. */
  readonly ends: readonly string[];
}

export interface JudgeOptions {
  /** What is to be missing. Default: nothing. */
  readonly guard?: Guard | undefined;
  /**
   * Whether functions ask services with the SDK's own clients, which takes twice the time of direct ones. Default: where
   * their clocks are off by more than services take of a signature.
   */
  readonly overHttp?: boolean;
  /**
   * Whether all functions begin cold. Default false: those that have served a history before have tries left over or
   * spent, and may ask for less.
   */
  readonly cold?: boolean;
}

const mostMinutesOff = 5;

function isAboutSignatures({ acts }: History): boolean {
  return acts.some((act) => act.do === 'skew' && Math.abs(act.minutes) >= mostMinutesOff);
}

/** A world gets slower with what its services remember. */
const mostHistoriesInOneWorld = 1000;

/** Plays histories one after the other, in one world for as long as it serves. */
export class Campaign {
  #world: World | undefined;
  #pipeline: PipelineName | undefined;
  #played = 0;

  async judge(
    history: History,
    { guard, overHttp = isAboutSignatures(history), cold = false }: JudgeOptions = {},
  ): Promise<Verdict> {
    const world = await this.#worldOf(history.pipeline);
    if (cold) await world.environments.close();
    world.environments.overHttp = overHttp;
    this.#played++;
    try {
      const played = await play(world, history, guard);
      // What is published and cannot be read is as broken as what is wrong.
      const broken = await brokenInvariants(world, history, played).catch((error: Error) => [
        `unreadable: ${error.message}`,
      ]);
      const ends = world.view.executions().map(({ status }) => status);
      // What could not be brought to rest would go on in the next history.
      if (played.problems.length > 0) await this.close();
      return { ...played, broken, ends };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** What functions have logged in the last history, for people who look for what went wrong. */
  get log(): readonly string[] {
    return this.#world?.environments.log ?? [];
  }

  async close(): Promise<void> {
    await this.#world?.close();
    this.#world = undefined;
  }

  async #worldOf(pipeline: PipelineName): Promise<World> {
    if (this.#pipeline !== pipeline || this.#played >= mostHistoriesInOneWorld) await this.close();
    if (!this.#world) {
      this.#world = await World.start(await assemblyOf(pipeline, 0));
      this.#pipeline = pipeline;
      this.#played = 0;
    }
    return this.#world;
  }
}
