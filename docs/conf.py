"""The documentation as a site: the files that the portal shows too, arenas and commands from their code."""

import sys
from pathlib import Path
from shutil import copytree, rmtree

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

import click  # noqa: E402 - the project must be on the path first

from arenas import registry  # noqa: E402
from arenas.pages import page_of  # noqa: E402
from workers.cli import cli  # noqa: E402

project = "Coliseum"
author = "The Coliseum authors"
copyright = author  # noqa: A001 - Sphinx's name
extensions = ["myst_parser", "sphinx_copybutton"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Coliseum"
html_favicon = "../frontend/static/img/favicon.svg"
html_logo = "../frontend/static/img/mark.svg"
html_show_sphinx = False
copybutton_prompt_text = "$ "  # Of a session the commands are copied, not what they printed.
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#8a3b12", "color-brand-content": "#8a3b12"},
    "dark_css_variables": {"color-brand-primary": "#f0a36b", "color-brand-content": "#f0a36b"},
}
myst_heading_anchors = 4
myst_enable_extensions = ["strikethrough"]
suppress_warnings = [
    "myst.strikethrough",  # Only HTML is built.
    "myst.header",  # READMEs of arenas and docstrings of environments have their own ideas of levels.
    "misc.highlighting_failure",  # Output of a terminal is no program.
    "myst.xref_missing",  # Links into the source tree are tested by tests/test_docs.py.
    "toc.not_included",
]

GENERATED = Path(__file__).parent / "generated"


def write_arenas() -> None:
    """Write a page for each arena, by the function that the portal and the command line use too."""
    names = []
    for name in registry.names():
        spec = registry.get(name)
        file = name.replace("/", "-")
        names.append(file)
        page = (
            page_of(spec)
            .replace("](figures/", f"](figures/{file}/")
            .replace("](./figures/", f"](figures/{file}/")
        )
        (GENERATED / f"{file}.md").write_text(page, encoding="utf-8")
        if spec.folder and (spec.folder / "figures").is_dir():
            copytree(spec.folder / "figures", GENERATED / "figures" / file)
    listed = "\n".join(sorted(names, key=str.lower))
    head = "# All arenas\n\nEvery one runs on your machine, with the server's referee.\n\n"
    (GENERATED / "arenas.md").write_text(
        f"{head}```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n", encoding="utf-8"
    )


def write_commands() -> None:
    """Write what every command says of itself."""
    parts = ["# Commands\n\nWhat `--help` says, of every command.\n"]

    def tell(command: click.Command, above: click.Context | None, name: str) -> None:
        context = click.Context(command, info_name=name, parent=above, max_content_width=100)
        path = context.command_path
        parts.append(f"## {path}\n\n```text\n{command.get_help(context)}\n```\n")
        if isinstance(command, click.Group):
            for each in command.list_commands(context):
                below = command.get_command(context, each)
                if below is not None:
                    tell(below, context, each)

    tell(cli, None, "coliseum")
    (GENERATED / "commands.md").write_text("\n".join(parts), encoding="utf-8")


rmtree(GENERATED, ignore_errors=True)
GENERATED.mkdir()
write_arenas()
write_commands()
