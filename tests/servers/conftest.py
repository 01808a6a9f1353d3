"""nginx and HAProxy before a canned server, ended as load balancers are ended.

What is not installed is passed over. `make test-servers` runs this; OUTCROP_CALLS says how many calls go each way.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.servers.canned import Canned
from tests.support.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

CALLS = int(os.environ.get("OUTCROP_CALLS", "1000"))

NGINX = """
user root;
worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_max_body_size 64m;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  ssl_certificate server.pem; ssl_certificate_key server.pem;
  {options}
  server {{
    listen 127.0.0.1:{port} ssl http2 backlog=1024;
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_request_buffering on; }}
  }}
}}
"""

HAPROXY = """
global
  maxconn 8192
  {options}
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  {defaults}
frontend front
  bind 127.0.0.1:{port} ssl crt server.pem alpn h2,http/1.1
  default_backend back
backend back
  server one 127.0.0.1:{behind}
"""


class Ahead:
    """One of the two, with its folder and its process."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.bundle = str(folder / "authority.pem")
        self._folder = folder
        self._command = command
        self.port = 0

    def configure(self, name: str, text: str, **words: object) -> None:
        """Write the configuration and choose a port."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        (self._folder / name).write_text(text.format(port=self.port, **words))

    def __enter__(self) -> Self:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.bundle)
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(self._folder / "server.pem"))
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._listens)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def reload(self) -> None:
        """Let another process take over, while this one ends what it has under way."""
        self._process.send_signal(signal.SIGHUP if "nginx" in self._command[0] else signal.SIGUSR2)


def _installed(name: str) -> str:
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed here; apt-get install {name} brings it")
    return found


@pytest.fixture
def canned():
    with Canned() as server:
        yield server


@pytest.fixture
def nginx(tmp_path, canned):
    """`nginx(options)`: nginx with these options of its http block."""

    def ahead(options: str = "") -> Ahead:
        server = Ahead(tmp_path, [_installed("nginx"), "-p", str(tmp_path), "-c", "nginx.conf", "-e", "error.log"])
        server.configure("nginx.conf", NGINX, options=options, behind=canned.port)
        return server

    return ahead


@pytest.fixture
def haproxy(tmp_path, canned):
    """`haproxy(options, defaults)`: HAProxy, its master process before its workers."""

    def ahead(options: str = "", defaults: str = "") -> Ahead:
        server = Ahead(tmp_path, [_installed("haproxy"), "-W", "-f", "haproxy.cfg"])
        server.configure("haproxy.cfg", HAPROXY, options=options, defaults=defaults, behind=canned.port)
        return server

    return ahead
