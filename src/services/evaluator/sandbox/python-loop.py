# asyncio without threads, sockets and the event loop of a browser: tasks, futures and timers are all there is.
import asyncio, time, types
from asyncio import base_events, events, runners

_run = runners.run


class _Clock:
    """Stands for the selector of a loop that watches no files: it only lets time pass."""

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError('the program waits for something that can never happen')
        time.sleep(timeout)
        return ()


class Loop(base_events.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = _Clock()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass


class _Policy(events._BaseDefaultEventLoopPolicy):
    _loop_factory = Loop


def install():
    # Pyodide's own ones want the event loop of JavaScript.
    asyncio.run = _run
    asyncio._set_running_loop(None)
    events._set_event_loop_policy(_Policy())


def awaited(result):
    """The result of an entry point that is `async def`; anything else is handed through."""
    return _run(result) if type(result) is types.CoroutineType else result
