"""Items of the demonstration: titles and text from building blocks, dates as an office produces them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from gongkai.applications.selectors import calendar
from gongkai.organs.models import Organ
from gongkai.publication.models import (
    BudgetPage,
    ColumnPage,
    DisclosurePage,
    GuidePage,
    InterpretationPage,
    KeyTaskPage,
    LeaderPage,
    MeetingPage,
    MotionPage,
    PolicyPage,
)
from gongkai.publication.vocab import TOPICS

PLACES = ("清河镇", "柳湾镇", "杏林镇", "安和镇", "双桥镇", "石门镇", "枣园镇", "东岭乡")
#: Kind of item → its place in the national list of topics; everything else is 综合政务.
TOPIC_OF = {
    "plan": 2, "statistics": 2, "budget": 3, "fees": 3, "procurement": 3, "land": 4, "licence": 8, "penalty": 8,
    "inspection": 8, "emergency": 8, "project": 9, "task": 9, "recruitment": 14, "livelihood": 16,
}  # fmt: skip
#: Organs that changed their telephone after their guide was published.
MOVED = ("ltq-mzj", "ltq-qinghe")
QUARTERS = ("一季度", "上半年", "前三季度", "全年")


class Builder:
    """Makes unsaved pages; one random source per column, so that columns do not depend on each other's order."""

    def __init__(self, data: dict[str, Any], today: date) -> None:
        self.data, self.today = data, today
        self.days = calendar()
        #: Column code → its policy pages, for the interpretations.
        self.policies: dict[int, list[PolicyPage]] = {}

    def pages(self, column: ColumnPage, spec: dict[str, Any]) -> list[DisclosurePage]:
        """The items of a column as its ``spec`` says; the first column of each third organ is let go stale."""
        rng = Random(f"{column.organ.slug}/{column.code}")  # noqa: S311
        # Stale: some organs have not touched their news for two months.
        lag = 70 if column.code == "gzdt" and column.organ.pk % 5 == 0 else 0
        count = spec.get("n", 5)
        out = []
        for number in range(count):
            if spec["make"] == "budget":
                formed = self.days.next_working_day(self._approved(number)[1])
            else:
                formed = self._formed(number, count, rng, lag, recent=spec.get("days"))
            page = self._make(spec["make"], column, number, formed, rng)
            self._when(page, formed, number, count, rng)
            out.append(page)
        return out

    # --- dates --------------------------------------------------------------------------------------------------

    def _formed(self, number: int, count: int, rng: Random, lag: int, recent: int | None) -> date:
        """Spread over three years, the last one recent."""
        span = 330 if recent and recent <= 31 else 960
        back = int(span * (count - 1 - number) / max(count, 1)) + rng.randrange(2, 9) + lag
        if not recent:
            back += 12
        return self.days.next_working_day(self.today - timedelta(days=back + 1))

    def _approved(self, number: int) -> tuple[int, date]:
        """Fiscal year and day of approval: a budget in February, a final account in August of the year after."""
        last = self.today.year if self.today >= date(self.today.year, 9, 15) else self.today.year - 1
        sat = last - 1 + number // 2
        return (sat - 1, date(sat, 8, 20)) if number % 2 else (sat, date(sat, 2, 8))

    def _when(self, page: DisclosurePage, formed: date, number: int, count: int, rng: Random) -> None:
        """Most come out within days; one in twenty late; a few drafts wait, some of them too long."""
        organ = page.organ if page.organ_id else page.column.organ
        if number == count - 1 and organ.pk % 4 == 0 and page.kind in ("policy", "livelihood", "project"):
            page.formed_on = self.days.next_working_day(self.today - timedelta(days=24 + organ.pk % 14))
            return
        late = rng.random() < 0.05
        wait = 24 + rng.randrange(20) if late else rng.randrange(0, 7)
        day = min(
            self.days.add_working_days(formed, wait) if wait else formed, self.today - timedelta(days=1)
        )
        day = max(day, formed)
        at = datetime.combine(day, time(9 + rng.randrange(8), rng.randrange(60)))
        page.published_at = timezone.make_aware(at)

    # --- words --------------------------------------------------------------------------------------------------

    def _words(self, organ: Organ, formed: date, number: int, rng: Random, topic: str = "") -> dict[str, Any]:
        place = (
            organ.label
            if organ.kind in ("township", "subdistrict")
            else PLACES[(organ.pk + number) % len(PLACES)]
        )
        quarter = (formed.month - 1) // 3  # the last one that has ended
        period = f"{formed.year - (quarter == 0)}年{QUARTERS[quarter - 1]}"
        return {
            "period": period, "organ": organ.name, "short": organ.label, "place": place, "year": formed.year, "month": formed.month,
            "quarter": QUARTERS[quarter], "n": number + 1, "money": f"{rng.randrange(120, 9800) / 10:.1f}",
            "topic": topic,
        }  # fmt: skip

    @staticmethod
    def _body(paragraphs: Sequence[str]) -> list[tuple[str, Any]]:
        return [("text", "".join(f"<p>{p}</p>" for p in paragraphs))]

    def _make(self, how: str, column: ColumnPage, number: int, formed: date, rng: Random) -> DisclosurePage:
        own = getattr(self, f"_{how}", None)
        page: DisclosurePage = (
            own(column, number, formed, rng) if own else self._general(how, column, number, formed, rng)
        )
        page.column, page.organ = column, column.organ
        page.kind = page.FIXED_KIND or column.default_kind
        page.formed_on = formed
        page.summary = page.summary or f"{column.organ.name}公开的{page.title}。"
        page.keywords = page.keywords or f"{column.title} {column.organ.label}"
        page.topic_class = TOPICS[TOPIC_OF.get(how, 1)]
        return page

    def _general(
        self, how: str, column: ColumnPage, number: int, formed: date, rng: Random
    ) -> DisclosurePage:
        block = self.data["items"][how]
        topics = block.get("topics", [""])
        words = self._words(
            column.organ, formed, number, rng, topics[(number + column.organ.pk) % len(topics)]
        )
        titles = block["title"]
        title = titles[(number + column.organ.pk) % len(titles)].format(**words)
        which = (number + column.organ.pk) % len(titles)
        texts = [block["texts"][which]] if "texts" in block else block["text"]
        body = self._body([t.format(**words) for t in texts])
        tables = self.data["tables"].get(how, ())
        if tables and (how == "statistics" or number % 2 == 0):
            body.append(
                ("table", _table(f"{title}附表", tables[which % len(tables)], column.organ.pk + number))
            )
        return DisclosurePage(title=title, body=body)

    def _policy(self, column: ColumnPage, number: int, formed: date, rng: Random) -> PolicyPage:
        general = self._general("policy", column, number, formed, rng)
        mark = {"government": "政发", "office": "政办发", "township": "镇发"}.get(column.organ.kind, "局发")
        page = PolicyPage(
            title=general.title, body=general.body, genre="通告" if "通告" in general.title else "通知",
            document_number=f"{column.organ.label[:3]}{mark}〔{formed.year}〕{number + 3 + column.organ.pk % 20}号",
            validity="in_force", effective_on=formed, normative="办法" in general.title, facet="decision",
        )  # fmt: skip
        self.policies.setdefault(column.organ_id, []).append(page)
        return page

    def _interpretation(
        self, column: ColumnPage, number: int, formed: date, rng: Random
    ) -> InterpretationPage:
        document = (self.policies.get(column.organ_id) or [None])[-2:][0]
        title = document.title if document else "有关规定"
        topic = title.split("《")[-1].split("》")[0].removeprefix("关于")
        words = self._words(column.organ, formed, number, rng, topic)
        page = InterpretationPage(
            title=f"《{topic}》政策解读",
            document=document if document is not None and document.published_at else None,
            document_title="" if document is not None else title,
            who="文件适用范围内的居民和企业", how="带身份证件到窗口或者网上申请", where="乡镇便民服务中心、政务服务大厅",
            until="长期有效，有效期满前另行通知", ask="12345",
            **{field: text.format(**words) for field, text in self.data["elements"].items()},
        )  # fmt: skip
        if column.organ.pk % 7 == 0:
            page.standards = ""  # an element left open: the editor and the portal show the gap
        return page

    def _budget(self, column: ColumnPage, number: int, formed: date, rng: Random) -> BudgetPage:
        year, final = self._approved(number)[0], number % 2 == 1
        level = "government" if column.organ.kind == "government" else "department"
        what = ("政府" if level == "government" else "部门") + ("决算" if final else "预算")
        title = f"{column.organ.name}{year}年{what}公开"
        body = self._body([f"现将{year}年{what}予以公开，本表金额单位为万元。"])
        body.append(("table", _budget_table(f"{year}年{what}收支总表", rng)))
        return BudgetPage(
            title=title, body=body, fiscal_year=year, stage="final" if final else "budget", level=level,
            unit=column.organ.name, approved_on=formed,
        )  # fmt: skip

    def _meeting(self, column: ColumnPage, number: int, formed: date, rng: Random) -> MeetingPage:
        agenda, outcome = self.data["meetings"]["agenda"], self.data["meetings"]["outcome"]
        first = rng.randrange(len(agenda))
        chosen = [(first + k) % len(agenda) for k in range(3)]
        return MeetingPage(
            title=f"{column.organ.label}第{number + 21}次常务会议", meeting="政府常务会议", session=f"第{number + 21}次",
            held_on=formed, chair=f"{column.organ.label}主要负责人", agenda="\n".join(agenda[k] for k in chosen),
            outcome="\n".join(outcome[k] for k in chosen), facet="decision",
            body=self._body(["会议听取了有关单位的汇报，与会人员进行了讨论。"]),
        )  # fmt: skip

    def _motion(self, column: ColumnPage, number: int, formed: date, rng: Random) -> MotionPage:
        general = self._general("motion", column, number, formed, rng)
        proposal = "提案" in general.title
        return MotionPage(
            title=general.title, body=general.body, body_kind="conference" if proposal else "congress",
            session=f"第五届第{formed.year - 2021}次会议", number=f"{10 + column.organ.pk % 80 + number}号",
            subject=general.title.removesuffix("答复"), replied_on=formed,
            result=("已经解决或者基本解决", "正在解决或者列入计划解决")[number % 2], facet="result",
        )  # fmt: skip

    def _task(self, column: ColumnPage, number: int, formed: date, rng: Random) -> KeyTaskPage:
        name, target, lead = self.data["tasks"][number % len(self.data["tasks"])]
        year = formed.year
        return KeyTaskPage(
            title=f"{name}（{year}年）", task_type="livelihood" if number % 2 else "report", year=year, lead=lead,
            target=target, target_on=date(year, 12, 20), facet="execution",
            body=self._body([f"{year}年政府工作报告确定的任务，由{lead}牵头，每季度公布一次进展。"]),
        )  # fmt: skip

    def _leader(self, column: ColumnPage, number: int, formed: date, rng: Random) -> LeaderPage:
        names = self.data["surnames"]
        surname = names[(column.organ.pk * 3 + number * 5) % len(names)]
        return LeaderPage(
            title=f"{surname}例{'一二三'[number % 3]}", post=f"{column.organ.label}{self.data['posts'][number % 3]}",
            rank=number + 1, duties=("主持全面工作。", "分管政务公开、行政审批工作。", "分管项目建设、安全生产工作。")[number % 3],
        )  # fmt: skip

    def _profile(self, column: ColumnPage, number: int, formed: date, rng: Random) -> DisclosurePage:
        organ = column.organ
        duties = "、".join(organ.keywords.split()) or "本行政区域经济、教育、文化、卫生等行政工作"
        paragraphs = [
            f"{organ.name}负责{duties}等方面的管理和服务工作。", f"办公时间：{organ.hours or '工作日'}。",
            f"联系电话：{organ.phone or '12345'}。", "内设机构的职责和联系方式按编制规定公布，变更后及时更新。",
        ]  # fmt: skip
        return DisclosurePage(title=f"{organ.name}机构职能", body=self._body(paragraphs))

    # --- the fixed sub-columns ----------------------------------------------------------------------------------

    def guide(self, organ: Organ) -> list[DisclosurePage]:
        """The guide, in its second version where the organ is a government."""
        return [
            GuidePage(
                title=f"{organ.name}政府信息公开指南", version=2 if organ.kind == "government" else 1,
                formed_on=date(self.today.year - 1, 3, 3), published_at=_at(date(self.today.year - 1, 3, 10)),
                summary=f"{organ.name}政府信息的分类、编排、获取方式和公开工作机构。",
                classification="机构职能、政策文件、规划计划、财政信息、行政执法、民生保障等。",
                arrangement="按《条例》第二十条、第二十一条所列事项分设栏目，栏目内按发布时间排列。",
                access="通过政府网站、政务服务中心、图书馆查阅点主动获取；没有公开的，可以提出申请。",
                office_name=_office(organ), office_address=organ.address or f"{organ.label}综合办公室（演示地址）",
                office_hours=organ.hours or "工作日 8:30—12:00，14:30—18:00",
                phone="0953-2030000" if organ.slug in MOVED else organ.phone or "12345",
                fax=organ.fax or "没有传真，请用电话或者网上提交", internet=organ.email or "通过本平台提交",
            )
        ]  # fmt: skip

    def systems(self, organ: Organ) -> list[DisclosurePage]:
        """The rules of disclosure."""
        rules = self.data["systems"] if organ.kind == "government" else self.data["systems"][1:3]
        out = []
        for number, rule in enumerate(rules):
            day = date(self.today.year - 2, 5, 8 + number)
            own = "link" not in rule  # the regulation itself is nobody's own
            body = self._body(rule["text"])
            if not own:
                body.append(("link", dict(zip(("text", "url"), rule["link"], strict=True))))
            out.append(
                DisclosurePage(
                    title=f"{organ.name}{rule['name']}" if own else rule["name"], kind="system", formed_on=day,
                    published_at=_at(day + timedelta(days=7)), summary=f"{rule['name']}。", body=body,
                )
            )  # fmt: skip
        return out

    def explained(self, organ: Organ, picture: Any) -> list[DisclosurePage]:
        """An explanation in one picture, and one in questions and answers."""
        drawn, asked = self.data["explained"]["picture"], self.data["explained"]["qa"]
        formed = self.days.next_working_day(self.today - timedelta(days=40))
        block = {"file": picture, "alt": drawn["alt"], "caption": drawn["caption"]}
        answers = [("qa", {"question": q, "answer": f"<p>{a}</p>"}) for q, a in asked["questions"]]
        common = {"formed_on": formed, "published_at": _at(formed + timedelta(days=1)), "ask": "12345"}
        return [
            InterpretationPage(
                title=drawn["title"], form="picture", body=[("picture", block)], document_title="政府信息公开条例",
                who="公民、法人和其他组织", how="网上、信函、当面或者口头提出", where="掌握信息的行政机关",
                summary="五步讲清怎样申请公开政府信息。", **common,
            ),
            InterpretationPage(
                title=asked["title"], form="qa", body=answers, document_title="社会救助政策", who="生活困难的居民",
                how="带身份证、户口簿申请", where="乡镇便民服务中心", summary=f"{asked['title']}：问答。", **common,
            ),
        ]  # fmt: skip

    def talks(self, organ: Organ) -> list[DisclosurePage]:
        """The episodes of the series, a month apart."""
        spec = self.data["talks"]
        out: list[DisclosurePage] = []
        for number, (topic, who) in enumerate(zip(spec["topics"], spec["who"], strict=True), 1):
            formed = self.days.next_working_day(
                self.today - timedelta(days=31 * (len(spec["topics"]) - number) + 9)
            )
            words = self._words(organ, formed, number, Random(number), topic)  # noqa: S311
            script = (
                f"<p>大家好，今天讲{topic}。</p><p>{who}最关心三个问题：能不能办、到哪里办、多久办好。</p>"
                f"<p>符合条件的，带好身份证件到就近的便民服务中心，也可以网上办理，七个工作日内办结。</p>"
            )
            out.append(
                InterpretationPage(
                    title=f"{spec['name']}第{number}期：{topic}", form="video", series=spec["name"], issue_number=number,
                    speaker="有关部门负责人", formed_on=formed, published_at=_at(formed + timedelta(days=1)),
                    summary=f"用三分钟讲清{topic}。", who=who, how="带身份证件到窗口或者网上申请",
                    where="乡镇便民服务中心", until="长期", ask="12345",
                    body=[("video", {"title": topic, "file": None, "captions": None, "transcript": script})],
                    **{field: text.format(**words) for field, text in self.data["elements"].items()},
                )
            )  # fmt: skip
        return out


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10, 30)))


