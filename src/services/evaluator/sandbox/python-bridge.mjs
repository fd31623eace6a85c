/**
 * The seal between Python and JavaScript. Pyodide's WebAssembly reaches JavaScript only through its imports; once a
 * Python is booted, an evaluation needs the few of them that stand for an operating system (files in memory, clocks,
 * random bytes) and none of Pyodide's bridge. All others end the process, whatever object the program found to call them.
 */

/** Imports that stay as they are. Everything that is not named here or in `ANSWERS` is refused. */
const OPEN = new Set(
  `
  __syscall_getuid32_js __syscall_umask_js __syscall_ioctl __syscall_fcntl64 __syscall_openat __syscall_faccessat
  __syscall_chdir __syscall_chmod __syscall_fchownat __syscall_dup __syscall_dup3 __syscall_fchdir __syscall_fchmod
  __syscall_fchmodat2 __syscall_fchown32 __syscall_fdatasync __syscall_fstat64 __syscall_stat64 __syscall_newfstatat
  __syscall_lstat64 __syscall_ftruncate64 __syscall_getcwd __syscall_getdents64 __syscall_mkdirat __syscall_mknodat
  __syscall_pipe __syscall_poll __syscall_fadvise64 __syscall_fallocate __syscall_readlinkat __syscall_unlinkat
  __syscall_rmdir __syscall_renameat __syscall_statfs64 __syscall_fstatfs64 __syscall_symlinkat __syscall_truncate64
  __syscall_utimensat _mmap_js _munmap_js _msync_js
  _tzset_js _timegm_js _mktime_js _localtime_js _gmtime_js emscripten_date_now emscripten_get_now
  emscripten_resize_heap emscripten_get_heap_max emscripten_runtime_keepalive_push emscripten_runtime_keepalive_pop
  _emscripten_runtime_keepalive_clear __call_sighandler _abort_js __assert_fail exit
  proc_exit environ_sizes_get environ_get fd_close fd_read fd_write fd_sync fd_seek fd_pread fd_pwrite fd_fdstat_get
  clock_res_get clock_time_get random_get
  ffi_closure_alloc_js ffi_closure_free_js ffi_prep_closure_loc_js
  `
    .trim()
    .split(/\s+/),
);

const ENOSYS = 52;
/** What takes the place of an import once it is sealed, for what programs may ask for without meaning harm. */
const ANSWERS = {
  can_run_sync_js: 0,
  _setitimer_js: 0,
  _dlopen_js: 0,
  _dlsym_js: 0,
  _emscripten_lookup_name: 0,
  getaddrinfo: -4,
  getnameinfo: -4,
  getprotobyname: 0,
  _try_fcntl64: 0,
  ...Object.fromEntries(
    'accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmsg sendmsg sendto socket'
      .split(' ')
      .map((call) => [`__syscall_${call}`, -ENOSYS]),
  ),
};

/** Runtime functions that would reach the host (a shell, its eval), with what they answer from the beginning. */
const NEVER = {
  _emscripten_system: -ENOSYS,
  __syscall_socket: -ENOSYS,
  emscripten_run_script: 0,
  emscripten_run_script_int: 0,
  emscripten_run_script_string: 0,
};

/** Thrown into a program that calls a sealed import. */
export class SealedBridge extends Error {}

function replace(imports, name, call) {
  const { sig } = imports[name] ?? {};
  imports[name] = Object.assign(call, { sig });
}

/**
 * Puts a gate in front of the imports of a WebAssembly module that is about to be instantiated; `names` are those it
 * has. The returned function closes all gates for good.
 */
export function gateImports({ env }, names) {
  let sealed = false;
  for (const [name, value] of Object.entries(NEVER)) replace(env, name, () => value);
  for (const name of names) {
    const real = env[name];
    if (OPEN.has(name) || name in NEVER || typeof real !== 'function') continue;
    const answer = ANSWERS[name];
    replace(env, name, (...args) => {
      if (!sealed) return real(...args);
      if (answer === undefined) throw new SealedBridge(name);
      return answer;
    });
  }
  return () => {
    sealed = true;
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Calls functions of a Python module by CPython's C interface, text in and text out, so that no object of one language
 * is ever seen by the other.
 */
export function textFunctions(wasm, moduleName) {
  const bytes = () => new Uint8Array(wasm.HEAP8.buffer);
  function withBytes(text, use) {
    const encoded = encoder.encode(text);
    const at = wasm._malloc(encoded.length + 1);
    if (at === 0) throw new RangeError('memory limit');
    bytes().set(encoded, at);
    bytes()[at + encoded.length] = 0;
    const result = use(at, encoded.length);
    wasm._free(at);
    return result;
  }
  const toPython = (text) => withBytes(text, (at, size) => wasm._PyUnicode_FromStringAndSize(at, size));
  /** Space for two arguments, and for the size of a text. */
  const slots = wasm._malloc(8);
  function toText(object) {
    const at = wasm._PyUnicode_AsUTF8AndSize(object, slots);
    if (at === 0) return null;
    const size = new DataView(wasm.HEAP8.buffer).getUint32(slots, true);
    return decoder.decode(bytes().subarray(at, at + size));
  }
  const home = withBytes(moduleName, (at) => wasm._PyImport_ImportModule(at));

  return (name) => {
    const callable = withBytes(name, (at) => wasm._PyObject_GetAttrString(home, at));
    if (callable === 0) throw new Error(`${moduleName} has no ${name}`);
    /** Gives the text that the function returned; null when it raised or returned something else. */
    return (first, second) => {
      const one = toPython(first);
      const two = toPython(second);
      new Uint32Array(wasm.HEAP8.buffer, slots, 2).set([one, two]);
      const result = wasm._PyObject_Vectorcall(callable, slots, 2, 0);
      const text = result === 0 ? null : toText(result);
      if (text === null) wasm._PyErr_Clear();
      for (const object of [one, two, result]) if (object !== 0) wasm._Py_DecRef(object);
      return text;
    };
  };
}
