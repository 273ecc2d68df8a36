"""`tieline serve`: the pages, in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.needed import packages_of_the_pages
from tieline.cli.screen import say, warn


def run(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=1, max=65535, metavar="N", help="Where to listen.")
    ] = 8000,
    host: Annotated[
        str, typer.Option(metavar="H", help="At which address; 0.0.0.0 for every one.")
    ] = "127.0.0.1",
    url: Annotated[
        str,
        typer.Option(metavar="URL", help="What people type, where a web server stands in front."),
    ] = "",
    workers: Annotated[
        int, typer.Option(min=1, max=64, metavar="N", help="Processes that make pages.")
    ] = 1,
    no_jobs: Annotated[
        bool, typer.Option("--no-jobs", help="Leave the jobs to `tieline work`.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only tell what is wrong with this way of serving.")
    ] = False,
    new_link: Annotated[
        bool,
        typer.Option("--new-link", help="Only print a one-time link for a new administrator."),
    ] = False,
    new_key: Annotated[
        str,
        typer.Option("--new-key", metavar="NAME", help="Only make a key for a program, print it."),
    ] = "",
    may: Annotated[
        list[str] | None,
        typer.Option(
            "--may", metavar="PERMISSION", help="What that key may, such as EVENTS; again."
        ),
    ] = None,
) -> int:
    """Serve the pages of this workspace until Ctrl-C.

    The first time, it prints a link: whoever opens it chooses a name and a password and is the
    administrator. Exit code 2 of --check says that something is to be changed before others come.
    """
    from tieline.web.configuration import Serving

    workspace = opened.workspace(context)
    _ = workspace.settings  # a mistake in tieline.toml is told before anything is served
    serving = Serving(workspace.path.resolve(), host, port, url, workers, does_jobs=not no_jobs)
    if check:
        return _check(serving)
    with packages_of_the_pages():
        from tieline.web.serving import prepare, serve
    secret = prepare(serving)
    if new_link:
        from tieline.web.members import invite

        secret = secret or invite(role="administrator", login="")
        say(f"{serving.address}/welcome/{secret}")
        return 0
    if new_key:
        from tieline.web.api.keys import make

        say(make(new_key, [one.upper() for one in may or ()], by="the command line")[1])
        return 0
    if secret:
        say("Nobody is administrator yet. Open this link, once, within three days:")
        say(f"  {serving.address}/welcome/{secret}")
    serve(serving, say)
    return 0


def _check(serving: object) -> int:
    from tieline.web.configuration import Serving
    from tieline.web.deployment import check

    assert isinstance(serving, Serving)
    found = check(serving)
    for one in found:
        (warn if one.grave else say)(f"{'Wrong' if one.grave else 'Better'}: {one.says}")
        say(f"  {one.next_step}")
    if not found:
        say("Nothing is wrong with this way of serving.")
    return 2 if any(one.grave for one in found) else 0
