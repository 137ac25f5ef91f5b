"""Writes how PyYAML resolves the plain scalars of scalars.txt, a line each, to scalars.json: /usr/bin/python3 record-scalars.py"""
import json
import math
import os

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))


def told(text):
    value = yaml.safe_load(f'[{text}]')[0] if text else None
    if isinstance(value, float):
        return ['float', str(value) if math.isinf(value) or math.isnan(value) else repr(value)]
    if isinstance(value, int) and not isinstance(value, bool):
        return ['int', str(value)]
    return [type(value).__name__, value if isinstance(value, (bool, str, type(None))) else str(value)]


with open(os.path.join(HERE, 'scalars.txt')) as file:
    lines = [line.rstrip('\n') for line in file]
with open(os.path.join(HERE, 'scalars.json'), 'w') as file:
    file.write('{\n' + ',\n'.join(f'  {json.dumps(line)}: {json.dumps(told(line))}' for line in lines) + '\n}\n')
