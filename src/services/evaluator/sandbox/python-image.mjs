/**
 * The image that a Python child boots from. Holds Pyodide's memory snapshot without its empty pages (half of them) and
 * its JavaScript with the code V8 made of it; the child reads each part straight to where it is used.
 * Layout: length of the header (u32, little-endian), header (JSON), the parts it names, in order.
 */
import fs from 'node:fs';
import vm from 'node:vm';

const PAGE = 4096;
/** Pyodide's memory as compiled, 30 MiB: it refuses a snapshot of more. */
const MEMORY_BYTES = 31_457_280;
/** What Python shall know of its place, instead of paths of the host. */
export const PYTHON_PLACE = { env: { HOME: '/home/pyodide', _: 'python' }, _sysExecutable: 'python' };
const EXPORT = 'export default _createPyodideModule;';

/**
 * Pyodide's glue as a script, since V8 keeps compiled code of scripts only; strict like the module that it was, lest
 * its functions hand out the global object. `cached` is code of an earlier run.
 */
export function compileGlue(source, url, cached) {
  if (!source.includes(EXPORT)) throw new Error('this Pyodide has another glue than expected');
  const text = source.replaceAll('import.meta.url', '__url').replace(EXPORT, 'return _createPyodideModule;');
  return compileScript(`(function (__url) { 'use strict'; ${text}\n})`, url, cached);
}

function compileScript(text, url, cachedData) {
  const filename = new URL('./pyodide.asm.mjs', url).href;
  const script = new vm.Script(text, {
    filename,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return { text, script, factory: script.runInThisContext()(filename) };
}

function isEmpty(bytes) {
  return bytes.every((byte) => byte === 0);
}

/** Ranges of the heap that hold anything, in whole pages. */
function usedRanges(heap) {
  const ranges = [];
  for (let start = 0; start < heap.length; start += PAGE) {
    if (isEmpty(heap.subarray(start, start + PAGE))) continue;
    const last = ranges.at(-1);
    const size = Math.min(PAGE, heap.length - start);
    if (last !== undefined && last[0] + last[1] === start) last[1] += size;
    else ranges.push([start, size]);
  }
  return ranges;
}

/** `imports` are the names of the functions that Pyodide's WebAssembly imports. @throws Error for a snapshot that would not load. */
export function packImage(snapshot, { text, script }, imports) {
  const heapAt = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true);
  const heap = snapshot.subarray(heapAt);
  if (heap.length > MEMORY_BYTES) throw new Error(`a memory of ${heap.length} bytes does not load`);
  const ranges = usedRanges(heap);
  const glue = Buffer.from(text, 'utf8');
  const code = script.createCachedData();
  const sizes = { head: heapAt, glue: glue.length, code: code.length, heap: heap.length };
  const header = { ...sizes, ranges, imports };
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(json.length);
  const used = ranges.map(([start, length]) => heap.subarray(start, start + length));
  return Buffer.concat([size, json, snapshot.subarray(0, heapAt), glue, code, ...used]);
}

/**
 * What `loadPyodide` takes to boot from the image in an open file, which is closed afterwards. `prepare(imports, names)`
 * may change the imports of the WebAssembly module before it is instantiated; `names` are those in `env`.
 */
export function openImage(fd, url, prepare) {
  let position = 0;
  function fill(bytes) {
    for (let offset = 0; offset < bytes.length; ) {
      const count = fs.readSync(fd, bytes, offset, bytes.length - offset, position);
      if (count === 0) throw new Error('the image is cut short');
      offset += count;
      position += count;
    }
    return bytes;
  }
  const take = (size) => fill(Buffer.allocUnsafeSlow(size));

  const header = JSON.parse(take(take(4).readUInt32LE(0)).toString());
  const head = take(header.head);
  const text = take(header.glue).toString('utf8');
  const { factory } = compileScript(text, url, take(header.code));
  let memory = null;

  /** Brings the heap of a fresh instance to the state of the image. */
  function restore() {
    const heap = Buffer.from(memory.buffer);
    const blank = Buffer.alloc(PAGE);
    let done = 0;
    const clear = (end) => {
      for (; done < end; done += PAGE) {
        const page = heap.subarray(done, Math.min(done + PAGE, end));
        if (!page.equals(blank.subarray(0, page.length))) page.fill(0);
      }
    };
    for (const [start, length] of header.ranges) {
      clear(start);
      fill(heap.subarray(start, start + length));
      done = start + length;
    }
    clear(header.heap);
    fs.closeSync(fd);
  }

  /** Stands for the whole snapshot: asked for its heap, it fills the memory and gives nothing to copy. */
  class Snapshot extends Uint8Array {
    subarray(begin, end) {
      if (begin !== header.head || end !== undefined) return super.subarray(begin, end);
      restore();
      return new Uint8Array(0);
    }
  }

  return {
    _loadSnapshot: new Snapshot(head.buffer, head.byteOffset, head.length),
    createPyodideModule(settings) {
      const { instantiateWasm } = settings;
      settings.instantiateWasm = (imports, receive) => {
        prepare(imports, header.imports);
        return instantiateWasm(imports, (instance, module) => {
          memory = instance.exports.memory;
          return receive(instance, module);
        });
      };
      return factory(settings);
    },
  };
}
