import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFrames } from '../../src/services/evaluator/frames.ts';
import { toOutcome } from '../../src/services/evaluator/outcome.ts';
import { availableClock } from '../../src/services/evaluator/process-stats.ts';
import { sandboxCommand } from '../../src/services/evaluator/sandbox-command.ts';
import { openSnapshot, type Snapshot } from '../../src/services/evaluator/snapshot.ts';
import {
  type Attack,
  attack,
  type Edit,
  lastWord,
  type Outcome,
  type Removal,
} from '../support/evaluator-walls.ts';

let snapshot: Snapshot;
beforeAll(async () => {
  snapshot = await openSnapshot();
});
afterAll(() => snapshot.close());

const EVAL = '--disallow-code-generation-from-strings';
const SEAT_BELT: Edit = ['python-child.mjs', '\nlockDown();', ''];
const SEAL: Edit = ['python-child.mjs', '\nseal();', ''];
const FREEZE: Edit = ['python-child.mjs', '\nfreezeIntrinsics();', ''];
/** V8 does not take the compiled code of another text: the glue is compiled again, as a sloppy script. */
const STRICT: Edit = [
  'python-image.mjs',
  "take(header.glue).toString('utf8');",
  "take(header.glue).toString('utf8').replace(`'use strict';`, '');",
];
const MODULES: readonly Edit[] = [
  ['python-child.mjs', "python.unregisterJsModule('js');", ''],
  ['python-child.mjs', "python.unregisterJsModule('pyodide_js');", ''],
  ['python-child.mjs', "harness('h_leave_bridge')(", 'String('],
];

/** Python that finds functions of Pyodide's bridge by following every reference there is. */
const REACH = `import gc, sys, types
def reach(*names):
    seen, todo, found = set(), [sys.modules, sys._getframe(), object], {}
    while todo:
        o = todo.pop()
        if id(o) in seen: continue
        seen.add(id(o))
        if type(o) is types.BuiltinFunctionType and o.__name__ in names: found[o.__name__] = o
        if type(o) is type and o is not type: todo.extend(type.__subclasses__(o))
        todo.extend(gc.get_referents(o))
    return [found[name] for name in names]
`;
/** Runs JavaScript text in the host realm. */
const REALM = `${REACH}
def attack(text):
    to_js, = reach("to_js")
    return str(to_js([1]).constructor.constructor(text)())`;
const inRealm = (text: string): Attack => ({ language: 'python', code: REALM, calls: [[text]] });
/** The bridge is open and the intrinsics can be changed; code from strings is still refused. */
const OPEN_BRIDGE: Removal = { edits: [SEAL, FREEZE] };
const OPEN_EVAL: Removal = { ...OPEN_BRIDGE, flags: [EVAL] };
/** Every wall of the realm is open; what stays is what the operating system and Node's permissions hold. */
const OPEN_REALM: Removal = { flags: [EVAL], edits: [SEAT_BELT, SEAL, FREEZE] };
const OPEN_NODE: Removal = { ...OPEN_REALM, flags: [EVAL, '--permission', '--allow-fs-read'] };
const builtin = (name: string) => `process.getBuiltinModule('${name}')`;

/**
 * Plants a getter on `Object.prototype` that Pyodide calls with its internal interface as `this`. To call Python it puts
 * that into an array, of the species that Array says, which is an object of ours that keeps it and refuses the rest.
 */
const GETTER = `${REACH}
def attack():
    to_js, proxy = reach("to_js", "create_proxy")
    Array = to_js([1]).constructor
    Object = to_js([1]).entries().next().constructor
    record = lambda **fields: to_js(fields, dict_converter=Object.fromEntries)
    stash = Object.defineProperty(Object.new(), "length", record(value=0))
    getter = record(get=proxy(print, capture_this=True))
    species = record(value=Object.bind(None, stash))
    look = Object.getOwnPropertyDescriptor
    try: Object.defineProperty(Array, Object.getOwnPropertySymbols(Array)[0], species)
    except Exception: pass
    try: Object.defineProperty(Object.prototype, "Comlink", getter)
    except Exception as error: return str(error)
    Object.new()
    return "internal" if hasattr(look(stash, "0").value, "loadBinaryFile") else "nothing"`;
