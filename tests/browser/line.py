"""The line between a window and the server, which a test may cut and mend: requests and the live channel."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, WebSocketRoute


class Line:
    """Make one before the page opens its live channel: Chromium's own offline mode leaves open sockets alone."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.sinces: list[str] = []
        self._open: list[WebSocketRoute] = []
        self._cut = False
        context.route_web_socket("**/api/live*", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self._cut:
            socket.close(code=1001)
            return
        self.sinces.append(socket.url.rpartition("since=")[2])
        socket.connect_to_server()
        self._open.append(socket)

    def cut(self) -> None:
        """From now on nothing goes through."""
        self._cut = True
        self.context.set_offline(True)
        for socket in self._open:
            socket.close(code=1001)
        self._open.clear()

    def mend(self) -> None:
        """Everything goes through again; the browser notices."""
        self._cut = False
        self.context.set_offline(False)
