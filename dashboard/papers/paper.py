"""A paper: headings, sentences, tables and open questions; and its two forms, Markdown and one HTML page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from dashboard.i18n import _, language


@dataclass(frozen=True, slots=True)
class Heading:
    """A section begins."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What only the municipality can answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A table with a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Question | Facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One paper. name: of its file, without extension."""

    name: str
    title: str
    intro: str
    blocks: tuple[Block, ...]


def to_markdown(paper: Paper) -> str:
    """The paper as Markdown, with a line to write on below each question."""
    parts = [f"# {paper.title}", paper.intro]
    for block in paper.blocks:
        match block:
            case Heading(text):
                parts.append(f"## {text}")
            case Text(text):
                parts.append(text)
            case Question(text):
                parts.append(f"> **{_('Zelf in te vullen')}:** {text}\n>\n> …")
            case Facts(head, rows):
                parts.append("\n".join([_cells(head), "|" + "---|" * len(head), *(_cells(row) for row in rows)]))
    return "\n\n".join(parts) + "\n"


def to_html(paper: Paper) -> str:
    """The paper as one page that needs nothing else and prints on A4."""
    body = "\n".join(_html(block) for block in paper.blocks)
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(paper.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{escape(paper.title)}</h1>\n<p class="intro">{escape(paper.intro)}</p>\n{body}\n</main>\n</body>\n</html>\n'
    )


def _html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Text(text):
            return f"<p>{escape(text)}</p>"
        case Question(text):
            return f'<div class="question"><strong>{escape(_("Zelf in te vullen"))}</strong><p>{escape(text)}</p></div>'
        case Facts(head, rows):
            top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
            return f"<table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{_rows(rows)}\n</tbody>\n</table>"


def _rows(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)


def _cells(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


STYLE: Final = """
:root { color-scheme: light; }
body { margin: 0; background: #f3f5f7; color: #1b2433; font: 16px/1.55 Inter, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 52rem; margin: 2rem auto; padding: 2.5rem 3rem; background: #fff; box-shadow: 0 1px 4px #0002; }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .6rem; padding-top: .8rem; border-top: 1px solid #d5dbe3; font-size: 1.2rem; }
.intro { color: #4a5668; }
table { width: 100%; margin: 1rem 0; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th { text-align: left; color: #4a5668; font-weight: 600; border-bottom: 2px solid #b9c2ce; padding: .35rem .6rem .35rem 0; }
td { vertical-align: top; border-bottom: 1px solid #e4e8ed; padding: .4rem .6rem .4rem 0; overflow-wrap: break-word; }
.question { margin: 1rem 0; padding: .7rem 1rem 2.6rem; border: 1px dashed #8a2462; border-radius: 4px; }
.question strong { color: #8a2462; font-size: .85rem; }
.question p { margin: .2rem 0 0; }
@media (max-width: 40rem) { main { margin: 0; padding: 1.2rem; } table { font-size: .82rem; } }
@media print {
  @page { size: A4; margin: 18mm 16mm; }
  body { background: #fff; font-size: 10.5pt; } main { margin: 0; padding: 0; max-width: none; box-shadow: none; }
  h2 { break-after: avoid; } tr, .question { break-inside: avoid; }
}
"""