/** Plants a stack-trace hook, which gets the call sites of the functions that are running. */
const HOOK = `${REACH}
found = []
def hook(error, sites):
    for i in range(sites.length):
        for part in ("getThis", "getFunction"):
            try: found.append(getattr(sites[i], part)())
            except BaseException: pass
    return ""
def attack():
    to_js, proxy = reach("to_js", "create_proxy")
    make = to_js([1]).constructor.constructor
    Object = to_js([1]).entries().next().constructor
    try: make("return 1")
    except Exception as error: Error = Object.getPrototypeOf(error.js_error.constructor)
    try: Error.prepareStackTrace = proxy(hook)
    except Exception as error: return str(error)
    def look(*rest):
        holder = Object.new()
        Error.captureStackTrace(holder)
        holder.stack
        return 1
    try: to_js([make]).to_py(default_converter=look)
    except BaseException: pass
    hosts = [this.process.version for this in found if hasattr(this, "process")]
    return hosts[0] if hosts else "sites without a global object: %d" % len(found)`;

async function both(what: Attack, wall: Removal, standing: Removal = {}): Promise<[string, string]> {
  const held = lastWord(await attack(snapshot, what, standing));
  return [held, lastWord(await attack(snapshot, what, wall))];
}

describe('each wall of the ablation table: what it stops, and that the same attack succeeds without it', () => {
  test('the seal: no function of the bridge works, whichever way Python came to hold it', async () => {
    const code = `${REACH}\ndef attack(): return str(reach("to_js")[0]([1]).constructor.name)`;
    const [held, open] = await both({ language: 'python', code }, { edits: [SEAL] });
    expect(held).toBe('FATAL');
    expect(open).toContain('"v":"Array"');
  });
  test('frozen intrinsics: no getter on Object.prototype, which Pyodide would call with its interface', async () => {
    const [held, open] = await both({ language: 'python', code: GETTER }, OPEN_BRIDGE, { edits: [SEAL] });
    expect(held).toContain('not extensible');
    expect(open).toContain('internal');
  });
  test('frozen intrinsics: no stack-trace hook', async () => {
    const [held, open] = await both({ language: 'python', code: HOOK }, OPEN_BRIDGE, { edits: [SEAL] });
    expect(held).toContain('Cannot assign to read only property');
    expect(open).toContain('sites without a global object');
  });
  test('strict glue: a stack-trace hook finds no global object', async () => {
    const sloppy = { edits: [SEAL, FREEZE, STRICT] };
    const [held, open] = await both({ language: 'python', code: HOOK }, sloppy, OPEN_BRIDGE);
    expect(held).toContain('sites without a global object');
    expect(open).toContain(process.version);
  });
  test('an empty __main__: the core of Pyodide is not there to be taken', async () => {
    const code =
      'import sys\ndef attack(): return str(vars(sys.modules["__main__"])["_pyodide_core"].to_js([1]).constructor.name)';
    const [held, open] = await both(
      { language: 'python', code },
      { edits: [...MODULES, SEAL] },
      { edits: [SEAL] },
    );
    expect(held).toContain('KeyError');
    expect(open).toContain('Array');
  });
  test('no code from strings: Python reaches the Function constructor, and without the wall the host realm', async () => {
    const [held, open] = await both(inRealm('return process.version'), OPEN_EVAL, OPEN_BRIDGE);
    expect(held).toContain('Code generation from strings disallowed');
    expect(open).toContain(process.version);
  });
  test('the seat belt takes the doors out of a realm that is lost', async () => {
    const what = inRealm(`return ${builtin('os')}.platform()`);
    const [held, open] = await both(what, OPEN_REALM, OPEN_EVAL);
    expect(held).toContain('"k":"RE"');
    expect(open).toContain(process.platform);
  });
  test("Node's permissions keep files from a realm that is lost", async () => {
    const what = inRealm(`return ${builtin('fs')}.readFileSync('/etc/passwd', 'utf8')`);
    const [held, open] = await both(what, OPEN_NODE, OPEN_REALM);
    expect(held).toContain('Access to this API has been restricted');
    expect(open).toContain('root:');
  });
  test("Node's permissions keep processes from a realm that is lost", async () => {
    const what = inRealm(
      `return ${builtin('child_process')}.execFileSync('/bin/sh', ['-c', 'echo ran $((6 * 7))'], { encoding: 'utf8' })`,
    );
    const [held, open] = await both(what, OPEN_NODE, OPEN_REALM);
    expect(held).toContain('Access to this API has been restricted');
    expect(open).toContain('ran 42');
  });
  test('no shell: the runtime lacks the function, and the permissions stand behind it', async () => {
    const what: Attack = { language: 'python', code: 'import os\ndef attack(): return os.system("exit 7")' };
    const shell: Edit = [
      'python-bridge.mjs',
      'for (const [name, value] of Object.entries(NEVER)) replace(env, name, () => value);',
      '',
    ];
    const open: Removal = { flags: ['--permission', '--allow-fs-read'], edits: [shell] };
    expect(lastWord(await attack(snapshot, what))).toMatch(/"v":-\d+}/);
    expect(lastWord(await attack(snapshot, what, { edits: [shell] }))).toBe('FATAL');
    expect(lastWord(await attack(snapshot, what, open))).toContain(`"v":${7 << 8}`);
  });
  test('unregistered modules: no bridge to import', async () => {
    const code =
      'def attack():\n    import pyodide_js\n    return "bridge " + str(hasattr(pyodide_js, "mountNodeFS"))';
    const [held, open] = await both({ language: 'python', code }, { edits: [...MODULES, SEAL] });
    expect(held).toContain('ModuleNotFoundError');
    expect(open).toContain('bridge True');
  });
  test('globals without a prototype: the bridge shows an empty room, not the realm', async () => {
    const code = 'def attack():\n    import js\n    return "room " + str(js.constructor.constructor)';
    const globals: Edit = ['python-child.mjs', 'jsglobals: Object.create(null)', 'jsglobals: {}'];
    const [held, open] = await both(
      { language: 'python', code },
      { edits: [...MODULES, SEAL, globals] },
      { edits: [...MODULES, SEAL] },
    );
    expect(held).toContain('AttributeError');
    expect(open).toContain('room ');
  });
  test.skipIf(process.geteuid?.() !== 0)(
    'a user id of its own: a lost child cannot signal the service (skipped unless root)',
    async () => {
      const what = inRealm('return process.kill(process.ppid, 0)');
      const [held, open] = await both(what, { ...OPEN_NODE, ownUid: false }, OPEN_NODE);
      expect(held).toContain('EPERM');
      expect(open).toContain('True');
    },
  );
});

