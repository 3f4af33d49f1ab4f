"""Words that would do harm where somebody forgot to escape them."""

HOSTILE = (
    "<script>document.title='hit'</script>",
    "\"><img src=x onerror=document.title='hit'>",
    "'><svg onload=document.title='hit'>",
    "javascript:document.title='hit'//",
    "</title><script>document.title='hit'</script>",
    "{{constructor.constructor('document.title=1')()}} ${7*7} {% raw %}",
    "</textarea><script>document.title='hit'</script>",
    "<a href=javascript:document.title='hit'>青禾路</a>",
)
