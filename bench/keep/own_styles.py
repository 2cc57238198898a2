"""The styles of our own sites: what an agency, an old editor, a framework, a generator and a shop system write."""

# ruff: noqa: E501  # such pages have long lines

from dataclasses import replace

from bench.keep.styles import SiteStyle, minified, of_windows

_PLAIN = {
    "h1": "<h1>{0}</h1>",
    "h2": "<h2>{0}</h2>",
    "p": "<p>{0}</p>",
    "photo": '<img src="{root}images/{0}" alt="{1}" width="240" height="160">',
    "pdf": '<p><a href="{root}files/{0}">{1}</a></p>',
    "prices": "<table>\n{0}\n</table>",
    "people": "<ul>\n{0}\n</ul>",
}
_CSS = "body { font: 16px/1.5 sans-serif; color: #222; margin: 2em }\nnav a { margin-right: 1em }\ntd { padding: 4px 20px 4px 0 }\n"

SEMANTIC = SiteStyle(
    frame="""<!doctype html>
<html lang="{lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <link rel="stylesheet" href="{root}css/site.css">
</head>
<body>
<header><nav>
{nav}
</nav></header>
<main>
{body}
</main>
<footer>
{hours}
<p><a href="tel:{phone}">{phone}</a></p>
<p>© {year} {name}. {footer}.</p>
</footer>
</body>
</html>
""",
    link='<a href="{href}">{text}</a>',
    css=_CSS,
    pieces=_PLAIN,
    row="<tr><td>{0}</td><td>{1}</td></tr>",
    person="<li>{0}</li>",
    hours="<p>{0}</p>",
)

TABLES = SiteStyle(
    frame="""<HTML>
<HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8">
<TITLE>{title}</TITLE>
<LINK REL=stylesheet HREF="{root}css/site.css">
</HEAD>
<BODY BGCOLOR="#FFFFEE" TEXT="#333333">
<TABLE WIDTH="760" BORDER="0" CELLPADDING="6">
<TR><TD WIDTH="160" VALIGN="top" BGCOLOR="#EEDDBB">
{nav}
</TD><TD VALIGN="top">
{body}
</TD></TR>
<TR><TD COLSPAN="2" ALIGN="center">
{hours}
<FONT SIZE="1">Tel. <A HREF="tel:{phone}">{phone}</A></FONT><BR>
<FONT SIZE="1">&copy; {year} {name}. {footer}.</FONT>
</TD></TR>
</TABLE>
</BODY>
</HTML>
""",
    link='<A HREF="{href}"><FONT FACE="Verdana" SIZE="2">{text}</FONT></A><BR>',
    css="A { color: #663300 }\n",
    pieces={
        "h1": '<CENTER><FONT FACE="Georgia" SIZE="6" COLOR="#663300"><B>{0}</B></FONT></CENTER><BR>',
        "h2": '<FONT FACE="Georgia" SIZE="4" COLOR="#663300"><B>{0}</B></FONT><BR>',
        "p": '<FONT FACE="Verdana" SIZE="2">{0}</FONT><BR><BR>',
        "photo": '<IMG SRC="{root}images/{0}" ALT="{1}" WIDTH=240 HEIGHT=160 BORDER=0><BR>',
        "pdf": '<A HREF="{root}files/{0}">{1}</A><BR>',
        "prices": '<TABLE BORDER="1" CELLSPACING="0">\n{0}\n</TABLE><BR>',
        "people": "<UL>\n{0}\n</UL>",
    },
    row="<TR><TD>{0}</TD><TD ALIGN=right>{1}</TD></TR>",
    person="<LI>{0}",
    hours='<FONT SIZE="1">{0}</FONT><BR>',
)

MINIFIED = replace(SEMANTIC, finish=minified)
WINDOWS = replace(SEMANTIC, frame=SEMANTIC.frame.replace('"utf-8"', '"windows-1252"'), finish=of_windows)

