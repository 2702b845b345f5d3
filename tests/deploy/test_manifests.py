"""What `deploy/` has for other programs is what these take, as far as they are installed here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from antiphon.settings import read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SECRETS = {"POSTGRES_PASSWORD": "p", "ANTIPHON_SEAL_KEY": "s", "ANTIPHON_METRICS_TOKEN": "m"}
CONFIGURATIONS = sorted(DEPLOY.rglob("antiphon.toml"))


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, env=environment, timeout=120
    )


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.parent.name)
def test_each_configuration_can_be_read(path: Path) -> None:
    assert read_settings(path).server.drain_seconds > 0


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = needs("systemd-analyze")
    unit = tmp_path / "antiphon.service"
    text = (DEPLOY / "systemd" / "antiphon.service").read_text()
    unit.write_text(text.replace("/opt/antiphon/bin/antiphon", sys.executable))
    checked = run(program, "verify", unit)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_compose_takes_the_file() -> None:
    program = needs("docker")
    if run(program, "compose", "version").returncode != 0:
        pytest.skip("docker has no compose plugin")
    checked = run(program, "compose", "-f", DEPLOY / "compose" / "compose.yaml", "config", "--quiet", **SECRETS)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_kustomize_puts_the_manifests_together() -> None:
    program = needs("kubectl")
    built = run(program, "kustomize", DEPLOY / "kubernetes")
    assert built.returncode == 0, built.stderr
    assert built.stdout.count("\nkind: ") == 6


def test_kubernetes_takes_the_manifests() -> None:
    validate: Any = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    yaml: Any = pytest.importorskip("yaml", reason="PyYAML is not installed")
    manifests = [
        manifest
        for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
        for manifest in yaml.safe_load_all(path.read_text())
    ]
    for manifest in manifests:
        if manifest["apiVersion"].endswith(("kustomize.config.k8s.io/v1beta1", "ray.io/v1")):
            continue  # Not Kubernetes' own.
        validate.validate(manifest, validate.latest_version(), strict=True)
    (cluster,) = [manifest for manifest in manifests if manifest["kind"] == "RayCluster"]
    for group in (cluster["spec"]["headGroupSpec"], *cluster["spec"]["workerGroupSpecs"]):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": group["template"]["spec"]}
        validate.validate(pod, validate.latest_version(), strict=True)


def test_prometheus_takes_its_configuration(tmp_path: Path) -> None:
    program = needs("promtool")
    token = tmp_path / "token"
    token.write_text("secret")
    configuration = tmp_path / "prometheus.yml"
    text = (DEPLOY / "prometheus" / "prometheus.yml").read_text()
    configuration.write_text(text.replace("/etc/prometheus/antiphon-token", str(token)))
    checked = run(program, "check", "config", configuration)
    assert checked.returncode == 0, checked.stderr


def test_whoever_stops_the_server_waits_for_it_to_drain() -> None:
    """15 seconds longer than `drain_seconds`, after which the server kills its workers itself."""
    drains = read_settings(DEPLOY / "compose" / "antiphon.toml").server.drain_seconds
    assert f"stop_grace_period: {drains + 15:.0f}s" in (DEPLOY / "compose" / "compose.yaml").read_text()
    assert "TimeoutStopSec=45" in (DEPLOY / "systemd" / "antiphon.service").read_text()
    drains = read_settings(DEPLOY / "kubernetes" / "antiphon.toml").server.drain_seconds
    pause = 5
    assert (
        f"terminationGracePeriodSeconds: {drains + 15 + pause:.0f}"
        in (DEPLOY / "kubernetes" / "antiphon.yaml").read_text()
    )


def test_the_dashboard_is_json_with_a_query_in_each_panel() -> None:
    board = json.loads((DEPLOY / "grafana" / "antiphon.json").read_text())
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert all(target["expr"] for panel in panels for target in panel["targets"])
