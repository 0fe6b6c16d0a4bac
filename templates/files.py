"""Atomic writing: a reader sees the old file or the new one, never a part of either."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from .errors import RenderError


def write(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Put `content` (text as UTF-8) at `path`, whole or not at all; returns the path.

    The content goes to a new file in the same folder, reaches the disk, and replaces the old file in one step. On
    any failure, an interruption included, the old file stays as it was and the new one is removed.
    """
    target = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    if target.is_dir():
        raise RenderError(f"cannot write {target}: it is a folder; give the name of a file")
    if target.exists() and not target.is_file():
        raise RenderError(f"cannot write {target}: it is a device or a pipe; give the name of a file")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as error:
        raise RenderError(f"cannot write {target}: {error.strerror or error}; does the folder exist?") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes the file private; give it the mode the old file had, or the usual one
        os.chmod(name, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(name, target)
    except OSError as error:
        _discard(name)
        raise RenderError(
            f"cannot write {target}: {error.strerror or error}; the old file, if any, is unchanged"
        ) from None
    except BaseException:
        _discard(name)
        raise
    return target


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _discard(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)
