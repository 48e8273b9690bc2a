"""The real program, as a user runs it: exit codes, streams, and words instead of tracebacks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dlmap
from support.program import COMMANDS, ENVIRONMENT, run

OUTLINE = "# Vision\n\n## Backbones\n\n### Convolution\n\nA filter $x * w$.\n\n- Deep: such as **VGG**, **ResNet**\n"
BROKEN = OUTLINE.replace("$x * w$", "[x](javascript:x) $x * w$")


def run_with(
    setup: str, *arguments: str, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `dlmap` after some lines of Python have changed it."""
    code = f"import sys\nfrom dlmap.cli import main\n{setup}\nsys.argv[0] = 'dlmap'\nmain()\n"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=ENVIRONMENT | (env or {}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site in one language without a mistake."""
    (tmp_path / "content").mkdir()
    (tmp_path / "dlmap.toml").write_text('languages = ["en"]\n', "utf-8")
    (tmp_path / "content" / "outline.en.md").write_text(OUTLINE, "utf-8")
    return tmp_path


def write(folder: Path, outline: str) -> None:
    (folder / "content" / "outline.en.md").write_text(outline, "utf-8")


# The group


def test_version(tmp_path: Path) -> None:
    done = run("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"dlmap, version {dlmap.__version__}\n")


def test_version_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    setup = "import atexit; atexit.register(lambda: print(sorted(m for m in sys.modules if m.startswith('dlmap'))))"
    done = run_with(setup, "--version", cwd=tmp_path)
    assert done.stdout.splitlines()[1:] == ["['dlmap', 'dlmap.cli']"]


def test_without_arguments_it_shows_its_help(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 2
    for command in COMMANDS:
        assert f"  {command}  " in done.stderr


@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)])
def test_every_help_has_an_example(command: list[str], tmp_path: Path) -> None:
    done = run(*command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Example" in done.stdout
    assert "dlmap " in done.stdout.partition("Example")[2]
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "unknown command `nonsense`; commands: build, init"),
        (["build", "--nonsense"], "No such option '--nonsense'"),
        (["build", "none.md"], "none.md: no such file or folder"),
        (["build", "--base-url", "map"], "'map' is not a web address"),
        (["build", "-o"], "requires an argument"),
        (["check", "--format", "xml"], "'xml' is not one of"),
        (["check", "one", "two"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_told_and_exits_with_2(arguments: list[str], words: str, folder: Path) -> None:
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""
    assert not (folder / "site").exists()


# build


def test_build_writes_the_folder_site_where_it_is_run(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = run("build", str(folder), cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert (elsewhere / "site" / "en" / "convolution" / "index.html").is_file()
    assert not (folder / "site").exists()


def test_build_ends_with_one_line(folder: Path) -> None:
    done = run("build", "--base-url", "https://you.example/map/", cwd=folder)
    [line] = done.stderr.splitlines()
    assert line.startswith("site: ")
    assert ", 1 formula, 0 warnings, " in line
    assert line.endswith(" s")


def test_a_site_without_an_address_gets_a_hint_that_strict_lets_pass(folder: Path) -> None:
    done = run("build", "--strict", cwd=folder)
    hint, line = done.stderr.splitlines()
    assert done.returncode == 0
    assert hint.startswith("hint: set `base_url`")
    assert line.startswith("site: ")
    again = run("build", "--strict", cwd=folder)
    assert again.stderr.splitlines()[0] == hint
    assert not run("build", "--quiet", cwd=folder).stderr


def test_build_shows_some_of_many_warnings_that_are_alike(folder: Path) -> None:
    write(folder, OUTLINE + "\n### 1\n" * 13)
    built, strict = (run("build", *options, cwd=folder).stderr for options in ((), ("--strict",)))
    assert built.count("warning[DL204]") == 11
    assert "and 3 more warning[DL204]: run `dlmap check` to list them\n" in built
    assert strict.count("warning[DL204]") == 13
    assert run("check", cwd=folder).stderr.count("warning[DL204]") == 13


def test_build_of_a_lone_post(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(OUTLINE, "utf-8")
    done = run("build", "post.md", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0
    assert "0 warnings" in done.stderr  # one language is normal
    assert (tmp_path / "out" / "en" / "vgg" / "index.html").is_file()
    assert not (tmp_path / "out" / "zh").exists()


def test_build_of_a_post_in_another_folder_reads_nothing_else_there(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "post.md").write_text(OUTLINE, "utf-8")
    (tmp_path / "posts" / "dlmap.toml").write_text("nonsense", "utf-8")
    assert run("build", "posts/post.md", cwd=tmp_path).returncode == 0


def test_errors_publish_nothing_and_exit_with_1(folder: Path) -> None:
    assert run("build", cwd=folder).returncode == 0
    before = (folder / "site" / "en" / "convolution" / "index.html").read_bytes()
    write(folder, BROKEN)
    done = run("build", cwd=folder)
    assert done.returncode == 1
    assert "content/outline.en.md:7:10: error[DL303]" in done.stderr
    assert "  help: " in done.stderr
    assert done.stderr.splitlines()[-1].startswith("nothing published: 1 formula (1 from the cache), 1 error")
    assert (folder / "site" / "en" / "convolution" / "index.html").read_bytes() == before


def test_keep_going_publishes_and_still_exits_with_1(folder: Path) -> None:
    write(folder, BROKEN)
    done = run("build", "--keep-going", cwd=folder)
    assert done.returncode == 1
    assert "error[DL303]" in done.stderr
    page = (folder / "site" / "en" / "convolution" / "index.html").read_text("utf-8")
    assert '<span class="no-target">x</span>' in page


def test_strict_publishes_nothing_on_warnings(folder: Path) -> None:
    write(folder, "---\ntitel: x\n---\n" + OUTLINE)
    done = run("build", "--strict", cwd=folder)
    assert done.returncode == 1
    assert "warning[DL109]" in done.stderr
    assert not (folder / "site").exists()
    assert run("build", cwd=folder).returncode == 0


def test_quiet_says_nothing_when_nothing_is_wrong(folder: Path) -> None:
    done = run("build", "-q", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_quiet_still_says_what_is_wrong(folder: Path) -> None:
    write(folder, BROKEN)
    done = run("build", "-q", cwd=folder)
    assert "error[DL303]" in done.stderr
    assert "nothing published" in done.stderr


def test_an_outline_without_concepts_says_why_nothing_is_published(folder: Path) -> None:
    write(folder, "")
    done = run("build", cwd=folder)
    assert done.returncode == 1
    assert "warning[DL006]" in done.stderr
    assert "the outline names no concept" in done.stderr


def test_a_wrong_configuration_exits_with_2(folder: Path) -> None:
    (folder / "dlmap.toml").write_text("langauges = 1\nflavor = 2\n", "utf-8")
    done = run("build", cwd=folder)
    assert done.returncode == 2
    assert "dlmap.toml:1:1: error[DL902] unknown key `langauges`" in done.stderr
    assert "dlmap.toml:2:1: error[DL903]" in done.stderr
    assert not (folder / "site").exists()


def test_a_folder_without_an_outline_says_what_to_do(tmp_path: Path) -> None:
    done = run("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "holds no outline: name a post (dlmap build POST.md)" in done.stderr
    assert "dlmap init my-map" in done.stderr
    assert "write outline.md" in done.stderr
    for name in ("README.md", "my post.md"):
        (tmp_path / name).write_text(OUTLINE, "utf-8")
    assert "dlmap build 'my post.md'" in run("build", cwd=tmp_path).stderr


def test_an_output_that_is_not_dlmaps_is_refused(folder: Path) -> None:
    (folder / "photos").mkdir()
    (folder / "photos" / "cat.jpg").touch()
    done = run("build", "-o", "photos", cwd=folder)
    assert done.returncode == 2
    assert "photos is not empty and dlmap did not write it" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes")
def test_a_disk_that_is_full_leaves_the_old_site(folder: Path) -> None:
    assert run("build", cwd=folder).returncode == 0
    before = {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()}
    with next(folder.glob("**/*.md")).open("a", encoding="utf-8") as outline:
        outline.write("\n# 又一部分 (Another part)\n")
    # No file may be longer than this: the nearest thing to a full disk that needs no right to mount one.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))"
    done = run_with(limit, "build", cwd=folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "error: " in done.stderr
    assert "the site in site is unchanged" in done.stderr
    assert {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()} == before


def test_the_same_sources_give_the_same_bytes_everywhere(folder: Path) -> None:
    first = run("build", "-o", "one", cwd=folder, env={"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C"})
    second = run(
        "build",
        "-o",
        "two",
        cwd=folder,
        env={"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8"},
    )
    assert (first.returncode, second.returncode) == (0, 0)
    sites = [
        {
            path.relative_to(folder / name): path.read_bytes()
            for path in (folder / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    ]
    assert sites[0] == sites[1]


# Interruption


def interrupted(process: subprocess.Popen[str]) -> str:
    """Press Ctrl-C, which reaches the whole group; gives what the program says."""
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert "interrupted" in said
    return said


def start(folder: Path) -> subprocess.Popen[str]:
    # A shell lets background jobs ignore Ctrl-C, and the tests may be such a job.
    code = (
        "import signal, sys\nfrom dlmap.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\nsys.argv[0] = 'dlmap'\nmain()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, "build"],
        cwd=folder,
        # Python may warn of what an interrupt in the middle of a call leaves to the system.
        env=ENVIRONMENT | {"PYTHONWARNINGS": "error,ignore::ResourceWarning"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], sign: Path) -> None:
    """Wait until a file shows how far the program is."""
    end = time.monotonic() + 60
    while not (sign.exists() and (sign.is_dir() or sign.read_text())):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.002)


def is_running(pid: str) -> bool:
    """Whether a process runs; one that has ended may wait for the system to take note of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_while_publishing_leaves_the_old_site(folder: Path) -> None:
    assert run("build", cwd=folder).returncode == 0
    before = {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()}
    write(
        folder, "# Vision\n\n## Backbones\n\n" + "".join(f"### Family {n}\n\nText.\n\n" for n in range(400))
    )
    with start(folder) as process:
        wait_for(process, folder / ".site.dlmap" / "stage")
        interrupted(process)
    assert {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()} == before
    assert not (folder / ".site.dlmap" / "stage").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for child processes in /proc")
def test_ctrl_c_while_formulas_are_rendered_ends_their_engine_too(folder: Path) -> None:
    write(folder, OUTLINE + "".join(f"\n$x_{{{n}}} + \\frac{{{n}}}{{y}}$\n" for n in range(4_000)))
    with start(folder) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        wait_for(process, children)
        engines = children.read_text().split()
        interrupted(process)
    assert not any(is_running(engine) for engine in engines)
    assert not (folder / "site").exists()


# check


def test_check_writes_nothing_but_its_store(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    done = run("check", cwd=folder)
    assert done.returncode == 0
    assert done.stdout == ""
    assert done.stderr == "6 concepts, 1 formula: 0 errors, 0 warnings\n"
    assert sorted(file for file in folder.rglob("*") if ".dlmap" not in file.parts) == before


def test_check_reports_all_that_is_wrong(folder: Path) -> None:
    write(folder, "---\ntitel: x\n---\n" + BROKEN)
    done = run("check", cwd=folder)
    assert done.returncode == 1
    assert "content/outline.en.md:2:1: warning[DL109]" in done.stderr
    assert "content/outline.en.md:10:10: error[DL303]" in done.stderr
    assert done.stderr.endswith(": 1 error, 1 warning\n")


def test_check_is_strict_when_asked(folder: Path) -> None:
    write(folder, "---\ntitel: x\n---\n" + OUTLINE)
    assert run("check", cwd=folder).returncode == 0
    assert run("check", "--strict", cwd=folder).returncode == 1


@pytest.mark.parametrize("outline", [OUTLINE, "---\ntitel: 卷积\n---\n" + OUTLINE, BROKEN])
def test_check_gives_json_alone_on_stdout(outline: str, folder: Path) -> None:
    write(folder, outline)
    done = run("check", "--format", "json", cwd=folder, env={"PYTHONIOENCODING": "ascii"})
    assert done.stderr == ""
    assert done.returncode == (1 if outline == BROKEN else 0)
    assert {entry["code"] for entry in json.loads(done.stdout)} <= {"DL109", "DL303"}


def test_check_gives_sarif_and_github(folder: Path) -> None:
    write(folder, BROKEN)
    sarif = run("check", "--format", "sarif", cwd=folder)
    assert (sarif.returncode, sarif.stderr) == (1, "")
    assert json.loads(sarif.stdout)["runs"][0]["results"][0]["ruleId"] == "DL303"
    github = run("check", "--format", "github", cwd=folder)
    assert (github.returncode, github.stderr) == (1, "")
    assert github.stdout.startswith("::error file=content/outline.en.md,line=7,")
    from_above = run("check", folder.name, "--format", "github", cwd=folder.parent)
    assert from_above.stdout.startswith(f"::error file={folder.name}/content/outline.en.md,line=7,")


def test_check_gives_a_wrong_configuration_in_the_same_form(folder: Path) -> None:
    (folder / "dlmap.toml").write_text("titel = 1", "utf-8")
    done = run("check", "--format", "json", cwd=folder)
    assert done.returncode == 2
    assert [entry["code"] for entry in json.loads(done.stdout)] == ["DL902"]


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    write(folder, "---\n" + "".join(f"wrong{n}: x\n" for n in range(3000)) + "---\n" + OUTLINE)
    with subprocess.Popen(
        [sys.executable, "-m", "dlmap", "check", "--format", "json"],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert "dlmap itself failed" not in said


def test_translations_are_accepted(folder: Path) -> None:
    (folder / "dlmap.toml").write_text('languages = ["zh", "en"]', "utf-8")
    chinese = "# 视觉 (Vision)\n\n## 主干 (Backbones)\n\n### 卷积 (Convolution)\n\n一种滤波。\n"
    write(folder, OUTLINE.partition("- Deep")[0])
    (folder / "content" / "outline.zh.md").write_text(chinese, "utf-8")
    done = run("check", "--accept-translations", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "marked 3 translations as up to date" in done.stderr
    (folder / "content" / "outline.zh.md").write_text(chinese.replace("滤波", "运算"), "utf-8")
    assert "warning[DL502]" in run("check", cwd=folder).stderr


# What nobody expected

FAULT = "import dlmap.pipeline\ndef fail(*_): raise KeyError('x\\ny')\ndlmap.pipeline.discover = fail"


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_fault_of_dlmap_is_told_in_words(command: str, folder: Path) -> None:
    done = run_with(FAULT, command, cwd=folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    first, second = done.stderr.splitlines()
    assert first == "error: dlmap itself failed: KeyError: 'x\\ny'"
    assert second.startswith("  help: ")
    assert "report it" in second
    assert "DLMAP_TRACEBACK=1" in second
    assert not (folder / "site").exists()


def test_a_fault_of_dlmap_shows_its_traceback_when_asked(folder: Path) -> None:
    done = run_with(FAULT, "check", cwd=folder, env={"DLMAP_TRACEBACK": "1"})
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert "in fail" in done.stderr


def test_an_engine_that_does_not_start_is_told_in_words(folder: Path) -> None:
    setup = (
        "from dlmap.math import EngineError, engine\n"
        "def fail(*_): raise EngineError('the formula engine did not start: no memory')\n"
        "engine.KatexEngine.render = fail"
    )
    done = run_with(setup, "build", cwd=folder)
    assert done.returncode == 1
    assert done.stderr == "error: the formula engine did not start: no memory\n"
