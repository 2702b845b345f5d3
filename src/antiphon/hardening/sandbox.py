"""`enter_sandbox`: from then on, this process can only compute, and read and write what is already open.

The kernel's seccomp restricts it to a list of system calls. All others fail with EPERM: it cannot open files or
addresses, start programs, see or signal other processes, or raise limits. See seccomp(2).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
"""Applies to all threads of the process, not only this one."""
_ALLOW = 0x7FFF0000
_REFUSE_WITH_EPERM = 0x00050001

_LOAD_WORD = 0x20
_JUMP_IF_EQUAL = 0x15
_RETURN = 0x06
_OFFSET_OF_NUMBER = 0
_OFFSET_OF_ARCHITECTURE = 4

_CALLS = {
    # name: (x86-64, aarch64)
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "setitimer": (38, 103),
    "exit": (60, 93),
    "getrusage": (98, 165),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
}


@dataclass(frozen=True, slots=True)
class _Machine:
    audit_architecture: int
    """The kernel's id of the architecture of a system call: other architectures use other numbers."""
    seccomp: int
    """The number of the system call that installs a filter."""
    column: int
    """The index of its numbers in `_CALLS`."""


_MACHINES = {
    "x86_64": _Machine(audit_architecture=0xC000003E, seccomp=317, column=0),
    "aarch64": _Machine(audit_architecture=0xC00000B7, seccomp=277, column=1),
}


class _Program(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def enter_sandbox() -> bool:
    """Restrict this process to computing, for good; return whether the kernel and the machine support it.

    Call it once everything needed from files has been loaded.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    library = ctypes.CDLL(None, use_errno=True)
    instructions = _filter(machine)
    program = _Program(len(instructions) // 8, instructions)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))) != 0:
        return False
    set_filter = (machine.seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC)
    return library.syscall(*map(ctypes.c_long, set_filter), ctypes.byref(program)) == 0


def silence_errors() -> None:
    """Detach from standard error, which is the operator's terminal or log."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _filter(machine: _Machine) -> bytes:
    """Classic BPF: allow calls of this architecture with one of the numbers, and refuse the rest."""
    numbers = [numbers[machine.column] for numbers in _CALLS.values()]
    checks = [
        # How many instructions to skip if the number matches, to reach the last one.
        _instruction(_JUMP_IF_EQUAL, number, if_true=len(numbers) - index)
        for index, number in enumerate(numbers)
    ]
    return b"".join(
        [
            _instruction(_LOAD_WORD, _OFFSET_OF_ARCHITECTURE),
            _instruction(_JUMP_IF_EQUAL, machine.audit_architecture, if_false=1 + len(checks)),
            _instruction(_LOAD_WORD, _OFFSET_OF_NUMBER),
            *checks,
            _instruction(_RETURN, _REFUSE_WITH_EPERM),
            _instruction(_RETURN, _ALLOW),
        ]
    )


def _instruction(code: int, operand: int, *, if_true: int = 0, if_false: int = 0) -> bytes:
    """The kernel's `struct sock_filter`."""
    return struct.pack("=HBBI", code, if_true, if_false, operand)
