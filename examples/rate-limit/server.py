#!/usr/bin/env python3
"""Quotes, five in two seconds for each key; who asks more often is told when to come back.

    python3 server.py [--port 8080] [--bug refusal-extends]

Needs nothing but Python. What was counted is kept in memory.
"""
import argparse
import json
import math
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LIMIT, WINDOW = 5, 2.0


class Quotes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    wbufsize = -1  # head and body leave together
    windows = {}  # by key: when it began, and how many came in it
    guard = threading.Lock()  # counting and deciding are one act
    bug = None

    def do_GET(self):
        if self.path == "/health":
            return self.reply(200, {"ok": True})
        key = self.headers.get("x-api-key")
        if self.path != "/quote":
            return self.reply(404, {"error": "there is only /quote"})
        if not key:
            return self.reply(401, {"error": "say who you are with X-Api-Key"})
        left, wait = self.count(key)
        if wait is None:
            self.reply(200, {"quote": "You catch what you expect."}, {"RateLimit-Remaining": left})
        else:
            told = {"RateLimit-Remaining": 0, "Retry-After": math.ceil(wait)}
            self.reply(429, {"error": "too many requests"}, told)

    def count(self, key):
        """How many more may come, and how long to wait if this one may not."""
        now = time.monotonic()
        with self.guard:
            began, count = self.windows.get(key, (now, 0))
            if now - began >= WINDOW:
                began, count = now, 0
            allowed = count < LIMIT
            if allowed:
                count += 1
            elif self.bug == "refusal-extends":
                self.windows[key] = (now, count)
                return 0, WINDOW - (now - began)  # what is promised is not what will be
            self.windows[key] = (began, count)
        return LIMIT - count, None if allowed else WINDOW - (now - began)

    def reply(self, status, value, headers=None):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("RateLimit-Limit", str(LIMIT))
        for name, text in (headers or {}).items():
            self.send_header(name, str(text))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["refusal-extends"])
    options = options.parse_args()
    Quotes.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Quotes)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
