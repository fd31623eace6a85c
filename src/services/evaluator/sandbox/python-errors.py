# Says what went wrong in a submission: type, message and line, as the learner should read them.
import re, sys, traceback

SUBMISSION = '<submission>'
_LONGEST = 2000
# Errors for which CPython computes advice only when it prints them ("Did you mean", "Did you forget to import").
_ADVISED = (NameError, AttributeError, ImportError, SyntaxError)
_SORTED = ('SortedList', 'SortedDict', 'SortedSet', 'SortedKeyList')
_SIZE = re.compile(r'C (ssize_t|long|int|size_t)|index-sized|<= sys\.maxsize|repeated .* too long')
_WORD_SIZE = 'lengths, indexes and counts end at 2**31 - 1 here, since this Python is a 32-bit one'
_ELSEWHERE = 'is not available here: only the standard library of Python is'
_SORTED_ADVICE = 'sortedcontainers ' + _ELSEWHERE + '. Use bisect.insort on a list, or heapq'


def _advice_on_import(error):
    name = (error.name or '').partition('.')[0]
    if name == 'sortedcontainers':
        return _SORTED_ADVICE
    if isinstance(error, ModuleNotFoundError) and name and name not in sys.stdlib_module_names:
        return name + ' ' + _ELSEWHERE
    return None


def _printed_by_python(error):
    # Without its stack, which may be long; what it says of other errors (cause, context) is of no use here.
    lines = list(traceback.TracebackException(type(error), error, error.__traceback__).format_exception_only())
    return lines[-1].strip().removeprefix(type(error).__qualname__ + ':').strip()


def _text(error):
    if isinstance(error, RecursionError):
        return 'maximum recursion depth exceeded'
    if isinstance(error, _ADVISED):
        if isinstance(error, ImportError) and (advice := _advice_on_import(error)):
            return advice
        text = _printed_by_python(error)
        if isinstance(error, NameError) and error.name in _SORTED:
            text += '. ' + _SORTED_ADVICE
        return text
    text = str(error)
    if isinstance(error, (OverflowError, ValueError)) and _SIZE.search(text):
        text += ' (' + _WORD_SIZE + ')'
    if isinstance(error, KeyError):
        return text
    notes = getattr(error, '__notes__', None)
    if isinstance(notes, list):
        text = '\n'.join([text, *(note for note in notes if type(note) is str)])
    return text


def message_of(error):
    try:
        return _text(error)[:_LONGEST]
    except BaseException:
        pass
    try:
        return str(error)[:_LONGEST]
    except BaseException:
        return '<unprintable>'


def line_of(error):
    line = None
    try:
        if isinstance(error, SyntaxError) and error.filename == SUBMISSION:
            line = error.lineno
        trace = error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == SUBMISSION:
                line = trace.tb_lineno
            trace = trace.tb_next
    except BaseException:
        line = None
    return line
