"""Work in the background with real processes: nothing is lost, nothing is done twice."""

import fcntl
import json
import os
import signal
import time
from pathlib import Path

from background_work import (
    Alone,
    alone,
    ask,
    built,
    children,
    children_of_threads,
    job,
    log,
    short_lease,
    snapshots,
    told,
    until,
    watched,
    workspace,
)
from served_market import HERE, Site, inside, serving

__all__ = ["built", "short_lease", "watched", "workspace"]


def test_a_build_whose_worker_is_killed_is_taken_over_and_done_once(workspace, watched):
    number = ask(workspace)
    first = Alone(workspace)
    until(lambda: watched(number)[2] > 2)
    first.kill()
    assert watched(number)[0] == "running", "nobody knows of its death yet"
    with alone(workspace):
        until(lambda: watched(number)[0] == "done")
        time.sleep(1.5)
    assert watched(number)[:2] == ("done", 2)
    assert log(workspace, number).count("Built snapshot") == 1
    assert len(snapshots(workspace)) == 1


def test_a_build_whose_worker_dies_three_times_fails_and_says_why(workspace, watched):
    number = ask(workspace)
    for attempt in (1, 2, 3):
        worker = Alone(workspace)
        until(lambda attempt=attempt: watched(number)[:2] == ("running", attempt))
        worker.kill()
    with alone(workspace):
        until(lambda: watched(number)[0] == "failed")
    said = told(
        workspace,
        f"""
from tieline.web.background.endings import ending
job = Job.objects.get(pk={number})
found = ending(job, jobs.log_tail(WORKSPACE / ".tieline", job.pk))
print(json.dumps([found.says, found.next_step]))
""",
    )
    assert "begun 3 times" in said[0]
    assert "try again" in said[1]


def test_a_killed_process_of_the_server_loses_no_build(workspace, watched):
    server = serving(workspace, "--workers", "2")
    with server:
        master = server.process
        number = ask(workspace)
        until(lambda: watched(number)[2] > 2)
        workers = children(master)
        at_it = [one for one in workers if children_of_threads(one)]
        assert len(at_it) == 1, "one process does the one job"
        os.kill(at_it[0], signal.SIGKILL)
        until(lambda: watched(number)[0] == "done")
        until(lambda: len(children(master)) >= 2)
    assert watched(number)[:2] == ("done", 2)
    assert log(workspace, number).count("Built snapshot") == 1


def test_a_worker_that_is_told_to_end_hands_its_job_back(workspace, watched):
    """A restart of the service costs no attempt and leaves no process behind."""
    number = ask(workspace)
    worker = Alone(workspace)
    until(lambda: watched(number)[2] > 2)
    left = children_of_threads(worker.process.pid)
    began = time.monotonic()
    worker.end()
    assert time.monotonic() - began < 15
    assert watched(number)[:2] == ("waiting", 0)
    assert left
    assert not [one for one in left if Path(f"/proc/{one}").exists()]
    with alone(workspace):
        until(lambda: watched(number)[:2] == ("running", 1))


def test_a_service_that_is_stopped_with_all_its_processes_hands_its_job_back(workspace, watched):
    """systemd tells every process of a service to end, the command perhaps before its worker."""
    number = ask(workspace)
    with alone(workspace) as worker:
        until(lambda: watched(number)[2] > 2)
        for child in children_of_threads(worker.process.pid):
            os.kill(int(child), signal.SIGTERM)
        time.sleep(0.5)
        worker.end()
    assert watched(number)[:2] == ("waiting", 0)


def test_a_build_from_a_terminal_is_waited_for(workspace, watched):
    number = ask(workspace)
    with (workspace / ".tieline" / "build.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with alone(workspace):
            until(lambda: "Another build is running" in job(workspace, number)["step"])
            assert watched(number)[:2] == ("waiting", 0)
            fcntl.flock(lock, fcntl.LOCK_UN)
            until(lambda: watched(number)[2] > 2)


def test_a_build_is_cancelled_and_tried_again(workspace, watched):
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with serving(workspace) as port:
        site = Site(workspace, port, cookies)
        answer = site.ask("/jobs/build", role="marketer", method="POST", form={})
        page = answer.headers["Location"]
        number = int(page.rpartition("/")[2])
        until(lambda: watched(number)[2] > 2)
        assert site.ask(f"{page}/cancel", role="marketer", method="POST", form={}).status == 302
        until(lambda: watched(number)[0] == "cancelled")
        assert not snapshots(workspace)
        before = log(workspace, number)
        retried = site.ask(f"{page}/retry", role="marketer", method="POST", form={})
        again = int(retried.headers["Location"].rpartition("/")[2])
        assert again != number
        until(lambda: watched(again)[2] > 2)
        assert log(workspace, number) == before
        shown = site.ask(page, role="viewer").text
        assert f"/jobs/{again}" in shown
        assert "is running" in shown
        refused = site.ask(f"/jobs/{again}/retry", role="marketer", method="POST", form={})
        assert refused.status == 400
        assert "only one that failed or was cancelled" in refused.text


def test_a_build_that_fails_says_what_to_do(workspace, watched):
    settings = workspace / "tieline.toml"
    was = settings.read_text("utf-8")
    number = ask(workspace)
    settings.write_text(was + "\n[worksapce]\n", "utf-8")
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with alone(workspace):
        until(lambda: watched(number)[0] == "failed")
    settings.write_text(was, "utf-8")
    with serving(workspace, "--no-jobs") as port:
        shown = Site(workspace, port, cookies).ask(f"/jobs/{number}", role="viewer").text
    assert "worksapce" in shown
    assert "did you mean" in shown.lower()
    assert "Traceback" not in shown
