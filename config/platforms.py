"""Read config/platforms.toml: the addresses of each platform, as rules for cases/links.py."""

import re
from functools import cache
from pathlib import Path
from string import Formatter

from cases.link_ids import CONVERSIONS
from cases.link_rules import Form, LinkKind, LinkRules, Platform, Shape
from config.checking import SettingsError, Table, read_table

SHIPPED = Path(__file__).with_name("platforms.toml")
_KINDS = {kind.value: kind for kind in LinkKind} | {"wrapper": LinkKind.PAGE}


@cache
def load_link_rules(path: Path = SHIPPED) -> LinkRules:
    """Read the rules; the shipped ones are read once.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    top = read_table(path, faults)
    platforms = [_platform(table) for table in top.tables("platform")]
    shapes = tuple(_shape(table) for table in top.tables("shape"))
    rules = LinkRules(
        platforms=_by_host(platforms, faults),
        shapes=shapes,
        tracking=top.texts("tracking"),
        platform_tracking=top.texts("platform_tracking"),
        expandable=frozenset(top.texts("expandable")),
        bare_endings=frozenset(top.texts("bare_endings")),
    )
    top.done()
    if faults:
        raise SettingsError(faults)
    return rules


def _by_host(platforms: list[Platform], faults: list[str]) -> dict[str, Platform]:
    found: dict[str, Platform] = {}
    for platform in platforms:
        for host in platform.hosts:
            if host in found:
                faults.append(f"域名 {host} 同时属于 {found[host].name} 和 {platform.name}")
            found[host] = platform
    return found


def _platform(table: Table) -> Platform:
    hosts = table.texts("hosts")
    if not hosts:
        table.faults.append(f"{table.where} 缺少 hosts")
    platform = Platform(table.text("name"), hosts, _forms(table))
    table.done()
    return platform


def _shape(table: Table) -> Shape:
    host = _pattern(table, table.text("host"))
    shape = Shape(host, Platform(table.text("name"), (), _forms(table)))
    table.done()
    return shape


def _forms(table: Table) -> tuple[Form, ...]:
    forms = []
    for nth, form in enumerate(table.tables("forms"), start=1):
        form.where = f"{table.where} 的第 {nth} 个 forms"
        forms.append(_form(form))
    return tuple(forms)


def _form(table: Table) -> Form:
    kind = table.text("kind")
    if kind not in _KINDS:
        table.faults.append(f"{table.where} 的 kind 应为 {' '.join(_KINDS)} 之一, 不是 {kind}")
    form = Form(
        kind=_KINDS.get(kind, LinkKind.PAGE),
        hosts=table.texts("hosts"),
        path=_pattern(table, table.text("path", ".*")),
        query=_query(_inside(table, "query")),
        convert=_convert(_inside(table, "convert")),
        key=table.text("key", ""),
        item_id=table.text("id", "") or None,
        is_wrapper=kind == "wrapper",
    )
    _check(table, form)
    table.done()
    return form


def _inside(table: Table, name: str) -> Table:
    inner = table.table(name, required=False)
    inner.where = f"{table.where} 的 {name}"
    return inner


def _query(table: Table) -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    return tuple(
        (tuple(name.lower().split("|")), _pattern(table, table.text(name)))
        for name in table.names()
    )


def _convert(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((group, table.text(group)) for group in table.names())


def _pattern(table: Table, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        table.faults.append(f"{table.where} 的表达式 {text} 有误: {error}")
        return re.compile("")


def _check(table: Table, form: Form) -> None:
    """Name groups and conversions that a template wants and nobody provides."""
    groups = {g for p in (form.path, *(p for _, p in form.query)) for g in p.groupindex}
    wanted = _names(form.key) | _names(form.item_id or "") | {group for group, _ in form.convert}
    if form.is_wrapper:
        wanted.add("target")
    table.faults.extend(
        f"{table.where} 用到 {{{name}}}, 但 path 和 query 里没有这个名字"
        for name in sorted(wanted - groups - {"host"})
    )
    table.faults.extend(
        f"{table.where} 的 convert 不认识 {conversion}, 可用: {' '.join(CONVERSIONS)}"
        for _, conversion in form.convert
        if conversion not in CONVERSIONS
    )


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
