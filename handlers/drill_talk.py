"""演练, 开始演练 …, 结束演练, 演练结果: what the office says about drills."""

from cases.chat.drill_words import DrillDeed, DrillWish
from cases.drills.scenario import Scenario, minutes
from cases.errors import RefusalError
from cases.permissions import Action
from cases.wording import drills as words
from cases.wording.moments import clock_time
from handlers import drills
from handlers.drafting import order_of_drill
from handlers.talk import Talk
from storage.drills import Drill

_FASTEST = 360


def wished(talk: Talk, wish: DrillWish) -> str:
    """Carry out what is wanted of drills, and answer.

    Raises:
        RefusalError: it may not be done, or not now.
    """
    talk.permit(Action.DRILL)
    match wish.deed:
        case DrillDeed.LIST:
            return words.catalogue(talk.desk.drills)
        case DrillDeed.BEGIN:
            return _begin(talk, wish)
        case DrillDeed.END:
            return _end(talk)
        case DrillDeed.SHEET:
            return words.sheet_words(drills.sheet(talk.work, _latest(talk), talk.now), talk.now)
        case DrillDeed.PRINT:
            return _print(talk)


def _begin(talk: Talk, wish: DrillWish) -> str:
    scenario = _meant(talk, wish.name)
    if wish.speed > _FASTEST:
        raise RefusalError(f"最快 {_FASTEST} 分钟为 1 分钟, 再快就来不及答了。")
    wanted = drills.Wanted(scenario, talk.person, wish.speed)
    drill = drills.begin(talk.work, talk.desk, wanted, talk.now)
    ends = drills.time_of(drill).to_real(drill.story_at + minutes(scenario.lasts))
    until = clock_time(ends, talk.now)
    pace = words.speed_words(drill.speed)
    return f"演练「{drill.name}」已开始, {pace}, 最迟 {until} 自动结束。结束请回复: 结束演练"


def _meant(talk: Talk, name: str) -> Scenario:
    found = next((one for one in talk.desk.drills if one.called(name)), None)
    if found is None:
        raise RefusalError(f"没有演练场景「{name}」。{words.catalogue(talk.desk.drills)}")
    return found


def _end(talk: Talk) -> str:
    drill = talk.work.drills.under_way()
    if drill is None:
        raise RefusalError("现在没有进行中的演练。")
    drills.end(talk.work, talk.desk, drill, talk.person, talk.now)
    page = f" 结果页: {talk.desk.base_url}/drill/{drill.id}" if talk.desk.base_url else ""
    return f"演练「{drill.name}」已结束, 未办的已全部取消, 结果已发值班员和舆情办主任。{page}"


def _latest(talk: Talk) -> Drill:
    latest = talk.work.drills.latest(1)
    if not latest:
        raise RefusalError("还没有做过演练。回复「演练」看有哪些场景。")
    return latest[0]


def _print(talk: Talk) -> str:
    drill = _latest(talk)
    number = order_of_drill(talk.work, talk.desk, drill.id, talk.now, talk.person.userid)
    return f"正在生成 文稿{number} 演练「{drill.name}」结果表, 约 5 秒, 好了把文件发给您。"