describe('the context of a JavaScript submission: what each wall stops, and that the attack succeeds without it', () => {
  const child = (from: string, to = ''): Edit => ['javascript-child.mjs', from, to];
  const inside = (file: string, from: string, to: string): Edit => [`javascript/${file}.js`, from, to];
  const script = (...lines: string[]): Attack => ({ language: 'javascript', code: lines.join('\n') });

  test('a context of its own: in the realm of the runner a submission has its process', async () => {
    const what = script(
      'function attack() { return typeof process === "object" ? process.version : "none"; }',
    );
    const where = 'script.runInContext(context, WATCHED)';
    const here = child(where, `(script === jobs ? ${where} : script.runInThisContext(WATCHED))`);
    const [held, open] = await both(what, { edits: [here] });
    expect(held).toContain('"v":"none"');
    expect(open).toContain(process.version);
  });
  const HOOKS: [what: string, poke: string, hook: string][] = [
    ['import()', 'import("fs")', '  setImportModuleDynamicallyCallback(harness.refuseImport);\n'],
    ['stack traces', 'new Error("x").stack', '  setPrepareStackTraceCallback(harness.prepare);\n'],
  ];
  test.each(HOOKS)(
    'the hook of %s belongs to the context: else a full stack throws an error of the runner into the submission',
    async (_what, poke, hook) => {
      const code = `
        const foreign = (value) => {
          for (let o = value; o !== null; o = Object.getPrototypeOf(o)) if (o === Object.prototype) return false;
          return true;
        };
        let found = 'own', count = 0;
        function dive() {
          try { dive(); } catch (error) { if (foreign(error)) found = 'foreign'; }
          if (count++ < 3000) try { ${poke}; } catch (error) { if (foreign(error)) found = 'foreign'; }
        }
        function attack() { dive(); return found; }`;
      const what: Attack = { ...script(code), limits: { limitMs: 20_000 } };
      expect(await both(what, { edits: [child(hook)] })).toEqual([
        '{"k":"OK","v":"own"}',
        '{"k":"OK","v":"foreign"}',
      ]);
    },
  );
  test('the hook of stack traces: without it call sites and places of the runner are handed out', async () => {
    const what = script(
      'Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName()).join();',
      'function attack() { return String(new Error("x").stack); }',
    );
    const hook = child('  setPrepareStackTraceCallback(harness.prepare);\n');
    const [held, open] = await both(what, { edits: [hook] });
    expect(held).not.toMatch(/harness|node:|runner/);
    expect(open).toMatch(/harness.*node:/);
  });
  test('no code from strings in the context either', async () => {
    const what = script('function attack() { return (0, eval)("6 * 7"); }');
    const strings = child('strings: false', 'strings: true');
    const [held, open] = await both(what, { flags: [EVAL], edits: [strings] });
    expect(held).toContain('EvalError');
    expect(open).toContain('"v":42');
  });
  test('no shared memory: a submission cannot sleep without using the processor', async () => {
    const what: Attack = {
      ...script(
        'function attack() {',
        '  return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Infinity);',
        '}',
      ),
      wallMs: 3000,
    };
    const taken = inside('globals', "['SharedArrayBuffer', 'Atomics', 'WebAssembly']", '[]');
    const [held, open] = await both(what, { edits: [taken] });
    expect(held).toContain('ReferenceError');
    expect(open).toBe('late by wall');
  });
  test('private copies of the built-ins: a patched one forges no answer', async () => {
    const what = script('JSON.stringify = () => "3";', 'function attack() { return "wrong"; }');
    const copy = inside('realm', 'stringify: JSON.stringify', 'stringify: (value) => JSON.stringify(value)');
    const [held, open] = await both(what, { edits: [copy] });
    expect(held).toBe('{"k":"OK","v":"wrong"}');
    expect(open).toBe('{"k":"OK","v":3}');
  });
  test('text is written, not collected in objects of the context: no setter sees it', async () => {
    const what = script(
      'Object.defineProperty(Array.prototype, 0, { set() { globalThis.seen = "seen"; }, get: () => 3 });',
      'function attack() { return globalThis.seen === "seen" ? 1 : new Set([9]); }',
    );
    const plain = inside('realm', 'setPrototypeOf([], null)', '[]');
    const [held, open] = await both({ ...what, calls: [[], []] }, { edits: [plain] });
    expect(held).toBe('{"k":"OK","v":{"$t":"set","v":[9]}}');
    expect(open).not.toBe(held);
  });
  test('the runner does not look at what was thrown: a getter of it would run outside of the time that is watched', async () => {
    const what = script(
      'const thrown = { get message() { return "read " + (typeof runner); } };',
      'throw thrown;',
    );
    const { load } = await attack(snapshot, what);
    expect(load.kind === 'frame' && load.frame.k === 'R' && load.frame.result).toContain('read undefined');
  });
  test('the line of a thrown value is a number, or nothing: text could forge an answer', async () => {
    const what = script(
      'function attack() { __thrownAt(\'1,"k":"OK","v":3\'); throw "x" + 1; }'.replace('throw ', 'throw  '),
    );
    const bound = inside(
      'harness',
      'if (own.isInteger(line) && line > 0) thrownAt = line;',
      'thrownAt = line;',
    );
    const unmarked = child('if (throws.length > MOST_THROWS)', 'if (true)');
    const [held, open] = await both(what, { edits: [bound, unmarked] }, { edits: [unmarked] });
    expect(JSON.parse(held)).toMatchObject({ k: 'RE' });
    expect(JSON.parse(open)).toMatchObject({ k: 'OK', v: 3 });
  });
});

