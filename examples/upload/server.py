#!/usr/bin/env python3
"""A shelf for files: uploaded as multipart/form-data, read back by whoever has the address.

    python3 server.py [--port 8080] [--bug lost-tail]

Needs nothing but Python. Files are kept in memory.
"""
import argparse
import hashlib
import json
import re
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

MOST_BYTES = 1 << 20
BLOCK = 64 * 1024
TYPES = ("text/plain", "image/png", "application/pdf")


class Shelf(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    wbufsize = -1  # head and body leave together
    files = {}  # by path: name, type and bytes
    bug = None

    def do_GET(self):
        file = self.files.get(self.path)
        if self.path == "/health":
            self.reply(200, "application/json", b'{"ok": true}')
        elif file:
            name, media, content = file
            self.reply(200, media, content, disposition=f"attachment; filename*=UTF-8''{quote(name)}")
        else:
            self.refuse(404, "there is no such file")

    def do_DELETE(self):
        if self.files.pop(self.path, None):
            self.reply(204)
        else:
            self.refuse(404, "there is no such file")

    def do_POST(self):
        body = self.body()
        if body is None:
            return
        if self.path != "/files":
            return self.refuse(404, "files go to /files")
        file = file_in(self.headers.get("content-type", ""), body)
        if not file:
            return self.refuse(400, 'a form with a file in its field "file" is wanted')
        name, media, content = file
        if media not in TYPES:
            return self.refuse(415, f"{media} is none of {', '.join(TYPES)}")
        if len(content) > MOST_BYTES:
            return self.refuse(413, f"a file has at most {MOST_BYTES} bytes")
        path = f"/files/{secrets.token_hex(8)}"
        self.files[path] = name, media, self.copied(content)
        facts = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        self.reply(201, "application/json", json.dumps(facts).encode(), location=path)

    def copied(self, content):
        """As it is put away: block by block."""
        blocks = [content[at : at + BLOCK] for at in range(0, len(content), BLOCK)]
        if self.bug == "lost-tail" and len(blocks) > 1 and len(blocks[-1]) < BLOCK:
            blocks.pop()
        return b"".join(blocks)

    def body(self):
        """The request's body; nothing if it was refused."""
        size = self.headers.get("content-length", "")
        if not size.isdigit():
            self.close_connection = True  # where it ends is not known
            return self.refuse(411, "an upload says its length")
        left, room = int(size), MOST_BYTES + BLOCK  # the form's own lines have room beside the file
        if left <= room:
            return self.rfile.read(left)
        # Who still sends would not hear the answer over a connection that breaks.
        while left > 0 and (block := self.rfile.read(min(left, BLOCK))):
            left -= len(block)
        self.refuse(413, f"a file has at most {MOST_BYTES} bytes")

    def refuse(self, status, error):
        self.reply(status, "application/json", json.dumps({"error": error}).encode())

    def reply(self, status, media=None, body=b"", location=None, disposition=None):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
        for name, value in (("Location", location), ("Content-Disposition", disposition)):
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def file_in(content_type, body):
    """Name, media type and bytes of the field `file` of a multipart body, if there is one."""
    boundary = re.fullmatch(r'multipart/form-data;\s*boundary="?([^";]+)"?', content_type)
    if not boundary:
        return None
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        head = head.decode(errors="replace")
        names = dict(re.findall(r'; (name|filename)="([^"]*)"', head))
        if names.get("name") == "file" and "filename" in names:
            media = re.search(r"(?im)^content-type: *([^\s;]+)", head)
            return names["filename"], media[1] if media else "text/plain", content
    return None


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["lost-tail"])
    options = options.parse_args()
    Shelf.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Shelf)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
