"""Runs JupyterLab until its standard input ends, then stops it cleanly.

The end of the input is the one way to say "stop" that works on every system, and that also arrives
when the program on the other side was killed: so neither the server nor its kernels outlive it.
"""

import sys
import threading

from jupyter_server.serverapp import ServerApp
from jupyterlab.labapp import LabApp

start = ServerApp.start


def start_watched(server):
    """Starts the server, and a thread that waits for the end of the input."""

    def watch():
        sys.stdin.buffer.read()
        server.io_loop.add_callback(server.stop)

    threading.Thread(target=watch, daemon=True).start()
    if not (server.identity_provider.token and server.identity_provider.token_generated):
        # With a generated token Jupyter says it itself.
        print(f"JupyterLab is at {server.display_url}", flush=True)
    start(server)


ServerApp.start = start_watched
sys.exit(LabApp.launch_instance())
