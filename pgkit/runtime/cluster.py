"""The data directory of a server of ours: where it lies, whom it belongs to, and how it is made."""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from pgkit.diag import fail
from pgkit.runtime.binaries import copy_programs, is_open_to_all, major_version
from pgkit.runtime.spread import spread
from pgkit.runtime.supervisor import is_postmaster, postmaster_pid

SOCKET_LIMIT = 100  # bytes; macOS allows 103 in a socket's path


@frozen
class Account:
    """Who runs Postgres when root may not."""

    uid: int
    gid: int


@frozen
class Cluster:
    """The files of one server: root holds locks and log, `data` and `sockets` belong to the account."""

    root: Path
    bin_dir: Path
    sockets: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """What Postgres calls PGDATA."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """What Postgres and the supervisor print."""
        return self.root / "log"

    @property
    def start_lock(self) -> Path:
        """Held while a server is made or started."""
        return self.root / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by all users; the supervisor has it alone when none is left."""
        return self.root / "users.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.root / "supervisor.lock"

    def is_ours(self) -> bool:
        """Whether a server of ours once ran here, by the files that it leaves."""
        named = re.fullmatch("pg-[0-9a-f]{12}", self.root.name)
        files = (self.log, self.start_lock, self.users_lock, self.supervisor_lock)
        return named is not None and all(file.exists() for file in files)

    @property
    def settings(self) -> tuple[str, ...]:
        """Settings that not every version knows."""
        return ("io_method=sync",) if self.version >= 18 else ()

    @property
    def version(self) -> int:
        """The major version of the data directory."""
        return int((self.data / "PG_VERSION").read_text())


def cluster(bin_dir: Path) -> Cluster:
    """The cluster of these programs in the user's cache; its folders exist afterwards, its data need not."""
    account = _account()
    root = cache_dir() / f"pg-{_key(bin_dir)}"
    root.mkdir(mode=0o700, exist_ok=True)
    _be_owner(root, {os.geteuid()})
    root.chmod(0o711 if account else 0o700)
    if account and not is_open_to_all(root):
        help = "set PGKIT_CACHE to a folder that others may enter; Postgres refuses to run as root"
        message = "the cache lies in a folder that only root may enter"
        raise fail("no-embedded-server", message, where=str(root), help=help)
    return Cluster(root, bin_dir, _sockets(root, account), account)


def prepare(place: Cluster) -> Cluster:
    """Makes the data directory unless it is there. To be called by one process at a time."""
    if place.account and not is_open_to_all(place.bin_dir / "postgres"):
        place = evolve(place, bin_dir=copy_programs(place.bin_dir, place.root / "programs"))
    if _is_damaged(place):
        shutil.rmtree(place.data)
    if not (place.data / "PG_VERSION").exists():
        _initialise(place)
    (place.root / "boot").write_text(_boot())
    spread(place.data / "base")
    return place


def cache_dir() -> Path:
    """The folder for servers of ours: PGKIT_CACHE, or where the platform keeps caches."""
    named = os.environ.get("PGKIT_CACHE")
    for path in [Path(named).absolute()] if named else _caches():
        try:
            path.mkdir(parents=True)
            path.chmod(0o755 if os.geteuid() == 0 else 0o700)  # whatever the umask
        except FileExistsError:
            pass
        except OSError:
            continue
        if os.access(path, os.W_OK | os.X_OK):
            return path
    help = "set PGKIT_CACHE to a folder of yours"
    raise fail("no-embedded-server", "cannot write to a cache folder", where=named or "", help=help)


