"""The child process that holds V8: a batch is a line of JSON on stdin, its answer a line on stdout.

It is run as a file, not as a module, and imports nothing of dlmap: so it starts fast, and the same from any
working directory.
Usage: worker.py KATEX_SCRIPT BATCH_SCRIPT MEMORY_LIMIT_IN_BYTES
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn

EXIT_OUT_OF_MEMORY = 3

# Without flags V8 compiles and collects garbage on threads of its own, which mini-racer turns off by default:
# a third faster. A thread has only 512 kB of stack on macOS; V8 takes 984 kB unless told, and would crash on
# deep nesting.
V8_FLAGS = ("--stack-size=400",)

PROBE = '[["x",false]]'


def main(katex_script: str, batch_script: str, memory_limit: str) -> NoReturn:
    """Announce readiness, then answer batches until stdin closes."""
    # Ctrl-C reaches the whole process group; only the parent decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    batches: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_read_batches, args=(batches,), daemon=True).start()
    threading.Thread(target=_exit_when_orphaned, args=(os.getppid(),), daemon=True).start()
    answer = _answer_channel()

    try:
        render = _start_engine(katex_script, batch_script, int(memory_limit))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        answer(json.dumps({"ready": False, "reason": " ".join(f"{type(error).__name__}: {error}".split())}))
        os._exit(1)
    answer(json.dumps({"ready": True}))
    while True:
        answer(render(batches.get()))


def _start_engine(katex_script: str, batch_script: str, memory_limit: int) -> Callable[[str], str]:
    # Here, and not above, so that the parent hears of a failure.
    from py_mini_racer import JSOOMException, MiniRacer, init_mini_racer  # noqa: PLC0415

    init_mini_racer(flags=V8_FLAGS)
    engine = MiniRacer()
    # Without a limit V8 aborts the process. With one it stops the script, and we can say why.
    engine.set_hard_memory_limit(memory_limit)
    for script in (katex_script, batch_script):
        engine.eval(Path(script).read_text(encoding="utf-8"))

    def render(batch: str) -> str:
        try:
            # As a string literal the formulas stay data: none of their text is ever read as a script.
            return str(engine.eval(f"renderBatch({json.dumps(batch)})"))
        except JSOOMException:
            os._exit(EXIT_OUT_OF_MEMORY)

    if "katex-html" not in render(PROBE):
        raise RuntimeError("KaTeX does not render a plain x")
    return render


def _read_batches(batches: "SimpleQueue[str]") -> NoReturn:
    """Run in a thread of its own, so that the end of stdin ends the process even while V8 is busy."""
    for line in sys.stdin.buffer:
        batches.put(line.decode("ascii"))
    # Not sys.exit: shutting V8 down takes time and can hang, and there is nothing to save.
    os._exit(0)


def _exit_when_orphaned(parent: int) -> None:
    """See the parent die even where a forked sibling still holds the other end of stdin open."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _answer_channel() -> Callable[[str], None]:
    """Keep stdout for answers alone: whatever else is printed there goes to stderr."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def answer(line: str) -> None:
        channel.write(line.encode("utf-8") + b"\n")
        channel.flush()

    return answer


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BaseException:  # noqa: BLE001 - the same end for all of them, and not through V8's shutdown
        traceback.print_exc()
        os._exit(1)
