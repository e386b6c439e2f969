# SPDX-License-Identifier: MIT
"""Programs that are told when to begin and that say when they are done, through pipes."""
import contextlib
import pathlib
import select
import signal
import subprocess


@contextlib.contextmanager
def child(command, environment, log):
    """A process with pipes for its input and output; ended and waited for on the way out."""
    with open(log, "wb") as errors:
        process = subprocess.Popen([str(part) for part in command], env=environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=errors)
    process.log = pathlib.Path(log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdin.close()
        process.stdout.close()


def tell(process, line):
    process.stdin.write(line.encode() + b"\n")
    process.stdin.flush()


def hear(process, word, timeout_s=60):
    """Waits until the process says the word."""
    came = select.select([process.stdout], [], [], timeout_s)[0]
    said = process.stdout.readline().decode().strip() if came else f"nothing within {timeout_s} s"
    assert said == word, f"{process.args[0]} said {said!r}, not {word!r}; {process.log}: {process.log.read_text()[-2000:]}"
