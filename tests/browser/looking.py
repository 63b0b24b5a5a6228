"""What the browser itself can measure of a page: size of the text, room of the targets, width, order of the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
#: Where only the look differs from one that was seen with all rules.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

#: A page before its pictures, in bytes.
MAX_WEIGHT = 200 * 1024

#: Every piece of text that can be seen: its size, and the height of its line beside that size. Text of a drawing is
#: measured as it is shown, after the drawing has been scaled.
_TEXT = """(least) => {
  const out = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const said = node.textContent.trim();
    const at = node.parentElement;
    if (!said || at.closest('script, style, noscript, option, .visually-hidden, .skip, .trap, [aria-hidden="true"]')) continue;
    if (!at.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const style = getComputedStyle(at);
    let size = parseFloat(style.fontSize);
    const drawn = at.closest('svg');
    if (drawn) size *= drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width;
    const line = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    const name = at.tagName.toLowerCase() + (at.className && at.className.baseVal === undefined ? '.' + at.className : '');
    if (size < least - 0.01) out.set(`${name} ${size.toFixed(1)}px`, said.slice(0, 24));
    // A heading of one or two lines and a button are not reading text; official tables keep the form of the circular.
    if (!drawn && line < 1.495 && !at.closest('h1, h2, h3, button, .btn, input, select, dt, .brand-name, .gk-table, .error-code, .state, time'))
      out.set(`${name} line ${line.toFixed(2)}`, said.slice(0, 24));
  }
  return [...out].map(([what, said]) => `${what}: ${said}`);
}"""

#: Links inside a sentence are exempt (WCAG 2.5.8), and so is what the page hides or gives another, larger target to.
_TARGETS = """(least) => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  return [...document.querySelectorAll(wanted)].filter(e => {
    if (e.closest('.visually-hidden, .skip, .trap') || e.matches('.visually-hidden') || !e.checkVisibility()) return false;
    if (e.tagName === 'A') {
      const around = e.parentElement.closest('p, dd, td, th, li, dt, caption, figcaption');
      const display = getComputedStyle(e).display;
      if (display === 'inline' && around && around.textContent.trim() !== e.textContent.trim()) return false;
    }
    const box = e.getBoundingClientRect();
    return box.height < least - 0.5 || box.width < least - 0.5;
  }).map(e => `${e.outerHTML.slice(0, 90)} ${e.getBoundingClientRect().width.toFixed(0)}×${e.getBoundingClientRect().height.toFixed(0)}`);
}"""


def violations(page: Any, within: str = "document", rules: dict[str, Any] = RULES) -> list[str]:
    """What axe-core finds by ``rules``, one line each."""
    page.evaluate(AXE)  # through the debugger: the page's own policy forbids injected scripts
    found = page.evaluate(
        f"async (rules) => (await axe.run({within}, {{runOnly: rules, resultTypes: ['violations']}})).violations",
        rules,
    )
    return [f"{v['id']}: {v['help']} — {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})" for v in found]


def too_wide(page: Any, width: int) -> list[str]:
    """The page scrolls sideways at ``width``."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"宽 {wide}，窗口 {width}"] if wide > width else []


def small_text(page: Any, least: float) -> list[str]:
    """Text that is smaller than ``least`` CSS pixels, or whose lines stand closer than one and a half."""
    return list(page.evaluate(_TEXT, least))


def small_targets(page: Any, least: float = 24) -> list[str]:
    """What is to be clicked and has less than ``least`` pixels each way."""
    return list(page.evaluate(_TARGETS, least))


#: Every stop of the keyboard in the order of the document: it shows, it has a ring of three pixels, nothing covers it.
_FOCUS = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const out = [];
  for (const e of document.querySelectorAll(wanted)) {
    if (e.tabIndex > 0) out.push(`顺序被改：${e.outerHTML.slice(0, 90)}`);
    if (e.tabIndex < 0 || e.disabled || !e.checkVisibility({visibilityProperty: true})) continue;
    e.focus();
    if (document.activeElement !== e) continue;
    const style = getComputedStyle(e), box = e.getClientRects()[0];  // a link that wraps has several
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 3) out.push(`没有焦点框：${e.outerHTML.slice(0, 90)}`);
    const x = Math.min(Math.max(box.x + Math.min(box.width / 2, 20), 0), innerWidth - 1), within = Math.min(Math.max(box.y, 0), box.bottom - 1), y = within + Math.min((box.bottom - within) / 2, 12);
    const there = y >= 0 && y < innerHeight ? document.elementFromPoint(x, y) : null;
    if (!there) out.push(`看不见：${e.outerHTML.slice(0, 90)} ${box.x.toFixed(0)},${box.y.toFixed(0)}`);
    else if (there !== e && !e.contains(there) && !there.contains(e)) out.push(`被遮住：${e.outerHTML.slice(0, 90)}`);
  }
  return out;
}"""


def focus_problems(page: Any) -> list[str]:
    """What the keyboard reaches and does not show. The first Tab makes the browser draw rings at all."""
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className") != "skip":
        return ["第一个不是“跳到正文”"]
    page.wait_for_timeout(20)
    return list(page.evaluate(_FOCUS))
