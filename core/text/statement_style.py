"""How a statement looks: on a screen by day and by night, and on A4 in black on white."""

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#c9d1d9;--paper:#fff;--band:#f3f5f7}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#3a424b;--paper:#14181d;--band:#1d232a}}
@page{size:A4;margin:16mm 14mm}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.45 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1.25rem}
h1{margin:0;font-size:1.6rem;line-height:1.2}
.team{margin:.2rem 0 .6rem;font-size:1.1rem;font-weight:600}
header p,footer{color:var(--soft)}
header .team{color:var(--ink)}
footer{border-top:1px solid var(--line);margin-top:2rem;padding-top:.6rem;font-size:.87rem}
footer p{margin:.3rem 0}
table{width:100%;border-collapse:collapse;margin:1.6rem 0 .4rem}
caption{text-align:left;font-weight:600;padding-bottom:.3rem}
th,td{padding:.32rem .5rem;text-align:left;vertical-align:top;
border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th[scope=row]{font-weight:400}
thead th{white-space:nowrap;overflow-wrap:normal;font-size:.82rem;font-weight:600;
color:var(--soft);border-bottom:2px solid var(--line)}
tfoot th,tfoot td{font-weight:700;background:var(--band)}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;overflow-wrap:normal}
thead .n{width:7.5rem}
td.n:last-child{color:var(--soft);font-size:.87rem}
code{font:.8rem ui-monospace,"DejaVu Sans Mono",monospace;color:var(--soft)}
@media (max-width:34rem){main{padding:1rem .75rem}table{display:block;overflow-x:auto}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#999;--paper:#fff;--band:#eee}
body{font-size:10pt}main{max-width:none;padding:0}table{display:table;break-inside:auto}
thead{display:table-header-group}tfoot{display:table-row-group}tr,caption{break-inside:avoid}caption{break-after:avoid}}
"""