describe("Node's flags, one by one", () => {
  const FLAGS = sandboxCommand('javascript').args.filter((arg) => arg.startsWith('--'));
  async function tried(flags: string[]): Promise<Record<string, string>> {
    const listener = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const attempts = {
      file: `fs.readFileSync('/etc/hosts')`,
      write: `fs.rmdirSync(fs.mkdtempSync(${JSON.stringify(join(tmpdir(), 'escaped-'))}))`,
      process: `cp.execFileSync('/bin/true')`,
      worker: `new wt.Worker('1', { eval: true }).terminate()`,
      eval: `(0, eval)('1')`,
      addon: `process.dlopen({ exports: {} }, '/nowhere.node')`,
    };
    const script = `
      const [fs, cp, wt, net] = ['fs', 'child_process', 'worker_threads', 'net'].map((name) => require(name));
      const out = {};
      ${Object.entries(attempts)
        .map(
          ([name, attempt]) =>
            `try { ${attempt}; out.${name} = 'open'; } catch (e) { out.${name} = e.code === 'ERR_DLOPEN_FAILED' ? 'open' : 'closed'; }`,
        )
        .join('\n')}
      const done = (how) => { out.network = how; process.stdout.write(JSON.stringify(out)); process.exit(0); };
      try { net.connect(${port}, '127.0.0.1').on('error', () => done('closed')).on('connect', () => done('open')); }
      catch { done('closed'); }`;
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', script], { env: {} });
      return JSON.parse(stdout) as Record<string, string>;
    } finally {
      await new Promise((resolve) => listener.close(resolve));
    }
  }
  const without = (...gone: string[]) => FLAGS.filter((flag) => !gone.some((name) => flag.startsWith(name)));
  const CLOSED = { file: 'closed', write: 'closed', process: 'closed', worker: 'closed', network: 'closed' };
  const OPEN = { file: 'open', write: 'open', process: 'open', worker: 'open', network: 'open' };

  test('all of them: everything is closed', async () => {
    expect(await tried(FLAGS)).toEqual({ ...CLOSED, eval: 'closed', addon: 'closed' });
  });
  test('without --permission files, processes, workers and the network are open', async () => {
    expect(await tried(without('--permission', '--allow-fs-read'))).toEqual({
      ...OPEN,
      eval: 'closed',
      addon: 'closed',
    });
  });
  test('without --disallow-code-generation-from-strings eval is open', async () => {
    expect(await tried(without(EVAL))).toMatchObject({ ...CLOSED, eval: 'open' });
  });
  test('without --no-addons and --permission native code is open', async () => {
    expect(await tried(without('--permission', '--allow-fs-read', '--no-addons'))).toMatchObject({
      addon: 'open',
    });
  });
});

