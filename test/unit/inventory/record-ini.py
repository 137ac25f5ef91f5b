"""Writes what Ansible makes of ini-cases.json to ini-answers.json: /usr/bin/python3 record-ini.py, then `npx biome check --write .`"""
import json
import os
import tempfile

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.release import __version__
from ansible.utils.display import Display

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = ('inventory_file', 'inventory_dir')  # not of the file


def plain(value):
    """Floats apart from integers; a value of a type that JSON has not as the name of its type."""
    if isinstance(value, float):
        return {'float': repr(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {'pairs': [[plain(key), plain(item)] for key, item in value.items()]}
    if isinstance(value, bytes):
        return value.decode() if value.isascii() else {'type': 'bytes'}
    if value is None or isinstance(value, (str, int)):
        return value if not isinstance(value, int) or abs(value) < 2**53 else str(value)
    return {'type': type(value).__name__}


def variables(values):
    return {name: plain(value) for name, value in values.items() if name not in OURS}


def answer(text):
    warnings = []
    Display.warning = lambda self, message, formatted=False: warnings.append(str(message))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'hosts.ini')
        with open(path, 'w', encoding='utf-8', newline='') as file:
            file.write(text)
        try:
            read = InventoryManager(loader=DataLoader(), sources=[path])
        except Exception:
            return None
    if any('Failed to parse' in warning for warning in warnings):
        return None
    return {
        'hosts': {host.name: variables(host.vars) for host in read.hosts.values()},
        'groups': {
            group.name: [[host.name for host in group.hosts], [child.name for child in group.child_groups], variables(group.vars), group.priority]
            for group in read.groups.values()
        },
    }


with open(os.path.join(HERE, 'ini-cases.json'), encoding='utf-8') as file:
    cases = json.load(file)
with open(os.path.join(HERE, 'ini-answers.json'), 'w', encoding='utf-8') as file:
    json.dump({'ansible': __version__, 'cases': [answer(text) for text in cases]}, file, indent=1)
    file.write('\n')
