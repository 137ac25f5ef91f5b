"""What a play did, as lines of JSON in the file RECORD_TO: a callback plugin for ansible-playbook."""
import json
import os

from ansible.playbook.handler import Handler
from ansible.plugins.callback import CallbackBase

SHOWN = ('debug', 'fail', 'assert')


def status_of(result):
    if result.get('unreachable'):
        return 'unreachable'
    if result.get('failed'):
        return 'failed'
    if result.get('skipped'):
        return 'skipped'
    return 'changed' if result.get('changed') else 'ok'


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'record'

    def __init__(self):
        super().__init__()
        self.names = {}

    def started(self, task, *_, **__):
        # Ansible renders a name while a task starts, and only then
        self.names[task._uuid] = task.get_name()

    v2_playbook_on_task_start = started
    v2_playbook_on_handler_task_start = started

    def write(self, what):
        with open(os.environ['RECORD_TO'], 'a') as file:
            file.write(json.dumps(what, default=str) + chr(10))

    def add(self, result, status):
        task, values = result._task, result._result
        action = task.action.split('.')[-1]
        if action == 'meta':
            return
        what = {'id': task._uuid, 'task': self.names.get(task._uuid, task.get_name()), 'host': result._host.get_name(), 'status': status,
                'handler': isinstance(task, Handler)}
        # an include is told as one task: what its items brought follows
        items = None if task.loop is None or action in ('include_tasks', 'include_role') else values.get('results')
        if not task.no_log and isinstance(items, list) and items:
            what['items'] = [self.told(action, item, status_of(item)) for item in items]
        elif not task.no_log:
            what.update(self.told(action, values, status))
        self.write(what)

    def told(self, action, values, status):
        told = self.said(action, values, status)
        # of a text; what differs in the attributes of a file is told in each tool's own words
        diffs = values.get('diff') or []
        for diff in diffs if isinstance(diffs, list) else [diffs]:
            if isinstance(diff.get('before'), str) and isinstance(diff.get('after'), str) and diff['before'] != diff['after']:
                told['diff'] = {'before': diff['before'], 'after': diff['after']}
        return told

    def said(self, action, values, status):
        own_words = action == 'debug' and status in ('failed', 'ignored')
        if action not in SHOWN or own_words or status in ('skipped', 'unreachable'):
            return {'status': status}
        if action == 'debug' and 'msg' not in values:
            about = ('changed', 'failed', 'item', 'ansible_loop_var', 'ansible_index_var', 'ansible_loop')
            var = [v for k, v in values.items() if not k.startswith('_ansible') and k not in about]
            return {'status': status, 'shown': var[0]} if len(var) == 1 else {'status': status}
        return {'status': status, 'shown': values.get('msg')}

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