describe('caps on memory and output', () => {
  const hoard = 'def attack():\n    x = bytearray(100 << 20); x[::4096] = b"x" * 25600\n    return len(x)';
  const NO_GROW_CAP: Removal = { edits: [['python-child.mjs', 'capMemory(request.memory_mb);', '']] };

  test('the grow cap of WebAssembly memory', async () => {
    const [held, open] = await both({ language: 'python', code: hoard, memoryMb: 64 }, NO_GROW_CAP);
    expect(held).toContain('MemoryError');
    expect(open).toContain('104857600');
  });
  test.skipIf(availableClock() === 'wall')(
    "JavaScript's memory, touched or not (skipped where the size of a process cannot be read)",
    async () => {
      const spin = 'for (const from = Date.now(); Date.now() - from < 300; );';
      const touched = `function attack() { const x = new Uint8Array(200 << 20).fill(1); ${spin} return x.length; }`;
      const untouched = `function attack() { const x = new ArrayBuffer(200 << 20); ${spin} return x.byteLength; }`;
      for (const code of [touched, untouched]) {
        const what: Attack = { language: 'javascript', code };
        expect(lastWord(await attack(snapshot, { ...what, limits: { memoryMb: 64 } }))).toBe('fat');
        expect(lastWord(await attack(snapshot, what))).toContain('209715200');
      }
    },
  );
  test.skipIf(availableClock() === 'wall')(
    'the resident-size backstop (skipped where the size of a process cannot be read)',
    async () => {
      const code = 'def attack():\n    keep = []\n    while True: keep.append(bytearray(b"x" * (1 << 20)))';
      const limits = { limitMs: 20_000 };
      // The wall is not what this is about: a busy machine fills 1.5 GB slowly.
      const what: Attack = { language: 'python', code, memoryMb: 1500, limits, wallMs: 120_000 };
      expect(lastWord(await attack(snapshot, { ...what, limits: { ...what.limits, memoryMb: 64 } }))).toBe(
        'fat',
      );
      // Without it the engine's own cap, far higher here, is what ends the hoarding.
      expect(lastWord(await attack(snapshot, what))).toContain('MemoryError');
    },
  );
  test('the cap on output in the child', async () => {
    const what: Attack = {
      language: 'python',
      code: 'def attack():\n    for _ in range(40): print("x" * 50000)\n    return 1',
    };
    const wide: Edit = ['child-io.mjs', 'STDOUT_STOP = 1_048_576', 'STDOUT_STOP = 1e9'];
    expect(await both(what, { edits: [wide] })).toEqual(['OLE', '{"k":"OK","v":1}']);
  });
  test('the cap on answers in the child, and the one on frames in the host', async () => {
    const what: Attack = { language: 'python', code: 'def attack():\n    return "x" * 6_000_000' };
    const wide: Edit = ['child-io.mjs', 'RESULT_CAP = 1_048_576', 'RESULT_CAP = 1e9'];
    expect(await both(what, { edits: [wide] })).toEqual(['OLE', 'flood']);
  });
  test('a frame is refused by its header; with no cap it would be waited for', async () => {
    async function feed(cap: number): Promise<string> {
      const stream = new PassThrough();
      const ended = new Promise<string>((resolve) => {
        readFrames(stream, cap, { onFrame: () => resolve('frame'), onBroken: resolve });
      });
      const head = Buffer.alloc(4);
      head.writeUInt32BE(1 << 30);
      stream.write(head);
      stream.write(Buffer.alloc(1000));
      await new Promise((resolve) => setImmediate(resolve));
      return Promise.race([ended, Promise.resolve('waiting for more')]);
    }
    expect(await feed(4 << 20)).toBe('too-large');
    expect(await feed(Number.POSITIVE_INFINITY)).toBe('waiting for more');
  });
});

