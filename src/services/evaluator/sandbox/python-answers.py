# Turns a program's answer into values that JSON holds, with tags for the rest. A subclass of a built-in type is that
# type's value, read by the type's own methods: what a subclass says of itself has no part in it.
import array, collections, datetime, decimal, enum, fractions, math, types
import _nodes

_SAFE = 2**53 - 1
_DEPTH = 400
_isfinite = math.isfinite

BadReturn = _nodes.BadReturn


def _encode_all(values, depth):
    kinds = set(map(type, values))
    if kinds <= {str, bool, type(None)}:
        return values
    if kinds == {int} and -_SAFE <= min(values) and max(values) <= _SAFE:
        return values
    return [encode(value, depth) for value in values]


# What to return instead of an answer that cannot be compared.
_ADVICE = (
    (collections.abc.Awaitable, 'was an await forgotten?'),
    (collections.abc.AsyncIterator, 'collect it with async for and return a list'),
    ((decimal.Decimal, fractions.Fraction), 'return float(x) of it, or int(x)'),
    (complex, 'return [x.real, x.imag] of it'),
    ((bytes, bytearray, memoryview), 'return list(x) of it for numbers, or x.decode() for text'),
    (array.array, 'return list(x) of it'),
    (enum.Enum, 'return x.value of it'),
    ((datetime.date, datetime.time), 'return x.isoformat() of it'),
    (datetime.timedelta, 'return x.total_seconds() of it'),
    (collections.UserString, 'return str(...) of it'),
    (collections.abc.Mapping, 'return dict(...) of it'),
    ((collections.abc.Iterator, collections.abc.MappingView, range, collections.UserList), 'return list(...) of it'),
)


def name_of(kind):
    # A metaclass may have put something else in its place.
    return type.__dict__['__name__'].__get__(kind)


def _is_a(kind, kinds):
    # The abstract classes ask a metaclass, which may raise.
    try:
        return issubclass(kind, kinds)
    except BaseException:
        return False


def _refusal(value):
    kind = type(value)
    if kind is types.CoroutineType:
        value.close()  # else Python would warn that it was never awaited
    text = f"an answer of type '{name_of(kind)[:60]}' cannot be compared: "
    for kinds, advice in _ADVICE:
        if _is_a(kind, kinds):
            return text + advice
    if callable(value):
        return text + 'was it meant to be called?'
    return text + 'return numbers, text, lists, dictionaries or sets'


def _number(value):
    return value if -_SAFE <= value <= _SAFE else {'$t': 'int', 'v': hex(value)}


def _float(value):
    if _isfinite(value):
        return value
    return {'$t': 'num', 'v': 'NaN' if value != value else 'Infinity' if value > 0 else '-Infinity'}


def _items(value, kind, depth):
    return _encode_all(list(kind.__iter__(value)), depth + 1)


def encode(value, depth=0):
    if depth > _DEPTH:
        raise BadReturn('result nested too deep')
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return _number(value)
    if kind is float:
        return _float(value)
    # Of the type, not of the value: its `__class__` may say anything.
    if issubclass(kind, list):
        return _items(value, list, depth)
    if issubclass(kind, tuple):
        return _items(value, tuple, depth)
    if issubclass(kind, dict):
        pairs = [[encode(key, depth + 1), encode(item, depth + 1)] for key, item in dict.items(value)]
        return {'$t': 'map', 'v': pairs}
    if issubclass(kind, set):
        return {'$t': 'set', 'v': _items(value, set, depth)}
    if issubclass(kind, frozenset):
        return {'$t': 'set', 'v': _items(value, frozenset, depth)}
    if issubclass(kind, collections.deque):
        return _items(value, collections.deque, depth)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return _number(int.__int__(value))
    if issubclass(kind, float):
        return _float(float.__float__(value))
    if kind is _nodes.ListNode:
        return {'$t': 'list', 'v': _encode_all(_nodes.from_list(value), depth + 1)}
    if kind is _nodes.TreeNode:
        return {'$t': 'tree', 'v': _encode_all(_nodes.from_tree(value), depth + 1)}
    raise BadReturn(_refusal(value))
