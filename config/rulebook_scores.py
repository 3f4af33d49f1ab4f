"""Load a rulebook's scores.toml: the scorecard, or all its faults at once."""

from pathlib import Path

from cases.scores.rules import Fact, ScoreItem, ScoreRule, ScoreRules
from config.checking import SettingsError, Table, read_text, table_of

FILE = "scores.toml"
_MOST_POINTS = 1000
_MOST_DAYS = 30
_LAST_DAY = 28
_PARTS = ("主办", "协办")


def load_scores(folder: Path) -> ScoreRules | None:
    """Read `folder`/scores.toml; None where the rulebook, an older one, has none.

    Raises:
        SettingsError: with every fault at once.
    """
    path = folder / FILE
    if not path.exists():
        return None
    return read_scores(folder.name, read_text(path))


def read_scores(name: str, text: str) -> ScoreRules:
    """Return the scorecard written in `text`, of the rulebook `name`.

    Raises:
        SettingsError: with every fault at once.
    """
    top = table_of(name, FILE, text)
    rules = _rules(top)
    top.done()
    _check(rules, top.faults)
    if top.faults:
        raise SettingsError([f"{name}/{FILE}: {fault}" for fault in top.faults])
    return rules


def _rules(top: Table) -> ScoreRules:
    score, excepted = top.table("score"), top.table("except", required=False)
    points, by_rates = top.table("item"), score.texts("by_rates")
    rules = ScoreRules(
        items=tuple(
            ScoreItem(name, points.number(name), by_rates=name in by_rates)
            for name in points.names()
        ),
        rules=tuple(_rule(one) for one in top.tables("rule")),
        bonus_most=score.number("bonus_most", 0),
        appeal_days=score.number("appeal_days", 3),
        publish_by=score.number("publish_by", 10),
        ranking=score.flag("ranking", default=False),
        except_parts=excepted.texts("parts"),
        except_levels=excepted.texts("levels"),
    )
    score.done()
    excepted.done()
    unknown = [name for name in by_rates if name not in points.values]
    top.faults.extend(f"[score] 的 by_rates 里没有这个项目: {name}" for name in unknown)
    parts = [part for part in rules.except_parts if part not in _PARTS]
    top.faults.extend(f"[except] 的 parts 不认识 {part}, 可选: 主办 协办" for part in parts)
    return rules


def _rule(table: Table) -> ScoreRule:
    written = table.text("fact")
    fact = next((fact for fact in Fact if fact.value == written), None)
    if fact is None:
        table.faults.append(
            f"{table.where} 的 fact「{written}」不认识, 可选: {' '.join(f.value for f in Fact)}"
        )
    rule = ScoreRule(
        fact=fact or Fact.LEDGER,
        item=table.text("item", ""),
        points=table.number("points", 0),
        over=table.number("over", 0),
        most=table.number("most", 0),
        veto=table.flag("veto", default=False),
        source=table.text("source", ""),
    )
    table.done()
    if not rule.points and not rule.veto:
        table.faults.append(f"{table.where} 的 points 不能是 0 (一票否决写 veto = true)")
    if rule.points < 0 and not rule.item:
        table.faults.append(f"{table.where} 扣分要写明 item")
    if rule.over < 0 or rule.most < 0 or abs(rule.points) > _MOST_POINTS:
        table.faults.append(
            f"{table.where} 的 over 和 most 不能小于 0, points 不能超过 {_MOST_POINTS}"
        )
    return rule


def _check(rules: ScoreRules, faults: list[str]) -> None:
    names = {item.name for item in rules.items}
    if not names:
        faults.append("[item] 里至少要有一个项目")
    faults += [f"[item] 的 {one.name} 应大于 0" for one in rules.items if one.points <= 0]
    faults += [
        f"[[rule]] {rule.fact} 的 item「{rule.item}」不在 [item] 里"
        for rule in rules.rules
        if rule.item and rule.item not in names
    ]
    facts = [rule.fact for rule in rules.rules]
    faults += [f"[[rule]] {fact} 写了两次" for fact in Fact if facts.count(fact) > 1]
    if not 1 <= rules.appeal_days <= _MOST_DAYS:
        faults.append(f"[score] 的 appeal_days 应在 1 到 {_MOST_DAYS} 之间")
    if not 1 <= rules.publish_by <= _LAST_DAY:
        faults.append(f"[score] 的 publish_by 应在 1 到 {_LAST_DAY} 之间")
    if rules.bonus_most < 0:
        faults.append("[score] 的 bonus_most 不能小于 0")
