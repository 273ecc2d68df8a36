"""The secret of the pages: drawn once, whoever starts first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tieline.errors import TielineError
from tieline.web.secret_key import FILE, secret_key

AT_ONCE = 8


def test_server_and_worker_that_start_at_one_moment_have_one_secret(tmp_path):
    for number in range(40):
        folder = tmp_path / str(number)
        folder.mkdir()
        start = Barrier(AT_ONCE)

        def begin(_, folder=folder, start=start):
            start.wait()
            return secret_key(folder)

        with ThreadPoolExecutor(AT_ONCE) as starting:
            found = set(starting.map(begin, range(AT_ONCE)))
        assert found == {(folder / FILE).read_text("ascii").strip()}
        assert [path.name for path in folder.iterdir()] == [FILE]
        assert (folder / FILE).stat().st_mode & 0o077 == 0


def test_a_file_system_without_links_has_a_secret_too(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    assert secret_key(tmp_path) == secret_key(tmp_path)


def test_a_damaged_secret_is_told(tmp_path):
    (tmp_path / FILE).write_text("short")
    with pytest.raises(TielineError, match="damaged"):
        secret_key(tmp_path)
