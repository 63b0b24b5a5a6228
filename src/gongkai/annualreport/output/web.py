"""Findings as one self-contained HTML page that can be mailed and printed."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gongkai.annualreport.findings import Finding, Severity

from .results import Checked, summary_dict

_STYLE = """
:root{--ink:#1c1f24;--main:#1d3f72;--red:#b5281c;--amber:#8a5a00;--slate:#4a5a6b;--paper:#fbfaf7;--line:#d9d6cc}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.7 "PingFang SC",
"Microsoft YaHei","Noto Sans CJK SC",sans-serif}main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:.5rem 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
ol{padding:0;list-style:none;margin:0}li{background:#fff;border:1px solid var(--line);border-left:4px solid var(--slate);
padding:.6rem .9rem;margin:.5rem 0}li.error{border-left-color:var(--red)}li.warning{border-left-color:var(--amber)}
li li{margin:.4rem 0 0}.tag{font-weight:600;margin-right:.5em}.error>.tag{color:var(--red)}.warning>.tag{color:var(--amber)}
dl{display:grid;grid-template-columns:5em 1fr;margin:.4rem 0 0;font-size:.92rem;color:#3a3f46}dt{color:var(--slate)}dd{margin:0}
.tablewrap{overflow-x:auto}table{border-collapse:collapse;background:#fff;font-size:.85rem}td,th{border:1px solid var(--line);
padding:.25rem .5rem;text-align:center}.quiet{color:var(--slate)}@media print{li{break-inside:avoid}body{background:#fff}}
"""


def _mends(finding: Finding) -> str:
    lines = [
        "，".join(
            f"{escape(m.label)} 改为 {m.value}" + (f"（{m.pattern}）" if m.pattern else "") for m in group
        )
        for group in finding.mends[:5]
    ]
    return "<br>或 ".join(lines)


def _details(finding: Finding) -> str:
    pairs = [
        (
            "单元格",
            "、".join(
                escape(c.label) + (f"（{escape(str(c.place))}）" if c.place else "") for c in finding.cells
            ),
        ),
        ("原文", "；".join(f"“{escape(s.text)}”" for s in finding.spans)),
        ("应为", escape(finding.expected)),
        ("现为", escape(finding.actual)),
        ("建议", escape(finding.suggestion) or _mends(finding)),
        ("依据", escape(finding.source)),
        ("规则", escape(finding.rule)),
    ]
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in pairs if text) + "</dl>"


def _items(findings: list[Finding]) -> str:
    """The findings as a list, consequences inside their cause."""
    known = {finding.identity for finding in findings}
    inside: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.cause in known:
            inside.setdefault(finding.cause, []).append(finding)

    def item(finding: Finding, depth: int = 0) -> str:
        below = inside.get(finding.identity, []) if depth < 3 else []
        nested = "<ol>" + "".join(item(f, depth + 1) for f in below) + "</ol>" if below else ""
        return (
            f'<li class="{finding.severity.value}" id="finding-{finding.identity}">'
            f'<span class="tag">{finding.severity.label}</span>{escape(finding.message)}'
            f"{_details(finding)}{nested}</li>"
        )

    return "<ol>" + "".join(item(f) for f in findings if f.cause not in known) + "</ol>"


def _result(result: Checked, tables: bool) -> str:
    if result.report is None:
        return (
            f'<h2>{escape(result.source)}</h2><ol><li class="error"><span class="tag">不能读取</span>'
            f"{escape(result.error)}</li></ol>"
        )
    report = result.report
    parts = [f"<h2>{escape(report.name)}</h2>", f'<p class="quiet">{escape(result.source)}</p>']
    if report.remarks:
        parts.append(
            "<details><summary>读取说明 "
            f"{len(report.remarks)} 条</summary><ul>"
            + "".join(f"<li>{escape(r.message)}</li>" for r in report.remarks)
            + "</ul></details>"
        )
    parts.append(_items(result.findings) if result.findings else "<p>没有发现问题。</p>")
    if tables:
        from gongkai.annualreport.writers import tables_html

        parts.append(
            '<details><summary>查看表格</summary><div class="tablewrap">'
            + tables_html(report, result.findings)
            + "</div></details>"
        )
    return "".join(parts)


def results_html(results: Iterable[Checked], *, tables: bool = True) -> bytes:
    """A UTF-8 HTML page: every file with its findings, and (``tables``) its tables with the cells marked."""
    items = list(results)
    total = summary_dict(items)
    head = (
        f"共 {total['reports']} 份报告：错误 {total[Severity.ERROR]} 条，疑问 {total[Severity.WARNING]} 条，"
        f"提示 {total[Severity.NOTE]} 条"
        + (f"；不能读取 {total['unreadable']} 个文件" if total["unreadable"] else "")
        + "。"
    )
    body = "".join(_result(item, tables) for item in items)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><title>年度报告核验结果</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>年度报告核验结果</h1><p>{head}</p>{body}</main></body></html>"
    ).encode()
