"""The examples in corpus/examples: a third party's pass and backend, run as their users would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pgkit

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "corpus" / "examples"
SHOP = ROOT / "corpus" / "projects" / "shop" / "drizzle"
PGKIT = [sys.executable, "-m", "pgkit"]


def test_a_pass_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pass adds its columns where they are missing, and only there; twice is once."""
    monkeypatch.syspath_prepend(EXAMPLES / "audit")
    from audit import AuditColumns

    catalog = pgkit.normalize(pgkit.read(str(SHOP)))
    audited = pgkit.pipeline(catalog, AuditColumns())
    assert pgkit.pipeline(audited, AuditColumns()) == audited
    for table in audited.tables:
        assert {"created_at", "updated_at"} <= {c.name for c in table.columns}
    made = {c.ref for c in pgkit.diff(catalog, audited)}
    there = {t.ref.of("column", c.name) for t in catalog.tables for c in t.columns}
    assert made
    assert not made & there


def test_the_pass_as_a_program() -> None:
    """Run by itself it lists what it would add."""
    said = subprocess.check_output(
        [sys.executable, str(EXAMPLES / "audit" / "audit.py"), str(SHOP)], text=True
    )
    assert "create column public.organizations.updated_at" in said.splitlines()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the example package is installed."""
    site = tmp_path_factory.mktemp("site")
    source = site / "source"
    shutil.copytree(EXAMPLES / "diagram", source)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(site), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = site.glob("*.whl")
    shutil.unpack_archive(wheel, site / "packages", "zip")
    return {**os.environ, "PYTHONPATH": str(site / "packages")}


def test_a_backend_of_ones_own(installed: dict[str, str], tmp_path: Path) -> None:
    """`pgkit gen --target` finds a backend by its entry point, writes what it prints, and checks it."""
    command = [*PGKIT, "gen", str(SHOP), "--target", "diagram=docs"]
    subprocess.run(command, cwd=tmp_path, env=installed, check=True, capture_output=True)
    text = (tmp_path / "docs" / "schema.md").read_text()
    assert "  orders }o--|| organizations : orders_organization_id_organizations_id_fk" in text
    assert "    uuid id PK" in text
    subprocess.run([*command, "--check"], cwd=tmp_path, env=installed, check=True, capture_output=True)


def test_its_options_come_from_the_configuration(installed: dict[str, str], tmp_path: Path) -> None:
    """`[targets.NAME]` names its folder and its options; an option that it does not take is an error."""
    config = tmp_path / "pgkit.toml"
    config.write_text(
        f'source = "{SHOP}"\n[targets.diagram]\ndir = "docs"\noptions = {{ title = "A shop" }}\n'
    )
    subprocess.run([*PGKIT, "gen"], cwd=tmp_path, env=installed, check=True, capture_output=True)
    assert "# A shop" in (tmp_path / "docs" / "schema.md").read_text()
    config.write_text(config.read_text().replace("title", "titel"))
    ran = subprocess.run([*PGKIT, "gen"], cwd=tmp_path, env=installed, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "titel" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_unknown_target_is_refused(tmp_path: Path) -> None:
    """A target that no package offers is a wrong call, and names what there is."""
    command = [*PGKIT, "gen", str(SHOP), "--target", "diagrm=docs"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "diagrm" in ran.stderr
    assert not list(tmp_path.iterdir())
