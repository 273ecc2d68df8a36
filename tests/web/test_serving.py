"""How the pages are put up: mistakes are told before others come, secrets are in one file."""

import os
import re
import stat

import prepared


def serve(workspace, *words):
    return prepared.tieline(["-w", str(workspace), "serve", *words])


def new(tmp_path):
    made = tmp_path / "market"
    assert prepared.tieline(["new", str(made)]).code == 0
    return made


def test_what_is_wrong_with_a_deployment_is_told(tmp_path):
    made = new(tmp_path)
    open_to_all = serve(made, "--host", "0.0.0.0", "--check")
    assert open_to_all.code == 2
    assert "unencrypted" in open_to_all.err
    assert "--url https://" in open_to_all.out + open_to_all.err
    plain = serve(made, "--url", "http://tieline.example.com", "--check")
    assert plain.code == 2
    assert "not encrypted" in plain.err
    behind = serve(made, "--url", "https://tieline.example.com", "--check")
    assert behind.code == 0, behind.err
    assert "no administrator yet" in behind.out


def test_a_secret_that_others_can_read_is_told(tmp_path):
    made = new(tmp_path)
    serve(made, "--check")
    key = made / ".tieline" / "web.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text().strip() not in serve(made, "--check").out
    os.chmod(key, 0o644)
    told = serve(made, "--check")
    assert told.code == 2
    assert f"chmod 600 {key}" in told.out + told.err


def test_a_new_link_replaces_the_old_one_and_is_kept_as_a_digest(tmp_path):
    made = new(tmp_path)
    links = [serve(made, "--new-link").out.strip() for _ in range(2)]
    secrets = [re.search(r"/welcome/(\S+)$", link)[1] for link in links]
    assert secrets[0] != secrets[1]
    for file in (made / ".tieline").glob("web*"):
        assert secrets[1].encode() not in file.read_bytes()


def test_a_wrong_address_is_told(tmp_path):
    told = serve(new(tmp_path), "--url", "tieline.example.com", "--check")
    assert told.code == 2
    assert "https://tieline.example.com" in told.err
    assert "Traceback" not in told.err


def test_a_taken_port_is_told(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = serve(new(tmp_path), "--port", str(taken.getsockname()[1]))
    assert told.code == 2
    assert "Name another port" in told.err


def test_people_lie_in_postgresql_beside_the_ledger(tmp_path, postgres):
    """The pages and the ledger share a database; neither takes the other's tables for its own."""
    made, url = new(tmp_path), postgres.new_database()
    env = {**os.environ, "DATABASE_URL": url}

    def there(*words):
        ran = prepared.tieline(["-w", str(made), *words], env=env)
        assert ran.code == 0, ran.out + ran.err
        return ran.out

    try:
        assert "/welcome/" in there("serve", "--new-link")
        assert "decisions of people" in there("ledger")
        assert "/welcome/" in there("serve", "--new-link")
    finally:
        postgres.drop(url)
    assert not (made / ".tieline" / "web.sqlite3").exists()


def test_nobody_else_on_the_machine_reads_the_files_of_the_pages(tmp_path):
    made = new(tmp_path)
    serve(made, "--new-link")
    for name in ("web.key", "web.sqlite3"):
        assert stat.S_IMODE((made / ".tieline" / name).stat().st_mode) == 0o600, name
