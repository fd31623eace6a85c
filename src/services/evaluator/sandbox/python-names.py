# What a submission finds without importing it: the names that practice sites give to Python programs. They are built-ins,
# so that whatever the program defines or imports itself comes first; the standard library keeps the usual ones.
import builtins, sys, types
import bisect, collections, copy, datetime, functools, heapq, io, itertools, json, math, operator, random, re
import statistics, string, typing

# As if by a list of star imports: a later module wins, then the modules themselves, then the built-ins.
_STARRED = (
    typing, string, re, datetime, collections, heapq, bisect, copy, math, random, statistics, itertools, functools,
    operator, io, json,
)
_OF_SYS = ('maxsize', 'setrecursionlimit', 'getrecursionlimit', 'stdin', 'stdout', 'stderr')


def _public(module):
    listed = getattr(module, '__all__', None) or [name for name in vars(module) if not name.startswith('_')]
    return {name: getattr(module, name) for name in listed}


def builtins_with(own):
    names = {}
    for module in _STARRED:
        names.update(_public(module))
    for name in _OF_SYS:
        names[name] = getattr(sys, name)
    for module in (*_STARRED, sys):
        names[module.__name__] = module
    names.update(vars(builtins))
    names.update(own)
    module = types.ModuleType('builtins')
    vars(module).update(names)
    return module