def plain_environment() -> dict[str, str]:
    """What Postgres gets of our environment: no PG variables, no secrets, no locale of the user's."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}


def _caches() -> Iterator[Path]:
    mac = sys.platform == "darwin"
    if os.geteuid() == 0:
        # Root's own cache lies in its home, which the account that runs Postgres cannot enter.
        yield Path("/Library/Caches/pgkit" if mac else "/var/cache/pgkit")
    elif mac:
        yield Path("~/Library/Caches/pgkit").expanduser()
    else:
        yield Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "pgkit")
    yield Path(tempfile.gettempdir(), f"pgkit-{os.geteuid()}")


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        help = "run as another user, or name a server with --server URL"
        message = "Postgres refuses to run as root, and there is no account nobody"
        raise fail("no-embedded-server", message, help=help) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _key(bin_dir: Path) -> str:
    """Changes when the programs do, so that no server meets the data of another build."""
    program = bin_dir.resolve() / "postgres"
    state = program.stat()
    return hashlib.sha256(f"{program}\0{state.st_size}\0{state.st_mtime_ns}".encode()).hexdigest()[:12]


def _sockets(root: Path, account: Account | None) -> Path:
    path = root / "run"
    # Postgres takes a comma for the end of a folder, the kernel takes no long name
    if len(os.fsencode(path / ".s.PGSQL.5432")) > SOCKET_LIMIT or not re.fullmatch(r"[\w./ -]+", str(path)):
        name = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
        path = Path("/tmp", f"pgkit-{os.geteuid()}-{name}")
    path.mkdir(mode=0o700, exist_ok=True)
    _be_owner(path, {os.geteuid()} | ({account.uid} if account else set()))
    _give(path, account)
    return path


def _be_owner(path: Path, owners: set[int]) -> None:
    """Refuses a folder that somebody else put there, in the shared /tmp above all."""
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in owners:
        help = "set PGKIT_CACHE to a folder of yours"
        raise fail("no-embedded-server", "the folder belongs to somebody else", where=str(path), help=help)


def _is_damaged(place: Cluster) -> bool:
    """Whether the machine went down under the server: without fsync, its files are then worth nothing."""
    pid = postmaster_pid(place.data)
    if pid is None or is_postmaster(pid, place.data):
        return False
    boot = place.root / "boot"
    return not boot.exists() or boot.read_text() != _boot()


def _boot() -> str:
    """What differs after the machine was started again."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        said = subprocess.run(["sysctl", "-n", "kern.boottime"], capture_output=True, text=True, check=False)
        return said.stdout.partition("}")[0]


def _initialise(place: Cluster) -> None:
    """Runs initdb beside the place and moves the result there: a killed one leaves nothing half made."""
    with open(place.root / "init.lock", "a") as lock:
        # initdb inherits this lock: one whose starter was killed is waited for, not cleared away in its work
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in place.root.glob("data*"):
            shutil.rmtree(leftover)
        fresh = place.root / f"data.{os.getpid()}"
        fresh.mkdir(mode=0o700)
        _give(fresh, place.account)
        _run_initdb(place, fresh, lock.fileno())
    fresh.rename(place.data)


def _run_initdb(place: Cluster, data: Path, lock: int) -> None:
    done = subprocess.run(
        [place.bin_dir / "initdb", "-D", data, *_initdb_options(place.bin_dir)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=plain_environment(),
        pass_fds=(lock,),
        **_as(place.account),
    )
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise fail("no-embedded-server", f"initdb fails: {done.stderr.strip()[-300:]}", where=str(place.root))


def _initdb_options(bin_dir: Path) -> list[str]:
    options = "-U postgres --auth-local=trust --auth-host=reject --encoding=UTF8 -T english --no-sync"
    if major_version(bin_dir) >= 17:
        locale = "--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
    else:
        # the one locale of UTF-8 that each platform is sure to have
        locale = f"--locale=C --lc-ctype={'en_US' if sys.platform == 'darwin' else 'C'}.UTF-8"
    return f"{options} --no-instructions {locale}".split()


def _give(path: Path, account: Account | None) -> None:
    if account:
        os.chown(path, account.uid, account.gid)


def _as(account: Account | None) -> dict[str, Any]:
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
