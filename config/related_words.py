"""Words of the field that mean nearly the same (近义词), by which the library finds cases."""

from pathlib import Path

from cases.library.terms import Related
from cases.library.tokens import plain
from config.checking import SettingsError, read_table

SHIPPED = Path(__file__).with_name("related_words.toml")
_SHORTEST = 2  # characters: one alone is part of too many words


def load_related(path: Path = SHIPPED) -> Related:
    """Read the groups of related words.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    table = read_table(path, faults)
    given = table.values.get("groups", [])
    table.names()
    groups = _groups(given, faults)
    firsts = [group[0] for group in groups if group]
    faults += [
        f"groups 里「{one}」开头的有两组" for one in sorted(set(firsts)) if firsts.count(one) > 1
    ]
    unknown = sorted(set(table.values) - {"groups"})
    faults += [f"不认识 {name}, 只有 groups" for name in unknown]
    if faults:
        raise SettingsError([f"{path.name}: {fault}" for fault in faults])
    return Related(groups)


def _groups(given: object, faults: list[str]) -> tuple[tuple[str, ...], ...]:
    if not isinstance(given, list):
        faults.append("groups 应为若干组词")
        return ()
    found = []
    for nth, group in enumerate(given, start=1):
        texts = [one for one in group if isinstance(one, str)] if isinstance(group, list) else []
        if not texts or len(texts) != len(group):
            faults.append(f'groups 的第 {nth} 组应为文本列表, 例如 ["停水", "断水"]')
            continue
        short = [one for one in texts if len(one) < _SHORTEST]
        faults += [f"groups 的第 {nth} 组「{one}」太短, 至少 {_SHORTEST} 个字" for one in short]
        found.append(tuple(plain(one) for one in texts))
    return tuple(found)
