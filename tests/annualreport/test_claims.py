"""Sentences and what they claim. The tables are 北关区 2025's (see the figures below); every sentence here is true of them.

Each true sentence must be tied to its cells, give no finding, and give one when its number is changed. Each sentence of the
second table speaks of no cell at all, whatever paragraph it stands in.
"""

from __future__ import annotations

import pytest

from gongkai.annualreport import checks
from gongkai.annualreport.findings import Context, Finding, Severity
from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.narrative import Claim, ClaimKind, claims
from gongkai.demo import figures

# 新收125（自然人106 企业6 法律服务13）上年结转18；予以公开37 秘密4 内部事务7 执法案卷3 不掌握75 另行制作6 信访2 其他5；总计139 结转4
# 规范性文件 制发2 废止1 有效30；许可30874 处罚253 强制7 收费1212.2881万元；复议5（维持3 纠正2）诉讼2+1（维持2，其他1）


def report(sentence: str, *, heading: str = "", organ: str | None = None) -> Report:
    out = figures.get("BG25")
    out.sections = [Section(1, "一、总体情况", heading + sentence)]
    if organ:
        out.organ = organ
    return out


APPLY = "（二）依申请公开情况。"


def findings(made: Report, previous: Report | None = None) -> list[Finding]:
    found = checks.check(made, Context(previous=previous), strict=True)
    return [f for f in found if f.rule.startswith("NARR")]


def tied(made: Report) -> list[Claim]:
    return [c for c in claims(made) if c.formulas or c.kind in (ClaimKind.ALL, ClaimKind.FEE)]


