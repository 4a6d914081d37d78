"""Which model writes: from the environment first, then the configuration; every mistake is named where it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from customer_escalation import settings
from customer_escalation.budget import Budget, Price
from customer_escalation.model_setting import DEFAULT_MODEL, ModelSetting
from escalation_connectors.errors import InputError


@pytest.fixture(autouse=True)
def _no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)


def configured(folder: Path, text: str) -> ModelSetting | None:
    file = folder / "escalation.yaml"
    file.write_text(text, encoding="utf-8")
    return settings.model_setting(file)


def test_without_key_token_or_endpoint_there_is_no_model() -> None:
    assert settings.model_setting() is None


def test_a_key_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k-secret")

    model = settings.model_setting()

    assert model is not None
    assert (model.name, model.effort, model.where) == (DEFAULT_MODEL, "medium", "the Claude API")
    assert "k-secret" not in repr(model)


def test_a_server_on_this_machine_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:8080/")

    model = settings.model_setting()

    assert model is not None
    assert (model.api_key, model.base_url, model.where) == ("", "http://127.0.0.1:8080", "http://127.0.0.1:8080")


def test_the_configuration_sets_all_of_it(tmp_path: Path) -> None:
    model = configured(
        tmp_path,
        "model:\n  provider: bedrock\n  name: some-model\n  effort: high\n  base_url: https://gateway.example/x\n"
        "  budget: {requests: 3, tokens: 1000, seconds: 20, usd: 0.5}\n  price: {input: 1, output: 2}\n",
    )

    assert model == ModelSetting(
        "bedrock", "some-model", "high", "https://gateway.example/x", budget=Budget(3, 1000, 20, 0.5), price=Price(1, 2)
    )


def test_the_environment_goes_before_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "t")
    monkeypatch.setenv("CUSTOMER_ESCALATION_MODEL", "from-outside")

    model = configured(tmp_path, "model: {name: from-file, effort: low}\n")

    assert model is not None
    assert (model.name, model.effort, model.price) == ("from-outside", "low", None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("model: {naem: x}", "escalation.yaml: model.naem: unknown; known are provider, name, effort, base_url"),
        ("models: {}", "escalation.yaml: models: unknown; known are model"),
        (
            "model: {effort: huge}",
            "escalation.yaml: model.effort: not one of none, low, medium, high, xhigh, max",
        ),
        (
            "model: {provider: openai}",
            "escalation.yaml: model.provider: not one of anthropic, bedrock",
        ),
        ("model: {base_url: ftp://x}", "escalation.yaml: model.base_url: not an address like https://host/path: 'ftp'"),
        (
            "model: {base_url: 'https://u:p@x'}",
            "escalation.yaml: model.base_url: not an address like https://host/path",
        ),
        ("model: {base_url: 'http://example.com'}", "escalation.yaml: model.base_url: must begin with https://"),
        ("model: {budget: {requests: many}}", "escalation.yaml: model.budget.requests: must be a number, not 'many'"),
        ("model: {budget: {dollars: 1}}", "escalation.yaml: model.budget.dollars: unknown; known are requests, tokens"),
        ("model: [1]", "escalation.yaml: model: must be a mapping of keys, not a list"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        configured(tmp_path, text)

    assert str(caught.value).startswith(line)


def test_a_mistake_in_the_environment_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMER_ESCALATION_EFFORT", "huge")

    with pytest.raises(InputError, match=r"^CUSTOMER_ESCALATION_EFFORT: not one of none, low"):
        settings.model_setting()


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^--config: no such file"):
        settings.model_setting(tmp_path / "none.yaml")
