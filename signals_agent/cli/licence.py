"""The command ``licence``: what a licence asks, activity by activity."""

import sys

import click

from signals_agent.cli import exits, options
from signals_agent.model.licence import Activity


@click.command(
    cls=options.ConfiguredCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("licence", metavar="ID-or-URL")
@click.option(
    "--activity",
    "activities",
    type=click.Choice([each.value for each in Activity]),
    multiple=True,
    metavar="ACTIVITY",
    help="Answer for this activity only; may be given several times: "
    f"{', '.join(Activity)}. [default: all ten]",
)
@click.option(
    "--against",
    metavar="ID-or-URL",
    help="Beside this other licence, and what combining the two would mean.",
)
@options.format_option("text", "json", "markdown")
@options.output
def licence(
    licence: str,
    activities: tuple[str, ...],
    against: str | None,
    format_: str,
    colour: str,
    quiet: bool,
    no_progress: bool,
    log_level: str,
) -> int:
    """Tell what a licence asks of someone who trains on the data, activity by activity.

    ID-or-URL is a URL in any spelling, an SPDX id or expression ('MIT OR Apache-2.0'), a
    Hugging Face id, or a name. What is not recognised is told as such, and answered with
    caution at best. Needs no network. This is no legal advice.
    """
    from signals_agent.licences import sheet

    del quiet, no_progress, log_level
    made = sheet.make(licence, against, [Activity(each) for each in activities])
    if format_ == "json":
        from signals_agent.report import licence_json

        sys.stdout.write(licence_json.render(made))
    elif format_ == "markdown":
        from signals_agent.report import licence_markdown

        sys.stdout.write(licence_markdown.render(made))
    else:
        from signals_agent.report import licence_text

        shown = licence_text.render(made, options.screen(colour))
        click.echo(shown, nl=False, color=True if colour == "always" else None)
    return exits.OK
