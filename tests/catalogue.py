"""The catalogue of sentences: ``python -m tests.catalogue`` brings locale/en up to date and compiles it.

Dutch sentences are the message ids. They are found in the source: what passes through ``_``, ``N_`` and ``_n``, the
help of commands and options, the sentences of refusals (string constants that end as a sentence does), and the
categories.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SENTENCE = re.compile(r"^\S[^\n]*[a-z]{2,} [^\n]*\S[.?!]$")  # several words on one line, ending as a sentence does
EN = ROOT / "dashboard/locale/en/LC_MESSAGES"


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand alone: of modules, classes and functions, and below a constant."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _marked(tree: ast.AST) -> Iterator[str | tuple[str, str]]:
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        first = [_text(a) for a in call.args[:2]]
        if name in ("_", "N_") and first and first[0]:
            yield first[0]
        if name == "_n" and len(first) == 2 and first[0] and first[1]:
            yield first[0], first[1]
        if name in ("option", "argument", "version_option"):
            yield from (text for k in call.keywords if k.arg in ("help", "metavar") and (text := _text(k.value)))


def _command_help(tree: ast.AST) -> Iterator[str]:
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        decorators = [ast.unparse(d) for d in function.decorator_list]
        if any(".command(" in d or ".group(" in d for d in decorators) and (text := ast.get_docstring(function)):
            yield text


def _sentences(tree: ast.AST) -> Iterator[str]:
    documentation = _docstrings(tree)
    for node in ast.walk(tree):
        text = _text(node)
        if text and id(node) not in documentation and SENTENCE.match(text):
            yield text


class Stable(Catalog):
    """A catalogue whose header says only what gettext needs: the same sentences always give the same bytes."""

    mime_headers = property(
        lambda self: [
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]
    )


def found() -> list[str | tuple[str, str]]:
    """Every message id in the source, in a fixed order."""
    sys.path.insert(0, str(ROOT))
    from data.categories import CATEGORIES

    ids: dict[str, str | tuple[str, str]] = {}
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        marked = list(_marked(tree))
        plurals = {m[1] for m in marked if not isinstance(m, str)}
        ids.update({m: m for m in _sentences(tree) if m not in plurals})
        ids.update({m if isinstance(m, str) else m[0]: m for m in marked})
        if "commands" in path.parts or path.name in ("cli.py", "console.py"):
            ids.update({m: m for m in _command_help(tree)})
    for path in sorted((ROOT / "data").rglob("*.py")):
        if "demo" not in path.parts:
            ids.update({m: m for m in _sentences(ast.parse(path.read_text(encoding="utf-8")))})
    ids.update({name: name for name in CATEGORIES})
    return [ids[key] for key in sorted(ids)]


def texts(message: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """One text, or the singular and the plural."""
    return (message,) if isinstance(message, str) else tuple(message)


def english() -> Catalog:
    """The English catalogue as it stands."""
    path = EN / "hotspotkaart.po"
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def update() -> tuple[int, int]:
    """Write the catalogue with exactly the ids found, keeping translations; gives (ids, ids without English)."""
    old = english()
    new = Stable(locale="en", header_comment="# English for the Dutch sentences of Hotspotkaart.", fuzzy=False)
    for message in found():
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known is not None and known.id == message else "")
    EN.mkdir(parents=True, exist_ok=True)
    with (EN / "hotspotkaart.po").open("wb") as file:
        write_po(file, new, omit_header=False, width=0)
    with (EN / "hotspotkaart.mo").open("wb") as file:
        write_mo(file, new)
    return len(new), sum(1 for m in new if m.id and not all(texts(m.string)))


if __name__ == "__main__":
    total, missing = update()
    print(f"{total} sentences, {missing} without English")
