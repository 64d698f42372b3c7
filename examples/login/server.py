#!/usr/bin/env python3
"""A site with a login: cookies, a token in every form, a page that only members see.

    python3 server.py [--port 8080] [--bug logout-keeps-session]

Needs nothing but Python. Sessions are kept in memory.
"""
import argparse
import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PASSWORDS = {"ann": Path(__file__).with_name("password").read_text().strip()}
MOST_BYTES = 65536
COOKIE = "session={}; Path=/; HttpOnly; SameSite=Lax"
NO_COOKIE = "session=; Path=/; Max-Age=0"

LOGIN = """<h1>Log in</h1><p class="error">{error}</p>
<form id="login" method="post" action="/login"><input type="hidden" name="token" value="{token}">
<input name="user"><input name="password" type="password"><button>Log in</button></form>"""
MEMBERS = """<h1>Welcome, {user}</h1><p>Only members see this.</p>
<form id="logout" method="post" action="/logout"><input type="hidden" name="token" value="{token}">
<button>Log out</button></form>"""


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    wbufsize = -1  # head and body leave together
    sessions = {}  # by the cookie's value
    bug = None

    def do_GET(self):
        path, session = urlsplit(self.path).path, self.session()
        if path == "/health":
            self.reply(200, "ok")
        elif path == "/login":
            self.login_page(200, session)
        elif path != "/members":
            self.reply(404, "not found")
        elif session and session["user"]:
            self.reply(200, MEMBERS.format(**session))
        else:
            self.redirect("/login")

    def do_POST(self):
        size = self.headers.get("content-length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True  # its body is still to come, and nobody reads it
            return self.reply(413 if size.isdigit() else 411, "a form has a length, and a small one")
        form = parse_qs(self.rfile.read(int(size)).decode(errors="replace"))
        given = {name: values[0] for name, values in form.items()}
        path, session = urlsplit(self.path).path, self.session()
        if path not in ("/login", "/logout"):
            self.reply(404, "not found")
        elif not session or not same(given.get("token", ""), session["token"]):
            self.reply(403, "this form is not yours")
        elif path == "/login":
            self.log_in(session, given)
        else:
            self.log_out()

    def log_in(self, session, given):
        user = given.get("user", "")
        if not same(given.get("password", ""), PASSWORDS.get(user, secrets.token_hex())):
            return self.login_page(401, session, "Wrong name or password")
        self.sessions.pop(self.cookie(), None)
        name, _ = self.new_session(user)  # a new one: somebody may know the old one's name
        self.redirect("/members", COOKIE.format(name))

    def log_out(self):
        if self.bug != "logout-keeps-session":
            self.sessions.pop(self.cookie(), None)
        self.redirect("/login", NO_COOKIE)

    def login_page(self, status, session, error=""):
        cookie = None
        if not session:
            name, session = self.new_session(None)
            cookie = COOKIE.format(name)
        self.reply(status, LOGIN.format(error=error, token=session["token"]), cookie)

    def new_session(self, user):
        name, session = secrets.token_hex(), {"user": user, "token": secrets.token_hex()}
        self.sessions[name] = session
        return name, session

    def session(self):
        return self.sessions.get(self.cookie())

    def cookie(self):
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get("session")
        except CookieError:
            return None
        return found.value if found else None

    def redirect(self, location, cookie=None):
        self.reply(303, "", cookie, location)

    def reply(self, status, text, cookie=None, location=None):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in (("Set-Cookie", cookie), ("Location", location)):
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def same(given, wanted):
    return hmac.compare_digest(given.encode(), wanted.encode())


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["logout-keeps-session"])
    options = options.parse_args()
    Site.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Site)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
