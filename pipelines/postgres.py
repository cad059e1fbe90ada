"""PostgreSQL as the storage of Dagster's record, in place of SQLite files.

Belongs here: the section [postgres] of hotline.toml, what dagster.yaml says of it, and whether the
server answers. It keeps history only: where it is down a night does not start, and nothing is lost.
"""

import json
import os
from importlib.util import find_spec

from assets.core import HotlineError
from assets.installation import Postgres

PASSWORD = "HOTLINE_POSTGRES_PASSWORD"  # noqa: S105 The name of the variable, not what is in it.
# SQLAlchemy 2.1 would take another driver than the one that dagster-postgres brings.
_SCHEME = "postgresql+psycopg2"
_SECONDS = 10
_STORAGE = f"""\
storage:
  postgres:
    postgres_db:
      hostname: {{host}}
      port: {{port}}
      username: {{user}}
      password:
        env: {PASSWORD}
      db_name: {{database}}
      scheme: {_SCHEME}
      params:
        connect_timeout: {_SECONDS}
"""


def storage(server: Postgres) -> str:
    """The part of dagster.yaml that names the server."""
    return _STORAGE.format(
        host=json.dumps(server.host),
        port=server.port,
        user=json.dumps(server.user),
        database=json.dumps(server.database),
    )


def reach(server: Postgres) -> None:
    """Log in to the server once.

    Raises:
        HotlineError: something is missing for it, or the server refuses or does not answer.
    """
    if find_spec("dagster_postgres") is None:
        raise HotlineError(
            "hotline.toml 设了 [postgres]，但没有安装 dagster-postgres："
            "请执行 .venv/bin/pip install -c constraints.txt -e '.[ui,postgres]'。"
        )
    if not os.environ.get(PASSWORD):
        raise HotlineError(
            f"hotline.toml 设了 [postgres]，但环境变量 {PASSWORD} 没有口令："
            "请在运行 hotline 的环境（或 hotline.env）中设置。"
        )
    # Loaded by whoever has a database: the code location should not wait for it.
    from sqlalchemy import URL, create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    url = URL.create(
        _SCHEME,
        username=server.user,
        password=os.environ[PASSWORD],
        host=server.host,
        port=server.port,
        database=server.database,
    )
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _SECONDS})
    try:
        engine.connect().close()
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or type(error).__name__)
        raise unreachable(server, said) from None


def unreachable(server: Postgres, said: str) -> HotlineError:
    """What to say where the server refuses, does not answer, or goes away."""
    # The driver's first line; the others repeat it for every address it tried.
    cause = said.strip().partition("\n")[0]
    return HotlineError(
        f"记录运行的 PostgreSQL {server} 连不上（{cause}）：请检查它是否在运行、"
        f"[postgres] 各项和 {PASSWORD}，再运行一次；数据和发布未受影响。"
    )
