"""Styles of the HTML writer: :data:`TABLE_CSS` for the official tables anywhere, :data:`PAGE_CSS` for a standalone page.

Colours are custom properties with defaults, so that a page embedding the fragment can set its own.
"""

TABLE_CSS = """
.gk-scroll{overflow-x:auto;margin:1rem 0 1.75rem;-webkit-overflow-scrolling:touch}
.gk-scroll:focus-visible{outline:3px solid var(--gk-main,#1d3f72);outline-offset:2px}
.gk-table{border-collapse:separate;border-spacing:0;width:100%;table-layout:fixed;line-height:1.4;font-size:.9375rem;
border-top:1px solid var(--gk-rule,#6b6a64);border-left:1px solid var(--gk-rule,#6b6a64);
font-variant-numeric:tabular-nums;background:var(--gk-sheet,#fff);color:var(--gk-ink,#1b1b1a)}
.gk-table caption{caption-side:top;text-align:left;font-weight:600;padding:0 0 .5rem}
.gk-table th,.gk-table td{border-right:1px solid var(--gk-rule,#6b6a64);border-bottom:1px solid var(--gk-rule,#6b6a64);
padding:.375rem .375rem;text-align:center;vertical-align:middle;font-weight:400;overflow-wrap:anywhere}
.gk-table th{background:var(--gk-head,#f4f2ec);text-wrap:balance}
.gk-table .gk-title{font-weight:600}
.gk-t3 .gk-row{text-align:left}
.gk-t3 .gk-row[rowspan]{text-align:center}
.gk-table .gk-identity{text-align:left;font-size:.875em;background:var(--gk-head,#f4f2ec)}
.gk-table caption span{position:sticky;left:0}
.gk-table .gk-value{position:relative}
.gk-table .gk-related{background:color-mix(in srgb,var(--gk-bad,#b5281c) 7%,var(--gk-sheet,#fff))}
.gk-table .gk-is-absent{background:repeating-linear-gradient(45deg,transparent 0 5px,var(--gk-line,#d9d6cc) 5px 6px)}
.gk-table .gk-is-text,.gk-table .gk-is-unreadable{font-style:italic}
.gk-table .gk-error{box-shadow:inset 0 0 0 2px var(--gk-bad,#b5281c)}
.gk-table .gk-warning{box-shadow:inset 0 0 0 2px var(--gk-ask,#8a5a00)}
.gk-table .gk-note{box-shadow:inset 0 0 0 1px var(--gk-hint,#4a5a6b)}
.gk-mark{display:inline-block;margin-left:.25em;padding:0 .2em;font-size:.75em;line-height:1.5;border-radius:2px;
text-decoration:none;color:#fff;background:var(--gk-hint,#4a5a6b);min-width:1.5em}
.gk-error .gk-mark{background:var(--gk-bad,#b5281c)}
.gk-warning .gk-mark{background:var(--gk-ask,#8a5a00)}
.gk-mark:focus-visible{outline:3px solid var(--gk-main,#1d3f72);outline-offset:1px}
.gk-table .gk-value:target{outline:3px solid var(--gk-main,#1d3f72);outline-offset:-3px}
.gk-hidden{position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip-path:inset(50%);
white-space:nowrap;border:0}
.gk-t3 .gk-c1{width:2.75rem}.gk-t3 .gk-c2{width:5.5rem}.gk-t3 .gk-c3{width:auto}
.gk-t3 .gk-c4,.gk-t3 .gk-c5,.gk-t3 .gk-c6,.gk-t3 .gk-c7,.gk-t3 .gk-c8,.gk-t3 .gk-c9,.gk-t3 .gk-c10{width:4.75rem}
.gk-t2{min-width:22rem}.gk-t3{min-width:56rem}.gk-t4{min-width:48rem}
@media (max-width:56rem){
.gk-t3{min-width:44rem;font-size:.875rem}
.gk-t3 .gk-c1{width:2rem}.gk-t3 .gk-c2{width:3.25rem}.gk-t3 .gk-c3{width:8.5rem}
.gk-t3 .gk-row,.gk-t3 .gk-identity{position:sticky;left:0;z-index:1}
.gk-t3 .gk-at1{left:2rem}.gk-t3 .gk-at2{left:5.25rem}
}
@media print{
.gk-scroll{overflow:visible;margin:.5rem 0 1rem}
.gk-table,.gk-t2,.gk-t3,.gk-t4{min-width:0;font-size:9pt;color:#000;border-collapse:collapse}
.gk-t4{font-size:8pt}
.gk-t3 .gk-c1{width:9mm}.gk-t3 .gk-c2{width:15mm}.gk-t3 .gk-c3{width:auto}
.gk-t3 .gk-c4,.gk-t3 .gk-c5,.gk-t3 .gk-c6,.gk-t3 .gk-c7,.gk-t3 .gk-c8,.gk-t3 .gk-c9,.gk-t3 .gk-c10{width:12mm}
.gk-table th,.gk-table td{padding:.8mm .4mm;border:1px solid #000}
.gk-table th,.gk-table .gk-identity{background:none;position:static!important}
.gk-table tr{break-inside:avoid}
.gk-table thead{display:table-header-group}
}
"""

PAGE_CSS = """
:root{color-scheme:light dark}
body{margin:0;background:var(--gk-paper,#fbfaf7);color:var(--gk-ink,#1b1b1a);
font:1.125rem/1.85 "Songti SC","SimSun","Noto Serif CJK SC","Source Han Serif SC",serif}
.gk-report{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
.gk-report h1{font-size:1.75rem;line-height:1.4;text-align:center;margin:0 0 2rem;text-wrap:balance}
.gk-report h2{font-size:1.25rem;line-height:1.5;margin:2.25rem 0 .75rem;
font-family:"Heiti SC","SimHei","Noto Sans CJK SC",sans-serif;font-weight:600}
.gk-report p{margin:0 0 .5rem;text-indent:2em;text-align:justify;overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){
body{--gk-paper:#16181b;--gk-ink:#e8e6e1;--gk-sheet:#1d2024;--gk-head:#262a2f;--gk-rule:#7d7b74;--gk-line:#3b3f45}
}
@media (max-width:40rem){.gk-report{padding:1.25rem .875rem 2.5rem}.gk-report h1{font-size:1.375rem}}
@page{size:A4;margin:37mm 26mm 35mm 28mm}
@media print{
body{background:none;color:#000;font-size:14pt;line-height:1.7}
.gk-report{max-width:none;padding:0}
.gk-report h1{font-size:20pt}.gk-report h2{font-size:15pt;break-after:avoid}
}
"""
