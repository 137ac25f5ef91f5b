"""Records what Ansible's own Templar answers, for test/unit/template/recorded.test.ts.

Run it where Debian's ansible and python3-jmespath are installed:  python3 test/unit/template/recorded/record.py
It reads expressions.txt, templates.json, files.json (what templates include) and vars.json beside it and writes
answers.json. An expression's answer is the
repr() of its value (generators and views as lists, texts without Ansible's own types) or an error; a template's answer
is its text. Times are in UTC.
"""
import collections.abc
import json
import os
import tempfile
import time

os.environ["TZ"] = "UTC"
os.environ["ANSIBLE_JINJA2_EXTENSIONS"] = "jinja2.ext.do,jinja2.ext.loopcontrols"
time.tzset()

from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.template import Templar  # noqa: E402
from jinja2.runtime import Undefined  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


def clean(value):
    if isinstance(value, Undefined):
        str(value)
        raise ValueError("undefined")
    if isinstance(value, str):
        return str.__str__(value)[:]  if type(value) is str else "".join(list(value))
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, collections.abc.Mapping):
        return {clean(k): clean(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(clean(v) for v in value)
    if isinstance(value, collections.abc.Iterable):
        return [clean(v) for v in value]
    return str(value)


def answer(run):
    try:
        return run()
    except Exception as error:  # every failure is an answer: ours has to fail too
        return {"error": type(error).__name__}


def main():
    with open(os.path.join(HERE, "vars.json"), encoding="utf-8") as file:
        text = file.read()
    answers = {"expressions": [], "templates": []}
    with open(os.path.join(HERE, "expressions.txt"), encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    for line in lines:
        templar = Templar(loader=DataLoader(), variables=json.loads(text))
        caught = []

        def run():
            templar.environment.filters["tplay_keep"] = lambda value: caught.append(value) or ""
            templar.template("{%% if (%s) | tplay_keep %%}{%% endif %%}" % line, disable_lookups=False)
            return repr(clean(caught[0]))

        got = answer(run)
        answers["expressions"].append([line, got])
    with open(os.path.join(HERE, "templates.json"), encoding="utf-8") as file:
        templates = json.load(file)
    folder = tempfile.mkdtemp()
    with open(os.path.join(HERE, "files.json"), encoding="utf-8") as file:
        for name, content in json.load(file).items():
            with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as made:
                made.write(content)
    for source in templates:
        templar = Templar(loader=DataLoader(), variables=json.loads(text))
        templar.environment.loader.searchpath = [folder]

        def run():
            # As the template module calls it.
            return templar.do_template(source, preserve_trailing_newlines=True, escape_backslashes=False)

        answers["templates"].append([source, answer(run)])
    with open(os.path.join(HERE, "answers.json"), "w", encoding="utf-8") as file:
        json.dump(answers, file, indent=0, ensure_ascii=False)
        file.write("\n")


main()
