"""The Jupyter kernel of collab: what Jupyter sends becomes lines of `collab --protocol json`, and back.

Installed by `collab jupyter install`; described in Documentation/protocol.md.
"""

import fnmatch
import html
import json
import os
import signal
import subprocess
import threading

from ipykernel.kernelbase import Kernel


class Collab:
    """The program, and one request to it at a time."""

    def __init__(self):
        # A session of its own: Jupyter's signals go to this process, which hands them on.
        self.process = subprocess.Popen(
            [os.environ.get("COLLAB_PROGRAM", "collab"), "--protocol", "json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.last = 0
        self.ready = self.event()

    def event(self):
        line = self.process.stdout.readline()
        if not line:
            raise EOFError("collab has ended with {}".format(self.process.wait()))
        return json.loads(line)

    def send(self, request, **more):
        self.last += 1
        line = json.dumps({"id": self.last, "request": request, **more})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return self.last

    def ask(self, request, show=lambda event: None, **more):
        """Sends a request, shows the events that belong to it, and returns the last one."""
        number = self.send(request, **more)
        while True:
            event = self.event()
            if event["event"] == "refused":
                raise ValueError(event["message"])
            # The answer to a question is a request within this one, whose end says nothing.
            if event.get("id") == number:
                if event["event"] == "done":
                    return event
                show(event)

    def end(self):
        try:
            self.send("shutdown")
            self.process.stdin.close()
            self.process.wait(timeout=2)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


class CollabKernel(Kernel):
    implementation = "collab"
    language_info = {
        "name": "collab",
        "mimetype": "text/x-collab",
        "file_extension": ".collab",
        # The colours that come closest.
        "pygments_lexer": "python",
        "codemirror_mode": "python",
    }

    def __init__(self, **more):
        super().__init__(**more)
        self.collab = Collab()
        self.allow_stdin = False
        self.open_table = None
        self.has_bar = False
        self.last_error = None

    @property
    def implementation_version(self):
        return self.collab.ready["version"]

    language_version = implementation_version

    @property
    def banner(self):
        return self.collab.ready["banner"]

    def ask(self, request, *arguments, **more):
        """Asks collab, and begins it anew if it has ended meanwhile."""
        if self.collab.process.poll() is not None:
            self.collab = Collab()
        return self.collab.ask(request, *arguments, **more)

    # Statements

    def do_execute(self, code, silent, store_history=True, user_expressions=None,
                   allow_stdin=False, *, cell_meta=None, cell_id=None):
        self.allow_stdin = allow_stdin
        self.open_table, self.has_bar = None, False
        show = (lambda event: None) if silent else self.show
        with Interrupts(self):
            try:
                done = self.ask("execute", show, code=code, store=store_history and not silent)
            except EOFError as error:
                lines = ["error: " + str(error), "  help: run the cells above again"]
                self.show_error({"code": "ended", "message": str(error), "lines": lines})
                return self.failure("ended", str(error))
        if done["status"] == "interrupted":
            return self.failure("interrupted", "what was learned is kept")
        if done["status"] == "error":
            return self.failure(*self.last_error)
        reply = {"status": "ok", "execution_count": self.execution_count, "payload": [],
                 "user_expressions": {}}
        if done["status"] == "quit":
            reply["payload"].append({"source": "ask_exit", "keepkernel": False})
        return reply

    def failure(self, code, message):
        return {"status": "error", "execution_count": self.execution_count, "ename": code,
                "evalue": message, "traceback": []}

    def publish(self, kind, content):
        self.send_response(self.iopub_socket, kind, content)

    def show(self, event):
        kind = event["event"]
        if kind in ("text", "error"):
            self.open_table = None
        if kind == "text":
            self.publish("stream", {"name": event["stream"], "text": event["text"]})
        elif kind in ("display", "update"):
            number = event.get("display")
            self.open_table = event if number else None
            self.display(event["data"], number and "table-%d" % number, kind == "update")
        elif kind == "progress":
            self.show_progress(event)
        elif kind == "progress_end":
            self.end_progress()
        elif kind == "error":
            self.show_error(event)
        elif kind == "question":
            self.answer(event["lines"])

    def display(self, data, name=None, is_update=False):
        content = {"data": data, "metadata": {}}
        if name:
            content["transient"] = {"display_id": "%s-%s" % (name, self.execution_count)}
        self.publish("update_display_data" if is_update else "display_data", content)

    def show_error(self, event):
        self.last_error = event["code"], event["message"]
        lines = ["\x1b[1;31m%s\x1b[0m" % line if line.startswith("error") else line
                 for line in event["lines"]]
        self.publish("error", {"ename": event["code"], "evalue": event["message"],
                               "traceback": lines})

    def show_progress(self, event):
        """Draws a bar below the table that grows, or in a place of its own."""
        bar = '<progress max="%d" value="%d"></progress> <span>%s</span>' % (
            event["total"], event["done"],
            html.escape(" ".join([event["label"], event["note"]]).strip()))
        if self.open_table:
            data = dict(self.open_table["data"])
            data["text/plain"] += "\n" + event["text"]
            data["text/html"] += bar
            self.display(data, "table-%d" % self.open_table["display"], True)
        else:
            self.display({"text/plain": event["text"], "text/html": bar}, "progress", self.has_bar)
            self.has_bar = True

    def end_progress(self):
        if self.open_table:
            self.display(self.open_table["data"], "table-%d" % self.open_table["display"], True)
        elif self.has_bar:
            self.display({"text/plain": "", "text/html": ""}, "progress", True)

    def answer(self, lines):
        text = None
        if self.allow_stdin:
            try:
                text = self.raw_input("\n".join(lines) + " ")
            except (KeyboardInterrupt, EOFError):
                pass
        self.collab.send("answer", text=text)

    # What is being typed

    def do_complete(self, code, cursor_pos):
        done = self.ask("complete", code=code, cursor=cursor_pos)
        matches = done["matches"]
        types = [{"text": match["text"], "type": one_line(match["note"]) or "collab",
                  "start": done["start"], "end": done["end"]} for match in matches]
        return {"status": "ok", "matches": [match["text"] for match in matches],
                "cursor_start": done["start"], "cursor_end": done["end"],
                "metadata": {"_jupyter_types_experimental": types}}

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        done = self.ask("inspect", code=code, cursor=cursor_pos)
        data = {"text/plain": done["text"]} if done["found"] else {}
        return {"status": "ok", "found": done["found"], "data": data, "metadata": {}}

    def do_is_complete(self, code):
        done = self.ask("is_complete", code=code)
        return {"status": done["completeness"], "indent": done.get("indent", "")}

    def do_history(self, hist_access_type, output, raw, session=None, start=None, stop=None,
                   n=None, pattern=None, unique=False):
        statements = self.ask("history", count=5000)["statements"]
        # This session is 1, all before it are 0.
        lines = {True: 0, False: 0}
        history = []
        for statement in statements:
            is_current = statement["current"]
            lines[is_current] += 1
            history.append((int(is_current), lines[is_current], statement["code"]))
        if hist_access_type == "range":
            wanted = 1 if session in (0, None) else session
            history = [entry for entry in history if entry[0] == wanted
                       and (start or 0) <= entry[1] and (stop is None or entry[1] < stop)]
        elif hist_access_type == "search":
            history = [entry for entry in history if fnmatch.fnmatch(entry[2], pattern or "*")]
            if unique:
                history = list({entry[2]: entry for entry in history}.values())
        if hist_access_type != "range" and n is not None:
            history = history[-n:] if n else []
        return {"status": "ok", "history": history}

    def do_shutdown(self, restart):
        self.collab.end()
        return {"status": "ok", "restart": restart}


def one_line(note, limit=60):
    """A description that JupyterLab shows beside a match without breaking it."""
    cut = note if len(note) <= limit else note[:limit - 1] + "\u2026"
    return cut.replace(" ", "\u00a0")


class Interrupts:
    """Hands the interrupts that come meanwhile on to collab, which stops and keeps what it learned."""

    def __init__(self, kernel):
        self.kernel = kernel

    def __enter__(self):
        self.old = None
        if threading.current_thread() is threading.main_thread():
            self.old = signal.signal(signal.SIGINT, self.hand_on)

    def hand_on(self, *_):
        self.kernel.collab.process.send_signal(signal.SIGINT)

    def __exit__(self, *_):
        if self.old is not None:
            signal.signal(signal.SIGINT, self.old)


if __name__ == "__main__":
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(kernel_class=CollabKernel)