#: sentence | the cells of the first reading of each claim, claims separated by blanks, cells by +
TRUE = """
2025年度新收到政府信息公开申请125件。| new
本年度新收政府信息公开申请125件，上年结转18件，办结139件，结转下年度4件。| new carried_in total carried_out
全区共收到政府信息公开申请125件。| new
全区各级行政机关共受理政府信息公开申请125件。| new
2025年，我区共收到依申请公开事项125件。| new
2025 年 度 共 收 到 政府信息公开申请 １２５ 件。| new
共收到政府信息公开申请（含上年结转）143件。| new+carried_in
收到政府信息公开申请143件（其中新收125件，上年结转18件）。| new new carried_in
收到政府信息公开申请143件，其中本年新收125件、上年度结转18件。| new new carried_in
本年新收125件，上年结转18件。| new carried_in
2025年全年共收到自然人、法人或其他组织提出的政府信息公开申请125件。| new
全年受理公民、法人和其他组织政府信息公开申请共125件。| new
新收政府信息公开申请125件，其中自然人106件，法人或其他组织19件。| new natural business+research+welfare+legal_service+other
新收政府信息公开申请125件，自然人106件、商业企业6件、法律服务机构13件。| new natural business legal_service
新收的申请中，自然人106件。| natural
自然人、法人或其他组织申请分别为106件、19件。| natural business+research+welfare+legal_service+other
自然人、法人或其他组织申请分别为106件和19件。| natural business+research+welfare+legal_service+other
共办结政府信息公开申请139件。| total
全年办结139件，剩余4件结转至下年度继续办理。| total carried_out
本年度累计办结139件，4件结转下年度办理。| total carried_out
截至2025年12月31日，已办结139件，结转下一年度继续办理4件。| total carried_out
已全部按时答复139件，另有4件正在办理中。| total carried_out
收到上年度结转申请18件。| carried_in
承接上年度结转18件。| carried_in
上年结转的政府信息公开申请18件已办结。| carried_in
2024年结转18件。| carried_in
办结139件，其中予以公开37件。| total granted
办结政府信息公开申请139件，其中予以公开37件、不予公开14件、无法提供81件、不予处理2件、其他处理5件。| total granted REFUSED UNAVAILABLE declined OTHERWISE
其中，37件予以公开，14件不予公开，81件无法提供，2件不予处理，5件作其他处理。| granted REFUSED UNAVAILABLE declined OTHERWISE
予以公开、不予公开分别为37件、14件。| granted REFUSED
予以公开37件，部分公开0件。| granted partial
予以公开和部分公开共37件。| granted+partial
不予公开14件，其中属于国家秘密4件、属于三类内部事务信息7件、属于行政执法案卷3件。| REFUSED refused_secret refused_internal refused_enforcement
不予公开（属于国家秘密）4件。| refused_secret
因属于行政执法案卷不予公开3件。| refused_enforcement
本机关不掌握相关政府信息75件。| unavailable_not_held
没有现成信息需要另行制作6件，信访举报投诉类申请2件。| unavailable_needs_making declined_petition
无法提供81件。| UNAVAILABLE
依申请公开收件125件，已作出答复139件。| new total
收到申请一百二十五件。| new
共收到政府信息公开申请120余件。| new
共收到政府信息公开申请约130件。| new
共收到政府信息公开申请近130件。| new
共收到政府信息公开申请100多件。| new
受理政府信息公开申请125宗。| new
受理并办结政府信息公开申请139件。| new
接收、办理、答复政府信息公开申请139件。| new
今年共办理依申请公开125件。| total
本年度制发行政规范性文件2件。| normative.issued
新出台规范性文件2件、废止1件，现行有效30件。| normative.issued normative.repealed normative.valid
制发、废止行政规范性文件分别为2件、1件。| normative.issued normative.repealed
公开现行有效的30个行政规范性文件。| normative.valid
现行有效规范性文件保有量为30件。| normative.valid
全区制发行政规范性文件两件，废止一件。| normative.issued normative.repealed
印发规范性文件2份。| normative.issued
规章现行有效0件。| rules.valid
未制发规章。| rules.issued
本年度作出行政许可决定30874件。| licence.decisions
全年办理行政许可30,874件、行政处罚253件、行政强制7件。| licence.decisions penalty.decisions coercion.decisions
行政许可3万余件。| licence.decisions
作出行政处罚决定253件，实施行政强制7件。| penalty.decisions coercion.decisions
行政事业性收费1212.2881万元。| fee.amount
行政事业性收费金额约1212万元。| fee.amount
行政事业性收费1212.29万元。| fee.amount
行政事业性收费12122881元。| fee.amount
政府信息公开行政复议5件，其中维持3件、纠正2件。| reconsideration.total reconsideration.upheld reconsideration.corrected
因政府信息公开被申请行政复议5件，被纠正2件。| reconsideration.total reconsideration.corrected
政府信息公开行政诉讼3件。| suit_direct.total+suit_after.total
政府信息公开行政复议、行政诉讼案件分别为5件、3件。| reconsideration.total suit_direct.total+suit_after.total
政府信息公开行政复议和行政诉讼案件共8件。| reconsideration.total+suit_direct.total+suit_after.total
因政府信息公开引发的未经复议直接起诉2件，复议后起诉1件。| suit_direct.total suit_after.total
全年发生政府信息公开行政复议案件5件，结果维持3件，结果纠正2件，尚未审结0件。| reconsideration.total reconsideration.upheld reconsideration.corrected reconsideration.pending
政府信息公开行政诉讼案件3件，未发生败诉。| suit_direct.total+suit_after.total suit_direct.corrected+suit_after.corrected
全年政府信息公开行政诉讼没有尚未审结的案件。| suit_direct.pending+suit_after.pending
政府信息公开行政诉讼纠正0件。| suit_direct.corrected+suit_after.corrected
（三）行政复议和诉讼情况。因信息公开工作被申请行政复议五起。| reconsideration.total
2025年，我区共收到政府信息公开申请125件（其中自然人106件、商业企业6件、法律服务机构13件），加上上年结转18件，已办结139件，结转下年度4件。| new natural business legal_service carried_in total carried_out
全年共受理依申请公开143件，其中当年新受理125件，上年结转18件；已答复139件，其中予以公开37件，不予公开14件（属于国家秘密4件，内部事务信息7件，行政执法案卷3件），无法提供81件，不予处理2件，其他处理5件；结转下年4件。| new new carried_in total granted REFUSED refused_secret refused_internal refused_enforcement UNAVAILABLE declined OTHERWISE carried_out
政府信息公开申请答复情况：予以公开37件，部分公开（区分处理的，只计这一情形，不计其他情形）0件。| granted partial
本年新收政府信息公开申请125件，由区政府信息公开办公室统一受理。| new
我区行政规范性文件废止1件，现行有效30件。| normative.repealed normative.valid
没有收取信息处理费。| FEE
本年度收取信息处理费0元。| FEE
全年未发生收取信息处理费的情况。| FEE
"""

