"""What a profile may say of its source."""

from pathlib import Path

import pytest

from assets.core.errors import HotlineError
from assets.profiles.profile import BUILT_IN, Profile, load_profile
from tests.servers import SECRET


def profile_with(folder: Path, source: str) -> Profile:
    built_in = (BUILT_IN / "hanzhong.toml").read_text(encoding="utf-8")
    (folder / "city.toml").write_text(f"{built_in}\n[source]\n{source}", encoding="utf-8")
    return load_profile(str(folder / "city.toml"))


def refused(folder: Path, source: str) -> str:
    """The sentence for a profile that cannot be."""
    with pytest.raises(HotlineError) as caught:
        profile_with(folder, source)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f'kind = "sftp"\npassword = "{SECRET}"', "HOTLINE_SFTP_PASSWORD"),
        (f'kind = "sftp"\nprivate_key = "{SECRET}"', "HOTLINE_SFTP_KEY_FILE"),
        (f'kind = "s3"\nsecret = "{SECRET}"', "HOTLINE_S3_SECRET"),
        (f'kind = "s3"\naws_access_key_id = "{SECRET}"', "HOTLINE_S3_KEY"),
        (f'kind = "s3"\nendpoint = "https://me:{SECRET}@store"', "HOTLINE_S3_SECRET"),
        (f'kind = "sql"\nurl = "mysql://me:{SECRET}@base/x"', "HOTLINE_SQL_PASSWORD"),
        (f'kind = "sql"\nurl = "mysql://me@base/x?password={SECRET}"', "HOTLINE_SQL_PASSWORD"),
    ],
)
def test_a_secret_in_a_profile_is_refused_and_not_repeated(tmp_path, source, said):
    sentence = refused(tmp_path, source)
    assert said in sentence
    assert "环境变量" in sentence
    assert SECRET not in sentence


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('kind = "ftp"', "kind"),
        ('kind = "sftp"\nhost = "h"\nuser = "u"', "known_hosts"),
        ('kind = "sql"\nurl = "oracle://u@h/d"\nqueries = {}', "url"),
        ('kind = "sql"\nurl = "mysql://u@h:port/d"\nqueries = {}', "url"),
        (
            'kind = "sql"\nurl = "mysql://u@h/d"\n[source.queries.calls]\nquery = "SELECT 1"',
            ":start",
        ),
        (
            'kind = "sql"\nurl = "mysql://u@h/d"\n[source.queries.call]\n'
            'query = "SELECT 1 WHERE :start < :end"',
            "[datasets.call]",
        ),
    ],
)
def test_a_source_that_cannot_be_is_one_sentence(tmp_path, source, said):
    assert said in refused(tmp_path, source)


def test_a_database_may_be_named_with_options(tmp_path):
    url = "postgresql://u@h:5432/d?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    query = 'query = "SELECT 1 WHERE :start < :end"'
    source = f'kind = "sql"\nurl = "{url}"\n[source.queries.calls]\n{query}'
    assert profile_with(tmp_path, source).source.url == url


def test_a_relative_file_of_host_keys_lies_beside_the_profile(tmp_path):
    source = 'kind = "sftp"\nhost = "h"\nuser = "u"\nknown_hosts = "known"\n'
    assert profile_with(tmp_path, source).source.known_hosts == tmp_path / "known"
