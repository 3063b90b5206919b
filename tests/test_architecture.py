"""The house rules, held by reading the source: import-linter is not needed here, and could not hold half of them.

Every rule is a function from a root folder to the places that break it. The first test points them at Chipin; the
others plant each violation in a temporary tree, since a rule that cannot fail holds nothing.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ("bot", "adapters", "core")
PYTHON = (*HOUSE, "tests", "scripts", "benchmarks")
MAX_LINES = 400
MONEY = re.compile(r"core/(money|prices|ledger|ledger/.*)\.py")
PROCESS_ONLY = {"asyncio.run", "asyncio.Runner", "sys.exit", "print"}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}
# A package registry (which one is used is the installer's affair), or a folder on somebody's own machine.
UNSPEAKABLE = re.compile(r"(?:pypi|pythonhosted|npmjs)\.(?:org|com)|(?<![\w.~$})/-])/(?:home|root|work|Users)/")
RELATIVE = re.compile(r"\bfrom[\s\\]*\.")
LOCK_LINE = re.compile(r"[a-z0-9][a-z0-9-]*==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    # .*")

Faults = Iterator[str]
Rule = Callable[[Path], Faults]


# --- reading the source ---


def sources(root: Path, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file of the folders: its path below root, and its tree."""
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            yield file.relative_to(root).as_posix(), _tree(file.read_text(encoding="utf-8"))


@cache
def _tree(source: str) -> ast.Module:
    return ast.parse(source)  # once, although every rule reads every file


TELLING = (ast.Import, ast.ImportFrom, ast.Name, ast.Attribute, ast.Constant)


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Everything in a file that a rule may ask for, looked up once for all rules."""
    return tuple(node for node in ast.walk(tree) if isinstance(node, TELLING))


@cache
def imports(tree: ast.Module) -> tuple[tuple[str, int], ...]:
    """Everything a file imports as dotted names (`from core import ask` is `core.ask`), wherever it stands."""
    return tuple(_imports(tree))


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@cache
def names(tree: ast.Module) -> tuple[tuple[str, int], ...]:
    """Every name that is used or imported, by its full dotted name: `from os import getenv as g` uses `os.getenv`."""
    return tuple(_names(tree))


def _names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    full: dict[str, str] = {}
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            full |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            full |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    yield from imports(tree)
    for node in nodes(tree):
        if isinstance(node, ast.Name):
            yield full.get(node.id, node.id), node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{full.get(node.value.id, node.value.id)}.{node.attr}", node.lineno


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file that could be committed: not the data, and no hidden folder but the one with the CI script."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if entry.name == ".ci" or not (entry.name.startswith(".") or entry.name in {"data", "__pycache__"}):
                yield from texts(entry)
        elif entry.is_file() and entry.name not in {".env", ".git"}:  # a second working tree has a file .git
            yield entry, entry.read_text(encoding="utf-8", errors="ignore")


# --- the rules ---


def core_imports_only_itself_and_the_standard_library(root: Path) -> Faults:
    for path, tree in sources(root, "core"):
        for name, line in imports(tree):
            if not within(name, "core") and name.split(".")[0] not in sys.stdlib_module_names:
                yield f"{path}:{line} imports {name}"


def adapters_import_no_sibling(root: Path) -> Faults:
    for path, tree in sources(root, "adapters"):
        own = "adapters." + path.split("/")[1].removesuffix(".py")
        for name, line in imports(tree):
            if within(name, "adapters") and not within(name, own):
                yield f"{path}:{line} imports {name}"


def nothing_imports_the_bot(root: Path) -> Faults:
    """Nor does any part of the house import its tests and tools."""
    for path, tree in sources(root, *HOUSE):
        forbidden = {"bot", "tests", "scripts", "benchmarks"} - {path.split("/")[0]}
        yield from (f"{path}:{line} imports {name}" for name, line in imports(tree) if within(name, *forbidden))


def use_cases_stand_alone(root: Path) -> Faults:
    """Which files are use cases is said once, in pyproject.toml, where import-linter makes the list complete."""
    above, use_cases = use_cases_of(root)
    for path, tree in sources(root, "core"):
        if within(module_of(path), *above):
            continue
        others = [case for case in use_cases if not within(module_of(path), case)]
        yield from (f"{path}:{line} imports {name}" for name, line in imports(tree) if within(name, *others))


def use_cases_of(root: Path) -> tuple[list[str], list[str]]:
    """The layers of core above the use cases, and these: the first line that is joined by |."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract.get("containers") == ["core"]]
    line = next(index for index, layer in enumerate(layers) if "|" in layer)
    in_core = [[f"core.{name.strip(' ()')}" for name in layer.split("|")] for layer in layers[: line + 1]]
    return [name for layer in in_core[:-1] for name in layer], in_core[-1]


