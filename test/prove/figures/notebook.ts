import { type Clock, type Era, eraAt, NO_CLOCK } from './days.ts';
import type { Erased } from './results.ts';

/** What the learner of a history set at a path: the one thing that an export of now does not say of the past. */
type Setting = { path: string; at: number; clock: Clock };

/** A learner's own notes: when which clock was set at which path, and what was erased. */
export class Notebook {
  readonly settings: Setting[] = [];
  readonly erased: Erased[] = [];

  set(path: string, at: number, clock: Clock): void {
    this.settings.push({ path, at, clock });
  }

  clockOf(path: string): Clock {
    return this.settings.findLast((setting) => setting.path === path)?.clock ?? NO_CLOCK;
  }

  /** The learner's clocks, always that of the newest of the paths that count. */
  private erasBy(counts: (path: string) => boolean): Era[] {
    const eras: Era[] = [];
    let newest = '';
    const seen = new Set<string>();
    for (const { path, at, clock } of this.settings) {
      if (!counts(path)) continue;
      // A path is new with its first setting.
      if (!seen.has(path)) newest = path;
      seen.add(path);
      if (path === newest) eras.push({ ...clock, since: at });
    }
    return eras;
  }

  /** Of the paths that there are now. */
  get eras(): Era[] {
    return this.erasBy((path) => this.erased.every((gone) => gone.path !== path));
  }

  /** The clock that the learner had at an instant, by the paths that there were then. */
  clockAt(instant: number): Clock {
    const wasThere = (path: string) => !this.erased.some((gone) => gone.path === path && gone.at <= instant);
    return eraAt(this.erasBy(wasThere), instant);
  }
}
