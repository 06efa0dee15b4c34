# ruff: noqa: INP001  # a file to run, not a package to import
"""Copy the parts of nhsuk-frontend that Anydoor wears into the ui room.

    python scripts/vendor_nhsuk.py PACKAGE [--rtlcss PROGRAM]

PACKAGE is the unpacked npm package `nhsuk-frontend`. The output is committed, so neither
building nor installing Anydoor needs node. Run it again only to take a newer version; keep
the version an exact pair with nhsuk-frontend-jinja (the table is in that project's README).

What it changes in the stylesheet, and why:
- two @font-face rules go: they fetch a font, licensed to the NHS only, from another host;
- `url(/assets/...)` becomes relative, so the files work at any static address;
- the source-map comment goes: the static files storage refuses a map that is not there;
- rules for components that no page wears go (header with the NHS mark, cards, hero ...):
  a parent's first page stays small on a slow phone;
- rules for bare elements (`p`, `ul`, `td` ...) go: `anydoor.css` sets the type of the page, and the NHS
  classes bring all that their own components need.
The script of nhsuk-frontend is not taken at all: every page works without, and the three
things that Anydoor adds are in `anydoor.js`.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/anydoor/ui/static/ui/nhsuk"

NOT_WORN = (
    "action-link", "card", "card-group", "character-count", "code", "contents-list",
    "do-dont-list", "expander", "expander-group", "feature-card", "file-upload", "footer",
    "header", "hero", "image", "images", "link-image", "logo", "navigation", "password-input",
    "panel", "print", "scroll", "search-input", "tabs", "account",
)  # fmt: skip
# the class itself, its elements (__) and its modifiers (--), but not a longer name
_NAMES = "|".join(NOT_WORN)
NOT_WORN_SELECTOR = re.compile(rf"\.nhsuk-(?:{_NAMES})(?![a-z0-9-]|$)|\.nhsuk-(?:{_NAMES})(?:__|--|$)")

LICENCE = """nhsuk-frontend {version}
https://github.com/nhsuk/nhsuk-frontend

The MIT Licence (MIT)

Copyright (c) NHS England

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

Changed by scripts/vendor_nhsuk.py, which says what and why.
"""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("package", type=Path, help="the unpacked npm package")
    asked.add_argument("--rtlcss", help="program that turns a stylesheet round for Arabic and Urdu")
    asked.add_argument("--target", type=Path, default=TARGET, help="where to write")
    options = asked.parse_args()
    write(options.package, options.target, options.rtlcss)
    return 0


def write(package: Path, target: Path, rtlcss: str | None) -> None:
    """Write stylesheet, mirrored stylesheet, images in use, licence and checksums to `target`."""
    version = json.loads((package / "package.json").read_text())["version"]
    target.mkdir(parents=True, exist_ok=True)
    css = changed((package / "dist/nhsuk/nhsuk-frontend.min.css").read_text(encoding="utf-8"))
    (target / "nhsuk.css").write_text(css, encoding="utf-8")
    for name in sorted(set(re.findall(r"url\((images/[\w.-]+)\)", css))):
        image = target / name
        image.parent.mkdir(exist_ok=True)
        image.write_bytes((package / "dist/nhsuk/assets" / name).read_bytes())
    if rtlcss:
        subprocess.run([rtlcss, str(target / "nhsuk.css"), str(target / "nhsuk-rtl.css")], check=True)
    (target / "LICENCE.txt").write_text(LICENCE.format(version=version), encoding="utf-8")
    sums = "".join(f"{digest(file)}  {file.relative_to(target).as_posix()}\n" for file in vendored(target))
    (target / "SHA256SUMS").write_text(sums, encoding="utf-8")


def changed(css: str) -> str:
    """The stylesheet without foreign fonts, absolute addresses, source map and unworn rules."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r"url\(/assets/", "url(", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    return without_unworn(css).strip() + "\n"


def without_unworn(css: str) -> str:
    """Drop every selector of a component in NOT_WORN; drop a rule or block left empty."""
    kept: list[str] = []
    position = 0
    while position < len(css):
        opening = css.find("{", position)
        if opening < 0:
            kept.append(css[position:])
            break
        statement = css.rfind(";", position, opening)
        if statement >= 0 and not css[position:opening].lstrip().startswith("@media"):
            kept.append(css[position : statement + 1])  # @charset and the like
            position = statement + 1
        closing = matching_brace(css, opening)
        head, body = css[position:opening], css[opening + 1 : closing]
        if head.lstrip().startswith(("@media", "@supports")):
            inner = without_unworn(body)
            if inner.strip():
                kept.append(f"{head}{{{inner}}}")
        elif head.lstrip().startswith("@"):
            kept.append(f"{head}{{{body}}}")
        else:
            selectors = [one for one in split_selectors(head) if is_worn(one)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{body}}}")
        position = closing + 1
    return "".join(kept)


def is_worn(selector: str) -> bool:
    """Does a page of ours need a rule with this selector?"""
    bare = not re.search(r"[.\[#]", selector) and ":root" not in selector
    return not bare and not NOT_WORN_SELECTOR.search(selector)


def matching_brace(css: str, opening: int) -> int:
    """Position of the brace that closes the one at `opening`."""
    depth = 0
    for position in range(opening, len(css)):
        if css[position] == "{":
            depth += 1
        elif css[position] == "}":
            depth -= 1
            if depth == 0:
                return position
    raise ValueError(f"no closing brace for the one at {opening}")


def split_selectors(head: str) -> list[str]:
    """Split at commas that are not inside brackets, as in `:not(a, b)`."""
    parts, depth, start = [], 0, 0
    for position, sign in enumerate(head):
        depth += sign in "(["
        depth -= sign in ")]"
        if sign == "," and depth == 0:
            parts.append(head[start:position])
            start = position + 1
    return [*parts, head[start:]]


def vendored(target: Path) -> list[Path]:
    """Every file written, in a fixed order, except the checksums themselves."""
    return sorted(file for file in target.rglob("*") if file.is_file() and file.name != "SHA256SUMS")


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