describe('time', () => {
  const spin = 'function attack() { for (;;); }';
  test.skipIf(availableClock() === 'wall')(
    'processor time ends a loop, and wall time one that has no limit',
    async () => {
      const busy: Attack = { language: 'javascript', code: spin };
      const limited = { ...busy, limits: { limitMs: 150 } };
      // On a starved machine the wall strikes first: then once more.
      await expect
        .poll(async () => lastWord(await attack(snapshot, limited)), { timeout: 50_000 })
        .toBe('late by cpu');
      const unlimited = { ...busy, limits: { limitMs: 1e6 }, wallMs: 1500 };
      expect(lastWord(await attack(snapshot, unlimited))).toBe('late by wall');
    },
  );
  test.skipIf(availableClock() === 'wall')(
    'threads beside the main one have a budget of their own',
    async () => {
      const burn: Edit = [
        'javascript-child.mjs',
        'for (;;) {\n  const request = receive();',
        `for (;;) {
  const request = receive();
  if (request.t === 'call') {
    for (let i = 0; i < 4; i++) pbkdf2('a', 'b', 2 ** 30, 64, 'sha512', () => {});
    await new Promise((resolve) => setTimeout(resolve, 1e6));
  }`,
      ];
      const what: Attack = {
        language: 'javascript',
        code: 'function attack() {}',
        limits: { limitMs: 4000 },
      };
      const threads: Edit = [
        'javascript-child.mjs',
        "import vm from 'node:vm';",
        "import vm from 'node:vm';\nimport { pbkdf2 } from 'node:crypto';",
      ];
      expect(lastWord(await attack(snapshot, what, { edits: [burn, threads] }))).toBe('late by helpers');
    },
  );
  test.skipIf(process.platform === 'win32')(
    'the kernel ends a child whose host has forgotten it',
    async () => {
      const what: Attack = { language: 'javascript', code: spin, limits: { limitMs: 2500 } };
      const soon: Removal = { shell: ['ulimit -t 30', 'ulimit -t 1'] };
      const [held, open] = await both(what, { shell: ['ulimit -t 30 &&', ''] }, soon);
      expect([held, open]).toEqual(['gone', expect.stringMatching(/^late by/)]);
    },
  );
});

