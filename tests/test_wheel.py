"""The wheel, installed outside the checkout, does what the checkout does."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a fresh environment with the wheel in it.

    Its dependencies are those of the environment that runs the tests, behind its own packages.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True, timeout=120)
    [wheel] = folder.glob("*.whl")
    environment = folder / "environment"
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True, timeout=120
    )
    [packages] = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "--quiet"]
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--force-reinstall", str(wheel)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return environment / "bin"


def run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_wheel_runs_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    where = run(
        installed / "python", "-c", "import harvester; print(harvester.__file__)", cwd=tmp_path
    )

    assert str(installed.parent) in where.stdout


def test_the_wheel_migrates_a_database_outside_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/new.db"

    upgraded = run(installed / "harvester", "--database", url, "db", "upgrade", cwd=tmp_path)
    checked = run(installed / "harvester", "--database", url, "db", "check", cwd=tmp_path)

    assert upgraded.returncode == 0, upgraded.stderr
    assert checked.returncode == 0, checked.stdout
    assert "in order" in checked.stdout


def test_the_wheel_shows_the_demo_in_an_empty_directory(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "harvester", "demo", cwd=tmp_path)

    assert shown.returncode == 0, shown.stderr
    assert "Matched" in shown.stdout
    assert (tmp_path / "zwk-demo.db").is_file()


_ASK = """
import asyncio, datetime as dt
import httpx
from harvester import linkage, resources, settings
from harvester.store.database import Database
from harvester.web.app import create_app

app = create_app(
    Database("sqlite:///zwk-demo.db"),
    settings=settings.load().settings,
    model=linkage.load((resources.config() / "linkage.toml").read_text("utf-8")),
    clock=lambda: dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
    secret=b"only for this test, only for it!",
)

async def ask(path):
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8321") as client:
        return await client.get(path, headers={"accept-language": "de"})

for path in ("/", "/queue", "/static/review.css", "/static/review.js"):
    answer = asyncio.run(ask(path))
    print(path, answer.status_code, "Veranstaltung" in answer.text)
"""


def test_the_wheel_serves_the_review_pages_in_german(installed: Path, tmp_path: Path) -> None:
    run(installed / "harvester", "demo", cwd=tmp_path)

    asked = run(installed / "python", "-c", _ASK, cwd=tmp_path)

    assert asked.stdout.splitlines() == [
        "/ 200 True",
        "/queue 200 True",
        "/static/review.css 200 False",
        "/static/review.js 200 False",
    ], asked.stderr
