"""Repositories of packages."""

import gzip
import os
from xml.etree import ElementTree


def provided_by(address):
    """Names from a repository's metadata, as createrepo_c writes it. Raises OSError where there is none."""
    index = ElementTree.fromstring(read_address(address, "repodata/repomd.xml"))
    location = index.find("{*}data[@type='primary']/{*}location").get("href")
    packages = ElementTree.fromstring(gzip.decompress(read_address(address, location)))
    return {entry.get("name") for entry in packages.iterfind("{*}package/{*}format/{*}provides/{*}entry")}


def read_address(address, name):
    file = address.removeprefix("file://")
    if os.path.isabs(file):
        with open(os.path.join(file, name), "rb") as content:
            return content.read()
    # Most repositories of tests are files, and this takes a third of a start.
    from urllib.request import urlopen
    with urlopen(address.rstrip("/") + "/" + name, timeout=10) as answer:
        return answer.read()
