"""The installed kernel, tried with jupyter_kernel_test, and the chapter, run by nbclient.

script/check-kernel runs this. It needs ipykernel, jupyter_kernel_test and nbclient.
"""

import os
import unittest

import jupyter_kernel_test
import nbformat
from nbclient import NotebookClient


class CollabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "collab"
    language_name = "collab"
    file_extension = ".collab"
    code_hello_world = "print('hello, world')"
    code_stderr = "import torch"
    completion_samples = [
        {"text": "learner do", "matches": {"dot", "dotbias", "dotbias_raw"}},
        {"text": "zer", "matches": {"zeros", "zeros_like"}},
    ]
    complete_code_samples = ["1 + 1", "load demo; head ratings", "def f(x):\n    return x\n"]
    incomplete_code_samples = ["fit(5,", "for i in range(3):", "x = '''a"]
    invalid_code_samples = ["1 +* 2", "x = )"]
    code_generate_error = "no_such_name"
    code_display_data = [
        {"code": "plt.plot([1, 2], [3, 4])", "mime": "image/svg+xml"},
        {"code": "load demo\nhead ratings", "mime": "text/html"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "fit"

    def test_interrupt_keeps_what_was_learned(self):
        self.flush_channels()
        self.execute_helper("load demo; dataloaders; learner dot factors=5")
        self.kc.execute("fit 100000 5e-3")
        seen = 0
        while seen < 2:
            message = self.kc.get_iopub_msg(timeout=60)
            seen += message["msg_type"] == "update_display_data"
        self.km.interrupt_kernel()
        reply = self.kc.get_shell_msg(timeout=60)
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(reply["content"]["ename"], "interrupted")
        self.flush_channels()
        reply, output = self.execute_helper("len(learn.recorder.values) > 0")
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertEqual(output[0]["content"]["text"], "True\n")

    def test_idle_interrupts_harm_nothing(self):
        self.flush_channels()
        self.km.interrupt_kernel()
        self.km.interrupt_kernel()
        reply, output = self.execute_helper("6 * 7")
        self.assertEqual(output[0]["content"]["text"], "42\n")

    def test_an_error_shows_its_place(self):
        self.flush_channels()
        _, output = self.execute_helper("fit 5 wdd=1")
        lines = output[0]["content"]["traceback"]
        self.assertIn("unknown-option", lines[0])
        self.assertEqual(lines[2:4], ["1 | fit 5 wdd=1", "  |       ^^^"])

    def test_completion_has_descriptions(self):
        self.flush_channels()
        self.kc.complete("learner do")
        content = self.get_non_kernel_info_reply()["content"]
        types = content["metadata"]["_jupyter_types_experimental"]
        self.assertIn("dot\u00a0product", next(t["type"] for t in types if t["text"] == "dot"))
        self.assertEqual((content["cursor_start"], content["cursor_end"]), (8, 10))


class NotebookTests(unittest.TestCase):
    @unittest.skipUnless("COLLAB_DATA" in os.environ, "cells of the chapter need MovieLens 100K")
    def test_runs_the_chapter(self):
        notebook = nbformat.read(os.environ["COLLAB_CHAPTER"], as_version=4)
        client = NotebookClient(notebook, kernel_name="collab", timeout=3600)
        client.execute()
        if "COLLAB_PLAYED" in os.environ:
            nbformat.write(notebook, os.environ["COLLAB_PLAYED"])
        nbformat.validate(notebook)
        kinds = [
            kind for cell in notebook.cells if cell.cell_type == "code"
            for output in cell.outputs for kind in output.get("data", {})]
        self.assertIn("text/html", kinds)
        self.assertIn("image/svg+xml", kinds)


if __name__ == "__main__":
    unittest.main()
