"""Consistent reports in the words offices use: nothing in them may be called an error or a question.

Each story is an organ, a year, the applicants' columns of table 3 (totals are worked out), what the sections say, the
cases of table 4 as (维持, 纠正, 其他, 尚未审结) for 复议, 直接起诉, 复议后起诉, and cells of table 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.annualreport.model import Report, Section, from_numbers
from gongkai.annualreport.schema import EDITION_2019, EDITION_2021, SECTION_TITLES

FEE = "按照《政府信息公开信息处理费管理办法》收取信息处理费的情况：本年度未收取信息处理费。"
_TEXTS = {
    1: "本机关按照条例要求开展政府信息公开工作，现将有关情况报告如下。本报告统计期限自1月1日至12月31日。",
    5: "存在的问题：部分栏目更新不够及时。改进情况：逐月检查，督促整改。",
    6: FEE,
}
_BLOCKS = ("reconsideration", "suit_direct", "suit_after")
_RESULTS = ("upheld", "corrected", "other", "pending")


@dataclass(frozen=True)
class Story:
    name: str
    organ: str
    year: int
    applicants: Mapping[str, Mapping[str, int]]
    texts: Mapping[int, str]
    cases: Sequence[Sequence[int]] = ()
    published: Mapping[str, float] = field(default_factory=dict)

    def numbers(self) -> dict[str, int | Decimal | None]:
        """Every cell that is not 0. Raises AssertionError where the story itself does not add up."""
        out: dict[str, int | Decimal | None] = {}
        sums: dict[str, int] = {}
        for column, rows in self.applicants.items():
            done = sum(n for row, n in rows.items() if row not in ("new", "carried_in", "carried_out"))
            left = rows.get("new", 0) + rows.get("carried_in", 0) - done
            assert left == rows.get("carried_out", 0), (self.name, column, left)
            for row, n in {**rows, "total": done, "carried_out": left}.items():
                out[f"t3.{row}.{column}"] = n
                sums[row] = sums.get(row, 0) + n
        out |= {f"t3.{row}.total": n for row, n in sums.items()}
        for block, results in zip(_BLOCKS, self.cases, strict=False):
            out |= {f"t4.{block}.{c}": n for c, n in zip(_RESULTS, results, strict=True)}
            out[f"t4.{block}.total"] = sum(results)
        out |= {f"t2.{k}": n if isinstance(n, int) else Decimal(str(n)) for k, n in self.published.items()}
        return out

    def report(self, replacing: tuple[str, str] | None = None) -> Report:
        """The report; ``replacing`` puts other words into its sections, to make it contradict itself."""
        texts = {**_TEXTS, **self.texts}
        if replacing:
            assert any(replacing[0] in text for text in texts.values()), replacing
            texts = {n: text.replace(*replacing) for n, text in texts.items()}
        sections = [
            Section(n, f"{'一二三四五六'[n - 1]}、{title}", texts.get(n, ""), "一二三四五六"[n - 1])
            for n, title in enumerate(SECTION_TITLES, 1)
        ]
        edition = EDITION_2021 if self.year >= 2021 else EDITION_2019
        return from_numbers(
            self.numbers(), edition=edition, organ=self.organ, year=self.year, sections=sections
        )


# fmt: off
STORIES: tuple[Story, ...] = (
    Story("县政府本级与全县", "临河县人民政府", 2024,
          {"natural": {"new": 62, "carried_in": 3, "granted": 21, "partial": 6, "refused_internal": 2, "refused_process": 3, "unavailable_not_held": 25, "declined_petition": 4, "other_other": 2, "carried_out": 2}, "business": {"new": 5, "granted": 3, "unavailable_not_held": 2}},
          {1: "2024年，临河县认真贯彻落实《中华人民共和国政府信息公开条例》，扎实推进政务公开各项工作。\n"
              "（一）主动公开。全年通过县政府门户网站主动公开政府信息8643条，较上年增加512条；发布政策解读材料46篇，"
              "其中图文解读31篇、视频解读9篇、专家解读6篇。\n"
              "（二）依申请公开。全县共收到政府信息公开申请67件，其中县政府本级收到18件、各部门收到41件、各乡镇收到8件；上年结转3件。全年办结68件，"
              "结转下年度继续办理2件。申请人中，自然人62件，占92.5%；法人或其他组织5件。\n"
              "（三）政府信息管理。清理行政规范性文件73件，继续有效52件、修改8件、废止13件，均已在网站公布。\n"
              "（四）平台建设。县政府网站全年访问量达213万人次。\n"
              "（五）监督保障。组织培训3次，参训260余人次。"}, ((3, 1, 1, 0), (1, 0, 0, 1), (0, 0, 0, 0)),
          published={"normative.issued": 12, "normative.repealed": 13, "normative.valid": 52, "licence.decisions": 15230, "penalty.decisions": 1876, "coercion.decisions": 34, "fee.amount": 2310.55}),
    Story("县各部门先说总数", "安平县人民政府", 2023,
          {"natural": {"new": 40, "granted": 20, "unavailable_not_held": 18, "carried_out": 2}, "business": {"new": 2, "partial": 2}},
          {1: "（二）依申请公开情况。各部门、各乡镇认真做好依申请公开工作，2023年全县共受理政府信息公开申请42件，同比下降16%，"
              "其中各部门30件、各乡镇12件。所有申请均在法定期限内依法答复或正在办理。各部门全年答复28件，各乡镇答复12件。"}, ((2, 0, 0, 0),)),
    Story("各部门 clause 1", "青山区人民政府", 2022,
          {"natural": {"new": 33, "carried_in": 1, "granted": 30, "declined_repeat": 4}},
          {1: "全区各部门、各街道共收到政府信息公开申请33件，加上2021年结转1件，全年应办34件，实际办结34件，办结率100%。其中，区政府办公室办理9件，"
              "区住建局办理14件，区自然资源分局办理6件，各街道办理5件。从答复结果看，予以公开30件，重复申请不予处理4件。"}),
    Story("各部门 中间换段", "沂河市人民政府", 2024,
          {"natural": {"new": 210, "carried_in": 12, "granted": 80, "partial": 20, "refused_law": 4, "unavailable_not_held": 90, "declined_petition": 10, "other_other": 8, "carried_out": 10}, "legal_service": {"new": 14, "granted": 10, "unavailable_not_held": 4}},
          {1: "各部门进一步规范办理流程，提高答复质量，全年收到申请206件，办结206件；市政府收到申请18件，办结16件。全市合计收到申请224件，"
              "上年结转12件，办结226件，结转下年10件。\n"
              "全市因政府信息公开引发行政复议21件、行政诉讼9件，复议纠正2件，诉讼纠正0件。"}, ((12, 2, 4, 3), (4, 0, 1, 1), (2, 0, 0, 1))),
    Story("部门：县财政局", "清水县财政局", 2023,
          {"natural": {"new": 3, "granted": 2, "unavailable_not_held": 1}},
          {1: "2023年，县财政局严格落实条例规定。一是主动公开方面，公开财政预决算信息132条，其中全县各部门预算信息78条、决算信息54条；二是依申请公开方面，"
              "收到信息公开申请3件，均为自然人通过网络提交，均按期答复，无结转；三是未制发行政规范性文件。本年度没有因政府信息公开被申请行政复议或提起行政诉讼。",
           6: "本年度依申请公开未收取任何费用。本年度共承办人大建议4件、政协提案7件，全部按时办结并公开。"},
          published={"penalty.decisions": 2, "fee.amount": 0}),
    Story("乡镇零件", "石桥镇人民政府", 2022,
          {},
          {1: "2022年，石桥镇人民政府坚持以公开为常态、不公开为例外，围绕镇村两级中心工作，主动公开信息412条，"
              "其中乡村振兴类96条、民生保障类143条、财政资金类57条、其他116条。本年度未收到政府信息公开申请，无上年结转申请。"
              "未发生因政府信息公开引起的行政复议、行政诉讼案件。",
           5: "存在问题：一是公开内容不够全面；二是人员更换频繁，2022年更换经办人2次。改进措施：2023年计划组织培训4次，力争主动公开信息500条以上。",
           6: "2022年度无收取信息处理费情况。"}),
    Story("街道 汉字数字", "古楼街道办事处", 2021,
          {"natural": {"new": 2, "granted": 1, "unavailable_not_held": 1}},
          {1: "一年来，街道共收到依申请公开两件，其中一件予以公开，一件因本机关不掌握相关信息无法提供，两件均按时答复。全年开展政务公开培训三次，政府开放日活动一场，"
              "参加群众五十余人。"}),
    Story("直辖市区", "城南区人民政府", 2021,
          {"natural": {"new": 812, "carried_in": 45, "granted": 300, "partial": 101, "refused_law": 3, "refused_safety": 1, "refused_third_party": 9, "refused_internal": 12, "refused_process": 14, "refused_enforcement": 6, "refused_query": 8, "unavailable_not_held": 260, "unavailable_needs_making": 20, "unavailable_unclear": 4, "declined_petition": 31, "declined_repeat": 10, "other_uncorrected": 15, "other_other": 12, "carried_out": 51}, "business": {"new": 60, "carried_in": 2, "granted": 40, "unavailable_not_held": 20, "carried_out": 2}, "legal_service": {"new": 9, "granted": 9}},
          {1: "2021年，全区各级行政机关共收到政府信息公开申请881件，同比增长4.6%。其中：当面申请102件，占11.6%；网络申请540件，占61.3%；"
              "信函申请239件，占27.1%。加上2020年度结转47件，全年应办理928件，实际办结875件，结转2022年53件。\n"
              "办结的875件申请中：“予以公开”349件，占39.9%；“部分公开”101件，占11.5%；“不予公开”53件，占6.1%；“无法提供”304件，"
              "占34.7%；“不予处理”41件；“其他处理”27件。\n"
              "申请量较大的单位依次为：区规划资源局231件、区房管局178件、区建管委96件、各街道合计152件。"}, ((40, 6, 20, 9), (5, 0, 7, 6), (4, 1, 3, 2)),
          published={"normative.issued": 8, "normative.repealed": 3, "normative.valid": 40}),
    Story("地区州", "白云州人民政府", 2023,
          {"natural": {"new": 520, "carried_in": 20, "granted": 300, "partial": 40, "unavailable_not_held": 150, "declined_petition": 20, "carried_out": 30}, "business": {"new": 30, "granted": 30}},
          {1: "2023年，全州共受理政府信息公开申请550件，其中州政府及州政府办公室受理23件，州直各部门受理187件，各县市受理340件。全州办结540件，"
              "结转下一年度30件，上一年度结转的20件已全部办结。从申请主体看，自然人申请520件、商业企业申请30件。全州各级各部门收到行政复议17件，"
              "州司法局审理的9件中维持6件、纠正1件、撤回2件。"}, ((10, 2, 3, 2), (0, 0, 0, 0), (0, 0, 0, 0))),
    Story("2019 版县", "万泉县人民政府", 2019,
          {"natural": {"new": 25, "carried_in": 0, "granted": 10, "partial": 3, "refused_third_party": 1, "unavailable_not_held": 9, "other_other": 1, "carried_out": 1}, "welfare": {"new": 1, "granted": 1}},
          {1: "2019年是新修订的《中华人民共和国政府信息公开条例》施行的第一年。全县各乡镇、各部门主动公开政府信息12467条。全县共收到政府信息公开申请26件，"
              "比2018年的31件减少5件。其中，条例修订施行前（5月15日前）收到9件，施行后收到17件。答复25件，1件结转下年办理。"}, ((1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)),
          published={"normative.made": 6, "normative.published": 6, "normative.public_total": 58, "licence.previous": 230, "licence.change": -12, "licence.decisions": 8021, "service.previous": 100, "service.change": 3, "service.decisions": 5400, "penalty.previous": 1820, "penalty.change": 40, "penalty.decisions": 933, "coercion.previous": 120, "coercion.change": 0, "coercion.decisions": 21, "fee.previous": 31, "fee.change": -2, "procurement.count": 88, "procurement.amount": 15320.6}),
    Story("2020 版局", "东岭市市场监督管理局", 2020,
          {"natural": {"new": 44, "carried_in": 2, "granted": 20, "refused_enforcement": 5, "unavailable_not_held": 14, "declined_petition": 5, "carried_out": 2}, "business": {"new": 6, "granted": 4, "unavailable_not_held": 2}},
          {1: "2020年，我局制发规范性文件2件，对外公开规范性文件总数11件；行政许可事项保留38项，较上年减少2项，全年作出行政许可决定20311件；"
              "行政处罚事项640项，作出行政处罚决定512件，罚没款386.5万元。收到政府信息公开申请50件（其中自然人44件、企业6件），2019年结转2件，"
              "共计52件，办结50件，2件按规定结转下年度。"}, ((2, 0, 1, 0), (0, 0, 0, 0), (0, 0, 1, 0)),
          published={"normative.made": 2, "normative.published": 2, "normative.public_total": 11, "licence.previous": 40, "licence.change": -2, "licence.decisions": 20311, "penalty.previous": 640, "penalty.change": 0, "penalty.decisions": 512}),
    Story("开发区管委会", "云海经济技术开发区管理委员会", 2024,
          {"natural": {"new": 14, "carried_in": 1, "granted": 9, "unavailable_not_held": 4, "other_uncorrected": 1, "carried_out": 1}},
          {1: "2024年，开发区管委会新收政府信息公开申请14件，较2023年减少3件，降幅17.6%；上年结转1件。全年答复14件，"
              "其中予以公开9件、不掌握相关信息4件、申请人逾期不补正1件。年底尚有1件未到办理期限，结转至2025年办理。管委会所属各局全年公开招投标信息860条，"
              "其中建设局310条。"}),
    Story("县含开发区", "岭南县人民政府", 2022,
          {"natural": {"new": 51, "granted": 30, "unavailable_not_held": 20, "carried_out": 1}},
          {1: "本报告数据包括县政府、县政府各部门、各乡镇和县经济开发区。2022年全县（含经济开发区）收到政府信息公开申请51件，其中经济开发区收到6件，"
              "县直部门收到33件，乡镇收到12件。办结50件，其中经济开发区办结6件。复议、诉讼均为零。"}),
    Story("办公室报告两机关", "红旗区人民政府办公室", 2023,
          {"natural": {"new": 20, "carried_in": 1, "granted": 8, "partial": 2, "unavailable_not_held": 9, "carried_out": 2}},
          {1: "本报告统计口径为区政府及区政府办公室。2023年收到申请20件，其中以区政府名义受理15件，以区政府办公室名义受理5件。上年度结转1件，"
              "本年度办结19件，未办结2件转入下年度。全区各单位共收到申请134件，办结130件。"}),
    Story("对比去年括号", "长丰县教育局", 2024,
          {"natural": {"new": 18, "granted": 15, "unavailable_not_held": 3}},
          {1: "2024年收到政府信息公开申请18件（2023年为12件），增长50%；答复18件（2023年为13件），"
              "其中予以公开15件（2023年10件）、无法提供3件（2023年3件）。行政复议0件（2023年1件）。"}),
    Story("三年数据", "平原市人民政府", 2024,
          {"natural": {"new": 300, "carried_in": 10, "granted": 200, "unavailable_not_held": 100, "carried_out": 10}},
          {1: "2022年至2024年，全市分别收到政府信息公开申请256件、281件、300件，年均增长8%以上。三年来累计办结申请827件。"
              "2024年办结300件，结转10件。"}),
    Story("月份季度", "新桥区民政局", 2023,
          {"natural": {"new": 24, "granted": 24}},
          {1: "全年共受理依申请公开24件，其中一季度5件、二季度8件、三季度4件、四季度7件。上半年受理13件，下半年受理11件，答复率100%，"
              "按期答复率100%。6月份集中办理殡葬类申请6件。"}),
    Story("渠道", "双河镇人民政府", 2024,
          {"natural": {"new": 9, "granted": 4, "unavailable_not_held": 5}, "business": {"new": 1, "unavailable_not_held": 1}},
          {1: "2024年度共收到政府信息公开申请10件，其中通过政府网站提交6件，邮寄3件，当面1件；涉及征地拆迁7件，涉及村务2件，其他1件。"
              "10件申请均已按时答复：予以公开4件；本机关不掌握相关政府信息6件。"}),
    Story("约数", "江东区人民政府", 2021,
          {"natural": {"new": 498, "carried_in": 22, "granted": 310, "unavailable_not_held": 180, "carried_out": 30}},
          {1: "2021年，全区收到申请近500件，办结490件，平均办理时长11.2个工作日，较法定时限缩短近9个工作日。全年通过各类渠道公开信息超过3万条，"
              "答复咨询1200余件。"}),
    Story("规范性文件清理", "桐城县司法局", 2023,
          {"natural": {"new": 1, "granted": 1}},
          {1: "开展行政规范性文件清理，全县共清理规范性文件126件，其中继续有效88件，修改11件，废止27件。我局作为制定机关的规范性文件现行有效1件。"
              "审查县政府及各部门规范性文件送审稿32件。办理行政复议案件58件，其中涉及政府信息公开3件。我局本年未因政府信息公开被复议、诉讼。收到申请1件，"
              "予以公开1件。"},
          published={"normative.valid": 1}),
    Story("复议诉讼细分", "海城市自然资源和规划局", 2022,
          {"natural": {"new": 88, "carried_in": 6, "granted": 40, "partial": 12, "unavailable_not_held": 30, "declined_petition": 4, "carried_out": 8}},
          {1: "全年新收申请88件，上年结转6件，办结86件，结转8件。",
           4: "2022年，我局因政府信息公开被申请行政复议8件，其中维持5件，纠正1件，其他结果1件，尚未审结1件。行政诉讼5件：未经复议直接起诉3件，"
              "其中维持2件、尚未审结1件；复议后起诉2件，均为维持。"}, ((5, 1, 1, 1), (2, 0, 0, 1), (2, 0, 0, 0))),
    Story("复议职能机关", "泽州县人民政府", 2024,
          {"natural": {"new": 15, "granted": 15}},
          {1: "县政府行政复议机构全年收到行政复议申请214件，受理196件，审结180件，调解和解率34%。以县政府为被申请人的政府信息公开行政复议案件2件，"
              "均维持。县政府全年应诉行政诉讼案件31件，其中涉及政府信息公开的1件，结果维持。本年收到依申请公开15件，全部予以公开。"}, ((2, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, 0))),
    Story("12345热线", "北苑街道办事处", 2023,
          {"natural": {"new": 1, "declined_petition": 1}},
          {1: "办理12345热线工单3862件，办结率100%，满意率98.6%；办理网上留言126件，均已答复。受理政府信息公开申请1件，"
              "经审查属于信访举报投诉类申请，不予处理并告知救济渠道。"}),
    Story("收费", "金湖县住房和城乡建设局", 2022,
          {"natural": {"new": 35, "granted": 20, "unavailable_not_held": 12, "other_unpaid": 1, "declined_excessive": 1, "carried_out": 1}},
          {1: "全年收到申请35件，办结34件。",
           6: "2022年，对1名申请人大量申请的行为发出收费通知1件，应收信息处理费1250元，申请人逾期未缴纳，视为放弃申请；实际收取信息处理费0元。"},
          published={"fee.amount": 123.4}),
    Story("收费收到", "丰台县公安局", 2023,
          {"natural": {"new": 60, "granted": 40, "unavailable_not_held": 19, "carried_out": 1}},
          {1: "全年收到政府信息公开申请60件，办理59件。行政事业性收费金额358.72万元。",
           6: "本年度发出收费通知2份，收取信息处理费620元。"},
          published={"fee.amount": 358.72, "penalty.decisions": 12033, "licence.decisions": 230014}),
    Story("许可处罚数", "顺义县城市管理局", 2024,
          {"natural": {"new": 12, "granted": 12}},
          {1: "2024年，我局作出行政许可决定356件、行政处罚决定1024件、行政强制决定16件，均在作出决定后7个工作日内公示。"
              "主动公示行政许可信息356条、行政处罚信息1024条。办理依申请公开12件。"},
          published={"licence.decisions": 356, "penalty.decisions": 1024, "coercion.decisions": 16}),
    Story("省政府部门", "南江省水利厅", 2021,
          {"natural": {"new": 31, "carried_in": 2, "granted": 14, "partial": 2, "unavailable_not_held": 13, "other_other": 3, "carried_out": 1}, "business": {"new": 3, "granted": 3}, "research": {"new": 1, "granted": 1}, "other": {"new": 1, "unavailable_not_held": 1}},
          {1: "全年新收政府信息公开申请36件（自然人31件、法人或其他组织5件，其中商业企业3件、科研机构1件、其他1件），比上年增加4件；上年结转2件，"
              "已全部办结。本年办结37件，其中予以公开18件，部分公开2件，无法提供14件，其他处理3件（均为申请人主动撤回）。1件未到答复期限，结转下年度。"}),
    Story("逐项分号", "和平区卫生健康局", 2023,
          {"natural": {"new": 29, "carried_in": 1, "granted": 11, "partial": 4, "refused_third_party": 2, "unavailable_not_held": 7, "unavailable_unclear": 1, "declined_petition": 3, "carried_out": 2}},
          {1: "依申请公开情况：新收29件；上年结转1件；办结28件；结转下年度2件。办结的28件中，予以公开11件；部分公开4件；"
              "不予公开2件（均为保护第三方合法权益）；无法提供8件（不掌握7件、补正后申请内容仍不明确1件）；不予处理3件。"}),
    Story("同比口径", "山阳县人力资源和社会保障局", 2024,
          {"natural": {"new": 22, "granted": 22}},
          {1: "2024年我局共收到申请22件，较去年的20件增长10%，较2022年的11件翻了一番。全部予以公开，公开率100%。"}),
    Story("受理并办结加结转", "永和县农业农村局", 2022,
          {"natural": {"new": 7, "carried_in": 2, "granted": 6, "unavailable_not_held": 3}},
          {1: "受理政府信息公开申请9件（含2021年度结转2件），全部办结，办结率100%。其中予以公开6件，告知不掌握3件。"}),
    Story("国企高校旁述", "龙江市教育局", 2021,
          {"natural": {"new": 5, "granted": 5}},
          {1: "指导全市各高校、公办学校做好信息公开，全市学校收到信息公开申请37件，全部答复；我局本级收到申请5件，全部答复。"
              "督促供水、供电、公交等公共企事业单位公开信息4600条。"}),
    Story("部门汇总后说本级", "石城县卫生健康委员会", 2022,
          {"natural": {"new": 3, "granted": 3}},
          {1: "县卫生健康系统各单位收到信息公开申请16件，其中委本级3件、县医院6件、疾控中心2件、乡镇卫生院5件。委本级收到的3件申请均予以公开。"}),
    Story("表述无", "高台乡人民政府", 2023,
          {},
          {1: "2023年我乡主动公开信息210条。依申请公开方面，全年无政府信息公开申请。",
           4: "2023年我乡无行政复议、行政诉讼情况。",
           6: "（一）收取信息处理费情况：无。（二）落实上级年度政务公开工作要点情况：已落实12项任务，其中牵头任务3项。"}),
    Story("公开渠道百分比", "昌平县税务局", 2024,
          {"natural": {"new": 4, "granted": 3, "refused_third_party": 1}, "business": {"new": 1, "granted": 1}},
          {1: "本年收到申请5件，其中公民4件，占80%；企业1件，占20%。予以公开4件，不予公开1件，公开率80%。通过网站公开信息1890条，"
              "占总数的72.3%；通过新媒体公开724条，占27.7%。"}),
    Story("反问前年对照", "盐田县发展和改革局", 2023,
          {"natural": {"new": 13, "carried_in": 4, "granted": 9, "partial": 2, "unavailable_not_held": 5, "carried_out": 1}},
          {1: "2022年收到15件，办结11件，结转4件；2023年收到13件，连同结转的4件共17件，办结16件，结转1件。"
              "2023年收到的申请数较2022年下降13.3%，办结数较2022年增长45.5%。"}),
    Story("市本级与县区", "临江市人民政府", 2022,
          {"natural": {"new": 700, "carried_in": 30, "granted": 300, "partial": 60, "refused_internal": 10, "unavailable_not_held": 280, "declined_petition": 30, "other_other": 10, "carried_out": 40}, "business": {"new": 40, "granted": 30, "unavailable_not_held": 10}, "legal_service": {"new": 20, "granted": 10, "unavailable_not_held": 10}},
          {1: "2022年，全市共收到政府信息公开申请760件，其中，市本级302件（市政府48件，市直部门254件），县（市、区）458件。\n"
              "申请内容主要涉及征地拆迁（312件）、城乡规划（121件）、社会保障（64件）、教育医疗（52件）等方面。\n"
              "全市办结750件，其中市本级办结298件，县（市、区）办结452件；予以公开340件，部分公开60件，不予公开10件，无法提供300件，"
              "不予处理30件，其他处理10件。结转下年度40件。\n"
              "全市因政府信息公开被申请复议45件，其中市本级21件；被提起诉讼19件，其中市本级8件。"}, ((25, 4, 10, 6), (6, 0, 3, 1), (6, 1, 2, 0))),
    Story("问题部分的数", "安溪县人民政府办公室", 2023,
          {"natural": {"new": 8, "granted": 6, "unavailable_not_held": 2}},
          {1: "本年收到并答复申请8件。",
           5: "2022年报告中提出的3个问题已整改到位。存在的问题：一是抽查36个栏目，发现5个栏目超过6个月未更新；二是各单位答复文书不规范，"
              "抽查各部门答复书20份，发现问题6份；三是因答复不规范被复议机关纠正的情形，各部门发生2起。改进措施：一是组织培训2次；"
              "二是对收到的申请实行“一件一档”，力争2024年纠错率为0。"}),
    Story("表格之外引申请", "大洼县政务服务管理局", 2024,
          {"natural": {"new": 2, "granted": 2}},
          {1: "我局全年受理政务服务申请86210件，办结86019件，按时办结率99.8%，提前办结率97%。受理政府信息公开申请2件，办结2件，答复率100%。"}),
    Story("法人组织分列", "启明区民政局", 2022,
          {"natural": {"new": 6, "granted": 6}, "business": {"new": 2, "granted": 2}, "welfare": {"new": 1, "granted": 1}, "legal_service": {"new": 1, "unavailable_not_held": 1}},
          {1: "收到申请10件。按申请人划分，自然人6件，占60%；法人或其他组织4件，占40%，其中商业企业2件、社会公益组织1件、法律服务机构1件。"
              "按答复类型划分，予以公开9件，无法提供1件。"}),
    Story("公报 通报 非申请", "滨城区人民政府", 2023,
          {"natural": {"new": 77, "carried_in": 5, "granted": 41, "partial": 9, "unavailable_not_held": 25, "declined_repeat": 3, "carried_out": 4}},
          {1: "编发政府公报6期，刊登文件82件。全年制发行政规范性文件9件，废止2件，现行有效规范性文件61件，均统一对外公布；备案部门规范性文件14件。"
              "公开重大行政决策事项11项，公开征求意见23次，收到意见建议318条，采纳97条。全区收到政府信息公开申请77件，上年结转5件，办结78件，"
              "结转下年4件。各部门、各街道制发文件412件。"},
          published={"normative.issued": 9, "normative.repealed": 2, "normative.valid": 61}),
    Story("各部门在前一句 后句办结", "玉泉区人民政府", 2024,
          {"natural": {"new": 90, "carried_in": 4, "granted": 50, "unavailable_not_held": 40, "carried_out": 4}},
          {1: "2024年，各部门依法受理公开申请，严格按照规定程序和时限办理，共收到申请71件，办结70件，结转1件，答复率98.6%；区政府本级共收到申请19件。"
              "全区合计新收90件，上年结转4件，办结90件，结转下年4件。"}),
    Story("乡镇被复议他机关", "梅岭镇人民政府", 2024,
          {"natural": {"new": 6, "granted": 2, "unavailable_not_held": 4}},
          {1: "收到申请6件，答复6件。对答复不服申请行政复议1件，县政府决定维持；对复议决定不服提起行政诉讼1件，法院判决驳回原告诉讼请求。"}, ((1, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, 0))),
    Story("被驳回计其他", "杏林县自然资源局", 2023,
          {"natural": {"new": 16, "granted": 9, "unavailable_not_held": 7}},
          {1: "全年受理16件。",
           4: "全年发生行政复议3件，其中维持1件、申请人撤回2件；行政诉讼2件，其中驳回起诉1件、原告撤诉1件。"}, ((1, 0, 2, 0), (1, 0, 1, 0), (0, 0, 0, 0))),
    Story("增加幅度分项", "柳河市人民政府", 2023,
          {"natural": {"new": 180, "carried_in": 8, "granted": 100, "partial": 10, "unavailable_not_held": 70, "carried_out": 8}, "business": {"new": 20, "granted": 20}},
          {1: "全市新收政府信息公开申请200件，同比增加40件、增长25%；其中自然人180件，同比增加30件，法人和其他组织20件，同比增加10件。办结200件，"
              "与上年相比增加45件。"}),
    Story("省直管总量", "华山县人民政府", 2021,
          {"natural": {"new": 11, "granted": 9, "partial": 1, "carried_out": 1}},
          {1: "全县各级行政机关主动公开政府信息3.2万条。全县收到申请11件，其中县政府（含办公室）2件，教育局1件，公安局2件，自然资源局4件，华岳镇2件；"
              "全部为自然人申请。已办结10件，剩余1件在法定期限内，结转下年继续办理。"}),
    Story("扩展口径 注释", "宁海区财政局", 2022,
          {"natural": {"new": 10, "carried_in": 0, "granted": 5, "unavailable_not_held": 3, "other_other": 1, "carried_out": 1}},
          {1: "全年收到申请11件，其中1件系重复登记，经核减后实际10件。办结9件，1件结转。"}),
    Story("均为", "栖霞县审计局", 2024,
          {"natural": {"new": 2, "granted": 2}},
          {1: "全年收到2件申请，均为自然人申请，均予以公开，均在15个工作日内答复，没有延期答复情况，无一件被复议或诉讼。"}),
    Story("多句复用", "汉阳县人民政府", 2023,
          {"natural": {"new": 46, "carried_in": 2, "granted": 20, "partial": 5, "refused_internal": 3, "refused_process": 1, "unavailable_not_held": 12, "declined_repeat": 2, "other_other": 1, "carried_out": 4}},
          {1: "（一）主动公开。通过县政府门户网站主动公开政府信息5210条，其中规范性文件6条、行政许可1230条、行政处罚456条。\n"
              "（二）依申请公开。2023年全县收到政府信息公开申请46件，比2022年（52件）减少6件，下降11.5%；2022年结转2件；按规定办结44件，"
              "结转4件至2024年。在已办结的44件中，予以公开20件，占45.5%；部分公开5件，占11.4%；不予公开4件（内部事务信息3件、过程性信息1件），"
              "占9.1%；无法提供12件，占27.3%；不予处理2件；其他1件。\n"
              "（三）监督保障。将政务公开纳入绩效考核，分值占比4%。举办培训2期，参训人员180余人次。全年未发生因政府信息公开被责任追究情形。"},
          published={"normative.issued": 6, "normative.valid": 40, "licence.decisions": 1233, "penalty.decisions": 460}),
    Story("镇村两级", "柳沟镇人民政府", 2024,
          {"natural": {"new": 3, "unavailable_not_held": 2, "declined_petition": 1}},
          {1: "镇政府共受理依申请公开3件，均在规定时限内答复，其中不掌握相关政府信息2件、信访类1件。全镇21个行政村公开村务信息1890条。"
              "村民通过村务公开栏提出意见12件，已办结11件，1件正在办理。"}),
    Story("复议未审结跨年", "云台区人民政府", 2022,
          {"natural": {"new": 10, "granted": 10}},
          {1: "全年收到申请10件。",
           4: "2022年全区新增政府信息公开行政复议案件7件，2021年结转2件，共9件；已审结8件，其中维持6件、纠正1件、其他结果1件，1件尚未审结。"
              "行政诉讼方面，一审2件、二审1件，均为未经复议直接起诉，已判决驳回3件。"}, ((6, 1, 1, 1), (3, 0, 0, 0))),
    Story("决定类多义", "昌宁县公安局", 2023,
          {"natural": {"new": 12, "carried_in": 1, "granted": 3, "refused_enforcement": 6, "unavailable_not_held": 4}},
          {1: "全局收到政府信息公开申请12件，上年结转1件，全部办结。其中属于行政执法案卷6件。全年受理行政案件3210起，作出行政处罚决定2870件；"
              "办理行政许可（含出入境证件）56230件；采取行政强制措施312件。公安交管部门另作出非现场处罚18万余件，未计入本表。"},
          published={"penalty.decisions": 2870, "licence.decisions": 56230, "coercion.decisions": 312}),
    Story("计量不同", "东湖区人民政府", 2021,
          {"natural": {"new": 30, "granted": 30}},
          {1: "2021年收到30件，办结30件。自2008年条例施行以来，累计主动公开信息86万条。2021年1月至6月收到14件，7月至12月收到16件。"}),
    Story("收费与减免", "西湖县自然资源局", 2024,
          {"natural": {"new": 16, "granted": 15, "other_unpaid": 1}},
          {1: "收到依申请公开16件，办结16件。",
           6: "本年度共发出收费通知3件，应收金额2860元，实收金额1560元，其中1件申请人逾期未缴费，不再处理。"}),
    Story("结转词", "南漳县民政局", 2023,
          {"natural": {"new": 9, "carried_in": 2, "granted": 8, "carried_out": 3}},
          {1: "全年受理公开申请9件，2022年跨年度2件，2023年已答复8件，3件因需征求第三方意见尚在办理，将于2024年1月答复。"}),
    Story("两张列举", "高邮县人民政府", 2023,
          {"natural": {"new": 61, "carried_in": 3, "granted": 30, "partial": 8, "unavailable_not_held": 20, "other_other": 2, "carried_out": 4}, "legal_service": {"new": 4, "granted": 4}},
          {1: "全县各级行政机关共收到申请65件，其中自然人61件，法律服务机构4件；网络渠道38件，信函22件，当面5件；涉及自然资源27件，住建19件，"
              "其他19件。各行政机关答复64件，加上年结转3件。"}),
)
# fmt: on
