"""Words of the field that mean nearly the same (近义词), by which the library finds cases."""

from pathlib import Path

from cases.library.terms import TOGETHER, Related
from cases.library.tokens import plain
from config.checking import SettingsError, read_table

SHIPPED = Path(__file__).with_name("related_words.toml")
_SHORTEST = 2  # characters: one alone is part of too many words
_LISTS = ("groups", "hints")


def load_related(path: Path = SHIPPED) -> Related:
    """Read the groups of related words, and what people say of each.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    table = read_table(path, faults)
    table.names()
    found = {name: _groups(name, table.values.get(name, []), faults) for name in _LISTS}
    for name in _LISTS:
        firsts = [group[0] for group in found[name] if group]
        twice = sorted({one for one in firsts if firsts.count(one) > 1})
        faults += [f"{name} 里「{one}」开头的有两组" for one in twice]
    known = {group[0] for group in found["groups"] if group}
    faults += [
        f"hints 的「{first}」不是 groups 里哪一组的名字"
        for first, *_ in found["hints"]
        if first not in known
    ]
    unknown = sorted(set(table.values) - set(_LISTS))
    faults += [f"不认识 {name}, 只有 {' 和 '.join(_LISTS)}" for name in unknown]
    if faults:
        raise SettingsError([f"{path.name}: {fault}" for fault in faults])
    return Related(found["groups"], found["hints"])


def _groups(name: str, given: object, faults: list[str]) -> tuple[tuple[str, ...], ...]:
    if not isinstance(given, list):
        faults.append(f"{name} 应为若干组词")
        return ()
    found = []
    for nth, group in enumerate(given, start=1):
        texts = [one for one in group if isinstance(one, str)] if isinstance(group, list) else []
        if not texts or len(texts) != len(group):
            faults.append(f'{name} 的第 {nth} 组应为文本列表, 例如 ["停水", "断水"]')
            continue
        short = [one for one in texts if len(one) < _SHORTEST or "" in one.split(TOGETHER)]
        faults += [f"{name} 的第 {nth} 组「{one}」太短, 至少 {_SHORTEST} 个字" for one in short]
        found.append(tuple(plain(one) for one in texts))
    return tuple(found)
