"""PgBouncer in front of a server."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from tests.faults.servers import Harmed, eventually
from tests.toolchains.pooler import libraries, pgbouncer

LENIENT = "search_path,options,lock_timeout,statement_timeout,idle_in_transaction_session_timeout,client_connection_check_interval,synchronous_commit,default_transaction_isolation,default_transaction_read_only,extra_float_digits,intervalstyle,bytea_output,jit,quote_all_identifiers,lc_monetary,transaction_timeout,tcp_user_timeout,tcp_keepalives_idle,tcp_keepalives_interval,tcp_keepalives_count"
CONFIG = """
[databases]
* = host={sockets} port=5432 user=postgres
[pgbouncer]
listen_port = 5432
unix_socket_dir = {home}
unix_socket_mode = 0777
auth_type = any
pool_mode = {mode}
ignore_startup_parameters = {ignored}
logfile = {home}/log
pidfile = {home}/pid
server_round_robin = 1
default_pool_size = 5
"""


@contextmanager
def pooler(server: Harmed, mode: Literal["session", "transaction"], lenient: bool) -> Iterator[str]:
    """A pooler of that mode, and the `host=` under which it is found; a lenient one ignores session settings."""
    program = pgbouncer()
    with tempfile.TemporaryDirectory(prefix="pgkit-pooler-") as folder:
        home = Path(folder)
        config = home / "config.ini"
        ignored = LENIENT if lenient else ""
        config.write_text(CONFIG.format(sockets=server.place.sockets, home=home, mode=mode, ignored=ignored))
        account = server.place.account
        if account is not None:
            os.chown(home, account.uid, account.gid)
        running = subprocess.Popen(
            [program, "--quiet", config],
            env={**os.environ, **libraries()},
            **({"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}),
        )
        try:
            assert eventually((home / ".s.PGSQL.5432").exists)
            yield quote(folder)
        finally:
            running.terminate()
            running.wait(10)