describe('what a child is given', () => {
  test.skipIf(process.platform === 'win32')('no writing even for a realm that is lost', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'open-'));
    await chmod(folder, 0o777);
    const write = async (name: string, removal: Removal) => {
      const path = join(folder, name);
      const text = `${builtin('fs')}.writeFileSync(${JSON.stringify(path)}, 'x'); return 'written'`;
      const word = lastWord(await attack(snapshot, inRealm(text), removal));
      return [word, existsSync(path) ? readFileSync(path, 'utf8') : ''];
    };
    const [held, kept] = await write('held', OPEN_NODE);
    const [open, written] = await write('open', { ...OPEN_NODE, shell: ['ulimit -f 0 &&', ''] });
    await rm(folder, { recursive: true });
    expect([kept, written]).toEqual(['', 'x']);
    expect(held).not.toContain('"v":"written"');
    expect(open).toContain('"v":"written"');
  });
  test.skipIf(process.platform === 'win32')('an empty environment', async () => {
    const what = inRealm('return Object.keys(process.env).filter((name) => name.includes("CANARY")).join()');
    process.env.CANARY_OF_SERVICE = 'secret';
    const [held, open] = await both(what, { ...OPEN_NODE, env: 'CANARY_OF_CHILD=1' }, OPEN_NODE);
    delete process.env.CANARY_OF_SERVICE;
    expect(held).toContain('"v":""');
    expect(open).toContain('CANARY_OF_CHILD');
  });
  test('one submission: used twice, a child would show the second what the first left', async () => {
    const left: Record<Attack['language'], string> = {
      javascript: 'globalThis.seen = (globalThis.seen ?? 0) + 1; function attack() { return seen; }',
      python: 'import builtins\nbuiltins.seen = getattr(builtins, "seen", 0) + 1\ndef attack(): return seen',
    };
    for (const language of ['javascript', 'python'] as const) {
      const reload: Edit = [
        `${language}-child.mjs`,
        language === 'python' ? 'result = load(request.code, request.entry);' : 'result = request.t',
        language === 'python'
          ? 'load(request.code, request.entry); result = load(request.code, request.entry);'
          : "if (request.t === 'load') load(request);\n    result = request.t",
      ];
      const what: Attack = { language, code: left[language] };
      expect(await both(what, { edits: [reload] })).toEqual(['{"k":"OK","v":1}', '{"k":"OK","v":2}']);
    }
  });
});

describe('lockstep', () => {
  const twice: Edit = [
    'javascript-child.mjs',
    "send({ k: 'R',",
    "send({ k: 'R', n, result: '1', stdout: '', truncated: false, heap: 0 });\n  send({ k: 'R',",
  ];
  const ahead: Edit = ['javascript-child.mjs', "send({ k: 'R', n,", "send({ k: 'R', n: n + 1,"];
  const what: Attack = { language: 'javascript', code: 'function attack() { return 3; }' };
  const verdict = ({ replies }: Outcome) => {
    const reply = replies.at(-1);
    return reply === undefined ? null : toOutcome(reply, replies.length);
  };

  test('a frame nobody asked for answers nothing: it ends the child, or has the number of another request', async () => {
    const outcome = await attack(snapshot, { ...what, calls: [[], []] }, { edits: [twice] });
    expect(verdict(outcome)).toMatchObject({ verdict: 'RE', error: { type: 'ProtocolViolation' } });
  });
  test('an answer to another request is no answer', async () => {
    expect(verdict(await attack(snapshot, what))).toMatchObject({ verdict: 'OK', value: 3 });
    expect(verdict(await attack(snapshot, what, { edits: [ahead] }))).toMatchObject({ verdict: 'RE' });
  });
});
