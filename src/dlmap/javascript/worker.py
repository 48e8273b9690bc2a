"""The child process that holds V8: a question is a line on stdin, its answer a line on stdout.

It is run as a file, not as a module, and imports nothing of dlmap: so it starts fast, and the same from any
working directory.
Usage: worker.py MEMORY_LIMIT_IN_BYTES FUNCTION PROBE PROOF SCRIPT...
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


def main(memory_limit: str, function: str, probe: str, proof: str, *scripts: str) -> NoReturn:
    """Announce readiness, then answer questions until stdin closes."""
    # Ctrl-C reaches the whole process group; only the parent decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_read_questions, args=(questions,), daemon=True).start()
    threading.Thread(target=_exit_when_orphaned, args=(os.getppid(),), daemon=True).start()
    answer = _answer_channel()

    try:
        call = _start_engine(int(memory_limit), function, scripts)
        if proof not in call(probe):
            raise RuntimeError(f"{function} does not answer {probe} with {proof}")
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        answer(json.dumps({"ready": False, "reason": " ".join(f"{type(error).__name__}: {error}".split())}))
        os._exit(1)
    answer(json.dumps({"ready": True}))
    while True:
        answer(call(questions.get()))


def _start_engine(memory_limit: int, function: str, scripts: tuple[str, ...]) -> Callable[[str], str]:
    # Here, and not above, so that the parent hears of a failure.
    from py_mini_racer import JSOOMException, MiniRacer, init_mini_racer  # noqa: PLC0415

    init_mini_racer(flags=V8_FLAGS)
    engine = MiniRacer()
    # Without a limit V8 aborts the process. With one it stops the script, and we can say why.
    engine.set_hard_memory_limit(memory_limit)
    for script in scripts:
        engine.eval(Path(script).read_text(encoding="utf-8"))

    def call(question: str) -> str:
        try:
            # As a string literal the question stays data: none of its text is ever read as a script.
            return str(engine.eval(f"{function}({json.dumps(question)})"))
        except JSOOMException:
            os._exit(EXIT_OUT_OF_MEMORY)

    return call


def _read_questions(questions: "SimpleQueue[str]") -> NoReturn:
    """Run in a thread of its own, so that the end of stdin ends the process even while V8 is busy."""
    for line in sys.stdin.buffer:
        questions.put(line.decode("ascii"))
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
