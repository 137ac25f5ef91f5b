"""Writes what Ansible makes of ansible-cases.json to ansible-answers.json: /usr/bin/python3 record-ansible.py, then `npx biome check --write .`"""
import json
import os
import sys
import tempfile

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.release import __version__
from ansible.vars.manager import VariableManager

HERE = os.path.dirname(os.path.abspath(__file__))
# What is not of the inventory's files.
MAGIC = {'ansible_playbook_python', 'ansible_config_file', 'groups', 'omit', 'ansible_version', 'playbook_dir', 'inventory_dir',
         'inventory_file', 'ansible_facts', 'inventory_hostname', 'inventory_hostname_short'}


def write(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file:
            file.write(text)


def hosts_of(inventory, pattern):
    try:
        return [host.name for host in inventory.get_hosts(pattern)]
    except Exception:
        return None


def answer(case):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {**case['files'], **case.get('extra', {})})
        os.chdir(folder)
        sources = [s if s.endswith(',') else os.path.join(folder, s) for s in case['sources']]

        def inventory():  # a new one each time: an implicit localhost stays in it
            loader = DataLoader()
            if 'playbook' in case:
                loader.set_basedir(os.path.join(folder, case['playbook']))
            return loader, InventoryManager(loader=loader, sources=sources)

        loader, read = inventory()
        variables = VariableManager(loader=loader, inventory=read)
        hosts = {}
        for host in read.hosts.values():
            values = variables.get_vars(host=host, include_hostvars=False, include_delegate_to=False)
            hosts[host.name] = {name: value for name, value in values.items() if name not in MAGIC}
        limits = {}
        for limit, patterns in case.get('limits', {}).items():
            limits[limit] = {}
            for pattern in patterns:
                limited = inventory()[1]
                limited.subset(limit)
                limits[limit][pattern] = hosts_of(limited, pattern)
        os.chdir(HERE)
        return {
            'hosts': hosts,
            'groups': {name: [group.depth, group.priority, [h.name for h in group.get_hosts()]] for name, group in read.groups.items()},
            'patterns': {pattern: hosts_of(inventory()[1], pattern) for pattern in case['patterns']},
            **({'limits': limits} if limits else {}),
        }


def range_answer(text):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {'h.yml': json.dumps({'g': {'hosts': {text: None}}})})
        loader = DataLoader()
        read = InventoryManager(loader=loader, sources=[os.path.join(folder, 'h.yml')])
        ports = {host.vars.get('ansible_port') for host in read.hosts.values()}
        return {'names': list(read.hosts), 'port': ports.pop() if ports else None} if read.hosts else None


with open(os.path.join(HERE, 'ansible-cases.json')) as file:
    given = json.load(file)
answers = {
    'ansible': __version__,
    'ranges': {text: range_answer(text) for text in given['ranges']},
    'cases': {name: answer(case) for name, case in given['cases'].items()},
}
with open(os.path.join(HERE, 'ansible-answers.json'), 'w') as file:
    json.dump(answers, file, indent=1)
    file.write('\n')
sys.exit(0)
