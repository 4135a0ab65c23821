"""What a process has written, read from strace's lines: files, names, flushes, in their order."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

CALLS = (
    "open,openat,creat,close,write,pwrite64,writev,pwritev,ftruncate,truncate,fallocate,fsync,"
    "fdatasync,rename,renameat,renameat2,link,linkat,symlink,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    "sendfile,copy_file_range"
)
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\)\s+= (-?\d+)")
_UNFINISHED = re.compile(r"(\d+) +(\w+\(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")


@dataclass(frozen=True, slots=True)
class Written:
    """at: number of the event. raw: None for a cut to the length of offset."""

    at: int
    offset: int
    raw: bytes | None


@dataclass(eq=False)
class Node:
    """A file or folder, whatever its name. flushes: numbers of the events."""

    is_folder: bool
    changes: list[Written] = field(default_factory=list)
    flushes: list[int] = field(default_factory=list)

    def flushed_before(self, at: int) -> int:
        """The last flush before the event; -1 for none."""
        found = bisect_left(self.flushes, at)
        return self.flushes[found - 1] if found else -1


@dataclass(frozen=True, slots=True)
class Named:
    """A change of names: one goes, one comes, or both at once. folder: that holds it."""

    at: int
    removes: PurePosixPath | None
    adds: PurePosixPath | None
    node: Node
    folder: Node | None


@dataclass
class Trace:
    """root: what lies outside of it is not looked at. marks: the lines of the journal, each with
    the number of its event. length: how many events.
    """

    root: PurePosixPath
    names: list[Named] = field(default_factory=list)
    flushes: list[int] = field(default_factory=list)
    marks: list[tuple[int, bytes]] = field(default_factory=list)
    length: int = 0

    def told_before(self, at: int) -> list[bytes]:
        """What the journal had said by then."""
        return [line for number, line in self.marks if number < at]


@dataclass
class _Handle:
    path: PurePosixPath
    node: Node | None
    offset: int = 0


class UnknownCallError(AssertionError):
    """The program uses a call that this model of a disk does not know."""


class Reader:
    """Follows the calls of one process."""

    def __init__(self, root: Path, journal: Path) -> None:
        self.trace = Trace(PurePosixPath(root))
        self._journal = PurePosixPath(journal)
        self._live: dict[PurePosixPath, Node] = {PurePosixPath(root): Node(is_folder=True)}
        self._handles: dict[int, _Handle] = {}

    def read(self, file: Path) -> Trace:
        """The whole trace. Raises UnknownCallError."""
        with file.open(encoding="ascii") as lines:
            for name, words, result in _calls(lines):
                if result >= 0:
                    self.trace.length += 1
                    self._follow(name, words, result)
        return self.trace

    def _follow(self, name: str, words: list[str], result: int) -> None:
        match name:
            case "openat":
                self._open(self._path(words[1], words[0]), words[2], result)
            case "open" | "creat":
                self._open(self._path(words[0]), words[1], result)
            case "close":
                self._handles.pop(int(words[0]), None)
            case "write" | "pwrite64":
                where = int(words[3]) if name == "pwrite64" else None
                self._write(self._handle(words[0]), where, _raw(words[1])[:result])
            case "sendfile":
                self._send(words, result)
            case "ftruncate":
                self._change(self._handle(words[0]), int(words[1]), None)
            case "fsync" | "fdatasync":
                self._flush(self._handle(words[0]))
            case _:
                self._follow_name(name, words)

    def _follow_name(self, name: str, words: list[str]) -> None:
        match name:
            case "mkdir" | "mkdirat":
                path = self._path(words[-2], words[0] if name == "mkdirat" else "")
                self._name(None, path, Node(is_folder=True))
            case "unlink" | "rmdir":
                self._name(self._path(words[0]), None)
            case "unlinkat":
                self._name(self._path(words[1], words[0]), None)
            case "rename":
                self._name(self._path(words[0]), self._path(words[1]))
            case "renameat" | "renameat2":
                self._name(self._path(words[1], words[0]), self._path(words[3], words[2]))
            case _:
                self._expect_outside(name, words)

    def _open(self, path: PurePosixPath, flags: str, number: int) -> None:
        node = self._live.get(path)
        if node is None and "O_CREAT" in flags and self._is_inside(path):
            node = Node(is_folder=False)
            self._name(None, path, node)
        handle = self._handles[number] = _Handle(path, node)
        if node is not None and "O_TRUNC" in flags:
            self._change(handle, 0, None)
        if node is not None and "O_APPEND" in flags:
            handle.offset = len(join_changes(node.changes))

    def _write(self, handle: _Handle | None, where: int | None, raw: bytes) -> None:
        if handle is None:
            return
        if handle.path == self._journal:
            self.trace.marks += [(self.trace.length, line) for line in raw.splitlines()]
        offset = handle.offset if where is None else where
        self._change(handle, offset, raw)
        if where is None:
            handle.offset += len(raw)

    def _send(self, words: list[str], result: int) -> None:
        target, source = self._handle(words[0]), self._handle(words[1])
        if target is None or target.node is None:
            return
        found = re.match(r"\[(\d+)\]", words[2])
        if source is None or source.node is None or found is None:
            raise UnknownCallError("sendfile from somewhere else")
        start = int(found[1])
        self._write(target, None, bytes(join_changes(source.node.changes)[start : start + result]))

    def _change(self, handle: _Handle | None, offset: int, raw: bytes | None) -> None:
        if handle is not None and handle.node is not None:
            handle.node.changes.append(Written(self.trace.length, offset, raw))

    def _flush(self, handle: _Handle | None) -> None:
        if handle is not None and handle.node is not None:
            handle.node.flushes.append(self.trace.length)
            self.trace.flushes.append(self.trace.length)

    def _name(
        self, removes: PurePosixPath | None, adds: PurePosixPath | None, node: Node | None = None
    ) -> None:
        named = adds or removes
        assert named is not None
        if not self._is_inside(named):
            return
        if removes is not None:
            node = self._live.pop(removes)
            if node.is_folder and adds is not None:
                raise UnknownCallError("a folder is renamed")
        assert node is not None
        if adds is not None:
            self._live[adds] = node
        folder = self._live.get(named.parent)
        self.trace.names.append(Named(self.trace.length, removes, adds, node, folder))

    def _expect_outside(self, name: str, words: list[str]) -> None:
        paths = [self._path(word) for word in words if word.startswith('"')]
        handles = [self._handle(words[0])] if words[0].isdecimal() else []
        inside = [each for each in handles if each is not None and each.node is not None]
        if inside or any(map(self._is_inside, paths)):
            raise UnknownCallError(name)

    def _path(self, word: str, folder: str = "") -> PurePosixPath:
        path = PurePosixPath(_raw(word).decode())
        handle = self._handles.get(int(folder)) if folder.isdecimal() else None
        return handle.path / path if handle is not None else path

    def _handle(self, word: str) -> _Handle | None:
        return self._handles.get(int(word))

    def _is_inside(self, path: PurePosixPath) -> bool:
        return path.is_relative_to(self.trace.root)


def join_changes(changes: Iterable[Written]) -> bytearray:
    """What a file holds after these changes."""
    content = bytearray()
    for each in changes:
        end = each.offset + (len(each.raw) if each.raw is not None else 0)
        if end > len(content):
            content.extend(bytes(end - len(content)))
        if each.raw is None:
            del content[each.offset :]
        else:
            content[each.offset : end] = each.raw
    return content


def _calls(lines: Iterator[str]) -> Iterator[tuple[str, list[str], int]]:
    waiting: dict[str, str] = {}
    for raw in lines:
        line = raw.rstrip("\n")
        if found := _UNFINISHED.match(line):
            waiting[found[1]] = found[2]
            continue
        if (found := _RESUMED.match(line)) and found[1] in waiting:
            line = f"{found[1]} {waiting.pop(found[1])}{found[2]}"
        if found := _LINE.match(line):
            yield found[2], found[3].split(", "), int(found[4])


def _raw(word: str) -> bytes:
    if "..." in word:
        raise UnknownCallError("the trace is cut short")
    return bytes.fromhex(word.strip('"').replace("\\x", ""))
