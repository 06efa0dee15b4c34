"""The reference page of instruments: what each is, every threshold with its source, and what is not set.

`anydoor documents` writes it to `docs/reference/instruments.md`, so that it cannot drift from the data.
"""

from __future__ import annotations

from anydoor.rules.instruments.definition import Format, Instrument
from anydoor.rules.instruments.evidence import TAG_WORDS, Bands, Cited
from anydoor.rules.instruments.registry import ALL
from anydoor.rules.instruments.values import DEFAULTS, NOT_SHIPPED, ValueSet
from anydoor.rules.instruments.wording import WORDINGS


def draw(values: ValueSet = DEFAULTS) -> str:
    """The page, without its title."""
    return (
        "\n".join([*_instruments(), *_options(), *_thresholds(values), *_not_set(), *_words(), *_codes()])
        + "\n"
    )


def _instruments() -> list[str]:
    return [
        "## Instruments",
        "",
        "| instrument | purpose | items | total | reversed | risk | missing | recall | as | wording | from |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_instrument(one) for one in ALL),
    ]


def _instrument(one: Instrument) -> str:
    formats = ", ".join(f"`{form.value}`" for form in Format if form in one.formats) or "free text"
    return (
        f"| **{one.name}** ({one.key}) {one.title} | {one.purpose}; {one.answered_by} | {_items(one)} "
        f"| {_total(one)} | {_list(sorted(one.reversed_items))} | {_list(one.risk_items)}{_look(one)} "
        f"| {one.missing_rule} | {one.recall} | {formats} "
        f"| {one.licence.wording}: {one.licence.terms} ({one.licence.tag}) | {one.source} |"
    )


def _items(one: Instrument) -> str:
    if not one.size:
        return "not scored"
    other = "".join(f"; item {item}: {low} to {high}" for item, (low, high) in one.ranges.items())
    na = "".join(
        f'; item {item} may be "na", {"worth " + str(worth) if worth is not None else "then no total"}'
        for item, worth in one.not_applicable.items()
    )
    return f"{one.size}, each {one.lowest} to {one.highest}{other}{na}"


def _total(one: Instrument) -> str:
    low, high = one.total_range()
    scales = ", ".join(scale.name for scale in one.scales)
    if not one.has_total:
        return f"{scales}, each {low} to {high}, never added" if scales else "none"
    of = f" of items {one.summed[0]} to {one.summed[-1]}" if one.summed else ""
    return f"{low} to {high}{of}, high is {one.high_is}" + (f"; also {scales}" if scales else "")


def _look(one: Instrument) -> str:
    return f"; worth a look: {_list(one.look_items)}" if one.look_items else ""


def _options() -> list[str]:
    """What each option scores as printed, first to last: the structure a pack must fit."""
    rows = [
        "",
        "## Options as printed",
        "",
        "The score of each option from the first printed to the last. A pack must have them in this order.",
        "",
        "| instrument | items | scores |",
        "| --- | --- | --- |",
    ]
    for one in ALL:
        by_scores: dict[tuple[int | str, ...], list[int]] = {}
        for item in range(1, one.size + 1) if one.formats else ():
            by_scores.setdefault(one.option_scores(item), []).append(item)
        rows += [
            f"| {one.name} | {_list(items) if len(by_scores) > 1 else 'all'} | {_list(list(scores))} |"
            for scores, items in by_scores.items()
        ]
    return rows


def _list(items: object) -> str:
    found = list(items) if isinstance(items, list | tuple) else []
    return ", ".join(map(str, found)) or "none"


def _thresholds(values: ValueSet) -> list[str]:
    rows = [
        "",
        f"## Thresholds: the set `{values.name}`",
        "",
        "A service may replace each under a name of its own. Evidence:",
        "",
        *(f"- **{tag}**: {words}" for tag, words in TAG_WORDS.items()),
        "",
        "| value | is | source | evidence |",
        "| --- | --- | --- | --- |",
    ]
    return rows + [
        f"| `{key}` | {_value(cited)} | {cited.source} | {cited.tag} |" for key, cited in values.cited.items()
    ]


def _value(cited: Cited) -> str:
    return _bands(cited.value) if isinstance(cited.value, tuple) else str(cited.value)


def _bands(bands: Bands) -> str:
    return ", ".join(f"from {least} `{name}`" for least, name in bands)


def _not_set() -> list[str]:
    return [
        "",
        "## Not set: a service decides",
        "",
        "Nobody has read these in a source. They have no default, and what needs them stays empty.",
        "",
        "| value | why |",
        "| --- | --- |",
        *(f"| `{key}` | {why} |" for key, why in NOT_SHIPPED.items()),
    ]


def _words() -> list[str]:
    rows = [
        "",
        "## Wording that is shipped",
        "",
        "| of | taken from | read against | credit |",
        "| --- | --- | --- | --- |",
    ]
    return rows + [f"| {one.of} | {one.copy} | {one.second} | {one.credit} |" for one in WORDINGS.values()]


def _codes() -> list[str]:
    rows = [
        "",
        "## Codes",
        "",
        "| instrument | system | code | of | evidence |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in ALL:
        rows += [f"| {one.name} | {c.system} | {c.code} | {c.what} | {c.tag} |" for c in one.codes]
    return rows
