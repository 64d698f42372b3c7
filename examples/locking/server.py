#!/usr/bin/env python3
"""Notes that several people edit, guarded by ETags: who writes says which version was read.

    python3 server.py [--port 8080] [--bug lost-update]

Needs nothing but Python. Notes are kept in memory.
"""
import argparse
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

MOST_BYTES = 65536


class Notes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    wbufsize = -1  # head and body leave together
    notes = {}  # by path: text and version
    numbers = count(1)
    guard = threading.Lock()  # comparing and writing are one act
    bug = None

    def do_GET(self):
        if self.path == "/health":
            return self.reply(200, {"ok": True})
        with self.guard:
            note = self.notes.get(self.path)
        if note and self.named_in("if-none-match", note):
            return self.reply(304, note=note)
        self.reply(200, {"text": note["text"]}, note) if note else self.missing()

    def do_POST(self):
        text = self.text()
        if text is None:
            return
        if self.path != "/notes":
            return self.missing()
        path, note = f"/notes/{next(self.numbers)}", {"text": text, "version": 1}
        with self.guard:
            self.notes[path] = note
        self.reply(201, {"text": text}, note, path)

    def do_PUT(self):
        text = self.text()
        if text is None:
            return
        with self.guard:
            note = self.notes.get(self.path)
            allowed = note and self.allows(note)
            if allowed:
                note = {"text": text, "version": note["version"] + 1}
                self.notes[self.path] = note
        self.judged(note, allowed) or self.reply(200, {"text": text}, note)

    def do_DELETE(self):
        with self.guard:
            note = self.notes.get(self.path)
            allowed = note and self.allows(note)
            if allowed:
                del self.notes[self.path]
        self.judged(note, allowed) or self.reply(204)

    def allows(self, note):
        """Whether the version that was read is the one there is."""
        if "if-match" not in self.headers:
            return False
        return self.bug == "lost-update" or self.named_in("if-match", note)

    def named_in(self, header, note):
        tags = [tag.strip() for tag in self.headers.get(header, "").split(",")]
        return etag(note) in tags or "*" in tags

    def judged(self, note, allowed):
        """Answers what may not be done; whether it did."""
        if not note:
            self.missing()
        elif "if-match" not in self.headers:
            self.reply(428, {"error": "say with If-Match which version you read"})
        elif not allowed:
            self.reply(412, {"error": "somebody else was here"}, note)
        return not allowed

    def text(self):
        """What is to be written; nothing if that was answered already."""
        size = self.headers.get("content-length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True  # its body is still to come, and nobody reads it
            return self.reply(413 if size.isdigit() else 411, {"error": "a note has a length, and a small one"})
        try:
            return str(json.loads(self.rfile.read(int(size)))["text"])
        except (ValueError, KeyError, TypeError):
            return self.reply(400, {"error": 'a note is {"text": "…"}'})

    def missing(self):
        self.reply(404, {"error": "there is no such note"})

    def reply(self, status, value=None, note=None, location=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        if note:
            self.send_header("ETag", etag(note))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def etag(note):
    return f'"{note["version"]}"'


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["lost-update"])
    options = options.parse_args()
    Notes.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Notes)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
