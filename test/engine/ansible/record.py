"""Writes what ansible-playbook makes of the cases beside this file to answers.json: /usr/bin/python3 record.py [file.yml ...]"""
import glob
import json
import os
import subprocess
import sys
import tempfile
from multiprocessing.pool import ThreadPool

import yaml
from ansible.release import __version__

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTS = 'all: { hosts: { a: , b: , c: } }\n'
CALLBACK = '''
import json
import os

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'record'

    def write(self, what):
        with open(os.environ['RECORD_TO'], 'a') as file:
            file.write(json.dumps(what) + chr(10))

    def add(self, result, status):
        task = result._task
        if task.action.split('.')[-1] == 'meta':
            return
        what = {'id': task._uuid, 'task': task.get_name(), 'host': result._host.name, 'status': status}
        if task.action.split('.')[-1] == 'debug' and status == 'ok':
            if task.loop is not None:
                what['msg'] = [r.get('msg') for r in result._result['results'] if not r.get('skipped')]
            else:
                what['msg'] = result._result.get('msg')
        self.write(what)

    def v2_runner_on_ok(self, result):
        self.add(result, 'changed' if result._result.get('changed') else 'ok')

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.add(result, 'ignored' if ignore_errors else 'failed')

    def v2_runner_on_skipped(self, result):
        self.add(result, 'skipped')

    def v2_runner_on_unreachable(self, result):
        self.add(result, 'unreachable')

    def v2_playbook_on_stats(self, stats):
        self.write({'recap': {host: stats.summarize(host) for host in sorted(stats.processed)}})
'''


def write(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file:
            file.write(text)


def answer(case):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {'play.yml': case['playbook'], 'hosts.yml': case.get('inventory', HOSTS), 'callbacks/record.py': CALLBACK,
                       **case.get('files', {})})
        record = os.path.join(folder, 'record')
        env = {**os.environ, 'ANSIBLE_STDOUT_CALLBACK': 'record', 'ANSIBLE_CALLBACK_PLUGINS': os.path.join(folder, 'callbacks'),
               'RECORD_TO': record, 'ANSIBLE_RETRY_FILES_ENABLED': '0', 'ANSIBLE_JINJA2_NATIVE': '1', 'ANSIBLE_TIMEOUT': '2'}
        done = subprocess.run(['ansible-playbook', '-c', 'local', 'play.yml', '-i', 'hosts.yml', *case.get('args', [])],
                              cwd=folder, env=env, capture_output=True, text=True)
        lines = [json.loads(line) for line in open(record)] if os.path.exists(record) else []
        groups = []
        for line in lines:
            if 'recap' in line:
                continue
            if not groups or groups[-1]['id'] != line['id'] or line['host'] in groups[-1]['hosts']:
                groups.append({'id': line['id'], 'task': line['task'], 'hosts': {}})
            told = line['status'] + (' ' + text(line['msg']) if 'msg' in line else '')
            groups[-1]['hosts'][line['host']] = told
        recap = [line['recap'] for line in lines if 'recap' in line]
        if done.returncode not in (0, 2, 4) or not recap:
            print(done.stdout, done.stderr, file=sys.stderr)
        return [
            *[f"{g['task']}: {text(dict(sorted(g['hosts'].items())))}" for g in groups],
            *[f"{host} {text({k.replace('failures', 'failed'): n for k, n in counts.items() if n})}"
              for host, counts in (recap[0] if recap else {}).items()],
            f'status {done.returncode}',
        ]


def text(value):
    return json.dumps(value, separators=(',', ':'), ensure_ascii=False)


target = os.path.join(HERE, 'answers.json')
answers = {'ansible': __version__, 'cases': {}}
if os.path.exists(target):
    with open(target) as file:
        answers = json.load(file)
wanted = sys.argv[1:] or sorted(os.path.basename(f) for f in glob.glob(os.path.join(HERE, '*.yml')))
for name in wanted:
    with open(os.path.join(HERE, name)) as file:
        cases = yaml.safe_load(file)
    with ThreadPool(2) as pool:
        answers['cases'][name] = dict(zip(cases, pool.map(answer, cases.values())))
    print(name, len(cases), file=sys.stderr)
with open(target, 'w') as file:
    json.dump(answers, file, indent=1)
    file.write('\n')
