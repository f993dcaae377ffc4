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

interface Known {
  readonly world: World;
  histories: number;
}

/**
 * Plays histories one after the other, those of each pipeline in one world for as long as it serves. A world whose turn is over
 * is kept: to begin all of its functions anew took a twentieth of the time of all histories.
 */
export class Campaign {
  readonly #worlds = new Map<PipelineName, Known>();
  /** Whose time it is. */
  #pipeline: PipelineName | undefined;

  async judge(
    history: History,
    { guard, overHttp = isAboutSignatures(history), cold = false }: JudgeOptions = {},
  ): Promise<Verdict> {
    const world = await this.#worldOf(history.pipeline);
    if (cold) await world.environments.close();
    world.environments.overHttp = overHttp;
    try {
      const played = await play(world, history, guard);
      // What is published and cannot be read is as broken as what is wrong.
      const broken = await brokenInvariants(world, history, played).catch((error: Error) => [
        `unreadable: ${error.message}`,
      ]);
      const ends = world.view.executions().map(({ status }) => status);
      // What could not be brought to rest would go on in the next history.
      if (played.problems.length > 0) await this.#closeCurrent();
      return { ...played, broken, ends };
    } catch (error) {
      await this.#closeCurrent();
      throw error;
    }
  }

  /** What functions have logged in the last history, for people who look for what went wrong. */
  get log(): readonly string[] {
    return this.#current?.world.environments.log ?? [];
  }

  async close(): Promise<void> {
    for (const pipeline of [...this.#worlds.keys()]) {
      await this.#turnTo(pipeline);
      await this.#closeCurrent();
    }
  }

  get #current(): Known | undefined {
    return this.#pipeline && this.#worlds.get(this.#pipeline);
  }

  async #worldOf(pipeline: PipelineName): Promise<World> {
    await this.#turnTo(pipeline);
    if ((this.#current?.histories ?? 0) >= mostHistoriesInOneWorld) await this.#closeCurrent();
    let known = this.#worlds.get(pipeline);
    if (!known) {
      known = { world: await World.start(await assemblyOf(pipeline, 0)), histories: 0 };
      this.#worlds.set(pipeline, known);
      this.#pipeline = pipeline;
    }
    known.histories++;
    return known.world;
  }

  /** Time is the process's, and so one world's. */
  async #turnTo(pipeline: PipelineName): Promise<void> {
    if (this.#pipeline === pipeline) return;
    await this.#current?.world.pause();
    this.#pipeline = this.#worlds.has(pipeline) ? pipeline : undefined;
    this.#current?.world.goOn();
  }

  async #closeCurrent(): Promise<void> {
    const world = this.#current?.world;
    if (this.#pipeline) this.#worlds.delete(this.#pipeline);
    this.#pipeline = undefined;
    await world?.close();
  }
}
