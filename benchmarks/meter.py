"""What a process and its children take: CPU, and memory with shared pages counted once (PSS)."""

from __future__ import annotations

import threading

import psutil


class Meter:
    """CPU seconds of a process and all its children, the ended ones too, and their bytes of memory.

    Memory that they share is counted once (PSS).
    """

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._used: dict[tuple[int, float], float] = {}
        self._is_over = threading.Event()
        self.peak_bytes = 0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def cpu_s(self) -> float:
        """So far."""
        self._look()
        return sum(self._used.values())

    def close(self) -> None:
        """Stop looking."""
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.1):
            self._look()

    def _look(self) -> None:
        resident = 0
        try:
            tree = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in tree:
            try:
                times = process.cpu_times()
                self._used[process.pid, process.create_time()] = times.user + times.system
                resident += process.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        self.peak_bytes = max(self.peak_bytes, resident)
