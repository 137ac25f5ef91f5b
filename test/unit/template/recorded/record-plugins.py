"""Records the names of Ansible's and Jinja's filters, tests and lookups, for test/unit/template/plugins.test.ts.

Run it where Debian's ansible is installed:  python3 test/unit/template/recorded/record-plugins.py
"""
import json
import os
import subprocess

import jinja2

HERE = os.path.dirname(os.path.abspath(__file__))
COLLECTIONS = ("ansible.builtin.", "community.general.", "ansible.utils.")


def listed(kind):
    out = subprocess.run(["ansible-doc", "-t", kind, "-l"], capture_output=True, text=True, check=True).stdout
    names = [line.split(" ")[0] for line in out.splitlines()]
    return {name.split(".")[-1] for name in names if name.startswith(COLLECTIONS)}


jinja = jinja2.Environment()
found = {
    "filters": sorted(listed("filter") | set(jinja.filters)),
    "tests": sorted(listed("test") | set(jinja.tests)),
    "lookups": sorted(listed("lookup")),
}
with open(os.path.join(HERE, "plugins.json"), "w", encoding="utf-8") as file:
    json.dump(found, file, indent=0)
    file.write("\n")
