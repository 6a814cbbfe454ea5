"""The HTML of the golden cases; run as a module it prints each with the wiki markup that is written for it."""

from __future__ import annotations

import json
import sys
from itertools import product

from crosswalk.richtext import html_to_wiki

PHRASES = ("strong", "em", "u", "s", "sub", "sup", "code")
AWKWARD = (
    "a*b* *c*", "snake_case _x_ __y__", "2^n + x~y~", "one - two -three- --four--", "!a.png! Wow! ! x!",
        "{code}x{code} {html}",
    "[a|http://b.c] [~joe] [x]", "{{mono}} {color:red}r{color}", "C:\\temp\\new", "a | b || c", "??cite?? what??",
    "(c) (x) :) ;-) (y)", "# 1 C# #2", "100% a@b.c (see) [1]",
)  # fmt: skip
LINE_STARTS = (
    "* a",
    "- a",
    "# a",
    "|a|",
    "||a||",
    "----",
    "** a",
    "!a.png!",
    "{quote}a{quote}",
    "+a+",
    "-a-",
    "*a*",
    "_a_",
)
BLOCKS = (
    "<p>one</p><p>two<br>three</p>",
    "<p>a<br><br>b</p>",
    *(f"<h{level}>Head {level}</h{level}><p>x</p>" for level in range(1, 7)),
    "<h2>a <strong>b</strong></h2>",
    "<ul><li>a</li><li>b<ul><li>c<ol><li>d</li></ol></li></ul></li><li>e</li></ul>",
    "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>",
    "<ul><li>a</li></ul><ol><li>b</li></ol>",
    "<ul><li>a</li></ul><p>between</p><ul><li>b</li></ul>",
    "<ul><li>a</li></ul><ul><li>b</li></ul>",
    "<ul><li>a<br>b</li><li><p>c</p><p>d</p></li></ul>",
    "<ul><li>a<pre><code>x = 1\n  y</code></pre></li><li>b</li></ul>",
    "<ul><li><strong>a</strong> b</li><li><em>c</em></li></ul>",
    '<ul class="checklist"><li class="checked">done</li><li class="unchecked">open</li></ul>',
    "<blockquote><p>a</p><p>b</p></blockquote>",
    "<blockquote><p>a</p><ul><li>b</li></ul></blockquote><p>c</p>",
    '<pre><code class="language-python">def f():\n    return "*a* {x} [y]"</code></pre>',
    "<pre><code>a\n\n  b | c\n</code></pre><p>x</p>",
    "<p>a</p><hr><p>b</p>",
    "<table><tbody><tr><th>H</th><th>I</th></tr><tr><td>a</td><td>b <em>c</em></td></tr></tbody></table>",
    "<table><tbody><tr><th>H</th><td>a<br>b</td></tr><tr><th>I</th><td></td></tr></tbody></table>",
    "<table><tbody><tr><td>x<ul><li>a</li><li>b</li></ul></td><td>y</td></tr></tbody></table>",
    '<div class="panel panel-info"><p>a</p></div>',
    '<div class="panel panel-warning"><p>a</p><ul><li>b</li></ul></div><p>c</p>',
    '<div class="panel panel-error"><h3>a</h3><p>b</p></div>',
    '<p><a href="https://x.y/z?a=1&amp;b=2">words</a> and <a href="https://x.y/">https://x.y/</a></p>',
    '<p><a href="https://x.y/z">some <strong>bold</strong> words</a>.</p>',
    '<p><a href="mailto:a@b.c">mail</a> <a href="#place">here</a> <a class="smart-link" href="https://x.y/">https://x.y/</a></p>',
    '<p><img src="https://x.y/z.png" alt="a picture" width="30" height="20"></p>',
    '<p>a <span class="mention" data-mention-id="joe">@joe</span> b</p>',
    '<p>x <span class="emoji" data-emoji=":wink:" data-emoji-id="1f609">😉</span> y</p>',
    '<p>a <span style="color:#ff0000">red</span> <strong><span style="color:#00875a">green</span></strong></p>',
    "<p>Ünï <strong>çödé</strong> 漢字<em>漢</em>字 👍 <u>العربية</u></p>",
    "<p>no&nbsp;break &lt;b&gt; &amp; x</p>",
    "<details><summary>More</summary><p>a</p></details>",
    '<div class="layout"><div class="layout-column"><p>a</p></div><div class="layout-column"><p>b</p></div></div>',
    '<ul class="decisions"><li>We go</li></ul>',
    '<p><time datetime="2026-11-24">2026-11-24</time> <span class="status" data-color="green">DONE</span></p>',
    '<ol start="4"><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ol>',
    "<p>\u200fשלום <strong>עולם</strong> 👩\u200d💻 e\u0301</p>",
)


def cases() -> list[str]:
    """Every phrase alone, inside a word, beside punctuation and in every other; awkward words in every container.

    Not awkward words inside a phrase: Atlassian's converter resolves escapes there twice (Data Center's renderer once).
    """
    found = list(BLOCKS)
    for tag in PHRASES:
        found.append(f"<p><{tag}>a</{tag}> b <{tag}>two words</{tag}>, in<{tag}>side</{tag}>ra (<{tag}>x</{tag}>).</p>")
    for one, two in product(PHRASES[:4], PHRASES[:4]):
        if one != two:
            found.append(
                f"<p><{one}>a <{two}>b</{two}></{one}> <{one}><{two}>c</{two}></{one}>d "
                f"<{one}>e</{one}><{two}>f</{two}></p>"
            )
    for words in AWKWARD:
        found.append(f"<p>{words}</p><h3>{words}</h3><ul><li>{words}</li></ul>")
        found.append(f"<table><tbody><tr><td>{words}</td><td>x</td></tr></tbody></table>")
    found += [f"<p>{start}</p><p>x<br>{start} y</p>" for start in LINE_STARTS]
    return found


if __name__ == "__main__":
    json.dump([{"html": html, "wiki": html_to_wiki(html)} for html in cases()], sys.stdout, ensure_ascii=False)
