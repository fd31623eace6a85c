# Runs inside the sandbox and has no authority: it turns JSON arguments into a call and the result into tagged JSON.
# The modules imported here become part of the memory snapshot, so that importing them costs a submission nothing.
import bisect, collections, copy, dataclasses, enum, functools, heapq, itertools, json, math, operator
import random, re, string, sys, time, types, typing

_SAFE = 2**53 - 1
_DEPTH = 400
# Longest list and largest tree (missing children counted) taken or given back. Freeing more than some 220,000 nodes in a
# row overflows the stack and ends the process, 12,000 where the system allows a small stack only; nothing can refuse
# that for a chain that the program itself makes and drops.
_LIST_NODES = 150_000
_TREE_NODES = 300_000
_RECURSION = 3000
_dumps = json.JSONEncoder(allow_nan=False, separators=(',', ':')).encode
_call = None


class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next


class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right


class BadReturn(Exception):
    pass


def _untagged(fields):
    if '$t' not in fields:
        return fields
    if fields['$t'] != 'float' or len(fields) != 2:
        raise ValueError('unknown tag in an argument')
    return float(fields['v'])


_loads = json.JSONDecoder(object_hook=_untagged).decode


def _to_list(values):
    values = values or []
    if len(values) > _LIST_NODES:
        raise ValueError('linked list too long')
    head = None
    for value in reversed(values):
        head = ListNode(value, head)
    return head


def _to_tree(values):
    if not values:
        return None
    if len(values) > _TREE_NODES:
        raise ValueError('tree too large')
    rest = iter(values)
    root = TreeNode(next(rest))
    queue = collections.deque([root])
    while queue:
        node = queue.popleft()
        for side in ('left', 'right'):
            value = next(rest, None)
            if value is not None:
                child = TreeNode(value)
                setattr(node, side, child)
                queue.append(child)
    return root


def _unlink(node):
    # Freed one by one, a chain of any length is harmless.
    while type(node) is ListNode:
        node.next, node = None, node.next


def _unlink_tree(queue):
    while queue:
        node = queue.popleft()
        if type(node) is TreeNode:
            queue.extend((node.left, node.right))
            node.left = node.right = None


def _from_list(node):
    values = []
    while node is not None:
        if len(values) >= _LIST_NODES:
            _unlink(node)
            raise BadReturn('linked list too long or cyclic')
        values.append(node.val)
        node = node.next
    return values


def _from_tree(root):
    values = []
    queue = collections.deque([root])
    while queue:
        if len(values) >= _TREE_NODES:
            _unlink_tree(queue)
            raise BadReturn('tree too large or cyclic')
        node = queue.popleft()
        values.append(None if node is None else node.val)
        if node is not None:
            queue.append(node.left)
            queue.append(node.right)
    while values and values[-1] is None:
        values.pop()
    return values


def _encode_all(values, depth):
    kinds = set(map(type, values))
    if kinds <= {str, bool, type(None)}:
        return values
    if kinds == {int} and -_SAFE <= min(values) and max(values) <= _SAFE:
        return values
    return [_encode(value, depth) for value in values]


def _encode(value, depth=0):
    if depth > _DEPTH:
        raise BadReturn('result nested too deep')
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if -_SAFE <= value <= _SAFE else {'$t': 'int', 'v': hex(value)}
    if kind is float:
        if math.isfinite(value):
            return value
        return {'$t': 'num', 'v': 'NaN' if value != value else 'Infinity' if value > 0 else '-Infinity'}
    if isinstance(value, list):
        return _encode_all(list(list.__iter__(value)), depth + 1)
    if isinstance(value, tuple):
        return _encode_all(list(tuple.__iter__(value)), depth + 1)
    if kind is collections.deque:
        return _encode_all(list(value), depth + 1)
    if isinstance(value, dict):
        pairs = [[_encode(key, depth + 1), _encode(item, depth + 1)] for key, item in dict.items(value)]
        return {'$t': 'map', 'v': pairs}
    if kind is set or kind is frozenset:
        return {'$t': 'set', 'v': _encode_all(list(value), depth + 1)}
    if kind is ListNode:
        return {'$t': 'list', 'v': _encode_all(_from_list(value), depth + 1)}
    if kind is TreeNode:
        return {'$t': 'tree', 'v': _encode_all(_from_tree(value), depth + 1)}
    raise BadReturn('unsupported return type ' + kind.__name__[:60])


def _failure(kind, error):
    try:
        message = str(error)[:2000]
    except BaseException:
        message = '<unprintable>'
    line = None
    try:
        if isinstance(error, SyntaxError):
            line = error.lineno
        trace = error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == '<submission>':
                line = trace.tb_lineno
            trace = trace.tb_next
    except BaseException:
        line = None
    return _dumps({'k': kind, 'type': type(error).__name__[:80], 'message': message, 'line': line})


def _flush():
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass


def _find(names, entry):
    found = names.get(entry)
    if callable(found):
        return found
    solution = names.get('Solution')
    if isinstance(solution, type) and callable(getattr(solution, entry, None)):
        return lambda *args: getattr(solution(), entry)(*args)
    return None


def h_load(code, entry):
    global _call
    random.seed()
    sys.setrecursionlimit(_RECURSION)
    try:
        program = compile(code, '<submission>', 'exec', dont_inherit=True)
    except BaseException as error:
        return _failure('CE', error)
    module = types.ModuleType('submission')
    sys.modules['submission'] = module
    names = module.__dict__
    names.update(ListNode=ListNode, TreeNode=TreeNode)
    for name in ('List', 'Optional', 'Dict', 'Set', 'Tuple', 'Any'):
        names[name] = getattr(typing, name)
    try:
        exec(program, names)
        _call = _find(names, entry)
    except BaseException as error:
        return _failure('RE', error)
    finally:
        _flush()
    if _call is None:
        return _dumps({'k': 'CE', 'type': 'MissingEntryPoint', 'message': entry + ' is not defined', 'line': None})
    return '{"k":"OK"}'


def h_call(arguments, spec):
    try:
        args = _loads(arguments)
        spec = _loads(spec)
        kinds = spec.get('arg_types') or []
        for i, kind in enumerate(kinds[: len(args)]):
            if kind == 'ListNode':
                args[i] = _to_list(args[i])
            elif kind == 'TreeNode':
                args[i] = _to_tree(args[i])
        result = _call(*args)
        kind = spec.get('return_type')
        place = spec.get('inplace')
        if place is not None:
            result = args[place]
            kind = kind or (kinds[place] if place < len(kinds) else None)
        if kind == 'ListNode':
            result = _from_list(result)
        elif kind == 'TreeNode':
            result = _from_tree(result)
        return _dumps({'k': 'OK', 'v': _encode(result)})
    except BaseException as error:
        return _failure('RE', error)
    finally:
        _flush()