def only_the_settings_read_the_environment(root: Path) -> Faults:
    for path, tree in sources(root, *HOUSE):
        if path != "bot/settings.py":
            yield from (f"{path}:{line} uses {name}" for name, line in names(tree) if within(name, *ENVIRONMENT))


def only_the_process_runs_exits_and_prints(root: Path) -> Faults:
    for path, tree in sources(root, *HOUSE):
        if path != "bot/__main__.py":
            yield from (f"{path}:{line} uses {name}" for name, line in names(tree) if name in PROCESS_ONLY)


def no_import_is_relative(root: Path) -> Faults:
    """Of the whole tree: only what looks like one is parsed, since tests are as long as all they test."""
    for folder in PYTHON:
        for file in sorted((root / folder).rglob("*.py")):
            source = file.read_text(encoding="utf-8")
            for node in nodes(_tree(source)) if RELATIVE.search(source) else ():
                if isinstance(node, ast.ImportFrom) and node.level:
                    yield f"{file.relative_to(root).as_posix()}:{node.lineno} is a relative import"


def every_test_folder_is_a_package(root: Path) -> Faults:
    """Without tests/__init__.py a tests/core/__init__.py makes `core` mean `tests/core`."""
    for folder in sorted({file.parent for file in (root / "tests").rglob("*.py")}):
        if not (folder / "__init__.py").exists():
            yield f"{folder.relative_to(root).as_posix()} has no __init__.py"


def no_file_is_long(root: Path) -> Faults:
    for folder in PYTHON:
        for file in sorted((root / folder).rglob("*.py")):
            if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MAX_LINES:
                yield f"{file.relative_to(root).as_posix()} has {lines} lines, {MAX_LINES} at most"