def _office(organ: Organ) -> str:
    """Who does the work of disclosure: the office of a government, the organ's own office elsewhere."""
    return f"{organ.name}办公室" if organ.kind == "government" else f"{organ.name}综合办公室"


def _table(caption: str, spec: dict[str, Any], seed: int) -> dict[str, Any]:
    """A table as the data file describes it: words as they stand, figures within their span, a sum where asked."""
    rng = Random(seed)  # noqa: S311
    figures = [[_cell(cell, rng) for cell in row] for row in spec["rows"]]
    if spec.get("total"):
        columns = list(zip(*figures, strict=True))[1:]
        places = [max(len(cell.partition(".")[2]) for cell in column) for column in columns]
        sums = [f"{sum(map(float, c)):.{n}f}" for c, n in zip(columns, places, strict=True)]
        figures.append(["合计", *sums])
    return _as_table(caption, [spec["head"], *figures])


def _cell(cell: str | list[int], rng: Random) -> str:
    return cell if isinstance(cell, str) else f"{rng.uniform(cell[0], cell[1]):.{cell[2]}f}"


def _budget_table(caption: str, rng: Random) -> dict[str, Any]:
    """Income equals expenditure, as in a budget."""
    parts = [rng.randrange(800, 9000) for _ in range(3)]
    total = sum(parts)
    rows = [["收入项目", "金额", "支出项目", "金额"]]
    rows.append(["一般公共预算拨款", str(total), "基本支出", str(parts[0])])
    rows.append(["其他收入", "0", "项目支出", str(parts[1])])
    rows.append(["上年结转", "0", "其他支出", str(parts[2])])
    rows.append(["收入总计", str(total), "支出总计", str(total)])
    return _as_table(caption, rows)


def _as_table(caption: str, rows: list[list[str]]) -> dict[str, Any]:
    return {
        "data": rows, "cell": [], "first_row_is_table_header": True, "first_col_is_header": False,
        "table_header_choice": "row", "table_caption": caption,
    }  # fmt: skip
