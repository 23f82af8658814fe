"""Runs what README and docs/ tell a reader to run.

A block that follows a line "`name.json`:" is that file. In a block of shell commands, each line that begins with pflow-host or install is run and must
succeed; the other commands must lead to something that exists. Code in docs/plugins.md must stand in the examples, word for word.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ["PFLOW_SOURCE_DIR"])
HOST = pathlib.Path(os.environ["PFLOW_HOST"])
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
FILE_NAME = re.compile(r"`([\w.-]+\.json)`[^\n`]*:\n\n$")


def blocks(page):
    """(language, text, name of the file it is or None) for each block of a page."""
    text = page.read_text()
    for match in BLOCK.finditer(text):
        name = FILE_NAME.search(text[: match.start()])
        yield match[1], match[2], name[1] if name else None


def presets():
    document = json.loads((ROOT / "CMakePresets.json").read_text())
    kinds = ("workflowPresets", "configurePresets", "testPresets")
    return {preset["name"] for kind in kinds for preset in document[kind]}


class Docs(unittest.TestCase):
    def run_line(self, line, folder):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PFLOW_")}
        environment.update(HOME=folder, PATH=f"{HOST.parent}:{environment['PATH']}")
        done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}{done.stderr}")
        self.assertNotEqual(done.stdout + done.stderr, "", line)

    def check_line(self, line, folder):
        if line.startswith(("pflow-host ", "install ")):
            return self.run_line(line, folder)
        words = line.split()
        if words[0] == "export":
            return None
        if words[0] == "bash":
            return self.assertTrue((ROOT / words[1]).is_file(), line)
        preset = re.search(r"--preset (\S+)", line)
        if preset:
            return self.assertIn(preset[1], presets(), line)
        # Installing is tried by the tests of the SDK.
        return self.assertTrue(line.startswith("cmake --install build/"), f"nothing tests this command: {line}")

    def test_each_command_works(self):
        for page in PAGES:
            with self.subTest(page=page.name), tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "docs").mkdir()
                shutil.copy(ROOT / "CHANGELOG.md", pathlib.Path(folder) / "docs")
                for language, text, name in blocks(page):
                    if name:
                        (pathlib.Path(folder) / name).write_text(text)
                    if language == "sh":
                        for line in filter(None, text.splitlines()):
                            if not line.startswith("#"):
                                self.check_line(line, folder)

    def test_code_stands_in_the_examples(self):
        sources = "".join(p.read_text() for p in (ROOT / "sdk/examples").rglob("*") if p.is_file())
        found = [text for language, text, _ in blocks(ROOT / "docs/plugins.md") if language in ("cpp", "cmake", "c")]
        self.assertGreater(len(found), 1)
        for text in found:
            self.assertIn(text, sources)

    def test_each_parameter_and_output_is_told(self):
        page = (ROOT / "docs/nodes.md").read_text()
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(
                [HOST, "nodes", "--output-format", "json"],
                env={**os.environ, "HOME": home, "PFLOW_HOME": home},
                capture_output=True,
                check=True,
            )
        nodes = json.loads(done.stdout)["nodes"]
        self.assertGreater(len(nodes), 5)
        for node in nodes:
            descriptor = node["descriptor"]
            names = [node["name"], *descriptor["params"]["properties"], *(o["name"] for o in descriptor["outputs"])]
            for name in names:
                self.assertIn(f"`{name}`", page, f"{node['name']}: {name}")

    def test_the_workflow_of_the_readme_is_the_example(self):
        texts = [text for _, text, name in blocks(ROOT / "README.md") if name == "newest.json"]
        self.assertEqual(texts, [(ROOT / "examples/newest.json").read_text()])

    def test_each_example_is_valid(self):
        for example in sorted((ROOT / "examples").glob("*.json")):
            with tempfile.TemporaryDirectory() as folder:
                self.run_line(f"pflow-host validate '{example}' --llm-provider offline", folder)

    def test_the_example_of_the_readme_reports_on_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            sources = pathlib.Path(folder) / "it's mine"
            sources.mkdir()
            (sources / "one.cpp").write_text("int main() {\n}\n")
            (sources / "two words.md").write_text("# Title\n")
            self.run_line(
                f"pflow-host run '{ROOT}/examples/repository-report.json' folder=\"it's mine\" report=report.md", folder
            )
            report = (pathlib.Path(folder) / "report.md").read_text()
        self.assertIn("2 files, 3 lines.", report)
        self.assertIn("| cpp | 1 | 2 |", report)
        self.assertIn("- ./two words.md (1 lines)", report)

    def test_links_lead_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
                self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")


if __name__ == "__main__":
    unittest.main()