_REFUSED = "refused_secret refused_law refused_safety refused_third_party refused_internal refused_process refused_enforcement refused_query"
_SHORT = {
    "REFUSED": _REFUSED,
    "UNAVAILABLE": "unavailable_not_held unavailable_needs_making unavailable_unclear",
    "declined": "declined_petition declined_repeat declined_publication declined_excessive declined_confirm",
    "OTHERWISE": "other_uncorrected other_unpaid other_other",
}
_COLUMNS = {"natural", "business", "research", "welfare", "legal_service", "other"}


def cells(words: str) -> tuple[str, ...]:
    """The short notation of the table as keys of cells."""
    out: list[str] = []
    for word in _SHORT.get(words, words.replace("+", " ")).split():
        if word in _COLUMNS:
            out.append(f"t3.new.{word}")
        elif "." in word:
            table = (
                2
                if word.split(".")[0] in ("normative", "rules", "licence", "penalty", "coercion", "fee")
                else 4
            )
            out.append(f"t{table}.{word}")
        else:
            out.append(f"t3.{word}.total")
    return tuple(out)


ROWS = [tuple(part.strip() for part in line.split("|")) for line in TRUE.strip().split("\n")]


@pytest.mark.parametrize(("sentence", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_sentence_is_tied_to_its_cells(sentence: str, expected: str) -> None:
    made = report(sentence, heading=APPLY)
    found = [c for c in tied(made) if c.kind is not ClaimKind.ALL]
    if expected == "FEE":
        assert [c.kind for c in found] == [ClaimKind.FEE]
        return
    assert [c.formulas[0].plus for c in found] == [cells(words) for words in expected.split()]
    for claim in found:
        section = made.sections[0]
        printed = section.text[claim.span.start : claim.span.end]
        assert "".join(printed.split()).translate(str.maketrans("１２３４５", "12345")) == claim.span.text


@pytest.mark.parametrize("sentence", [row[0] for row in ROWS])
def test_true_sentence_gives_no_finding(sentence: str) -> None:
    assert [
        f.message for f in findings(report(sentence, heading=APPLY)) if f.severity is not Severity.NOTE
    ] == []


@pytest.mark.parametrize("sentence", [row[0] for row in ROWS if row[1] != "FEE"])
def test_changed_table_contradicts_the_sentence(sentence: str) -> None:
    """Every cell is raised by 1234567: whatever the sentence says, its number is wrong now."""
    made = report(sentence, heading=APPLY)
    other = figures.get("BG25")
    numbers = {
        key: value.number + 1_234_567 for key, value in other.values.items() if value.number is not None
    }
    from gongkai.annualreport.model import from_numbers

    changed = from_numbers(numbers, organ=made.organ, year=2025, sections=made.sections)
    found = [f for f in findings(changed) if f.rule in ("NARR-NUMBER", "NARR-NONE")]
    spoken = [
        c for c in tied(made) if c.formulas and c.kind is not ClaimKind.ALL and c.kind is not ClaimKind.PART
    ]
    assert len(found) == len({(c.span.text, c.label) for c in spoken})


#: Nothing here is a claim about a cell.
NEVER = """
按照国办公开办函〔2021〕30号要求编制本报告。
《条例》第二十条第（一）项、第三十三条规定。
根据《条例》第36条第（五）项作出答复。
地址：世纪大道与滨河东路交叉口东北方向200米。
村务公开设置5方面31项内容。
办理12345热线工单25680件。
完善12345政务服务便民热线知识库，收录问答1200条。
构建“1+N”政务新媒体矩阵。
提供24小时自助查询服务。
电话：0953-2666586，传真：0953-2666765。
邮编：751100。
办理人大代表建议86件、政协委员提案72件。
收到网民留言312件，均已回复。
共收到群众意见建议45条。
受理信访举报33件。
发布各类政务信息3816条，其中概况信息36条。
开展政策解读28次，录制“政策公开讲”6期。
举办“政府开放日”活动30场次。
举办政务公开培训班1期60人。
印发工作通报2期，开展督查1次。
对12个乡镇、17个部门开展检查1次。
全区106个村实现村务公开全覆盖。
新备案政务新媒体8个，注销账号17个。
编印政府公报4期400册。
以区政府名义印发文件83份。
制发其他政策文件4件。
公开区政府公文32件。
发布规范性文件解读材料5篇。
审查规范性文件草案9件。
清理规范性文件80件，修改12件。
备案审查规范性文件11件。
公开行政许可信息4120条、行政处罚信息311条。
公布行政许可事项206项、行政处罚事项1033项。
办理行政许可申请26件。
网上公示行政处罚决定书88份。
办理民事诉讼案件14件、行政应诉案件23件。
召开常务会议31次，公开会议纪要28份。
答复在20个工作日内作出，平均用时9个工作日。
平均每件申请办理时限压缩至12天。
依申请公开办理时限由20个工作日压缩到15个工作日。
依申请公开答复期限为20个工作日。
2023年共收到政府信息公开申请88件。
2021年至2025年累计受理政府信息公开申请560件。
“十四五”期间累计收到政府信息公开申请560件。
近三年共受理政府信息公开申请367件。
自2008年条例施行以来累计收到政府信息公开申请2300件。
上半年收到政府信息公开申请61件。
1月至6月收到政府信息公开申请61件。
2025年3月收到政府信息公开申请16件。
一季度收到政府信息公开申请22件。
每月平均收到政府信息公开申请10件。
2026年计划办理政府信息公开申请150件。
区教育局收到政府信息公开申请11件。
区自然资源局、区住建局分别收到政府信息公开申请31件、22件。
收到涉及土地征收类政府信息公开申请52件。
收到关于教育领域的申请7件。
其中涉及房屋拆迁方面的申请40件。
通过网络提交的政府信息公开申请60件，信函申请40件，当面申请25件。
申请内容主要集中在土地征收（40件）、房屋拆迁（25件）等方面。
政府信息公开申请补正12件，延期3件。
征求第三方意见6件。
一审2件、二审1件。
一件事一次办，两件事联办。
办成一件事，办好一类事。
件件有回音、事事有着落。
确保政府信息公开申请全部按时办结。
力争全年不发生政府信息公开行政诉讼案件。
做到政府信息公开申请件件有答复。
努力实现行政复议零纠错、行政诉讼零败诉。
杜绝未答复政府信息公开申请的现象。
对未按时答复政府信息公开申请的单位通报3次。
全年未发生责任追究事件。
未发现不良链接异常。
全年没有单位或个人因政务公开工作被追责。
提供无障碍浏览服务，无人工干预。
以公开为常态、不公开为例外。
公开内容没有涉密问题。
民生领域解读率100%，群众满意度98.5%。
政务公开专栏访问量达93万人次以上。
重点任务完成率100%，问题整改率100%。
处理网站问题80余个，整改问题100余项。
第3期培训、第12次会议、第二批清单。
设立政务公开专区13个，查阅点45个。
公开财政预算156份、决算153份。
投入经费38万元，购买服务12万元。
发放补贴1212万元，惠及群众5300人。
门户网站年度访问量1,234,567次。
全区政务新媒体账号共62个，其中微信公众号45个、微博17个。
数以百计的申请人得到帮助，十余件复杂事项得到协调。
受理救助申请332件。
清理规范性文件46件，其中废止3件、修改15件、继续有效28件。
开展规范性文件清理，废止3件，宣布失效2件，继续有效41件。
收取行政事业性收费12项。
减免行政事业性收费35万元。
公布行政事业性收费目录清单，涉及收费38万元。
12345热线办结率100%，按期答复率100%。
全年办理行政复议案件45件、行政应诉案件30件，负责人出庭率100%。
作出行政复议决定书9份。
受理申请125件，其中涉及征地拆迁的45件，占36%。
数字政府项目投资1212万元。
信访事项办结率99%，网民留言答复率98%。
审查各类信息，涉及国家秘密的3件。
第三方评估得分98分，全市排名第3位。
区政府网站年度信息更新量较上年增长20%。
收到复议机关意见书2份、法院建议书1份。
主动公开目录共分12类，涉及56项。
"""

SENTENCES = [line for line in NEVER.strip().split("\n") if line]


@pytest.mark.parametrize("heading", ["", "（一）主动公开情况。", APPLY], ids=["plain", "publish", "apply"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentence_about_something_else(sentence: str, heading: str) -> None:
    found = [f for f in findings(report(sentence, heading=heading)) if f.severity is not Severity.NOTE]
    assert [f.message for f in found] == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_claim_without_a_cell(sentence: str) -> None:
    assert [c.span.text for c in tied(report(sentence)) if c.year == 0 and c.quantity and not c.ask] == []


def test_there_are_enough_sentences() -> None:
    assert len(ROWS) + len(SENTENCES) >= 150
