"""Every page that the command writes is read by a parser: tags are balanced, ids are there once, links
lead somewhere, and nothing is loaded or run.

The pages of each policy that ships, and of one whose names and texts are as hostile as they can be.
"""

import html.parser
import pathlib
import sys
import tempfile
from support import BUILD, SOURCE, finding, finish, run

VOID = {"meta", "br", "hr", "img", "input", "link", "wbr"}
LOADS = {"src", "srcset", "data", "action", "background", "poster", "xlink:href", "formaction"}
HOSTILE = r'''policy evil.page 1.0.0
"</title><script>alert(1)</script> & \"quotes\" 'and' <!-- more"
purpose "</style><script>alert(2)</script>"
owner lead
effective 2026-01-01
role lead  human
role clerk agent  identity "\"><script>alert(3)</script>"
role guest party
anchor desk "<img src=x onerror=alert(4)>" {
  held by lead
  absorbs legal
  reached by "queue:</td></table>" within 4 hours
  on silence deny
}
threshold most = 10  "</svg><script>alert(5)</script>"
fact word : text  from host  missing deny
capability look "]]></text><script>alert(6)</script>" { kind observe  risk read_only  system s  input n: integer in 0..100 }
delegation d "<b>" {
  purpose "<iframe src=//evil.example>"
  controls "a | b", "`c` <d>"
  owner lead
  from lead  to clerk
  may look
  anchor desk
  review every 90 days  expires 2030-01-01
  for look {
    limit n <= most                          "<a href=\"javascript:alert(7)\">x</a>"
    deny when word = "</code><script>8</script>"  "| [x](javascript:alert(9)) <x>"
  }
}
region small when n <= most
'''


class Page(html.parser.HTMLParser):
    def __init__(self, name):
        super().__init__(convert_charrefs=True)
        self.name, self.open, self.ids, self.links = name, [], [], []

    def handle_starttag(self, tag, attributes):
        where = f"{self.name}:{self.getpos()[0]}"
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "iframe", "object", "embed", "form", "base", "img"):
            finding(where, f"<{tag}> has no place here")
        for key, value in attributes:
            if key.startswith("on") or key in LOADS:
                finding(where, f"<{tag}> has the attribute {key}")
            if key == "id":
                self.ids.append(value)
            if key == "href":
                self.links.append((where, value))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            finding(f"{self.name}:{self.getpos()[0]}", f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        else:
            self.open.pop()

    def done(self):
        if self.open:
            finding(self.name, f"never closed: {self.open}")
        for one in {i for i in self.ids if self.ids.count(i) > 1}:
            finding(self.name, f"the id {one} is there twice")
        for where, link in self.links:
            if not link.startswith("#"):
                finding(where, f"a link leads outside: {link}")
            elif link[1:] not in self.ids:
                finding(where, f"a link leads nowhere: {link}")


def pages(policy, role):
    yield "table", ("table", policy)
    yield "show", ("show", policy, "--role", role)
    yield "doc", ("doc", policy, "--as-of", "2026-11-20")


def check(name, command):
    result = run(BUILD / "bin" / "writ", *command, "--format", "html")
    if result.returncode != 0:
        finding(name, f"exit {result.returncode}: {result.stderr}")
        return
    page = Page(name)
    page.feed(result.stdout)
    page.close()
    page.done()


checked = 0
with tempfile.TemporaryDirectory() as folder:
    hostile = pathlib.Path(folder, "evil.writ")
    hostile.write_text(HOSTILE)
    policies = [(hostile, "clerk")]
    for path in sorted(SOURCE.glob("policies/*.writ")):
        roles = [line.split()[1] for line in path.read_text().splitlines()
                 if line.startswith("role ") and line.split()[2] == "agent"]
        if roles:
            policies.append((path, roles[0]))
    for policy, role in policies:
        for kind, command in pages(policy, role):
            check(f"{kind} of {policy.name}", command)
            checked += 1
finish(checked, "pages", at_least=30)
