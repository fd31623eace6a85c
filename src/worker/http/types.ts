import type { Scopes } from '../auth/scopes.ts';
import type { Context } from '../context.ts';

/**
 * What the router knows of a request. Bindings stay unknown here: only `index.ts` reads the environment.
 * Each variable names the middleware that sets it.
 */
export type AppEnv = {
  Bindings: Record<string, unknown>;
  Variables: {
    /** `requestId()`. */
    requestId: string;
    /** `authenticate()`: the `sub` of the token. */
    learnerId: string;
    /** `authenticate()`: what the token may do beyond a learner's own rights. */
    scopes: Scopes;
    /** `requestContext()`: round trips to the database so far, and their milliseconds. */
    trips: { count: number; ms: number };
    /** `answerText()`: the JSON that is answered. */
    bytes: Uint8Array<ArrayBuffer> | undefined;
    /**
     * The routes that answer a program's output: where that is, `evaluation` for a stored one, `sealed` when it is
     * stored nowhere else. `idempotent()` stores their answers accordingly.
     */
    output: 'evaluation' | 'sealed' | undefined;
    /** `jsonBody()`: the parsed body, undefined when there is none. */
    json: unknown;
    /** Set by the composition; `idempotent()` replaces its `newId`. */
    ctx: Context;
  };
};
