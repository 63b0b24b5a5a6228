"""Strangers' files are read in a process of their own, with a limit on time and memory.

One small server per web process imports the engine once and forks a child for each file, so a normal file costs a few
milliseconds more than reading it here, and a hostile one costs a child. The server gets no secrets in its environment;
what comes back is JSON or a finished file, never a pickle.
"""

from .client import Busy, Crashed, SandboxError, TimedOut, check_files, render, warm

__all__ = ["Busy", "Crashed", "SandboxError", "TimedOut", "check_files", "render", "warm"]
