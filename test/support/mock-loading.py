"""
Loads a configuration as mock does: executes it as Python with include() and config_opts, then expands templates in
every value. Prints all values as JSON. Usage: mock-loading.py <configuration> <directory that stands for /etc/mock>
"""

import json
import sys

import jinja2

MAX_EXPANSIONS = 5


def expand(value, variables):
    if isinstance(value, str):
        for _ in range(MAX_EXPANSIONS):
            expanded = jinja2.Template(value, keep_trailing_newline=True).render(variables)
            if expanded == value:
                break
            value = expanded
        return value
    if isinstance(value, dict):
        return {key: expand(one, variables) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [expand(one, variables) for one in value]
    return value


def load(path, directory):
    config_opts = {"macros": {}, "plugin_conf": {"root_cache_opts": {}}, "dnf.conf": "[main]\n", "cache_topdir": "/var/cache/mock"}

    def include(name):
        execute(directory + name[len("/etc/mock"):] if name.startswith("/etc/mock/") else name)

    def execute(name):
        with open(name, encoding="utf-8") as file:
            exec(compile(file.read(), name, "exec"), {"config_opts": config_opts, "include": include})

    execute(path)
    return expand(config_opts, config_opts)


print(json.dumps(load(*sys.argv[1:])))
