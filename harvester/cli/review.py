"""The command for editors: review serves the pages, or asks on the terminal; its users."""

import logging
import secrets
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.cli import review_sheets
from harvester.cli.program import Program, clock
from harvester.errors import BadConfiguration, ExtraMissing

if TYPE_CHECKING:  # slow to import
    import uvicorn

    from harvester.settings import ReviewSettings, Settings

_SLOWEST_HEAD_S = 5  # an idle connection is closed after so long
_TCP, _NO_DELAY = 6, 1  # IPPROTO_TCP and TCP_NODELAY
_MOST_AT_ONCE = 200  # connections; more are told to come later
_PLAIN = (
    "harvester: this is plain http, which others on the way can read, passwords too: let a proxy"
    " with https stand in front, and name it in review.proxy_addresses"
)


@click.group(invoke_without_command=True, short_help="Decide what the rules leave open.")
@click.option("--host", metavar="ADDRESS", help="Address to listen on; others need a login.")
@click.option("--port", type=click.IntRange(1, 65_535), metavar="PORT", help="Port to listen on.")
@click.option("--terminal", is_flag=True, help="Ask here, without pages.")
@click.option("--quiet", is_flag=True, help="--terminal: accept what is strong, ask nothing.")
@click.option("--timid", is_flag=True, help="--terminal: ask also where the proposal is strong.")
@click.option("--pretend", is_flag=True, help="--terminal: write nothing.")
@click.option(
    "--from",
    "state",
    type=click.Choice(["waiting", "later", "skipped", "look_again"]),
    help="--terminal: what waits, as by default; was put off; was skipped; changed since.",
)
@click.option("--blind", is_flag=True, help="--terminal: hide what the rule thinks; so does B.")
@click.option(
    "--sample", is_flag=True, help="--terminal: judge links by rule, drawn at random, blind."
)
@click.option("--as", "name", metavar="NAME", help="--terminal: who says so; else the system user.")
@click.pass_context
def review(
    ctx: click.Context,
    host: str | None,
    port: int | None,
    terminal: bool,
    quiet: bool,
    timid: bool,
    pretend: bool,
    state: str | None,
    blind: bool,
    sample: bool,
    name: str | None,
) -> None:
    """Decide what the rules leave open: on pages in the browser, or with --terminal here.

    The pages are for this machine only, at http://127.0.0.1:8321/, until a login
    is set up: `harvester review password NAME`, or a proxy that knows its users
    (section [review] of the settings). Ctrl-C ends them.
    """
    if ctx.invoked_subcommand is not None:
        return
    program = ctx.find_object(Program)
    assert program is not None
    options = {"--quiet": quiet, "--timid": timid, "--pretend": pretend, "--from": state}
    options |= {"--blind": blind, "--sample": sample, "--as": name}
    if terminal:
        if host or port:
            raise click.UsageError("--host and --port are for the pages, not for --terminal")
        from harvester.cli import review_sample, review_terminal

        if sample:
            _alone("--sample", options, "--quiet", "--timid", "--from")
            review_sample.run(program, pretend=pretend, name=name)
            return

        wanted = state or "waiting"
        review_terminal.run(
            program,
            quiet=quiet,
            timid=timid,
            pretend=pretend,
            state=wanted,
            name=name,
            blind=blind,
        )
        return
    if alone := [option for option, given in options.items() if given]:
        raise click.UsageError(f"{alone[0]} goes with --terminal only")
    _serve(program, _with_address(program.settings, host, port))


def _alone(name: str, options: dict[str, Any], *others: str) -> None:
    """Refuse by name what makes no sense together."""
    for other in others:
        if options[other]:
            raise click.UsageError(f"{name} and {other} exclude each other")


@review.command("password", short_help="Add a user, or change a password.")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["reader", "editor"]),
    default="editor",
    show_default=True,
    help="A reader sees everything and changes nothing.",
)
@click.option("--no-password", is_flag=True, help="For whom the proxy signs in.")
@click.pass_obj
def password(program: Program, name: str, role: str, no_password: bool) -> None:
    """Add a user to review.password_file, or change role and password of one.

    It asks for the password twice and keeps a hash of it (argon2id). Whoever is
    signed in with the old one must sign in again. To remove a user take the
    line out of the file; it is read again at once.
    """
    from harvester.web.users import UserRole, checked_name, save

    file = program.settings.review.password_file
    if not file:
        raise BadConfiguration(
            'set review.password_file first, such as password_file = "review-users"'
            " in the section [review] of harvester.toml"
        )
    name = checked_name(name)
    given = None
    if not no_password:
        given = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    was_there = save(Path(file), name, given, UserRole(role))
    click.echo(f"{file}: {name}, {role}, {'changed' if was_there else 'added'}")


review.add_command(review_sheets.export)
review.add_command(review_sheets.import_)


def _with_address(settings: "Settings", host: str | None, port: int | None) -> "ReviewSettings":
    changed: dict[str, str | int] = {}
    if host:
        changed["host"] = host
    if port:
        changed["port"] = port
    return settings.review.model_copy(update=changed)


def _serve(program: Program, review: "ReviewSettings") -> None:
    """Serve the pages until somebody ends it."""
    try:
        import uvicorn

        from harvester.web.app import create_app
        from harvester.web.hosts import is_loopback
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("harvester"):
            raise
        raise ExtraMissing("web", "`harvester review`") from None
    settings = program.settings.model_copy(update={"review": review})
    with program.known_database() as database:
        app = create_app(
            database,
            settings=settings,
            model=program.model(settings),
            clock=clock,
            secret=secrets.token_bytes(32),  # of this start: a restart ends all sessions
        )
        config = uvicorn.Config(
            app,
            host=review.host,
            port=review.port,
            proxy_headers=False,  # or anybody could say where he comes from
            server_header=False,
            access_log=False,  # ours has no queries: see web/guard.py
            log_config=None,
            ws="none",
            timeout_keep_alive=_SLOWEST_HEAD_S,
            limit_concurrency=_MOST_AT_ONCE,
        )
        with closing(_bound(config)) as listening, suppress(KeyboardInterrupt):  # the way to end it
            app.state.site.desk.warm()  # or the first editor waits for it
            listening.listen()  # who comes from now on is served
            shown = f"[{review.host}]" if ":" in review.host else review.host
            click.echo(f"Review: http://{shown}:{review.port}/ (Ctrl-C ends it)")
            if not is_loopback(review.host):
                click.echo(_PLAIN, err=True)
            uvicorn.Server(config).run(sockets=[listening])


def _bound(config: "uvicorn.Config") -> Any:
    """Return the socket to listen on; uvicorn would log what is wrong, and leave."""
    log = logging.getLogger("uvicorn.error")
    before, log.disabled = log.disabled, True
    try:
        listening = config.bind_socket()
    except SystemExit:
        raise BadConfiguration(
            f"cannot listen on {config.host}, port {config.port}: is that address this machine's,"
            " and is no other program listening there? Choose another one with --host or --port"
        ) from None
    finally:
        log.disabled = before
    # an answer's end is not to wait 40 ms for its beginning to be acknowledged: asyncio would
    # see to that, if uvicorn had made the socket so that it is known as one of TCP
    listening.setsockopt(_TCP, _NO_DELAY, 1)
    return listening
