"""Words that try to be more than words: for every place of a message that repeats what others say.

The same list is tried in every sink (R20).
"""

HOSTILE = (
    "<@all> 请看",
    "@所有人 已关闭",
    "[点我](http://evil.example/x)",
    '<a href="http://evil.example">领补贴</a>',
    '<font color="warning">已办结</font>',
    "`code` **bold** # 标题 > 引用",
    "$userName=zhangsan$ $departmentName=1$",
    "| 表 | 格 |\n|---|---|",
    "第一行\n【系统通知】已办结\r\n第三行\u2028第四行",
    "停\u202e水\u200b了\x00\x1b[31m",
    "http://evil.example/登录 www.evil.example evil.example",
    ']]>"}}, {"key": "approve"}',
    "\\u003cb\\u003e \\n %0a &lt;b&gt;",
    "长" * 700,
    "😀" * 200 + "e\u0301" * 100,
    "\ud800半个",
    "",
)
LIVE = frozenset("<>&@[]`*_#|$~\\")