def money_is_never_a_float(root: Path) -> Faults:
    for path, tree in sources(root, "core"):
        if not MONEY.fullmatch(path):
            continue
        for node in nodes(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                yield f"{path}:{node.lineno} has the float {node.value}"
            elif isinstance(node, ast.Name) and node.id == "float":
                yield f"{path}:{node.lineno} uses float"


def no_file_names_a_registry_or_a_machine(root: Path) -> Faults:
    for file, text in texts(root):
        for number, line in enumerate(text.splitlines(), start=1):
            if found := UNSPEAKABLE.search(line):
                yield f"{file.relative_to(root).as_posix()}:{number} names {found[0]}"


def locks_are_pins_and_hashes_of_what_is_declared(root: Path) -> Faults:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    runtime: list[str] = project["project"]["dependencies"]
    pins: dict[str, set[str]] = {}
    for name, wanted in {
        "requirements.lock": runtime,
        "requirements-dev.lock": [*runtime, *project["dependency-groups"]["dev"]],
    }.items():
        lines = (root / name).read_text().splitlines()
        yield from (f"{name}: {line!r} is neither pin nor hash" for line in lines if not LOCK_LINE.fullmatch(line))
        pins[name] = {line.split(" ")[0] for line in lines if "==" in line and not line.startswith(" ")}
        pinned = {pin.split("==")[0] for pin in pins[name]}
        for requirement in wanted:
            if (
                package := re.split(r"[\[<>=;, ]", requirement)[0].lower().replace(".", "-").replace("_", "-")
            ) not in pinned:
                yield f"{name} lacks {package}: run make lock"
    for pin in sorted(pins["requirements.lock"] - pins["requirements-dev.lock"]):
        yield f"requirements-dev.lock lacks {pin}, which the runtime has"


RULES: list[Rule] = [
    core_imports_only_itself_and_the_standard_library,
    adapters_import_no_sibling,
    nothing_imports_the_bot,
    use_cases_stand_alone,
    only_the_settings_read_the_environment,
    only_the_process_runs_exits_and_prints,
    no_import_is_relative,
    every_test_folder_is_a_package,
    no_file_is_long,
    money_is_never_a_float,
    no_file_names_a_registry_or_a_machine,
    locks_are_pins_and_hashes_of_what_is_declared,
]


def test_the_house_keeps_its_rules(subtests: pytest.Subtests) -> None:
    for rule in RULES:  # in one test: each process that runs some of them would read every file
        with subtests.test(rule.__name__):
            assert list(rule(ROOT)) == []


# --- every rule can fail ---

PIN = f"aiohttp==3.14.5 \\\n    --hash=sha256:{'0' * 64}\n    # via chipin (pyproject.toml)\n"
LAWFUL = {
    "pyproject.toml": """
        [project]
        dependencies = ["aiohttp>=3"]
        [dependency-groups]
        dev = []
        [[tool.importlinter.contracts]]
        containers = ["core"]
        layers = ["use_cases", "(ask) | (topup)", "money"]
        """,
    "requirements.lock": PIN,
    "requirements-dev.lock": PIN,
    "core/money.py": "import decimal\nfrom core import errors\n\nNANOS = 10\n",
    "core/ask.py": "import core.money\n",
    "core/use_cases.py": "import core.ask\n",
    "adapters/store/sqlite.py": "import sqlite3\nimport sqlmodel\nimport core.money\nfrom adapters.store import rows\n",
    "bot/settings.py": "import os\n\nPATH = os.environ['PATH']\n",
    "bot/__main__.py": "import asyncio\nimport sys\n\nsys.exit(print(asyncio.run(None)))\n",
    "tests/__init__.py": "",
    "tests/core/__init__.py": "",
    "tests/core/test_money.py": "import bot\n",
    ".git": "gitdir: /" + "home/me/chipin/.git/worktrees/second\n",
    "docs/running.md": "Put it in /opt/chipin and see https://example.com/work/home/root/ for more.\n",
}


def plant(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_lawful_tree_passes(rule: Rule, tmp_path: Path) -> None:
    assert list(rule(plant(tmp_path, LAWFUL))) == []


REGISTRY = "https://pypi" + ".org/simple"  # in two pieces, so that this file keeps its own rule
VIOLATIONS: list[tuple[Rule, str, str]] = [
    (core_imports_only_itself_and_the_standard_library, "core/ask.py", "import httpx"),
    (core_imports_only_itself_and_the_standard_library, "core/text/split.py", "from adapters.llm import tokens"),
    (core_imports_only_itself_and_the_standard_library, "core/ask.py", "def f():\n    import bot.wiring"),
    (adapters_import_no_sibling, "adapters/llm/practice.py", "from adapters import store"),
    (adapters_import_no_sibling, "adapters/llm/practice.py", "import adapters.store.tables"),
    (nothing_imports_the_bot, "adapters/store/tables/money.py", "from bot.settings import Settings"),
    (adapters_import_no_sibling, "adapters/__init__.py", "from adapters.store import tables"),
    (nothing_imports_the_bot, "core/ask.py", "import bot"),
    (nothing_imports_the_bot, "bot/wiring.py", "from tests import fakes"),
    (use_cases_stand_alone, "core/ask.py", "from core import topup"),
    (use_cases_stand_alone, "core/topup.py", "from core.ask import Ask"),
    (use_cases_stand_alone, "core/money.py", "import core.ask"),
    (only_the_settings_read_the_environment, "bot/wiring.py", "import os\nos.environ.get('X')"),
    (only_the_settings_read_the_environment, "core/ask.py", "from os import getenv as read"),
    (only_the_settings_read_the_environment, "adapters/llm/tokens.py", "import os as system\nsystem.getenv('X')"),
    (only_the_process_runs_exits_and_prints, "adapters/terminal/chat.py", "print('hello')"),
    (only_the_process_runs_exits_and_prints, "bot/wiring.py", "import asyncio as a\na.run(None)"),
    (only_the_process_runs_exits_and_prints, "core/ask.py", "from sys import exit"),
    (no_import_is_relative, "core/ask.py", "from . import money"),
    (no_import_is_relative, "tests/core/test_money.py", "from ..fakes import Books"),
    (no_import_is_relative, "tests/core/test_money.py", "def f():\n    import os; from\\\n  .fakes import Books"),
    (every_test_folder_is_a_package, "tests/bot/test_wiring.py", ""),
    (no_file_is_long, "tests/test_long.py", "x = 1\n" * (MAX_LINES + 1)),
    (money_is_never_a_float, "core/money.py", "HALF = 0.5"),
    (money_is_never_a_float, "core/prices.py", "def cost(tokens: int) -> float: ..."),
    (money_is_never_a_float, "core/ledger/apply.py", "float('1')"),
    (no_file_names_a_registry_or_a_machine, "README.md", f"pip install --index-url {REGISTRY} x"),
    (no_file_names_a_registry_or_a_machine, ".ci/run", "cd /" + "home/me/chipin"),
    (locks_are_pins_and_hashes_of_what_is_declared, "requirements.lock", f"--index-url {REGISTRY}\n{PIN}"),
    (locks_are_pins_and_hashes_of_what_is_declared, "requirements.lock", "--find-links wheels\n" + PIN),
    (locks_are_pins_and_hashes_of_what_is_declared, "requirements.lock", "yarl==1.0 \\\n"),
    (locks_are_pins_and_hashes_of_what_is_declared, "requirements-dev.lock", PIN.replace("3.14.5", "3.14.4")),
]


@pytest.mark.parametrize(("rule", "path", "text"), VIOLATIONS, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_violation_is_found(rule: Rule, path: str, text: str, tmp_path: Path) -> None:
    assert list(rule(plant(tmp_path, LAWFUL | {path: text})))


def test_every_rule_has_a_violation() -> None:
    assert {rule for rule, _, _ in VIOLATIONS} == set(RULES)
