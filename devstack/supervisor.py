"""Keeps services running until it is told to stop; starts them, restarts them, ends them in order."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from devstack import machine
from devstack.processes import Guarded, Interrupted
from devstack.say import Trouble, last_lines, teller
from devstack.services import Service
from devstack.state import State

STOP_SECONDS = 2.0  # for the programs, and half of it again for the servers under them
STEADY_SECONDS = 60.0  # a service that lived this long starts its back-off afresh
LONGEST_WAIT = 30.0
LOG_BYTES = 20_000_000


@dataclass
class Running:
    """A service with its process, and how its restarts have gone."""

    service: Service
    process: "subprocess.Popen[bytes]"
    since: float = field(default_factory=time.monotonic)
    failures: int = 0
    due_at: float | None = None  # when to start it again; None while it runs


class Supervisor:
    """Works in one thread only, because a death signal comes when the *thread* that forked ends."""

    def __init__(self, state: State, guarded: Guarded) -> None:
        self.state = state
        self.guarded = guarded
        self.running: list[Running] = []
        self.asked_to_stop = False
        self.wake_read, self.wake_write = os.pipe()
        os.set_blocking(self.wake_read, False)
        os.set_blocking(self.wake_write, False)

    @contextlib.contextmanager
    def signals(self, *, forward_interrupt: bool = True) -> Iterator[None]:
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to stop, while inside."""
        asking: list[int] = [signal.SIGTERM, signal.SIGINT] if forward_interrupt else [signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
            asking.append(signal.SIGHUP)
        old: dict[int, object] = {}
        old_wakeup = signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        for number in asking:
            old[number] = signal.signal(number, self.note_signal)
        if not forward_interrupt:  # the command in the foreground answers Ctrl-C itself
            old[signal.SIGINT] = signal.signal(signal.SIGINT, lambda number, frame: None)
        old[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        try:
            yield
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)  # type: ignore[arg-type]
            signal.set_wakeup_fd(old_wakeup)

    def note_signal(self, number: int, frame: FrameType | None) -> None:
        """Remember that we are asked to stop; a second time, do not wait for anybody."""
        if self.asked_to_stop and number == signal.SIGINT:
            for running in self.running:
                machine.send(running.process.pid, signal.SIGKILL)
        self.asked_to_stop = True

    def sleep(self, seconds: float) -> None:
        """Wait until a signal comes or the time is over; raise Interrupted if we are to stop."""
        if not self.asked_to_stop:
            select.select([self.wake_read], [], [], max(seconds, 0))
            with contextlib.suppress(BlockingIOError):
                os.read(self.wake_read, 4096)
        if self.asked_to_stop:
            raise Interrupted

    def outcomes(self, *futures: "Future[Any]") -> list[Any]:
        """Return the results of work in other threads; raises as soon as one of them has failed."""
        for future in futures:
            future.add_done_callback(self.wake)
        while True:
            for future in futures:
                if future.done() and (problem := future.exception()) is not None:
                    raise problem
            if all(future.done() for future in futures):
                return [future.result() for future in futures]
            self.sleep(60)

    def wake(self, future: "Future[Any]") -> None:
        """End a `sleep` from another thread."""
        with contextlib.suppress(BlockingIOError):
            os.write(self.wake_write, b"x")

    def spawn(self, service: Service) -> "subprocess.Popen[bytes]":
        """Start the program of a service, its output going to the end of its log."""
        rotate(service)
        log = os.open(service.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            process = self.guarded.spawn(
                service.command,
                env=service.env,
                cwd=service.cwd,
                way=service.way,
                output=log,
                input=subprocess.PIPE if service.text else subprocess.DEVNULL,
                signal_to_end=service.death_signal,
            )
        finally:
            os.close(log)
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(service.text.encode())
                process.stdin.close()
        self.state.note_children(self.guarded.alive)
        return process

    def start(self, service: Service) -> Running:
        """Start a service and look after it from now on."""
        running = Running(service, self.spawn(service))
        self.running.append(running)
        return running

    def await_ready(self, *awaited: Running) -> None:
        """Come back once all answer; Trouble if one ends or takes too long."""
        waiting = list(awaited)
        while waiting:
            for running in list(waiting):
                service = running.service
                if running.process.poll() is not None:
                    raise Trouble(
                        f"{service.name} stopped as soon as it was started. Its whole log: {service.log}",
                        last_lines(tail(service)),
                    )
                try:
                    ready = service.ready(running.process.pid)
                except Trouble as problem:
                    raise Trouble(
                        f"{problem} Its whole log: {service.log}", last_lines(tail(service))
                    ) from None
                if ready:
                    waiting.remove(running)
                elif time.monotonic() - running.since > service.patience_seconds:
                    raise Trouble(
                        f"{service.name} has not answered for {service.patience_seconds:.0f} s. "
                        f"Its whole log: {service.log}",
                        last_lines(tail(service)),
                    )
            if waiting:
                self.sleep(0.02)

    def drop(self, running: Running) -> None:
        """Stop looking after a service that has ended."""
        self.running.remove(running)
        self.guarded.forget(running.process)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Restart what ends, until somebody asks us to stop (Interrupted) or `until` says so."""
        look_at_logs_at = time.monotonic() + 60
        while not until():
            now = time.monotonic()
            for running in self.running:
                self.attend(running, now)
            if now >= look_at_logs_at:
                look_at_logs_at = now + 60
                for running in self.running:
                    rotate(running.service)
            due = [running.due_at for running in self.running if running.due_at is not None]
            self.sleep(min([*due, look_at_logs_at]) - time.monotonic())

    def attend(self, running: Running, now: float) -> None:
        """See whether a service has ended or is due to be started again."""
        service = running.service
        if running.due_at is None:
            code = running.process.poll()
            if code is None:
                return
            self.guarded.forget(running.process)
            running.failures = 0 if now - running.since > STEADY_SECONDS else running.failures + 1
            wait = min(LONGEST_WAIT, 0.25 * 2**running.failures)
            running.due_at = now + wait
            ended = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            teller.line(f"{service.name} {ended}; starting it again in {wait:.1f} s. Its log: {service.log}")
        elif now >= running.due_at:
            running.due_at, running.since = None, now
            running.process = self.spawn(service)

    def stop(self, services: Sequence[Running] | None = None, patience: float = STOP_SECONDS) -> None:
        """End these services (all, if not said), and kill what does not end in time."""
        ending = [
            running for running in (self.running if services is None else services) if running in self.running
        ]
        for running in ending:
            if running.process.poll() is None:
                machine.send(running.process.pid, running.service.stop_signal)
        until = time.monotonic() + patience
        for running in ending:
            try:
                running.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                machine.send(running.process.pid, signal.SIGKILL)
                running.process.wait()
            self.drop(running)


def tail(service: Service) -> str:
    """Return the end of a service's log."""
    try:
        with open(service.log, "rb") as file:
            file.seek(max(0, service.log.stat().st_size - 4000))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def rotate(service: Service) -> None:
    """Move a log that has grown large aside; its program goes on writing at the start of an empty one."""
    with contextlib.suppress(OSError):
        if service.log.stat().st_size > LOG_BYTES:
            service.log.with_suffix(".log.1").write_bytes(service.log.read_bytes())
            os.truncate(service.log, 0)
