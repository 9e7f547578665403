"""A program that the judges start, and end again."""

import os
import subprocess
import threading
from collections import deque


class Failed(Exception):
    """A scenario's expectation that did not come true; the sentence says which."""


class Program:
    """Runs until `stop`; its first line that begins with `marker` says that it is ready."""

    def __init__(self, command, environment=None, marker=""):
        self._child = subprocess.Popen(
            command,
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._said = deque(maxlen=30)
        self._marker = marker
        self._first = None
        self._ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self._child.stdout:
            self._said.append(line.rstrip())
            if self._first is None and line.startswith(self._marker):
                self._first = line.rstrip()
                self._ready.set()
        self._ready.set()

    def first_line(self, seconds=20):
        """The line with which it says that it is ready."""
        self._ready.wait(seconds)
        if self._first is None:
            raise Failed(f"{self._child.args} does not get ready:\n{self.said()}")
        return self._first

    def said(self):
        """What it printed lately."""
        return "\n".join(self._said)

    def stop(self):
        self._child.kill()
        self._child.wait()
