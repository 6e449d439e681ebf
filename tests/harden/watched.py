"""A page in a real browser that counts what ran, what became an element, and which texts of which column stood on it."""

import contextlib

from playwright.sync_api import Error

from tests.harden.sinks import MARKED

PATIENCE = 120_000  # milliseconds, on a busy machine
WATCH = """
window.__csp = [];
document.addEventListener('securitypolicyviolation', e => window.__csp.push(e.effectiveDirective));
"""
COUNT = "[window.__xss || 0, document.querySelectorAll('[data-xss]').length + (window.__held || 0), (window.__csp || []).filter(d => d.startsWith('script')).length]"
SEEN = """() => {
  const parts = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!['SCRIPT', 'STYLE'].includes(node.parentNode.tagName)) parts.push(node.data);
    } else {
      for (const a of node.attributes) if (a.value.includes('§')) parts.push(a.value);
      if (typeof node.value === 'string') parts.push(node.value);
    }
  }
  return [...new Set([...parts.join(' ').matchAll(/§([\\w.]+):(\\d+)§/g)].map(m => m[1] + ':' + m[2]))];
}"""
HOVER = """many => {
  const shapes = [...document.querySelectorAll('.leaflet-interactive')], step = Math.max(1, Math.floor(shapes.length / many));
  const told = new Set();
  shapes.filter((_, i) => i % step === 0).forEach(shape => {
    const at = shape.getBoundingClientRect();
    const how = {bubbles: true, clientX: at.x + at.width / 2, clientY: at.y + at.height / 2};
    shape.dispatchEvent(new MouseEvent('mouseover', how));
    shape.dispatchEvent(new MouseEvent('mousemove', how));
    document.querySelectorAll('.leaflet-tooltip').forEach(t => told.add(t.textContent));
    window.__held = (window.__held || 0) + document.querySelectorAll('[data-xss]').length;
    shape.dispatchEvent(new MouseEvent('mouseout', how));
  });
  return [...told].join(' ');
}"""
INJECT = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode())
    if (node.data && node.data.includes('<img data-xss=1 src=x onerror')) {
      const place = document.createElement('div');
      document.body.append(place);
      place.innerHTML = node.data;
      return node.data.length;
    }
  return 0;
}"""  # what a page with a hole would do with a text that stands on it


class Watched:
    """A page that counts what ran, what became an element and what the policy had to stop.

    found: where something did; seen: "column:number" of every payload that stood on a screen; looked: how many screens.
    """

    def __init__(self, context):
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(WATCH)
        self.dialogs, self.looked, self.found, self.seen, self.hovered = 0, 0, [], set(), 0
        self.page.on("dialog", self._dialog)

    def _dialog(self, dialog):
        self.dialogs += 1
        dialog.dismiss()

    def open(self, address, where):
        """Go to a page, let it come to rest and look at it."""
        self.page.goto(address)
        settle(self.page)
        self.look(where)

    def look(self, where):
        """Count what ran, and remember whose texts are here."""
        self.looked += 1
        self.seen |= set(self.page.evaluate(SEEN))
        ran, elements, stopped = self.page.evaluate(COUNT)
        if ran or elements or stopped or self.dialogs:
            self.found.append((where, ran, elements, stopped, self.dialogs))

    def click(self, what, where, *, then=None, dispatch=False):
        """Click, wait for what comes of it, and look; ``dispatch`` for what stands in a fold."""
        place = self.page.locator(what).first
        if dispatch:
            place.dispatch_event("click")
        else:
            place.click()
        if then:
            self.page.locator(then).first.wait_for()
        settle(self.page)
        self.look(where)

    def hover(self, where, *, many=150):
        """Pass over the shapes of a map, so that their tooltips come; gives what those said."""
        said = self.page.evaluate(HOVER, many)
        self.hovered += bool(said)
        self.seen |= {":".join(mark) for mark in MARKED.findall(said)}
        self.look(where)
        return said


def settle(page):
    """Until the page is there and, for as long as it may take, asks nothing more; a clock on it may go on asking."""
    page.wait_for_selector(".hk-figure-value, h1, .leaflet-container", state="attached")
    with contextlib.suppress(Error):
        page.wait_for_load_state("networkidle", timeout=4_000)