FRAMEWORK = SiteStyle(
    frame="""<!DOCTYPE html><html lang="{lang}"><head><meta charSet="utf-8"/><meta name="viewport" content="width=device-width"/><title>{title}</title><link rel="stylesheet" href="{root}css/site.css" data-n-g=""/></head><body><div id="__app" data-reactroot=""><div class="layout_root__kX2p9"><nav class="nav_bar__3fQz1" data-testid="nav"><ul class="nav_list__9aLm2">{nav}</ul></nav><main class="main_wrap__Zt81c">{body}</main><footer class="footer_box__b7Yw0">{hours}<p class="footer_line__p0Qe4"><a class="footer_tel__c2Vd8" href="tel:{phone}">{phone}</a></p><p class="footer_line__p0Qe4">© <!-- -->{year}<!-- --> {name}. {footer}.</p></footer></div></div><script id="__DATA__" type="application/json">{{"props":{{"locale":"{lang}","build":"f3a9c1"}},"query":{{}}}}</script></body></html>""",
    link='<li class="nav_item__7hJk5"><a class="nav_link__Qw3e1" data-prefetch="true" href="{href}">{text}</a></li>',
    css=".layout_root__kX2p9{font:16px/1.6 sans-serif;max-width:60em;margin:auto}.nav_list__9aLm2{display:flex;gap:1em;list-style:none}.text_p__1aB2c{color:#333}",
    pieces={
        "h1": '<h1 class="head_one__u8Rt3">{0}</h1>',
        "h2": '<h2 class="head_two__v9Sy4" id="s">{0}</h2>',
        "p": '<p class="text_p__1aB2c" data-v-7ba5bd90="">{0}</p>',
        "photo": '<figure class="pic_box__m4Nb6"><img data-nimg="1" decoding="async" src="{root}images/{0}" alt="{1}" width="240" height="160" style="color:transparent"/></figure>',
        "pdf": '<a class="btn_link__x1Cv7" href="{root}files/{0}">{1}</a>',
        "prices": '<table class="table_root__d5Fg8"><tbody>{0}</tbody></table>',
        "people": '<ul class="people_list__e6Gh9">{0}</ul>',
    },
    row='<tr class="table_row__f7Hi0"><td>{0}</td><td class="table_num__g8Ij1">{1}</td></tr>',
    person='<li class="people_item__h9Jk2" data-person="">{0}</li>',
    hours='<p class="footer_hours__i0Kl3">{0}</p>',
    between="",
)

MARKDOWN = replace(
    SEMANTIC,
    frame=SEMANTIC.frame.replace("<main>", '<main class="md-content">\n<article>')
    .replace("</main>", "</article>\n</main>\n<script>document.documentElement.classList.add('js')</script>")
    .replace("<nav>", '<nav>\n<ul class="md-nav__list">')
    .replace("</nav>", "</ul>\n</nav>"),
    link='<li class="md-nav__item"><a href="{href}" class="md-nav__link">{text}</a></li>',
    pieces=_PLAIN
    | {
        "h1": '<h1 id="top">{0}<a class="headerlink" href="#top" title="Permanent link">¶</a></h1>',
        "photo": '<p><img alt="{1}" src="{root}images/{0}" /></p>',
        "prices": "<table>\n<thead>\n<tr>\n<th>Item</th>\n<th>Price</th>\n</tr>\n</thead>\n<tbody>\n{0}\n</tbody>\n</table>",
    },
    row="<tr>\n<td>{0}</td>\n<td>{1}</td>\n</tr>",
)

INLINE = SiteStyle(
    frame="""<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="{root}css/site.css"></head>
<body style="margin:0;font-family:Georgia,serif;background:#fdfaf4">
<div style="background:#234;padding:12px 24px">
{nav}
</div>
<div style="max-width:640px;margin:24px auto">
{body}
</div>
<div style="background:#eee;padding:16px 24px;font-size:14px">
{hours}
<div style="margin:4px 0">Phone: <a href="tel:{phone}" style="color:#234">{phone}</a></div>
<div style="color:#444">© {year} {name}. {footer}.</div>
</div>
</body></html>
""",
    link='<a href="{href}" style="color:#fff;margin-right:16px">{text}</a>',
    css="a:focus { outline: 2px solid #c60 }\n",
    pieces={
        "h1": '<h1 style="font-size:34px;color:#234">{0}</h1>',
        "h2": '<h2 style="font-size:22px;color:#345">{0}</h2>',
        "p": '<div style="line-height:1.6;margin-bottom:14px">{0}</div>',
        "photo": '<img style="border-radius:8px" src="{root}images/{0}" alt="{1}" width="240" height="160">',
        "pdf": '<div><a href="{root}files/{0}" style="font-weight:bold">{1}</a></div>',
        "prices": '<table style="border-collapse:collapse">\n{0}\n</table>',
        "people": '<ol style="padding-left:20px">\n{0}\n</ol>',
    },
    row='<tr><td style="padding:4px 24px 4px 0">{0}</td><td style="text-align:right">{1}</td></tr>',
    person='<li style="margin:4px 0">{0}</li>',
    hours='<div style="font-weight:bold">{0}</div>',
)

GERMAN = replace(SEMANTIC, css=_CSS.replace("#222", "#2b2118"))
SHOP_SYSTEM = replace(
    SEMANTIC,
    link='<a class="menu-item" href="{href}"><span>{text}</span></a>',
    pieces=_PLAIN | {"prices": '<table class="products" data-currency="EUR">\n{0}\n</table>'},
    row='<tr itemscope itemtype="https://schema.org/Product"><td itemprop="name">{0}</td><td itemprop="price">{1}</td></tr>',
    css=_CSS + ".products td { border-bottom: 1px solid #ccc }\n.menu-item { font-weight: bold }\n",
)
