"""Writes what ansible-inventory prints for inventory-cases.json to inventory-answers.json: /usr/bin/python3 record-inventory.py

Lists and mappings stand on hosts only: of a group, ansible-inventory writes them once and then as aliases, we write them out.
"""
import json
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ARGS = [
    ['--list'], ['--list', '--export'], ['--list', '--yaml'], ['--list', '--yaml', '--export'], ['--graph'], ['--graph', '--vars'],
]


def answer(case):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case['files'].items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            if text.startswith('#!'):
                os.chmod(path, 0o755)
        sources = [word for source in case['sources'] for word in ('-i', source)]
        asked = ARGS + [['--host', host] for host in case['hosts']] + [['--graph', group] for group in case['groups']]
        run = lambda args: subprocess.run(['ansible-inventory', *sources, *args], cwd=folder, capture_output=True, text=True, check=True).stdout
        return {' '.join(args): run(args) for args in asked}


with open(os.path.join(HERE, 'inventory-cases.json'), encoding='utf-8') as file:
    cases = json.load(file)
with open(os.path.join(HERE, 'inventory-answers.json'), 'w', encoding='utf-8') as file:
    json.dump({name: answer(case) for name, case in cases.items()}, file, indent=1, ensure_ascii=False)
    file.write('\n')
