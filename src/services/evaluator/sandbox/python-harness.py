# Runs inside the sandbox and has no authority: it turns JSON arguments into a call and the result into tagged JSON.
# The modules imported here become part of the memory snapshot, so that importing them costs a submission nothing.
import collections, dataclasses, enum, gc, io, json, math, random, sys, time, types, typing
import _answers, _errors, _loop, _names, _nodes

# What `sys.getrecursionlimit` says at first; less where the stack is small. The most that a program may nest comes with
# the boot: beyond it the process would end instead of raising RecursionError.
_RECURSION = 20_000
_deepest = _RECURSION
# The C functions themselves: a program that changes the classes of `json` for its own use does not change these.
_chunks = json.encoder.c_make_encoder(
    None, None, json.encoder.c_encode_basestring_ascii, None, ':', ',', False, False, False
)
_call = None

# Programs take these for "more than anything"; that this Python is a 32-bit one must not make them wrong.
sys.maxsize = 2**63 - 1
# Time is limited, so digits need not be.
sys.set_int_max_str_digits(0)
_set_limit = sys.setrecursionlimit
_asked_limit = _RECURSION


def _setrecursionlimit(limit, /):
    """Set the maximum depth of the Python interpreter stack to n."""
    global _asked_limit
    if type(limit) is int:
        _set_limit(max(-1, min(limit, _deepest)))
    else:
        _set_limit(limit)
    _asked_limit = limit


def _getrecursionlimit():
    """Return the current value of the recursion limit."""
    return _asked_limit


_setrecursionlimit.__name__ = _setrecursionlimit.__qualname__ = 'setrecursionlimit'
_getrecursionlimit.__name__ = _getrecursionlimit.__qualname__ = 'getrecursionlimit'
sys.setrecursionlimit = _setrecursionlimit
sys.getrecursionlimit = _getrecursionlimit

# Unbuffered: what is printed must have left this process before it is killed.
for _name, _file in (('stdout', 1), ('stderr', 2)):
    _raw = io.FileIO(_file, 'w', closefd=False)
    setattr(sys, _name, io.TextIOWrapper(_raw, 'utf-8', write_through=True))
    setattr(sys, '__' + _name + '__', getattr(sys, _name))


def _dumps(value):
    return ''.join(_chunks(value, 0))


def _untagged(fields):
    if '$t' not in fields:
        return fields
    if fields['$t'] != 'float' or len(fields) != 2:
        raise ValueError('unknown tag in an argument')
    return float(fields['v'])


_scan = json.JSONDecoder(object_hook=_untagged).scan_once
_ListNode = _nodes.ListNode
_TreeNode = _nodes.TreeNode
_builtins = _names.builtins_with({'ListNode': _ListNode, 'TreeNode': _TreeNode})


def _failure(kind, error):
    report = {'k': kind, 'type': _answers.name_of(type(error))[:80]}
    report['message'] = _errors.message_of(error)
    report['line'] = _errors.line_of(error)
    return _dumps(report)


def _flush():
    # A program may have put a stream of its own in these places.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            continue


def _find(names, entry):
    # A function of the program's own, else a method of Solution, else whatever it imported under this name.
    found = names.get(entry)
    if callable(found) and getattr(found, '__module__', None) == 'submission':
        return found
    solution = names.get('Solution')
    if isinstance(solution, type) and callable(getattr(solution, entry, None)):
        return lambda *args: getattr(solution(), entry)(*args)
    return found if callable(found) else None


def _missing(names, entry):
    if entry in names:
        return f"{entry} is not a function: it is of type '{type(names[entry]).__name__[:60]}'"
    if isinstance(names.get('Solution'), type):
        return f'{entry} is not defined: neither a function nor a method of Solution has this name'
    return f'{entry} is not defined'


def h_leave_bridge(deepest, _second):
    global _call, _deepest
    _call = None
    _deepest = int(deepest)
    # Nothing of Pyodide's bridge to JavaScript stays in a place that a program looks at. The wall is another one (the
    # imports are sealed): this keeps programs from running into it.
    bridge = ('js', 'pyodide', 'pyodide_js', '_pyodide', '_pyodide_core')
    for name in [name for name in sys.modules if name.partition('.')[0] in bridge]:
        del sys.modules[name]
    sys.modules.update(dict.fromkeys(bridge))
    sys.meta_path[:] = [finder for finder in sys.meta_path if '_pyodide' not in str(finder)]
    # Nor do the modules of this harness.
    for name in ('_answers', '_errors', '_harness', '_loop', '_names', '_nodes'):
        del sys.modules[name]
    _loop.install()
    sys.excepthook = sys.__excepthook__
    main = vars(sys.modules['__main__'])
    for name in [name for name in main if not name.startswith('__')]:
        del main[name]
    # What there is now is neither searched for garbage nor listed by the collector.
    gc.freeze()
    return ''


def h_load(code, entry):
    global _call
    random.seed()
    _set_limit(min(_RECURSION, _deepest))
    try:
        program = compile(code.removeprefix('\ufeff'), _errors.SUBMISSION, 'exec', dont_inherit=True)
    except (MemoryError, RecursionError):
        error = {'type': 'SyntaxError', 'message': 'the source is nested too deep to be parsed', 'line': None}
        return _dumps({'k': 'CE', **error})
    except BaseException as error:
        return _failure('CE', error)
    module = types.ModuleType('submission')
    sys.modules['submission'] = module
    names = module.__dict__
    names['__builtins__'] = sys.modules['builtins'] = _builtins
    try:
        exec(program, names)
        _call = _find(names, entry)
        missing = None if _call is not None else _missing(names, entry)
    except BaseException as error:
        return _failure('RE', error)
    finally:
        _flush()
    if missing is not None:
        return _dumps({'k': 'CE', 'type': 'MissingEntryPoint', 'message': missing, 'line': None})
    return '{"k":"OK"}'


def h_call(arguments, spec):
    try:
        args = _scan(arguments, 0)[0]
        spec = _scan(spec, 0)[0]
        kinds = spec.get('arg_types') or []
        for i, kind in enumerate(kinds[: len(args)]):
            if kind == 'ListNode':
                args[i] = _nodes.to_list(args[i])
            elif kind == 'TreeNode':
                args[i] = _nodes.to_tree(args[i])
        result = _loop.awaited(_call(*args))
        kind = spec.get('return_type')
        place = spec.get('inplace')
        if place is not None:
            result = args[place]
            kind = kind or (kinds[place] if place < len(kinds) else None)
        if kind == 'ListNode':
            result = _nodes.from_list(result)
        elif kind == 'TreeNode':
            result = _nodes.from_tree(result)
        return _dumps({'k': 'OK', 'v': _answers.encode(result)})
    except BaseException as error:
        return _failure('RE', error)
    finally:
        _flush()
